/** The value that a lease has in the directory: plan, runs, expiry. Pure. */
import { toInstant } from '../../schema/instants';

export type LeaseValue = {
	/** As it stands in the attribute. */
	readonly text: string;
	readonly planId: string;
	/** Several workers may apply batches of one plan at once: each takes its own name off when it is done. */
	readonly runs: readonly string[];
	/** ISO 8601 in UTC, by the controller's clock. */
	readonly expiry: string;
};

const ID = "[0-9A-Za-z%._~!*'()-]{1,100}";
const LEASE = new RegExp(`^adprov1:lease:(${ID}):(${ID}(?:\\+${ID})*):(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)$`);

/** An id as it stands in a lease: without the characters that divide its parts. */
export function leaseId(id: string): string {
	return encodeURIComponent(id);
}

/** @param planId, runs of `leaseId` @param expiryMs milliseconds since 1970 */
export function leaseText(planId: string, runs: readonly string[], expiryMs: number): string {
	return `adprov1:lease:${planId}:${runs.join('+')}:${toInstant(expiryMs)}`;
}

/** @returns undefined for a text that this tool has not written */
export function parseLease(text: string): LeaseValue | undefined {
	const [, planId, runs, expiry = ''] = LEASE.exec(text) ?? [];
	if (planId === undefined || runs === undefined || Number.isNaN(Date.parse(expiry))) return undefined;
	return { text, planId, runs: runs.split('+'), expiry };
}
