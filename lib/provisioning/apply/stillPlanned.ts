/**
 * What of an approved plan is applied: not what the approver left out, and not what a plan made again after the approval does not hold any more.
 * The plan made again only takes away: nothing of it is ever applied.
 */
import type { Bind, Change, Plan } from '../../contracts';
import { personKey } from '../keys';
import { checkPlan, inWords, refused } from './approval';

export type WhyHeldBack = 'left out' | 'no longer planned' | 'planned otherwise';

export type HeldBack = {
	readonly change: Change;
	readonly why: WhyHeldBack;
	readonly message: string;
	readonly whatToDo: string;
};

export type Selection = {
	/** In the order in which they came in. */
	readonly changes: readonly Change[];
	readonly heldBack: readonly HeldBack[];
};

export type SelectionRequest = {
	/** Ids of changes that are not applied. */
	readonly leaveOut: readonly string[];
	/** A plan made again after the approval, as it came in; undefined = none was asked for. */
	readonly again: { readonly plan: unknown } | undefined;
	readonly signingKey: string;
	/** Instant by the controller's clock. */
	readonly now: string;
};

/** As many are named to whoever has to look. */
const SHOWN = 5;
const SHOWN_CHARACTERS = 60;

/**
 * @param approved of one plan; their seals were checked (approval.ts)
 * @throws DirectoryError (configuration), before anything is read or written
 */
export function selectChanges(approved: readonly Change[], request: SelectionRequest): Selection {
	const { leaveOut, again, signingKey, now } = request;
	const leftOut = new Set(leaveOut);
	checkLeaveOut(approved, leftOut);
	const plan = again && checkAgain(checkPlan(again.plan, signingKey, AGAIN), approved[0]?.bind, now);
	const planned = plan && new Map(plan.changes.map((change) => [personKey(change.key), change]));
	const changes: Change[] = [];
	const heldBack: HeldBack[] = [];
	for (const change of approved) {
		const held = leftOut.has(change.id) ? LEFT_OUT : planned && whyNotPlanned(change, planned);
		if (held) heldBack.push({ change, ...held });
		else changes.push(change);
	}
	return { changes, heldBack };
}

const AGAIN = 'the plan made again';
type Why = Omit<HeldBack, 'change'>;

const LEFT_OUT: Why = {
	why: 'left out',
	message: 'Left out by the approver. Nothing was written for this person.',
	whatToDo: 'If it is to be done after all, it comes up again in the next plan.',
};
const NO_LONGER: Why = {
	why: 'no longer planned',
	message:
		'No longer in the plan made again: the HR system or the directory has changed since the approval was asked for. Nothing was written for this person.',
	whatToDo: 'Look at the output Problems of Create Plan, and at the next plan.',
};
const OTHERWISE: Why = {
	why: 'planned otherwise',
	message:
		'The plan made again would change this person in another way than the one that was approved. Nothing was written for this person.',
	whatToDo: 'Have the next plan approved: it holds the change as it is now.',
};

/** @throws DirectoryError: whoever gives an id that does not exist meant somebody, who would be changed without a word */
function checkLeaveOut(approved: readonly Change[], leftOut: ReadonlySet<string>): void {
	const known = new Set(approved.map(({ id }) => id));
	const strange = [...leftOut].filter((id) => !known.has(id));
	if (strange.length === 0) return;
	const shown = strange.slice(0, SHOWN).map((id) => `"${id.slice(0, SHOWN_CHARACTERS).toWellFormed()}"`);
	throw refused(
		`Leave Out holds ${shown.join(', ')}${strange.length > SHOWN ? ' and others' : ''}: no change of what came in has ${strange.length > 1 ? 'such ids' : 'this id'}. Nothing was written.`,
		'Give ids of changes of this very plan, as the field id of the output Changes has them.',
	);
}

/**
 * Only what was made later, of the same kind, for the same domain and by the same attributes says anything about what was approved.
 * @param bind of the approved changes; undefined = there are none
 * @throws DirectoryError (configuration)
 */
function checkAgain(plan: Plan, bind: Bind | undefined, now: string): Plan {
	if (!bind) return plan;
	const reason = whyNoCheck(plan, bind, now);
	if (reason === undefined) return plan;
	throw refused(
		`Only If Still Planned: ${reason}. Nothing was written.`,
		"Make the plan again after the approval, by the same node and with the same settings, and point Only If Still Planned to it, such as {{ $('Create Plan').first(0).json }}.",
	);
}

function whyNoCheck(plan: Plan, bind: Bind, now: string): string | undefined {
	const same = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
	if (plan.id === bind.planId) return 'it holds the approved plan itself, not one made again after the approval';
	if (plan.kind !== bind.kind)
		return plan.kind === 'undo'
			? 'it holds an undo plan, and what was approved is none'
			: 'what was approved is an undo plan, and it holds none';
	if (!same(plan.directory.domainGuid, bind.domainGuid))
		return `it was made for another domain (${plan.directory.domain})`;
	if (!same(plan.anchor, bind.anchor))
		return `it finds people by ${plan.anchor}, and what was approved by ${bind.anchor}`;
	if (!same(plan.markAttribute, bind.markAttribute))
		return `its Mark Attribute is ${plan.markAttribute}, and that of what was approved ${bind.markAttribute}`;
	// Written so that an instant that is none is refused.
	if (!(Date.parse(plan.createdAt) >= Date.parse(bind.createdAt)))
		return `it was made on ${inWords(plan.createdAt)}, before what was approved`;
	if (!(Date.parse(now) < Date.parse(plan.expiresAt))) return `it expired on ${inWords(plan.expiresAt)}`;
	return undefined;
}

/** The same steps for another account, or for somebody who is no mover but a leaver by now, are not what was approved. */
function whyNotPlanned(change: Change, planned: ReadonlyMap<string, Change>): Why | undefined {
	const again = planned.get(personKey(change.key));
	if (!again) return NO_LONGER;
	const isSame =
		again.stepsHash === change.stepsHash &&
		again.lifecycle === change.lifecycle &&
		again.target?.guid === change.target?.guid;
	return isSame ? undefined : OTHERWISE;
}
