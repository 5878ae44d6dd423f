/** The user schema of a live domain, a custom attribute included: Samba carries Microsoft's published schema. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Directory } from '../../lib/directory/directory';
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
		...custom('acmeCode', 5, [
			'attributeSyntax: 2.5.5.6',
			'oMSyntax: 18',
			'isSingleValued: TRUE',
			'rangeLower: 4',
			'rangeUpper: 6',
		]),
		...custom('acmeWhen', 6, ['attributeSyntax: 2.5.5.11', 'oMSyntax: 24', 'isSingleValued: TRUE']),
		...custom('acmePassword', 7, ['attributeSyntax: 2.5.5.12', 'oMSyntax: 64', 'isSingleValued: TRUE']),
		...custom('acmeClass', 8, ['attributeSyntax: 2.5.5.12', 'oMSyntax: 64', 'isSingleValued: TRUE']),
		...custom('acmeElsewhere', 9, ['attributeSyntax: 2.5.5.12', 'oMSyntax: 64', 'isSingleValued: TRUE']),
	];
	const auxiliary = [
		`dn: CN=acmePerson,CN=Schema,CN=Configuration,${domain.baseDn}`,
		'changetype: add',
		'objectClass: top',
		'objectClass: classSchema',
		'lDAPDisplayName: acmePerson',
		'governsID: 1.3.6.1.4.1.99999.2.1',
		'subClassOf: top',
		// Auxiliary (MS-ADTS 3.1.1.2.4.1).
		'objectClassCategory: 3',
		'mayContain: acmeClass',
		'',
	];
	const use = [
		`dn: CN=User,CN=Schema,CN=Configuration,${domain.baseDn}`,
		'changetype: modify',
		'add: mayContain',
		...['acmeBadge', 'acmeTags', 'acmeLevel', 'acmeCode', 'acmeWhen', 'acmePassword'].map(
			(name) => `mayContain: ${name}`,
		),
		'-',
		'add: auxiliaryClass',
		'auxiliaryClass: acmePerson',
		'',
	];
	await domain.whileStopped(async ({ database, configuration }) => {
		const folder = await mkdtemp(path.join(os.tmpdir(), 'ad-provisioning-schema-'));
		try {
			// In steps: a class may only name attributes and classes that are there.
			for (const lines of [changes, auxiliary, use]) {
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
		expect(named('acmeCode')).toMatchObject({ syntax: 'text', characters: 'numeric', minLength: 4, maxLength: 6 });
		expect(named('acmeWhen')).toMatchObject({ syntax: 'time', single: true });
		// By way of an auxiliary class.
		expect(named('acmeClass')).toMatchObject({ syntax: 'text', single: true });
	});

	test('leaves out what is no longer in use, belongs to no account, or by its name holds a password', () => {
		for (const name of ['acmeGone', 'acmeElsewhere', 'acmePassword']) expect(named(name)).toBeUndefined();
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

	test('says the same as the list that needs no domain, to the last word', () => {
		const theirs = ATTRIBUTES.flatMap(({ name }) => named(name) ?? []);
		const ours = theirs.map(({ name }) => attributeFacts(name));
		expect(theirs.length).toBeGreaterThan(110);
		expect(ours).toEqual(theirs);
	});

	test('has all that the list without a domain has, but for what products and newer versions add', () => {
		const others = ATTRIBUTES.map(({ name }) => name).filter((name) => !named(name));
		expect(others.filter((name) => !/^(?:msExch|extensionAttribute\d+$)/.test(name))).toEqual([
			// Exchange.
			...['mailNickname'],
			// Windows Server 2019 (MS-ADA2 2.431); Samba 4.17 has the schema of 2012 R2.
			...['msDS-preferredDataLocation'],
			...['targetAddress'],
		]);
	});

	test('has little that the list without a domain leaves to it', () => {
		const more = attributes.map(({ name }) => name).filter((name) => !attributeFacts(name));
		expect(more).toEqual([
			...['acmeBadge', 'acmeClass', 'acmeCode', 'acmeLevel', 'acmeTags', 'acmeWhen'],
			// Windows 2000's quality of service and group policy, X.400 addresses, what Exchange and management tools fill in.
			...['aCSPolicyName', 'groupPriority', 'groupsToIgnore', 'maxStorage', 'mhsORAddress', 'networkAddress'],
			...['preferredDeliveryMethod', 'preferredOU', 'registeredAddress', 'showInAddressBook'],
			...['teletexTerminalIdentifier', 'textEncodedORAddress', 'wbemPath'],
		]);
	});
});

/** A value as long as `length` says, or one of its attribute's type. */
function sample({ name, syntax, min }: AttributeFacts, length: number): string | Buffer {
	switch (syntax) {
		case 'text':
			return '1'.repeat(length);
		case 'bytes':
			return Buffer.alloc(length, 1);
		case 'boolean':
			return 'TRUE';
		case 'time':
			return '20261231230000.0Z';
		case 'dn':
			return domain.bindDn;
		default:
			return name === 'accountExpires' ? '134194680000000000' : String(min ?? 1);
	}
}

describe('a real account', () => {
	const dn = () => `CN=Sample,CN=Users,${domain.baseDn}`;
	const NAMES = new Set(['sAMAccountName', 'userPrincipalName']);
	const offered = () => attributes.filter(({ name }) => !NAMES.has(name));
	/** The directory's answer to one value: undefined = taken. */
	const writing = async (directory: Directory, facts: AttributeFacts, length: number): Promise<string | undefined> => {
		try {
			await directory.modify(dn(), [{ type: 'replace', attribute: facts.name, values: [sample(facts, length)] }]);
			return undefined;
		} catch (error) {
			return `${facts.name}: ${String(error)}`;
		}
	};

	beforeAll(() =>
		withDirectory(domain, (directory) =>
			directory.add(dn(), { objectClass: ['user'], sAMAccountName: ['sample'], userAccountControl: ['514'] }),
		),
	);

	test('takes every attribute that the list offers', async () => {
		const refused = await withDirectory(domain, async (directory) => {
			const answers: Array<string | undefined> = [];
			for (const facts of offered())
				answers.push(await writing(directory, facts, Math.min(facts.maxLength ?? facts.minLength ?? 8, 2048)));
			return answers;
		});
		expect(refused.filter((answer) => answer !== undefined)).toEqual([]);
	});

	test('takes not one character more than the list says', async () => {
		// Longer ones are refused for the size of the object as well.
		const limited = offered().filter(({ maxLength }) => maxLength !== null && maxLength <= 2048);
		expect(limited.length).toBeGreaterThan(60);
		const taken = await withDirectory(domain, async (directory) => {
			const names: string[] = [];
			for (const facts of limited)
				if ((await writing(directory, facts, (facts.maxLength ?? 0) + 1)) === undefined) names.push(facts.name);
			return names;
		});
		expect(taken).toEqual([]);
	});
});
