/** Members are asked for in portions. */
/** Keys in one filter, as in lib/directory/accounts/find.ts. */
export const BATCH = 100;

export function inPieces<T>(all: readonly T[], size: number): T[][] {
	return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
		all.slice(index * size, (index + 1) * size),
	);
}
