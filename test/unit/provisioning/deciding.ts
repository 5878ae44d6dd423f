/** What the table says of one person and one account. */
import type { DesiredAccount, Policy } from '../../../lib/contracts';
import { decide, decideContext } from '../../../lib/provisioning/plan/decide';
import { matchPeople } from '../../../lib/provisioning/plan/match';
import type { AccountView, Decision } from '../../../lib/provisioning/plan/types';
import { account, NOW, NOW_MS, person, requestOf, type Given } from './census';
import { POLICY } from './steps/world';

export type World = {
	readonly account?: Given;
	/** Stands outside the scope. */
	readonly outsider?: Given;
	readonly person?: Partial<DesiredAccount>;
	readonly policy?: Policy;
	/** What the accounts have; the person's is E-1. */
	readonly key?: string;
};

export function decided({ policy = POLICY, key = 'E-1', ...world }: World): Decision {
	const who = person('E-1', { attributes: {}, ...world.person });
	const accounts = world.account ? [account(key, world.account)] : [];
	const outsiders = world.outsider ? [account(key, { ...world.outsider, inScope: false })] : [];
	return decideOne(who, accounts, outsiders, policy);
}

/** The decision without what it was made of. */
export function brief(decision: Decision): unknown {
	if (decision.kind === 'problem') return `problem: ${decision.problem.kind}`;
	const { kind, ...rest } = decision;
	const flags = Object.entries(rest).filter(([, value]) => typeof value === 'boolean');
	return [kind, ...flags.flatMap(([name, value]) => (value === true ? [name] : []))].join(', ');
}

export function decideOne(
	who: DesiredAccount,
	accounts: readonly AccountView[],
	outsiders: readonly AccountView[],
	policy: Policy,
): Decision {
	const request = requestOf([who], { policy });
	const [match] = matchPeople(request, accounts, NOW_MS).matches;
	if (!match) throw new Error('There is no match.');
	return decide(match, decideContext(request, { now: NOW }, [...accounts, ...outsiders]));
}

export const leaver = { lifecycle: 'leaver' } as const;
