/**
 * Seals: what was approved is what is applied, and what was done is what is undone. HMAC-SHA256 over canonical JSON, under the signing key of the
 * credential, with the key's id, so that "edited" and "sealed with another key" are different answers.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Breach, Change, Plan, PlanFeed, Policy, Step, Write } from '../contracts';
import { keyId, looksLikeMark, type Fault } from '../directory/mark';
import { canonicalJson } from '../json/canonical';
import { personKey } from './keys';

export { changeId } from './keys';

export type SealedKind = 'plan' | 'change' | 'outcome';

const SEAL = /^adprov1:([0-9a-f]{8}):([0-9A-Za-z_-]{43})$/;
/** Domain separation: a change's seal is good for no outcome, and for no mark or snapshot either. Text before a line break, so none is part of another. */
const TAGS: Readonly<Record<SealedKind, string>> = {
	plan: 'n8n-nodes-ad-provisioning/plan/v1',
	change: 'n8n-nodes-ad-provisioning/change/v1',
	outcome: 'n8n-nodes-ad-provisioning/outcome/v1',
};

/**
 * The value with its seal; one that it had is replaced.
 * @throws TypeError for a value that is no JSON
 */
export function sealed<T extends object>(
	signingKey: string,
	kind: SealedKind,
	value: T,
): T & { readonly seal: string } {
	return { ...value, seal: `adprov1:${keyId(signingKey)}:${signature(signingKey, kind, value)}` };
}

/**
 * Why a value is not what this tool has sealed; undefined = it is, to the last character. Takes whatever came in. What was sealed has the shape that
 * it had then, so nothing further is to be checked but its version. A plan is as good as each of its changes.
 */
export function sealFault(signingKey: string, kind: SealedKind, value: unknown): Fault | undefined {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'edited';
	const { seal } = value as { readonly seal?: unknown };
	const [, key, signed = ''] = (typeof seal === 'string' ? SEAL.exec(seal) : null) ?? [];
	if (key === undefined) return 'edited';
	if (key !== keyId(signingKey)) return 'another key';
	try {
		const right = signature(signingKey, kind, value);
		if (!timingSafeEqual(Buffer.from(signed), Buffer.from(right))) return 'edited';
		return kind === 'plan' ? faultOfChanges(signingKey, value) : undefined;
	} catch (error) {
		// No JSON any more, or nested without end: never what was sealed.
		if (error instanceof TypeError || error instanceof RangeError) return 'edited';
		throw error;
	}
}

/** None is sealed with another key: the plan's seal covers theirs. */
function faultOfChanges(signingKey: string, { changes }: { readonly changes?: unknown }): Fault | undefined {
	const genuine = Array.isArray(changes) && changes.every((one) => sealFault(signingKey, 'change', one) === undefined);
	return genuine ? undefined : 'edited';
}

function signature(signingKey: string, kind: SealedKind, value: object): string {
	const signed = kind === 'plan' ? withChangesBySeal(value) : value;
	return createHmac('sha256', signingKey)
		.update(`${TAGS[kind]}\n${canonicalJson({ ...signed, seal: undefined })}`)
		.digest('base64url');
}

/** A plan's changes have seals of their own, which stand for them: writing out thousands of them a second time would cost as much as all the rest. */
function withChangesBySeal(plan: { readonly changes?: unknown }): object {
	const { changes } = plan;
	return Array.isArray(changes) ? { ...plan, changes: changes.map(sealOf) } : plan;
}

function sealOf(change: unknown): unknown {
	return (typeof change === 'object' && change !== null && (change as { readonly seal?: unknown }).seal) ?? null;
}

function sha256(value: unknown): string {
	return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/**
 * Hash of the steps as the approver saw them: without mark and snapshot, which are made when a step is done, and without pwdLastSetBefore, which
 * tells nobody anything. Joiners whom they name stand in it by their keys: the id of a change holds its plan's, and the same steps of a plan that is
 * made again would be others.
 * @param keyOf the key of a joiner, by the id of the change
 * @returns 64 hexadecimal digits
 */
export function stepsHash(
	steps: readonly Step[],
	markAttribute: string,
	keyOf?: (change: string) => string | undefined,
): string {
	const seen = steps.map((step) => seenStep(step, markAttribute.toLowerCase()));
	return sha256(keyOf ? byKeys(seen, keyOf) : seen);
}

function byKeys(steps: readonly unknown[], keyOf: (change: string) => string | undefined): unknown {
	const withKey = (_: string, value: unknown): unknown => {
		if (typeof value !== 'object' || value === null || !('change' in value)) return value;
		const key = typeof value.change === 'string' ? keyOf(value.change) : undefined;
		return key === undefined ? value : { joiner: personKey(key) };
	};
	return JSON.parse(JSON.stringify(steps, withKey));
}

function seenStep(step: Step, markAttribute: string): unknown {
	if (step.do === 'setPassword') return { ...step, pwdLastSetBefore: undefined };
	if (step.do !== 'enable' && step.do !== 'disable') return step;
	return { ...step, with: step.with.filter((write) => !isOfMarks(write, markAttribute)) };
}

/** Whether a write only brings or takes away marks and snapshots: anything else in that attribute is for the approver to see. */
export function isOfMarks(write: Write, markAttribute: string): boolean {
	if (write.attribute.toLowerCase() !== markAttribute.toLowerCase()) return false;
	const values = 'add' in write ? [...write.remove, ...write.add] : [write.from, write.to];
	return values.every((value) => value === null || (typeof value === 'string' && looksLikeMark(value)));
}

/** What the digest shows of a change, or stands for. */
export type SeenChange = Pick<
	Change,
	'id' | 'key' | 'displayName' | 'lifecycle' | 'target' | 'stepsHash' | 'reasons' | 'notes' | 'riskReasons'
>;

/** What holds for a whole plan, as the approver sees it. */
export type SeenPlan = {
	readonly kind: Plan['kind'];
	readonly id: string;
	readonly createdAt: string;
	readonly expiresAt: string;
	readonly domainGuid: string;
	readonly scope: Plan['scope'];
	readonly feed: PlanFeed;
	readonly policy: Policy;
	readonly counts: Plan['counts'];
	readonly guard: { readonly ok: boolean; readonly breaches: readonly Breach[] };
	readonly notes?: readonly string[];
	readonly changes: readonly SeenChange[];
};

/**
 * Hash of what the approver saw: two plans that differ in anything shown have different ones, and so have two plans that say the same, since
 * their ids differ.
 * @returns 64 hexadecimal digits
 */
export function digestHash(plan: SeenPlan): string {
	const { kind, id, createdAt, expiresAt, domainGuid, scope, feed, policy, counts, guard, notes, changes } = plan;
	return sha256({
		...{ kind, id, createdAt, expiresAt, domainGuid, scope, feed, policy, counts, guard, notes: notes ?? [] },
		changes: changes.map(({ id: changeId, key, displayName, lifecycle, target, stepsHash: steps, ...why }) => {
			const { reasons, notes: changeNotes, riskReasons } = why;
			return { id: changeId, key, displayName, lifecycle, target, steps, reasons, notes: changeNotes, riskReasons };
		}),
	});
}
