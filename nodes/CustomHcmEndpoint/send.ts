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
 * @returns the function that sends, the absolute URL, and what must stand in no message
 * @throws NodeOperationError for a URL that is none, or leads away from the credential's origin
 */
export async function makeSend(
	context: IExecuteFunctions,
	item: number,
	authentication: string,
	url: string,
	timeoutMs: number,
): Promise<{ send: Send; url: string; secrets: readonly string[] }> {
	const jumpCloud = authentication === 'jumpCloud';
	const credential = jumpCloud ? await jumpCloudCredential(context, item) : undefined;
	const target = absolute(context, item, url.trim(), credential?.base);
	const send: Send = async (request, signal) => {
		const options = toOptions(request, timeoutMs, signal);
		const response = (await (jumpCloud
			? context.helpers.httpRequestWithAuthentication.call(context, 'jumpCloudApi', options)
			: context.helpers.httpRequest(options))) as FullResponse;
		return toReply(response);
	};
	return { send, url: target, secrets: credential ? [credential.apiKey] : [] };
}

async function jumpCloudCredential(
	context: IExecuteFunctions,
	item: number,
): Promise<{ base: string; apiKey: string }> {
	const { region, customUrl, apiKey } = await context.getCredentials<{
		region?: string;
		customUrl?: string;
		apiKey?: string;
	}>('jumpCloudApi', item);
	return {
		base: JUMPCLOUD_HOSTS[region ?? 'us'] ?? (customUrl ?? '').trim().replace(/\/+$/, ''),
		apiKey: (apiKey ?? '').trim(),
	};
}

/** @param base address of the credential; a path is taken below it, and a whole address must be on its origin */
function absolute(context: IExecuteFunctions, item: number, url: string, base: string | undefined): string {
	const refuse = (message: string, description: string) =>
		new NodeOperationError(context.getNode(), `${message} [Item ${item}]`, { description, itemIndex: item });
	const whole = base === undefined || /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `${base}/${url.replace(/^\/+/, '')}`;
	const target = URL.parse(whole);
	if (!target) {
		throw refuse(
			`'URL' of the endpoint is no address: "${url}"`,
			base === undefined
				? 'Enter a whole address, such as https://hr.example.com/api/employees.'
				: 'Enter a path such as /api/systemusers, and check the URL in the credential.',
		);
	}
	if (target.protocol !== 'https:' && target.protocol !== 'http:')
		throw refuse("'URL' of the endpoint must begin with https://", 'Enter an address of the web.');
	const own = base === undefined ? target : URL.parse(base);
	if (target.origin !== own?.origin) {
		throw refuse(
			`The credential is for ${own?.origin ?? 'no address'}, and the endpoint is on ${target.origin}`,
			'The key is sent to its own server only. Enter a path as URL, or choose Authentication: None.',
		);
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
