/** Template 7: somebody who left comes back, by a form. */
import type { Template } from './flow.ts';
import { WORKFLOW } from './ids.ts';
import { personTemplate } from './person.ts';
import { FOUND, nothingWords, RESTORED, words } from './personWords.ts';

export const rehire: Template = personTemplate({
	id: WORKFLOW.rehire,
	name: 'Rehire One Person',
	description:
		'A form for somebody who comes back: shows what the account gets again from the snapshot of the leave, and brings it back after an approval at the desk.',
	path: 'rehire-one-person',
	title: 'Rehire One Person',
	intro:
		'For somebody who left and is active in JumpCloud again. Shows what the account gets back. Nothing is changed before it is approved.',
	note: '### Before the first run\n1. Choose your **JumpCloud** and **AD LDAP** credentials.\n2. In **Settings**: who may ask, who approves, who owns it.\n3. In **Map to Accounts**: your organisational unit and UPN suffix.\n4. The approval desk must be published.\n\nThe form: `/form/rehire-one-person`',
	planned: ['enable'],
	fields: [
		{
			...{ fieldName: 'Give Back', fieldLabel: 'Give back what the person had before leaving?', fieldType: 'radio' },
			...{ requiredField: true, defaultValue: 'Yes', fieldOptions: { values: [{ option: 'Yes' }, { option: 'No' }] } },
		},
	],
	rehireOptions: { restore: "={{ $('Person Asked For').first().json.giveBack }}" },
	page: words(
		`${FOUND} ${RESTORED} return '<h3>What Comes Back</h3>' + list(given) + list(found) + '<p>Coming back is of high risk: when you confirm, it is sent to the approval desk, and done after somebody else has approved it.</p>' + $('Create Plan').first().json.digest.formHtml;`,
	),
	nothing: nothingWords(
		"mapped.lifecycle === 'leaver' ? ['JumpCloud still says that ' + name + ' has left. Activate the person there first.'] : found.length > 0 ? [] : [(name || 'This person') + ' has an account that is in use: there is nobody to bring back.']",
	),
});
