import fc from 'fast-check';
import { isThrottled, mayPass, retryAfter } from '../../../lib/hcm/throttle';

const NOW = Date.UTC(2026, 2, 1, 8, 0, 0);
const IN_30_S = NOW / 1000 + 30;

describe('Retry-After', () => {
	test.each<[value: string | undefined, ms: number | undefined]>([
		[undefined, undefined],
		['', undefined],
		[' ', undefined],
		['0', 0],
		['30', 30_000],
		[' 30 ', 30_000],
		['3600', 3_600_000],
		['soon', undefined],
		['Sun, 01 Mar 2026 08:00:30 GMT', 30_000],
		['Sunday, 01-Mar-26 08:00:30 GMT', 30_000],
		['Sun, 01 Mar 2026 07:00:00 GMT', 0],
		['2026-03-01T08:00:30Z', 30_000],
		['-5', undefined],
		['1.5', undefined],
		['9'.repeat(400), undefined],
	])('of %j is %s milliseconds', (value, ms) => {
		expect(retryAfter(value === undefined ? {} : { 'retry-after': value }, NOW, 200)).toBe(ms);
	});
});

describe('a reset header', () => {
	test.each<[name: string, value: string, ms: number | undefined]>([
		['x-ratelimit-reset', String(IN_30_S), 30_000],
		['x-rate-limit-reset', String(IN_30_S), 30_000],
		['ratelimit-reset', '30', 30_000],
		['x-ratelimit-reset', String(IN_30_S * 1000), 30_000],
		['x-ratelimit-reset', `${IN_30_S}.5`, 30_500],
		['x-ratelimit-reset', '2026-03-01T08:00:30Z', 30_000],
		['x-ratelimit-reset', 'Sun, 01 Mar 2026 08:00:30 GMT', 30_000],
		['x-ratelimit-reset', '2.5', 2500],
		['x-ratelimit-reset', '999999999', 999_999_999_000],
		// Too soon or past: the clocks differ.
		['x-ratelimit-reset', '0', 1000],
		['x-ratelimit-reset', String(IN_30_S - 3600), 1000],
		['x-ratelimit-reset', 'soon', undefined],
		['x-ratelimit-reset', '', undefined],
		['x-reset', '30', undefined],
	])('%s: %s asks for %s milliseconds', (name, value, ms) => {
		for (const status of [429, 503]) expect(retryAfter({ [name]: value }, NOW, status)).toBe(ms);
	});

	test.each([200, 403, 500, undefined])('says nothing in a reply of status %s, unless no call remains', (status) => {
		const headers = { 'x-ratelimit-reset': '30' };
		expect(retryAfter({ ...headers, 'x-ratelimit-remaining': '7' }, NOW, status)).toBeUndefined();
		expect(retryAfter(headers, NOW, status)).toBeUndefined();
		expect(retryAfter({ ...headers, 'x-ratelimit-remaining': '0' }, NOW, status)).toBe(30_000);
	});

	test('gives way to Retry-After, but not to one that says nothing', () => {
		expect(retryAfter({ 'retry-after': '5', 'x-ratelimit-reset': '30' }, NOW, 429)).toBe(5000);
		expect(retryAfter({ 'retry-after': 'soon', 'x-ratelimit-reset': '30' }, NOW, 429)).toBe(30_000);
	});

	test('never asks for less than nothing, whatever it holds', () => {
		fc.assert(
			fc.property(fc.string(), fc.oneof(fc.string(), fc.nat().map(String)), (asked, reset) => {
				const ms = retryAfter({ 'retry-after': asked, 'x-ratelimit-reset': reset }, NOW, 429);
				expect(ms === undefined || (ms >= 0 && Number.isFinite(ms))).toBe(true);
			}),
		);
	});
});

describe('a refused call', () => {
	test.each<[status: number, headers: Record<string, string>, passing: boolean]>([
		...[408, 425, 429, 500, 502, 503, 504].map((status): [number, Record<string, string>, boolean] => [
			status,
			{},
			true,
		]),
		...[301, 400, 401, 403, 404, 409, 422, 501, 505].map((status): [number, Record<string, string>, boolean] => [
			status,
			{},
			false,
		]),
		[403, { 'retry-after': '5' }, true],
		[403, { 'x-ratelimit-remaining': '0' }, true],
		[403, { 'x-rate-limit-remaining': '0' }, true],
		[403, { 'ratelimit-remaining': '0' }, true],
		[403, { 'x-ratelimit-remaining': '1' }, false],
		[403, { 'x-ratelimit-remaining': '' }, false],
		[403, { 'retry-after': ' ' }, false],
		[401, { 'retry-after': '5' }, false],
	])('of status %i with %j may pass: %s', (status, headers, passing) => {
		expect(mayPass({ status, headers })).toBe(passing);
	});

	test('is throttled when it says so', () => {
		expect(isThrottled({ 'x-ratelimit-remaining': '0' })).toBe(true);
		expect(isThrottled({})).toBe(false);
	});
});
