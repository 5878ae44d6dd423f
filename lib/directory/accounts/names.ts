/** The first free name of each ladder. */
import type { DesiredAccount } from '../../contracts';
import { ladderNames, type NameAttribute } from '../../schema/nameLadder';
import type { Directory } from '../directory';
import { textsOf } from '../entry';
import { DirectoryError } from '../errors';
import { anyOf, equal, type Filter } from '../filter';
import { guidOf } from './account';

export type ChosenNames = Readonly<Partial<Record<NameAttribute, string>>>;
/** Names that the directory refused although nobody was seen to have them (in another domain, or hidden from the service account). */
export type RefusedNames = Readonly<Record<NameAttribute, Set<string>>>;

export const noRefusedNames = (): RefusedNames => ({
	sAMAccountName: new Set(),
	userPrincipalName: new Set(),
	mail: new Set(),
	cn: new Set(),
});

export const NAME_ATTRIBUTES = ['sAMAccountName', 'userPrincipalName', 'mail', 'cn'] as const;
/** Names looked for in one search. */
const BATCH = 25;

/** Without these there is no new account. */
export const NEEDED_NAMES: readonly NameAttribute[] = ['sAMAccountName', 'cn'];

/**
 * @param needed ladders that must be there
 * @param own the account that the names are for, when it is there already: what it holds itself is not taken
 * @throws DirectoryError (person) when a ladder has no free name, or one that is needed is missing
 */
export async function chooseNames(
	directory: Directory,
	{ names, ou }: Pick<DesiredAccount, 'names' | 'ou'>,
	refused: RefusedNames,
	needed: readonly NameAttribute[] = NEEDED_NAMES,
	own?: string,
): Promise<ChosenNames> {
	const { dn, name: domainName } = await directory.domain();
	const chosen: Partial<Record<NameAttribute, string>> = {};
	for (const attribute of NAME_ATTRIBUTES) {
		const ladder = names[attribute];
		if (!ladder) continue;
		const free = await firstFree(ladderNames(attribute, ladder), refused[attribute], async (batch) => {
			const [base, scope, filters] =
				attribute === 'cn'
					? ([ou, 'one', batch.map((value) => equal('cn', value))] as const)
					: ([dn, 'sub', batch.flatMap((value) => holders(attribute, value, domainName))] as const);
			const found = await directory.search(base, {
				scope,
				filter: anyOf(filters),
				attributes: ['objectGUID', ...NAME_ATTRIBUTES, 'proxyAddresses'],
			});
			const others = own === undefined ? found : found.filter((entry) => guidOf(entry) !== own);
			return new Set(
				others.flatMap((entry) =>
					namesHeld(
						attribute,
						[...NAME_ATTRIBUTES, 'proxyAddresses'].flatMap((name) =>
							textsOf(entry, name).map((value) => [name, value] as const),
						),
						domainName,
					),
				),
			);
		});
		if (free === undefined) {
			throw new DirectoryError({ kind: 'person', ...noneFree([attribute], ladder.candidates[0] ?? '') });
		}
		chosen[attribute] = free;
	}
	for (const attribute of needed) {
		if (chosen[attribute] === undefined) {
			throw new DirectoryError({ kind: 'person', ...noneGiven(attribute) });
		}
	}
	return chosen;
}

type Words = { readonly message: string; readonly whatToDo: string };

/** @param attributes that take their names together @param first the best of their names */
export function noneFree(attributes: readonly NameAttribute[], first: string): Words {
	return {
		message: `No name is free for ${attributes.join(' and ')}: all of the ladder are in use, from "${first}" on.`,
		whatToDo: 'Give it further names to try: formats in Attribute Map, or a higher limit of the counter.',
	};
}

/** A name that every account needs, and no ladder for it. */
export function noneGiven(attribute: NameAttribute): Words {
	return {
		message: `There is no name to give: nothing says what ${attribute} is to be.`,
		whatToDo: `Give ${attribute}: by a row under Names in Attribute Map, or under Names of this node.`,
	};
}

async function firstFree(
	ladder: Iterable<string>,
	refused: ReadonlySet<string>,
	taken: (batch: readonly string[]) => Promise<Set<string>>,
): Promise<string | undefined> {
	let batch: string[] = [];
	const pick = async () => {
		const held = batch.length > 0 ? await taken(batch) : new Set<string>();
		return batch.find((name) => !held.has(name.toLowerCase()));
	};
	// The first name alone: it is free for nearly everybody.
	let size = 1;
	for (const name of ladder) {
		if (!refused.has(name.toLowerCase())) batch.push(name);
		if (batch.length < size) continue;
		const free = await pick();
		if (free !== undefined) return free;
		batch = [];
		size = BATCH;
	}
	return await pick();
}

/** Who could hold a name, as a filter for each way. */
export function holders(attribute: NameAttribute, value: string, domainName: string): Filter[] {
	return heldAs(attribute, value, domainName).map(([name, held]) => equal(name, held));
}

/**
 * Who could hold a name, as attributes and their values. sAMAccountName@domain is a UPN too, though it stands nowhere (the implicit UPN, MS-ADTS
 * 5.1.1.1.1); an address may be somebody's alias.
 */
export function heldAs(
	attribute: NameAttribute,
	value: string,
	domainName: string,
): readonly (readonly [attribute: string, value: string])[] {
	const [local = '', domain] = splitAddress(value);
	switch (attribute) {
		case 'sAMAccountName':
			return [
				['sAMAccountName', value],
				['userPrincipalName', `${value}@${domainName}`],
			];
		case 'userPrincipalName':
			return [
				['userPrincipalName', value],
				...(domain === domainName.toLowerCase() ? ([['sAMAccountName', local]] as const) : []),
			];
		case 'mail':
			return [
				['mail', value],
				['proxyAddresses', `smtp:${value}`],
			];
		case 'cn':
			return [['cn', value]];
	}
}

/** The names of one ladder that an object's values take away, in lower case. @param values attribute and value */
export function namesHeld(
	attribute: NameAttribute,
	values: readonly (readonly [string, string])[],
	domainName: string,
): string[] {
	const domain = domainName.toLowerCase();
	return values.flatMap(([name, value]) => {
		const text = value.toLowerCase();
		if (name === attribute) return [text];
		const [local = '', suffix] = splitAddress(text);
		if (attribute === 'sAMAccountName' && name === 'userPrincipalName' && suffix === domain) return [local];
		if (attribute === 'userPrincipalName' && name === 'sAMAccountName') return [`${text}@${domain}`];
		if (attribute === 'mail' && name === 'proxyAddresses') return [text.replace(/^smtp:/, '')];
		return [];
	});
}

function splitAddress(text: string): [string, string | undefined] {
	const at = text.lastIndexOf('@');
	return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1).toLowerCase()];
}
