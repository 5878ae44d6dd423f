import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

const withKey = { displayOptions: { show: { authenticateWith: ['apiKey'] } } };
const withAccount = { displayOptions: { show: { authenticateWith: ['serviceAccount'] } } };

/** An administrator's API key of JumpCloud, or a service account. Used and tested by the Custom HCM Endpoint node. */
export class JumpCloudApi implements ICredentialType {
	name = 'jumpCloudApi';

	displayName = 'JumpCloud API';

	icon: Icon = { light: 'file:icons/jumpCloud.svg', dark: 'file:icons/jumpCloud.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-ad-provisioning/n8n-nodes-ad-provisioning/blob/main/docs/hcm.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Authenticate With',
			name: 'authenticateWith',
			type: 'options',
			options: [
				{ name: 'API Key', value: 'apiKey' },
				{ name: 'Service Account', value: 'serviceAccount' },
			],
			default: 'apiKey',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			...withKey,
			description:
				'In the JumpCloud admin portal, under your initials: My API Key. It reads what that administrator may read.',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			...withAccount,
			description: 'Of a service account. Its role says what it may read and change.',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			...withAccount,
		},
		{
			displayName: 'Token URL',
			name: 'tokenUrl',
			type: 'string',
			default: 'https://admin-oauth.id.jumpcloud.com/oauth2/token',
			required: true,
			...withAccount,
			description: 'JumpCloud documents the address for the US region only; ask its support for that of another region',
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
}
