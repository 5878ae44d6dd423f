/** Why something is to be done, and why an approver should look at it twice, in words. */
import type { Ref, Step, Write } from '../../contracts';
import { instantWords } from '../digest/visible';
import { memoryOf, type StepMemory } from './stepMemory';
import type { AccountView, ChangingDecision, StepContext } from './types';

/**
 * Attributes that decide more than what a directory shows: by which people log on or are found (names, addresses, anchor), where their mail goes,
 * what runs when they log on and who they are to Unix systems, and until when an account is open. Not manager: a reorganisation changes it for
 * hundreds, and among as many high risks none is seen.
 */
const SENSITIVE = new Set([
	...['samaccountname', 'userprincipalname', 'mail', 'proxyaddresses', 'targetaddress', 'mailnickname'],
	...['accountexpires', 'scriptpath', 'profilepath', 'homedirectory', 'mstsprofilepath', 'mstshomedirectory'],
	...['uidnumber', 'gidnumber', 'unixhomedirectory', 'loginshell'],
]);

/** Why the change is of high risk; empty = it is not. */
export function riskReasonsOf(decision: ChangingDecision, steps: readonly Step[], context: StepContext): string[] {
	const memory = memoryOf(context);
	return [...ofKind(decision), ...steps.flatMap((step) => ofStep(step, decision, context, memory))];
}

function ofKind(decision: ChangingDecision): readonly string[] {
	switch (decision.kind) {
		case 'leaver':
			return [decision.remove ? 'the account is deleted' : 'the person leaves'];
		case 'rehire':
			return ['a disabled account is enabled again'];
		case 'joiner':
		case 'pending':
		case 'mover':
			return [];
	}
}

function ofStep(
	step: Step,
	decision: ChangingDecision,
	{ request }: StepContext,
	memory: StepMemory,
): readonly string[] {
	switch (step.do) {
		case 'relocate': {
			const { from, to } = step;
			return [
				...(from.rdn === to.rdn ? [] : ['the account is renamed']),
				...(from.parent.guid === to.parent.guid ? [] : [`the account moves to ${to.parent.dn}`]),
			];
		}
		case 'set': {
			// Nobody knows the account of somebody who has not begun.
			if (decision.kind === 'pending') return [];
			const special = [request.anchor, ...request.matchOn].map((name) => name.toLowerCase());
			const sensitive = ({ attribute }: Write) =>
				SENSITIVE.has(attribute.toLowerCase()) || special.includes(attribute.toLowerCase());
			return step.writes.filter(sensitive).map(({ attribute }) => `${attribute} is changed`);
		}
		case 'link':
			return ofGroup(step.group, memory);
		case 'create':
		case 'unlink':
		case 'setPassword':
		case 'enable':
		case 'disable':
		case 'delete':
			return [];
	}
}

function ofGroup(ref: Ref, memory: StepMemory): readonly string[] {
	const group = 'guid' in ref ? memory.groupByGuid(ref.guid) : undefined;
	return group?.near === undefined ? [] : [`the person joins ${group.name}: ${group.near}`];
}

/** Why there is something to do, as the feed and the account have it. */
export function reasonsOf(decision: ChangingDecision, { request, facts }: StepContext): string[] {
	switch (decision.kind) {
		case 'joiner':
			return ['new in the feed', ...starting(decision.person.startsAt, decision.enable, facts.now)];
		case 'pending':
			return [
				'the account was begun and is not finished',
				...starting(decision.person.startsAt, decision.finish, facts.now),
			];
		case 'mover':
			return [
				'the account differs from the feed',
				...(decision.newKey ? [`found by previous key ${decision.account.key}`] : []),
			];
		case 'rehire':
			return [
				`back after leaving on ${leftOn(decision.account)}`,
				...(decision.newKey ? [`found by previous key ${decision.account.key}`] : []),
			];
		case 'leaver': {
			const { account, again, remove, why, person } = decision;
			const days = request.policy.leavers.deleteAfterDays;
			if (remove) return [`left on ${leftOn(account)}, more than ${days ?? 0} days ago`];
			const reason = {
				feed: 'leaver by the rules of the feed',
				'end date': `the end date has passed (${instantWords(person?.endsAt ?? '')})`,
				absence: 'missing from the feed, and from the one before',
			}[why];
			return [reason, ...(again ? [`left on ${leftOn(account)}, and not everything is done`] : [])];
		}
	}
}

function starting(startsAt: string | null, opens: boolean, now: string): readonly string[] {
	if (startsAt === null) return [];
	// With the hour: midnight in the person's zone is the day before in UTC, east of it.
	const instant = instantWords(startsAt);
	if (Date.parse(startsAt) <= Date.parse(now)) return [`started on ${instant}`];
	return [opens ? `starts on ${instant}, enabled before` : `starts on ${instant}, disabled until then`];
}

function leftOn({ mark }: AccountView): string {
	return mark?.at.slice(0, 10) ?? 'an unknown day';
}
