/** What somebody approved: sealed by this tool, for this domain, not expired, within its guards, all of one plan. */
import type { Breach, Change, Plan } from '../../contracts';
import { DirectoryError } from '../../directory/errors';
import type { Fault } from '../../directory/mark';
import { canonicalJson } from '../../json/canonical';
import { personKey } from '../keys';
import { sealFault, type SealedKind } from '../seals';

export type Approval = {
	/** A whole plan, as it came in. */
	readonly plan?: unknown;
	/** Single changes, as they came in; with a plan, those of it that were approved, none = all. */
	readonly changes: readonly unknown[];
	readonly signingKey: string;
	/** Instant by the controller's clock. */
	readonly now: string;
	readonly domainGuid: string;
	/** The digest's hash of a plan beyond its guards; '' = none. */
	readonly approvedOverLimit: string;
};

export type Approved = {
	readonly changes: readonly Change[];
	/** Only where the whole plan came in. */
	readonly plan: Plan | undefined;
};

/**
 * Everything is looked at before anything is read or written.
 * @throws DirectoryError (configuration) that says what is not as it was approved
 */
export function checkApproval(approval: Approval): Approved {
	const { signingKey, now, domainGuid, approvedOverLimit } = approval;
	const plan = approval.plan === undefined ? undefined : checkPlan(approval.plan, signingKey);
	const given = approval.changes.map((value, index) => checkChange(value, signingKey, `Item ${index}`));
	const changes = given.length > 0 || !plan ? given : plan.changes;
	const [first] = changes;
	const bind = plan ? undefined : first?.bind;
	checkOfOnePlan(changes, plan);
	checkTwice(changes);
	const facts = plan
		? { expiresAt: plan.expiresAt, domain: plan.directory.domainGuid }
		: bind && { expiresAt: bind.expiresAt, domain: bind.domainGuid };
	if (!facts) return { changes, plan };
	if (facts.domain.toLowerCase() !== domainGuid.toLowerCase())
		throw refused(
			`The plan was made for another domain${plan ? ` (${plan.directory.domain})` : ''} than the one that the credential leads to.`,
			'Use the credential that the plan was made with. A plan made from a snapshot can be applied only to the domain that the snapshot is of.',
		);
	if (!(Date.parse(now) < Date.parse(facts.expiresAt)))
		throw refused(
			`The plan expired on ${inWords(facts.expiresAt)}; the controller's clock says ${inWords(now)}.`,
			'Make a new plan and have it approved. How long a plan can be applied is its option Expires After.',
		);
	if (first) checkGuards(first, plan, approvedOverLimit);
	return { changes, plan };
}

/**
 * A plan that is genuine; whether it may be applied is not looked at.
 * @param which as the end of "What came in as "
 * @throws DirectoryError (configuration)
 */
export function checkPlan(value: unknown, signingKey: string, which = 'the plan'): Plan {
	if (!isPlan(value))
		throw refused(
			`What came in as ${which} is none.`,
			'Give the item that Create Plan put out under Plan, whole and unchanged, or its changes.',
		);
	checkSeal(value, 'plan', signingKey, which.replace(/^t/, 'T'));
	checkVersion(value.formatVersion);
	for (const [index, change] of value.changes.entries())
		checkChange(change, signingKey, `Change ${index + 1} of ${which}`);
	return value;
}

/** @param which as the beginning of a sentence */
function checkChange(value: unknown, signingKey: string, which: string): Change {
	if (!isChange(value))
		throw refused(
			`${which} is no change of a plan.`,
			'Give the items that Create Plan put out under Changes, whole and unchanged, or the one under Plan.',
		);
	checkSeal(value, 'change', signingKey, `${which} (${value.displayName || value.key})`);
	return value;
}

function checkSeal(value: unknown, kind: SealedKind, signingKey: string, what: string): void {
	const fault = sealFault(signingKey, kind, value);
	if (fault === undefined) return;
	const words: Readonly<Record<Fault, readonly [string, string]>> = {
		edited: [
			`${what} is not what was sealed: somebody edited it, or a node in between changed it.`,
			'Give it as Create Plan put it out. Fields may not be added, changed or taken away; leave whole changes out instead.',
		],
		'another key': [
			`${what} was sealed with another signing key than the one in the credential.`,
			'Use the credential that the plan was made with, or make a new plan.',
		],
	};
	throw refused(...words[fault]);
}

function checkVersion(version: unknown): void {
	if (version !== 1)
		throw refused(
			`The plan has format ${String(version)}; this version of the node knows format 1.`,
			'Apply it with the version of the package that made it, or make a new plan.',
		);
}

/** What a change says of its plan is inside its seal: changes of two plans are told by it, and so is one that was not in this plan. */
function checkOfOnePlan(changes: readonly Change[], plan: Plan | undefined): void {
	const [first] = changes;
	if (!first) return;
	const bind = canonicalJson(first.bind);
	const other = changes.find((change) => canonicalJson(change.bind) !== bind);
	if (other)
		throw refused(
			`The changes are of two plans: ${first.displayName || first.key} of ${first.bind.planId}, ${other.displayName || other.key} of ${other.bind.planId}.`,
			'Apply each plan by itself.',
		);
	if (!plan) return;
	const seals = new Map(plan.changes.map(({ id, seal }) => [id, seal]));
	const strange = changes.find(({ id, seal }) => seals.get(id) !== seal);
	if (first.bind.planId === plan.id && first.bind.digestHash === plan.digest.hash && !strange) return;
	const who = strange ?? first;
	throw refused(
		`The change of ${who.displayName || who.key} is not of the plan that came with it.`,
		'Apply each plan by itself.',
	);
}

/** One change, one person and one account once. */
function checkTwice(changes: readonly Change[]): void {
	const seen = new Set<string>();
	for (const { id, key, displayName, target } of changes) {
		const names = [`id ${id}`, `key ${personKey(key)}`, ...(target ? [`account ${target.guid}`] : [])];
		if (names.some((name) => seen.has(name)))
			throw refused(
				`The change of ${displayName || key} came in twice.`,
				'Give each change once. Where items were merged, remove the duplicates.',
			);
		for (const name of names) seen.add(name);
	}
}

/** A plan beyond its guards needs the hash of what the approver saw: an approval of another plan is none of this one. */
function checkGuards({ bind }: Change, plan: Plan | undefined, approvedOverLimit: string): void {
	// As it is copied from the digest's form, which breaks the long line at invisible places.
	const given = approvedOverLimit.replace(/[\s\u200b]/g, '');
	if (bind.guardOk || given === bind.digestHash) return;
	const limits = (plan?.guard.breaches ?? []).map(({ message }: Breach) => message).join(' ');
	throw refused(
		`The plan goes beyond its guards, and nothing of it is applied${given === '' ? '' : ': Approved Over Limit holds the hash of another plan'}.${limits === '' ? '' : ` ${limits}`}`,
		'Look whether the feed is right. If all of it is meant, have it approved with Approved Over Limit set to the field digest.hash of this very plan.',
	);
}

/** An instant for people. */
export function inWords(instant: string): string {
	return instant.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC');
}

/** What somebody approved, or how it came in, is not what may be applied. */
export function refused(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'configuration', message, whatToDo });
}

/** Only as much as the checks need: what was sealed has the shape that it had then. */
function isPlan(value: unknown): value is Plan {
	return (
		isObject(value) && typeof value['id'] === 'string' && Array.isArray(value['changes']) && isObject(value['guard'])
	);
}

function isChange(value: unknown): value is Change {
	if (!isObject(value)) return false;
	const { bind, id, key, displayName, steps } = value;
	return isObject(bind) && [id, key, displayName].every((text) => typeof text === 'string') && Array.isArray(steps);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
