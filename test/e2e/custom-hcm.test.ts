/**
 * "Provision from a Custom HCM" on real parts: an HR system of its own shape, n8n with the packed package, and a domain that is read back from
 * Samba's own database.
 */
import type { Execution } from '../../demo/n8n/client.ts';
import { addCredential } from '../../demo/n8n/publish.ts';
import type { Template } from '../../demo/workflows.ts';
import { scenario, type Scenario } from '../support/flow-scenarios';
import { closeAll } from '../support/http';
import { untilFailedRun } from '../support/failed-run';
import { answers, outcomes } from '../support/kept-rows';
import { startWorkerService, type Worker, type WorkerService } from '../support/worker-service';
import { startStage, type Stage } from '../support/world-templates';

jest.setTimeout(400_000);

const TEMPLATE = 'Provision from a Custom HCM';

/** @param number makes every key and name, which are unique in the whole domain */
const worker = (number: number, family: string, changes: Partial<Worker> = {}): Worker => ({
	...{ workerId: `W-${number}`, number: String(100_000 + number), status: 'A' },
	person: { name: { given: 'Grace', family }, contact: [{ kind: 'mobile', value: '+49 151 23456789' }] },
	job: { title: 'Engineer', unit: 'D10', site: { code: 'BER', country: 'DE' } },
	contract: { kind: 'P', from: '01.02.2025' },
	...changes,
});
const team = (first: number, name: string): Worker[] => [
	worker(first, `${name}one`),
	worker(first + 1, `${name}two`, {
		job: { title: 'Buyer', unit: 'D30', site: { code: 'LYO', country: 'FR' }, manager: `W-${first}` },
		contract: { kind: 'X', from: '01.02.2025', to: '31.12.2099' },
	}),
	worker(first + 2, `${name}three`),
];
/** Another code than the value table has. */
const strange = worker(13, 'Strange', { job: { title: 'Poet', unit: 'D99', site: { code: 'BER', country: 'DE' } } });

let stage: Stage;
let happy: Scenario;
let refused: Scenario;
let hr: WorkerService;
let otherHr: WorkerService;
let first: Execution;

/** A copy of the template whose HR system is this one. */
async function withHr(name: string, { base }: WorkerService, key: string): Promise<Scenario> {
	const hcmApi = await addCredential(stage.world.client, {
		...{ name: `HR of ${name}`, type: 'hcmApi' },
		data: { baseUrl: base, authenticateWith: 'apiKey', keyIn: 'header', keyName: 'X-Api-Key', keyValue: key },
	});
	const change = (template: Template): Template => ({
		...template,
		nodes: template.nodes.map((node) =>
			node.parameters['authentication'] === 'hcmApi' ? { ...node, credentials: { hcmApi } } : node,
		),
	});
	return await scenario(stage, { name, template: TEMPLATE, people: [], change });
}

function inHr({ workers }: WorkerService, workerId: string, changes: Partial<Worker>): void {
	const at = workers.findIndex((one) => one.workerId === workerId);
	const one = workers[at];
	if (!one) throw new Error(`There is no worker ${workerId}.`);
	workers[at] = { ...one, ...changes };
}

async function quietRun(flow: Scenario): Promise<Execution> {
	const { waiting, execution } = await flow.reached(await flow.start());
	expect([waiting?.title, execution.status, execution.error]).toEqual([undefined, 'success', undefined]);
	return execution;
}

beforeAll(async () => {
	stage = await startStage();
	hr = await startWorkerService([...team(10, 'Happy'), strange]);
	otherHr = await startWorkerService(team(20, 'Other'));
	happy = await withHr('happy', hr, hr.key);
	refused = await withHr('refused', otherHr, otherHr.key);
	first = await quietRun(happy);
	await quietRun(refused);
});

afterAll(async () => {
	await happy?.close();
	await refused?.close();
	await stage?.close();
	await closeAll();
});

const attributes = async (flow: Scenario, key: string) => (await flow.accounts()).get(key)?.attributes ?? {};
const report = (execution: Execution): Record<string, unknown> => execution.out('Report')[0]?.[0]?.json ?? {};
const approver = () => stage.world.users.approver;

describe('within the limits', () => {
	test('new people get their accounts at once: two endpoints joined, codes as words, dates of another format', async () => {
		expect(await attributes(happy, '100010')).toMatchObject({
			...{ displayName: ['Grace Happyone'], givenName: ['Grace'], sn: ['Happyone'], employeeNumber: ['W-10'] },
			...{ sAMAccountName: ['ghappyone'], userPrincipalName: ['grace.happyone@corp.example.com'] },
			...{ department: ['Engineering'], employeeType: ['Employee'], physicalDeliveryOfficeName: ['Berlin'] },
			...{ c: ['DE'], mobile: ['+4915123456789'], userAccountControl: ['512'] },
		});
		expect(await attributes(happy, '100011')).toMatchObject({
			...{ department: ['Finance'], employeeType: ['Contractor'], physicalDeliveryOfficeName: ['Lyon'], c: ['FR'] },
			manager: [expect.stringMatching(/^CN=Grace Happyone,/)],
			accountExpires: [expect.not.stringMatching(/^(0|9223372036854775807)$/)],
		});
		expect(report(first)).toMatchObject({ whatHappened: 'Nobody had to be asked.', failed: [], notWrittenBack: [] });
		expect(await outcomes(stage.world.client, { flow: happy.flow })).toHaveLength(3);
	});

	test('the HR system is told each account name', () => {
		expect(Object.fromEntries(hr.accounts)).toMatchObject({
			'W-10': { logonName: 'ghappyone', mail: 'grace.happyone@corp.example.com' },
			'W-11': { logonName: 'ghappytwo' },
			'W-12': { logonName: 'ghappythree' },
		});
	});

	test('whoever has a code that no table has is told to HR, and gets no account', async () => {
		const [told] = first.out('What HR Has to Mend')[0] ?? [];
		expect(told?.json['rejected']).toEqual([expect.stringContaining('D99')]);
		expect(await attributes(happy, '100013')).toEqual({});
	});

	test('a new title is applied at once; whoever leaves is asked about, and disabled after the yes', async () => {
		inHr(hr, 'W-10', { job: { title: 'Head of Engines', unit: 'D20', site: { code: 'BER', country: 'DE' } } });
		inHr(hr, 'W-12', { status: 'T' });
		const runId = await happy.start();
		const question = await happy.question(runId);
		expect(await attributes(happy, '100010')).toMatchObject({ title: ['Head of Engines'], department: ['Sales'] });
		expect(await attributes(happy, '100012')).toMatchObject({ userAccountControl: ['512'] });
		await happy.answer(question, { by: approver() });
		const execution = await happy.untilEnd(runId);
		expect([execution.status, execution.error]).toEqual(['success', undefined]);
		expect(await attributes(happy, '100012')).toMatchObject({ userAccountControl: ['514'] });
		expect(report(execution)).toMatchObject({
			doneAtOnce: [expect.stringContaining('Grace Happyone')],
			doneAfterApproval: [expect.stringContaining('Grace Happythree')],
		});
	});
});

describe('refused', () => {
	test('a declined leaver keeps the account, and the audit record says who declined', async () => {
		inHr(otherHr, 'W-22', { status: 'T' });
		const before = await attributes(refused, '100022');
		const runId = await refused.start();
		const question = await refused.question(runId);
		await refused.answer(question, { by: approver(), decision: 'decline', comment: 'Stays until June' });
		const execution = await refused.untilEnd(runId);
		expect(report(execution)).toMatchObject({ by: approver().email, comment: 'Stays until June' });
		expect(await attributes(refused, '100022')).toEqual(before);
		const { planId } = question;
		expect(await answers(stage.world.client, { planId })).toMatchObject([{ accepted: true, decision: 'decline' }]);
	});

	test('an HR system that does not know the key: nothing is done, and the error workflow hears of it', async () => {
		const flow = await withHr('nokey', otherHr, 'another key');
		const execution = await flow.untilEnd(await flow.startForReal());
		expect([execution.status, execution.error]).toEqual(['error', expect.stringContaining('Read Workers from HR')]);
		expect((await flow.accounts()).size).toBe(0);
		const { message } = await untilFailedRun(stage.world.client, execution.id);
		expect(message).toContain('Read Workers from HR');
		await flow.close();
	});
});
