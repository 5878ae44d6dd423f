/**
 * What Active Directory's schema says about the attributes that people are mapped to, and whether a value can stand in one. A domain may have
 * more attributes; of one that nothing is known of every text is taken, and the directory has the last word.
 */
import { isObjectName } from './dn';
import { USER_ATTRIBUTES } from './userAttributes';

/** How values are written: text, true or false, a whole number, a FILETIME or GeneralizedTime, bytes, a distinguished name. */
export type Syntax = 'text' | 'boolean' | 'integer' | 'largeInteger' | 'fileTime' | 'time' | 'bytes' | 'dn';

/** ASCII; the letters, digits and marks of PrintableString (RFC 4517 section 3.2); digits and blanks. */
export type Characters = 'ia5' | 'printable' | 'numeric';

export type AttributeFacts = {
	/** LDAP name, as the schema spells it. */
	readonly name: string;
	/** As the "Active Directory Users and Computers" console calls it, where it does. */
	readonly title: string;
	readonly syntax: Syntax;
	readonly single: boolean;
	/** UTF-16 units for text, bytes for bytes; null = no limit. */
	readonly maxLength: number | null;
	/** In the same units; only where a value of one unit is too short. */
	readonly minLength?: number;
	/** What text may be made of, where not every character is allowed (MS-ADTS 3.1.1.2.2.2: 2.5.5.5 and 2.5.5.6). */
	readonly characters?: Characters;
	/** Of whole numbers, both inclusive. */
	readonly min?: number;
	readonly max?: number;
};

/** Alphabetical by name. */
export const ATTRIBUTES: readonly AttributeFacts[] = USER_ATTRIBUTES;

const BY_NAME = new Map(ATTRIBUTES.map((facts) => [facts.name.toLowerCase(), facts]));

/**
 * Large integers that are instants, in steps of 100 ns since 1601 (win32, ADSchema pages a-*). The schema cannot tell them from other large
 * integers. Intervals, such as maxPwdAge, are none.
 */
const FILE_TIMES = new Set([
	...[
		'accountexpires',
		'pwdlastset',
		'lockouttime',
		'badpasswordtime',
		'lastlogon',
		'lastlogontimestamp',
		'lastlogoff',
	],
	...[
		'creationtime',
		'builtincreationtime',
		'lastcontentindexed',
		'priorsettime',
		'lsacreationtime',
		'lsamodifiedtime',
	],
	...[
		'msds-approximatelastlogontimestamp',
		'msds-cached-membership-time-stamp',
		'msds-lastsuccessfulinteractivelogontime',
	],
	...[
		'msds-lastfailedinteractivelogontime',
		'msds-userpasswordexpirytimecomputed',
		'msds-keyapproximatelastlogontimestamp',
	],
	...['mslaps-passwordexpirationtime', 'ms-mcs-admpwdexpirationtime', 'mskds-createtime', 'mskds-usestarttime'],
]);

/** @param name LDAP name, any case */
export function isFileTime(name: string): boolean {
	return FILE_TIMES.has(name.toLowerCase());
}

/** @param name LDAP name, any case */
export function attributeFacts(name: string): AttributeFacts | undefined {
	return BY_NAME.get(name.toLowerCase());
}

/** `rule` names what is broken in a word; `message` is a whole sentence. */
export type Fault = { readonly rule: string; readonly message: string };

/**
 * Why a value cannot stand in an attribute; undefined when it can. Text is expected to be clean already, bytes as base64.
 * @param facts undefined = nothing is known of the attribute
 */
export function whyNoValue(facts: AttributeFacts | undefined, value: string): Fault | undefined {
	switch (facts?.syntax) {
		case undefined:
			return undefined;
		case 'text':
			return whyNoText(facts, value);
		case 'integer':
			return whyNoInteger(facts, value, 32);
		case 'largeInteger':
		case 'fileTime':
			return whyNoInteger(facts, value, 64);
		case 'boolean':
			return value === 'TRUE' || value === 'FALSE' ? undefined : syntaxFault(facts, 'TRUE or FALSE');
		case 'time':
			return GENERALIZED_TIME.test(value) ? undefined : syntaxFault(facts, 'an instant such as 20261231230000.0Z');
		case 'dn':
			return isObjectName(value)
				? undefined
				: syntaxFault(facts, 'a distinguished name, such as CN=Ada Lovelace,OU=People,DC=corp,DC=example,DC=com');
		case 'bytes':
			return whyNoBytes(facts, value);
	}
}

/** As Active Directory writes it: in UTC, and always with a fraction (MS-ADTS 3.1.1.2.2.2, RFC 4517 section 3.3.13). */
const GENERALIZED_TIME = /^\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\.0Z$/;

function syntaxFault({ name }: AttributeFacts, takes: string): Fault {
	return { rule: 'syntax', message: `${name} takes ${takes}.` };
}

function whyNoText(facts: AttributeFacts, value: string): Fault | undefined {
	return (
		whyNotThatLong(facts, value.length, 'characters') ??
		(facts.characters ? whyNotThese(facts.name, facts.characters, value) : undefined) ??
		TEXT_RULES.get(facts.name)?.(facts.name, value)
	);
}

function whyNotThatLong(
	{ name, minLength = 0, maxLength }: AttributeFacts,
	length: number,
	units: string,
): Fault | undefined {
	if (maxLength !== null && length > maxLength)
		return {
			rule: 'length',
			message: `${name} takes at most ${maxLength} ${units}, and this value has ${length}.`,
		};
	if (length < minLength)
		return {
			rule: 'length',
			message: `${name} takes at least ${minLength} ${units}, and this value has ${length}.`,
		};
	return undefined;
}

/**
 * Active Directory itself stores other characters too ("String(Printable)", "String(IA5)" in win32's ADSchema: "does not currently enforce"),
 * and the programs that read such an attribute do not expect them.
 */
const CHARACTERS: Readonly<Record<Characters, readonly [allowed: RegExp, words: string]>> = {
	ia5: [/^[\x20-\x7e]*$/, 'the letters A to Z, digits and the marks of a US keyboard'],
	printable: [/^[A-Za-z0-9 '()+,\-./:=?]*$/, "the letters A to Z, digits, blanks and '()+,-./:=?"],
	numeric: [/^[0-9 ]*$/, 'digits and blanks'],
};

function whyNotThese(name: string, characters: Characters, value: string): Fault | undefined {
	const [allowed, words] = CHARACTERS[characters];
	return allowed.test(value) ? undefined : { rule: 'characters', message: `${name} takes only ${words}.` };
}

type TextRule = (name: string, value: string) => Fault | undefined;

/** A path is made of HR data often: it must not lead out of its folder. Windows drops blanks and full stops at the end of a name. */
const inside: TextRule = (name, value) =>
	/(?:^|[\\/])\s*\.[\s.]*(?:[\\/]|$)/.test(value)
		? { rule: 'path', message: `${name} must name its folder without "." or ".." on the way.` }
		: undefined;

/** It is run when the person logs on, and belongs to those who keep the NETLOGON share; from there it is named (win32, a-scriptpath). */
const belowNetlogon: TextRule = (name, value) =>
	/^[\\/]|:/.test(value)
		? { rule: 'path', message: `${name} names a file below the NETLOGON share, such as staff\\logon.cmd.` }
		: inside(name, value);

/** "DriveLetter:" (win32, a-homedrive). */
const drive: TextRule = (name, value) =>
	/^[A-Za-z]:$/.test(value) ? undefined : { rule: 'syntax', message: `${name} takes a drive such as H:.` };

/** What the schema does not say, by the schema's spelling. */
const TEXT_RULES: ReadonlyMap<string, TextRule> = new Map<string, TextRule>([
	...['homeDirectory', 'profilePath', 'userSharedFolder', 'userSharedFolderOther'].map(
		(name) => [name, inside] as const,
	),
	...['msTSHomeDirectory', 'msTSProfilePath', 'unixHomeDirectory'].map((name) => [name, inside] as const),
	...['homeDrive', 'msTSHomeDrive'].map((name) => [name, drive] as const),
	['scriptPath', belowNetlogon],
]);

/** 0 is root, and what is below it wraps around, wherever Unix systems take accounts from the domain. */
const UNIX_NUMBERS = new Set(['uidNumber', 'gidNumber']);

function whyNoInteger(facts: AttributeFacts, value: string, bits: 32 | 64): Fault | undefined {
	const { name, min, max } = facts;
	if (!isInteger(value, BigInt(bits)))
		return syntaxFault(facts, `a whole number of ${bits} bits${bits === 64 ? ' as decimal text' : ''}`);
	const number = Number(value);
	if (UNIX_NUMBERS.has(name) && number < 1)
		return { rule: 'range', message: `${name} must be 1 or more: 0 is the administrator of Unix systems.` };
	if ((min !== undefined && number < min) || (max !== undefined && number > max))
		return { rule: 'range', message: `${name} takes a whole number${rangeWords(min, max)}, not ${value}.` };
	return undefined;
}

function rangeWords(min: number | undefined, max: number | undefined): string {
	if (max === undefined) return ` of at least ${min}`;
	return min === undefined ? ` of at most ${max}` : ` from ${min} to ${max}`;
}

function isInteger(value: string, bits: bigint): boolean {
	if (!/^-?\d{1,19}$/.test(value)) return false;
	const number = BigInt(value);
	return number >= -(2n ** (bits - 1n)) && number < 2n ** (bits - 1n);
}

/** Bytes come as base64 (RFC 4648 section 4, with padding). */
function whyNoBytes(facts: AttributeFacts, value: string): Fault | undefined {
	if (value === '' || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
		return syntaxFault(facts, 'bytes, as base64');
	const length = (value.length / 4) * 3 - (/=*$/.exec(value)?.[0].length ?? 0);
	return whyNotThatLong(facts, length, 'bytes');
}
