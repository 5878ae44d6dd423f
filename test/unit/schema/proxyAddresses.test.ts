import fc from 'fast-check';
import { toProxyAddresses } from '../../../lib/schema/proxyAddresses';

const made = (values: readonly string[], keepCase = false) => toProxyAddresses(values, keepCase).values;

describe('proxy addresses', () => {
	test.each<[given: string[], stored: string[]]>([
		[['Ada@Example.com'], ['SMTP:ada@example.com']],
		[
			['a@x.y', 'b@x.y'],
			['SMTP:a@x.y', 'smtp:b@x.y'],
		],
		[
			['smtp:a@x.y', 'SMTP:b@x.y'],
			['SMTP:b@x.y', 'smtp:a@x.y'],
		],
		[
			['SMTP:a@x.y', 'SMTP:b@x.y'],
			['SMTP:a@x.y', 'smtp:b@x.y'],
		],
		[['smtp:a@x.y'], ['SMTP:a@x.y']],
		[['a@x.y', 'A@X.Y', 'smtp:a@x.y'], ['SMTP:a@x.y']],
		[
			['SIP:Ada@x.y', 'x500:/o=Corp/cn=Ada'],
			['SIP:Ada@x.y', 'x500:/o=Corp/cn=Ada'],
		],
		[
			['SIP:ada@x.y', 'ada@x.y'],
			['SMTP:ada@x.y', 'SIP:ada@x.y'],
		],
		[[], []],
	])('%j are stored as %j', (given, stored) => {
		expect(made(given)).toEqual(stored);
	});

	test('keep their case where it is asked for', () => {
		expect(made(['Ada@Example.com', 'ADA@example.com'], true)).toEqual(['SMTP:Ada@Example.com']);
	});

	test.each(['ada', 'ada@', '@x.y', 'a b@x.y', 'a@b@c', 'a@x.y,b@x.y', `${'x'.repeat(1200)}@x.y`, 'smtp:ada'])(
		'do not take %j',
		(value) => {
			const { values, problems } = toProxyAddresses([value, 'b@x.y'], false);
			expect(values).toEqual(['SMTP:b@x.y']);
			expect(problems).toHaveLength(1);
		},
	);

	test('have one primary address, none twice, and stay as they are', () => {
		const entry = fc
			.tuple(
				fc.constantFrom('', 'SMTP:', 'smtp:', 'SIP:', 'X500:'),
				fc.constantFrom('a@x.y', 'A@x.y', 'b@x.y', 'c', ''),
			)
			.map(([type, address]) => type + address);
		fc.assert(
			fc.property(fc.array(entry, { maxLength: 8 }), fc.boolean(), (entries, keepCase) => {
				const values = made(entries, keepCase);
				const smtp = values.filter((value) => /^smtp:/i.test(value));
				expect(smtp.filter((value) => value.startsWith('SMTP:'))).toHaveLength(smtp.length > 0 ? 1 : 0);
				expect(new Set(values.map((value) => value.toLowerCase())).size).toBe(values.length);
				expect(made(values, keepCase)).toEqual(values);
			}),
		);
	});
});
