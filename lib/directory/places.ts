/** The one organisational unit that a text means. Accounts stand in plain containers, such as CN=Users, too. */
import { isObjectName, parseDn } from '../schema/dn';
import type { Directory } from './directory';
import { textsOf, type Entry } from './entry';
import { DirectoryError } from './errors';
import { allOf, anyOf, equal, refuseNul } from './filter';
import { guidDnIn } from './guid';

/** MS-ADSC: what accounts may stand in. */
export const PLACE_CLASSES = ['organizationalUnit', 'container', 'domainDNS'] as const;

/**
 * @param text GUID, distinguished name, or a name that one organisational unit alone has
 * @returns its distinguished name
 * @throws DirectoryError (configuration) when there is none, or more than one
 */
export async function findPlace(directory: Directory, text: string): Promise<string> {
	const name = text.trim();
	refuseNul('the organisational unit', name);
	if (name === '') throw unusable('No organisational unit is chosen.', 'Choose one from the list.');
	const itself = guidDnIn(name) ?? (isObjectName(name) && parseDn(name).length > 1 ? name : undefined);
	if (itself !== undefined) {
		const entry = await directory.read(itself, ['objectClass']);
		if (entry && isPlace(entry)) return entry.dn;
		throw unusable(
			entry ? `${entry.dn} is no organisational unit.` : `The organisational unit ${name} does not exist.`,
			'Choose one that the service account may read; it is never created.',
		);
	}
	const found = await directory.search((await directory.domain()).dn, {
		scope: 'sub',
		filter: allOf([equal('objectClass', 'organizationalUnit'), anyOf([equal('ou', name), equal('name', name)])]),
		attributes: ['objectClass'],
	});
	const [first] = found;
	if (first && found.length === 1) return first.dn;
	throw first
		? unusable(
				`${found.length} organisational units are called "${name}": ${found
					.slice(0, 5)
					.map(({ dn }) => dn)
					.join(' · ')}`,
				'Give the distinguished name of one of them.',
			)
		: unusable(`There is no organisational unit "${name}".`, 'Check its name; it is never created.');
}

function isPlace(entry: Entry): boolean {
	const classes = new Set(textsOf(entry, 'objectClass').map((name) => name.toLowerCase()));
	return PLACE_CLASSES.some((name) => classes.has(name.toLowerCase()));
}

function unusable(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'configuration', message, whatToDo });
}
