/** Waits with an end, and the two ways in which they end early. */
import { DirectoryError } from './errors';

/**
 * Waits for a promise no longer than `ms`, and not beyond a cancelled run.
 * @param giveUp called before the promise is left alone
 * @throws DirectoryError `lost` after `ms`, `cancelled` on abort
 */
export async function within<T>(
	promise: Promise<T>,
	ms: number,
	signal: AbortSignal | undefined,
	giveUp: () => void,
): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	let onAbort: (() => void) | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(lost(`No answer came within ${Math.round(ms / 1000)} seconds.`)), ms);
		onAbort = () => reject(cancelled());
		if (signal?.aborted) onAbort();
		else signal?.addEventListener('abort', onAbort, { once: true });
	});
	try {
		return await Promise.race([promise, limit]);
	} catch (error) {
		if (error instanceof DirectoryError) {
			promise.catch(() => undefined);
			giveUp();
		}
		throw error;
	} finally {
		clearTimeout(timer);
		if (onAbort) signal?.removeEventListener('abort', onAbort);
	}
}

export function lost(message: string): DirectoryError {
	return new DirectoryError({
		kind: 'lost',
		message,
		whatToDo:
			'Look at the network and the controller, then run again: what is done already is found and left as it is.',
	});
}

export function cancelled(): DirectoryError {
	return new DirectoryError({
		kind: 'cancelled',
		message: 'The run was stopped.',
		whatToDo: 'Run again: what is done already is found and left as it is.',
	});
}
