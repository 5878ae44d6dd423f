/** The resource Plan in n8n's engine, against a domain controller: plan, approve, apply, undo. */
import { Attribute, Change } from 'ldapts';
import type { IDataObject } from 'n8n-workflow';
import type { DesiredAccount } from '../../lib/contracts';
import { asAdministrator, canBind } from '../directory/administrator';
import {
	createPlan,
	feedReport,
	giving,
	lifecycles,
	locator,
	newScope as scopeBelow,
	planNode,
	rows,
	runPlanOperation,
	textIn,
	type NodeRunOptions,
	type Parameters,
} from '../support/ad-provision';
import { credentialFields, desiredAccount } from '../support/directory';
import { chain, node, runWorkflow, TYPES, type WorkflowRun } from '../support/n8n-core';
import { startSamba, type Domain } from '../support/samba';

let domain: Domain;
let parent: string;

beforeAll(async () => {
	domain = await startSamba();
	parent = `OU=Plans,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(parent, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

const newScope = () => scopeBelow(parent, domain);
const apply = (items: readonly object[], parameters: Parameters = {}, options: NodeRunOptions = {}) =>
	runPlanOperation(domain, 'applyPlan', parameters, items, options);
const first = (ran: WorkflowRun, output = 0): IDataObject => ran.out('AD')[output]?.[0] ?? {};
const accounts = (key: string) => domain.ldbsearch(`(employeeID=${key})`);
const uac = async (key: string) => Number((await accounts(key))[0]?.attributes['userAccountControl']?.[0]);
const brief = (items: readonly IDataObject[] = []) => items.map(({ key, status }) => [key, status]);
const leaver = (person: DesiredAccount): DesiredAccount => ({ ...person, lifecycle: 'leaver' });

/** Makes people's accounts, as the flow itself does. */
async function hire(people: readonly object[], parameters: Parameters): Promise<WorkflowRun> {
	const applied = await apply([first(await createPlan(domain, people, parameters))]);
	expect(applied.error).toBeUndefined();
	expect(applied.out('AD')[1]).toEqual([]);
	return applied;
}

const APPROVER = { user: { email: 'ada@example.com' } };

describe('create, apply, again', () => {
	test('a plan writes nothing; applied, it makes the accounts; the second plan is empty', async () => {
		const { ou, scope } = await newScope();
		const people = ['A1', 'A2'].map((key) => desiredAccount(ou, key));
		const planned = await createPlan(domain, people, scope);
		expect(planned.error).toBeUndefined();
		expect(await accounts('A1')).toEqual([]);
		expect(first(planned)).toMatchObject({ formatVersion: 1, kind: 'apply', guard: { ok: true } });
		expect(lifecycles(planned.out('AD')[1])).toEqual([
			['A1', 'joiner'],
			['A2', 'joiner'],
		]);
		expect(planned.items('AD')[1]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(planned.out('AD')[2]).toEqual([]);
		const csv = planned.items('AD')[0]?.[0]?.binary?.['csv'];
		expect(csv?.mimeType).toBe('text/csv');
		expect(Buffer.from(csv?.data ?? '', 'base64').toString('utf8')).toContain('A2');

		const applied = await apply([first(planned)]);
		expect(applied.error).toBeUndefined();
		expect(brief(applied.out('AD')[0])).toEqual([
			['A1', 'applied'],
			['A2', 'applied'],
		]);
		expect((await uac('A1')) & 2).toBe(0);
		expect(applied.hints('AD').join(' ')).toContain('No lease object is set');

		const again = await apply([first(planned)]);
		expect(brief(again.out('AD')[0]).map(([, status]) => status)).toEqual(['already done', 'already done']);
		const second = await createPlan(domain, people, scope);
		expect(second.out('AD')[1]).toEqual([]);
		expect(first(second)).toMatchObject({ counts: { people: { unchanged: 2 }, writes: 0 } });
	});

	test('only some of the changes are applied when only some were approved', async () => {
		const { ou, scope } = await newScope();
		const planned = await createPlan(
			domain,
			['B1', 'B2', 'B3'].map((key) => desiredAccount(ou, key)),
			scope,
		);
		const approved = (planned.out('AD')[1] ?? []).filter(({ key }) => key !== 'B2');
		const applied = await apply(approved);
		expect(brief(applied.out('AD')[0])).toEqual([
			['B1', 'applied'],
			['B3', 'applied'],
		]);
		expect(applied.items('AD')[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(await accounts('B2')).toEqual([]);
	});

	test('a canary applies the first and holds back the rest, to be applied later', async () => {
		const { ou, scope } = await newScope();
		const planned = await createPlan(
			domain,
			['C1', 'C2', 'C3'].map((key) => desiredAccount(ou, key)),
			scope,
		);
		const canary = await apply(planned.out('AD')[1] ?? [], { options: { canary: 1 } });
		expect(brief(canary.out('AD')[0])).toEqual([['C1', 'applied']]);
		const held = canary.out('AD')[2] ?? [];
		expect(held.map(({ key }) => key)).toEqual(['C2', 'C3']);
		const rest = await apply(held);
		expect(brief(rest.out('AD')[0])).toEqual([
			['C2', 'applied'],
			['C3', 'applied'],
		]);
	});

	test('a dry run writes nothing, and says what would be done', async () => {
		const { ou, scope } = await newScope();
		const planned = await createPlan(domain, [desiredAccount(ou, 'D1')], scope);
		const dry = await apply([first(planned)], { dryRun: true });
		expect(dry.error).toBeUndefined();
		expect(dry.out('AD').map((items) => items.length)).toEqual([0, 0, 1]);
		expect(first(dry, 2)).toMatchObject({ key: 'D1', message: expect.stringContaining('Would be done') as string });
		expect(await accounts('D1')).toEqual([]);
	});

	test.each(["={{ 'true' }}", '={{ 1 }}', '={{ $json.nothing }}'])(
		'a dry run of %s is no word for writing',
		async (dryRun) => {
			const { ou, scope } = await newScope();
			const planned = await createPlan(domain, [desiredAccount(ou, 'DW1')], scope);
			const ran = await apply([first(planned)], { dryRun });
			expect(ran.error?.message).toContain("'Dry Run' is neither true nor false");
			expect(await accounts('DW1')).toEqual([]);
		},
	);

	test('what was done is told, whatever the approver is called', async () => {
		const { ou, scope } = await newScope();
		const planned = await createPlan(domain, [desiredAccount(ou, 'AP1')], scope);
		// Cut at 256, in the middle of the last character.
		const applied = await apply([first(planned)], { approver: `${'x'.repeat(255)}😀` });
		expect(applied.error).toBeUndefined();
		expect(brief(applied.out('AD')[0])).toEqual([['AP1', 'applied']]);
		expect(first(await runPlanOperation(domain, 'createUndoPlan', {}, applied.out('AD')[0] ?? []))).toMatchObject({
			kind: 'undo',
		});
	});

	test('a conflict over a long value that is cut in the middle of a character is told', async () => {
		const { ou, scope } = await newScope();
		const person = desiredAccount(ou, 'CF1');
		await hire([person], scope);
		const wanted = { ...person, attributes: { ...person.attributes, streetAddress: 'here' } };
		const planned = await createPlan(domain, [wanted], scope);
		const [{ dn } = { dn: '' }] = await accounts('CF1');
		await asAdministrator(domain, (client) =>
			client.modify(
				dn,
				new Change({
					operation: 'add',
					modification: new Attribute({ type: 'streetAddress', values: [`${'x'.repeat(79)}😀 there`] }),
				}),
			),
		);
		const applied = await apply([first(planned)]);
		expect(applied.error).toBeUndefined();
		expect(applied.out('AD')[1]).toEqual([expect.objectContaining({ status: 'conflict', key: 'CF1' })]);
	});

	test('the password leaves in the field that the builder chose, logs on, and keeps the outcome undoable', async () => {
		const { ou, scope } = await newScope();
		const planned = await createPlan(domain, [desiredAccount(ou, 'E1')], scope);
		const applied = await apply([first(planned)], { delivery: 'field', deliveredIn: 'initialPassword' });
		const outcome = first(applied);
		expect(await canBind(domain, 'usere1@corp.example.com', textIn(outcome, 'initialPassword'))).toBe(true);
		const undone = await runPlanOperation(domain, 'undo', {}, [outcome]);
		expect(undone.error).toBeUndefined();
		expect(brief(undone.out('AD')[0])).toEqual([['E1', 'applied']]);
		expect((await uac('E1')) & 2).toBe(2);
	});

	test.each([
		['the plan', 'F1', "={{ $('Plan').first().json }}"],
		['the plan as an item', 'F2', "={{ $('Plan').first() }}"],
		['the plan as text', 'F3', "={{ JSON.stringify($('Plan').first().json) }}"],
		['a list of its changes', 'F4', "={{ $('Plan').all(1).map((item) => item.json) }}"],
		['its changes as items', 'F5', "={{ $('Plan').all(1) }}"],
	])('takes %s by an expression behind an approval, whatever items that gives', async (_, key, approved) => {
		const { ou, scope } = await newScope();
		const ran = await runWorkflow(
			{
				nodes: [
					node('Start', TYPES.start, {}),
					planNode('Plan', { operation: 'createPlan', feedReport: JSON.stringify(feedReport(1)), ...scope }),
					node('Approval', 'test.approval', {}),
					planNode('Apply', {
						operation: 'applyPlan',
						approved,
						approver: '={{ $json.user.email }}',
					}),
				],
				connections: chain('Start', 'Plan', 'Approval', 'Apply'),
			},
			{
				credentials: { adLdapApi: credentialFields(domain) as never },
				input: [desiredAccount(ou, key)],
				extraNodes: { 'test.approval': giving(['main'], [[APPROVER, APPROVER]]) },
			},
		);
		expect(ran.error).toBeUndefined();
		expect(ran.out('Apply')[0]?.[0]).toMatchObject({ key, status: 'applied', approver: 'ada@example.com' });
	});
});

describe('guards and seals', () => {
	test('a plan beyond its guards is applied only with its own hash', async () => {
		const { ou, scope } = await newScope();
		const guards = rows({ rule: 'create', unit: 'count', most: 1 });
		const people = ['L1', 'L2'].map((key) => desiredAccount(ou, key));
		const planned = await createPlan(domain, people, { ...scope, guards });
		expect(first(planned)).toMatchObject({ guard: { ok: false, breaches: [{ rule: 'create', limit: 1, actual: 2 }] } });
		expect(planned.hints('AD').join(' ')).toContain('beyond its guards');
		const refused = await apply([first(planned)]);
		expect(refused.error?.message).toEqual(expect.any(String));
		expect(await accounts('L1')).toEqual([]);
		const wrong = await apply([first(planned)], { approvedOverLimit: 'f'.repeat(64) });
		expect(wrong.error).toBeDefined();
		const { hash } = first(planned)['digest'] as { hash: string };
		const applied = await apply([first(planned)], { approvedOverLimit: hash });
		expect(brief(applied.out('AD')[0])).toEqual([
			['L1', 'applied'],
			['L2', 'applied'],
		]);
	});

	test('an edited change, a plan of another key, and changes of two plans are refused', async () => {
		const { ou, scope } = await newScope();
		const one = await createPlan(domain, [desiredAccount(ou, 'M1')], scope);
		const two = await createPlan(domain, [desiredAccount(ou, 'M2')], scope);
		const change = first(one, 1);
		for (const items of [
			[{ ...change, displayName: 'Somebody Else' }],
			[{ ...first(one), changes: [] }],
			[change, first(two, 1)],
			[change, change],
			[first(one), change],
			[first(one), first(two)],
			[{ something: 'else' }],
		]) {
			const ran = await apply(items);
			expect(ran.error?.message).toEqual(expect.any(String));
			expect(ran.error?.description).toEqual(expect.any(String));
		}
		const otherKey = { fields: { signingSecret: 'quite another signing key' } };
		expect((await apply([first(one)], {}, otherKey)).error?.message).toContain('key');
		expect(await accounts('M1')).toEqual([]);
	});

	test('where the node is to go on after an error, everything leaves by Failed', async () => {
		const { ou, scope } = await newScope();
		const change = first(await createPlan(domain, [desiredAccount(ou, 'N1')], scope), 1);
		const goOn = { node: { onError: 'continueRegularOutput' as const } };
		const ran = await apply([{ ...change, key: 'N2' }], {}, goOn);
		expect(ran.error).toBeUndefined();
		expect(ran.out('AD')[0]).toEqual([]);
		expect(ran.out('AD')[1]).toEqual([
			expect.objectContaining({ status: 'refused', message: expect.any(String) as string }),
		]);
		const planned = await createPlan(domain, [desiredAccount(ou, 'N1')], { feedReport: "={{ '' }}" }, goOn);
		expect(planned.out('AD').map((items) => items.length)).toEqual([0, 0, 1]);
	});

	test('with an error output, what stops the whole operation leaves by that one, and nothing by the others', async () => {
		const { ou, scope } = await newScope();
		const change = first(await createPlan(domain, [desiredAccount(ou, 'N3')], scope), 1);
		const toErrors = { node: { onError: 'continueErrorOutput' as const } };
		const applied = await apply([{ ...change, key: 'N4' }], {}, toErrors);
		expect(applied.out('AD').map((items) => items.length)).toEqual([0, 0, 0, 1]);
		expect(applied.out('AD')[3]).toEqual([
			expect.objectContaining({ error: expect.any(String) as string, details: expect.any(String) as string }),
		]);
		const planned = await createPlan(domain, [desiredAccount(ou, 'N3')], { feedReport: "={{ '' }}" }, toErrors);
		expect(planned.out('AD').map((items) => items.length)).toEqual([0, 0, 0, 1]);
	});

	test('the lease is taken and given back, and one that is not there stops the node', async () => {
		const { ou, scope } = await newScope();
		const lease = `CN=Lease,${ou}`;
		await asAdministrator(domain, (client) => client.add(lease, { objectClass: 'container' }));
		const planned = await createPlan(domain, [desiredAccount(ou, 'T1')], scope);
		const nowhere = await apply([first(planned)], { options: { leaseObject: `CN=Nowhere,${ou}` } });
		expect(nowhere.error?.message).toEqual(expect.any(String));
		expect(await accounts('T1')).toEqual([]);
		const applied = await apply([first(planned)], { options: { leaseObject: lease } });
		expect(brief(applied.out('AD')[0])).toEqual([['T1', 'applied']]);
		expect(applied.hints('AD')).toEqual([]);
		const [object] = await domain.ldbsearch('(cn=Lease)', [], ou);
		expect(object?.attributes['uSNChanged']).not.toEqual(object?.attributes['uSNCreated']);
		expect(object?.attributes['description'] ?? []).toEqual([]);
	});

	test('nothing approved is nothing to do', async () => {
		const ran = await apply([{}]);
		expect(ran.error).toBeUndefined();
		expect(ran.out('AD')).toEqual([[], [], []]);
	});
});

describe('leave and come back', () => {
	test('a leaver is disabled, marked and moved; undo brings the account back as it was', async () => {
		const { ou, scope } = await newScope();
		const leavers = `OU=Leavers,${ou}`;
		await asAdministrator(domain, (client) => client.add(leavers, { objectClass: 'organizationalUnit' }));
		const person = desiredAccount(ou, 'O1');
		await hire([person], scope);
		const options = { ...scope, leaverOptions: { moveTo: locator('dn', leavers), description: 'Left' } };
		const left = await hire([leaver(person)], options);
		const [account] = await accounts('O1');
		expect(account?.dn).toBe(`CN=User O1,${leavers}`);
		expect(account?.attributes['description']).toEqual(['Left']);
		const undoPlan = await runPlanOperation(domain, 'createUndoPlan', {}, left.out('AD')[0] ?? []);
		expect(undoPlan.error).toBeUndefined();
		expect(first(undoPlan)).toMatchObject({ kind: 'undo' });
		const undone = await apply([first(undoPlan)]);
		expect(brief(undone.out('AD')[0])).toEqual([['O1', 'applied']]);
		const [back] = await accounts('O1');
		expect(back?.dn).toBe(`CN=User O1,${ou}`);
		expect(back?.attributes['description']).toBeUndefined();
		expect((await uac('O1')) & 2).toBe(0);
	});

	test('undo deletes what was created only by its switch', async () => {
		const { ou, scope } = await newScope();
		const applied = await hire([desiredAccount(ou, 'P1')], scope);
		const undone = await runPlanOperation(domain, 'undo', { deleteCreated: true }, applied.out('AD')[0] ?? []);
		expect(undone.error).toBeUndefined();
		expect(brief(undone.out('AD')[0])).toEqual([['P1', 'applied']]);
		expect(await accounts('P1')).toEqual([]);
	});

	test('an edited outcome is not undone', async () => {
		const { ou, scope } = await newScope();
		const applied = await hire([desiredAccount(ou, 'Q1')], scope);
		const ran = await runPlanOperation(domain, 'undo', {}, [{ ...first(applied), dn: `CN=Other,${ou}` }]);
		expect(ran.error?.message).toEqual(expect.any(String));
		expect((await uac('Q1')) & 2).toBe(0);
	});
});
