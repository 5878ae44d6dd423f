/** What a new account gets besides its attributes: groups, a password that somebody is told, and when it is enabled. */
import { Attribute, Change } from 'ldapts';
import { constants, createPrivateKey, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import {
	CREATE_DEFAULTS,
	createAccount,
	createOrUpdate,
	type CreateOptions,
} from '../../lib/directory/accounts/create';
import { fingerprint, readPublicKey } from '../../lib/directory/passwordDelivery';
import type { DesiredAccount } from '../../lib/contracts';
import { toFileTime } from '../../lib/schema/instants';
import { desiredAccount, withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator, canBind } from './administrator';

let domain: Domain;
let ou: string;

const options = (changes: Partial<CreateOptions> = {}): CreateOptions => ({ ...CREATE_DEFAULTS, ...changes });
const field = (mustChange = false): CreateOptions =>
	options({ password: { given: '', mustChange, delivery: { kind: 'field', field: 'initialPassword' } } });
const create = (desired: DesiredAccount, how = CREATE_DEFAULTS) =>
	withAccounts(domain, (run) => createAccount(run, desired, how));
const upsert = (desired: DesiredAccount, how = CREATE_DEFAULTS) =>
	withAccounts(domain, (run) => createOrUpdate(run, desired, how));
const read = async (key: string) => (await domain.ldbsearch(`(employeeID=${key})`))[0]?.attributes ?? {};
const groupDn = (name: string) => `CN=${name},OU=Groups,${domain.baseDn}`;
const membersOf = async (name: string) =>
	(await domain.ldbsearch(`(sAMAccountName=${name})`, ['member']))[0]?.attributes['member'] ?? [];

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		await client.add(ou, { objectClass: 'organizationalUnit' });
		await client.add(`OU=Groups,${domain.baseDn}`, { objectClass: 'organizationalUnit' });
		for (const name of ['staff', 'sales', 'twin'])
			await client.add(groupDn(name), { objectClass: 'group', sAMAccountName: name });
		await client.add(`CN=twin,CN=Users,${domain.baseDn}`, { objectClass: 'group', sAMAccountName: 'twin2' });
		await client.add(groupDn('inside'), { objectClass: 'group', sAMAccountName: 'inside' });
		await client.add(`CN=outside,CN=Users,${domain.baseDn}`, { objectClass: 'group', sAMAccountName: 'outside' });
	});
}, 120_000);
afterAll(() => domain.stop());

describe('groups of a new account', () => {
	test('are joined before it is enabled: by name, by distinguished name, by GUID', async () => {
		const [inside] = await domain.ldbsearch('(sAMAccountName=inside)', ['objectGUID']);
		const groups = ['staff', groupDn('sales').toUpperCase(), inside?.attributes['objectGUID']?.[0] ?? ''];
		const result = await create(desiredAccount(ou, 'G1', { groups }));
		expect(result).toMatchObject({ outcome: 'created', account: { enabled: true } });
		expect(result.changes.filter(({ attribute }) => attribute === 'memberOf')).toHaveLength(3);
		for (const name of ['staff', 'sales', 'inside']) expect(await membersOf(name)).toContain(`CN=User G1,${ou}`);
	});

	test.each([
		['that is not there', 'nothing of the kind', 'there is no such group'],
		['of a name that several have', 'twin', 'several groups are called so'],
		['that is privileged', 'Domain Admins', 'it is protected'],
		['that came with the domain', 'Remote Desktop Users', 'it is protected'],
	])('%s: nothing is written for the person', async (_what, group, words) => {
		const key = `G2${words.length}${group.length}`;
		const attempt = create(desiredAccount(ou, key, { groups: ['staff', group] }));
		await expect(attempt).rejects.toMatchObject({ kind: words === 'it is protected' ? 'protected' : 'person' });
		await expect(attempt).rejects.toThrow(words);
		expect(await read(key)).toEqual({});
	});

	test('inside a privileged one are refused, though nothing of their own says so', async () => {
		await asAdministrator(domain, async (client) => {
			await client.add(groupDn('nested'), { objectClass: 'group', sAMAccountName: 'nested' });
			await client.modify(
				`CN=Domain Admins,CN=Users,${domain.baseDn}`,
				new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [groupDn('nested')] }) }),
			);
		});
		await expect(create(desiredAccount(ou, 'G3', { groups: ['nested'] }))).rejects.toThrow('a member of Domain Admins');
		expect(await membersOf('nested')).toEqual([]);
	});

	test('that are missing are added to an account that is there, and others are left', async () => {
		await upsert(desiredAccount(ou, 'G4', { groups: ['staff'] }));
		const second = await upsert(desiredAccount(ou, 'G4', { groups: ['sales'] }));
		expect(second).toMatchObject({ outcome: 'updated', changes: [{ attribute: 'memberOf', to: [groupDn('sales')] }] });
		expect(await membersOf('staff')).toContain(`CN=User G4,${ou}`);
		expect(await upsert(desiredAccount(ou, 'G4', { groups: ['staff', 'sales'] }))).toMatchObject({
			outcome: 'unchanged',
		});
	});
});

describe('the initial password', () => {
	test('is not returned when nobody asked for it', async () => {
		const result = await create(desiredAccount(ou, 'P1'));
		expect(result.delivered).toEqual({});
	});

	test('in a field is the one that the account has', async () => {
		const result = await create(desiredAccount(ou, 'P2'), field());
		const password = result.delivered?.['initialPassword'] ?? '';
		expect(password.length).toBeGreaterThanOrEqual(20);
		expect(await canBind(domain, result.account?.dn ?? '', password)).toBe(true);
		expect(JSON.stringify({ ...result, delivered: {} })).not.toContain(password);
	});

	test('encrypted is opened by the private key alone', async () => {
		const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
		const key = readPublicKey(pem.replaceAll('\n', ' '));
		const delivery = { kind: 'encrypted', publicKey: key, field: 'initialPassword' } as const;
		const result = await create(
			desiredAccount(ou, 'P3'),
			options({ password: { given: '', mustChange: false, delivery } }),
		);
		const sealed = Buffer.from(result.delivered?.['initialPassword'] ?? '', 'base64');
		const opened = privateDecrypt(
			{
				key: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })),
				padding: constants.RSA_PKCS1_OAEP_PADDING,
				oaepHash: 'sha256',
			},
			sealed,
		).toString('utf8');
		expect(await canBind(domain, result.account?.dn ?? '', opened)).toBe(true);
		expect(result.delivered?.['initialPasswordKey']).toBe(fingerprint(key));
	});

	test('that must be changed lets nobody log on before that', async () => {
		const result = await create(desiredAccount(ou, 'P4'), field(true));
		expect((await read('P4'))['pwdLastSet']).toEqual(['0']);
		expect(await canBind(domain, result.account?.dn ?? '', result.delivered?.['initialPassword'] ?? '')).toBe(false);
	});

	test('may be given; one that the policy refuses is a fault of the person, and there is no account', async () => {
		const given = (text: string) =>
			options({ password: { given: text, mustChange: false, delivery: { kind: 'none' } } });
		const result = await create(desiredAccount(ou, 'P5'), given('Ünïcode-Pass 2026'));
		expect(await canBind(domain, result.account?.dn ?? '', 'Ünïcode-Pass 2026')).toBe(true);
		const weak = create(desiredAccount(ou, 'P6'), given('short'));
		await expect(weak).rejects.toMatchObject({ kind: 'person', win32: '0000052D' });
		await expect(weak).rejects.not.toThrow('short');
		expect(await read('P6')).toEqual({});
	});

	test('of an account that was not finished is a fresh one, delivered', async () => {
		const begun = await create(desiredAccount(ou, 'P7'), { ...field(), enable: false });
		const finished = await create(desiredAccount(ou, 'P7'), field());
		expect(finished.outcome).toBe('finished');
		const [first, second] = [begun, finished].map(({ delivered }) => delivered?.['initialPassword'] ?? '');
		expect(second).not.toBe(first);
		expect(await canBind(domain, finished.account?.dn ?? '', second ?? '')).toBe(true);
	});
});

describe('a new account', () => {
	test('that is not to be enabled stays disabled and marked, however often it is run, until it is to be', async () => {
		const waiting = options({ enable: false });
		expect(await create(desiredAccount(ou, 'E1'), waiting)).toMatchObject({
			outcome: 'created',
			account: { enabled: false, state: 'pending' },
		});
		expect(await upsert(desiredAccount(ou, 'E1'), waiting)).toMatchObject({ outcome: 'unchanged' });
		expect((await read('E1'))['userAccountControl']).toEqual(['514']);
		expect(await upsert(desiredAccount(ou, 'E1'))).toMatchObject({ outcome: 'finished', account: { enabled: true } });
		expect((await read('E1'))['carLicense']).toBeUndefined();
	});

	test('is not made where there is one: that one is left as it is', async () => {
		await create(desiredAccount(ou, 'E2'));
		const again = await create(desiredAccount(ou, 'E2', { attributes: { employeeID: 'E2', title: 'Lead' } }));
		expect(again).toMatchObject({ outcome: 'exists', account: { sAMAccountName: 'usere2' } });
		expect((await read('E2'))['title']).toBeUndefined();
	});

	test('ends by itself on the day after the last one, also when that day moves', async () => {
		const until = (endsAt: string | null) => desiredAccount(ou, 'E3', { endsAt });
		await upsert(until('2027-03-31T22:00:00Z'));
		expect((await read('E3'))['accountExpires']).toEqual([toFileTime(Date.UTC(2027, 2, 31, 22))]);
		expect(await upsert(until('2027-03-31T22:00:00Z'))).toMatchObject({ outcome: 'unchanged' });
		expect(await upsert(until('2027-04-30T22:00:00Z'))).toMatchObject({ outcome: 'updated' });
		expect(await upsert(until(null))).toMatchObject({ outcome: 'unchanged' });
	});

	test('with an attribute that the domain does not have is refused before anything is written', async () => {
		const attempt = create(desiredAccount(ou, 'E4', { attributes: { employeeID: 'E4', noSuchAttribute: 'x' } }));
		await expect(attempt).rejects.toMatchObject({ kind: 'configuration' });
		await expect(attempt).rejects.toThrow('The domain has no attribute noSuchAttribute.');
		expect(await read('E4')).toEqual({});
	});

	test.each([
		['blanks around it', '  Ada  '],
		['a backslash at its end', 'Ada\\'],
		['only marks', ',+"\\<>;=#/'],
	])('may have a name with %s', async (_kind, name) => {
		const key = `E5${name.length}`;
		const names = { ...desiredAccount(ou, key).names, cn: { candidates: [name] } };
		await create(desiredAccount(ou, key, { names }));
		expect((await read(key))['cn']).toEqual([name]);
		expect(await upsert(desiredAccount(ou, key, { names }))).toMatchObject({ outcome: 'unchanged', notes: [] });
	});
});

describe('names of an account that is there', () => {
	const named = (key: string, name: string) => ({
		sAMAccountName: { candidates: [name.toLowerCase(), `${name.toLowerCase()}2`] },
		userPrincipalName: {
			candidates: [`${name.toLowerCase()}@corp.example.com`, `${name.toLowerCase()}2@corp.example.com`],
		},
		cn: { candidates: [`${name} ${key}`] },
	});
	const person = (key: string, name: string) => desiredAccount(ou, key, { names: named(key, name) });

	test('are kept and noted when they are none of the candidates', async () => {
		await upsert(person('N1', 'Miller'));
		const result = await upsert(person('N1', 'Smith'));
		expect(result.outcome).toBe('unchanged');
		expect(result.notes.join(' ')).toContain('sAMAccountName "miller" is none of the names');
	});

	test('are changed when that is asked for: the account name, the UPN and the object itself', async () => {
		await upsert(person('N2', 'Meyer'));
		const result = await upsert(person('N2', 'Jones'), options({ updateNames: true }));
		expect(result).toMatchObject({
			outcome: 'updated',
			account: { dn: `CN=Jones N2,${ou}`, sAMAccountName: 'jones', userPrincipalName: 'jones@corp.example.com' },
		});
		expect(await upsert(person('N2', 'Jones'), options({ updateNames: true }))).toMatchObject({ outcome: 'unchanged' });
	});

	test('stay when they are any candidate, also not the first; a name that somebody has is not taken', async () => {
		await asAdministrator(domain, (client) =>
			client.add(groupDn('brown'), { objectClass: 'group', sAMAccountName: 'brown' }),
		);
		await upsert(person('N3', 'Green'));
		const result = await upsert(person('N3', 'Brown'), options({ updateNames: true }));
		expect(result.account?.sAMAccountName).toBe('brown2');
		expect(await upsert(person('N3', 'Brown'), options({ updateNames: true }))).toMatchObject({ outcome: 'unchanged' });
	});

	test('that it holds itself are not taken from it', async () => {
		await upsert(
			desiredAccount(ou, 'N4', {
				names: { ...named('N4', 'White'), userPrincipalName: { candidates: ['n4@corp.example.com'] } },
			}),
		);
		const result = await upsert(person('N4', 'White'), options({ updateNames: true }));
		expect(result.account).toMatchObject({ sAMAccountName: 'white', userPrincipalName: 'white@corp.example.com' });
	});
});
