/** The domain of one walk: its units and groups, what an administrator does in it by hand, and how it is read back, by Samba's own tool. */
import type { Client } from 'ldapts';
import type { LdifEntry } from '../../demo/samba/ldbsearch.ts';
import { findMark } from '../../lib/directory/mark';
import { findSnapshot } from '../../lib/directory/snapshot';
import { childDn, parseDn } from '../../lib/schema/dn';
import { fromFileTime } from '../../lib/schema/instants';
import { SIGNING_KEY } from '../support/directory';
import type { Domain } from '../support/samba';
import { change } from './leave-return-people';
import type { Clock } from './plan-model-clock';
import { CLUB, pick, RULED, UNITS, type GroupName } from './plan-model-hr';
import { isInScope, NAME_ATTRIBUTES, remove, stateOf, type Account, type World } from './plan-model-accounts';

/** Besides the units of the scope: where leavers go, and where no plan looks. */
const PLACES = [...UNITS, 'Leavers', 'Elsewhere', 'Groups'] as const;
export const GROUPS: readonly GroupName[] = [...RULED, CLUB];

export type Office = {
	readonly base: string;
	/** Distinguished name of a unit or group. */
	readonly dnOf: (name: string) => string;
};

export async function openOffice(client: Client, domain: Domain, tag: string): Promise<Office> {
	const base = `OU=Walk ${tag},${domain.baseDn}`;
	const dnOf = (name: string) =>
		GROUPS.some((group) => group === name) ? `CN=${name},OU=Groups,${base}` : `OU=${name},${base}`;
	await client.add(base, { objectClass: 'organizationalUnit' });
	for (const name of PLACES) await client.add(dnOf(name), { objectClass: 'organizationalUnit' });
	for (const name of GROUPS) await client.add(dnOf(name), { objectClass: 'group', sAMAccountName: `${name} ${tag}` });
	return { base, dnOf };
}

const TEXTS = [
	...['displayName', 'givenName', 'sn', 'title', 'department', 'company', 'mobile', 'telephoneNumber', 'description'],
];

const READ = [
	...[
		'objectGUID',
		'employeeID',
		'carLicense',
		'accountExpires',
		'userAccountControl',
		'manager',
		'memberOf',
		'pwdLastSet',
	],
	...[...NAME_ATTRIBUTES, ...TEXTS],
];

/** What is compared, of one account; people by GUID. */
export type Seen = Record<string, unknown> & { readonly guid: string; readonly key: string };

/** Several walks at once share each reading: Samba's tool needs longer to start than a run to be planned and applied. */
export type Reader = {
	readonly read: (office: Office) => Promise<LdifEntry[]>;
	/** A walk is over: nobody waits for it. */
	readonly leave: () => void;
};

/** @param walkers of whom each reads, or leaves */
export function openReader(domain: Domain, walkers: number): Reader {
	let walking = walkers;
	let waiting: ((reading: Promise<LdifEntry[]>) => void)[] = [];
	const readWhenAllWait = () => {
		if (waiting.length === 0 || waiting.length < walking) return;
		const reading = domain.ldbsearch('(&(objectCategory=person)(employeeID=*))', READ);
		for (const resolve of waiting) resolve(reading);
		waiting = [];
	};
	return {
		read: async ({ base }) => {
			const all = await new Promise<LdifEntry[]>((resolve) => {
				waiting.push(resolve);
				readWhenAllWait();
			});
			return all.filter(({ dn }) => dn.endsWith(`,${base}`));
		},
		leave: () => {
			walking -= 1;
			readWhenAllWait();
		},
	};
}

/** Every account of the office. */
export async function readOffice(reader: Reader, office: Office, clock: Clock): Promise<Seen[]> {
	const { domainGuid } = await clock.directory.domain();
	const entries = await reader.read(office);
	const guids = new Map(entries.map(({ dn, attributes }) => [dn, attributes['objectGUID']?.[0] ?? '']));
	return entries.map((entry) => toSeen(entry, guids, domainGuid, clock));
}

function toSeen(
	{ dn, attributes }: LdifEntry,
	guids: ReadonlyMap<string, string>,
	domainGuid: string,
	clock: Clock,
): Seen {
	const one = (name: string) => attributes[name]?.[0];
	const [guid, key] = [one('objectGUID') ?? '', one('employeeID') ?? ''];
	const values = attributes['carLicense'] ?? [];
	const mark = findMark(SIGNING_KEY, values, [
		{ state: 'pending', domainGuid, matchAttribute: 'employeeID', matchValue: key },
		{ state: 'left', objectGuid: guid },
	]);
	const ends = fromFileTime(one('accountExpires') ?? '0');
	return {
		...{ guid, key, enabled: (Number(one('userAccountControl')) & 2) === 0 },
		mark: mark ? `${mark.state} ${clock.hourOf(mark.at)}` : values.length > 0 ? 'not genuine' : 'none',
		snapshot: mark?.state === 'left' && findSnapshot(SIGNING_KEY, values, guid, mark.at)?.snapshot !== undefined,
		values: values.length,
		ou: parseDn(dn)[1]?.[0]?.value,
		names: { ...Object.fromEntries(NAME_ATTRIBUTES.map((name) => [name, one(name) ?? ''])) },
		texts: Object.fromEntries(TEXTS.flatMap((name) => (one(name) === undefined ? [] : [[name, one(name)]]))),
		manager: guids.get(one('manager') ?? '') ?? one('manager') ?? 'nobody',
		expires: ends === undefined ? null : (ends - Date.parse(clock.instant(0))) / 3_600_000,
		groups: (attributes['memberOf'] ?? []).map((group) => parseDn(group)[0]?.[0]?.value).sort(),
		mustChange: one('pwdLastSet') === '0',
	};
}

/** The same of the model. @param seen what the directory has where the model says nothing */
export function shown(account: Account, seen: Seen | undefined): Seen {
	const { guid, key, enabled, mark, ou, names, texts, manager, expires, groups, mustChange } = account;
	const values = mark === null ? 0 : mark.state === 'left' ? 2 : 1;
	return {
		...{ guid, key, enabled, mark: mark ? `${mark.state} ${mark.at}` : 'none', snapshot: mark?.state === 'left' },
		...{ values, ou, names: { ...names }, texts: Object.fromEntries(texts), manager: manager?.guid ?? 'nobody' },
		...{ expires, groups: [...groups].sort(), mustChange: mustChange ?? seen?.['mustChange'] },
	};
}

type Hands = { readonly client: Client; readonly office: Office; readonly world: World; readonly now: number };
type Hand = {
	readonly may: (account: Account, world: World, now: number) => boolean;
	readonly does: (account: Account, hands: Hands, n: number) => Promise<void>;
};

const dnOf = ({ names: { cn }, ou }: Account, { office }: Hands) => childDn('CN', cn, office.dnOf(ou));
const isOld = ({ mark }: Account, now: number) => mark === null || mark.at < now;

async function control(account: Account, hands: Hands, value: string): Promise<void> {
	await hands.client.modify(dnOf(account, hands), change('replace', 'userAccountControl', [value]));
}

async function text(account: Account, hands: Hands, attribute: string, value: string): Promise<void> {
	await hands.client.modify(dnOf(account, hands), change('replace', attribute, [value]));
	account.texts.set(attribute, value);
}

/** What an administrator does by hand. A mark counts for two minutes whatever is done to the account, so it has to be an old one. */
export const HANDS: Readonly<Record<string, Hand>> = {
	disable: {
		may: (account, _, now) => account.enabled && isOld(account, now),
		does: async (account, hands) => {
			await control(account, hands, '514');
			Object.assign(account, { enabled: false, genuine: false });
		},
	},
	enable: {
		may: ({ enabled }) => !enabled,
		does: async (account, hands) => {
			await control(account, hands, '512');
			account.enabled = true;
		},
	},
	/** Enabled and disabled again: the mark says no longer why. */
	hold: {
		may: (account, _, now) => stateOf(account) !== 'enabled' && isOld(account, now),
		does: async (account, hands) => {
			await control(account, hands, '512');
			await control(account, hands, '514');
			account.genuine = false;
		},
	},
	move: {
		may: () => true,
		does: async (account, hands, n) => {
			const ou = pick([...UNITS, 'Elsewhere', 'Elsewhere'], n);
			const taken = hands.world.accounts.some((other) => other.ou === ou && sameName(other, account));
			if (taken) return;
			await hands.client.modifyDN(dnOf(account, hands), childDn('CN', account.names.cn, hands.office.dnOf(ou)));
			account.ou = ou;
		},
	},
	bringBack: {
		may: (account, { policy }) => !isInScope(account, policy),
		does: async (account, hands, n) => await HANDS['move']?.does(account, hands, n % UNITS.length),
	},
	title: { may: () => true, does: (account, hands, n) => text(account, hands, 'title', `By hand ${n}`) },
	telephone: {
		may: () => true,
		does: (account, hands, n) => text(account, hands, 'telephoneNumber', `+49 30 ${n % 3}`),
	},
	describe: { may: () => true, does: (account, hands, n) => text(account, hands, 'description', `Desk ${n % 3}`) },
	group: {
		may: () => true,
		does: async (account, hands, n) => {
			const group = pick<GroupName>([CLUB, ...RULED, CLUB], n);
			const kind = account.groups.has(group) ? 'delete' : 'add';
			await hands.client.modify(hands.office.dnOf(group), change(kind, 'member', [dnOf(account, hands)]));
			if (kind === 'add') account.groups.add(group);
			else account.groups.delete(group);
		},
	},
	delete: {
		may: () => true,
		does: async (account, hands) => {
			await hands.client.del(dnOf(account, hands));
			remove(hands.world, account);
		},
	},
};

function sameName(left: Account, right: Account): boolean {
	return left !== right && left.names.cn.toLowerCase() === right.names.cn.toLowerCase();
}
