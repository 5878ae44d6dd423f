import type { DesiredAccount, NameLadder } from '../../../../lib/contracts';
import type { MadePlan } from '../../../../lib/provisioning/plan/makePlan';
import { POLICY, policyWith, ROOT, SALES } from '../steps/world';
import { applied } from './applying';
import { account, entriesOf, group, inDays, ldifOf, person, planOf, type World } from './town';
import { stepsOf, told, toldProblems } from './told';

const DOMAIN = 'corp.example.com';
const ladder = (...candidates: string[]): NameLadder => ({ candidates });
const counted = (base: string): NameLadder => ({
	...{ candidates: [base], counter: { base, start: 2, width: 1, limit: 9, maxLength: 64 } },
});

/** A person whose four names come from one word, with numbers after it. */
const called = (key: string, word: string, changes: Partial<DesiredAccount> = {}): DesiredAccount =>
	person(key, {
		attributes: {},
		names: {
			...{ sAMAccountName: counted(word), userPrincipalName: counted(`${word}@${DOMAIN}`) },
			...{ mail: counted(`${word}@example.com`), cn: counted(word) },
		},
		...changes,
	});

/** The names of the accounts that a plan creates, by key. */
function given({ plan }: MadePlan): Readonly<Record<string, readonly string[]>> {
	return Object.fromEntries(
		stepsOf(plan, 'create').map(({ key, step }) => {
			const { sAMAccountName = [], userPrincipalName = [], mail = [] } = step.attributes;
			const names = [sAMAccountName, userPrincipalName, mail].map(([name]) => (typeof name === 'string' ? name : ''));
			return [key, [...names, step.rdn.replace('CN=', '')]];
		}),
	);
}

const four = (sam: string, upn: string, mail: string, cn: string) => [
	sam,
	`${upn}@${DOMAIN}`,
	`${mail}@example.com`,
	cn,
];
const all = (word: string) => four(word, word, word, word);

describe('names of joiners', () => {
	test('are the first of each ladder where nobody has them', async () => {
		const made = await planOf({ people: [called('E-1', 'ada')] });
		expect(given(made)).toEqual({ 'E-1': all('ada') });
		expect(made.plan.changes[0]?.notes).toEqual([]);
	});

	test('are given once in a plan, to the first in the feed', async () => {
		const people = [called('E-1', 'ada'), called('E-2', 'Ada'), called('E-3', 'ada')];
		const made = await planOf({ people });
		expect(given(made)).toEqual({
			...{
				'E-1': all('ada'),
				'E-2': four('Ada2', 'Ada2', 'Ada2', 'Ada 2'),
				'E-3': four('ada3', 'ada3', 'ada3', 'ada 3'),
			},
		});
		expect(made.plan.changes[1]?.notes).toContain('cn is to be "Ada 2", since "Ada" cannot be had.');
	});

	const contact = (attributes: Record<string, string>) =>
		ldifOf(`CN=Somebody,OU=Partners,${ROOT}`, { objectClass: ['top', 'contact'], cn: 'Somebody', ...attributes });
	test.each<[string, string, string[]]>([
		[
			'an account name, whose implicit UPN goes with it',
			contact({ sAMAccountName: 'ADA' }),
			four('ada2', 'ada2', 'ada', 'ada'),
		],
		[
			'a UPN, whose account name goes with it',
			contact({ userPrincipalName: `Ada@${DOMAIN}` }),
			four('ada2', 'ada2', 'ada', 'ada'),
		],
		['a UPN of another suffix', contact({ userPrincipalName: 'ada@example.com' }), all('ada')],
		['a mail address', contact({ mail: 'Ada@Example.com' }), four('ada', 'ada', 'ada2', 'ada')],
		['an alias', contact({ proxyAddresses: 'smtp:ada@example.com' }), four('ada', 'ada', 'ada2', 'ada')],
		['an alias of a group', group('g', { proxyAddresses: 'SMTP:Ada@example.com' }), four('ada', 'ada', 'ada2', 'ada')],
		['an alias of another kind', contact({ proxyAddresses: 'x500:ada@example.com' }), all('ada')],
		['the name of a group', group('ada'), four('ada2', 'ada2', 'ada', 'ada')],
		['a common name elsewhere', contact({ cn: 'ada' }), all('ada')],
	])('are none that anybody in the domain has: %s', async (_what, accounts, expected) => {
		const made = await planOf({ accounts, people: [called('E-1', 'ada')] });
		expect(given(made)).toEqual({ 'E-1': expected });
	});

	test('are the same composed and decomposed', async () => {
		const accounts = contact({ sAMAccountName: 'zoe\u0308' });
		const who = person('E-1', { names: { sAMAccountName: ladder('Zo\u00eb', 'zoe'), cn: ladder('Zo\u00eb') } });
		expect(given(await planOf({ accounts, people: [who] }))).toMatchObject({ 'E-1': ['zoe', '', '', 'Zo\u00eb'] });
	});

	test('are free in one place and taken in another, as far as cn goes', async () => {
		const accounts = account('X', {}, { cn: 'ada' }).replace('CN=User X', 'CN=ada');
		const people = [called('E-1', 'ada'), called('E-2', 'Ada', { ou: SALES })];
		const made = await planOf({ accounts, people });
		expect(Object.values(given(made)).map((names) => names[3])).toEqual(['ada 2', 'Ada']);
	});

	test('take an implicit UPN from each other in the same plan', async () => {
		const names = { sAMAccountName: ladder('eve'), cn: ladder('eve') };
		const other = { sAMAccountName: ladder('bob'), cn: ladder('bob') };
		const upn = { userPrincipalName: ladder(`EVE@${DOMAIN}`, `eve.b@${DOMAIN}`) };
		const made = await planOf({ people: [person('E-1', { names }), person('E-2', { names: { ...other, ...upn } })] });
		expect(given(made)['E-2']).toMatchObject(['bob', `eve.b@${DOMAIN}`, '', 'bob']);
	});

	test('that are all taken are a problem, and whoever has none takes none away', async () => {
		const names = { sAMAccountName: ladder('ada'), cn: ladder('Ada') };
		const people = [
			person('E-1', { names: { ...names, mail: ladder('x@example.com') } }),
			person('E-2', { names }),
			person('E-3', { names: { ...names, sAMAccountName: ladder('eve'), cn: ladder('Eve') } }),
		];
		const accounts = group('g', { proxyAddresses: 'smtp:x@example.com' });
		const made = await planOf({ accounts, people });
		expect(toldProblems(made)).toEqual(['E-1: no name']);
		expect(made.problems[0]?.message).toContain('No name is free for mail');
		expect(Object.keys(given(made))).toEqual(['E-2', 'E-3']);
	});

	test('that nothing says are a problem', async () => {
		const made = await planOf({ people: [person('E-1', { names: { cn: ladder('Ada') } })] });
		expect(toldProblems(made)).toEqual(['E-1: no name']);
		expect(made.problems[0]?.message).toContain('sAMAccountName');
	});

	test('are looked for in this domain only, and the plan says so, where it gives any', async () => {
		const made = await planOf({ people: [called('E-1', 'ada')] });
		expect(made.plan.notes).toEqual([expect.stringContaining('in this domain only, not in the whole forest')]);
		expect((await planOf({ accounts: account('A'), people: [person('A')] })).plan.notes).toEqual([]);
	});
});

describe('UPN and mail with the same candidate', () => {
	const policy = { ...POLICY, names: { sameCandidate: true } };
	const people = [called('E-1', 'ada')];
	const alias = group('g', { proxyAddresses: 'smtp:ada@example.com' });

	test('are both the second where the first of one is taken', async () => {
		expect(given(await planOf({ accounts: alias, people, policy }))).toEqual({
			'E-1': four('ada', 'ada2', 'ada2', 'ada'),
		});
		expect(given(await planOf({ accounts: alias, people }))).toEqual({ 'E-1': four('ada', 'ada', 'ada2', 'ada') });
	});

	test('are no name that only one of the ladders has', async () => {
		const names = {
			...{ sAMAccountName: ladder('ada'), cn: ladder('ada') },
			...{ userPrincipalName: ladder(`ada@${DOMAIN}`, `lovelace@${DOMAIN}`), mail: ladder('ada@example.com') },
		};
		const made = await planOf({ accounts: alias, people: [person('E-1', { names })], policy });
		expect(toldProblems(made)).toEqual(['E-1: no name']);
		expect(made.problems[0]?.message).toContain('userPrincipalName and mail');
	});
});

describe('names of an account', () => {
	const has = (attributes: Record<string, string>) =>
		account('E-1', {}, { cn: 'ada', ...attributes }).replace('CN=User E-1', 'CN=ada');
	const NAMES = { sAMAccountName: 'ada', userPrincipalName: `ada@${DOMAIN}`, mail: 'ada@example.com' };
	const changes = async (attributes: Record<string, string>, world: World = {}) =>
		told(await planOf({ accounts: has(attributes), people: [called('E-1', 'ada')], ...world }))['E-1'];

	test.each<[string, Record<string, string>]>([
		['the first', NAMES],
		['a numbered one', { ...NAMES, sAMAccountName: 'ada7', mail: 'ada9@example.com' }],
		['one in other letters', { ...NAMES, sAMAccountName: 'ADA', mail: 'Ada3@Example.COM' }],
	])('stay when they are any of the candidates: %s', async (_which, attributes) => {
		expect(await changes(attributes)).toBeUndefined();
	});

	test('that are none of the candidates are changed, where movers are renamed', async () => {
		const old = { sAMAccountName: 'byron', userPrincipalName: `ada10@${DOMAIN}`, mail: 'ada@example.com' };
		expect(await changes(old)).toEqual([
			...['mover', `set sAMAccountName byron -> ada, userPrincipalName ada10@${DOMAIN} -> ada@${DOMAIN}`],
		]);
		expect(await changes(old, { policy: policyWith({ movers: { rename: false } }) })).toBeUndefined();
	});

	test('that are missing are given', async () => {
		expect(await changes({ ...NAMES, mail: '' })).toEqual(['mover', 'set mail nothing -> ada@example.com']);
	});

	test('change with the place in one step, and take no name that is taken there', async () => {
		const there = ldifOf(`CN=lovelace,${SALES}`, { objectClass: ['top', 'contact'], cn: 'lovelace' });
		const who = called('E-1', 'lovelace', { ou: SALES });
		const made = await planOf({
			accounts: [has(NAMES), there],
			people: [{ ...who, names: { cn: counted('lovelace') } }],
		});
		expect(told(made)['E-1']).toEqual(['mover', 'relocate Staff/ada -> Sales/lovelace 2']);
		expect(made.plan.changes[0]?.riskReasons).toEqual(['the account is renamed', `the account moves to ${SALES}`]);
	});

	test('go along to another place, unless somebody there has them', async () => {
		const there = ldifOf(`CN=ada,${SALES}`, { objectClass: ['top', 'contact'], cn: 'ada' });
		const people = [called('E-1', 'ada', { ou: SALES })];
		expect((await changes(NAMES, { people }))?.[1]).toBe('relocate Staff/ada -> Sales/ada');
		const accounts = [has(NAMES), there];
		expect((await changes(NAMES, { people, accounts }))?.[1]).toBe('relocate Staff/ada -> Sales/ada 2');
		const policy = policyWith({ movers: { rename: false } });
		const made = await planOf({ people, accounts, policy });
		expect(toldProblems(made)).toEqual(['E-1: no name']);
		expect(made.problems[0]?.message).toContain(`cannot be moved to ${SALES}`);
	});

	test('that HR corrected before the start are changed when it is reached, not on the day after', async () => {
		const accounts = account('E-1', { state: 'pending' }, { userPrincipalName: `ada@${DOMAIN}` });
		const later = await planOf({ accounts, people: [called('E-1', 'ada', { startsAt: inDays(2) })] });
		expect(told(later)).toEqual({});
		const people = [called('E-1', 'ada', { startsAt: inDays(0) })];
		const made = await planOf({ accounts, people });
		expect(told(made)['E-1']).toEqual([
			...['joiner', 'set sAMAccountName usere-1 -> ada, mail nothing -> ada@example.com'],
			...['relocate Staff/User E-1 -> Staff/ada', 'setPassword', 'enable'],
		]);
		const entries = applied(entriesOf({ accounts }), made.plan);
		expect(told(await planOf({ entries, people }))).toEqual({});
		const policy = policyWith({ movers: { rename: false } });
		expect(told(await planOf({ accounts, people, policy }))).toEqual({ 'E-1': ['joiner', 'setPassword', 'enable'] });
	});

	test('that are given up in a plan are not given out in it, and are in the next', async () => {
		const people = [called('E-9', 'ada'), called('E-1', 'byron')];
		const accounts = has(NAMES);
		const first = await planOf({ accounts, people });
		expect(given(first)).toEqual({ 'E-9': four('ada2', 'ada2', 'ada2', 'ada 2') });
		expect(told(first)['E-1']?.at(-1)).toBe('relocate Staff/ada -> Staff/byron');
		const entries = applied(entriesOf({ accounts }), first.plan);
		const next = await planOf({ entries, people: [...people, called('E-8', 'ada')] });
		expect(given(next)).toEqual({ 'E-8': all('ada') });
	});

	test('are not exchanged in one plan', async () => {
		const accounts = [
			has(NAMES),
			account('E-2', {}, { sAMAccountName: 'eve', cn: 'eve' }).replace('CN=User E-2', 'CN=eve'),
		];
		const people = [called('E-1', 'eve'), called('E-2', 'ada')].map(({ names, ...who }) => ({
			...{ ...who, names: { sAMAccountName: names['sAMAccountName'] ?? ladder() } },
		}));
		const made = await planOf({ accounts, people });
		expect(told(made)).toEqual({
			'E-1': ['mover', 'set sAMAccountName ada -> eve2'],
			'E-2': ['mover', 'set sAMAccountName eve -> ada2'],
		});
	});
});

describe('names of those who left', () => {
	const policy = policyWith({ leavers: { clear: ['mail', 'telephoneNumber'], deleteAfterDays: null } });
	const accounts = account(
		'E-1',
		{},
		{ cn: 'ada', mail: 'ada@example.com', sAMAccountName: 'ada', userPrincipalName: `ada@${DOMAIN}` },
	).replace('CN=User E-1', 'CN=ada');
	const gone = person('E-1', { lifecycle: 'leaver', attributes: {} });

	async function afterLeaving() {
		const { plan } = await planOf({ accounts, people: [gone], policy });
		expect(plan.counts.people.leaver).toBe(1);
		return applied(entriesOf({ accounts }), plan);
	}

	test('are kept for them: address, account name, and the place they stood at', async () => {
		const entries = await afterLeaving();
		const made = await planOf({
			entries,
			people: [gone, called('E-2', 'ada'), called('E-3', 'Ada', { ou: SALES })],
			policy,
		});
		expect(given(made)).toEqual({
			'E-2': four('ada2', 'ada2', 'ada2', 'ada 2'),
			'E-3': four('Ada3', 'Ada3', 'Ada3', 'Ada'),
		});
	});

	test('come back with them, and are not looked for anew', async () => {
		const entries = await afterLeaving();
		const made = await planOf({ entries, people: [called('E-2', 'ada'), called('E-1', 'ada', { ou: '' })], policy });
		expect(told(made)['E-1']).toEqual([
			...['rehire', 'relocate Leavers/ada -> Staff/ada'],
			...['set mail nothing -> ada@example.com, description Left -> nothing', 'setPassword', 'enable'],
		]);
		const after = await planOf({
			entries: applied(entries, made.plan),
			people: [called('E-1', 'ada', { ou: '' })],
			policy,
		});
		expect(told(after)).toEqual({});
	});
});

describe('addresses from the HR system', () => {
	test('are given by no ladder to anybody else', async () => {
		const mapped = person('E-2', { attributes: { mail: 'ada@example.com' }, names: {} });
		const made = await planOf({ accounts: account('E-2'), people: [called('E-1', 'ada'), mapped] });
		expect(given(made)['E-1']).toEqual(four('ada', 'ada', 'ada2', 'ada'));
		expect(told(made)['E-2']).toEqual(['mover', 'set mail nothing -> ada@example.com']);
	});
});
