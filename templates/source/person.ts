/**
 * "One person now" and "Rehire one person": a form, the person's record, a plan, a page with what will change, and the approval desk.
 *
 * The form's run ends with its last page. What the requester may not decide goes to a second run of the same workflow, which nobody's browser
 * waits for: it reads, maps and plans anew by the same steps, asks the desk, and makes the plan once more before it is applied.
 */
import { ask, choose, edit, hold, insertRows, isText, isTrue, JUMPCLOUD_START, outcomeRow } from './blocks.ts';
import { workflow, type Flow, type Template } from './flow.ts';
import { OUTCOMES, WORKFLOW } from './ids.ts';
import { addDesk } from './personDesk.ts';
import { addEndings, addFailing } from './personEndings.ts';
import { addForm } from './personForm.ts';
import { formPage } from './personPages.ts';
import {
	ASKED,
	CALLED,
	endpoint,
	isRequester,
	path,
	PEOPLE,
	SETTINGS,
	shifted,
	type PersonFlow,
} from './personParts.ts';

function plan(flow: Flow, { planned, joinerOptions, rehireOptions }: PersonFlow): void {
	flow.add(
		{
			...{ name: 'Read the Person from JumpCloud', type: 'customHcmEndpoint', version: 1, at: [11.1, 0] },
			...{ errorOutput: true, retry: true, executeOnce: true },
			parameters: endpoint(
				{
					name: 'Person',
					url: `=/api/systemusers/{{ encodeURIComponent(${ASKED}.personId) }}`,
					recordsPath: path('$'),
				},
				'fail',
			),
		},
		{
			...{ name: 'Map to Accounts', type: 'attributeMap', version: 1, at: [12, 0] },
			...{ alwaysOutputData: true, errorOutput: true },
			parameters: { preset: 'jumpCloud', ou: PEOPLE, jumpCloudDates: { startDate: JUMPCLOUD_START } },
		},
		{
			...{ name: 'Create Plan', type: 'adProvision', version: 1, at: [13, 0], errorOutput: true },
			parameters: {
				...{ resource: 'plan', operation: 'createPlan', planInput: 'people', mappedAccount: '={{ $json }}', planned },
				searchBases: { values: [{ unit: { __rl: true, mode: 'dn', value: PEOPLE } }] },
				// Where leavers stand must be read for whoever comes back from there.
				leaverOptions: {
					...{ randomPassword: true, removeFromGroups: true },
					moveTo: { __rl: true, mode: 'dn', value: `={{ ${SETTINGS}.leaversOu }}` },
				},
				...(joinerOptions === undefined ? {} : { joinerOptions }),
				...(rehireOptions === undefined ? {} : { rehireOptions }),
				options: { expiresAfterHours: `={{ Math.ceil(${SETTINGS}.answerWithinHours) + 24 }}` },
			},
		},
		choose(
			'What Comes Now?',
			[14, 0],
			[
				['Show It', isTrue(`={{ !${CALLED}.isExecuted }}`)],
				['Ask the Desk', isTrue("={{ !$('Note the Approval').isExecuted }}")],
			],
			'Approved Already',
		),
	);
	flow.link(
		['Is Somebody Chosen?', 0],
		'Read the Person from JumpCloud',
		'Map to Accounts',
		'Create Plan',
		'What Comes Now?',
	);
}

/** What the requester sees and may decide. */
function show(flow: Flow, { page }: PersonFlow): void {
	const made = "$('Create Plan').first().json";
	const described = "$('Describe the Changes').first().json";
	flow.add(
		edit(
			'Describe the Changes',
			[15, 0],
			[
				['count', `={{ ${made}.changes.length }}`],
				['low', `={{ ${made}.changes.filter(({ risk }) => risk === 'low').length }}`],
				['high', `={{ ${made}.changes.filter(({ risk }) => risk !== 'low').map(({ id }) => id) }}`, 'array'],
				['page', page],
			],
		),
		ask('Is There Anything to Do?', [15.9, 0], isTrue('={{ $json.count > 0 }}')),
		formPage('Show What Will Change', [16.8, 0], {
			...{ title: 'What Will Change', button: 'Send', css: `={{ ${made}.digest.formCss }}` },
			fields: [
				{ fieldType: 'html', elementName: 'changes', html: `={{ ${described}.page }}` },
				{
					...{ fieldLabel: 'Decision', fieldType: 'radio', requiredField: true },
					fieldOptions: { values: [{ option: 'Confirm' }, { option: 'Cancel' }] },
				},
			],
		}),
		ask('Confirmed?', [17.7, 0], isText("={{ $json.Decision ?? '' }}", 'Confirm'), isTrue(isRequester('$json.user'))),
		ask('Is There a Low Risk to Apply?', [18.6, 0], isTrue(`={{ ${described}.low > 0 }}`)),
	);
	flow.link(['What Comes Now?', 0], 'Describe the Changes', 'Is There Anything to Do?', 'Show What Will Change');
	flow.link('Show What Will Change', 'Confirmed?', 'Is There a Low Risk to Apply?', 'Apply Low-Risk Changes');
}

/** @returns parameters of Apply Plan that are the same in both runs */
export const applying = {
	...{ resource: 'plan', operation: 'applyPlan' },
	delivery: `={{ ${SETTINGS}.helpDeskPublicKey ? 'encrypted' : 'none' }}`,
	publicKey: `={{ ${SETTINGS}.helpDeskPublicKey }}`,
} as const;

function confirmed(flow: Flow): void {
	const described = "$('Describe the Changes').first().json";
	const user = "$('Show What Will Change').first().json.user";
	flow.add(
		{
			...{ name: 'Apply Low-Risk Changes', type: 'adProvision', version: 1, at: [19.6, 0], errorOutput: true },
			parameters: {
				...{ ...applying, approved: "={{ $('Create Plan').first(0).json }}" },
				options: { leaseObject: `={{ ${SETTINGS}.leaseObject }}`, leaveOut: `={{ ${described}.high }}` },
			},
		},
		insertRows('Keep What Was Done', [20.6, -1], OUTCOMES, outcomeRow("''", `${user}.email`)),
		{
			...{ name: 'Collect What Was Done', type: 'merge', version: 3.2, at: [20.6, 0] },
			parameters: { mode: 'append', numberInputs: 2 },
		},
		edit(
			'Note the Request',
			[21.6, 0],
			[
				['personId', `={{ ${ASKED}.personId }}`],
				['giveBack', `={{ ${ASKED}.giveBack }}`, 'boolean'],
				['requester', `={{ ${user}.email }}`],
				['requesterId', `={{ ${user}.id }}`],
			],
			{ executeOnce: true },
		),
		ask('Does More Need Approval?', [22.5, 0], isTrue(`={{ ${described}.high.length > 0 }}`)),
		{
			...{ name: 'Pass the Rest On', type: 'executeWorkflow', version: 1.3, at: [23.4, 0], errorOutput: true },
			parameters: {
				workflowId: { __rl: true, mode: 'id', value: '={{ $workflow.id }}' },
				workflowInputs: { mappingMode: 'defineBelow', value: {}, matchingColumns: [], schema: [] },
				// Once for each item: n8n 2.41 takes the list of items away from a run that it does not wait for (the error output's doing).
				...{ mode: 'each', options: { waitForSubWorkflow: false } },
			},
			notes: 'To a run of this workflow of its own, which waits at the desk',
		},
	);
	const apply = 'Apply Low-Risk Changes';
	for (const [output, input] of [
		[0, 0],
		[1, 1],
	] as const) {
		flow.link([apply, output], 'Keep What Was Done');
		flow.link([apply, output], ['Collect What Was Done', input]);
	}
	flow.link('Collect What Was Done', 'Note the Request', 'Does More Need Approval?', 'Pass the Rest On', 'Done');
	flow.link(['Is There a Low Risk to Apply?', 1], 'Note the Request');
	flow.link(['Does More Need Approval?', 1], 'Done');
}

export function personTemplate(about: PersonFlow): Template {
	const { id, name, description } = about;
	return workflow({ id, name, description, errorWorkflow: WORKFLOW.failedRuns }, (flow) => {
		addForm(flow, about);
		addEndings(flow, about);
		// What comes after the person is known stands in a second line below.
		const below = shifted(flow, -10, 6);
		plan(below, about);
		show(below, about);
		confirmed(below);
		addFailing(below);
		addDesk(below, applying);
		below.add(hold('For a Person to Look At', [14, -1], 'In the words of the page too'));
		flow.link(['Create Plan', 2], 'For a Person to Look At');
		flow.link(['Map to Accounts', 1], 'For a Person to Look At');
		flow.link(['Map to Accounts', 2], 'For a Person to Look At');
		addNotes(flow, below, about.note);
	});
}

function addNotes(flow: Flow, below: Flow, start: string): void {
	flow.note({ text: start, at: [0, -2.2], size: [4, 1.6], color: 4 });
	below.note({
		text: '### What the requester may decide\nChanges of low risk are applied when the requester confirms them. All others go to the approval desk, where the requester cannot answer.',
		...{ at: [15.8, -2], size: [3, 1] },
	});
	below.note({
		text: '### After the last page\nThis workflow calls itself for what needs approval. That run reads, maps and plans anew, asks the desk, and makes the plan once more as a check before it is applied.',
		...{ at: [15.8, 5.1], size: [3, 1.1], color: 5 },
	});
}
