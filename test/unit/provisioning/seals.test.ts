import fc from 'fast-check';
import type { Bind, Change, Outcome, Plan, Step, Write } from '../../../lib/contracts';
import { keyId, makeMark } from '../../../lib/directory/mark';
import { makeSnapshot } from '../../../lib/directory/snapshot';
import { personKey } from '../../../lib/provisioning/keys';
import {
	changeId,
	digestHash,
	sealed,
	sealFault,
	stepsHash,
	type SealedKind,
	type SeenPlan,
} from '../../../lib/provisioning/seals';

const KEY = 'a signing key of the tests';
const GUID = '0c5e0d2c-6a3f-4a39-9d0b-6a2f6f3d1e11';
const AT = '2026-03-01T08:00:00Z';
const mark = makeMark(KEY, { state: 'left', objectGuid: GUID }, AT);
const snapshot = makeSnapshot(KEY, GUID, {
	...{ at: AT, ou: { guid: GUID, dn: 'OU=People,DC=corp' }, groups: [GUID], pwdLastSet: '134000000000000000' },
	attributes: [{ attribute: 'description', from: [], to: ['left'] }],
});

const bind: Bind = {
	...{ planId: 'plan-1', kind: 'apply', createdAt: AT, expiresAt: '2026-03-04T08:00:00Z', domainGuid: GUID },
	...{ invocationId: GUID, usn: '4711', anchor: 'employeeID', markAttribute: 'carLicense' },
	...{ guardOk: true, digestHash: 'ab'.repeat(32), keyId: keyId(KEY) },
};
const place = (name: string) => ({ parent: { guid: GUID, dn: `OU=${name},DC=corp` }, rdn: 'CN=Ada Lovelace' });
const steps: readonly Step[] = [
	{
		...{ n: 1, do: 'create', parent: place('People').parent, rdn: 'CN=Ada Lovelace', password: { mustChange: true } },
		attributes: { sn: ['Lovelace'], manager: [{ guid: GUID, dn: 'CN=Boss,DC=corp' }], jpegPhoto: [{ base64: 'AAEC' }] },
	},
	{
		...{ n: 2, do: 'set' },
		writes: [
			{ attribute: 'title', from: null, to: 'Engineer' },
			{ attribute: 'otherTelephone', remove: ['+49 1'], add: ['+49 2', '+49 3'] },
			{ attribute: 'manager', from: null, to: { change: '0123456789abcdef' } },
		],
	},
	{ n: 3, do: 'relocate', from: place('People'), to: place('Board') },
	{ n: 4, do: 'link', group: { guid: GUID, dn: 'CN=staff,DC=corp' } },
	{ n: 5, do: 'unlink', group: { guid: GUID, dn: 'CN=guests,DC=corp' } },
	{ n: 6, do: 'setPassword', rule: { mustChange: false }, pwdLastSetBefore: '134000000000000000' },
	{ n: 7, do: 'enable', fromUac: 514, with: [{ attribute: 'carLicense', remove: [mark, snapshot], add: [] }] },
	{ n: 8, do: 'delete', expect: { employeeID: ['E-1'], lastLogonTimestamp: [] } },
];
const change: Omit<Change, 'seal'> = {
	...{ id: changeId('plan-1', 'E-1'), bind, key: 'E-1', displayName: 'Ada Lovelace', lifecycle: 'joiner' },
	...{ target: { guid: GUID, dn: 'CN=Ada Lovelace,DC=corp', sid: 'S-1-5-21-1-2-3-1104', usn: '4700' } },
	...{
		dependsOn: ['0123456789abcdef'],
		steps,
		stepsHash: stepsHash(steps, 'carLicense'),
		reasons: ['new in the feed'],
	},
	...{ notes: ['one note'], risk: 'high', riskReasons: ['a group near a privileged one'] },
};
const shown: SeenPlan = {
	...{ kind: 'apply', id: 'plan-1', createdAt: AT, expiresAt: bind.expiresAt, domainGuid: GUID, notes: ['a note'] },
	scope: { bases: ['DC=corp'], filter: '(department=IT)', excludedOus: ['OU=Admins,DC=corp'] },
	feed: {
		...{ input: 'whole', complete: true, evidence: 'strong', kind: 'full', received: 3, mapped: 2, rejected: 1 },
		...{ outOfScope: 0, missing: ['E-9'], absenceRefused: [] },
	},
	policy: {
		joiners: { create: true, daysBefore: 7, until: 'pending', mustChange: true },
		movers: { update: true, move: true, rename: false, keep: ['title'] },
		leavers: {
			...{ disable: true, byAbsence: false, randomPassword: true, clear: ['manager'], removeFromGroups: true },
			...{ hideAttribute: '', description: 'left', moveTo: 'OU=Left,DC=corp', deleteAfterDays: null },
		},
		rehires: { enable: true, withinDays: 90, restore: true, mustChange: false },
		groups: { mode: 'managed', retired: ['CN=old,DC=corp'] },
		names: { sameCandidate: true },
		guards: { minimumFeed: 1, disable: { count: 3 } },
		...{ maxChanges: 10_000, expiresAfterHours: 72 },
	},
	counts: {
		people: { joiner: 1, mover: 0, leaver: 0, rehire: 0, unchanged: 1, problem: 0 },
		actions: {
			...{ create: 1, set: 1, relocate: 1, link: 1, unlink: 1 },
			...{ setPassword: 1, enable: 1, disable: 0, delete: 1 },
		},
		writes: 8,
	},
	guard: { ok: false, breaches: [{ rule: 'disable', limit: 3, actual: 4, message: '4 would be disabled' }] },
	changes: [change],
};
const plan: Omit<Plan, 'seal'> = {
	...{ formatVersion: 1, kind: 'apply', id: 'plan-1', createdAt: AT, expiresAt: bind.expiresAt, keyId: keyId(KEY) },
	directory: {
		...{ source: 'live', domainGuid: GUID, domain: 'corp', dc: 'dc1', invocationId: GUID, usn: '4711' },
	},
	...{ scope: shown.scope, anchor: 'employeeID', markAttribute: 'carLicense', matchOn: ['mail'], feed: shown.feed },
	...{ policy: shown.policy, counts: shown.counts, guard: shown.guard, notes: ['a note'] },
	digest: {
		...{ hash: digestHash(shown), title: 'Plan', text: 'text', markdown: 'text', html: '<p>', formHtml: '<p>' },
		...{ formCss: '', cut: 0 },
	},
	changes: [sealed(KEY, 'change', change), sealed(KEY, 'change', { ...change, id: 'fedcba9876543210' })],
};
const outcome: Omit<Outcome, 'seal'> = {
	...{ bind, runId: 'run-1', changeId: change.id, key: 'E-1', displayName: 'Ada Lovelace', lifecycle: 'joiner' },
	...{ guid: GUID, dn: 'CN=Ada Lovelace,DC=corp', status: 'partial', message: 'm', whatToDo: 'w', notes: ['n'] },
	steps: steps.map((step) => ({
		...{ n: step.n, step, status: 'done', inverse: null, notUndoable: 'no', code: 0, message: 'm' },
		wrote: [{ attribute: 'title', from: null, to: 'Engineer' }],
	})),
	...{ dc: 'dc1', at: AT, approver: 'Grace' },
};
const SAMPLES: readonly (readonly [kind: SealedKind, value: object])[] = [
	['plan', plan],
	['change', change],
	['outcome', outcome],
];

type Path = readonly (string | number)[];
type Edited = readonly [what: string, value: unknown];

/** Every value that is made of another by one edit somewhere in it. */
function edits(value: unknown, path: Path = []): Edited[] {
	const at = (what: string, edited: unknown): Edited => [`${path.join('.')}: ${what}`, edited];
	if (Array.isArray(value)) {
		const list = value as readonly unknown[];
		const inside = list.flatMap((entry, index) =>
			edits(entry, [...path, index]).map(([what, edited]): Edited => [what, list.with(index, edited)]),
		);
		const without = list.map((_, index) => at(`without ${index}`, list.toSpliced(index, 1)));
		const turned = list.length > 1 ? [at('turned round', list.toReversed())] : [];
		return [...inside, ...without, ...turned, at('one more', [...list, 'one more']), at('is null', null)];
	}
	if (typeof value === 'object' && value !== null) {
		const fields = value as Readonly<Record<string, unknown>>;
		const names = Object.keys(fields);
		const without = (name: string) => Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name));
		return [
			...names.flatMap((name) =>
				edits(fields[name], [...path, name]).map(([what, edited]): Edited => [what, { ...fields, [name]: edited }]),
			),
			...names.map((name) => at(`without ${name}`, without(name))),
			...names.map((name) => at(`${name} renamed`, { ...without(name), [`${name}_`]: fields[name] })),
			at('one more field', { ...fields, extra: null }),
		];
	}
	const others: readonly unknown[] =
		typeof value === 'string'
			? [`${value} `, value.toUpperCase(), value.slice(1), null, [value]]
			: typeof value === 'number'
				? [value + 1, -value, String(value)]
				: typeof value === 'boolean'
					? [!value, String(value)]
					: ['', 0, false, {}];
	return others.filter((other) => other !== value && !Object.is(-0, other)).map((other) => at('another value', other));
}

describe.each(SAMPLES)('a sealed %s', (kind, value) => {
	const right = sealed(KEY, kind, value);
	/** As it comes back from a database or a mail: fields in any order. */
	const travelled: unknown = JSON.parse(JSON.stringify(right));

	test('is what was sealed, after a journey as JSON too, with its fields in another order', () => {
		const { seal, ...rest } = travelled as { seal: string };
		expect(sealFault(KEY, kind, right)).toBeUndefined();
		expect(sealFault(KEY, kind, travelled)).toBeUndefined();
		expect(sealFault(KEY, kind, { seal, ...rest })).toBeUndefined();
		expect(seal).toMatch(/^adprov1:[0-9a-f]{8}:[0-9A-Za-z_-]{43}$/);
	});

	test('is edited when anything in it is, wherever it stands', () => {
		const { seal, ...rest } = travelled as { seal: string };
		const edited = edits(rest);
		expect(edited.length).toBeGreaterThan(150);
		for (const [what, other] of edited)
			expect([what, sealFault(KEY, kind, { ...(other as object), seal })]).toEqual([what, 'edited']);
	});

	test('under another key says so', () => {
		expect(sealFault('another signing key', kind, right)).toBe('another key');
		expect(sealFault(KEY, kind, sealed('another signing key', kind, value))).toBe('another key');
	});

	test('has a seal of its own kind: none of another kind fits', () => {
		for (const [other] of SAMPLES)
			if (other !== kind) expect(sealFault(KEY, kind, sealed(KEY, other, value))).toBe('edited');
	});

	test('is edited when its seal is', () => {
		const { seal } = right;
		const [, id = '', signed = ''] = seal.split(':');
		for (const odd of [
			...[undefined, null, 1, '', [seal], { seal }, seal.slice(0, -1), `${seal}A`, ` ${seal}`, `${seal}\n`],
			...[seal.toUpperCase(), `adprov2:${id}:${signed}`, `adprov1:${id}:${'A'.repeat(43)}`, signed, mark],
		])
			expect(sealFault(KEY, kind, { ...value, seal: odd })).toBe('edited');
		// The last of 43 characters has two bits to spare: another spelling of the same bytes is no seal either.
		const spellings = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
		const good = spellings.filter((last) => !sealFault(KEY, kind, { ...value, seal: seal.slice(0, -1) + last }));
		expect(good).toEqual([seal.slice(-1)]);
	});
});

describe('what was never sealed', () => {
	test.each<[name: string, value: unknown]>([
		['nothing', undefined],
		['null', null],
		['a text', 'text'],
		['a list', [sealed(KEY, 'change', change)]],
		['an empty object', {}],
		['a date beside a good seal', { ...sealed(KEY, 'change', change), at: new Date() }],
		['half a character beside a good seal', { ...sealed(KEY, 'change', change), key: '\ud83d' }],
	])('is edited: %s', (_name, value) => {
		expect(sealFault(KEY, 'change', value)).toBe('edited');
	});

	test('does not bring the check down, however deep it is nested', () => {
		let deep: unknown = 1;
		for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
		expect(sealFault(KEY, 'change', { ...sealed(KEY, 'change', change), deep })).toBe('edited');
	});

	test('never throws for JSON', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.string(), (value, seal) => {
				expect(sealFault(KEY, 'plan', value)).toBe('edited');
				expect(sealFault(KEY, 'plan', { value, seal })).toBe('edited');
			}),
		);
	});
});

describe('the hash of steps', () => {
	const hash = (...some: readonly Step[]) => stepsHash(some, 'carLicense');
	const disable = (...writes: readonly Write[]): Step => ({
		...{ n: 1, do: 'disable', fromUac: 512, with: writes },
	});
	const description = { attribute: 'description', from: null, to: 'left' };

	test('is the same with and without mark, snapshot and the time of the password', () => {
		const marked = { attribute: 'carlicense', remove: [mark], add: [mark, snapshot] };
		expect(hash(disable(description, marked))).toBe(hash(disable(description)));
		expect(hash(disable({ attribute: 'carLicense', from: null, to: mark }))).toBe(hash(disable()));
		const password = (pwdLastSetBefore: string): Step => ({
			...{ n: 1, do: 'setPassword', rule: { mustChange: true }, pwdLastSetBefore },
		});
		expect(hash(password('1'))).toBe(hash(password('2')));
		expect(hash(password(''))).toMatch(/^[0-9a-f]{64}$/);
	});

	test('is another when anything else in the attribute of the marks is written', () => {
		const smuggled = { attribute: 'carLicense', remove: [], add: [mark, 'B-AD 1'] };
		expect(hash(disable(smuggled))).not.toBe(hash(disable()));
		expect(hash({ n: 1, do: 'set', writes: [{ attribute: 'carLicense', remove: [mark], add: [] }] })).not.toBe(
			hash({ n: 1, do: 'set', writes: [] }),
		);
	});

	test('has joiners by their keys, which are the same in every plan, and nobody else so', () => {
		const naming = (change: string): Step => ({
			...{ n: 1, do: 'set', writes: [{ attribute: 'manager', from: null, to: { change } }] },
		});
		const of = (plan: string, who: string, spelled = who) =>
			stepsHash([naming(changeId(plan, who))], 'carLicense', (id) =>
				id === changeId(plan, who) ? spelled : undefined,
			);
		expect(of('plan-1', 'E-1')).toBe(of('plan-2', 'E-1', ' e-1'));
		expect(of('plan-1', 'E-1')).not.toBe(of('plan-1', 'E-2'));
		expect(stepsHash([naming('unknown')], 'carLicense', () => undefined)).toBe(hash(naming('unknown')));
		expect(stepsHash(steps, 'carLicense', () => undefined)).toBe(stepsHash(steps, 'carLicense'));
	});

	test('is another after any other edit', () => {
		const before = stepsHash(steps, 'carLicense');
		const hidden = /pwdLastSetBefore|\.with\b|: with|: without with/;
		for (const [what, edited] of edits(steps)) {
			const isList = Array.isArray(edited) && edited.every((step) => typeof step === 'object' && step !== null);
			if (hidden.test(what) || !isList) continue;
			expect([what, stepsHash(edited as readonly Step[], 'carLicense')]).not.toEqual([what, before]);
		}
	});
});

describe('the hash of a digest', () => {
	test('is another when anything that was shown is', () => {
		const before = digestHash(shown);
		const { changes: _changes, ...head } = shown;
		for (const [what, edited] of edits(head)) {
			if (/^: (one more field|\w+ renamed|without)/.test(what) || what === 'notes: is null') continue;
			expect([what, digestHash({ ...(edited as typeof head), changes: shown.changes })]).not.toEqual([what, before]);
		}
		const seen = { ...change, steps: undefined, bind: undefined, dependsOn: undefined, risk: undefined };
		for (const [what, edited] of edits(JSON.parse(JSON.stringify(seen)))) {
			if (what.startsWith(': one more field')) continue;
			expect([what, digestHash({ ...shown, changes: [edited as typeof change] })]).not.toEqual([what, before]);
		}
	});

	test('is of the changes in their order', () => {
		const other = { ...change, id: 'fedcba9876543210' };
		const of = (...changes: readonly (typeof change)[]) => digestHash({ ...shown, changes });
		expect(new Set([of(change, other), of(other, change), of(change), of(other), of()]).size).toBe(5);
	});

	test('does not hang on seals and on what applying adds', () => {
		const found = sealed(KEY, 'change', { ...change, bind: { ...bind, digestHash: 'later' } });
		expect(digestHash({ ...shown, changes: [found] })).toBe(digestHash(shown));
	});
});

describe('ids of changes', () => {
	test('are the same for spellings of one key, and differ between keys and plans', () => {
		expect(changeId('plan', ' E-1 ')).toBe(changeId('plan', 'e-1'));
		expect(changeId('plan', 'E-1')).toMatch(/^[0-9a-f]{16}$/);
		expect(changeId('plan', 'E-2')).not.toBe(changeId('plan', 'E-1'));
		expect(changeId('plan2', 'E-1')).not.toBe(changeId('plan', '2E-1'));
		expect(personKey('\tE-1\n')).toBe('e-1');
	});
});
