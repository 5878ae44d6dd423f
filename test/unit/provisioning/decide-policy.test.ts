import fc from 'fast-check';
import { account, inDays, NOW_MS, person } from './census';
import { brief, decided, decideOne, leaver, type World } from './deciding';
import { policyWith } from './steps/world';

describe('the policy', () => {
	const enabledBefore = policyWith({ joiners: { until: 'enabled' } });
	const noJoiners = policyWith({ joiners: { create: false } });
	const noLeavers = policyWith({ leavers: { disable: false } });
	const noRehires = policyWith({ rehires: { enable: false } });

	test.each<[string, World, string]>([
		['accounts enabled before the start', { policy: enabledBefore, person: { startsAt: inDays(3) } }, 'joiner, enable'],
		[
			'accounts enabled before the start, one unfinished',
			{ policy: enabledBefore, person: { startsAt: inDays(3) }, account: { state: 'pending' } },
			'pending, finish',
		],
		[
			'accounts enabled before the start, too early',
			{ policy: enabledBefore, person: { startsAt: inDays(8) }, account: { state: 'pending' } },
			'pending',
		],
		['joiners off', { policy: noJoiners }, 'unchanged, turnedOff'],
		['joiners off, one unfinished', { policy: noJoiners, account: { state: 'pending' } }, 'unchanged, turnedOff'],
		['joiners off, found outside the scope', { policy: noJoiners, outsider: {} }, 'problem: out of scope'],
		['leavers off', { policy: noLeavers, person: leaver, account: {} }, 'unchanged, turnedOff'],
		[
			'leavers off, one due for deletion',
			{ policy: noLeavers, person: leaver, account: { state: 'left', daysAgo: 99 } },
			'unchanged',
		],
		[
			'no deletion',
			{
				policy: policyWith({ leavers: { deleteAfterDays: null } }),
				person: leaver,
				account: { state: 'left', daysAgo: 9999 },
			},
			'leaver, again',
		],
		['rehires off', { policy: noRehires, account: { state: 'left' } }, 'unchanged, turnedOff'],
		['a rehire who starts again later', { account: { state: 'left' }, person: { startsAt: inDays(3) } }, 'unchanged'],
		[
			'a rehire whose account is enabled before the start',
			{ policy: enabledBefore, account: { state: 'left' }, person: { startsAt: inDays(3) } },
			'rehire',
		],
	])('%s', (_row, world, expected) => {
		expect(brief(decided(world))).toBe(expected);
	});

	test('says why nothing is done', () => {
		expect(decided({ policy: noJoiners })).toMatchObject({
			account: null,
			reason: expect.stringContaining('turned off') as string,
		});
		expect(decided({ person: { startsAt: inDays(8) } })).toMatchObject({
			reason: 'the person starts on 2026-06-09T08:00:00Z, and accounts are made 7 days before',
		});
		expect(decided({ person: leaver, account: { state: 'others' } })).toMatchObject({
			reason: 'the account is disabled already, and not by this tool',
		});
	});
});

test('nobody is let in but by a genuine mark of this tool, whatever the policy', () => {
	const bool = fc.boolean();
	const policies = fc.record({
		create: bool,
		early: bool,
		disable: bool,
		enable: bool,
		restore: bool,
		days: fc.nat(100),
	});
	const instants = fc.option(fc.integer({ min: -200, max: 200 }).map(inDays), { nil: null });
	fc.assert(
		fc.property(
			policies,
			fc.constantFrom('active' as const, 'away' as const, 'leaver' as const),
			fc.constantFrom('enabled' as const, 'pending' as const, 'left' as const, 'others' as const),
			fc.record({ startsAt: instants, endsAt: instants }),
			bool,
			({ create, early, disable, enable, restore, days }, lifecycle, state, dates, forged) => {
				const policy = policyWith({
					joiners: { create, until: early ? 'enabled' : 'pending', daysBefore: days },
					leavers: { disable },
					rehires: { enable, restore, withinDays: days },
				});
				const held = account('E-1', { state, ...(forged ? { signedWith: 'another key of somebody' } : {}) });
				const decision = decideOne(person('E-1', { ...dates, lifecycle }), [held], [], policy);
				const lets = decision.kind === 'rehire' || (decision.kind === 'pending' && decision.finish);
				if (!lets) return;
				expect(held.mark?.state).toBe(decision.kind === 'rehire' ? 'left' : 'pending');
				expect(lifecycle).toBe('active');
				expect(dates.endsAt === null || Date.parse(dates.endsAt) > NOW_MS).toBe(true);
				expect(early || dates.startsAt === null || Date.parse(dates.startsAt) <= NOW_MS).toBe(true);
			},
		),
		{ numRuns: 500 },
	);
});
