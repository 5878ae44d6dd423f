/** User groups for the simulator's people: always the same ones for the same people. */
import { createHash } from 'node:crypto';
import type { JsonObject } from './answers.ts';
import { ORGANIZATION, type JumpCloudUser } from './people.ts';

export type UserGroup = {
	readonly id: string;
	readonly name: string;
	/** Everything that the list of groups shows of it, id and name too. */
	readonly published: JsonObject;
	/** The members' ids, in the order in which they are listed; to be changed by tests. Who is no longer there is not listed. */
	readonly members: string[];
};

/** Names of groups that tests look for. The one of punctuation is made of what path, CSV, LDAP and HTML give a meaning to. */
export const GROUPS = {
	everybody: 'Everybody',
	employees: 'Employees',
	contractors: 'Contractors',
	empty: 'Nobody Yet',
	/** One suspended and one staged person, and nobody else. */
	leavingAndJoining: 'Leaving and Joining',
	punctuation: 'R&D / "Süd", <b>EMEA</b> + OU=x',
} as const;

/**
 * @param people any; with the 250 of the demo, "Everybody" and "Employees" need several pages of 100
 * @returns a group for each department, and those of GROUPS
 */
export function seedGroups(people: readonly JumpCloudUser[]): UserGroup[] {
	const departments = [...new Set(people.map(({ department }) => department))].filter(Boolean).sort();
	const one = (state: JumpCloudUser['state']) => people.filter((person) => person.state === state).slice(0, 1);
	return [
		group(GROUPS.everybody, people, { membershipMethod: 'DYNAMIC_AUTOMATED', memberQuery: EVERYBODY }),
		group(
			GROUPS.employees,
			people.filter((person) => person['employeeType'] === 'Employee'),
			{ email: 'employees@corp.example.com', attributes: { posixGroups: [{ id: 6001, name: 'employees' }] } },
		),
		group(
			GROUPS.contractors,
			people.filter((person) => person['employeeType'] === 'Contractor'),
		),
		...departments.map((department) =>
			group(
				department,
				people.filter((person) => person.department === department),
				{ description: `Everybody in ${department}` },
			),
		),
		group(GROUPS.empty, []),
		group(GROUPS.leavingAndJoining, [...one('SUSPENDED'), ...one('STAGED')]),
		group(GROUPS.punctuation, people.slice(0, 3), { description: '' }),
	];
}

const EVERYBODY: JsonObject = { queryType: 'Filter', filters: ['[]'] };

function group(name: string, members: readonly JumpCloudUser[], more: JsonObject = {}): UserGroup {
	const id = createHash('sha1').update(`group ${name}`).digest('hex').slice(0, 24);
	return {
		id,
		name,
		published: {
			id,
			name,
			type: 'user_group',
			attributes: {},
			memberQueryErrorFlags: [],
			memberQueryExemptions: [],
			memberSuggestionsNotify: false,
			membershipMethod: 'STATIC',
			organizationObjectId: ORGANIZATION,
			suggestionCounts: { add: 0, remove: 0, total: 0 },
			...more,
		},
		members: members.map(({ _id }) => _id),
	};
}
