import { getEventListeners } from 'node:events';
import { wait } from '../../../lib/wait';

describe('a wait', () => {
	test('ends by itself', async () => {
		await expect(wait(0, undefined)).resolves.toBeUndefined();
		await expect(wait(1, new AbortController().signal)).resolves.toBeUndefined();
	});

	test('does not begin when the run is stopped already', async () => {
		const reason = new Error('stopped before');
		await expect(wait(3_600_000, AbortSignal.abort(reason))).rejects.toBe(reason);
	});

	test('ends at once when the run is stopped, with its reason', async () => {
		const controller = new AbortController();
		const waiting = wait(3_600_000, controller.signal);
		const reason = new Error('stopped meanwhile');
		controller.abort(reason);
		await expect(waiting).rejects.toBe(reason);
	});

	test('is rejected with an error, though the run was stopped with something else', async () => {
		const controller = new AbortController();
		const waiting = wait(3_600_000, controller.signal);
		controller.abort('just text');
		await expect(waiting).rejects.toThrow('The run was stopped.');
	});

	test('leaves nothing behind on the signal', async () => {
		const { signal } = new AbortController();
		await Promise.all([wait(1, signal), wait(2, signal)]);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});
});
