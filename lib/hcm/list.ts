/** Reads one list whole: by its style of paging, once more where rows moved, and a second time where that is what proves it. */
import { HcmError } from './errors';
import { identityReader, type KeyReader } from './keys';
import { readByOffset } from './offset';
import type { ReadPage } from './reader';
import { tryPage, WHOLE, type Guarded, type Reading } from './reading';
import { stepperOf } from './steppers';
import { readByStepping } from './stepping';
import { compileSigns, saysMoreFollows } from './stops';
import type { Endpoint, FeedSettings } from './types';

export type ListSettings = Pick<FeedSettings, 'limits' | 'calling' | 'confirmBySecondRead'>;

/**
 * @param keyOf what tells the rows apart
 * @returns what reading gave, whole or not
 * @throws HcmError when nothing could be read, PathError, CancelledError
 */
export async function readList(
	endpoint: Endpoint,
	read: ReadPage,
	{ limits, calling, confirmBySecondRead }: ListSettings,
	keyOf: KeyReader = identityReader(endpoint),
): Promise<Reading> {
	const guarded: Guarded = { name: endpoint.name, keyOf, limits };
	const { paging, stops, name } = endpoint;
	const once = (atATime: number): Promise<Reading> => {
		if (paging.style === 'none') return readOnce(endpoint, read);
		if (paging.style === 'offset') return readByOffset(paging, stops, read, guarded, atATime);
		return readByStepping(stepperOf(paging, name, calling.allowedHosts), stops, read, guarded);
	};
	let reading = await once(calling.pagesInParallel);
	// Somebody was added or removed meanwhile: once more from the start, and if it happens again, the list is not whole.
	if (reading.shifted) reading = await once(1);
	const doubtful = !reading.proven && reading.reasons.length === 0 && !reading.limited;
	return confirmBySecondRead && doubtful && paging.style !== 'none'
		? await confirm(reading, () => once(1), guarded)
		: reading;
}

async function readOnce({ name, dependsOn, stops }: Endpoint, read: ReadPage): Promise<Reading> {
	const page = await tryPage(read({ page: 1 }), 0);
	const nothing = { rows: [], total: null, pages: 0 };
	if (page instanceof HcmError) return { ...WHOLE, ...nothing, reasons: [page.message], proven: false, fault: page };
	const { total } = compileSigns(stops)(page);
	// The fields of a reply about one person are that person's.
	const more = dependsOn === '' ? saysMoreFollows(page, page.rows.length) : undefined;
	const reasons =
		more === undefined
			? []
			: [
					`"${name}" was called once and gave ${page.rows.length} rows, and ${more} says that there are more: choose a style in 'Repeat Calling'`,
				];
	return { ...WHOLE, rows: page.rows, total, pages: 1, reasons, proven: more === undefined };
}

/**
 * Reads again and compares the order of keys. Two equal readings without a row that came twice prove that nobody was lost: who is lost is
 * pushed over the edge of a page by a row that goes or comes, and that row is in one reading only, or comes twice.
 */
async function confirm(first: Reading, again: () => Promise<Reading>, { name, keyOf }: Guarded): Promise<Reading> {
	const keysOf = ({ rows }: Reading) => rows.map(keyOf);
	let before = keysOf(first);
	for (let attempt = 1; ; attempt += 1) {
		const reading = await again();
		if (reading.reasons.length > 0 || reading.limited) return reading;
		const keys = keysOf(reading);
		if (keys.length === before.length && keys.every((key, index) => key === before[index]))
			return { ...reading, proven: new Set(keys).size === keys.length && !keys.includes(null) };
		if (attempt === 2) {
			const differ = inOneOnly(before, keys);
			const how = differ > 0 ? `${differ} rows stand in one of them only` : 'their order is another';
			return { ...reading, reasons: [`two readings of "${name}" differ: ${how}`], proven: false };
		}
		before = keys;
	}
}

function inOneOnly(left: ReadonlyArray<string | null>, right: ReadonlyArray<string | null>): number {
	const [lefts, rights] = [new Set(left), new Set(right)];
	return [...lefts].filter((key) => !rights.has(key)).length + [...rights].filter((key) => !lefts.has(key)).length;
}
