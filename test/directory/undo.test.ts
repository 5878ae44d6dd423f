/** Taking a plan back on a real directory: what it changed goes back, what somebody changed since stays. */
import type { LdifEntry } from '../../demo/samba/ldbsearch.ts';
import type { Change, Outcome, Plan, PlanProblem } from '../../lib/contracts';
import { locate } from '../../lib/directory/accounts/locate';
import type { Directory } from '../../lib/directory/directory';
import type { Entry } from '../../lib/directory/entry';
import { anyOf, equal } from '../../lib/directory/filter';
import { cancelled } from '../../lib/directory/within';
import { liveSource } from '../../lib/provisioning/source/live';
import { makeUndo } from '../../lib/provisioning/undo/makeUndo';
import { changeId } from '../../lib/provisioning/seals';
import { formatDn, parseDn } from '../../lib/schema/dn';
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
import { SIGNING_KEY, withAccounts, withDirectory } from '../support/directory';
import { replay } from '../support/replay';
import { startSamba, type Domain } from '../support/samba';
import { canBind } from './administrator';
import { addPerson, change, edit, openOffice, stateOf, type Office } from './leave-return-people';

let domain: Domain;
let office: Office;

beforeAll(async () => {
	domain = await startSamba();
	office = await openOffice(domain);
}, 120_000);
afterAll(() => domain?.stop());

/** Passwords, update sequence numbers and time stamps. */
const PASSING = new Set([
	...['whenChanged', 'uSNChanged', 'pwdLastSet', 'unicodePwd', 'ntPwdHistory', 'supplementalCredentials'],
	...['dBCSPwd', 'lmPwdHistory', 'replPropertyMetaData', 'msDS-KeyVersionNumber'],
]);
const EVERYTHING = '(|(objectClass=user)(objectClass=group)(objectClass=organizationalUnit))';

/** The database without what passes, as Samba's own tool reads it. */
async function database(): Promise<readonly LdifEntry[]> {
	const entries = await domain.ldbsearch(EVERYTHING);
	return entries
		.map(({ dn, attributes }) => ({
			dn,
			attributes: Object.fromEntries(
				Object.entries(attributes)
					.filter(([name]) => !PASSING.has(name))
					.map(([name, values]) => [name, [...values].sort()]),
			),
		}))
		.sort((left, right) => (left.dn < right.dn ? -1 : 1));
}

async function undo(
	outcomes: readonly unknown[],
	{ deleteCreated = false } = {},
): Promise<{ plan: Plan; problems: readonly PlanProblem[] }> {
	return await withDirectory(domain, (directory) =>
		makeUndo(
			liveSource(directory),
			{ outcomes, signingKey: SIGNING_KEY, deleteCreated, expiresAfterHours: 72 },
			{ newId: () => 'undo-1', digestRows: 50 },
		),
	);
}

const wholeOf = ({ outcomes }: { outcomes: readonly Outcome[] }) => outcomes.map(({ status }) => status);

/** The mark of an account that counts. */
async function markOf(key: string): Promise<string | undefined> {
	return await withAccounts(domain, async (run) => {
		const located = await locate(run, { attribute: 'employeeID', value: key });
		return 'outcome' in located ? located.outcome : located.mark?.state;
	});
}

async function leaving(dn: string, key: string): Promise<readonly Change[]> {
	return await plan(domain, async (directory) => {
		const groups = await Promise.all(office.groups.map((name) => refOf(directory, name)));
		const left = [write('title', 'Tester', null), write('description', 'The one who tests', 'Left')];
		const steps = [
			disable(512, ...left, { attribute: 'otherTelephone', remove: ['+49 30 2', '+49 30 3'], add: [] }),
			setPassword('1'),
			...groups.map(unlink),
			await relocation(directory, dn, office.leavers),
		];
		return [{ key, lifecycle: 'leaver', target: await targetOf(directory, dn), steps }];
	});
}

/** Two joiners who name each other, one who waits, a mover, a leaver and one who comes back. */
async function everybody(prefix: string): Promise<readonly Change[]> {
	const [mover, leaver, back] = await Promise.all(
		['M', 'L', 'R'].map((key) => addPerson(domain, office, `${prefix}${key}`)),
	);
	const gone = await apply(domain, await leaving(back ?? '', `${prefix}R`));
	expect(wholeOf(gone)).toEqual(['applied']);
	const planId = `plan-${prefix}`;
	return await plan(
		domain,
		async (directory): Promise<Parts[]> => {
			const [people, left] = await Promise.all([office.people, office.leavers].map((dn) => refOf(directory, dn)));
			const groups = await Promise.all(office.groups.map((dn) => refOf(directory, dn)));
			const [one, two, three] = groups;
			if (!people || !left || !one || !two || !three) throw new Error('The office is not complete.');
			const id = (key: string) => changeId(planId, `${prefix}${key}`);
			const naming = (key: string, from: string | null = null) => set(write('manager', from, { change: id(key) }));
			const joiner = joining(people, `${prefix}1`, [one, two], { title: ['Engineer'] });
			const other = joining(people, `${prefix}2`, [one]);
			const waiting = joining(people, `${prefix}3`, [three]);
			const backDn = `CN=Person ${prefix}R,${office.leavers}`;
			return [
				{ ...joiner, steps: [...joiner.steps, naming('2')], dependsOn: [id('2')] },
				{ ...other, steps: [...other.steps, naming('1')], dependsOn: [id('1')] },
				{ ...waiting, steps: waiting.steps.slice(0, 2) },
				{
					...{ key: `${prefix}M`, lifecycle: 'mover', target: await targetOf(directory, mover ?? '') },
					steps: [
						set(
							write('title', 'Tester', 'Lead'),
							write('department', null, 'Quality'),
							write('telephoneNumber', '+49 30 1', null),
							{ attribute: 'otherTelephone', remove: ['+49 30 2'], add: ['+49 30 4'] },
						),
						await relocation(directory, mover ?? '', office.leavers, `CN=Moved ${prefix}`),
						unlink(three),
						naming('1', domain.bindDn),
					],
					dependsOn: [id('1')],
				},
				{
					...{ key: `${prefix}L`, lifecycle: 'leaver', target: await targetOf(directory, leaver ?? '') },
					steps: (await leaving(leaver ?? '', `${prefix}L`))[0]?.steps ?? [],
				},
				{
					...{ key: `${prefix}R`, lifecycle: 'rehire', target: await targetOf(directory, backDn) },
					steps: [
						await relocation(directory, backDn, office.people),
						set(write('title', null, 'Returned')),
						link(one),
						setPassword('1'),
						enable(514),
					],
				},
			];
		},
		{ planId },
	);
}

/** Everything, as the engine reads it. */
async function objects(): Promise<Entry[]> {
	return await withDirectory(domain, (directory) =>
		directory.search(domain.baseDn, {
			scope: 'sub',
			filter: anyOf(['user', 'group', 'organizationalUnit'].map((name) => equal('objectClass', name))),
			attributes: ['*'],
		}),
	);
}

describe('a plan with joiners, a mover, a leaver and a return', () => {
	test('and its undo leave nothing but passwords, numbers of changes and time stamps', async () => {
		const changes = await everybody('A');
		const before = await database();
		const applied = await apply(domain, changes);
		expect(wholeOf(applied)).toEqual(Array(6).fill('applied'));
		expect(await database()).not.toEqual(before);

		const { plan: back, problems } = await undo(applied.outcomes, { deleteCreated: true });
		expect(problems).toEqual([]);
		expect(back.changes.map(({ key }) => key)).toEqual(['AR', 'AL', 'AM', 'A3', 'A2', 'A1']);
		const undone = await apply(domain, back.changes);
		expect(undone.outcomes.map(({ key, message }) => [key, message])).toEqual(
			back.changes.map(({ key }) => [key, undefined]),
		);
		expect(wholeOf(undone)).toEqual(Array(6).fill('applied'));
		expect(await database()).toEqual(before);
		// Who came back has left again, and who left may come back, as before.
		expect([await markOf('AR'), await markOf('AL')]).toEqual(['left', undefined]);

		const again = await apply(domain, back.changes);
		expect([again.writes, wholeOf(again)]).toEqual([0, Array(6).fill('already done')]);
		const reapplied = await apply(
			domain,
			changes.filter(({ lifecycle }) => lifecycle !== 'joiner'),
		);
		expect([reapplied.writes, wholeOf(reapplied)]).toEqual([0, ['refused', 'refused', 'refused']]);
		for (const { message } of reapplied.outcomes) expect(message).toContain('undone or reversed since');
	});

	test('is told by its outcomes: played over the objects of before they give those of after', async () => {
		const changes = await everybody('B');
		const before = await objects();
		const { outcomes } = await apply(domain, changes);
		const told = new Set([
			...['dn', 'employeeid', 'samaccountname', 'userprincipalname', 'displayname', 'sn', 'title', 'description'],
			...['useraccountcontrol', 'carlicense', 'department', 'telephonenumber', 'othertelephone', 'manager'],
			...['member', 'memberof', 'thumbnailphoto'],
		]);
		/** The server has a spelling of its own for names. */
		const spelled = (text: string) => (text.endsWith(domain.baseDn) ? formatDn(parseDn(text)) : text);
		const comparable = (entries: readonly Entry[]) =>
			entries
				.map(({ dn, attributes }) => ({
					dn: spelled(dn),
					attributes: Object.entries(attributes)
						.filter(([name]) => told.has(name))
						.map(
							([name, values]) =>
								`${name}: ${values
									.map((value) => spelled(String(value)))
									.sort()
									.join(' | ')}`,
						)
						.sort(),
				}))
				.sort((left, right) => (left.dn < right.dn ? -1 : 1));
		expect(comparable(replay(before, outcomes))).toEqual(comparable(await objects()));
	});

	test('taken back without the switch leaves its joiners disabled, marked and out of their groups', async () => {
		const changes = await everybody('C');
		const { outcomes } = await apply(domain, changes);
		const { plan: back } = await undo(outcomes);
		expect(back.changes.find(({ key }) => key === 'C1')?.notes.join(' ')).toContain('is not deleted');
		const undone = await apply(domain, back.changes);
		expect(undone.outcomes.flatMap(({ message }) => message ?? [])).toEqual([]);
		for (const key of ['C1', 'C2', 'C3']) {
			const state = await stateOf(domain, key);
			expect([state['userAccountControl'], state['groups']]).toEqual([['514'], []]);
			expect(await markOf(key)).toBe('pending');
		}
		expect((await stateOf(domain, 'C1'))['manager']).toBeUndefined();
	});
});

/** Lets one write through; then the run is stopped. */
function oneWrite(directory: Directory): Directory {
	let left = 1;
	const counted =
		<In extends unknown[]>(work: (...given: In) => Promise<void>) =>
		async (...given: In) => {
			if (left === 0) throw cancelled();
			left -= 1;
			await work(...given);
		};
	return {
		...directory,
		add: counted(directory.add),
		modify: counted(directory.modify),
		rename: counted(directory.rename),
		remove: counted(directory.remove),
	};
}

test.each([true, false])(
	'an undo that is stopped after each of its writes ends where it would have ended (accounts deleted: %s)',
	async (deleteCreated) => {
		const changes = await everybody(deleteCreated ? 'D' : 'E');
		const before = await database();
		const { outcomes } = await apply(domain, changes);
		const { plan: back } = await undo(outcomes, { deleteCreated });
		let runs = 0;
		for (let open = true; open; runs += 1) {
			const { writes } = await apply(domain, back.changes, { wrap: oneWrite, runId: `undo-${runs}` });
			open = writes > 0;
			expect(runs).toBeLessThan(40);
		}
		expect(runs).toBeGreaterThan(8);
		expect(wholeOf(await apply(domain, back.changes))).toEqual(Array(6).fill('already done'));
		if (deleteCreated) expect(await database()).toEqual(before);
		else expect(await Promise.all(['E1', 'E2', 'E3'].map(markOf))).toEqual(['pending', 'pending', 'pending']);
	},
);

describe('what somebody did since', () => {
	test('is kept, and everything else goes back', async () => {
		const dn = await addPerson(domain, office, 'K1');
		const changes = await plan(domain, async (directory) => [
			{
				...{ key: 'K1', lifecycle: 'mover', target: await targetOf(directory, dn) },
				steps: [
					set(write('title', 'Tester', 'Lead'), write('department', null, 'Quality')),
					await relocation(directory, dn, office.leavers),
				],
			},
		]);
		const { outcomes } = await apply(domain, changes);
		await edit(domain, `CN=Person K1,${office.leavers}`, change('replace', 'title', ['Chief']));
		const { plan: back } = await undo(outcomes);
		const undone = await apply(domain, back.changes);
		expect(JSON.stringify(undone.outcomes[0])).toContain('Chief');
		const state = await stateOf(domain, 'K1');
		expect([state['title'], state['department']]).toEqual([['Chief'], undefined]);
		expect((await domain.ldbsearch('(employeeID=K1)'))[0]?.dn).toBe(dn);
	});

	test('keeps a membership that was there before the plan came to it', async () => {
		const dn = await addPerson(domain, office, 'K2');
		const changes = await plan(domain, async (directory) => [
			{
				...{ key: 'K2', lifecycle: 'mover', target: await targetOf(directory, dn) },
				steps: [
					set(write('title', 'Tester', 'Lead')),
					...(await Promise.all(office.groups.map((name) => refOf(directory, name)))).map(link),
				],
			},
		]);
		const { outcomes } = await apply(domain, changes);
		const { plan: back } = await undo(outcomes);
		const [only] = back.changes;
		expect(only?.steps.map((step) => step.do)).toEqual(['set']);
		expect(only?.notes.join(' ')).toContain('The membership was there already');
		await apply(domain, back.changes);
		expect((await stateOf(domain, 'K2'))['groups']).toEqual([...office.groups].sort());
	});

	test.each<[name: string, key: string, meanwhile: (dn: string, password: string) => Promise<unknown>, why: RegExp]>([
		[
			'that changed any attribute of a new account keeps it from being deleted',
			'N1',
			(dn) => edit(domain, dn, change('replace', 'telephoneNumber', ['+49 30 9'])),
			/somebody has changed it since \(telephoneNumber\)/,
		],
		[
			'who renamed it too',
			'N2',
			(dn) => edit(domain, dn, change('replace', 'displayName', ['Somebody else'])),
			/somebody has changed it since \(displayName\)/,
		],
		['who logged on with it too', 'N3', (dn, password) => canBind(domain, dn, password), /has logged on with it/],
	])('%s', async (_name, key, meanwhile, why) => {
		const changes = await plan(domain, async (directory) => [joining(await refOf(directory, office.people), key)]);
		const { outcomes, results } = await apply(domain, changes);
		await meanwhile(outcomes[0]?.dn ?? '', results[0]?.delivered['password'] ?? '');
		const { plan: back } = await undo(outcomes, { deleteCreated: true });
		expect(back.changes[0]?.notes.join(' ')).toMatch(why);
		expect(back.changes[0]?.steps.map((step) => step.do)).toEqual(['disable']);
		expect(wholeOf(await apply(domain, back.changes))).toEqual(['applied']);
		expect((await stateOf(domain, key))['userAccountControl']).toEqual(['514']);
	});

	test.each<[name: string, key: string, meanwhile: (dn: string, password: string) => Promise<unknown>]>([
		['who changed it', 'N4', (dn) => edit(domain, dn, change('replace', 'sn', ['Else']))],
		['who wrote what the plan did not', 'N6', (dn) => edit(domain, dn, change('add', 'telephoneNumber', ['+49 30 9']))],
		['who logged on', 'N5', (dn, password) => canBind(domain, dn, password)],
	])('after the undo was planned keeps a new account too: %s', async (_name, key, meanwhile) => {
		const changes = await plan(domain, async (directory) => [joining(await refOf(directory, office.people), key)]);
		const { outcomes, results } = await apply(domain, changes);
		const { plan: back } = await undo(outcomes, { deleteCreated: true });
		expect(back.changes[0]?.steps.map((step) => step.do)).toEqual(['disable', 'delete']);
		await meanwhile(outcomes[0]?.dn ?? '', results[0]?.delivered['password'] ?? '');
		const undone = await apply(domain, back.changes);
		expect(wholeOf(undone)).not.toEqual(['applied']);
		expect(await domain.ldbsearch(`(employeeID=${key})`)).toHaveLength(1);
	});

	test('who takes a new account into use while the undo runs keeps it', async () => {
		const changes = await plan(domain, async (directory) => {
			const parts = joining(await refOf(directory, office.people), 'N7');
			return [{ ...parts, steps: parts.steps.slice(0, 1) }];
		});
		const { outcomes } = await apply(domain, changes);
		const { plan: back } = await undo(outcomes, { deleteCreated: true });
		let isUsed = false;
		const check = async () => {
			if (isUsed) return;
			isUsed = true;
			await edit(domain, outcomes[0]?.dn ?? '', change('replace', 'userAccountControl', ['512']));
		};
		const undone = await apply(domain, back.changes, { lease: { check } });
		expect([isUsed, wholeOf(undone)]).toEqual([true, ['conflict']]);
		expect(await domain.ldbsearch('(employeeID=N7)')).toHaveLength(1);
	});

	test('to an account that is gone is said', async () => {
		const dn = await addPerson(domain, office, 'G1');
		const changes = await plan(domain, async (directory) => [
			{
				...{ key: 'G1', lifecycle: 'mover', target: await targetOf(directory, dn) },
				steps: [set(write('title', 'Tester', 'Lead'))],
			},
		]);
		const { outcomes } = await apply(domain, changes);
		await withDirectory(domain, (directory) => directory.remove(dn));
		const { plan: back, problems } = await undo(outcomes);
		expect(back.changes).toEqual([]);
		expect(problems.map(({ message }) => message)).toEqual([
			`What was done for Person G1 cannot be undone: ${dn} does not exist any more.`,
		]);
	});
});

describe('several runs of one plan', () => {
	test('are taken back together: a step counts as the run that did it had it', async () => {
		const changes = await plan(domain, async (directory) => [
			joining(
				await refOf(directory, office.people),
				'S1',
				await Promise.all(office.groups.map((name) => refOf(directory, name))),
			),
		]);
		const before = await database();
		const first = await apply(domain, changes);
		const second = await apply(domain, changes, { runId: 'run-2' });
		expect([...wholeOf(first), ...wholeOf(second)]).toEqual(['applied', 'already done']);
		const { plan: back } = await undo([...second.outcomes, ...first.outcomes], { deleteCreated: true });
		expect(back.changes[0]?.steps.map((step) => step.do)).toEqual(['disable', 'unlink', 'unlink', 'unlink', 'delete']);
		expect(wholeOf(await apply(domain, back.changes))).toEqual(['applied']);
		expect(await database()).toEqual(before);
	});

	test('of which only the later one is known leave memberships, and put the mark back', async () => {
		const changes = await plan(domain, async (directory) => [
			joining(
				await refOf(directory, office.people),
				'S2',
				await Promise.all(office.groups.map((name) => refOf(directory, name))),
			),
		]);
		await apply(domain, changes);
		const second = await apply(domain, changes, { runId: 'run-2' });
		const { plan: back } = await undo(second.outcomes, { deleteCreated: true });
		expect(back.changes[0]?.steps.map((step) => step.do)).toEqual(['disable']);
		await apply(domain, back.changes);
		expect((await stateOf(domain, 'S2'))['userAccountControl']).toEqual(['514']);
		expect(await markOf('S2')).toBe('pending');
	});
});

test('an undo can be taken back itself', async () => {
	const dn = await addPerson(domain, office, 'U1');
	const before = await database();
	const gone = await apply(domain, await leaving(dn, 'U1'));
	const after = await database();
	const { plan: back } = await undo(gone.outcomes);
	const undone = await apply(domain, back.changes, { runId: 'run-2' });
	expect(await database()).toEqual(before);
	const { plan: again } = await undo(undone.outcomes);
	expect(wholeOf(await apply(domain, again.changes))).toEqual(['applied']);
	expect(await database()).toEqual(after);
	expect(await markOf('U1')).toBe('left');
});
