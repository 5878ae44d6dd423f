/** One draft for everybody: the steps of their change, nothing, or the problem that came up on the way. */
import type { Change, Lifecycle, PlanProblem } from '../../contracts';
import { bytesOf, textOf } from '../../directory/entry';
import { sidToText } from '../../directory/sid';
import { changeId, personKey } from '../keys';
import { draftOf } from './drafts';
import type { UnsealedChange } from './finish';
import type { NamesChosen } from './names';
import { resolveReferences } from './references';
import type { AccountView, ChangingDecision, Decision, Draft, PlanSource, Resolved, StepContext } from './types';

type Unchanged = { readonly unchanged: true; readonly unresolved?: readonly string[] };
export type Drafted = { readonly problem: PlanProblem } | { readonly change: UnsealedChange } | Unchanged;

/**
 * Steps for everybody. A joiner who turns out to be a problem is nobody's manager: then references are worked out once more without that one.
 */
export async function draftAll(
	source: PlanSource,
	context: StepContext,
	{ id, decisions, chosen }: { id: string; decisions: readonly Decision[]; chosen: NamesChosen },
	accounts: readonly AccountView[],
): Promise<readonly Drafted[]> {
	const { anchor } = context.request;
	const joiners = new Set(
		decisions.flatMap((decision) => (decision.kind === 'joiner' ? [personKey(decision.person.key)] : [])),
	);
	for (const [key, names] of chosen.names) if ('kind' in names) joiners.delete(key);
	for (;;) {
		const before = joiners.size;
		const joiner = (key: string) => (joiners.has(personKey(key)) ? changeId(id, key) : undefined);
		const references = await resolveReferences(decisions, source, { anchor, accounts, names: chosen.names, joiner });
		const drafted = decisions.map((decision) => {
			const one = draftOne(decision, context, chosen, references);
			if ('problem' in one && decision.kind === 'joiner') joiners.delete(personKey(decision.person.key));
			return one;
		});
		if (joiners.size === before) return drafted;
	}
}

const UNCHANGED: Unchanged = { unchanged: true };

/** References of somebody who has nothing to do, that lead to nobody. */
export function unresolvedOf(one: Drafted): readonly string[] | undefined {
	return 'unchanged' in one ? one.unresolved : undefined;
}

function draftOne(
	decision: Decision,
	context: StepContext,
	chosen: NamesChosen,
	references: Awaited<ReturnType<typeof resolveReferences>>,
): Drafted {
	if (decision.kind === 'unchanged') return UNCHANGED;
	if (decision.kind === 'problem') return { problem: decision.problem };
	const key = personKey(decision.kind === 'joiner' ? decision.person.key : (decision.person ?? decision.account).key);
	const names = chosen.names.get(key);
	if (names && 'kind' in names) return { problem: names };
	const referred = references.get(key);
	const notes = chosen.personNotes.get(key);
	const resolved: Resolved =
		names || referred || notes
			? {
					names: names ?? {},
					references: referred?.references ?? {},
					notes: [...(notes ?? []), ...(referred?.notes ?? [])],
				}
			: NOTHING_RESOLVED;
	const draft = draftOf(decision, resolved, context);
	if ('kind' in draft) return { problem: draft };
	if (draft.steps.length > 0) return { change: toChange(decision, draft) };
	return referred && referred.notes.length > 0 ? { ...UNCHANGED, unresolved: referred.notes } : UNCHANGED;
}

const NOTHING_RESOLVED: Resolved = { names: {}, references: {}, notes: [] };

function toChange(decision: ChangingDecision, draft: Draft): UnsealedChange {
	const { person } = decision;
	const account = decision.kind === 'joiner' ? undefined : decision.account;
	return {
		...draft,
		// What is for reading only may come from HR as it likes: half a character could not be sealed, and keeps nobody from leaving.
		notes: draft.notes.map((note) => note.toWellFormed()),
		key: person?.key ?? account?.key ?? '',
		displayName: shownName(person?.displayName, account).toWellFormed(),
		lifecycle: LIFECYCLES[decision.kind],
		target: account ? targetOf(account) : null,
	};
}

/** HR systems may have no name for people to read. */
function shownName(given: string | undefined, account: AccountView | undefined): string {
	if (given !== undefined && given !== '') return given;
	return (account && textOf(account.entry, 'displayName')) ?? '';
}

const LIFECYCLES: Readonly<Record<ChangingDecision['kind'], Lifecycle>> = {
	joiner: 'joiner',
	pending: 'joiner',
	mover: 'mover',
	leaver: 'leaver',
	rehire: 'rehire',
};

function targetOf({ guid, dn, entry }: AccountView): NonNullable<Change['target']> {
	const sid = bytesOf(entry, 'objectSid');
	return { guid, dn, sid: sid ? sidToText(sid) : '', usn: textOf(entry, 'uSNChanged') ?? '' };
}
