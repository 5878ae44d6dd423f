/** The simulator's replies against the response schemas that JumpCloud published (test/fixtures/jumpcloud/README.md). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { ORGANIZATION, seedPeople, type JumpCloudUser } from '../../../demo/jumpcloud/people';
import { startJumpCloud, type JumpCloudSimulator } from '../../../demo/jumpcloud/server';

type Published = { readonly definitions: { readonly systemuserreturn: { readonly properties: object } } };

const published = JSON.parse(
	readFileSync(path.resolve(__dirname, '../../fixtures/jumpcloud/systemusers.schema.json'), 'utf8'),
) as Published;
const ajv = new Ajv({
	strict: false,
	allErrors: true,
	formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) },
}).addSchema(published, 'jumpcloud');

/** What the schema has against the body; empty when nothing. */
function faults(definition: string, body: unknown): unknown {
	ajv.validate(`jumpcloud#/definitions/${definition}`, body);
	return ajv.errors ?? [];
}

const apiKey = 'key-of-these-tests';
const people = seedPeople({ seed: 1, count: 250 });
let simulator: JumpCloudSimulator;
beforeAll(async () => {
	simulator = await startJumpCloud({ host: '127.0.0.1', people, apiKey, organizationId: ORGANIZATION });
});
afterAll(() => simulator.close());

async function reply(route: string, init: RequestInit = {}): Promise<unknown> {
	const response = await fetch(`${simulator.url}${route}`, { ...init, headers: { 'x-api-key': apiKey } });
	expect(response.status).toBe(200);
	return response.json();
}

describe("JumpCloud's published schemas", () => {
	test.each([0, 100, 200])('hold for every person in the list, from row %i', async (skip) => {
		const body = await reply(`/api/systemusers?limit=100&sort=_id&skip=${skip}`);
		expect((body as { results: unknown[] }).results.length).toBeGreaterThan(0);
		expect(faults('systemuserslist', body)).toEqual([]);
	});

	test('hold for a list with chosen fields, and for an empty one', async () => {
		expect(faults('systemuserslist', await reply('/api/systemusers?fields=username state'))).toEqual([]);
		expect(faults('systemuserslist', await reply('/api/systemusers?skip=1000'))).toEqual([]);
	});

	test('hold for one person, read and changed', async () => {
		const route = `/api/systemusers/${people[0]?._id}`;
		expect(faults('systemuserreturn', await reply(route))).toEqual([]);
		const changed = await reply(route, { method: 'PUT', body: '{"state":"SUSPENDED"}' });
		expect(faults('systemuserreturn', changed)).toEqual([]);
	});

	test('hold for the organizations', async () => {
		expect(faults('organizationslist', await reply('/api/organizations'))).toEqual([]);
	});

	test('name no field of a person that the simulator never sends, and the simulator sends no other but id', () => {
		const sent = new Set(people.flatMap((person) => Object.keys(person)));
		const named = Object.keys(published.definitions.systemuserreturn.properties);
		expect([...sent].sort()).toEqual([...named, 'id'].sort());
	});

	test.each<[string, Partial<Record<keyof JumpCloudUser, unknown>>]>([
		['a state that there is not', { state: 'GONE' }],
		['null where it is not allowed', { employeeIdentifier: null }],
		['a number for a text', { username: 7 }],
	])('are checked in earnest: %s is found', (_what, wrong) => {
		expect(faults('systemuserslist', { results: [{ ...people[0], ...wrong }], totalCount: 1 })).toHaveLength(1);
	});
});
