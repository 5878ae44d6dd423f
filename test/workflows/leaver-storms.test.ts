/**
 * Feeds in which many people seem to have left, through all three nodes and straight into Apply Plan: nobody is disabled, however often it
 * repeats. And the counter-tests: who has left is disabled.
 */
import type { IDataObject } from 'n8n-workflow';
import { asAdministrator } from '../directory/administrator';
import { lifecycles, newScope, runPlanOperation, textIn } from '../support/ad-provision';
import { credentialFields } from '../support/directory';
import {
	hrPeople,
	listing,
	NO_MEMORY,
	runFlow,
	type FlowRun,
	type FlowSettings,
	type HrPerson,
	type Memory,
	type Place,
} from '../support/hr-flow';
import { closeAll } from '../support/http';
import { startSamba, type Domain } from '../support/samba';
import { STORMS, type Defence, type Storm } from './storms';

let domain: Domain;
let parent: string;

beforeAll(async () => {
	domain = await startSamba();
	parent = `OU=Storms,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(parent, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());
afterEach(closeAll);

const newPlace = async (): Promise<Place> => ({
	...(await newScope(parent, domain)),
	credentials: credentialFields(domain) as IDataObject,
});

type Company = { readonly place: Place; readonly people: readonly HrPerson[]; readonly memory: Memory };

/** A workflow that has run well twice: everybody has an account, and nothing is left to do. */
async function company(prefix: string, count: number, settings: FlowSettings = {}): Promise<Company> {
	const place = await newPlace();
	const people = hrPeople(prefix, count);
	const first = await runFlow(place, listing('offset', people), NO_MEMORY, settings);
	expect(first.ran.error).toBeUndefined();
	expect(first.ran.out('Apply').map((items) => items.length)).toEqual([count, 0, 0]);
	const second = await runFlow(place, listing('offset', people), first.memory, settings);
	expect(second.plan).toMatchObject({ feed: { evidence: 'strong', missing: [], absenceRefused: [] } });
	expect(second.changes).toEqual([]);
	return { place, people, memory: second.memory };
}

/** Who is enabled, marked or both, as Samba itself reads it. */
async function standing({ ou }: Place): Promise<{ readonly enabled: string[]; readonly marked: string[] }> {
	const accounts = await domain.ldbsearch(
		'(&(objectClass=user)(employeeID=*))',
		['employeeID', 'userAccountControl', 'carLicense'],
		ou,
	);
	const keys = (some: typeof accounts) => some.map(({ attributes }) => attributes['employeeID']?.[0] ?? '').sort();
	return {
		enabled: keys(accounts.filter(({ attributes }) => (Number(attributes['userAccountControl']?.[0]) & 2) === 0)),
		marked: keys(accounts.filter(({ attributes }) => (attributes['carLicense'] ?? []).length > 0)),
	};
}

const keysOf = (people: readonly HrPerson[]) => people.map(({ number }) => number ?? '').sort();
const leavers = ({ changes }: FlowRun) => changes.filter(({ lifecycle }) => lifecycle === 'leaver');
const guardOf = ({ plan }: FlowRun) => plan?.['guard'] as { readonly ok: boolean } | undefined;
const hashOf = ({ plan }: FlowRun) => textIn(plan?.['digest'] as IDataObject, 'hash');
const applied = ({ ran }: FlowRun) => (ran.out('Apply')[0] ?? []).map(({ key, status }) => [key, status]);

/** What Apply refused with: the error of the run, or the items of Failed where the node goes on. */
const refusal = ({ ran }: FlowRun): string =>
	[ran.error?.message ?? '', ...(ran.out('Apply')[1] ?? []).map((item) => textIn(item, 'message'))].join(' ').trim();

const BEYOND = 'The plan goes beyond its guards, and nothing of it is applied';

/** What stood between this run and the accounts, and its words. */
function defenceOf(run: FlowRun): readonly [Defence | 'none', string] {
	const { ran, plan } = run;
	if (!plan) {
		const stoppedBy = ran.error?.message ?? textIn(ran.out('Plan')[2]?.[0], 'message');
		return stoppedBy === '' ? ['nobody', ''] : ['stops', stoppedBy];
	}
	if (leavers(run).length > 0) return [guardOf(run)?.ok === false ? 'guard' : 'none', refusal(run)];
	const refused = (plan['feed'] as { readonly absenceRefused: readonly string[] }).absenceRefused;
	return refused.length > 0 ? ['doubt', refused.join(' ')] : ['present', ''];
}

describe('nobody is disabled by', () => {
	let everybody: Company;
	beforeAll(async () => {
		everybody = await company('E', 40);
		await closeAll();
	}, 60_000);

	const unharmed = async () => {
		expect(await standing(everybody.place)).toEqual({ enabled: keysOf(everybody.people), marked: [] });
	};
	const strike = async ({ answer, settings }: Storm, memory: Memory, further: FlowSettings, ifIncomplete: string) =>
		await runFlow(everybody.place, answer(everybody.people), memory, {
			...{ ...settings, ...further },
			reading: { ...settings.reading, ifIncomplete },
		});

	test.each(Object.entries(STORMS))('%s, three runs in a row', async (_, storm) => {
		const first = await strike(storm, everybody.memory, {}, 'fail');
		const second = await strike(storm, first.memory, {}, 'goOn');
		expect(defenceOf(second)).toEqual([storm.defence, expect.stringMatching(storm.words)]);

		// A builder who wants the workflow to go on whatever happens.
		const third = await strike(storm, second.memory, { goOn: true }, 'goOn');
		expect(third.ran.error).toBeUndefined();
		const [defence, words] = defenceOf(third);
		expect(defence).toBe(storm.defence);
		expect(words).toMatch(storm.defence === 'stops' ? "'Feed Report' is empty" : storm.words);
		for (const run of [first, second, third]) {
			if (leavers(run).length > 0) expect(refusal(run)).toContain(BEYOND);
			expect(applied(run)).toEqual([]);
		}
		await unharmed();
	});

	test('an empty feed, which is below the least that is believed', async () => {
		const { place, memory } = everybody;
		const run = await runFlow(place, listing('whole', []), memory, { style: 'whole' });
		expect(run.plan).toMatchObject({ guard: { ok: false, breaches: [{ rule: 'feedSize', limit: 1, actual: 0 }] } });
		await unharmed();
	});

	test('a plan beyond its guards, in parts either', async () => {
		const storm = STORMS['everybody terminated'];
		if (!storm) throw new Error('The storm has another name.');
		const run = await strike(storm, everybody.memory, {}, 'fail');
		for (const [items, options] of [
			[run.changes.slice(0, 1), {}],
			[run.changes.slice(0, 3), {}],
			[run.changes, { canary: 1 }],
			[run.plan ? [run.plan] : [], { canary: 1 }],
		] as const) {
			expect(items).not.toEqual([]);
			const ran = await runPlanOperation(domain, 'applyPlan', { options }, items);
			expect(ran.error?.message).toContain(BEYOND);
		}
		await unharmed();
	});

	test('two feeds that each lose another half', async () => {
		const { place, people, memory } = everybody;
		const first = await runFlow(place, listing('whole', people.slice(0, 20)), memory, { style: 'whole' });
		expect([...(first.memory.missing ?? [])].sort()).toEqual(keysOf(people.slice(20)));
		const second = await runFlow(place, listing('whole', people.slice(20)), first.memory, { style: 'whole' });
		expect([...(second.memory.missing ?? [])].sort()).toEqual(keysOf(people.slice(0, 20)));
		expect(second.plan).toMatchObject({ feed: { absenceRefused: [] } });
		expect(leavers(second)).toEqual([]);
		await unharmed();
	});

	test('a bad feed between two good ones, and the workflow goes on as before', async () => {
		const { place, people } = everybody;
		let memory = everybody.memory;
		for (const count of [20, 40, 20, 0, 20, 40]) {
			const run = await runFlow(place, listing('whole', people.slice(0, count)), memory, { style: 'whole' });
			expect(leavers(run)).toEqual([]);
			memory = run.memory;
		}
		expect(memory.missing).toEqual([]);
		await unharmed();
	});
});

describe('who has left is disabled', () => {
	test('when the account is nobody’s in two good feeds, in the second', async () => {
		const { place, people, memory } = await company('F', 6);
		const stay = people.slice(0, 5);
		const first = await runFlow(place, listing('offset', stay), memory);
		expect(first.plan).toMatchObject({ feed: { missing: ['F006'] }, guard: { ok: true } });
		expect(first.changes).toEqual([]);
		expect(await standing(place)).toEqual({ enabled: keysOf(people), marked: [] });

		const second = await runFlow(place, listing('offset', stay), first.memory);
		expect(lifecycles(second.changes)).toEqual([['F006', 'leaver']]);
		expect(applied(second)).toEqual([['F006', 'applied']]);
		expect(await standing(place)).toEqual({ enabled: keysOf(stay), marked: ['F006'] });

		const third = await runFlow(place, listing('offset', stay), second.memory);
		expect(third.ran.error).toBeUndefined();
		expect(third.changes).toEqual([]);
	});

	test('when the HR system says so, in a feed that is not whole', async () => {
		const { place, people, memory } = await company('G', 6);
		const half = people.slice(0, 3).map((person, index) => (index === 1 ? { ...person, state: 'GONE' } : person));
		const run = await runFlow(place, () => ({ json: { total: 6, rows: half } }), memory, {
			reading: { ifIncomplete: 'goOn' },
		});
		expect(run.plan).toMatchObject({ feed: { complete: false, missing: [] }, guard: { ok: true } });
		expect(applied(run)).toEqual([['G002', 'applied']]);
		const [gone, stay] = [keysOf(people.slice(1, 2)), people.filter(({ number }) => number !== 'G002')];
		expect(await standing(place)).toEqual({ enabled: keysOf(stay), marked: gone });
	});

	test('beyond the limit, when this very plan was approved', async () => {
		const { place, people, memory } = await company('H', 5);
		const gone = listing(
			'offset',
			people.map((person) => ({ ...person, state: 'GONE' })),
		);
		const first = await runFlow(place, gone, memory);
		expect(refusal(first)).toContain('5 accounts are to be disabled, and the limit is 3');
		// The same people, the same changes, another plan.
		const second = await runFlow(place, gone, memory, { apply: { approvedOverLimit: hashOf(first) } });
		expect(leavers(second)).toHaveLength(5);
		expect(refusal(second)).toContain('Approved Over Limit holds the hash of another plan');
		expect(await standing(place)).toEqual({ enabled: keysOf(people), marked: [] });

		const third = await runFlow(place, gone, memory, {
			apply: { approvedOverLimit: "={{ $('Plan').first().json.digest.hash }}" },
		});
		expect(third.ran.error).toBeUndefined();
		expect(applied(third)).toEqual(keysOf(people).map((key) => [key, 'applied']));
		expect(await standing(place)).toEqual({ enabled: [], marked: keysOf(people) });
	});

	test('three on one day, and not the fourth in the next plan', async () => {
		const { place, people, memory } = await company('I', 8);
		const without = (count: number) =>
			listing(
				'offset',
				people.map((person, index) => (index < count ? { ...person, state: 'GONE' } : person)),
			);
		const first = await runFlow(place, without(3), memory);
		expect(applied(first)).toHaveLength(3);
		const second = await runFlow(place, without(4), first.memory);
		expect(leavers(second)).toHaveLength(1);
		expect(refusal(second)).toContain('4 accounts are to be disabled or were so in the last 24 hours (3)');
		expect(await standing(place)).toEqual({
			enabled: keysOf(people.slice(3)),
			marked: keysOf(people.slice(0, 3)),
		});
	});
});
