/** Each kind of change from its first to its last step, and once more. */
import { startSamba, type Domain } from '../support/samba';
import {
	apply,
	disable,
	enable,
	joining,
	link,
	plan,
	refOf,
	relocation,
	set,
	setPassword,
	targetOf,
	unlink,
	write,
	type Parts,
} from '../support/changes';
import { canBind } from './administrator';
import { addPerson, openOffice, stateOf, type Office } from './leave-return-people';
import { withDirectory } from '../support/directory';
import type { Directory } from '../../lib/directory/directory';

let domain: Domain;
let office: Office;

beforeAll(async () => {
	domain = await startSamba();
	office = await openOffice(domain);
}, 120_000);
afterAll(() => domain?.stop());

const isMark = (state: string) => expect.stringMatching(new RegExp(`^adprov1:${state}:`)) as unknown;
const statuses = (outcome: { steps: readonly { status: string }[] } | undefined) =>
	outcome?.steps.map(({ status }) => status);

async function pwdLastSet(directory: Directory, dn: string): Promise<string> {
	const entry = await directory.read(dn, ['pwdLastSet']);
	return String(entry?.attributes['pwdlastset']?.[0] ?? '');
}

describe('a joiner', () => {
	let changes: Awaited<ReturnType<typeof plan>>;

	test('is created, joins the groups, gets a password and is enabled', async () => {
		changes = await plan(domain, async (directory) => {
			const groups = await Promise.all(office.groups.map((dn) => refOf(directory, dn)));
			return [joining(await refOf(directory, office.people), 'J1', groups, { title: ['Engineer'] })];
		});
		const { outcomes, results, writes } = await apply(domain, changes);
		expect(outcomes[0]).toMatchObject({ status: 'applied', key: 'J1', dn: `CN=Person J1,${office.people}` });
		expect(statuses(outcomes[0])).toEqual(Array(6).fill('done'));
		// The password of the Add is the one that is told.
		expect(writes).toBe(1 + office.groups.length + 1);
		expect(await canBind(domain, `CN=Person J1,${office.people}`, results[0]?.delivered['password'] ?? '')).toBe(true);
		expect(await stateOf(domain, 'J1')).toMatchObject({
			userAccountControl: ['512'],
			title: ['Engineer'],
			groups: [...office.groups].sort(),
		});
		expect((await stateOf(domain, 'J1'))['carLicense']).toBeUndefined();
	});

	test('and again: nothing is written', async () => {
		const before = await stateOf(domain, 'J1');
		const { outcomes, results, writes } = await apply(domain, changes);
		expect(outcomes[0]).toMatchObject({ status: 'already done' });
		expect(results[0]?.delivered).toEqual({});
		expect(writes).toBe(0);
		expect(await stateOf(domain, 'J1')).toEqual(before);
		// Somebody else may have given the memberships.
		expect(outcomes[0]?.steps.filter(({ step }) => step.do === 'link').map(({ inverse }) => inverse)).toEqual([
			...office.groups.map(() => null),
		]);
	});

	test('who is to wait for the start stays disabled and marked', async () => {
		const later = await plan(domain, async (directory) => {
			const { steps, ...rest } = joining(await refOf(directory, office.people), 'J2');
			return [{ ...rest, steps: steps.slice(0, 1) }];
		});
		const { outcomes, results } = await apply(domain, later);
		expect(outcomes[0]?.status).toBe('applied');
		expect(results[0]?.delivered).toEqual({});
		expect(await stateOf(domain, 'J2')).toMatchObject({ userAccountControl: ['514'], carLicense: [isMark('pending')] });
		const finish = await plan(domain, async (directory) => {
			const dn = `CN=Person J2,${office.people}`;
			const before = await pwdLastSet(directory, dn);
			const steps = [set(write('title', null, 'Starter')), setPassword(before, true), enable()];
			return [{ key: 'J2', lifecycle: 'joiner', target: await targetOf(directory, dn), steps }];
		});
		const finished = await apply(domain, finish);
		expect(finished.outcomes[0]).toMatchObject({ status: 'applied' });
		expect(finished.results[0]?.delivered['password']).toEqual(expect.any(String));
		expect(await stateOf(domain, 'J2')).toMatchObject({ userAccountControl: ['512'], title: ['Starter'] });
		expect((await apply(domain, finish)).writes).toBe(0);
	});
});

test('a mover gets attributes, name, place and groups; and again nothing is written', async () => {
	const dn = await addPerson(domain, office, 'M1');
	const changes = await plan(domain, async (directory): Promise<Parts[]> => {
		const boss = await refOf(directory, `CN=Person J1,${office.people}`);
		const admin = await refOf(directory, domain.bindDn);
		const [staff, sales, vpn] = await Promise.all(office.groups.map((group) => refOf(directory, group)));
		if (!staff || !sales || !vpn) throw new Error('no groups');
		return [
			{
				key: 'M1',
				lifecycle: 'mover',
				target: await targetOf(directory, dn),
				steps: [
					set(
						write('title', 'Tester', 'Lead'),
						write('manager', admin, boss),
						{ attribute: 'otherTelephone', remove: ['+49 30 2'], add: ['+49 30 9'] },
						write('description', 'The one who tests', null),
					),
					await relocation(directory, dn, office.leavers, 'CN=Person M1\\2C Lead'),
					unlink(sales),
					link(vpn),
				],
			},
		];
	});
	const { outcomes } = await apply(domain, changes);
	expect(outcomes[0]).toMatchObject({ status: 'applied', dn: `CN=Person M1\\, Lead,${office.leavers}` });
	expect(statuses(outcomes[0])).toEqual(['done', 'done', 'done', 'already done']);
	const [staff, , vpn] = office.groups;
	expect(await stateOf(domain, 'M1')).toMatchObject({
		title: ['Lead'],
		manager: [`CN=Person J1,${office.people}`],
		otherTelephone: expect.arrayContaining(['+49 30 3', '+49 30 9']) as unknown,
		groups: [staff, vpn].sort(),
	});
	const again = await apply(domain, changes);
	expect(again).toMatchObject({ writes: 0, outcomes: [{ status: 'already done' }] });
});

describe('a leaver and a rehire', () => {
	let leaving: Awaited<ReturnType<typeof plan>>;
	let before: Awaited<ReturnType<typeof stateOf>>;

	test('is disabled and marked, loses password, groups and place', async () => {
		const dn = await addPerson(domain, office, 'L1');
		before = await stateOf(domain, 'L1');
		leaving = await plan(domain, async (directory) => {
			const groups = await Promise.all(office.groups.map((group) => refOf(directory, group)));
			const steps = [
				disable(512, write('title', 'Tester', null), write('description', 'The one who tests', 'Left')),
				setPassword(await pwdLastSet(directory, dn)),
				...groups.map(unlink),
				await relocation(directory, dn, office.leavers),
			];
			return [{ key: 'L1', lifecycle: 'leaver', target: await targetOf(directory, dn), steps }];
		});
		const { outcomes, results, writes } = await apply(domain, leaving);
		expect(outcomes[0]).toMatchObject({ status: 'applied', dn: `CN=Person L1,${office.leavers}` });
		expect(results[0]?.delivered).toEqual({});
		expect(writes).toBe(2 + office.groups.length + 1);
		expect(await stateOf(domain, 'L1')).toMatchObject({
			userAccountControl: ['514'],
			description: ['Left'],
			carLicense: [isMark('left'), isMark('snapshot')],
			groups: [],
		});
		expect(outcomes[0]?.steps[0]?.wrote).toEqual([
			{ attribute: 'userAccountControl', from: '512', to: '514' },
			{ attribute: 'carLicense', remove: [], add: [isMark('left'), isMark('snapshot')] },
			{ attribute: 'title', from: 'Tester', to: null },
			{ attribute: 'description', from: 'The one who tests', to: 'Left' },
		]);
	});

	test('and again: nothing is written', async () => {
		expect(await apply(domain, leaving)).toMatchObject({ writes: 0, outcomes: [{ status: 'already done' }] });
	});

	test('comes back with a new password, and is as before', async () => {
		const dn = `CN=Person L1,${office.leavers}`;
		const returning = await plan(domain, async (directory) => {
			const groups = await Promise.all(office.groups.map((group) => refOf(directory, group)));
			const steps = [
				await relocation(directory, dn, office.people),
				set(write('title', null, 'Tester'), write('description', 'Left', 'The one who tests')),
				...groups.map(link),
				setPassword(await pwdLastSet(directory, dn)),
				enable(),
			];
			return [{ key: 'L1', lifecycle: 'rehire', target: await targetOf(directory, dn), steps }];
		});
		const { outcomes, results } = await apply(domain, returning);
		expect(outcomes[0]).toMatchObject({ status: 'applied' });
		expect(await stateOf(domain, 'L1')).toEqual(before);
		expect(await canBind(domain, `CN=Person L1,${office.people}`, results[0]?.delivered['password'] ?? '')).toBe(true);
		expect(await apply(domain, returning)).toMatchObject({ writes: 0, outcomes: [{ status: 'already done' }] });
	});

	test('whose days are over is deleted, and only as long as the mark says so', async () => {
		const dn = await addPerson(domain, office, 'D1');
		const remove = (mark: string) =>
			plan(domain, async (directory) => [
				{
					key: 'D1',
					lifecycle: 'leaver',
					target: await targetOf(directory, dn),
					steps: [{ do: 'delete', expect: { employeeID: ['D1'], userAccountControl: [mark] } }],
				},
			]);
		const early = await apply(domain, await remove('512'));
		expect(early).toMatchObject({ writes: 0, outcomes: [{ status: 'conflict' }] });
		const leave = await plan(domain, async (directory) => [
			{ key: 'D1', lifecycle: 'leaver', target: await targetOf(directory, dn), steps: [disable()] },
		]);
		await apply(domain, leave);
		const changes = await remove('514');
		expect((await apply(domain, changes)).outcomes[0]).toMatchObject({ status: 'applied' });
		expect(await apply(domain, changes)).toMatchObject({ writes: 0, outcomes: [{ status: 'already done' }] });
		await withDirectory(domain, async (directory) => expect(await directory.read(dn, ['cn'])).toBeUndefined());
	});
});
