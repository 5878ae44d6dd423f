/** The undelete operation (MS-ADTS 3.1.1.5.3.7), and where it puts an object. */
import { childDn, formatDn, parseDn } from '../../schema/dn';
import type { Directory } from '../directory';
import { textOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { equal } from '../filter';
import { guidDn } from '../guid';
import { guidOf } from './account';
import { readContainer } from './relocate';
import { writeOnce } from './writeOnce';

/** Value of isDeleted. */
export const DELETED = 'TRUE';

/**
 * The name that a deleted object is to have.
 * @param ou '' = where it stood
 * @throws DirectoryError when there is no such place, or something of its name stands there
 */
export async function placeFor(directory: Directory, entry: Entry, ou: string): Promise<string> {
	const parent = await parentFor(directory, entry, ou);
	const [first] = parseDn(entry.dn)[0] ?? [];
	// The name of a deleted object is its old one, a line break, "DEL:" and its GUID (MS-ADTS 3.1.1.5.5.1.1).
	const name = textOf(entry, 'msDS-LastKnownRDN') ?? (first?.value ?? '').replace(/\nDEL:[0-9a-f-]{36}$/i, '');
	const [other] = await directory.search(parent, {
		scope: 'one',
		filter: equal('name', name),
		attributes: ['objectGUID'],
	});
	if (other)
		throw new DirectoryError({
			kind: 'taken',
			message: `${other.dn} has the name of the deleted account, so it cannot come back there. Nothing was restored.`,
			whatToDo: 'Choose another organisational unit, or rename the other object first.',
		});
	return childDn(first?.attribute ?? 'CN', name, parent);
}

async function parentFor(directory: Directory, entry: Entry, ou: string): Promise<string> {
	if (ou !== '') return await readContainer(directory, ou);
	const last = textOf(entry, 'lastKnownParent') ?? '';
	const gone = (message: string) =>
		new DirectoryError({
			kind: 'person',
			message: `${message} Nothing was restored.`,
			whatToDo: 'Give the organisational unit that the account is to stand in.',
		});
	if (last === '') throw gone('The directory does not say where the account stood.');
	// A deleted place has a deleted object's name here, which is found by the show-deleted control only.
	if (!(await directory.read(last, ['objectClass'])))
		throw gone(`The organisational unit that the account stood in is gone: ${last.replace('\n', '\\0A')}.`);
	return await readContainer(directory, last);
}

/**
 * By distinguished name and with no other attribute: Samba takes neither a GUID nor more changes.
 * @throws DirectoryError
 */
export async function undelete(directory: Directory, entry: Entry, place: string): Promise<void> {
	// As the directory gives it, a name may have a spelling that requests may not.
	const dn = formatDn(parseDn(entry.dn));
	await writeOnce(
		() =>
			directory.modify(
				dn,
				[
					{ type: 'delete', attribute: 'isDeleted', values: [] },
					{ type: 'replace', attribute: 'distinguishedName', values: [place] },
				],
				{ deleted: true },
			),
		// Reading without the show-deleted control sees it only when it is back.
		async () => (await directory.read(guidDn(guidOf(entry)), ['objectGUID'])) !== undefined,
	);
}
