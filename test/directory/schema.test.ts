/** The user schema of a live domain, a custom attribute included: Samba carries Microsoft's published schema. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readUserSchema } from '../../lib/directory/schema';
import { ATTRIBUTES, attributeFacts, type AttributeFacts } from '../../lib/schema/attributes';
import { formatAttribute, parseAttribute } from '../../lib/schema/attributeText';
import { whyNeverWritten } from '../../lib/schema/neverWritten';
import { withDirectory } from '../support/directory';
import { ldbEnvironment } from '../../demo/samba/ldbsearch.ts';
import { mustRun } from '../../demo/setup/processes.ts';
import { startSamba, type Domain } from '../support/samba';

let domain: Domain;
let attributes: readonly AttributeFacts[];

const custom = (name: string, number: number, more: readonly string[]) => [
	`dn: CN=${name},CN=Schema,CN=Configuration,${domain.baseDn}`,
	'changetype: add',
	'objectClass: top',
	'objectClass: attributeSchema',
	`lDAPDisplayName: ${name}`,
	// An arc for private use (RFC 8126 section 4.1, "Private Use", under IANA's private enterprises).
	`attributeID: 1.3.6.1.4.1.99999.1.${number}`,
	'adminDisplayName: Acme Badge',
	...more,
	'',
];

beforeAll(async () => {
	domain = await startSamba();
	const changes = [
		...custom('acmeBadge', 1, ['attributeSyntax: 2.5.5.12', 'oMSyntax: 64', 'isSingleValued: TRUE', 'rangeUpper: 12']),
		...custom('acmeTags', 2, ['attributeSyntax: 2.5.5.12', 'oMSyntax: 64', 'isSingleValued: FALSE']),
		...custom('acmeLevel', 3, [
			'attributeSyntax: 2.5.5.9',
			'oMSyntax: 2',
			'isSingleValued: TRUE',
			'rangeLower: 1',
			'rangeUpper: 9',
		]),
		...custom('acmeGone', 4, ['attributeSyntax: 2.5.5.12', 'oMSyntax: 64', 'isSingleValued: TRUE', 'isDefunct: TRUE']),
	];
	const use = [
		`dn: CN=User,CN=Schema,CN=Configuration,${domain.baseDn}`,
		'changetype: modify',
		'add: mayContain',
		...['acmeBadge', 'acmeTags', 'acmeLevel'].map((name) => `mayContain: ${name}`),
		'',
	];
	await domain.whileStopped(async ({ database, configuration }) => {
		const folder = await mkdtemp(path.join(os.tmpdir(), 'ad-provisioning-schema-'));
		try {
			// In two steps: a class may only name attributes that are there.
			for (const lines of [changes, use]) {
				const file = path.join(folder, 'changes.ldif');
				await writeFile(file, `${lines.join('\n')}\n`);
				const options = [`--configfile=${configuration}`, '--option=dsdb:schema update allowed=true'];
				await mustRun('ldbmodify', ['-H', database, ...options, file], { env: ldbEnvironment() });
			}
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	});
	attributes = await withDirectory(domain, readUserSchema);
}, 120_000);
afterAll(() => domain?.stop());

const named = (name: string) => attributes.find((facts) => facts.name === name);

describe('the schema of a domain', () => {
	test('has its custom attributes, with what it says of them', () => {
		expect(named('acmeBadge')).toEqual({
			name: 'acmeBadge',
			title: 'Acme Badge',
			syntax: 'text',
			single: true,
			maxLength: 12,
		});
		expect(named('acmeTags')).toMatchObject({ syntax: 'text', single: false, maxLength: null });
		expect(named('acmeLevel')).toMatchObject({ syntax: 'integer', single: true, min: 1, max: 9 });
		expect(named('acmeGone')).toBeUndefined();
	});

	test('has what accounts have, by the names that administrators know', () => {
		expect(named('title')).toMatchObject({ title: 'Job Title', syntax: 'text', single: true, maxLength: 128 });
		expect(named('manager')).toMatchObject({ syntax: 'dn', single: true });
		expect(named('accountExpires')).toMatchObject({ syntax: 'fileTime', single: true });
		expect(named('thumbnailPhoto')).toMatchObject({ syntax: 'bytes', maxLength: 102_400 });
		expect(attributes.length).toBeGreaterThan(100);
	});

	test('leaves out what nobody can write, and what no mapping may', () => {
		for (const name of [
			'memberOf',
			'directReports',
			'objectSid',
			'tokenGroups',
			'unicodePwd',
			'userAccountControl',
			'name',
		])
			expect(named(name)).toBeUndefined();
		expect(attributes.filter(({ name }) => whyNeverWritten(name))).toEqual([]);
	});

	test('gives each attribute once, as a row can keep it', () => {
		expect(new Set(attributes.map(({ name }) => name.toLowerCase())).size).toBe(attributes.length);
		for (const facts of attributes)
			expect(parseAttribute(formatAttribute(facts))).toEqual({
				name: facts.name,
				facts: { ...facts, title: facts.name },
			});
	});

	// But for sAMAccountName, for which the schema says 256 and the server refuses more than 20 for users.
	test('says the same as the list that needs no domain', () => {
		const differ = ATTRIBUTES.filter(({ name }) => named(name) && name !== 'sAMAccountName').flatMap((facts) => {
			const live = named(facts.name);
			const { title: _own, ...known } = facts;
			const { title: _theirs, ...said } = live ?? facts;
			return JSON.stringify(known) === JSON.stringify(said) ? [] : [[known, said]];
		});
		expect(differ).toEqual([]);
		expect(attributeFacts('description')?.single).toBe(true);
	});
});
