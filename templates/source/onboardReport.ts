/** The names of template 1's steps, and its report in words. */
import type { Field } from './blocks.ts';

export const READ = 'Read People from JumpCloud';
export const MAP = 'Map to Accounts';
export const APPLY = 'Apply the Plan';
export const WRITE_BACK = 'Write the Account Name to JumpCloud';
export const KEEP = 'Keep the Outcomes';
export const KEPT = 'Were the Outcomes Kept?';
export const CONFIRM = 'Confirm the Feed';
/** The decision, as the approval desk gave it. */
export const APPROVAL = "$('Note the Approval').first().json";

/** `message` is empty unless something went wrong that nobody's account is about. */
export function reportFields(): readonly Field[] {
	const all = (output: number) => `$('${APPLY}').all(${output}).map(({ json }) => json)`;
	const applied = `${all(0)}.filter(({ changeId }) => changeId)`;
	const account =
		'(steps.find(({ step }) => step.do === "create")?.step.attributes.sAMAccountName?.[0] ?? dn.split(/(?<!\\\\),/)[0])';
	const told = (people: string) =>
		`${people}.map(({ displayName, message, whatToDo, passwordMessage }) => [displayName + ':', message, whatToDo, passwordMessage && 'Password: ' + passwordMessage].filter(Boolean).join(' '))`;
	const failed = (node: string, outputs: string) => `($('${node}').isExecuted ? ${outputs} : [])`;
	const notTaken = failed(WRITE_BACK, `[...$('${WRITE_BACK}').all(1), ...$('${WRITE_BACK}').all(2)]`);
	const notKept = `${failed('Outcomes That Were Not Kept', "$('Outcomes That Were Not Kept').all()")}.length`;
	const notConfirmed = `${failed(CONFIRM, `$('${CONFIRM}').all(1)`)}.length`;
	return [
		[
			'what',
			`={{ ${applied}.length + ' of ' + $('Plan to Be Approved').first().json.counts.people.joiner + ' new people have their accounts' }}`,
		],
		['approvedBy', `={{ ${APPROVAL}.approver.email }}`],
		['comment', `={{ ${APPROVAL}.comment }}`],
		[
			'created',
			`={{ ${applied}.map(({ displayName, steps, dn, passwordMessage }) => displayName + ' (' + ${account} + '). Password: ' + (passwordMessage ?? 'none was set')) }}`,
			'array',
		],
		[
			'encryptedPasswords',
			`={{ [...${all(0)}, ...${all(1)}].filter(({ encryptedPassword }) => encryptedPassword).map(({ displayName, steps, dn, encryptedPassword, encryptedPasswordKey }) => ({ displayName, account: ${account}, encryptedPassword, encryptedPasswordKey })) }}`,
			'array',
		],
		['notApplied', `={{ ${told(all(1))} }}`, 'array'],
		['heldBack', `={{ ${told(all(2))} }}`, 'array'],
		[
			'notWrittenBack',
			`={{ ${notTaken}.map(({ json }) => json.displayName + ': the account name was not written to JumpCloud. ' + (json.failure?.message ?? json.error ?? '')) }}`,
			'array',
		],
		[
			'message',
			`={{ [${notKept} > 0 ? 'The outcomes were not kept in the table ad_outcomes: undo them from this run, not from the table.' : '', ${notConfirmed} > 0 ? 'The feed was not confirmed: what changed is read again.' : ''].filter(Boolean).join(' ') }}`,
		],
	];
}
