/** The beginning of "one person": the form, who may ask, and who is meant. */
import { APPROVAL_SETTINGS, ask, choose, edit, isTrue, makeTable } from './blocks.ts';
import type { Flow } from './flow.ts';
import { OUTCOMES } from './ids.ts';
import { formPage } from './personPages.ts';
import { CALLED, endpoint, isRequester, path, SETTINGS, type PersonFlow } from './personParts.ts';
import { CHOICES, MATCHES, WANTED } from './personWords.ts';

export function addForm(flow: Flow, about: PersonFlow): void {
	form(flow, about);
	search(flow);
	person(flow);
}

function form(flow: Flow, { path: address, title, intro, fields = [], settings = [] }: PersonFlow): void {
	flow.add(
		{
			...{ name: 'Ask Who It Is', type: 'formTrigger', version: 2.6, at: [0, 0], webhookId: `ad-${address}` },
			parameters: {
				...{ authentication: 'n8nUserAuth', formTitle: title, formDescription: intro },
				formFields: {
					values: [
						{
							...{ fieldName: 'Person', fieldLabel: 'Name or ID', requiredField: true },
							placeholder: 'Employee identifier, username, e-mail address or name',
						},
						...fields,
					],
				},
				options: { path: address, buttonLabel: 'Look Up', appendAttribution: false },
			},
		},
		{
			...{ name: 'When the Rest Is to Be Approved', type: 'executeWorkflowTrigger', version: 1.1, at: [0, 2] },
			parameters: { inputSource: 'passthrough' },
			notes: 'Called by this workflow itself',
		},
		edit(
			'Settings',
			[1, 0],
			[
				['requesters', 'requester@corp.example.com'],
				['peopleShown', 25],
				['answerFormWithinMinutes', 30],
				['endingPageMinutes', 1],
				...APPROVAL_SETTINGS,
				...settings,
				['leaversOu', 'OU=Leavers,DC=corp,DC=example,DC=com'],
				['helpDeskPublicKey', ''],
				['leaseObject', ''],
			],
		),
		makeTable('Make the Table of Outcomes', [2, 0], OUTCOMES),
		ask('Is the Form Asking?', [3, 0], isTrue(`={{ !${CALLED}.isExecuted }}`)),
		ask('May This User Ask?', [4, 0], isTrue(isRequester("$('Ask Who It Is').first().json.user"))),
	);
	flow.link('Ask Who It Is', 'Settings', 'Make the Table of Outcomes', 'Is the Form Asking?', 'May This User Ask?');
	flow.link('When the Rest Is to Be Approved', 'Settings');
}

function search(flow: Flow): void {
	const body = `={{ JSON.stringify({ searchFilter: { searchTerm: ${WANTED}.replace(/[{}]/g, ''), fields: ['employeeIdentifier', 'username', 'email', 'displayname', 'firstname', 'lastname'] }, fields: '_id employeeIdentifier username email displayname firstname lastname department', sort: '_id', limit: 1000 }) }}`;
	flow.add(
		{
			...{ name: 'Find the Person in JumpCloud', type: 'customHcmEndpoint', version: 1, at: [5, 0] },
			...{ alwaysOutputData: true, errorOutput: true, retry: true },
			parameters: endpoint(
				{
					...{ name: 'Matches', method: 'POST', url: '/api/search/systemusers', bodyType: 'json', jsonBody: body },
					recordsPath: path('results'),
				},
				'goOn',
			),
		},
		edit('Look at the Matches', [6, 0], [['people', MATCHES, 'array']], { executeOnce: true }),
		choose(
			'How Many Are They?',
			[7, 0],
			[
				['One', isTrue('={{ $json.people.length === 1 }}')],
				['Several', isTrue(`={{ $json.people.length > 1 && $json.people.length <= ${SETTINGS}.peopleShown }}`)],
				['Too Many', isTrue(`={{ $json.people.length > ${SETTINGS}.peopleShown }}`)],
			],
			'Nobody',
		),
		edit('List the People', [7.9, 1], [['fields', CHOICES]]),
		formPage('Choose the Person', [8.7, 1], {
			title: 'Who Is It?',
			json: "={{ $('List the People').first().json.fields }}",
			button: 'Go On',
		}),
	);
	flow.link(['May This User Ask?', 0], 'Find the Person in JumpCloud', 'Look at the Matches', 'How Many Are They?');
	flow.link(['How Many Are They?', 1], 'List the People', 'Choose the Person', 'Person Asked For');
	flow.link(['How Many Are They?', 0], 'Person Asked For');
}

/** By whichever way it is known who is meant; for both runs. */
function person(flow: Flow): void {
	const people = "$('Look at the Matches').first().json.people";
	const chosen = `(${people}.length === 1 ? ${people}[0] : ${people}[parseInt($('Choose the Person').first().json.Person ?? '', 10) - 1])?._id ?? ''`;
	const either = (called: string, asked: string) =>
		`={{ ${CALLED}.isExecuted ? ${CALLED}.first().json.${called} : ${asked} }}`;
	flow.add(
		edit(
			'Person Asked For',
			[9.5, 0],
			[
				['personId', either('personId', chosen)],
				['giveBack', either('giveBack', "$('Ask Who It Is').first().json['Give Back'] !== 'No'"), 'boolean'],
				['requester', either('requester', "''")],
				['requesterId', either('requesterId', "''")],
			],
		),
		ask('Is Somebody Chosen?', [10.3, 0], isTrue("={{ $json.personId !== '' }}")),
	);
	flow.link(['Is the Form Asking?', 1], 'Person Asked For', 'Is Somebody Chosen?');
}
