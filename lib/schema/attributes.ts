/**
 * What Active Directory's schema says about the attributes that people are mapped to (MicrosoftDocs win32, ADSchema pages a-*). A domain may
 * have more of them; an attribute that is not listed is taken as text of any length, and the directory has the last word.
 */

import { isObjectName } from './dn';

/** How values are written: text, true or false, a whole number, a FILETIME or GeneralizedTime, bytes, a distinguished name. */
export type Syntax = 'text' | 'boolean' | 'integer' | 'largeInteger' | 'fileTime' | 'time' | 'bytes' | 'dn';

/** ASCII; the letters, digits and marks of PrintableString (X.680); digits and blanks. */
export type Characters = 'ia5' | 'printable' | 'numeric';

export type AttributeFacts = {
	readonly name: string;
	/** As the "Active Directory Users and Computers" console calls it, where it does. */
	readonly title: string;
	readonly syntax: Syntax;
	readonly single: boolean;
	/** UTF-16 units for text, bytes for bytes; null = no limit. */
	readonly maxLength: number | null;
	/** What text may be made of, where not every character is allowed (MS-ADTS 3.1.1.2.2.2: 2.5.5.5 and 2.5.5.6). */
	readonly characters?: Characters;
	/** Of whole numbers. */
	readonly min?: number;
	readonly max?: number;
};

type Row = readonly [name: string, title: string, maxLength: number | null];

const SINGLE_TEXT: readonly Row[] = [
	['employeeID', 'Employee ID', 16],
	['employeeNumber', 'Employee Number', 512],
	['employeeType', 'Employee Type', 256],
	['displayName', 'Display Name', 256],
	['givenName', 'First Name', 64],
	['middleName', 'Middle Name', 64],
	['sn', 'Last Name', 64],
	['initials', 'Initials', 6],
	['personalTitle', 'Personal Title', 64],
	['generationQualifier', 'Generation', 64],
	['mail', 'E-Mail', 256],
	['mailNickname', 'Mail Nickname', 64],
	['title', 'Job Title', 128],
	['department', 'Department', 64],
	['departmentNumber', 'Department Number', null],
	['division', 'Division', 256],
	['company', 'Company', 64],
	['description', 'Description', 1024],
	['info', 'Notes', 1024],
	['comment', 'Comment', null],
	['physicalDeliveryOfficeName', 'Office', 128],
	['streetAddress', 'Street', 1024],
	['l', 'City', 128],
	['st', 'State or Province', 128],
	['postalCode', 'Postal Code', 40],
	['c', 'Country (Two Letters)', 3],
	['co', 'Country', 128],
	['telephoneNumber', 'Telephone Number', 64],
	['mobile', 'Mobile', 64],
	['homePhone', 'Home Phone', 64],
	['pager', 'Pager', 64],
	['facsimileTelephoneNumber', 'Fax', 64],
	['ipPhone', 'IP Phone', 64],
	['wWWHomePage', 'Web Page', 2048],
	['homeDirectory', 'Home Folder', null],
	['homeDrive', 'Home Drive', null],
	['profilePath', 'Profile Path', null],
	['scriptPath', 'Logon Script', null],
	['preferredLanguage', 'Preferred Language', null],
	['adminDescription', 'Administrative Description', 1024],
	['displayNamePrintable', 'Printable Display Name', 256],
	['gecos', 'GECOS (Unix)', 10_240],
	['homePostalAddress', 'Home Address', 4096],
	['loginShell', 'Login Shell (Unix)', 1024],
	['msDS-PhoneticCompanyName', 'Phonetic Company Name', 64],
	['msDS-PhoneticDepartment', 'Phonetic Department', 64],
	['msDS-PhoneticDisplayName', 'Phonetic Display Name', 256],
	['msDS-PhoneticFirstName', 'Phonetic First Name', 64],
	['msDS-PhoneticLastName', 'Phonetic Last Name', 64],
	['msExchAssistantName', 'Assistant Name (Exchange)', 256],
	['msTSHomeDirectory', 'Remote Desktop Home Folder', 32_767],
	['msTSHomeDrive', 'Remote Desktop Home Drive', 32_767],
	['msTSProfilePath', 'Remote Desktop Profile Path', 32_767],
	['primaryInternationalISDNNumber', 'International ISDN Number', 64],
	['primaryTelexNumber', 'Telex Number', 64],
	['street', 'Street (RFC 4519)', 1024],
	['targetAddress', 'Target Address (Exchange)', 1123],
	['unixHomeDirectory', 'Home Folder (Unix)', 2048],
	['userSharedFolder', 'Shared Folder', null],
	...Array.from(
		{ length: 15 },
		(_, index): Row => [`extensionAttribute${index + 1}`, `Extension Attribute ${index + 1} (Exchange)`, 1024],
	),
	...Array.from(
		{ length: 20 },
		(_, index): Row => [`msDS-cloudExtensionAttribute${index + 1}`, `Cloud Extension Attribute ${index + 1}`, null],
	),
];

const SEVERAL_TEXTS: readonly Row[] = [
	['proxyAddresses', 'Proxy Addresses', 1123],
	['otherTelephone', 'Other Telephone Numbers', 64],
	['otherMobile', 'Other Mobiles', 64],
	['otherHomePhone', 'Other Home Phones', 64],
	['otherPager', 'Other Pagers', 64],
	['otherFacsimileTelephoneNumber', 'Other Faxes', 64],
	['otherMailbox', 'Other Mailboxes', null],
	['postOfficeBox', 'Post Office Box', 40],
	['url', 'Other Web Pages', null],
	['ou', 'Organisational Unit Name', 64],
	['o', 'Organisation', 64],
	['carLicense', 'Car License', null],
	['roomNumber', 'Room Number', null],
	['businessCategory', 'Business Category', 128],
	['destinationIndicator', 'Destination Indicator', 128],
	['extensionName', 'Extension Name', 255],
	['houseIdentifier', 'House Identifier', 32_768],
	['internationalISDNNumber', 'Other International ISDN Numbers', 16],
	['labeledURI', 'Labelled URI', null],
	['otherIpPhone', 'Other IP Phones', null],
	['postalAddress', 'Postal Address', 4096],
	['serialNumber', 'Serial Number', 64],
	['uid', 'User ID (Unix)', null],
	['userSharedFolderOther', 'Other Shared Folders', null],
	['x121Address', 'X.121 Address', 15],
];

const OTHERS: readonly AttributeFacts[] = [
	{ name: 'manager', title: 'Manager', syntax: 'dn', single: true, maxLength: null },
	{ name: 'assistant', title: 'Assistant', syntax: 'dn', single: true, maxLength: null },
	{ name: 'seeAlso', title: 'See Also', syntax: 'dn', single: false, maxLength: null },
	{ name: 'uidNumber', title: 'User Number (Unix)', syntax: 'integer', single: true, maxLength: null },
	{ name: 'gidNumber', title: 'Group Number (Unix)', syntax: 'integer', single: true, maxLength: null },
	{ name: 'msDS-HABSeniorityIndex', title: 'Seniority Index', syntax: 'integer', single: true, maxLength: null },
	{ name: 'msTSExpireDate', title: 'Remote Desktop Licence Expires', syntax: 'time', single: true, maxLength: null },
	{ name: 'thumbnailLogo', title: 'Logo', syntax: 'bytes', single: true, maxLength: 32_767 },
	{ name: 'secretary', title: 'Secretary', syntax: 'dn', single: false, maxLength: null },
	{ name: 'accountExpires', title: 'Account Expires', syntax: 'fileTime', single: true, maxLength: null },
	{
		name: 'countryCode',
		title: 'Country (Number)',
		syntax: 'integer',
		single: true,
		maxLength: null,
		min: 0,
		max: 65_535,
	},
	{ name: 'thumbnailPhoto', title: 'Photo', syntax: 'bytes', single: true, maxLength: 102_400 },
	{ name: 'jpegPhoto', title: 'Photo (JPEG)', syntax: 'bytes', single: false, maxLength: null },
	{
		name: 'msExchHideFromAddressLists',
		title: 'Hide from Address Lists (Exchange)',
		syntax: 'boolean',
		single: true,
		maxLength: null,
	},
	{ name: 'sAMAccountName', title: 'Logon Name (Pre-Windows 2000)', syntax: 'text', single: true, maxLength: 20 },
	{ name: 'userPrincipalName', title: 'Logon Name', syntax: 'text', single: true, maxLength: 1024 },
];

const CHARACTERS_OF: Readonly<Record<string, Characters>> = {
	destinationIndicator: 'printable',
	displayNamePrintable: 'printable',
	gecos: 'ia5',
	internationalISDNNumber: 'numeric',
	loginShell: 'ia5',
	serialNumber: 'printable',
	unixHomeDirectory: 'ia5',
	x121Address: 'numeric',
};

const rows = (list: readonly Row[], single: boolean): AttributeFacts[] =>
	list.map(([name, title, maxLength]) => {
		const characters = CHARACTERS_OF[name];
		return { name, title, syntax: 'text', single, maxLength, ...(characters ? { characters } : {}) };
	});

/** Alphabetical by name. */
export const ATTRIBUTES: readonly AttributeFacts[] = [
	...rows(SINGLE_TEXT, true),
	...rows(SEVERAL_TEXTS, false),
	...OTHERS,
].sort((left, right) => left.name.localeCompare(right.name, 'en'));

const BY_NAME = new Map(ATTRIBUTES.map((facts) => [facts.name.toLowerCase(), facts]));

/** Large integers that are instants (win32, ADSchema: "large integer representing the number of 100-nanosecond intervals"): the schema cannot tell. */
const FILE_TIMES = new Set([
	'accountexpires',
	'pwdlastset',
	'lockouttime',
	'badpasswordtime',
	'lastlogon',
	'lastlogontimestamp',
	'lastlogoff',
]);

/** @param name LDAP name, any case */
export function isFileTime(name: string): boolean {
	return FILE_TIMES.has(name.toLowerCase());
}

/** @param name LDAP name, any case */
export function attributeFacts(name: string): AttributeFacts | undefined {
	return BY_NAME.get(name.toLowerCase());
}

/**
 * Why a value cannot stand in an attribute, as a whole sentence; undefined when it can. Text is expected to be clean already.
 * @param facts undefined = an attribute that is not listed
 */
export function whyNoValue(
	facts: AttributeFacts | undefined,
	value: string,
): { readonly rule: string; readonly message: string } | undefined {
	if (!facts) return undefined;
	if (facts.maxLength !== null && facts.syntax === 'text' && value.length > facts.maxLength) {
		return {
			rule: 'length',
			message: `${facts.name} takes at most ${facts.maxLength} characters, and this value has ${value.length}.`,
		};
	}
	if (facts.characters && !CHARACTERS[facts.characters].test(value))
		return { rule: 'characters', message: `${facts.name} takes ${CHARACTER_WORDS[facts.characters]} only.` };
	if (facts.syntax === 'integer' && !isInteger(value, 32n))
		return { rule: 'syntax', message: `${facts.name} takes a whole number of 32 bits.` };
	const { min, max } = facts;
	// 0 is root wherever Unix systems take accounts from the domain.
	if (/^[ug]idNumber$/i.test(facts.name) && Number(value) === 0)
		return { rule: 'range', message: `${facts.name} must not be 0, which is the administrator of Unix systems.` };
	if (
		facts.syntax === 'integer' &&
		((min !== undefined && Number(value) < min) || (max !== undefined && Number(value) > max))
	)
		return {
			rule: 'range',
			message: `${facts.name} takes a whole number from ${min ?? 'below'} to ${max ?? 'above'}.`,
		};
	if ((facts.syntax === 'largeInteger' || facts.syntax === 'fileTime') && !isInteger(value, 64n))
		return { rule: 'syntax', message: `${facts.name} takes a whole number of 64 bits as decimal text.` };
	if (facts.syntax === 'boolean' && value !== 'TRUE' && value !== 'FALSE')
		return { rule: 'syntax', message: `${facts.name} takes TRUE or FALSE.` };
	if (facts.syntax === 'dn' && !isObjectName(value))
		return {
			rule: 'syntax',
			message: `${facts.name} takes a distinguished name, such as CN=Ada Lovelace,OU=People,DC=corp,DC=example,DC=com.`,
		};
	if (facts.syntax === 'bytes') return whyNoBytes(facts, value);
	if (PATHS.has(facts.name) && /(?:^|[\\/])\.{1,2}(?:[\\/]|$)/.test(value))
		return { rule: 'path', message: `${facts.name} must name its folder without "." or ".." on the way.` };
	return undefined;
}

const CHARACTERS: Readonly<Record<Characters, RegExp>> = {
	ia5: /^[\x20-\x7e]*$/,
	printable: /^[A-Za-z0-9 '()+,\-./:=?]*$/,
	numeric: /^[0-9 ]*$/,
};
const CHARACTER_WORDS: Readonly<Record<Characters, string>> = {
	ia5: 'letters, digits and marks of ASCII',
	printable: "A to Z, digits, blanks and '()+,-./:=?",
	numeric: 'digits and blanks',
};

/** A share's path is made of HR data often: it must not lead out of its folder. */
const PATHS = new Set(['homeDirectory', 'profilePath', 'scriptPath']);

function isInteger(value: string, bits: bigint): boolean {
	if (!/^-?\d{1,19}$/.test(value)) return false;
	const number = BigInt(value);
	return number >= -(2n ** (bits - 1n)) && number < 2n ** (bits - 1n);
}

/** Bytes come as base64 (RFC 4648 section 4, with padding). */
function whyNoBytes({ name, maxLength }: AttributeFacts, value: string): ReturnType<typeof whyNoValue> {
	if (value === '' || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
		return { rule: 'syntax', message: `${name} takes bytes, as base64.` };
	const length = (value.length / 4) * 3 - (/=*$/.exec(value)?.[0].length ?? 0);
	if (maxLength !== null && length > maxLength)
		return { rule: 'length', message: `${name} takes at most ${maxLength} bytes, and this value has ${length}.` };
	return undefined;
}
