import type { AttributeValue, DesiredAccount, Ref, Write } from '../../../../lib/contracts';
import { draftOf } from '../../../../lib/provisioning/plan/drafts';
import { accountOf, contextOf, drafted, guid, person, policyWith, RESOLVED, STAFF } from './world';

type Values = Parameters<typeof accountOf>[0];

/** What one Modify writes for somebody who works here. */
function writesFor(
	attributes: Record<string, AttributeValue>,
	has: Values = {},
	changes: Partial<DesiredAccount> = {},
	keep: readonly string[] = [],
): readonly Write[] {
	const who = person({ attributes, ...changes });
	const context = contextOf({ policy: policyWith({ movers: { keep } }) });
	const { steps } = drafted({ kind: 'mover', person: who, account: accountOf(has), newKey: false }, context);
	return steps.flatMap((step) => (step.do === 'set' ? step.writes : []));
}

const NEVER = '9223372036854775807';

test.each<[title: string, wanted: Record<string, AttributeValue>, has: Values, writes: readonly Write[]]>([
	['an absent attribute is left alone', {}, { title: 'Poet' }, []],
	['an equal value is left alone', { title: 'Poet' }, { title: 'Poet' }, []],
	[
		'another value is written',
		{ title: 'Poet' },
		{ title: 'Clerk' },
		[{ attribute: 'title', from: 'Clerk', to: 'Poet' }],
	],
	[
		'other capitals are another value',
		{ title: 'poet' },
		{ title: 'Poet' },
		[{ attribute: 'title', from: 'Poet', to: 'poet' }],
	],
	['a first value is written', { title: 'Poet' }, {}, [{ attribute: 'title', from: null, to: 'Poet' }]],
	['null clears', { title: null }, { title: 'Poet' }, [{ attribute: 'title', from: 'Poet', to: null }]],
	['an empty list clears', { title: [] }, { title: 'Poet' }, [{ attribute: 'title', from: 'Poet', to: null }]],
	['null where there is nothing is nothing', { title: null }, {}, []],
	['attributes are found in any case', { TITLE: 'Poet' }, { title: 'Poet' }, []],
	['mail in other capitals is the same', { mail: 'ada@example.com' }, { mail: 'Ada@Example.com' }, []],
	['no end is written in two ways', { accountExpires: null }, { accountExpires: '0' }, []],
	['no end and no value are the same', { accountExpires: NEVER }, {}, []],
	[
		'taking the end away writes never',
		{ accountExpires: null },
		{ accountExpires: '133000000000000000' },
		[{ attribute: 'accountExpires', from: '133000000000000000', to: NEVER }],
	],
	['numbers are compared as numbers', { uidNumber: '0042' }, { uidNumber: '42' }, []],
	['several values in another order are the same', { otherTelephone: ['1', '2'] }, { otherTelephone: ['2', '1'] }, []],
	[
		'only what is missing is added',
		{ otherTelephone: ['1', '2'] },
		{ otherTelephone: ['1'] },
		[{ attribute: 'otherTelephone', remove: [], add: ['2'] }],
	],
	[
		'and only what is too much removed',
		{ otherTelephone: ['1'] },
		{ otherTelephone: ['1', '2'] },
		[{ attribute: 'otherTelephone', remove: ['2'], add: [] }],
	],
	[
		'a value wanted twice is one',
		{ otherTelephone: ['1', '1'] },
		{ otherTelephone: ['1', '2'] },
		[{ attribute: 'otherTelephone', remove: ['2'], add: [] }],
	],
	['bytes are compared as bytes', { thumbnailPhoto: { base64: 'AAE=' } }, { thumbnailPhoto: Buffer.from([0, 1]) }, []],
	[
		'and travel as base64',
		{ thumbnailPhoto: { base64: 'AAI=' } },
		{ thumbnailPhoto: Buffer.from([0, 1]) },
		[{ attribute: 'thumbnailPhoto', from: { base64: 'AAE=' }, to: { base64: 'AAI=' } }],
	],
	['names of objects are compared parsed', { manager: `cn=Bob, ${STAFF}` }, { manager: `CN=Bob,${STAFF}` }, []],
	['names of the account come from the ladders', { cn: 'X', sAMAccountName: 'x', userPrincipalName: 'x@y.z' }, {}, []],
	['the anchor is never changed', { employeeID: 'C-2' }, { employeeID: 'C-1' }, []],
])('of attributes: %s', (_title, wanted, has, writes) => {
	expect(writesFor(wanted, has)).toEqual(writes);
});

describe('of attributes written only at times', () => {
	const write = [{ attribute: 'title', from: 'Clerk', to: 'Poet' }];
	const first = [{ attribute: 'title', from: null, to: 'Poet' }];
	test.each<[rule: string, has: Values, changes: Partial<DesiredAccount>, keep: string[], writes: readonly Write[]]>([
		['at creation only', { title: 'Clerk' }, { createOnly: ['Title'] }, [], []],
		['at creation only, and empty', {}, { createOnly: ['title'] }, [], []],
		['where there is no value', { title: 'Clerk' }, { fillOnly: ['TITLE'] }, [], []],
		['where there is no value, and there is none', {}, { fillOnly: ['title'] }, [], first],
		['never over a value', { title: 'Clerk' }, {}, ['title'], []],
		['never over a value, and there is none', {}, {}, ['title'], first],
		['always', { title: 'Clerk' }, {}, ['department'], write],
	])('%s', (_rule, has, changes, keep, writes) => {
		expect(writesFor({ title: 'Poet' }, has, changes, keep)).toEqual(writes);
	});

	test('an account that is still being made gets all but what is filled only', () => {
		const who = person({
			attributes: { title: 'Poet', department: 'Verse' },
			createOnly: ['title'],
			fillOnly: ['department'],
		});
		const account = accountOf({ title: 'Clerk', department: 'Prose', userAccountControl: '514' });
		const context = contextOf({ policy: policyWith({ movers: { keep: ['title'] } }) });
		const { steps } = drafted({ kind: 'pending', person: who, account, finish: false }, context);
		expect(steps).toEqual([{ n: 1, do: 'set', writes: [{ attribute: 'title', from: 'Clerk', to: 'Poet' }] }]);
	});
});

describe('the end of an account', () => {
	test('is the end of the person', () => {
		expect(writesFor({}, { accountExpires: '0' }, { endsAt: '2026-12-31T23:00:00Z' })).toEqual([
			{ attribute: 'accountExpires', from: '0', to: '134432316000000000' },
		]);
	});

	test('is what is mapped, where that is mapped', () => {
		const writes = writesFor({ accountexpires: null }, { accountExpires: '1' }, { endsAt: '2026-12-31T23:00:00Z' });
		expect(writes).toEqual([{ attribute: 'accountexpires', from: '1', to: NEVER }]);
	});
});

describe('a value that cannot be written makes the person a problem', () => {
	test.each<[wanted: Record<string, AttributeValue>, message: RegExp]>([
		[{ title: '' }, /title has an empty value/],
		[{ department: 'x'.repeat(65) }, /department takes at most 64 characters/],
		[{ title: ['a', 'b'] }, /title takes one value, and 2/],
		[{ userAccountControl: '512' }, /userAccountControl cannot be written/],
		[{ CarLicense: 'x' }, /CarLicense cannot be written: it holds the marks/],
		[{ msExchHidden: 'TRUE' }, /no attribute msExchHidden/],
		[{ 'title)(cn=*': 'x' }, /cannot be written|no attribute/],
		[{ ['__proto__x']: 'x' }, /no attribute/],
	])('%j', (attributes, message) => {
		const who = person({ attributes });
		const problem = draftOf({ kind: 'mover', person: who, account: accountOf(), newKey: false }, RESOLVED, contextOf());
		expect(problem).toMatchObject({
			...{ kind: 'bad value', key: 'C-1', displayName: 'Ada Lovelace', record: who, urgent: false },
			...{ accounts: [{ guid: guid(50), dn: `CN=Ada,${STAFF}` }], message: expect.stringMatching(message) as unknown },
		});
	});
});

describe('somebody named in an attribute', () => {
	const bob: Ref = { guid: guid(60), dn: `CN=Bob,${STAFF}` };
	const by = { by: 'employeeID', value: 'C-9' };
	const stepsFor = (wanted: AttributeValue, references: Record<string, readonly Ref[]>, has: Values = {}) => {
		const who = person({ attributes: { [Object.keys(references)[0] ?? 'manager']: wanted } });
		const decision = { kind: 'mover', person: who, account: accountOf(has), newKey: false } as const;
		return drafted(decision, contextOf(), { ...RESOLVED, references });
	};

	test.each([`CN=Bob,${STAFF}`, `cn=bob,${STAFF.toLowerCase()}`])('is left alone where %s stands', (manager) => {
		expect(stepsFor(by, { manager: [bob] }, { manager }).steps).toEqual([]);
	});

	test('is written by reference', () => {
		expect(stepsFor(by, { manager: [bob] }, { manager: `CN=Eve,${STAFF}` }).steps).toEqual([
			{ n: 1, do: 'set', writes: [{ attribute: 'manager', from: `CN=Eve,${STAFF}`, to: bob }] },
		]);
	});

	test('leaves the attribute alone when it is not known who that is', () => {
		expect(stepsFor(by, {}, { manager: `CN=Eve,${STAFF}` }).steps).toEqual([]);
		expect(stepsFor([by, by], { secretary: [bob] }, { secretary: [`CN=Eve,${STAFF}`] }).steps).toEqual([]);
	});

	test('is written last when it is a joiner of the plan', () => {
		const draft = stepsFor(by, { manager: [{ change: 'c1' }] }, { manager: `CN=Eve,${STAFF}`, title: 'x' });
		expect(draft.steps).toEqual([
			{ n: 1, do: 'set', writes: [{ attribute: 'manager', from: `CN=Eve,${STAFF}`, to: { change: 'c1' } }] },
		]);
		expect(draft.dependsOn).toEqual(['c1']);
	});

	test('and of several only the joiner waits', () => {
		const refs = { secretary: [bob, { change: 'c1' }] };
		expect(stepsFor([by, by], refs, { secretary: [`CN=Eve,${STAFF}`] }).steps).toEqual([
			{ n: 1, do: 'set', writes: [{ attribute: 'secretary', remove: [`CN=Eve,${STAFF}`], add: [bob] }] },
			{ n: 2, do: 'set', writes: [{ attribute: 'secretary', remove: [], add: [{ change: 'c1' }] }] },
		]);
	});
});
