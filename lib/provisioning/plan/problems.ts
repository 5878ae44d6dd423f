/** What a person has to look at, in one shape. */
import type { DesiredAccount, PlanProblem } from '../../contracts';
import { textOf } from '../../directory/entry';
import type { AccountView } from './types';

export type ProblemWords = Pick<PlanProblem, 'kind' | 'message' | 'whatToDo'> & { readonly urgent?: boolean };

/**
 * @param accounts that it is about
 * @param urgent otherwise it is, when somebody who leaves keeps an account that is enabled
 */
export function personProblem(
	person: DesiredAccount,
	accounts: readonly AccountView[],
	{ urgent, ...words }: ProblemWords,
): PlanProblem {
	return {
		...words,
		urgent: urgent ?? (person.lifecycle === 'leaver' && accounts.some(({ enabled }) => enabled)),
		key: person.key,
		displayName: person.displayName,
		accounts: accounts.map(({ guid, dn }) => ({ guid, dn })),
		record: person,
	};
}

/** About accounts that belong to nobody in the feed. @param accounts at least one */
export function accountsProblem(
	accounts: readonly AccountView[],
	{ urgent = false, ...words }: ProblemWords,
): PlanProblem {
	const [first] = accounts;
	return {
		...words,
		urgent,
		key: first?.key ?? '',
		displayName: (first && (textOf(first.entry, 'displayName') ?? textOf(first.entry, 'cn'))) ?? '',
		accounts: accounts.map(({ guid, dn }) => ({ guid, dn })),
		record: null,
	};
}

/** Some distinguished names, as the end of a sentence. */
export function namesOf(accounts: readonly AccountView[]): string {
	const shown = accounts.slice(0, 5).map(({ dn }) => dn);
	return [...shown, ...(accounts.length > shown.length ? ['...'] : [])].join(' · ');
}
