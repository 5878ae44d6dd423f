import fc from 'fast-check';
import { HcmError } from '../../../lib/hcm/errors';
import { addressOf, nextLink, nextRequest, parseLinkHeader } from '../../../lib/hcm/origin';
import type { HttpRequest } from '../../../lib/hcm/types';

const CALL = { endpoint: 'people', page: 3 };
const FROM: HttpRequest = {
	method: 'GET',
	url: 'https://hr.example.com/api/people?active=1',
	query: [['limit', '100']],
	headers: { Accept: 'application/json', Authorization: 'Bearer t0ken', 'X-Api-Key': 'k3y', Cookie: 'a=b' },
	withCredential: true,
};

const next = (link: string, allowed: readonly string[] = [], from = FROM) => nextRequest(from, link, allowed, CALL);

function refused(link: string, allowed: readonly string[] = [], from = FROM): HcmError {
	try {
		next(link, allowed, from);
	} catch (error) {
		if (error instanceof HcmError) return error;
		throw error;
	}
	throw new Error('The link was followed.');
}

describe('the address of a request', () => {
	test.each<[url: string, query: [string, string][], address: string]>([
		['https://h/a', [], 'https://h/a'],
		['https://h/a?', [['b', '1']], 'https://h/a?b=1'],
		['https://h/a?x=1', [['b', '1']], 'https://h/a?x=1&b=1'],
		['https://h/a?x=1&', [['b', '1']], 'https://h/a?x=1&b=1'],
		['https://h/a#frag', [['b', '1']], 'https://h/a?b=1'],
		[
			'https://h/a',
			[
				['f', 'a:$eq:b'],
				['f', 'c'],
			],
			'https://h/a?f=a:$eq:b&f=c',
		],
		[
			'https://h/a',
			[
				['$top', '5'],
				['q', 'a b&c=d+e#f?;'],
			],
			'https://h/a?$top=5&q=a%20b%26c%3Dd%2Be%23f%3F%3B',
		],
		['https://h/a', [['q', '\ud800']], 'https://h/a?q=%EF%BF%BD'],
	])('%s with %j is %s', (url, query, address) => {
		expect(addressOf({ url, query })).toBe(address);
	});

	test('gives every parameter to the server as it was, and stays on its path', () => {
		const pairs = fc.array(fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'binary' })));
		fc.assert(
			fc.property(pairs, (query) => {
				const url = new URL(addressOf({ url: 'https://h/a/b', query }));
				expect(url.origin + url.pathname).toBe('https://h/a/b');
				expect(url.hash).toBe('');
				expect([...url.searchParams]).toEqual(
					query.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]),
				);
			}),
		);
	});
});

describe('a next link', () => {
	test.each<[link: string, url: string]>([
		['https://hr.example.com/api/people?cursor=a%2Bb', 'https://hr.example.com/api/people?cursor=a%2Bb'],
		['HTTPS://HR.EXAMPLE.COM:443/x', 'https://hr.example.com/x'],
		['/api/people?page=2', 'https://hr.example.com/api/people?page=2'],
		['people?page=2', 'https://hr.example.com/api/people?page=2'],
		['?page=2', 'https://hr.example.com/api/people?page=2'],
		[' ?page=2#top ', 'https://hr.example.com/api/people?page=2'],
	])('%s leads to %s with credential, headers and no query of ours', (link, url) => {
		expect(next(link)).toEqual({ ...FROM, url, query: [] });
	});

	test('keeps method and body on its own origin', () => {
		const from: HttpRequest = { ...FROM, method: 'POST', body: { text: '{}', contentType: 'application/json' } };
		expect(next('?page=2', [], from)).toMatchObject({ method: 'POST', body: from.body, withCredential: true });
	});

	test.each([
		'https://evil.example.net/api/people',
		'https://hr.example.com.evil.net/',
		'https://hr.example.com:8443/',
		'https://sub.hr.example.com/',
		'http://hr.example.com/api/people',
		'//evil.example.net/x',
		'\\\\evil.example.net/x',
	])('to another origin is refused by name: %s', (link) => {
		const error = refused(link);
		expect(error.message).toContain('Endpoint "people", page 3: the next link leads to another server, ');
		expect(error).toMatchObject({ endpoint: 'people', page: 3, passing: false });
		expect(error.whatToDo).toContain('Allowed Hosts');
	});

	test.each(['https://user:pa55@hr.example.com/x', 'https://user@hr.example.com/x', '//:pa55@hr.example.com/'])(
		'with a user name or a password is refused, and it is not shown: %s',
		(link) => {
			const error = refused(link, ['hr.example.com']);
			expect(error.message).toContain('user name or a password');
			expect(error.message).not.toContain('pa55');
		},
	);

	test.each(['javascript:alert(1)', 'file:///etc/passwd', 'data:text/plain,x', 'https://', 'http://[::'])(
		'that is no address of the web is refused: %s',
		(link) => {
			expect(refused(link, ['']).message).toContain('no address of the web');
		},
	);

	test.each<[link: string, allowed: string]>([
		['https://files.example.net/p2', 'files.example.net'],
		['https://files.example.net/p2', ' FILES.example.NET '],
		['https://files.example.net/p2', 'files.example.net:443'],
		['https://files.example.net:8443/p2', 'files.example.net:8443'],
		['http://hr.example.com/p2', 'hr.example.com:80'],
	])('to %s goes to the allowed host %j without credential and with no header but Accept', (link, allowed) => {
		expect(next(link, ['other.example.org', allowed])).toEqual({
			method: 'GET',
			url: link,
			query: [],
			headers: { Accept: 'application/json' },
			withCredential: false,
		});
	});

	test.each<[link: string, allowed: string]>([
		['https://files.example.net:8443/p2', 'files.example.net'],
		['https://files.example.net/p2', 'example.net'],
		['https://files.example.net/p2', 'files.example.net:80'],
		['https://files.example.net/p2', '*'],
		['https://files.example.net/p2', ''],
		// A step down to plain http must be named with its port.
		['http://hr.example.com/p2', 'hr.example.com'],
	])('to %s is refused though %j is allowed', (link, allowed) => {
		expect(refused(link, [allowed]).message).toContain('another server');
	});

	test('back from the other server to the first one is another origin again', () => {
		const away = next('https://files.example.net/p2', ['files.example.net']);
		expect(refused('https://hr.example.com/p3', ['files.example.net'], away).message).toContain('another server');
		expect(next('/p3', ['files.example.net'], away).withCredential).toBe(false);
	});

	test('to another server is refused for a call that has a body', () => {
		const error = refused('https://files.example.net/', ['files.example.net'], { ...FROM, method: 'POST' });
		expect(error.message).toContain('called by POST');
	});

	test('never takes a credential to another origin, whatever it says', () => {
		const link = fc.oneof(
			fc.webUrl(),
			fc.string(),
			fc.tuple(fc.constantFrom('//', '\\\\', '/\\', 'http:', 'https:/'), fc.domain()).map((parts) => parts.join('')),
		);
		fc.assert(
			fc.property(link, fc.array(fc.domain(), { maxLength: 2 }), (text, allowed) => {
				let request: HttpRequest;
				try {
					request = next(text, allowed);
				} catch (error) {
					expect(error).toBeInstanceOf(HcmError);
					return;
				}
				const same = new URL(request.url).origin === 'https://hr.example.com';
				expect(request.withCredential).toBe(same);
				expect(Object.keys(request.headers)).toEqual(same ? Object.keys(FROM.headers) : ['Accept']);
			}),
		);
	});
});

describe('the header Link', () => {
	test.each<[header: string, links: [rel: string, url: string][]]>([
		['', []],
		['<https://h/2>; rel="next"', [['next', 'https://h/2']]],
		['<https://h/2>; rel=next', [['next', 'https://h/2']]],
		[
			'<https://h/2>;rel=NEXT , <https://h/9>; rel="last"',
			[
				['next', 'https://h/2'],
				['last', 'https://h/9'],
			],
		],
		['<https://h/?a=1,2;b>; title="a, b; rel=x"; rel="next"', [['next', 'https://h/?a=1,2;b']]],
		[
			'<https://h/2>; rel="prev next"',
			[
				['prev', 'https://h/2'],
				['next', 'https://h/2'],
			],
		],
		['<https://h/2>; title="say \\"next\\""; rel="next"', [['next', 'https://h/2']]],
		['</a>; rel = "next" ; x', [['next', '/a']]],
		['<>; rel="self"', [['self', '']]],
		[', ,<a>; rel=next,,', [['next', 'a']]],
		['<a>; rel="first"; rel="next"', [['first', 'a']]],
		['<a>; rel="next"; anchor="#x"', []],
		['<a>', []],
		['<a>; relation="next"', []],
		['https://h/2; rel="next"', []],
		['<https://h/2; rel="next"', []],
		['<a>; rel="next', [['next', 'a']]],
		['<a>; rel=first, garbage, <b>; rel=next', [['first', 'a']]],
	])('%s holds %j', (header, links) => {
		expect(parseLinkHeader(header)).toEqual(links.map(([rel, url]) => ({ rel, url })));
	});

	test('names the next page, wherever it stands', () => {
		expect(nextLink({ link: '<https://h/1>; rel="self", <https://h/2>; rel="next"' })).toBe('https://h/2');
		expect(nextLink({ link: '<https://h/1>; rel="self"' })).toBeUndefined();
		expect(nextLink({})).toBeUndefined();
	});

	test('gives back every link that was written by the rules', () => {
		const url = fc.stringMatching(/^[A-Za-z0-9/?&=,;:"%.-]{1,40}$/);
		const rel = fc.stringMatching(/^[a-z][a-z0-9.-]{0,10}$/);
		const title = fc.string({ maxLength: 20 }).map((text) => text.replace(/["\\]/g, '\\$&'));
		fc.assert(
			fc.property(fc.array(fc.record({ url, rel, title }), { maxLength: 5 }), (links) => {
				const header = links.map((link) => `<${link.url}>; title="${link.title}"; rel="${link.rel}"`).join(', ');
				expect(parseLinkHeader(header)).toEqual(links.map((link) => ({ rel: link.rel, url: link.url })));
			}),
		);
	});

	test('that nobody can read makes no error and no endless walk', () => {
		fc.assert(
			fc.property(fc.string(), fc.stringMatching(/^[<>;,="\\ a-z]{0,60}$/), (left, right) => {
				expect(Array.isArray(parseLinkHeader(left))).toBe(true);
				expect(Array.isArray(parseLinkHeader(right))).toBe(true);
			}),
		);
	});
});
