/** What the table leaves to a person, in words. */
import type { DesiredAccount, PlanProblem } from '../../contracts';
import { textOf } from '../../directory/entry';
import { isInstant } from './parsePerson';
import { personProblem } from './problems';
import type { AccountView } from './types';

/** @param leaves whether the person leaves: then the account must not stay open because the tool keeps its hands off */
export function protectedPerson(person: DesiredAccount, account: AccountView, leaves: boolean): PlanProblem {
	const about = `${account.dn} is protected: ${account.protection ?? ''}. Nothing is planned for it.`;
	const open = leaves && account.enabled;
	return personProblem(person, [account], {
		kind: 'protected',
		urgent: true,
		message: open
			? `${about} The person leaves, and the account is enabled.`
			: leaves
				? `${about} The person leaves; the account is disabled already.`
				: about,
		whatToDo: open
			? 'Disable the account by hand now.'
			: 'Change protected accounts by hand, or leave the person out of the feed.',
	});
}

/**
 * What is no instant is neither before nor after now: the person would be let in early, or not be shut out.
 * @param isIn whether the account is enabled already, so that the start does not matter
 */
export function unfitInstant(person: DesiredAccount, isIn: boolean): PlanProblem | undefined {
	const { startsAt, endsAt } = person;
	const isUnfit = (instant: string | null) => instant !== null && !isInstant(instant);
	const bad = isUnfit(endsAt) ? endsAt : !isIn && isUnfit(startsAt) ? startsAt : null;
	if (bad === null) return undefined;
	return personProblem(person, [], {
		kind: 'bad value',
		message: `"${bad.slice(0, 40)}" is no instant that a person starts or ends at.`,
		whatToDo: 'Give startsAt and endsAt as Attribute Map does, such as 2026-12-31T23:00:00Z.',
	});
}

export function disabledByOthers(person: DesiredAccount, account: AccountView): PlanProblem {
	const why =
		account.markFault === undefined
			? 'It was disabled by somebody else: it bears no mark of this tool'
			: `It was not disabled by this tool: ${account.markFault}`;
	return personProblem(person, [account], {
		kind: 'disabled by others',
		message: `${account.dn} is disabled, and is not enabled by a plan. ${why}.`,
		whatToDo: 'Ask who disabled it. If the person is to have it, enable it by hand; if not, mend the HR record.',
	});
}

export function leftLongAgo(person: DesiredAccount, account: AccountView, withinDays: number): PlanProblem {
	return personProblem(person, [account], {
		kind: 'left long ago',
		message: `The person is back, and ${account.dn} was disabled for leaving on ${account.mark?.at ?? 'an unknown day'}, more than ${withinDays} days ago.`,
		whatToDo: 'Decide whether the person gets the old account back: then use Enable on it. Otherwise delete it.',
	});
}

export function unfitSnapshot(person: DesiredAccount, account: AccountView, fault: string): PlanProblem {
	return personProblem(person, [account], {
		kind: 'review',
		message: `The person is back, and what ${account.dn} had before leaving cannot be restored: ${fault}.`,
		whatToDo:
			'Find out who changed it. To bring the person back all the same, turn restoring off, and give groups by hand.',
	});
}

export function pendingForOldKey(person: DesiredAccount, account: AccountView, anchor: string): PlanProblem {
	return personProblem(person, [account], {
		kind: 'review',
		message: `${account.dn} was begun under the person's previous key "${account.key}" and never finished. What marks it as ours is bound to that key.`,
		whatToDo: `Delete it by hand if nobody has used it: the next plan makes a new one. Or set its ${anchor} and enable it by hand.`,
	});
}

export function outOfScope(person: DesiredAccount, accounts: readonly AccountView[], anchor: string): PlanProblem {
	const [first, ...more] = accounts;
	const others = more.length > 0 ? ` ${more.length} more have one of the person's keys.` : '';
	// Among leavers, only those are in scope whose mark is genuine.
	const fault = first?.markFault === undefined ? '' : ` It bears a mark, but ${first.markFault}.`;
	const isAccount = first !== undefined && textOf(first.entry, 'userAccountControl') !== undefined;
	return personProblem(person, accounts, {
		kind: 'out of scope',
		message: isAccount
			? `The person has an account outside the scope of this plan: ${first.dn}.${fault}${others} No other one is created.`
			: `${first?.dn ?? ''} has the person's ${anchor} and is no user account.${others} No account is created.`,
		whatToDo: isAccount
			? 'Move it into the scope, widen the scope of the plan, or leave the person out of the feed.'
			: `Take the ${anchor} from it.`,
	});
}
