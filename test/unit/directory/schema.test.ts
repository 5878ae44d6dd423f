import { allowedTo } from '../../../lib/directory/schema';
import type { Entry } from '../../../lib/directory/entry';

const classOf = (name: string, fields: Readonly<Record<string, readonly string[]>>): Entry => ({
	dn: `CN=${name},CN=Schema`,
	attributes: {
		ldapdisplayname: [name],
		...Object.fromEntries(Object.entries(fields).map(([field, values]) => [field.toLowerCase(), values])),
	},
});

const CLASSES = [
	classOf('top', { subClassOf: ['top'], mustContain: ['objectClass'], systemMayContain: ['description'] }),
	classOf('person', { subClassOf: ['top'], mayContain: ['sn'] }),
	classOf('user', {
		subClassOf: ['Person'],
		systemAuxiliaryClass: ['mailRecipient'],
		auxiliaryClass: ['acmePerson'],
		mayContain: ['carLicense'],
		systemMustContain: ['cn'],
	}),
	classOf('mailRecipient', { subClassOf: ['top'], mayContain: ['mail'] }),
	classOf('acmePerson', { subClassOf: ['top'], mayContain: ['acmeBadge'], auxiliaryClass: ['user'] }),
	classOf('computer', { subClassOf: ['user'], mayContain: ['dNSHostName'] }),
];

describe('the attributes of a class', () => {
	test('are its own, its ancestors’ and its auxiliary classes’, and nobody else’s', () => {
		expect([...allowedTo('User', CLASSES)].sort()).toEqual(
			['acmebadge', 'carlicense', 'cn', 'description', 'mail', 'objectclass', 'sn'].sort(),
		);
	});

	test('of one that is not there are none', () => {
		expect([...allowedTo('nobody', CLASSES)]).toEqual([]);
	});
});
