/**
 * Search filters, made of data only through ldapts's filter objects: a value goes out as an octet string of the protocol and is never
 * parsed as filter text (RFC 4511 section 4.5.1.7), so no character of it can change the filter.
 */
import { AndFilter, EqualityFilter, ExtensibleFilter, NotFilter, OrFilter, PresenceFilter, type Filter } from 'ldapts';
import { DirectoryError } from './errors';

export type { Filter };

/** LDAP_MATCHING_RULE_IN_CHAIN: membership over any number of groups in between (MS-ADTS 3.1.1.3.4.4.3). */
const IN_CHAIN = '1.2.840.113556.1.4.1941';

export function equal(attribute: string, value: string | Buffer): Filter {
	return new EqualityFilter({ attribute, value });
}

export function present(attribute: string): Filter {
	return new PresenceFilter({ attribute });
}

/** @param filters at least one */
export function anyOf(filters: readonly Filter[]): Filter {
	return new OrFilter({ filters: [...filters] });
}

/** @param filters at least one */
export function allOf(filters: readonly Filter[]): Filter {
	return new AndFilter({ filters: [...filters] });
}

export function not(filter: Filter): Filter {
	return new NotFilter({ filter });
}

/** Objects that are members of a group, directly or through other groups. */
export function memberInChain(groupDn: string): Filter {
	return new ExtensibleFilter({ matchType: 'memberOf', rule: IN_CHAIN, value: groupDn });
}

/**
 * Samba ends a value at NUL when it compares, and so finds somebody else (measured): what is to find one object must have none.
 * @param what attribute or kind of object, for the words
 * @throws DirectoryError (person)
 */
export function refuseNul(what: string, value: string): void {
	if (!value.includes('\u0000')) return;
	throw new DirectoryError({
		kind: 'person',
		message: `The value of ${what} to look for has a NUL character in it.`,
		whatToDo: 'Mend the value where it comes from.',
	});
}
