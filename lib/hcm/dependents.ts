/** Reads an endpoint once for each row of another one: list, then details. */
import type { HcmRecord } from '../contracts';
import { compilePath, placeNames } from '../json/path';
import { isFree, withPlace } from '../json/place';
import type { CallCounts } from './call';
import { CancelledError, HcmError } from './errors';
import { identityWithin, keyReader, unique } from './keys';
import { readList, type ListSettings } from './list';
import { inPool } from './pool';
import { pageReader } from './reader';
import { countFault, WHOLE, type Reading } from './reading';
import type { Endpoint, FeedDependencies, FeedSettings } from './types';

/** Calls that fail one after another before the rest is left alone: the server is down, and each would wait through all its retries. */
const FAILURES_IN_A_ROW = 3;
/** What a server says of somebody who was deleted since the list was read. */
const GONE: ReadonlySet<number | undefined> = new Set([404, 410]);

/** Each person's list may have one of its own. */
const MOST_REASONS = 3;

type Outcome = Reading | 'gone' | HcmError;

/**
 * @param parents rows of the endpoint that this one depends on
 * @returns all rows, in the order of the parents, with the parent's fields that were asked for
 * @throws HcmError when the first call shows that none will do (a wrong key, a wrong address), CancelledError, PathError
 */
export async function readDependents(
	endpoint: Endpoint,
	parentEndpoint: Endpoint,
	parents: readonly HcmRecord[],
	settings: ListSettings & Pick<FeedSettings, 'variables' | 'secrets'>,
	dependencies: FeedDependencies,
	counts: CallCounts,
): Promise<Reading> {
	const keyOf = keyReader(parentEndpoint.primaryKey);
	const identity = identityWithin(endpoint);
	const { maxRows } = settings.limits;
	let inARow = 0;
	let rows = 0;
	const outcomes = await inPool(
		parents,
		settings.calling.concurrency,
		async (parent): Promise<Outcome> => {
			const label = `${endpoint.name} of ${keyOf(parent) ?? 'a row without a key'}`;
			try {
				const read = pageReader(endpoint, settings, dependencies, counts, parent, label);
				const reading = await readList(endpoint, read, settings, identity);
				inARow = reading.fault === undefined ? 0 : inARow + 1;
				rows += reading.rows.length;
				const { records, withoutKey } = unique(reading.rows, identity);
				const fewer = countFault(reading, label, records.length + withoutKey);
				return { ...reading, reasons: [...reading.reasons, ...fewer] };
			} catch (error) {
				if (error instanceof CancelledError || !(error instanceof HcmError)) throw error;
				const isGone = GONE.has(error.status);
				inARow = isGone ? 0 : inARow + 1;
				if (isGone) return 'gone';
				return error;
			}
		},
		() => inARow < FAILURES_IN_A_ROW && rows < maxRows,
	);
	const reading = together(endpoint, parents, outcomes, keyOf);
	if (rows < maxRows || !outcomes.includes(undefined)) return reading;
	return { ...reading, reasons: [`the cap of ${maxRows} rows was reached`, ...reading.reasons], proven: false };
}

function together(
	endpoint: Endpoint,
	parents: readonly HcmRecord[],
	outcomes: ReadonlyArray<Outcome | undefined>,
	keyOf: (parent: HcmRecord) => string | null,
): Reading {
	const complete = completer(endpoint, keyOf);
	const readings = outcomes.filter((outcome): outcome is Reading => typeof outcome === 'object' && 'rows' in outcome);
	const faults = outcomes.filter((outcome): outcome is HcmError => outcome instanceof HcmError);
	const gone = outcomes.filter((outcome) => outcome === 'gone').length;
	const left = outcomes.filter((outcome) => outcome === undefined).length;
	// Not one answer: nobody was deleted, the address is wrong or the key may not read it.
	if (readings.length === 0 && parents.length > 0) {
		throw (
			faults[0] ??
			new HcmError(`Endpoint "${endpoint.name}": there is nothing at the addresses of all ${gone} calls (HTTP 404).`, {
				endpoint: endpoint.name,
				page: 1,
				status: 404,
				whatToDo: "Check the endpoint's URL and the names in braces.",
			})
		);
	}
	const rows = parents.flatMap((parent, index) => {
		const outcome = outcomes[index];
		return typeof outcome === 'object' && 'rows' in outcome
			? outcome.rows.map((row) => complete(row, parent, outcome.rows.length === 1))
			: [];
	});
	// A page that failed is told once for all of them, and so is what was left alone for it.
	const broken = readings.flatMap((reading) => reading.fault ?? []);
	const others = new Set(readings.flatMap((reading) => (reading.fault === undefined ? reading.reasons : [])));
	const reasons = [...others].slice(0, MOST_REASONS);
	if (others.size > MOST_REASONS) reasons.push(`and ${others.size - MOST_REASONS} more of "${endpoint.name}"`);
	const fault = faults[0] ?? broken[0];
	const unread = faults.length + broken.length + left;
	if (unread > 0)
		reasons.push(
			`"${endpoint.name}" could not be read whole for ${unread} of ${parents.length} rows${fault ? `: ${fault.message}` : ''}`,
		);
	return {
		...WHOLE,
		rows,
		total: null,
		pages: readings.reduce((sum, { pages }) => sum + pages, 0),
		reasons,
		proven: readings.every(({ proven }) => proven) && reasons.length === 0,
		...(fault ? { fault } : {}),
	};
}

/** Adds the fields of the parent, and its key to a reply about one person that does not repeat it. */
function completer(
	{ parentFields, primaryKey, paging }: Endpoint,
	keyOfParent: (parent: HcmRecord) => string | null,
): (row: HcmRecord, parent: HcmRecord, only: boolean) => HcmRecord {
	const fields = parentFields.map((path) => ({ read: compilePath(path), name: placeNames(path).at(-1) ?? path }));
	const keyOf = keyReader(primaryKey);
	return (row, parent, only) => {
		// A field that the parent lacks is none: as an undefined one it would wipe out that of a record it is spread over.
		const taken = Object.fromEntries(
			fields.flatMap(({ read, name }) => {
				const value = read(parent);
				return value === undefined ? [] : [[name, value]];
			}),
		);
		// What the row says itself stays.
		const whole = fields.length === 0 ? row : { ...taken, ...row };
		if (!only || paging.style !== 'none' || keyOf(row) !== null) return whole;
		const place = placeNames(primaryKey);
		return isFree(whole, place) ? (withPlace(whole, place, keyOfParent(parent)) as HcmRecord) : whole;
	};
}
