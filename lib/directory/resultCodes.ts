/**
 * LDAP results (RFC 4511 appendix A) with the Win32 code that Active Directory puts first in its message, as what happened and what to do.
 * AD and Samba agree on the Win32 code far more than on the LDAP code, so it is asked first.
 */
import type { DirectoryErrorFacts, DirectoryErrorKind } from './errors';

export type Operation = 'bind' | 'search' | 'add' | 'modify' | 'conditional modify' | 'conditional modify of several';
type Explained = readonly [kind: DirectoryErrorKind, message: string, whatToDo: string];

/** Sub-codes of a refused bind, after "data" (Microsoft, "Common Active Directory bind errors"; MS-ERREF 2.2). */
const BIND_REASONS: Readonly<Record<string, readonly [string, string]>> = {
	'525': ['there is no such account', 'Check the bind name: a distinguished name, a UPN, or DOMAIN\\user.'],
	'52e': ['the name or the password is wrong', 'Check bind name and password in the credential.'],
	'530': ['the account may not log on at this hour', "Change the service account's logon hours."],
	'531': ['the account may not log on from this computer', "Change the service account's list of workstations."],
	'532': [
		"the account's password has expired",
		'Set a new password for the service account and put it into the credential.',
	],
	'533': ['the account is disabled', 'Enable the service account, or use another one.'],
	'701': ['the account has expired', "Change the service account's expiry date."],
	'773': [
		'the account must change its password first',
		'Set a password without "must change at next logon" for the service account.',
	],
	'775': ['the account is locked out', 'Unlock the service account, and look for what used a wrong password.'],
};

const RIGHTS = "Give the service account the rights that docs/directory.md lists, on the person's organisational unit.";
const MEND_VALUE = "Mend the value in the HR system, or the attribute's row in Attribute Map.";

/** By Win32 code (MS-ERREF 2.2). */
const BY_WIN32: Readonly<Record<string, Explained>> = {
	'0000052D': [
		'person',
		"The password does not meet the domain's policy, or an account without a password was to be enabled.",
		"Look at the domain's password policy and the fine-grained policies that apply to the account.",
	],
	'00000523': [
		'person',
		'The directory does not take the account name.',
		'Choose a format for sAMAccountName without forbidden characters and of at most 20 characters.',
	],
	'00000524': [
		'taken',
		'The account name is in use already.',
		'Give the name ladder further formats, or look who has the name.',
	],
	'000021C8': [
		'taken',
		'The user principal name is in use already.',
		'Give the name ladder further formats, or look who has the name.',
	],
	'000020B5': [
		'person',
		'A distinguished name that was to be written (a manager, for example) leads to no object.',
		'Check that the person it names exists in the directory.',
	],
	'00002082': ['person', 'A value is too long or too short for its attribute.', MEND_VALUE],
	'0000200B': ['person', 'A value has a length or a form that its attribute does not allow.', MEND_VALUE],
	'00002081': [
		'person',
		'The object has several values for an attribute that takes one, or a value is missing.',
		MEND_VALUE,
	],
	'0000200A': [
		'configuration',
		"An attribute is not in the domain's schema.",
		'Take it out of Attribute Map, or extend the schema (Exchange brings the extension attributes, for example).',
	],
	'00002014': ['configuration', 'An attribute does not belong to user objects.', 'Take it out of Attribute Map.'],
	'0000207D': [
		'configuration',
		"An attribute is not allowed on user objects by the domain's schema.",
		'Take it out of Attribute Map.',
	],
	'00002030': [
		'configuration',
		'The object, or the organisational unit it is to stand in, does not exist.',
		'Check the organisational unit in Attribute Map. It must exist; it is never created.',
	],
	'0000208D': [
		'configuration',
		'The object, or the organisational unit it is to stand in, does not exist.',
		'Check the organisational unit in Attribute Map. It must exist; it is never created.',
	],
	'00002098': ['person', 'The service account has no right to do this.', RIGHTS],
	'00000005': ['person', 'The service account has no right to do this.', RIGHTS],
	'0000001F': [
		'configuration',
		'The directory takes passwords over an encrypted connection only.',
		'Use LDAPS or StartTLS in the credential.',
	],
	'0000209A': [
		'configuration',
		'The attribute belongs to the directory itself and cannot be written.',
		'Take it out of Attribute Map.',
	],
	'000004DC': [
		'lost',
		'The directory has forgotten who is logged on.',
		'Run again: what is done already is found and left as it is.',
	],
	'00002035': [
		'configuration',
		'The directory does not let this attribute be written, or not in this form.',
		'Take the attribute out of Attribute Map, or look at what the directory said.',
	],
	'00002089': [
		'configuration',
		'The organisational unit that the object is to stand in does not exist.',
		'Check the organisational unit in Attribute Map. It must exist; it is never created.',
	],
	'0000202B': [
		'configuration',
		'The object belongs to another domain; this controller refers to it.',
		"Use a credential for that domain's own controllers.",
	],
};

/** By LDAP result code, where the Win32 code says nothing more. */
const BY_CODE: Readonly<Record<number, Explained>> = {
	1: [
		'lost',
		'The directory did not accept the request on this connection.',
		'Run again: what is done already is found and left as it is.',
	],
	3: [
		'busy',
		'The directory took longer than its own time limit.',
		'Run again later, or narrow the search base in the credential.',
	],
	4: [
		'busy',
		'The directory returned as many objects as it is set to and no more.',
		'Narrow the search base in the credential.',
	],
	8: [
		'configuration',
		'The controller asks for a signed or encrypted connection.',
		'Use LDAPS or StartTLS in the credential.',
	],
	10: [
		'configuration',
		'The object belongs to another domain; this controller refers to it.',
		"Use a credential for that domain's own controllers.",
	],
	11: ['busy', 'The directory has reached a limit of its own.', 'Run again later.'],
	12: [
		'configuration',
		'The controller does not know a feature that is needed.',
		'Use a writable domain controller of Active Directory.',
	],
	16: [
		'person',
		'An attribute is unknown or has not the value that was to be removed.',
		"Check the attribute's name in Attribute Map.",
	],
	17: ['configuration', "An attribute is not in the domain's schema.", 'Take it out of Attribute Map.'],
	19: ['person', 'The directory refuses a value: it breaks a rule of its attribute.', MEND_VALUE],
	20: ['person', 'An attribute that takes one value would get two, or a value stands twice.', MEND_VALUE],
	21: ['person', 'A value has a length or a form that its attribute does not allow.', MEND_VALUE],
	32: [
		'configuration',
		'The object, or the organisational unit it is to stand in, does not exist.',
		'Check the organisational unit in Attribute Map and the search base in the credential.',
	],
	34: [
		'configuration',
		'A distinguished name is not well formed.',
		'Check the organisational unit in Attribute Map and the search base in the credential.',
	],
	49: ['configuration', 'The directory refuses the logon.', 'Check bind name and password in the credential.'],
	50: ['person', 'The service account has no right to do this.', RIGHTS],
	51: ['busy', 'The controller is busy.', 'Run again later.'],
	52: ['busy', 'The controller is not available.', 'Run again later, or name another controller in the credential.'],
	53: [
		'person',
		'The directory is unwilling to do this.',
		'Look at what it said; often a password or a protected attribute is the reason.',
	],
	65: ['configuration', 'An attribute does not belong to user objects.', 'Take it out of Attribute Map.'],
	67: [
		'configuration',
		'The name of an object cannot be written as an attribute.',
		'Take cn and name out of the attributes; they come from the name ladder.',
	],
	68: ['taken', 'A name is in use already.', 'Give the name ladder further formats, or look who has the name.'],
};

const CONFLICT: Explained = [
	'conflict',
	'Somebody changed the object since it was read; nothing was written.',
	'Run again: it is read afresh.',
];

/**
 * @param code LDAP result code
 * @param text the directory's own message; ldapts appends " Code: 0x.."
 * @param operation what was asked; a conditional Modify answers a stale value with 16, 19 or 20
 */
export function explainResult(code: number, text: string, operation: Operation): DirectoryErrorFacts {
	const said = cleanMessage(text);
	const win32 = win32Code(said);
	const [kind, message, whatToDo] = explain(code, win32, said, operation);
	return { kind, message, whatToDo, code, ...(win32 ? { win32 } : {}), ...(said ? { said } : {}) };
}

function explain(code: number, win32: string | undefined, said: string, operation: Operation): Explained {
	if (operation === 'bind') return explainBind(code, said);
	// Samba's word for a name that somebody has, under 19 for a UPN and 68 for an account name.
	if (/already in use|already exists/i.test(said) && operation === 'add') return BY_CODE[68] ?? CONFLICT;
	if (isStale(code, win32, said, operation)) return CONFLICT;
	return (
		explainWin32(code, win32, said) ??
		BY_CODE[code] ?? [
			'person',
			`The directory answered with result ${code}.`,
			'Look the code up, or ask the administrator of the domain.',
		]
	);
}

/**
 * To an attribute that the schema does not have, AD answers 16 with ERROR_INVALID_PARAMETER (which says nothing by itself), Samba to a Modify
 * 16 in words.
 */
function explainWin32(code: number, win32: string | undefined, said: string): Explained | undefined {
	const unknown = code === 16 && (win32 === '00000057' || said.includes('not found in the schema'));
	return BY_WIN32[unknown ? '0000200A' : (win32 ?? '')];
}

/** What Samba and AD say when a single-valued attribute would get a second value. */
const SECOND_VALUE = ['0000200D', '00002081'];

/** A value to be removed is not there (16), or one is there already where there was none (20; AD also 19). */
function isStale(code: number, win32: string | undefined, said: string, operation: Operation): boolean {
	if (!operation.startsWith('conditional')) return false;
	if (SECOND_VALUE.includes(win32 ?? '')) return operation === 'conditional modify';
	return code === 20 || ((code === 16 || code === 19) && explainWin32(code, win32, said) === undefined);
}

function explainBind(code: number, said: string): Explained {
	const reason = BIND_REASONS[/\bdata ([0-9a-f]{3,8})\b/i.exec(said)?.[1]?.toLowerCase() ?? ''];
	if (reason) return ['configuration', `The directory refuses the logon: ${reason[0]}.`, reason[1]];
	const known = BY_CODE[code];
	return (
		known ?? [
			'configuration',
			`The directory refuses the logon with result ${code}.`,
			'Check bind name and password in the credential.',
		]
	);
}

/** The eight hexadecimal digits that AD puts first ("0000052D: AtrErr: DSID-...", "80090308: LdapErr: ..."). */
function win32Code(said: string): string | undefined {
	return /^([0-9A-F]{8}):/i.exec(said)?.[1]?.toUpperCase();
}

/** Without control characters (AD ends its message with NUL) and ldapts's own ending; at most 300 characters. */
function cleanMessage(text: string): string {
	return text
		.replace(/ ?Code: 0x[0-9a-f]+$/i, '')
		.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, 300);
}
