import { paced } from '../../../lib/hcm/pace';
import type { FeedDependencies } from '../../../lib/hcm/types';
import { dependencies, json } from '../../support/feeds';

const REQUEST = { method: 'GET', url: 'https://hr.example.com', query: [], headers: {}, withCredential: true } as const;

/** A clock that only sleeping moves on; each call takes no time. */
function world() {
	let now = 1000;
	const sent: number[] = [];
	const slept: number[] = [];
	const send: FeedDependencies['send'] = () => {
		sent.push(now);
		return Promise.resolve(json({}));
	};
	const sleep = (ms: number): Promise<void> => {
		slept.push(ms);
		now += ms;
		return Promise.resolve();
	};
	const given = dependencies(send, { clock: () => now, sleep });
	return { sent, slept, given, set: (to: number) => (now = to) };
}

describe('a delay between calls', () => {
	test('of nothing leaves sending as it is', () => {
		const { given } = world();
		expect(paced(given, 0)).toBe(given.send);
	});

	test('keeps that distance between the beginnings of calls, and the first does not wait', async () => {
		const { given, sent, slept } = world();
		const send = paced(given, 100);
		for (let call = 0; call < 3; call += 1) await send(REQUEST, undefined);
		expect(sent).toEqual([1000, 1100, 1200]);
		expect(slept).toEqual([100, 100]);
	});

	test('is not waited for where that much time has passed', async () => {
		const { given, slept, set } = world();
		const send = paced(given, 100);
		await send(REQUEST, undefined);
		set(1100);
		await send(REQUEST, undefined);
		expect(slept).toEqual([]);
	});

	test('holds for calls side by side too', async () => {
		const { given, slept } = world();
		// Time stands still, so that each has to wait for its own turn.
		const send = paced({ ...given, clock: () => 0 }, 100);
		await Promise.all([1, 2, 3, 4].map(() => send(REQUEST, undefined)));
		expect(slept).toEqual([100, 200, 300]);
	});

	test('is no hour because the clock was set back by one', async () => {
		const { given, slept, set } = world();
		const send = paced(given, 100);
		set(3_600_000);
		await send(REQUEST, undefined);
		set(0);
		await send(REQUEST, undefined);
		expect(slept).toEqual([100]);
	});

	test('ends with the run that is stopped, and nothing is sent', async () => {
		const { given, sent } = world();
		const stopped = new Error('stopped');
		const send = paced({ ...given, clock: () => 0, sleep: () => Promise.reject(stopped) }, 100);
		await send(REQUEST, undefined);
		await expect(send(REQUEST, undefined)).rejects.toBe(stopped);
		expect(sent).toHaveLength(1);
	});
});
