/** What the steps of leaving and returning did so far: each is tried by itself, and what is still open is said in words. */
import type { AttributeChange } from '../../contracts';
import { DirectoryError } from '../errors';
import type { AccountResult } from './account';

export type Progress = {
	readonly changes: AttributeChange[];
	readonly notes: string[];
	/** Steps that are not done, with the reason; running again does them. */
	readonly open: { readonly step: string; readonly error: DirectoryError | undefined }[];
	/** Steps that wrote something. */
	done: number;
};

export function noProgress(): Progress {
	return { changes: [], notes: [], open: [], done: 0 };
}

/** A step failed in a way that will not be better for the next one: connection or controller. */
export function isStopped({ open }: Progress): boolean {
	return open.some(({ error }) => error?.kind === 'lost' || error?.kind === 'busy');
}

/** Somebody brought the person back meanwhile, or took the mark away: nothing more is done. */
export function isTakenOver({ open }: Progress): boolean {
	return open.some(({ error }) => error?.kind === 'conflict');
}

/**
 * Does one step, or notes why not.
 * @param step as the end of "was not done: "
 * @param work what it does; returns whether something was written
 * @returns whether the step is done
 * @throws DirectoryError (cancelled) when the run was stopped: the next one goes on
 */
export async function attempt(progress: Progress, step: string, work: () => Promise<boolean>): Promise<boolean> {
	if (isStopped(progress)) {
		progress.open.push({ step, error: undefined });
		return false;
	}
	try {
		if (await work()) progress.done += 1;
		return true;
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind === 'cancelled') throw error;
		progress.open.push({ step, error });
		return false;
	}
}

/** Message and advice of the outcome `partial`. @param whatIs what the account is like meanwhile, a whole sentence */
export function partial(progress: Progress, whatIs: string): Pick<AccountResult, 'message' | 'whatToDo'> {
	const reasons = progress.open.map(({ step, error }) => (error ? `${step}: ${error.message}` : `${step}: not tried`));
	const advice = [...new Set(progress.open.flatMap(({ error }) => error?.whatToDo ?? []))];
	return {
		message: `${whatIs} Not done: ${reasons.join(' · ')}`,
		whatToDo: [...advice, 'Then run again: it does what is missing, and nothing twice.'].join(' '),
	};
}
