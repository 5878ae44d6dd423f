/** What applying does when the directory is not what it was when the plan was made. */
import type { Change, Step } from '../../lib/contracts';
import type { Directory } from '../../lib/directory/directory';
import { guidOf } from '../../lib/directory/accounts/account';
import { NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import { textOf } from '../../lib/directory/entry';
import { DirectoryError } from '../../lib/directory/errors';
import { startSamba, type Domain } from '../support/samba';
import {
	apply,
	changeOf,
	bindNow,
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
	type StepBody,
} from '../support/changes';
import { withDirectory } from '../support/directory';
import { asAdministrator, canBind } from './administrator';
import { addPerson, change, edit, leave, openOffice, stateOf, type Office } from './leave-return-people';
import { addMembers, addUser } from './people';
import { startWire } from './wire';

let domain: Domain;
let office: Office;

beforeAll(async () => {
	domain = await startSamba();
	office = await openOffice(domain);
}, 120_000);
afterAll(() => domain?.stop());

const groupsOf = (directory: Directory) => Promise.all(office.groups.map((dn) => refOf(directory, dn)));

/** A mover's change of the given steps. */
async function moving(
	key: string,
	steps: (directory: Directory, dn: string) => Promise<readonly StepBody[]> | readonly StepBody[],
	lifecycle: Change['lifecycle'] = 'mover',
): Promise<readonly Change[]> {
	const dn = await addPerson(domain, office, key);
	return await plan(domain, async (directory) => [
		{ key, lifecycle, target: await targetOf(directory, dn), steps: await steps(directory, dn) },
	]);
}

async function join(...keys: readonly string[]): Promise<readonly Change[]> {
	return await plan(domain, async (directory) => {
		const parent = await refOf(directory, office.people);
		const [staff] = await groupsOf(directory);
		return keys.map((key) => joining(parent, key, staff ? [staff] : []));
	});
}

describe('an account that has changed since', () => {
	test('keeps the whole change out: nothing is written, and the message names the attribute', async () => {
		const changes = await moving('C1', async (directory, dn) => [
			set(write('title', 'Tester', 'Lead'), write('description', 'The one who tests', 'New')),
			await relocation(directory, dn, office.leavers),
		]);
		await edit(domain, `CN=Person C1,${office.people}`, change('replace', 'description', ['Somebody else']));
		const before = await stateOf(domain, 'C1');
		const { outcomes, writes } = await apply(domain, changes);
		expect(writes).toBe(0);
		expect(outcomes[0]).toMatchObject({
			status: 'conflict',
			message: expect.stringContaining(
				'description is "Somebody else", and was "The one who tests" when this was planned',
			) as unknown,
		});
		expect(outcomes[0]?.steps.map(({ status }) => status)).toEqual(['conflict', 'skipped']);
		expect(await stateOf(domain, 'C1')).toEqual(before);
	});

	const moved: [string, (dn: string) => Promise<void>, () => StepBody | Promise<StepBody>, RegExp][] = [
		[
			'capitals of a value',
			(dn) => edit(domain, dn, change('replace', 'title', ['TESTER'])),
			() => set(write('title', 'Tester', 'Lead')),
			/title is "TESTER"/,
		],
		[
			'one of several values',
			(dn) => edit(domain, dn, change('delete', 'otherTelephone', ['+49 30 2'])),
			() => set({ attribute: 'otherTelephone', remove: ['+49 30 2'], add: ['+49 30 9'] }),
			/otherTelephone is "\+49 30 3"/,
		],
		[
			'a value where none was',
			(dn) => edit(domain, dn, change('add', 'mobile', ['+1'])),
			() => set(write('mobile', null, '+49')),
			/mobile is "\+1"/,
		],
		[
			'userAccountControl',
			(dn) => edit(domain, dn, change('replace', 'userAccountControl', ['66048'])),
			() => disable(),
			/userAccountControl is 66048, and was 512/,
		],
		[
			'disabled by somebody',
			(dn) => edit(domain, dn, change('replace', 'userAccountControl', ['514'])),
			() => disable(514),
			/no mark of this tool/,
		],
	];
	test.each(moved)('%s is a conflict', async (name, edited, step, message) => {
		const key = `C${moved.findIndex(([other]) => other === name) + 10}`;
		const changes = await moving(key, async () => [await step()], 'leaver');
		await edited(`CN=Person ${key},${office.people}`);
		const { outcomes, writes } = await apply(domain, changes);
		expect(outcomes[0]).toMatchObject({ status: 'conflict', message: expect.stringMatching(message) as unknown });
		expect(writes).toBe(0);
	});

	test('renamed by somebody is a conflict; deleted too', async () => {
		const steps = async (directory: Directory, dn: string) => [await relocation(directory, dn, office.leavers)];
		const [renamed, deleted] = [await moving('C2', steps), await moving('C3', steps)];
		await asAdministrator(domain, async (client) => {
			await client.modifyDN(`CN=Person C2,${office.people}`, 'CN=Somebody');
			await client.del(`CN=Person C3,${office.people}`);
		});
		expect((await apply(domain, renamed)).outcomes[0]).toMatchObject({
			status: 'conflict',
			message: expect.stringContaining(`it stands at CN=Somebody,${office.people}`) as unknown,
		});
		expect((await apply(domain, deleted)).outcomes[0]).toMatchObject({
			status: 'conflict',
			message: expect.stringContaining('does not exist any more') as unknown,
		});
	});

	test('changed while it was being written fails by the condition, and what was done before is told', async () => {
		const changes = await moving('C4', async (directory) => [
			set(write('title', 'Tester', 'Lead')),
			...(await groupsOf(directory)).slice(0, 1).map(unlink),
		]);
		const dn = `CN=Person C4,${office.people}`;
		const wrap = (directory: Directory): Directory => ({
			...directory,
			modify: async (...args) => {
				if (args[1].some(({ attribute }) => attribute === 'title'))
					await edit(domain, dn, change('replace', 'title', ['Quicker']));
				await directory.modify(...args);
			},
		});
		const { outcomes } = await apply(domain, changes, { wrap });
		expect(outcomes[0]?.status).toBe('conflict');
		expect(outcomes[0]?.steps.map(({ status }) => status)).toEqual(['conflict', 'skipped']);
		expect(await stateOf(domain, 'C4')).toMatchObject({ title: ['Quicker'], groups: [...office.groups].sort() });
	});

	test('written and written back since is refused as undone', async () => {
		const changes = await moving('R1', () => [set(write('title', 'Tester', 'Lead'))]);
		expect((await apply(domain, changes)).outcomes[0]?.status).toBe('applied');
		await edit(domain, `CN=Person R1,${office.people}`, change('replace', 'title', ['Tester']));
		const { outcomes, writes } = await apply(domain, changes);
		expect(outcomes[0]).toMatchObject({
			status: 'refused',
			message: expect.stringMatching(/title was written since the plan .* undone or reversed/) as unknown,
		});
		expect(writes).toBe(0);
	});

	test('moved and moved back since is refused as undone; another attribute that was written is no reason', async () => {
		const steps = async (directory: Directory, dn: string) => [await relocation(directory, dn, office.leavers)];
		const [changes, other] = [await moving('R2', steps), await moving('R3', steps)];
		await apply(domain, changes);
		await asAdministrator(domain, (client) =>
			client.modifyDN(`CN=Person R2,${office.leavers}`, `CN=Person R2,${office.people}`),
		);
		await edit(domain, `CN=Person R3,${office.people}`, change('replace', 'mobile', ['+49']));
		expect((await apply(domain, changes)).outcomes[0]?.status).toBe('refused');
		expect((await apply(domain, other)).outcomes[0]?.status).toBe('applied');
	});

	test('protected since is refused; so is a group', async () => {
		const changes = await moving('P1', () => [set(write('title', 'Tester', 'Lead'))]);
		await addMembers(domain, `CN=Domain Admins,CN=Users,${domain.baseDn}`, [`CN=Person P1,${office.people}`]);
		expect(await apply(domain, changes)).toMatchObject({
			writes: 0,
			outcomes: [{ status: 'refused', message: expect.stringContaining('is protected') as unknown }],
		});
		const grouped = await moving('P2', async (directory) => [
			set(write('title', 'Tester', 'Lead')),
			link(await refOf(directory, `CN=Domain Admins,CN=Users,${domain.baseDn}`)),
		]);
		expect(await apply(domain, grouped)).toMatchObject({
			writes: 0,
			outcomes: [{ status: 'refused', message: expect.stringContaining('The group') as unknown }],
		});
	});
});

describe('a name or a key that is taken since', () => {
	test.each([
		['account name', 'uT1', { sAMAccountName: 'ut1' }],
		['name that its account name implies', 'uT2', { userPrincipalName: 'ut2@corp.example.com' }],
	])('%s: nobody gets another one', async (_name, cn, attributes) => {
		const changes = await join(cn.slice(1));
		await addUser(domain, office.leavers, `holder ${cn}`, { ...attributes, employeeID: 'X' });
		const { outcomes, writes } = await apply(domain, changes);
		expect(outcomes[0]).toMatchObject({ status: 'conflict', message: expect.stringContaining('is taken') as unknown });
		expect(writes).toBe(0);
		expect(outcomes[0]?.steps.map(({ status }) => status)).toEqual(['conflict', 'skipped', 'skipped', 'skipped']);
	});

	test('the common name in the organisational unit', async () => {
		const changes = await join('T3');
		await asAdministrator(domain, (client) => client.add(`CN=Person T3,${office.people}`, { objectClass: 'contact' }));
		expect(await apply(domain, changes)).toMatchObject({ writes: 0, outcomes: [{ status: 'conflict' }] });
	});

	test('the key: the account is left alone', async () => {
		const changes = await join('T4');
		const dn = await addUser(domain, office.people, 'other', { employeeID: 'T4' });
		expect(await apply(domain, changes)).toMatchObject({
			writes: 0,
			outcomes: [
				{ status: 'conflict', message: expect.stringContaining(`${dn} has employeeID "T4" already`) as unknown },
			],
		});
	});

	test('by a person of the same run who came first', async () => {
		const changes = await plan(domain, async (directory) => {
			const parent = await refOf(directory, office.people);
			return [joining(parent, 'T5'), joining(parent, 'T6', [], { sAMAccountName: ['ut5'] })];
		});
		const { outcomes } = await apply(domain, changes);
		expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'conflict']);
	});
});

describe('people together', () => {
	test('the memberships of a block are one write for each group', async () => {
		const keys = ['W1', 'W2', 'W3', 'W4', 'W5'];
		const changes = await plan(domain, async (directory) => {
			const parent = await refOf(directory, office.people);
			const groups = await groupsOf(directory);
			return keys.map((key) => joining(parent, key, groups));
		});
		const wire = await startWire(domain);
		try {
			const { outcomes } = await apply(domain, changes, { fields: { port: wire.port } });
			expect(outcomes.map(({ status }) => status)).toEqual(keys.map(() => 'applied'));
			const sent = wire.requests.map(({ operation }) => operation).filter((name) => ['add', 'modify'].includes(name));
			expect(sent).toEqual([
				...keys.map(() => 'add'),
				...office.groups.map(() => 'modify'),
				...keys.map(() => 'modify'),
			]);
			expect(wire.unbound).toEqual([]);
		} finally {
			await wire.close();
		}
	});

	test('joiners may name each other', async () => {
		const changes = await withDirectory(domain, async (directory) => {
			const bind = await bindNow(directory);
			const parent = await refOf(directory, office.people);
			const ids = Object.fromEntries(['Z1', 'Z2'].map((key) => [key, changeOf(bind, joining(parent, key)).id]));
			return [
				['Z1', 'Z2'],
				['Z2', 'Z1'],
			].map(([key = '', other = '']) => {
				const { steps, ...rest } = joining(parent, key);
				const names = set(write('manager', null, { change: ids[other] ?? '' }));
				return changeOf(bind, { ...rest, steps: [...steps, names], dependsOn: [ids[other] ?? ''] });
			});
		});
		const { outcomes } = await apply(domain, changes);
		expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
		expect((await stateOf(domain, 'Z1'))['manager']).toEqual([`CN=Person Z2,${office.people}`]);
		expect((await stateOf(domain, 'Z2'))['manager']).toEqual([`CN=Person Z1,${office.people}`]);
		const last = outcomes[0]?.steps.at(-1);
		expect(last?.inverse).toMatchObject({
			do: 'set',
			writes: [{ attribute: 'manager', from: { guid: outcomes[1]?.guid }, to: null }],
		});
		expect((await apply(domain, changes)).writes).toBe(0);
		// Batches of one plan, each by itself: the other one's account is found.
		expect(await apply(domain, changes.slice(0, 1))).toMatchObject({
			writes: 0,
			outcomes: [{ status: 'already done' }],
		});
	});

	test('of batches of one plan, the second finds the account that the first has made', async () => {
		const changes = await withDirectory(domain, async (directory) => {
			const bind = await bindNow(directory);
			const boss = changeOf(bind, joining(await refOf(directory, office.people), 'Y1'));
			const dn = await addPerson(domain, office, 'Y2');
			const names = set(write('manager', await refOf(directory, domain.bindDn), { change: boss.id }));
			const target = await targetOf(directory, dn);
			return [boss, changeOf(bind, { key: 'Y2', lifecycle: 'mover', target, steps: [names], dependsOn: [boss.id] })];
		});
		const early = await apply(domain, changes.slice(1));
		expect(early.outcomes[0]).toMatchObject({
			status: 'failed',
			message: expect.stringContaining('manager names a person of this plan who has no account yet') as unknown,
		});
		await apply(domain, changes.slice(0, 1));
		expect((await apply(domain, changes.slice(1))).outcomes[0]?.status).toBe('applied');
		expect((await stateOf(domain, 'Y2'))['manager']).toEqual([`CN=Person Y1,${office.people}`]);
	});

	test('one who fails does not keep the others', async () => {
		const changes = await plan(domain, async (directory) => {
			const parent = await refOf(directory, office.people);
			return [joining(parent, 'F1'), joining(parent, 'F2', [], { title: ['x'.repeat(500)] }), joining(parent, 'F3')];
		});
		const { outcomes } = await apply(domain, changes);
		expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'failed', 'applied']);
		expect(outcomes[1]).toMatchObject({ guid: '', whatToDo: expect.any(String) as unknown });
		expect(outcomes[1]?.steps.map(({ status }) => status)).toEqual(['failed', 'skipped', 'skipped']);
	});

	test('a group that is gone stops a joiner before the account is made, and a leaver not at all', async () => {
		const gone = `CN=Gone,${office.people}`;
		await asAdministrator(domain, (client) => client.add(gone, { objectClass: 'group', sAMAccountName: 'gone' }));
		const dn = await addPerson(domain, office, 'G2');
		const changes = await plan(domain, async (directory): Promise<Parts[]> => {
			const group = await refOf(directory, gone);
			return [
				joining(await refOf(directory, office.people), 'G1', [group]),
				{ key: 'G2', lifecycle: 'leaver', target: await targetOf(directory, dn), steps: [disable(), unlink(group)] },
			];
		});
		await asAdministrator(domain, (client) => client.del(gone));
		const { outcomes } = await apply(domain, changes);
		expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'applied']);
		expect(await domain.ldbsearch('(employeeID=G1)')).toEqual([]);
	});
});

describe('brakes', () => {
	const bad = (parent: { guid: string; dn: string }, key: string) =>
		joining(parent, key, [], { title: ['x'.repeat(500)] });

	test('stops after so many failures, and nobody else is begun', async () => {
		const changes = await plan(domain, async (directory) => {
			const parent = await refOf(directory, office.people);
			return [joining(parent, 'B1'), bad(parent, 'B2'), bad(parent, 'B3'), joining(parent, 'B4')];
		});
		const { outcomes } = await apply(domain, changes, { stopAfterFailures: 2 });
		expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'failed', 'failed', 'refused']);
		expect(outcomes[3]?.message).toBe('Not tried: stopped after 2 failures.');
		expect(await domain.ldbsearch('(employeeID=B4)')).toEqual([]);
	});

	test('the canary applies the first changes and gives the others back', async () => {
		const changes = await join('K1', 'K2', 'K3');
		const { outcomes, heldBack } = await apply(domain, changes, { canary: 1 });
		expect(outcomes.map(({ key, status }) => [key, status])).toEqual([['K1', 'applied']]);
		expect(heldBack.map(({ key }) => key)).toEqual(['K2', 'K3']);
		expect((await apply(domain, heldBack)).outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
	});

	test('a dry run reads and compares everything, and writes nothing', async () => {
		const dn = await addPerson(domain, office, 'V2');
		const changes = await plan(domain, async (directory): Promise<Parts[]> => {
			const parent = await refOf(directory, office.people);
			const target = await targetOf(directory, dn);
			return [
				joining(parent, 'V1'),
				{ key: 'V2', lifecycle: 'mover', target, steps: [set(write('title', 'Other', 'Lead'))] },
				joining(parent, 'V3', [], { sAMAccountName: ['pV2'] }),
			];
		});
		const { outcomes, writes, notes } = await apply(domain, changes, { dryRun: true });
		expect(writes).toBe(0);
		expect(notes).toEqual(['Dry run: nothing was written.']);
		expect(outcomes.map(({ status }) => status)).toEqual(['refused', 'conflict', 'conflict']);
		expect(outcomes[0]?.message).toBe(
			'Dry run: nothing was written. Would be done: creating the account, setting a new password, enabling.',
		);
	});

	test('a lease that is lost stops everybody who is not done, and says so', async () => {
		const changes = await join('H1', 'H2');
		let checks = 0;
		const lease = {
			check: () => {
				checks += 1;
				return checks > 2 ? Promise.reject(new Error('The lease is lost.')) : Promise.resolve();
			},
		};
		const { outcomes } = await apply(domain, changes, { lease });
		expect(outcomes.map(({ status }) => status)).toEqual(['partial', 'partial']);
		expect(outcomes[0]?.message).toContain('The lease is lost.');
		expect((await apply(domain, changes)).outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
	});
});

describe('a run that is stopped', () => {
	test('in between gives everybody an outcome, and what is left is done by the next one', async () => {
		const changes = await join('S1', 'S2', 'S3');
		const abort = new AbortController();
		const wrap = (directory: Directory): Directory => ({
			...directory,
			add: async (...args) => {
				await directory.add(...args);
				if (args[0].startsWith('CN=Person S2')) abort.abort();
			},
		});
		const { outcomes, notes } = await apply(domain, changes, { wrap, signal: abort.signal });
		expect(outcomes.map(({ status }) => status)).toEqual(['partial', 'partial', 'refused']);
		expect(outcomes[2]?.message).toMatch(/^Not tried: /);
		expect(notes[0]).toMatch(/^Stopped: /);
		expect((await apply(domain, changes)).outcomes.map(({ status }) => status)).toEqual(Array(3).fill('applied'));
	});

	test('before anything is written throws', async () => {
		const changes = await join('S4');
		await expect(apply(domain, changes, { fields: { port: 1, connectTimeout: 1 } })).rejects.toMatchObject({
			kind: 'lost',
		});
		expect(await domain.ldbsearch('(employeeID=S4)')).toEqual([]);
	});
});

describe('a snapshot for which the directory has no room', () => {
	test.each<[kept: string, key: string, refusals: number, place: 'people' | 'leavers']>([
		['the memberships', 'HG', 1, 'leavers'],
		['memberships and place', 'HA', 2, 'people'],
	])('keeps %s, and so does the next run', async (_kept, key, refusals, place) => {
		const changes = await moving(
			key,
			async (directory, dn) => [
				disable(),
				...(await groupsOf(directory)).map(unlink),
				await relocation(directory, dn, office.leavers),
			],
			'leaver',
		);
		let left = refusals;
		const wrap = (directory: Directory): Directory => ({
			...directory,
			modify: async (dn, modifications, ...rest) => {
				const isSnapshot = modifications.some(({ values }) =>
					values.some((value) => String(value).includes(':snapshot:')),
				);
				if (isSnapshot && (left -= 1) >= 0)
					throw new DirectoryError({ kind: 'person', code: 11, message: 'No room.', whatToDo: '' });
				await directory.modify(dn, modifications, ...rest);
			},
		});
		const first = await apply(domain, changes, { wrap });
		expect(first.outcomes[0]).toMatchObject({
			status: 'partial',
			message: expect.stringContaining('the snapshot has no room') as unknown,
		});
		const after = await stateOf(domain, key);
		expect(after).toMatchObject({
			groups: [...office.groups].sort(),
			distinguishedName: [`CN=Person ${key},${office[place]}`],
		});
		expect((await apply(domain, changes)).writes).toBe(0);
		expect(await stateOf(domain, key)).toEqual(after);
	});
});

describe('people taken over by somebody else meanwhile', () => {
	test('a leaver who was brought back loses nothing more', async () => {
		const changes = await moving(
			'O1',
			async (directory, dn) => [
				disable(),
				...(await groupsOf(directory)).map(unlink),
				await relocation(directory, dn, office.leavers),
			],
			'leaver',
		);
		const dn = `CN=Person O1,${office.people}`;
		let edited = false;
		const wrap = (directory: Directory): Directory => ({
			...directory,
			modify: async (...args) => {
				await directory.modify(...args);
				if (edited) return;
				edited = true;
				await edit(domain, dn, change('delete', 'carLicense', []));
			},
		});
		const { outcomes } = await apply(domain, changes, { wrap });
		expect(outcomes[0]).toMatchObject({
			status: 'partial',
			message: expect.stringContaining('took the account over') as unknown,
		});
		expect(await stateOf(domain, 'O1')).toMatchObject({ groups: [...office.groups].sort(), distinguishedName: [dn] });
	});

	test('one who left since the plan of a return or a move was made is a conflict', async () => {
		const changes = await moving(
			'O2',
			() => [set(write('title', 'Tester', 'Lead')), setPassword('1'), enable()],
			'joiner',
		);
		await leave(domain, 'O2', NO_LEAVE_OPTIONS);
		expect(await apply(domain, changes)).toMatchObject({ writes: 0, outcomes: [{ status: 'conflict' }] });
	});

	test('one who comes back keeps the password that somebody gave while the run was on', async () => {
		const dn = await addPerson(domain, office, 'O4');
		await leave(domain, 'O4', NO_LEAVE_OPTIONS);
		const changes = await plan(domain, async (directory) => {
			const entry = await directory.read(dn, ['pwdLastSet']);
			const steps = [setPassword(entry && textOf(entry, 'pwdLastSet')), enable()];
			return [{ key: 'O4', lifecycle: 'rehire', target: await targetOf(directory, dn), steps }];
		});
		const given = 'Given-by-hand-1';
		const check = () => edit(domain, dn, change('replace', 'unicodePwd', [Buffer.from(`"${given}"`, 'utf16le')]));
		const { outcomes } = await apply(domain, changes, { lease: { check } });
		expect(outcomes[0]?.steps.map(({ status }) => status)).toEqual(['already done', 'done']);
		expect(await canBind(domain, dn, given)).toBe(true);
	});

	test('one who left gets nothing that a mover was to get', async () => {
		const changes = await moving('O3', async (directory) => [
			set(write('department', null, 'Sales')),
			...(await groupsOf(directory)).map(link),
		]);
		await leave(domain, 'O3', { ...NO_LEAVE_OPTIONS, removeFromGroups: true });
		expect(await apply(domain, changes)).toMatchObject({
			...{
				writes: 0,
				outcomes: [{ status: 'conflict', message: expect.stringContaining('has left since') as unknown }],
			},
		});
		expect((await stateOf(domain, 'O3'))['groups']).toEqual([]);
	});
});

describe('two runs at once', () => {
	test('of the same changes end in one account each, and nothing is done by halves', async () => {
		const changes = await join('E1', 'E2', 'E3');
		const runs = await Promise.all([apply(domain, changes), apply(domain, changes)]);
		const again = await apply(domain, changes);
		expect(again.outcomes.map(({ status }) => ['applied', 'already done'].includes(status))).toEqual([
			true,
			true,
			true,
		]);
		for (const key of ['E1', 'E2', 'E3']) {
			expect(await stateOf(domain, key)).toMatchObject({ userAccountControl: ['512'], groups: [office.groups[0]] });
			// Whoever was told a password last was told the right one.
			const told = [...runs, again].flatMap(({ results }) => results.filter(({ outcome }) => outcome.key === key));
			const good = await Promise.all(
				told.map(({ delivered }) => canBind(domain, `CN=Person ${key},${office.people}`, delivered['password'] ?? '')),
			);
			expect(good.filter(Boolean)).toHaveLength(1);
		}
	});

	test('of batches of one plan both work, once each', async () => {
		const changes = await join('E4', 'E5', 'E6', 'E7');
		const runs = await Promise.all([apply(domain, changes.slice(0, 2)), apply(domain, changes.slice(2))]);
		expect(runs.flatMap(({ outcomes }) => outcomes.map(({ status }) => status))).toEqual(Array(4).fill('applied'));
		expect((await apply(domain, changes)).writes).toBe(0);
	});
});

test('every outcome is complete: each step, what it wrote, and what takes it back', async () => {
	const changes = await moving('Q1', async (directory) => [
		set(write('title', 'Tester', 'Lead')),
		...(await groupsOf(directory)).slice(0, 1).map(unlink),
	]);
	const { outcomes } = await apply(domain, changes);
	const guid = await withDirectory(domain, async (directory) => {
		const entry = await directory.read(`CN=Person Q1,${office.people}`, ['objectGUID']);
		return entry ? guidOf(entry) : '';
	});
	const [first, second] = changes[0]?.steps as readonly [Step, Step];
	expect(outcomes[0]).toEqual({
		bind: changes[0]?.bind,
		...{ runId: 'run-1', changeId: changes[0]?.id, key: 'Q1', displayName: 'Person Q1', lifecycle: 'mover' },
		...{ guid, dn: `CN=Person Q1,${office.people}`, status: 'applied', notes: [], approver: 'ada@example.com' },
		steps: [
			{
				...{ n: 1, step: first, status: 'done', wrote: [write('title', 'Tester', 'Lead')] },
				inverse: { n: 1, do: 'set', writes: [write('title', 'Lead', 'Tester')] },
			},
			{ n: 2, step: second, status: 'done', wrote: [], inverse: { ...second, do: 'link' } },
		],
		dc: expect.any(String) as unknown,
		at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
		seal: expect.stringMatching(/^adprov1:[0-9a-f]{8}:/) as unknown,
	});
});
