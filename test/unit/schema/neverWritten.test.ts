import { ATTRIBUTES } from '../../../lib/schema/attributes';
import { whyNeverWritten } from '../../../lib/schema/neverWritten';

describe('an attribute that no mapping writes', () => {
	test.each([
		...['userAccountControl', 'unicodePwd', 'userPassword', 'dBCSPwd', 'supplementalCredentials', 'primaryGroupID'],
		...['servicePrincipalName', 'sIDHistory', 'altSecurityIdentities', 'userCertificate', 'msDS-KeyCredentialLink'],
		...['msDS-AllowedToDelegateTo', 'msDS-AllowedToActOnBehalfOfOtherIdentity', 'nTSecurityDescriptor'],
		...['ms-Mcs-AdmPwd', 'msLAPS-Password', 'msDS-ManagedPassword', 'unixUserPassword', 'msNPAllowDialin'],
		...['mS-DS-ConsistencyGuid', 'msPKIAccountCredentials', 'msDS-AssignedAuthNPolicy', 'userParameters'],
		...['adminCount', 'member', 'pwdLastSet', 'lockoutTime', 'userWorkstations', 'logonHours'],
	])('is %s, because of what an account may do with it, in any case', (attribute) => {
		for (const name of [attribute, attribute.toLowerCase(), attribute.toUpperCase()])
			expect(whyNeverWritten(name)).toBe('it decides who may log on or what an account may do');
	});

	test.each(['objectGUID', 'objectSid', 'objectClass', 'distinguishedName', 'name', 'memberOf', 'whenCreated', 'NAME'])(
		'is %s, because the directory keeps it',
		(attribute) => expect(whyNeverWritten(attribute)).toBe('the directory keeps it itself'),
	);

	test.each(['cn', 'CN'])('is %s, because it comes from the name ladder', (attribute) => {
		expect(whyNeverWritten(attribute)).toContain('name ladder');
	});

	test('is none of those that the schema offers to mappings', () => {
		expect(ATTRIBUTES.filter(({ name }) => whyNeverWritten(name) !== undefined)).toEqual([]);
	});

	test.each(['department', 'extensionAttribute1', 'someOwnAttribute', 'constructor', '__proto__', ''])(
		'is not %j',
		(attribute) => expect(whyNeverWritten(attribute)).toBeUndefined(),
	);
});
