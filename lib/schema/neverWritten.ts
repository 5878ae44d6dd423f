/** Attributes that no mapping may write. */

/** They decide who may log on, as whom, and with what; or whom an account may act for. */
const SECURITY_BEARING = [
	...[
		'userAccountControl',
		'unicodePwd',
		'userPassword',
		'dBCSPwd',
		'ntPwdHistory',
		'lmPwdHistory',
		'supplementalCredentials',
	],
	...[
		'primaryGroupID',
		'servicePrincipalName',
		'sIDHistory',
		'altSecurityIdentities',
		'userCertificate',
		'msDS-KeyCredentialLink',
	],
	...[
		'msDS-AllowedToDelegateTo',
		'msDS-AllowedToActOnBehalfOfOtherIdentity',
		'msDS-SupportedEncryptionTypes',
		'nTSecurityDescriptor',
	],
	...['adminCount', 'isCriticalSystemObject', 'member', 'pwdLastSet', 'lockoutTime', 'userWorkstations', 'logonHours'],
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
