/**
 * Somebody who leaves: disabled, emptied, a password that nobody knows, out of the groups, moved last, as lib/directory/accounts/disable.ts does it
 * for one account. Mark and snapshot are made when the plan is applied; here it is only seen to that the snapshot will have room.
 */
import type { Policy } from '../../contracts';
import { fileTimeOf } from '../../directory/accounts/desired';
import {
	changesLeftOver,
	changesToLeave,
	NO_LEAVE_OPTIONS,
	wantedAfter,
	type LeaveOptions,
} from '../../directory/accounts/leaveOptions';
import { textsOf, valuesOf } from '../../directory/entry';
import type { Snapshot, SnapshotAttribute } from '../../directory/snapshot';
import { toFileTime } from '../../schema/instants';
import { toPlainValue, toWrites } from './attributes';
import { linkStep } from './groupSteps';
import { setStep, stateOf } from './joinerSteps';
import { fitting } from './leaverRoom';
import { isInstant } from './parsePerson';
import { relocation } from './placement';
import { memoryOf, type StepMemory } from './stepMemory';
import { isFault, partsOf, type Parts, type StepBody } from './steps';
import type { AccountView, Decision, GroupKnown, Resolved, StepContext } from './types';

type Leaver = Extract<Decision, { kind: 'leaver' }>;

/** Collects what is said of one leaver. */
type Job = {
	readonly leaver: Leaver;
	readonly account: AccountView;
	/** Its new name where leavers stand, when another one has its own there. */
	readonly cn: string | undefined;
	readonly context: StepContext;
	readonly memory: StepMemory;
	readonly notes: string[];
};

/** What the policy does with leavers, as the operation Disable has it. */
export function leaveOptionsOf({ leavers }: Policy): LeaveOptions {
	const { randomPassword, clear, removeFromGroups, hideAttribute, description, moveTo } = leavers;
	return { ...NO_LEAVE_OPTIONS, randomPassword, clear, removeFromGroups, hideAttribute, description, moveTo };
}

/** The first time everything, afterwards only what is outstanding; once its days are over, the end of it. */
export function leaverSteps(leaver: Leaver, { names }: Resolved, context: StepContext): Parts {
	const { account } = leaver;
	if (leaver.remove) return partsOf([deletion(account, context)]);
	const job: Job = { leaver, account, cn: names.cn, context, memory: memoryOf(context), notes: [] };
	const steps = leaver.again ? stepsAgain(job) : firstSteps(job);
	return partsOf(steps, job.notes);
}

/** What tells that it is still the account that left. */
function deletion({ entry }: AccountView, { request }: StepContext): StepBody {
	const attributes = [request.anchor, request.markAttribute, 'userAccountControl', 'objectSid'];
	return {
		do: 'delete',
		expect: Object.fromEntries(
			attributes.flatMap((attribute) => {
				const values = valuesOf(entry, attribute).map(toPlainValue);
				return values.length > 0 ? [[attribute, values] as const] : [];
			}),
		),
	};
}

function firstSteps(job: Job): readonly StepBody[] {
	const { account, context, memory, notes } = job;
	const { randomPassword, removeFromGroups, moveTo } = context.request.policy.leavers;
	const full = {
		attributes: changesToLeave(account.entry, wantedValues(job)),
		groups: removeFromGroups ? groupsToLeave(job) : [],
	};
	const { attributes, groups, mayMove, note } = fitting(account, full, context, memory);
	if (note !== undefined) notes.push(note);
	const { uac, pwdLastSet } = stateOf(account);
	return [
		{ do: 'disable', fromUac: uac, with: writesOf(attributes, memory) },
		...(randomPassword ? [passwordStep(pwdLastSet)] : []),
		...groups.map((group) => linkStep('unlink', group)),
		...(mayMove ? movingTo(moveTo, job) : []),
	];
}

function writesOf(attributes: readonly SnapshotAttribute[], memory: StepMemory) {
	return toWrites(
		attributes.map(({ attribute, from, to }) => ({ rule: memory.rule(attribute), from, to })),
		memory,
	).now;
}

function passwordStep(pwdLastSetBefore: string): StepBody {
	return { do: 'setPassword', rule: { mustChange: false }, pwdLastSetBefore };
}

/** Without attributes that the domain does not have: the one that hides people comes with Exchange. */
function wantedValues({ leaver: { person }, context, notes }: Job): ReturnType<typeof wantedAfter> {
	const endsAt = person?.endsAt ?? null;
	const options = leaveOptionsOf(context.request.policy);
	// An end that is no instant keeps nobody from leaving.
	const hasEnd = endsAt !== null && isInstant(endsAt);
	const wanted = wantedAfter({ ...options, expiresAt: hasEnd ? fileTimeOf(endsAt) : null });
	const known = Object.entries(wanted).filter(([attribute]) => {
		const has = context.schema.has(attribute.toLowerCase()) || attribute === 'accountExpires';
		if (!has) notes.push(`The domain's users have no attribute ${attribute}: it is left out.`);
		return has;
	});
	return Object.fromEntries(known);
}

/** All groups but those that nobody is taken out of by this tool, and those that it cannot see. */
function groupsToLeave({ account, context, notes }: Job): readonly GroupKnown[] {
	const unseen: string[] = [];
	const free = textsOf(account.entry, 'memberOf').flatMap((dn) => {
		const group = context.groups.get(dn);
		if (group === undefined || 'reason' in group) unseen.push(dn);
		else if (group.protection === undefined) return [group];
		else notes.push(`The membership of ${group.dn} is kept: the group is protected, ${group.protection}.`);
		return [];
	});
	if (unseen.length > 0)
		notes.push(
			`${unseen.length} groups of other domains, or that the service account cannot read, are kept: ${unseen.slice(0, 5).join(' · ')}`,
		);
	return free;
}

/** A place that cannot be used keeps nobody from being disabled. */
function movingTo(moveTo: string, { account, cn, context, memory, notes }: Job): readonly StepBody[] {
	if (moveTo === '') return [];
	const place = context.places.get(moveTo);
	if (!place || 'reason' in place) {
		notes.push(`The account stays where it is: ${moveTo} cannot be used: ${place?.reason ?? 'it was not found'}.`);
		return [];
	}
	const moved = relocation(account, place, cn, context, memory);
	if (!isFault(moved)) return moved ? [moved] : [];
	notes.push(`The account stays where it is: ${moved.message}`);
	return [];
}

/** The snapshot says what the first run was to do, and is never made anew. */
function stepsAgain(job: Job): readonly StepBody[] {
	const { account, context, memory, notes } = job;
	const { randomPassword, removeFromGroups, moveTo } = context.request.policy.leavers;
	const { snapshot, mark } = account;
	const { pwdLastSet } = stateOf(account);
	if (!snapshot) {
		notes.push('There is no snapshot of what the account had: groups, attributes and place are kept.');
		// Set after the leave it is the one that nobody knows. The mark's instant is cut to the second, so it is never the later one.
		const isOwn = mark !== undefined && BigInt(pwdLastSet || 0) < BigInt(toFileTime(Date.parse(mark.at)));
		return randomPassword && isOwn ? [passwordStep(pwdLastSet)] : [];
	}
	const { changes, kept } = changesLeftOver(account.entry, wantedValues(job), snapshot);
	if (kept.length > 0)
		notes.push(
			`${kept.join(', ')} ${kept.length > 1 ? 'are' : 'is'} left alone: the snapshot does not hold what stands there now.`,
		);
	const groups = removeFromGroups ? groupsLeftOver(job, snapshot) : [];
	return [
		...setStep(writesOf(changes, memory)),
		...(randomPassword && pwdLastSet === snapshot.pwdLastSet ? [passwordStep(pwdLastSet)] : []),
		...groups.map((group) => linkStep('unlink', group)),
		...movingTo(moveTo, job),
	];
}

function groupsLeftOver(job: Job, snapshot: Snapshot): readonly GroupKnown[] {
	const groups = groupsToLeave(job);
	const open = groups.filter(({ guid }) => snapshot.groups?.includes(guid));
	const kept = groups.filter((group) => !open.includes(group));
	if (kept.length > 0)
		job.notes.push(`Groups that the snapshot does not hold are kept: ${kept.map(({ name }) => name).join(', ')}.`);
	return open;
}
