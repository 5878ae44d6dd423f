/** Takes back what a run has done: a person chooses the run, sees what would happen, and the approval desk decides. */
import { askDesk, edit, failures, hold } from './blocks.ts';
import { workflow, type Flow, type Template } from './flow.ts';
import { WORKFLOW } from './ids.ts';
import { chooseRun } from './undoChoice.ts';
import { CHOSEN, CONFIRMED } from './undoPages.ts';
import { apply, makePlan, showPlan } from './undoSteps.ts';

const ended = (what: string) =>
	[
		['whatHappened', what],
		['run', `={{ ${CHOSEN}.runId }}`],
		['by', "={{ $json.approver?.email ?? '' }}"],
		['comment', "={{ $json.comment ?? '' }}"],
	] as const;

function notes(flow: Flow): void {
	flow.note({
		...{ at: [-0.2, -1.6], size: [4.4, 1.2], color: 4 },
		text: '### Undo a run\nOpen `/form/undo-a-run` in a browser. Whoever is signed in to n8n may ask; only the approvers in **Settings** decide, and never the one who asked.',
	});
	flow.note({
		...{ at: [4.8, -1.6], size: [4.4, 1.2] },
		text: '### Choose\nRuns are read from the data table `ad_outcomes`, newest first. Accounts that a run created are disabled, or deleted if nobody has used them.',
	});
	flow.note({
		...{ at: [-0.2, 3.2], size: [2.8, 1.3] },
		text: '### Plan\nChoose the **AD LDAP credential** in both steps: the one that the run was applied with. After the approval it is planned once more, as a check.',
	});
	flow.note({
		...{ at: [-0.2, 8.5], size: [2.8, 1.2] },
		text: '### Ask\nThe approval desk shows the plan, and waits for an answer until the deadline.',
	});
	flow.note({
		...{ at: [9.6, 8.6], size: [2.6, 1.2] },
		text: '### Report\nChoose an SMTP credential and switch **Send the Report** on, or put Slack, Teams or Gmail in its place.',
	});
}

export const template: Template = workflow(
	{
		id: WORKFLOW.undoRun,
		name: 'Undo a Run',
		description:
			'Takes back what an earlier run has changed in Active Directory: choose the run in a form, look at what would go back, and let the approval desk decide. What somebody has changed since stays as it is.',
		errorWorkflow: WORKFLOW.failedRuns,
	},
	(flow) => {
		chooseRun(flow);
		makePlan(flow);
		showPlan(flow);
		const desk = askDesk(flow, [0, 10.1], { requester: [`${CONFIRMED}.user?.email`, `${CONFIRMED}.user?.id`] });
		flow.link('Take the Plan Again', desk.first);
		flow.add(
			hold('Note the Approval', [4.4, 9.15], 'Approved: planned again, as a check'),
			edit('Nothing Goes Back: Declined', [4.4, 10.1], ended('The approval desk has declined. Nothing was undone.')),
			edit('Nothing Goes Back: Timed Out', [4.4, 11.1], ended('Nobody answered in time. Nothing was undone.')),
		);
		flow.link(desk.approved, 'Note the Approval', "Read the Run's Outcomes");
		flow.link(desk.declined, 'Nothing Goes Back: Declined');
		flow.link(desk.timedOut, 'Nothing Goes Back: Timed Out');
		failures(flow, [11.2, 12], apply(flow));
		failures(flow, [4.4, 12.2], desk.failing, undefined, 'Stop without an Answer');
		notes(flow);
	},
);
