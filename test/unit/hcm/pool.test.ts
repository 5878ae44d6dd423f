import fc from 'fast-check';
import { inPool } from '../../../lib/hcm/pool';

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('several things at a time', () => {
	test('are done once each, never more together than allowed, with results in order', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.nat({ max: 4 }), { maxLength: 20 }),
				fc.integer({ min: 0, max: 6 }),
				async (waits, atATime) => {
					let [now, most] = [0, 0];
					const done: number[] = [];
					const results = await inPool(waits, atATime, async (turns, index) => {
						now += 1;
						most = Math.max(most, now);
						for (let turn = 0; turn <= turns; turn += 1) await soon();
						now -= 1;
						done.push(index);
						return index * 2;
					});
					expect(results).toEqual(waits.map((_, index) => index * 2));
					expect([...done].sort((left, right) => left - right)).toEqual(waits.map((_, index) => index));
					expect(most).toBe(Math.min(waits.length, Math.max(1, atATime)));
				},
			),
			{ numRuns: 50 },
		);
	});

	test('end with the first error, and nothing new is begun', async () => {
		const begun: number[] = [];
		const working = inPool([0, 1, 2, 3, 4, 5], 2, async (entry) => {
			begun.push(entry);
			await soon();
			if (entry === 1) throw new Error('one');
			await soon();
			return entry;
		});
		await expect(working).rejects.toThrow('one');
		await soon();
		await soon();
		expect(begun).toEqual([0, 1]);
	});

	test('that are not begun have no result', async () => {
		let done = 0;
		const results = await inPool(
			['a', 'b', 'c', 'd'],
			1,
			(entry) => {
				done += 1;
				return Promise.resolve(entry);
			},
			() => done < 2,
		);
		expect(results).toEqual(['a', 'b', undefined, undefined]);
	});
});
