/** Every answer of the result-code table that Samba can produce, through the engine's own connection. */
import { Attribute } from 'ldapts';
import { ATTRIBUTE_IDS } from '../../lib/directory/attributeIds';
import { binaryAttributes } from '../../lib/directory/binary';
import type { Modification } from '../../lib/directory/connection';
import type { Directory } from '../../lib/directory/directory';
import { textOf } from '../../lib/directory/entry';
import type { DirectoryError, DirectoryErrorKind } from '../../lib/directory/errors';
import { equal } from '../../lib/directory/filter';
import { isAlreadyMember, isNotAMember } from '../../lib/directory/resultCodes';
import { withDirectory } from '../support/directory';
import { errorOf } from '../support/peer-directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';

const PASSWORD = 'Right0ne!pass';

let domain: Domain;
let ou: string;
const at = (name: string) => `CN=${name},${ou}`;
const encoded = (password: string) => Buffer.from(`"${password}"`, 'utf16le');

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		await client.add(ou, { objectClass: 'organizationalUnit' });
		for (const [name, upn] of [
			['ada', 'ada@corp.example.com'],
			['grace', 'grace@corp.example.com'],
			['svc', 'svc@corp.example.com'],
		] as const)
			await client.add(at(name), [
				new Attribute({ type: 'objectClass', values: ['user'] }),
				new Attribute({ type: 'sAMAccountName', values: [name] }),
				new Attribute({ type: 'userPrincipalName', values: [upn] }),
				new Attribute({ type: 'userAccountControl', values: ['512'] }),
				new Attribute({ type: 'title', values: ['Engineer'] }),
				new Attribute({ type: 'unicodePwd', values: [encoded(PASSWORD)] }),
			]);
		await client.add(at('team'), { objectClass: 'group', sAMAccountName: 'team', member: at('grace') });
	});
}, 120_000);
afterAll(() => domain.stop());

const user = (sAMAccountName: string, more: Record<string, string[]> = {}) => ({
	objectClass: ['user'],
	sAMAccountName: [sAMAccountName],
	...more,
});
const modify =
	(name: string, type: Modification['type'], attribute: string, values: readonly (string | Buffer)[]) =>
	(directory: Directory) =>
		directory.modify(at(name), [{ type, attribute, values }]);

type Row = readonly [
	what: string,
	work: (directory: Directory) => Promise<unknown>,
	code: number,
	kind: DirectoryErrorKind,
	attribute: string | undefined,
	words: string,
];

const answer = (work: Row[1], fields: Record<string, unknown> = {}): Promise<DirectoryError> =>
	errorOf(withDirectory(domain, work, { fields }));

const check = async ([, work, code, kind, attribute, words]: Row, fields: Record<string, unknown> = {}) => {
	const error = await answer(work, fields);
	expect(error).toMatchObject({ code, kind, attribute });
	expect(error.message).toContain(words);
	expect(error.message).toMatch(/\.$/);
	expect(error.whatToDo).toMatch(/\.$/);
};

describe('Samba refuses a name', () => {
	test.each<Row>([
		['account name, of an Add', (d) => d.add(at('x'), user('ADA')), 68, 'taken', 'sAMAccountName', 'in use already'],
		[
			'account name, of a Modify',
			modify('grace', 'replace', 'sAMAccountName', ['ada']),
			68,
			'taken',
			'sAMAccountName',
			'in use already',
		],
		[
			'user principal name, of an Add',
			(d) => d.add(at('x'), user('x', { userPrincipalName: ['ada@corp.example.com'] })),
			19,
			'taken',
			'userPrincipalName',
			'in use already',
		],
		[
			'user principal name, of a conditional Modify',
			(d) =>
				d.modify(at('grace'), [
					{ type: 'delete', attribute: 'userPrincipalName', values: ['grace@corp.example.com'] },
					{ type: 'add', attribute: 'userPrincipalName', values: ['ada@corp.example.com'] },
				]),
			19,
			'taken',
			'userPrincipalName',
			'in use already',
		],
		['cn in the same unit', (d) => d.add(at('ADA'), user('x')), 68, 'taken', undefined, 'in use already'],
		[
			'cn at a rename',
			(d) => d.rename(at('ada'), 'CN=grace'),
			68,
			'taken',
			undefined,
			'stands in the organisational unit already',
		],
		[
			'with a character that it may not have',
			(d) => d.add(at('x'), user('a/b')),
			19,
			'person',
			'sAMAccountName',
			'breaks a rule',
		],
		['with a dot at its end', (d) => d.add(at('x'), user('ab.')), 19, 'person', 'sAMAccountName', 'breaks a rule'],
		[
			'that is too long',
			(d) => d.add(at('x'), user('a'.repeat(257))),
			21,
			'person',
			'sAMAccountName',
			'length or a form',
		],
		[
			'of another kind than the object’s',
			(d) => d.rename(at('ada'), 'OU=ada'),
			53,
			'person',
			undefined,
			'unwilling to move or rename',
		],
	])('that is taken or bad: %s', async (...row) => check(row));
});

describe('Samba refuses a value', () => {
	test.each<Row>([
		[
			'too long',
			modify('ada', 'replace', 'department', ['d'.repeat(65)]),
			21,
			'person',
			'department',
			'length or a form',
		],
		[
			'no number',
			modify('ada', 'replace', 'accountExpires', ['never']),
			21,
			'person',
			'accountExpires',
			'length or a form',
		],
		['empty', modify('ada', 'replace', 'department', ['']), 21, 'person', 'department', 'length or a form'],
		[
			'two for an attribute that takes one',
			modify('ada', 'add', 'department', ['a', 'b']),
			20,
			'person',
			'department',
			'takes one value',
		],
		[
			'a manager who does not exist',
			modify('ada', 'replace', 'manager', [`CN=nobody,${'DC=corp,DC=example,DC=com'}`]),
			19,
			'person',
			undefined,
			'leads to no object',
		],
		[
			'a manager that is no distinguished name',
			modify('ada', 'replace', 'manager', ['nobody']),
			34,
			'configuration',
			undefined,
			'not well formed',
		],
		[
			'pwdLastSet other than 0 and -1',
			modify('ada', 'replace', 'pwdLastSet', ['5']),
			80,
			'person',
			'pwdLastSet',
			'result 80',
		],
		[
			'a member who does not exist',
			modify('team', 'add', 'member', [`CN=nobody,${'DC=corp,DC=example,DC=com'}`]),
			32,
			'person',
			undefined,
			'does not exist',
		],
		[
			'a password against the policy',
			modify('ada', 'replace', 'unicodePwd', [encoded('ab')]),
			19,
			'person',
			'unicodePwd',
			'policy',
		],
		[
			'a password in the wrong form',
			modify('ada', 'replace', 'unicodePwd', [Buffer.from('ab', 'utf16le')]),
			53,
			'configuration',
			undefined,
			'not in this form',
		],
	])('that is %s', async (...row) => check(row));
});

describe('Samba refuses an attribute', () => {
	test.each<Row>([
		[
			'is unknown, in an Add',
			(d) => d.add(at('x'), user('x', { nonesuch: ['1'] })),
			16,
			'configuration',
			'nonesuch',
			"not in the domain's schema",
		],
		[
			'is unknown, in a Modify',
			modify('ada', 'replace', 'nonesuch', ['1']),
			16,
			'configuration',
			'nonesuch',
			"not in the domain's schema",
		],
		[
			'does not belong to users',
			modify('ada', 'replace', 'gPLink', ['x']),
			65,
			'configuration',
			'gPLink',
			'does not belong',
		],
		['is one of groups', modify('ada', 'replace', 'groupType', ['2']), 1, 'person', undefined, 'failed to carry out'],
		[
			'belongs to the directory',
			modify('ada', 'replace', 'whenChanged', ['20200101000000.0Z']),
			19,
			'person',
			'whenChanged',
			'breaks a rule',
		],
		[
			'is computed',
			(d) => d.modify(at('ada'), [{ type: 'add', attribute: 'memberOf', values: [at('team')] }]),
			53,
			'configuration',
			'memberOf',
			'does not let this attribute be written',
		],
		[
			'is the name of the object',
			modify('ada', 'replace', 'cn', ['x']),
			67,
			'configuration',
			undefined,
			'cannot be written as an attribute',
		],
		[
			'must not go',
			modify('ada', 'delete', 'accountExpires', []),
			53,
			'configuration',
			'accountExpires',
			'does not let this attribute be written',
		],
	])('that %s', async (...row) => check(row));
});

describe('Samba cannot find', () => {
	test.each<Row>([
		[
			'the unit of an Add',
			(d) => d.add(`CN=x,OU=no,${ou}`, user('x')),
			32,
			'configuration',
			undefined,
			'organisational unit',
		],
		[
			'the unit of a move',
			(d) => d.rename(at('ada'), 'CN=ada', `OU=no,${ou}`),
			80,
			'configuration',
			undefined,
			'organisational unit',
		],
		['what is to be moved', (d) => d.rename(at('gone'), 'CN=gone2'), 32, 'conflict', undefined, 'not there any more'],
		[
			'what is to be changed',
			modify('gone', 'replace', 'title', ['x']),
			32,
			'conflict',
			undefined,
			'not there any more',
		],
		['what is to be deleted', (d) => d.remove(at('gone')), 32, 'conflict', undefined, 'not there any more'],
		[
			'where to look',
			(d) => d.search(`OU=no,${ou}`, { scope: 'sub', attributes: ['cn'] }),
			32,
			'configuration',
			undefined,
			'does not exist',
		],
		[
			'a distinguished name in that',
			(d) => d.add('nothing', user('x')),
			34,
			'configuration',
			undefined,
			'not well formed',
		],
	])('%s', async (...row) => check(row));
});

describe('Samba deletes nothing', () => {
	test.each<Row>([
		['that has others below it', (d) => d.remove(ou), 66, 'person', undefined, 'has others below it'],
		[
			'of the directory itself',
			(d) => d.remove(`CN=Administrator,CN=Users,${domain.baseDn}`),
			80,
			'person',
			undefined,
			'belongs to the directory itself',
		],
	])('%s', async (...row) => check(row));
});

describe('a stale value is a conflict', () => {
	test.each<Row>([
		[
			'removed by name',
			modify('ada', 'delete', 'title', ['Manager']),
			16,
			'conflict',
			undefined,
			'Somebody changed the object',
		],
		[
			'added where one is',
			modify('ada', 'add', 'title', ['Manager']),
			20,
			'conflict',
			undefined,
			'Somebody changed the object',
		],
	])('%s', async (...[what, work, code, kind, , words]) => {
		const error = await answer(work);
		expect([what, error.code, error.kind]).toEqual([what, code, kind]);
		expect(error.message).toContain(words);
	});
});

describe('membership', () => {
	const says = async (work: Row[1]) => {
		const error = await answer(work);
		return [isAlreadyMember(error), isNotAMember(error)];
	};
	const primary = (type: Modification['type']) => (directory: Directory) =>
		directory.modify(`CN=Domain Users,CN=Users,${domain.baseDn}`, [{ type, attribute: 'member', values: [at('ada')] }]);

	test('of who is a member already is told from other refusals', async () => {
		expect(await says(modify('team', 'add', 'member', [at('grace')]))).toEqual([true, false]);
		expect(await says(primary('add'))).toEqual([true, false]);
	});

	test('of who never was, or is no more, a member is told from other refusals', async () => {
		expect(await says(modify('team', 'delete', 'member', [at('ada')]))).toEqual([false, true]);
		await withDirectory(domain, async (directory) => {
			await modify('team', 'add', 'member', [at('svc')])(directory);
			await modify('team', 'delete', 'member', [at('svc')])(directory);
		});
		expect(await says(modify('team', 'delete', 'member', [at('svc')]))).toEqual([false, true]);
	});

	test.each<[what: string, work: Row[1]]>([
		['who does not exist, added', modify('team', 'add', 'member', ['CN=no,DC=corp,DC=example,DC=com'])],
		['who does not exist, removed', modify('team', 'delete', 'member', ['CN=no,DC=corp,DC=example,DC=com'])],
		['by the primary group, removed', (directory) => primary('delete')(directory)],
		['in a name that is taken', (directory) => directory.add(at('ada'), user('x'))],
	])('of %s is neither', async (_what, work) => {
		expect(await says(work)).toEqual([false, false]);
	});
});

describe('an account without rights', () => {
	const service = () => ({ bindName: at('svc'), bindPassword: PASSWORD });
	test.each<Row>([
		['creates', (d) => d.add(at('x'), user('x')), 50, 'person', undefined, 'no right'],
		['changes', modify('ada', 'replace', 'title', ['x']), 50, 'person', undefined, 'no right'],
		[
			'sets a password',
			modify('ada', 'replace', 'unicodePwd', [encoded('An0ther!pass')]),
			50,
			'person',
			undefined,
			'no right',
		],
		['renames', (d) => d.rename(at('ada'), 'CN=ada2'), 50, 'person', undefined, 'no right to move or rename'],
		['deletes', (d) => d.remove(at('ada')), 50, 'person', undefined, 'no right to delete'],
	])('%s nothing', async (...row) => {
		const error = await answer(row[1], service());
		expect(error).toMatchObject({ code: row[2], kind: row[3] });
		expect(error.message).toContain(row[5]);
	});
});

describe('without encryption', () => {
	test('Samba takes no logon, and the words say what to do', async () => {
		const error = await answer((directory) => directory.domain(), {
			security: 'plain',
			allowUnencrypted: true,
			port: domain.ldapPort,
		});
		expect(error).toMatchObject({ kind: 'configuration', code: 8, stage: 'logon' });
		expect(error.whatToDo).toContain('LDAPS or StartTLS');
	});
});

describe('what is known of the schema', () => {
	/** 2.5.5.10 octet string, 2.5.5.15 security descriptor, 2.5.5.17 SID (MS-ADTS 3.1.1.2.2.2.1). */
	const BYTES = ['2.5.5.10', '2.5.5.15', '2.5.5.17'];
	const schema = async () =>
		await withDirectory(domain, async (directory) => {
			const found = await directory.search(`CN=Schema,CN=Configuration,${domain.baseDn}`, {
				scope: 'one',
				filter: equal('objectClass', 'attributeSchema'),
				attributes: ['lDAPDisplayName', 'attributeID', 'attributeSyntax'],
			});
			return found.map((entry) => ({
				name: textOf(entry, 'lDAPDisplayName') ?? '',
				oid: textOf(entry, 'attributeID') ?? '',
				syntax: textOf(entry, 'attributeSyntax') ?? '',
			}));
		});

	test('numbers of attributes are those of a real schema', async () => {
		const prefixes: Readonly<Record<number, string>> = {
			0x00: '2.5.4',
			0x02: '1.2.840.113556.1.2',
			0x09: '1.2.840.113556.1.4',
			0x15: '0.9.2342.19200300.100.1',
			0x16: '2.16.840.1.113730.3.1',
		};
		const byOid = new Map((await schema()).map(({ oid, name }) => [oid, name]));
		for (const [id, name] of ATTRIBUTE_IDS)
			expect([name, byOid.get(`${prefixes[Math.floor(id / 0x1_0000)]}.${id % 0x1_0000}`)]).toEqual([name, name]);
	});

	test('binary attributes are spelled as in a real schema and hold bytes there', async () => {
		const all = await schema();
		for (const listed of binaryAttributes()) {
			const found = all.find(({ name }) => name.toLowerCase() === listed.toLowerCase());
			// Of Exchange, and of newer schemas.
			if (!found) expect(listed).toMatch(/^ms(Exch|DS-CloudAnchor|DS-GenerationId|DS-GroupMSA|DS-ManagedP)/);
			else expect([found.name, BYTES.includes(found.syntax)]).toEqual([listed, true]);
		}
	});
});
