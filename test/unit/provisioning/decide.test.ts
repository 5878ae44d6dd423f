import { decideAbsent } from '../../../lib/provisioning/plan/decide';
import { account, inDays, NOW, NOW_MS, person, type Given } from './census';
import { brief, decided, decideOne, leaver, type World } from './deciding';
import { POLICY, policyWith } from './steps/world';

const away = { lifecycle: 'away' } as const;
const previous = { person: { previousKeys: ['C-17'] }, key: 'C-17' };

describe('the table', () => {
	test.each<[string, World, string]>([
		['active + no match', {}, 'joiner, enable'],
		['active + no match, starts in 3 days', { person: { startsAt: inDays(3) } }, 'joiner'],
		['active + no match, not yet due', { person: { startsAt: inDays(8) } }, 'unchanged'],
		[
			'active + pending, start not reached',
			{ account: { state: 'pending' }, person: { startsAt: inDays(3) } },
			'pending',
		],
		['active + enabled', { account: {} }, 'mover'],
		['active + pending, start reached', { account: { state: 'pending' } }, 'pending, finish'],
		['active + left within N days', { account: { state: 'left', daysAgo: 89 } }, 'rehire'],
		['active + left longer ago', { account: { state: 'left', daysAgo: 91 } }, 'problem: left long ago'],
		['active + disabled without mark', { account: { state: 'others' } }, 'problem: disabled by others'],
		['active + found outside the scope', { outsider: {} }, 'problem: out of scope'],
		['away + enabled', { person: away, account: {} }, 'unchanged'],
		['away + no match', { person: away }, 'unchanged'],
		['away + left', { person: away, account: { state: 'left' } }, 'unchanged'],
		['away + end passed', { person: { ...away, endsAt: inDays(-1) }, account: {} }, 'unchanged'],
		['leaver + enabled', { person: leaver, account: {} }, 'leaver'],
		['leaver + pending', { person: leaver, account: { state: 'pending' } }, 'leaver'],
		['leaver + left', { person: leaver, account: { state: 'left', daysAgo: 29 } }, 'leaver, again'],
		['leaver + left, due', { person: leaver, account: { state: 'left', daysAgo: 30 } }, 'leaver, again, remove'],
		['leaver + disabled without mark', { person: leaver, account: { state: 'others' } }, 'unchanged'],
		['leaver + no match', { person: leaver }, 'unchanged'],
		['leaver + found outside the scope', { person: leaver, outsider: {} }, 'unchanged'],
		['active + end passed', { person: { endsAt: inDays(-1) }, account: {} }, 'leaver'],
		['active + end passed, no match', { person: { endsAt: inDays(-1) } }, 'unchanged'],
	])('%s', (_row, world, expected) => {
		expect(brief(decided(world))).toBe(expected);
	});

	const states: readonly World[] = [
		{ account: {} },
		{ account: { state: 'pending' } },
		{ account: { state: 'left' } },
		{ account: { state: 'left', daysAgo: 400 } },
		{ account: { state: 'others' } },
		{ outsider: {} },
		{ outsider: { state: 'others' } },
	];
	const lifecycles = ['active', 'away', 'leaver'] as const;
	const everything = lifecycles.flatMap((lifecycle) => states.map((world) => ({ world, lifecycle })));

	test.each(everything)('anything + protected is a problem that is shown first: $lifecycle, $world', (row) => {
		const guarded = { protection: 'it is a member of Domain Admins' };
		const { account: held, outsider } = row.world;
		const decision = decided({
			person: { lifecycle: row.lifecycle },
			...(held ? { account: { ...held, ...guarded } } : {}),
			...(outsider ? { outsider: { ...outsider, ...guarded } } : {}),
		});
		expect(decision).toMatchObject({ kind: 'problem', problem: { kind: 'protected', urgent: true, key: 'E-1' } });
	});

	test('a leaver whose account is protected and open is to be disabled by hand now', () => {
		const guarded = { protection: 'it is a member of Domain Admins' };
		const open = decided({ person: leaver, account: guarded });
		expect(open).toMatchObject({ problem: { whatToDo: 'Disable the account by hand now.' } });
		expect(open).toMatchObject({
			problem: { message: expect.stringContaining('it is a member of Domain Admins') as string },
		});
		const ended = decided({ person: { endsAt: inDays(-1) }, account: guarded });
		expect(ended).toMatchObject({ problem: { whatToDo: 'Disable the account by hand now.' } });
		const shut = decided({ person: leaver, account: { ...guarded, state: 'others' } });
		expect(shut).toMatchObject({ problem: { whatToDo: expect.not.stringContaining('now') as string } });
	});
});

describe('instants', () => {
	const joinsAt = (startsAt: string | null) => brief(decided({ person: { startsAt } }));

	test('a joiner is due a whole number of days before the start, to the second', () => {
		expect(joinsAt(inDays(7))).toBe('joiner');
		expect(joinsAt('2026-06-08T08:00:01Z')).toBe('unchanged');
		expect(joinsAt('2026-06-08T10:00:00+02:00')).toBe('joiner');
	});

	test('a start is reached at its instant, an end at its own', () => {
		expect(joinsAt(NOW)).toBe('joiner, enable');
		expect(joinsAt('2026-06-01T08:00:01Z')).toBe('joiner');
		expect(brief(decided({ account: {}, person: { endsAt: NOW } }))).toBe('leaver');
		expect(brief(decided({ account: {}, person: { endsAt: '2026-06-01T08:00:01Z' } }))).toBe('mover');
	});

	test('why somebody is a leaver is said', () => {
		expect(decided({ person: leaver, account: {} })).toMatchObject({ why: 'feed' });
		expect(decided({ person: { endsAt: inDays(-1) }, account: {} })).toMatchObject({ why: 'end date' });
		expect(decided({ person: { ...leaver, endsAt: inDays(-1) }, account: {} })).toMatchObject({ why: 'feed' });
	});

	test('what is no instant lets nobody in, and keeps no leaver', () => {
		const soon = { startsAt: 'soon' };
		expect(brief(decided({ person: soon }))).toBe('problem: bad value');
		expect(brief(decided({ person: soon, account: { state: 'pending' } }))).toBe('problem: bad value');
		expect(brief(decided({ person: soon, account: { state: 'left' } }))).toBe('problem: bad value');
		expect(brief(decided({ person: { endsAt: 'later' }, account: {} }))).toBe('problem: bad value');
		expect(brief(decided({ person: soon, account: {} }))).toBe('mover');
		expect(brief(decided({ person: { ...leaver, ...soon, endsAt: 'later' }, account: {} }))).toBe('leaver');
	});
});

describe('a previous key', () => {
	test.each<[string, Given, string]>([
		['enabled', {}, 'mover, newKey'],
		['left', { state: 'left' }, 'rehire, newKey'],
		['pending', { state: 'pending' }, 'problem: review'],
		['disabled without mark', { state: 'others' }, 'problem: disabled by others'],
	])('leads to an account that is %s', (_state, held, expected) => {
		expect(brief(decided({ ...previous, account: held }))).toBe(expected);
	});

	test('leads to the account of a leaver, whatever state it is in', () => {
		const person = { ...leaver, previousKeys: ['C-17'] };
		expect(brief(decided({ key: 'C-17', person, account: { state: 'pending' } }))).toBe('leaver');
	});

	test('leads outside the scope, too', () => {
		expect(brief(decided({ ...previous, outsider: {} }))).toBe('problem: out of scope');
	});
});

describe('a mark that does not count', () => {
	test.each<[string, Given, RegExp]>([
		['of another key', { signedWith: 'another key of somebody' }, /another key/],
		['of another account', { boundTo: '11111111-2a3b-4c5d-8e6f-0123456789ab' }, /edited/],
		['that was overtaken', { overtaken: true }, /enabled it and disabled it again/],
	])('%s never lets anybody in, and is said in words', (_what, given, words) => {
		const held = { state: 'left', ...given } as const;
		expect(decided({ account: held })).toMatchObject({
			problem: { kind: 'disabled by others', message: expect.stringMatching(words) as string },
		});
		expect(decided({ person: leaver, account: held })).toMatchObject({
			kind: 'unchanged',
			reason: expect.stringMatching(words) as string,
		});
	});

	test('on an account that is enabled is of no account', () => {
		const held = { state: 'left', attributes: { userAccountControl: '512' } } as const;
		expect(brief(decided({ account: held }))).toBe('mover');
		expect(brief(decided({ account: held, person: leaver }))).toBe('leaver');
	});

	test('has a twin: a snapshot that is not genuine restores nothing', () => {
		const held = { state: 'left', snapshotOf: '11111111-2a3b-4c5d-8e6f-0123456789ab' } as const;
		expect(decided({ account: held })).toMatchObject({ problem: { kind: 'review' } });
		const plain = policyWith({ rehires: { restore: false } });
		expect(brief(decided({ account: held, policy: plain }))).toBe('rehire');
	});
});

describe('what is found outside the scope', () => {
	test('is named', () => {
		const decision = decided({ outsider: {} });
		expect(decision).toMatchObject({
			problem: {
				accounts: [{ dn: expect.stringMatching(/^CN=Account/) as string }],
				message: expect.stringContaining('outside the scope') as string,
			},
		});
	});

	test('may be no account at all', () => {
		const contact = account('E-1', { inScope: false, attributes: { userAccountControl: [] } });
		const decision = decideOne(person('E-1'), [], [contact], POLICY);
		expect(decision).toMatchObject({
			problem: { kind: 'out of scope', message: expect.stringContaining('no user account') as string },
		});
	});
});

describe('a leaver by absence', () => {
	const byAbsence = (given: Given) => decideAbsent(account('E-1', given), { policy: POLICY, now: NOW_MS });

	test('is disabled, then done again, then deleted', () => {
		expect(byAbsence({})).toMatchObject({ person: null, why: 'absence', again: false, remove: false });
		expect(byAbsence({ state: 'pending' })).toMatchObject({ again: false, remove: false });
		expect(byAbsence({ state: 'left', daysAgo: 29 })).toMatchObject({ again: true, remove: false });
		expect(byAbsence({ state: 'left', daysAgo: 30 })).toMatchObject({ again: true, remove: true });
	});
});
