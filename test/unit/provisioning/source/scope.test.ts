import fc from 'fast-check';
import { belowAny, outermost } from '../../../../lib/provisioning/source/scope';
import { formatDn, isWithin, parentOf, sameDn, type Dn, parentText } from '../../../../lib/schema/dn';

const value = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('a', 'b', ',', '\\', '\\,', 'x,OU=a'));
const dn: fc.Arbitrary<Dn> = fc.array(
	fc.record({ attribute: fc.constantFrom('CN', 'OU'), value }).map((part) => [part]),
	{ minLength: 1, maxLength: 4 },
);

describe('what stands below places', () => {
	test('is what is within them', () => {
		fc.assert(
			fc.property(dn, fc.array(dn, { maxLength: 3 }), (object, places) => {
				const [name, ...bases] = [object, ...places].map(formatDn);
				const parent = parentOf(name ?? '');
				expect(belowAny(bases)(name ?? '')).toBe(bases.some((base) => isWithin(parent, base)));
			}),
		);
	});

	test('has the rest of its name as its place, wherever commas stand', () => {
		fc.assert(fc.property(dn, (object) => sameDn(parentText(formatDn(object)), parentOf(formatDn(object)))));
		expect(parentText('CN=Smith\\, John,OU=x')).toBe('OU=x');
		expect(parentText('CN=end\\\\,OU=x')).toBe('OU=x');
		expect(parentText('DC=x')).toBe('');
	});

	test.each([
		[['OU=a,DC=x', 'DC=x'], ['DC=x']],
		[['DC=x', 'dc=X'], ['DC=x']],
		[
			['OU=a,DC=x', 'OU=b,DC=x'],
			['OU=a,DC=x', 'OU=b,DC=x'],
		],
		[['OU=a,DC=x', 'OU=c,OU=a,DC=x', 'OU=a,DC=x'], ['OU=a,DC=x']],
		[[], []],
	])('of %j the outermost are %j', (places, expected) => {
		expect(outermost(places)).toEqual(expected);
	});
});
