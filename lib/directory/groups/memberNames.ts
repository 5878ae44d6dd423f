/** Members as names: compared whatever their spelling, and asked for in portions. */
import { dnKey, InvalidDnError } from '../../schema/dn';

/** Keys in one filter, as in lib/directory/accounts/find.ts. */
export const BATCH = 100;

/** One text for all spellings of a distinguished name; the text itself when it is none. */
export function safeKey(dn: string): string {
	try {
		return dnKey(dn);
	} catch (error) {
		if (error instanceof InvalidDnError) return dn;
		throw error;
	}
}

export function inPieces<T>(all: readonly T[], size: number): T[][] {
	return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
		all.slice(index * size, (index + 1) * size),
	);
}
