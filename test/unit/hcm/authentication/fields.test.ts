/** The credentials' fields, through n8n's own code for showing and decrypting them. */
import { NodeHelpers, type ICredentialType, type INodeParameters } from 'n8n-workflow';
import { HcmApi } from '../../../../credentials/HcmApi.credentials';
import { HcmOAuth2Api } from '../../../../credentials/HcmOAuth2Api.credentials';
import { JumpCloudApi } from '../../../../credentials/JumpCloudApi.credentials';
import { hcmApiAuthentication } from '../../../../lib/hcm/authentication/hcmApi';
import { jumpCloudAuthentication } from '../../../../lib/hcm/authentication/jumpCloud';
import type { Send } from '../../../../lib/hcm/types';
import { CustomHcmEndpoint } from '../../../../nodes/CustomHcmEndpoint/CustomHcmEndpoint.node';

const types: readonly ICredentialType[] = [new JumpCloudApi(), new HcmApi(), new HcmOAuth2Api()];

/** As n8n's credentials helper reads what is stored (packages/cli, credentials-helper.ts): defaults added, fields that are not shown left out. */
const decrypted = ({ properties }: ICredentialType, stored: INodeParameters) =>
	NodeHelpers.getNodeParameters(properties, stored, true, false, null, null) ?? {};
const send: Send = () => Promise.reject(new Error('no call is expected'));
const request = {
	method: 'GET',
	url: 'https://hr.example/people',
	query: [],
	headers: {},
	withCredential: true,
} as const;

describe.each(types.map((type) => [type.displayName, type] as const))('%s', (_name, type) => {
	test('hides each secret behind a password field of its own', () => {
		const secrets = type.properties.filter(({ name }) =>
			/(secret|password|passphrase|token|apiKey|keyValue|certificate|certificateKey|Value)$/i.test(name),
		);
		for (const { name, type: kind, typeOptions } of secrets)
			expect([name, kind, typeOptions?.password]).toEqual([name, 'string', true]);
		expect(type.properties.filter(({ type: kind }) => kind === 'fixedCollection' || kind === 'collection')).toEqual([]);
	});

	test('is tested by the node that uses it, and by nothing that n8n would take before that', () => {
		expect([type.test, type.authenticate]).toEqual([undefined, undefined]);
		const { description, methods } = new CustomHcmEndpoint();
		const used = description.credentials?.find(({ name }) => name === type.name);
		expect(Object.keys(methods.credentialTest)).toContain(used?.testedBy);
	});
});

describe('what is stored of HCM API', () => {
	const hcmApi = new HcmApi();

	test('gives the further headers and values that are counted, and no others', async () => {
		const headers = Object.fromEntries(
			[1, 2, 3, 4, 5].flatMap((n) => [
				[`header${n}Name`, `X-${n}`],
				[`header${n}Value`, `h${n}`],
				[`value${n}Name`, `v${n}`],
				[`value${n}Value`, `secret${n}`],
			]),
		);
		for (const count of [0, 1, 5]) {
			const data = decrypted(hcmApi, { authenticateWith: 'none', headerCount: count, valueCount: count, ...headers });
			const means = hcmApiAuthentication(data, send, () => 0);
			const names = Array.from({ length: count }, (_, index) => index + 1);
			expect((await means.apply(request, undefined)).headers).toEqual(
				Object.fromEntries(names.map((n) => [`X-${n}`, `h${n}`])),
			);
			expect(means.variables).toEqual({
				user: '',
				password: '',
				...Object.fromEntries(names.map((n) => [`v${n}`, `secret${n}`])),
			});
		}
	});

	test.each<[means: INodeParameters, sent: Record<string, string>]>([
		[{ keyValue: 'k' }, { Authorization: 'k' }],
		[{ authenticateWith: 'apiKey', keyName: 'X-Key', keyPrefix: 'SSWS', keyValue: 'k' }, { 'X-Key': 'SSWS k' }],
		[{ authenticateWith: 'basic', user: 'k', password: '' }, { authorization: 'Basic azo=' }],
		[{ authenticateWith: 'basic', user: '', password: 'k' }, { authorization: 'Basic Oms=' }],
		[{ authenticateWith: 'bearer', token: 't' }, { authorization: 'Bearer t' }],
	])('%j is sent as %j', async (stored, sent) => {
		const means = hcmApiAuthentication(decrypted(hcmApi, stored), send, () => 0);
		expect((await means.apply(request, undefined)).headers).toEqual(sent);
	});

	test('is a log-in with the defaults of its fields', async () => {
		const asked: (string | undefined)[] = [];
		const product: Send = ({ url, body }) => {
			asked.push(`${url} ${body?.text ?? ''}`);
			return Promise.resolve({ status: 200, headers: {}, body: '{"access_token": "t1"}' });
		};
		const stored = {
			authenticateWith: 'login',
			baseUrl: 'https://hr.example',
			loginUrl: '/auth',
			user: 'u',
			password: 'p',
		};
		const means = hcmApiAuthentication(decrypted(hcmApi, stored), product, () => 0);
		expect((await means.apply(request, undefined)).headers).toEqual({ Authorization: 'Bearer t1' });
		expect(asked).toEqual(['https://hr.example/auth {"username":"u","password":"p"}']);
	});
});

describe('what is stored of JumpCloud', () => {
	test('before there were service accounts is still a key', async () => {
		const stored = { apiKey: 'k', region: 'eu', organizationId: '5f1b1bb2c9e77742c1cd0b66' };
		const means = jumpCloudAuthentication(decrypted(new JumpCloudApi(), stored), send, () => 0);
		expect(means.base).toBe('https://console.eu.jumpcloud.com');
		expect((await means.apply(request, undefined)).headers).toEqual({
			'x-api-key': 'k',
			'x-org-id': '5f1b1bb2c9e77742c1cd0b66',
		});
	});
});
