import fc from 'fast-check';
import { HcmError } from '../../../lib/hcm/errors';
import { orderEndpoints } from '../../../lib/hcm/order';
import { endpoint } from '../../support/feeds';

const on = (name: string, dependsOn = '', listOnly = false) => endpoint({ name, dependsOn, listOnly });
const names = (...endpoints: ReturnType<typeof on>[]) => orderEndpoints(endpoints).map(({ name }) => name);

describe('the order of endpoints', () => {
	test('is the builder’s, but each stands after the one it depends on', () => {
		expect(names(on('a'), on('b'), on('c'))).toEqual(['a', 'b', 'c']);
		expect(names(on('details', 'list'), on('other'), on('list', '', true))).toEqual(['list', 'details', 'other']);
		expect(names(on('c', 'b'), on('b', 'a'), on('a'))).toEqual(['a', 'b', 'c']);
	});

	test('has every endpoint once, whatever depends on whatever', () => {
		const parents = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(parents, fc.array(fc.nat()), (parent, shuffle) => {
				// Each depends on one before it, so there is no circle; then they are shuffled.
				const all = parent.map((to, index) => on(`e${index}`, index === 0 || to >= index ? '' : `e${to}`));
				const mixed = all
					.map((one, index) => [shuffle[index] ?? 0, one] as const)
					.sort(([left], [right]) => left - right)
					.map(([, one]) => one);
				const ordered = orderEndpoints(mixed);
				expect(new Set(ordered)).toEqual(new Set(all));
				expect(ordered).toHaveLength(all.length);
				ordered.forEach(({ dependsOn }, index) => {
					if (dependsOn !== '') expect(ordered.slice(0, index).map(({ name }) => name)).toContain(dependsOn);
				});
			}),
		);
	});

	test.each<[what: string, endpoints: ReturnType<typeof on>[], message: string]>([
		['two have one name', [on('a'), on('a')], 'Endpoint "a": there are two endpoints of this name.'],
		['one depends on none that there is', [on('a', 'b')], 'Endpoint "a": it depends on "b", which there is not.'],
		['one depends on itself', [on('a', 'a')], 'Endpoint "a": it depends on itself (a -> a).'],
		[
			'there is a circle',
			[on('a', 'b'), on('b', 'c'), on('c', 'a')],
			'Endpoint "a": it depends on itself (a -> b -> c -> a).',
		],
		['none gives people', [on('a', '', true)], 'Endpoint "a": no endpoint gives people.'],
		['there is none', [], 'Endpoint "": no endpoint gives people.'],
	])('is refused where %s', (_what, endpoints, message) => {
		expect(() => orderEndpoints(endpoints)).toThrow(HcmError);
		expect(() => orderEndpoints(endpoints)).toThrow(message);
	});
});
