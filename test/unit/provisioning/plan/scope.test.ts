import { LEAVERS, OUTSIDE, policyWith, ROOT, SALES, STAFF } from '../steps/world';
import { account, GUESTS, inDays, person, planOf, type World } from './town';
import { told, toldProblems } from './told';

const leaver = { lifecycle: 'leaver' } as const;

/** Who is disabled when everybody leaves: those in scope. */
async function disabledIn(scope: World['scope'], accounts: World['accounts'], keys: readonly string[]) {
	const people = keys.map((key) => person(key, leaver));
	const made = await planOf({ accounts: accounts ?? '', people, ...(scope ? { scope } : {}) });
	expect(toldProblems(made)).toEqual([]);
	return Object.keys(told(made)).sort();
}

describe('the scope of a plan', () => {
	const accounts = [
		account('A'),
		account('B', { ou: SALES }),
		account('C', { ou: GUESTS }),
		account('D', { ou: OUTSIDE }),
		account('E', { ou: LEAVERS }),
	];
	const keys = ['A', 'B', 'C', 'D', 'E'];

	test.each<[string, World['scope'], string[]]>([
		['one base', { bases: [SALES] }, ['B']],
		['two bases', { bases: [SALES, OUTSIDE] }, ['B', 'D']],
		['bases in one another', { bases: [SALES, STAFF, SALES.toLowerCase()] }, ['A', 'B', 'C']],
		['no base: the whole domain', { bases: [] }, ['A', 'B', 'C', 'D', 'E']],
		['an excluded unit', { bases: [STAFF], excludedOus: [GUESTS.toUpperCase()] }, ['A', 'B']],
		['a base that is excluded', { bases: [STAFF, SALES], excludedOus: [SALES] }, ['A', 'C']],
		['a filter', { bases: [], filterText: '(|(employeeID=a)(employeeID=d))' }, ['A', 'D']],
		['a filter for nobody', { filterText: '(title=*)' }, []],
	])('is %s', async (_what, scope, expected) => {
		expect(await disabledIn(scope, accounts, keys)).toEqual(expected);
	});

	test('never makes a second account for somebody who stands outside, filtered out or excluded', async () => {
		const world = { accounts, people: [person('D'), person('C'), person('A')] };
		const scope = { bases: [STAFF], excludedOus: [GUESTS], filterText: '(!(employeeID=A))' };
		const made = await planOf({ ...world, scope });
		expect(told(made)).toEqual({});
		expect(toldProblems(made)).toEqual(['D: out of scope', 'C: out of scope', 'A: out of scope']);
		expect(made.problems[0]?.message).toContain(`CN=User D,${OUTSIDE}`);
		expect(made.problems[0]?.accounts).toHaveLength(1);
	});

	test('never makes an account for a key that some other object has', async () => {
		const contact = account('K').replace(/objectClass: user\n|userAccountControl: 512\n|objectSid:.*\n/g, '');
		const made = await planOf({ accounts: contact, people: [person('K')] });
		expect(toldProblems(made)).toEqual(['K: out of scope']);
		expect(made.problems[0]?.message).toContain('is no user account');
	});

	test('has no base or unit that does not exist', async () => {
		for (const scope of [{ bases: [`OU=Nowhere,${ROOT}`] }, { excludedOus: [`OU=Nowhere,${ROOT}`] }])
			await expect(planOf({ accounts, people: [person('A')], scope })).rejects.toThrow(/OU=Nowhere/);
		await expect(planOf({ accounts, people: [], scope: { bases: ['Staff'] } })).rejects.toThrow(
			/no distinguished name/,
		);
	});

	test('stands in the plan as it was, so that an approver sees it', async () => {
		const scope = { bases: [STAFF], excludedOus: [GUESTS], filterText: '(employeeID=*)' };
		const { plan } = await planOf({ accounts, people: [person('A')], scope });
		expect(plan.scope).toEqual({ bases: [STAFF], excludedOus: [GUESTS], filter: '(employeeID=*)' });
	});
});

describe('the leaver OU', () => {
	test('is read though it is outside, and those marked there are in scope', async () => {
		const accounts = [
			account('L', { state: 'left', ou: LEAVERS }),
			account('P', { state: 'pending', ou: LEAVERS }),
			account('X', { state: 'others', ou: LEAVERS }),
			account('E', { ou: LEAVERS }),
			account('F', { state: 'left', ou: LEAVERS }).replace(/adprov1:left:[^:]+/, 'adprov1:left:2026-01-01T00'),
		];
		const made = await planOf({ accounts, people: ['L', 'P', 'X', 'E', 'F'].map((key) => person(key)) });
		expect(told(made)).toEqual({ L: ['rehire', 'relocate Leavers/User L -> Staff/User L', 'setPassword', 'enable'] });
		expect(toldProblems(made)).toEqual(['P: out of scope', 'X: out of scope', 'E: out of scope', 'F: out of scope']);
	});

	test('is not read when leavers stay where they are', async () => {
		const accounts = account('L', { state: 'left', ou: LEAVERS });
		const policy = policyWith({ leavers: { moveTo: '', deleteAfterDays: null } });
		const made = await planOf({ accounts, people: [person('L')], policy });
		expect(toldProblems(made)).toEqual(['L: out of scope']);
	});

	test('that does not exist stops the plan', async () => {
		const policy = policyWith({ leavers: { moveTo: `OU=Gone,${ROOT}` } });
		await expect(planOf({ accounts: account('A'), people: [], policy })).rejects.toThrow(/OU=Gone/);
	});

	test('may be excluded: leavers are found there all the same', async () => {
		const accounts = [account('L', { state: 'left', ou: LEAVERS, since: inDays(-30) }), account('E', { ou: LEAVERS })];
		const made = await planOf({
			...{ accounts, people: [person('L', leaver), person('E', leaver)] },
			scope: { bases: [], excludedOus: [LEAVERS] },
		});
		expect(told(made)).toEqual({ L: ['leaver', 'delete'] });
	});
});

describe('an organisational unit of a record', () => {
	const world = (ou: string, accounts: World['accounts'] = '') => ({ accounts, people: [person('A', { ou })] });

	test.each([
		['by its distinguished name', SALES],
		['in other letters', SALES.toLowerCase()],
		['by its name', 'Sales'],
	])('is found %s', async (_how, ou) => {
		expect(told(await planOf(world(ou)))).toMatchObject({ A: ['joiner', 'create CN=User A in Sales', {}, {}] });
		expect(told(await planOf(world(ou, account('A'))))).toEqual({
			A: ['mover', 'relocate Staff/User A -> Sales/User A'],
		});
	});

	test.each([
		['that does not exist', `OU=Nowhere,${ROOT}`, /no organisational unit "OU=Nowhere/],
		['outside the scope', OUTSIDE, /lies outside the scope/],
		['that is excluded', GUESTS, /lies outside the scope/],
		['that is none', 'nothing, really', /no organisational unit "nothing, really"/],
		['that is not said', '', /There is no organisational unit/],
	])('%s is a problem of the person, and is never created', async (_what, ou, words) => {
		const scope = { bases: [STAFF], excludedOus: [GUESTS] };
		const joiner = await planOf({ ...world(ou), scope });
		expect(told(joiner)).toEqual({});
		expect(toldProblems(joiner)).toEqual(['A: organisational unit']);
		expect(joiner.problems[0]?.message).toMatch(words);
		const mover = await planOf({ ...world(ou, account('A')), scope });
		// Who has no unit in the record stays where the account stands.
		expect(toldProblems(mover)).toEqual(ou === '' ? [] : ['A: organisational unit']);
		expect(told(mover)).toEqual({});
	});

	test('of a mover does not matter where moving is off', async () => {
		const policy = policyWith({ movers: { move: false } });
		const made = await planOf({ ...world(`OU=Nowhere,${ROOT}`, account('A')), policy });
		expect([told(made), toldProblems(made)]).toEqual([{}, []]);
	});
});
