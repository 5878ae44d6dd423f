/** Organisational units: in a list, and made where one is missing. */
import { childDn, InvalidDnError, parseDn } from '../schema/dn';
import { guidOf } from './accounts/account';
import { writeOnce } from './accounts/writeOnce';
import type { Directory } from './directory';
import { textOf, textsOf, type Entry } from './entry';
import { DirectoryError } from './errors';
import { allOf, equal, type Filter } from './filter';
import { searchBelow } from './searchBelow';

export type OrganizationalUnit = {
	readonly guid: string;
	readonly dn: string;
	readonly name: string;
	readonly description: string;
	/** Distinguished name; '' = nobody. */
	readonly managedBy: string;
};

export type OrganizationalUnitsRequest = {
	/** Absent = the credential's search base. */
	readonly base?: string;
	readonly scope: 'one' | 'sub';
	/** Besides that they are organisational units. */
	readonly filter?: Filter;
	/** No more than this; absent = all. */
	readonly limit?: number;
};

export type NewOrganizationalUnit = {
	/** Distinguished name or `<GUID=...>` of where it is to stand; '' = right below the domain. */
	readonly parent: string;
	/** Any text; it is data and never part of a distinguished name's syntax. */
	readonly name: string;
	/** '' = none. */
	readonly description: string;
};

export type OrganizationalUnitResult = {
	/** `exists`: it was there already, and was left as it is. */
	readonly outcome: 'created' | 'exists';
	readonly organizationalUnit: OrganizationalUnit;
};

const ATTRIBUTES = ['objectGUID', 'ou', 'name', 'description', 'managedBy'] as const;
/** rangeUpper of ou (MS-ADA3). */
const LONGEST_NAME = 64;

/** @throws DirectoryError */
export async function getManyOrganizationalUnits(
	directory: Directory,
	{ base, scope, filter, limit }: OrganizationalUnitsRequest,
): Promise<OrganizationalUnit[]> {
	const units = equal('objectClass', 'organizationalUnit');
	const found = await searchBelow(directory, base, {
		scope,
		filter: filter ? allOf([units, filter]) : units,
		attributes: ATTRIBUTES,
		...(limit === undefined ? {} : { limit }),
	});
	return found.map(toOrganizationalUnit);
}

/**
 * Makes an organisational unit unless there is one of this name at this place. The place itself is never made.
 * @throws DirectoryError (person) for a name that cannot be used, (configuration) for a place that does not exist or takes none
 */
export async function createOrganizationalUnit(
	directory: Directory,
	{ parent, name, description }: NewOrganizationalUnit,
): Promise<OrganizationalUnitResult> {
	checkName(name);
	const dn = childDn('OU', name, await placeOf(directory, parent));
	const before = await directory.read(dn, ATTRIBUTES);
	if (before) return { outcome: 'exists', organizationalUnit: toOrganizationalUnit(before) };
	const read = async () => await directory.read(dn, ATTRIBUTES);
	const values = description.trim() === '' ? {} : { description: [description] };
	try {
		await writeOnce(
			() => directory.add(dn, { objectClass: ['organizationalUnit'], ...values }),
			async () => (await read()) !== undefined,
		);
	} catch (error) {
		if (!(error instanceof DirectoryError)) throw error;
		const other = error.code === ENTRY_EXISTS ? await read() : undefined;
		if (other) return { outcome: 'exists', organizationalUnit: toOrganizationalUnit(other) };
		throw explain(error, dn);
	}
	const made = await read();
	if (made) return { outcome: 'created', organizationalUnit: toOrganizationalUnit(made) };
	throw new DirectoryError({
		kind: 'conflict',
		message: `${dn} was created, but cannot be read.`,
		whatToDo: 'Check that the service account may read what it creates, and that nobody removed it meanwhile.',
	});
}

const ENTRY_EXISTS = 68;

function checkName(name: string): void {
	const fault =
		name.trim() === ''
			? 'The organisational unit has no name.'
			: [...name].length > LONGEST_NAME
				? `The name of the organisational unit is longer than ${LONGEST_NAME} characters.`
				: undefined;
	if (fault)
		throw new DirectoryError({
			kind: 'person',
			message: fault,
			whatToDo: `Give a name of 1 to ${LONGEST_NAME} characters.`,
		});
}

/** The distinguished name of the place, as it is now. */
async function placeOf(directory: Directory, parent: string): Promise<string> {
	const text = parent.trim();
	if (text === '') return (await directory.domain()).dn;
	if (!/^<GUID=[^>]+>$/i.test(text)) {
		try {
			parseDn(text);
		} catch (error) {
			if (error instanceof InvalidDnError)
				throw new DirectoryError({
					kind: 'configuration',
					message: error.message,
					whatToDo: 'Give the whole distinguished name of the place, special characters escaped by a backslash.',
				});
			throw error;
		}
	}
	const place = await directory.read(text, ['objectGUID']);
	if (place) return place.dn;
	throw new DirectoryError({
		kind: 'configuration',
		message: `The place ${text}, where the organisational unit is to stand, does not exist.`,
		whatToDo: 'Check the place. Create it first, or choose another one.',
	});
}

/** In words about this object; those of resultCodes.ts speak of persons and their attributes. */
function explain(error: DirectoryError, dn: string): DirectoryError {
	const { code, win32, said } = error;
	const words: Readonly<Record<number, readonly [string, string]>> = {
		50: [
			`The service account has no right to create ${dn}.`,
			'Give it the right to create organisational units there, as docs/rights.md lists.',
		],
		64: [
			`${dn} cannot stand there.`,
			'Choose the domain or an organisational unit as its place; containers take none.',
		],
	};
	const [message, whatToDo] = words[code ?? -1] ?? [];
	if (code === undefined || message === undefined || whatToDo === undefined) return error;
	return new DirectoryError({
		...{ kind: 'configuration', message, whatToDo, code },
		...(win32 === undefined ? {} : { win32 }),
		...(said === undefined ? {} : { said }),
	});
}

function toOrganizationalUnit(entry: Entry): OrganizationalUnit {
	const text = (attribute: string) => textOf(entry, attribute) ?? '';
	return {
		guid: guidOf(entry),
		dn: entry.dn,
		name: textOf(entry, 'ou') ?? text('name'),
		description: textsOf(entry, 'description').join('\n'),
		managedBy: text('managedBy'),
	};
}
