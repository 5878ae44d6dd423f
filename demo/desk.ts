/**
 * Answering a waiting plan without the desk's pages: a token signed with the secret of the demo's JWT credential, posted to the waiting
 * run. Independent of the package: the desk's own workflow signs with n8n's JWT node.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the desk says in its token. */
export type Answer = {
	readonly planId: string;
	readonly level: string;
	readonly approverId: string;
	/** E-mail address. */
	readonly approver: string;
	readonly approverName: string;
	readonly decision: string;
	/** Ids of changes. */
	readonly leftOut: readonly string[];
	readonly overLimit: boolean;
	readonly comment: string;
	/** Hash of what the desk's page shows: `shownIn`. */
	readonly shown: string;
};
export type Claims = Answer & { readonly jti: string; readonly iat: number; readonly exp: number };
export type Reply = { readonly status: number; readonly body: unknown };

/** How long a token counts, in seconds. */
const TOKEN_SECONDS = 60;
const TRIES = 15;
const BETWEEN_MS = 1000;

/** What the page is made of, as the table of waiting plans has it; the run compares it with its own. */
export function shownIn(row: Readonly<Record<string, unknown>>): string {
	const parts = ['digestHtml', 'digestCss', 'changes', 'firstAnswer'].map((column) => {
		const part = row[column];
		return typeof part === 'string' ? part.toWellFormed() : '';
	});
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** An answer with what makes it a token of this moment. */
export function claimsOf(answer: Answer): Claims {
	const iat = Math.floor(Date.now() / 1000);
	return { ...answer, jti: randomUUID(), iat, exp: iat + TOKEN_SECONDS };
}

/** A JSON Web Token, HS256 (RFC 7515). */
export function signToken(secret: string, claims: object): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
	return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Posts JSON to a waiting run, once. */
export async function postOnce(
	url: string,
	body: unknown,
	headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
	const reply = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});
	const text = await reply.text();
	try {
		return { status: reply.status, body: JSON.parse(text) as unknown };
	} catch {
		return { status: reply.status, body: text };
	}
}

/** Posts until the run listens: while it judges another answer, n8n says 409. */
export async function postToRun(
	url: string,
	body: unknown,
	headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
	for (let tries = 1; ; tries += 1) {
		const reply = await postOnce(url, body, headers);
		if (reply.status !== 409 || tries >= TRIES) return reply;
		await sleep(BETWEEN_MS);
	}
}

/** Signs an answer and posts it. */
export async function answerPlan(resumeUrl: string, secret: string, answer: Answer): Promise<Reply> {
	return await postToRun(resumeUrl, { token: signToken(secret, claimsOf(answer)) });
}
