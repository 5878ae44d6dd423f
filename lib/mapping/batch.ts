/** What becomes of a record, and what only a whole batch of them shows. */
import type { DesiredAccount, HcmRecord, RejectedPerson } from '../contracts';
import { uniqueGroups } from './placement';

export type OutOfScopePerson = {
	readonly key: string;
	readonly displayName: string;
	readonly previousKeys?: readonly string[];
	/** The conditions not met, in words. */
	readonly conditions: readonly string[];
};

export type MappingOutcome =
	| { readonly mapped: DesiredAccount }
	| { readonly rejected: RejectedPerson }
	| { readonly outOfScope: OutOfScopePerson };

/**
 * Two people with one key (case ignored) must both be left out: each would take the other's account. Who is out of scope gets none, and
 * does not count.
 */
export function rejectSharedKeys(outcomes: readonly MappingOutcome[], records: readonly HcmRecord[]): MappingOutcome[] {
	const people = new Map<string, number>();
	const keys = outcomes.map((outcome) => keyOf(outcome).toLowerCase());
	for (const key of keys) people.set(key, (people.get(key) ?? 0) + 1);
	return outcomes.map((outcome, index) => {
		const lowerKey = keys[index] ?? '';
		const shared = people.get(lowerKey) ?? 0;
		if (shared < 2 || lowerKey === '' || 'outOfScope' in outcome) return outcome;
		const { key, displayName, previousKeys = [] } = 'mapped' in outcome ? outcome.mapped : outcome.rejected;
		const problems = 'rejected' in outcome ? outcome.rejected.problems : [];
		const message = `${shared} people have the key "${key}". Give each person a key of their own.`;
		const problem = { attribute: 'key', rule: 'unique', value: key, message };
		const former = previousKeys.length > 0 ? { previousKeys } : {};
		return {
			rejected: { key, displayName, ...former, problems: [...problems, problem], record: records[index] ?? {} },
		};
	});
}

function keyOf(outcome: MappingOutcome): string {
	if ('outOfScope' in outcome) return '';
	return 'mapped' in outcome ? outcome.mapped.key : outcome.rejected.key;
}

/** Groups that no rule names itself, but a field or an expression did for somebody, are the rules' groups too. */
export function withGivenGroups(outcomes: readonly MappingOutcome[]): MappingOutcome[] {
	const given = new Set<string>();
	for (const outcome of outcomes)
		if ('mapped' in outcome)
			for (const group of [...outcome.mapped.managedGroups, ...outcome.mapped.groups]) given.add(group);
	const managedGroups = Object.freeze(uniqueGroups([...given]));
	return outcomes.map((outcome) => ('mapped' in outcome ? { mapped: { ...outcome.mapped, managedGroups } } : outcome));
}
