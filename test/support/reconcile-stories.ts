/** What happens in HR between the first night of "Reconcile People Every Night" and its second: one story for each copy of it. */
import type { JumpCloudUser } from '../../demo/jumpcloud/people.ts';
import type { Scenario, ScenarioOptions } from './flow-scenarios';
import { hired } from './hired';

export type Changes = Partial<JumpCloudUser>;
export const GONE: Changes = { state: 'SUSPENDED', suspended: true, activated: false };
export const BACK: Changes = { state: 'ACTIVATED', suspended: false, activated: true };
export const key = (name: string, number: number): string => `${name.toUpperCase()}${String(number).padStart(3, '0')}`;

/** A change in JumpCloud. @param number of the person, from 1 */
export function inJumpCloud({ jumpCloud: { users }, name }: Scenario, number: number, changes: Changes): void {
	const at = users.findIndex(({ employeeIdentifier }) => employeeIdentifier === key(name, number));
	const user = users[at];
	if (!user) throw new Error(`JumpCloud has nobody with the key ${key(name, number)}.`);
	users[at] = { ...user, ...changes };
}

function vanish({ jumpCloud: { users }, name }: Scenario, number: number): void {
	const left = users.filter(({ employeeIdentifier }) => employeeIdentifier !== key(name, number));
	users.splice(0, users.length, ...left);
}

export const FOUR = 4;
export const NEWCOMER = 5;
/** What most scenarios have to decide: a new title and a newcomer, of low risk, and two leavers. */
function ordinaryDay(flow: Scenario): void {
	inJumpCloud(flow, 1, { jobTitle: 'Head of Engines' });
	inJumpCloud(flow, 2, GONE);
	inJumpCloud(flow, 3, GONE);
	const newcomer = hired(flow.name, NEWCOMER)[NEWCOMER - 1];
	if (newcomer) flow.jumpCloud.users.push(newcomer);
}

/** One copy of the template, and what happens in HR between its first night and its second. */
export type Story = Pick<ScenarioOptions, 'settings'> & { readonly day: (flow: Scenario) => void };
export const STORIES = {
	approved: { day: ordinaryDay },
	leftout: { day: ordinaryDay },
	declined: { day: ordinaryDay },
	// The least that n8n does not keep in memory, and a few seconds.
	unanswered: { day: ordinaryDay, settings: { answerWithinHours: 80 / 3600 } },
	overyes: { day: ordinaryDay, settings: { mostLeavers: 1 } },
	overno: { day: ordinaryDay, settings: { mostLeavers: 1 } },
	changed: { day: ordinaryDay },
	halffeed: {
		day: (flow) => {
			inJumpCloud(flow, 1, { jobTitle: 'Head of Engines' });
			vanish(flow, 3);
			tellHalf(flow);
		},
	},
	absent: { day: (flow) => vanish(flow, 3) },
} satisfies Readonly<Record<string, Story>>;
export type Name = keyof typeof STORIES;
export const NAMES = Object.keys(STORIES) as Name[];

/** From now on JumpCloud announces one person more than it hands out. */
function tellHalf({ jumpCloud }: Scenario): void {
	const body = JSON.stringify({ totalCount: jumpCloud.users.length + 1, results: jumpCloud.users });
	jumpCloud.failWhen(({ path }) => path.includes('systemusers'), { status: 200, body });
}
