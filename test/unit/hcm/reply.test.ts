import fc from 'fast-check';
import { HcmError } from '../../../lib/hcm/errors';
import { parseReply, retryAfter } from '../../../lib/hcm/reply';

const CALL = { endpoint: 'people', page: 3 };
const NOW = Date.UTC(2026, 2, 1, 8, 0, 0);
const parse = (body: string, status = 200, headers: Record<string, string> = {}, maxLength = 1_000_000) =>
	parseReply({ status, headers, body }, CALL, { maxLength, now: NOW, secrets: ['s3cr3t-key'] });

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
	])('with the body %j is read as %j', (body, value) => {
		expect(parse(body)).toEqual(value);
	});

	test.each([200, 201, 206, 299])('of status %i is read', (status) => {
		expect(parse('[1]', status)).toEqual([1]);
	});

	test('of status 204 has nothing, whatever its body', () => {
		expect(parse('[1]', 204)).toBeUndefined();
	});

	test.each([
		['999999999999999', 999_999_999_999_999],
		['1234567890123456', '1234567890123456'],
		['-1234567890123456', '-1234567890123456'],
		['9007199254740993', '9007199254740993'],
		['92233720368547758079223372036854775807', '92233720368547758079223372036854775807'],
		['1.5', 1.5],
		['1e3', 1000],
		['"1234567890123456789"', '1234567890123456789'],
	])('with the number %s keeps every digit', (source, value) => {
		expect(parse(`{"id": ${source}, "list": [${source}]}`)).toEqual({ id: value, list: [value] });
	});

	test('is what JSON says, but for long numbers', () => {
		const json = fc.jsonValue().filter((value) => !/\d{16}/.test(JSON.stringify(value)));
		fc.assert(
			fc.property(json, (value) => {
				const text = JSON.stringify(value);
				expect(parse(text)).toEqual(JSON.parse(text));
			}),
		);
	});

	test('has every whole number digit by digit', () => {
		fc.assert(
			fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (number) => {
				expect(String((parse(`[${number}]`) as unknown[])[0])).toBe(String(number));
			}),
		);
	});

	test('with a field called __proto__ changes no object', () => {
		const value = parse('{"__proto__": {"polluted": 1}}') as object;
		expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
		expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
	});

	test.each<[body: string, words: string, passing: boolean]>([
		['<!DOCTYPE html><p>Sign in</p>', 'a web page instead of data. It begins: "<!DOCTYPE html>', false],
		['  <?xml version="1.0"?>', 'a web page instead of data', false],
		['Unauthorized', 'the reply is no JSON. It begins: "Unauthorized"', false],
		['{"a": 1}}', 'the reply is no JSON', false],
		['{"results": [{"id": 1}, {"i', 'the reply ends in the middle.', true],
		['[1, 2', 'the reply ends in the middle.', true],
	])('with the body %j is refused: %s, passing: %s', (body, words, passing) => {
		const error = refused(body);
		expect(error.message).toContain('Endpoint "people", page 3: ');
		expect(error.message).toContain(words);
		expect(error).toMatchObject({ passing, status: 200, endpoint: 'people', page: 3 });
		expect(error.whatToDo).toMatch(/\.$/);
	});

	test('larger than the limit is refused before it is read', () => {
		expect(parse('[1]', 200, {}, 3)).toEqual([1]);
		const error = refused(`["${'x'.repeat(2_000_000)}"]`, 200, {}, 2_000_000);
		expect(error).toMatchObject({ passing: false });
		expect(error.message).toContain('larger than 2 MB');
	});

	test('cut off at any place is never taken for a whole one', () => {
		const whole = JSON.stringify({ results: [{ id: 1, name: 'a]}' }, { id: 22 }], total: 2 });
		for (let length = 1; length < whole.length; length += 1)
			expect(() => parse(whole.slice(0, length))).toThrow(HcmError);
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
		[408, true, 'does not accept the request'],
		[409, false, 'does not accept the request'],
		[425, true, 'does not accept the request'],
		[429, true, 'called too often'],
		[500, true, 'a fault of its own'],
		[501, false, 'a fault of its own'],
		[502, true, 'a fault of its own'],
		[503, true, 'a fault of its own'],
		[504, true, 'a fault of its own'],
		[199, false, 'does not accept the request'],
	])('of status %i may pass: %s, and says: %s', (status, passing, words) => {
		const error = refused('', status);
		expect(error).toMatchObject({ status, passing, endpoint: 'people', page: 3, retryAfterMs: undefined });
		expect(error.message).toContain(words);
		expect(error.message).toContain(`(HTTP ${status}).`);
		expect(error.whatToDo).toMatch(/\.$/);
	});

	test.each([
		['{"message": "Unknown\\n key"}', '. It says: "Unknown key"'],
		['{"error": "no"}', '. It says: "{"error": "no"}"'],
		['plain words\u0000', '. It says: "plain words"'],
		['{"message": 5}', '. It says: "{"message": 5}"'],
		['  ', '(HTTP 400).'],
	])('shows what the server says in %j', (body, said) => {
		expect(refused(body, 400).message).toContain(said);
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

	test.each([
		[401, 'no such key: s3cr3t-key'],
		[401, '{"message": "key s3cr3t-key"}'],
		[403, '{"error": "key s3cr3t-key"}'],
		[500, `${'x'.repeat(495)}s3cr3t-key`],
		[200, '<p>s3cr3t-key</p>'],
		[200, 'key s3cr3t-key'],
	])('of status %i shows no secret that the server repeats in %j', (status, body) => {
		const { message } = refused(body, status);
		expect(message).not.toContain('s3c');
		expect(message).toContain('***');
	});

	test('carries how long the server asks to wait', () => {
		expect(refused('', 429, { 'retry-after': '7' }).retryAfterMs).toBe(7000);
	});
});

describe('Retry-After', () => {
	test.each<[value: string | undefined, ms: number | undefined]>([
		[undefined, undefined],
		['', undefined],
		[' ', undefined],
		['0', 0],
		['30', 30_000],
		[' 30 ', 30_000],
		['soon', undefined],
		['Sun, 01 Mar 2026 08:00:30 GMT', 30_000],
		['Sun, 01 Mar 2026 07:00:00 GMT', 0],
	])('of %j is %s milliseconds', (value, ms) => {
		expect(retryAfter(value === undefined ? {} : { 'retry-after': value }, NOW)).toBe(ms);
	});

	test.each(['-5', '1.5'])('of %j, which RFC 9110 does not know, says nothing', (value) => {
		expect(retryAfter({ 'retry-after': value }, NOW)).toBeUndefined();
	});
});
