/** What HR systems answer on a bad day, and what builders set wrongly: each looks as if many people had left. */
import type { INodeType } from 'n8n-workflow';
import { giving } from '../support/ad-provision';
import { condition, listing, PAGE, type FlowSettings, type HrPerson, type Style } from '../support/hr-flow';
import type { Answer, Asked } from '../support/products/server';

type People = readonly HrPerson[];
type Answerer = (asked: Asked) => Answer;

/**
 * What stands between the storm and the accounts: the feed `stops`, or nobody goes on at all (`nobody`); the plan infers nothing and says why
 * (`doubt`); its guards are broken (`guard`); or it knows better (`present`).
 */
export type Defence = 'stops' | 'nobody' | 'doubt' | 'guard' | 'present';

export type Storm = {
	readonly answer: (people: People) => Answerer;
	readonly settings: FlowSettings;
	/** When the feed may be incomplete, and goes on. */
	readonly defence: Defence;
	/** Said there. */
	readonly words: RegExp;
};
type Told = readonly [defence: Defence, words: RegExp];

const ERROR_PAGE: Answer = {
	text: '<!DOCTYPE html><html><head><title>Oops</title></head><body><h1>Under maintenance</h1></body></html>',
	type: 'text/html; charset=utf-8',
};

/** The same HR system with other people. */
const others = (
	[defence, words]: Told,
	style: Style,
	change: (people: People) => People,
	settings: FlowSettings = {},
): Storm => ({
	answer: (people) => listing(style, change(people)),
	...{ settings: { style, ...settings }, defence, words },
});

/** Another answer for some of the calls. */
const spoilt = (
	[defence, words]: Told,
	style: Style,
	spoil: (good: Answer, asked: Asked, people: People) => Answer,
	settings: FlowSettings = {},
): Storm => ({
	answer: (people) => {
		const good = listing(style, people);
		return (asked) => spoil(good(asked), asked, people);
	},
	...{ settings: { style, ...settings }, defence, words },
});

const at = ({ query }: Asked): number => Number(query.get('offset') ?? query.get('cursor') ?? 0);
const isFirst = (asked: Asked): boolean => at(asked) === 0;
/** Offsets overlap by one row: page 2 begins at 9. */
const isSecond = (asked: Asked): boolean => at(asked) >= PAGE - 1 && at(asked) <= PAGE;
const rowsFrom = (people: People, from: number) => people.slice(from, from + PAGE);
const second = (answer: Answer) => (good: Answer, asked: Asked) => (isSecond(asked) ? answer : good);
const cut = (good: Answer): Answer => ({ text: JSON.stringify(good.json).slice(0, -40), type: 'application/json' });

/** Page numbers, without anything that says how many there are. */
const BY_NUMBER: FlowSettings = {
	endpoint: { recordsPath: 'rows', paging: 'page', pageParameter: 'page', pageSize: PAGE, stops: {} },
};
const byNumber = ([defence, words]: Told, pageOf: (people: People, page: number) => People): Storm => ({
	answer:
		(people) =>
		({ query }) => ({ json: { rows: pageOf(people, Number(query.get('page'))) } }),
	...{ settings: BY_NUMBER, defence, words },
});

const CSV: FlowSettings = { style: 'whole', endpoint: { settings: { responseFormat: 'csv' } } };

const all = (people: People): People => people;
const half = (people: People): People => people.slice(0, people.length / 2);
/** Some people, spread over all pages. */
const some = (every: number, change: Partial<HrPerson>) => (people: People) =>
	people.map((person, index) => (index % every === every - 5 ? { ...person, ...change } : person));
const tenth = (change: Partial<HrPerson>) => some(10, change);
const one = (change: Partial<HrPerson>) => some(40, change);
/** Nothing in the reply tells that ten are skipped. */
const leaveOut = (good: Answer, asked: Asked, people: People): Answer =>
	isFirst(asked) ? { json: { rows: rowsFrom(people, 0), next: String(2 * PAGE) } } : good;
const TOO_LONG = 'x'.repeat(65);

const SINCE = { parameter: 'since', overlap: 0, format: 'iso', startWith: '2026-01-01T00:00:00.000Z' };

/** A node that hands on the first half. */
const losing: INodeType = {
	...giving(['main'], []),
	execute() {
		const items = this.getInputData();
		return Promise.resolve([items.slice(0, items.length / 2)]);
	},
};

const EMPTY: Told = ['doubt', /0 records, and 1 came in.*have no key/];
const WEAK: Told = ['doubt', /not proven \(evidence: weak\)/];
const MANY: Told = ['guard', /20 accounts are to be disabled, and the limit is 3/];
const ALL: Told = ['guard', /40 accounts are to be disabled, and the limit is 3/];
const KEYLESS: Told = ['doubt', /1 of the people in the feed have no key/];
const PRESENT: Told = ['present', /^$/];
const HTML: Told = ['stops', /page 1: the server sent a web page instead of data/];
const HTML_LATER: Told = ['doubt', /page 2: the server sent a web page instead of data/];
const CUT: Told = ['doubt', /page 2: the reply ends in the middle\. That/];
const MOVED: Told = ['doubt', /rows moved while "People" was read, twice in a row/];
const SAME: Told = ['doubt', /page 2 of "People" is the same as the one before/];
const LOST: Told = ['doubt', /counts 40 records, and 36 came in/];

export const STORMS: Readonly<Record<string, Storm>> = {
	'an empty list with the total 0': others(EMPTY, 'offset', () => []),
	'an empty list in one reply': others(EMPTY, 'whole', () => []),
	'an empty list, and no empty item in its place': others(['nobody', /^$/], 'whole', () => [], {
		hr: { alwaysOutputData: false },
	}),
	'nothing where the list should be': spoilt(EMPTY, 'cursor', () => ({ json: { rows: null, next: null } })),
	'no body at all': spoilt(EMPTY, 'whole', () => ({ status: 204 })),

	'half a list, and the total of all': spoilt(
		['doubt', /announced 40 rows and gave 20 different ones/],
		'offset',
		(_, asked, people) => ({
			json: { total: people.length, rows: rowsFrom(half(people), at(asked)) },
		}),
	),
	'half a list, and the total of that': others(MANY, 'offset', half),
	'half a list in one reply': others(MANY, 'whole', half),
	'half a list in one reply, compared with the feed before': others(['doubt', /20 rows instead of 40/], 'whole', half, {
		reading: { compare: { values: { beyond: 'incomplete' } } },
	}),
	'half a list behind a cursor': others(WEAK, 'cursor', half),
	'half a list behind a cursor, read twice': others(MANY, 'cursor', half, { reading: { confirmBySecondRead: true } }),

	'no page 2: the next rows in its place': spoilt(MOVED, 'offset', (good, asked, people) =>
		isFirst(asked) ? good : { json: { total: people.length, rows: rowsFrom(people, at(asked) + PAGE) } },
	),
	'no page 2: no rows in its place': spoilt(MOVED, 'offset', second({ json: { total: 40, rows: [] } })),
	'no page 2: the cursor leaves it out': spoilt(WEAK, 'cursor', leaveOut),
	'no page 2: the cursor leaves it out, read twice': spoilt(
		['guard', /10 accounts are to be disabled, and the limit is 3/],
		'cursor',
		leaveOut,
		{ reading: { confirmBySecondRead: true } },
	),
	'no page 2: an empty one, by number': byNumber(WEAK, (people, page) =>
		page === 2 ? [] : rowsFrom(people, (page - 1) * PAGE),
	),
	'no page 2: the next one, by number': byNumber(WEAK, (people, page) =>
		rowsFrom(people, (page === 1 ? 0 : page) * PAGE),
	),
	'no page 2: an error': spoilt(
		['doubt', /page 2: the server has a fault of its own \(HTTP 500\)/],
		'offset',
		second({ status: 500, json: { message: 'out of order' } }),
	),
	'no page 2: an error in JSON with status 200': spoilt(
		['doubt', /page 2: no list of records stands at "rows"\. The reply has the fields error\. That/],
		'offset',
		second({ json: { error: 'quota exceeded' } }),
	),

	'an error page in HTML with status 200': spoilt(HTML, 'whole', () => ERROR_PAGE),
	'an error page in HTML in place of page 2': spoilt(HTML_LATER, 'offset', second(ERROR_PAGE)),
	'an error page in HTML where CSV is read': spoilt(HTML, 'whole', () => ERROR_PAGE, CSV),
	'an error page in HTML called JSON': spoilt(HTML, 'whole', () => ({ ...ERROR_PAGE, type: 'application/json' })),
	'an error in JSON with status 200': spoilt(['stops', /no list of records stands at "the root"/], 'whole', () => ({
		json: { error: 'quota exceeded', code: 17 },
	})),

	'truncated JSON': spoilt(['doubt', /page 1: the reply ends in the middle/], 'whole', cut),
	'truncated JSON in page 2': spoilt(CUT, 'offset', (good, asked) => (isSecond(asked) ? cut(good) : good)),

	'the same page twice': spoilt(SAME, 'offset', (good, asked, people) =>
		isSecond(asked) ? { json: { total: people.length, rows: rowsFrom(people, 0) } } : good,
	),
	'the same page twice, behind a cursor': spoilt(SAME, 'cursor', (good, asked, people) =>
		isSecond(asked) ? { json: { rows: rowsFrom(people, 0), next: String(2 * PAGE) } } : good,
	),

	'10 % with bad values': others(PRESENT, 'offset', tenth({ department: TOO_LONG })),
	'10 % with bad values, in half a list': others(MANY, 'whole', (people) =>
		half(tenth({ department: TOO_LONG })(people)),
	),
	'10 % with bad values, not handed on': others(LOST, 'offset', tenth({ department: TOO_LONG }), {
		plan: { rejected: '' },
	}),
	'10 % out of scope': others(PRESENT, 'offset', tenth({ state: 'ROBOT' })),
	'10 % out of scope, not handed on': others(LOST, 'offset', tenth({ state: 'ROBOT' }), { plan: { outOfScope: '' } }),
	'two with the key of somebody else': others(
		['doubt', /2 of the people in the feed have the key of somebody else/],
		'offset',
		some(20, { number: 'e001' }),
	),

	'somebody without a key, in half a list': others(KEYLESS, 'whole', (people) =>
		half(some(20, { number: ' ' })(people)),
	),
	'a record without the field that tells records apart': others(
		['doubt', /1 rows of "People" have no id/],
		'offset',
		one({ id: null as never }),
	),
	'somebody out of scope without a key, in half a list': others(KEYLESS, 'whole', (people) =>
		half(some(20, { number: null, state: 'ROBOT' })(people)),
	),

	'only what changed': spoilt(
		['doubt', /holds changes only/],
		'whole',
		(good, { query }, people) => (query.has('since') ? { json: people.slice(0, 3) } : good),
		{ reading: { changedSince: { values: SINCE } } },
	),
	'only the first ten': others(['doubt', /was limited or filtered/], 'offset', all, { reading: { limit: 10 } }),
	'only some, as the endpoint says': others(['doubt', /holds changes only/], 'whole', half, {
		endpoint: { settings: { returnsOnlySome: true } },
	}),

	'everybody terminated': others(ALL, 'offset', (people) => people.map((person) => ({ ...person, state: 'GONE' }))),
	'no word of who has left': others(
		ALL,
		'offset',
		(people) => people.map((person) => ({ ...person, state: undefined as never })),
		{ mapping: { leaverWhen: condition('state', 'notEquals', 'ACTIVE') } },
	),
	"everybody's end in the past": others(
		ALL,
		'offset',
		(people) => people.map((person) => ({ ...person, until: '1970-01-01' })),
		{ mapping: { dates: { endDate: '${until}' } } },
	),

	'a node in between that loses half': others(['doubt', /counts 40 records, and 20 came in/], 'offset', all, {
		between: losing,
	}),
	'a mapping that fits nobody': others(['doubt', /40 of the people in the feed have no key/], 'offset', all, {
		mapping: { key: '${number | nope}' },
		map: { onError: 'continueRegularOutput' },
	}),
};
