import type { AttributeValue, DesiredAccount } from '../../../../lib/contracts';
import { OUTSIDE, ROOT, STAFF } from '../steps/world';
import { applied } from './applying';
import { account, entriesOf, inDays, person, personWith, planOf, type World } from './town';
import { told, toldProblems } from './told';

const by = (value: string, attribute = 'employeeID') => ({ by: attribute, value });
const below = (key: string, manager: AttributeValue, changes: Partial<DesiredAccount> = {}) =>
	personWith(key, { manager }, changes);

async function noted(world: World) {
	const made = await planOf(world);
	expect(toldProblems(made)).toEqual([]);
	return { steps: told(made), notes: made.plan.changes.flatMap(({ notes }) => notes), made };
}

describe('a manager', () => {
	test.each<[string, AttributeValue]>([
		['by key', by('b')],
		['by another attribute', by('USERB', 'sAMAccountName')],
		['by an attribute in other letters', by('Userb@corp.example.com', 'USERPRINCIPALNAME')],
		['by a distinguished name', by(`cn=user b, ${STAFF}`, 'distinguishedName')],
	])('who has an account is written with its GUID: %s', async (_how, manager) => {
		const { steps, made } = await noted({
			accounts: [account('A'), account('B')],
			people: [below('A', manager), person('B')],
		});
		expect(steps).toEqual({ A: ['mover', 'set manager nothing -> User B'] });
		const [step] = made.plan.changes[0]?.steps ?? [];
		const [other] = entriesOf({ accounts: account('B') }).filter(({ dn }) => dn === `CN=User B,${STAFF}`);
		expect(step).toMatchObject({
			writes: [{ to: { dn: other?.dn, guid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string } }],
		});
	});

	test('is the same in any spelling of the name', async () => {
		const accounts = [account('A', {}, { manager: `cn=user b,${STAFF.toLowerCase()}` }), account('B')];
		const { steps } = await noted({ accounts, people: [below('A', by('B')), person('B')] });
		expect(steps).toEqual({});
	});

	test('may stand outside the scope, or be in no feed', async () => {
		const accounts = [account('A'), account('B', { ou: OUTSIDE }), account('C')];
		const { steps } = await noted({ accounts, people: [below('A', by('B')), below('C', by('A'))] });
		expect(steps).toMatchObject({
			A: ['mover', 'set manager nothing -> User B'],
			C: { 1: 'set manager nothing -> User A' },
		});
	});

	test('may be found by what is to be written to somebody in this very plan', async () => {
		const accounts = [account('A'), account('B')];
		const people = [below('A', by('77', 'employeeNumber')), personWith('B', { employeeNumber: '77' })];
		expect((await noted({ accounts, people })).steps).toMatchObject({ A: { 1: 'set manager nothing -> User B' } });
	});

	test('may be found by the new key of a contractor who became an employee', async () => {
		const accounts = [account('A'), account('C-1', {}, {}, 'B')];
		const people = [below('A', by('B')), person('B', { previousKeys: ['C-1'] })];
		expect((await noted({ accounts, people })).steps).toMatchObject({ A: { 1: 'set manager nothing -> User B' } });
	});

	test('who joins in the same plan is written last, when everybody is there', async () => {
		const { steps, made } = await noted({
			accounts: account('A'),
			people: [below('A', by('N'), { groups: ['Sales'] }), person('N')],
		});
		expect(steps).toMatchObject({ A: ['mover', 'link Sales', 'set manager nothing -> joiner N'] });
		const [first, joiner] = made.plan.changes;
		expect(first?.dependsOn).toEqual([joiner?.id]);
		expect(joiner?.dependsOn).toEqual([]);
	});

	test('may be that of the one whose manager he is: joiners in a circle', async () => {
		const people = [below('A', by('B')), below('B', by('C')), below('C', by('A')), below('D', by('D'))];
		const { steps, made, notes } = await noted({ people });
		expect(notes).toEqual([]);
		expect(Object.values(steps).map((all) => all.at(-1))).toEqual([
			...['set manager nothing -> joiner B', 'set manager nothing -> joiner C'],
			...['set manager nothing -> joiner A', 'set manager nothing -> joiner D'],
		]);
		const entries = applied(entriesOf({}), made.plan);
		expect(told(await planOf({ entries, people }))).toEqual({});
	});

	test('may be that of the one whose manager he is: accounts in a circle', async () => {
		const people = [below('A', by('B')), below('B', by('A'))];
		const accounts = [account('A'), account('B')];
		const { made } = await noted({ accounts, people });
		const entries = applied(entriesOf({ accounts }), made.plan);
		expect(told(await planOf({ entries, people }))).toEqual({});
	});
});

describe('somebody who cannot be named', () => {
	const kept = account('A', {}, { manager: `CN=User B,${STAFF}` });
	const poet = (manager: AttributeValue) => below('A', manager, { groups: ['Poets'] });

	test.each<[string, World, RegExp]>([
		['unknown', { people: [poet(by('Nobody'))] }, /nobody, or more than one, has employeeID "Nobody"/],
		['empty', { people: [poet(by(''))] }, /nobody, or more than one, has employeeID ""/],
		['like several', { people: [poet(by('User', 'givenName'))] }, /nobody, or more than one, has givenName "User"/],
		[
			'a joiner who is not due',
			{ people: [poet(by('N')), person('N', { startsAt: inDays(30) })] },
			/"N" is in the feed, and has no account in this plan/,
		],
		[
			'a leaver without account',
			{ people: [poet(by('N')), person('N', { lifecycle: 'leaver' })] },
			/has no account in this plan/,
		],
	])('is a note, and the attribute stays as it is: %s', async (_who, world, words) => {
		const { steps, notes } = await noted({ accounts: [kept, account('B')], ...world });
		expect(steps).toEqual({ A: ['mover', 'link Poets'] });
		expect(notes).toEqual([expect.stringMatching(words)]);
		expect(notes[0]).toMatch(/^manager was left as it is/);
	});

	test('a joiner who turns out to be a problem is left out, and so are those who come to nothing by it', async () => {
		const people = [
			below('A', by('N'), { groups: ['Poets'] }),
			person('N', { ou: `OU=Nowhere,${ROOT}` }),
			below('M', by('N')),
			below('O', by('M')),
		];
		const made = await planOf({ accounts: [kept, account('B')], people });
		expect(toldProblems(made)).toEqual(['N: organisational unit']);
		expect(told(made)).toMatchObject({ A: ['mover', 'link Poets'], O: { 4: 'set manager nothing -> joiner M' } });
		const [a, m, o] = made.plan.changes;
		expect([a?.notes.length, m?.notes.length, o?.notes.length]).toEqual([1, 1, 0]);
		expect([a?.dependsOn, m?.dependsOn, o?.dependsOn]).toEqual([[], [], [m?.id]]);
	});

	test('keeps an attribute of several whole: nobody is taken out because another was not found', async () => {
		const has = [`CN=User B,${STAFF}`];
		const accounts = [account('A', {}, { secretary: has }), account('B'), account('C')];
		const both = personWith('A', { secretary: [by('C'), by('Nobody')] }, { groups: ['Poets'] });
		const { steps, notes } = await noted({ accounts, people: [both] });
		expect(steps).toEqual({ A: ['mover', 'link Poets'] });
		expect(notes).toHaveLength(1);
		const found = personWith('A', { secretary: [by('C'), by('B')] });
		expect((await noted({ accounts, people: [found] })).steps).toEqual({ A: ['mover', 'set secretary +User C'] });
	});

	test('is nobody’s manager when nobody is to be: the attribute is cleared', async () => {
		const { steps } = await noted({ accounts: [kept, account('B')], people: [below('A', null), person('B')] });
		expect(steps).toEqual({ A: ['mover', 'set manager User B -> nothing'] });
	});
});
