/** Apply Plan in n8n's engine: what the approver left out, and what a plan made again after the approval does not hold any more. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { DesiredAccount } from '../../lib/contracts';
import { asAdministrator } from '../directory/administrator';
import {
	createPlan,
	feedReport,
	giving,
	newScope as scopeBelow,
	planNode,
	runPlanOperation,
	textIn,
	type Parameters,
} from '../support/ad-provision';
import { credentialFields, desiredAccount } from '../support/directory';
import { chain, node, runWorkflow, TYPES, type WorkflowRun } from '../support/n8n-core';
import { startSamba, type Domain } from '../support/samba';

let domain: Domain;
let parent: string;

beforeAll(async () => {
	domain = await startSamba();
	parent = `OU=Again,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(parent, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

const newScope = () => scopeBelow(parent, domain);
const first = (ran: WorkflowRun, output = 0): IDataObject => ran.out('AD')[output]?.[0] ?? {};
const accounts = (key: string) => domain.ldbsearch(`(employeeID=${key})`);
const brief = (items: readonly IDataObject[] = []) =>
	items.map(({ key, heldBack, status }) => [key, heldBack ?? status]);
const outputs = (ran: WorkflowRun) => ran.out('AD').map(brief);
const leaving = (person: DesiredAccount): DesiredAccount => ({ ...person, lifecycle: 'leaver' });
const titled = (person: DesiredAccount, title: string): DesiredAccount => ({
	...person,
	attributes: { ...person.attributes, title },
});

/** Start, the plan as the approver saw it and what was answered, the plan made again, and Apply Plan named "AD". */
async function approved(
	{ plan, answer = {}, again = {} }: { plan: object; answer?: object; again?: object },
	options: Parameters,
	parameters: Parameters = {},
): Promise<WorkflowRun> {
	const giver = (item: object) => giving(['main'], [[item as IDataObject]]);
	return await runWorkflow(
		{
			nodes: [
				...[node('Start', TYPES.start, {}), node('Plan to Be Approved', 'test.plan', {})],
				...[node('Ask', 'test.ask', {}), node('Create Plan', 'test.again', {})],
				planNode('AD', {
					...{ operation: 'applyPlan', approved: "={{ $('Plan to Be Approved').first().json }}", options },
					...parameters,
				}),
			],
			connections: chain('Start', 'Plan to Be Approved', 'Ask', 'Create Plan', 'AD'),
		},
		{
			credentials: { adLdapApi: credentialFields(domain) as never },
			extraNodes: { 'test.plan': giver(plan), 'test.ask': giver(answer), 'test.again': giver(again) },
		},
	);
}

/** A node of the tests that passes its items on by one of its outputs. */
const passing = (names: readonly string[], output: () => number) => ({
	...giving(names, []),
	execute: function (this: IExecuteFunctions) {
		return Promise.resolve(names.map((_, index) => (index === output() ? this.getInputData() : [])));
	},
});

const LEFT_OUT = "={{ $('Ask').first().json.leftOut }}";
const AGAIN = "={{ $('Create Plan').first().json }}";

async function planOf(people: readonly object[], parameters: Parameters): Promise<IDataObject> {
	const ran = await createPlan(domain, people, parameters);
	expect(ran.error).toBeUndefined();
	return first(ran);
}
const changesOf = (plan: IDataObject) => plan['changes'] as ReadonlyArray<IDataObject>;
const idOf = (plan: IDataObject, who: string) =>
	textIn(
		changesOf(plan).find(({ key }) => key === who),
		'id',
	);

describe('Leave Out', () => {
	test.each<[what: string, leaveOut: unknown, answer: (id: string) => unknown]>([
		['a list by an expression', LEFT_OUT, (id) => [id]],
		['a text', LEFT_OUT, (id) => ` ${id},\n`],
		['a list as a table keeps it', LEFT_OUT, (id) => JSON.stringify([id])],
	])('takes %s; the change goes out by Held Back and says why', async (what, leaveOut, answer) => {
		const { ou, scope } = await newScope();
		const [one, two] = [`${what.length}A`, `${what.length}B`];
		const plan = await planOf(
			[one, two].map((key) => desiredAccount(ou, key)),
			scope,
		);
		const leftOut = answer(idOf(plan, two));
		const ran = await approved({ plan, answer: { leftOut } }, { leaveOut });
		expect(ran.error).toBeUndefined();
		expect(outputs(ran)).toEqual([[[one, 'applied']], [], [[two, 'left out']]]);
		expect(first(ran, 2)).toEqual({
			...{ status: 'held back', heldBack: 'left out', planId: plan['id'], changeId: idOf(plan, two) },
			...{ key: two, displayName: `User ${two}`, lifecycle: 'joiner', guid: '', dn: '' },
			message: expect.stringContaining('Left out by the approver.') as string,
			whatToDo: expect.any(String) as string,
		});
		expect(ran.hints('AD').join(' ')).toContain('1 of 2 changes are not applied');
		expect(await accounts(two)).toEqual([]);
	});

	test('none left out is a list of none; all of them is nothing to do', async () => {
		const { ou, scope } = await newScope();
		const plan = await planOf([desiredAccount(ou, 'LO1')], scope);
		const all = await approved({ plan, answer: { leftOut: [idOf(plan, 'LO1')] } }, { leaveOut: LEFT_OUT });
		expect([all.error, outputs(all)]).toEqual([undefined, [[], [], [['LO1', 'left out']]]]);
		const none = await approved({ plan, answer: { leftOut: [] } }, { leaveOut: LEFT_OUT });
		expect(outputs(none)).toEqual([[['LO1', 'applied']], [], []]);
	});

	test.each<[what: string, leftOut: unknown, words: string]>([
		['an id of nobody', ['nobody'], 'Leave Out holds "nobody"'],
		['nothing, where an option was added', undefined, "'Leave Out' is empty"],
		['a list of no ids', [1], "'Leave Out' is no list of ids"],
		['broken JSON', '["a"', 'Leave Out'],
	])('%s is refused before anything is written', async (_, leftOut, words) => {
		const { ou, scope } = await newScope();
		const plan = await planOf([desiredAccount(ou, 'LR1')], scope);
		const ran = await approved({ plan, answer: { leftOut } }, { leaveOut: LEFT_OUT });
		expect(ran.error?.message).toContain(words);
		expect(ran.error?.description).toEqual(expect.stringMatching(/\w/));
		expect(await accounts('LR1')).toEqual([]);
	});

	test('a canary counts what is left', async () => {
		const { ou, scope } = await newScope();
		const plan = await planOf(
			['LC1', 'LC2', 'LC3'].map((key) => desiredAccount(ou, key)),
			scope,
		);
		const answer = { leftOut: [idOf(plan, 'LC1')] };
		const ran = await approved({ plan, answer }, { leaveOut: LEFT_OUT, canary: 1 });
		expect(ran.out('AD')[0]?.map(({ key }) => key)).toEqual(['LC2']);
		const [left, rest] = ran.out('AD')[2] ?? [];
		expect([left?.['heldBack'], rest?.['key']]).toEqual(['left out', 'LC3']);
		// What the canary keeps is a change as it was sealed; what was left out is none.
		const later = await runPlanOperation(domain, 'applyPlan', {}, [rest ?? {}]);
		expect(outputs(later)).toEqual([[['LC3', 'applied']], [], []]);
		const never = await runPlanOperation(domain, 'applyPlan', {}, [left ?? {}]);
		expect(never.error?.message).toContain('neither a plan nor a change');
	});
});

describe('Only If Still Planned', () => {
	test('joiner, mover, leaver and rehire: HR changed for some of them during the wait', async () => {
		const { ou, scope } = await newScope();
		const people = (letter: string) => ['1', '2'].map((n) => desiredAccount(ou, `${letter}${n}`));
		const hired = await planOf([...people('M'), ...people('L'), ...people('R'), ...people('D')], scope);
		expect((await runPlanOperation(domain, 'applyPlan', {}, [hired])).error).toBeUndefined();
		const guards = { values: [{ rule: 'disable', unit: 'count', most: 20 }] };
		const left = await planOf([...people('R'), ...people('D')].map(leaving), { ...scope, guards });
		expect((await runPlanOperation(domain, 'applyPlan', {}, [left])).error).toBeUndefined();
		const movers = people('M').map((person) => titled(person, 'Lead'));
		const now = [...people('J'), ...movers, ...people('L').map(leaving), ...people('R')];
		const plan = await planOf([...now, ...people('D').map(leaving)], { ...scope, guards });
		expect(changesOf(plan).map(({ key, lifecycle }) => [key, lifecycle])).toEqual([
			...['J1', 'J2'].map((key) => [key, 'joiner']),
			...['M1', 'M2'].map((key) => [key, 'mover']),
			...['L1', 'L2'].map((key) => [key, 'leaver']),
			...['R1', 'R2'].map((key) => [key, 'rehire']),
		]);
		const changed = new Map<string, DesiredAccount | undefined>([
			['J2', undefined],
			['M2', titled(desiredAccount(ou, 'M2'), 'Head')],
			['L2', desiredAccount(ou, 'L2')],
			['R2', leaving(desiredAccount(ou, 'R2'))],
		]);
		const later = now.flatMap((person) => (changed.has(person.key) ? (changed.get(person.key) ?? []) : person));
		const again = await planOf([...later, desiredAccount(ou, 'New')], { ...scope, guards });
		const ran = await approved({ plan, again }, { stillPlanned: AGAIN });
		expect(ran.error).toBeUndefined();
		expect(outputs(ran)).toEqual([
			['J1', 'M1', 'L1', 'R1'].map((key) => [key, 'applied']),
			[],
			[
				['J2', 'no longer planned'],
				['M2', 'planned otherwise'],
				['L2', 'no longer planned'],
				['R2', 'no longer planned'],
			],
		]);
		expect(first(ran, 2)).toMatchObject({
			message: expect.stringContaining('No longer in the plan made again') as string,
		});
		expect([await accounts('New'), await accounts('J2')]).toEqual([[], []]);
		expect((await accounts('L2'))[0]?.attributes['userAccountControl']).toEqual(['512']);
	});

	test.each<[what: string, again: (plan: IDataObject) => unknown, stillPlanned: string, words: string]>([
		['nothing', () => undefined, '={{ $json.nothing }}', "'Only If Still Planned' is empty"],
		['an empty text', () => undefined, '', "'Only If Still Planned' is empty"],
		['text that is no plan', () => undefined, 'yes', "'Only If Still Planned' is no JSON"],
		['another item', () => ({ decision: 'approved' }), AGAIN, 'What came in as the plan made again is none'],
		['the approved plan itself', (plan) => plan, AGAIN, 'the approved plan itself'],
		['an edited plan', (plan) => ({ ...plan, changes: [] }), AGAIN, 'The plan made again is not what was sealed'],
		['several plans', () => undefined, "={{ [$('Ask').first().json, $json] }}", 'holds several plans'],
	])('%s is refused before anything is written', async (_, again, stillPlanned, words) => {
		const { ou, scope } = await newScope();
		const plan = await planOf([desiredAccount(ou, 'SR1')], scope);
		const ran = await approved({ plan, again: again(plan) ?? {} }, { stillPlanned });
		expect(ran.error?.message).toContain(words);
		expect(ran.error?.description).toEqual(expect.stringMatching(/\w/));
		expect(await accounts('SR1')).toEqual([]);
	});

	test('a plan over its guards needs its hash all the same, and a dry run writes nothing', async () => {
		const { ou, scope } = await newScope();
		const guards = { values: [{ rule: 'create', unit: 'count', most: 0 }] };
		const people = [desiredAccount(ou, 'SG1')];
		const [plan, again] = [await planOf(people, { ...scope, guards }), await planOf(people, { ...scope, guards })];
		const refused = await approved({ plan, again }, { stillPlanned: AGAIN });
		expect(refused.error?.message).toContain('beyond its guards');
		const approvedOverLimit = (plan['digest'] as { hash: string }).hash;
		const dry = await approved({ plan, again }, { stillPlanned: AGAIN }, { approvedOverLimit, dryRun: true });
		expect([dry.error, dry.out('AD').map((items) => items.length)]).toEqual([undefined, [0, 0, 1]]);
		const ran = await approved({ plan, again }, { stillPlanned: AGAIN }, { approvedOverLimit });
		expect(outputs(ran)).toEqual([[['SG1', 'applied']], [], []]);
	});
});

describe('in a loop, as the templates have it', () => {
	test('the second run of Create Plan is the one that is meant, whatever outputs lead on', async () => {
		const { ou, scope } = await newScope();
		let asked = 0;
		const people = () => {
			asked += 1;
			const keys = asked === 1 ? ['LP1', 'LP2'] : ['LP1', 'LP3'];
			return Promise.resolve([keys.map((key) => ({ json: desiredAccount(ou, key) }))]);
		};
		const ran = await runWorkflow(
			{
				nodes: [
					...[node('Start', TYPES.start, {}), node('Read People', 'test.people', {})],
					planNode('Create Plan', { operation: 'createPlan', feedReport: JSON.stringify(feedReport(2)), ...scope }),
					...[
						node('Approved Already?', 'test.switch', {}),
						node('Plan to Be Approved', 'test.same', {}),
						node('Note the Approval', 'test.same', {}),
					],
					planNode('AD', {
						...{ operation: 'applyPlan', approved: "={{ $('Plan to Be Approved').first().json }}" },
						options: { stillPlanned: AGAIN },
					}),
				],
				connections: {
					...chain('Start', 'Read People', 'Create Plan', 'Approved Already?'),
					'Approved Already?': {
						main: [[{ node: 'AD', type: 'main', index: 0 }], [{ node: 'Plan to Be Approved', type: 'main', index: 0 }]],
					},
					...chain('Plan to Be Approved', 'Note the Approval', 'Read People'),
				},
			},
			{
				credentials: { adLdapApi: credentialFields(domain) as never },
				extraNodes: {
					'test.people': { ...giving(['main'], []), execute: people },
					'test.switch': passing(['Yes', 'No'], () => (asked === 1 ? 1 : 0)),
					'test.same': passing(['main'], () => 0),
				},
			},
		);
		expect(ran.error).toBeUndefined();
		expect(outputs(ran)).toEqual([[['LP1', 'applied']], [], [['LP2', 'no longer planned']]]);
		expect(await accounts('LP3')).toEqual([]);
	});
});
