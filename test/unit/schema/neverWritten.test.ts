import fc from 'fast-check';
import { ATTRIBUTES } from '../../../lib/schema/attributes';
import { whyNeverWritten } from '../../../lib/schema/neverWritten';

const SECRET = 'it holds a password or a key, and whoever writes it can log on with it';
const LOGON = 'it decides who may log on or what an account may do';
const TWIN = 'it ties the account to its twin in another directory or mail system';
const MAIL = 'it decides who reads a person’s mail or writes in their name';
const SESSION = 'it decides what runs in a person’s Remote Desktop sessions';
const KEPT = 'the directory keeps it itself';

describe('an attribute that no mapping writes', () => {
	test.each([
		...['unicodePwd', 'userPassword', 'dBCSPwd', 'supplementalCredentials', 'unixUserPassword', 'msSFU30Password'],
		...['ntPwdHistory', 'lmPwdHistory', 'msDS-ManagedPassword', 'msDS-ManagedPasswordId', 'trustAuthIncoming'],
		// Both kinds of LAPS.
		...['ms-Mcs-AdmPwd', 'ms-Mcs-AdmPwdExpirationTime', 'msLAPS-Password', 'msLAPS-EncryptedPassword'],
		...['msLAPS-EncryptedPasswordHistory', 'msLAPS-EncryptedDSRMPassword', 'msLAPS-EncryptedDSRMPasswordHistory'],
		...['msLAPS-PasswordExpirationTime', 'msLAPS-CurrentPasswordVersion'],
		// Certificates, keys, roamed credentials.
		...['userCertificate', 'userSMIMECertificate', 'userPKCS12', 'msDS-KeyCredentialLink', 'msDS-KeyMaterial'],
		...['msPKIAccountCredentials', 'msPKIDPAPIMasterKeys', 'msPKI-CredentialRoamingTokens', 'mSMQSignCertificates'],
		...['msFVE-RecoveryPassword', 'msTPM-OwnerInformation', 'krbPrincipalKey', 'sambaNTPassword'],
		// Of products that nobody here has heard of.
		...['acmePassword', 'ACME-Passwd', 'vpnPwdHash', 'acmeClientSecret', 'sshPublicKey', 'ipaSshPubKey', 'acmeOtpSeed'],
	])('is %s, which stands for a password, in any case', (attribute) => {
		for (const name of [attribute, attribute.toLowerCase(), attribute.toUpperCase()])
			expect(whyNeverWritten(name)).toBe(SECRET);
	});

	test.each([
		...['userAccountControl', 'lockoutTime', 'pwdLastSet', 'logonHours', 'userWorkstations', 'userParameters'],
		...['primaryGroupID', 'member', 'adminCount', 'nTSecurityDescriptor', 'gPLink', 'controlAccessRights'],
		...['servicePrincipalName', 'sIDHistory', 'altSecurityIdentities', 'dNSHostName', 'msRTCSIP-OriginatorSid'],
		...['msDS-AllowedToDelegateTo', 'msDS-AllowedToActOnBehalfOfOtherIdentity', 'msDS-SupportedEncryptionTypes'],
		...['msDS-AuthNPolicySiloMembers', 'msDS-AssignedAuthNPolicy', 'msDS-AssignedAuthNPolicySilo'],
		...['msDS-UserAllowedToAuthenticateFrom', 'msDS-ShadowPrincipalSid', 'msDS-GroupMSAMembership'],
		// Accounts of Windows Server 2025 that succeed another one.
		...['msDS-SupersededManagedAccountLink', 'msDS-SupersededServiceAccountState', 'msDS-ManagedAccountPrecededByLink'],
		...['msNPAllowDialin', 'msNPCallingStationID', 'msRADIUSFramedIPAddress', 'msRADIUS-FramedIpv6Route'],
		...['msRASSavedCallbackNumber', 'sudoCommand', 'authorizedService', 'shadowMax', 'shadowLastChange'],
		...['msDS-SyncServerUrl', 'msIIS-FTPDir', 'desktopProfile', 'msDS-PrimaryComputer'],
	])('is %s, because of what an account may do with it, in any case', (attribute) => {
		for (const name of [attribute, attribute.toLowerCase(), attribute.toUpperCase()])
			expect(whyNeverWritten(name)).toBe(LOGON);
	});

	test.each(['mS-DS-ConsistencyGuid', 'ms-ds-consistencyguid', 'msDS-ExternalDirectoryObjectId', 'legacyExchangeDN'])(
		'is %s, because it says whose account this is elsewhere',
		(attribute) => expect(whyNeverWritten(attribute)).toBe(TWIN),
	);

	test.each(['altRecipient', 'publicDelegates', 'msExchDelegateListLink', 'msExchMailboxSecurityDescriptor'])(
		'is %s, because of whose mail it opens',
		(attribute) => expect(whyNeverWritten(attribute)).toBe(MAIL),
	);

	test.each(['msTSInitialProgram', 'msTSWorkDirectory', 'msTSRemoteControl', 'msTSAllowLogon', 'msTSHomeDirectoryX'])(
		'is %s, because of what it runs',
		(attribute) => expect(whyNeverWritten(attribute)).toBe(SESSION),
	);

	test.each(['objectGUID', 'objectSid', 'objectClass', 'distinguishedName', 'name', 'memberOf', 'whenCreated', 'NAME'])(
		'is %s, because the directory keeps it',
		(attribute) => expect(whyNeverWritten(attribute)).toBe(KEPT),
	);

	test.each(['cn', 'CN'])('is %s, because it comes from the name ladder', (attribute) => {
		expect(whyNeverWritten(attribute)).toContain('name ladder');
	});

	test.each([{ constructed: true }, { systemOnly: true }, { backLink: true }])(
		'is any that a schema says %j of',
		(upkeep) => {
			expect(whyNeverWritten('acmeBadge', upkeep)).toBe(KEPT);
			expect(whyNeverWritten('unicodePwd', upkeep)).toBe(SECRET);
		},
	);

	// Options (RFC 4512 section 2.5.2) and object identifiers name the same attribute in another way.
	test.each([
		...['userCertificate;binary', 'unicodePwd;x-a', 'department;lang-en', ';', '1.2.840.113556.1.4.90', '2.5.4.36'],
		...['OID.1.2.840.113556.1.4.90', '', ' ', ' unicodePwd', 'unicodePwd ', 'unicodePwd\n', 'user\u0000Password'],
		// A long s and the sign of Kelvin are letters of ASCII in the other case.
		...['u\u017ferPassword', 'm\u017fds-\u212aeyCredentialLink', 'd\u00e9partement', '\u202eunicodePwd'],
	])('is %j, which is no name at all', (attribute) => {
		expect(whyNeverWritten(attribute)).toBe('it is no name of an attribute');
	});

	test('is whatever has options, or letters that are not of ASCII', () => {
		const name = fc.constantFrom('unicodePwd', 'department', 'acmeBadge');
		fc.assert(
			fc.property(name, fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (known, more) => {
				if (!/[^ -~]|;/.test(more)) return;
				for (const other of [known + more, more + known]) expect(whyNeverWritten(other)).toBeDefined();
			}),
		);
	});
});

describe('an attribute that mappings may write', () => {
	test('is each of the list', () => {
		expect(ATTRIBUTES.filter(({ name }) => whyNeverWritten(name) !== undefined)).toEqual([]);
	});

	test.each([
		...[
			'department',
			'extensionAttribute1',
			'someOwnAttribute',
			'constructor',
			'toString',
			'proxyAddresses',
			'manager',
		],
		...['homeDirectory', 'scriptPath', 'profilePath', 'uidNumber', 'accountExpires', 'shadowExpire', 'wbemPath'],
		// Names that only look like those of secrets and sessions.
		...[
			'secretary',
			'acmeSecretariat',
			'msTSHomeDirectory',
			'msTSProfilePath',
			'acmeShadowing',
			'photo',
			'acmePassport',
		],
		...['acmeKeyUser', 'acmeCertificateNumber', 'msDS-HABSeniorityIndex', 'msExchUsageLocation', 'acmeHostName'],
	])('is %s', (attribute) => expect(whyNeverWritten(attribute)).toBeUndefined());

	test('is one that a schema says nothing against', () => {
		expect(whyNeverWritten('acmeBadge', { constructed: false, systemOnly: false, backLink: false })).toBeUndefined();
	});
});
