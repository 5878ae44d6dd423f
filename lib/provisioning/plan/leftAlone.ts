/** What a plan leaves as it is, and somebody should know all the same: whoever has no change has no place for a note of their own. */
import { ownName } from '../../directory/accounts/desired';
import { textOf } from '../../directory/entry';
import { fromFileTime, isNever } from '../../schema/instants';
import type { Decision } from './types';

/** People named in one note. */
const SHOWN = 5;

/**
 * @param unresolved for each decision what could not be resolved, where there is nothing to do otherwise
 * @returns notes of the whole plan
 */
export function leftAloneNotes(
	decisions: readonly Decision[],
	unresolved: ReadonlyArray<readonly string[] | undefined>,
): readonly string[] {
	const open: string[] = [];
	const ends: string[] = [];
	const references: string[] = [];
	const off = new Map<string, string[]>();
	decisions.forEach((decision, index) => {
		if (decision.kind === 'unchanged' && decision.turnedOff) {
			const keys = off.get(decision.reason) ?? [];
			keys.push(decision.person.key);
			off.set(decision.reason, keys);
		}
		if (decision.kind === 'unchanged' && decision.stillOpen) open.push(decision.stillOpen.dn);
		const end = decision.kind === 'mover' ? endOf(decision) : undefined;
		if (end !== undefined) ends.push(end);
		const [first] = unresolved[index] ?? [];
		if (first !== undefined && decision.kind === 'mover') references.push(`${decision.person.key}: ${first}`);
	});
	return [
		...[...off].flatMap(([reason, keys]) => noteOf(keys, `Nothing is to be done: ${reason}`)),
		...noteOf(open, 'Outside the scope of the plan, and left enabled, are accounts of people who leave'),
		...noteOf(ends, 'No end in the HR system, and one in the directory, which closes the account all the same, have'),
		...noteOf(references, 'Nothing is to be done for people who name somebody that is not found'),
	];
}

/** When HR takes back an end the directory still has it; but an end may be an administrator's, so it is not taken away. */
function endOf({ person, account }: Extract<Decision, { kind: 'mover' }>): string | undefined {
	const value = person.endsAt === null ? textOf(account.entry, 'accountExpires') : undefined;
	if (value === undefined || isNever(value) || ownName(person.attributes, 'accountExpires') !== undefined)
		return undefined;
	const at = fromFileTime(value);
	return at === undefined ? undefined : `${person.key} (${new Date(at).toISOString().slice(0, 10)})`;
}

function noteOf(names: readonly string[], words: string): readonly string[] {
	if (names.length === 0) return [];
	const more = names.length > SHOWN ? [`and ${names.length - SHOWN} more`] : [];
	return [`${words} (${names.length}): ${[...names.slice(0, SHOWN), ...more].join(' · ')}`.toWellFormed()];
}
