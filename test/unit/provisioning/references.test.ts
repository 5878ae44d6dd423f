import type { AttributeValue, DesiredAccount, PlanProblem } from '../../../lib/contracts';
import type { Entry } from '../../../lib/directory/entry';
import { resolveReferences, type ReferencesContext } from '../../../lib/provisioning/plan/references';
import type { Decision } from '../../../lib/provisioning/plan/types';
import {
	entryOf,
	guidIn,
	joiner,
	memory,
	mover,
	OTHERS,
	PEOPLE,
	person,
	unchanged,
	viewOf,
} from './directory-in-memory';

const by = (value: string, attribute = 'employeeID') => ({ by: attribute, value });
const withManager = (key: string, manager: AttributeValue, changes: Partial<DesiredAccount> = {}) =>
	person(key, { attributes: { manager }, ...changes });
const accountOf = (key: string, attributes: Record<string, string> = {}) =>
	viewOf(entryOf(`CN=account ${key},${PEOPLE}`, { employeeID: key, ...attributes }), { key });
const refTo = ({ entry }: { readonly entry: Entry }) => ({ guid: guidIn(entry), dn: entry.dn });
const problemOf = (key: string, accounts: PlanProblem['accounts'] = []): Decision => ({
	kind: 'problem',
	problem: {
		kind: 'review',
		urgent: false,
		key,
		displayName: '',
		accounts,
		message: '',
		whatToDo: '',
		record: person(key),
	},
});

async function resolve(
	decisions: readonly Decision[],
	{ outside = [], ...context }: Partial<ReferencesContext> & { readonly outside?: readonly Entry[] } = {},
) {
	const source = memory(outside);
	const found = await resolveReferences(decisions, source, {
		...{ anchor: 'employeeID', accounts: [], names: new Map(), joiner: (key) => `change of ${key}` },
		...context,
	});
	return { found, source };
}

describe('a manager', () => {
	test('is found among the accounts that were read, without a question', async () => {
		const boss = accountOf('Boss1');
		const { found, source } = await resolve([mover(withManager('A', by(' BOSS1 ')), accountOf('A'))], {
			accounts: [boss],
		});
		expect(found.get('a')).toEqual({ references: { manager: [refTo(boss)] }, notes: [] });
		expect(source.finds).toEqual([]);
	});

	test('may be oneself, and two people may manage each other', async () => {
		const [one, two] = [accountOf('1'), accountOf('2')];
		const { found } = await resolve(
			[mover(withManager('1', by('2')), one), mover(withManager('2', by('1')), two), joiner(withManager('3', by('3')))],
			{ accounts: [one, two] },
		);
		expect(found.get('1')?.references).toEqual({ manager: [refTo(two)] });
		expect(found.get('2')?.references).toEqual({ manager: [refTo(one)] });
		expect(found.get('3')?.references).toEqual({ manager: [{ change: 'change of 3' }] });
	});

	test('who joins by the same plan is named by the change', async () => {
		const { found } = await resolve([joiner(withManager('1', by('new'))), joiner(person('NEW '))]);
		expect(found.get('1')?.references).toEqual({ manager: [{ change: 'change of new' }] });
	});

	test('who joins is found by a name that the plan gives, and by a desired value', async () => {
		const names = new Map([['new', { mail: 'boss@example.com' }]]);
		const newcomer = joiner(person('new', { attributes: { extensionAttribute1: ['x', 'B7'] } }));
		const decisions = [
			joiner(withManager('1', by('Boss@example.com', 'mail'))),
			joiner(withManager('2', by('b7', 'ExtensionAttribute1'))),
			newcomer,
		];
		const { found } = await resolve(decisions, { names });
		expect(found.get('1')?.references).toEqual({ manager: [{ change: 'change of new' }] });
		expect(found.get('2')?.references).toEqual({ manager: [{ change: 'change of new' }] });
	});

	test('whose account is to have the value, though it has another yet, is that account', async () => {
		const boss = accountOf('contractor 9');
		const { found } = await resolve(
			[joiner(withManager('1', by('9'))), mover(person('9', { previousKeys: ['contractor 9'] }), boss)],
			{
				accounts: [boss],
			},
		);
		expect(found.get('1')?.references).toEqual({ manager: [refTo(boss)] });
	});

	test.each<[what: string, decision: (boss: ReturnType<typeof accountOf>) => Decision]>([
		['is left alone', (boss) => unchanged(person('boss'), boss)],
		['is a problem', (boss) => problemOf('boss', [{ guid: boss.guid, dn: boss.dn }])],
		[
			'leaves',
			(boss) => ({ kind: 'leaver', person: person('boss'), account: boss, why: 'feed', again: false, remove: false }),
		],
	])('who %s is found all the same', async (_what, decision) => {
		const boss = accountOf('other');
		const { found } = await resolve([joiner(withManager('1', by('boss'))), decision(boss)], {});
		expect(found.get('1')?.references).toEqual({ manager: [refTo(boss)] });
	});

	test('outside what was read is looked for in the whole domain, all by one question', async () => {
		const [one, two] = [
			entryOf(`CN=1,${OTHERS}`, { employeeID: 'Out1' }),
			entryOf(`CN=2,${OTHERS}`, { employeeID: 'out2' }),
		];
		const decisions = ['out1', 'OUT2', 'out1', 'in'].map((value, index) => joiner(withManager(`k${index}`, by(value))));
		const { found, source } = await resolve(decisions, { outside: [one, two], accounts: [accountOf('in')] });
		expect(source.finds).toEqual([['employeeID', ['out1', 'OUT2']]]);
		expect(found.get('k0')?.references).toEqual({ manager: [refTo({ entry: one })] });
		expect(found.get('k1')?.references).toEqual({ manager: [refTo({ entry: two })] });
		expect(found.get('k2')).toEqual(found.get('k0'));
	});

	test('whom the server takes for another is not that one', async () => {
		const other = entryOf(`CN=1,${OTHERS}`, { employeeID: 'jurg' });
		const source = { ...memory([]), find: () => Promise.resolve([other]) };
		const context = { anchor: 'employeeID', accounts: [], names: new Map(), joiner: () => undefined };
		const found = await resolveReferences([joiner(withManager('1', by('j\u00fcrg')))], source, context);
		expect(found.get('1')?.references).toEqual({});
	});
});

describe('an attribute that names somebody', () => {
	const nobody = 'manager was left as it is: nobody, or more than one, has employeeID "77".';

	test('who does not exist is left as it is, and a note says so', async () => {
		const { found } = await resolve([joiner(withManager('1', by('77')))]);
		expect(found.get('1')).toEqual({ references: {}, notes: [nobody] });
	});

	test('whom two accounts could be is left as it is', async () => {
		const accounts = [accountOf('77'), accountOf('77 ')];
		const { found, source } = await resolve([joiner(withManager('1', by('77')))], { accounts });
		expect(found.get('1')).toEqual({ references: {}, notes: [nobody] });
		expect(source.finds).toEqual([]);
	});

	test('whom an account and somebody else of the feed could be is left as it is', async () => {
		const { found } = await resolve([joiner(withManager('1', by('77'))), joiner(person('77'))], {
			accounts: [accountOf('77')],
		});
		expect(found.get('1')).toEqual({ references: {}, notes: [nobody] });
	});

	test.each<[string, Decision[], ReferencesContext['joiner']]>([
		['is a problem', [problemOf('77')], () => 'change'],
		['is not due', [unchanged(person('77'))], () => 'change'],
		['has no name', [joiner(person('77'))], () => undefined],
	])('who gets no account in this plan is left as it is: the joiner %s', async (_what, others, change) => {
		const { found } = await resolve([joiner(withManager('1', by('77'))), ...others], {
			joiner: change,
		});
		expect(found.get('1')).toEqual({
			references: {},
			notes: ['manager was left as it is: employeeID "77" is in the feed, and has no account in this plan.'],
		});
	});

	test('and others with it is left as it is, the other attributes are not', async () => {
		const boss = accountOf('boss');
		const attributes = {
			Secretary: [by('boss'), by('77')],
			manager: by('boss'),
			seeAlso: [by('boss'), by('boss')],
			title: 'x',
			info: null,
		};
		const { found } = await resolve([joiner(person('1', { attributes }))], { accounts: [boss] });
		expect(found.get('1')).toEqual({
			references: { manager: [refTo(boss)], seealso: [refTo(boss), refTo(boss)] },
			notes: ['Secretary was left as it is: nobody, or more than one, has employeeID "77".'],
		});
	});

	test('by distinguished name or GUID finds the account', async () => {
		const boss = accountOf('boss');
		const { found } = await resolve(
			[
				joiner(withManager('1', by(`cn=ACCOUNT boss, ${PEOPLE}`, 'distinguishedName'))),
				joiner(withManager('2', by(guidIn(boss.entry).toUpperCase(), 'objectGUID'))),
			],
			{ accounts: [boss] },
		);
		expect(found.get('1')?.references).toEqual({ manager: [refTo(boss)] });
		expect(found.get('2')?.references).toEqual({ manager: [refTo(boss)] });
	});

	test.each([' ', 'a\u0000b'])('by a value that nobody can have is not looked for: %j', async (value) => {
		const { found, source } = await resolve([joiner(withManager('1', by(value)))]);
		expect(source.finds).toEqual([]);
		expect(found.get('1')?.notes).toHaveLength(1);
	});
});

test('whoever names nobody is not there, and nobody is asked', async () => {
	const { found, source } = await resolve([
		joiner(person('1', { attributes: { title: 'x', url: ['a'], photo: { base64: 'AA==' } } })),
	]);
	expect(found.size).toBe(0);
	expect(source.finds).toEqual([]);
});
