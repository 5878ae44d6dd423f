/** The first step of leaving: one Modify that disables the account, marks it, keeps its snapshot and writes its attributes. */
import { isAttributeName } from '../../schema/attributeName';
import type { Modification } from '../connection';
import type { Directory } from '../directory';
import { textOf, textsOf } from '../entry';
import { DirectoryError } from '../errors';
import { equal } from '../filter';
import { looksLikeMark, makeMark } from '../mark';
import { makeSnapshot, type Snapshot } from '../snapshot';
import { disabled, isDisabled, parseUserAccountControl } from '../userAccountControl';
import { readAgain, type Marking } from './account';
import { toModifications } from './leaveOptions';
import type { AccountRun, Located } from './locate';
import { writeOnce } from './writeOnce';

/** What the schema says about where marks are kept. */
export type MarkPlace = {
	/** Characters that a value may have; Infinity = any number. */
	readonly room: number;
	/** Whether users have an attribute, as the domain's schema says. */
	readonly isAllowed: (attribute: string) => boolean;
};

const places = new WeakMap<AccountRun, Promise<MarkPlace>>();

/**
 * Read once in a run, and before its first write.
 * @throws DirectoryError (configuration) when marks cannot be kept in the attribute
 */
export function markPlace(run: AccountRun, dn: string): Promise<MarkPlace> {
	const known = places.get(run);
	if (known) return known;
	const read = readMarkPlace(run.directory, run.marking, dn).catch((error: unknown) => {
		places.delete(run);
		throw error;
	});
	places.set(run, read);
	return read;
}

/**
 * @param dn of any account of a person
 * @throws DirectoryError (configuration) when marks cannot be kept in the attribute
 */
export async function readMarkPlace(
	directory: Directory,
	{ markAttribute }: Pick<Marking, 'markAttribute'>,
	dn: string,
): Promise<MarkPlace> {
	const unusable = (reason: string) =>
		new DirectoryError({
			kind: 'configuration',
			message: `${markAttribute} cannot hold the mark and the snapshot of a leaver: ${reason}.`,
			whatToDo: 'Choose a text attribute of users that takes several values, such as carLicense.',
		});
	if (!isAttributeName(markAttribute)) throw unusable('it is no name of an attribute');
	const root = await directory.read('', ['schemaNamingContext']);
	const [schema] = await directory.search((root && textOf(root, 'schemaNamingContext')) ?? '', {
		scope: 'one',
		filter: equal('lDAPDisplayName', markAttribute),
		attributes: ['isSingleValued', 'rangeUpper'],
	});
	if (!schema) throw unusable('the domain does not have it, or the service account cannot read the schema');
	if (textOf(schema, 'isSingleValued') !== 'FALSE') throw unusable('it takes one value only');
	// Constructed by the server from all classes of the object (MS-ADTS 3.1.1.4.5.15).
	const account = await directory.read(dn, ['allowedAttributes']);
	const allowed = new Set((account ? textsOf(account, 'allowedAttributes') : []).map((name) => name.toLowerCase()));
	const isAllowed = (attribute: string) => allowed.has(attribute.toLowerCase());
	if (!isAllowed(markAttribute)) throw unusable('users do not have it');
	const room = Number(textOf(schema, 'rangeUpper') ?? Infinity);
	if (room < LONGEST_MARK) throw unusable(`a value of it has ${room} characters at most`);
	return { room: room > 0 ? room : Infinity, isAllowed };
}

/** adprov1:pending:2026-03-01T08:00:00Z:, 8 characters of the key, 43 of the signature. */
const LONGEST_MARK = 92;

/** How much of the snapshot there was room for. */
export type Marked = {
	readonly mark: string;
	readonly snapshot: Snapshot | undefined;
	readonly notes: readonly string[];
};

/**
 * Written over a mark of an earlier leave only when that is stale: the caller has looked. When there is no room for the snapshot, the account is
 * disabled all the same, and what could not be restored is kept.
 * @throws DirectoryError
 */
export async function markAsLeft(run: AccountRun, located: Located, full: Snapshot): Promise<Marked> {
	const { directory, marking } = run;
	const key = directory.signingKey();
	const { guid } = located.account;
	const { room } = await markPlace(run, located.dn);
	const mark = makeMark(key, { state: 'left', objectGuid: guid }, full.at);
	const withGroups = (full.groups ?? []).length > 0;
	const drafts = [full, ...(withGroups ? [{ ...full, groups: null }] : [])];
	let said = '';
	for (const snapshot of drafts) {
		const text = makeSnapshot(key, guid, snapshot);
		if (text.length > room) continue;
		try {
			await writeMark(run, located, [mark, text], toModifications(snapshot.attributes));
			const notes = snapshot === full ? [] : [withoutRoom(marking, said, 'the groups were kept')];
			return { mark, snapshot, notes };
		} catch (error) {
			if (!(error instanceof DirectoryError) || !hasNoRoom(error)) throw error;
			said = error.said ?? '';
		}
	}
	await writeMark(run, located, [mark], []);
	const kept = 'groups, attributes and place were kept, and cannot be restored by Enable';
	return { mark, snapshot: undefined, notes: [withoutRoom(marking, said, kept)] };
}

function withoutRoom({ markAttribute }: Marking, said: string, kept: string): string {
	const why = said === '' ? '' : ` The directory said: ${said}`;
	return `The snapshot does not fit into ${markAttribute}: the account is disabled, ${kept}.${why}`;
}

/** Too long for its attribute (19 or 21 with these codes, MS-ERREF 2.2), or for the object (11). */
function hasNoRoom({ code, win32 = '' }: DirectoryError): boolean {
	return code === 11 || ((code === 19 || code === 21) && ['00002082', '0000200B'].includes(win32));
}

async function writeMark(
	{ directory, marking }: AccountRun,
	{ entry, dn }: Located,
	values: readonly string[],
	attributes: readonly Modification[],
): Promise<void> {
	const { markAttribute } = marking;
	const before = textOf(entry, 'userAccountControl') ?? '';
	const after = String(disabled(parseUserAccountControl(before)));
	const stale = textsOf(entry, markAttribute).filter(looksLikeMark);
	const changes: Modification[] = [
		...(before === after
			? []
			: ([
					{ type: 'delete', attribute: 'userAccountControl', values: [before] },
					{ type: 'add', attribute: 'userAccountControl', values: [after] },
				] as const)),
		...(stale.length > 0 ? [{ type: 'delete' as const, attribute: markAttribute, values: stale }] : []),
		{ type: 'add', attribute: markAttribute, values },
		...attributes,
	];
	await writeOnce(
		() => directory.modify(dn, changes),
		async () => {
			const now = await readAgain(directory, dn, marking, []);
			return (
				now !== undefined &&
				isDisabled(parseUserAccountControl(textOf(now, 'userAccountControl'))) &&
				values.every((value) => textsOf(now, markAttribute).includes(value))
			);
		},
	);
}
