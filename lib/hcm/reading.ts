/** What reading the pages of a list once gave, and the guards that every style of reading keeps. */
import { ConditionError } from '../conditions';
import type { HcmRecord } from '../contracts';
import { CancelledError, HcmError } from './errors';
import type { KeyReader } from './keys';
import type { Page } from './reader';
import type { PageReply, Signs } from './stops';
import type { Limits } from './types';

export type Reading = {
	readonly rows: readonly HcmRecord[];
	/** As last announced. */
	readonly total: number | null;
	readonly pages: number;
	/** Why it is not whole; empty = it is, so far as its own pages tell. */
	readonly reasons: readonly string[];
	/** Whether the end was proven, and nothing can have been lost between pages. */
	readonly proven: boolean;
	/** Rows moved while reading. */
	readonly shifted: boolean;
	/** Stopped by the builder's limit. */
	readonly limited: boolean;
	/** What stopped it, where a page could not be read. */
	readonly fault?: HcmError;
};

export const WHOLE = { reasons: [], proven: true, shifted: false, limited: false } as const;

/** What guards need of an endpoint. */
export type Guarded = { readonly name: string; readonly keyOf: KeyReader; readonly limits: Limits };

/**
 * Caps: checked after each page that is not the last.
 * @returns why reading ends here, or undefined
 */
export function capReached(
	{ rows, pages }: Pick<Reading, 'rows' | 'pages'>,
	{ limits: { maxPages, maxRows } }: Guarded,
): string | undefined {
	if (pages >= maxPages) return `the cap of ${maxPages} pages was reached`;
	if (rows.length >= maxRows) return `the cap of ${maxRows} rows was reached`;
	return undefined;
}

/** Whether a page is what was read last once more. Rows without a key are not told apart, so they repeat nothing. */
export function repeatsTheEnd(read: readonly HcmRecord[], page: readonly HcmRecord[], keyOf: KeyReader): boolean {
	if (page.length === 0 || page.length > read.length) return false;
	const begin = read.length - page.length;
	return page.every((row, index) => {
		const key = keyOf(row);
		return key !== null && key === keyOf(read[begin + index] ?? {});
	});
}

/**
 * A page that may fail: what was read before it is kept, and the failure becomes the reason.
 * @returns the page, or the failure
 * @throws HcmError when nothing was read yet and trying again would not help (a wrong key, a wrong address), CancelledError
 */
export async function tryPage(reading: Promise<Page>, read: number): Promise<Page | HcmError> {
	try {
		return await reading;
	} catch (error) {
		if (error instanceof CancelledError || !(error instanceof HcmError)) throw error;
		if (read === 0 && !error.passing) throw error;
		return error;
	}
}

/** The reading that ends with a page that failed. */
export function failed(so: Pick<Reading, 'rows' | 'total' | 'pages'>, fault: HcmError): Reading {
	return { ...so, reasons: [fault.message], proven: false, shifted: false, limited: false, fault };
}

/**
 * Whether a list is as long as was announced. Where reading broke off, the count differs for that reason and no other.
 * @param found different rows, those without a key included
 * @returns why it is not whole, or nothing
 */
export function countFault(
	{ total, shifted, limited, fault }: Reading,
	name: string,
	found: number,
): readonly string[] {
	return total === null || shifted || limited || fault !== undefined || total === found
		? []
		: [`"${name}" announced ${total} rows and gave ${found} different ones`];
}

/**
 * What a page says of those to come.
 * @param number of the page, from 1
 * @throws HcmError where one of the builder's conditions cannot be compared with what the page has
 */
export function signsAt(
	signsOf: (reply: PageReply) => Signs,
	reply: PageReply,
	endpoint: string,
	number: number,
): Signs {
	try {
		return signsOf(reply);
	} catch (error) {
		if (!(error instanceof ConditionError)) throw error;
		throw new HcmError(`Endpoint "${endpoint}", page ${number}: ${error.message}`, {
			endpoint,
			page: number,
			whatToDo: "Correct the conditions in 'Last Page', or switch on 'Convert types where required' in them.",
		});
	}
}
