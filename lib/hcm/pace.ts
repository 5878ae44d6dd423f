/** Keeps a distance between calls. */
import type { FeedDependencies, Send } from './types';

/** @returns `send`, each call begun at least `delayMs` after the one before, calls side by side included */
export function paced({ send, clock, sleep }: FeedDependencies, delayMs: number): Send {
	if (delayMs <= 0) return send;
	let free = -Infinity;
	let last = -Infinity;
	return async (request, signal) => {
		const now = clock();
		// A clock that was set back would make a call wait for the time it had before.
		if (now < last) free = now + delayMs;
		last = now;
		const begin = Math.max(now, free);
		free = begin + delayMs;
		if (begin > now) await sleep(begin - now, signal);
		return await send(request, signal);
	};
}
