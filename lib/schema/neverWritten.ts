/** Attributes that no mapping may write. */

/** They decide who may log on, as whom, and with what; or whom an account may act for. */
const SECURITY_BEARING = [
	...['otherLoginWorkstations', 'terminalServer', 'attributeCertificateAttribute', 'msDRM-IdentityCertificate'],
	...['mSMQDigests', 'mSMQDigestsMig', 'mSMQSignCertificates', 'mSMQSignCertificatesMig', 'msRADIUS-FramedInterfaceId'],
	...['msRADIUS-FramedIpv6Prefix', 'msRADIUS-FramedIpv6Route', 'msRADIUS-SavedFramedInterfaceId'],
	...['msRADIUS-SavedFramedIpv6Prefix', 'msRADIUS-SavedFramedIpv6Route'],
	// Passwords, and what stands for one.
	...[
		'userPassword',
		'unicodePwd',
		'dBCSPwd',
		'ntPwdHistory',
		'lmPwdHistory',
		'supplementalCredentials',
		'unixUserPassword',
	],
	...['msSFU30Password', 'ms-Mcs-AdmPwd', 'ms-Mcs-AdmPwdExpirationTime', 'msLAPS-Password', 'msLAPS-EncryptedPassword'],
	...['msLAPS-EncryptedPasswordHistory', 'msLAPS-EncryptedDSRMPassword', 'msLAPS-EncryptedDSRMPasswordHistory'],
	...[
		'msLAPS-PasswordExpirationTime',
		'msLAPS-CurrentPasswordVersion',
		'msDS-ManagedPassword',
		'msDS-ManagedPasswordId',
	],
	...['msDS-ManagedPasswordPreviousId', 'msDS-GroupMSAMembership', 'msDS-KeyCredentialLink', 'msDS-KeyMaterial'],
	...[
		'userCertificate',
		'userCert',
		'userSMIMECertificate',
		'userPKCS12',
		'x500uniqueIdentifier',
		'altSecurityIdentities',
	],
	...['msPKIAccountCredentials', 'msPKIDPAPIMasterKeys', 'msPKIRoamingTimeStamp', 'msPKI-CredentialRoamingTokens'],
	// Who may log on, when, where from, and how.
	...['userAccountControl', 'msDS-User-Account-Control-Computed', 'pwdLastSet', 'lockoutTime', 'userWorkstations'],
	...[
		'logonWorkstation',
		'logonHours',
		'userParameters',
		'msNPAllowDialin',
		'msNPCallingStationID',
		'msNPSavedCallingStationID',
	],
	...['msRADIUSCallbackNumber', 'msRADIUSFramedIPAddress', 'msRADIUSFramedRoute', 'msRADIUSServiceType'],
	...['msRASSavedCallbackNumber', 'msRASSavedFramedIPAddress', 'msRASSavedFramedRoute', 'msTSInitialProgram'],
	...['msTSRemoteControl', 'msTSAllowLogon', 'msDS-AssignedAuthNPolicy', 'msDS-AssignedAuthNPolicySilo'],
	...['msDS-PrimaryComputer', 'msDS-SyncServerUrl', 'msDS-PSOApplied', 'msDS-ResultantPSO'],
	// Whom an account may act for, and who it is to others.
	...['servicePrincipalName', 'sIDHistory', 'msDS-AllowedToDelegateTo', 'msDS-AllowedToActOnBehalfOfOtherIdentity'],
	...['msDS-SupportedEncryptionTypes', 'msDS-ShadowPrincipalSid', 'msDS-CloudAnchor'],
	...[
		'mS-DS-ConsistencyGuid',
		'mS-DS-ConsistencyChildCount',
		'msDS-ExternalDirectoryObjectId',
		'msExchMasterAccountSid',
	],
	...['msExchMailboxSecurityDescriptor', 'msExchDelegateListLink', 'publicDelegates', 'msExchRBACPolicyLink'],
	...['msExchMailboxGuid', 'msExchHomeServerName', 'homeMDB', 'nTSecurityDescriptor', 'primaryGroupID', 'member'],
	...['adminCount', 'isCriticalSystemObject', 'securityIdentifier', 'trustAuthIncoming', 'trustAuthOutgoing', 'gPLink'],
	...['controlAccessRights', 'groupMembershipSAM', 'desktopProfile', 'defaultClassStore', 'dynamicLDAPServer'],
];

/** The directory keeps them itself, or they are an object's name or kind. */
const NOT_VALUES = [
	...[
		'objectGUID',
		'objectSid',
		'objectClass',
		'objectCategory',
		'distinguishedName',
		'name',
		'cn',
		'memberOf',
		'directReports',
	],
	...[
		'whenCreated',
		'whenChanged',
		'uSNCreated',
		'uSNChanged',
		'instanceType',
		'sAMAccountType',
		'lastLogon',
		'lastLogonTimestamp',
		'badPwdCount',
	],
	...[
		'isDeleted',
		'isRecycled',
		'accountNameHistory',
		'dSASignature',
		'USNIntersite',
		'msDS-AuthenticatedAtDC',
		'msDS-Cached-Membership',
		'msDS-Cached-Membership-Time-Stamp',
		'msDS-Site-Affinity',
		'msDS-SourceObjectDN',
		'lastKnownParent',
		'systemFlags',
		'objectVersion',
		'rid',
		'badPasswordTime',
		'lastLogoff',
		'logonCount',
		'operatorCount',
		'showInAdvancedViewOnly',
		'dSCorePropagationData',
		'uSNDSALastObjRemoved',
		'uSNLastObjRem',
		'uSNSource',
		'fSMORoleOwner',
		'replUpToDateVector',
		'repsFrom',
		'repsTo',
		'partialAttributeSet',
		'partialAttributeDeletionList',
		'subSchemaSubEntry',
		'wellKnownObjects',
		'otherWellKnownObjects',
		'bridgeheadServerListBL',
		'tokenGroupsGlobalAndUniversal',
		'tokenGroupsNoGCAcceptable',
		'tokenGroups',
		'canonicalName',
		'createTimeStamp',
		'modifyTimeStamp',
		'structuralObjectClass',
		'replPropertyMetaData',
	],
];

const lower = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));
const SECURITY = lower(SECURITY_BEARING);
const READ_ONLY = lower(NOT_VALUES);

/**
 * Why an attribute cannot be written from HR data, as the end of "<attribute> cannot be mapped: "; undefined when it can.
 * @param attribute LDAP name, any case
 */
export function whyNeverWritten(attribute: string): string | undefined {
	const name = attribute.toLowerCase();
	if (SECURITY.has(name)) return 'it decides who may log on or what an account may do';
	if (READ_ONLY.has(name))
		return name === 'cn' ? 'the name of the object comes from the name ladder for cn' : 'the directory keeps it itself';
	return undefined;
}
