/**
 * Which attribute an answer of the directory is about. AD names it in most answers by number ("Att 90290"): an ATTRTYP, whose upper half stands
 * for the beginning of an object identifier and whose lower half is its last arc (MS-ADTS 5.16.4; MS-DRSR 5.12.1, the table that every forest
 * begins with). 90290 is 1.2.840.113556.1.4 and 656, which is userPrincipalName.
 */

/** By upper half: last arcs, hexadecimal, of the attributes that provisioning writes or that constrain it. */
const BY_PREFIX: Readonly<Record<number, string>> = {
	// 2.5.4
	0x00: '0:objectClass 3:cn 4:sn 5:serialNumber 6:c 7:l 8:st 9:street a:o b:ou c:title d:description f:businessCategory 10:postalAddress 11:postalCode 12:postOfficeBox 13:physicalDeliveryOfficeName 14:telephoneNumber 17:facsimileTelephoneNumber 1f:member 22:seeAlso 23:userPassword 24:userCertificate 2a:givenName 2b:initials 2c:generationQualifier 33:houseIdentifier',
	// 1.2.840.113556.1.2
	0x02: '2:whenCreated 3:whenChanged d:displayName 12:otherTelephone 30:isDeleted 51:info 66:memberOf 76:otherPager 83:co 8d:department 92:company c2:adminDisplayName d2:proxyAddresses e2:adminDescription e3:extensionName 100:streetAddress 115:otherHomePhone 119:nTSecurityDescriptor 1d0:wWWHomePage 262:employeeNumber 265:employeeType 267:personalTitle',
	// 1.2.840.113556.1.4
	0x09: '1:name 2:objectGUID 8:userAccountControl 10:codePage 19:countryCode 23:employeeID 2c:homeDirectory 2d:homeDrive 37:dBCSPwd 3a:localeID 3e:scriptPath 40:logonHours 56:userWorkstations 5a:unicodePwd 60:pwdLastSet 62:primaryGroupID 8a:userParameters 8b:profilePath 92:objectSid 96:adminCount 9c:comment 9f:accountExpires dd:sAMAccountName 105:division 12e:sAMAccountType 261:sIDHistory 284:showInAddressBook 286:otherFacsimileTelephoneNumber 287:otherMobile 28b:otherMailbox 28c:assistant 28d:managedBy 28f:legacyExchangeDN 290:userPrincipalName 296:lockoutTime 2d1:ipPhone 2d2:otherIpPhone 2ed:url 2ee:groupType 303:servicePrincipalName 30e:objectCategory 363:altSecurityIdentities',
	// 0.9.2342.19200300.100.1
	0x15: '1:uid 2:textEncodedORAddress 3:mail 6:roomNumber 7:photo a:manager 14:homePhone 15:secretary 29:mobile 2a:pager 3c:jpegPhoto',
	// 2.16.840.1.113730.3.1
	0x16: '1:carLicense 2:departmentNumber 22:middleName 23:thumbnailPhoto 27:preferredLanguage',
};

const NAMES: ReadonlyMap<number, string> = new Map(
	Object.entries(BY_PREFIX).flatMap(([prefix, arcs]) =>
		arcs.split(' ').map((pair): [number, string] => {
			const [arc = '', name = ''] = pair.split(':');
			return [Number(prefix) * 0x1_0000 + Number.parseInt(arc, 16), name];
		}),
	),
);

/** Every attribute known by number, for holding them against a live schema. */
export const ATTRIBUTE_IDS: readonly (readonly [id: number, name: string])[] = [...NAMES];

const IDS: ReadonlyMap<string, number> = new Map(ATTRIBUTE_IDS.map(([id, name]) => [name.toLowerCase(), id]));

/** The table of prefixes that every forest begins with (MS-DRSR 5.12.1, 5.16.4), as far as attributes go. */
const PREFIXES: ReadonlyMap<string, number> = new Map([
	['2.5.4', 0x00],
	['1.2.840.113556.1.2', 0x02],
	['1.2.840.113556.1.3', 0x03],
	['2.16.840.1.101.2.2.1', 0x04],
	['1.2.840.113556.1.4', 0x09],
	['0.9.2342.19200300.100', 0x13],
	['2.16.840.1.113730.3', 0x14],
	['0.9.2342.19200300.100.1', 0x15],
	['2.16.840.1.113730.3.1', 0x16],
	['2.5.21', 0x18],
	['2.5.18', 0x19],
	['2.5.20', 0x1a],
	// Of forests made since Windows Server 2003 R2, which brought these into the schema; an older one may have other numbers for them, and an
	// attribute is then not found among what was written.
	['1.3.6.1.4.1.250.1', 0x1d],
	['1.2.840.113549.1.9', 0x1e],
	['1.2.840.113556.1.6.18.1', 0x21],
	['1.3.6.1.1.1.1', 0x25],
]);
/** From here on the last arc stands in the prefix too (MS-DRSR 5.16.4, MakeAttid). */
const LONG_ARC = 16_384;

/**
 * ATTRTYP of an attribute.
 * @param oidOrName object identifier, or LDAP name in any case
 * @returns undefined for a name that is not in the table above, and for prefixes that are the forest's own (attributeTypes.ts asks the schema)
 */
export function attributeType(oidOrName: string): number | undefined {
	const known = IDS.get(oidOrName.toLowerCase());
	if (known !== undefined) return known;
	const [, prefix = '', arc = ''] = /^(\d+(?:\.\d+)+)\.(\d{1,5})$/.exec(oidOrName) ?? [];
	const upper = PREFIXES.get(prefix);
	return upper === undefined || Number(arc) >= LONG_ARC ? undefined : upper * 0x1_0000 + Number(arc);
}

/** What an answer without a name is about all the same, by Win32 code. */
const BY_WIN32: Readonly<Record<string, string>> = {
	'00000523': 'sAMAccountName',
	'00000524': 'sAMAccountName',
	'0000052D': 'unicodePwd',
	'000021C7': 'servicePrincipalName',
	'000021C8': 'userPrincipalName',
	'00000561': 'member',
	'00000562': 'member',
};

/** How AD and Samba write a name into an answer, the surest first. */
const IN_WORDS: readonly RegExp[] = [
	/\bAtt [0-9a-f]+ \(([a-z][\w-]*)\)/i,
	/\battribute '([a-z][\w-]*)'/i,
	/\bSINGLE-VALUE attribute ([a-z][\w-]*) on /i,
	/^Element ([a-z][\w-]*) has empty attribute/i,
	/^Attribute ([a-z][\w-]*) (?:already|doesn't) /,
	/^[0-9a-f]{8}: (?:samldb|setup_last_set_field): (?:setup_\w+: )?(sAMAccountName|userPrincipalName|servicePrincipalName)\b/i,
	/\b(pwdLastSet|userAccountControl|primaryGroupID) must be\b/,
];

/** Samba spells it in two ways within one file. */
const SPELLED: Readonly<Record<string, string>> = { samaccountname: 'sAMAccountName' };

/**
 * @param said the directory's own words, cleaned
 * @param win32 the Win32 code in front of them
 */
export function attributeIn(said: string, win32: string | undefined): string | undefined {
	for (const pattern of IN_WORDS) {
		const name = pattern.exec(said)?.[1];
		if (name) return SPELLED[name.toLowerCase()] ?? name;
	}
	const id = /\bAtt ([0-9a-f]{1,8})\b/i.exec(said)?.[1];
	const known = id === undefined ? undefined : NAMES.get(Number.parseInt(id, 16));
	return known ?? BY_WIN32[win32 ?? ''];
}
