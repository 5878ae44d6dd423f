import { testCredential } from '../../lib/directory/credentialTest';
import { credentialFields } from '../support/directory';
import { findSecret } from '../support/secret-search';
import { startSamba, type Domain } from '../support/samba';

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
			['Signing Key', true],
		]);
		const text = steps.map((step) => step.text).join('\n');
		expect(text).toContain(`${domain.host} on port ${domain.ldapsPort}`);
		expect(text).toContain('TLSv1.3, good enough to set passwords');
		expect(text).toContain('issued by Throw-away test authority, valid until');
		expect(text).toContain('(verified)');
		expect(text).toContain('corp.example.com on DC1.corp.example.com, functional level Windows Server 2008 R2');
		expect(text).toContain(`${domain.baseDn} can be read`);
	});

	test('says that the certificate is not looked at', async () => {
		const steps = await testWith({ ignoreTlsIssues: true });
		expect(steps.find(({ name }) => name === 'TLS')?.text).toContain('NOT verified');
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
				['Signing Key', false],
			],
			'too short',
		],
	])('stops at %s and says what to do', async (_what, changes, expected, words) => {
		const steps = await testWith(changes);
		expect(steps.map(({ name, ok }) => [name, ok])).toEqual(expected);
		expect(steps.at(-1)?.text).toContain(words);
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
