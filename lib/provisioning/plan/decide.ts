/** What is to happen with each person: the table, in its order. Nothing here asks the directory, and nobody is decided on twice. */
import type { DesiredAccount, Policy } from '../../contracts';
import type { Mark } from '../../directory/mark';
import {
	disabledByOthers,
	leftLongAgo,
	outOfScope,
	pendingForOldKey,
	protectedPerson,
	unfitInstant,
	unfitSnapshot,
} from './decisionProblems';
import { personKeys } from '../keys';
import { accountsByKey, accountsOf, type AccountsByKey, type Match } from './match';
import { isInstant } from './parsePerson';
import type { AccountView, Decision, PlanFacts, PlanRequest } from './types';

export type DecideContext = {
	readonly policy: Policy;
	/** Milliseconds since 1970, by the controller's clock. */
	readonly now: number;
	readonly anchor: string;
	/** Accounts that were found outside the scope. */
	readonly outsiders: AccountsByKey;
};

const DAY_MS = 86_400_000;

/** @param outsiders what was found for `keysToFind`, and what stands in the leaver OU without a mark; those in scope are left out */
export function decideContext(
	{ policy, anchor }: Pick<PlanRequest, 'policy' | 'anchor'>,
	{ now }: Pick<PlanFacts, 'now'>,
	outsiders: readonly AccountView[],
): DecideContext {
	const outside = outsiders.filter(({ inScope }) => !inScope);
	return { policy, anchor, now: Date.parse(now), outsiders: accountsByKey(outside) };
}

/** Exactly one for each match. */
export function decide(match: Match, context: DecideContext): Decision {
	const { person, account, problem } = match;
	if (problem) return { kind: 'problem', problem };
	const outsiders = account || context.outsiders.first.size === 0 ? [] : outsidersOf(person, context);
	const why = leaverReason(person, context);
	const guarded = [...(account ? [account] : outsiders)].find(({ protection }) => protection !== undefined);
	if (guarded) return { kind: 'problem', problem: protectedPerson(person, guarded, why !== undefined) };
	if (person.lifecycle === 'away') return unchanged(person, account, 'the person is away');
	if (why) return account ? leaver(person, account, why, context) : absentLeaver(person, outsiders);
	const unfit = unfitInstant(person, account?.enabled === true);
	if (unfit) return { kind: 'problem', problem: unfit };
	if (account) return active(match, account, context);
	if (outsiders.length > 0) return { kind: 'problem', problem: outOfScope(person, outsiders, context.anchor) };
	return joiner(person, context);
}

/**
 * For an account whose key nobody in a trusted feed has, twice (absence.ts).
 * @param account enabled, pending or left, and not protected
 */
export function decideAbsent(account: AccountView, { policy, now }: Pick<DecideContext, 'policy' | 'now'>): Decision {
	const again = account.mark?.state === 'left';
	return {
		...{ kind: 'leaver', person: null, account, why: 'absence', again },
		remove: again && isRemovalDue(account.mark, policy, now),
	};
}

function outsidersOf(person: DesiredAccount, { outsiders }: DecideContext): readonly AccountView[] {
	return personKeys(person).flatMap((key) => accountsOf(outsiders, key));
}

/** Who is away is no leaver whatever their dates say. The end is exclusive. */
function leaverReason({ lifecycle, endsAt }: DesiredAccount, { now }: DecideContext): 'feed' | 'end date' | undefined {
	if (lifecycle === 'leaver') return 'feed';
	const isOver = lifecycle === 'active' && endsAt !== null && Date.parse(endsAt) <= now && isInstant(endsAt);
	return isOver ? 'end date' : undefined;
}

function leaver(
	person: DesiredAccount,
	account: AccountView,
	why: 'feed' | 'end date',
	{ policy, now }: DecideContext,
): Decision {
	const { mark, enabled } = account;
	if (!enabled && !mark) return unchanged(person, account, `the account is disabled already, ${othersWords(account)}`);
	if (!policy.leavers.disable)
		return turnedOff(
			unchanged(person, account, 'the person leaves, and disabling leavers is turned off'),
			mark?.state !== 'left',
		);
	const again = mark?.state === 'left';
	return { kind: 'leaver', person, account, why, again, remove: again && isRemovalDue(mark, policy, now) };
}

function absentLeaver(person: DesiredAccount, outsiders: readonly AccountView[]): Decision {
	const stillOpen = outsiders.find(({ enabled }) => enabled);
	const outsider = stillOpen ?? outsiders[0];
	if (!outsider) return unchanged(person, undefined, 'the person leaves, and has no account');
	const reason = `the person leaves, and ${outsider.dn} is outside the scope of this plan`;
	return { kind: 'unchanged', person, account: null, reason, ...(stillOpen ? { stillOpen } : {}) };
}

function othersWords({ markFault }: AccountView): string {
	return markFault === undefined ? 'and not by this tool' : `and not by this tool: ${markFault}`;
}

function isRemovalDue(mark: Mark | undefined, { leavers }: Policy, now: number): boolean {
	return (
		mark !== undefined &&
		leavers.deleteAfterDays !== null &&
		Date.parse(mark.at) + leavers.deleteAfterDays * DAY_MS <= now
	);
}

function active(match: Match, account: AccountView, context: DecideContext): Decision {
	const { person } = match;
	const newKey = match.by === 'previous key';
	// A mark on an account that is enabled is left over from before somebody enabled it.
	if (account.enabled) return { kind: 'mover', person, account, newKey };
	switch (account.mark?.state) {
		case undefined:
			return { kind: 'problem', problem: disabledByOthers(person, account) };
		case 'pending':
			return pending(person, account, newKey, context);
		case 'left':
			return returning(person, account, newKey, context);
	}
}

function pending(person: DesiredAccount, account: AccountView, newKey: boolean, context: DecideContext): Decision {
	if (newKey) return { kind: 'problem', problem: pendingForOldKey(person, account, context.anchor) };
	if (!context.policy.joiners.create)
		return turnedOff(unchanged(person, account, 'the account is unfinished, and joiners are turned off'), true);
	return { kind: 'pending', person, account, finish: mayBeEnabled(person, context) };
}

function returning(person: DesiredAccount, account: AccountView, newKey: boolean, context: DecideContext): Decision {
	const { rehires } = context.policy;
	if (!rehires.enable)
		return turnedOff(unchanged(person, account, 'the person is back, and rehires are turned off'), true);
	const leftAt = Date.parse(account.mark?.at ?? '');
	// Written so that an instant that is none counts as long ago.
	if (!(leftAt + rehires.withinDays * DAY_MS >= context.now))
		return { kind: 'problem', problem: leftLongAgo(person, account, rehires.withinDays) };
	if (rehires.restore && account.snapshotFault !== undefined)
		return { kind: 'problem', problem: unfitSnapshot(person, account, account.snapshotFault) };
	// Whoever is to begin again next month is not let in today.
	if (!mayBeEnabled(person, context))
		return unchanged(person, account, `the person is back from ${person.startsAt ?? ''}`);
	return { kind: 'rehire', person, account, newKey };
}

function joiner(person: DesiredAccount, context: DecideContext): Decision {
	const { joiners } = context.policy;
	if (!joiners.create)
		return turnedOff(
			unchanged(person, undefined, 'the person has no account, and joiners are turned off'),
			isDue(person, context),
		);
	if (!isDue(person, context))
		return unchanged(
			person,
			undefined,
			`the person starts on ${person.startsAt ?? ''}, and accounts are made ${joiners.daysBefore} days before`,
		);
	return { kind: 'joiner', person, enable: mayBeEnabled(person, context) };
}

function isDue({ startsAt }: DesiredAccount, { policy, now }: DecideContext): boolean {
	return startsAt === null || now >= Date.parse(startsAt) - policy.joiners.daysBefore * DAY_MS;
}

/** The start is reached; or it is near, and accounts are to be enabled before it. */
function mayBeEnabled(person: DesiredAccount, context: DecideContext): boolean {
	if (person.startsAt === null || context.now >= Date.parse(person.startsAt)) return true;
	return context.policy.joiners.until === 'enabled' && isDue(person, context);
}

function unchanged(
	person: DesiredAccount,
	account: AccountView | undefined,
	reason: string,
): Extract<Decision, { kind: 'unchanged' }> {
	return { kind: 'unchanged', person, account: account ?? null, reason };
}

/** @param isDue whether something would be done now, were it turned on */
function turnedOff(decision: Extract<Decision, { kind: 'unchanged' }>, isDue: boolean): Decision {
	return isDue ? { ...decision, turnedOff: true } : decision;
}
