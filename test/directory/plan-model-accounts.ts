/** What becomes of one account of the reference model: by the person's record, by leaving, and by coming back. */
import type { Policy } from '../../lib/contracts';
import type { NameAttribute } from '../../lib/schema/nameLadder';
import { RULED, textsOfPerson, UNITS, type GroupName, type Hr, type namesOf, type Person } from './plan-model-hr';

export type Names = Readonly<Record<NameAttribute, string>>;

/** What an account had before it left. */
export type Kept = {
	/** Where the account stood. */
	readonly ou: string;
	readonly groups: ReadonlySet<GroupName>;
	readonly texts: ReadonlyMap<string, { readonly from: string | undefined; readonly to: string | undefined }>;
	readonly manager: Account | null;
	readonly expires: { readonly from: number | null; readonly to: number | null } | undefined;
};

export type Account = {
	readonly id: number;
	/** '' until it was seen in the directory. */
	guid: string;
	key: string;
	enabled: boolean;
	/** It may stand there on an account that somebody enabled by hand. `at` is an hour. */
	mark: { readonly state: 'pending' | 'left'; readonly at: number; readonly kept: Kept } | null;
	/** Nobody has enabled and disabled the account since it was marked. */
	genuine: boolean;
	/** Name of the unit. */
	ou: string;
	names: Names;
	texts: Map<string, string>;
	manager: Account | null;
	/** An hour. */
	expires: number | null;
	groups: Set<GroupName>;
	/** Whether the password has to be changed at the first logon; null = nobody knows. */
	mustChange: boolean | null;
};

export type World = { readonly hr: Hr; readonly policy: Policy; accounts: Account[] };

const DAY = 24;

/** The mark that says why the account is disabled. */
export function stateOf({ enabled, mark, genuine }: Account): 'enabled' | 'pending' | 'left' | 'others' {
	if (enabled) return 'enabled';
	return mark && genuine ? mark.state : 'others';
}

/** The unit of leavers belongs to the scope for those who left. */
export function isInScope(account: Account, { leavers }: Policy): boolean {
	if (UNITS.some((unit) => unit === account.ou)) return true;
	return account.ou === 'Leavers' && leavers.moveTo !== '' && stateOf(account) === 'left';
}

export const NAME_ATTRIBUTES = ['sAMAccountName', 'userPrincipalName', 'mail', 'cn'] as const;

/** All names of a ladder, the best one first. */
export function namesIn(attribute: NameAttribute, ladder: ReturnType<typeof namesOf>[NameAttribute]): string[] {
	const { candidates, counter } = ladder;
	const [local = '', domain] = (counter?.base ?? '').split('@');
	const last = domain === undefined ? '' : `@${domain}`;
	const numbered = Array.from({ length: 29 }, (_, at) => `${local}${attribute === 'cn' ? ' ' : ''}${at + 2}${last}`);
	return [...candidates, ...numbered];
}

export function write(account: Account, person: Person, { movers }: Policy, creating: boolean): void {
	for (const [attribute, value] of Object.entries(textsOfPerson(person))) {
		if (attribute === 'company' && !creating) continue;
		const has = account.texts.has(attribute);
		if (has && (attribute === 'mobile' || (!creating && movers.keep.includes(attribute)))) continue;
		put(account, attribute, value ?? undefined);
	}
}

function put({ texts }: Account, attribute: string, value: string | undefined): void {
	if (value === undefined) texts.delete(attribute);
	else texts.set(attribute, value);
}

export function give(account: Account, { groups }: Person, policy: Policy, back: Kept | undefined): void {
	const managed = policy.groups.mode === 'managed';
	const isRuled = (group: GroupName) => RULED.some((ruled) => ruled === group);
	for (const group of back?.groups ?? []) if (!managed || !isRuled(group)) account.groups.add(group);
	if (managed) for (const group of RULED) account.groups.delete(group);
	for (const group of groups) account.groups.add(group);
}

/** Only what still has what leaving wrote. */
export function restore(account: Account, { texts, manager, expires }: Kept): void {
	for (const [attribute, { from, to }] of texts) if (account.texts.get(attribute) === to) put(account, attribute, from);
	account.manager ??= manager;
	if (expires !== undefined) account.expires = account.expires === expires.to ? expires.from : account.expires;
}

/** Its days after the leave are over. */
export function isOver(account: Account, { leavers }: Policy, now: number): boolean {
	if (stateOf(account) !== 'left' || leavers.deleteAfterDays === null) return false;
	return now > (account.mark?.at ?? now) + leavers.deleteAfterDays * DAY;
}

export function leave(world: World, person: Person | null, account: Account, now: number): void {
	const { leavers } = world.policy;
	const again = stateOf(account) === 'left' ? account.mark : undefined;
	const { ou } = account;
	if (leavers.moveTo !== '') account.ou = 'Leavers';
	const wanted = new Map<string, string | undefined>(leavers.clear.map((attribute) => [attribute, undefined]));
	wanted.delete('manager');
	if (leavers.description !== '') wanted.set('description', leavers.description);
	if (again) return finishLeaving(account, again.kept, leavers.removeFromGroups);
	const texts = new Map(
		[...wanted].flatMap(([attribute, to]) => {
			const from = account.texts.get(attribute);
			return from === to ? [] : [[attribute, { from, to }] as const];
		}),
	);
	const clears = leavers.clear.includes('manager');
	const ends = person?.endsAt ?? null;
	const kept: Kept = {
		...{ ou, texts, manager: clears ? account.manager : null },
		groups: new Set(leavers.removeFromGroups ? account.groups : []),
		expires: ends === null || ends === account.expires ? undefined : { from: account.expires, to: ends },
	};
	for (const [attribute, { to }] of texts) put(account, attribute, to);
	if (clears) account.manager = null;
	if (ends !== null) account.expires = ends;
	if (leavers.removeFromGroups) account.groups.clear();
	Object.assign(account, { enabled: false, genuine: true, mark: { state: 'left', at: now, kept } });
	if (leavers.randomPassword) account.mustChange = false;
}

/** What somebody put back that the snapshot holds. */
function finishLeaving(account: Account, { texts, groups }: Kept, fromGroups: boolean): void {
	for (const [attribute, { from, to }] of texts) if (account.texts.get(attribute) === from) put(account, attribute, to);
	if (fromGroups) for (const group of groups) account.groups.delete(group);
}

/** Links to it go with it. */
export function remove(world: World, account: Account): void {
	world.accounts = world.accounts.filter((one) => one !== account);
	for (const other of world.accounts) if (other.manager === account) other.manager = null;
}

/** What one Modify would write. */
export function setOf({ key, texts, manager, expires }: Account): string {
	return JSON.stringify([key, [...texts].sort(), manager?.id ?? null, expires]);
}

export function printOf(account: Account): string {
	const { enabled, mark, ou, groups } = account;
	return JSON.stringify([setOf(account), enabled, mark?.state, mark?.at, ou, [...groups].sort()]);
}
