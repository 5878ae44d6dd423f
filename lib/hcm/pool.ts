/** Several things at a time, and no more. */

/**
 * Runs `work` for each entry, `atATime` of them together.
 * @returns the results in the order of the entries; undefined for those that were not begun because `goOn` said no
 * @throws the first error that `work` throws, after which nothing new is begun
 */
export async function inPool<T, R>(
	entries: readonly T[],
	atATime: number,
	work: (entry: T, index: number) => Promise<R>,
	goOn: () => boolean = () => true,
): Promise<Array<R | undefined>> {
	const results: Array<R | undefined> = entries.map(() => undefined);
	let next = 0;
	let broken = false;
	const worker = async (): Promise<void> => {
		while (next < entries.length && !broken && goOn()) {
			const index = next;
			next += 1;
			try {
				results[index] = await work(entries[index] as T, index);
			} catch (error) {
				broken = true;
				throw error;
			}
		}
	};
	await Promise.all(Array.from({ length: Math.max(1, Math.min(atATime, entries.length)) }, worker));
	return results;
}
