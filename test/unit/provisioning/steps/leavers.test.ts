import { SIGNING_KEY } from '../../../support/directory';
import type { Step } from '../../../../lib/contracts';
import { makeSnapshot } from '../../../../lib/directory/snapshot';
import type { AccountView, ChangingDecision } from '../../../../lib/provisioning/plan/types';
import { toFileTime } from '../../../../lib/schema/instants';
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
	LEFT_AT,
	NOW,
	person,
	policyWith,
	SALES,
	snapshotOf,
	STAFF,
} from './world';

type Leaver = Extract<ChangingDecision, { kind: 'leaver' }>;

const leaver = (account: AccountView, changes: Partial<Leaver> = {}): Leaver => ({
	...{ kind: 'leaver', person: person({ lifecycle: 'leaver' }), account, why: 'feed', again: false, remove: false },
	...changes,
});

const BOB = `CN=Bob,${STAFF}`;
const employee = (memberOf: readonly string[] = [groupDn('Sales'), groupDn('All Staff')]) =>
	accountOf({ telephoneNumber: '+44 1', manager: BOB, memberOf });

const MOVED = {
	...{ do: 'relocate', from: { parent: { guid: guid(1), dn: STAFF }, rdn: 'CN=Ada' } },
	to: { parent: { guid: guid(3), dn: LEAVERS }, rdn: 'CN=Ada' },
};

const EMPTIED = [
	{ attribute: 'telephoneNumber', from: '+44 1', to: null },
	{ attribute: 'manager', from: BOB, to: null },
	{ attribute: 'description', from: null, to: 'Left' },
];

describe('a leaver', () => {
	test('is disabled and emptied, gets a password, leaves the groups, and is moved last', () => {
		expect(drafted(leaver(employee()), contextOf())).toEqual({
			steps: [
				{ n: 1, do: 'disable', fromUac: 512, with: EMPTIED },
				{ n: 2, do: 'setPassword', rule: { mustChange: false }, pwdLastSetBefore: '133000000000000000' },
				{ n: 3, do: 'unlink', group: groupRef('Sales') },
				{ n: 4, do: 'unlink', group: groupRef('All Staff') },
				{ n: 5, ...MOVED },
			],
			...{
				reasons: ['leaver by the rules of the feed'],
				notes: [],
				riskReasons: ['the person leaves', `the account moves to ${LEAVERS}`],
			},
			dependsOn: [],
		});
	});

	test('is disabled, and no more, where no more is asked for', () => {
		const leavers = { randomPassword: false, clear: [], removeFromGroups: false, description: '', moveTo: '' };
		const { steps } = drafted(leaver(employee()), contextOf({ policy: policyWith({ leavers }) }));
		expect(steps).toEqual([{ n: 1, do: 'disable', fromUac: 512, with: [] }]);
	});

	test('who never began is marked as one who left all the same', () => {
		const { steps } = drafted(leaver(accountOf({ userAccountControl: '514' })), contextOf());
		expect(steps[0]).toMatchObject({ do: 'disable', fromUac: 514 });
	});

	test('keeps protected groups, groups of others, and the place when there is no other', () => {
		const account = employee([groupDn('Domain Admins'), 'CN=Strange,DC=other', groupDn('Sales')]);
		const draft = drafted(leaver(account), contextOf({ policy: policyWith({ leavers: { moveTo: 'OU=Gone' } }) }));
		expect(kindsOf(draft)).toEqual(['disable', 'setPassword', 'unlink']);
		expect(draft.notes).toEqual([
			`The membership of ${groupDn('Domain Admins')} is kept: the group is protected, it is privileged.`,
			'1 groups of other domains, or that the service account cannot read, are kept: CN=Strange,DC=other',
			'The account stays where it is: OU=Gone cannot be used: it does not exist.',
		]);
	});

	test('is hidden where the domain knows how, and disabled where it does not', () => {
		const policy = (hideAttribute: string) => policyWith({ leavers: { hideAttribute, clear: [], description: '' } });
		const hidden = drafted(leaver(employee()), contextOf({ policy: policy('msExchHideFromAddressLists') }));
		expect(hidden.steps[0]).toMatchObject({
			with: [{ attribute: 'msExchHideFromAddressLists', from: null, to: 'TRUE' }],
		});
		const context = contextOf({ policy: policy('msExchOther') });
		expect(drafted(leaver(employee()), context)).toMatchObject({
			...{
				steps: [{ with: [] }, {}, {}, {}, {}],
				notes: ["The domain's users have no attribute msExchOther: it is left out."],
			},
		});
	});

	test('by a last day ends with it', () => {
		const who = person({ endsAt: '2026-02-28T23:00:00Z' });
		const draft = drafted(leaver(employee(), { person: who, why: 'end date' }), contextOf());
		expect(draft.reasons).toEqual(['the end date has passed (2026-02-28 23:00 UTC)']);
		expect((draft.steps[0] as Extract<Step, { do: 'enable' | 'disable' }>).with.at(-1)).toEqual({
			...{ attribute: 'accountExpires', from: null, to: toFileTime(Date.parse('2026-02-28T23:00:00Z')) },
		});
	});

	test('by absence is nobody in the feed', () => {
		const draft = drafted(leaver(employee(), { person: null, why: 'absence' }), contextOf());
		expect(draft.reasons).toEqual(['missing from the feed, and from the one before']);
		expect(kindsOf(draft)).toEqual(['disable', 'setPassword', 'unlink', 'unlink', 'relocate']);
	});
});

describe('the snapshot of a leaver', () => {
	const full = {
		attributes: [
			{ attribute: 'telephoneNumber', from: ['+44 1'], to: [] },
			{ attribute: 'manager', from: [BOB], to: [] },
			{ attribute: 'description', from: [], to: ['Left'] },
		],
		groups: [guid(12), guid(11)],
	};
	const length = (taken: typeof full) =>
		makeSnapshot(SIGNING_KEY, guid(50), {
			...{ at: NOW, ou: { guid: guid(1), dn: STAFF }, pwdLastSet: '133000000000000000', ...taken },
			references: taken.attributes.length > 0 ? { [BOB]: guid(0) } : {},
		}).length;
	const without = length({ ...full, groups: [] });
	const bare = length({ attributes: [], groups: [] });

	test.each<[room: number, kinds: string[], writes: number, note: RegExp | undefined]>([
		[length(full), ['disable', 'setPassword', 'unlink', 'unlink', 'relocate'], 3, undefined],
		[length(full) - 1, ['disable', 'setPassword', 'relocate'], 3, /the groups are kept/],
		[without, ['disable', 'setPassword', 'relocate'], 3, /the groups are kept/],
		[without - 1, ['disable', 'setPassword', 'relocate'], 0, /groups and attributes are kept/],
		[bare, ['disable', 'setPassword', 'relocate'], 0, /groups and attributes are kept/],
		[bare - 1, ['disable', 'setPassword'], 0, /place are kept/],
	])('in room for %s characters leaves steps %j', (markRoom, kinds, writes, note) => {
		const draft = drafted(leaver(employee()), contextOf({ markRoom }));
		expect(kindsOf(draft)).toEqual(kinds);
		expect((draft.steps[0] as Extract<Step, { do: 'enable' | 'disable' }>).with).toHaveLength(writes);
		expect(draft.notes).toEqual(note ? [expect.stringMatching(note)] : []);
	});
});

describe('somebody who left already', () => {
	const held = snapshotOf({
		groups: [guid(12)],
		attributes: [{ attribute: 'telephoneNumber', from: ['+44 1'], to: [] }],
	});
	const left = (
		attributes: Parameters<typeof accountOf>[0],
		changes: Partial<AccountView> = {},
		dn = `CN=Ada,${STAFF}`,
	) =>
		accountOf(
			{ userAccountControl: '514', description: 'Left', pwdLastSet: '134', ...attributes },
			{ mark: LEFT, snapshot: held, ...changes },
			dn,
		);
	const again = (account: AccountView) => drafted(leaver(account, { again: true }), contextOf());

	test('and for whom all is done is left alone', () => {
		expect(again(left({}, {}, `CN=Ada,${LEAVERS}`)).steps).toEqual([]);
	});

	test('gets what is outstanding, and no more than the snapshot holds', () => {
		const account = left({
			telephoneNumber: '+44 1',
			manager: BOB,
			pwdLastSet: held.pwdLastSet,
			memberOf: [groupDn('Sales'), groupDn('Poets')],
		});
		const draft = again(account);
		expect(draft.steps).toEqual([
			{ n: 1, do: 'set', writes: [{ attribute: 'telephoneNumber', from: '+44 1', to: null }] },
			{ n: 2, do: 'setPassword', rule: { mustChange: false }, pwdLastSetBefore: held.pwdLastSet },
			{ n: 3, do: 'unlink', group: groupRef('Sales') },
			{ n: 4, ...MOVED },
		]);
		expect(draft.reasons).toEqual([
			'leaver by the rules of the feed',
			'left on 2026-02-01, and not everything is done',
		]);
		expect(draft.notes).toEqual([
			'manager is left alone: the snapshot does not hold what stands there now.',
			'Groups that the snapshot does not hold are kept: Poets.',
		]);
	});

	test.each<[when: string, pwdLastSet: string, kinds: string[]]>([
		['before', toFileTime(Date.parse(LEFT_AT) - 1), ['setPassword']],
		['never', '', ['setPassword']],
		['after', toFileTime(Date.parse(LEFT_AT)), []],
	])('without a snapshot keeps everything but a password set %s leaving', (_when, pwdLastSet, kinds) => {
		const draft = again(
			left(
				{ telephoneNumber: '+44 1', memberOf: [groupDn('Sales')], pwdLastSet: pwdLastSet || [] },
				{ snapshot: undefined },
			),
		);
		expect(kindsOf(draft)).toEqual(kinds);
		expect(draft.notes).toEqual([expect.stringMatching(/^There is no snapshot/)]);
	});

	test('is deleted when the days are over, as long as it is the same account', () => {
		const account = left({ carLicense: [LEFT.text, 'adprov1:snapshot:…'] }, {}, `CN=Ada,${SALES}`);
		expect(drafted(leaver(account, { again: true, remove: true }), contextOf())).toEqual({
			steps: [
				{
					...{ n: 1, do: 'delete' },
					expect: {
						...{ employeeID: ['C-1'], carLicense: [LEFT.text, 'adprov1:snapshot:…'], userAccountControl: ['514'] },
						objectSid: [{ base64: 'AQU=' }],
					},
				},
			],
			...{
				reasons: ['left on 2026-02-01, more than 30 days ago'],
				notes: [],
				riskReasons: ['the account is deleted'],
				dependsOn: [],
			},
		});
	});
});
