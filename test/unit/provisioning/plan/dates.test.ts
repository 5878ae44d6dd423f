import type { DesiredAccount, Policy } from '../../../../lib/contracts';
import { POLICY, policyWith } from '../steps/world';
import { account, inDays, person, planOf, type Given } from './town';
import { told } from './told';

describe('dates', () => {
	const kindAt = async (changes: Partial<DesiredAccount>, given?: Given, policy: Policy = POLICY) => {
		const accounts = given ? account('E-1', given) : '';
		const made = await planOf({ accounts, people: [person('E-1', changes)], policy });
		return [made.plan.changes[0]?.lifecycle, made.plan.changes[0]?.steps.some((step) => step.do === 'enable')];
	};

	test.each([
		['2026-06-01T08:00:00Z', true],
		['2026-06-01T08:00:01Z', false],
		['2026-06-01T10:00:00+02:00', true],
		['2026-06-01T10:00:01+02:00', false],
		['2026-06-01T00:00:00-08:00', true],
		['2026-06-01T22:00:00+14:00', true],
		['2026-06-01T08:00:00.001Z', false],
	])('a start at %s is reached now: %s', async (startsAt, isReached) => {
		expect(await kindAt({ startsAt })).toEqual(['joiner', isReached]);
		expect(await kindAt({ startsAt, groups: ['Sales'] }, { state: 'pending' })).toEqual(['joiner', isReached]);
		const rehire = await kindAt({ startsAt }, { state: 'left' });
		expect(rehire).toEqual(isReached ? ['rehire', true] : [undefined, undefined]);
	});

	test.each([
		['2026-06-01T08:00:00Z', 'leaver'],
		['2026-06-01T08:00:01Z', 'mover'],
		['2026-06-01T10:00:00+02:00', 'leaver'],
		['2026-06-01T10:00:01+02:00', 'mover'],
		['2026-06-01T22:00:00+14:00', 'leaver'],
	])('an end at %s makes a %s', async (endsAt, lifecycle) => {
		expect((await kindAt({ endsAt }, {}))[0]).toBe(lifecycle);
	});

	test('the days before the start are days of 24 hours, and 0 of them means the very start', async () => {
		const days = (daysBefore: number) => policyWith({ joiners: { daysBefore } });
		expect(await kindAt({ startsAt: inDays(14) }, undefined, days(14))).toEqual(['joiner', false]);
		expect(await kindAt({ startsAt: inDays(14, 1) }, undefined, days(14))).toEqual([undefined, undefined]);
		expect(await kindAt({ startsAt: inDays(0, 1) }, undefined, days(0))).toEqual([undefined, undefined]);
		expect(await kindAt({ startsAt: inDays(0) }, undefined, days(0))).toEqual(['joiner', true]);
	});

	test('an end to come also ends the account by itself, at the very instant', async () => {
		const made = await planOf({
			accounts: account('E-1'),
			people: [person('E-1', { endsAt: '2027-01-01T00:00:00+01:00' })],
		});
		expect(told(made)).toEqual({ 'E-1': ['mover', 'set accountExpires nothing -> 134432316000000000'] });
		const after = await planOf({
			accounts: account('E-1', {}, { accountExpires: '134432316000000000' }),
			people: [person('E-1', { endsAt: '2026-12-31T23:00:00Z' })],
		});
		expect(told(after)).toEqual({});
	});

	test('a start after the end is a leaver once the end is past', async () => {
		expect(await kindAt({ startsAt: inDays(3), endsAt: inDays(-1) })).toEqual([undefined, undefined]);
		expect((await kindAt({ startsAt: inDays(3), endsAt: inDays(-1) }, {}))[0]).toBe('leaver');
	});
});
