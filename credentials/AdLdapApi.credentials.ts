import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { isCustomExtension } from './customExtension';

const withPassword: Pick<INodeProperties, 'displayOptions'> = { displayOptions: { show: { logOnWith: ['password'] } } };
const withCertificate: Pick<INodeProperties, 'displayOptions'> = {
	displayOptions: { show: { logOnWith: ['certificate'] } },
};

/** How a domain controller is reached, and as whom. Tested in steps by the AD Provision node (`adLdapApiTest`). */
export class AdLdapApi implements ICredentialType {
	name = 'adLdapApi';

	displayName = 'AD LDAP API';

	icon: Icon = { light: 'file:icons/adLdap.svg', dark: 'file:icons/adLdap.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-ad-provisioning/n8n-nodes-ad-provisioning/blob/main/docs/directory.md';

	// Only this package's nodes may decrypt it: whoever can read the bind password can write to the domain. n8n takes the list from the nodes
	// that name this credential (n8n-core, package-directory-loader.js).
	supportedNodes = ['adProvision', 'attributeMap'];

	// To a custom extension n8n gives no such list (n8n, load-nodes-and-credentials.js): restricted, no node at all could use the credential.
	restrictToSupportedNodes = !isCustomExtension(__dirname, process.env) as true;

	properties: INodeProperties[] = [
		{
			displayName: 'Domain Controllers',
			name: 'domainControllers',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. dc1.corp.example.com, dc2.corp.example.com',
			description:
				'One or more writable domain controllers, separated by commas. The first that answers is used for the whole run; if it is lost, the next one is used for changes but not for creating.',
		},
		{
			displayName: 'Security',
			name: 'security',
			type: 'options',
			options: [
				{ name: 'LDAPS', value: 'ldaps', description: 'TLS from the first byte, usually on port 636' },
				{ name: 'StartTLS', value: 'startTls', description: 'TLS after a plain start, usually on port 389' },
				{ name: 'None', value: 'plain', description: 'Everything can be read on the way; sets no passwords' },
			],
			default: 'ldaps',
			description: 'How the connection is encrypted',
		},
		{
			displayName: 'Allow Unencrypted',
			name: 'allowUnencrypted',
			type: 'boolean',
			default: false,
			displayOptions: { show: { security: ['plain'] } },
			description:
				'Whether to connect without encryption. Anyone on the network path can then read the bind password and all data about people, and change them on the way: for test domains only. Whatever sets a password is refused, and new domain controllers refuse such a logon altogether.',
		},
		{
			displayName: 'Port',
			name: 'port',
			type: 'number',
			default: 636,
			description: 'LDAPS uses 636, StartTLS 389',
		},
		{
			displayName: 'Log On With',
			name: 'logOnWith',
			type: 'options',
			options: [
				{ name: 'Name and Password', value: 'password' },
				{
					name: 'Client Certificate',
					value: 'certificate',
					description: 'A certificate that the controllers map to the service account (SASL EXTERNAL)',
				},
			],
			default: 'password',
		},
		{
			displayName: 'Bind Name',
			name: 'bindName',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. CORP\\svc-n8n',
			...withPassword,
			description: 'The service account, as a distinguished name, a user principal name, or DOMAIN\\user',
		},
		{
			displayName: 'Bind Password',
			name: 'bindPassword',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			...withPassword,
		},
		{
			displayName: 'Client Certificate (PEM)',
			name: 'certificate',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. -----BEGIN CERTIFICATE-----',
			...withCertificate,
			description: 'In PEM form, with or without its line breaks',
		},
		{
			displayName: 'Key of the Certificate (PEM)',
			name: 'certificateKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. -----BEGIN PRIVATE KEY-----',
			...withCertificate,
			description: 'In PEM form, with or without its line breaks',
		},
		{
			displayName: 'Passphrase of That Key',
			name: 'certificatePassphrase',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			...withCertificate,
			description: 'Leave empty when the key is not encrypted',
		},
		{
			displayName: 'Signing Key',
			name: 'signingSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. 40 random characters of a password manager',
			description:
				'Signs the marks that say which accounts this tool may enable. At least 16 random characters; keep it, and use the same one in every credential for this domain. Creating, disabling, enabling and deleting need it.',
		},
		{
			displayName: 'CA Certificate',
			name: 'trustedAuthorities',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: 'e.g. -----BEGIN CERTIFICATE-----',
			description:
				'The certificate of the authority that signed the controller’s certificate, in PEM form. Leave empty for a public one.',
		},
		{
			displayName: 'Server Name',
			name: 'serverName',
			type: 'string',
			default: '',
			placeholder: 'e.g. dc1.corp.example.com',
			description:
				'The name in the controller’s certificate, if it is another one than entered above (when you enter an address, for example)',
		},
		{
			displayName: 'Ignore Certificate',
			name: 'ignoreTlsIssues',
			type: 'boolean',
			default: false,
			description:
				'Whether to accept any certificate. Anyone on the network path can then read the bind password and every new password: for test domains only.',
		},
		{
			displayName: 'Search Base',
			name: 'baseDn',
			type: 'string',
			default: '',
			placeholder: 'e.g. DC=corp,DC=example,DC=com',
			description:
				'Where lists begin: Get Many, and the organisational units to choose from. One account is always looked for in the whole domain. Leave empty for the whole domain.',
		},
		{
			displayName: 'Connect Time-Out (Seconds)',
			name: 'connectTimeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 10,
		},
		{
			displayName: 'Operation Time-Out (Seconds)',
			name: 'operationTimeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30,
		},
	];
}
