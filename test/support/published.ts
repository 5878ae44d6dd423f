/** JumpCloud's published descriptions (test/fixtures/jumpcloud/README.md), and what they have against a request or a reply. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import type { LoggedRequest } from '../../demo/jumpcloud/server';

type Json = Readonly<Record<string, unknown>>;
type Parameter = { readonly in: string; readonly name: string; readonly type?: string; readonly schema?: Json };
type Operation = {
	readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
	readonly responses: Readonly<Record<string, { readonly schema?: Json }>>;
};
type Description = {
	readonly basePath: string;
	readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
	readonly parameters: Readonly<Record<string, Parameter>>;
	readonly definitions: Readonly<Record<string, { readonly properties: Json }>>;
};
type Found = { readonly description: Description; readonly operation: Operation; readonly route: string };

const FILES = ['v1', 'v2', 'directory-insights'] as const;

/** As published: nothing is adapted. */
export const PUBLISHED = FILES.map((name) => {
	const file = path.resolve(__dirname, `../fixtures/jumpcloud/${name}.json`);
	return JSON.parse(readFileSync(file, 'utf8')) as Description;
});

/** Where a description contradicts its own text, or JumpCloud's own clients. Each reason stands in the fixtures' README. */
const ADAPTATIONS: readonly (readonly [file: number, at: string, schema: Json])[] = [
	[0, 'definitions search properties filter', { type: ['object', 'array'] }],
	[0, 'definitions systemuserput properties manager', { type: ['string', 'null'] }],
	[
		0,
		'paths /systemusers/{id}/state/activate post parameters 1 schema properties email',
		{ type: ['string', 'boolean'] },
	],
	[0, 'paths /systemusers/{id} delete parameters', { 0: { in: 'query', name: 'cascade_manager', type: 'string' } }],
	[2, 'definitions EventQuery allOf 1 properties search_after items', { type: ['string', 'number'] }],
	[2, 'definitions TermConjunction', { type: ['object', 'array'] }],
];

/** With those adaptations. */
export const ADAPTED = PUBLISHED.map((description, file) =>
	ADAPTATIONS.filter(([of]) => of === file).reduce<Description>(
		(adapted, [, at, schema]) => replaced(adapted, at.split(' '), schema) as Description,
		description,
	),
);

function replaced(value: unknown, [name, ...rest]: readonly string[], schema: Json): unknown {
	if (name === undefined) return Array.isArray(value) ? Object.values(schema) : schema;
	if (typeof value !== 'object' || value === null || !(name in value)) throw new Error(`There is no "${name}".`);
	const part = replaced((value as Json)[name], rest, schema);
	return Array.isArray(value) ? value.with(Number(name), part) : { ...value, [name]: part };
}

/** Swagger 2.0 has no null: the descriptions write `x-nullable`, JSON Schema a union. */
function withNull(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(withNull);
	if (typeof schema !== 'object' || schema === null) return schema;
	const plain = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, withNull(part)]));
	return plain['x-nullable'] === true ? { ...plain, type: [plain['type'], 'null'] } : plain;
}

const ajv = new Ajv({
	strict: false,
	allErrors: true,
	formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)), int64: true },
});
/** By description too: an adapted one shares most of its schemas with the published one. */
const compiled = new Map<Description, Map<Json, ValidateFunction>>();

function faults(schema: Json, description: Description, value: unknown): readonly unknown[] {
	const ofDescription = compiled.get(description) ?? new Map<Json, ValidateFunction>();
	compiled.set(description, ofDescription);
	const validate =
		ofDescription.get(schema) ??
		ajv.compile(withNull({ ...schema, definitions: description.definitions }) as Record<string, unknown>);
	ofDescription.set(schema, validate);
	validate(value);
	return validate.errors ?? [];
}

function find(descriptions: readonly Description[], method: string, address: string): Found | undefined {
	for (const description of descriptions) {
		for (const [template, operations] of Object.entries(description.paths)) {
			const whole = `${description.basePath.replace(/\/$/, '')}${template}`;
			const pattern = new RegExp(`^${whole.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`);
			const operation = operations[method.toLowerCase()];
			if (operation && pattern.test(address)) return { description, operation, route: `${method} ${whole}` };
		}
	}
	return undefined;
}

/** Every route that the fixtures describe, as `METHOD /path/{id}`. */
export const ROUTES: readonly string[] = PUBLISHED.flatMap(({ basePath, paths }) =>
	Object.entries(paths).flatMap(([template, operations]) =>
		Object.keys(operations)
			.filter((method) => method !== 'parameters')
			.map((method) => `${method.toUpperCase()} ${basePath.replace(/\/$/, '')}${template}`),
	),
);

/** @returns the described route that a request takes, or undefined */
export function routeOf(method: string, address: string): string | undefined {
	return find(PUBLISHED, method, address)?.route;
}

/** @returns what the description has against a reply: the status, or the body; empty when nothing */
export function replyFaults(
	method: string,
	address: string,
	status: number,
	body: unknown,
	descriptions: readonly Description[] = ADAPTED,
): readonly unknown[] {
	const found = find(descriptions, method, address);
	if (!found) return [`${method} ${address} is not described`];
	const response = found.operation.responses[String(status)];
	if (!response) return [`HTTP ${status} is not described`];
	return response.schema ? faults(response.schema, found.description, body) : [];
}

/** @returns what the description has against a request: its parameters' names and types, and its body; empty when nothing */
export function requestFaults(
	{ method, path: address, search, body }: Pick<LoggedRequest, 'method' | 'path' | 'search' | 'body'>,
	descriptions: readonly Description[] = ADAPTED,
): readonly unknown[] {
	const found = find(descriptions, method, address);
	if (!found) return [`${method} ${address} is not described`];
	const parameters = (found.operation.parameters ?? []).map((parameter) =>
		'$ref' in parameter ? found.description.parameters[parameter.$ref.replace('#/parameters/', '')] : parameter,
	);
	const named = [...new URLSearchParams(search)].flatMap(([name, value]) => {
		// filter[0]= and search[searchTerm]= are parts of one parameter.
		const parameter = parameters.find((one) => one?.in === 'query' && one.name === name.replace(/\[.*$/, ''));
		if (!parameter) return [`the parameter ${name} is not described`];
		return parameter.type === 'integer' && !/^-?\d+$/.test(value) ? [`${name} is no whole number`] : [];
	});
	const inBody = parameters.find((one) => one?.in === 'body')?.schema;
	const sent = body !== undefined && body !== '';
	if (sent && !inBody) return [...named, 'a body is not described'];
	return sent && inBody ? [...named, ...faults(inBody, found.description, body)] : named;
}
