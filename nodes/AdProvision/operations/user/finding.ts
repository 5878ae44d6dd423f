/** What the operations on an account that is there already have in common. */
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Operation } from '../../run';
import { lookupOf } from '../../parameters';
import { subjectByValue } from './account';

/** Done and Failed; each item is about one account, found as Find By says. */
export function finding(run: Operation['run'], extra: Partial<Operation> = {}): Operation {
	return {
		outputs: 1,
		writes: true,
		subject: subjectByValue,
		lookups: (context, item) => [lookupOf(context, item)],
		run,
		...extra,
	};
}

/** For At Most per Run: each item is one person. */
export const PEOPLE: NonNullable<Operation['brake']> = {
	what: 'people',
	count: (context: IExecuteFunctions) => context.getInputData().length,
};
