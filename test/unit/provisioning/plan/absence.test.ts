import type { FeedReport } from '../../../../lib/contracts';
import type { FeedInput } from '../../../../lib/provisioning/plan/types';
import { LEAVERS, OUTSIDE, POLICY, policyWith } from '../steps/world';
import { applied } from './applying';
import { account, entriesOf, GUESTS, inDays, person, personWith, planOf, report, type Given, type World } from './town';
import { told, toldProblems } from './told';

const ON = policyWith({ leavers: { byAbsence: true } });
const PRESENT = ['A', 'B', 'C'];
const people = PRESENT.map((key) => person(key));
const others = PRESENT.map((key) => account(key));
const leave = [
	'leaver',
	'disable, description nothing -> Left',
	'setPassword',
	'relocate Staff/User Z -> Leavers/User Z',
];

/** Z was missing before, and is missing again. */
const missing = (world: World = {}, given: Given = {}) =>
	planOf({
		...{ accounts: [...others, account('Z', given)], people, policy: ON },
		...world,
		feed: { previousMissing: ['z'], ...world.feed },
	});

describe('whoever is missing', () => {
	test('twice in feeds that can be trusted is a leaver', async () => {
		const made = await missing();
		expect(told(made)).toEqual({ Z: leave });
		expect(made.plan.feed).toMatchObject({ missing: ['Z'], absenceRefused: [] });
		const [change] = made.plan.changes;
		expect(change).toMatchObject({ key: 'Z', displayName: 'User Z', risk: 'high' });
		expect(change?.reasons).toEqual(['missing from the feed, and from the one before']);
	});

	test('is handed on from plan to plan, whatever is turned off', async () => {
		for (const world of [
			{},
			{ policy: POLICY },
			{ feed: { previousMissing: null } },
			{ feed: { previousMissing: [] } },
		])
			expect((await missing(world)).plan.feed.missing).toEqual(['Z']);
	});

	test.each<[string, World, RegExp]>([
		['absence is off', { policy: POLICY }, /turned off/],
		['leavers are off', { policy: policyWith({ leavers: { byAbsence: true, disable: false } }) }, /turned off/],
		['it is the first plan', { feed: { previousMissing: null } }, /first plan/],
	])('stays when %s', async (_why, world, words) => {
		const made = await missing(world);
		expect(told(made)).toEqual({});
		expect(made.plan.feed.absenceRefused).toEqual([expect.stringMatching(words)]);
	});

	test.each([[[]], [['Y']], [['A', 'B', 'C']]])('once only stays: %j were missing before', async (previousMissing) => {
		const made = await missing({ feed: { previousMissing } });
		expect(told(made)).toEqual({});
		expect(made.plan.feed.absenceRefused).toEqual([]);
	});

	/** Each of the conditions, broken by itself. */
	const reported = (changes: Partial<FeedReport>): Partial<FeedInput> => ({ report: report(people.length, changes) });
	const keyless = [{ key: ' ', displayName: 'Somebody' }];
	const BROKEN: ReadonlyArray<readonly [string, World, RegExp]> = [
		['the input is selected people', { feed: { input: 'people' } }, /selected people/],
		['the feed holds changes only', { feed: reported({ kind: 'delta' }) }, /changes only/],
		[
			'the feed is not complete',
			{ feed: reported({ complete: false, reasons: ['page 2 is missing'] }) },
			/page 2 is missing/,
		],
		[
			'the reason for that is cut in the middle of a character',
			{ feed: reported({ complete: false, reasons: ['\ud83d'] }) },
			/not complete/,
		],
		['the evidence is weak', { feed: reported({ evidence: 'weak' }) }, /evidence: weak/],
		[
			'a record went missing on the way',
			{ feed: { report: report(people.length + 1) } },
			/counts 4 records, and 3 came in/,
		],
		['there is a record too many', { feed: { report: report(people.length - 1) } }, /counts 2 records, and 3 came in/],
		['a rejected person has no key', { feed: { rejected: keyless } }, /1 of the people in the feed have no key/],
		['somebody out of scope has no key', { feed: { outOfScope: keyless } }, /have no key/],
		[
			'two people have one key: one of them may be anybody',
			{ people: [...people, person('Y'), personWith('y', { employeeID: 'y' })] },
			/1 of the people in the feed have the key of somebody else/,
		],
		['the feed is too small to be believed', { policy: { ...ON, guards: { minimumFeed: 4 } } }, /4 are the least/],
		[
			'nobody is in the feed, and nobody need be',
			{ people: [], policy: { ...ON, guards: { minimumFeed: 0 } } },
			/1 are the least/,
		],
	];
	test.each(BROKEN)('stays when %s', async (_why, world, words) => {
		const made = await missing(world);
		expect(told(made)).toEqual({});
		expect(made.plan.feed).toMatchObject({ missing: [], absenceRefused: [expect.stringMatching(words) as string] });
	});

	test('stays when several things are wrong, and all of them are told', async () => {
		const made = await missing({ feed: { report: report(9, { kind: 'delta', complete: false, evidence: 'weak' }) } });
		expect(made.plan.feed.absenceRefused).toHaveLength(4);
	});

	test('cannot be told without a report of the whole feed: there is no plan at all', async () => {
		await expect(missing({ feed: { report: null } })).rejects.toThrow(/feed report is missing/);
	});

	test.each<[string, World]>([
		['rejected', { feed: { rejected: [{ key: ' z ', displayName: '' }] } }],
		['out of the mapping’s scope', { feed: { outOfScope: [{ key: 'Z', displayName: '' }] } }],
		['away', { people: [...people, person('Z', { lifecycle: 'away' })] }],
		['known by a previous key', { people: [...people, person('Y', { previousKeys: ['Z'] })] }],
		['found by another attribute', { people: [...people, personWith('Y', { sn: 'Z' })], matchOn: ['sn'] }],
	])('is nobody who is %s', async (_what, world) => {
		const made = await missing(world);
		expect(made.plan.feed).toMatchObject({ missing: [], absenceRefused: [] });
		expect(made.plan.changes.filter(({ lifecycle }) => lifecycle === 'leaver')).toEqual([]);
	});

	test.each<[string, Given, boolean]>([
		['enabled', {}, true],
		['begun and not finished', { state: 'pending' }, true],
		['disabled by somebody else', { state: 'others' }, false],
		['outside the scope', { ou: OUTSIDE }, false],
		['enabled in the leaver OU', { ou: LEAVERS }, false],
	])('is a leaver when the account is %s: %#', async (_state, given, leaves) => {
		const made = await missing({}, given);
		expect(Object.keys(told(made))).toEqual(leaves ? ['Z'] : []);
		expect(made.plan.feed.missing).toEqual(leaves ? ['Z'] : []);
		expect(toldProblems(made)).toEqual([]);
	});

	test('is nobody in an excluded unit, or whom the filter leaves out', async () => {
		expect(told(await missing({ scope: { excludedOus: [GUESTS] } }, { ou: GUESTS }))).toEqual({});
		expect(told(await missing({ scope: { filterText: '(!(employeeID=Z))' } }))).toEqual({});
	});

	test('and protected is a problem that is shown first', async () => {
		const made = await missing({ people: [...people, person('D', { ou: 'OU=No' })] }, { protected: true });
		expect(told(made)).toEqual({});
		expect(toldProblems(made)).toEqual(['Z: protected!', 'D: organisational unit']);
		expect(made.problems[0]?.whatToDo).toContain('disable the account by hand now');
	});

	test('and not the only one with the key is a problem', async () => {
		const made = await missing({ accounts: [...others, account('Z'), account('z', {}, {}, 'Z2')] });
		expect([told(made), toldProblems(made)]).toEqual([{}, ['Z: ambiguous!']]);
	});

	test('is held to the limit for disabled accounts', async () => {
		const gone = ['Z-1', 'Z-2', 'Z-3', 'Z-4'];
		const world = { accounts: [...others, ...gone.map((key) => account(key))], feed: { previousMissing: gone } };
		const made = await missing(world);
		expect(made.plan.counts.people.leaver).toBe(4);
		expect(made.plan.guard).toMatchObject({ ok: false, breaches: [{ rule: 'disable', limit: 3, actual: 4 }] });
	});
});

test('from the second plan on to the end: disabled, nothing more for 30 days, then deleted', async () => {
	const start = [...others, account('Z')];
	const first = await planOf({ accounts: start, people, policy: ON });
	expect(told(first)).toEqual({});
	const second = await planOf({
		accounts: start,
		people,
		policy: ON,
		feed: { previousMissing: first.plan.feed.missing },
	});
	expect(Object.keys(told(second))).toEqual(['Z']);
	const entries = applied(entriesOf({ accounts: start }), second.plan);
	const later = async (now: string) => {
		const { plan } = await planOf({
			entries,
			people,
			policy: ON,
			now,
			feed: { previousMissing: second.plan.feed.missing },
		});
		return told({ plan });
	};
	expect(await later(inDays(0))).toEqual({});
	expect(await later(inDays(30, -1))).toEqual({});
	expect(await later(inDays(30))).toEqual({ Z: ['leaver', 'delete'] });
});
