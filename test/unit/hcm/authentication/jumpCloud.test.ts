import { authenticated } from '../../../../lib/hcm/authentication/authentication';
import { jumpCloudAuthentication, type JumpCloudCredential } from '../../../../lib/hcm/authentication/jumpCloud';
import { testJumpCloud } from '../../../../lib/hcm/credentialTest';
import { ORGANIZATION, seedPeople } from '../../../../demo/jumpcloud/people';
import { startJumpCloud, type JumpCloudSimulator } from '../../../../demo/jumpcloud/server';
import { closeAll, closeLater, get, opened } from '../../../support/http';

afterEach(closeAll);

const key = 'k'.repeat(40);
async function simulator(): Promise<JumpCloudSimulator> {
	const jumpCloud = await startJumpCloud({
		host: '127.0.0.1',
		people: seedPeople({ seed: 3, count: 60 }),
		apiKey: key,
		organizationId: ORGANIZATION,
		clientId: 'account',
		clientSecret: 'canary-secret',
	});
	closeLater(() => jumpCloud.close());
	return jumpCloud;
}

const through = (credential: JumpCloudCredential) => {
	const { send } = opened();
	const means = jumpCloudAuthentication({ region: 'custom', ...credential }, send, () => Date.now());
	return { send, means, call: authenticated(send, means) };
};

describe('the regions of JumpCloud', () => {
	test.each([
		['us', ['https://console.jumpcloud.com', 'https://api.jumpcloud.com']],
		['eu', ['https://console.eu.jumpcloud.com', 'https://api.eu.jumpcloud.com']],
		['in', ['https://console.in.jumpcloud.com', 'https://api.in.jumpcloud.com']],
	])('%s has its console and its Directory Insights, and the key goes nowhere else', (region, origins) => {
		const { base, origins: own } = through({ region, apiKey: key }).means;
		expect([base, own]).toEqual([origins[0], origins]);
	});

	test('custom has the address that is entered, without blanks and slashes', () => {
		const { base, origins } = through({ apiKey: key, customUrl: ' https://jc.example/console// ' }).means;
		expect([base, origins]).toEqual(['https://jc.example/console', ['https://jc.example']]);
	});
});

describe('a key of JumpCloud', () => {
	test.each([
		['/api/systemusers', true],
		['/api/v2/usergroups', true],
		['/api/organizations', false],
		['/api/organizations/5f', false],
		['/api/v2/providers/1', false],
	])('goes to %s with the organization: %s', async (path, withOrganization) => {
		const { means } = through({ apiKey: ` ${key} `, customUrl: 'https://jc.example', organizationId: ORGANIZATION });
		const { headers } = await means.apply(get(`https://jc.example${path}`), undefined);
		expect(headers).toEqual({ 'x-api-key': key, ...(withOrganization ? { 'x-org-id': ORGANIZATION } : {}) });
	});
});

describe('a service account', () => {
	const account = (jumpCloud: JumpCloudSimulator, changes: JumpCloudCredential = {}) =>
		through({
			authenticateWith: 'serviceAccount',
			clientId: 'account',
			clientSecret: 'canary-secret',
			tokenUrl: `${jumpCloud.url}/oauth2/token`,
			customUrl: jumpCloud.url,
			...changes,
		});

	test('fetches one token for many calls, and a new one when it is refused', async () => {
		const jumpCloud = await simulator();
		const { call, means } = account(jumpCloud);
		const read = () => call(get(`${jumpCloud.url}/api/systemusers?limit=1`), undefined);
		expect((await Promise.all([read(), read(), read()])).map(({ status }) => status)).toEqual([200, 200, 200]);
		const tokens = () => jumpCloud.requests.filter(({ path }) => path === '/oauth2/token').length;
		expect(tokens()).toBe(1);
		jumpCloud.expireTokens();
		expect((await read()).status).toBe(200);
		expect(tokens()).toBe(2);
		expect(means.secrets()).toHaveLength(4);
	});

	test('with a wrong secret says so, without it', async () => {
		const jumpCloud = await simulator();
		const { send, means } = account(jumpCloud, { clientSecret: 'canary-of-a-wrong-secret' });
		const { ok, message } = await testJumpCloud(send, means);
		expect([ok, message]).toEqual([
			false,
			expect.stringMatching(/token call of the service account .* was refused \(HTTP 401\)/),
		]);
		expect(message).not.toContain('canary-of-a-wrong-secret');
	});
});

describe('the test of the credential', () => {
	test.each<[what: string, credential: JumpCloudCredential, ok: boolean, words: string]>([
		['the right key', { apiKey: key }, true, 'Connected: this key may read 60 people.'],
		['a wrong key', { apiKey: 'wrong' }, false, 'JumpCloud does not accept the key.'],
		['an organization ID that is none', { apiKey: key, organizationId: 'x' }, false, 'The organization ID is not one'],
		['another organization', { apiKey: key, organizationId: 'a'.repeat(24) }, false, 'does not know this organization'],
	])('with %s says so', async (_what, credential, ok, words) => {
		const jumpCloud = await simulator();
		const { send, means } = through({ customUrl: jumpCloud.url, ...credential });
		const result = await testJumpCloud(send, means);
		expect(result).toEqual({ ok, message: expect.stringContaining(words) as string });
	});

	test('with no address says so, and sends nothing', async () => {
		const { send, means } = through({ apiKey: key, customUrl: 'console.jumpcloud.com' });
		expect((await testJumpCloud(send, means)).message).toContain('is no address of the web');
	});

	test('where nothing listens says so', async () => {
		const jumpCloud = await simulator();
		await jumpCloud.close();
		const { send, means } = through({ apiKey: key, customUrl: jumpCloud.url });
		expect(await testJumpCloud(send, means)).toEqual({
			ok: false,
			message: expect.stringContaining('Nothing listens there') as string,
		});
	});
});
