import { ORGANIZATION, seedPeople } from '../../../demo/jumpcloud/people';
import { startJumpCloud, type JumpCloudSimulator } from '../../../demo/jumpcloud/server';

const people = seedPeople({ seed: 1, count: 60 });
const apiKey = 'key-of-these-tests';
const UNKNOWN_ORGANIZATION = '0123456789abcdef01234567';

let simulator: JumpCloudSimulator;
const start = (multiTenant: boolean) =>
	startJumpCloud({ host: '127.0.0.1', people, apiKey, organizationId: ORGANIZATION, multiTenant });
afterEach(() => simulator.close());

describe('key and organization', () => {
	const key = { 'x-api-key': apiKey };
	const users = '/api/systemusers';
	const organizations = '/api/organizations';
	test.each<[number, string, string, Readonly<Record<string, string>>, boolean]>([
		[401, 'no key', users, {}, false],
		[401, 'a wrong key', users, { 'x-api-key': `${apiKey}x` }, false],
		[401, 'no key, on a route that there is not', '/api/nothing', {}, false],
		[200, 'the key', users, key, false],
		[200, 'the key and the organization', users, { ...key, 'x-org-id': ORGANIZATION }, false],
		[400, 'a malformed organization', users, { ...key, 'x-org-id': 'corp' }, false],
		[404, 'an unknown organization', users, { ...key, 'x-org-id': UNKNOWN_ORGANIZATION }, false],
		[401, 'no organization, of many', users, key, true],
		[200, 'the organization, of many', users, { ...key, 'x-org-id': ORGANIZATION }, true],
		[404, 'an unknown organization, of many', users, { ...key, 'x-org-id': UNKNOWN_ORGANIZATION }, true],
		[200, 'the list of organizations, without one', organizations, key, false],
		[200, 'the list of organizations, with a slash', `${organizations}/`, key, false],
		[200, 'the list of organizations, of many', organizations, key, true],
		[403, 'the list of organizations, with one', organizations, { ...key, 'x-org-id': ORGANIZATION }, false],
		[403, 'the list of organizations, with a malformed one', organizations, { ...key, 'x-org-id': 'corp' }, true],
		[404, 'a route that there is not', '/api/nothing', key, false],
		[404, 'a person who is not there', `${users}/${UNKNOWN_ORGANIZATION}`, key, false],
	])('answers %i to %s', async (status, _what, route, headers, multiTenant) => {
		simulator = await start(multiTenant);
		const response = await fetch(`${simulator.url}${route}`, { headers });
		expect(response.status).toBe(status);
		expect(response.headers.get('content-type')).toBe('application/json');
		const body: unknown = await response.json();
		if (status >= 400)
			expect(body).toEqual({ code: status, status: String(status), message: expect.any(String) as string });
	});

	test('logs what was asked, with the names of the headers and never the key', async () => {
		simulator = await start(false);
		await fetch(`${simulator.url}/api/systemusers?limit=1&filter=state:$eq:STAGED&filter=department:$ne:IT`, {
			headers: { ...key, 'x-org-id': ORGANIZATION },
		});
		await fetch(`${simulator.url}/api/nothing`, { headers: { 'x-api-key': 'a-wrong-key' } });
		expect(simulator.requests).toMatchObject([
			{
				method: 'GET',
				path: '/api/systemusers',
				query: { limit: '1' },
				search: '?limit=1&filter=state:$eq:STAGED&filter=department:$ne:IT',
			},
			{ method: 'GET', path: '/api/nothing', query: {}, search: '' },
		]);
		expect(simulator.requests[0]?.headerNames).toEqual(expect.arrayContaining(['x-api-key', 'x-org-id']));
		const log = JSON.stringify(simulator.requests);
		for (const secret of [apiKey, 'a-wrong-key', ORGANIZATION]) expect(log).not.toContain(secret);
	});
});
