/** "Reconcile People Every Night": each way that a run can end, and the report. */
import * as block from './blocks.ts';
import type { Flow } from './flow.ts';
import { APPLY, LOW, READ, setting, SWITCH } from './reconcileParts.ts';

/** Each way that a run can end. */
export function ends(flow: Flow, asked: block.Asked): void {
	const decision = "$('Ask the Approval Desk').first(0).json";
	const by = `={{ ${decision}.approver?.email ?? '' }}`;
	const comment = `={{ ${decision}.comment ?? '' }}`;
	const end = (name: string, at: readonly [number, number], words: string, answered: boolean) => {
		const further: readonly block.Field[] = answered
			? [
					['by', by],
					['comment', comment],
				]
			: [];
		flow.add(block.edit(name, at, [['whatHappened', words], ...further], { executeOnce: true }));
		flow.link(name, 'Report');
	};
	end('Approved and Applied', [15, 0], 'The plan was approved, made again as a check, and applied.', true);
	end('Nothing Is Left', [15, 1], 'Nobody had to be asked.', false);
	end('Declined', [16, 5], 'The plan was declined: of what was asked nothing was done.', true);
	end('Nobody Answered', [16, 6], 'Nobody answered in time: of what was asked nothing was done.', false);
	flow.link('Collect the Results', 'Approved and Applied');
	flow.link([SWITCH, 1], 'Nothing Is Left');
	flow.link(asked.declined, 'Declined');
	flow.link(asked.timedOut, 'Nobody Answered');
}

export function report(flow: Flow): void {
	const items = (node: string, output: number) =>
		`($('${node}').isExecuted ? $('${node}').all(${output}).map((item) => item.json) : [])`;
	const person = "json.displayName + ' (' + json.key + ')'";
	const done = `(json) => ${person} + ': ' + json.lifecycle + (json.passwordMessage ? '. Password: ' + json.passwordMessage : '')`;
	const not = `(json) => ${person} + ': ' + (json.message ?? json.status) + (json.whatToDo ? ' ' + json.whatToDo : '') + (json.passwordMessage ? ' Password: ' + json.passwordMessage : '')`;
	const feed = `$('${READ}').first(1).json`;
	const lists: readonly block.Field[] = [
		[
			'feed',
			`={{ ${feed}.complete ? 'JumpCloud was read whole.' : 'JumpCloud was not read whole: ' + ${feed}.reasons.join(' ') }}`,
		],
		['doneAtOnce', `={{ ${items(LOW, 0)}.map(${done}) }}`, 'array'],
		['doneAfterApproval', `={{ ${items(APPLY, 0)}.map(${done}) }}`, 'array'],
		['failed', `={{ [...${items(LOW, 1)}, ...${items(APPLY, 1)}].map(${not}) }}`, 'array'],
		['heldBack', `={{ ${items(APPLY, 2)}.map(${not}) }}`, 'array'],
		[
			'encryptedPasswords',
			`={{ [...${items(LOW, 0)}, ...${items(LOW, 1)}, ...${items(APPLY, 0)}, ...${items(APPLY, 1)}].filter((json) => json.encryptedPassword).map(({ displayName, key, encryptedPassword, encryptedPasswordKey }) => ({ displayName, key, encryptedPassword, encryptedPasswordKey })) }}`,
			'array',
		],
	];
	flow.add(
		block.edit('Report', [18, 2], lists, { include: true }),
		block.mail('Send the Report', [19, 2], {
			to: setting('owner'),
			subject: '={{ $workflow.name }}',
			text: "={{ [$json.whatHappened, $json.feed, $json.by ? 'By ' + $json.by + '. ' + $json.comment : '', 'Done at once:', ...$json.doneAtOnce, 'Done after approval:', ...$json.doneAfterApproval, 'Failed:', ...$json.failed, 'Held back:', ...$json.heldBack].join('\\n') }}",
		}),
	);
	flow.link('Report', 'Send the Report');
}
