/** Who may ask: the API key, a service account's tokens, and the organization that a request is for. */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { fault, type Answer, type Call } from './answers.ts';

export type AccessOptions = {
	readonly apiKey: string;
	readonly organizationId: string;
	/** Whether the key's administrator has several organizations and must say which one. */
	readonly multiTenant?: boolean;
	/** Of the service account; without one there is none. */
	readonly clientId?: string;
	readonly clientSecret?: string;
	/** How long a token counts; default 3600, as JumpCloud's command line tool assumes. */
	readonly tokenSeconds?: number;
};

export type Access = {
	/** `POST /oauth2/token`: the client credentials grant of RFC 6749, section 4.4. */
	readonly token: (call: Call, headers: IncomingHttpHeaders) => Answer;
	/** @returns what is answered instead, or undefined when the request may go on */
	readonly refusal: (path: string, headers: IncomingHttpHeaders) => Answer | undefined;
	/** From now on no token counts that was given before. */
	readonly expireTokens: () => void;
};

/** Routes that must not get an organization id. */
const WITHOUT_ORGANIZATION = /^\/api\/(organizations|v2\/providers|v2\/organizations)(\/|$)/;

/** @param now the clock that tokens grow old by */
export function makeAccess(options: AccessOptions, now: () => Date): Access {
	// Hashes, so that nothing here can print a token.
	const tokens = new Map<string, number>();
	const hash = (token: string) => createHash('sha256').update(token).digest('hex');
	const isKnown = (headers: IncomingHttpHeaders) => {
		const key = headers['x-api-key'];
		if (key !== undefined) return key === options.apiKey;
		const [, token = ''] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
		return (tokens.get(hash(token)) ?? 0) > now().getTime();
	};
	return {
		token: (call, headers) => {
			const refused = tokenRefusal(call, headers, options);
			if (refused) return refused;
			const { tokenSeconds = 3600 } = options;
			const token = randomBytes(32).toString('base64url');
			tokens.set(hash(token), now().getTime() + tokenSeconds * 1000);
			return {
				status: 200,
				// RFC 6749 section 5.1.
				headers: { 'cache-control': 'no-store' },
				body: { access_token: token, expires_in: tokenSeconds, scope: 'api', token_type: 'bearer' },
			};
		},
		refusal: (path, headers) =>
			isKnown(headers)
				? organizationRefusal(path, headers, options)
				: fault(401, 'Unauthorized: api key not provided or not valid'),
		expireTokens: () => tokens.clear(),
	};
}

/** In the order in which the published description tells the answers apart. */
function organizationRefusal(
	path: string,
	headers: IncomingHttpHeaders,
	{ organizationId, multiTenant = false }: AccessOptions,
): Answer | undefined {
	const organization = headers['x-org-id'];
	if (WITHOUT_ORGANIZATION.test(path))
		return organization === undefined ? undefined : fault(403, 'Forbidden: x-org-id is not accepted on this route');
	if (organization === undefined)
		return multiTenant ? fault(401, 'Unauthorized: x-org-id is required for multi-tenant administrators') : undefined;
	// Node joins a repeated one by ", "; Directory Insights takes several.
	const asked = path.startsWith('/insights/') ? String(organization).split(', ') : [organization];
	if (!asked.every((one) => typeof one === 'string' && /^[0-9a-f]{24}$/.test(one)))
		return fault(400, 'Bad Request: x-org-id is malformed');
	return asked.every((one) => one === organizationId) ? undefined : fault(404, 'Not Found: unknown organization');
}

/** Errors of RFC 6749, section 5.2. */
function tokenRefusal(
	{ body }: Call,
	headers: IncomingHttpHeaders,
	{ clientId, clientSecret }: AccessOptions,
): Answer | undefined {
	const refused = (status: number, error: string, description: string): Answer => ({
		status,
		body: { error, error_description: description },
		...(status === 401 ? { headers: { 'www-authenticate': 'Basic' } } : {}),
	});
	const [, encoded = ''] = /^Basic +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
	const given = Buffer.from(encoded, 'base64').toString('utf8');
	if (clientId === undefined || clientSecret === undefined || given !== `${clientId}:${clientSecret}`)
		return refused(401, 'invalid_client', 'Client authentication failed');
	if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? ''))
		return refused(400, 'invalid_request', 'The body is not a form');
	const form = new URLSearchParams(body);
	if (form.get('grant_type') !== 'client_credentials')
		return refused(400, 'unsupported_grant_type', 'Only client_credentials is supported');
	return form.get('scope') === 'api' ? undefined : refused(400, 'invalid_scope', 'The scope must be api');
}
