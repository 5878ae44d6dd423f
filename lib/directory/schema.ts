/** What the schema of a live domain lets an account have (MS-ADTS 3.1.1.2). */
import { attributeFacts, isFileTime, type AttributeFacts, type Characters, type Syntax } from '../schema/attributes';
import { whyNeverWritten } from '../schema/neverWritten';
import type { Connection } from './connection';
import { textOf, textsOf, type Entry } from './entry';
import { DirectoryError } from './errors';
import { equal } from './filter';

/** attributeSyntax (MS-ADTS 3.1.1.2.2.2) to how we convert; what is not here (descriptors, SIDs, OR-names) is no value of HR's. */
const SYNTAXES: Readonly<Record<string, Syntax>> = {
	'2.5.5.1': 'dn',
	'2.5.5.3': 'text',
	'2.5.5.4': 'text',
	'2.5.5.5': 'text',
	'2.5.5.6': 'text',
	'2.5.5.8': 'boolean',
	'2.5.5.9': 'integer',
	'2.5.5.10': 'bytes',
	'2.5.5.11': 'time',
	'2.5.5.12': 'text',
	'2.5.5.16': 'largeInteger',
};

/** attributeSyntax and oMSyntax of text that may not hold everything (the same table). */
const CHARACTERS: Readonly<Record<string, Characters>> = {
	'2.5.5.5 19': 'printable',
	'2.5.5.5 22': 'ia5',
	'2.5.5.6 18': 'numeric',
};

/** FLAG_ATTR_IS_CONSTRUCTED (MS-ADTS 2.2.10): computed when it is read. */
const CONSTRUCTED = 4;

const CLASS_FIELDS = [
	...['lDAPDisplayName', 'subClassOf', 'auxiliaryClass', 'systemAuxiliaryClass'],
	...['mayContain', 'mustContain', 'systemMayContain', 'systemMustContain'],
] as const;
const ATTRIBUTE_FIELDS = [
	...[
		'lDAPDisplayName',
		'adminDisplayName',
		'attributeSyntax',
		'oMSyntax',
		'isSingleValued',
		'rangeLower',
		'rangeUpper',
	],
	...['systemOnly', 'systemFlags', 'linkID', 'isDefunct'],
] as const;

/**
 * Every attribute that a mapping may give to an account of the class user in this domain, alphabetical by name.
 * @throws DirectoryError
 */
export async function readUserSchema(
	connection: Pick<Connection, 'search' | 'read'>,
): Promise<readonly AttributeFacts[]> {
	const root = await connection.read('', ['schemaNamingContext', 'configurationNamingContext']);
	const schemaDn = root && textOf(root, 'schemaNamingContext');
	const configurationDn = root && textOf(root, 'configurationNamingContext');
	if (!schemaDn || !configurationDn)
		throw new DirectoryError({
			kind: 'configuration',
			message: 'The server names no schema.',
			whatToDo: 'Enter the host name of a domain controller in the credential.',
		});
	const below = (kind: string, attributes: readonly string[]) =>
		connection.search(schemaDn, { scope: 'one', filter: equal('objectClass', kind), attributes });
	const allowed = allowedTo('user', await below('classSchema', CLASS_FIELDS));
	const titles = await readTitles(connection, configurationDn);
	return (await below('attributeSchema', ATTRIBUTE_FIELDS))
		.filter((entry) => allowed.has((textOf(entry, 'lDAPDisplayName') ?? '').toLowerCase()))
		.flatMap((entry) => factsOf(entry, titles))
		.sort((left, right) => left.name.localeCompare(right.name, 'en'));
}

/** The attributes of a class, of those it comes from, and of the auxiliary classes of all of them; in small letters. */
export function allowedTo(name: string, classes: readonly Entry[]): ReadonlySet<string> {
	const byName = new Map(classes.map((entry) => [(textOf(entry, 'lDAPDisplayName') ?? '').toLowerCase(), entry]));
	const allowed = new Set<string>();
	const seen = new Set<string>();
	const open = [name.toLowerCase()];
	for (let current = open.pop(); current !== undefined; current = open.pop()) {
		const entry = byName.get(current);
		// The class top comes from itself.
		if (!entry || seen.has(current)) continue;
		seen.add(current);
		const texts = (fields: readonly string[]) => fields.flatMap((field) => textsOf(entry, field));
		for (const attribute of texts(['mayContain', 'mustContain', 'systemMayContain', 'systemMustContain']))
			allowed.add(attribute.toLowerCase());
		open.push(...texts(['subClassOf', 'auxiliaryClass', 'systemAuxiliaryClass']).map((other) => other.toLowerCase()));
	}
	return allowed;
}

/** What "Active Directory Users and Computers" calls them (win32, user object user interface mapping): "lDAPDisplayName,words". */
async function readTitles(
	connection: Pick<Connection, 'read'>,
	configurationDn: string,
): Promise<ReadonlyMap<string, string>> {
	const display = await connection.read(`CN=user-Display,CN=409,CN=DisplaySpecifiers,${configurationDn}`, [
		'attributeDisplayNames',
	]);
	return new Map(
		(display ? textsOf(display, 'attributeDisplayNames') : []).map((text) => {
			const comma = text.indexOf(',');
			return [text.slice(0, comma).toLowerCase(), text.slice(comma + 1)] as const;
		}),
	);
}

function factsOf(entry: Entry, titles: ReadonlyMap<string, string>): readonly AttributeFacts[] {
	const name = textOf(entry, 'lDAPDisplayName') ?? '';
	const syntax = SYNTAXES[textOf(entry, 'attributeSyntax') ?? ''];
	const flags = Number(textOf(entry, 'systemFlags') ?? '0');
	const isTrue = (field: string) => textOf(entry, field) === 'TRUE';
	// A link with an odd number is the back of another one, and written there (MS-ADTS 3.1.1.1.6).
	const isBackLink = Number(textOf(entry, 'linkID') ?? '0') % 2 === 1;
	if (!syntax || isTrue('systemOnly') || isTrue('isDefunct') || (flags & CONSTRUCTED) !== 0 || isBackLink) return [];
	if (whyNeverWritten(name)) return [];
	const known = attributeFacts(name);
	const title = known?.title ?? titles.get(name.toLowerCase()) ?? textOf(entry, 'adminDisplayName') ?? name;
	const limit = (field: string) => {
		const value = textOf(entry, field);
		return value === undefined ? undefined : Number(value);
	};
	const [min, max] = [limit('rangeLower'), limit('rangeUpper')];
	const characters = CHARACTERS[`${textOf(entry, 'attributeSyntax')} ${textOf(entry, 'oMSyntax')}`];
	const isText = syntax === 'text' || syntax === 'bytes';
	return [
		{
			name,
			title,
			syntax: syntax === 'largeInteger' && isFileTime(name) ? 'fileTime' : syntax,
			// The schema lets a description have several values, and refuses a second one to a user.
			single: isTrue('isSingleValued') || (known?.single ?? false),
			maxLength: isText ? (max ?? null) : null,
			...(characters ? { characters } : {}),
			...(syntax === 'integer' && min !== undefined && max !== undefined ? { min, max } : {}),
		},
	];
}
