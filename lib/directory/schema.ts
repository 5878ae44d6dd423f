/** What the schema of a live domain lets an account have (MS-ADTS 3.1.1.2). */
import { attributeFacts, isFileTime, type AttributeFacts, type Characters, type Syntax } from '../schema/attributes';
import { isAttributeName } from '../schema/attributeName';
import { whyNeverWritten } from '../schema/neverWritten';
import type { Connection } from './connection';
import { textOf, textsOf, type Entry } from './entry';
import { DirectoryError } from './errors';
import { equal } from './filter';

type Kind = { readonly syntax: Syntax; readonly characters?: Characters };

/**
 * attributeSyntax and oMSyntax (MS-ADTS 3.1.1.2.2.2) to how values are converted. What is not here is nothing that HR data can say: object
 * identifiers, security descriptors and identifiers, DNs with bytes or text beside them, replication links, UTCTime with its two-digit year.
 */
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
	['2.5.5.1 127', { syntax: 'dn' }],
	['2.5.5.3 27', { syntax: 'text' }],
	['2.5.5.4 20', { syntax: 'text' }],
	['2.5.5.5 19', { syntax: 'text', characters: 'printable' }],
	['2.5.5.5 22', { syntax: 'text', characters: 'ia5' }],
	['2.5.5.6 18', { syntax: 'text', characters: 'numeric' }],
	['2.5.5.8 1', { syntax: 'boolean' }],
	['2.5.5.9 2', { syntax: 'integer' }],
	['2.5.5.9 10', { syntax: 'integer' }],
	['2.5.5.10 4', { syntax: 'bytes' }],
	['2.5.5.11 24', { syntax: 'time' }],
	['2.5.5.12 64', { syntax: 'text' }],
	['2.5.5.16 65', { syntax: 'largeInteger' }],
]);

/** FLAG_ATTR_IS_CONSTRUCTED (MS-ADTS 2.2.10): computed when it is read. */
const CONSTRUCTED = 4;

const PARENTS = ['subClassOf', 'auxiliaryClass', 'systemAuxiliaryClass'] as const;
const CONTENTS = ['mayContain', 'mustContain', 'systemMayContain', 'systemMustContain'] as const;
/** Of an attributeSchema object, what `factsOf` reads. */
export const ATTRIBUTE_FIELDS = [
	...['lDAPDisplayName', 'adminDisplayName', 'attributeSyntax', 'oMSyntax', 'isSingleValued', 'rangeLower'],
	...['rangeUpper', 'systemOnly', 'systemFlags', 'linkID', 'isDefunct'],
] as const;

/**
 * Every attribute that a mapping may give to an account of the class user in this domain, alphabetical by name; read in pages.
 * @throws DirectoryError
 */
export async function readUserSchema(
	connection: Pick<Connection, 'search' | 'read'>,
): Promise<readonly AttributeFacts[]> {
	const root = await connection.read('', ['schemaNamingContext', 'configurationNamingContext']);
	const schemaDn = root && textOf(root, 'schemaNamingContext');
	const configurationDn = root && textOf(root, 'configurationNamingContext');
	if (!schemaDn || !configurationDn) throw noSchema('The server names no schema.');
	const below = (kind: string, attributes: readonly string[]) =>
		connection.search(schemaDn, { scope: 'one', filter: equal('objectClass', kind), attributes });
	const allowed = allowedTo(
		'user',
		await below('classSchema', ['lDAPDisplayName', 'isDefunct', ...PARENTS, ...CONTENTS]),
	);
	if (allowed.size === 0) throw noSchema('The schema of the server has no class user that this account can read.');
	const titles = await readTitles(connection, configurationDn);
	return (await below('attributeSchema', ATTRIBUTE_FIELDS))
		.filter((entry) => allowed.has((textOf(entry, 'lDAPDisplayName') ?? '').toLowerCase()))
		.flatMap((entry) => factsOf(entry, titles) ?? [])
		.sort((left, right) => left.name.localeCompare(right.name, 'en'));
}

function noSchema(message: string): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message,
		whatToDo: 'Enter the host name of a domain controller of Active Directory in the credential.',
	});
}

/** The attributes of a class, of those it comes from, and of the auxiliary classes of all of them; in small letters. */
export function allowedTo(name: string, classes: readonly Entry[]): ReadonlySet<string> {
	const byName = new Map(
		classes
			// A name may be used again once its first bearer is defunct (MS-ADTS 3.1.1.2.4.4).
			.filter((entry) => textOf(entry, 'isDefunct') !== 'TRUE')
			.map((entry) => [(textOf(entry, 'lDAPDisplayName') ?? '').toLowerCase(), entry]),
	);
	const allowed = new Set<string>();
	const seen = new Set<string>();
	const open = [name.toLowerCase()];
	for (let current = open.pop(); current !== undefined; current = open.pop()) {
		const entry = byName.get(current);
		// The class top comes from itself.
		if (!entry || seen.has(current)) continue;
		seen.add(current);
		const texts = (fields: readonly string[]) =>
			fields.flatMap((field) => textsOf(entry, field)).map((text) => text.toLowerCase());
		for (const attribute of texts(CONTENTS)) allowed.add(attribute);
		open.push(...texts(PARENTS));
	}
	return allowed;
}

/**
 * What "Active Directory Users and Computers" calls them (win32, a-attributedisplaynames): "lDAPDisplayName,words", by small letters. In English,
 * as all of the node is; a domain that has none, or does not let this account read them, is no worse than one with other words.
 */
async function readTitles(
	connection: Pick<Connection, 'read'>,
	configurationDn: string,
): Promise<ReadonlyMap<string, string>> {
	const display = await connection.read(`CN=user-Display,CN=409,CN=DisplaySpecifiers,${configurationDn}`, [
		'attributeDisplayNames',
	]);
	return new Map(
		(display ? textsOf(display, 'attributeDisplayNames') : []).flatMap((text) => {
			const [, name, words] = /^\s*([^,\s]+)\s*,\s*(\S.*?)\s*$/u.exec(text) ?? [];
			return name && words ? [[name.toLowerCase(), words] as const] : [];
		}),
	);
}

/** What the server holds users to although the schema allows more (win32, a-description and a-samaccountname). */
const STRICTER: Readonly<Record<string, Partial<AttributeFacts>>> = {
	description: { single: true },
	sAMAccountName: { maxLength: 20 },
};

/**
 * One attributeSchema object as facts; undefined for what no mapping can write.
 * @param titles shown names by LDAP names in small letters
 */
export function factsOf(entry: Entry, titles: ReadonlyMap<string, string>): AttributeFacts | undefined {
	const name = textOf(entry, 'lDAPDisplayName') ?? '';
	const kind = KINDS.get(`${textOf(entry, 'attributeSyntax')} ${textOf(entry, 'oMSyntax')}`);
	const isTrue = (field: string) => textOf(entry, field) === 'TRUE';
	const number = (field: string) => {
		const value = Number(textOf(entry, field) ?? NaN);
		return Number.isSafeInteger(value) ? value : undefined;
	};
	if (!kind || !isAttributeName(name) || isTrue('isDefunct')) return undefined;
	const upkeep = {
		constructed: ((number('systemFlags') ?? 0) & CONSTRUCTED) !== 0,
		systemOnly: isTrue('systemOnly'),
		// A link with an odd number is the back of another one, and written there (MS-ADTS 3.1.1.1.6).
		backLink: (number('linkID') ?? 0) % 2 === 1,
	};
	if (whyNeverWritten(name, upkeep)) return undefined;
	const isInstant = kind.syntax === 'largeInteger' && isFileTime(name);
	return {
		name,
		title:
			titles.get(name.toLowerCase()) ??
			attributeFacts(name)?.title ??
			textOf(entry, 'adminDisplayName')?.trim() ??
			name,
		syntax: isInstant ? 'fileTime' : kind.syntax,
		single: isTrue('isSingleValued'),
		maxLength: null,
		...(kind.characters ? { characters: kind.characters } : {}),
		...limitsOf(isInstant ? 'fileTime' : kind.syntax, number('rangeLower'), number('rangeUpper')),
		...STRICTER[name],
	};
}

/**
 * rangeLower and rangeUpper are lengths of text and bytes, bounds of numbers, and nothing to the rest (MS-ADA3 2.182, 2.183). Where they
 * contradict each other the directory has the word alone.
 */
function limitsOf(syntax: Syntax, lower: number | undefined, upper: number | undefined): Partial<AttributeFacts> {
	if (lower !== undefined && upper !== undefined && lower > upper) return {};
	switch (syntax) {
		case 'text':
		case 'bytes':
			return {
				...(upper !== undefined && upper > 0 ? { maxLength: upper } : {}),
				// Nothing is ever written empty: one is no limit.
				...(lower !== undefined && lower > 1 ? { minLength: lower } : {}),
			};
		case 'integer':
		case 'largeInteger':
			return { ...(lower === undefined ? {} : { min: lower }), ...(upper === undefined ? {} : { max: upper }) };
		default:
			return {};
	}
}
