import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

/** OAuth2 of an HR system: n8n's own grants, with an address and another word before the token. */
export class HcmOAuth2Api implements ICredentialType {
	name = 'hcmOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'HCM OAuth2 API';

	icon: Icon = { light: 'file:icons/hcm.svg', dark: 'file:icons/hcm.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-ad-provisioning/n8n-nodes-ad-provisioning/blob/main/docs/hcm.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://graph.microsoft.com',
			description:
				'The token goes to this server only, and paths of endpoints are taken below it. Leave empty to send it to whatever server an endpoint names.',
		},
		{
			displayName: 'Header Prefix',
			name: 'headerPrefix',
			type: 'string',
			default: 'Bearer',
			placeholder: 'e.g. Zoho-oauthtoken',
			description: 'The word before the token',
		},
		{
			displayName: 'Test Path',
			name: 'testPath',
			type: 'string',
			default: '',
			placeholder: 'e.g. /v1.0/users?$top=1',
			description: 'What the test of this credential reads, below the Base URL',
		},
	];
}
