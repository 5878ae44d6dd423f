/** For each kind of step: somebody was in the directory between plan and apply. A conflict, or done already; and nothing is done by halves. */
import type { Change, Outcome } from '../../lib/contracts';
import type { Directory } from '../../lib/directory/directory';
import { NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
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
	type StepBody,
} from '../support/changes';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { addPerson, change, edit, leave, openOffice, pendingMark, stateOf, type Office } from './leave-return-people';
import { addMembers, addUser } from './people';

let domain: Domain;
let office: Office;
let numbers = 0;
/** What tests make and take away again. */
let unit: string;
let group: string;
let boss: string;
let key: string;
let dn: string;

beforeAll(async () => {
	domain = await startSamba();
	office = await openOffice(domain);
}, 120_000);
afterAll(() => domain?.stop());

beforeEach(async () => {
	numbers += 1;
	key = `S${numbers}`;
	dn = `CN=Person ${key},${office.people}`;
	unit = `OU=Unit ${numbers},${domain.baseDn}`;
	group = `CN=Group ${numbers},${office.people}`;
	boss = await addUser(domain, office.people, `boss${numbers}`);
	await asAdministrator(domain, async (client) => {
		await client.add(unit, { objectClass: 'organizationalUnit' });
		await client.add(group, { objectClass: 'group', sAMAccountName: `stale${numbers}` });
	});
});

type Steps = (directory: Directory) => Promise<readonly StepBody[]>;
const renamed = (from: string, to: string) => asAdministrator(domain, (client) => client.modifyDN(from, to));
const deleted = (name: string) => asAdministrator(domain, (client) => client.del(name));
const groupRef = (directory: Directory) => refOf(directory, group);

const made: Record<Change['lifecycle'], (steps: Steps) => Promise<readonly Change[]>> = {
	joiner: (steps) =>
		plan(domain, async (directory): Promise<Parts[]> => {
			const parts = joining(await refOf(directory, unit), key, [await groupRef(directory)]);
			return [{ ...parts, steps: [...parts.steps, ...(await steps(directory))] }];
		}),
	mover: (steps) => existing('mover', steps),
	leaver: (steps) => existing('leaver', steps),
	rehire: async (steps) => {
		await addPerson(domain, office, key);
		await leave(domain, key, NO_LEAVE_OPTIONS);
		return await of('rehire', steps);
	},
};

async function existing(lifecycle: Change['lifecycle'], steps: Steps): Promise<readonly Change[]> {
	await addPerson(domain, office, key);
	return await of(lifecycle, steps);
}

async function of(lifecycle: Change['lifecycle'], steps: Steps): Promise<readonly Change[]> {
	return await plan(domain, async (directory) => [
		{ key, lifecycle, target: await targetOf(directory, dn), steps: await steps(directory) },
	]);
}

const moving: Steps = async (directory) => [
	set(write('title', 'Tester', 'Lead')),
	await relocation(directory, dn, unit),
	link(await groupRef(directory)),
];
const leaving: Steps = async (directory) => [
	disable(512, write('title', 'Tester', null)),
	setPassword('1'),
	...(await Promise.all(office.groups.map(async (name) => unlink(await refOf(directory, name))))),
	await relocation(directory, dn, unit),
];
const returning: Steps = async (directory) => [
	await relocation(directory, dn, unit),
	set(write('title', 'Tester', 'Lead')),
	link(await groupRef(directory)),
	setPassword('1'),
	enable(),
];

type Case = {
	readonly who: Change['lifecycle'];
	readonly steps?: Steps;
	/** What somebody does after the plan. */
	readonly meddle: () => Promise<unknown>;
	readonly status: Outcome['status'];
	readonly words: RegExp;
};

/** Everything that the directory has of the person and of the group. */
async function seen(): Promise<unknown> {
	return await asAdministrator(domain, async (client) => {
		const filter = `(|(employeeID=${key})(distinguishedName=${group}))`;
		const { searchEntries } = await client.search(domain.baseDn, {
			scope: 'sub',
			filter,
			attributes: ['*', 'memberOf'],
		});
		return searchEntries.map((entry) => JSON.stringify(entry)).sort();
	});
}

async function check({ who, steps = none, meddle, status, words }: Case): Promise<void> {
	const changes = await made[who](steps);
	await meddle();
	const before = await seen();
	const { outcomes, writes } = await apply(domain, changes);
	const [outcome] = outcomes;
	expect([outcome?.status, outcome?.message, outcome?.whatToDo]).toEqual([
		status,
		expect.stringMatching(words) as unknown,
		expect.stringMatching(/\w/) as unknown,
	]);
	expect(await seen()).toEqual(before);
	expect(writes).toBe(0);
	expect(outcome?.steps.filter((step) => step.status === 'done')).toEqual([]);
}
const none: Steps = () => Promise.resolve([]);

describe('keeps the whole change out, and nothing is written', () => {
	const cases: [string, Case][] = [
		[
			'a value that was changed',
			{
				...{ who: 'mover', steps: moving, status: 'conflict', words: /title is "Else", and was "Tester"/ },
				meddle: () => edit(domain, dn, change('replace', 'title', ['Else'])),
			},
		],
		[
			'a value of a leaver that was changed',
			{
				...{ who: 'leaver', steps: leaving, status: 'conflict', words: /title is "Else", and was "Tester"/ },
				meddle: () => edit(domain, dn, change('replace', 'title', ['Else'])),
			},
		],
		...(['mover', 'leaver', 'rehire'] as const).map((who): [string, Case] => [
			`a ${who} whom somebody moved`,
			{
				...{ who, steps: { mover: moving, leaver: leaving, rehire: returning }[who] },
				...{ status: 'conflict', words: /it stands at .*OU=Leavers,.*, and stood at .*OU=People,/ },
				meddle: () => renamed(dn, `CN=Person ${key},${office.leavers}`),
			},
		]),
		...(['mover', 'leaver', 'rehire'] as const).map((who): [string, Case] => [
			`a ${who} whom somebody renamed`,
			{
				...{ who, steps: { mover: moving, leaver: leaving, rehire: returning }[who] },
				...{ status: 'conflict', words: /it stands at CN=Else S\d+,/ },
				meddle: () => renamed(dn, `CN=Else ${key},${office.people}`),
			},
		]),
		...(['mover', 'leaver', 'rehire'] as const).map((who): [string, Case] => [
			`a ${who} whom somebody deleted`,
			{
				...{ who, steps: { mover: moving, leaver: leaving, rehire: returning }[who] },
				...{ status: 'conflict', words: /does not exist any more/, meddle: () => deleted(dn) },
			},
		]),
		[
			'a rehire whom somebody enabled by hand',
			{
				...{ who: 'rehire', steps: returning, status: 'conflict', words: /is enabled already, though step 1/ },
				meddle: () => edit(domain, dn, change('replace', 'userAccountControl', ['512'])),
			},
		],
		[
			'a rehire whose mark somebody took away',
			{
				...{ who: 'rehire', steps: returning, status: 'conflict', words: /bears no mark of this tool that counts/ },
				meddle: () => edit(domain, dn, change('replace', 'carLicense', [])),
			},
		],
		[
			'a leaver whom somebody disabled by hand',
			{
				...{ who: 'leaver', steps: leaving, status: 'conflict', words: /userAccountControl is 514, and was 512/ },
				meddle: () => edit(domain, dn, change('replace', 'userAccountControl', ['514'])),
			},
		],
		...Object.entries<Steps>({
			writing: () => Promise.resolve([set(write('title', 'Tester', null))]),
			moving: async (directory) => [await relocation(directory, dn, unit)],
		}).map(([what, steps]): [string, Case] => [
			`${what} of a leaver that was left over, whom somebody brought back by hand`,
			{
				...{ who: 'leaver', status: 'conflict', words: /bears no mark of this tool any more/ },
				steps: async (directory) => {
					await leave(domain, key, NO_LEAVE_OPTIONS);
					return await steps(directory);
				},
				meddle: () =>
					edit(domain, dn, change('replace', 'userAccountControl', ['512']), change('replace', 'carLicense', [])),
			},
		]),
		[
			'a mover who is privileged through other groups by now',
			{
				...{ who: 'mover', steps: moving, status: 'refused', words: /is protected/ },
				meddle: async () => {
					await addMembers(domain, group, [dn]);
					await addMembers(domain, `CN=Domain Admins,CN=Users,${domain.baseDn}`, [group]);
				},
			},
		],
		[
			'a leaver who is privileged by now',
			{
				...{ who: 'leaver', steps: leaving, status: 'refused', words: /is protected/ },
				meddle: () => addMembers(domain, `CN=Backup Operators,CN=Builtin,${domain.baseDn}`, [dn]),
			},
		],
		...(['joiner', 'mover', 'rehire'] as const).map((who): [string, Case] => [
			`the group of a ${who} that is privileged by now`,
			{
				...{ who, steps: { joiner: none, mover: moving, rehire: returning }[who] },
				...{ status: 'refused', words: /The group .* is protected/ },
				meddle: () => addMembers(domain, `CN=Account Operators,CN=Builtin,${domain.baseDn}`, [group]),
			},
		]),
		...(['joiner', 'mover', 'rehire'] as const).map((who): [string, Case] => [
			`the group of a ${who} that is gone`,
			{
				...{ who, steps: { joiner: none, mover: moving, rehire: returning }[who] },
				...{ status: 'failed', words: /the group CN=Group.* does not exist any more/, meddle: () => deleted(group) },
			},
		]),
		...(['joiner', 'mover', 'rehire'] as const).map((who): [string, Case] => [
			`the unit for a ${who} that is gone`,
			{
				...{ who, steps: { joiner: none, mover: moving, rehire: returning }[who] },
				...{ status: 'failed', words: /OU=Unit.*, where it is to stand, does not exist any more/ },
				meddle: () => deleted(unit),
			},
		]),
		...(['mover', 'rehire'] as const).map((who): [string, Case] => [
			`the manager of a ${who} who is gone`,
			{
				who,
				steps: async (directory) => [
					await relocation(directory, dn, unit),
					set(write('manager', domain.bindDn, await refOf(directory, boss))),
					link(await groupRef(directory)),
					...(who === 'rehire' ? [setPassword('1'), enable()] : []),
				],
				...{ status: 'failed', words: /manager .*CN=boss\d+,.* does not exist any more/, meddle: () => deleted(boss) },
			},
		]),
		[
			'an account whose key somebody else has by now',
			{
				...{ who: 'mover', steps: moving, status: 'refused', words: /employeeID was written since the plan was made/ },
				meddle: async () => {
					await edit(domain, dn, change('replace', 'employeeID', [`${key}-old`]));
					await addUser(domain, office.leavers, `heir${numbers}`, { employeeID: key });
				},
			},
		],
		[
			"an account that is somebody else's by now, though one of the steps is done",
			{
				...{ who: 'mover', steps: moving, status: 'refused', words: /employeeID was written since the plan was made/ },
				meddle: async () => {
					await addMembers(domain, group, [dn]);
					await edit(domain, dn, change('replace', 'employeeID', [`${key}-old`]));
				},
			},
		],
		...Object.entries({
			sAMAccountName: 'taken',
			userPrincipalName: 'taken@corp.example.com',
			mail: 'taken@example.com',
		}).map(([attribute, value]): [string, Case] => [
			`a ${attribute} that somebody else has by now`,
			{
				...{
					who: 'mover',
					status: 'conflict',
					words: new RegExp(`${attribute} "${value.replace('taken', 'taken\\d+')}" is taken: CN=holder`),
				},
				steps: async (directory) => [
					set(
						write('title', 'Tester', 'Lead'),
						write(
							attribute,
							attribute === 'mail' ? null : attribute === 'sAMAccountName' ? `p${key}` : `p${key}@corp.example.com`,
							value.replace('taken', `taken${numbers}`),
						),
					),
					link(await groupRef(directory)),
				],
				meddle: () =>
					addUser(domain, office.leavers, `holder${numbers}`, {
						[attribute]: value.replace('taken', `taken${numbers}`),
					}),
			},
		]),
		[
			'a name that is taken where a mover is to stand',
			{
				...{ who: 'mover', steps: moving, status: 'conflict', words: /CN=Person S\d+,OU=Unit.* already/ },
				meddle: () =>
					asAdministrator(domain, (client) => client.add(`CN=Person ${key},${unit}`, { objectClass: 'contact' })),
			},
		],
		[
			'a name that is taken where a rehire is to stand',
			{
				...{ who: 'rehire', steps: returning, status: 'conflict', words: /CN=Person S\d+,OU=Unit.* already/ },
				meddle: () =>
					asAdministrator(domain, (client) => client.add(`CN=Person ${key},${unit}`, { objectClass: 'contact' })),
			},
		],
		[
			'a joiner whose account somebody has begun by hand',
			{
				...{ who: 'joiner', status: 'conflict', words: /has employeeID "S\d+" already, with another samaccountname/ },
				meddle: () => addUser(domain, office.leavers, `by hand ${numbers}`, { employeeID: key }),
			},
		],
	];
	test.each(cases)('%s', async (_name, one) => check(one));
});

describe('is found done already', () => {
	const stepsOf = ({ steps = [] }: Partial<Outcome> = {}) => steps.map(({ status }) => status);

	test('a membership that somebody gave or took away, and it is not taken back', async () => {
		const [staff = ''] = office.groups;
		const changes = await made.mover(async (directory) => [
			set(write('title', 'Tester', 'Lead')),
			link(await groupRef(directory)),
			unlink(await refOf(directory, staff)),
		]);
		await addMembers(domain, group, [dn]);
		await edit(domain, staff, change('delete', 'member', [dn]));
		const { outcomes, writes } = await apply(domain, changes);
		expect([outcomes[0]?.status, stepsOf(outcomes[0]), writes]).toEqual([
			'applied',
			['done', 'already done', 'already done'],
			1,
		]);
		expect(outcomes[0]?.steps.slice(1).map(({ inverse, notUndoable }) => [inverse, notUndoable])).toEqual([
			[null, expect.stringContaining('was there already') as unknown],
			[null, expect.stringContaining('was gone already') as unknown],
		]);
	});

	test('a value, a place and a leave that are as planned by now', async () => {
		const changes = await made.mover(moving);
		await edit(domain, dn, change('replace', 'title', ['Lead']));
		await renamed(dn, `CN=Person ${key},${unit}`);
		const { outcomes, writes } = await apply(domain, changes);
		expect([outcomes[0]?.status, stepsOf(outcomes[0]), writes]).toEqual([
			'applied',
			['already done', 'already done', 'done'],
			1,
		]);
	});

	test('a deletion that somebody was quicker to do', async () => {
		const changes = await made.leaver(() => Promise.resolve([disable()]));
		await apply(domain, changes);
		const remove = await of('leaver', () =>
			Promise.resolve([{ do: 'delete', expect: { employeeID: [key], userAccountControl: ['514'] } }]),
		);
		await deleted(dn);
		expect(await apply(domain, remove)).toMatchObject({ writes: 0, outcomes: [{ status: 'already done' }] });
	});
});

describe('does not matter', () => {
	test('a place, a group, a manager and an account that have other names by now', async () => {
		const changes = await made.mover(async (directory) => [
			set(write('manager', domain.bindDn, await refOf(directory, boss))),
			link(await groupRef(directory)),
		]);
		const joiners = await plan(domain, async (directory) => [joining(await refOf(directory, unit), `${key}J`)]);
		await renamed(dn, `CN=Else ${key},${office.leavers}`);
		await renamed(group, `CN=Other group ${numbers},${office.leavers}`);
		await renamed(boss, `CN=Other boss ${numbers},${office.leavers}`);
		await renamed(unit, `OU=Other unit ${numbers},${domain.baseDn}`);
		const { outcomes } = await apply(domain, changes);
		expect(outcomes[0]).toMatchObject({ status: 'applied', dn: `CN=Else ${key},${office.leavers}` });
		const now = await stateOf(domain, key);
		expect(now['manager']).toEqual([`CN=Other boss ${numbers},${office.leavers}`]);
		expect(now['groups']).toContain(`CN=Other group ${numbers},${office.leavers}`);
		expect((await apply(domain, joiners)).outcomes[0]).toMatchObject({
			...{ status: 'applied', dn: `CN=Person ${key}J,OU=Other unit ${numbers},${domain.baseDn}` },
		});
	});

	test('that an account which is only written to was disabled by hand: it stays so', async () => {
		const changes = await made.mover(moving);
		await edit(domain, dn, change('replace', 'userAccountControl', ['514']));
		expect((await apply(domain, changes)).outcomes[0]?.status).toBe('applied');
		expect(await stateOf(domain, key)).toMatchObject({ userAccountControl: ['514'], title: ['Lead'] });
	});

	test('for a leaver, that unit or group is gone or privileged: whoever leaves is shut out', async () => {
		const changes = await made.leaver(leaving);
		await deleted(unit);
		const { outcomes } = await apply(domain, changes);
		expect(outcomes[0]).toMatchObject({
			status: 'partial',
			message: expect.stringContaining('does not exist') as unknown,
		});
		expect(outcomes[0]?.steps.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done', 'done', 'failed']);
		expect(await stateOf(domain, key)).toMatchObject({ userAccountControl: ['514'], groups: [] });
		// The unit is there again, with another GUID: it takes a new plan.
		await asAdministrator(domain, (client) => client.add(unit, { objectClass: 'organizationalUnit' }));
		const again = await apply(domain, changes);
		expect([again.outcomes[0]?.status, again.writes]).toEqual(['failed', 0]);
	});

	test('for an undo, that a manager is gone: the rest goes back', async () => {
		await addPerson(domain, office, key);
		await edit(domain, dn, change('replace', 'manager', [boss]));
		const leaver = await of('leaver', async (directory) => [
			disable(512, write('manager', await refOf(directory, boss), null), write('title', 'Tester', null)),
		]);
		const { outcomes } = await apply(domain, leaver);
		await deleted(boss);
		const back = outcomes.flatMap(({ steps }) =>
			steps.flatMap(({ inverse }) => inverse ?? []),
		) as unknown as StepBody[];
		const undo = await plan(
			domain,
			async (directory): Promise<Parts[]> => [
				{ key, lifecycle: 'leaver', target: await targetOf(directory, dn), steps: back },
			],
			{ kind: 'undo' },
		);
		const undone = await apply(domain, undo);
		expect(undone.outcomes[0]?.status).toBe('applied');
		expect(undone.outcomes[0]?.steps[0]?.message).toMatch(
			/^Left alone: manager .*CN=boss\d+.* does not exist any more/,
		);
		const now = await stateOf(domain, key);
		expect([now['userAccountControl'], now['title'], now['manager']]).toEqual([['512'], ['Tester'], undefined]);
	});

	test('that somebody whose account is being made was held by an administrator: nobody enables it', async () => {
		await addPerson(domain, office, key);
		const mark = await pendingMark(domain, key);
		await edit(domain, dn, change('replace', 'userAccountControl', ['514']), change('replace', 'carLicense', [mark]));
		const finish = await of('joiner', () =>
			Promise.resolve([set(write('title', 'Tester', 'Lead')), setPassword('1'), enable()]),
		);
		await edit(domain, dn, change('replace', 'carLicense', []));
		expect(await apply(domain, finish)).toMatchObject({ writes: 0, outcomes: [{ status: 'conflict' }] });
		expect(await stateOf(domain, key)).toMatchObject({ userAccountControl: ['514'], title: ['Tester'] });
	});
});
