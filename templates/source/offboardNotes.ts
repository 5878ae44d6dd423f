/** The sticky notes of template 2. */
import type { Flow, Note } from './flow.ts';

const NOTES: readonly Note[] = [
	{
		text: `### Before the first run
1. Choose **JumpCloud** and **AD LDAP** credentials in the nodes that want one.
2. Fill in **Settings**: who reviews, who approves, and the two organizational units. Both must exist.
3. Put your organizational unit into *Map to Accounts* too.`,
		at: [0, -2.4],
		size: [2.8, 1.7],
		color: 4,
	},
	{
		text: `### Who is a leaver
Whose \`lastWorkingDay\` (an attribute of the JumpCloud user, such as 2026-11-30) is over, in their \`timeZone\` or that of this workflow. Not whoever is suspended: this flow suspends people itself.`,
		at: [2.95, -2.4],
		size: [2.3, 1.7],
	},
	{
		text: `### To HR and to IT
The mails are switched off. Choose an SMTP credential and switch them on, or put Slack, Teams or Gmail in their place.`,
		at: [9.8, -2.1],
		size: [2.6, 1],
		color: 3,
	},
	{
		text: `### Reviewer, then approver
Both answer at the approval desk; they must be two people. What one of them leaves out stays out. After the second yes the plan is **made again**: what is not in it any more is not done.`,
		at: [13, -1.7],
		size: [2.8, 1.2],
		color: 5,
	},
	{
		text: `### Disabled, with a snapshot
Out of the groups, moved to the leavers' unit, suspended in JumpCloud. The snapshot in the account brings everything back when the person returns.`,
		at: [13.4, 3.7],
		size: [2.6, 1.2],
	},
	{
		text: `### keepDays later
HR is asked again. Whoever has no last day any more, or is active in JumpCloud again, is kept. With \`keepDays\` 0 nobody is ever deleted.`,
		at: [13.4, 6.7],
		size: [2.6, 1.1],
	},
	{
		text: `### Deleted, after a yes of its own
Only the people of this run. Without a yes the accounts stay, disabled and marked.`,
		at: [5, 13.5],
		size: [2.6, 1],
		color: 5,
	},
];

export function notes(flow: Flow): void {
	for (const note of NOTES) flow.note(note);
}
