/** Resetting passwords: the new one opens the account, and nobody sees it who is not meant to. */
import { generateKeyPairSync, privateDecrypt, constants } from 'node:crypto';
import { Attribute, Change } from 'ldapts';
import { setExpiry } from '../../lib/directory/accounts/expiry';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { renameAccount } from '../../lib/directory/accounts/rename';
import { resetPassword, type ResetOptions } from '../../lib/directory/accounts/resetPassword';
import { updateAccount } from '../../lib/directory/accounts/update';
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

describe('a fine-grained policy', () => {
	/** Holds for one person; only administrators may read it. */
	const addPolicy = (name: string, length: number, person: string) =>
		asAdministrator(domain, (client) =>
			client.add(`CN=${name},CN=Password Settings Container,CN=System,${domain.baseDn}`, {
				objectClass: 'msDS-PasswordSettings',
				'msDS-PasswordSettingsPrecedence': '1',
				'msDS-PasswordReversibleEncryptionEnabled': 'FALSE',
				'msDS-PasswordHistoryLength': '0',
				'msDS-PasswordComplexityEnabled': 'TRUE',
				'msDS-MinimumPasswordLength': String(length),
				'msDS-MinimumPasswordAge': '0',
				'msDS-MaximumPasswordAge': '-9223372036854775808',
				'msDS-LockoutThreshold': '0',
				'msDS-LockoutObservationWindow': '0',
				'msDS-LockoutDuration': '0',
				'msDS-PSOAppliesTo': person,
			}),
		);

	test('that can be read says how long a random password is', async () => {
		const dn = await addUser('strict');
		await addPolicy('forty', 40, dn);
		const password = (await reset('strict')).delivered?.['password'] ?? '';
		expect(password).toHaveLength(40);
		expect(await canBind(domain, dn, password)).toBe(true);
	});

	test('that cannot be read is met by a longer one at the second try', async () => {
		const dn = await addUser('hidden');
		await addPolicy('fifty', 50, dn);
		const result = await withAccounts(domain, async (run) => {
			const blind: AccountRun = {
				...run,
				directory: {
					...run.directory,
					read: async (name, attributes) =>
						name.includes('Password Settings Container') ? undefined : await run.directory.read(name, attributes),
				},
			};
			const options = { password: IN_FIELD, unlock: false };
			return await resetPassword(blind, { attribute: 'employeeID', value: 'hidden' }, options);
		});
		expect(result.delivered?.['password']).toHaveLength(64);
		expect(await canBind(domain, dn, result.delivered?.['password'] ?? '')).toBe(true);
	});
});

describe('marks on an account that somebody enabled by hand', () => {
	const marked = async (key: string) => {
		const dn = await addUser(key);
		await replace(dn, 'carLicense', 'adprov1:left:2026-01-01T00:00:00Z:00000000:' + 'x'.repeat(43));
		return dn;
	};
	const lookup = (value: string) => ({ attribute: 'employeeID', value });

	test.each<[name: string, write: (run: AccountRun, key: string) => Promise<{ readonly outcome: string }>]>([
		['a reset', (run, key) => resetPassword(run, lookup(key), { password: IN_FIELD, unlock: true })],
		['an expiry', (run, key) => setExpiry(run, lookup(key), '134000000000000000')],
		[
			'a rename',
			(run, key) =>
				renameAccount(run, lookup(key), { cn: '', sAMAccountName: '', userPrincipalName: '', displayName: 'New' }),
		],
		[
			'an update',
			(run, key) => {
				const desired = { attributes: { title: 'Lead' }, createOnly: [], fillOnly: [], groups: [], names: {} };
				return updateAccount(run, lookup(key), desired, { updateNames: false });
			},
		],
	])('go with %s', async (name, write) => {
		const key = `m${name.slice(-6).trim()}`;
		await marked(key);
		const { outcome } = await withAccounts(domain, (run) => write(run, key));
		expect(outcome).toMatch(/^(password reset|updated|renamed)$/);
		expect((await stored(key))['carLicense']).toBeUndefined();
	});
});
