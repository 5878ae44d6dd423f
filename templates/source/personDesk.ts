/** The second run of "one person": the question to the desk, its answer, and what is applied then. */
import { ask, askDesk, edit, failures, hold, insertRows, isTrue, mail, outcomeRow, wereKept } from './blocks.ts';
import type { Flow, Parameters } from './flow.ts';
import { OUTCOMES } from './ids.ts';

const CALLED = "$('When the Rest Is to Be Approved').first().json";
const DECISION = "$('Note the Approval').first().json";
const APPLY = 'Apply the Plan';

/** @param applying parameters that all Apply Plan steps of the template have */
export function addDesk(flow: Flow, applying: Parameters): void {
	flow.add(
		ask('Is Anything Left?', [15, 3], isTrue('={{ $json.changes.length > 0 }}')),
		edit('Nothing Is Left', [16, 4], [['happened', 'Nothing was left to approve: the plan made anew has no change.']]),
	);
	flow.link(['What Comes Now?', 1], 'Is Anything Left?');
	flow.link(['Is Anything Left?', 1], 'Nothing Is Left');
	const asked = askDesk(flow, [16, 2], { requester: [`${CALLED}.requester`, `${CALLED}.requesterId`] });
	flow.link(['Is Anything Left?', 0], asked.first);
	flow.add(hold('Note the Approval', [20, 2], 'The plan is made once more, as a check'));
	flow.link(asked.approved, 'Note the Approval', 'Read the Person from JumpCloud');
	for (const [name, row, output, words] of [
		['Declined', 3, asked.declined, 'Declined at the desk: nothing of this plan was applied.'],
		['Nobody Answered', 4, asked.timedOut, 'Nobody answered in time: nothing of this plan was applied.'],
	] as const) {
		flow.add(
			edit(
				name,
				[20, row - 0.2],
				[
					['happened', words],
					['planId', '={{ $json.planId }}'],
					['answeredBy', "={{ $json.approver?.email ?? '' }}"],
					['comment', "={{ $json.comment ?? '' }}"],
				],
			),
		);
		flow.link(output, name);
	}
	apply(flow, applying);
	failures(
		flow,
		[23.6, 5.4],
		[
			['Is a Page Awaited?', 1],
			['Something Went Wrong', 0],
		],
		"={{ $('Say What Failed').first().json.message }}",
	);
	const kept = wereKept(flow, 'Keep the Outcomes', 'Were the Outcomes Kept?', [23.2, 3.4]);
	for (const failing of [...asked.failing, [APPLY, 3] as const, ...kept]) flow.link(failing, 'Say What Failed');
}

function apply(flow: Flow, applying: Parameters): void {
	const all = (output: number) => `$('${APPLY}').all(${output}).map((item) => item.json)`;
	flow.add(
		{
			...{ name: APPLY, type: 'adProvision', version: 1, at: [21, 2], errorOutput: true },
			parameters: {
				...{ ...applying, approved: "={{ $('Plan to Be Approved').first().json }}" },
				approver: `={{ ${DECISION}.approver.email }}`,
				approvedOverLimit: `={{ ${DECISION}.approvedOverLimit }}`,
				options: {
					leaseObject: "={{ $('Settings').first().json.leaseObject }}",
					leaveOut: `={{ ${DECISION}.leftOut }}`,
					stillPlanned: "={{ $('Create Plan').first(0).json }}",
				},
			},
		},
		insertRows(
			'Keep the Outcomes',
			[22.2, 3.4],
			OUTCOMES,
			outcomeRow(`${DECISION}.approver.email`, `${CALLED}.requester`),
		),
		{
			...{ name: 'Collect the Results', type: 'merge', version: 3.2, at: [22.2, 2.3] },
			parameters: { mode: 'append', numberInputs: 3 },
		},
		edit(
			'Report',
			[23.2, 2.3],
			[
				[
					'happened',
					`={{ ${all(0)}.length + ' applied, ' + ${all(1)}.length + ' failed, ' + ${all(2)}.length + ' held back' }}`,
				],
				[
					'applied',
					`={{ ${all(0)}.map((one) => one.displayName + ': ' + one.lifecycle + ', ' + one.status + (one.passwordMessage ? '. Password: ' + one.passwordMessage : '')) }}`,
					'array',
				],
				[
					'passwords',
					`={{ ${all(0)}.filter((one) => one.encryptedPassword).map((one) => one.displayName + ': ' + one.encryptedPassword) }}`,
					'array',
				],
				[
					'failed',
					`={{ ${all(1)}.map((one) => one.displayName + ': ' + (one.message ?? one.status) + ' ' + (one.whatToDo ?? '')) }}`,
					'array',
				],
				['heldBack', `={{ ${all(2)}.map((one) => one.displayName + ': ' + one.message) }}`, 'array'],
				['approvedBy', `={{ ${DECISION}.approver.email }}`],
				['comment', `={{ ${DECISION}.comment }}`],
				['askedFor', `={{ ${CALLED}.requester }}`],
			],
			{ executeOnce: true },
		),
		mail('Tell the Requester', [24.2, 2.3], {
			to: '={{ $json.askedFor }}',
			subject: 'What you asked for was decided',
			text: '={{ [$json.happened, ...$json.applied, ...$json.failed, ...$json.heldBack].join("\\n") }}',
		}),
	);
	flow.link(['What Comes Now?', 2], APPLY);
	for (const output of [0, 1, 2]) {
		if (output < 2) flow.link([APPLY, output], 'Keep the Outcomes');
		flow.link([APPLY, output], ['Collect the Results', output]);
	}
	flow.link('Collect the Results', 'Report', 'Tell the Requester');
}
