/** What holds for a whole plan, in words: its title, what must be seen first, where it comes from, and how much it does. */
import type { Breach, Lifecycle, Plan, PlanFeed, StepKind } from '../../contracts';
import { sentence } from './values';
import { counted, grouped, instantWords } from './visible';

export type PlanWithoutDigest = Omit<Plan, 'digest' | 'seal'>;

export type Fact = { readonly name: string; readonly text: string };

export type Head = {
	readonly title: string;
	/** What must be seen before anything else, sentences; none in a plan that is as it should be. */
	readonly alarms: readonly string[];
	readonly facts: readonly Fact[];
	/** For the bar of counts; those that occur. */
	readonly bar: ReadonlyArray<{ readonly lifecycle: Lifecycle; readonly count: number; readonly words: string }>;
	/** Of the whole plan. */
	readonly notes: readonly string[];
};

const LIFECYCLES: readonly Lifecycle[] = ['joiner', 'leaver', 'mover', 'rehire'];

const ACTIONS: ReadonlyArray<readonly [kind: StepKind, one: string, many: string]> = [
	['create', 'account created', 'accounts created'],
	['enable', 'account enabled', 'accounts enabled'],
	['disable', 'account disabled', 'accounts disabled'],
	['delete', 'account deleted', 'accounts deleted'],
	['set', 'account with new attribute values', 'accounts with new attribute values'],
	['relocate', 'account moved or renamed', 'accounts moved or renamed'],
	['link', 'membership added', 'memberships added'],
	['unlink', 'membership removed', 'memberships removed'],
	['setPassword', 'password set', 'passwords set'],
];

/** A message is no place for more; the plan holds all. */
const NOTES_SHOWN = 30;
/** Enough for people to tell two plans apart by. */
const SHORT_HASH = 12;

/** @param hash of everything that the approver sees */
export function headOf(plan: PlanWithoutDigest, hash: string): Head {
	const notes = plan.notes.slice(0, NOTES_SHOWN).map(sentence);
	const more = plan.notes.length - notes.length;
	return {
		title: titleOf(plan),
		alarms: alarmsOf(plan, hash),
		facts: factsOf(plan, hash),
		bar: LIFECYCLES.flatMap((lifecycle) => {
			const count = plan.counts.people[lifecycle];
			return count > 0 ? [{ lifecycle, count, words: counted(count, lifecycle) }] : [];
		}),
		notes: more > 0 ? [...notes, `and ${counted(more, 'more note')} in the plan itself`] : notes,
	};
}

function titleOf(plan: PlanWithoutDigest): string {
	const first = [...(plan.guard.ok ? [] : ['OVER LIMIT']), ...(isIncomplete(plan) ? ['INCOMPLETE FEED'] : [])];
	const who = peopleWords(plan);
	const total = plan.changes.length === 0 ? 'no changes' : counted(plan.changes.length, 'change');
	const what = plan.kind === 'undo' ? `Undo of ${total}` : plan.changes.length === 0 ? 'No changes' : total;
	const problems = plan.counts.people.problem;
	return [
		...(first.length > 0 ? [`${first.join(', ')}: `] : []),
		what,
		...(who === '' ? [] : [`: ${who}`]),
		` in ${sentence(plan.directory.domain)}`,
		...(problems > 0 ? [` (${counted(problems, 'problem')} to look at)`] : []),
	].join('');
}

/** Deletions are named: a plan of those must not look like one that disables. */
function peopleWords({ counts }: PlanWithoutDigest): string {
	const deleted = counts.actions.delete;
	const people = LIFECYCLES.flatMap((lifecycle) => {
		const count = counts.people[lifecycle];
		return count > 0 ? [counted(count, lifecycle)] : [];
	});
	return people.join(', ') + (deleted > 0 ? `, with ${counted(deleted, 'deletion')}` : '');
}

/** Selected people and an undo are never the whole feed, and need not be. */
function isIncomplete({ kind, feed }: PlanWithoutDigest): boolean {
	return kind === 'apply' && feed.input === 'whole' && !feed.complete;
}

function alarmsOf(plan: PlanWithoutDigest, hash: string): readonly string[] {
	return [
		...(plan.guard.ok
			? []
			: [
					`Over the limit: ${plan.guard.breaches.map(breachWords).join(' ')}`,
					`Nothing of it is applied unless the approver says so expressly (by its digest hash, which begins with ${hash.slice(0, SHORT_HASH)}).`,
				]),
		...(isIncomplete(plan)
			? ['The feed is not complete: people may be missing from it, and nobody is taken for a leaver by absence.']
			: []),
		...(plan.directory.source === 'snapshot'
			? ['Planned against a snapshot of the directory, not against the directory itself.']
			: []),
	];
}

/** The guard's own sentence, with the numbers where it does not say them. */
function breachWords({ message, limit, actual }: Breach): string {
	const said = sentence(message);
	return said.includes(String(actual)) || said.includes(grouped(actual))
		? said
		: `${said} (${grouped(actual)}, and the limit is ${grouped(limit)})`;
}

function factsOf(plan: PlanWithoutDigest, hash: string): readonly Fact[] {
	const { people } = plan.counts;
	const who = [
		peopleWords(plan) || 'nobody changes',
		`${grouped(people.unchanged)} unchanged`,
		...(people.problem > 0 ? [`${counted(people.problem, 'problem')} to look at`] : []),
	];
	const actions = ACTIONS.flatMap(([kind, one, many]) =>
		plan.counts.actions[kind] > 0 ? [counted(plan.counts.actions[kind], one, many)] : [],
	);
	return [
		...(plan.kind === 'apply' ? [{ name: 'Feed', text: feedWords(plan.feed) }] : []),
		{
			name: 'Guards',
			text: plan.guard.ok ? 'all within their limits' : `${counted(plan.guard.breaches.length, 'limit')} broken`,
		},
		{ name: 'People', text: who.join(', ') },
		{
			name: 'Actions',
			text: actions.length === 0 ? 'none' : `${actions.join(', ')} (${counted(plan.counts.writes, 'write')} in all)`,
		},
		{ name: 'Expires', text: instantWords(plan.expiresAt) },
		{ name: plan.kind === 'undo' ? 'Undo plan' : 'Plan', text: sentence(plan.id) },
		{ name: 'Digest hash', text: `${hash.slice(0, SHORT_HASH)}, in whole ${hash}` },
	];
}

function feedWords(feed: PlanFeed): string {
	const sums = [
		`${grouped(feed.received)} received`,
		`${grouped(feed.mapped)} mapped`,
		`${grouped(feed.rejected)} rejected`,
		`${grouped(feed.outOfScope)} out of scope`,
	].join(', ');
	const why = feed.absenceRefused.map((reason) => sentence(reason)).join('; ');
	const absence = why === '' ? '' : `. Nobody is a leaver by absence: ${why}`;
	return `${sums}; ${extentWords(feed)}${absence}`;
}

function extentWords({ input, complete, kind, evidence }: PlanFeed): string {
	if (input === 'people') return 'selected people, not the whole feed';
	if (!complete) return 'NOT complete';
	if (kind === 'delta') return 'only what changed since the last time';
	return evidence === 'strong' ? 'complete' : 'complete as far as the HR system says (weak evidence)';
}
