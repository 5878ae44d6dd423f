import type { DesiredAccount, Policy } from '../../../../lib/contracts';
import type { Snapshot } from '../../../../lib/directory/snapshot';
import { draftOf } from '../../../../lib/provisioning/plan/drafts';
import type { AccountView, ChangingDecision } from '../../../../lib/provisioning/plan/types';
import {
	accountOf,
	contextOf,
	drafted,
	groupDn,
	groupRef,
	guid,
	kindsOf,
	LEAVERS,
	LEFT,
	NAMES,
	OUTSIDE,
	person,
	policyWith,
	RESOLVED,
	SALES,
	snapshotOf,
	STAFF,
} from './world';

const BOB = `CN=Bob,${STAFF}`;
const held = (changes: Partial<Snapshot> = {}) =>
	snapshotOf({
		attributes: [
			{ attribute: 'telephoneNumber', from: ['+44 1'], to: [] },
			{ attribute: 'manager', from: [BOB], to: [] },
			{ attribute: 'description', from: [], to: ['Left'] },
		],
		...{ groups: [guid(15), guid(12)], references: { [BOB]: guid(60) }, ...changes },
	});

const left = (attributes: Parameters<typeof accountOf>[0] = {}, changes: Partial<AccountView> = {}) =>
	accountOf(
		{ userAccountControl: '514', description: 'Left', ...attributes },
		{ mark: LEFT, snapshot: held(), ...changes },
		`CN=Ada,${LEAVERS}`,
	);

const rehire = (changes: Partial<DesiredAccount> = {}, account = left(), newKey = false): ChangingDecision => ({
	...{ kind: 'rehire', person: person({ ou: STAFF, ...changes }), account, newKey },
});

const writesOf = (decision: ChangingDecision, policy?: Policy) =>
	drafted(decision, contextOf(policy ? { policy } : {})).steps.flatMap((step) =>
		step.do === 'set' ? step.writes : [],
	);

const RESTORED = [
	{ attribute: 'telephoneNumber', from: null, to: '+44 1' },
	{ attribute: 'manager', from: null, to: { guid: guid(60), dn: BOB } },
	{ attribute: 'description', from: 'Left', to: null },
];

describe('somebody who comes back', () => {
	test('is moved back, gets what leaving took away and what the feed wants, and is enabled last', () => {
		const who = rehire(
			{ attributes: { title: 'Poet' }, groups: ['Support'], managedGroups: ['Sales', 'Support'] },
			left({ employeeID: 'T-7' }),
			true,
		);
		expect(drafted(who, contextOf())).toEqual({
			steps: [
				{
					...{ n: 1, do: 'relocate', from: { parent: { guid: guid(3), dn: LEAVERS }, rdn: 'CN=Ada' } },
					to: { parent: { guid: guid(1), dn: STAFF }, rdn: 'CN=Ada' },
				},
				{
					...{ n: 2, do: 'set' },
					writes: [
						...RESTORED,
						{ attribute: 'title', from: null, to: 'Poet' },
						{ attribute: 'employeeID', from: 'T-7', to: 'C-1' },
					],
				},
				{ n: 3, do: 'link', group: groupRef('Support') },
				{ n: 4, do: 'link', group: groupRef('Poets') },
				{ n: 5, do: 'setPassword', rule: { mustChange: true }, pwdLastSetBefore: '133000000000000000' },
				{ n: 6, do: 'enable', fromUac: 514, with: [] },
			],
			reasons: ['back after leaving on 2026-02-01', 'found by previous key T-7'],
			notes: [],
			riskReasons: [
				...['a disabled account is enabled again', `the account moves to ${STAFF}`, 'employeeID is changed'],
			],
			dependsOn: [],
		});
	});

	test('goes where the account stood when the record does not say', () => {
		expect(drafted(rehire({ ou: '' }), contextOf()).steps[0]).toMatchObject({
			do: 'relocate',
			to: { parent: { dn: SALES } },
		});
	});

	test.each<[what: string, ou: string, snapshot: Partial<Snapshot>]>([
		['outside the scope', OUTSIDE, {}],
		['back to a place that is gone', '', { ou: { guid: guid(77), dn: `OU=Gone,${STAFF}` } }],
		['back to a place outside the scope', '', { ou: { guid: guid(4), dn: OUTSIDE } }],
	])('%s is a problem', (_what, ou, snapshot) => {
		const account = left({}, { snapshot: held(snapshot) });
		expect(draftOf(rehire({ ou }, account), RESOLVED, contextOf())).toMatchObject({ kind: 'organisational unit' });
	});

	test('gets the groups from before, where rules do not say otherwise', () => {
		const linked = (mode: Policy['groups']['mode'], groups: readonly string[]) => {
			const context = contextOf({ policy: policyWith({ groups: { mode } }) });
			const { steps } = drafted(rehire({ groups, managedGroups: ['Sales'] }), context);
			return steps.flatMap((step) => (step.do === 'link' ? [step.group] : []));
		};
		expect(linked('add', [])).toEqual([groupRef('Poets'), groupRef('Sales')]);
		expect(linked('managed', [])).toEqual([groupRef('Poets')]);
		expect(linked('managed', ['Sales'])).toEqual([groupRef('Sales'), groupRef('Poets')]);
	});

	test('is told which groups do not come back', () => {
		const account = left({}, { snapshot: held({ groups: [guid(16), guid(77), guid(15)], attributes: [] }) });
		const draft = drafted(rehire({}, account), contextOf());
		expect(kindsOf(draft)).toEqual(['relocate', 'link', 'setPassword', 'enable']);
		expect(draft.notes).toEqual([
			`The person is not put back into ${groupDn('Domain Admins')}: it is protected, it is privileged.`,
			'1 of the groups before leaving do not exist any more, or cannot be read.',
		]);
	});

	test('gets nothing back without a snapshot, or where nothing is to be restored', () => {
		const without = drafted(rehire({}, left({}, { snapshot: undefined })), contextOf());
		expect(kindsOf(without)).toEqual(['relocate', 'setPassword', 'enable']);
		expect(without.notes).toEqual(['There is no snapshot of what the account had: nothing is restored.']);
		const off = drafted(rehire(), contextOf({ policy: policyWith({ rehires: { restore: false } }) }));
		expect([kindsOf(off), off.notes]).toEqual([['relocate', 'setPassword', 'enable'], []]);
	});

	test('keeps what somebody wrote since the leave', () => {
		const draft = drafted(
			rehire({ attributes: { manager: null } }, left({ telephoneNumber: '+44 2', manager: `CN=Eve,${STAFF}` })),
			contextOf(),
		);
		expect(draft.steps.find((step) => step.do === 'set')).toMatchObject({
			writes: [
				{ attribute: 'description', from: 'Left', to: null },
				{ attribute: 'manager', from: `CN=Eve,${STAFF}`, to: null },
			],
		});
		expect(draft.notes).toEqual(['telephoneNumber was changed since the account was disabled, and is kept as it is.']);
	});

	test('gets what the feed wants on top of what is restored, each attribute once', () => {
		expect(writesOf(rehire({ attributes: { telephoneNumber: '+44 3', description: 'Left', manager: null } }))).toEqual([
			{ attribute: 'telephoneNumber', from: null, to: '+44 3' },
		]);
	});

	test('keeps a restored value that is written only where there is none', () => {
		expect(writesOf(rehire({ attributes: { telephoneNumber: '+44 3' }, fillOnly: ['telephoneNumber'] }))).toEqual(
			RESTORED,
		);
		const policy = policyWith({ movers: { keep: ['telephoneNumber'] } });
		expect(writesOf(rehire({ attributes: { telephoneNumber: '+44 3' } }), policy)).toEqual(RESTORED);
	});

	test('is told what nobody looked at', () => {
		const snapshot = held({ attributes: [{ attribute: 'pager', from: ['1'], to: [] }] });
		expect(drafted(rehire({}, left({}, { snapshot })), contextOf()).notes).toEqual([
			expect.stringMatching(/^pager is not restored/),
		]);
	});

	test('is renamed when there are other names to give', () => {
		const { steps } = drafted(rehire(), contextOf(), NAMES);
		expect(steps[0]).toMatchObject({ do: 'relocate', to: { parent: { dn: STAFF }, rdn: 'CN=Ada Lovelace' } });
		expect(steps[1]).toMatchObject({ writes: [...RESTORED, { attribute: 'sAMAccountName', from: null, to: 'ada' }] });
	});
});

describe('the end of an account that comes back', () => {
	const past = '133000000000000000';
	const future = '143000000000000000';
	const NEVER = '9223372036854775807';
	const ended = { attributes: [{ attribute: 'accountExpires', from: [future], to: [past] }] };

	test.each<
		[what: string, changes: Partial<DesiredAccount>, has: string, snapshot: Partial<Snapshot>, to: string | undefined]
	>([
		["is the person's", { endsAt: '2026-12-31T23:00:00Z' }, past, ended, '134432316000000000'],
		['is the one from before', {}, past, ended, future],
		['is none when it has passed', {}, past, { attributes: [] }, NEVER],
		[
			'is none when the one from before has passed',
			{},
			'5',
			{ attributes: [{ attribute: 'accountExpires', from: [past], to: ['5'] }] },
			NEVER,
		],
		['is kept when it is yet to come', {}, future, { attributes: [] }, undefined],
		['is kept when there is none', {}, '0', { attributes: [] }, undefined],
		['is what is mapped', { attributes: { accountExpires: past } }, past, { attributes: [] }, undefined],
	])('%s', (_what, changes, accountExpires, snapshot, to) => {
		const writes = writesOf(rehire(changes, left({ accountExpires }, { snapshot: held(snapshot) })));
		expect(writes).toEqual(to === undefined ? [] : [{ attribute: 'accountExpires', from: accountExpires, to }]);
	});
});
