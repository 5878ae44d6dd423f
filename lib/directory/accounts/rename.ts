/** Other names for an account: its common name, its two names for logging on, and the name that people see. */
import type { AttributeChange } from '../../contracts';
import { isAccountName, isAddress, isCommonName, isReserved } from '../../schema/accountNames';
import { formatDn, parentOf, parseDn } from '../../schema/dn';
import type { Modification } from '../connection';
import { textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { anyOf, equal } from '../filter';
import { guidOf, readAgain, type AccountResult, type Lookup } from './account';
import { clearStaleMarks, locate, staleMarks, type AccountRun, type Located } from './locate';
import { holders } from './names';
import { relocate } from './relocate';
import { writeOnce } from './writeOnce';

/** '' = keep. */
export type NewNames = {
	readonly cn: string;
	readonly sAMAccountName: string;
	readonly userPrincipalName: string;
	readonly displayName: string;
};

/** What is read besides what every operation needs; for a `prefetch` of many. */
export const RENAME_ATTRIBUTES = ['displayName'] as const;

const ATTRIBUTES = ['sAMAccountName', 'userPrincipalName', 'displayName'] as const;
/** rangeUpper of displayName (win32, a-displayname). */
const DISPLAY_NAME_MAX_LENGTH = 256;

/** Why a name cannot be given; undefined when it can. */
const FAULTS: Readonly<Record<keyof NewNames, (name: string) => string | undefined>> = {
	cn: (name) =>
		isCommonName(name) ? undefined : 'a common name has 1 to 64 visible characters, and no blanks around them',
	sAMAccountName: (name) =>
		isReserved(name)
			? 'it is the name of a built-in account or mailbox'
			: isAccountName(name)
				? undefined
				: 'an account name has at most 20 characters, none of them a blank or one of " / \\ [ ] : ; | = , + * ? < > @, does not end in a dot and is no number',
	userPrincipalName: (name) =>
		isAddress(name) ? undefined : 'a user principal name looks like ada.lovelace@corp.example.com',
	displayName: (name) =>
		name.trim() === name && name.length <= DISPLAY_NAME_MAX_LENGTH && !/\p{Cc}/u.test(name)
			? undefined
			: 'a display name has at most 256 visible characters, and no blanks around them',
};

/**
 * One ModifyDN for the common name, then one conditional Modify for the others. Every name is looked for over the whole domain first.
 * @throws DirectoryError; kind `taken` when somebody has one of the names
 */
export async function renameAccount(run: AccountRun, lookup: Lookup, names: NewNames): Promise<AccountResult> {
	check(names);
	const located = await locate(run, lookup, RENAME_ATTRIBUTES);
	if ('outcome' in located) return located;
	const { entry, account } = located;
	const present = { ...presentNames(entry), cn: commonName(entry.dn) };
	const wanted = (Object.keys(FAULTS) as (keyof NewNames)[]).filter(
		(name) => names[name] !== '' && names[name] !== present[name],
	);
	if (wanted.length === 0)
		return { outcome: 'unchanged', account, changes: [], notes: ['The account had these names already.'] };
	for (const name of wanted) await checkFree(run, located, name, names[name]);

	const changes: AttributeChange[] = [];
	let dn = entry.dn;
	if (wanted.includes('cn')) {
		dn = await relocate(run.directory, entry, formatDn([[{ attribute: 'CN', value: names.cn }]]), parentOf(entry.dn));
		changes.push({ attribute: 'cn', from: [present.cn], to: [names.cn] });
	}
	const attributes = ATTRIBUTES.filter((name) => wanted.includes(name));
	const renamed = { ...account, dn };
	try {
		if (attributes.length > 0) await write(run, located, attributes, names);
		else await clearStaleMarks(run, located);
	} catch (error) {
		if (!(error instanceof DirectoryError) || changes.length === 0) throw error;
		return {
			outcome: 'partial',
			account: renamed,
			changes,
			notes: [],
			message: `The common name is new, ${attributes.join(', ')} not: ${error.message}`,
			whatToDo: error.whatToDo,
		};
	}
	for (const attribute of attributes)
		changes.push({ attribute, from: textsOf(entry, attribute), to: [names[attribute]] });
	const given = Object.fromEntries(attributes.map((name) => [name, names[name]]));
	return { outcome: 'renamed', account: { ...renamed, ...given }, changes, notes: [] };
}

function check(names: NewNames): void {
	for (const [attribute, fault] of Object.entries(FAULTS)) {
		const name = names[attribute as keyof NewNames];
		const reason = name === '' ? undefined : fault(name);
		if (reason !== undefined)
			throw new DirectoryError({
				kind: 'person',
				message: `"${name.slice(0, 100)}" cannot be ${attribute}: ${reason}.`,
				whatToDo: 'Give another name.',
			});
	}
	if (Object.values(names).every((name) => name === ''))
		throw new DirectoryError({
			kind: 'person',
			message: 'There is no new name to give.',
			whatToDo: 'Give at least one of the names; those left empty stay as they are.',
		});
}

function commonName(dn: string): string {
	return parseDn(dn)[0]?.[0]?.value ?? '';
}

function presentNames(entry: Entry): Record<(typeof ATTRIBUTES)[number], string> {
	const [sAMAccountName = '', userPrincipalName = '', displayName = ''] = ATTRIBUTES.map((name) => textOf(entry, name));
	return { sAMAccountName, userPrincipalName, displayName };
}

/** @throws DirectoryError (taken) */
async function checkFree(
	{ directory }: AccountRun,
	{ entry }: Located,
	attribute: keyof NewNames,
	name: string,
): Promise<void> {
	if (attribute === 'displayName') return;
	const { dn, name: domainName } = await directory.domain();
	const own = guidOf(entry);
	const found =
		attribute === 'cn'
			? await directory.search(parentOf(entry.dn), {
					scope: 'one',
					filter: equal('name', name),
					attributes: ['objectGUID'],
				})
			: await directory.search(dn, {
					scope: 'sub',
					filter: anyOf(holders(attribute, name, domainName)),
					attributes: ['objectGUID'],
				});
	const other = found.find((each) => guidOf(each) !== own);
	if (other)
		throw new DirectoryError({
			kind: 'taken',
			message: `${entry.dn} keeps its names: ${other.dn} has the ${attribute} "${name}" already.`,
			whatToDo: 'Give another name, or rename the other one first.',
		});
}

/** One Modify that fails when somebody gave other names meanwhile. */
async function write(
	run: AccountRun,
	located: Located,
	attributes: readonly (typeof ATTRIBUTES)[number][],
	names: NewNames,
): Promise<void> {
	const { directory, marking } = run;
	const { entry, dn } = located;
	const modifications = attributes.flatMap((attribute): Modification[] => {
		const before = textsOf(entry, attribute);
		return [
			...(before.length > 0 ? [{ type: 'delete' as const, attribute, values: before }] : []),
			{ type: 'add', attribute, values: [names[attribute]] },
		];
	});
	await writeOnce(
		() => directory.modify(dn, [...modifications, ...staleMarks(run, located)]),
		async () => {
			const now = await readAgain(directory, dn, marking, attributes);
			return now !== undefined && attributes.every((attribute) => textOf(now, attribute) === names[attribute]);
		},
	);
}
