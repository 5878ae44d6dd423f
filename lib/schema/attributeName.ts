/**
 * LDAP names of attributes (RFC 4512 section 1.4, keystring; at most 256 characters, win32 a-ldapdisplayname). Letters are compared by code:
 * without that, some letters of other scripts would count as one of ASCII in the other case.
 */
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,255}$/;

/** Every object of JavaScript has something of this name; no attribute of a directory is called so. */
const OF_EVERY_OBJECT = 'constructor';

/** Neither an object identifier nor a name with options: both are other ways to name the same attribute. */
export function isAttributeName(text: string): boolean {
	return NAME.test(text) && text.toLowerCase() !== OF_EVERY_OBJECT;
}
