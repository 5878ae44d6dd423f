/** Resetting passwords: the new one opens the account, and nobody sees it who is not meant to. */
import { generateKeyPairSync, privateDecrypt, constants } from 'node:crypto';
import { Attribute, Change } from 'ldapts';
import { resetPassword, type ResetOptions } from '../../lib/directory/accounts/resetPassword';
import type { PasswordOptions } from '../../lib/directory/newPassword';
import { withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator, canBind } from './administrator';

const OLD = 'Old-Pass-1234!';
const IN_FIELD: PasswordOptions = { given: '', mustChange: false, delivery: { kind: 'field', field: 'password' } };

let domain: Domain;
let ou: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

async function addUser(key: string, control = '512'): Promise<string> {
	const dn = `CN=${key},${ou}`;
	await asAdministrator(domain, (client) =>
		client.add(dn, [
			new Attribute({ type: 'objectClass', values: ['user'] }),
			new Attribute({ type: 'sAMAccountName', values: [key] }),
			new Attribute({ type: 'employeeID', values: [key] }),
			new Attribute({ type: 'userAccountControl', values: [control] }),
			new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${OLD}"`, 'utf16le')] }),
		]),
	);
	return dn;
}

async function replace(dn: string, type: string, value: string): Promise<void> {
	const modification = new Attribute({ type, values: [value] });
	await asAdministrator(domain, (client) => client.modify(dn, new Change({ operation: 'replace', modification })));
}

const reset = (key: string, options: Partial<ResetOptions> = {}) =>
	withAccounts(domain, (run) =>
		resetPassword(run, { attribute: 'employeeID', value: key }, { password: IN_FIELD, unlock: false, ...options }),
	);
const stored = async (key: string) => (await domain.ldbsearch(`(employeeID=${key})`))[0]?.attributes ?? {};

describe('a new password', () => {
	test('that is random opens the account, and stands nowhere but in its field', async () => {
		const dn = await addUser('random');
		const { delivered, ...rest } = await reset('random');
		expect(rest).toMatchObject({ outcome: 'password reset', changes: [], notes: [] });
		const password = delivered?.['password'] ?? '';
		expect(password.length).toBeGreaterThanOrEqual(20);
		expect(await canBind(domain, dn, password)).toBe(true);
		expect(JSON.stringify(rest)).not.toContain(password);
	});

	test('that is given is set, and not returned', async () => {
		const dn = await addUser('given');
		const given: PasswordOptions = { given: 'Gïven "Pass" 99 €', mustChange: false, delivery: { kind: 'none' } };
		const result = await reset('given', { password: given });
		expect(result.delivered).toEqual({});
		expect(JSON.stringify(result)).not.toContain('Pass');
		expect(await canBind(domain, dn, given.given)).toBe(true);
	});

	test('that is encrypted can be read with the private key', async () => {
		const dn = await addUser('sealed');
		const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const { delivered } = await reset('sealed', {
			password: { given: '', mustChange: false, delivery: { kind: 'encrypted', publicKey, field: 'sealed' } },
		});
		const options = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
		const password = privateDecrypt(options, Buffer.from(delivered?.['sealed'] ?? '', 'base64')).toString('utf8');
		expect(await canBind(domain, dn, password)).toBe(true);
	});

	test('that must be changed at the next logon does not open the account by itself', async () => {
		const dn = await addUser('change');
		const { changes, delivered } = await reset('change', { password: { ...IN_FIELD, mustChange: true } });
		expect(changes).toMatchObject([{ attribute: 'pwdLastSet', to: ['0'] }]);
		expect((await stored('change'))['pwdLastSet']).toEqual(['0']);
		expect(await canBind(domain, dn, delivered?.['password'] ?? '')).toBe(false);
	});

	test('of a password that never expires says that no new one will be asked for', async () => {
		await addUser('never', '66048');
		const { notes } = await reset('never', { password: { ...IN_FIELD, mustChange: true } });
		expect(notes).toEqual([expect.stringContaining('never to expire')]);
	});

	test('leaves a disabled account disabled', async () => {
		await addUser('disabled', '514');
		expect((await reset('disabled')).notes).toEqual(['The account is disabled and stays so.']);
		expect((await stored('disabled'))['userAccountControl']).toEqual(['514']);
	});

	test('unlocks a locked account when asked to, and says so when not', async () => {
		const dn = await addUser('locked');
		await replace(dn, 'lockoutTime', '134000000000000000');
		expect((await reset('locked')).notes).toEqual([expect.stringContaining('a new password alone does not unlock it')]);
		expect((await stored('locked'))['lockoutTime']).toEqual(['134000000000000000']);
		const { changes } = await reset('locked', { unlock: true });
		expect(changes).toEqual([{ attribute: 'lockoutTime', from: ['134000000000000000'], to: ['0'] }]);
		expect((await stored('locked'))['lockoutTime']).toEqual(['0']);
		expect((await reset('locked', { unlock: true })).changes).toEqual([]);
	});
});

describe('the password policy', () => {
	afterEach(() => replace(domain.baseDn, 'minPwdLength', '7'));

	test('is met by a random password of the length that it asks for', async () => {
		const dn = await addUser('long');
		await replace(domain.baseDn, 'minPwdLength', '40');
		const { delivered } = await reset('long');
		expect(delivered?.['password']?.length).toBe(40);
		expect(await canBind(domain, dn, delivered?.['password'] ?? '')).toBe(true);
	});

	test('that changed since it was read is met by a longer one', async () => {
		const dn = await addUser('longer');
		const { delivered } = await withAccounts(domain, async (run) => {
			await run.directory.domain();
			await replace(domain.baseDn, 'minPwdLength', '50');
			return await resetPassword(
				run,
				{ attribute: 'employeeID', value: 'longer' },
				{ password: IN_FIELD, unlock: false },
			);
		});
		expect(delivered?.['password']?.length).toBe(64);
		expect(await canBind(domain, dn, delivered?.['password'] ?? '')).toBe(true);
	});

	test('refuses a given one in words that do not repeat it, and the old one stays', async () => {
		const dn = await addUser('weak');
		const attempt = reset('weak', { password: { ...IN_FIELD, given: 'canary' } });
		const error: unknown = await attempt.catch((fault: unknown) => fault);
		expect(error).toMatchObject({ kind: 'person', win32: '0000052D' });
		expect((error as Error).message).toMatch('does not meet the policy');
		expect(JSON.stringify({ ...(error as Error), message: (error as Error).message })).not.toContain('canary');
		expect(await canBind(domain, dn, OLD)).toBe(true);
	});
});

test('a password of a protected account, of nobody and of two is not touched', async () => {
	const writes = await withAccounts(domain, async (run) => {
		const options = { password: IN_FIELD, unlock: true };
		const outcome = async (attribute: string, value: string) =>
			(await resetPassword(run, { attribute, value }, options)).outcome;
		expect(await outcome('sAMAccountName', 'Administrator')).toBe('protected');
		expect(await outcome('employeeID', 'nobody')).toBe('not found');
		expect(await outcome('objectClass', 'user')).toBe('ambiguous');
		return run.directory.writes();
	});
	expect(writes).toBe(0);
});
