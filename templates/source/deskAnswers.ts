/** The second half of "Ask the Approval Desk": waits for the level asked, judges what is posted, and gives the decision back. */
import { ask, choose, edit, getRows, insertRows, isText, isTrue, updateRows, wereKept } from './blocks.ts';
import type { Flow, NodeSpec } from './flow.ts';
import { ANSWERS, WAITING_PLANS } from './ids.ts';
import { ANSWER, JUDGEMENT, NO_ANSWER, QUESTION, READ_ANSWER } from './judging.ts';

/** Where it was not refused. */
const TAKEN = "$('Judge the Answer').first().json.answer";
/** The row of this question. */
export const here = [
	['planId', 'eq', `={{ ${QUESTION}.planId }}`],
	['level', 'eq', `={{ ${QUESTION}.level }}`],
] as const;

const waitFor = (name: string, at: readonly [number, number], level: string): NodeSpec => ({
	...{ name, type: 'wait', version: 1.1, at, webhookId: `ad-approval-desk-${level}` },
	parameters: {
		...{ resume: 'webhook', httpMethod: 'POST', responseMode: 'responseNode' },
		...{ limitWaitTime: true, limitType: 'atSpecifiedTime', maxDateAndTime: `={{ ${QUESTION}.ask.deadline }}` },
		options: { webhookSuffix: level },
	},
});

const respond = (name: string, at: readonly [number, number], code: number, body: string): NodeSpec => ({
	...{ name, type: 'respondToWebhook', version: 1.4, at, errorOutput: true },
	parameters: {
		...{ respondWith: 'json', responseBody: `={{ JSON.stringify(${body}) }}` },
		options: { responseCode: code },
	},
});

/** A row of the audit record, of an item with `answer` and `refusal`. */
const auditRow = (name: string, at: readonly [number, number], values: Readonly<Record<string, unknown>>): NodeSpec =>
	insertRows(name, at, ANSWERS, {
		...{ at: '={{ $now.toUTC().toISO() }}', planId: `={{ ${QUESTION}.planId }}`, level: `={{ ${QUESTION}.level }}` },
		...{ flow: `={{ ${QUESTION}.ask.flow }}`, executionId: `={{ ${QUESTION}.ask.executionId }}`, ...values },
	});
const GIVEN = {
	...{
		decision: '={{ $json.answer.decision.slice(0, 100) }}',
		approverId: '={{ $json.answer.approverId.slice(0, 200) }}',
	},
	...{ approver: '={{ $json.answer.approver.slice(0, 320) }}', comment: '={{ $json.answer.comment.slice(0, 2000) }}' },
	leftOut: '={{ JSON.stringify(($json.answer.leftOut ?? []).slice(0, 20000)).slice(0, 2000000) }}',
	...{ tokenId: '={{ $json.answer.tokenId.slice(0, 200) }}', refusal: '={{ $json.refusal }}' },
};
const NOBODY = { approverId: '', approver: '', comment: '', leftOut: '[]', tokenId: '' };
/** With what the first level left out. */
const leftOut = `[...new Set([...(${QUESTION}.ask.alsoLeftOut ?? []), ...${TAKEN}.leftOut])]`;
const decided = `(${TAKEN}.decision === 'approve' ? 'approved' : 'declined')`;

export function listen(flow: Flow): void {
	flow.add(
		choose(
			'Which Level?',
			[11, 0],
			[
				['Reviewer', isText(`={{ ${QUESTION}.level }}`, 'reviewer')],
				['Approver', isText(`={{ ${QUESTION}.level }}`, 'approver')],
			],
			'Neither',
		),
		waitFor('Wait for the Reviewer', [12, -0.5], 'reviewer'),
		waitFor('Wait for the Approver', [12, 0.5], 'approver'),
		// After a time-out the item comes out that went in; it has no such fields.
		ask('Did Somebody Post?', [13, 0], isTrue('={{ $json.webhookUrl !== undefined && $json.headers !== undefined }}')),
		{
			...{ name: 'Verify the Token', type: 'jwt', version: 1, at: [14, 0], errorOutput: true },
			parameters: {
				operation: 'verify',
				token:
					"={{ (typeof $json.body?.token === 'string' ? $json.body.token : String($json.headers?.authorization ?? '').replace(/^Bearer\\s+/i, '')) || 'none' }}",
				options: { algorithm: 'HS256' },
			},
		},
		edit('Read the Answer', [15, 0], [['answer', READ_ANSWER, 'object']], { notes: 'Only what the token says' }),
		getRows(
			'Look for the Same Token',
			[16, 0],
			ANSWERS,
			[
				['planId', 'eq', `={{ ${QUESTION}.planId }}`],
				['tokenId', 'eq', `={{ ${ANSWER}.tokenId }}`],
			],
			{ alwaysOutputData: true },
		),
		edit(
			'Judge the Answer',
			[17, 0],
			[
				['refusal', JUDGEMENT],
				['answer', `={{ ${ANSWER} }}`, 'object'],
			],
		),
		ask('Taken?', [18, 0], isText('={{ $json.refusal }}', '')),
	);
	flow.link(['Which Level?', 0], 'Wait for the Reviewer', 'Did Somebody Post?');
	flow.link(['Which Level?', 1], 'Wait for the Approver', 'Did Somebody Post?');
	flow.link('Did Somebody Post?', 'Verify the Token', 'Read the Answer', 'Look for the Same Token', 'Judge the Answer');
	flow.link('Judge the Answer', 'Taken?');
}

export function refuse(flow: Flow): void {
	const words =
		"={{ $prevNode.name === 'Verify the Token' ? 'There is no valid token in this answer (' + " +
		"String($json.error?.message ?? $json.error ?? 'no reason given').replace(/^Invalid input.*$/s, 'none that can be read') + " +
		"'). Only the approval desk makes answers.' : " +
		"'The audit record could not be read, so the answer was not taken. Try again, or tell the owner.' }}";
	flow.add(
		edit(
			'Name What Is Wrong',
			[17, 1],
			[
				['refusal', words],
				['answer', NO_ANSWER, 'object'],
			],
		),
		auditRow('Record the Refusal', [18, 1], { ...GIVEN, accepted: false }),
		respond('Refuse the Answer', [19, 1], 403, '{ accepted: false, refusal: $json.refusal }'),
		respond(
			...(['Say That It Was Not Recorded', [21, 0.5], 503] as const),
			"{ accepted: false, refusal: 'The answer could not be recorded, so it was not taken. Try again, or tell the owner.' }",
		),
		edit('Keep Waiting', [11, 1.5], [['waiting', true]], { notes: 'Until the same deadline' }),
	);
	flow.link(['Verify the Token', 1], 'Name What Is Wrong', 'Record the Refusal');
	flow.link(['Look for the Same Token', 1], 'Name What Is Wrong');
	flow.link(['Taken?', 1], 'Record the Refusal', 'Refuse the Answer', 'Keep Waiting', 'Which Level?');
	flow.link(['Record the Refusal', 1], 'Refuse the Answer');
	flow.link(['Refuse the Answer', 1], 'Keep Waiting');
	flow.link('Say That It Was Not Recorded', 'Keep Waiting');
	flow.link(['Say That It Was Not Recorded', 1], 'Keep Waiting');
}

/** Where somebody has deleted the row there is nothing to close, and the run goes on all the same. */
const DECIDED_ANYHOW = { alwaysOutputData: true };

export function giveBack(flow: Flow): void {
	flow.add(
		auditRow('Record the Answer', [19, -0.5], { ...GIVEN, accepted: true }),
		updateRows(
			'Close the Question',
			[21, -0.5],
			WAITING_PLANS,
			here,
			{
				...{ status: `={{ ${decided} }}`, answeredBy: `={{ ${TAKEN}.approver }}`, comment: `={{ ${TAKEN}.comment }}` },
				...{ leftOut: `={{ JSON.stringify(${leftOut}) }}`, answeredAt: '={{ $now.toUTC().toISO() }}' },
			},
			DECIDED_ANYHOW,
		),
		respond('Thank the Approver', [22, -0.5], 200, `{ accepted: true, decision: ${decided} }`),
		edit(
			'Give the Decision Back',
			[23, -0.5],
			[
				['decision', `={{ ${decided} }}`],
				['planId', `={{ ${QUESTION}.planId }}`],
				['level', `={{ ${QUESTION}.level }}`],
				[
					'approver',
					`={{ { id: ${TAKEN}.approverId, email: ${TAKEN}.approver, name: ${TAKEN}.approverName } }}`,
					'object',
				],
				['comment', `={{ ${TAKEN}.comment }}`],
				['leftOut', `={{ ${leftOut} }}`, 'array'],
				[
					'approvedOverLimit',
					`={{ ${TAKEN}.decision === 'approve' && !${QUESTION}.guardOk ? ${QUESTION}.digestHash : '' }}`,
				],
				['answeredAt', '={{ $now.toUTC().toISO() }}'],
			],
		),
		auditRow('Record the Time-Out', [19, -1.5], {
			...{ ...NOBODY, decision: 'timed out', accepted: false, refusal: 'Nobody answered in time.' },
		}),
		updateRows('Close It as Timed Out', [20, -1.5], WAITING_PLANS, here, { status: 'timed out' }, DECIDED_ANYHOW),
		edit(
			'Give the Time-Out Back',
			[21, -1.5],
			[
				['decision', 'timed out'],
				['planId', `={{ ${QUESTION}.planId }}`],
				['level', `={{ ${QUESTION}.level }}`],
				['approver', '={{ null }}', 'object'],
				['comment', ''],
				['leftOut', `={{ ${QUESTION}.ask.alsoLeftOut ?? [] }}`, 'array'],
				['approvedOverLimit', ''],
				['answeredAt', '={{ $now.toUTC().toISO() }}'],
			],
		),
	);
	flow.link(['Taken?', 0], 'Record the Answer');
	for (const failing of wereKept(flow, 'Record the Answer', 'Was It Recorded?', [20, -0.5]))
		flow.link(failing, 'Say That It Was Not Recorded');
	flow.link('Was It Recorded?', 'Close the Question', 'Thank the Approver', 'Give the Decision Back');
	// It is on record by now: what follows only tells of it.
	flow.link(['Close the Question', 1], 'Thank the Approver');
	flow.link(['Thank the Approver', 1], 'Give the Decision Back');
	flow.link(['Did Somebody Post?', 1], 'Record the Time-Out', 'Close It as Timed Out', 'Give the Time-Out Back');
	// Timing out is the safe way: nothing is applied, recorded or not.
	flow.link(['Record the Time-Out', 1], 'Close It as Timed Out');
	flow.link(['Close It as Timed Out', 1], 'Give the Time-Out Back');
}
