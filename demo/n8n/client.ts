/** What the demo and the end-to-end tests say to n8n over HTTP. */
import type { Owner } from './server.ts';
import { waitFor } from '../setup/processes.ts';

/** One node's runs in an execution: items by output, as n8n stores them. */
export type StoredItem = { readonly json: Record<string, unknown>; readonly pairedItem?: unknown };
export type Execution = {
	readonly id: string;
	readonly status: string;
	/** Items of a node's last run, by output. */
	readonly out: (node: string) => StoredItem[][];
	readonly error: string | undefined;
	/** Everything that was stored, as text. */
	readonly raw: string;
};

export type N8nClient = {
	readonly request: (method: string, path: string, body?: unknown) => Promise<unknown>;
	/** Starts a workflow as its "Execute workflow" button does. */
	readonly runWorkflow: (workflowId: string, trigger: string) => Promise<string>;
	readonly execution: (id: string) => Promise<Execution>;
	/** Waits until an execution has one of the given states. */
	readonly untilStatus: (id: string, statuses: readonly string[], timeoutMs: number) => Promise<Execution>;
};

/** Logs in, and again when n8n does not know the login any more. The URL's host must be loopback: the password goes over plain HTTP. */
export async function n8nClient(url: string, owner: Owner): Promise<N8nClient> {
	let cookie = await logIn(url, owner);
	const send = (method: string, path: string, body?: unknown) =>
		fetch(`${url}/rest${path}`, {
			method,
			headers: { cookie, 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
	const request = async (method: string, path: string, body?: unknown): Promise<unknown> => {
		let reply = await send(method, path, body);
		if (reply.status === 401) {
			cookie = await logIn(url, owner);
			reply = await send(method, path, body);
		}
		const text = await reply.text();
		if (!reply.ok) throw new Error(`n8n answered ${reply.status} to ${method} ${path}: ${text.slice(0, 500)}`);
		return text === '' ? undefined : (JSON.parse(text) as { data: unknown }).data;
	};
	const execution = async (id: string) => toExecution((await request('GET', `/executions/${id}`)) as StoredExecution);
	return {
		request,
		execution,
		runWorkflow: async (workflowId, trigger) => {
			const started = (await request('POST', `/workflows/${workflowId}/run`, {
				triggerToStartFrom: { name: trigger },
			})) as { executionId: string };
			return started.executionId;
		},
		untilStatus: (id, statuses, timeoutMs) =>
			waitFor(
				async () => {
					const found = await execution(id);
					return statuses.includes(found.status) ? found : undefined;
				},
				`Execution ${id} as ${statuses.join(' or ')}`,
				timeoutMs,
				500,
			),
	};
}

async function logIn(url: string, { email, password }: Owner): Promise<string> {
	const login = await fetch(`${url}/rest/login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ emailOrLdapLoginId: email, password }),
	});
	if (!login.ok) throw new Error(`n8n refused the login of ${email}: ${login.status} ${await login.text()}`);
	return login.headers
		.getSetCookie()
		.map((entry) => entry.split(';')[0])
		.join('; ');
}

type StoredExecution = { readonly id: string; readonly status: string; readonly data: string };
type RunData = Record<string, { data?: { main?: (StoredItem[] | null)[] } }[]>;

function toExecution({ id, status, data }: StoredExecution): Execution {
	// An execution that has not begun has an empty list.
	const { resultData } = (unflatten(data) ?? { resultData: { runData: {} } }) as {
		resultData: { runData: RunData; error?: { message?: string; description?: string } };
	};
	const last = (node: string) => resultData.runData[node]?.at(-1);
	return {
		id,
		status,
		out: (node) => (last(node)?.data?.main ?? []).map((output) => output ?? []),
		error: resultData.error
			? [resultData.error.message, resultData.error.description].filter(Boolean).join(' ')
			: undefined,
		raw: data,
	};
}

/** n8n stores executions with the `flatted` library: an array whose first entry refers to the others by index, as text. */
function unflatten(text: string): unknown {
	const parts = JSON.parse(text) as unknown[];
	const made = new Map<number, unknown>();
	const at = (index: number): unknown => {
		if (made.has(index)) return made.get(index);
		const part = parts[index];
		if (part === null || typeof part !== 'object') return part;
		const copy: Record<string, unknown> | unknown[] = Array.isArray(part) ? [] : {};
		made.set(index, copy);
		for (const [key, value] of Object.entries(part))
			(copy as Record<string, unknown>)[key] = typeof value === 'string' ? at(Number(value)) : value;
		return copy;
	};
	return at(0);
}
