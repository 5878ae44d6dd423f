/**
 * What is read without n8n is what n8n gives: in the isolate that n8n runs by default, in its older engine, and to a node of a workflow.
 */
import fc from 'fast-check';
import { NodeConnectionTypes, type IDataObject, type IExecuteFunctions, type INodeType } from 'n8n-workflow';
import { compileFieldExpression } from '../../lib/mapping/fieldExpression';
import { COMPILED, LEFT_TO_N8N, RECORDS, TWO_HUNDRED } from '../support/field-expressions';
import { chain, node, runWorkflow, TYPES } from '../support/n8n-core';
import { openExpressionEngine, type Engine, type ExpressionEngine } from '../support/n8n-expressions';

jest.setTimeout(300_000);

/** Names that objects inherit: n8n's isolate finds the inherited method, and cannot copy an object that has such a field. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

/** A value as text that tells types, NaN, -0 and undefined apart; the order of fields does not count, nor do inherited names. */
function exactly(value: unknown): string {
	if (typeof value === 'number') return Object.is(value, -0) ? '-0' : `number ${value}`;
	if (typeof value !== 'object' || value === null) return `${typeof value} ${JSON.stringify(value)}`;
	if (Object.prototype.toString.call(value) === '[object Date]') return `date ${(value as Date).getTime()}`;
	if (Array.isArray(value)) return `[${value.map(exactly).join(',')}]`;
	const names = Object.keys(value).filter((name) => !INHERITED.includes(name));
	return `{${names
		.sort()
		.map((name) => `${JSON.stringify(name)}:${exactly((value as Record<string, unknown>)[name])}`)
		.join(',')}}`;
}

function hasField(value: unknown, names: readonly string[]): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return (
		Object.keys(value).some((name) => names.includes(name)) || Object.values(value).some((one) => hasField(one, names))
	);
}

/** Where n8n's engines do not agree with each other, or give up; lib/mapping/fieldExpression.ts says what is given then. */
function engineGivesUp(engine: Engine, given: unknown, json: object): boolean {
	if (engine === 'vm')
		return hasField(given, INHERITED) || (hasField([given], ['__isError']) && typeof given === 'object');
	return typeof given === 'string' && hasField(json, INHERITED);
}

/** @returns how many of the records were compared: none when the expression is left to n8n */
async function compare(
	engine: Engine,
	n8n: ExpressionEngine,
	expression: string,
	records: ReadonlyArray<Readonly<Record<string, unknown>>>,
): Promise<number> {
	const read = compileFieldExpression(expression);
	if (!read) return 0;
	const results = await n8n.evaluate(expression, records);
	records.forEach((json, index) => {
		const given = read(json);
		const result = results[index] ?? { error: 'no answer' };
		if ('value' in result && exactly(result.value) === exactly(given)) return;
		if (engineGivesUp(engine, given, json) && ('error' in result || result.value === null)) return;
		throw new Error(`${JSON.stringify(expression)} is ${exactly(given)}; n8n gives ${JSON.stringify(result)}`);
	});
	return records.length;
}

const name = fc.constantFrom(
	...[
		'a',
		'b',
		'c',
		'first name',
		'größe',
		'0',
		'1',
		'00',
		'',
		'-1',
		'name',
		'type',
		'value',
		'map',
		'length',
		'values',
	],
	...[
		'__proto__',
		'constructor',
		'prototype',
		'toString',
		'valueOf',
		'toJSON',
		'then',
		'__isError',
		'__isArray',
		'__isObject',
	],
	...['__n8nType', '__n8nEscaped', '__value', '$json', 'globalThis', 'this', '$', 'isProxy', 'new', 'hasOwnProperty'],
);
const scalar = fc.oneof(
	...[fc.constantFrom<unknown>(null, undefined, true, false, 0, -0, 1, '', NaN, Infinity), fc.integer(), fc.double()],
	...[fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('\ud800', '{{ $json.a }}', '={{ 1 }}', '__proto__')],
	fc.date({ noInvalidDate: true }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		{ weight: 3, arbitrary: scalar },
		fc.array(tie('value'), { maxLength: 4 }),
		fc.array(fc.tuple(name, tie('value')), { maxLength: 5 }).map(record),
	),
}));
const json = fc.array(fc.tuple(name, value), { maxLength: 12 }).map(record);

/** Own properties, `__proto__` too, as JSON.parse makes them. */
function record(fields: ReadonlyArray<readonly [string, unknown]>): Record<string, unknown> {
	const made: Record<string, unknown> = {};
	for (const [key, one] of fields)
		Object.defineProperty(made, key, { value: one, enumerable: true, configurable: true, writable: true });
	return made;
}

const blank = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n', '\u00a0', '/* c */');
const plainStep = fc.oneof(
	fc.tuple(fc.constantFrom('.', '?.'), name).map(([dot, key]) => `${dot}${key}`),
	fc
		.tuple(fc.constantFrom('', '?.'), fc.constantFrom('"', "'"), name)
		.map(([dot, quote, key]) => `${dot}[${quote}${key}${quote}]`),
	fc.constantFrom('[0]', '[1]', '?.[0]', '.a', '.b'),
);
const oddStep = fc.constantFrom(
	...[
		'[-1]',
		'[1.0]',
		'[01]',
		'[`a`]',
		'["a" + ""]',
		'[$json.a]',
		'["\\u0061"]',
		'.\\u0061',
		'["a\\"b"]',
		'["(x.first("]',
	],
	...[
		'.length',
		'.map(x => x)',
		'.first()',
		'.toString()',
		'()',
		'!',
		'.#a',
		'..a',
		'?a',
		'.名前',
		'.\u00aa',
		'.\u05d0',
	],
);
const step = fc
	.tuple(blank, fc.oneof({ weight: 12, arbitrary: plainStep }, { weight: 1, arbitrary: oddStep }))
	.map((parts) => parts.join(''));
const head = fc.oneof(
	{ weight: 15, arbitrary: fc.constant('$json') },
	fc.constantFrom('$data', '$input.item.json', 'json', 'this.$json', '($json)', '$json_', '$JSON', '{', '[$json][0]'),
);
const tail = fc.oneof(
	{ weight: 12, arbitrary: fc.constant('') },
	fc.constantFrom(';', ';;', ' + 1', ' ?? "x"', ' || 0', '// c', ', 1', '; 1', '}', ' }', '{'),
);
const code = fc
	.tuple(blank, head, fc.array(step, { maxLength: 4 }), tail, blank)
	.map(([before, start, steps, end, after]) => [before, start, ...steps, end, after].join(''));
const text = fc.oneof(
	{ weight: 4, arbitrary: fc.constant('') },
	fc.constantFrom(
		' ',
		'Hello ',
		'\n',
		'\t',
		'{',
		'}',
		'}}',
		'=',
		'"',
		"'",
		'`',
		'${a}',
		'\\',
		'\\\\',
		'\u2028',
		'é',
		'\ud83d',
	),
	fc.constantFrom('.constructor', 'constructor', 'toString', '$if(', '//', '/*', '\u0000', '\u200b', '😀', '\r\n'),
	fc.string({ unit: 'binary', maxLength: 5 }),
);
const braces = code.map((inner) => `{{${inner}}}`);
const expression = fc.oneof(
	braces.map((one) => `=${one}`),
	fc.array(fc.tuple(text, braces, text), { maxLength: 3 }).map((parts) => `=${parts.flat().join('')}`),
	fc.tuple(text, text).map((texts) => `=${texts.join('')}`),
);

describe.each<Engine>(['vm', 'legacy'])("n8n's engine %j", (engine) => {
	let n8n: ExpressionEngine;

	beforeAll(async () => {
		n8n = await openExpressionEngine(engine);
	});

	afterAll(() => n8n?.close());

	test('agrees on every expression of the lists', async () => {
		const compared: string[] = [];
		for (const each of [...COMPILED, ...LEFT_TO_N8N, ...TWO_HUNDRED])
			if ((await compare(engine, n8n, each, RECORDS)) > 0) compared.push(each);
		expect(new Set(compared)).toEqual(new Set([...COMPILED, ...TWO_HUNDRED]));
	});

	test('agrees on any expression that is compiled, for any record', async () => {
		let compared = 0;
		await fc.assert(
			fc.asyncProperty(expression, fc.array(json, { minLength: 1, maxLength: 5 }), async (each, records) => {
				compared += await compare(engine, n8n, each, records);
			}),
			{ numRuns: 2000 },
		);
		// The grammar is wider than what is compiled, and still reaches it often.
		expect(compared).toBeGreaterThan(1000);
	});

	test('knows every letter that a name may have without quotes', async () => {
		const letters = Array.from({ length: 0x530 }, (_, code) => String.fromCodePoint(code));
		let compiled = 0;
		for (const each of letters)
			compiled += await compare(engine, n8n, `={{ $json.${each} }}={{ $json.a${each} }}`, [
				{ [each]: 1, [`a${each}`]: 2 },
			]);
		expect(compiled).toBeGreaterThan(500);
	});
});

describe('a node of a workflow', () => {
	/** Gives what `getNodeParameter` gives it for each item. */
	const READER: INodeType = {
		description: {
			displayName: 'Reader',
			name: 'reader',
			group: ['transform'],
			version: 1,
			description: 'Gives its parameters',
			defaults: { name: 'Reader' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [{ displayName: 'Fields', name: 'fields', type: 'json', default: '' }],
		},
		execute(this: IExecuteFunctions) {
			const fields = TWO_HUNDRED.map((_, index) => `fields[${index}].value`);
			const read = (item: number) => fields.map((path) => this.getNodeParameter(path, item, null, {}) as unknown);
			return Promise.resolve([this.getInputData().map((_, item) => ({ json: { read: read(item) } }))]);
		},
	};

	test('gets the same for two hundred expressions', async () => {
		const parameters = { fields: TWO_HUNDRED.map((each) => ({ value: each })) };
		const nodes = [node('Start', TYPES.start, {}), node('Read', 'test.reader', parameters)];
		const run = await runWorkflow(
			{ nodes, connections: chain('Start', 'Read') },
			{ input: RECORDS as readonly IDataObject[], extraNodes: { 'test.reader': READER } },
		);
		expect(run.error).toBeUndefined();
		const given = RECORDS.map((one) => TWO_HUNDRED.map((each) => exactly(compileFieldExpression(each)?.(one))));
		expect(run.out('Read')[0]?.map((one) => (one['read'] as unknown[]).map(exactly))).toEqual(given);
	});
});
