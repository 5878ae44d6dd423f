/** Template 4: one person now, by a form. */
import type { Template } from './flow.ts';
import { WORKFLOW } from './ids.ts';
import { personTemplate } from './person.ts';
import { SETTINGS } from './personParts.ts';
import { FOUND, nothingWords, words } from './personWords.ts';

export const onePerson: Template = personTemplate({
	id: WORKFLOW.onePerson,
	name: 'Provision One Person',
	description:
		'A form for one person: shows what would change in Active Directory, applies changes of low risk when the requester confirms them, and has all others approved at the desk.',
	path: 'provision-one-person',
	title: 'Provision One Person',
	intro:
		'Looks the person up in JumpCloud and shows what would change in Active Directory. Nothing is changed before you confirm it.',
	note: '### Before the first run\n1. Choose your **JumpCloud** and **AD LDAP** credentials.\n2. In **Settings**: who may ask, who approves, who owns it.\n3. In **Map to Accounts**: your organisational unit and UPN suffix.\n4. The approval desk must be published.\n\nThe form: `/form/provision-one-person`',
	planned: ['create', 'update', 'disable', 'enable'],
	settings: [['daysBeforeStart', 30]],
	joinerOptions: { daysBefore: `={{ ${SETTINGS}.daysBeforeStart }}` },
	page: words(
		`${FOUND} const made = $('Create Plan').first().json; const low = made.changes.filter(({ risk }) => risk === 'low').length; const high = made.changes.length - low; return '<p>' + [low > 0 ? 'Of low risk, and done at once when you confirm: ' + low + '.' : '', high > 0 ? 'Of high risk, and sent to the approval desk when you confirm: ' + high + '.' : ''].filter(Boolean).join('<br>') + '</p>' + list(found) + made.digest.formHtml;`,
	),
	nothing: nothingWords(
		"found.length > 0 ? [] : mapped.lifecycle === 'leaver' ? [name + ' has left, and has no account that would have to be disabled.'] : mapped.lifecycle === 'away' ? [name + ' is away: the account is left as it is.'] : [(name || 'This person') + ': Active Directory is already as JumpCloud says.']",
	),
});
