import { AdLdapApi } from '../../../credentials/AdLdapApi.credentials';
import { parseSettings } from '../../../lib/directory/settings';
import { AdProvision } from '../../../nodes/AdProvision/AdProvision.node';
import { AttributeMap } from '../../../nodes/AttributeMap/AttributeMap.node';
import { CustomHcmEndpoint } from '../../../nodes/CustomHcmEndpoint/CustomHcmEndpoint.node';

const credential = new AdLdapApi();
const SECRETS = ['bindPassword', 'certificate', 'certificateKey', 'certificatePassphrase', 'signingSecret'];

describe('the credential for a directory', () => {
	test('is for the nodes of this package that name it, and for no other', () => {
		const nodes = [new AdProvision(), new AttributeMap(), new CustomHcmEndpoint()].map(
			({ description }) => description,
		);
		const users = nodes.filter(({ credentials }) => credentials?.some(({ name }) => name === credential.name));
		expect(credential.restrictToSupportedNodes).toBe(true);
		expect(users.map(({ name }) => name)).toEqual(credential.supportedNodes);
		for (const { credentials } of users)
			expect(credentials?.find(({ name }) => name === credential.name)?.testedBy).toBe('adLdapApiTest');
	});

	test('hides every secret', () => {
		const hidden = credential.properties.filter(({ typeOptions }) => typeOptions?.password).map(({ name }) => name);
		expect(hidden.sort()).toEqual(SECRETS);
	});

	test('is encrypted, verified and by password unless somebody says otherwise', () => {
		const defaults = Object.fromEntries(credential.properties.map(({ name, default: value }) => [name, value]));
		const entered = { domainControllers: 'dc1.corp.example.com', bindName: 'CORP\\svc', bindPassword: 'secret' };
		expect(parseSettings({ ...defaults, ...entered })).toMatchObject({
			security: 'ldaps',
			port: 636,
			ignoreCertificate: false,
			logon: { by: 'password', name: 'CORP\\svc' },
		});
	});

	test('of before there were certificates is taken as it was saved', () => {
		const saved = {
			domainControllers: 'dc1',
			security: 'startTls',
			port: 389,
			bindName: 'a@b',
			bindPassword: 'secret',
		};
		expect(parseSettings(saved)).toMatchObject({ security: 'startTls', logon: { by: 'password', name: 'a@b' } });
	});
});
