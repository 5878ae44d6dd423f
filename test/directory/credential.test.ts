import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Attribute } from 'ldapts';
import { testCredential } from '../../lib/directory/credentialTest';
import { credentialFields } from '../support/directory';
import { findSecret } from '../support/secret-search';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';

let domain: Domain;

beforeAll(async () => {
	domain = await startSamba();
}, 120_000);
afterAll(() => domain.stop());

const testWith = (changes: Record<string, unknown> = {}) =>
	testCredential(credentialFields(domain, changes), { randomInt: () => 0, clock: () => Date.now() });

describe('the test of a credential', () => {
	test('answers each step when all is well', async () => {
		const steps = await testWith();
		expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
			['Reached', true],
			['TLS', true],
			['Logon', true],
			['Domain', true],
			['Search Base', true],
			['Rights', true],
			['Passwords', true],
			['Signing Key', true],
		]);
		expect(steps.filter(({ warning }) => warning)).toEqual([]);
		const text = steps.map((step) => step.text).join('\n');
		expect(text).toContain(`${domain.host} on port ${domain.ldapsPort}`);
		expect(text).toContain('TLSv1.3 is good enough to set passwords');
		expect(text).toContain('issued by Throw-away test authority, valid until');
		expect(text).toContain('(verified)');
		expect(text).toContain(
			'corp.example.com on DC1.corp.example.com, a writable controller, functional level Windows Server 2008 R2',
		);
		expect(text).toContain(`${domain.baseDn} can be read`);
	});

	test('warns that the certificate is not looked at', async () => {
		const tls = (await testWith({ ignoreTlsIssues: true })).find(({ name }) => name === 'TLS');
		expect(tls).toMatchObject({ ok: true, warning: true });
		expect(tls?.text).toContain('NOT verified');
	});

	test.each<[days: number, warning: true | undefined, words: string]>([
		[31, undefined, 'valid until'],
		[29, true, 'ONLY 29 MORE DAYS'],
		[-1, true, 'EXPIRED'],
	])('with %i days left on the certificate has the warning %s', async (days, warning, words) => {
		const peer = new X509Certificate(readFileSync(path.join(domain.tlsFolder, 'cert.pem')));
		const clock = () => Date.parse(peer.validTo) - days * 86_400_000;
		const steps = await testCredential(credentialFields(domain), { randomInt: () => 0, clock });
		const tls = steps.find(({ name }) => name === 'TLS');
		expect(tls?.warning).toBe(warning);
		expect(tls?.text).toContain(words);
	});

	test.each<[string, Record<string, unknown>, (readonly [string, boolean])[], string]>([
		['a field that is empty', { bindPassword: '' }, [['Fields', false]], 'an empty one would log on as nobody'],
		[
			'a controller that is not there',
			{ domainControllers: '127.255.255.254' },
			[['Reached', false]],
			'nothing listens',
		],
		[
			'a certificate of an unknown authority',
			{ trustedAuthorities: '' },
			[
				['Reached', true],
				['TLS', false],
			],
			'CA Certificate',
		],
		[
			'a wrong password',
			{ bindPassword: 'not the password' },
			[
				['Reached', true],
				['TLS', true],
				['Logon', false],
			],
			'the name or the password is wrong',
		],
		[
			'a search base that does not exist',
			{ baseDn: 'OU=Nowhere,DC=corp,DC=example,DC=com' },
			[
				['Reached', true],
				['TLS', true],
				['Logon', true],
				['Domain', true],
				['Search Base', false],
			],
			'does not exist',
		],
		[
			'no signing key',
			{ signingSecret: '' },
			[
				['Reached', true],
				['TLS', true],
				['Logon', true],
				['Domain', true],
				['Search Base', true],
				['Rights', true],
				['Passwords', true],
				['Signing Key', false],
			],
			'no signing key',
		],
		[
			'a signing key that is too short',
			{ signingSecret: 'short' },
			[
				['Reached', true],
				['TLS', true],
				['Logon', true],
				['Domain', true],
				['Search Base', true],
				['Rights', true],
				['Passwords', true],
				['Signing Key', false],
			],
			'too short',
		],
	])('stops at %s and says what to do', async (_what, changes, expected, words) => {
		const steps = await testWith(changes);
		expect(steps.map(({ name, ok }) => [name, ok])).toEqual(expected);
		expect(steps.at(-1)?.text).toContain(words);
	});

	test('says what the account may do: all of it for an administrator, what was delegated to others', async () => {
		const ou = `OU=Staff,${domain.baseDn}`;
		const service = `CN=svc,${ou}`;
		await asAdministrator(domain, async (client) => {
			await client.add(ou, { objectClass: 'organizationalUnit' });
			for (const sam of ['svc', 'ada'])
				await client.add(`CN=${sam},${ou}`, [
					new Attribute({ type: 'objectClass', values: ['user'] }),
					new Attribute({ type: 'sAMAccountName', values: [sam] }),
					new Attribute({ type: 'userAccountControl', values: ['512'] }),
					new Attribute({ type: 'unicodePwd', values: [Buffer.from('"Right0ne!pass"', 'utf16le')] }),
				]);
			await client.add(`CN=team,${ou}`, { objectClass: 'group', sAMAccountName: 'team' });
		});
		const rights = async (changes: Record<string, unknown>) =>
			(await testWith({ baseDn: ou, ...changes })).find(({ name }) => name === 'Rights');
		const administrator = await rights({});
		expect(administrator?.text).toContain(`may create users in ${ou}`);
		expect(administrator?.text).toMatch(/may write: userAccountControl, .*carLicense/);
		expect(administrator?.text).not.toContain('may not');
		expect(administrator?.text).toContain('may change the members of the group team');
		const other = await rights({ bindName: service, bindPassword: 'Right0ne!pass' });
		expect(other).toMatchObject({ ok: true });
		expect(other?.text).toContain(`may create users in none of 1 organisational units under ${ou}`);
		expect(other?.text).toContain('may not write: userAccountControl');
		expect(other?.text).toContain('may not change the members of the group team');
	});

	test('says so where there is nothing to read the rights on, and goes on', async () => {
		const steps = await testWith({ baseDn: `CN=System,${domain.baseDn}` });
		expect(steps.find(({ name }) => name === 'Rights')).toMatchObject({ ok: true });
		expect(steps.find(({ name }) => name === 'Rights')?.text).toContain('to read the rights on');
		expect(steps.at(-1)).toMatchObject({ name: 'Signing Key', ok: true });
	});

	test('shows no secret, neither when all is well nor when the logon is refused', async () => {
		const secret = 'Canary-9f2!in-the-password';
		const steps = [
			...(await testWith()),
			...(await testWith({ bindPassword: secret, signingSecret: `${secret}-key` })),
		];
		const shown = { steps: Buffer.from(JSON.stringify(steps)) };
		expect(findSecret(secret, shown)).toEqual([]);
		expect(findSecret(domain.password, shown)).toEqual([]);
		expect(findSecret(secret, { planted: Buffer.from(`x${secret}x`) })).not.toEqual([]);
	});
});
