/** A simulator for each test, and a client without a mind of its own. */
import { ORGANIZATION, seedPeople } from '../../../demo/jumpcloud/people';
import { startJumpCloud, type JumpCloudOptions, type JumpCloudSimulator } from '../../../demo/jumpcloud/server';

export const people = seedPeople({ seed: 1, count: 250 });
export const apiKey = 'key-of-these-tests';

export type Reply = { readonly status: number; readonly body: unknown; readonly headers: Headers };

export type Running = {
	readonly simulator: () => JumpCloudSimulator;
	/** @param body given = sent as JSON, a text as it is */
	readonly call: (method: string, route: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;
	/** Another one with other options, instead. */
	readonly restart: (options: Partial<JumpCloudOptions>) => Promise<void>;
};

/** Starts one before each test and closes it after. */
export function runningSimulator(options: Partial<JumpCloudOptions> = {}): Running {
	let simulator: JumpCloudSimulator;
	const start = async (own: Partial<JumpCloudOptions>) => {
		simulator = await startJumpCloud({ host: '127.0.0.1', people, apiKey, organizationId: ORGANIZATION, ...own });
	};
	beforeEach(() => start(options));
	afterEach(() => simulator.close());
	return {
		simulator: () => simulator,
		restart: async (own) => {
			await simulator.close();
			await start({ ...options, ...own });
		},
		call: async (method, route, body, headers = { 'x-api-key': apiKey }) => {
			const response = await fetch(`${simulator.url}${route}`, {
				method,
				headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
				...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
			});
			const text = await response.text();
			return {
				status: response.status,
				body: text === '' ? undefined : (JSON.parse(text) as unknown),
				headers: response.headers,
			};
		},
	};
}
