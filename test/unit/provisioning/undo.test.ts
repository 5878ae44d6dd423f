import type { Bind, Outcome, Step, StepResult } from '../../../lib/contracts';
import { DirectoryError } from '../../../lib/directory/errors';
import { keyId } from '../../../lib/directory/mark';
import { inverseOf } from '../../../lib/provisioning/apply/inverse';
import { changeId, sealed } from '../../../lib/provisioning/seals';
import { mergeOutcomes } from '../../../lib/provisioning/undo/merge';
import { checkedOutcomes } from '../../../lib/provisioning/undo/outcomes';
import type { UndoTarget } from '../../../lib/provisioning/undo/targets';
import { makeUndoPlan } from '../../../lib/provisioning/undo/undoPlan';

const KEY = 'a signing key of the tests';
const DOMAIN = '0c5e0d2c-6a3f-4a39-9d0b-6a2f6f3d1e11';
const bind: Bind = {
	...{ planId: 'plan-1', kind: 'apply', createdAt: '2026-03-01T08:00:00Z', expiresAt: '2026-03-04T08:00:00Z' },
	...{ domainGuid: DOMAIN, invocationId: DOMAIN, usn: '1', anchor: 'employeeID', markAttribute: 'carLicense' },
	...{ guardOk: true, digestHash: 'a'.repeat(64), keyId: keyId(KEY) },
};
const group = (name: string) => ({ guid: `guid of ${name}`, dn: `CN=${name},DC=corp` });

type Doing = readonly [step: Step, status: StepResult['status']];

function outcomeOf(key: string, doings: readonly Doing[], changes: Partial<Outcome> = {}): Outcome {
	const steps = doings.map(([step, status]): StepResult => {
		const isThere = status === 'done' || status === 'already done';
		return { n: step.n, step, status, ...(isThere ? inverseOf(step, { status, wrote: [] }) : { inverse: null }) };
	});
	return sealed(KEY, 'outcome', {
		...{ bind, runId: 'run-1', changeId: changeId('plan-1', key), key, displayName: `Person ${key}` },
		...{ lifecycle: 'mover' as const, guid: `guid of ${key}`, dn: `CN=${key},DC=corp`, status: 'applied' as const },
		...{ notes: [], steps, dc: 'dc1', at: '2026-03-01T09:00:00Z', ...changes },
	});
}
const link = (n: number, name: string): Step => ({ n, do: 'link', group: group(name) });
const title = (n: number): Step => ({ n, do: 'set', writes: [{ attribute: 'title', from: 'a', to: 'b' }] });
const password: Step = { n: 9, do: 'setPassword', rule: { mustChange: false }, pwdLastSetBefore: '' };

function undo(outcomes: readonly Outcome[], deleteCreated = false, touched?: string) {
	const applied = mergeOutcomes(checkedOutcomes(outcomes, KEY, DOMAIN));
	const targets = new Map(
		applied.map(({ last: { guid, dn } }): [string, UndoTarget] => [
			guid,
			{ guid, dn, sid: 'S-1-5-21-1', usn: '7', pwdLastSet: '134', touched },
		]),
	);
	return makeUndoPlan({ applied, targets, deleteCreated, now: '2026-03-02T08:00:00Z', signingKey: KEY });
}
const kinds = (steps: readonly Step[] | undefined) => steps?.map((step) => step.do);

describe('outcomes that are refused', () => {
	const right = outcomeOf('E-1', [[title(1), 'done']]);
	const otherPlan = { ...bind, planId: 'plan-2' };
	const otherDomain = { ...bind, domainGuid: 'elsewhere' };
	test.each<[name: string, values: readonly unknown[], message: RegExp]>([
		['none', [], /no outcomes/],
		[
			'one that was edited',
			[right, { ...right, dn: 'CN=x' }],
			/edited .*: number 2 \(key "E-1"\)\. Nothing was written/,
		],
		['something else', ['text', null, 5], /3 outcomes .* edited .*number 1, number 2, number 3/],
		['another key', [sealed('another signing key', 'outcome', right)], /another signing key than the one/],
		['a change', [sealed(KEY, 'change', right)], /edited/],
		['two plans', [right, outcomeOf('E-2', [], { bind: otherPlan })], /of several plans/],
		['another domain', [outcomeOf('E-1', [], { bind: otherDomain })], /another domain/],
		['the same twice', [right, outcomeOf('E-2', []), { ...right }], /twice: number 3 \(key "E-1"\)/],
		['a key full of tricks', [{ key: `x\u202e\n${'y'.repeat(90)}` }], /number 1 \(key "x {2}y{57}"\)/],
	])('%s', (_name, values, message) => {
		expect(() => checkedOutcomes(values, KEY, DOMAIN)).toThrow(DirectoryError);
		expect(() => checkedOutcomes(values, KEY, DOMAIN)).toThrow(message);
	});

	test('are none of those that several runs of one plan put out', () => {
		const outcomes = [right, outcomeOf('E-1', [], { runId: 'run-2' }), outcomeOf('E-2', [])];
		expect(checkedOutcomes(outcomes, KEY, DOMAIN)).toEqual(outcomes);
	});
});

describe('an undo plan', () => {
	test('takes people in reverse, and of each the steps in reverse, numbered from 1', () => {
		const first = outcomeOf('E-1', [
			[title(1), 'done'],
			[link(2, 'a'), 'done'],
			[link(3, 'b'), 'done'],
		]);
		const { changes } = undo([first, outcomeOf('E-2', [[title(1), 'done']])]);
		expect(changes.map(({ key }) => key)).toEqual(['E-2', 'E-1']);
		expect(changes[1]?.steps).toEqual([
			{ n: 1, do: 'unlink', group: group('b') },
			{ n: 2, do: 'unlink', group: group('a') },
			{ n: 3, do: 'set', writes: [{ attribute: 'title', from: 'b', to: 'a' }] },
		]);
		expect(changes[1]?.target).toEqual({ guid: 'guid of E-1', dn: 'CN=E-1,DC=corp', sid: 'S-1-5-21-1', usn: '7' });
	});

	test('takes the order from the clock when several runs came in mixed', () => {
		const at = (key: string, time: string) => outcomeOf(key, [[title(1), 'done']], { at: `2026-03-01T${time}Z` });
		const { changes } = undo([at('E-3', '09:00:02'), at('E-1', '09:00:00'), at('E-2', '09:00:01')]);
		expect(changes.map(({ key }) => key)).toEqual(['E-3', 'E-2', 'E-1']);
	});

	test('leaves out what was not done, and says what cannot be taken back', () => {
		const { changes } = undo([
			outcomeOf(
				'E-1',
				[
					[title(1), 'done'],
					[link(2, 'a'), 'already done'],
					[link(3, 'b'), 'failed'],
					[link(4, 'c'), 'skipped'],
					[password, 'done'],
				],
				{ status: 'partial' },
			),
		]);
		expect(kinds(changes[0]?.steps)).toEqual(['set']);
		expect(changes[0]?.notes).toEqual([
			expect.stringMatching(/^CN=a,DC=corp: The membership was there already/),
			expect.stringMatching(/^A password that was overwritten/),
		]);
	});

	test('has a problem for people of whom nothing can be taken back', () => {
		const deleted = outcomeOf('E-1', [[{ n: 1, do: 'delete', expect: {} }, 'done']], { lifecycle: 'leaver' });
		const { changes, problems } = undo([deleted]);
		expect(changes).toEqual([]);
		expect(problems.map(({ key, message }) => [key, message])).toEqual([
			['E-1', expect.stringContaining('A deleted account is not made again by undoing')],
		]);
	});

	test('does not touch people for whom nothing was done, whatever was found done', () => {
		const conflict = outcomeOf(
			'E-1',
			[
				[title(1), 'already done'],
				[link(2, 'a'), 'conflict'],
			],
			{ status: 'conflict' },
		);
		const { changes, problems } = undo([conflict, outcomeOf('E-2', [[title(1), 'skipped']], { status: 'refused' })]);
		expect([changes, problems]).toEqual([[], []]);
	});

	test('counts a step as the run that did it had it', () => {
		const first = outcomeOf('E-1', [
			[title(1), 'already done'],
			[link(2, 'a'), 'done'],
		]);
		const second = outcomeOf(
			'E-1',
			[
				[title(1), 'already done'],
				[link(2, 'a'), 'already done'],
			],
			{ runId: 'run-2', at: '2026-03-01T10:00:00Z', status: 'already done' },
		);
		for (const outcomes of [
			[first, second],
			[second, first],
		])
			expect(kinds(undo(outcomes).changes[0]?.steps)).toEqual(['unlink', 'set']);
		expect(kinds(undo([second]).changes[0]?.steps)).toEqual(['set']);
	});

	test('says that an account comes back without a password that anybody knows', () => {
		const left = outcomeOf(
			'E-1',
			[
				[{ n: 1, do: 'disable', fromUac: 512, with: [] }, 'done'],
				[password, 'done'],
			],
			{ lifecycle: 'leaver' },
		);
		const [only] = undo([left]).changes;
		expect(kinds(only?.steps)).toEqual(['enable']);
		expect(only?.notes).toContain('The account is enabled with a password that nobody knows.');
		expect(only?.riskReasons).toEqual(['the account is enabled again']);
	});
});

describe('a new account, taken back', () => {
	const create: Step = {
		...{ n: 1, do: 'create', parent: group('People'), rdn: 'CN=E-1', password: { mustChange: false } },
		attributes: { employeeID: ['E-1'], title: ['Clerk'], manager: [{ change: 'abc' }] },
	};
	const enable: Step = { n: 4, do: 'enable', fromUac: 514, with: [] };
	const made = (status: 'done' | 'already done' = 'done') =>
		outcomeOf(
			'E-1',
			[
				[create, status],
				[title(2), 'done'],
				[link(3, 'a'), 'done'],
				[enable, 'done'],
			],
			{ lifecycle: 'joiner' },
		);

	test('is disabled once, and marked where its outcome does not know the mark', () => {
		const [only] = undo([made()]).changes;
		expect(kinds(only?.steps)).toEqual(['disable', 'unlink', 'set']);
		expect(only?.steps[0]).toMatchObject({
			fromUac: 512,
			with: [{ attribute: 'carLicense', remove: [], add: [expect.stringMatching(/^adprov1:pending:/)] }],
		});
		expect(only?.notes[0]).toContain('is not deleted.');
	});

	test('that was never enabled is disabled by the undo of its creation', () => {
		const waiting = outcomeOf('E-1', [[create, 'done']], { lifecycle: 'joiner' });
		expect(undo([waiting]).changes[0]?.steps).toEqual([{ n: 1, do: 'disable', fromUac: 514, with: [] }]);
	});

	test('is deleted by the switch, last of all, while it is what the plan made', () => {
		const { changes } = undo([outcomeOf('E-0', [[title(1), 'done']]), made()], true);
		expect(changes.map(({ key }) => key)).toEqual(['E-0', 'E-1']);
		const { steps } = changes[1] ?? {};
		expect(kinds(steps)).toEqual(['disable', 'unlink', 'delete']);
		expect(steps?.[2]).toEqual({
			...{ n: 3, do: 'delete' },
			expect: {
				...{ employeeID: ['E-1'], title: ['b'], userAccountControl: ['514'] },
				...{ distinguishedName: ['CN=E-1,DC=corp'], pwdLastSet: ['134'] },
			},
		});
	});

	test.each<[name: string, outcome: Outcome, touched: string | undefined, why: RegExp]>([
		['somebody used', made(), 'somebody has logged on with it', /is not deleted: somebody has logged on with it\./],
		['another run made', made('already done'), undefined, /another run of the plan made it/],
	])('that %s is disabled only, and the approver is told why', (_name, outcome, touched, why) => {
		const [only] = undo([outcome], true, touched).changes;
		expect(kinds(only?.steps)).toEqual(['disable', 'unlink', 'set']);
		expect(only?.notes[0]).toMatch(why);
	});
});
