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
const TIME_OUT_MS = 20_000;
/** These are names, and have rows of their own under Names. */
const NAMES = new Set(['samaccountname', 'userprincipalname', 'cn']);

type Kept = { readonly attributes: Promise<readonly AttributeFacts[]>; readonly until: number };
const kept = new Map<string, Kept>();

/** Such as `Job Title (title)`. */
export function attributeLabel({ name, title }: AttributeFacts): string {
	return title === name ? name : `${title} (${name})`;
}

/** For the resource locator of a row. */
export async function searchAttributes(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const attributes = await attributesFor(this);
	const words = filter.trim().toLowerCase();
	return {
		results: attributes
			.map((facts) => ({ facts, rank: rankOf(facts, words) }))
			.filter(({ rank }) => rank < NOT_FOUND)
			.sort((left, right) => left.rank - right.rank || (left.facts.name < right.facts.name ? -1 : 1))
			.map(({ facts }) => ({
				name: `${attributeLabel(facts)} · ${describeFacts(facts)}`,
				value: isBuiltIn(facts) ? facts.name : formatAttribute(facts),
			})),
	};
}

const NOT_FOUND = 9;

/** Exact names first, then beginnings, then words, then the rest. */
function rankOf({ name, title }: AttributeFacts, words: string): number {
	const [own, shown] = [name.toLowerCase(), title.toLowerCase()];
	if (words === '') return 5;
	if (own === words || shown === words) return 0;
	if (own.startsWith(words) || shown.startsWith(words)) return 1;
	if (shown.includes(` ${words}`)) return 2;
	return own.includes(words) || shown.includes(words) ? 3 : NOT_FOUND;
}

/** Whether the package knows the same of it, so that its name alone says all. */
function isBuiltIn(facts: AttributeFacts): boolean {
	const known = attributeFacts(facts.name);
	return known !== undefined && describeFacts(known) === describeFacts(facts);
}

const mappable = (all: readonly AttributeFacts[]) => all.filter(({ name }) => !NAMES.has(name.toLowerCase()));

async function attributesFor(context: ILoadOptionsFunctions): Promise<readonly AttributeFacts[]> {
	if (!context.getNode().credentials?.['adLdapApi']) return mappable(ATTRIBUTES);
	try {
		const credential = await context.getCredentials('adLdapApi');
		return mappable(await domainAttributes(credential));
	} catch (error) {
		const fault = error instanceof DirectoryError ? error : undefined;
		throw new NodeOperationError(context.getNode(), fault ? describeError(fault) : (error as Error), {
			description:
				`${fault?.whatToDo ?? ''} Without the credential the list has the attributes of every domain.`.trim(),
		});
	}
}

/** Asked once a minute for each credential: the editor asks again for every letter that is typed. */
async function domainAttributes(credential: Readonly<Record<string, unknown>>): Promise<readonly AttributeFacts[]> {
	const key = createHash('sha256').update(JSON.stringify(credential)).digest('hex');
	const known = kept.get(key);
	if (known && known.until > Date.now()) return await known.attributes;
	for (const [other, { until }] of kept) if (until <= Date.now()) kept.delete(other);
	const attributes = readAttributes(credential);
	kept.set(key, { attributes, until: Date.now() + KEPT_MS });
	// A failure is not kept.
	attributes.catch(() => kept.delete(key));
	return await attributes;
}

async function readAttributes(credential: Readonly<Record<string, unknown>>): Promise<readonly AttributeFacts[]> {
	const directory = openDirectory(parseSettings(credential), {
		randomInt: (below) => randomInt(below),
		clock: () => Date.now(),
		signal: AbortSignal.timeout(TIME_OUT_MS),
	});
	try {
		return await readUserSchema(directory);
	} finally {
		await directory.close();
	}
}
