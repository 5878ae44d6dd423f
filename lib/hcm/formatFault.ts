/** Why a body could not be read; whoever knows endpoint and page makes the builder's message of it. */
export class FormatFault extends Error {
	override readonly name = 'FormatFault';
	/** Goes behind 'Endpoint "people", page 3: ', without a full stop. */
	readonly reason: string;
	readonly whatToDo: string;
	/** The body ends in the middle, so the same call may go through later. */
	readonly cut: boolean;

	constructor(reason: string, whatToDo: string, cut = false) {
		super(reason);
		this.reason = reason;
		this.whatToDo = whatToDo;
		this.cut = cut;
	}
}

export const CUT_REASON = 'the reply ends in the middle';
export const CUT_ADVICE = 'The connection broke off; run again. If it stays so, lower the page size.';
