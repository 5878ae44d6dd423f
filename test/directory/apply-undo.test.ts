/** The engine plays steps that take others back: marks stand in them as they were, and what somebody has changed since keeps nothing else. */
import type { Change, Outcome } from '../../lib/contracts';
import { startSamba, type Domain } from '../support/samba';
import {
	apply,
	disable,
	joining,
	plan,
	refOf,
	relocation,
	set,
	setPassword,
	targetOf,
	unlink,
	write,
	type Parts,
	type StepBody,
} from '../support/changes';
import { withDirectory } from '../support/directory';
import { asAdministrator, canBind } from './administrator';
import { addPerson, change, comeBack, edit, openOffice, stateOf, type Office } from './leave-return-people';

let domain: Domain;
let office: Office;

beforeAll(async () => {
	domain = await startSamba();
	office = await openOffice(domain);
}, 120_000);
afterAll(() => domain?.stop());

/** What an undo plan holds for an outcome: what takes each step back, the last one first. */
async function takingBack(outcomes: readonly Outcome[]): Promise<readonly Change[]> {
	return await plan(
		domain,
		(directory) =>
			Promise.all(
				[...outcomes].reverse().map(async ({ key, lifecycle, dn, steps }): Promise<Parts> => {
					const back = [...steps].reverse().flatMap(({ inverse }) => (inverse ? [inverse as StepBody] : []));
					return { key, lifecycle, target: await targetOf(directory, dn), steps: back };
				}),
			),
		{ kind: 'undo' },
	);
}

async function leaver(key: string): Promise<readonly Change[]> {
	const dn = await addPerson(domain, office, key);
	return await plan(domain, async (directory) => {
		const groups = await Promise.all(office.groups.map((group) => refOf(directory, group)));
		const steps = [
			disable(512, write('title', 'Tester', null), write('description', 'The one who tests', 'Left')),
			...groups.map(unlink),
			await relocation(directory, dn, office.leavers),
		];
		return [{ key, lifecycle: 'leaver', target: await targetOf(directory, dn), steps }];
	});
}

test('a leaver is as before; taken back once more, nothing is written', async () => {
	const changes = await leaver('U1');
	const before = await stateOf(domain, 'U1');
	const { outcomes } = await apply(domain, changes);
	const undo = await takingBack(outcomes);
	expect(await apply(domain, undo)).toMatchObject({ outcomes: [{ status: 'applied' }] });
	expect(await stateOf(domain, 'U1')).toEqual(before);
	expect(await apply(domain, undo)).toMatchObject({ writes: 0, outcomes: [{ status: 'already done' }] });
	// The plan that was undone is not played again.
	expect(await apply(domain, changes)).toMatchObject({ writes: 0, outcomes: [{ status: 'refused' }] });
});

test('what somebody has changed since is kept, and the rest goes back', async () => {
	const { outcomes } = await apply(domain, await leaver('U2'));
	await edit(domain, `CN=Person U2,${office.leavers}`, change('replace', 'description', ['Ask Bob']));
	const undone = await apply(domain, await takingBack(outcomes));
	expect(undone.outcomes[0]?.steps.at(-1)).toMatchObject({
		status: 'done',
		message: expect.stringContaining('Left alone: description is "Ask Bob"') as unknown,
	});
	expect(await stateOf(domain, 'U2')).toMatchObject({
		userAccountControl: ['512'],
		title: ['Tester'],
		description: ['Ask Bob'],
		groups: [...office.groups].sort(),
		distinguishedName: [`CN=Person U2,${office.people}`],
	});
});

test('a leaver whose mark somebody took away stays disabled, and gets back what can be told', async () => {
	const { outcomes } = await apply(domain, await leaver('U3'));
	await edit(domain, `CN=Person U3,${office.leavers}`, change('delete', 'carLicense', []));
	const undone = await apply(domain, await takingBack(outcomes));
	expect(undone.outcomes[0]).toMatchObject({ status: 'partial' });
	expect(undone.outcomes[0]?.steps.at(-1)).toMatchObject({
		status: 'conflict',
		message: expect.stringMatching(/mark/) as unknown,
	});
	expect(await stateOf(domain, 'U3')).toMatchObject({ userAccountControl: ['514'], groups: [...office.groups].sort() });
});

test('a joiner is disabled and marked, out of the groups; a mover has its values again', async () => {
	const dn = await addPerson(domain, office, 'U5');
	const before = await stateOf(domain, 'U5');
	const changes = await plan(domain, async (directory): Promise<Parts[]> => {
		const groups = await Promise.all(office.groups.map((group) => refOf(directory, group)));
		const target = await targetOf(directory, dn);
		const steps = [
			set(write('title', 'Tester', 'Lead'), { attribute: 'otherTelephone', remove: ['+49 30 2'], add: ['+49 30 9'] }),
			await relocation(directory, dn, office.leavers, 'CN=Moved U5'),
		];
		return [
			joining(await refOf(directory, office.people), 'U4', groups),
			{ key: 'U5', lifecycle: 'mover', target, steps },
		];
	});
	const { outcomes } = await apply(domain, changes);
	const undo = await takingBack(outcomes);
	expect((await apply(domain, undo)).outcomes.map(({ key, status }) => [key, status])).toEqual([
		['U5', 'applied'],
		['U4', 'applied'],
	]);
	expect(await stateOf(domain, 'U5')).toEqual(before);
	expect(await stateOf(domain, 'U4')).toMatchObject({
		userAccountControl: ['514'],
		groups: [],
		carLicense: [expect.stringMatching(/^adprov1:pending:/)],
	});
	expect((await apply(domain, undo)).writes).toBe(0);
	// As the account of a joiner that was never finished, it can be finished.
	const finish = await plan(domain, async (directory) => [
		{
			key: 'U4',
			lifecycle: 'joiner',
			target: await targetOf(directory, `CN=Person U4,${office.people}`),
			steps: [setPassword(), { do: 'enable', fromUac: 514, with: [] }],
		},
	]);
	expect((await apply(domain, finish)).outcomes[0]?.status).toBe('applied');
});

test('a return that is undone leaves a mark and a snapshot that count', async () => {
	await apply(domain, await leaver('U6'));
	const left = await stateOf(domain, 'U6');
	const dn = `CN=Person U6,${office.leavers}`;
	const returning = await plan(domain, async (directory) => [
		{
			key: 'U6',
			lifecycle: 'rehire',
			target: await targetOf(directory, dn),
			steps: [
				await relocation(directory, dn, office.people),
				set(write('title', null, 'Tester')),
				setPassword('1'),
				{ do: 'enable', fromUac: 514, with: [] },
			],
		},
	]);
	const { outcomes } = await apply(domain, returning);
	expect(outcomes[0]?.status).toBe('applied');
	await apply(domain, await takingBack(outcomes));
	expect(await stateOf(domain, 'U6')).toEqual(left);
	expect(await comeBack(domain, 'U6')).toMatchObject({ outcome: 'enabled' });
});

test('an account that was made is deleted only while nobody has logged on and it is unchanged', async () => {
	const made = async (key: string) => {
		const changes = await plan(domain, async (directory) => [joining(await refOf(directory, office.people), key)]);
		return await apply(domain, changes);
	};
	const removing = (key: string) =>
		plan(
			domain,
			async (directory): Promise<Parts[]> => [
				{
					...{ key, lifecycle: 'joiner', target: await targetOf(directory, `CN=Person ${key},${office.people}`) },
					steps: [{ do: 'delete', expect: { employeeID: [key], sn: [key], title: [] } }],
				},
			],
			{ kind: 'undo' },
		);
	const used = await made('U7');
	await made('U8');
	await made('U9');
	const password = used.results[0]?.delivered['password'] ?? '';
	expect(await canBind(domain, `CN=Person U7,${office.people}`, password)).toBe(true);
	const [seven, eight, nine] = [await removing('U7'), await removing('U8'), await removing('U9')];
	await asAdministrator(domain, (client) =>
		client.modify(`CN=Person U8,${office.people}`, change('add', 'title', ['x'])),
	);
	expect((await apply(domain, seven)).outcomes[0]).toMatchObject({
		status: 'conflict',
		message: expect.stringContaining('logged on') as unknown,
	});
	expect((await apply(domain, eight)).outcomes[0]?.status).not.toBe('applied');
	expect((await apply(domain, nine)).outcomes[0]?.status).toBe('applied');
	await withDirectory(domain, async (directory) => {
		expect(await directory.read(`CN=Person U8,${office.people}`, ['cn'])).toBeDefined();
		expect(await directory.read(`CN=Person U9,${office.people}`, ['cn'])).toBeUndefined();
	});
});
