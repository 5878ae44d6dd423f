/** The pages of "Undo a Run": n8n's Form nodes, with what they show put together in steps before them. */
import type { Field } from './blocks.ts';
import type { NodeSpec } from './flow.ts';
import { DESK_PATH } from './ids.ts';

type Place = readonly [column: number, row: number];

export const setting = (name: string): string => `$('Settings').first().json.${name}`;
export const CHOSEN = "$('Note the Choice').first().json";
export const CONFIRMED = "$('Look at What Goes Back').first().json";
export const APPROVAL = "$('Note the Approval').first().json";

/** Where the flow starts in a browser: `<n8n>/form/undo-a-run`. */
const UNDO_PATH = 'undo-a-run';

const DISABLE_CREATED = 'Disable and mark them';
const DELETE_CREATED = 'Delete those that nobody has used or changed';
export const TO_THE_DESK = 'Put it to the approval desk';
const LEAVE = 'Leave everything as it is';
/** What cannot be undone, on one page: the rest is a number. */
const SHOWN = 50;

const CSS = `:root { --container-width: min(760px, 96vw); }
label { overflow-wrap: anywhere; }
`;

/**
 * The expression gives what a page may hold: no dollar sign, which n8n's forms would take for a pattern, no brace and no markup.
 * @param text an expression without braces
 */
const plain = (text: string): string =>
	`String(${text} ?? '').slice(0, 300).replace(/[\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]/g, ' ').replace(/\\$/g, '＄').replace(/</g, '‹').replace(/>/g, '›').replace(/&/g, '＆').replace(/\\{/g, '(').replace(/\\}/g, ')')`;

/** Of its own among all templates. */
const addressOf = (name: string) => `${UNDO_PATH}-${name.toLowerCase().replaceAll(' ', '-')}`;

export const startPage = (name: string, at: Place): NodeSpec => ({
	...{ name, type: 'formTrigger', version: 2.6, at, webhookId: `${UNDO_PATH}-form` },
	parameters: {
		...{ authentication: 'n8nUserAuth', formTitle: 'Undo a Run' },
		formDescription:
			'Choose a run whose changes are to be taken back. You see what would happen first; the approval desk decides.',
		formFields: {
			values: [
				{
					...{ fieldName: 'run', fieldLabel: 'Run ID', fieldType: 'text' },
					placeholder: 'Leave empty to choose from a list',
				},
			],
		},
		options: { path: UNDO_PATH, buttonLabel: 'Show Runs', appendAttribution: false, customCss: CSS },
	},
});

/** A page whose fields a step before it has put together as `fields`. Nobody at the browser any more: it goes on, without an answer. */
export const page = (
	name: string,
	at: Place,
	{
		title,
		description,
		button,
		css = CSS,
	}: Record<'title' | 'description' | 'button', string> & { readonly css?: string },
): NodeSpec => ({
	...{ name, type: 'form', version: 2.5, at, webhookId: addressOf(name) },
	parameters: {
		...{ operation: 'page', defineForm: 'json', jsonOutput: '={{ JSON.stringify($json.fields) }}' },
		...{ limitWaitTime: true, limitType: 'afterTimeInterval', resumeUnit: 'minutes' },
		resumeAmount: "={{ $('Settings').first().json.pageOpenMinutes }}",
		options: { formTitle: title, formDescription: description, buttonLabel: button, customCss: css },
	},
});

/** The last page of a way. The run goes on when a browser has fetched it, and after a minute at the latest. */
export const ending = (name: string, at: Place, title: string, message: string): NodeSpec => ({
	...{ name, type: 'form', version: 2.5, at, webhookId: addressOf(name) },
	parameters: {
		...{ operation: 'completion', respondWith: 'text', completionTitle: title, completionMessage: message },
		...{ limitWaitTime: true, limitType: 'afterTimeInterval', resumeAmount: 1, resumeUnit: 'minutes' },
		options: { formTitle: 'Undo a Run', appendAttribution: false, customCss: CSS },
	},
});

const runs = `$('Count by Run and Kind').all().map((item) => item.json).filter((row) => row.runId)`;
const ofRun = `all.filter((row) => row.runId === id)`;
const kinds = `${ofRun}.map((row) => row.count_changeId + ' ' + row.lifecycle + (row.count_changeId === 1 ? '' : 's') + (row.status === 'applied' ? '' : ' (' + row.status + ')')).join(', ')`;
const words = `id + ': ' + DateTime.fromISO(at).toFormat('d LLL yyyy, HH:mm') + ', ' + ${plain('flow')} + (approver ? ', approved by ' + ${plain('approver')} : ', nobody was asked') + ': ' + kinds`;

/** `ids` and `fields`: the runs that wrote something, newest first. */
export const LIST_OF_RUNS: readonly Field[] = [
	[
		'runs',
		`={{ ((all) => [...new Set(all.filter((row) => ['applied', 'partial'].includes(row.status)).map((row) => row.runId))].map((id) => ({ id, at: ${ofRun}.map((row) => row.max_at).sort().at(-1), flow: ${ofRun}[0].max_flow, approver: ${ofRun}[0].max_approver, kinds: ${kinds} })).sort((one, other) => (one.at < other.at ? 1 : -1)).slice(0, $('Settings').first().json.runsInList).map(({ id, at, flow, approver, kinds }) => ({ id, label: ${words} })))(${runs}) }}`,
		'array',
	],
];

/** Of the list's step. */
export const FIELDS_TO_CHOOSE: readonly Field[] = [
	[
		'fields',
		`={{ [{ fieldName: 'run', fieldLabel: 'Run', fieldType: 'radio', requiredField: true, fieldOptions: { values: $json.runs.map(({ label }) => ({ option: label })) } }, { fieldName: 'created', fieldLabel: 'Accounts that the run created', fieldType: 'radio', requiredField: true, defaultValue: '${DISABLE_CREATED}', fieldOptions: { values: [{ option: '${DISABLE_CREATED}' }, { option: '${DELETE_CREATED}' }] } }] }}`,
		'array',
	],
];

/** Only a run that was on the list is taken. */
export const CHOICE: readonly Field[] = [
	[
		'runId',
		`={{ $('List the Runs').first().json.runs.map(({ id }) => id).find((id) => id === String($json.run ?? '').split(':')[0]) ?? '' }}`,
	],
	['deleteCreated', `={{ $json.created === '${DELETE_CREATED}' }}`, 'boolean'],
];

const PLAN_STEPS = ['Create Undo Plan', 'Create Undo Plan with Deletions'];
/** The problems of whichever of the two has made the plan. */
export const PROBLEMS = `((${PLAN_STEPS.map((name) => `$('${name}').isExecuted ? $('${name}').all(2) : `).join('')}[]).map((item) => item.json))`;
const problems = `(found.length === 0 ? '' : '<h4>What cannot be undone</h4><ul>' + found.slice(0, ${SHOWN}).map((problem) => '<li>' + ${plain("problem.message + ' ' + problem.whatToDo")} + '</li>').join('') + '</ul>' + (found.length > ${SHOWN} ? '<p>' + (found.length - ${SHOWN}) + ' more.</p>' : ''))`;

/** What cannot be undone, as elements of a form; '' = everything can. */
export const PROBLEMS_HTML = `((found) => ${problems})(${PROBLEMS})`;

export const FIELDS_TO_CONFIRM: readonly Field[] = [
	[
		'fields',
		`={{ [{ fieldType: 'html', elementName: 'changes', html: $json.digest.formHtml + ${PROBLEMS_HTML} }, { fieldName: 'decision', fieldLabel: 'What is to be done?', fieldType: 'radio', requiredField: true, fieldOptions: { values: [{ option: '${TO_THE_DESK}' }, { option: '${LEAVE}' }] } }] }}`,
		'array',
	],
	['css', '={{ $json.digest.formCss }}'],
];

/** The desk's page for the plan that waits. */
export const DESK_LINK = `{{ $execution.resumeUrl.split('?')[0].split('/').slice(0, -2).join('/') + '/form/${DESK_PATH}?Plan=' + $('The Undo Plan').first().json.id }}`;
