/** Plans to be read: one with everything in it, and one made of hostile text. */
import type { Bind, Change, Plan, Policy, Step, StepKind } from '../../../../lib/contracts';
import type { PlanWithoutDigest } from '../../../../lib/provisioning/digest/makeDigest';

export const HASH = 'f3a91c0b7de2485590ab64c1d8e7f20135c9a8e4b6d70f12938475afbecd0612';
export const MARK = 'adprov1:left:2026-03-01T10:00:00Z:0123abcd:signature-of-the-mark';
const BASE = 'DC=corp,DC=example,DC=com';

export const POLICY: Policy = {
	joiners: { create: true, daysBefore: 7, until: 'pending', mustChange: true },
	movers: { update: true, move: true, rename: true, keep: [] },
	leavers: {
		disable: true,
		byAbsence: false,
		randomPassword: true,
		clear: [],
		removeFromGroups: true,
		hideAttribute: '',
		description: '',
		moveTo: '',
		deleteAfterDays: null,
	},
	rehires: { enable: true, withinDays: 90, restore: true, mustChange: true },
	groups: { mode: 'managed', retired: [] },
	names: { sameCandidate: true },
	guards: { minimumFeed: 1 },
	maxChanges: 10_000,
	expiresAfterHours: 72,
};

const BIND: Bind = {
	planId: 'plan-7',
	kind: 'apply',
	createdAt: '2026-03-01T10:00:00Z',
	expiresAt: '2026-03-04T10:00:00Z',
	domainGuid: '6e2cbbc2-1d2c-4be5-a1ea-7a4ab4ca5b83',
	invocationId: '1e2cbbc2-1d2c-4be5-a1ea-7a4ab4ca5b83',
	usn: '4711',
	anchor: 'employeeID',
	markAttribute: 'carLicense',
	guardOk: true,
	digestHash: HASH,
	keyId: '0123abcd',
};

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Doing = DistributiveOmit<Step, 'n'>;

let count = 0;
/** A change of a person with an account; `n` is given by position. */
export function changeOf(change: Partial<Omit<Change, 'steps'>> & { readonly steps: readonly Doing[] }): Change {
	count += 1;
	const dn = `CN=Person ${count},OU=Sales,${BASE}`;
	return {
		id: `change-${count}`,
		bind: BIND,
		key: `E${1000 + count}`,
		displayName: `Person ${count}`,
		lifecycle: 'mover',
		target: { guid: `guid-${count}`, dn, sid: 'S-1-5-21-1-2-3-1104', usn: '4000' },
		dependsOn: [],
		stepsHash: 'hash',
		reasons: [],
		notes: [],
		risk: 'low',
		riskReasons: [],
		seal: 'seal',
		...change,
		steps: change.steps.map((step, index) => ({ ...step, n: index + 1 })),
	};
}

export function planOf(changes: readonly Change[], plan: Partial<Plan> = {}): PlanWithoutDigest {
	const people = { joiner: 0, mover: 0, leaver: 0, rehire: 0, unchanged: 100, problem: 0 };
	const actions: Record<StepKind, number> = {
		...{ create: 0, set: 0, relocate: 0, link: 0, unlink: 0 },
		...{ setPassword: 0, enable: 0, disable: 0, delete: 0 },
	};
	for (const change of changes) {
		people[change.lifecycle] += 1;
		for (const step of change.steps) actions[step.do] += 1;
	}
	return {
		formatVersion: 1,
		kind: 'apply',
		id: 'plan-7',
		createdAt: '2026-03-01T10:00:00Z',
		expiresAt: '2026-03-04T10:00:00Z',
		keyId: '0123abcd',
		directory: {
			source: 'live',
			domainGuid: BIND.domainGuid,
			domain: 'corp.example.com',
			dc: 'dc1.corp.example.com',
			invocationId: BIND.invocationId,
			usn: '4711',
		},
		scope: { bases: [`OU=People,${BASE}`], filter: '', excludedOus: [] },
		anchor: 'employeeID',
		markAttribute: 'carLicense',
		matchOn: [],
		feed: {
			input: 'whole',
			complete: true,
			evidence: 'strong',
			kind: 'full',
			received: 1204,
			mapped: 1200,
			rejected: 3,
			outOfScope: 1,
			missing: [],
			absenceRefused: [],
		},
		policy: POLICY,
		counts: { people, actions, writes: Object.values(actions).reduce((sum, one) => sum + one, 0) },
		guard: { ok: true, breaches: [] },
		notes: [],
		changes,
		...plan,
	};
}

const place = (name: string) => ({ guid: `guid-of-${name}`, dn: `OU=${name},${BASE}` });
const group = (name: string) => ({ guid: `guid-of-${name}`, dn: `CN=${name},OU=Groups,${BASE}` });

/** Joiner, mover, leaver, deletion and rehire, with every kind of step. */
export function everyKind(): readonly Change[] {
	const joiner = changeOf({
		id: 'joiner-1',
		key: 'E2001',
		displayName: 'Ada Lovelace',
		lifecycle: 'joiner',
		target: null,
		reasons: ['active in the feed and without an account'],
		steps: [
			{
				do: 'create',
				parent: place('Engineering'),
				rdn: 'CN=Ada Lovelace',
				password: { mustChange: true },
				attributes: {
					sAMAccountName: ['ada.lovelace'],
					mail: ['ada.lovelace@corp.example.com'],
					manager: [{ guid: 'guid-of-grace', dn: `CN=Grace Hopper,OU=Engineering,${BASE}` }],
					accountExpires: ['134329536000000000'],
					carLicense: [MARK],
					thumbnailPhoto: [{ base64: Buffer.alloc(12_288).toString('base64') }],
				},
			},
			{ do: 'link', group: group('Engineers') },
			{ do: 'setPassword', rule: { mustChange: true }, pwdLastSetBefore: '' },
			{ do: 'enable', fromUac: 514, with: [{ attribute: 'carLicense', remove: [MARK], add: [] }] },
		],
	});
	const mover = changeOf({
		key: 'E1815',
		displayName: 'Mary Somerville',
		risk: 'high',
		riskReasons: ['the account is moved'],
		notes: ['The manager "E9999" is not known; the attribute is left as it is.'],
		steps: [
			{
				do: 'set',
				writes: [
					{ attribute: 'department', from: 'Sales', to: 'Engineering' },
					{ attribute: 'telephoneNumber', from: '+49 30 901820', to: null },
					{ attribute: 'title', from: null, to: 'Lead Engineer' },
					{ attribute: 'accountExpires', from: '9223372036854775807', to: '134329536000000000' },
					{ attribute: 'otherMobile', remove: ['+49 170 1'], add: ['+49 170 2', '+49 170 3'] },
				],
			},
			{
				do: 'relocate',
				from: { parent: place('Sales'), rdn: 'CN=Mary Greig' },
				to: { parent: place('Engineering'), rdn: 'CN=Mary Somerville' },
			},
			{ do: 'link', group: group('Engineers') },
			{ do: 'unlink', group: group('Sales Team') },
			{ do: 'set', writes: [{ attribute: 'manager', from: null, to: { change: 'joiner-1' } }] },
		],
	});
	const leaver = changeOf({
		key: 'E1777',
		displayName: 'Carl Gauß',
		lifecycle: 'leaver',
		risk: 'high',
		riskReasons: ['leaver'],
		reasons: ['marked as left in the HR system, last day 2026-02-28'],
		steps: [
			{
				do: 'disable',
				fromUac: 512,
				with: [
					{ attribute: 'description', from: 'Geometry', to: 'Left on 2026-02-28' },
					{ attribute: 'CarLicense', remove: [], add: [MARK] },
				],
			},
			{ do: 'setPassword', rule: { mustChange: false }, pwdLastSetBefore: '134000000000000000' },
			{ do: 'unlink', group: group('Mathematicians') },
			{
				do: 'relocate',
				from: { parent: place('Research'), rdn: 'CN=Carl Gauß' },
				to: { parent: place('Leavers'), rdn: 'CN=Carl Gauß' },
			},
		],
	});
	const deletion = changeOf({
		key: 'E1707',
		displayName: 'Leonhard Euler',
		lifecycle: 'leaver',
		risk: 'high',
		riskReasons: ['the account is deleted, and nothing brings it back'],
		reasons: ['left 91 days ago'],
		steps: [{ do: 'delete', expect: { employeeID: ['E1707'], carLicense: [MARK] } }],
	});
	const rehire = changeOf({
		key: 'E1882',
		displayName: 'אמי נתר',
		lifecycle: 'rehire',
		steps: [
			{ do: 'setPassword', rule: { mustChange: true }, pwdLastSetBefore: '134000000000000000' },
			{ do: 'enable', fromUac: 514, with: [] },
		],
	});
	return [joiner, mover, rehire, leaver, deletion];
}

/** A plan in which every text of people and of the directory is the given one. */
export function hostilePlan(text: string): PlanWithoutDigest {
	const dn = `CN=${text.replace(/[\s\S]/gu, (character) => `\\${Buffer.from(character).toString('hex').slice(0, 2)}`)},${BASE}`;
	const steps: readonly Doing[] = [
		{
			do: 'set',
			writes: [
				{ attribute: 'title', from: text, to: `${text}!` },
				{ attribute: 'otherMobile', remove: [text], add: [text] },
				{ attribute: 'manager', from: { guid: 'g', dn }, to: { guid: 'g', dn: text } },
				{ attribute: text, from: null, to: text },
			],
		},
		{
			do: 'relocate',
			from: { parent: { guid: 'a', dn: text }, rdn: text },
			to: { parent: { guid: 'b', dn }, rdn: `CN=${text}` },
		},
		{ do: 'link', group: { guid: 'g', dn: text } },
		{ do: 'unlink', group: { guid: 'g', dn } },
	];
	const more = { key: text, displayName: text, reasons: [text, text], notes: [text], riskReasons: [text], steps };
	const target = { guid: 'g', dn: text, sid: '', usn: '' };
	const changes = [changeOf({ ...more, target }), changeOf({ ...more, lifecycle: 'leaver', risk: 'high' })];
	const plan = planOf(changes);
	return {
		...plan,
		id: text,
		directory: { ...plan.directory, domain: text },
		feed: { ...plan.feed, absenceRefused: [text] },
		guard: { ok: false, breaches: [{ rule: 'attribute', limit: 3, actual: 7, attribute: text, message: text }] },
		notes: [text],
	};
}
