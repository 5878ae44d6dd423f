import fc from 'fast-check';
import type { DesiredAccount } from '../../../lib/contracts';
import { decide, decideContext } from '../../../lib/provisioning/plan/decide';
import { keysToFind, matchPeople } from '../../../lib/provisioning/plan/match';
import type { AccountView } from '../../../lib/provisioning/plan/types';
import { account, inDays, NOW, NOW_MS, person, requestOf, type RequestChanges } from './census';

function match(people: readonly DesiredAccount[], accounts: readonly AccountView[], changes: RequestChanges = {}) {
	return matchPeople(requestOf(people, changes), accounts, NOW_MS);
}

/** Of the only person. */
function one(who: DesiredAccount, accounts: readonly AccountView[], changes: RequestChanges = {}) {
	const [first] = match([who], accounts, changes).matches;
	if (!first) throw new Error('There is no match.');
	return first;
}

describe('a person', () => {
	test.each([
		['E-1', 'E-1'],
		['e-1', 'E-1'],
		[' E-1 ', 'E-1'],
		['E-1', ' e-1'],
	])('with the key "%s" has the account with "%s"', (key, held) => {
		const own = account(held);
		expect(one(person(key, { attributes: {} }), [account('E-2'), own])).toMatchObject({ account: own, by: 'key' });
	});

	test('has the account with a previous key', () => {
		const own = account('C-17');
		const found = one(person('E-1', { previousKeys: ['C-3', 'c-17'] }), [own]);
		expect(found).toMatchObject({ account: own, by: 'previous key' });
	});

	test('has no account outside the scope, and none without a key', () => {
		expect(one(person('E-1'), [account('E-1', { inScope: false }), account('')])).toEqual({ person: person('E-1') });
	});

	test('may have the own key among the previous ones', () => {
		const own = account('E-1');
		expect(one(person('E-1', { previousKeys: ['E-1', 'e-1 '] }), [own])).toMatchObject({ account: own, by: 'key' });
	});

	test('without a key is unusable', () => {
		expect(one(person('  ', { attributes: {} }), []).problem).toMatchObject({ kind: 'unusable', urgent: false });
	});

	test.each<[string, Partial<DesiredAccount>]>([
		['another key', { attributes: { EMPLOYEEID: 'E-9' } }],
		['a person', { attributes: { employeeID: { by: 'mail', value: 'a@b.c' } } }],
		['two keys', { attributes: { employeeID: ['E-1', 'E-2'] } }],
		['another key by a ladder', { attributes: {}, names: { employeeID: { candidates: ['E-9'] } } }],
	])('whose anchor is mapped to %s is unusable', (_what, changes) => {
		const { problem, account: own } = one(person('E-1', changes), [account('E-1')]);
		expect(problem).toMatchObject({ kind: 'unusable', key: 'E-1' });
		expect(problem?.message).toContain('employeeID');
		expect(own).toBeUndefined();
	});
});

describe('people with one key', () => {
	const kinds = (people: readonly DesiredAccount[], changes: RequestChanges = {}) =>
		match(people, [account('E-1'), account('C-1')], changes).matches.map(({ problem }) => problem?.kind);

	test.each<[string, readonly DesiredAccount[]]>([
		['the same key in another case', [person('E-1'), person('e-1', { attributes: {} })]],
		['a previous key that is the key of the other', [person('E-1', { previousKeys: ['C-1'] }), person('C-1')]],
		['the same previous key', [person('E-1', { previousKeys: ['C-1'] }), person('E-2', { previousKeys: ['c-1'] })]],
	])('are duplicates: %s', (_what, people) => {
		expect(kinds([...people, person('E-7')])).toEqual(['duplicate', 'duplicate', undefined]);
	});

	test('are duplicates, when one of them was rejected for something else', () => {
		const rejected = [{ key: 'e-1', displayName: 'Ada' }];
		expect(kinds([person('E-1'), person('E-2')], { feed: { rejected } })).toEqual(['duplicate', undefined]);
	});

	test('are named, all of them', () => {
		const { matches } = match([person('E-1'), person('e-1', { displayName: 'Bob', attributes: {} })], []);
		expect(matches[0]?.problem?.message).toContain('User E-1 (E-1)');
		expect(matches[0]?.problem?.message).toContain('Bob (e-1)');
	});

	test('hinder nobody who is out of scope', () => {
		const outOfScope = [{ key: 'C-1', displayName: 'Ada' }];
		expect(kinds([person('E-2', { previousKeys: ['C-1'] })], { feed: { outOfScope } })).toEqual([undefined]);
	});
});

describe('accounts', () => {
	test('with one key are ambiguous', () => {
		const accounts = [account('E-1'), account('e-1'), account('E-2')];
		const { problem, account: own } = one(person('E-1'), accounts);
		expect(problem).toMatchObject({ kind: 'ambiguous', accounts: [{ dn: accounts[0]?.dn }, { dn: accounts[1]?.dn }] });
		expect(own).toBeUndefined();
	});

	test('with one previous key are ambiguous', () => {
		const found = one(person('E-1', { previousKeys: ['C-1'] }), [account('C-1'), account('C-1')]);
		expect(found.problem?.kind).toBe('ambiguous');
	});

	test.each<[string, readonly string[], readonly AccountView[]]>([
		['by key and by previous key', ['C-1'], [account('E-1'), account('C-1')]],
		['by two previous keys', ['C-1', 'C-2'], [account('C-1'), account('C-2')]],
	])('of which one person has two are a conflict: %s', (_what, previousKeys, accounts) => {
		const { problem } = one(person('E-1', { previousKeys }), accounts);
		expect(problem).toMatchObject({ kind: 'conflict', accounts: accounts.map(({ guid, dn }) => ({ guid, dn })) });
	});

	test('that stay open for a leaver, because nobody knows whose they are, are urgent', () => {
		const who = person('E-1', { lifecycle: 'leaver' });
		expect(one(who, [account('E-1'), account('E-1')]).problem).toMatchObject({ kind: 'ambiguous', urgent: true });
		const disabled = [account('E-1', { state: 'others' }), account('E-1', { state: 'left' })];
		expect(one(who, disabled).problem).toMatchObject({ kind: 'ambiguous', urgent: false });
	});
});

describe('a match by mail or name', () => {
	const MAIL = { matchOn: ['mail', 'displayName'] };
	const ada = person('E-1', { attributes: { mail: 'ada@example.com', displayName: 'Ada Lovelace' } });
	const mailOf = (mail: string) => ({ attributes: { mail } });

	test('is for a person to look at: which account, by what, what to do', () => {
		const other = account('', mailOf('ADA@example.com'));
		const { problem, account: own } = one(ada, [other], MAIL);
		expect(own).toBeUndefined();
		expect(problem).toMatchObject({ kind: 'review', accounts: [{ guid: other.guid }] });
		expect(problem?.message).toContain(`${other.dn} has the person's mail "ada@example.com"`);
		expect(problem?.whatToDo).toContain('write the employeeID "E-1" into it by hand');
	});

	test('is not made for whom the key finds', () => {
		const own = account('E-1');
		expect(one(ada, [account('', mailOf('ada@example.com')), own], MAIL)).toMatchObject({ account: own, by: 'key' });
	});

	test('is made by the attributes in their order', () => {
		const byName = account('', { attributes: { displayName: 'Ada Lovelace' } });
		expect(one(ada, [byName], MAIL).problem?.message).toContain('displayName');
		const byMail = account('', mailOf('ada@example.com'));
		expect(one(ada, [byName, byMail], MAIL).problem?.accounts).toEqual([{ guid: byMail.guid, dn: byMail.dn }]);
	});

	test('is made by the first name of a ladder, and no further one', () => {
		const names = { mail: { candidates: ['ada@example.com', 'a.lovelace@example.com'] } };
		const who = person('E-1', { attributes: {}, names });
		expect(one(who, [account('', mailOf('ada@example.com'))], MAIL).problem?.kind).toBe('review');
		expect(one(who, [account('', mailOf('a.lovelace@example.com'))], MAIL).problem).toBeUndefined();
	});

	test('with more than one account is ambiguous', () => {
		const accounts = [account('', mailOf('ada@example.com')), account('X-1', mailOf('ada@example.com'))];
		expect(one(ada, accounts, MAIL).problem?.kind).toBe('ambiguous');
	});

	test('of two people with one account is a conflict for both', () => {
		const twin = person('E-2', { attributes: { mail: 'ada@example.com' } });
		const { matches } = match([ada, twin], [account('', mailOf('ada@example.com'))], MAIL);
		expect(matches.map(({ problem }) => problem?.kind)).toEqual(['conflict', 'conflict']);
	});

	test.each<[string, Partial<DesiredAccount>, 'review' | undefined]>([
		['of a namesake who stays is none', {}, undefined],
		['of somebody who leaves is', { lifecycle: 'leaver' }, 'review'],
		['of somebody whose end has come is', { endsAt: inDays(-1) }, 'review'],
		['of somebody whose end is to come is none', { endsAt: inDays(1) }, undefined],
	])('with the account %s', (_what, changes, kind) => {
		const namesake = person('E-2', { attributes: {}, ...changes });
		const { matches } = match([ada, namesake], [account('E-2', mailOf('ada@example.com'))], MAIL);
		expect(matches.map(({ problem }) => problem?.kind)).toEqual([kind, undefined]);
	});

	test('with the account of somebody who is out of scope is one', () => {
		const outOfScope = [{ key: 'C-1', displayName: 'Ada' }];
		const found = one(ada, [account('C-1', mailOf('ada@example.com'))], { ...MAIL, feed: { outOfScope } });
		expect(found.problem?.kind).toBe('review');
	});

	test('by what half of the company has costs one pass', () => {
		const many = Array.from({ length: 3000 }, (_, index) => person(`N${index}`, { attributes: { company: 'Acme' } }));
		const accounts = Array.from({ length: 3000 }, () => account('', { attributes: { company: 'Acme' } }));
		const { matches, isPresent } = match(many, accounts, { matchOn: ['company'] });
		expect(matches.every(({ problem }) => problem?.kind === 'conflict')).toBe(true);
		expect(accounts.every(isPresent)).toBe(true);
	});
});

describe('present is', () => {
	test.each<[string, AccountView, RequestChanges]>([
		['who has the key', account('e-1'), {}],
		['who had the key before', account('c-1'), {}],
		['who was rejected', account('R-1'), { feed: { rejected: [{ key: 'r-1', displayName: '' }] } }],
		['who is out of scope', account('O-1'), { feed: { outOfScope: [{ key: 'o-1 ', displayName: '' }] } }],
		['who was found by another match', account('X-1', { attributes: { mail: 'a@b.c' } }), { matchOn: ['mail'] }],
		['each of those that nothing is planned for', account('D-1'), {}],
	])('%s', (_what, seen, changes) => {
		const people = [
			person('E-1', { previousKeys: ['C-1'] }),
			person('D-1'),
			person('d-1', { attributes: {} }),
			person('E-5', { attributes: { mail: 'a@b.c' } }),
		];
		const { isPresent } = match(people, [seen, account('Z-1')], changes);
		expect(isPresent(seen)).toBe(true);
		expect(isPresent(account('Z-1'))).toBe(false);
		expect(isPresent(account(''))).toBe(false);
	});
});

test('people without an account are looked for in the whole domain by all their keys, but for those who are away', () => {
	const people = [
		person('E-1'),
		person('E-2', { previousKeys: ['C-2'] }),
		person('E-3', { lifecycle: 'away' }),
		person('E-4', { lifecycle: 'leaver' }),
		person('E-5'),
		person('e-5', { attributes: {} }),
	];
	expect(keysToFind(match(people, [account('E-1')]).matches)).toEqual(['E-2', 'C-2', 'E-4']);
});

describe('whatever comes in', () => {
	const key = fc.constantFrom('A', 'a', 'B', 'C', 'D', ' ');
	const people = fc.array(
		fc.record({ key, previousKeys: fc.array(key, { maxLength: 2 }), mail: fc.constantFrom('x@y.z', 'u@v.w') }),
		{ maxLength: 6 },
	);
	const accounts = fc.array(
		fc.record({
			key: fc.constantFrom('A', 'a', 'B', 'C', 'D', ''),
			state: fc.constantFrom('enabled' as const, 'pending' as const, 'left' as const, 'others' as const),
			mail: fc.constantFrom('x@y.z', 'u@v.w'),
		}),
		{ maxLength: 6 },
	);

	test('nobody gets two decisions, and no account two people', () => {
		fc.assert(
			fc.property(people, accounts, (given, held) => {
				const feed = given.map(({ mail, ...rest }) => person(rest.key, { ...rest, attributes: { mail } }));
				const views = held.map(({ mail, ...rest }) => account(rest.key, { ...rest, attributes: { mail } }));
				const request = requestOf(feed, { matchOn: ['mail'] });
				const { matches } = matchPeople(request, views, NOW_MS);
				const decisions = matches.map((found) => decide(found, decideContext(request, { now: NOW }, [])));
				expect(decisions).toHaveLength(feed.length);
				const guids = decisions.flatMap((decision) =>
					'account' in decision && decision.account ? [decision.account.guid] : [],
				);
				expect(new Set(guids).size).toBe(guids.length);
				const changed = decisions.flatMap((decision) =>
					'person' in decision && decision.person ? [decision.person.key.trim().toLowerCase()] : [],
				);
				expect(new Set(changed).size).toBe(changed.length);
			}),
			{ numRuns: 500 },
		);
	});
});
