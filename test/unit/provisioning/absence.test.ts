import fc from 'fast-check';
import type { DesiredAccount, FeedReport } from '../../../lib/contracts';
import { absent, believedOf, planFeed } from '../../../lib/provisioning/plan/absence';
import { matchPeople } from '../../../lib/provisioning/plan/match';
import type { AccountView } from '../../../lib/provisioning/plan/types';
import { account, NOW_MS, person, report, requestOf, type RequestChanges } from './census';
import { policyWith } from './steps/world';

const ON = policyWith({ leavers: { byAbsence: true } });
const PEOPLE = [person('E-1'), person('E-2'), person('E-3', { lifecycle: 'away' })];

function absence(
	accounts: readonly AccountView[],
	{ feed = {}, ...changes }: RequestChanges = {},
	people: readonly DesiredAccount[] = PEOPLE,
) {
	const request = requestOf(people, { policy: ON, ...changes, feed: { previousMissing: ['z-1'], ...feed } });
	return absent(request, accounts, matchPeople(request, accounts, NOW_MS).isPresent);
}

const present = [account('E-1'), account('e-2'), account('E-3')];

describe('leavers by absence', () => {
	test('are missing for the second time', () => {
		const gone = account('Z-1');
		expect(absence([...present, gone, account('Z-2')])).toEqual({
			missing: ['Z-1', 'Z-2'],
			refused: [],
			leavers: [gone],
			problems: [],
		});
	});

	test('are nobody in the first plan, and the missing keys are kept for the next one', () => {
		const found = absence([...present, account('Z-1')], { feed: { previousMissing: null } });
		expect(found).toMatchObject({ missing: ['Z-1'], leavers: [], refused: [expect.stringContaining('first plan')] });
	});

	test.each([
		['turned off', policyWith({ leavers: { byAbsence: false } })],
		['turned off with all leavers', policyWith({ leavers: { byAbsence: true, disable: false } })],
	])('are nobody when they are %s, and the missing keys are kept all the same', (_what, policy) => {
		const found = absence([...present, account('Z-1')], { policy });
		expect(found).toMatchObject({ missing: ['Z-1'], leavers: [], refused: ['Leavers by absence are turned off.'] });
	});

	test.each<[string, AccountView, boolean]>([
		['enabled', account('Z-1'), true],
		['pending', account('Z-1', { state: 'pending' }), true],
		['left', account('Z-1', { state: 'left' }), true],
		['disabled by others', account('Z-1', { state: 'others' }), false],
		['marked with another key', account('Z-1', { state: 'left', signedWith: 'another key of somebody' }), false],
		['outside the scope', account('Z-1', { inScope: false }), false],
		['without a key', account(''), false],
	])('may have an account that is %s: %#', (_state, held, may) => {
		const found = absence([...present, held]);
		expect(found.leavers).toEqual(may ? [held] : []);
		expect(found.missing).toEqual(may ? ['Z-1'] : []);
	});

	test.each<[string, RequestChanges, readonly DesiredAccount[]]>([
		['rejected', { feed: { rejected: [{ key: 'z-1', displayName: '' }] } }, PEOPLE],
		['out of scope', { feed: { outOfScope: [{ key: 'z-1', displayName: '' }] } }, PEOPLE],
		['found by a previous key', {}, [person('E-9', { previousKeys: ['Z-1'] })]],
		['found by mail', { matchOn: ['mail'] }, [person('E-9', { attributes: { mail: 'z@example.com' } })]],
	])('are none of those who are %s', (_what, changes, people) => {
		const held = account('Z-1', { attributes: { mail: 'z@example.com' } });
		expect(absence([held], changes, people)).toEqual({ missing: [], refused: [], leavers: [], problems: [] });
	});

	test('are none whose accounts are protected: a person has to look, at once', () => {
		const held = account('Z-1', { protection: 'it is a member of Domain Admins' });
		const { leavers, problems, missing } = absence([...present, held]);
		expect({ leavers, missing }).toEqual({ leavers: [], missing: ['Z-1'] });
		expect(problems).toMatchObject([
			{ kind: 'protected', urgent: true, key: 'Z-1', record: null, accounts: [{ guid: held.guid }] },
		]);
		expect(problems[0]?.whatToDo).toContain('disable the account by hand now');
	});

	test('are none whose key more than one account has', () => {
		const { leavers, problems } = absence([...present, account('Z-1'), account('z-1')]);
		expect(leavers).toEqual([]);
		expect(problems).toMatchObject([{ kind: 'ambiguous', urgent: true, accounts: [{}, {}] }]);
	});
});

/** What is broken, and a word of what is said then. */
const BROKEN: ReadonlyArray<readonly [string, RequestChanges, string]> = [
	['selected people', { feed: { input: 'people' } }, 'selected people'],
	['no report', { feed: { report: null } }, 'no feed report'],
	['a feed of changes', { feed: { report: report(3, { kind: 'delta' }) } }, 'changes only'],
	['an incomplete feed', { feed: { report: report(3, { complete: false, reasons: ['page 2'] }) } }, 'page 2'],
	['weak evidence', { feed: { report: report(3, { evidence: 'weak' }) } }, 'not proven'],
	['fewer people than the report counts', { feed: { report: report(4) } }, 'counts 4 records, and 3 came in'],
	['more people than the report counts', { feed: { report: report(2) } }, 'counts 2 records, and 3 came in'],
	['a rejected person without a key', { feed: { rejected: [{ key: ' ', displayName: 'Ada' }] } }, '1 of the people'],
	['one out of scope without a key', { feed: { outOfScope: [{ key: '', displayName: 'Ada' }] } }, '1 of the people'],
	[
		'a rejected person with the key of somebody else',
		{ feed: { rejected: [{ key: ' e-1', displayName: '' }] } },
		'1 of the people in the feed have the key of somebody else',
	],
	['too few people', { policy: { ...ON, guards: { minimumFeed: 4 } } }, '4 are the least'],
];

describe('nobody is a leaver by absence, and nobody is missing', () => {
	test.each(BROKEN)('with %s', (_what, changes, words) => {
		const { missing, leavers, refused, problems } = absence([...present, account('Z-1')], changes);
		expect({ missing, leavers, problems }).toEqual({ missing: [], leavers: [], problems: [] });
		expect(refused.join(' ')).toContain(words);
	});

	test('with an empty feed that says that it is whole', () => {
		const none = { policy: { ...ON, guards: { minimumFeed: 0 } } };
		const { missing, leavers, refused } = absence([account('Z-1')], none, []);
		expect({ missing, leavers }).toEqual({ missing: [], leavers: [] });
		expect(refused).not.toEqual([]);
	});

	test('with a person without a key', () => {
		const people = [...PEOPLE, person('', { attributes: {} })];
		expect(absence([...present, account('Z-1')], {}, people)).toMatchObject({ missing: [], leavers: [] });
	});

	test('with any mixture of what can be broken', () => {
		const reports = fc.record({
			kind: fc.constantFrom<FeedReport['kind']>('full', 'delta'),
			complete: fc.boolean(),
			evidence: fc.constantFrom<FeedReport['evidence']>('strong', 'weak'),
			records: fc.integer({ min: 2, max: 5 }),
		});
		const others = fc.array(fc.record({ key: fc.constantFrom('R-1', '', 'Z-1'), displayName: fc.string() }), {
			maxLength: 2,
		});
		fc.assert(
			fc.property(
				reports,
				others,
				fc.option(fc.subarray(['Z-1', 'Z-2'])),
				fc.boolean(),
				fc.constantFrom('whole' as const, 'people' as const),
				({ records, ...changes }, rejected, previousMissing, byAbsence, input) => {
					const accounts = [...present, account('Z-1'), account('Z-2', { state: 'left' })];
					const { leavers, missing, refused } = absence(accounts, {
						policy: policyWith({ leavers: { byAbsence } }),
						feed: { input, rejected, previousMissing, report: report(records, changes) },
					});
					const { kind, complete, evidence } = changes;
					const isWhole = input === 'whole' && kind === 'full' && complete && evidence === 'strong';
					const addsUp = records === 3 + rejected.length && rejected.every(({ key }) => key !== '');
					const isUnique = new Set(rejected.map(({ key }) => key)).size === rejected.length;
					const wanted = ['Z-1', 'Z-2'].filter((key) => !rejected.some((one) => one.key === key));
					expect(missing).toEqual(isWhole && addsUp && isUnique ? wanted : []);
					const mayBe = isWhole && addsUp && isUnique && byAbsence && previousMissing !== null;
					expect(leavers.map(({ key }) => key)).toEqual(
						mayBe ? wanted.filter((key) => previousMissing.includes(key)) : [],
					);
					expect(refused.length === 0).toBe(mayBe);
				},
			),
			{ numRuns: 500 },
		);
	});
});

test('the plan says who came in, who is missing and why nobody may be', () => {
	const rejected = [{ key: 'R-1', displayName: '' }];
	const request = requestOf(PEOPLE, { feed: { rejected } });
	const feed = planFeed(request, { missing: ['Z-1'], refused: ['why'], leavers: [], problems: [] });
	expect(feed).toEqual({
		...{ input: 'whole', kind: 'full', complete: true, evidence: 'strong' },
		...{ received: 4, mapped: 3, rejected: 1, outOfScope: 0, missing: ['Z-1'], absenceRefused: ['why'] },
	});
	expect(believedOf(request)).toBe(4);
	const people = requestOf(PEOPLE, { feed: { input: 'people', report: null } });
	expect(planFeed(people, { missing: [], refused: [], leavers: [], problems: [] })).toMatchObject({
		...{ input: 'people', kind: 'delta', complete: false, evidence: 'weak', received: 3 },
	});
});

test('one empty item in the place of nobody makes no feed that is believed', () => {
	const feed = { rejected: [{ key: '', displayName: '' }], report: report(0) };
	expect(believedOf(requestOf([], { feed }))).toBe(0);
});
