import { allowedTo, factsOf, readUserSchema } from '../../../lib/directory/schema';
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

	test('are not those of a class that is no longer in use', () => {
		const gone = classOf('acmePerson', { isDefunct: ['TRUE'], mayContain: ['acmeOld'] });
		for (const classes of [
			[gone, ...CLASSES],
			[...CLASSES, gone],
		]) {
			const allowed = allowedTo('user', classes);
			expect(allowed.has('acmebadge')).toBe(true);
			expect(allowed.has('acmeold')).toBe(false);
		}
	});
});

/** As a directory returns an attributeSchema object; undefined takes a field away. */
const attributeOf = (fields: Readonly<Record<string, string | undefined>> = {}): Entry => {
	const all = { lDAPDisplayName: 'acmeBadge', attributeSyntax: '2.5.5.12', oMSyntax: '64', isSingleValued: 'TRUE' };
	return {
		dn: 'CN=acmeBadge,CN=Schema',
		attributes: Object.fromEntries(
			Object.entries({ ...all, ...fields }).flatMap(([field, value]) =>
				value === undefined ? [] : [[field.toLowerCase(), [value]]],
			),
		),
	};
};
const NO_TITLES: ReadonlyMap<string, string> = new Map();
const read = (fields?: Readonly<Record<string, string | undefined>>, titles = NO_TITLES) =>
	factsOf(attributeOf(fields), titles);

describe('an attribute of a schema', () => {
	// MS-ADTS 3.1.1.2.2.2, all of its syntaxes.
	test.each<[attributeSyntax: string, oMSyntax: string, read: object | undefined]>([
		['2.5.5.1', '127', { syntax: 'dn' }],
		['2.5.5.2', '6', undefined],
		['2.5.5.3', '27', { syntax: 'text' }],
		['2.5.5.4', '20', { syntax: 'text' }],
		['2.5.5.5', '19', { syntax: 'text', characters: 'printable' }],
		['2.5.5.5', '22', { syntax: 'text', characters: 'ia5' }],
		['2.5.5.6', '18', { syntax: 'text', characters: 'numeric' }],
		['2.5.5.7', '127', undefined],
		['2.5.5.8', '1', { syntax: 'boolean' }],
		['2.5.5.9', '2', { syntax: 'integer' }],
		['2.5.5.9', '10', { syntax: 'integer' }],
		['2.5.5.10', '4', { syntax: 'bytes' }],
		['2.5.5.10', '127', undefined],
		['2.5.5.11', '23', undefined],
		['2.5.5.11', '24', { syntax: 'time' }],
		['2.5.5.12', '64', { syntax: 'text' }],
		['2.5.5.13', '127', undefined],
		['2.5.5.14', '127', undefined],
		['2.5.5.15', '66', undefined],
		['2.5.5.16', '65', { syntax: 'largeInteger' }],
		['2.5.5.17', '4', undefined],
		['2.5.5.99', '64', undefined],
	])('of the syntax %s with %s is read as %j', (attributeSyntax, oMSyntax, expected) => {
		const facts = read({ attributeSyntax, oMSyntax });
		expect(facts).toEqual(
			expected && { name: 'acmeBadge', title: 'acmeBadge', single: true, maxLength: null, ...expected },
		);
	});

	test.each<[fields: Readonly<Record<string, string>>, limits: object]>([
		[{ rangeLower: '1', rangeUpper: '64' }, { maxLength: 64 }],
		[{ rangeLower: '4' }, { maxLength: null, minLength: 4 }],
		[
			{ rangeLower: '16', rangeUpper: '16' },
			{ maxLength: 16, minLength: 16 },
		],
		[{ attributeSyntax: '2.5.5.10', oMSyntax: '4', rangeUpper: '102400' }, { maxLength: 102_400 }],
		[
			{ attributeSyntax: '2.5.5.9', oMSyntax: '2', rangeLower: '0', rangeUpper: '65535' },
			{ min: 0, max: 65_535 },
		],
		[{ attributeSyntax: '2.5.5.9', oMSyntax: '2', rangeLower: '1' }, { min: 1 }],
		[{ attributeSyntax: '2.5.5.16', oMSyntax: '65', rangeUpper: '-1' }, { max: -1 }],
		[{ attributeSyntax: '2.5.5.11', oMSyntax: '24', rangeUpper: '9' }, { maxLength: null }],
		// A schema that contradicts itself.
		[{ rangeLower: '9', rangeUpper: '1' }, { maxLength: null }],
		[{ rangeUpper: '-1' }, { maxLength: null }],
		[{ rangeUpper: 'many' }, { maxLength: null }],
	])('with %j has the limits %j', (fields, limits) => {
		const { maxLength, minLength, min, max } = read(fields) ?? {};
		const found = { maxLength, minLength, min, max };
		expect(found).toEqual({ minLength: undefined, min: undefined, max: undefined, maxLength: null, ...limits });
	});

	test.each<Readonly<Record<string, string>>>([
		{ isDefunct: 'TRUE' },
		{ systemOnly: 'TRUE' },
		{ systemFlags: '134217748' },
		{ linkID: '2017' },
		{ lDAPDisplayName: 'acmePassword' },
		{ lDAPDisplayName: 'unicodePwd' },
		{ lDAPDisplayName: 'acme badge' },
	])('with %j is not offered', (fields) => expect(read(fields)).toBeUndefined());

	test.each<Readonly<Record<string, string>>>([
		{ isDefunct: 'FALSE' },
		{ systemFlags: '16' },
		{ attributeSyntax: '2.5.5.1', oMSyntax: '127', linkID: '42' },
	])('with %j is offered', (fields) => expect(read(fields)?.name).toBe('acmeBadge'));

	test('that holds an instant is told by its name', () => {
		const large = { attributeSyntax: '2.5.5.16', oMSyntax: '65', rangeLower: '0' };
		expect(read({ ...large, lDAPDisplayName: 'accountExpires' })).toMatchObject({ syntax: 'fileTime' });
		expect(read({ ...large, lDAPDisplayName: 'accountExpires' })).not.toHaveProperty('min');
		expect(read({ ...large, lDAPDisplayName: 'maxStorage' })).toMatchObject({ syntax: 'largeInteger', min: 0 });
	});

	test('is as strict as the server is with users', () => {
		expect(read({ lDAPDisplayName: 'description', isSingleValued: 'FALSE' })?.single).toBe(true);
		expect(read({ lDAPDisplayName: 'sAMAccountName', rangeUpper: '256' })?.maxLength).toBe(20);
		// The schema has the last word otherwise, whatever the built-in list says.
		expect(read({ lDAPDisplayName: 'title', isSingleValued: 'FALSE', rangeUpper: '99' })).toMatchObject({
			single: false,
			maxLength: 99,
		});
	});

	test.each<[fields: Readonly<Record<string, string>>, titles: ReadonlyMap<string, string>, title: string]>([
		[{ lDAPDisplayName: 'title' }, new Map([['title', 'Function']]), 'Function'],
		[{ lDAPDisplayName: 'title', adminDisplayName: 'Title' }, NO_TITLES, 'Job Title'],
		[{ adminDisplayName: ' Acme-Badge ' }, NO_TITLES, 'Acme-Badge'],
		[{}, NO_TITLES, 'acmeBadge'],
	])('with %j is called as administrators call it', (fields, titles, title) => {
		expect(read(fields, titles)?.title).toBe(title);
	});
});

describe('a directory that has no schema', () => {
	test.each<[what: string, root: Entry | undefined]>([
		['no root entry', undefined],
		['no naming contexts', { dn: '', attributes: {} }],
		[
			'no classes',
			{ dn: '', attributes: { schemanamingcontext: ['CN=Schema'], configurationnamingcontext: ['CN=C'] } },
		],
	])('because of %s is an error that says what to do', async (_what, root) => {
		const reading = readUserSchema({ read: () => Promise.resolve(root), search: () => Promise.resolve([]) });
		await expect(reading).rejects.toMatchObject({ kind: 'configuration' });
		await reading.catch((error: unknown) => expect((error as { whatToDo: string }).whatToDo).toContain('credential'));
	});
});
