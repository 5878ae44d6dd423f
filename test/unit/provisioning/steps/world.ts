/** A small domain for steps: its places, groups and people, and what applying a change would do to an account. */
import type { DesiredAccount, Policy, Ref, Step, Value, Write } from '../../../../lib/contracts';
import type { Entry } from '../../../../lib/directory/entry';
import { guidToBytes } from '../../../../lib/directory/guid';
import type { Snapshot } from '../../../../lib/directory/snapshot';
import { disabled, enabled } from '../../../../lib/directory/userAccountControl';
import { draftOf } from '../../../../lib/provisioning/plan/drafts';
import { parentText } from '../../../../lib/schema/dn';
import type {
	AccountView,
	ChangingDecision,
	Draft,
	GroupKnown,
	PlaceKnown,
	PlanRequest,
	Resolved,
	StepContext,
	Unfit,
} from '../../../../lib/provisioning/plan/types';
import { ATTRIBUTES } from '../../../../lib/schema/attributes';
import { dnKey, parentOf } from '../../../../lib/schema/dn';
import { desiredAccount, SIGNING_KEY } from '../../../support/directory';

export const ROOT = 'DC=corp,DC=example,DC=com';
export const STAFF = `OU=Staff,${ROOT}`;
export const SALES = `OU=Sales,${STAFF}`;
export const LEAVERS = `OU=Leavers,${ROOT}`;
export const OUTSIDE = `OU=Partners,${ROOT}`;
export const NOW = '2026-03-01T08:00:00Z';
export const LEFT_AT = '2026-02-01T08:00:00Z';

export const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const place = (number: number, dn: string): PlaceKnown => ({ guid: guid(number), dn });
export const PLACES: readonly PlaceKnown[] = [place(1, STAFF), place(2, SALES), place(3, LEAVERS), place(4, OUTSIDE)];

export const groupDn = (name: string): string => `CN=${name},OU=Groups,${ROOT}`;
const group = (number: number, name: string, more: Partial<GroupKnown> = {}): GroupKnown => ({
	...{ guid: guid(number), dn: groupDn(name), name },
	...more,
});
export const GROUPS: readonly GroupKnown[] = [
	group(11, 'All Staff'),
	group(12, 'Sales'),
	group(13, 'Support'),
	group(14, 'Old Sales'),
	group(15, 'Poets'),
	group(16, 'Domain Admins', { protection: 'it is privileged' }),
	group(17, 'Print Masters', { near: 'it leads to Print Operators' }),
	group(18, 'Domain Users', { rid: 513 }),
];

/** A group's steps name it so. */
export function groupRef(name: string): Ref {
	const found = GROUPS.find((one) => one.name === name);
	if (!found) throw new Error(`There is no group ${name}.`);
	return { guid: found.guid, dn: found.dn };
}

export const POLICY: Policy = {
	joiners: { create: true, daysBefore: 7, until: 'pending', mustChange: true },
	movers: { update: true, move: true, rename: true, keep: [] },
	leavers: {
		...{ disable: true, byAbsence: false, randomPassword: true, clear: ['telephoneNumber', 'manager'] },
		...{ removeFromGroups: true, hideAttribute: '', description: 'Left' },
		...{ moveTo: LEAVERS, deleteAfterDays: 30 },
	},
	rehires: { enable: true, withinDays: 90, restore: true, mustChange: true },
	groups: { mode: 'managed', retired: ['Old Sales'] },
	names: { sameCandidate: false },
	guards: { minimumFeed: 1 },
	maxChanges: 10_000,
	expiresAfterHours: 72,
};

type Section = 'joiners' | 'movers' | 'leavers' | 'rehires' | 'groups';

/** The policy with some settings changed. */
export function policyWith(changes: { readonly [S in Section]?: Partial<Policy[S]> }): Policy {
	return {
		...POLICY,
		joiners: { ...POLICY.joiners, ...changes.joiners },
		movers: { ...POLICY.movers, ...changes.movers },
		leavers: { ...POLICY.leavers, ...changes.leavers },
		rehires: { ...POLICY.rehires, ...changes.rehires },
		groups: { ...POLICY.groups, ...changes.groups },
	};
}

/** @param people whose attributes the accounts were read with */
export function contextOf({
	policy = POLICY,
	people = [],
	scope = {},
	markRoom = Infinity,
}: {
	policy?: Policy;
	people?: readonly DesiredAccount[];
	scope?: Partial<PlanRequest['scope']>;
	markRoom?: number;
} = {}): StepContext {
	const groups = new Map<string, GroupKnown | Unfit>(
		GROUPS.flatMap((one) => [one.name, one.dn, one.guid].map((name) => [name, one] as const)),
	);
	groups.set('Nowhere', { reason: 'there is no such group' });
	const places = new Map<string, PlaceKnown | Unfit>(
		PLACES.flatMap((one) => [one.dn, one.guid].map((name) => [name, one] as const)),
	);
	places.set('OU=Gone', { reason: 'it does not exist' });
	return {
		request: {
			...{ people, anchor: 'employeeID', markAttribute: 'carLicense', matchOn: [], policy, signingKey: SIGNING_KEY },
			feed: { input: 'whole', report: null, rejected: [], outOfScope: [], previousMissing: null },
			scope: { bases: [STAFF], filterText: '', filter: undefined, excludedOus: [], ...scope },
		},
		facts: {
			...{ source: 'snapshot', domainGuid: guid(99), dn: ROOT, domain: 'corp.example.com', dc: 'dc1' },
			...{ invocationId: '', usn: '0', now: NOW },
		},
		schema: new Map(ATTRIBUTES.map((facts) => [facts.name.toLowerCase(), facts])),
		...{ groups, places, markRoom },
		containers: new Map(PLACES.map((one) => [dnKey(one.dn), one])),
	};
}

export const person = (changes: Partial<DesiredAccount> = {}): DesiredAccount => ({
	...desiredAccount(STAFF, 'C-1', { attributes: {}, displayName: 'Ada Lovelace' }),
	...changes,
});

type Values = Readonly<Record<string, string | Buffer | readonly (string | Buffer)[]>>;

/** An account below Staff; `attributes` under names as the schema spells them. */
export function accountOf(
	attributes: Values = {},
	changes: Partial<AccountView> = {},
	dn = `CN=Ada,${STAFF}`,
): AccountView {
	const all: Values = {
		...{ objectGUID: guidToBytes(guid(50)), objectSid: Buffer.from('0105', 'hex'), employeeID: 'C-1' },
		...{ userAccountControl: '512', pwdLastSet: '133000000000000000', primaryGroupID: '513' },
		...attributes,
	};
	const entry: Entry = {
		dn,
		attributes: Object.fromEntries(
			Object.entries(all)
				.map(([name, value]) => [name.toLowerCase(), [value].flat()] as const)
				.filter(([, values]) => values.length > 0),
		),
	};
	return viewOf(entry, changes);
}

export function viewOf(entry: Entry, changes: Partial<AccountView> = {}): AccountView {
	return {
		...{ entry, guid: guid(50), dn: entry.dn, key: String(entry.attributes['employeeid']?.[0] ?? '') },
		enabled: (Number(entry.attributes['useraccountcontrol']?.[0]) & 2) === 0,
		...{ mark: undefined, markFault: undefined, snapshot: undefined, protection: undefined, inScope: true },
		...changes,
	};
}

export const LEFT = { state: 'left', at: LEFT_AT, text: 'adprov1:left:…' } as const;

export const snapshotOf = (changes: Partial<Snapshot> = {}): Snapshot => ({
	...{ at: LEFT_AT, ou: { guid: guid(2), dn: SALES }, groups: [], attributes: [], pwdLastSet: '133000000000000000' },
	...changes,
});

export const RESOLVED: Resolved = { names: {}, references: {}, notes: [] };
export const NAMES: Resolved = { ...RESOLVED, names: { sAMAccountName: 'ada', cn: 'Ada Lovelace' } };

/** The draft of somebody about whom there is no problem. */
export function drafted(decision: ChangingDecision, context: StepContext, resolved: Resolved = RESOLVED): Draft {
	const draft = draftOf(decision, resolved, context);
	if ('kind' in draft) throw new Error(`${draft.kind}: ${draft.message}`);
	return draft;
}

/** In short: what is done, in its order. */
export const kindsOf = ({ steps }: Draft): string[] => steps.map((step) => step.do);

type Written = string | Buffer;

const toWritten = (value: Value | Ref): Written => {
	if (typeof value === 'string') return value;
	if ('base64' in value) return Buffer.from(value.base64, 'base64');
	return 'dn' in value ? value.dn : `CN=${value.change},${STAFF}`;
};

const hex = (value: Written) => Buffer.from(value).toString('hex');

/** One attribute as the directory would take it: what is removed must be there, what is added must not. */
function write(entry: Entry, change: Write): Entry {
	const key = change.attribute.toLowerCase();
	const has = [...(entry.attributes[key] ?? [])];
	const [remove, add] =
		'add' in change
			? [change.remove, change.add]
			: [change.from === null ? [] : [change.from], change.to === null ? [] : [change.to]];
	for (const value of remove.map(toWritten)) {
		const at = has.findIndex((other) => hex(other) === hex(value));
		if (at < 0) throw new Error(`${change.attribute} has not the value to be removed`);
		has.splice(at, 1);
	}
	for (const value of add.map(toWritten)) {
		if (has.some((other) => hex(other) === hex(value))) throw new Error(`${change.attribute} has the value already`);
		has.push(value);
	}
	const { [key]: _before, ...others } = entry.attributes;
	return { dn: entry.dn, attributes: has.length > 0 ? { ...others, [key]: has } : others };
}

function withText(entry: Entry, attribute: string, text: string): Entry {
	return { dn: entry.dn, attributes: { ...entry.attributes, [attribute]: [text] } };
}

/** What a step makes of an account, marks and snapshot left out. */
function play(entry: Entry, step: Step): Entry {
	const uac = Number(entry.attributes['useraccountcontrol']?.[0]);
	switch (step.do) {
		case 'set':
			return step.writes.reduce(write, entry);
		case 'disable':
			return step.with.reduce(write, withText(entry, 'useraccountcontrol', String(disabled(uac))));
		case 'enable':
			return step.with.reduce(write, withText(entry, 'useraccountcontrol', String(enabled(uac))));
		case 'setPassword':
			return withText(entry, 'pwdlastset', '134000000000000000');
		case 'relocate':
			if (dnKey(parentOf(entry.dn)) !== dnKey(step.from.parent.dn)) throw new Error('it does not stand there');
			return { ...entry, dn: `${step.to.rdn},${step.to.parent.dn}` };
		case 'link':
		case 'unlink': {
			const value = 'dn' in step.group ? step.group.dn : '';
			const change = { attribute: 'memberOf', remove: [], add: [], [step.do === 'link' ? 'add' : 'remove']: [value] };
			return write(entry, change);
		}
		case 'create':
			return {
				dn: `${step.rdn},${step.parent.dn}`,
				attributes: {
					...accountOf({ userAccountControl: '514' }).entry.attributes,
					...Object.fromEntries(
						Object.entries(step.attributes).map(([name, values]) => [name.toLowerCase(), values.map(toWritten)]),
					),
				},
			};
		case 'delete':
			throw new Error('Nothing is left of it.');
	}
}

/** The account after a change, as the next plan finds it. */
export const played = (entry: Entry, { steps }: Draft): Entry => steps.reduce(play, entry);

/** The snapshot that applying a leaver's change makes of it. */
export function snapshotBy({ entry }: AccountView, { steps }: Draft): Snapshot {
	const values = (value: Value | Ref | null) => (value === null ? [] : [toWritten(value)]);
	const parent = PLACES.find(({ dn }) => dnKey(dn) === dnKey(parentText(entry.dn)));
	return {
		...{
			at: LEFT_AT,
			ou: parent ?? { guid: guid(0), dn: ROOT },
			pwdLastSet: String(entry.attributes['pwdlastset']?.[0]),
		},
		groups: steps.flatMap((step) => (step.do === 'unlink' && 'guid' in step.group ? [step.group.guid] : [])),
		attributes: steps.flatMap((step) =>
			step.do === 'disable'
				? step.with.map((one) =>
						'add' in one
							? { attribute: one.attribute, from: one.remove.map(toWritten), to: one.add.map(toWritten) }
							: { attribute: one.attribute, from: values(one.from), to: values(one.to) },
					)
				: [],
		),
	};
}
