/** "Reconcile People Every Night": the names of its steps, and its notes. */
import type { Note } from './flow.ts';

export const READ = 'Read People from JumpCloud';
export const MAP = 'Map to Accounts';
export const PLAN = 'Create Plan';
export const SWITCH = 'What Is to Be Done?';
export const LOW = 'Apply Low-Risk Changes';
export const APPLY = 'Apply the Plan';
export const APPROVAL = 'Note the Approval';

export const setting = (name: string): string => `={{ $('Settings').first().json.${name} }}`;

export const NOTES: readonly Note[] = [
	{
		text: '### Before the first run\nChoose your credentials in **Read People from JumpCloud**, **Create Plan** and the two **Apply** steps. Set amounts and addresses in **Settings**. Put your organisational unit into **Map to Accounts** and **Create Plan**; it must exist.',
		...{ at: [0, -4.2], size: [3.3, 1.3], color: 4 },
	},
	{
		text: '### Who is missing\nWhoever is in no record of two whole feeds has left, and goes to the desk as a leaver. Half a feed disables nobody.',
		...{ at: [3.5, -4.2], size: [2.6, 1.3] },
	},
	{
		text: '### Units below yours\nWhoever stands in one is moved up, after an approval. To keep them there: a rule for the unit in **Map to Accounts**, or no *Move Accounts* in **Create Plan**.',
		...{ at: [6.3, -4.2], size: [2.4, 1.5] },
	},
	{
		text: '### In words for HR\nOnce a run, before anybody is waited for. **Send It to HR** is off: choose an SMTP credential and switch it on, or put Slack, Teams or Gmail in its place.',
		...{ at: [12.3, -4.2], size: [2.7, 1.3] },
	},
	{
		text: '### Low risk at once\nWithin the limits of **Settings** these changes need no approval. Then people are read and planned again; what failed goes to the desk with the rest.',
		...{ at: [15.2, -4.2], size: [2.6, 1.3] },
	},
	{
		text: '### Approval\nLeavers, rehires, moves, renames; over a limit: everything. After the approval the plan is made again: only what is approved and still planned is applied.',
		...{ at: [18, -4.2], size: [2.6, 1.3] },
	},
];
