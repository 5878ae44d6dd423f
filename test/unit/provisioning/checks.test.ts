import fc from 'fast-check';
import type { DesiredAccount } from '../../../lib/contracts';
import { DirectoryError } from '../../../lib/directory/errors';
import { checkAnchor, checkMatchOnSchema, checkRequest, parsePerson } from '../../../lib/provisioning/plan/checks';
import { attributeFacts } from '../../../lib/schema/attributes';
import { person, requestOf, type RequestChanges } from './census';
import { POLICY, policyWith, STAFF } from './steps/world';

/** What a check says, and what it advises; undefined when it lets the plan go on. */
function said(check: () => void): string | undefined {
	try {
		check();
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind !== 'configuration') throw error;
		expect(error.whatToDo).toMatch(/\.$/);
		return `${error.message} ${error.whatToDo}`;
	}
	return undefined;
}

const request = (changes: RequestChanges, people: readonly DesiredAccount[] = [person('E-1')]) =>
	said(() => checkRequest(requestOf(people, changes)));

describe('a request', () => {
	test('that is as it should be passes', () => {
		expect(request({})).toBeUndefined();
		expect(request({ feed: { input: 'people', report: null } })).toBeUndefined();
		expect(request({ matchOn: ['mail', 'extensionAttribute1'] })).toBeUndefined();
	});

	test.each<[string, RequestChanges, RegExp]>([
		['without a signing key', { signingKey: '' }, /no signing key/],
		['with an anchor that is no attribute', { anchor: '1.2.3' }, /no name of an attribute/],
		['with an anchor that is never written', { anchor: 'userAccountControl' }, /cannot be the anchor attribute/],
		['with a mark attribute that users write', { markAttribute: 'url' }, /users can write it on themselves/],
		['with a mark attribute that is the anchor', { markAttribute: 'EMPLOYEEID' }, /it is the anchor attribute/],
		['with a mark attribute that is none', { markAttribute: 'car license' }, /no name of an attribute/],
		['that looks for people by no attribute', { matchOn: ['(mail=*)'] }, /cannot be looked for by/],
		['that looks for people by marks', { matchOn: ['carlicense'] }, /holds the marks/],
		['for the whole feed without its report', { feed: { report: null } }, /feed report is missing/],
	])('%s is unusable', (_what, changes, words) => {
		expect(request(changes)).toMatch(words);
	});

	test('whose mapping writes the mark attribute is unusable', () => {
		expect(request({}, [person('E-1'), person('E-2', { attributes: { CarLicense: 'B-AL 1' } })])).toMatch(
			/to be written/,
		);
	});

	test('whose anchor comes from a name ladder is unusable', () => {
		expect(request({ anchor: 'sAMAccountName' })).toMatch(/name ladder/);
	});

	test('with a scope that is no distinguished name is unusable', () => {
		const scope = { bases: [STAFF], filterText: '', filter: undefined, excludedOus: ['Admins'] };
		expect(request({ scope })).toMatch(/"Admins" is no distinguished name/);
	});

	test.each([
		['negative days', policyWith({ joiners: { daysBefore: -1 } })],
		['half days', policyWith({ rehires: { withinDays: 1.5 } })],
		['no days', policyWith({ rehires: { withinDays: NaN } })],
		['negative days until deletion', policyWith({ leavers: { deleteAfterDays: -1 } })],
		['no changes', { ...POLICY, maxChanges: 0 }],
		['no time to approve', { ...POLICY, expiresAfterHours: 0 }],
		['endless time to approve', { ...POLICY, expiresAfterHours: Infinity }],
		['a negative feed', { ...POLICY, guards: { minimumFeed: -1 } }],
		['a percentage above 100', { ...POLICY, guards: { minimumFeed: 1, disable: { percent: 101 } } }],
		['half accounts', { ...POLICY, guards: { minimumFeed: 1, create: { count: 0.5 } } }],
		['an attribute percentage below 0', { ...POLICY, guards: { minimumFeed: 1, attributePercent: -1 } }],
		['clearing the anchor', policyWith({ leavers: { clear: ['employeeID'] } })],
		['clearing the marks', policyWith({ leavers: { clear: ['carLicense'] } })],
	])('with a policy of %s is unusable', (_what, policy) => {
		expect(request({ policy })).toBeDefined();
	});
});

describe('keys', () => {
	const schema = (anchor: string) => new Map([[anchor.toLowerCase(), attributeFacts(anchor)]]);
	const keys = (values: readonly string[], anchor = 'employeeID') =>
		said(() => checkAnchor({ anchor, people: values.map((key) => person(key)) }, schema(anchor)));

	test('that fit pass', () => {
		expect(keys(['1'.repeat(16), 'É-1', ''])).toBeUndefined();
		expect(keys(['1'.repeat(17)], 'employeeNumber')).toBeUndefined();
	});

	test('that are too long stop the plan: how many, the longest, and what to do', () => {
		const words = keys(['E-1', '1'.repeat(17), '2'.repeat(20)]);
		expect(words).toContain('employeeID takes 16 characters, and 2 of the 3 keys are longer');
		expect(words).toContain(`the longest has 20, "${'2'.repeat(20)}"`);
		expect(words).toContain('another Anchor Attribute');
	});

	test('that the attribute cannot hold for another reason stop the plan', () => {
		expect(keys(['E-1', '7'], 'uidNumber')).toMatch(/1 of the 2 keys cannot stand in uidNumber, "E-1"/);
	});

	test('that would come back otherwise from an attribute for numbers stop the plan', () => {
		for (const key of ['007', '+7', '-0', '-07']) expect(keys(['7', key], 'uidNumber')).toContain(`"${key}" would not`);
		expect(keys(['7', '70'], 'uidNumber')).toBeUndefined();
		expect(keys(['007'])).toBeUndefined();
	});

	test('cannot stand in an attribute that takes several values, or that the domain does not have', () => {
		expect(keys(['E-1'], 'otherMailbox')).toMatch(/several values/);
		expect(said(() => checkAnchor({ anchor: 'badgeNumber', people: [] }, new Map()))).toMatch(/have no attribute/);
	});

	test('pass where nothing is known of the attribute', () => {
		const unknown = new Map([['badgenumber', undefined]]);
		expect(said(() => checkAnchor({ anchor: 'badgeNumber', people: [person('E-1')] }, unknown))).toBeUndefined();
	});
});

test('an attribute to match on that users do not have stops the plan', () => {
	const schema = new Map([['mail', attributeFacts('mail')]]);
	expect(said(() => checkMatchOnSchema({ matchOn: ['Mail'] }, schema))).toBeUndefined();
	expect(said(() => checkMatchOnSchema({ matchOn: ['mail', 'maill'] }, schema))).toMatch(/by maill, and .* no such/);
});

describe('an item', () => {
	const full = person('E-1', {
		previousKeys: ['C-1'],
		review: [{ attribute: 'sn', reason: 'odd' }],
		startsAt: '2026-01-01T00:00:00+01:00',
		endsAt: '2026-12-31T23:00:00.000Z',
	});

	test('as Attribute Map makes it is a person', () => {
		expect(parsePerson(full)).toBe(full);
		expect(parsePerson(JSON.parse(JSON.stringify(person('E-1'))))).toEqual(person('E-1'));
	});

	test.each(Object.keys(full))('without %s is none', (field) => {
		const { [field]: _gone, ...rest } = full as unknown as Record<string, unknown>;
		expect(parsePerson(rest)).toEqual(expect.stringMatching(/^its /));
	});

	test.each<[string, unknown]>([
		['previousKeys', 'C-1'],
		['previousKeys', [1]],
		['groups', null],
		['managedGroups', [{}]],
		['startsAt', ''],
		['startsAt', '2026-01-01'],
		['startsAt', '2026-01-01T00:00:00'],
		['startsAt', 1767222000000],
		['endsAt', '2026-13-01T00:00:00Z'],
		['review', [{ attribute: 'sn' }]],
		['names', { displayName: { candidates: ['Ada'] } }],
		['names', { toString: { candidates: ['Ada'] } }],
		['key', ''],
		['lifecycle', 'gone'],
	])('whose %s is %j is none, and the field is named', (field, value) => {
		expect(parsePerson({ ...full, [field]: value })).toEqual(expect.stringContaining(field));
	});

	test('of any other shape is none', () => {
		fc.assert(fc.property(fc.jsonValue(), (value) => typeof parsePerson(value) === 'string'));
		for (const value of [undefined, null, [], 'E-1', [full]]) expect(typeof parsePerson(value)).toBe('string');
	});
});
