import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

/** Routes that answer 403 when they get an organisation id (JumpCloud's PowerShell module, Invoke-JCApi.ps1). */
const WITHOUT_ORGANIZATION = /\/api\/(organizations|v2\/providers|v2\/organizations)(\/|\?|$)/;

/** An administrator's API key of JumpCloud. */
export class JumpCloudApi implements ICredentialType {
	name = 'jumpCloudApi';

	displayName = 'JumpCloud API';

	icon: Icon = { light: 'file:icons/jumpCloud.svg', dark: 'file:icons/jumpCloud.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-ad-provisioning/n8n-nodes-ad-provisioning/blob/main/docs/hcm.md';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'In the JumpCloud admin portal, under your initials: My API Key. It reads what that administrator may read.',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: 'Custom URL', value: 'custom' },
				{ name: 'European Union', value: 'eu' },
				{ name: 'India', value: 'in' },
				{ name: 'United States', value: 'us' },
			],
			default: 'us',
			description: 'Where your JumpCloud organization lives: the address of its admin portal tells',
		},
		{
			displayName: 'URL',
			name: 'customUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://console.jumpcloud.com',
			displayOptions: { show: { region: ['custom'] } },
			description: 'Address of the console, without /api',
		},
		{
			displayName: 'Organization ID',
			name: 'organizationId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 5f1b1bb2c9e77742c1cd0b66',
			description: 'Only for administrators of several organizations: the one to read',
		},
	];

	// A function, because an empty x-org-id must not be sent at all.
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
		const organization = text(credentials.organizationId);
		const headers = { ...requestOptions.headers, 'x-api-key': text(credentials.apiKey) };
		const withOrganization = organization !== '' && !WITHOUT_ORGANIZATION.test(requestOptions.url);
		return await Promise.resolve({
			...requestOptions,
			headers: withOrganization ? { ...headers, 'x-org-id': organization } : headers,
		});
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{ ({ us: "https://console.jumpcloud.com", eu: "https://console.eu.jumpcloud.com", in: "https://console.in.jumpcloud.com" })[$credentials.region] ?? $credentials.customUrl.replace(/[/]+$/, "") }}',
			// Proves the key, the organisation and the right to read people at once.
			url: '/api/systemusers?limit=1',
		},
	};
}
