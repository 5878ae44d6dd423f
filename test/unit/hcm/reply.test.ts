import fc from 'fast-check';
import { HcmError } from '../../../lib/hcm/errors';
import { parseReply } from '../../../lib/hcm/reply';
import type { ReplyFormat } from '../../../lib/hcm/types';

const CALL = { endpoint: 'people', page: 3 };
const NOW = Date.UTC(2026, 2, 1, 8, 0, 0);
const parse = (body: string, status = 200, headers: Record<string, string> = {}, format: ReplyFormat = 'auto') =>
	parseReply({ status, headers, body }, CALL, { format, now: NOW, secrets: ['s3cr3t-key'] });

function refused(...reply: Parameters<typeof parse>): HcmError {
	try {
		parse(...reply);
	} catch (error) {
		if (error instanceof HcmError) return error;
		throw error;
	}
	throw new Error('The reply was taken.');
}

describe('a reply', () => {
	test.each<[body: string, value: unknown]>([
		['{"a": [1, "x", null, true]}', { a: [1, 'x', null, true] }],
		['[]', []],
		['\ufeff{"a":1}', { a: 1 }],
		[' \r\n[1]\n', [1]],
		['"text"', 'text'],
		['0', 0],
		['null', null],
		['', undefined],
		[' \n', undefined],
		['\ufeff', undefined],
		['<a>1</a>', { a: '1' }],
	])('with the body %j is read as %j', (body, value) => {
		expect(parse(body)).toEqual(value);
	});

	test.each([200, 201, 206, 299])('of status %i is read', (status) => {
		expect(parse('[1]', status)).toEqual([1]);
	});

	test('of status 204 has nothing, whatever its body', () => {
		expect(parse('[1]', 204)).toBeUndefined();
	});

	test('is read as its label says, and as the builder says before that', () => {
		expect(parse('a\n1', 200, { 'content-type': 'text/csv' })).toEqual([{ a: '1' }]);
		expect(parse('a\n1', 200, { 'content-type': 'text/plain' }, 'csv')).toEqual([{ a: '1' }]);
		// The last cell of the last row is empty.
		expect(parse('a\tb\n1\t', 200, {}, 'csv')).toEqual([{ a: '1', b: '' }]);
	});

	test.each<[body: string, words: string, passing: boolean]>([
		['<!DOCTYPE html><p>Hello</p>', 'a web page instead of data. It begins: "<!DOCTYPE html>', false],
		['<html><title>Sign in</title>', 'a login page', false],
		['Unauthorized', 'the reply is no JSON. It begins: "Unauthorized"', false],
		['{"a": 1}}', 'the reply is no JSON', false],
		['{"results": [{"id": 1}, {"i', 'the reply ends in the middle.', true],
		['[1, 2', 'the reply ends in the middle.', true],
		['<a><b>1</b>', 'the reply ends in the middle.', true],
	])('with the body %j is refused: %s, passing: %s', (body, words, passing) => {
		const error = refused(body);
		expect(error.message).toContain('Endpoint "people", page 3: ');
		expect(error.message).toContain(words);
		expect(error).toMatchObject({ passing, status: 200, endpoint: 'people', page: 3 });
		expect(error.whatToDo).toMatch(/\.$/);
	});
});

describe('a refused call', () => {
	test.each([
		[301, false, 'redirects'],
		[302, false, 'redirects'],
		[400, false, 'does not accept the request'],
		[401, false, 'does not accept the credential'],
		[403, false, 'may not read this'],
		[404, false, 'nothing at this address'],
		[405, false, 'does not take this method'],
		[406, false, 'cannot answer in the format'],
		[407, false, 'the proxy asks for a login'],
		[408, true, 'did not get the request in time'],
		[409, false, 'does not accept the request'],
		[410, false, 'is gone'],
		[415, false, 'format of the body'],
		[422, false, 'the values of the request'],
		[425, true, 'does not accept the request'],
		[429, true, 'called too often'],
		[500, true, 'a fault of its own'],
		[501, false, 'a fault of its own'],
		[502, true, 'a gateway before the server has a fault'],
		[503, true, 'not available at the moment'],
		[504, true, 'waited too long'],
		[199, false, 'does not accept the request'],
	])('of status %i may pass: %s, and says: %s', (status, passing, words) => {
		const error = refused('', status);
		expect(error).toMatchObject({ status, passing, endpoint: 'people', page: 3, retryAfterMs: undefined });
		expect(error.message).toContain(words);
		expect(error.message).toContain(`(HTTP ${status}).`);
		expect(error.whatToDo).toMatch(/\.$/);
	});

	test.each<[location: string | undefined, words: string]>([
		['https://login.example.com/sso?token=abc#d', 'redirects to https://login.example.com (HTTP 302)'],
		['/login?token=abc', 'redirects to another address of its own (HTTP 302)'],
		['javascript:alert("abc")', 'redirects to another address of its own (HTTP 302)'],
		[undefined, 'redirects to another address (HTTP 302)'],
	])('that redirects to %j shows the origin only', (location, words) => {
		const { message } = refused('', 302, location === undefined ? {} : { location });
		expect(message).toContain(words);
		expect(message).not.toContain('abc');
	});

	test.each<[body: string, said: string]>([
		['{"message": "Unknown\\n key"}', 'It says: "Unknown key"'],
		['{"error": "no"}', 'It says: "no"'],
		['{"error": "invalid_client", "error_description": "Bad id."}', 'It says: "invalid_client: Bad id."'],
		['{"error": {"code": "X", "message": {"lang": "en", "value": "Wrong filter"}}}', 'It says: "Wrong filter"'],
		['{"errors": [{"detail": "limit is too high"}]}', 'It says: "limit is too high"'],
		['{"errors": ["a", "b"]}', 'It says: "a"'],
		['{"schemas": [], "detail": "Bad filter", "status": "400"}', 'It says: "Bad filter"'],
		['{"type": "about:blank", "title": "Forbidden"}', 'It says: "Forbidden"'],
		['{"errorCode": "E0000011", "errorSummary": "Invalid token"}', 'It says: "Invalid token"'],
		['{"response": {"errors": {"code": 7073, "message": "Permission denied"}}}', 'It says: "Permission denied"'],
		['"words"', 'It says: "words"'],
		['{"message": 5}', 'It says: "{"message": 5}"'],
		['{"message": " ", "detail": "x"}', 'It says: "x"'],
		['plain words\u0000', 'It says: "plain words"'],
		['<s:Envelope><s:Body><s:Fault><faultstring xml:lang="en">Too &lt;many&gt;</faultstring>', 'It says: "Too <many>"'],
		['<env:Fault><env:Reason><env:Text xml:lang="en">Busy</env:Text></env:Reason>', 'It says: "Busy"'],
		['<html><head><title>Bad Gateway &amp; co</title></head><body>x', 'It says: "Bad Gateway & co"'],
		['<html><script>var a = "<b>";</script><h1>Sorry</h1><p>later</p>', 'It says: "Sorry later"'],
		['  ', '(HTTP 400).'],
		['<html><script>', '(HTTP 400).'],
	])('shows what the server says in %j', (body, said) => {
		expect(refused(body, 400).message).toContain(said);
	});

	test("shows BambooHR's header before anything else", () => {
		expect(refused('<p>x</p>', 400, { 'x-bamboohr-error-message': 'No such field s3cr3t-key' }).message).toContain(
			'It says: "No such field ***"',
		);
	});

	test('never shows more than 500 characters of it, and no control characters', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, asJson) => {
				const body = asJson ? JSON.stringify({ message: text.repeat(100) }) : text.repeat(100);
				const { message } = refused(body, 500);
				expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
				expect(message.length).toBeLessThan(700);
			}),
		);
	});

	test('is put into words fast, whatever markup the server sends', () => {
		for (const piece of ['<script', '<', '<title', '<!--', '<style>', '&', '<faultstring ', '<Text '])
			expect(refused(`<${piece.repeat(200_000)}`, 500).message.length).toBeLessThan(700);
	});

	test.each([
		[401, 'no such key: s3cr3t-key'],
		[401, '{"message": "key s3cr3t-key"}'],
		[403, '{"error": "key s3cr3t-key"}'],
		[500, `${'x'.repeat(495)}s3cr3t-key`],
		[200, '<html>s3cr3t-key</html>'],
		[200, 'key s3cr3t-key'],
		[400, '<p>s3cr3t-key</p>'],
	])('of status %i shows no secret that the server repeats in %j', (status, body) => {
		const { message } = refused(body, status);
		expect(message).not.toContain('s3c');
		expect(message).toContain('***');
	});

	test('shows no half of a secret where a long body is cut', () => {
		const fill = fc.integer({ min: 29_950, max: 30_100 });
		fc.assert(
			fc.property(fill, (length) => {
				// Spaces are made one, so that the cut stands among what is shown.
				const { message } = refused(`a${' '.repeat(length)}s3cr3t-key${' '.repeat(100)}`, 500);
				expect(message).not.toContain('s3c');
			}),
		);
	});

	test('carries how long the server asks to wait', () => {
		expect(refused('', 429, { 'retry-after': '7' }).retryAfterMs).toBe(7000);
		expect(refused('', 429, { 'x-ratelimit-reset': '7' }).retryAfterMs).toBe(7000);
	});

	test('of status 403 may pass when it says that no call remains', () => {
		const error = refused('', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 9) });
		expect(error).toMatchObject({ passing: true, retryAfterMs: 9000 });
	});
});
