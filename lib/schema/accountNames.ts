/** Which names Active Directory takes for an account. */

/** SAM_MAX_USER: longer account names are refused by AD, although the schema allows 256 (MicrosoftDocs win32, a-samaccountname). */
export const SAM_MAX_LENGTH = 20;
/** rangeUpper of cn. */
export const CN_MAX_LENGTH = 64;
/** Local part of an address (RFC 5321 section 4.5.3.1.1); Entra ID asks the same of a user principal name. */
export const LOCAL_PART_MAX_LENGTH = 64;

/** Forbidden by AD (win32, a-samaccountname); "@" and blanks pass the server and break tools; control characters hide. */
const SAM_FORBIDDEN = /["/\\[\]:;|=,+*?<>@\s\p{Cc}]/u;
/** The subset that Entra ID synchronises. */
const LOCAL_PART = /^[A-Za-z0-9'._!#^~-]+$/;
const DOMAIN_PART = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** Names that mean somebody or something else: built-in accounts, RFC 2142 mailboxes, Windows device names (home folders). */
const RESERVED = new Set([
	...[
		'administrator',
		'guest',
		'krbtgt',
		'defaultaccount',
		'wdagutilityaccount',
		'root',
		'admin',
		'system',
		'everyone',
		'anonymous',
		'nobody',
		'self',
		'service',
		'localservice',
		'networkservice',
		'local',
		'network',
		'batch',
		'interactive',
		'dialup',
		'internet',
		'owner',
		'creator',
		'authenticated',
		'restricted',
		'null',
		'domain',
		'users',
		'administrators',
	],
	...[
		'postmaster',
		'abuse',
		'hostmaster',
		'webmaster',
		'security',
		'noreply',
		'no-reply',
		'helpdesk',
		'support',
		'info',
		'mailer-daemon',
	],
	...[
		'con',
		'prn',
		'aux',
		'nul',
		...Array.from({ length: 9 }, (_, index) => [`com${index + 1}`, `lpt${index + 1}`]).flat(),
	],
]);

export function isReserved(name: string): boolean {
	return RESERVED.has(name.toLowerCase());
}

/** A name that AD takes for sAMAccountName, and that no tool trips over. */
export function isAccountName(name: string): boolean {
	return (
		name.length > 0 &&
		name.length <= SAM_MAX_LENGTH &&
		!SAM_FORBIDDEN.test(name) &&
		!name.endsWith('.') &&
		!/^\d+$/.test(name) &&
		!name.endsWith('$')
	);
}

/** One "@", and nothing around it that a mail system would read as syntax (RFC 5321 section 4.1.2, without quoted local parts). */
const MAIL_ADDRESS = /^[^\s@"(),:;<>[\\\]]+@[^\s@"(),:;<>[\\\]]+$/;

/** An address that mail may come in at: more than `isAddress` takes, for what others made and HR only passes on. */
export function isMailAddress(text: string): boolean {
	return MAIL_ADDRESS.test(text);
}

/** prefix@suffix, both of the kind that Entra ID takes too. */
export function isAddress(text: string): boolean {
	const at = text.lastIndexOf('@');
	const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
	return (
		at > 0 &&
		local.length <= LOCAL_PART_MAX_LENGTH &&
		LOCAL_PART.test(local) &&
		!/^\.|\.$|\.\./.test(local) &&
		DOMAIN_PART.test(domain)
	);
}

/** A common name; every visible character may stand in it, because it is written escaped. */
export function isCommonName(text: string): boolean {
	return text.length > 0 && text.length <= CN_MAX_LENGTH && text.trim() === text && !/\p{Cc}/u.test(text);
}

/** Only what may stand in sAMAccountName, not yet cut. */
export function toAccountName(ascii: string): string {
	return ascii.replace(/[^A-Za-z0-9._-]/g, '').replace(/^[.]+|[.]+$/g, '');
}

/** Only what may stand before the "@", not yet cut. */
export function toLocalPart(ascii: string): string {
	return ascii
		.replace(/[^A-Za-z0-9'._!#^~-]/g, '')
		.replace(/\.{2,}/g, '.')
		.replace(/^[.]+|[.]+$/g, '');
}
