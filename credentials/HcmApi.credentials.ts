import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/** As many as lib/hcm/authentication/hcmApi.ts reads. */
const MOST = 5;

const withMeans = (...means: readonly string[]): Pick<INodeProperties, 'displayOptions'> => ({
	displayOptions: { show: { authenticateWith: [...means] } },
});
const withCertificate: Pick<INodeProperties, 'displayOptions'> = {
	displayOptions: { show: { mutualTls: [true] } },
};

const secret = (displayName: string, name: string, more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	typeOptions: { password: true },
	default: '',
	...more,
});

/** Pairs of a name and a secret, flat: n8n hides what stands in fields of its own, and not what stands in a collection's. */
const numbered = (kind: 'header' | 'value', word: string): INodeProperties[] =>
	Array.from({ length: MOST }, (_, index) => index + 1).flatMap((number): INodeProperties[] => {
		const shown = { displayOptions: { show: { [`${kind}Count`]: [{ _cnd: { gte: number } }] } } };
		return [
			{ displayName: `${word} ${number} Name`, name: `${kind}${number}Name`, type: 'string', default: '', ...shown },
			secret(`${word} ${number} Value`, `${kind}${number}Value`, shown),
		];
	});

const LOG_IN: readonly INodeProperties[] = [
	{
		displayName: 'Log-In URL',
		name: 'loginUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. /v2/auth/token',
		...withMeans('login'),
		description: 'A whole address, or a path below the Base URL',
	},
	{
		displayName: 'Log-In Method',
		name: 'loginMethod',
		type: 'options',
		options: [
			{ name: 'GET', value: 'GET' },
			{ name: 'POST', value: 'POST' },
			{ name: 'PUT', value: 'PUT' },
		],
		default: 'POST',
		...withMeans('login'),
	},
	{
		displayName: 'Log-In Body Type',
		name: 'loginBodyType',
		type: 'options',
		options: [
			{ name: 'Form', value: 'form' },
			{ name: 'JSON', value: 'json' },
		],
		default: 'json',
		...withMeans('login'),
	},
	{
		displayName: 'Log-In Body',
		name: 'loginBody',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '{ "username": "{credential.user}", "password": "{credential.password}" }',
		...withMeans('login'),
		description: 'A JSON object, for a form too. {credential.user} and {credential.password} are the fields below.',
	},
	{
		displayName: 'Token Path',
		name: 'tokenPath',
		type: 'string',
		default: 'access_token',
		required: true,
		placeholder: 'e.g. data.token',
		...withMeans('login'),
		description: 'Where the token stands in the reply',
	},
	{
		displayName: 'Lifetime Path',
		name: 'lifetimePath',
		type: 'string',
		default: '',
		placeholder: 'e.g. expires_in',
		...withMeans('login'),
		description: 'Where its lifetime in seconds stands. Leave empty to renew it when it is refused (HTTP 401).',
	},
	{
		displayName: 'Token Header',
		name: 'tokenHeader',
		type: 'string',
		default: 'Authorization',
		required: true,
		...withMeans('login'),
	},
	{
		displayName: 'Token Prefix',
		name: 'tokenPrefix',
		type: 'string',
		default: 'Bearer',
		...withMeans('login'),
		description: 'The word before the token. Leave empty for none.',
	},
];

/** Any HR system's own way to tell who calls. Used and tested by the Custom HCM Endpoint node. */
export class HcmApi implements ICredentialType {
	name = 'hcmApi';

	displayName = 'HCM API';

	icon: Icon = { light: 'file:icons/hcm.svg', dark: 'file:icons/hcm.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-ad-provisioning/n8n-nodes-ad-provisioning/blob/main/docs/hcm.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://hr.example.com',
			description:
				'The secrets go to this server only, and paths of endpoints are taken below it. Leave empty to send them to whatever server an endpoint names.',
		},
		{
			displayName: 'Authenticate With',
			name: 'authenticateWith',
			type: 'options',
			options: [
				{ name: 'API Key', value: 'apiKey' },
				{ name: 'Basic', value: 'basic' },
				{ name: 'Bearer Token', value: 'bearer' },
				{
					name: 'Log In First',
					value: 'login',
					description: 'A call gives a token, which is renewed when it is refused',
				},
				{ name: 'None', value: 'none', description: 'The certificate or the headers below are enough' },
			],
			default: 'apiKey',
		},
		{
			displayName: 'Key In',
			name: 'keyIn',
			type: 'options',
			options: [
				{ name: 'Header', value: 'header' },
				{ name: 'Query', value: 'query' },
			],
			default: 'header',
			...withMeans('apiKey'),
		},
		{
			displayName: 'Key Name',
			name: 'keyName',
			type: 'string',
			default: 'Authorization',
			required: true,
			placeholder: 'e.g. X-API-Key',
			...withMeans('apiKey'),
			description: 'Name of the header or of the query parameter',
		},
		{
			displayName: 'Key Prefix',
			name: 'keyPrefix',
			type: 'string',
			default: '',
			placeholder: 'e.g. SSWS',
			...withMeans('apiKey'),
			description: 'The word before the key. Leave empty for none.',
		},
		secret('Key', 'keyValue', { required: true, ...withMeans('apiKey') }),
		...LOG_IN,
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			...withMeans('basic', 'login'),
			description: 'Some products take their API key as user, with any password',
		},
		secret('Password', 'password', withMeans('basic', 'login')),
		secret('Token', 'token', { required: true, ...withMeans('bearer') }),
		{
			displayName: 'Test Path',
			name: 'testPath',
			type: 'string',
			default: '',
			placeholder: 'e.g. /api/employees?limit=1',
			description: 'What the test of this credential reads, below the Base URL',
		},
		{
			displayName: 'Client Certificate',
			name: 'mutualTls',
			type: 'boolean',
			default: false,
			description: 'Whether the server asks for a certificate (mutual TLS)',
		},
		secret('Certificate (PEM)', 'certificate', { required: true, ...withCertificate }),
		secret('Key of the Certificate (PEM)', 'certificateKey', { required: true, ...withCertificate }),
		secret('Passphrase of That Key', 'certificatePassphrase', withCertificate),
		secret('Authorities (PEM)', 'certificateAuthorities', {
			...withCertificate,
			description: "Authorities of the server's certificate, if n8n does not know them",
		}),
		{
			displayName: 'Further Secret Headers',
			name: 'headerCount',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: MOST },
			default: 0,
			description: 'How many headers go with each call besides, and with the log-in if it is on the same server',
		},
		...numbered('header', 'Header'),
		{
			displayName: 'Secret Values for Bodies',
			name: 'valueCount',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: MOST },
			default: 0,
			description: 'How many values a body or a parameter may use as {credential.name}',
		},
		...numbered('value', 'Value'),
	];
}
