/** Amounts out of a Settings node: limits that what comes in cannot raise, how a password leaves, and outcomes out of a table. */
import { generateKeyPairSync } from 'node:crypto';
import { NodeHelpers, type IDataObject } from 'n8n-workflow';
import { AdProvision } from '../../nodes/AdProvision/AdProvision.node';
import { asAdministrator } from '../directory/administrator';
import {
	feedReport,
	giving,
	newScope as scopeBelow,
	planNode,
	rows,
	textIn,
	type Parameters,
} from '../support/ad-provision';
import { credentialFields, desiredAccount } from '../support/directory';
import { chain, node, runWorkflow, TYPES, withCredentials, type WorkflowRun } from '../support/n8n-core';
import { startSamba, type Domain } from '../support/samba';

let domain: Domain;
let parent: string;

beforeAll(async () => {
	domain = await startSamba();
	parent = `OU=Settings,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(parent, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

const newScope = () => scopeBelow(parent, domain);
const accounts = (key: string) => domain.ldbsearch(`(employeeID=${key})`);
const first = (ran: WorkflowRun, output = 0): IDataObject => ran.out('AD')[output]?.[0] ?? {};
const field = (name: string) => `={{ $('Settings').first().json.${name} }}`;

/** Start gives the items, Settings its own; AD is behind both. */
async function withSettings(
	settings: object,
	items: readonly object[],
	parameters: Parameters,
	resource: Parameters = { resource: 'plan' },
): Promise<WorkflowRun> {
	return await runWorkflow(
		{
			nodes: [
				node('Start', TYPES.start, {}),
				node('Settings', 'test.settings', {}),
				node('People', 'test.people', {}),
				{ ...planNode('AD', {}), parameters: { ...resource, ...parameters } as never, ...withCredentials('adLdapApi') },
			],
			connections: chain('Start', 'Settings', 'People', 'AD'),
		},
		{
			credentials: { adLdapApi: credentialFields(domain) as never },
			extraNodes: {
				'test.settings': giving(['main'], [[settings as IDataObject]]),
				'test.people': giving(['main'], [items as IDataObject[]]),
			},
		},
	);
}

const planning = (count: number, parameters: Parameters): Parameters => ({
	...{ operation: 'createPlan', feedReport: JSON.stringify(feedReport(count)) },
	...parameters,
});

describe('limits', () => {
	const limits: ReadonlyArray<readonly [label: string, place: (value: unknown) => Parameters]> = [
		['At Most', (most) => ({ guards: rows({ rule: 'create', unit: 'count', most }) })],
		['Minimum Feed Size', (minimumFeed) => ({ minimumFeed })],
		['Delete After Days', (deleteAfterDays) => ({ leaverOptions: { deleteAfterDays } })],
		['Max Changes', (maxChanges) => ({ options: { maxChanges } })],
	];
	const policyOf = (ran: WorkflowRun) => first(ran)['policy'] as Record<string, never>;

	test.each([7, '7'])('are taken from a field of Settings, %p', async (seven) => {
		const { ou, scope } = await newScope();
		const all = Object.assign({}, ...limits.map(([, place]) => place(field('limits.seven')))) as Parameters;
		const ran = await withSettings(
			{ limits: { seven } },
			[desiredAccount(ou, 'A1')],
			planning(1, { ...scope, ...all }),
		);
		expect(ran.error).toBeUndefined();
		expect(policyOf(ran)).toMatchObject({
			...{ guards: { create: { count: 7 }, minimumFeed: 7 }, leavers: { deleteAfterDays: 7 }, maxChanges: 7 },
		});
		expect(first(ran)).toMatchObject({ guard: { ok: false, breaches: [{ rule: 'feedSize', limit: 7, actual: 1 }] } });
	});

	describe.each(limits)('%s', (label, place) => {
		test.each<[expression: string, settings: object]>([
			[field('missing'), {}],
			[field('limit'), { limit: null }],
			[field('limit'), { limit: '' }],
			[field('limit'), { limit: -1 }],
			[field('limit'), { limit: 1.5 }],
			[field('limit'), { limit: 'many' }],
			[field('limit'), { limit: '1e9' }],
			[field('limit'), { limit: true }],
			[field('limit'), { limit: [5] }],
			// What comes in, by whatever way.
			['={{ $json.limit }}', {}],
			['={{ $input.first().json.limit }}', {}],
			["={{ $('People').item.json.limit }}", {}],
			["={{ $('Settings').first().json.limit + $json.limit }}", { limit: 5 }],
			["={{ $json.limit || $('Settings').first().json.limit }}", { limit: 5 }],
			['={{ 9999 }}', {}],
			['=9999', {}],
		])('is not %s of %j', async (expression, settings) => {
			const people = [{ ...desiredAccount(parent, 'B1'), limit: 9999 }];
			const ran = await withSettings(settings, people, planning(1, place(expression)));
			expect(ran.error?.message).toContain(`'${label}' is`);
			expect(ran.error?.description).toEqual(expect.stringMatching(/\w/));
		});
	});

	test('an option without days is no day: nobody is deleted by a field that somebody emptied', async () => {
		for (const deleteAfterDays of ['', null]) {
			const parameters = planning(1, { leaverOptions: { deleteAfterDays } });
			const ran = await withSettings({}, [desiredAccount(parent, 'C1')], parameters);
			expect(ran.error?.message).toContain("'Delete After Days' is no whole number of 0 or more");
		}
	});

	test.each<[label: string, parameters: Parameters]>([
		['Within Days', { rehireOptions: { withinDays: field('missing') } }],
		['Days Before Start', { joinerOptions: { daysBefore: field('missing') } }],
		['Expires After', { options: { expiresAfterHours: field('missing') } }],
		['Rows in Digest', { options: { digestRows: field('missing') } }],
	])('%s is no default where Settings has no such field', async (label, parameters) => {
		const ran = await withSettings({}, [desiredAccount(parent, 'C2')], planning(1, parameters));
		expect(ran.error?.message).toContain(`'${label}' is empty`);
	});

	test.each<[label: string, options: Parameters]>([
		['Canary', { canary: field('missing') }],
		['Stop After Failures', { stopAfterFailures: field('missing') }],
		['Lease Object', { leaseObject: field('missing') }],
	])('%s is no "all of them" where Settings has no such field', async (label, options) => {
		const ran = await withSettings({}, [{}], { operation: 'applyPlan', options });
		expect(ran.error?.message).toContain(`'${label}' is no`);
	});
});

describe('the password of a new account', () => {
	const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const pem = publicKey.export({ type: 'spki', format: 'pem' });
	const delivery = "={{ $('Settings').first().json.helpDeskPublicKey ? 'encrypted' : 'none' }}";
	const asSet = { delivery, publicKey: field('helpDeskPublicKey') };

	async function applied(settings: object, key: string, parameters: Parameters): Promise<WorkflowRun> {
		const { ou, scope } = await newScope();
		const planned = await withSettings({}, [desiredAccount(ou, key)], planning(1, scope));
		return await withSettings(settings, [first(planned)], { operation: 'applyPlan', ...parameters });
	}

	test('is encrypted where Settings has a key, in the usual field', async () => {
		const ran = await applied({ helpDeskPublicKey: pem }, 'P1', asSet);
		expect(ran.error).toBeUndefined();
		expect(first(ran)).toMatchObject({
			...{ key: 'P1', status: 'applied', passwordDelivery: 'encrypted' },
			...{ encryptedPassword: expect.any(String) as string, encryptedPasswordKey: expect.any(String) as string },
		});
	});

	test('is not returned where Settings has none', async () => {
		const ran = await applied({ helpDeskPublicKey: '' }, 'P2', asSet);
		expect(ran.error).toBeUndefined();
		expect(first(ran)).toMatchObject({ key: 'P2', status: 'applied', passwordDelivery: 'not returned' });
		expect(Object.keys(first(ran)).filter((name) => /encrypted|initial/i.test(name))).toEqual([]);
	});

	test.each(["={{ 'field' }}", '={{ $json.delivery }}', '={{ true }}', "={{ '' }}"])(
		'is not put where everyone may read it by %s, and nothing is written',
		async (expression) => {
			const ran = await applied({}, 'P3', { delivery: expression, publicKey: pem });
			expect(ran.error?.message).toContain("'Initial Password'");
			expect(await accounts('P3')).toEqual([]);
		},
	);

	test('the same holds for users one by one', async () => {
		const { ou } = await newScope();
		const user = { resource: 'user', operation: 'create', mappedAccount: '={{ $json.account }}' };
		const people = (letter: string) => [{ account: desiredAccount(ou, `${letter}1`), delivery: 'field' }];
		const refused = await withSettings(
			{},
			people('U'),
			{ ...user, publicKey: pem, delivery: '={{ $json.delivery }}' },
			{},
		);
		expect(refused.error?.message).toContain("'Initial Password' cannot be put in an output field by an expression");
		expect(await accounts('U1')).toEqual([]);
		const ran = await withSettings({ helpDeskPublicKey: pem }, people('V'), { ...user, ...asSet }, {});
		expect(first(ran)).toMatchObject({ outcome: 'created', encryptedPassword: expect.any(String) as string });
	});

	test.each<[delivery: string, said: string]>([
		['none', 'not returned'],
		['encrypted', 'encrypted'],
		['field', 'output field'],
	])('leaving as %s is said beside the outcome', async (by, said) => {
		const { ou, scope } = await newScope();
		const key = `PW${by}`;
		const planned = await withSettings({}, [desiredAccount(ou, key)], planning(1, scope));
		const apply = { operation: 'applyPlan', delivery: by, publicKey: pem };
		const ran = await withSettings({}, [first(planned)], apply);
		expect(first(ran)).toMatchObject({ key, status: 'applied', passwordDelivery: said });
		expect(textIn(first(ran), 'passwordMessage')).toMatch(/\w.*\.$/);
		const again = await withSettings({}, [first(planned)], apply);
		expect(first(again)).toMatchObject({ status: 'already done', passwordDelivery: 'set before' });
	});

	test('comes later for who begins next week; a leaver has none to be told', async () => {
		const { ou, scope } = await newScope();
		const startsAt = new Date(Date.now() + 3 * 86_400_000).toISOString();
		const early = { ...desiredAccount(ou, 'PE1'), startsAt };
		const soon = { ...scope, joinerOptions: { daysBefore: 7 }, leaverOptions: { randomPassword: true } };
		const run = async (people: readonly object[]) => {
			const planned = await withSettings({}, people, planning(2, soon));
			const ran = await withSettings({}, [first(planned)], { operation: 'applyPlan' });
			return ran.out('AD')[0]?.map((item) => [item['key'], item['passwordDelivery']]);
		};
		const other = desiredAccount(ou, 'PE2');
		expect(await run([early, other])).toEqual([
			['PE1', 'not set yet'],
			['PE2', 'not returned'],
		]);
		expect(await run([early, { ...other, lifecycle: 'leaver' }])).toEqual([['PE2', undefined]]);
	});

	test('by an expression the panel shows neither the warning nor a second field', () => {
		const { description } = new AdProvision();
		const shown = (given: string) => {
			const values = { resource: 'plan', operation: 'applyPlan', delivery: given } as const;
			return description.properties
				.filter(({ name }) => ['publicKey', 'deliveredIn', 'passwordNotice'].includes(name))
				.filter((property) => NodeHelpers.displayParameter(values, property, { typeVersion: 1 }, description))
				.map(({ name, default: usual }) => (name === 'deliveredIn' ? usual : name));
		};
		expect(shown('none')).toEqual([]);
		expect(shown('encrypted')).toEqual(['publicKey', 'encryptedPassword']);
		expect(shown(delivery)).toEqual(['publicKey', 'encryptedPassword']);
		expect(shown('field')).toEqual(['passwordNotice', 'initialPassword']);
	});
});

describe('outcomes out of a table', () => {
	test.each<[what: string, key: string, outcomes: string]>([
		['a cell in each row', 'T1', '={{ $json.outcome }}'],
		['parsed in each row', 'T2', '={{ JSON.parse($json.outcome) }}'],
		['a list, parsed', 'T3', "={{ $('People').all().map((item) => JSON.parse(item.json.outcome)) }}"],
		['a list of cells', 'T4', "={{ $('People').all().map((item) => item.json.outcome) }}"],
		[
			'with fields of a report',
			'T5',
			"={{ ({ ...JSON.parse($json.outcome), flow: 'Onboard', passwordDelivery: 'x' }) }}",
		],
	])('%s are undone', async (_, key, outcomes) => {
		const { ou, scope } = await newScope();
		const planned = await withSettings({}, [desiredAccount(ou, key)], planning(1, scope));
		const done = await withSettings({}, [first(planned)], { operation: 'applyPlan' });
		const row = { id: 1, key, outcome: JSON.stringify(first(done)), createdAt: '2026-03-01T08:00:00.000Z' };
		const ran = await withSettings({}, [row], { operation: 'createUndoPlan', outcomes });
		expect(ran.error).toBeUndefined();
		expect(first(ran)).toMatchObject({ kind: 'undo', changes: [{ key }] });
		const undone = await withSettings({}, [row], { operation: 'undo', outcomes });
		expect(first(undone)).toMatchObject({ key, status: 'applied' });
	});

	test('text that is no outcome is named', async () => {
		const ran = await withSettings({}, [{ outcome: 'gone' }], { operation: 'undo', outcomes: "={{ ['gone'] }}" });
		expect(ran.error?.message).toContain("'Applied Changes' holds something else");
	});
});
