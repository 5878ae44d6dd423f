/** The lists of the editor: users, groups, organisational units and attributes of the domain that the credential leads to. */
import { createHash, randomInt } from 'node:crypto';
import { NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';
import { openDirectory, type Directory } from '../../lib/directory/directory';
import { describeError, DirectoryError } from '../../lib/directory/errors';
import { listObjects, readableAttributes, type ListKind, type ReadableAttribute } from '../../lib/directory/lists';
import { readUserSchema } from '../../lib/directory/schema';
import { parseSettings } from '../../lib/directory/settings';
import type { AttributeFacts } from '../../lib/schema/attributes';
import { describeFacts } from '../../lib/schema/attributeText';
import { attributeLabel, bestFirst } from '../AttributeMap/attributeList';

const KEPT_MS = 20_000;
/** Somebody waits before an open list: shorter than a run may wait, whatever the credential says. */
const CONNECT_MS = 10_000;
const OPERATION_MS = 15_000;
const WHOLE_MS = 25_000;
/** Shown at once; the rest comes as the list is scrolled. */
const PAGE = 100;
/** Whoever has more types a part of the name: nobody scrolls through a thousand. */
const MOST = 1000;
/** These are names, and have fields of their own. */
const NAMES = new Set(['samaccountname', 'userprincipalname', 'cn']);

/** Answers by what was asked, for a short while: the editor asks again whenever a list is opened, and for every page. */
const kept = new Map<string, { readonly answer: Promise<unknown>; readonly until: number }>();

export async function searchUsers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await objectsOf(this, 'user', filter, paginationToken);
}

export async function searchGroups(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await objectsOf(this, 'group', filter, paginationToken);
}

export async function searchUnits(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await objectsOf(this, 'unit', filter, paginationToken);
}

/** Attributes to be written; what nobody writes is shown behind them, so that whoever looks for it sees why it is missing. */
export async function searchAttributes(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const [writable, readable] = await schemaOf(this, 'user');
	const free = writable.filter(({ name }) => !NAMES.has(name.toLowerCase()));
	const found = bestFirst(free, filter).map((facts) => ({
		name: `${attributeLabel(facts)} · ${describeFacts(facts)}`,
		value: facts.name,
	}));
	const readOnly = filter.trim() === '' ? [] : bestFirst(readable.map(asFacts), filter);
	const known = new Set(writable.map(({ name }) => name.toLowerCase()));
	const others = readOnly.filter(({ name }) => !known.has(name.toLowerCase()) && !NAMES.has(name.toLowerCase()));
	return paged([...found, ...others.map(readOnlyResult)], paginationToken);
}

/** Attributes to be compared, of the class that is listed. */
export async function searchReadable(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const resource = (this.getCurrentNodeParameter('resource') as string | undefined) ?? 'user';
	const [writable, readable] = await schemaOf(this, resource);
	const known = new Map(writable.map((facts) => [facts.name, facts]));
	const results = bestFirst(readable.map(asFacts), filter).map((facts) => {
		const written = known.get(facts.name);
		const kind = written ? describeFacts(written) : facts.single ? 'single' : 'multiple';
		return { name: `${attributeLabel(facts)} · ${kind}`, value: facts.name };
	});
	return paged(results, paginationToken);
}

function asFacts({ name, title, single }: ReadableAttribute): AttributeFacts {
	return { name, title, single, syntax: 'text', maxLength: null };
}

function readOnlyResult(facts: AttributeFacts): { name: string; value: string } {
	return {
		name: `${attributeLabel(facts)} · ${facts.single ? 'single' : 'multiple'}, read-only`,
		value: facts.name,
	};
}

type Schema = readonly [readonly AttributeFacts[], readonly ReadableAttribute[]];

async function schemaOf(context: ILoadOptionsFunctions, resource: string): Promise<Schema> {
	const className = resource === 'user' || resource === 'group' ? resource : 'organizationalUnit';
	return await ask(
		context,
		['schema', className],
		async (directory): Promise<Schema> => [
			className === 'user' ? await readUserSchema(directory) : [],
			await readableAttributes(directory, className),
		],
	);
}

async function objectsOf(
	context: ILoadOptionsFunctions,
	kind: ListKind,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const found = await ask(context, [kind, filter], (directory) => listObjects(directory, kind, filter, MOST));
	const results = found.map(({ guid, name, detail }) => ({
		name: detail === '' ? name : `${name} (${detail})`,
		value: guid,
	}));
	return paged(results, paginationToken);
}

function paged(results: ReadonlyArray<{ name: string; value: string }>, token: unknown): INodeListSearchResult {
	const from = typeof token === 'string' && /^\d{1,6}$/.test(token) ? Number(token) : 0;
	const next = from + PAGE;
	return { results: results.slice(from, next), ...(next < results.length ? { paginationToken: String(next) } : {}) };
}

/** One connection for one question. @throws NodeOperationError with all the words in its message: the editor shows nothing else */
async function ask<T>(
	context: ILoadOptionsFunctions,
	question: readonly string[],
	read: (directory: Directory) => Promise<T>,
): Promise<T> {
	try {
		const credential = await context.getCredentials('adLdapApi');
		const key = createHash('sha256')
			.update(JSON.stringify([credential, question]))
			.digest('hex');
		for (const [other, { until }] of kept) if (until <= Date.now()) kept.delete(other);
		const known = kept.get(key);
		if (known) return (await known.answer) as T;
		const answer = readOnce(credential, read);
		kept.set(key, { answer, until: Date.now() + KEPT_MS });
		// A failure is not kept.
		answer.catch(() => {
			if (kept.get(key)?.answer === answer) kept.delete(key);
		});
		return await answer;
	} catch (error) {
		throw explain(context, error);
	}
}

async function readOnce<T>(
	credential: Readonly<Record<string, unknown>>,
	read: (directory: Directory) => Promise<T>,
): Promise<T> {
	const settings = parseSettings(credential);
	const directory = openDirectory(
		{
			...settings,
			connectTimeoutMs: Math.min(settings.connectTimeoutMs, CONNECT_MS),
			operationTimeoutMs: Math.min(settings.operationTimeoutMs, OPERATION_MS),
		},
		{ randomInt: (below) => randomInt(below), clock: () => Date.now(), signal: AbortSignal.timeout(WHOLE_MS) },
	);
	try {
		return await read(directory);
	} finally {
		await directory.close();
	}
}

function explain(context: ILoadOptionsFunctions, error: unknown): NodeOperationError {
	const typed = 'What is chosen here can be typed instead.';
	if (!(error instanceof DirectoryError))
		return new NodeOperationError(context.getNode(), error as Error, { description: typed });
	// Nobody stopped anything here: it took too long.
	const [message, whatToDo] =
		error.kind === 'cancelled'
			? [
					`The domain controller did not answer within ${WHOLE_MS / 1000} seconds.`,
					'Look at the network and the controller, then open the list again.',
				]
			: [error.message, describeError(error)];
	return new NodeOperationError(context.getNode(), `${message} ${whatToDo}`, { description: typed });
}
