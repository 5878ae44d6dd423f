/** The names of template 5's steps, and its report in words. */
import type { Field } from './blocks.ts';

export const READ = 'Read Workers from HR';
export const MAP = 'Map to Accounts';
export const PLAN = 'Create Plan';
export const LOW = 'Apply Low-Risk Changes';
export const APPLY = 'Apply the Plan';
export const APPROVAL = 'Note the Approval';
export const WRITE_BACK = 'Write the Account Name to HR';

const items = (node: string, output: number) =>
	`($('${node}').isExecuted ? $('${node}').all(${output}).map(({ json }) => json) : [])`;
const person = "json.displayName + ' (' + json.key + ')'";
const done = `(json) => ${person} + ': ' + json.lifecycle + (json.passwordMessage ? '. Password: ' + json.passwordMessage : '')`;
const not = `(json) => [${person} + ':', json.message ?? json.status, json.whatToDo, json.passwordMessage && 'Password: ' + json.passwordMessage].filter(Boolean).join(' ')`;
const real = '.filter(({ changeId }) => changeId)';

export const reportFields = (): readonly Field[] => [
	['doneAtOnce', `={{ ${items(LOW, 0)}${real}.map(${done}) }}`, 'array'],
	['doneAfterApproval', `={{ ${items(APPLY, 0)}${real}.map(${done}) }}`, 'array'],
	['failed', `={{ [...${items(LOW, 1)}, ...${items(APPLY, 1)}].map(${not}) }}`, 'array'],
	['heldBack', `={{ ${items(APPLY, 2)}.map(${not}) }}`, 'array'],
	[
		'encryptedPasswords',
		`={{ [${[LOW, APPLY].flatMap((node) => [0, 1].map((output) => `...${items(node, output)}`)).join(', ')}].filter((json) => json.encryptedPassword).map(({ displayName, key, encryptedPassword, encryptedPasswordKey }) => ({ displayName, key, encryptedPassword, encryptedPasswordKey })) }}`,
		'array',
	],
	[
		'notWrittenBack',
		`={{ [...${items(WRITE_BACK, 1)}, ...${items(WRITE_BACK, 2)}].map((json) => json.displayName + ': the account name was not written to the HR system. ' + (json.failure?.message ?? json.error ?? '')) }}`,
		'array',
	],
];
