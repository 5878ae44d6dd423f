/** What is known of attributes: Microsoft's schema, and for others the domain's own, read when first needed. */
import { attributeFacts, type AttributeFacts } from '../../schema/attributes';
import { isAttributeName } from '../../schema/attributeName';
import type { Directory } from '../directory';
import { textOf } from '../entry';
import { DirectoryError } from '../errors';
import { anyOf, equal } from '../filter';
import { ATTRIBUTE_FIELDS, factsOf } from '../schema';

/** Facts by attribute name, any case; undefined = nothing is known. */
export type FactsOf = (attribute: string) => AttributeFacts | undefined;

/** Of one run: an attribute is asked for once. */
export type KnownFacts = Map<string, AttributeFacts | undefined>;

/**
 * @param known is filled
 * @throws DirectoryError (configuration) for an attribute that the domain does not have
 */
export async function liveFacts(
	directory: Directory,
	known: KnownFacts,
	attributes: readonly string[],
): Promise<FactsOf> {
	const of: FactsOf = (attribute) => attributeFacts(attribute) ?? known.get(attribute.toLowerCase());
	const open = attributes.filter((name) => !attributeFacts(name) && !known.has(name.toLowerCase()));
	if (open.length === 0) return of;
	const strange = open.find((name) => !isAttributeName(name));
	if (strange !== undefined) throw unknown(strange);
	const root = await directory.read('', ['schemaNamingContext']);
	const entries = await directory.search((root && textOf(root, 'schemaNamingContext')) ?? '', {
		scope: 'one',
		filter: anyOf(open.map((name) => equal('lDAPDisplayName', name))),
		attributes: ATTRIBUTE_FIELDS,
	});
	const byName = new Map(entries.map((entry) => [(textOf(entry, 'lDAPDisplayName') ?? '').toLowerCase(), entry]));
	for (const name of open) {
		const entry = byName.get(name.toLowerCase());
		if (!entry) throw unknown(name);
		known.set(name.toLowerCase(), factsOf(entry, new Map()));
	}
	return of;
}

function unknown(attribute: string): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message: `The domain has no attribute ${attribute}.`,
		whatToDo:
			'Correct its name or take it out, or extend the schema (Exchange brings the extension attributes, for example).',
	});
}
