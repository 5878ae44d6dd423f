import { NodeConnectionTypes, type IDataObject, type INode, type INodeType } from 'n8n-workflow';
import { whyNoDesiredAccount } from '../../lib/desiredAccount';
import { chain, node, runWorkflow, TYPES, type WorkflowRun } from '../support/n8n-core';

// Ten thousand people, on a machine that does other things too.
jest.setTimeout(60_000);

const OU = 'OU=People,DC=corp,DC=example,DC=com';
const PARAMETERS: INode['parameters'] = {
	key: '${employeeIdentifier}',
	displayName: '${displayname}',
	attributes: { values: [{ attribute: 'department', value: '${department}' }] },
	names: { values: [{ name: 'sAMAccountName', formats: '${username}\n${firstname | first_chars: 1}${lastname}' }] },
	ou: OU,
	options: {},
};
const person = (key: string, more: IDataObject = {}): IDataObject => ({
	employeeIdentifier: key,
	displayname: 'Ada Lovelace',
	username: `ada${key}`,
	department: 'Engines',
	...more,
});
const filter = (
	...conditions: ReadonlyArray<readonly [left: string, operator: object, right?: unknown]>
): INode['parameters'] =>
	({
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		combinator: 'and',
		conditions: conditions.map(([leftValue, operator, rightValue = ''], index) => ({
			id: String(index),
			leftValue,
			rightValue,
			operator,
		})),
	}) as INode['parameters'];
const NOT_STAGED = filter(['={{ $json.state }}', { type: 'string', operation: 'notEquals' }, 'STAGED']);
const attributes = (
	...values: ReadonlyArray<{ attribute: string; value: string; rule?: INode['parameters'] }>
): INode['parameters'] => ({
	...PARAMETERS,
	attributes: { values: [...values] },
});

async function map(
	input: readonly IDataObject[],
	parameters: INode['parameters'] = PARAMETERS,
	extra: Partial<INode> = {},
): Promise<WorkflowRun> {
	const nodes = [node('Start', TYPES.start, {}), node('Map', TYPES.attributeMap, parameters, extra)];
	return await runWorkflow({ nodes, connections: chain('Start', 'Map') }, { input });
}

async function department(value: string, record: IDataObject): Promise<unknown> {
	const run = await map([person('1', record)], attributes({ attribute: 'department', value }));
	const [account] = run.out('Map')[0] ?? [];
	return (account?.['attributes'] as IDataObject | undefined)?.['department'];
}

const reasons = (rejected: IDataObject | undefined) =>
	(rejected?.['problems'] as IDataObject[]).map(({ attribute, rule }) => [attribute, rule]);

describe('people', () => {
	test('leave by Mapped as accounts that AD Provision takes, or by Rejected with what is wrong and their record', async () => {
		const nobody: IDataObject = { displayname: 'No Key', department: 'x'.repeat(65) };
		const run = await map([person('1'), nobody, person('3')]);
		const [mapped = [], rejected = [], outOfScope = []] = run.out('Map');
		expect(outOfScope).toEqual([]);
		expect(run.status).toBe('success');
		expect(mapped.map((account) => account['key'])).toEqual(['1', '3']);
		expect(mapped.map(whyNoDesiredAccount)).toEqual([undefined, undefined]);
		expect(rejected).toHaveLength(1);
		expect(rejected[0]).toMatchObject({ key: '', displayName: 'No Key', record: nobody });
		expect(reasons(rejected[0])).toEqual([
			['key', 'required'],
			['department', 'length'],
		]);
		expect(run.hints('Map')).toEqual(['1 of 3 people were rejected. The output Rejected says why.']);
	});

	test('keep the pair of the item that they came in as, in all three outputs', async () => {
		const run = await map([person('1'), {}, person('3'), {}, person('5', { state: 'STAGED' })], {
			...PARAMETERS,
			scope: NOT_STAGED,
		});
		expect(run.items('Map').map((items) => items.map(({ pairedItem }) => pairedItem))).toEqual([
			[{ item: 0 }, { item: 2 }],
			[{ item: 1 }, { item: 3 }],
			[{ item: 4 }],
		]);
		expect(run.out('Map')[2]).toEqual([
			{ key: '5', displayName: 'Ada Lovelace', conditions: ['state is not "STAGED"'] },
		]);
	});

	test('with one key, in whatever case, are all rejected', async () => {
		const run = await map([person('a1'), person('b2'), person('A1')]);
		const [mapped = [], rejected = []] = run.out('Map');
		expect(mapped.map((account) => account['key'])).toEqual(['b2']);
		expect(rejected.map(reasons)).toEqual([[['key', 'unique']], [['key', 'unique']]]);
	});

	test('may be ten thousand, and their records stay as they were', async () => {
		const input = Array.from({ length: 10_000 }, (_, index) => person(String(index), { phones: [{ number: index }] }));
		const before = structuredClone(input);
		const run = await map(input, {
			...attributes({
				attribute: 'telephoneNumber',
				value: '{% increment username %}${phones | map: "number" | first}',
			}),
			displayName: '={{ $json.displayname }} {{ $json.employeeIdentifier }}',
		});
		expect(run.out('Map').map((items) => items.length)).toEqual([10_000, 0, 0]);
		expect(run.out('Map')[0]?.[9999]).toMatchObject({ displayName: 'Ada Lovelace 9999' });
		expect(run.items('Map')[0]?.[9999]?.pairedItem).toEqual({ item: 9999 });
		expect(run.out('Start')[0]).toEqual(before);
	});
});

describe('a value', () => {
	test.each<[value: string, record: IDataObject, stored: unknown]>([
		['Fixed', {}, 'Fixed'],
		['${department} / ${city}', { city: 'London' }, 'Engines / London'],
		['${department} / ${city}', {}, undefined],
		['${department} / ${city | default: "-"}', {}, 'Engines / -'],
		['={{ $json.department.toUpperCase() }}', {}, 'ENGINES'],
		['={{ $json.nothing }}', {}, undefined],
		['={{ "" }}', {}, undefined],
	])('%j is a format, fixed text, or the result of an expression', async (value, record, stored) => {
		expect(await department(value, record)).toBe(stored);
	});

	test.each(['${email} {{ 7*7 }}', '{% if 1 %}x{% endif %}', '={{ $json.username }}', '<b>&amp;</b>'])(
		'of the record that looks like a template stays text: %j',
		async (hostile) => {
			expect(await department('${hostile}', { hostile, email: 'secret' })).toBe(hostile);
			expect(await department('={{ $json.hostile }}', { hostile, email: 'secret' })).toBe(hostile);
		},
	);

	test('of an expression may come from each of the parameters', async () => {
		const run = await map([person('1', { city: 'London' })], {
			key: '={{ "K" + $json.employeeIdentifier }}',
			displayName: '={{ $json.city }}',
			attributes: { values: [{ attribute: 'otherTelephone', value: '={{ ["1", "2"] }}' }] },
			names: { values: [{ name: 'cn', formats: '={{ [$json.displayname, $json.username] }}' }] },
			ou: `=OU={{ $json.city }},${OU}`,
			options: {},
		});
		expect(run.out('Map')[0]?.[0]).toMatchObject({
			key: 'K1',
			displayName: 'London',
			attributes: { otherTelephone: ['1', '2'] },
			names: { cn: { candidates: ['Ada Lovelace', 'ada1'] } },
			ou: `OU=London,${OU}`,
		});
	});

	test('that cannot be evaluated rejects only the person whose record is at fault', async () => {
		const parameters = attributes({ attribute: 'department', value: '={{ $json.hired.toDateTime().year }}' });
		const people = ['2026-01-01', 'soon', '2026-03-01'].map((hired, index) => person(String(index + 1), { hired }));
		const run = await map(people, parameters);
		const [mapped = [], rejected = []] = run.out('Map');
		expect(mapped.map((account) => account['key'])).toEqual(['1', '3']);
		expect(rejected.map((one) => one['key'])).toEqual(['2']);
		expect(reasons(rejected[0])).toEqual([['department', 'format']]);
	});
});

describe('settings that nobody can be mapped with', () => {
	const broken = attributes({ attribute: 'title', value: 'x' }, { attribute: 'department', value: 'ab ${department' });

	test.each<[INode['parameters'], string, string]>([
		[broken, "'Attributes, row 2 (department)'", '(column 4)'],
		[attributes({ attribute: 'department', value: '${x | nope}' }), "'Attributes, row 1 (department)'", 'filter: nope'],
		[attributes({ attribute: 'userAccountControl', value: '512' }), "'Attributes, row 1'", 'cannot be mapped'],
		[
			{ ...PARAMETERS, names: { values: [{ name: 'cn', formats: 'x', counter: { highest: 10_000 } }] } },
			"'Names, row 1 (cn), Counter Highest Number'",
			'10000',
		],
		[
			{ ...PARAMETERS, leaverWhen: filter(['', { type: 'string', operation: 'equals' }, 'GONE']) },
			"'Leaver When'",
			'compares no field',
		],
		[
			attributes({ attribute: 'department', value: 'x', rule: { pastedTable: '{"a":' } }),
			"'Attributes, row 1 (department), Value Table'",
			'',
		],
	])('stop the node, which names the parameter: %#', async (parameters, where, what) => {
		const run = await map([person('1')], parameters);
		expect(run.status).toBe('error');
		expect(run.error?.message).toContain(where);
		expect(run.error?.message).toContain(what);
		expect(run.error?.description).toMatch(/\S/);
		expect(run.out('Map').flat()).toEqual([]);
	});

	test('reject everybody when the node continues, so that no HR record leaves by Mapped', async () => {
		const run = await map([person('1'), person('2')], broken, { onError: 'continueRegularOutput' });
		const [mapped, rejected = []] = run.out('Map');
		expect(mapped).toEqual([]);
		expect(rejected.map((one) => one['record'])).toEqual([person('1'), person('2')]);
		expect(rejected.map(reasons)).toEqual([[['', 'settings']], [['', 'settings']]]);
	});

	test('send everybody to the error output where there is one', async () => {
		const run = await map([person('1'), person('2')], broken, { onError: 'continueErrorOutput' });
		expect(run.out('Map').map((items) => items.length)).toEqual([0, 0, 0, 2]);
	});
});

describe('conditions', () => {
	const lifecycles = async (parameters: INode['parameters'], ...people: readonly IDataObject[]) =>
		(await map(people, { ...PARAMETERS, ...parameters })).out('Map')[0]?.map((account) => account['lifecycle']);
	const IS_GONE = filter(['={{ $json.state }}', { type: 'string', operation: 'equals' }, 'GONE']);

	test('say who leaves and who is away', async () => {
		const people = [person('1'), person('2', { state: 'GONE' }), person('3', { state: 'PARENTAL' })];
		const away = filter(['={{ $json.state }}', { type: 'string', operation: 'equals' }, 'PARENTAL']);
		expect(await lifecycles({ leaverWhen: IS_GONE, awayWhen: away }, ...people)).toEqual(['active', 'leaver', 'away']);
	});

	test('that the editor stores blank by itself make nobody a leaver', async () => {
		const blank = filter(['', { type: 'string', operation: 'equals', name: 'filter.operator.equals' }, '']);
		expect(await lifecycles({ leaverWhen: blank, awayWhen: blank, scope: blank }, person('1'))).toEqual(['active']);
	});

	test('may compare what n8n must evaluate, on both sides', async () => {
		const leaverWhen = filter([
			'={{ $json.state.toLowerCase() }}',
			{ type: 'string', operation: 'equals' },
			'={{ "go" + "ne" }}',
		]);
		const people = [person('1', { state: 'GONE' }), person('2', { state: 'HERE' })];
		expect(await lifecycles({ leaverWhen }, ...people)).toEqual(['leaver', 'active']);
	});
});

describe('places', () => {
	test('come from conditions that n8n must evaluate, and from tables', async () => {
		const rule = {
			by: 'conditions',
			conditions: filter(['={{ $json.department.length }}', { type: 'number', operation: 'gt' }, 10]),
			ou: `OU=Long,${OU}`,
		};
		const table = { by: 'table', value: '${site}', table: { values: [{ from: 'HQ', to: `OU=HQ,${OU}` }] } };
		const groups = { by: 'table', value: '={{ $json.site }}', pastedTable: 'HQ;"Doors;Canteen"' };
		const run = await map(
			[person('1', { department: 'A long department' }), person('2', { site: 'HQ' }), person('3')],
			{ ...PARAMETERS, ouRules: { values: [rule, table] }, groups: 'Staff', groupRules: { values: [groups] } },
		);
		const [mapped = []] = run.out('Map');
		expect(mapped.map(({ ou, groups, managedGroups }) => [ou, groups, managedGroups])).toEqual([
			[`OU=Long,${OU}`, ['Staff'], ['Staff', 'Doors', 'Canteen']],
			[`OU=HQ,${OU}`, ['Doors', 'Canteen'], ['Staff', 'Doors', 'Canteen']],
			[OU, ['Staff'], ['Staff', 'Doors', 'Canteen']],
		]);
	});
});

describe('a photo', () => {
	const PHOTO = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
	const FILES: INodeType = {
		description: {
			displayName: 'Files',
			name: 'files',
			group: ['trigger'],
			version: 1,
			description: 'People with a file',
			defaults: { name: 'Files' },
			inputs: [],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		execute: () =>
			Promise.resolve([
				[
					{ json: person('1'), binary: { photo: { data: PHOTO.toString('base64'), mimeType: 'image/jpeg' } } },
					{ json: person('2') },
				],
			]),
	};

	test('comes from the file of its own item', async () => {
		const parameters = attributes({ attribute: 'thumbnailPhoto', value: '', rule: { binaryField: 'photo' } });
		const nodes = [node('Start', 'test.files', {}), node('Map', TYPES.attributeMap, parameters)];
		const run = await runWorkflow(
			{ nodes, connections: chain('Start', 'Map') },
			{ extraNodes: { 'test.files': FILES } },
		);
		expect(run.out('Map')[0]?.map((account) => account['attributes'])).toEqual([
			{ thumbnailPhoto: { base64: PHOTO.toString('base64') } },
			{},
		]);
	});
});

describe('a run that is cancelled', () => {
	test('ends before its people are mapped', async () => {
		const input = Array.from({ length: 20_000 }, (_, index) => person(String(index)));
		const nodes = [node('Start', TYPES.start, {}), node('Map', TYPES.attributeMap, PARAMETERS)];
		const run = await runWorkflow(
			{ nodes, connections: chain('Start', 'Map') },
			{ input, onStart: (cancel) => setTimeout(cancel, 50) },
		);
		expect(run.out('Map').flat()).toEqual([]);
	});
});
