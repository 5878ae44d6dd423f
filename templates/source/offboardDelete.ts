/** The second half of template 2: of the people whom this run disabled, those whom HR still calls leavers are deleted after a yes of its own. */
import * as block from './blocks.ts';
import type { Flow } from './flow.ts';
import {
	all,
	applying,
	applyNode,
	approvedBy,
	DISABLED,
	endings,
	of,
	planning,
	READ,
	setting,
	stop,
	told,
	WAITED,
} from './offboardSteps.ts';

const DELETE = 'Apply the Deletion Plan';
const DELETION_APPROVAL = 'Note the Deletion Approval';

export function deleting(flow: Flow): void {
	const mine = `${of(WAITED, 'keys')}.includes($json.key) && $('${READ}').item.json.state === 'SUSPENDED'`;
	flow.add(
		{
			...block.keepOnly('Keep the Leavers of This Run', [6, 10], block.isTrue(`={{ ${mine} }}`)),
			alwaysOutputData: true,
		},
		planning(
			'Create Deletion Plan',
			[7, 10],
			{
				...{ planInput: 'people', mappedAccount: '={{ $json }}' },
				guards: { values: [{ rule: 'delete', unit: 'count', most: setting('mostToDelete') }] },
			},
			{ deleteAfterDays: `={{ ${of(WAITED, 'wholeDays')} }}` },
		),
		block.ask('Deletion Not Approved Yet?', [8, 10], block.isTrue(`={{ !$('${DELETION_APPROVAL}').isExecuted }}`)),
		block.ask('Is Anybody Still a Leaver?', [9, 10], block.isTrue('={{ $json.counts.people.leaver > 0 }}')),
		block.edit(
			'Everybody Is Kept',
			[10, 11],
			[
				['what', 'HR has taken them back, or JumpCloud does not have them suspended any more: nobody was deleted.'],
				['kept', `={{ ${all(DISABLED, 'displayName')} }}`, 'array'],
			],
		),
	);
	const asked = block.askDesk(flow, [10, 10], { label: 'Deletion', plan: 'Deletion to Be Approved' });
	flow.add(block.hold(DELETION_APPROVAL, [14, 10], 'Back to the reading: the plan is made again as a check'));
	flow.link(['Is It About Disabling?', 1], 'Keep the Leavers of This Run', 'Create Deletion Plan');
	flow.link('Create Deletion Plan', 'Deletion Not Approved Yet?', 'Is Anybody Still a Leaver?', asked.first);
	flow.link(['Is Anybody Still a Leaver?', 1], 'Everybody Is Kept');
	flow.link(asked.approved, DELETION_APPROVAL, READ);
	endings(flow, asked, 14, 'The Approver of the Deletion', 'The accounts are kept, disabled and marked.', 10);
	stop(flow, [8, 11.8], 'Deletion Plan', [['Create Deletion Plan', 3]]);
	stop(flow, [13, 12.6], 'Deletion', asked.failing);
	applyDeletion(flow);
}

function applyDeletion(flow: Flow): void {
	const approver = of(DELETION_APPROVAL, 'approver.email');
	const node = applyNode(DELETE, [9, 14], {
		...{ plan: 'Deletion to Be Approved', again: 'Create Deletion Plan', approval: DELETION_APPROVAL, approver },
	});
	const failing = applying(flow, [9, 14], node, {
		...{ keep: 'Keep the Outcomes of the Deletion', approver, done: 'Note Who Was Deleted' },
		...{ failed: 'Note Whose Deletion Failed', held: 'Note Whose Deletion Was Held Back' },
	});
	const gone = all('Note Who Was Deleted', 'key');
	flow.add(
		{
			...block.edit(
				'Report Who Was Deleted',
				[9, 17],
				[
					[
						'what',
						`={{ ${gone}.length + ' of ' + $('${DISABLED}').all().length + ' accounts of leavers were deleted' }}`,
					],
					...approvedBy(DELETION_APPROVAL),
					['deleted', `={{ ${all('Note Who Was Deleted', 'displayName')} }}`, 'array'],
					[
						'kept',
						`={{ (keys => $('${DISABLED}').all().filter(({ json }) => !keys.includes(json.key)).map(({ json }) => json.displayName))(${gone}) }}`,
						'array',
					],
					['failed', told('Note Whose Deletion Failed'), 'array'],
					['heldBack', told('Note Whose Deletion Was Held Back'), 'array'],
				],
			),
			executeOnce: true,
		},
		block.mail('Mail Who Was Deleted', [10, 17], {
			...{ to: setting('reportTo'), subject: '={{ $json.what }}' },
			text: "={{ ['Deleted: ' + $json.deleted.join(', '), 'Kept: ' + $json.kept.join(', '), ...$json.failed, ...$json.heldBack].join('\\n\\n') }}",
		}),
	);
	flow.link(['Deletion Not Approved Yet?', 1], DELETE);
	flow.link(['Deletion Not Approved Yet?', 1], 'Report Who Was Deleted', 'Mail Who Was Deleted');
	stop(flow, [11, 15.6], 'Deleting', failing);
}
