import { LEAVERS, OUTSIDE, policyWith, STAFF } from '../steps/world';
import { account, inDays, person, personWith, planOf, type World } from './town';
import { told, toldProblems } from './told';

const leaver = { lifecycle: 'leaver' } as const;
const notesOf = async (world: World) => (await planOf(world)).plan.notes;

describe('what a plan leaves alone, and says', () => {
	test('is the open account of a leaver outside the scope, and not a closed one', async () => {
		const accounts = [account('A', { ou: OUTSIDE }), account('B', { ou: OUTSIDE, state: 'others' })];
		const made = await planOf({ accounts, people: [person('A', leaver), person('B', leaver)] });
		expect([told(made), toldProblems(made)]).toEqual([{}, []]);
		expect(made.plan.notes).toEqual([expect.stringMatching(/left enabled, .* \(1\): CN=User A,OU=Partners/)]);
		expect(made.plan.digest.markdown).toContain('OU=Partners');
	});

	test('is the account of a leaver that somebody enabled where leavers stand', async () => {
		const accounts = account('A', { ou: LEAVERS });
		const notes = await notesOf({ accounts, people: [person('A', leaver)] });
		expect(notes).toEqual([expect.stringContaining(`CN=User A,${LEAVERS}`)]);
	});

	test('is an end of an account that the HR system does not have, or no longer', async () => {
		const end = '134432316000000000';
		const accounts = ['A', 'B', 'C', 'D'].map((key) => account(key, {}, { accountExpires: key === 'D' ? '0' : end }));
		const people = [
			person('A'),
			person('B', { endsAt: '2026-12-31T23:00:00Z' }),
			personWith('C', { accountExpires: end }),
			person('D'),
		];
		const made = await planOf({ accounts, people });
		expect(told(made)).toEqual({});
		expect(made.plan.notes).toEqual([expect.stringMatching(/^No end in the HR system.* \(1\): A \(2026-12-31\)$/)]);
	});

	test('is a manager who is not found, of people who have no other change; the first five are named', async () => {
		const keys = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
		const accounts = keys.map((key) => account(key));
		const people = keys.map((key) => personWith(key, { manager: { by: 'employeeID', value: 'Nobody' } }));
		const notes = await notesOf({ accounts, people });
		expect(notes).toEqual([expect.stringMatching(/\(7\): A: manager was left as it is.*E: manager.* · and 2 more$/)]);
	});
});

test('what Attribute Map wants to be looked at is a note of the change', async () => {
	const review = [{ attribute: 'displayName', reason: '"Аda" mixes letters of several scripts.' }];
	const made = await planOf({ accounts: account('B'), people: [person('A', { review }), person('B', { review })] });
	expect(made.plan.changes.map(({ key, notes }) => [key, notes])).toEqual([
		['A', ['To be looked at: displayName: "Аda" mixes letters of several scripts.']],
	]);
});

describe('names that are never to be overwritten', () => {
	const names = {
		sAMAccountName: { candidates: ['ada'] },
		userPrincipalName: { candidates: ['ada@corp.example.com'] },
		mail: { candidates: ['ada@example.com'] },
		cn: { candidates: ['Ada'] },
	};
	const keep = ['MAIL', 'userPrincipalName', 'cn'];
	const policy = policyWith({ movers: { keep } });

	test('stay, and others are changed', async () => {
		const accounts = account('A', {}, { mail: 'old@example.com' });
		expect(told(await planOf({ accounts, people: [person('A', { names })], policy }))).toEqual({
			A: ['mover', 'set sAMAccountName usera -> ada'],
		});
	});

	test('are given where there are none, and to those who have not begun', async () => {
		const accounts = [account('A'), account('B', { state: 'pending' }, { mail: 'old@example.com' })];
		const other = { ...names, mail: { candidates: ['eve@example.com'] }, sAMAccountName: { candidates: ['userb'] } };
		const people = [
			person('A', { names: { mail: names.mail } }),
			person('B', { names: { mail: other.mail }, startsAt: inDays(0) }),
		];
		expect(told(await planOf({ accounts, people, policy }))).toEqual({
			A: ['mover', 'set mail nothing -> ada@example.com'],
			B: ['joiner', 'set mail old@example.com -> eve@example.com', 'setPassword', 'enable'],
		});
	});
});

describe('somebody who comes back and stands where leavers do', () => {
	const policy = policyWith({ rehires: { restore: false } });
	const people = [person('A', { ou: '' })];

	test('is not enabled there, outside the scope of every further plan', async () => {
		const made = await planOf({ accounts: account('A', { state: 'left', ou: LEAVERS }), people, policy });
		expect([told(made), toldProblems(made)]).toEqual([{}, ['A: organisational unit']]);
	});

	test('is, where that is in scope', async () => {
		const accounts = account('A', { state: 'left', ou: LEAVERS });
		const made = await planOf({ accounts, people, policy, scope: { bases: [] } });
		expect(told(made)).toEqual({ A: ['rehire', 'setPassword', 'enable'] });
	});

	test('is moved where the record says', async () => {
		const accounts = account('A', { state: 'left', ou: LEAVERS });
		const made = await planOf({ accounts, people: [person('A', { ou: STAFF })], policy });
		expect(told(made)['A']?.[1]).toBe('relocate Leavers/User A -> Staff/User A');
	});
});

describe('somebody who gets no account of this feed, and whose account has an earlier key', () => {
	const policy = policyWith({ leavers: { byAbsence: true } });
	const other = { key: 'New', displayName: 'Ada', previousKeys: ['old '] };
	const accounts = [account('Old'), account('B')];

	test.each(['rejected', 'outOfScope'] as const)('is not absent: %s', async (why) => {
		const feed = { [why]: [other], previousMissing: ['Old'] };
		const made = await planOf({ accounts, people: [person('B')], policy, feed });
		expect([told(made), made.plan.feed.missing, made.plan.feed.absenceRefused]).toEqual([{}, [], []]);
	});

	test('and is a duplicate of whoever has that key, when the record was rejected', async () => {
		const made = await planOf({ accounts, people: [person('Old', leaver)], feed: { rejected: [other] } });
		expect(toldProblems(made)).toEqual(['Old: duplicate']);
	});

	test('is who would join, leave or come back, were it turned on', async () => {
		const policy = policyWith({ joiners: { create: false }, leavers: { disable: false }, rehires: { enable: false } });
		const accounts = [
			account('A'),
			account('B', { ou: LEAVERS, state: 'left' }),
			account('C', { ou: LEAVERS, state: 'left' }),
		];
		const people = [
			...[person('A', leaver), person('B'), person('C', leaver), person('D'), person('E')],
			person('F', { startsAt: inDays(300) }),
		];
		const made = await planOf({ policy, accounts, people });
		expect(told(made)).toEqual({});
		expect(made.plan.notes).toEqual([
			'Nothing is to be done: the person leaves, and disabling leavers is turned off (1): A',
			'Nothing is to be done: the person is back, and rehires are turned off (1): B',
			'Nothing is to be done: the person has no account, and joiners are turned off (2): D · E',
		]);
		expect(made.plan.digest.text).toContain('disabling leavers is turned off');
	});
});
