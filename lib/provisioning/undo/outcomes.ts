/** Outcomes as they come in: only those that this tool has sealed, of one plan, for this domain. */
import type { Outcome } from '../../contracts';
import { DirectoryError } from '../../directory/errors';
import type { Fault } from '../../directory/mark';
import { sealFault } from '../seals';

/** As many are named to whoever has to look. */
const SHOWN = 5;
const SHOWN_CHARACTERS = 60;

/**
 * @param domainGuid of the domain that the undo would write to
 * @throws DirectoryError (configuration): one that is not genuine stops everything, because nobody knows what else was changed
 */
export function checkedOutcomes(values: readonly unknown[], signingKey: string, domainGuid: string): Outcome[] {
	if (values.length === 0) throw refused('There are no outcomes to undo.', 'Pass in the items of Apply Plan.');
	const faults = values.map((value) => sealFault(signingKey, 'outcome', value));
	for (const fault of ['edited', 'another key'] as const) {
		const bad = values.flatMap((value, index) => (faults[index] === fault ? [nameOf(value, index)] : []));
		if (bad.length > 0) throw notGenuine(fault, bad);
	}
	const outcomes = values as readonly Outcome[];
	const [first] = outcomes;
	if (outcomes.some(({ bind }) => bind.planId !== first?.bind.planId))
		throw refused('These outcomes are of several plans.', 'Undo one plan at a time, the last one first.');
	if (first?.bind.domainGuid !== domainGuid)
		throw refused(
			'These outcomes are of another domain than the one that the credential leads to.',
			'Use the credential that the plan was applied with.',
		);
	const seen = new Set<string>();
	for (const [index, { runId, changeId }] of outcomes.entries()) {
		const id = JSON.stringify([runId, changeId]);
		if (seen.has(id))
			throw refused(
				`The same outcome came in twice: ${nameOf(outcomes[index], index)}.`,
				'Pass each item in once; look for a branch that is connected twice.',
			);
		seen.add(id);
	}
	return [...outcomes];
}

function notGenuine(fault: Fault, bad: readonly string[]): DirectoryError {
	const [one, they] = bad.length === 1 ? ['An outcome', 'it was'] : [`${bad.length} outcomes`, 'they were'];
	const list = `${bad.slice(0, SHOWN).join(', ')}${bad.length > SHOWN ? ', …' : ''}`;
	return fault === 'edited'
		? refused(
				`${one} cannot be undone, because ${they} edited since Apply Plan put them out, or ${they} no outcome: ${list}.`,
				'Pass the items of Apply Plan in as they are, all fields included; find out who changed them.',
			)
		: refused(
				`${one} cannot be undone, because ${they} sealed with another signing key than the one in the credential: ${list}.`,
				'Use the credential that the plan was applied with.',
			);
}

/** The key of something that is not known to be genuine, for people to find it. */
function nameOf(value: unknown, index: number): string {
	const key: unknown = typeof value === 'object' && value !== null ? (value as { readonly key?: unknown }).key : '';
	const text = typeof key === 'string' ? key.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, SHOWN_CHARACTERS) : '';
	return text === '' ? `number ${index + 1}` : `number ${index + 1} (key "${text}")`;
}

function refused(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'configuration', message: `${message} Nothing was written.`, whatToDo });
}
