/** Objects as the directory returns them, in one shape. */
import type { Entry as LdaptsEntry } from 'ldapts';

/** Attribute names in lower case; an attribute without values is not there. */
export type Entry = {
	readonly dn: string;
	readonly attributes: Readonly<Record<string, readonly (string | Buffer)[]>>;
};

/** ldapts gives [] for an absent attribute, a plain value for one, and an array for several. */
export function toEntry(found: LdaptsEntry): Entry {
	const attributes: Record<string, readonly (string | Buffer)[]> = {};
	for (const [name, value] of Object.entries(found)) {
		if (name === 'dn') continue;
		const values: readonly (string | Buffer)[] = Array.isArray(value) ? value : [value];
		if (values.length > 0) attributes[name.toLowerCase()] = values;
	}
	return { dn: found.dn, attributes };
}

export function valuesOf(entry: Entry, attribute: string): readonly (string | Buffer)[] {
	const name = attribute.toLowerCase();
	// What every object of JavaScript has is no attribute: whoever names one may call it as they like.
	return Object.hasOwn(entry.attributes, name) ? (entry.attributes[name] ?? []) : [];
}

/** All values as text; binary ones as UTF-8. */
export function textsOf(entry: Entry, attribute: string): string[] {
	return valuesOf(entry, attribute).map((value) => (typeof value === 'string' ? value : value.toString('utf8')));
}

/** The first value as text, undefined when there is none. */
export function textOf(entry: Entry, attribute: string): string | undefined {
	return textsOf(entry, attribute)[0];
}

/** The first value as bytes, undefined when there is none. */
export function bytesOf(entry: Entry, attribute: string): Buffer | undefined {
	const value = valuesOf(entry, attribute)[0];
	return typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
}
