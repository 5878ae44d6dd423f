/**
 * What a person's account may be given, of Active Directory's own schema, Exchange's and RFC 2307's: titles as "Active Directory Users and
 * Computers" has them (the display specifiers of user, CN=409), limits as the published schema has them (MicrosoftDocs win32, ADSchema pages
 * a-*; MS-ADA1 to MS-ADA3). test/directory/schema.test.ts holds every row against the schema of a live domain.
 */
import type { AttributeFacts, Characters, Syntax } from './attributes';

/** The longest text or number of bytes; null = the schema has no limit. */
type Row = readonly [name: string, title: string, maxLength: number | null, characters?: Characters];

const numbered = (count: number, row: (number: number) => Row): Row[] =>
	Array.from({ length: count }, (_, index) => row(index + 1));

const PERSON: readonly Row[] = [
	['employeeID', 'Employee ID', 16],
	['employeeNumber', 'Employee Number', 512],
	['employeeType', 'Employee Type', 256],
	['displayName', 'Display Name', 256],
	['displayNamePrintable', 'Printable Display Name', 256, 'printable'],
	['givenName', 'First Name', 64],
	['middleName', 'Middle Name', 64],
	['sn', 'Last Name', 64],
	['initials', 'Initials', 6],
	['personalTitle', 'Title', 64],
	['generationQualifier', 'Generational Suffix', 64],
	['msDS-PhoneticFirstName', 'Phonetic First Name', 64],
	['msDS-PhoneticLastName', 'Phonetic Last Name', 64],
	['msDS-PhoneticDisplayName', 'Phonetic Display Name', 256],
	['preferredLanguage', 'Preferred Language', null],
	// The schema lets it have several values, and the server refuses a second one to a user (win32, a-description).
	['description', 'Description', 1024],
	['adminDescription', 'Administrative Description', 1024],
	['adminDisplayName', 'Administrative Display Name', 256],
	['info', 'Notes', 1024],
	['comment', 'Comment', null],
];

const WORK: readonly Row[] = [
	['title', 'Job Title', 128],
	['department', 'Department', 64],
	['msDS-PhoneticDepartment', 'Phonetic Department', 64],
	['division', 'Division', 256],
	['company', 'Company', 64],
	['msDS-PhoneticCompanyName', 'Phonetic Company Name', 64],
	['physicalDeliveryOfficeName', 'Office Location', 128],
	['streetAddress', 'Street Address', 1024],
	['street', 'Street (RFC 4519)', 1024],
	['l', 'City', 128],
	['st', 'State/Province', 128],
	['postalCode', 'ZIP/Postal Code', 40],
	['c', 'Country Abbreviation', 3],
	['co', 'Country', 128],
	['homePostalAddress', 'Home Address', 4096],
];

const REACHED_BY: readonly Row[] = [
	['mail', 'E-Mail Address', 256],
	['wWWHomePage', 'Web Page Address', 2048],
	['telephoneNumber', 'Telephone Number', 64],
	['mobile', 'Mobile Number', 64],
	['homePhone', 'Home Phone', 64],
	['pager', 'Pager Number', 64],
	['facsimileTelephoneNumber', 'Fax Number', 64],
	['ipPhone', 'IP Phone Number', 64],
	['primaryInternationalISDNNumber', 'International ISDN Number', 64],
	['primaryTelexNumber', 'Telex Number', 64],
];

const SYSTEMS: readonly Row[] = [
	// The schema says 256, the server refuses a user more than 20 (win32, a-samaccountname).
	['sAMAccountName', 'Logon Name (pre-Windows 2000)', 20],
	['userPrincipalName', 'Logon Name', 1024],
	['homeDirectory', 'Home Folder', null],
	['homeDrive', 'Home Drive', null],
	['profilePath', 'Profile Path', null],
	['scriptPath', 'Logon Script', null],
	['userSharedFolder', 'Shared Folder', null],
	['msTSHomeDirectory', 'Home Folder (Remote Desktop)', 32_767],
	['msTSHomeDrive', 'Home Drive (Remote Desktop)', 32_767],
	['msTSProfilePath', 'Profile Path (Remote Desktop)', 32_767],
	['gecos', 'GECOS (Unix)', 10_240, 'ia5'],
	['loginShell', 'Login Shell (Unix)', 1024, 'ia5'],
	['unixHomeDirectory', 'Home Folder (Unix)', 2048, 'ia5'],
	['msSFU30Name', 'Name (NIS)', 1024, 'ia5'],
	['msSFU30NisDomain', 'Domain (NIS)', 1024, 'ia5'],
	['msDS-preferredDataLocation', 'Preferred Data Location', 10],
	...numbered(20, (n): Row => [`msDS-cloudExtensionAttribute${n}`, `Cloud Extension Attribute ${n}`, null]),
];

/**
 * Exchange's schema adds them. Of its extension attributes 16 to 45 Microsoft advises that nobody but Exchange writes them ("Custom
 * attributes in Exchange 2010 SP2 and later"): a domain that has them offers them in its own list.
 */
const EXCHANGE: readonly Row[] = [
	['mailNickname', 'Alias (Exchange)', 64],
	['targetAddress', 'Target Address (Exchange)', 1123],
	['msExchAssistantName', 'Assistant Name (Exchange)', 256],
	['msExchHouseIdentifier', 'House Identifier (Exchange)', 128],
	['msExchUsageLocation', 'Usage Location (Exchange)', null],
	...numbered(15, (n): Row => [`extensionAttribute${n}`, `Extension Attribute ${n} (Exchange)`, 1024]),
];

const SEVERAL: readonly Row[] = [
	['proxyAddresses', 'Proxy Addresses', 1123],
	['otherMailbox', 'E-Mail Address (Others)', null],
	['otherTelephone', 'Phone Number (Others)', 64],
	['otherMobile', 'Mobile Number (Others)', 64],
	['otherHomePhone', 'Home Phone Number (Others)', 64],
	['otherPager', 'Pager Number (Others)', 64],
	['otherFacsimileTelephoneNumber', 'Fax Number (Others)', 64],
	['otherIpPhone', 'IP Phone Number (Others)', null],
	['internationalISDNNumber', 'International ISDN Number (Others)', 16, 'numeric'],
	['x121Address', 'X.121 Address', 15, 'numeric'],
	['url', 'Web Page Address (Others)', null],
	['labeledURI', 'Labelled Web Address', null],
	['msExchLabeledURI', 'Labelled Web Address (Exchange)', 1024],
	['postOfficeBox', 'Post Office Box', 40],
	['postalAddress', 'Postal Address', 4096],
	['roomNumber', 'Room Number', null],
	['houseIdentifier', 'House Identifier', 32_768],
	['departmentNumber', 'Department Number', null],
	['businessCategory', 'Business Category', 128],
	['o', 'Organisation', 64],
	['ou', 'Organisational Unit', 64],
	['carLicense', 'Car Licence', null],
	['serialNumber', 'Serial Number', 64, 'printable'],
	['destinationIndicator', 'Destination Indicator', 128, 'printable'],
	['extensionName', 'Extension Name', 255],
	['userSharedFolderOther', 'Shared Folder (Others)', null],
	['uid', 'User ID (Unix)', null],
	...numbered(
		5,
		(n): Row => [`msExchExtensionCustomAttribute${n}`, `Extension Custom Attribute ${n} (Exchange)`, null],
	),
];

type Other = readonly [
	name: string,
	title: string,
	syntax: Syntax,
	values: 'single' | 'multiple',
	limits?: Pick<AttributeFacts, 'min' | 'max'> & Partial<Pick<AttributeFacts, 'maxLength'>>,
];

const OTHERS: readonly Other[] = [
	['manager', 'Manager', 'dn', 'single'],
	['assistant', 'Assistant', 'dn', 'single'],
	['secretary', 'Secretary', 'dn', 'multiple'],
	['seeAlso', 'See Also', 'dn', 'multiple'],
	['accountExpires', 'Account Expires', 'fileTime', 'single'],
	// ISO 3166-1 numeric goes into it; the schema allows 16 bits.
	['countryCode', 'Country Number', 'integer', 'single', { min: 0, max: 65_535 }],
	['codePage', 'Code Page', 'integer', 'single', { min: 0, max: 65_535 }],
	['localeID', 'Locale ID', 'integer', 'multiple'],
	['msDS-HABSeniorityIndex', 'Seniority Index', 'integer', 'single'],
	['uidNumber', 'User Number (Unix)', 'integer', 'single'],
	['gidNumber', 'Group Number (Unix)', 'integer', 'single'],
	['shadowExpire', 'Account Expires (Unix, Days since 1970)', 'integer', 'single'],
	['msDS-GeoCoordinatesAltitude', 'Altitude', 'largeInteger', 'single'],
	['msDS-GeoCoordinatesLatitude', 'Latitude', 'largeInteger', 'single'],
	['msDS-GeoCoordinatesLongitude', 'Longitude', 'largeInteger', 'single'],
	['msExchHideFromAddressLists', 'Hide from Address Lists (Exchange)', 'boolean', 'single'],
	['thumbnailPhoto', 'Photo', 'bytes', 'single', { maxLength: 102_400 }],
	['thumbnailLogo', 'Logo', 'bytes', 'single', { maxLength: 32_767 }],
	['jpegPhoto', 'Photo (JPEG)', 'bytes', 'multiple'],
	['photo', 'Photo (Fax Format)', 'bytes', 'multiple'],
	['audio', 'Audio', 'bytes', 'multiple', { maxLength: 250_000 }],
	['telexNumber', 'Telex Number (Others)', 'bytes', 'multiple', { maxLength: 32 }],
];

const texts = (rows: readonly Row[], single: boolean): AttributeFacts[] =>
	rows.map(([name, title, maxLength, characters]) => ({
		...{ name, title, syntax: 'text', single, maxLength },
		...(characters ? { characters } : {}),
	}));

/** Alphabetical by name. */
export const USER_ATTRIBUTES: readonly AttributeFacts[] = [
	...texts([...PERSON, ...WORK, ...REACHED_BY, ...SYSTEMS, ...EXCHANGE], true),
	...texts(SEVERAL, false),
	...OTHERS.map(
		([name, title, syntax, values, more]): AttributeFacts => ({
			...{ name, title, syntax, single: values === 'single', maxLength: null },
			...more,
		}),
	),
].sort((left, right) => left.name.localeCompare(right.name, 'en'));
