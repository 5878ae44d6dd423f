import type { Plan, Step } from '../../../../lib/contracts';
import { makeDigest, type PlanWithoutDigest } from '../../../../lib/provisioning/digest/makeDigest';
import { linesOf } from '../../../../lib/provisioning/digest/lines';
import { modelOf } from '../../../../lib/provisioning/digest/model';
import { messageWording, valueWords } from '../../../../lib/provisioning/digest/values';
import { changeOf, everyKind, HASH, MARK, planOf, type Doing } from './plans';

const wording = messageWording((id) => (id === 'joiner-1' ? 'Ada Lovelace' : undefined));
const OU = (name: string) => ({ guid: name, dn: `OU=${name},DC=corp,DC=example,DC=com` });
const never = '9223372036854775807';

/** Each line as one text: what, attribute, before, after. */
function told(step: Doing): readonly string[] {
	return linesOf(wording, changeOf({ steps: [step] }), 'carLicense').map(({ what, attribute, before, after }) =>
		[what, attribute, before?.text ?? '', after?.text ?? ''].join(' | '),
	);
}

describe('a step in words', () => {
	const create: Doing = {
		do: 'create',
		parent: OU('Sales'),
		rdn: 'CN=Ada Lovelace',
		password: { mustChange: true },
		attributes: { mail: ['a@b.c'], otherMobile: ['1', '2'] },
	};
	const set = (write: Extract<Step, { do: 'set' }>['writes'][number]): Doing => ({ do: 'set', writes: [write] });
	const relocate = (parents: readonly [string, string], names: readonly [string, string]): Doing => ({
		do: 'relocate',
		from: { parent: OU(parents[0]), rdn: `CN=${names[0]}` },
		to: { parent: OU(parents[1]), rdn: `CN=${names[1]}` },
	});
	const link = (how: 'link' | 'unlink'): Doing => ({ do: how, group: { guid: 'g', dn: 'CN=VPN,DC=corp' } });
	const password = (before: string, mustChange: boolean): Doing => ({
		do: 'setPassword',
		rule: { mustChange },
		pwdLastSetBefore: before,
	});

	test.each<readonly [Doing, readonly string[]]>([
		[
			create,
			[
				'created | account |  | Ada Lovelace in OU Sales',
				'set | mail |  | a@b.c',
				'set | otherMobile |  | 1',
				'set | otherMobile |  | 2',
			],
		],
		[set({ attribute: 'title', from: 'a', to: 'b' }), ['changed | title | a | b']],
		[set({ attribute: 'title', from: null, to: 'b' }), ['set | title | (empty) | b']],
		[set({ attribute: 'title', from: 'a', to: null }), ['cleared | title | a | (empty)']],
		[
			set({ attribute: 'otherMobile', remove: ['1'], add: ['2'] }),
			['removed | otherMobile | 1 | ', 'added | otherMobile |  | 2'],
		],
		[
			set({ attribute: 'manager', from: { guid: 'g', dn: 'CN=Grace,DC=corp' }, to: { change: 'joiner-1' } }),
			['changed | manager | Grace | Ada Lovelace (joiner of this plan)'],
		],
		[
			set({ attribute: 'manager', from: null, to: { change: 'gone' } }),
			['set | manager | (empty) | a joiner of this plan'],
		],
		[relocate(['Sales', 'Leavers'], ['Ada', 'Ada']), ['moved | place | OU Sales | OU Leavers']],
		[relocate(['Sales', 'Sales'], ['Ada', 'Ada L.']), ['renamed | cn | Ada | Ada L.']],
		[relocate(['Sales', 'IT'], ['Ada', 'Ada L.']), ['moved | place | OU Sales | OU IT', 'renamed | cn | Ada | Ada L.']],
		[link('link'), ['joins | group |  | VPN']],
		[link('unlink'), ['leaves | group | VPN | ']],
		[password('', true), ['set | password |  | a random one, to be changed at the next logon']],
		[password('134', false), ['replaced | password |  | a random one']],
		[{ do: 'enable', fromUac: 514, with: [] }, ['enabled | account | disabled | enabled']],
		[
			{ do: 'disable', fromUac: 512, with: [{ attribute: 'title', from: 'a', to: null }] },
			['disabled | account | enabled | disabled', 'cleared | title | a | (empty)'],
		],
	])('%j', (step, lines) => {
		expect(told(step)).toEqual(lines);
	});

	test('a deletion names the account that goes', () => {
		const [line] = linesOf(wording, changeOf({ steps: [{ do: 'delete', expect: {} }] }), 'carLicense');
		expect(line?.before?.text).toMatch(/^Person \d+$/);
	});

	test('marks and snapshots are said to be written, and never shown', () => {
		const write = { attribute: 'CARLICENSE', remove: [], add: [MARK] };
		expect(told({ do: 'disable', fromUac: 512, with: [write] })).toEqual(['disabled | account | enabled | disabled']);
		expect(told(set(write))).toEqual(['state mark of this tool | carLicense |  | ']);
		const digest = makeDigest(planOf(everyKind()), { hash: HASH });
		expect(JSON.stringify(digest)).not.toContain('adprov1');
	});
});

describe('a value in words', () => {
	test.each([
		['accountExpires', never, 'never'],
		['accountExpires', '0', 'never'],
		['accountExpires', '134195436000000000', '2026-04-01 19:00 UTC'],
		['accountExpires', 'soon', 'soon'],
		['pwdLastSet', '0', 'to be changed at the next logon'],
		['userAccountControl', '514', 'disabled (514)'],
		['userAccountControl', '66048', 'enabled (66048)'],
		['userAccountControl', 'x', 'x'],
		['manager', 'CN=Hopper\\, Grace,OU=IT,DC=corp', 'Hopper, Grace'],
		['manager', 'Grace', 'Grace'],
		['title', '', '(empty)'],
		['title', null, '(empty)'],
		['thumbnailPhoto', { base64: Buffer.alloc(12_345).toString('base64') }, '(binary, 12 KB)'],
		['thumbnailPhoto', { base64: 'AAAA' }, '(binary, 3 bytes)'],
		['unicodePwd', 'secret', '(not shown)'],
		['unicodePwd', { base64: 'AAAA' }, '(not shown)'],
	] as const)('%s %j is %j', (attribute, value, words) => {
		expect(valueWords(wording, attribute, value).text).toBe(words);
	});
});

describe('a title', () => {
	const people = everyKind();
	const breach = {
		rule: 'disable',
		limit: 3,
		actual: 12,
		message: '12 accounts would be disabled; the limit is 3.',
	} as const;
	const over = { ok: false, breaches: [breach] };
	const incomplete = { ...planOf([]).feed, complete: false };
	const problems = { ...planOf([]).counts, people: { ...planOf([]).counts.people, problem: 2 } };

	test.each<readonly [string, PlanWithoutDigest]>([
		['5 changes: 1 joiner, 2 leavers, 1 mover, 1 rehire, with 1 deletion in corp.example.com', planOf(people)],
		['No changes in corp.example.com', planOf([])],
		['No changes in corp.example.com (2 problems to look at)', planOf([], { counts: problems })],
		['OVER LIMIT: 1 change: 1 joiner in corp.example.com', planOf(people.slice(0, 1), { guard: over })],
		['INCOMPLETE FEED: 1 change: 1 joiner in corp.example.com', planOf(people.slice(0, 1), { feed: incomplete })],
		['OVER LIMIT, INCOMPLETE FEED: No changes in corp.example.com', planOf([], { guard: over, feed: incomplete })],
		['Undo of 1 change: 1 joiner in corp.example.com', planOf(people.slice(0, 1), { kind: 'undo', feed: incomplete })],
		['No changes in corp.example.com', planOf([], { feed: { ...incomplete, input: 'people' } })],
	])('%s', (title, plan) => {
		expect(modelOf(plan, HASH, 50).title).toBe(title);
	});
});

describe('what holds for the whole plan', () => {
	const factsOf = (plan: Partial<Plan>) =>
		new Map(modelOf(planOf([], plan), HASH, 50).facts.map(({ name, text }) => [name, text]));
	const alarmsOf = (plan: Partial<Plan>) => modelOf(planOf([], plan), HASH, 50).alarms;
	const { feed, directory } = planOf([]);

	test.each<readonly [string, Partial<Plan>]>([
		['1,204 received, 1,200 mapped, 3 rejected, 1 out of scope; complete', {}],
		[
			'1,204 received, 1,200 mapped, 3 rejected, 1 out of scope; NOT complete. Nobody is a leaver by absence: page 2 is missing',
			{ feed: { ...feed, complete: false, absenceRefused: ['page 2 is missing'] } },
		],
		[
			'1,204 received, 1,200 mapped, 3 rejected, 1 out of scope; only what changed since the last time',
			{ feed: { ...feed, kind: 'delta' } },
		],
		[
			'1,204 received, 1,200 mapped, 3 rejected, 1 out of scope; complete as far as the HR system says (weak evidence)',
			{ feed: { ...feed, evidence: 'weak' } },
		],
		[
			'1,204 received, 1,200 mapped, 3 rejected, 1 out of scope; selected people, not the whole feed',
			{ feed: { ...feed, input: 'people', complete: false } },
		],
	])('the feed: %s', (words, plan) => {
		expect(factsOf(plan).get('Feed')).toBe(words);
	});

	test('an undo has no feed, and its rows say what is undone', () => {
		const model = modelOf(planOf(everyKind(), { kind: 'undo' }), HASH, 50);
		expect(model.facts.map(({ name }) => name)).not.toContain('Feed');
		expect(model.rows.map(({ kind }) => kind)).toContain('undo of a joiner');
	});

	test('plan, hash and expiry are named', () => {
		const facts = factsOf({});
		expect(facts.get('Plan')).toBe('plan-7');
		expect(facts.get('Digest hash')).toBe(`${HASH.slice(0, 12)}, in whole ${HASH}`);
		expect(facts.get('Expires')).toBe('2026-03-04 10:00 UTC');
		expect(facts.get('Guards')).toBe('all within their limits');
	});

	test.each([
		['Disables 12 accounts; the limit is 3.', 'Over the limit: Disables 12 accounts; the limit is 3.'],
		['Too many accounts.', 'Over the limit: Too many accounts. (12, and the limit is 3)'],
	])('a breach "%s" is an alarm with its numbers', (message, alarm) => {
		const guard = { ok: false, breaches: [{ rule: 'disable', limit: 3, actual: 12, message }] } as const;
		expect(alarmsOf({ guard })).toEqual([alarm, expect.stringContaining(HASH.slice(0, 12))]);
	});

	test('an incomplete feed and a snapshot are alarms, a plan as it should be has none', () => {
		expect(alarmsOf({})).toEqual([]);
		expect(alarmsOf({ feed: { ...feed, complete: false } })).toHaveLength(1);
		expect(alarmsOf({ directory: { ...directory, source: 'snapshot' } })).toHaveLength(1);
	});

	test('notes are shown up to a number', () => {
		const notes = Array.from({ length: 33 }, (_, index) => `Note ${index + 1}.`);
		expect(modelOf(planOf([], { notes }), HASH, 50).notes.slice(-2)).toEqual([
			'Note 30.',
			'and 3 more notes in the plan itself',
		]);
	});
});
