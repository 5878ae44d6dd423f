/**
 * LDAP results (RFC 4511 appendix A) with the Win32 code that Active Directory puts first in its message, as what happened and what to do.
 * AD and Samba agree on the Win32 code far more than on the LDAP code, so it is asked first.
 */
import { attributeIn } from './attributeIds';
import type { DirectoryErrorFacts } from './errors';
import {
	ALREADY_MEMBER,
	AT_DELETE,
	AT_RENAME,
	BIND_REASONS,
	BY_CODE,
	BY_WIN32,
	CONFLICT,
	NOT_A_MEMBER,
	OBJECT_GONE,
	REQUEST_FAILED,
	TAKEN,
	type Explained,
} from './resultTable';

export type Operation =
	| 'bind'
	| 'search'
	| 'add'
	| 'modify'
	| 'conditional modify'
	| 'conditional modify of several'
	| 'rename'
	| 'delete';

/**
 * @param code LDAP result code
 * @param text the directory's own message; ldapts appends " Code: 0x.."
 * @param operation what was asked; a conditional Modify answers a stale value with 16, 19 or 20
 */
export function explainResult(code: number, text: string, operation: Operation): DirectoryErrorFacts {
	const said = cleanMessage(text);
	const win32 = win32Code(said);
	const [kind, message, whatToDo] = explain(code, win32, said, operation);
	const attribute = operation === 'bind' ? undefined : attributeIn(said, win32);
	return {
		kind,
		message: attribute ? message.replace(/\.$/, ` (attribute ${attribute}).`) : message,
		whatToDo,
		code,
		...(win32 ? { win32 } : {}),
		...(said ? { said } : {}),
		...(attribute ? { attribute } : {}),
	};
}

/** What a DirectoryError keeps of an answer. */
type Answer = Readonly<Partial<Record<'code' | 'win32' | 'said', number | string | undefined>>>;

/**
 * Whether adding to `member` was refused because the object is in the group already, directly or as its primary group: 68 with
 * ERROR_MEMBER_IN_ALIAS's code from AD, in words from Samba.
 */
export function isAlreadyMember({ code, win32, said }: Answer): boolean {
	return code === 68 && (win32 === '00000562' || ALREADY.test(String(said ?? '')));
}

/** Whether removing from `member` was refused because the object is not in the group (AD 53/00000561; Samba in words). */
export function isNotAMember({ code, win32, said }: Answer): boolean {
	return code === 53 && (win32 === '00000561' || NOT_THERE.test(String(said ?? '')));
}

const ALREADY = /\balready exists for target GUID\b|\balready set via primaryGroupID\b/;
const NOT_THERE = /\b(?:already deleted|doesn't exist) for target GUID\b/;

/**
 * Whether result 1 says that nobody is logged on any more: AD's ERROR_NOT_AUTHENTICATED (000004DC), Samba's words under the general 00002020.
 * With other words it is the request that failed.
 */
export function isSessionLost(text: string): boolean {
	const said = cleanMessage(text);
	return said === '' || win32Code(said) === '000004DC' || /\bwithout authentication\b/.test(said);
}

function explain(code: number, win32: string | undefined, said: string, operation: Operation): Explained {
	if (operation === 'bind') return explainBind(code, said);
	if (isAlreadyMember({ code, win32, said })) return ALREADY_MEMBER;
	if (isNotAMember({ code, win32, said })) return NOT_A_MEMBER;
	// Samba's word for a name that somebody has, under 19 for a UPN and 68 for an account name.
	if (/\balready in use\b/.test(said)) return TAKEN;
	if (code === 10) return explainReferral(said);
	const ofOperation = explainOperation(code, win32, said, operation);
	if (ofOperation) return ofOperation;
	if (isStale(code, win32, said, operation)) return CONFLICT;
	if (code === 1 && !isSessionLost(said)) return REQUEST_FAILED;
	return (
		explainWin32(code, win32, said) ??
		BY_CODE[code] ?? [
			'person',
			`The directory answered with result ${code}.`,
			'Look the code up, or ask the administrator of the domain.',
		]
	);
}

/** Answers that mean another thing to a write to an object that was read before, to a move, and to a deletion. */
function explainOperation(
	code: number,
	win32: string | undefined,
	said: string,
	operation: Operation,
): Explained | undefined {
	// The path that a Modify of one object cannot find is that object's own; a value that leads nowhere has codes of its own.
	const gone = code === 32 && win32 !== '00000525';
	switch (operation) {
		case 'rename':
			if (gone && /\bentry does not exist\b/.test(said)) return OBJECT_GONE;
			return win32 === '00002089' ? undefined : AT_RENAME[String(code)];
		case 'delete':
			return AT_DELETE[String(code)];
		case 'modify':
		case 'conditional modify':
		case 'conditional modify of several':
			return gone ? OBJECT_GONE : undefined;
		default:
			return undefined;
	}
}

/** AD names the domain that it refers to in its words ("ref 1: 'other.example.com'"). It is told, not followed. */
function explainReferral(said: string): Explained {
	const domain = /\bref \d+: '([^']{1,200})'/.exec(said)?.[1];
	return [
		'configuration',
		`The object belongs to another domain${domain ? `, ${domain}` : ''}; this controller refers to it.`,
		"Use a credential for that domain's own controllers.",
	];
}

/**
 * To an attribute that the schema does not have, AD answers 16 with ERROR_INVALID_PARAMETER (which says nothing by itself), Samba to a Modify
 * 16 in words. Under 12, at the next page of a search, the same number is a controller that lost its place (midPoint takes it as passing).
 */
function explainWin32(code: number, win32: string | undefined, said: string): Explained | undefined {
	if (code === 12 && win32 === '00000057') return BY_CODE[11];
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
