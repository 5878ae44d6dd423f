/**
 * Attributes that no mapping may write. HR data comes from many hands: whoever can change a field of a person must not become able to log on as
 * somebody else by it, to keep an account open, or to act for others. Sources: MicrosoftDocs win32, ADSchema pages a-*; MS-ADA1 to MS-ADA3;
 * the schemas of Windows LAPS and of Microsoft's older LAPS; Exchange's schema changes; RFC 2307 and OpenSSH's, sudo's and MIT Kerberos's
 * schemas for LDAP, which domains with Unix systems add.
 */
const LOGON = 'it decides who may log on or what an account may do';
const SECRET = 'it holds a password or a key, and whoever writes it can log on with it';
const TWIN = 'it ties the account to its twin in another directory or mail system';
const MAIL = 'it decides who reads a person’s mail or writes in their name';
const SESSION = 'it decides what runs in a person’s Remote Desktop sessions';
const KEPT = 'the directory keeps it itself';

const SECRETS = [
	...['unicodePwd', 'dBCSPwd', 'userPassword', 'unixUserPassword', 'msSFU30Password', 'ntPwdHistory', 'lmPwdHistory'],
	...['supplementalCredentials', 'userCertificate', 'userCert', 'userSMIMECertificate', 'userPKCS12', 'cACertificate'],
	...['x500uniqueIdentifier', 'attributeCertificateAttribute', 'msDRM-IdentityCertificate', 'crossCertificatePair'],
	...['currentValue', 'priorValue', 'priorSetTime', 'initialAuthIncoming', 'initialAuthOutgoing'],
	...['trustAuthIncoming', 'trustAuthOutgoing', 'linkTrackSecret', 'msDS-ExecuteScriptPassword'],
];

const LOGONS = [
	// The account as such, and the times and places at which it may be used.
	...['userAccountControl', 'pwdLastSet', 'lockoutTime', 'logonHours', 'userWorkstations', 'otherLoginWorkstations'],
	...['logonWorkstation', 'userParameters', 'terminalServer', 'host', 'authorizedService', 'adminCount'],
	...['isCriticalSystemObject', 'showInAdvancedViewOnly', 'nTSecurityDescriptor', 'controlAccessRights'],
	// Who it is to others, and what it belongs to.
	...[
		'altSecurityIdentities',
		'sIDHistory',
		'securityIdentifier',
		'syncWithSID',
		'servicePrincipalName',
		'dNSHostName',
	],
	...['msDS-AdditionalDnsHostName', 'msDS-AdditionalSamAccountName', 'member', 'memberUid', 'memberNisNetgroup'],
	...['nisNetgroupTriple', 'primaryGroupID', 'groupMembershipSAM', 'nonSecurityMember', 'privilegeHolder'],
	...['msDS-GroupMSAMembership', 'msDS-HostServiceAccount', 'msDS-PrimaryComputer', 'msDS-SupportedEncryptionTypes'],
	...['msDS-NeverRevealGroup', 'msDS-RevealOnDemandGroup', 'msDS-KrbTgtLink', 'msDS-TrustForestTrustInfo'],
	...['trustAttributes', 'trustDirection', 'trustParent', 'trustPartner', 'trustPosixOffset', 'trustType'],
	...['msDS-PSOAppliesTo', 'msDS-ObjectSoa', 'additionalTrustedServiceNames', 'msRTCSIP-OriginatorSid'],
	// What is installed, set up or run where the person logs on.
	...['gPLink', 'gPOptions', 'desktopProfile', 'defaultClassStore', 'dynamicLDAPServer', 'msDS-SyncServerUrl'],
	...['msCOM-UserPartitionSetLink', 'msIIS-FTPDir', 'msIIS-FTPRoot'],
];

const TWINS = [
	// The anchor of Entra Connect: a wrong one hands the person's cloud account to somebody else.
	...['mS-DS-ConsistencyGuid', 'mS-DS-ConsistencyChildCount', 'msDS-ExternalDirectoryObjectId', 'msDS-SourceAnchor'],
	...['msDS-CloudAnchor', 'msExchMasterAccountSid', 'msExchMasterAccountHistory', 'msExchImmutableId'],
	...['msExchImmutableSid', 'msExchOriginatingForest', 'msExchMailboxGuid', 'msExchArchiveGUID', 'homeMDB', 'homeMTA'],
	...['msExchDisabledArchiveGUID', 'msExchHomeServerName', 'msExchArchiveDatabaseLink', 'legacyExchangeDN'],
];

const MAILS = [
	...['altRecipient', 'deliverAndRedirect', 'msExchGenericForwardingAddress', 'publicDelegates', 'authOrig'],
	...['unauthOrig', 'dLMemSubmitPerms', 'dLMemRejectPerms', 'protocolSettings', 'msExchMailboxSecurityDescriptor'],
	...['msExchDelegateListLink', 'msExchRBACPolicyLink', 'msExchUserAccountControl', 'msExchBypassAudit'],
	...['msExchMailboxAuditEnable', 'msExchBypassModerationLink', 'msExchModeratedByLink', 'msExchCoManagedByLink'],
	...['msExchMobileAllowedDeviceIDs', 'msExchMobileBlockedDeviceIDs', 'msExchRequireAuthToSendTo'],
];

/** The directory keeps them itself, or they are an object's name, kind or whereabouts. */
const KEEPS = [
	...['objectGUID', 'objectSid', 'objectClass', 'objectCategory', 'objectVersion', 'distinguishedName', 'name'],
	...['canonicalName', 'structuralObjectClass', 'instanceType', 'sAMAccountType', 'systemFlags', 'flags', 'revision'],
	...['whenCreated', 'whenChanged', 'createTimeStamp', 'modifyTimeStamp', 'uSNCreated', 'uSNChanged', 'uSNSource'],
	...['uSNDSALastObjRemoved', 'uSNLastObjRem', 'USNIntersite', 'dSASignature', 'dSCorePropagationData'],
	...['isDeleted', 'isRecycled', 'lastKnownParent', 'msDS-LastKnownRDN', 'proxiedObjectName', 'garbageCollPeriod'],
	...['replPropertyMetaData', 'replUpToDateVector', 'repsFrom', 'repsTo', 'subRefs', 'fSMORoleOwner'],
	...['partialAttributeSet', 'partialAttributeDeletionList', 'subSchemaSubEntry', 'wellKnownObjects'],
	...['otherWellKnownObjects', 'accountNameHistory', 'rid', 'mS-DS-CreatorSID', 'msDS-SourceObjectDN'],
	...['memberOf', 'directReports', 'managedObjects', 'tokenGroups', 'tokenGroupsGlobalAndUniversal'],
	...['tokenGroupsNoGCAcceptable', 'lastLogon', 'lastLogonTimestamp', 'lastLogoff', 'logonCount', 'badPwdCount'],
	...['badPasswordTime', 'operatorCount', 'msDS-AuthenticatedAtDC', 'msDS-Cached-Membership', 'msDS-PSOApplied'],
	...['msDS-Cached-Membership-Time-Stamp', 'msDS-Site-Affinity', 'msDS-ResultantPSO', 'msDS-PrincipalName'],
	...['msDS-User-Account-Control-Computed', 'msDS-UserPasswordExpiryTimeComputed', 'msDS-SecondaryKrbTgtNumber'],
	...['msDS-FailedInteractiveLogonCount', 'msDS-FailedInteractiveLogonCountAtLastSuccessfulLogon'],
	...['msDS-LastFailedInteractiveLogonTime', 'msDS-LastSuccessfulInteractiveLogonTime', 'msDS-NcType'],
];

const REASONS: ReadonlyMap<string, string> = new Map(
	(
		[
			[SECRETS, SECRET],
			[LOGONS, LOGON],
			[TWINS, TWIN],
			[MAILS, MAIL],
			[KEEPS, KEPT],
			[['cn'], 'the name of the object comes from the name ladder for cn'],
		] as const
	).flatMap(([names, reason]) => names.map((name) => [name.toLowerCase(), reason] as const)),
);

/** Whole families by the beginning of their names, so that a newer schema brings nothing that is missed here. */
const FAMILIES: ReadonlyArray<readonly [beginning: RegExp, reason: string]> = [
	// Both kinds of LAPS; certificates, roamed credentials and their keys; BitLocker, TPM, key distribution, message queuing.
	[/^(?:mslaps-|ms-mcs-|mspki|msfve-|mstpm-|mskds-|msmq)/, SECRET],
	// Managed passwords, and the keys of Windows Hello ("shadow credentials").
	[/^msds-(?:managedpassword|key)/, SECRET],
	// The databases of Kerberos and Samba in other directories, where a domain has taken their schema over.
	[/^(?:krb|samba)/, SECRET],
	// Dial-in and RADIUS; the schema of sudo.
	[/^(?:msnp|msradius|msras|sudo)/, LOGON],
	// Delegation; authentication policies and silos; shadow principals; accounts that succeed another one ("BadSuccessor").
	[/^msds-(?:allowedto|(?:assigned|user|computer|service)?authn|(?:user|computer|service)allowed)/, LOGON],
	[/^msds-(?:shadowprincipal|superseded|managedaccount|delegatedmsa|strongntlm)/, LOGON],
	// How long a password is good for on Unix. When the account ends is HR's to say.
	[/^shadow(?:lastchange|min|max|warning|inactive|flag)$/, LOGON],
	// All of Remote Desktop's but the folders.
	[/^msts(?!homedirectory$|homedrive$|profilepath$)/, SESSION],
];

/** By any part of the name: passwords and keys of products that nobody here has heard of. A secretary is none, nor a secretariat. */
const SECRET_WORDS = /passw(?:or)?d|passphrase|pwd|privatekey|secret(?!ar)|ssh.*key|otp(?:key|seed|token)/;

/**
 * What is no name by RFC 4512 and may yet be taken for one by a server: a name with options, an object identifier, blanks or letters beyond
 * ASCII, which some comparisons fold away. Each would be another name for what is refused here.
 */
const OTHER_NAMES = /^$|^[\s\d.]|^oid\.|;|[^ -~]|\s$/i;

/** What a live schema says of an attribute. */
export type Upkeep = {
	/** Computed when it is read (systemFlags, bit 4). */
	readonly constructed?: boolean;
	readonly systemOnly?: boolean;
	/** The other end of a link, which is written at its beginning (odd linkID). */
	readonly backLink?: boolean;
};

/**
 * Why an attribute cannot be written from HR data, as the end of "<attribute> cannot be mapped: "; undefined when it can.
 * @param attribute LDAP name, any case; `userCertificate;binary` and `1.2.840.113556.1.4.90` are refused as other names
 * @param upkeep what the domain's schema says, where it is known
 */
export function whyNeverWritten(
	attribute: string,
	{ constructed = false, systemOnly = false, backLink = false }: Upkeep = {},
): string | undefined {
	if (OTHER_NAMES.test(attribute)) return 'it is no name of an attribute';
	const reason = reasonByName(attribute.toLowerCase());
	return reason ?? (constructed || systemOnly || backLink ? KEPT : undefined);
}

/** @param name in small letters */
function reasonByName(name: string): string | undefined {
	const reason = REASONS.get(name) ?? FAMILIES.find(([beginning]) => beginning.test(name))?.[1];
	return reason ?? (SECRET_WORDS.test(name) ? SECRET : undefined);
}

/** Certificates let others log on when they are written; read, they are public. */
const PUBLIC = /cert|^x500uniqueidentifier$/;
/** When a password was set, how often a wrong one was tried, and rules for passwords: nothing of the password. */
const ABOUT_PASSWORDS =
	/^(?:pwdlastset|badpwdcount|badpasswordtime|priorsettime|(?:min|max)pwd|pwd(?:properties|historylength))/;

/**
 * Whether an attribute's values are to stay out of every result, though the service account can read them: passwords, and keys.
 * @param attribute LDAP name, any case; options after it (`;binary`, `;range=`) do not matter
 */
export function isSecret(attribute: string): boolean {
	const name = attribute.toLowerCase().replace(/;.*$/s, '');
	return reasonByName(name) === SECRET && !PUBLIC.test(name) && !ABOUT_PASSWORDS.test(name);
}
