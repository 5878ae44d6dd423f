/** Which names a run may give: who has one of the person's keeps it, anybody else gets the first that nobody holds. */
import type { NameAttribute } from '../../lib/schema/nameLadder';
import { namesOf, type Person } from './plan-model-hr';
import type { Seen } from './plan-model-office';
import { NAME_ATTRIBUTES, namesIn, type Account, type Names, type World } from './plan-model-accounts';
import type { Expected } from './plan-model-reference';

/** Names and units as they were before a run, of accounts that may be gone after it. */
export type Before = ReadonlyMap<Account, { readonly names: Names; readonly ou: string }>;

export function beforeRun({ accounts }: World): Before {
	return new Map(accounts.map((account) => [account, { names: account.names, ou: account.ou }]));
}

/** The model does not choose names: it takes those that were given, and says what is wrong with them. */
export function takeNames(seen: readonly Seen[], world: World, expected: Expected, before: Before): string[] {
	const { named, moved, waiting } = expected;
	const given = new Map<Account, Names>();
	for (const account of world.accounts) {
		const found = seen.find(({ guid }) => guid === account.guid)?.['names'] as Names | undefined;
		if (!found) continue;
		if (named.has(account)) given.set(account, found);
		else if (moved.has(account) || waiting.has(account)) given.set(account, { ...account.names, cn: found.cn });
	}
	for (const [account, names] of given) account.names = names;
	return [...given.keys()].flatMap((account) => {
		const person = named.get(account);
		if (person) return faultsOf(account, person, world, before);
		const later = waiting.get(account);
		return later ? faultsOfWaiting(account, later, world, before) : faultsOfLeaver(account, world, before);
	});
}

const DOMAIN = '@corp.example.com';

function faultsOf(account: Account, person: Person, world: World, before: Before): string[] {
	const wanted = namesOf(world.hr, person);
	const isHeld = holders(account, world, before);
	const own = before.get(account);
	const faults = NAME_ATTRIBUTES.flatMap((attribute) => {
		const ladder = namesIn(attribute, wanted[attribute]);
		const name = account.names[attribute];
		const old = own?.names[attribute];
		if (old !== undefined && ladder.includes(old) && !(attribute === 'cn' && isHeld('cn', old)))
			return name === old ? [] : [`${attribute} was ${old}, which is right, and is ${name}`];
		const better = ladder.slice(0, Math.max(0, ladder.indexOf(name))).filter((one) => !isHeld(attribute, one));
		if (!ladder.includes(name)) return [`${attribute} is ${name}, which is none of the person's`];
		return better.length > 0 ? [`${attribute} is ${name}, and ${better.join(', ')} is free`] : [];
	});
	const { userPrincipalName: upn, mail } = account.names;
	return upn === mail ? faults : [...faults, `mail is ${mail}, and the user principal name is ${upn}`];
}

function faultsOfWaiting(account: Account, person: Person, world: World, before: Before): string[] {
	const old = before.get(account)?.names.cn ?? '';
	if (account.names.cn === old) return [];
	if (!holders(account, world, before)('cn', old)) return [`cn was ${old}, which is free, and is ${account.names.cn}`];
	return faultsOf(account, person, world, before).filter((fault) => fault.startsWith('cn '));
}

/** Told apart by the key, and only from a namesake. */
function faultsOfLeaver(account: Account, world: World, before: Before): string[] {
	const old = before.get(account)?.names.cn ?? '';
	const { cn } = account.names;
	if (cn === old) return [];
	const isRight = holders(account, world, before)('cn', old) && cn === `${old} (${account.key})`;
	return isRight ? [] : [`a leaver's cn was ${old}, and is ${cn}`];
}

/** Whether another one has a name, had it before the run, or keeps it while being away. The same address is looked at for both attributes. */
function holders(account: Account, world: World, before: Before) {
	const others = [...new Set([...world.accounts, ...before.keys()])].filter((other) => other !== account);
	const held = others.flatMap((other) => [
		...(world.accounts.includes(other) ? [{ names: other.names, ou: other.ou }] : []),
		...(before.has(other) ? [before.get(other) ?? { names: other.names, ou: '' }] : []),
		...(other.mark?.state === 'left' ? [{ names: other.names, ou: other.mark.kept.ou }] : []),
	]);
	return (attribute: NameAttribute, name: string): boolean =>
		held.some(({ names, ou }) => {
			if (attribute === 'cn') return ou === account.ou && names.cn.toLowerCase() === name.toLowerCase();
			const { sAMAccountName, userPrincipalName, mail } = names;
			if (attribute === 'sAMAccountName') return sAMAccountName === name || userPrincipalName === `${name}${DOMAIN}`;
			return userPrincipalName === name || `${sAMAccountName}${DOMAIN}` === name || mail === name;
		});
}
