import fc from 'fast-check';
import type { Entry } from '../../../lib/directory/entry';
import { chooseNames, type NamesContext } from '../../../lib/provisioning/plan/names';
import type { AccountView, Decision } from '../../../lib/provisioning/plan/types';
import {
	DOMAIN,
	entryOf,
	joiner,
	ladder,
	memory,
	mover,
	named,
	namesContext,
	OTHERS,
	PEOPLE,
	person,
	rehire,
	ROOT,
	snapshotOf,
	unchanged,
	viewOf,
} from './directory-in-memory';

type Given = Readonly<Record<string, string>>;

async function choose(
	decisions: readonly Decision[],
	entries: readonly Entry[] = [],
	{ context = namesContext(), accounts = [] }: { context?: NamesContext; accounts?: readonly AccountView[] } = {},
) {
	const source = memory(entries);
	const chosen = await chooseNames(decisions, source, context, accounts);
	const given = (key: string): Given => {
		const names = chosen.names.get(key);
		if (names && 'kind' in names) throw new Error(names.message);
		return names ?? {};
	};
	const problem = (key: string) => {
		const names = chosen.names.get(key);
		return names && 'kind' in names ? names : undefined;
	};
	return { ...chosen, source, given, problem };
}

const ALL = (word: string, number = '') => ({
	sAMAccountName: `${word}${number}`,
	userPrincipalName: `${word}${number}@${DOMAIN}`,
	mail: `${word}${number}@example.com`,
	cn: number === '' ? word : `${word} ${number}`,
});

describe('a joiner', () => {
	test('gets the first name of each ladder when nobody has it, by one question', async () => {
		const { given, source, notes } = await choose([joiner(named('1', 'ada'))]);
		expect(given('1')).toEqual(ALL('ada'));
		expect(source.namesAsked).toHaveLength(1);
		expect(notes).toEqual([]);
	});

	test.each<[held: string, attributes: Record<string, string>, given: Partial<Given>]>([
		['the account name', { sAMAccountName: 'ADA' }, { sAMAccountName: 'ada2', userPrincipalName: `ada2@${DOMAIN}` }],
		[
			'its user principal name',
			{ userPrincipalName: `Ada@${DOMAIN}` },
			{ sAMAccountName: 'ada2', userPrincipalName: `ada2@${DOMAIN}` },
		],
		['another user principal name', { userPrincipalName: 'ada@other.example' }, { sAMAccountName: 'ada' }],
		['the address', { mail: 'ADA@example.com' }, { mail: 'ada2@example.com' }],
		['an alias', { proxyAddresses: 'smtp:ada@example.com' }, { mail: 'ada2@example.com' }],
		['the main address by its alias', { proxyAddresses: 'SMTP:Ada@Example.com' }, { mail: 'ada2@example.com' }],
	])('does not get what another object holds: %s', async (_held, attributes, expected) => {
		const { given } = await choose([joiner(named('1', 'ada'))], [entryOf(`CN=x,${OTHERS}`, attributes)]);
		expect(given('1')).toEqual({ ...ALL('ada'), ...expected });
	});

	test.each([
		[PEOPLE, 'ada 2'],
		['ou=people, dc=CORP, dc=example, dc=com', 'ada 2'],
		[OTHERS, 'ada'],
	])('shares a common name with an object in another container only: %s', async (parent, cn) => {
		const { given } = await choose([joiner(named('1', 'ada'))], [entryOf(`CN=Ada,${parent}`, { cn: 'Ada' })]);
		expect(given('1')).toMatchObject({ sAMAccountName: 'ada', cn });
	});

	test('may be called as an account of another domain, but has no address of it', async () => {
		const elsewhere = entryOf('CN=ada,DC=child,DC=corp,DC=example,DC=com', {
			...{ sAMAccountName: 'ada', userPrincipalName: `ada@${DOMAIN}`, mail: 'ada@example.com' },
		});
		const { given } = await choose([joiner(named('1', 'ada'))], [elsewhere]);
		expect(given('1')).toEqual({ ...ALL('ada'), userPrincipalName: `ada2@${DOMAIN}`, mail: 'ada2@example.com' });
	});

	test('gets no name that somebody before gets in this plan, whatever it is spelled like', async () => {
		const names = { sAMAccountName: ladder(['ADA', 'ada9']), cn: ladder(['J\u00fcrg', 'Other']) };
		const { given } = await choose([
			joiner(named('1', 'ada', { names: { ...named('1', 'ada').names, cn: ladder(['ju\u0308rg']) } })),
			joiner(person('2', { names })),
			joiner(named('3', 'ada')),
		]);
		expect(given('1')).toMatchObject({ sAMAccountName: 'ada' });
		expect(given('2')).toEqual({ sAMAccountName: 'ada9', cn: 'Other' });
		expect(given('3')).toMatchObject({ sAMAccountName: 'ada2' });
	});

	test('gets no account name that somebody before has as user principal name, and the other way round', async () => {
		const { given } = await choose([
			joiner(person('1', { names: { ...named('1', 'one').names, userPrincipalName: ladder([`bob@${DOMAIN}`]) } })),
			joiner(named('2', 'bob')),
			joiner(
				person('3', {
					names: { ...named('3', 'three').names, userPrincipalName: ladder([`BOB2@${DOMAIN}`, 'c@d.example']) },
				}),
			),
		]);
		expect(given('2')).toMatchObject({ sAMAccountName: 'bob2', userPrincipalName: `bob2@${DOMAIN}` });
		expect(given('3')).toMatchObject({ userPrincipalName: 'c@d.example' });
	});

	test('gets no address that another has straight from the HR system', async () => {
		const { given } = await choose([
			joiner(named('1', 'ada')),
			joiner(
				person('2', {
					names: { sAMAccountName: ladder(['b']), cn: ladder(['b']) },
					attributes: { Mail: 'ADA@example.com' },
				}),
			),
			mover(
				person('3', { attributes: { proxyAddresses: ['SMTP:ada2@example.com'] } }),
				viewOf(entryOf(`CN=c,${PEOPLE}`)),
			),
		]);
		expect(given('1')).toMatchObject({ mail: 'ada3@example.com' });
	});

	test('gets no name that an account has lost by leaving: its person may come back', async () => {
		const left = viewOf(entryOf(`CN=ada,${OTHERS}`), {
			snapshot: snapshotOf([
				{ attribute: 'mail', from: ['ada@example.com'], to: [] },
				{ attribute: 'userPrincipalName', from: [`ada@${DOMAIN}`], to: [] },
				{ attribute: 'proxyAddresses', from: ['SMTP:ada@example.com', 'smtp:ada2@example.com'], to: [] },
				{ attribute: 'title', from: ['ada3@example.com'], to: [] },
			]),
		});
		const { given } = await choose([joiner(named('1', 'ada'))], [], { accounts: [left] });
		expect(given('1')).toEqual({
			sAMAccountName: 'ada2',
			userPrincipalName: `ada2@${DOMAIN}`,
			mail: 'ada3@example.com',
			cn: 'ada 2',
		});
	});

	test('takes address and user principal name from the same place, by choice', async () => {
		const entries = [
			entryOf(`CN=x,${OTHERS}`, { mail: 'ada@example.com' }),
			entryOf(`CN=y,${OTHERS}`, { userPrincipalName: `ada2@${DOMAIN}` }),
		];
		const together = await choose([joiner(named('1', 'ada'))], entries, {
			context: namesContext({ sameCandidate: true }),
		});
		expect(together.given('1')).toEqual({
			...ALL('ada'),
			userPrincipalName: `ada3@${DOMAIN}`,
			mail: 'ada3@example.com',
		});
		const apart = await choose([joiner(named('1', 'ada'))], entries);
		expect(apart.given('1')).toEqual({ ...ALL('ada'), mail: 'ada2@example.com' });
	});

	test('has no name, by choice, when no place of both ladders is free', async () => {
		const names = {
			...named('1', 'ada').names,
			userPrincipalName: ladder([`a@${DOMAIN}`, `b@${DOMAIN}`]),
			mail: ladder(['a@example.com']),
		};
		const entries = [entryOf(`CN=x,${OTHERS}`, { userPrincipalName: `a@${DOMAIN}` })];
		const { problem } = await choose([joiner(person('1', { names }))], entries, {
			context: namesContext({ sameCandidate: true }),
		});
		expect(problem('1')).toMatchObject({
			kind: 'no name',
			message: expect.stringContaining('userPrincipalName and mail') as string,
		});
	});

	test.each(['sAMAccountName', 'cn'])('is a problem without a ladder for %s', async (attribute) => {
		const { [attribute]: _none, ...names } = named('1', 'ada').names;
		for (const given of [names, { ...names, [attribute]: ladder([]) }]) {
			const { problem, source } = await choose([joiner(person('1', { names: given }))]);
			expect(problem('1')).toMatchObject({
				kind: 'no name',
				key: '1',
				accounts: [],
				message: expect.stringContaining(attribute) as string,
			});
			expect(source.namesAsked).toEqual([]);
		}
	});

	test('is a problem when no name is left, and then takes none away from others', async () => {
		const names = { sAMAccountName: ladder(['ada']), cn: ladder(['taken']) };
		const { problem, given } = await choose(
			[joiner(person(' A1 ', { names })), joiner(person('2', { names: { ...names, cn: ladder(['free']) } }))],
			[entryOf(`CN=taken,${PEOPLE}`, { cn: 'taken' })],
		);
		expect(problem('a1')).toMatchObject({ kind: 'no name', message: expect.stringContaining('cn') as string });
		expect(given('2')).toEqual({ sAMAccountName: 'ada', cn: 'free' });
	});

	test('is told why it does not get the first name', async () => {
		const { personNotes } = await choose(
			[joiner(named('1', 'ada'))],
			[entryOf(`CN=x,${OTHERS}`, { sAMAccountName: 'ada' })],
		);
		expect(personNotes.get('1')).toEqual([
			'sAMAccountName is to be "ada2", since "ada" cannot be had.',
			`userPrincipalName is to be "ada2@${DOMAIN}", since "ada@${DOMAIN}" cannot be had.`,
		]);
	});

	test('without a place that can be used is not asked for', async () => {
		const { names, source } = await choose([
			joiner(named('1', 'ada', { ou: 'OU=Gone' })),
			joiner(named('2', 'ada', { ou: '' })),
		]);
		expect(names.size).toBe(0);
		expect(source.namesAsked).toEqual([]);
	});

	test('never gets an empty name, or one that ends in the middle', async () => {
		const names = { sAMAccountName: ladder(['', 'ad\u0000a', 'ada']), cn: ladder(['', 'ada']) };
		expect((await choose([joiner(person('1', { names }))])).given('1')).toEqual({ sAMAccountName: 'ada', cn: 'ada' });
	});
});

describe('an account', () => {
	const present = { sAMAccountName: 'ada', userPrincipalName: `ada@${DOMAIN}`, mail: 'ada@example.com' };
	const account = (attributes: Record<string, string> = present, dn = `CN=ada,${PEOPLE}`) =>
		viewOf(entryOf(dn, attributes));

	test.each<[string, Record<string, string>, string]>([
		['the first ones', present, 'ada'],
		['in other letters', { sAMAccountName: 'ADA', userPrincipalName: `Ada@${DOMAIN}`, mail: 'ADA@example.com' }, 'Ada'],
		[
			'numbered ones',
			{ sAMAccountName: 'ada7', userPrincipalName: `ada12@${DOMAIN}`, mail: 'ada99@example.com' },
			'ada 3',
		],
	])('keeps its names as long as they are of its ladders: %s', async (_what, attributes, cn) => {
		const view = account(attributes, `CN=${cn},${PEOPLE}`);
		const { names, source } = await choose([mover(named('1', 'ada'), view)], [view.entry], {
			context: namesContext({ rename: true }),
		});
		expect(names.size).toBe(0);
		expect(source.namesAsked).toEqual([]);
	});

	test('gets new ones when they are not, and none that somebody has', async () => {
		const view = account();
		const { given } = await choose(
			[mover(named('1', 'eve'), view)],
			[view.entry, entryOf(`CN=y,${OTHERS}`, { mail: 'eve@example.com' })],
			{
				context: namesContext({ rename: true }),
			},
		);
		expect(given('1')).toEqual({ ...ALL('eve'), mail: 'eve2@example.com' });
	});

	test.each([
		[{ sAMAccountName: 'ada100' }, 'ada'],
		[{ sAMAccountName: 'ada1' }, 'ada'],
		[{ sAMAccountName: 'ada02' }, 'ada'],
	])('does not keep a number that its ladder has not: %j', async (attributes, expected) => {
		const view = account({ ...present, ...attributes });
		const { given } = await choose([mover(named('1', 'ada'), view)], [view.entry], {
			context: namesContext({ rename: true }),
		});
		expect(given('1')).toEqual({ sAMAccountName: expected });
	});

	test('keeps them all where renaming is off', async () => {
		const view = account();
		expect((await choose([mover(named('1', 'eve'), view)], [view.entry])).names.size).toBe(0);
	});

	test('that has no address gets one with renaming, of the place of its user principal name', async () => {
		const view = account({ sAMAccountName: 'ada', userPrincipalName: `ada5@${DOMAIN}` });
		const renamed = (sameCandidate: boolean, entries: readonly Entry[] = []) =>
			choose([mover(named('1', 'ada'), view)], [view.entry, ...entries], {
				context: namesContext({ rename: true, sameCandidate }),
			});
		expect((await renamed(true)).given('1')).toEqual({ mail: 'ada5@example.com' });
		expect((await renamed(false)).given('1')).toEqual({ mail: 'ada@example.com' });
		const taken = entryOf(`CN=x,${OTHERS}`, { mail: 'ada5@example.com' });
		expect((await renamed(true, [taken])).given('1')).toEqual({ mail: 'ada@example.com' });
	});

	test('that is renamed does not free its name for others in the same plan', async () => {
		const view = account();
		const { given } = await choose([mover(named('1', 'eve'), view), joiner(named('2', 'ada'))], [view.entry], {
			context: namesContext({ rename: true }),
		});
		expect(given('2')).toMatchObject({ sAMAccountName: 'ada2', mail: 'ada2@example.com' });
	});

	test('may have a name that only it holds', async () => {
		const view = account({ ...present, mail: 'x@example.com', proxyAddresses: 'smtp:ada@example.com' });
		const { given } = await choose([mover(named('1', 'ada'), view)], [view.entry], {
			context: namesContext({ rename: true }),
		});
		expect(given('1')).toEqual({ mail: 'ada@example.com' });
	});

	test('that comes back keeps what its leave cleared', async () => {
		const snapshot = snapshotOf([{ attribute: 'Mail', from: ['ada4@example.com'], to: [] }]);
		const view = { ...account({ sAMAccountName: 'ada', userPrincipalName: `ada@${DOMAIN}` }), snapshot };
		const back = async (restore: boolean) =>
			(
				await choose([rehire(named('1', 'ada'), view)], [view.entry], {
					context: namesContext({ rename: true, restore }),
					accounts: [view],
				})
			).given('1');
		expect(await back(true)).toEqual({});
		expect(await back(false)).toEqual({ mail: 'ada@example.com' });
	});

	test('takes its common name along, before joiners are asked', async () => {
		const view = account(present, `CN=ada,${OTHERS}`);
		const { names, given } = await choose([joiner(named('1', 'ada')), mover(named('2', 'eve'), view)], [view.entry], {
			context: namesContext({ move: true }),
		});
		expect(given('1')).toMatchObject({ cn: 'ada 2' });
		expect(names.has('2')).toBe(false);
	});

	test.each([
		[true, { cn: 'ada 2' }],
		[false, undefined],
	])(
		'that finds its common name taken where it moves gets another only with renaming: %s',
		async (rename, expected) => {
			const view = account(present, `CN=ada,${OTHERS}`);
			const { given, problem } = await choose(
				[mover(named('1', 'ada'), view)],
				[view.entry, entryOf(`OU=ada,${PEOPLE}`, { cn: 'Ada' })],
				{
					context: namesContext({ move: true, rename }),
				},
			);
			if (expected) expect(given('1')).toEqual(expected);
			else
				expect(problem('1')).toMatchObject({
					kind: 'no name',
					accounts: [{ dn: view.dn }],
					message: expect.stringContaining('cannot be moved') as string,
				});
		},
	);

	test.each([`CN=ada,${PEOPLE}`, `CN=ada,ou=PEOPLE,${ROOT}`, `cn=a\\2Cda,${PEOPLE}`])(
		'that stays where it is, is not asked about: %s',
		async (dn) => {
			const view = account(present, dn);
			const { source } = await choose([mover(named('1', 'x', { ou: 'People' }), view)], [view.entry], {
				context: namesContext({ move: true }),
			});
			expect(source.namesAsked).toEqual([]);
		},
	);
});

describe('names', () => {
	test('of people who are left alone are not chosen', async () => {
		const problem = { kind: 'review', key: '3' } as Extract<Decision, { kind: 'problem' }>['problem'];
		const { names } = await choose([unchanged(named('1', 'ada')), { kind: 'problem', problem }]);
		expect(names.size).toBe(0);
	});

	test('are looked for in this domain only, with a note, where the forest cannot be asked', async () => {
		const source = memory([], 'the global catalogue does not answer.');
		const { notes } = await chooseNames([joiner(named('1', 'ada'))], source, namesContext(), []);
		expect(notes).toEqual([expect.stringContaining('the global catalogue does not answer.')]);
		expect((await chooseNames([], source, namesContext(), [])).notes).toEqual([]);
	});

	test('of many people take few questions', async () => {
		const words = Array.from({ length: 2000 }, (_, index) => `p${index % 500}`);
		const held = Array.from({ length: 400 }, (_, index) =>
			entryOf(`CN=h${index},${OTHERS}`, { sAMAccountName: `p${index}` }),
		);
		const people = words.map((word, index) => joiner(named(`k${index}`, word)));
		const source = memory([]);
		const counted = {
			...source,
			named: (lookups: Parameters<typeof source.named>[0]) => {
				const asked = new Set(lookups.map(({ value }) => value));
				source.namesAsked.push([...lookups]);
				return Promise.resolve(held.filter(({ attributes }) => asked.has(String(attributes['samaccountname']))));
			},
		};
		const { names } = await chooseNames(people, counted, namesContext(), []);
		expect(names.size).toBe(2000);
		expect(source.namesAsked.length).toBeLessThanOrEqual(3);
	});

	test('end as if people had been asked for one after another, and nobody gets what another has', async () => {
		const word = fc.constantFrom('a', 'b', 'c');
		const entry = fc.record({ sAMAccountName: word, mail: word.map((text) => `${text}@example.com`), cn: word });
		const numbered = (text: string, number: number): string => (number === 0 ? text : `${text}${number + 1}`);
		await fc.assert(
			fc.asyncProperty(fc.array(word, { maxLength: 8 }), fc.array(entry, { maxLength: 4 }), async (words, held) => {
				const entries = held.map((one, index) => entryOf(`CN=${one.cn},OU=${index},${PEOPLE}`, one));
				const { given } = await choose(
					words.map((text, index) => joiner(named(`k${index}`, text))),
					entries,
				);
				const taken = new Set<string>(held.map((one) => one.sAMAccountName));
				for (const [index, text] of words.entries()) {
					let number = 0;
					while (taken.has(numbered(text, number))) number += 1;
					taken.add(numbered(text, number));
					expect(given(`k${index}`)['sAMAccountName']).toBe(numbered(text, number));
				}
				const mails = [...held.map((one) => one.mail), ...words.map((_, index) => given(`k${index}`)['mail'])];
				expect(new Set(mails).size).toBe(new Set(held.map((one) => one.mail)).size + words.length);
			}),
		);
	});
});
