/** A real plan of ten people, its changes, its outcomes, and what it wrote into leavers' accounts, in the hands of somebody who edits them. */
import type { Change, Outcome, Plan, PlanProblem } from '../../lib/contracts';
import { openAccounts } from '../../lib/directory/accounts/locate';
import type { Directory } from '../../lib/directory/directory';
import { textsOf } from '../../lib/directory/entry';
import { DirectoryError } from '../../lib/directory/errors';
import { present } from '../../lib/directory/filter';
import { keyId } from '../../lib/directory/mark';
import { checkApproval, type Approval } from '../../lib/provisioning/apply/approval';
import { applyChanges, type ApplyResult } from '../../lib/provisioning/apply/applyChanges';
import { sealed } from '../../lib/provisioning/seals';
import { liveSource } from '../../lib/provisioning/source/live';
import { snapshotSource } from '../../lib/provisioning/source/snapshot';
import { makeUndo } from '../../lib/provisioning/undo/makeUndo';
import { MARKING, SIGNING_KEY, withDirectory } from '../support/directory';
import { leafEdits } from '../support/edits';
import { startSamba, type Domain } from '../support/samba';
import { keyOf, openGround, PEOPLE, planFor, settle, type Who } from './crash-people';
import { trees } from './crash-trees';
import { change, edit } from './leave-return-people';

const ROUNDS = ['tt00', 'tt01', 'tt02'] as const;
type Round = (typeof ROUNDS)[number];
const ANOTHER_KEY = 'another signing key';

let domain: Domain;
let plans: Readonly<Record<Round, Plan>>;
/** Of round tt00, as far as it got, in order. */
let outcomes: readonly Outcome[];

/** As n8n hands it on. */
const travelled = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

beforeAll(async () => {
	domain = await startSamba();
	await openGround(domain);
	await settle(domain, ROUNDS);
	plans = await withDirectory(domain, async (directory) => {
		const made = new Map<string, Plan>();
		for (const round of ROUNDS) made.set(round, travelled((await planFor(domain, directory, round)).plan));
		return Object.fromEntries(made) as unknown as typeof plans;
	});
}, 120_000);
afterAll(() => domain?.stop());

type Given = Partial<Approval> & { readonly dryRun?: boolean };

/** Seals, then the steps: as the node does it. */
async function attempt(directory: Directory, { dryRun = false, ...given }: Given): Promise<ApplyResult> {
	const { domainGuid } = await directory.domain();
	const now = given.now ?? (await directory.now());
	const { changes } = checkApproval({
		...{ changes: [], domainGuid, signingKey: SIGNING_KEY, approvedOverLimit: '' },
		...{ ...given, now },
	});
	return await applyChanges({
		run: openAccounts(directory, MARKING, SIGNING_KEY),
		...{ changes, runId: `run ${performance.now()}`, approver: '', stopAfterFailures: null, canary: null, dryRun },
		...{ delivery: { kind: 'none' }, lease: { check: () => Promise.resolve() }, progress: () => undefined },
	});
}

const apply = (given: Given): Promise<ApplyResult & { readonly writes: number }> =>
	withDirectory(domain, async (directory) => ({
		...(await attempt(directory, given)),
		writes: directory.writes(),
	}));

const statuses = ({ results }: ApplyResult) => results.map(({ outcome: { status } }) => status);
const everybody = (status: Outcome['status']) => PEOPLE.map(() => status);

/** What an operator is told. Nothing else may be thrown. */
async function refusal(work: Promise<unknown>): Promise<string> {
	const error = await work.then(
		() => new Error('It was not refused.'),
		(reason: unknown) => reason,
	);
	if (!(error instanceof DirectoryError)) throw error;
	expect([error.kind, error.whatToDo]).toEqual(['configuration', expect.stringMatching(/\w/)]);
	return error.message;
}

const changeOf = (round: Round, who: Who): Change => {
	const found = plans[round].changes.find(({ key }) => key === keyOf(who, round));
	if (!found) throw new Error(`There is no change of ${who}.`);
	return found;
};

/** Without these it is not even asked for its seal. */
const SHAPELESS = /: without id$|: without key$|: without displayName$|without (steps|changes|bind|guard)$/;

async function refusesAll(
	value: object,
	{ least, words }: { readonly least: number; readonly words: RegExp },
	work: (directory: Directory, edited: unknown) => Promise<unknown>,
): Promise<void> {
	await withDirectory(domain, async (directory) => {
		const edits = leafEdits(value);
		expect(edits.length).toBeGreaterThan(least);
		for (const [what, edited] of edits) {
			const message = await refusal(work(directory, edited));
			const expected = SHAPELESS.test(what) ? /edited|is none|is no change/ : words;
			expect([what, expected.test(message) ? '' : message]).toEqual([what, '']);
		}
		expect(directory.writes()).toBe(0);
	});
}

describe('one edit anywhere is refused, and nothing is written', () => {
	const facts = async (directory: Directory) => ({ now: plans.tt00.createdAt, ...(await directory.domain()) });
	const check = async (directory: Directory, given: Given) =>
		attempt(directory, { ...given, ...(await facts(directory)) });

	test('of a plan', async () => {
		await refusesAll(
			plans.tt00,
			{ least: 1500, words: /^(The plan|Change \d+ of the plan).* edited it/ },
			(directory, plan) => check(directory, { plan }),
		);
	});

	test.each(['j1', 'l1', 'r1', 'm1'] as const)('of the change of %s', async (who) => {
		await refusesAll(changeOf('tt00', who), { least: 60, words: /^Item 0 .* edited it/ }, (directory, one) =>
			check(directory, { changes: [one, changeOf('tt00', 'j2')] }),
		);
	});

	test('of the key that a seal was made with: it is said that it is another one', async () => {
		const reKeyed = <T extends { readonly seal: string }>(value: T): T => ({
			...value,
			seal: value.seal.replace(/:[0-9a-f]{8}:/, `:${keyId(ANOTHER_KEY)}:`),
		});
		await withDirectory(domain, async (directory) => {
			expect(await refusal(attempt(directory, { plan: reKeyed(plans.tt00) }))).toMatch(/another signing key/);
			const changes = [reKeyed(changeOf('tt00', 'j1'))];
			expect(await refusal(attempt(directory, { changes }))).toMatch(/another signing key/);
		});
	});
});

describe('what was sealed, and is not what was approved', () => {
	const cases: [string, () => Given | Promise<Given>, RegExp][] = [
		[
			'a change dropped from a plan',
			() => ({ plan: { ...plans.tt00, changes: plans.tt00.changes.slice(1) } }),
			/edited/,
		],
		[
			'changes swapped in a plan',
			() => ({ plan: { ...plans.tt00, changes: plans.tt00.changes.toReversed() } }),
			/edited/,
		],
		[
			'a change of another plan in a plan',
			() => ({ plan: { ...plans.tt00, changes: plans.tt00.changes.with(0, changeOf('tt01', 'j1')) } }),
			/edited/,
		],
		['changes of two plans', () => ({ changes: [changeOf('tt00', 'j1'), changeOf('tt01', 'j2')] }), /of two plans/],
		[
			'a change of another plan beside a plan',
			() => ({ plan: plans.tt00, changes: [changeOf('tt01', 'j1')] }),
			/not of the plan/,
		],
		['the same change twice', () => ({ changes: [changeOf('tt00', 'j1'), changeOf('tt00', 'j1')] }), /came in twice/],
		['a plan that has expired', () => ({ plan: plans.tt00, now: plans.tt00.expiresAt }), /expired on/],
		[
			'a change that has expired',
			() => ({ changes: [changeOf('tt00', 'j1')], now: plans.tt00.expiresAt }),
			/expired on/,
		],
		[
			'a plan of another domain',
			() => ({ plan: plans.tt00, domainGuid: '0c5e0d2c-6a3f-4a39-9d0b-6a2f6f3d1e11' }),
			/another domain .*corp\.example\.com/,
		],
		[
			'a change of another domain',
			() => ({ changes: [changeOf('tt00', 'j1')], domainGuid: '0c5e0d2c-6a3f-4a39-9d0b-6a2f6f3d1e11' }),
			/another domain/,
		],
		['a plan under another key', () => ({ plan: plans.tt00, signingKey: ANOTHER_KEY }), /another signing key/],
		[
			'a change that somebody sealed with another key',
			() => ({ changes: [sealed(ANOTHER_KEY, 'change', changeOf('tt00', 'j1'))] }),
			/another signing key/,
		],
		['a plan sealed as a change', () => ({ plan: sealed(SIGNING_KEY, 'change', plans.tt00) }), /edited/],
		['a plan as a change', () => ({ changes: [plans.tt00] }), /is no change/],
		['a change as a plan', () => ({ plan: changeOf('tt00', 'j1') }), /is none/],
	];
	test.each(cases)('%s is refused', async (_name, given, words) => {
		await withDirectory(domain, async (directory) => {
			expect(await refusal(attempt(directory, await given()))).toMatch(words);
			expect(directory.writes()).toBe(0);
		});
	});

	test('but a second before its end a plan is taken', async () => {
		const now = new Date(Date.parse(plans.tt00.expiresAt) - 1000).toISOString();
		expect(statuses(await apply({ plan: plans.tt00, now, dryRun: true }))).toEqual(everybody('refused'));
	});
});

describe('a plan made from a snapshot', () => {
	async function fromSnapshot(isWhole: boolean): Promise<Plan> {
		return await withDirectory(domain, async (directory) => {
			const { dn } = await directory.domain();
			const entries = await directory.search(dn, {
				...{ scope: 'sub', filter: present('objectClass'), attributes: ['*', 'replPropertyMetaData'] },
			});
			const some = isWhole ? entries : entries.filter((entry) => !textsOf(entry, 'objectClass').includes('domainDNS'));
			const source = snapshotSource(some, { now: await directory.now() });
			return (await planFor(domain, directory, 'tt02', source)).plan;
		});
	}

	test('that does not say which domain it is of is refused', async () => {
		const plan = await fromSnapshot(false);
		expect(plan.directory.source).toBe('snapshot');
		await withDirectory(domain, async (directory) => {
			expect(await refusal(attempt(directory, { plan }))).toMatch(/made for another domain/);
			expect(directory.writes()).toBe(0);
		});
	});

	test('of the very domain has the steps of one made live, and may be applied to it', async () => {
		const plan = await fromSnapshot(true);
		const steps = ({ changes }: Plan) =>
			changes.map(({ key, steps: own }) => [key, JSON.stringify(own).replaceAll(/"change":"\w+"/g, 'joiner')]);
		expect(steps(plan)).toEqual(steps(plans.tt02));
		const dry = await apply({ plan, dryRun: true });
		expect(dry.results.map(({ outcome: { message } }) => message)).toEqual(
			PEOPLE.map(() => expect.stringMatching(/^Dry run: nothing was written\. Would be done/) as unknown),
		);
	});
});

describe('applied', () => {
	test('a subset given as changes does those people, and nobody else', async () => {
		const some = (['m1', 'j3', 'l2'] as const).map((who) => changeOf('tt01', who));
		const before = (await trees(domain, ['tt01'])).get('tt01');
		expect(statuses(await apply({ changes: some }))).toEqual(['applied', 'applied', 'applied']);
		const after = (await trees(domain, ['tt01'])).get('tt01');
		const changed = PEOPLE.filter((who) => JSON.stringify(before?.[who]) !== JSON.stringify(after?.[who]));
		expect(changed).toEqual(['j3', 'l2', 'm1']);
		// The rest, beside the whole plan that they are of.
		const rest = plans.tt01.changes.filter((one) => !some.includes(one));
		expect(statuses(await apply({ plan: plans.tt01, changes: rest }))).toEqual(rest.map(() => 'applied'));
	});

	test('once more, as a plan and change by change, nothing is written', async () => {
		const again = await apply({ plan: plans.tt01 });
		expect([statuses(again), again.writes]).toEqual([everybody('already done'), 0]);
		for (const one of plans.tt01.changes) {
			const single = await apply({ changes: [one] });
			expect([one.key, statuses(single), single.writes]).toEqual([one.key, ['already done'], 0]);
		}
	});
});

describe('outcomes', () => {
	const undo = (directory: Directory, given: readonly unknown[], signingKey = SIGNING_KEY) =>
		makeUndo(
			liveSource(directory),
			{ outcomes: given, signingKey, deleteCreated: false, expiresAfterHours: 72 },
			{ newId: () => 'undo', digestRows: 20 },
		);
	const outcomeOf = (who: Who): Outcome => {
		const found = outcomes.find(({ key }) => key === keyOf(who, 'tt00'));
		if (!found) throw new Error(`There is no outcome of ${who}.`);
		return found;
	};

	beforeAll(async () => {
		const done = await apply({ plan: plans.tt00 });
		expect(statuses(done)).toEqual(everybody('applied'));
		outcomes = travelled(done.results.map(({ outcome }) => outcome));
	});

	test.each(['j1', 'l1', 'r1', 'm1'] as const)('of %s with one edit anywhere are refused', async (who) => {
		const words = /^An outcome cannot be undone, because it was edited since .* Nothing was written\.$/;
		await refusesAll(outcomeOf(who), { least: 100, words }, async (directory, edited) =>
			undo(directory, [edited, outcomeOf('j2')]),
		);
	});

	test('are no changes, and changes and plans are no outcomes', async () => {
		await withDirectory(domain, async (directory) => {
			expect(await refusal(attempt(directory, { changes: [outcomeOf('m1')] }))).toMatch(/is no change of a plan/);
			expect(await refusal(attempt(directory, { plan: outcomeOf('m1') }))).toMatch(/is none/);
			for (const other of [changeOf('tt00', 'm1'), plans.tt00])
				expect(await refusal(undo(directory, [other]))).toMatch(/or it was no outcome/);
			expect(await refusal(undo(directory, [outcomeOf('m1'), outcomeOf('m1')]))).toMatch(/came in twice/);
			expect(await refusal(undo(directory, outcomes, ANOTHER_KEY))).toMatch(/10 outcomes .* another signing key/);
			expect(directory.writes()).toBe(0);
		});
	});

	test('taken back, their plan is not applied again: everybody is refused in words', async () => {
		const { plan, problems } = await withDirectory(domain, (directory) => undo(directory, outcomes));
		expect(problems).toEqual([]);
		expect(statuses(await apply({ plan }))).toEqual(plan.changes.map(() => 'applied'));
		const undone = (await trees(domain, ['tt00'])).get('tt00');
		const again = await apply({ plan: plans.tt00 });
		expect([statuses(again), again.writes]).toEqual([everybody('refused'), 0]);
		for (const { outcome } of again.results)
			expect(outcome.message).toMatch(
				/since the plan was made.*: it was undone or reversed|was finished, and undone since/,
			);
		expect((await trees(domain, ['tt00'])).get('tt00')).toEqual(undone);
	});
});

describe('what stands in the account of a leaver', () => {
	const SNAPSHOT = /^(adprov1:snapshot:)([^:]*)(:[^:]*:)([^:]*)$/;
	const dnOf = (who: Who) => changeOf('tt02', who).target?.dn ?? '';
	const read = (who: Who) =>
		withDirectory(domain, async (directory) => {
			const entry = await directory.read(dnOf(who), [MARKING.markAttribute]);
			const [mark = '', snapshot = ''] = entry ? textsOf(entry, MARKING.markAttribute).toSorted() : [];
			expect([mark, snapshot]).toEqual([expect.stringMatching(/^adprov1:left:/), expect.stringMatching(SNAPSHOT)]);
			return { mark, snapshot };
		});
	const put = (who: Who, ...values: readonly string[]) =>
		edit(domain, dnOf(who), change('replace', MARKING.markAttribute, [...values]));
	const planned = async (directory: Directory, who: Who): Promise<PlanProblem | 'changed' | undefined> => {
		const { plan, problems } = await planFor(domain, directory, 'tt02');
		if (plan.changes.some(({ key }) => key === keyOf(who, 'tt02'))) return 'changed';
		return problems.find(({ key }) => key === keyOf(who, 'tt02'));
	};

	test('a snapshot with one edit anywhere brings nobody back', async () => {
		const { mark, snapshot } = await read('r1');
		const [, head = '', body = '', middle = '', tail = ''] = SNAPSHOT.exec(snapshot) ?? [];
		const written: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
		const edits = leafEdits(written).map(([what, value]): [string, string] => [
			what,
			`${head}${Buffer.from(JSON.stringify(value)).toString('base64url')}${middle}${tail}`,
		]);
		expect(edits.length).toBeGreaterThan(30);
		const others = [...leafEdits(tail)].map(([, value]): [string, string] => [
			'the signature',
			`${head}${body}${middle}${String(value)}`,
		]);
		await withDirectory(domain, async (directory) => {
			for (const [what, value] of [...edits, ...others, ['the snapshot of r2', (await read('r2')).snapshot] as const]) {
				await put('r1', mark, value);
				expect([what, await planned(directory, 'r1')]).toMatchObject([
					what,
					{
						kind: 'review',
						message: expect.stringContaining('its snapshot was edited, or belongs to another') as unknown,
					},
				]);
			}
			await put('r1', mark, `${head}${body}:${keyId(ANOTHER_KEY)}:${tail}`);
			expect(await planned(directory, 'r1')).toMatchObject({
				message: expect.stringContaining("signed with another key than the credential's") as unknown,
			});
			// Two of them: one is not what it says.
			await put('r1', mark, snapshot, edits[0]?.[1] ?? '');
			expect(await planned(directory, 'r1')).toMatchObject({ kind: 'review' });
			await put('r1', mark, snapshot);
			expect(await planned(directory, 'r1')).toBe('changed');
			expect(directory.writes()).toBe(0);
		});
	}, 60_000);

	test('a mark with one edit anywhere brings nobody back', async () => {
		const { mark, snapshot } = await read('r2');
		const [tool = '', state = '', ...rest] = mark.split(':');
		const at = rest.slice(0, -2).join(':');
		const [id = '', signed = ''] = rest.slice(-2);
		const join = (...parts: readonly string[]) => parts.join(':');
		const later = at.replace(/\d\dZ$/, (seconds) => (seconds === '00Z' ? '01Z' : '00Z'));
		const cases: [string, string][] = [
			['state', join(tool, 'pending', at, id, signed)],
			['instant', join(tool, state, later, id, signed)],
			['signature', join(tool, state, at, id, `${signed.slice(0, -2)}AA`)],
			['of another account', (await read('r3')).mark],
			['cut off', mark.slice(0, -1)],
		];
		await withDirectory(domain, async (directory) => {
			for (const [what, value] of cases) {
				await put('r2', value, snapshot);
				expect([what, await planned(directory, 'r2')]).toMatchObject([
					what,
					{ kind: 'out of scope', message: expect.stringContaining('but its mark was edited, or belongs') as unknown },
				]);
			}
			await put('r2', join(tool, state, at, keyId(ANOTHER_KEY), signed), snapshot);
			expect(await planned(directory, 'r2')).toMatchObject({
				message: expect.stringContaining("signed with another key than the credential's") as unknown,
			});
			await put('r2', mark, snapshot);
			expect(await planned(directory, 'r2')).toBe('changed');
		});
	});

	test('edited after the plan was made, it gives nobody more than the approver saw', async () => {
		const { mark, snapshot } = await read('r3');
		const [, head = '', body = '', middle = '', tail = ''] = SNAPSHOT.exec(snapshot) ?? [];
		const written = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as { g: readonly string[] };
		const other = (await read('r1')).snapshot;
		const more = JSON.parse(Buffer.from(other.split(':')[2] ?? '', 'base64url').toString('utf8')) as {
			g: readonly string[];
		};
		const forged = Buffer.from(JSON.stringify({ ...written, g: [...written.g, ...more.g] })).toString('base64url');
		await put('r3', mark, `${head}${forged}${middle}${tail}`);
		// The mark is genuine, and so is the plan: the snapshot is asked nothing any more.
		expect(statuses(await apply({ changes: [changeOf('tt02', 'r3')] }))).toEqual(['applied']);
		const tree = (await trees(domain, ['tt02'])).get('tt02');
		expect(tree?.r3[0]).toMatchObject({ control: '512', marks: [], groups: ['crash poets', 'crash staff'] });
	});

	test('a mark edited after the plan was made keeps the account as it is', async () => {
		const { mark, snapshot } = await read('r1');
		await put('r1', mark.replace('adprov1:left:', 'adprov1:pending:'), snapshot);
		const done = await apply({ changes: [changeOf('tt02', 'r1')] });
		expect([statuses(done), done.writes]).toEqual([['conflict'], 0]);
		expect(done.results[0]?.outcome.message).toMatch(/bears no mark of this tool that counts/);
	});
});
