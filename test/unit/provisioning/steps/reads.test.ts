import type { DesiredAccount } from '../../../../lib/contracts';
import {
	attributesToPlan,
	containersOf,
	groupsToResolve,
	placesToResolve,
} from '../../../../lib/provisioning/plan/drafts';
import { parentText } from '../../../../lib/schema/dn';
import type { Decision } from '../../../../lib/provisioning/plan/types';
import {
	accountOf,
	contextOf,
	groupDn,
	guid,
	LEAVERS,
	LEFT,
	person,
	policyWith,
	SALES,
	snapshotOf,
	STAFF,
} from './world';

const account = accountOf({ memberOf: [groupDn('Sales')] }, {}, `CN=King\\, Ada,${SALES}`);
const left = accountOf({}, { mark: LEFT, snapshot: snapshotOf({ groups: [guid(15)] }) }, `CN=Ada,${LEAVERS}`);
const of = (changes: Partial<DesiredAccount>) => person({ managedGroups: ['Support'], ...changes });
const leaver = { kind: 'leaver', person: null, account, why: 'absence', again: false } as const;

const DECISIONS: readonly Decision[] = [
	{ kind: 'joiner', person: of({ groups: ['All Staff'], ou: STAFF }), enable: true },
	{ kind: 'mover', person: of({ groups: ['Poets'], ou: 'Somewhere' }), account, newKey: false },
	{ kind: 'rehire', person: of({ ou: '' }), account: left, newKey: false },
	{ ...leaver, remove: false },
	{ ...leaver, account: accountOf({}, {}, 'CN=X,OU=Removed,DC=x'), remove: true },
	{ kind: 'unchanged', person: of({ groups: ['Print Masters'], ou: 'Nowhere' }), account: null, reason: '' },
];

const request = (changes: Parameters<typeof policyWith>[0] = {}) => contextOf({ policy: policyWith(changes) }).request;

describe('what is read for a plan', () => {
	test('attributes: each once, whoever asks for it, and none that is never written', () => {
		const people = [
			person({
				attributes: { Title: 'x', manager: { by: 'employeeNumber', value: '1' }, unicodePwd: 'x', 'a)(b': 'x' },
			}),
			person({
				attributes: { title: 'y', secretary: [{ by: 'uid', value: '1' }], EMPLOYEEID: 'x' },
				groups: ['Sales'],
			}),
		];
		const policy = policyWith({
			leavers: { hideAttribute: 'msExchHideFromAddressLists', clear: ['pager', 'MANAGER'] },
		});
		const names = attributesToPlan({ ...request(), people, policy, matchOn: ['mail', 'employeeType'] });
		const lower = names.map((name) => name.toLowerCase());
		expect(lower).toHaveLength(new Set(lower).size);
		expect(names).toEqual(
			expect.arrayContaining([
				...[
					'objectGUID',
					'objectSid',
					'employeeID',
					'carLicense',
					'userAccountControl',
					'pwdLastSet',
					'memberOf',
					'cn',
				],
				...[
					'uSNChanged',
					'Title',
					'manager',
					'employeeNumber',
					'secretary',
					'uid',
					'pager',
					'employeeType',
					'proxyAddresses',
				],
				'msExchHideFromAddressLists',
			]),
		);
		expect(lower).not.toContain('unicodepwd');
		expect(names).not.toContain('a)(b');
	});

	test('attributes: memberships only where they matter', () => {
		const off = { groups: { mode: 'add' }, leavers: { removeFromGroups: false }, rehires: { restore: false } } as const;
		expect(attributesToPlan({ ...request(off), people: [person()] })).not.toContain('memberOf');
		expect(attributesToPlan({ ...request(off), people: [person({ groups: ['Sales'] })] })).toContain('memberOf');
	});

	test('groups: those that are wanted, managed, retired, left, and those from before', () => {
		const names = ['Old Sales', 'All Staff', 'Support', 'Poets', guid(15), groupDn('Sales')];
		expect(groupsToResolve(DECISIONS, request())).toEqual(names);
		const off = {
			groups: { mode: 'add' },
			leavers: { removeFromGroups: false },
			rehires: { restore: false },
			movers: { update: false },
		} as const;
		expect(groupsToResolve(DECISIONS, request(off))).toEqual(['All Staff']);
	});

	test('places: those of records, those from before, and the one for leavers', () => {
		expect(placesToResolve(DECISIONS, request())).toEqual([STAFF, 'Somewhere', guid(2), LEAVERS]);
		const off = { movers: { move: false }, rehires: { restore: false }, leavers: { moveTo: '' } } as const;
		expect(placesToResolve(DECISIONS, request(off))).toEqual([STAFF]);
	});

	test('containers: those of accounts that are moved, renamed or disabled', () => {
		expect(containersOf(DECISIONS)).toEqual([SALES, LEAVERS]);
		const still = request({ movers: { move: false, rename: false } });
		expect(containersOf(DECISIONS.slice(0, 3), still)).toEqual([LEAVERS]);
	});
});

test.each([
	['CN=Ada,OU=Staff,DC=x', 'OU=Staff,DC=x'],
	['CN=King\\, Ada,DC=x', 'DC=x'],
	['CN=King\\2C Ada,DC=x', 'DC=x'],
	['CN=Back\\\\,DC=x', 'DC=x'],
	['DC=x', ''],
])('the container of %s is "%s"', (dn, parent) => {
	expect(parentText(dn)).toBe(parent);
});
