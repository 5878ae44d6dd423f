/** What all steps of a plan look up again and again, worked out once: 100,000 people share a few attributes, groups and places. */
import type { Ref } from '../../contracts';
import { attributeFacts, type AttributeFacts } from '../../schema/attributes';
import { isWithin, safeDnKey } from '../../schema/dn';
import { whyNeverWritten } from '../../schema/neverWritten';
import { LADDER_NAMES } from '../../directory/accounts/values';
import type { FactsOf } from '../../directory/accounts/liveFacts';
import { attributesToPlan } from './planReads';
import type { GroupKnown, StepContext } from './types';

/** What holds for an attribute in this plan. */
export type AttributeRule = {
	/** As it is spelled where it was first met. */
	readonly name: string;
	/** In small letters, as entries have it. */
	readonly key: string;
	readonly facts: AttributeFacts | undefined;
	/** Why it cannot be written; undefined when it can. */
	readonly fault: { readonly message: string; readonly whatToDo: string } | undefined;
	/** Written by other rules than those for attributes: the anchor, and names. */
	readonly isApart: boolean;
	/** Never overwritten where there is a value. */
	readonly isKept: boolean;
};

/** A group, and every name that somebody gave for it. */
export type NamedGroup = { readonly group: GroupKnown; readonly names: readonly string[] };

export type StepMemory = {
	readonly rule: (name: string) => AttributeRule;
	readonly facts: FactsOf;
	/** `dnKey` of names that many accounts share: of groups and containers. */
	readonly keyOf: (dn: string) => string;
	/** Whether accounts below it are among those that the next plan will read. */
	readonly isInScope: (dn: string) => boolean;
	/** @param key of `keyOf` */
	readonly groupAt: (key: string) => NamedGroup | undefined;
	readonly groupByGuid: (guid: string) => GroupKnown | undefined;
	/** Whether a group's name is in the list of those that no rule gives any more. */
	readonly isRetired: (name: string) => boolean;
	/** An account that was read, by its name as the directory spells it. */
	readonly accountAt: (dn: string) => Ref | undefined;
	/** Whether accounts were read with the attribute, so that a missing value means that there is none. */
	readonly isRead: (attribute: string) => boolean;
};

const memories = new WeakMap<StepContext, StepMemory>();

/** The same for the same context. */
export function memoryOf(context: StepContext): StepMemory {
	const known = memories.get(context);
	if (known) return known;
	const made = makeMemory(context);
	memories.set(context, made);
	return made;
}

function makeMemory(context: StepContext): StepMemory {
	const rules = new Map<string, AttributeRule>();
	const keys = new Map<string, string>();
	const scopes = new Map<string, boolean>();
	const retired = new Set(context.request.policy.groups.retired);
	const keyOf = (dn: string) => remembered(keys, dn, safeDnKey);
	let read: ReadonlySet<string> | undefined;
	const groups = once(() => groupsByKey(context, keyOf));
	const byGuid = once(() => new Map([...groups().values()].map(({ group }) => [group.guid, group])));
	return {
		rule: (name) => remembered(rules, name, (missing) => makeRule(context, missing)),
		facts: (name) => factsIn(context, name.toLowerCase()),
		keyOf,
		isInScope: (dn) => remembered(scopes, dn, (missing) => isInScope(context, missing)),
		groupAt: (key) => groups().get(key),
		groupByGuid: (guid) => byGuid().get(guid),
		isRetired: (name) => retired.has(name),
		accountAt: (dn) => context.accountAt?.(dn),
		isRead: (attribute) => {
			read ??= new Set(attributesToPlan(context.request).map((name) => name.toLowerCase()));
			return read.has(attribute.toLowerCase());
		},
	};
}

function remembered<T>(values: Map<string, T>, name: string, make: (name: string) => T): T {
	const known = values.get(name);
	if (known !== undefined) return known;
	const made = make(name);
	values.set(name, made);
	return made;
}

function once<T>(make: () => T): () => T {
	let made: { readonly value: T } | undefined;
	return () => (made ??= { value: make() }).value;
}

function factsIn({ schema }: StepContext, key: string): AttributeFacts | undefined {
	return schema.get(key) ?? attributeFacts(key);
}

function makeRule(context: StepContext, name: string): AttributeRule {
	const { anchor, policy } = context.request;
	const key = name.toLowerCase();
	const isApart = key === anchor.toLowerCase() || LADDER_NAMES.has(key);
	return {
		name,
		key,
		facts: factsIn(context, key),
		fault: isApart ? undefined : faultOf(context, name, key),
		isApart,
		isKept: policy.movers.keep.some((kept) => kept.toLowerCase() === key),
	};
}

function faultOf({ schema, request }: StepContext, name: string, key: string): AttributeRule['fault'] {
	const reason =
		key === request.markAttribute.toLowerCase()
			? 'it holds the marks that say why an account is disabled'
			: whyNeverWritten(name);
	if (reason) return { message: `${name} cannot be written: ${reason}.`, whatToDo: 'Take it out of Attribute Map.' };
	if (schema.has(key)) return undefined;
	return {
		message: `The domain's users have no attribute ${name}.`,
		whatToDo:
			'Correct its name or take it out of Attribute Map, or extend the schema (Exchange brings the extension attributes, for example).',
	};
}

/** Below a search base, and in no excluded organisational unit. */
function isInScope({ request: { scope }, facts }: StepContext, dn: string): boolean {
	const bases = scope.bases.length > 0 ? scope.bases : [facts.dn];
	return bases.some((base) => isWithin(dn, base)) && !scope.excludedOus.some((ou) => isWithin(dn, ou));
}

function groupsByKey({ groups }: StepContext, keyOf: (dn: string) => string): ReadonlyMap<string, NamedGroup> {
	const byKey = new Map<string, { group: GroupKnown; names: string[] }>();
	for (const [name, group] of groups) {
		if ('reason' in group) continue;
		const key = keyOf(group.dn);
		const known = byKey.get(key);
		if (known) known.names.push(name);
		else byKey.set(key, { group, names: [name] });
	}
	return byKey;
}
