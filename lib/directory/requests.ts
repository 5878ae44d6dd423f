/** What is asked of a directory, and how ldapts wants it written. */
import { Attribute, Change, Control } from 'ldapts';
import { DirectoryError } from './errors';
import type { Filter } from './filter';
import type { Operation } from './resultCodes';

export type AttributeValues = Readonly<Record<string, readonly (string | Buffer)[]>>;

export type Modification = {
	readonly type: 'add' | 'delete' | 'replace';
	readonly attribute: string;
	/** Empty with delete or replace: all values go. */
	readonly values: readonly (string | Buffer)[];
};

export type SearchRequest = {
	readonly scope: 'base' | 'one' | 'sub';
	readonly filter?: Filter;
	readonly attributes: readonly string[];
	/** No more objects than this are read; absent = all. */
	readonly limit?: number;
	/** Deleted objects too (LDAP_SERVER_SHOW_DELETED_OID). */
	readonly deleted?: boolean;
	/** Attributes that hold bytes beyond those known anyhow, spelled as the schema spells them. */
	readonly binary?: readonly string[];
};

/** LDAP_SERVER_SHOW_DELETED_OID (MS-ADTS 3.1.1.3.4.1.14). Of one use: ldapts writes into it. */
export function showDeleted(wanted: boolean): Control[] {
	return wanted ? [new Control('1.2.840.113556.1.4.417', { critical: true })] : [];
}

export function toAttributes(attributes: AttributeValues): Attribute[] {
	return Object.entries(attributes).map(([type, values]) => new Attribute({ type, values: sameKind(values) }));
}

export function toChange({ type, attribute, values }: Modification): Change {
	return new Change({ operation: type, modification: new Attribute({ type: attribute, values: sameKind(values) }) });
}

/**
 * Removing a value by name is a condition, and so is adding one where none was: both fail when somebody was quicker. Several values added at
 * once may also be too many for their attribute, which is no conflict.
 */
export function conditionOf(changes: readonly Modification[]): Operation {
	if (changes.some(({ type, values }) => type === 'add' && values.length > 1)) return 'conditional modify of several';
	const conditional = changes.some(({ type, values }) => type === 'add' || (type === 'delete' && values.length > 0));
	return conditional ? 'conditional modify' : 'modify';
}

/** Attributes that set a password, in lower case (MS-ADTS 3.1.1.3.1.5). */
const PASSWORDS = new Set(['unicodepwd', 'userpassword', 'cleartextpassword']);

/**
 * A controller of AD refuses a password that came in clear (53/0000001F), but only once it has travelled; Samba may take it.
 * @throws DirectoryError (configuration)
 */
export function refusePasswordInClear(attributes: readonly string[]): void {
	const attribute = attributes.find((name) => PASSWORDS.has((name.split(';')[0] ?? '').toLowerCase()));
	if (attribute === undefined) return;
	throw new DirectoryError({
		kind: 'configuration',
		attribute,
		message: `A password was to be set, but the AD LDAP credential uses no encryption (attribute ${attribute}); nothing was sent.`,
		whatToDo: 'Choose LDAPS or StartTLS as Security in the credential: passwords never travel in clear.',
	});
}

/** ldapts wants the values of one attribute all as text or all as bytes. */
function sameKind(values: readonly (string | Buffer)[]): string[] | Buffer[] {
	const texts = values.filter((value) => typeof value === 'string');
	return texts.length === values.length
		? texts
		: values.map((value) => (typeof value === 'string' ? Buffer.from(value, 'utf8') : value));
}
