/** What takes a step back. Pure: it looks at the step and at what was written, never at the directory. */
import type { Ref, Step, Value, Write } from '../../contracts';
import { disabled, enabled, isDisabled, NEW_DISABLED_ACCOUNT } from '../../directory/userAccountControl';

/** What became of a step. */
export type StepDone = {
	readonly status: 'done' | 'already done';
	/** What was sent, mark and snapshot among it; joiners as the objects that they are. Empty where nothing had to be sent. */
	readonly wrote: readonly Write[];
	/**
	 * Marks and snapshots of this tool that stand in the account now, and their attribute: for a `disable` that was found done, whose own writes
	 * are not known any more. Without them the mark would outlive the undo.
	 */
	readonly marks?: { readonly attribute: string; readonly values: readonly string[] };
};

export type Inverse = { readonly inverse: Step | null; readonly notUndoable?: string };

export const WHY_NOT = {
	password: 'A password that was overwritten cannot be brought back: set a new one where it is needed.',
	delete: 'A deleted account is not made again by undoing: restore it, as long as the directory keeps deleted objects.',
	link: 'The membership was there already: somebody else may have given it, so it is kept.',
	unlink: 'The membership was gone already: somebody else may have taken it away, so it is not given back.',
	joiner: 'It names somebody of the plan whose account is not known.',
} as const;

/**
 * @param step what was asked for, without the values that were kept because somebody had changed them
 * @returns the step that takes it back, with the same number; null and the reason when nothing does
 */
export function inverseOf(step: Step, done: StepDone): Inverse {
	const { n } = step;
	switch (step.do) {
		case 'create':
			// Deleting is a decision of its own, which undo/undoPlan.ts makes where it was asked for.
			return { inverse: { n, do: 'disable', fromUac: NEW_DISABLED_ACCOUNT, with: [] } };
		case 'set':
			return inverseOfSet(n, step.writes, done);
		case 'relocate':
			return { inverse: { n, do: 'relocate', from: step.to, to: step.from } };
		case 'link':
		case 'unlink':
			if (done.status === 'already done') return { inverse: null, notUndoable: WHY_NOT[step.do] };
			return { inverse: { n, do: step.do === 'link' ? 'unlink' : 'link', group: step.group } };
		case 'enable':
		case 'disable':
			return { inverse: inverseOfControl(step, done) };
		case 'setPassword':
			return { inverse: null, notUndoable: WHY_NOT.password };
		case 'delete':
			return { inverse: null, notUndoable: WHY_NOT.delete };
	}
}

/** All that the step is about, and not only what this run had to send: a value that was there already is from an earlier run of the plan. */
function inverseOfSet(n: number, planned: readonly Write[], { wrote }: StepDone): Inverse {
	const known = withSent(planned, wrote).filter((write) => !namesJoiner(write));
	if (known.length === 0 && planned.length > 0) return { inverse: null, notUndoable: WHY_NOT.joiner };
	return {
		inverse: { n, do: 'set', writes: known.map(swapped) },
		...(known.length < planned.length ? { notUndoable: WHY_NOT.joiner } : {}),
	};
}

/** A pending account that left was disabled before: it goes back to being that, and is not enabled. */
function inverseOfControl(step: Extract<Step, { do: 'enable' | 'disable' }>, done: StepDone): Step {
	const { n, fromUac } = step;
	const back = withSent(step.with, done.wrote).filter((write) => !namesJoiner(write));
	const brought = new Set(back.flatMap(valuesBrought));
	const left = (done.marks?.values ?? []).filter((value) => !brought.has(value));
	const marks: Write[] =
		step.do === 'disable' && done.marks && left.length > 0
			? [{ attribute: done.marks.attribute, remove: left, add: [] }]
			: [];
	const writes = [...back.map(swapped), ...marks];
	if (step.do === 'enable') return { n, do: 'disable', fromUac: enabled(fromUac), with: writes };
	return { n, do: isDisabled(fromUac) ? 'disable' : 'enable', fromUac: disabled(fromUac), with: writes };
}

/** Each planned write as it was sent, and what was sent besides: marks and snapshots are made on the spot. */
function withSent(planned: readonly Write[], sent: readonly Write[]): Write[] {
	const same = (left: Write, right: Write) => left.attribute.toLowerCase() === right.attribute.toLowerCase();
	// userAccountControl is what the step itself is about.
	const writes = sent.filter(({ attribute }) => attribute.toLowerCase() !== 'useraccountcontrol');
	return [...planned.filter((write) => !writes.some((other) => same(write, other))), ...writes];
}

function valuesBrought(write: Write): readonly (Value | Ref | null)[] {
	return 'add' in write ? write.add : [write.to];
}

/** The write that takes a write back. */
export function swapped(write: Write): Write {
	const { attribute } = write;
	return 'add' in write
		? { attribute, remove: write.add, add: write.remove }
		: { attribute, from: write.to, to: write.from };
}

/** A joiner's id means nothing outside the plan. */
function namesJoiner(write: Write): boolean {
	return [...valuesBrought(write), ...valuesBrought(swapped(write))].some(
		(value) => typeof value === 'object' && value !== null && 'change' in value,
	);
}
