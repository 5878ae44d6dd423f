import type { DesiredAccount, Policy } from '../../../../lib/contracts';
import { groupProblems } from '../../../../lib/provisioning/plan/drafts';
import { accountOf, contextOf, drafted, groupDn, person, policyWith } from './world';

/** In short: "+" for groups to join, "-" for those to leave. */
function changesFor(
	mode: Policy['groups']['mode'],
	changes: Partial<DesiredAccount>,
	memberOf: readonly string[],
	primaryGroupID = '513',
): string[] {
	const context = contextOf({ policy: policyWith({ groups: { mode } }) });
	const account = accountOf({ memberOf, primaryGroupID });
	const { steps } = drafted({ kind: 'mover', person: person(changes), account, newKey: false }, context);
	return steps.map((step) =>
		step.do === 'link' || step.do === 'unlink'
			? `${step.do === 'link' ? '+' : '-'}${'dn' in step.group ? step.group.dn.slice(3, step.group.dn.indexOf(',')) : ''}`
			: step.do,
	);
}

const MANAGED = ['Sales', 'Support', 'Domain Admins'];

test.each<[title: string, mode: 'add' | 'managed', groups: string[], memberOf: string[], changes: string[]]>([
	['a missing group is joined', 'add', ['Sales'], [], ['+Sales']],
	['one that is there is not joined again', 'add', ['Sales'], [groupDn('Sales')], []],
	['in whatever spelling', 'add', ['Sales'], [groupDn('Sales').toUpperCase()], []],
	['or by whatever name', 'add', [groupDn('Sales'), 'Sales'], [], ['+Sales']],
	['nobody is taken out where groups are only added', 'add', [], [groupDn('Sales'), groupDn('Old Sales')], []],
	[
		'a group that rules give and did not give is left',
		'managed',
		['Sales'],
		[groupDn('Sales'), groupDn('Support')],
		['-Support'],
	],
	['a retired group is left', 'managed', [], [groupDn('Old Sales')], ['-Old Sales']],
	['but not one that somebody gives all the same', 'managed', ['Old Sales'], [groupDn('Old Sales')], []],
	['nor one that is given by another name', 'managed', [groupDn('Support')], [groupDn('Support')], []],
	['a group of others is kept', 'managed', [], [groupDn('Poets'), 'CN=Strange,DC=other'], []],
	['a protected group is neither joined', 'managed', ['Domain Admins'], [], []],
	['nor left', 'managed', [], [groupDn('Domain Admins')], []],
	['a group that is not there changes nothing', 'managed', ['Nowhere'], [groupDn('Support')], ['-Support']],
])('of groups: %s', (_title, mode, groups, memberOf, changes) => {
	expect(changesFor(mode, { groups, managedGroups: MANAGED }, memberOf)).toEqual(changes);
});

test('the primary group, which has its members without their knowing, is not joined again', () => {
	expect(changesFor('add', { groups: ['Domain Users'] }, [])).toEqual([]);
	expect(changesFor('add', { groups: ['Domain Users'] }, [], '1234')).toEqual(['+Domain Users']);
});

describe('groups that cannot be used', () => {
	const joiners = ['1', '2'].map(
		(key) => ({ kind: 'joiner', enable: true, person: person({ key, groups: ['Nowhere', 'Domain Admins'] }) }) as const,
	);
	const mover = {
		kind: 'mover',
		person: person({ groups: ['Nowhere'], managedGroups: ['Unheard', 'Sales'] }),
		account: accountOf(),
		newKey: false,
	} as const;

	test('are one problem each, with how many people they are for', () => {
		const problems = groupProblems(
			[...joiners, mover],
			contextOf({ policy: policyWith({ groups: { retired: ['Bygone'] } }) }),
		);
		expect(problems.map(({ kind, key, record, message }) => [kind, key, record, message])).toEqual([
			[
				'group',
				'',
				null,
				'The group "Nowhere" cannot be used: there is no such group. 3 people are to be in it, and the plan leaves it out for them.',
			],
			[
				'group',
				'',
				null,
				'The group "Domain Admins" is protected: it is privileged. 2 people are to be in it, and the plan leaves it out for them.',
			],
			['group', '', null, 'The group "Bygone" cannot be used: it was not found. The plan takes nobody out of it.'],
			['group', '', null, 'The group "Unheard" cannot be used: it was not found. The plan takes nobody out of it.'],
		]);
	});

	test('are none where they change nothing', () => {
		const context = contextOf({
			policy: policyWith({ movers: { update: false }, groups: { mode: 'add', retired: ['Bygone'] } }),
		});
		expect(groupProblems([mover], context)).toEqual([]);
	});
});
