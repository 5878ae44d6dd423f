/** Whether a credential does what it is for, in words that say what was proven. */
import { compilePath } from '../json/path';
import { authenticated, type Authentication } from './authentication/authentication';
import { networkFault } from './networkErrors';
import { serverWords } from './serverWords';
import { toCount } from './stops';
import type { HttpReply, HttpRequest, Send } from './types';

export type TestResult = { readonly ok: boolean; readonly message: string };

const get = (url: string): HttpRequest => ({
	method: 'GET',
	url,
	query: [],
	headers: { accept: 'application/json, */*;q=0.5' },
	withCredential: true,
});

const NO_ADDRESS = 'The URL of the credential is no address of the web. Write it like https://hr.example.com.';

const failed = (message: string): TestResult => ({ ok: false, message });

const JUMPCLOUD: Readonly<Record<'key' | 'account', { name: string; refused: string; forbidden: string }>> = {
	key: {
		name: 'this key',
		refused:
			'JumpCloud does not accept the key. It may be mistyped, expired or replaced, belong to another region, or need the organization ID.',
		forbidden: 'The key is accepted, but its administrator may not read people.',
	},
	account: {
		name: 'this service account',
		refused:
			"JumpCloud gave a token, but does not accept it. The region may be another one than that of the service account's Token URL.",
		forbidden: 'The service account is accepted, but its role may not read people.',
	},
};

/**
 * One person is read, which proves address, key, organisation and the right to read people at once.
 * @param as what the credential is, for its words
 * @returns ok only where JumpCloud told how many people there are
 */
export async function testJumpCloud(
	send: Send,
	means: Authentication,
	as: 'key' | 'account' = 'key',
): Promise<TestResult> {
	const { name, refused, forbidden } = JUMPCLOUD[as];
	if (means.base === null || means.base === '') return failed('Enter the URL of the console, or choose a region.');
	if (means.origins?.length === 0) return failed(NO_ADDRESS);
	const reply = await call(send, means, `${means.base}/api/systemusers?limit=1`);
	if ('message' in reply) return reply;
	const why: Readonly<Record<number, string>> = {
		400: 'The organization ID is not one: it has 24 characters. Correct it, or leave it empty.',
		401: refused,
		403: forbidden,
		404: 'JumpCloud does not know this organization. Correct the organization ID or the region.',
	};
	if (reply.status < 200 || reply.status > 299)
		return failed(`${why[reply.status] ?? 'JumpCloud does not answer as expected.'} ${said(reply, means)}`.trim());
	const total = toCount(totalOf(reply));
	if (total === null) return failed(`${means.base} answers, but not like JumpCloud. Check region and URL.`);
	return { ok: true, message: `Connected: ${name} may read ${total} ${total === 1 ? 'person' : 'people'}.` };
}

/**
 * Reads one path with the credential.
 * @param path below the credential's address, or a whole one; '' = nothing is read: a log-in is made where there is one
 */
export async function testConnection(send: Send, means: Authentication, path: string): Promise<TestResult> {
	if (means.origins?.length === 0) return failed(NO_ADDRESS);
	const whole = /^[a-z][a-z0-9+.-]*:/i.test(path);
	if (path !== '' && !whole && means.base === null) return failed("Enter the Base URL: 'Test Path' is taken below it.");
	if (path === '') return await testWithoutPath(send, means);
	const reply = await call(send, means, whole ? path : `${means.base ?? ''}/${path.replace(/^\/+/, '')}`);
	if ('message' in reply) return reply;
	if (reply.status >= 200 && reply.status <= 299) {
		if (/^\s*<(!doctype html|html)/i.test(reply.body.slice(0, 200)))
			return failed(
				'The server sent a web page instead of data. Usually this is a login page: check Base URL and Test Path.',
			);
		return { ok: true, message: `Connected: "${path}" answers with HTTP ${reply.status}.` };
	}
	const why: Readonly<Record<number, string>> = {
		401: 'The server does not accept the credential.',
		403: 'The credential is accepted, but may not read this.',
		404: 'There is nothing at this address. Check Base URL and Test Path.',
	};
	return failed(`${why[reply.status] ?? `The server answers with HTTP ${reply.status}.`} ${said(reply, means)}`.trim());
}

/** What can be said without a path: that the log-in gives a token, or that the address answers. */
async function testWithoutPath(send: Send, means: Authentication): Promise<TestResult> {
	const proven = 'Enter a Test Path to prove that the credential is accepted.';
	const before = means.secrets().length;
	try {
		await means.apply(get(`${means.base ?? 'https://example.invalid'}/`), undefined);
	} catch (error) {
		return faulty(error);
	}
	if (means.secrets().length > before) return { ok: true, message: `The log-in gave a token. ${proven}` };
	// n8n writes "Connection tested successfully" over whatever is said with an OK, so there is none where nothing was called.
	if (means.base === null)
		return failed(
			'Nothing was tested, because there is no address to call. The credential can be saved and used; enter a Base URL and a Test Path to test it.',
		);
	const reply = await call(send, means, `${means.base}/`);
	if ('message' in reply) return reply;
	if (reply.status === 401)
		return failed(
			`The server answers, but refuses this at its own address: either the credential, or whatever is not below a path. ${proven} ${said(reply, means)}`,
		);
	return { ok: true, message: `The server answers (HTTP ${reply.status}). ${proven}` };
}

async function call(send: Send, means: Authentication, url: string): Promise<HttpReply | TestResult> {
	try {
		return await authenticated(send, means)(get(url), undefined);
	} catch (error) {
		return faulty(error);
	}
}

function faulty(error: unknown): TestResult {
	const { reason, whatToDo } = networkFault(error);
	return failed(`${reason.charAt(0).toUpperCase()}${reason.slice(1)}. ${whatToDo}`);
}

function said(reply: HttpReply, means: Authentication): string {
	const words = serverWords(reply, means.secrets());
	return words === '' ? `(HTTP ${reply.status})` : `(HTTP ${reply.status}: ${words})`;
}

const totalPath = compilePath('totalCount');

function totalOf({ body }: HttpReply): unknown {
	try {
		return totalPath(JSON.parse(body));
	} catch {
		return undefined;
	}
}
