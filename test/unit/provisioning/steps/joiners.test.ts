import type { DesiredAccount } from '../../../../lib/contracts';
import { draftOf } from '../../../../lib/provisioning/plan/drafts';
import type { ChangingDecision, Resolved } from '../../../../lib/provisioning/plan/types';
import {
	accountOf,
	contextOf,
	drafted,
	groupRef,
	guid,
	kindsOf,
	LEAVERS,
	NAMES,
	OUTSIDE,
	person,
	policyWith,
	SALES,
	STAFF,
} from './world';

const joiner = (changes: Partial<DesiredAccount> = {}, enable = true) =>
	({ kind: 'joiner', person: person(changes), enable }) as const;

describe('a joiner', () => {
	test('is made, joins groups, gets a password, is enabled, and is told of other joiners last', () => {
		const resolved: Resolved = {
			names: {
				sAMAccountName: 'ada',
				userPrincipalName: 'ada@corp.example.com',
				mail: 'ada@example.com',
				cn: 'Ada, "L"',
			},
			references: {
				manager: [{ change: 'c9' }],
				secretary: [{ guid: guid(60), dn: `CN=Bob,${STAFF}` }, { change: 'c8' }],
			},
			notes: ['Names are short.'],
		};
		const attributes = {
			...{
				title: 'Poet',
				department: null,
				accountExpires: null,
				employeeID: 'other',
				thumbnailPhoto: { base64: 'AAE=' },
			},
			manager: { by: 'employeeID', value: 'C-9' },
			secretary: [
				{ by: 'employeeID', value: 'C-7' },
				{ by: 'employeeID', value: 'C-8' },
			],
		};
		const who = joiner({
			...{ attributes, groups: ['Sales', 'All Staff', 'Domain Users', 'Sales'], managedGroups: ['Sales', 'Support'] },
			...{ createOnly: ['title'], key: ' C-1 ', startsAt: '2026-03-05T00:00:00Z', ou: SALES },
		});
		expect(draftOf(who, resolved, contextOf())).toEqual({
			steps: [
				{
					...{
						n: 1,
						do: 'create',
						parent: { guid: guid(2), dn: SALES },
						rdn: 'CN=Ada\\2C \\22L\\22',
						password: { mustChange: true },
					},
					attributes: {
						...{ title: ['Poet'], thumbnailPhoto: [{ base64: 'AAE=' }], employeeID: ['C-1'] },
						secretary: [{ guid: guid(60), dn: `CN=Bob,${STAFF}` }],
						...{ sAMAccountName: ['ada'], userPrincipalName: ['ada@corp.example.com'], mail: ['ada@example.com'] },
					},
				},
				{ n: 2, do: 'link', group: groupRef('Sales') },
				{ n: 3, do: 'link', group: groupRef('All Staff') },
				{ n: 4, do: 'setPassword', rule: { mustChange: true }, pwdLastSetBefore: '' },
				{ n: 5, do: 'enable', fromUac: 514, with: [] },
				{
					...{ n: 6, do: 'set' },
					writes: [
						{ attribute: 'manager', from: null, to: { change: 'c9' } },
						{ attribute: 'secretary', remove: [], add: [{ change: 'c8' }] },
					],
				},
			],
			reasons: ['new in the feed', 'starts on 2026-03-05 00:00 UTC, enabled before'],
			notes: ['Names are short.'],
			riskReasons: [],
			dependsOn: ['c9', 'c8'],
		});
	});

	test('whose start is not reached stays disabled', () => {
		const draft = drafted(joiner({ startsAt: '2026-03-05T00:00:00Z', groups: ['Sales'] }, false), contextOf(), NAMES);
		expect(kindsOf(draft)).toEqual(['create', 'link']);
		expect(draft.reasons).toEqual(['new in the feed', 'starts on 2026-03-05 00:00 UTC, disabled until then']);
	});

	test('gets an end from the last day', () => {
		const { steps } = drafted(joiner({ endsAt: '2026-12-31T23:00:00Z' }, false), contextOf(), NAMES);
		expect(steps).toMatchObject([{ attributes: { accountExpires: ['134432316000000000'] } }]);
	});

	test('near the privileged ones is of high risk', () => {
		const { riskReasons } = drafted(joiner({ groups: ['Print Masters'] }), contextOf(), NAMES);
		expect(riskReasons).toEqual(['the person joins Print Masters: it leads to Print Operators']);
	});

	test('is not made member of a group that is protected or not there', () => {
		expect(
			kindsOf(drafted(joiner({ groups: ['Domain Admins', 'Nowhere', 'Unheard'] }, false), contextOf(), NAMES)),
		).toEqual(['create']);
	});

	test.each<[what: string, changes: Partial<DesiredAccount>, kind: string, message: RegExp]>([
		['without a place', { ou: '' }, 'organisational unit', /no organisational unit/],
		[
			'in a place that is not there',
			{ ou: 'OU=Gone' },
			'organisational unit',
			/"OU=Gone" cannot be used: it does not exist/,
		],
		['in a place nobody looked for', { ou: 'OU=X' }, 'organisational unit', /it was not found/],
		['outside the scope', { ou: OUTSIDE }, 'organisational unit', /outside the scope/],
		['in an excluded place', { ou: SALES }, 'organisational unit', /outside the scope/],
		['with a bad value', { attributes: { title: '' } }, 'bad value', /empty/],
	])('%s is a problem', (_what, changes, kind, message) => {
		const problem = draftOf(joiner(changes), NAMES, contextOf({ scope: { excludedOus: [SALES.toLowerCase()] } }));
		expect(problem).toMatchObject({ kind, accounts: [], message: expect.stringMatching(message) as unknown });
	});

	test.each(['cn', 'sAMAccountName'] as const)('without a %s is a problem', (name) => {
		const { [name]: _left, ...names } = NAMES.names;
		expect(draftOf(joiner(), { ...NAMES, names }, contextOf())).toMatchObject({
			...{ kind: 'no name', message: expect.stringContaining(name) as unknown },
		});
	});

	test('may stand anywhere in the domain when no search base is given', () => {
		expect(kindsOf(drafted(joiner({ ou: LEAVERS }, false), contextOf({ scope: { bases: [] } }), NAMES))).toEqual([
			'create',
		]);
	});
});

describe('an account that was begun', () => {
	const begun = (finish: boolean, changes: Partial<DesiredAccount> = {}): ChangingDecision => ({
		...{
			kind: 'pending',
			finish,
			person: person({ attributes: { title: 'Poet' }, groups: ['Sales'], ou: SALES, ...changes }),
		},
		account: accountOf({
			userAccountControl: '514',
			title: 'Clerk',
			memberOf: ['CN=Old Sales,OU=Groups,DC=corp,DC=example,DC=com'],
		}),
	});

	test('is brought to what is wanted now, finished last', () => {
		const draft = drafted(begun(true), contextOf());
		expect(draft.steps).toEqual([
			{ n: 1, do: 'set', writes: [{ attribute: 'title', from: 'Clerk', to: 'Poet' }] },
			{
				...{ n: 2, do: 'relocate', from: { parent: { guid: guid(1), dn: STAFF }, rdn: 'CN=Ada' } },
				to: { parent: { guid: guid(2), dn: SALES }, rdn: 'CN=Ada' },
			},
			{ n: 3, do: 'link', group: groupRef('Sales') },
			{ n: 4, do: 'unlink', group: groupRef('Old Sales') },
			{ n: 5, do: 'setPassword', rule: { mustChange: true }, pwdLastSetBefore: '133000000000000000' },
			{ n: 6, do: 'enable', fromUac: 514, with: [] },
		]);
		expect(draft.reasons).toEqual(['the account was begun and is not finished']);
	});

	test('stays disabled before the start', () => {
		expect(kindsOf(drafted(begun(false), contextOf()))).toEqual(['set', 'relocate', 'link', 'unlink']);
	});

	test('keeps its place where nobody is moved, and its attributes all the same', () => {
		const context = contextOf({ policy: policyWith({ movers: { move: false, update: false } }) });
		expect(kindsOf(drafted(begun(false), context))).toEqual(['set', 'link', 'unlink']);
	});
});
