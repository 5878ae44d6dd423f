/** Create Plan in n8n's engine: what comes in, how far it can be trusted, and directories that are none; and the node itself. */
import {
	NodeConnectionTypes,
	NodeHelpers,
	Workflow,
	type IDataObject,
	type IExecuteFunctions,
	type INodeTypes,
} from 'n8n-workflow';
import { givenByItems } from '../../nodes/AdProvision/operations/plan/given';
import { AdProvision } from '../../nodes/AdProvision/AdProvision.node';
import { asAdministrator } from '../directory/administrator';
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

describe('what the feed says', () => {
	/** HCM and Map as their outputs are; then Create Plan. */
	const flow = async (
		people: readonly object[],
		others: { readonly rejected?: readonly object[]; readonly outOfScope?: readonly object[] },
		report: object,
		parameters: Parameters,
	) =>
		await runWorkflow(
			{
				nodes: [
					node('Start', TYPES.start, {}),
					node('HCM', 'test.hcm', {}),
					{ ...node('Map', 'test.map', {}), alwaysOutputData: true },
					planNode('AD', {
						operation: 'createPlan',
						feedReport: "={{ $('HCM').first(1).json }}",
						rejected: "={{ $('Map').all(1).map((item) => item.json) }}",
						outOfScope: "={{ $('Map').all(2) }}",
						...parameters,
					}),
				],
				connections: chain('Start', 'HCM', 'Map', 'AD'),
			},
			{
				credentials: { adLdapApi: credentialFields(domain) as never },
				extraNodes: {
					'test.hcm': giving(['Records', 'Feed Report'], [[{}], [report as IDataObject]]),
					'test.map': giving(['Mapped', 'Rejected', 'Out of Scope'], [
						people,
						others.rejected ?? [],
						others.outOfScope ?? [],
					] as IDataObject[][]),
				},
			},
		);
	const rejected = (key: string) => ({ key, displayName: `User ${key}`, problems: [], record: {} });

	test('report, rejected and out of scope are read from other nodes by expressions', async () => {
		const { ou, scope } = await newScope();
		const ran = await flow(
			[desiredAccount(ou, 'G1')],
			{ rejected: [rejected('G2')], outOfScope: [{ key: 'G3', displayName: 'User G3', conditions: [] }] },
			feedReport(3),
			scope,
		);
		expect(ran.error).toBeUndefined();
		expect(first(ran)).toMatchObject({
			feed: { input: 'whole', received: 3, mapped: 1, rejected: 1, outOfScope: 1, missing: [] },
		});
	});

	test('who is missing twice leaves, and who is rejected does not', async () => {
		const { ou, scope } = await newScope();
		const people = ['H1', 'H2', 'H3'].map((key) => desiredAccount(ou, key));
		await apply([first(await createPlan(domain, people, scope))]);
		const absent = { ...scope, planned: ['create', 'update', 'disable', 'enable', 'absence'] };
		const others = { rejected: [rejected('H2')] };
		const once = await flow(people.slice(0, 1), others, feedReport(2), absent);
		expect(first(once)).toMatchObject({ feed: { missing: ['H3'] } });
		expect(once.out('AD')[1]).toEqual([]);
		const missingBefore = JSON.stringify((first(once)['feed'] as IDataObject)['missing']);
		const twice = await flow(people.slice(0, 1), others, feedReport(2), { ...absent, missingBefore });
		expect(lifecycles(twice.out('AD')[1])).toEqual([['H3', 'leaver']]);
		expect(twice.items('AD')[1]?.map(({ pairedItem }) => pairedItem)).toEqual([[]]);
		const half = await flow(people.slice(0, 1), others, feedReport(2, { complete: false }), {
			...absent,
			missingBefore,
		});
		expect(half.out('AD')[1]).toEqual([]);
	});

	test('one empty item means that nobody is in the feed', async () => {
		const { scope } = await newScope();
		const ran = await flow([], {}, feedReport(0), scope);
		expect(ran.error).toBeUndefined();
		expect(first(ran)).toMatchObject({ feed: { received: 0 }, guard: { ok: false } });
		expect(ran.out('AD')[1]).toEqual([]);
	});

	test('an item that is no mapped account is a problem, and counts as rejected', async () => {
		const { ou, scope } = await newScope();
		const broken = { ...desiredAccount(ou, 'I2'), attributes: 'none' };
		const ran = await createPlan(domain, [desiredAccount(ou, 'I1'), broken], scope);
		expect(lifecycles(ran.out('AD')[1])).toEqual([['I1', 'joiner']]);
		expect(ran.out('AD')[2]).toEqual([expect.objectContaining({ kind: 'unusable', key: 'I2' })]);
		expect(ran.items('AD')[2]?.[0]?.pairedItem).toEqual({ item: 1 });
		expect(first(ran)).toMatchObject({ feed: { mapped: 1, rejected: 1, received: 2 } });
	});

	test.each([
		['no report', { feedReport: "={{ '' }}" }, "'Feed Report' is empty"],
		['something else in its place', { feedReport: '{"a":1}' }, "'Feed Report' holds no feed report"],
		['two reports', { feedReport: JSON.stringify([feedReport(1), feedReport(1)]) }, 'several reports'],
		['a list of people that is none', { rejected: '{"key":"X"}' }, "'Rejected People' is no list"],
		['keys that are none', { missingBefore: '[1]' }, "'Missing in the Plan Before' holds something else than keys"],
		['a filter that is none', { filterText: '(a' }, 'The LDAP filter is wrong'],
		['a guard that is no number', { guards: rows({ rule: 'create', unit: 'count', most: '={{ 5 }}' }) }, "'At Most'"],
		['people who are none', { mappedAccount: '={{ $json.nobody }}' }, "'Mapped Account' holds no mapped account"],
		[
			'a search base that an expression leaves empty',
			{ searchBases: rows({ unit: locator('dn', '={{ $json.nothing }}') }) },
			"'Search Bases' is empty in row 1",
		],
		[
			'an excluded unit that an expression leaves empty',
			{ excludedOus: rows({ unit: locator('dn', '={{ $json.nothing }}') }) },
			"'Excluded Organizational Units' is empty in row 1",
		],
		[
			'a place of leavers that an expression leaves empty',
			{ leaverOptions: { moveTo: locator('dn', '={{ $json.nothing }}') } },
			"'Move To' is empty",
		],
		['a filter that an expression leaves empty', { filterText: '={{ $json.nothing }}' }, 'there is no value'],
	])('%s stops the node in words', async (_, parameters, message) => {
		const ran = await createPlan(domain, [desiredAccount(parent, 'J1')], parameters);
		expect(ran.error?.message).toContain(message);
	});

	test.each([
		['={{ $node["Start"].json }}', true],
		['={{ $data }}', true],
		['={{ $thisItem.json }}', true],
		["={{ $('Start').all()[$itemIndex].json }}", true],
		["={{ $('Start').all() }}", false],
		['={{ $input.all().map((item) => item.json) }}', false],
	])('%s gives everybody', async (mappedAccount, byItem) => {
		const { ou, scope } = await newScope();
		const people = ['L1', 'L2'].map((key) => desiredAccount(ou, key));
		const ran = await createPlan(domain, people, { ...scope, mappedAccount });
		expect(ran.error).toBeUndefined();
		expect(lifecycles(ran.out('AD')[1])).toEqual([
			['L1', 'joiner'],
			['L2', 'joiner'],
		]);
		expect(ran.items('AD')[1]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: byItem ? 1 : 0 }]);
	});

	// n8n's engine (its isolate has 128 MB and 5 seconds) may not get through a plan of 10,000 people.
	test.each([
		['={{ $json }}', [{ plan: 1 }, { plan: 2 }]],
		['={{ $json.plan }}', [1, 2]],
		['={{ $json.none.plan }}', [undefined, undefined]],
		["={{ $('Create Plan').first().json }}", [{ of: ['Create Plan', undefined] }]],
		['={{ $("Create Plan").last(1).json }}', [{ of: ['Create Plan', 1] }]],
		["={{ $('Create Plan').first().json.of }}", ['Create Plan', undefined]],
		["={{ $('Create Plan').all(1) }}", [{ of: ['Create Plan', 1] }]],
		["={{ $('Create Plan').all().map((item) => item.json) }}", [{ of: ['Create Plan', undefined] }]],
		["={{ $('Create Plan').all(2).map(i => i.json) }}", [{ of: ['Create Plan', 2] }]],
	])('%s is read without the expression engine', (typed, expected) => {
		const item = (name: string) => (branch?: number) => ({ json: { of: [name, branch] } });
		const context = {
			getInputData: () => [{ json: { plan: 1 } }, { json: { plan: 2 } }],
			getWorkflowDataProxy: () => ({
				$: (name: string) => ({ first: item(name), last: item(name), all: (branch?: number) => [item(name)(branch)] }),
			}),
			getNodeParameter: (_: string, __: number, ___: string, options?: object) => {
				if (options) return typed;
				throw new Error('The engine was asked.');
			},
		} as unknown as IExecuteFunctions;
		expect(givenByItems(context, 'approved', 'Plan or Changes').map(({ value }) => value)).toEqual(expected);
	});

	test("a node that has not run is named, as n8n's own expressions do", async () => {
		const ran = await createPlan(domain, [desiredAccount(parent, 'M1')], {
			mappedAccount: "={{ $('Nowhere').first().json }}",
		});
		expect(ran.error?.message).toMatch(/Nowhere|doesn't exist/);
	});

	test('the one empty item of another node means nobody too', async () => {
		const { scope } = await newScope();
		const ran = await createPlan(domain, [{}], { ...scope, mappedAccount: "={{ $('Start').all() }}" });
		expect(ran.error).toBeUndefined();
		expect(first(ran)).toMatchObject({ feed: { received: 0 } });
	});

	test('selected people need no report, and nobody leaves by absence', async () => {
		const { ou, scope } = await newScope();
		const selected = { ...scope, planInput: 'people', feedReport: '' };
		const ran = await createPlan(domain, [desiredAccount(ou, 'K1')], selected);
		expect(ran.error).toBeUndefined();
		expect(first(ran)).toMatchObject({ feed: { input: 'people', complete: false, evidence: 'weak', kind: 'delta' } });
		expect(lifecycles(ran.out('AD')[1])).toEqual([['K1', 'joiner']]);
	});
});

describe('without a domain', () => {
	const nowhere = { fields: { domainControllers: '127.0.0.1', port: 1, connectTimeout: 1 } };
	const LDIF = [
		'dn: DC=corp,DC=example,DC=com\nobjectClass: top\nobjectClass: domain\nobjectClass: domainDNS',
		'dn: OU=People,DC=corp,DC=example,DC=com\nobjectClass: top\nobjectClass: organizationalUnit\nou: People',
		[
			'dn: CN=User R1,OU=People,DC=corp,DC=example,DC=com',
			...['top', 'person', 'organizationalPerson', 'user'].map((name) => `objectClass: ${name}`),
			'objectCategory: CN=Person,CN=Schema,CN=Configuration,DC=corp,DC=example,DC=com',
			...['cn: User R1', 'sAMAccountName: userr1', 'userPrincipalName: userr1@corp.example.com'],
			...['employeeID: R1', 'userAccountControl: 512', 'displayName: User R1', 'givenName: User', 'sn: Old'],
		].join('\n'),
	].join('\n\n');
	const people = ['R1', 'R2'].map((key) => desiredAccount('OU=People,DC=corp,DC=example,DC=com', key));

	test('an LDIF export is a directory: a whole plan, and nothing is sent', async () => {
		const ran = await createPlan(domain, people, { directorySource: 'ldifText', ldifText: LDIF }, nowhere);
		expect(ran.error).toBeUndefined();
		expect(first(ran)).toMatchObject({ directory: { source: 'snapshot' } });
		expect(lifecycles(ran.out('AD')[1])).toEqual(
			expect.arrayContaining([
				['R1', 'mover'],
				['R2', 'joiner'],
			]),
		);
	});

	test.each(['utf8', 'utf16le'] as const)('an export comes in as a file, in %s', async (encoding) => {
		const mark = encoding === 'utf8' ? Buffer.of() : Buffer.of(0xff, 0xfe);
		const data = Buffer.concat([mark, Buffer.from(LDIF.replaceAll('\n', '\r\n'), encoding)]).toString('base64');
		const binary = { export: { data, mimeType: 'text/plain', fileName: 'export.ldf' } };
		const reader = giving(['main'], []);
		const items = people.map((json) => ({ json, binary, pairedItem: { item: 0 } }));
		const ran = await runWorkflow(
			{
				nodes: [
					node('Start', TYPES.start, {}),
					node('Read', 'test.read', {}),
					planNode('AD', {
						...{ operation: 'createPlan', directorySource: 'ldifFile', ldifField: 'export' },
						feedReport: JSON.stringify(feedReport(2)),
					}),
				],
				connections: chain('Start', 'Read', 'AD'),
			},
			{
				credentials: { adLdapApi: credentialFields(domain, nowhere.fields) as never },
				extraNodes: { 'test.read': { ...reader, execute: () => Promise.resolve([items]) } },
			},
		);
		expect(ran.error).toBeUndefined();
		expect(lifecycles(ran.out('AD')[1])).toEqual(expect.arrayContaining([['R1', 'mover']]));
	});

	test('the search base of the credential is the scope, as in the domain', async () => {
		const base = 'OU=Elsewhere,DC=corp,DC=example,DC=com';
		const ldif = `${LDIF}\n\ndn: ${base}\nobjectClass: top\nobjectClass: organizationalUnit\nou: Elsewhere`;
		const fields = { ...nowhere.fields, baseDn: base };
		const ran = await createPlan(domain, people, { directorySource: 'ldifText', ldifText: ldif }, { fields });
		expect(first(ran)).toMatchObject({ scope: { bases: [base] } });
		expect(ran.out('AD')[2]).toEqual(
			expect.arrayContaining([expect.objectContaining({ kind: 'out of scope', key: 'R1' })]),
		);
	});

	test('a broken export is named by its line', async () => {
		const ran = await createPlan(domain, people, { directorySource: 'ldifText', ldifText: 'dn CN=A' }, nowhere);
		expect(ran.error?.message).toMatch(/line 1/i);
	});

	test('objects as Get Many lists them are a directory', async () => {
		const items = [
			{ dn: 'DC=corp,DC=example,DC=com', objectClass: ['top', 'domain', 'domainDNS'] },
			{ dn: 'OU=People,DC=corp,DC=example,DC=com', objectClass: ['top', 'organizationalUnit'], ou: 'People' },
		];
		const parameters = { directorySource: 'items', snapshotItems: JSON.stringify(items) };
		const ran = await createPlan(domain, people, parameters, nowhere);
		expect(ran.error).toBeUndefined();
		expect(lifecycles(ran.out('AD')[1])).toEqual([
			['R1', 'joiner'],
			['R2', 'joiner'],
		]);
	});
});

describe('the node', () => {
	const type = new AdProvision();
	const nodeTypes: INodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const outputsOf = (operation: string) => {
		const own = node('AD', 'adProvision', { resource: 'plan', operation });
		const workflow = new Workflow({ nodes: [own], connections: {}, active: false, nodeTypes });
		const stored = workflow.getNode('AD') ?? own;
		return NodeHelpers.getNodeOutputs(workflow, stored, type.description).map((output) =>
			typeof output === 'string' ? output : output.displayName,
		);
	};

	test.each([
		['createPlan', ['Plan', 'Changes', 'Problems']],
		['applyPlan', ['Applied', 'Failed', 'Held Back']],
		['undo', ['Applied', 'Failed']],
		['createUndoPlan', ['Plan', 'Changes', 'Problems']],
	])('names the outputs of %s', (operation, names) => {
		expect(outputsOf(operation)).toEqual(names);
	});

	test('as a tool of an agent it makes plans, and applies none', async () => {
		const tool = { node: { rewireOutputLogTo: NodeConnectionTypes.AiTool } };
		const ran = await apply([{}], {}, tool);
		expect(ran.error?.message).toContain('only reads');
	});

	test('without a signing key there is no plan', async () => {
		const ran = await createPlan(domain, [desiredAccount(parent, 'S1')], {}, { fields: { signingSecret: '' } });
		expect(ran.error?.message).toContain('no signing key');
	});
});
