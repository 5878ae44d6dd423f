/** The last part of every plan, undo plans too: ids, binds, counts, digest and seals. Nothing in it asks the directory. */
import type { Bind, Breach, Change, Lifecycle, Plan, PlanFeed, Policy, StepKind } from '../../contracts';
import { keyId } from '../../directory/mark';
import { makeDigest } from '../digest/makeDigest';
import { changeId, digestHash, sealed, stepsHash } from '../seals';
import type { Draft, PlanFacts, ScopeRequest } from './types';
import { toInstant } from '../../schema/instants';

/** One change that has neither id nor seal yet. */
export type UnsealedChange = Draft & {
	readonly key: string;
	readonly displayName: string;
	readonly lifecycle: Lifecycle;
	readonly target: Change['target'];
};

export type PlanParts = {
	readonly kind: Plan['kind'];
	readonly id: string;
	readonly facts: PlanFacts;
	readonly scope: Pick<ScopeRequest, 'bases' | 'filterText' | 'excludedOus'>;
	readonly anchor: string;
	readonly markAttribute: string;
	readonly matchOn: readonly string[];
	readonly feed: PlanFeed;
	readonly policy: Policy;
	/** How many people are in each state; those with a change are counted here. */
	readonly people: { readonly unchanged: number; readonly problem: number };
	readonly changes: readonly UnsealedChange[];
	readonly guard: { readonly ok: boolean; readonly breaches: readonly Breach[] };
	readonly notes: readonly string[];
	readonly signingKey: string;
	/** People that the digest shows at most, besides those of high risk. */
	readonly digestRows: number;
};

const HOUR_MS = 3_600_000;

/** @returns the plan, its changes sealed one by one and all together */
export function finishPlan(parts: PlanParts): Plan {
	const { facts, kind, id, policy, guard, signingKey, anchor, markAttribute, feed } = parts;
	const createdAt = facts.now;
	const expiresAt = addHours(createdAt, policy.expiresAfterHours);
	const scope = { bases: parts.scope.bases, filter: parts.scope.filterText, excludedOus: parts.scope.excludedOus };
	const counts = countsOf(parts);
	const keyOf = keysByChange(id, parts.changes);
	const seen = parts.changes.map((change) => ({
		...change,
		id: changeId(id, change.key),
		stepsHash: stepsHash(change.steps, markAttribute, change.dependsOn.length > 0 ? keyOf : undefined),
	}));
	const { domainGuid, invocationId, usn } = facts;
	const hash = digestHash({
		notes: parts.notes,
		kind,
		id,
		createdAt,
		expiresAt,
		domainGuid,
		scope,
		feed,
		policy,
		counts,
		guard,
		changes: seen,
	});
	const bind: Bind = {
		...{ planId: id, kind, createdAt, expiresAt, domainGuid, invocationId, usn, anchor, markAttribute },
		...{ guardOk: guard.ok, digestHash: hash, keyId: keyId(signingKey) },
	};
	const changes = seen.map((change) => sealed(signingKey, 'change', toChange(change, bind)));
	const unread = {
		...{ formatVersion: 1 as const, kind, id, createdAt, expiresAt, keyId: bind.keyId },
		directory: { source: facts.source, domainGuid, domain: facts.domain, dc: facts.dc, invocationId, usn },
		...{
			scope,
			anchor,
			markAttribute,
			matchOn: parts.matchOn,
			feed,
			policy,
			counts,
			guard,
			notes: parts.notes,
			changes,
		},
	};
	const digest = makeDigest(unread, { hash, rows: parts.digestRows });
	return sealed(signingKey, 'plan', { ...unread, digest });
}

/** Worked out when the first one is asked for: few changes name joiners. */
function keysByChange(id: string, changes: readonly UnsealedChange[]): (change: string) => string | undefined {
	let keys: Map<string, string> | undefined;
	return (change) => {
		keys ??= new Map(changes.map(({ key }) => [changeId(id, key), key]));
		return keys.get(change);
	};
}

function toChange(
	{ id, key, displayName, lifecycle, target, steps, ...rest }: UnsealedChange & { id: string; stepsHash: string },
	bind: Bind,
): Omit<Change, 'seal'> {
	const { stepsHash: hash, reasons, notes, riskReasons, dependsOn } = rest;
	return {
		...{ id, bind, key, displayName, lifecycle, target, dependsOn, steps, stepsHash: hash, reasons, notes },
		...{ risk: riskReasons.length > 0 ? ('high' as const) : ('low' as const), riskReasons },
	};
}

function countsOf({ changes, people }: PlanParts): Plan['counts'] {
	const lifecycles: Record<Lifecycle, number> = { joiner: 0, mover: 0, leaver: 0, rehire: 0 };
	const actions: Record<StepKind, number> = {
		...{ create: 0, set: 0, relocate: 0, link: 0, unlink: 0 },
		...{ setPassword: 0, enable: 0, disable: 0, delete: 0 },
	};
	let writes = 0;
	for (const { lifecycle, steps } of changes) {
		lifecycles[lifecycle] += 1;
		writes += steps.length;
		for (const step of steps) actions[step.do] += 1;
	}
	return { people: { ...lifecycles, ...people }, actions, writes };
}

function addHours(instant: string, hours: number): string {
	return toInstant(Date.parse(instant) + hours * HOUR_MS);
}
