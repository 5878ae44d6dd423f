import { createPrivateKey, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { DirectoryError } from '../../../lib/directory/errors';
import { parseSettings, splitCertificates } from '../../../lib/directory/settings';
import { makeCertificates, PASSPHRASE } from '../../support/certificates';

const FIELDS = {
	domainControllers: 'dc1.corp.example.com',
	security: 'ldaps',
	port: 636,
	bindName: 'CN=svc,DC=corp,DC=example,DC=com',
	bindPassword: 'secret of the service account',
};

const MADE = makeCertificates();
const CERTIFICATE = {
	logOnWith: 'certificate',
	certificate: MADE.client.cert,
	certificateKey: MADE.client.key,
	bindName: '',
	bindPassword: '',
};

function refused(fields: Readonly<Record<string, unknown>>): DirectoryError {
	try {
		parseSettings(fields);
	} catch (error) {
		if (error instanceof DirectoryError) return error;
		throw error;
	}
	throw new Error('The settings were taken.');
}

describe('the settings of a directory', () => {
	test('are complete with what a person must enter', () => {
		expect(parseSettings(FIELDS)).toEqual({
			controllers: ['dc1.corp.example.com'],
			port: 636,
			security: 'ldaps',
			authorities: [],
			serverName: '',
			ignoreCertificate: false,
			logon: {
				by: 'password',
				name: 'CN=svc,DC=corp,DC=example,DC=com',
				password: 'secret of the service account',
			},
			baseDn: '',
			signingKey: '',
			connectTimeoutMs: 10_000,
			operationTimeoutMs: 30_000,
		});
	});

	test('hold everything that is entered, without blanks around it but for the password', () => {
		const fields = {
			...FIELDS,
			security: 'startTls',
			port: 389,
			serverName: ' dc.example ',
			ignoreTlsIssues: true,
			bindName: ' CORP\\svc ',
			bindPassword: ' spaced ',
			baseDn: ' OU=People,DC=x ',
			signingSecret: ' k ',
			connectTimeout: 2,
			operationTimeout: '1.5',
		};
		expect(parseSettings(fields)).toMatchObject({
			security: 'startTls',
			port: 389,
			serverName: 'dc.example',
			ignoreCertificate: true,
			logon: { by: 'password', name: 'CORP\\svc', password: ' spaced ' },
			baseDn: 'OU=People,DC=x',
			signingKey: 'k',
			connectTimeoutMs: 2000,
			operationTimeoutMs: 1500,
		});
	});

	test.each([
		['dc1,dc2', ['dc1', 'dc2']],
		['dc1; dc2\n dc3 ,', ['dc1', 'dc2', 'dc3']],
		['10.0.0.1 fe80::1', ['10.0.0.1', 'fe80::1']],
	])('take the controllers %j one by one, in order', (domainControllers, controllers) => {
		expect(parseSettings({ ...FIELDS, domainControllers }).controllers).toEqual(controllers);
	});

	test.each([0, -1, '', 'x', null, Number.NaN, Number.POSITIVE_INFINITY])(
		'fall back from a time-out of %s',
		(value) => {
			expect(parseSettings({ ...FIELDS, connectTimeout: value }).connectTimeoutMs).toBe(10_000);
			expect(parseSettings({ ...FIELDS, operationTimeout: value }).operationTimeoutMs).toBe(30_000);
		},
	);

	test.each<[field: string, wrong: Record<string, unknown>]>([
		['Domain Controllers', { domainControllers: '' }],
		['Domain Controllers', { domainControllers: ' , ' }],
		['Domain Controllers', { domainControllers: undefined }],
		['Domain Controllers', { domainControllers: 'ldaps://dc1' }],
		['Domain Controllers', { domainControllers: 'dc1 dc/2' }],
		['Domain Controllers', { domainControllers: 'dc1.corp.example.com:636' }],
		['Security', { security: 'none' }],
		['Security', { security: 'plain' }],
		['Security', { security: 'plain', allowUnencrypted: false }],
		['Security', { security: 'plain', allowUnencrypted: 'true' }],
		['Log On With', { logOnWith: 'kerberos' }],
		['Log On With', { ...CERTIFICATE, security: 'plain', allowUnencrypted: true }],
		['Client Certificate (PEM)', { ...CERTIFICATE, certificate: '' }],
		['Client Certificate (PEM)', { ...CERTIFICATE, certificate: 'MIIB' }],
		['Client Certificate (PEM)', { ...CERTIFICATE, certificate: CERTIFICATE.certificateKey }],
		['Key of the Certificate (PEM)', { ...CERTIFICATE, certificateKey: '' }],
		['Key of the Certificate (PEM)', { ...CERTIFICATE, certificateKey: CERTIFICATE.certificate }],
		['Key of the Certificate (PEM)', { ...CERTIFICATE, certificateKey: MADE.server.key }],
		['Key of the Certificate (PEM)', { ...CERTIFICATE, certificateKey: MADE.lockedKey }],
		['Key of the Certificate (PEM)', { ...CERTIFICATE, certificateKey: MADE.lockedKey, certificatePassphrase: 'no' }],
		['Port', { port: 0 }],
		['Port', { port: 65_536 }],
		['Port', { port: 1.5 }],
		['Port', { port: 'ldap' }],
		['Port', { port: '' }],
		['Bind Name', { bindName: ' ' }],
		['Bind Name', { bindName: undefined }],
		['Bind Password', { bindPassword: '' }],
		['Bind Password', { bindPassword: undefined }],
		['CA Certificate', { trustedAuthorities: 'MIIB' }],
		['CA Certificate', { trustedAuthorities: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }],
		['CA Certificate', { trustedAuthorities: '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----' }],
	])('name the field %s when it is %j', (field, wrong) => {
		const error = refused({ ...FIELDS, ...wrong });
		expect(error.kind).toBe('configuration');
		expect(error.message).toContain(`"${field}"`);
		expect(error.whatToDo).toMatch(/\.$/);
	});

	test('hold no encryption only where the switch for it is on', () => {
		expect(parseSettings({ ...FIELDS, security: 'plain', allowUnencrypted: true }).security).toBe('plain');
		expect(parseSettings({ ...FIELDS, allowUnencrypted: true }).security).toBe('ldaps');
	});

	test.each<[how: string, fields: Record<string, unknown>, passphrase: string]>([
		['as it is', {}, ''],
		['under a passphrase', { certificateKey: MADE.lockedKey, certificatePassphrase: PASSPHRASE }, PASSPHRASE],
		[
			'under a passphrase and without line breaks',
			{ certificateKey: MADE.lockedKey.replaceAll('\n', ' '), certificatePassphrase: PASSPHRASE },
			PASSPHRASE,
		],
		['without line breaks', { certificateKey: MADE.client.key.replaceAll('\n', '') }, ''],
	])('take a client certificate with its key %s, and ask for no password then', (_how, fields, passphrase) => {
		const { logon } = parseSettings({ ...FIELDS, ...CERTIFICATE, ...fields });
		expect(logon).toMatchObject({ by: 'certificate', passphrase });
		if (logon.by !== 'certificate') throw new Error('It is by password.');
		const key = createPrivateKey({ key: logon.key, ...(passphrase ? { passphrase } : {}) });
		expect(new X509Certificate(logon.certificate).checkPrivateKey(key)).toBe(true);
	});

	test('never show a key or its passphrase in what they say', () => {
		for (const wrong of [
			{ certificateKey: MADE.server.key },
			{ certificateKey: MADE.lockedKey, certificatePassphrase: 'canary of a passphrase' },
			{ certificate: 'x' },
		]) {
			const { message, whatToDo, stack } = refused({ ...FIELDS, ...CERTIFICATE, ...wrong });
			const said = `${message}${whatToDo}${stack}`;
			expect(said).not.toContain('canary');
			expect(said).not.toContain(MADE.server.key.split('\n')[1]);
		}
	});

	test('never show the password in what they say', () => {
		for (const wrong of [{ domainControllers: '' }, { security: 'none' }, { port: 0 }, { bindName: '' }]) {
			const { message, whatToDo } = refused({ ...FIELDS, ...wrong });
			expect(message + whatToDo).not.toContain(FIELDS.bindPassword);
		}
	});
});

describe('pasted certificates', () => {
	const [first = '', second = '', third = ''] = rootCertificates;
	const prints = (list: readonly string[]) => list.map((pem) => new X509Certificate(pem).fingerprint256);

	test.each<[how: string, spoil: (pem: string) => string]>([
		['as they are', (pem) => pem],
		['with line breaks of Windows', (pem) => pem.replaceAll('\n', '\r\n')],
		['without line breaks', (pem) => pem.replaceAll('\n', '')],
		['with blanks for line breaks', (pem) => pem.replaceAll('\n', ' ')],
		['with line breaks as the two characters \\n', (pem) => pem.replaceAll('\n', '\\n')],
		['with line breaks as the four characters \\r\\n', (pem) => pem.replaceAll('\n', '\\r\\n')],
		['indented', (pem) => pem.replaceAll('\n', '\n    ')],
		['between other lines', (pem) => `subject=CN = x\n${pem}\n\nissuer=...`],
	])('are read %s, one or several', (_how, spoil) => {
		expect(prints(splitCertificates(spoil(first)))).toEqual(prints([first]));
		expect(prints(splitCertificates([first, second, third].map(spoil).join('\n')))).toEqual(
			prints([first, second, third]),
		);
		expect(prints(splitCertificates([first, second].map(spoil).join('')))).toEqual(prints([first, second]));
	});

	test('have lines of at most 64 characters, as PEM asks', () => {
		const [pem = ''] = splitCertificates(first.replaceAll('\n', ''));
		expect(pem.split('\n').every((line) => line.length <= 64)).toBe(true);
	});

	test('are none when nothing is pasted', () => {
		expect(splitCertificates('')).toEqual([]);
		expect(parseSettings({ ...FIELDS, trustedAuthorities: ' \n' }).authorities).toEqual([]);
	});

	test('are part of the settings', () => {
		expect(prints(parseSettings({ ...FIELDS, trustedAuthorities: `\n${first}\n` }).authorities)).toEqual(
			prints([first]),
		);
	});
});
