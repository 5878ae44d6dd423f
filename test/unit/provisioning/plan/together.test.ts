/** People of one plan who are in each other's way: namesakes, and those who name somebody who goes. */
import { LEAVERS, policyWith, ROOT, SALES, STAFF } from '../steps/world';
import { account, guidFor, inDays, person, personWith, planOf } from './town';
import { stepsOf, told } from './told';

const by = (value: string) => ({ by: 'employeeID', value });
const leaver = { lifecycle: 'leaver' } as const;

describe('a leaver whose name another one has where leavers stand', () => {
	const namesake = account('Old', { state: 'left', ou: LEAVERS }).replaceAll('User Old', 'User L');

	test('is told apart by the key, whether in the feed or absent', async () => {
		const accounts = [namesake, account('L')];
		const leaving = { accounts, people: [person('Old', leaver), person('L', leaver)] };
		expect(told(await planOf(leaving))['L']).toContain('relocate Staff/User L -> Leavers/User L (L)');
		const { plan } = await planOf(leaving);
		expect(plan.changes.find(({ key }) => key === 'L')?.notes).toEqual([
			'cn is to be "User L (L)", since "User L" cannot be had.',
		]);
		const absent = await planOf({
			accounts,
			people: [person('Old', leaver)],
			policy: policyWith({ leavers: { byAbsence: true } }),
			feed: { previousMissing: ['L'] },
		});
		expect(told(absent)['L']).toContain('relocate Staff/User L -> Leavers/User L (L)');
	});

	test('leaves with the other by one plan: the second is told apart', async () => {
		const there = account('M', { ou: SALES }).replaceAll('User M', 'User L');
		const made = await planOf({
			accounts: [account('L'), there],
			people: [person('M', leaver), person('L', leaver)],
		});
		expect(stepsOf(made.plan, 'relocate').map(({ key, step }) => [key, step.to.rdn])).toEqual([
			['M', 'CN=User L'],
			['L', 'CN=User L (L)'],
		]);
	});
});

describe('whoever names somebody', () => {
	test('who is deleted by this very plan, names nobody new', async () => {
		const { plan } = await planOf({
			accounts: [account('D', { state: 'left', ou: LEAVERS, since: inDays(-40) })],
			people: [person('D', leaver), personWith('J', { manager: by('D') })],
		});
		expect(plan.changes.map(({ key }) => key)).toEqual(['D', 'J']);
		expect(stepsOf(plan, 'create').map(({ step }) => step.attributes['manager'])).toEqual([undefined]);
		expect(plan.changes[1]?.notes).toEqual([
			'manager was left as it is: employeeID "D" is in the feed, and has no account in this plan.',
		]);
	});

	test('knows by GUID whom the attribute named before: who may move by the same plan', async () => {
		const { plan } = await planOf({
			accounts: [account('A'), account('B'), account('S', {}, { manager: `CN=User A,${STAFF}` })],
			people: [person('A', { ou: SALES }), person('B'), personWith('S', { manager: by('B') })],
		});
		expect(stepsOf(plan, 'set').map(({ step }) => step.writes)).toEqual([
			[
				{
					attribute: 'manager',
					from: { guid: guidFor('A'), dn: `CN=User A,${STAFF}` },
					to: { guid: guidFor('B'), dn: `CN=User B,${STAFF}` },
				},
			],
		]);
	});

	test('outside of what was read, by distinguished name', async () => {
		const { plan } = await planOf({
			accounts: [account('B'), account('S', {}, { manager: `CN=Elsewhere,${ROOT}` })],
			people: [person('B'), personWith('S', { manager: by('B') })],
		});
		expect(stepsOf(plan, 'set').map(({ step }) => step.writes[0])).toEqual([
			expect.objectContaining({ from: `CN=Elsewhere,${ROOT}` }),
		]);
	});
});
