/**
 * Reading in full: page by page, and an attribute with more values than the controller gives at once range by range (MS-ADTS 3.1.1.3.1.3.3;
 * MaxValRange, 1500 by default). References to other domains that stand between the objects are left alone: every search over a whole domain
 * gets some, to its own configuration and DNS zones, and following one would carry the logon to a server that nobody chose.
 */
import { ResultCodeError, type Client } from 'ldapts';
import { binaryAttributes } from './binary';
import { toEntry, type Entry } from './entry';
import { present } from './filter';
import { showDeleted, type SearchRequest } from './requests';
import { isSessionLost } from './resultCodes';

/** MaxPageSize of Active Directory (KB315071). */
const PAGE_SIZE = 1000;
/** As many ranges as five million values have: a controller that never comes to an end is not followed for ever. */
const MOST_RANGES = 5000;

/** Waits for one answer, no longer than an operation may take. */
export type Timed = <T>(answer: Promise<T>) => Promise<T>;

/**
 * Every object found with all of its values.
 * @throws what ldapts throws, and what `timed` does
 */
export async function readAll(client: Client, base: string, request: SearchRequest, timed: Timed): Promise<Entry[]> {
	const { scope, filter = present('objectClass'), attributes, limit = Infinity, deleted = false, binary } = request;
	const options = {
		scope,
		filter,
		attributes: [...attributes],
		explicitBufferAttributes: binaryAttributes(binary),
	};
	const whole = (entry: Entry) => readRanges(client, entry, request, timed);
	if (scope === 'base') {
		const { searchEntries } = await timed(client.search(base, options, showDeleted(deleted)));
		return await inOrder(searchEntries.map(toEntry), whole);
	}
	const entries: Entry[] = [];
	const paged = { pageSize: Math.min(PAGE_SIZE, limit) };
	const pages = client.searchPaginated(base, { ...options, paged }, showDeleted(deleted));
	while (entries.length < limit) {
		const page = await timed(pages.next());
		if (page.done) break;
		for (const entry of page.value.searchEntries) entries.push(toEntry(entry));
	}
	return await inOrder(entries.slice(0, limit), whole);
}

const RANGED = /^(.+);range=\d+-(\d+|\*)$/;

/** An entry whose ranged attributes are read on to their ends and stand under their plain names. */
async function readRanges(
	client: Client,
	entry: Entry,
	{ attributes, deleted, binary }: SearchRequest,
	timed: Timed,
): Promise<Entry> {
	const ranged = Object.keys(entry.attributes).filter((name) => RANGED.test(name));
	// Who asks for a range by name wants that range.
	if (ranged.length === 0 || attributes.some((name) => name.toLowerCase().includes(';range='))) return entry;
	const read = async (attribute: string): Promise<Entry | undefined> => {
		const options = {
			scope: 'base' as const,
			filter: present('objectClass'),
			attributes: [attribute],
			explicitBufferAttributes: binaryAttributes(binary),
		};
		const found = await timed(client.search(entry.dn, options, showDeleted(deleted ?? false)));
		return found.searchEntries.map(toEntry)[0];
	};
	const complete: Record<string, readonly (string | Buffer)[]> = {};
	for (const [name, values] of Object.entries(entry.attributes)) {
		const [, plain, end] = RANGED.exec(name) ?? [];
		complete[plain ?? name] = plain === undefined || end === '*' ? values : await rest(read, plain, values);
	}
	return { dn: entry.dn, attributes: complete };
}

/**
 * The values after the first ones. The end is a range up to "*", no value at all, or, when values were removed meanwhile so that the range
 * begins past the last one, AD's operationsError (00002020).
 */
async function rest(
	read: (attribute: string) => Promise<Entry | undefined>,
	attribute: string,
	first: readonly (string | Buffer)[],
): Promise<readonly (string | Buffer)[]> {
	const values = [...first];
	for (let ranges = 0; ranges < MOST_RANGES; ranges += 1) {
		let found: Entry | undefined;
		try {
			found = await read(`${attribute};range=${values.length}-*`);
		} catch (error) {
			if (error instanceof ResultCodeError && error.code === 1 && !isSessionLost(error.message)) return values;
			throw error;
		}
		const [range] = Object.entries(found?.attributes ?? {}).filter(([name]) => RANGED.exec(name)?.[1] === attribute);
		if (!range) return values;
		for (const value of range[1]) values.push(value);
		if (RANGED.exec(range[0])?.[2] === '*') return values;
	}
	return values;
}

async function inOrder<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
	const done: Out[] = [];
	for (const item of items) done.push(await work(item));
	return done;
}
