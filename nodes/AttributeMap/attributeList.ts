/** The list of attributes: Active Directory's own, and with a credential on the node the domain's, custom attributes included. */
import { createHash, randomInt } from 'node:crypto';
import { NodeOperationError, type ILoadOptionsFunctions, type INodeListSearchResult } from 'n8n-workflow';
import { openDirectory } from '../../lib/directory/directory';
import { describeError, DirectoryError } from '../../lib/directory/errors';
import { readUserSchema } from '../../lib/directory/schema';
import { parseSettings } from '../../lib/directory/settings';
import { attributeFacts, ATTRIBUTES, type AttributeFacts } from '../../lib/schema/attributes';
import { describeFacts, formatAttribute } from '../../lib/schema/attributeText';

const KEPT_MS = 60_000;
/** Somebody waits before an open list: shorter than a run may wait, whatever the credential says. */
const CONNECT_MS = 10_000;
const OPERATION_MS = 15_000;
const WHOLE_MS = 25_000;
/** These are names, and have rows of their own under Names. */
const NAMES = new Set(['samaccountname', 'userprincipalname', 'cn']);

type Kept = { readonly attributes: Promise<readonly AttributeFacts[]>; readonly until: number };
const kept = new Map<string, Kept>();

/** Such as `Job Title (title)`. */
export function attributeLabel({ name, title }: AttributeFacts): string {
	return title === name ? name : `${title} (${name})`;
}

/**
 * For the resource locator of a row: without a credential on the node what the package knows, with one what the domain says. A row keeps the
 * name alone where the package knows the same.
 * @param filter what was typed; LDAP and shown names are searched
 * @throws NodeOperationError when the domain cannot be asked
 */
export async function searchAttributes(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const attributes = (await attributesFor(this)).filter(({ name }) => !NAMES.has(name.toLowerCase()));
	return {
		results: bestFirst(attributes, filter).map((facts) => ({
			name: `${attributeLabel(facts)} · ${describeFacts(facts)}`,
			value: isBuiltIn(facts) ? facts.name : formatAttribute(facts),
		})),
	};
}

/** What matches, best matches first: the whole name, its beginning, that of a word in it, anything in it, all words somewhere. */
export function bestFirst(attributes: readonly AttributeFacts[], filter: string): readonly AttributeFacts[] {
	const typed = filter.trim().toLowerCase();
	if (typed === '') return attributes;
	const words = typed.split(/\s+/);
	return attributes
		.flatMap((facts) => {
			const rank = rankOf(facts, typed, words);
			return rank === undefined ? [] : [{ facts, rank }];
		})
		.sort((left, right) => left.rank - right.rank || left.facts.name.localeCompare(right.facts.name, 'en'))
		.map(({ facts }) => facts);
}

/** Blanks where words begin: after what is no letter or digit, and at a capital after a small letter, as in givenName. */
const wordsOf = (text: string) =>
	text
		.replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.toLowerCase();

/** "E-Mail" is found by "email", and "Post Office Box" by "postoffice". */
const lettersOf = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '');

function rankOf({ name, title }: AttributeFacts, typed: string, words: readonly string[]): number | undefined {
	const [own, shown] = [name.toLowerCase(), title.toLowerCase()];
	if (own === typed) return 0;
	if (shown === typed) return 1;
	if (own.startsWith(typed)) return 2;
	if (shown.startsWith(typed)) return 3;
	if (` ${wordsOf(name)} ${wordsOf(title)}`.includes(` ${typed}`)) return 4;
	if (own.includes(typed) || shown.includes(typed)) return 5;
	if (words.every((word) => own.includes(word) || shown.includes(word))) return 6;
	const letters = lettersOf(typed);
	return letters !== '' && [own, shown].some((text) => lettersOf(text).includes(letters)) ? 7 : undefined;
}

/** Whether the package knows the same of it, so that its name alone says all. */
function isBuiltIn(facts: AttributeFacts): boolean {
	const known = attributeFacts(facts.name);
	return known?.name === facts.name && describeFacts(known) === describeFacts(facts);
}

async function attributesFor(context: ILoadOptionsFunctions): Promise<readonly AttributeFacts[]> {
	if (!context.getNode().credentials?.['adLdapApi']) return ATTRIBUTES;
	try {
		return await domainAttributes(await context.getCredentials('adLdapApi'));
	} catch (error) {
		throw explain(context, error);
	}
}

function explain(context: ILoadOptionsFunctions, error: unknown): Error {
	const without = 'Without the credential the list has the attributes of every domain.';
	if (!(error instanceof DirectoryError))
		return new NodeOperationError(context.getNode(), error as Error, { description: without });
	// Nobody stopped anything here: it took too long.
	const message =
		error.kind === 'cancelled'
			? `The domain controller did not give its schema within ${WHOLE_MS / 1000} seconds.`
			: error.message;
	const whatToDo =
		error.kind === 'cancelled'
			? 'Look at the network and the controller, then open the list again.'
			: describeError(error);
	return new NodeOperationError(context.getNode(), message, { description: `${whatToDo} ${without}` });
}

/** Asked once a minute for each credential: the editor asks again for every letter that is typed. */
async function domainAttributes(credential: Readonly<Record<string, unknown>>): Promise<readonly AttributeFacts[]> {
	const key = createHash('sha256').update(JSON.stringify(credential)).digest('hex');
	for (const [other, { until }] of kept) if (until <= Date.now()) kept.delete(other);
	const known = kept.get(key);
	if (known) return await known.attributes;
	const attributes = readAttributes(credential);
	kept.set(key, { attributes, until: Date.now() + KEPT_MS });
	// A failure is not kept.
	attributes.catch(() => {
		if (kept.get(key)?.attributes === attributes) kept.delete(key);
	});
	return await attributes;
}

async function readAttributes(credential: Readonly<Record<string, unknown>>): Promise<readonly AttributeFacts[]> {
	const settings = parseSettings(credential);
	const directory = openDirectory(
		{
			...settings,
			connectTimeoutMs: Math.min(settings.connectTimeoutMs, CONNECT_MS),
			operationTimeoutMs: Math.min(settings.operationTimeoutMs, OPERATION_MS),
		},
		{
			randomInt: (below) => randomInt(below),
			clock: () => Date.now(),
			signal: AbortSignal.timeout(WHOLE_MS),
		},
	);
	try {
		return await readUserSchema(directory);
	} finally {
		await directory.close();
	}
}
