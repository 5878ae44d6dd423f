import fc from 'fast-check';
import type { Change, Plan } from '../../../../lib/contracts';
import { DirectoryError } from '../../../../lib/directory/errors';
import { selectChanges, type Selection, type SelectionRequest } from '../../../../lib/provisioning/apply/stillPlanned';
import { sealed } from '../../../../lib/provisioning/seals';
import { SIGNING_KEY } from '../../../support/directory';
import { LEAVERS, SALES } from '../steps/world';
import { account, inDays, NOW, person, personWith, planOf, type World } from '../plan/town';

const by = (value: string) => ({ by: 'employeeID', value });

/** Somebody of each kind; two joiners are each other's managers, and one is a mover's. */
const EVERYBODY: World = {
	accounts: [
		account('M', { groups: ['Support'] }),
		account('L', { groups: ['Sales', 'Poets'] }, { telephoneNumber: '1' }),
		account('P', { state: 'pending' }),
		account('R', { state: 'left', ou: LEAVERS }),
		account('D', { state: 'left', ou: LEAVERS, since: inDays(-40) }),
	],
	people: [
		personWith('J', { manager: by('K') }, { groups: ['Sales'] }),
		personWith('K', { manager: by('J') }),
		personWith('M', { title: 'Poet', manager: by('J') }, { groups: ['Sales'], managedGroups: ['Support'], ou: SALES }),
		...[person('L', { lifecycle: 'leaver' }), person('P'), person('R'), person('D', { lifecycle: 'leaver' })],
	],
};
const ALL = ['J', 'K', 'M', 'L', 'P', 'R', 'D'];

/** Made again ten minutes later. */
const LATER = '2026-06-01T08:10:00Z';
const planAgain = async (world: World = {}) =>
	(await planOf({ ...EVERYBODY, id: 'plan-2', now: LATER, ...world })).plan;

let plan: Plan;
beforeAll(async () => {
	plan = (await planOf({ ...EVERYBODY, now: NOW })).plan;
});

function select(request: Partial<SelectionRequest>, approved: readonly Change[] = plan.changes): Selection {
	return selectChanges(approved, { leaveOut: [], again: undefined, signingKey: SIGNING_KEY, now: LATER, ...request });
}

function refusal(request: Partial<SelectionRequest>, approved: readonly Change[] = plan.changes): DirectoryError {
	try {
		select(request, approved);
	} catch (error) {
		if (error instanceof DirectoryError) return error;
		throw error;
	}
	throw new Error('It was not refused.');
}

const keys = (changes: readonly Pick<Change, 'key'>[]) => changes.map(({ key }) => key);
const held = ({ heldBack }: Selection) => heldBack.map(({ change, why }) => [change.key, why]);
const idOf = (key: string, { changes }: Plan = plan) => changes.find((change) => change.key === key)?.id ?? '';

test('without either option all of it is applied', () => {
	expect(select({})).toEqual({ changes: plan.changes, heldBack: [] });
});

describe('left out', () => {
	test('a change is held back, and says by whom', () => {
		const selection = select({ leaveOut: [idOf('M'), idOf('M')] });
		expect(keys(selection.changes)).toEqual(ALL.filter((key) => key !== 'M'));
		expect(held(selection)).toEqual([['M', 'left out']]);
		expect(selection.heldBack[0]?.message).toContain('Left out by the approver.');
	});

	test('an id of another plan, or of nobody, is refused and named', async () => {
		const strange = idOf('M', await planAgain());
		expect(strange).not.toBe('');
		for (const leaveOut of [[strange], [idOf('M'), 'nobody'], ['M']]) {
			const { message, whatToDo, kind } = refusal({ leaveOut });
			expect(message).toContain(`"${leaveOut.at(-1) ?? ''}"`);
			expect([kind, whatToDo]).toEqual(['configuration', expect.stringContaining('the field id')]);
		}
	});

	test('of many that are wrong a few are named', () => {
		expect(refusal({ leaveOut: Array.from({ length: 900 }, (_, n) => `n${n}`) }).message.length).toBeLessThan(300);
	});

	test('all of it is nothing to do', () => {
		expect(select({ leaveOut: plan.changes.map(({ id }) => id) }).changes).toEqual([]);
	});
});

describe('made again', () => {
	test('of the same people and the same directory, the plan holds each change: joiners who name each other too', async () => {
		const again = await planAgain();
		expect(again.changes.map(({ id }) => id)).not.toContain(idOf('J'));
		expect(again.changes.map(({ stepsHash }) => stepsHash)).toEqual(plan.changes.map(({ stepsHash }) => stepsHash));
		expect(select({ again: { plan: again } })).toEqual({ changes: plan.changes, heldBack: [] });
	});

	test.each<[what: string, world: World, key: string, why: string]>([
		['who is gone from the feed', without('M'), 'M', 'no longer planned'],
		['a leaver who stays after all', withPerson(person('L')), 'L', 'no longer planned'],
		['a new hire who never begins', without('P'), 'P', 'no longer planned'],
		['another title', withPerson(personWith('M', { title: 'Lead', manager: by('J') })), 'M', 'planned otherwise'],
		['somebody else as manager', withPerson(personWith('K', { manager: by('P') })), 'K', 'planned otherwise'],
		['one group more', withPerson(personWith('J', { manager: by('K') }, { groups: [] })), 'J', 'planned otherwise'],
		['a leaver who is back before the deletion', withPerson(person('D')), 'D', 'planned otherwise'],
	])('%s holds that person back, and nobody else', async (_, world, key, why) => {
		const selection = select({ again: { plan: await planAgain(world) } });
		expect(held(selection)).toEqual([[key, why]]);
		expect(keys(selection.changes)).toEqual(ALL.filter((other) => other !== key));
		expect(selection.heldBack[0]?.message).toMatch(/Nothing was written for this person\.$/);
	});

	test('a name that was taken meanwhile holds its joiner back', async () => {
		const taken = account('Z', {}, { sAMAccountName: 'userj' });
		const accounts = [EVERYBODY.accounts ?? [], taken].flat();
		const selection = select({ again: { plan: await planAgain({ accounts }) } });
		expect(held(selection)[0]?.[0]).toBe('J');
		expect(keys(selection.changes)).not.toContain('J');
	});

	test('what was done by hand meanwhile is not planned any more', async () => {
		const accounts = [
			account('M', { groups: ['Support'] }),
			account('L', { groups: ['Poets'] }, { telephoneNumber: '1' }),
			...[EVERYBODY.accounts ?? []].flat().slice(2),
		];
		expect(held(select({ again: { plan: await planAgain({ accounts }) } }))).toEqual([['L', 'planned otherwise']]);
	});

	test('nothing of it is added, whoever else joined since', async () => {
		const people = [...(EVERYBODY.people ?? []), person('New')];
		const again = await planAgain({ people });
		expect(keys(again.changes)).toContain('New');
		expect(select({ again: { plan: again } }).changes).toEqual(plan.changes);
	});

	test('keys are compared as people are found by them', async () => {
		const people = (EVERYBODY.people ?? []).map((one) => (one.key === 'L' ? { ...one, key: ' l ' } : one));
		expect(held(select({ again: { plan: await planAgain({ people }) } }))).toEqual([]);
	});

	test('left out counts first, and both hold back', async () => {
		const selection = select({ leaveOut: [idOf('M')], again: { plan: await planAgain(without('M', 'P')) } });
		expect(held(selection)).toEqual([
			['M', 'left out'],
			['P', 'no longer planned'],
		]);
	});

	test('the same steps for another account are not what was approved', async () => {
		const again = await planAgain();
		const changes = again.changes.map((change) =>
			change.key === 'D' && change.target
				? sealed(SIGNING_KEY, 'change', { ...change, target: { ...change.target, guid: 'another' } })
				: change,
		);
		const other = sealed(SIGNING_KEY, 'plan', { ...again, changes });
		expect(held(select({ again: { plan: other } }))).toEqual([['D', 'planned otherwise']]);
	});
});

describe('what is no plan made again', () => {
	const edited = (changes: Partial<Plan>) => async () =>
		sealed(SIGNING_KEY, 'plan', { ...(await planAgain()), ...changes });
	const directory = () => ({ ...plan.directory, domainGuid: 'another', domain: 'other.example.com' });

	test.each<[what: string, make: () => Promise<unknown>, words: RegExp]>([
		['the approved plan itself', () => Promise.resolve(plan), /the approved plan itself/],
		['an older one', () => planAgain({ now: '2026-06-01T07:59:59Z' }), /before what was approved/],
		['one that expired', edited({ expiresAt: '2026-06-01T08:05:00Z' }), /it expired on 2026-06-01 08:05:00 UTC/],
		['an undo plan', edited({ kind: 'undo' }), /an undo plan/],
		['one of another domain', () => edited({ directory: directory() })(), /another domain \(other\.example\.com\)/],
		['one by another anchor', edited({ anchor: 'mail' }), /by mail, and what was approved by employeeID/],
		['one with another mark', edited({ markAttribute: 'info' }), /Mark Attribute is info/],
		[
			'an edited one',
			async () => ({ ...(await planAgain()), changes: [] }),
			/^The plan made again is not what was sealed/,
		],
		['one of another key', async () => sealed('quite another key', 'plan', await planAgain()), /another signing key/],
		['a change', () => Promise.resolve(plan.changes[0]), /What came in as the plan made again is none/],
		['nothing', () => Promise.resolve({}), /is none/],
	])('%s is refused in words', async (_, make, words) => {
		const { message, whatToDo, kind } = refusal({ again: { plan: await make() } });
		expect([kind, message]).toEqual(['configuration', expect.stringMatching(words)]);
		expect(whatToDo).not.toBe('');
	});
});

test('an anchor is compared without case', async () => {
	const again = sealed(SIGNING_KEY, 'plan', { ...(await planAgain()), anchor: 'EMPLOYEEID' });
	expect(held(select({ again: { plan: again } }))).toEqual([]);
});

// Whatever is left out and whoever changes meanwhile: part of what was approved, in its order, and every change has exactly one way.
test('what is applied was approved, was not left out, and stands in the plan made again', async () => {
	const some = fc.subarray(ALL);
	const cities = fc.dictionary(fc.constantFrom('J', 'K', 'M', 'P', 'R'), fc.constantFrom('Rome', 'Oslo'));
	await fc.assert(
		fc.asyncProperty(some, some, cities, async (left, gone, moved) => {
			const people = (EVERYBODY.people ?? [])
				.filter(({ key }) => !gone.includes(key))
				.map((one) => (moved[one.key] ? { ...one, attributes: { ...one.attributes, l: moved[one.key] ?? '' } } : one));
			const again = await planAgain({ people });
			const leaveOut = left.map((key) => idOf(key));
			const { changes, heldBack } = select({ leaveOut, again: { plan: again } });
			const stands = new Map(again.changes.map(({ key, stepsHash }) => [key, stepsHash]));
			for (const change of changes)
				expect([plan.changes.includes(change), left.includes(change.key), stands.get(change.key)]).toEqual([
					...[true, false, change.stepsHash],
				]);
			expect(plan.changes.filter((change) => changes.includes(change))).toEqual(changes);
			expect(keys([...changes, ...heldBack.map(({ change }) => change)]).toSorted()).toEqual(ALL.toSorted());
			for (const key of Object.keys(moved)) expect(keys(changes)).not.toContain(key);
		}),
		{ numRuns: 60 },
	);
});

function without(...gone: readonly string[]): World {
	return { people: (EVERYBODY.people ?? []).filter(({ key }) => !gone.includes(key)) };
}

function withPerson(changed: ReturnType<typeof person>): World {
	return { people: (EVERYBODY.people ?? []).map((one) => (one.key === changed.key ? changed : one)) };
}
