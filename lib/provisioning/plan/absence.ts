/**
 * Leavers by absence: who is in the directory and in no record of the feed. A feed that lost a page looks like a company that lost its people, so
 * every sign that the feed may not be whole is enough to infer nothing (DESIGN section 4.2).
 */
import type { FeedReport, PlanFeed, PlanProblem } from '../../contracts';
import { personKey } from '../keys';
import { accountsByKey, accountsOf } from './match';
import { accountsProblem, namesOf } from './problems';
import type { AccountView, PlanRequest } from './types';

export type Absence = {
	/** Keys that nobody has, as the accounts spell them: for the next plan. Empty unless the feed may be trusted. */
	readonly missing: readonly string[];
	/** Why nobody is a leaver by absence this time, in words; empty when they may be. */
	readonly refused: readonly string[];
	/** Accounts whose keys are missing for the second time. */
	readonly leavers: readonly AccountView[];
	/** What is missing for the second time and is left to a person. */
	readonly problems: readonly PlanProblem[];
};

/**
 * @param accounts those that are not in scope are left out
 * @param isPresent whether somebody in the feed may have the account (match.ts)
 */
export function absent(
	request: PlanRequest,
	accounts: readonly AccountView[],
	isPresent: (account: AccountView) => boolean,
): Absence {
	const { leavers } = request.policy;
	const { previousMissing } = request.feed;
	const off = !leavers.byAbsence || !leavers.disable;
	const doubts = whyNotTrusted(request);
	const candidates = doubts.length > 0 ? [] : accounts.filter((account) => isCandidate(account) && !isPresent(account));
	const byKey = accountsByKey(candidates);
	const missing = [...byKey.first.values()].map(({ key }) => key.trim());
	const refused = [...(off ? [TURNED_OFF] : doubts), ...(previousMissing === null && !off ? [FIRST_RUN] : [])];
	if (refused.length > 0) return { missing, refused, leavers: [], problems: [] };
	const before = new Set((previousMissing ?? []).map(personKey));
	const twice = [...byKey.first.keys()].flatMap((key) => (before.has(key) ? [accountsOf(byKey, key)] : []));
	const problems = twice.flatMap((found) => whyLeftToAPerson(found, request.anchor));
	const free = twice.filter((found) => found.length === 1 && found[0]?.protection === undefined);
	return { missing, refused, leavers: free.flat(), problems };
}

const TURNED_OFF = 'Leavers by absence are turned off.';
const FIRST_RUN =
	'This is the first plan: who is missing must be missing in the plan before, too, and no missing keys of one were passed in.';

/** Those that this tool may disable, or has disabled. An account that somebody else disabled is nobody's business. */
function isCandidate({ inScope, key, enabled, mark }: AccountView): boolean {
	return inScope && key.trim() !== '' && (enabled || mark !== undefined);
}

/** Every reason why a feed does not prove that somebody is missing; empty when it does. */
function whyNotTrusted({ feed, people, policy }: PlanRequest): readonly string[] {
	const { report, rejected, outOfScope } = feed;
	if (feed.input === 'people') return ['The input is selected people, and not the whole feed.'];
	if (!report) return ['There is no feed report.'];
	const received = people.length + rejected.length + outOfScope.length;
	const keyless = [...people, ...rejected, ...outOfScope].filter(({ key }) => personKey(key) === '').length;
	// Who is out of scope may well be the same person once more: a contract that ended, beside the one that began.
	const sharing = sharingAKey([...people, ...rejected]);
	const least = Math.max(1, policy.guards.minimumFeed);
	const doubts: readonly (readonly [boolean, string])[] = [
		[report.kind !== 'full', 'The feed holds changes only, or was limited or filtered.'],
		[!report.complete, `The feed is not complete: ${wordsOf(report)}.`],
		[report.evidence !== 'strong', 'That the feed is complete was not proven (evidence: weak).'],
		[
			received !== report.records,
			`The feed report counts ${report.records} records, and ${received} came in: ${people.length} mapped, ${rejected.length} rejected, ${outOfScope.length} out of scope.`,
		],
		[keyless > 0, `${keyless} of the people in the feed have no key: any account may be theirs.`],
		[sharing > 0, `${sharing} of the people in the feed have the key of somebody else: any account may be theirs.`],
		[received < least, `${received} people came in, and ${least} are the least that is believed.`],
	];
	return doubts.flatMap(([holds, words]) => (holds ? [words] : []));
}

function wordsOf({ reasons }: Pick<FeedReport, 'reasons'>): string {
	return reasons.map((reason) => reason.replace(/\.$/, '')).join(' · ') || 'it does not say why';
}

/** How many have a key that somebody before them has: at least as many keys are wrong. */
function sharingAKey(people: ReadonlyArray<{ readonly key: string }>): number {
	const keys = people.map(({ key }) => personKey(key)).filter((key) => key !== '');
	return keys.length - new Set(keys).size;
}

/** @param accounts with one key, which nobody has; more than one are a guess */
function whyLeftToAPerson(accounts: readonly AccountView[], anchor: string): readonly PlanProblem[] {
	const [first] = accounts;
	const guarded = accounts.find(({ protection }) => protection !== undefined);
	if (!first || (accounts.length === 1 && !guarded)) return [];
	const twice = `Nobody in the feed has the ${anchor} "${first.key}", for the second time`;
	const open = accounts.some(({ enabled }) => enabled);
	if (guarded)
		return [
			accountsProblem(accounts, {
				kind: 'protected',
				urgent: true,
				message: `${twice}, and ${guarded.dn} is protected: ${guarded.protection ?? ''}. Nothing is planned for it.`,
				whatToDo: open
					? 'If the person has left, disable the account by hand now.'
					: 'Change protected accounts by hand.',
			}),
		];
	return [
		accountsProblem(accounts, {
			kind: 'ambiguous',
			urgent: open,
			message: `${twice}, and ${accounts.length} accounts have it: ${namesOf(accounts)}.`,
			whatToDo: `Find out whose they are, and disable them by hand if the people have left; or take the ${anchor} from all but one.`,
		}),
	];
}

/** What the plan says of its feed. */
export function planFeed({ feed, people }: PlanRequest, { missing, refused }: Absence): PlanFeed {
	const { input, report, rejected, outOfScope } = feed;
	return {
		input,
		// Without a report nothing is known of how the people were read.
		...{ complete: report?.complete ?? false, evidence: report?.evidence ?? 'weak', kind: report?.kind ?? 'delta' },
		received: receivedOf({ feed, people }),
		...{ mapped: people.length, rejected: rejected.length, outOfScope: outOfScope.length },
		...{ missing, absenceRefused: refused.map((words) => words.toWellFormed()) },
	};
}

/** How many came in. */
function receivedOf({ feed, people }: Pick<PlanRequest, 'feed' | 'people'>): number {
	return people.length + feed.rejected.length + feed.outOfScope.length;
}

/**
 * How many came out of the HR system, for the least that is believed: where it gave nobody, n8n's Always Output Data puts one empty item in
 * their place, which comes in as a rejected person.
 */
export function believedOf({ feed, people }: Pick<PlanRequest, 'feed' | 'people'>): number {
	return Math.min(receivedOf({ feed, people }), feed.report?.records ?? Infinity);
}
