/** Why a feed could not be read, in the builder's words. */

export class HcmError extends Error {
	override readonly name = 'HcmError';
	readonly endpoint: string;
	/** Counted from 1; 0 = before the first call. */
	readonly page: number;
	readonly status: number | undefined;
	readonly whatToDo: string;
	/** Whether the same call may go through later. */
	readonly passing: boolean;
	/** How long the server asks to wait. */
	readonly retryAfterMs: number | undefined;

	constructor(
		message: string,
		facts: {
			endpoint: string;
			page: number;
			whatToDo: string;
			status?: number | undefined;
			passing?: boolean;
			retryAfterMs?: number | undefined;
		},
	) {
		super(message);
		this.endpoint = facts.endpoint;
		this.page = facts.page;
		this.status = facts.status;
		this.whatToDo = facts.whatToDo;
		this.passing = facts.passing ?? false;
		this.retryAfterMs = facts.retryAfterMs;
	}
}

/** The run was stopped by a person. */
export class CancelledError extends Error {
	override readonly name = 'CancelledError';
	constructor() {
		super('The run was stopped.');
	}
}
