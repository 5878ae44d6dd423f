/** Operation Send Record: one call for each input item. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { CancelledError, HcmError } from '../../lib/hcm/errors';
import { paced } from '../../lib/hcm/pace';
import { sendRecord, type SendSettings } from '../../lib/hcm/sendRecord';
import type { FeedDependencies } from '../../lib/hcm/types';
import { wait } from '../../lib/wait';
import { openConnection, type Connection } from './connection';
import { textOf, toRequest, type RequestValues } from './endpoints';
import { toNodeError } from './nodeErrors';

type Options = {
	readonly delay?: number;
	readonly maxReplySize?: number;
	readonly retries?: number;
	readonly retryUnsafe?: boolean;
	readonly timeout?: number;
};

type Call = Pick<SendSettings, 'name' | 'request' | 'merge'> & { readonly record: unknown };

/** @returns Sent, Failed */
export async function sendRecords(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const sent: INodeExecutionData[] = [];
	const failed: INodeExecutionData[] = [];
	if (context.getInputData().length === 0) return [sent, failed];
	const options = context.getNodeParameter('options', 0, {}) as Options;
	const connection = await connect(context, options);
	try {
		const dependencies = dependenciesOf(context, connection, options.delay ?? 0);
		for (let item = 0; item < context.getInputData().length; item += 1) {
			const input = context.getInputData()[item]?.json ?? {};
			try {
				const { record, ...call } = callOf(context, item, connection);
				const result = await sendRecord(
					{
						...call,
						format: 'auto',
						retries: options.retries ?? 4,
						retryUnsafe: options.retryUnsafe ?? false,
						variables: { preset: {}, credential: connection.variables },
						secrets: connection.secrets,
					},
					record,
					dependencies,
				);
				sent.push({ json: { ...input, sent: result }, pairedItem: { item } });
			} catch (error) {
				const fault = toNodeError(context, error, item);
				// A stopped run stops here. What one person's data or one call did wrong stays with that person.
				if (error instanceof CancelledError) throw fault;
				failed.push({ json: { ...input, failure: failureOf(error, fault) }, pairedItem: { item } });
			}
		}
	} finally {
		await connection.close();
	}
	return [sent, failed];
}

async function connect(context: IExecuteFunctions, { timeout = 60, maxReplySize = 50 }: Options): Promise<Connection> {
	try {
		return await openConnection(context, 0, {
			authentication: context.getNodeParameter('authentication', 0) as string,
			timeoutMs: timeout * 1000,
			maxReplyBytes: maxReplySize * 1_000_000,
		});
	} catch (error) {
		throw toNodeError(context, error, 0);
	}
}

function dependenciesOf(context: IExecuteFunctions, { send }: Connection, delayMs: number): FeedDependencies {
	const signal = context.getExecutionCancelSignal();
	const dependencies: FeedDependencies = {
		send,
		clock: () => Date.now(),
		sleep: wait,
		random: () => Math.random(),
		...(signal ? { signal } : {}),
	};
	return { ...dependencies, send: paced(dependencies, delayMs) };
}

function failureOf(
	error: unknown,
	{ message, description }: { readonly message: string; readonly description?: string | null | undefined },
): IDataObject {
	return { message, whatToDo: description ?? '', status: error instanceof HcmError ? (error.status ?? null) : null };
}

function callOf(context: IExecuteFunctions, item: number, connection: Connection): Call {
	const action = context.getNodeParameter('action', item) as string;
	if (action === 'custom') {
		const request = toRequest(requestValues(context, item));
		return {
			name: 'Send Record',
			request: { ...request, url: connection.absolute(request.url) },
			record: context.getInputData()[item]?.json ?? {},
		};
	}
	const body = (value: unknown) => ({
		method: 'PUT' as const,
		url: connection.absolute('/api/systemusers/{userId}'),
		query: [],
		headers: [],
		body: { type: 'json' as const, value },
	});
	const record = { userId: textOf(context.getNodeParameter('userId', item)).trim() };
	if (action === 'jumpCloudSetAttribute') {
		const name = textOf(context.getNodeParameter('attributeName', item)).trim();
		const value = textOf(context.getNodeParameter('attributeValue', item, ''));
		if (name === '')
			throw new HcmError("'Attribute Name' is empty.", {
				endpoint: '',
				page: 0,
				whatToDo: 'Enter the name of the attribute.',
			});
		const merge = {
			list: 'attributes',
			nameField: 'name',
			valueField: 'value',
			name,
			value: value === '' ? null : value,
		};
		return { name: 'Set Attribute', request: body({}), record, merge };
	}
	const suspend = action === 'jumpCloudSuspendUser';
	// Both fields, as JumpCloud's own PowerShell module sends them: they must not contradict each other.
	const state = { state: suspend ? 'SUSPENDED' : 'ACTIVATED', suspended: suspend };
	return { name: suspend ? 'Suspend User' : 'Activate User', request: body(state), record };
}

function requestValues(context: IExecuteFunctions, item: number): RequestValues {
	const parameter = <T>(name: string, fallback: T): T => context.getNodeParameter(name, item, fallback) as T;
	return {
		name: 'Send Record',
		method: parameter('method', 'POST'),
		url: parameter('url', ''),
		query: parameter('query', {}),
		headers: parameter('headers', {}),
		bodyType: parameter('bodyType', 'none'),
		jsonBody: parameter('jsonBody', '{}'),
		formBody: parameter('formBody', {}),
		textBody: parameter('textBody', ''),
		textContentType: parameter('textContentType', 'text/plain'),
	};
}
