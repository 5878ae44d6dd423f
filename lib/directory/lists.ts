/** What lists in an editor offer: users, groups and organisational units by what is typed, and the attributes of a class. */
import { SubstringFilter } from 'ldapts';
import { formatDn, parseDn, parentOf } from '../schema/dn';
import { attributeFacts } from '../schema/attributes';
import type { Connection } from './connection';
import type { Directory } from './directory';
import { bytesOf, textOf, type Entry } from './entry';
import { allOf, anyOf, equal, not, type Filter } from './filter';
import { guidToText } from './guid';
import { allowedTo } from './schema';

export type ListKind = 'user' | 'group' | 'unit';

export type ListEntry = {
	/** Stays when the object is renamed or moved. */
	readonly guid: string;
	readonly name: string;
	/** Tells objects of the same name apart. */
	readonly detail: string;
	readonly dn: string;
};

/** Which objects, the attributes that what is typed is looked for in, and what is shown. */
const KINDS: Readonly<Record<ListKind, { filter: Filter; searched: readonly string[]; shown: readonly string[] }>> = {
	user: {
		filter: allOf([equal('objectClass', 'user'), not(equal('objectClass', 'computer'))]),
		searched: ['cn', 'displayName', 'sAMAccountName', 'userPrincipalName', 'mail', 'employeeID'],
		shown: ['displayName', 'cn', 'sAMAccountName'],
	},
	group: {
		filter: equal('objectClass', 'group'),
		searched: ['cn', 'sAMAccountName', 'description'],
		shown: ['cn', 'sAMAccountName'],
	},
	unit: {
		filter: anyOf([
			equal('objectClass', 'organizationalUnit'),
			equal('objectClass', 'domainDNS'),
			// The one plain container that people stand in by default (MS-ADTS 6.1.1.4.3).
			allOf([equal('objectClass', 'container'), equal('cn', 'Users')]),
		]),
		searched: ['name', 'description'],
		shown: ['name'],
	},
};

/**
 * Objects in the order of their names.
 * @param typed text that stands somewhere in a name; it is data and never filter syntax
 * @param limit no more than these are read
 * @throws DirectoryError
 */
export async function listObjects(
	directory: Directory,
	kind: ListKind,
	typed: string,
	limit: number,
): Promise<readonly ListEntry[]> {
	const { filter, searched, shown } = KINDS[kind];
	const text = typed.trim();
	const containing = searched.map((attribute) => new SubstringFilter({ attribute, any: [text] }));
	const base = kind === 'unit' ? await directory.searchBase() : (await directory.domain()).dn;
	const found = await directory.search(base, {
		scope: 'sub',
		filter: text === '' ? filter : allOf([filter, anyOf(containing)]),
		attributes: ['objectGUID', ...shown],
		limit,
	});
	return found
		.flatMap((entry) => toListEntry(entry, shown, kind) ?? [])
		.sort((left, right) => left.name.localeCompare(right.name, 'en') || left.detail.localeCompare(right.detail, 'en'));
}

function toListEntry(entry: Entry, shown: readonly string[], kind: ListKind): ListEntry | undefined {
	const guid = bytesOf(entry, 'objectGUID');
	if (!guid) return undefined;
	const [name, ...others] = shown.flatMap((attribute) => textOf(entry, attribute) ?? []);
	const place = readable(parentOf(entry.dn));
	const account = kind === 'unit' ? '' : (others.at(-1) ?? '');
	const detail = [...(account === '' || account === name ? [] : [account]), ...(place === '' ? [] : [place])];
	return { guid: guidToText(guid), name: name ?? entry.dn, detail: detail.join(' · '), dn: entry.dn };
}

/** `corp.example.com / People / Sales`, from the root down. */
function readable(dn: string): string {
	const parts = parseDn(dn);
	const isDomain = (index: number) => parts[index]?.[0]?.attribute.toLowerCase() === 'dc';
	const below = parts.filter((_part, index) => !isDomain(index));
	const domain = parts.filter((_part, index) => isDomain(index)).map(([part]) => part?.value ?? '');
	return [domain.join('.'), ...below.map(([part]) => part?.value ?? formatDn([])).reverse()]
		.filter((part) => part !== '')
		.join(' / ');
}

export type ReadableAttribute = {
	readonly name: string;
	/** As the "Active Directory Users and Computers" console calls it, where it does. */
	readonly title: string;
	readonly single: boolean;
};

/**
 * Every attribute that objects of a class can have, written by a person or not; alphabetical by name.
 * @param className as the schema spells it, any case
 * @throws DirectoryError
 */
export async function readableAttributes(
	connection: Pick<Connection, 'search' | 'read'>,
	className: string,
): Promise<readonly ReadableAttribute[]> {
	const root = await connection.read('', ['schemaNamingContext']);
	const schemaDn = (root && textOf(root, 'schemaNamingContext')) ?? '';
	const below = (kind: string, attributes: readonly string[]) =>
		connection.search(schemaDn, { scope: 'one', filter: equal('objectClass', kind), attributes });
	const parents = ['subClassOf', 'auxiliaryClass', 'systemAuxiliaryClass'];
	const contents = ['mayContain', 'mustContain', 'systemMayContain', 'systemMustContain'];
	const classes = await below('classSchema', ['lDAPDisplayName', 'isDefunct', ...parents, ...contents]);
	const allowed = allowedTo(className, classes);
	return (await below('attributeSchema', ['lDAPDisplayName', 'isSingleValued']))
		.flatMap((entry) => {
			const name = textOf(entry, 'lDAPDisplayName') ?? '';
			if (!allowed.has(name.toLowerCase())) return [];
			return [{ name, title: attributeFacts(name)?.title ?? name, single: textOf(entry, 'isSingleValued') === 'TRUE' }];
		})
		.sort((left, right) => left.name.localeCompare(right.name, 'en'));
}
