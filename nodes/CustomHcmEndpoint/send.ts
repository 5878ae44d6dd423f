/** n8n's request helper as the engine's `send`. The credential goes to its own origin and nowhere else. */
import { NodeOperationError, type IExecuteFunctions, type IHttpRequestOptions } from 'n8n-workflow';
import type { HttpReply, HttpRequest, Send } from '../../lib/hcm/types';

const JUMPCLOUD_HOSTS: Readonly<Record<string, string>> = {
	us: 'https://console.jumpcloud.com',
	eu: 'https://console.eu.jumpcloud.com',
	in: 'https://console.in.jumpcloud.com',
};

/** n8n's full response, as far as it is used. */
type FullResponse = {
	readonly statusCode: number;
	readonly headers: Readonly<Record<string, unknown>>;
	readonly body: unknown;
};

/**
 * @param authentication none or jumpCloud
 * @throws NodeOperationError for a URL that is none, or leads away from the credential's origin
 */
export async function makeSend(
	context: IExecuteFunctions,
	item: number,
	authentication: string,
	url: string,
	timeoutMs: number,
): Promise<{ send: Send; url: string }> {
	const jumpCloud = authentication === 'jumpCloud';
	const base = jumpCloud ? await jumpCloudBase(context, item) : undefined;
	const target = absolute(context, item, url, base);
	const send: Send = async (request, signal) => {
		const options = toOptions(request, timeoutMs, signal);
		const response = (await (jumpCloud
			? context.helpers.httpRequestWithAuthentication.call(context, 'jumpCloudApi', options)
			: context.helpers.httpRequest(options))) as FullResponse;
		return toReply(response);
	};
	return { send, url: target };
}

async function jumpCloudBase(context: IExecuteFunctions, item: number): Promise<string> {
	const { region, customUrl } = await context.getCredentials<{ region?: string; customUrl?: string }>(
		'jumpCloudApi',
		item,
	);
	return JUMPCLOUD_HOSTS[region ?? 'us'] ?? (customUrl ?? '').replace(/\/+$/, '');
}

function absolute(context: IExecuteFunctions, item: number, url: string, base: string | undefined): string {
	let target: URL;
	try {
		target = base === undefined ? new URL(url) : new URL(url, base);
	} catch {
		throw new NodeOperationError(context.getNode(), `'URL' of the endpoint is no address: "${url}" [Item ${item}]`, {
			description:
				base === undefined
					? 'Enter a whole address, such as https://hr.example.com/api/employees.'
					: 'Enter a path such as /api/systemusers, and check the URL in the credential.',
			itemIndex: item,
		});
	}
	if (base !== undefined && target.origin !== new URL(base).origin) {
		throw new NodeOperationError(
			context.getNode(),
			`The credential is for ${new URL(base).origin}, and the endpoint is on ${target.origin} [Item ${item}]`,
			{
				description: 'The key is sent to its own server only. Enter a path as URL, or choose Authentication: None.',
				itemIndex: item,
			},
		);
	}
	if (target.protocol !== 'https:' && target.protocol !== 'http:') {
		throw new NodeOperationError(context.getNode(), `'URL' of the endpoint must begin with https:// [Item ${item}]`, {
			itemIndex: item,
		});
	}
	return target.href;
}

function toOptions(
	{ method, url, query, headers }: HttpRequest,
	timeoutMs: number,
	signal: AbortSignal | undefined,
): IHttpRequestOptions {
	return {
		method,
		url,
		qs: { ...query },
		headers: { accept: 'application/json', ...headers },
		encoding: 'text',
		json: false,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		timeout: timeoutMs,
		...(signal ? { abortSignal: signal } : {}),
	};
}

function toReply({ statusCode, headers, body }: FullResponse): HttpReply {
	return {
		status: statusCode,
		headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
		body: typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body),
	};
}
