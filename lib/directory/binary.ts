/**
 * Attributes that hold bytes. ldapts takes a value for binary only when it is no valid UTF-8, unless its attribute is listed, spelled as the
 * schema spells it: a GUID that happens to look like text would come out as text. These are the ones of users, groups, organisational units
 * and domains (syntaxes 2.5.5.10, 2.5.5.15 and 2.5.5.17), without those that hold text all the same (telexNumber, registeredAddress).
 */
const BINARY_ATTRIBUTES: readonly string[] = [
	...['objectGUID', 'objectSid', 'sIDHistory', 'securityIdentifier', 'parentGUID', 'invocationId', 'schemaIDGUID'],
	...['attributeSecurityGUID', 'tokenGroups', 'tokenGroupsGlobalAndUniversal', 'tokenGroupsNoGCAcceptable'],
	...['mS-DS-ConsistencyGuid', 'mS-DS-CreatorSID', 'msDS-AzObjectGuid', 'msDS-CloudAnchor', 'msDS-GenerationId'],
	...['msDS-AllowedToActOnBehalfOfOtherIdentity', 'msDS-GroupMSAMembership', 'msDS-ManagedPassword'],
	...['msDS-QuotaTrustee', 'msDS-Cached-Membership', 'msDS-Site-Affinity', 'msPKIRoamingTimeStamp'],
	// Of Exchange, in schemas that have it.
	...['msExchMailboxGuid', 'msExchArchiveGUID', 'msExchMasterAccountSid', 'msExchMailboxSecurityDescriptor'],
	...['msExchBlockedSendersHash', 'msExchSafeSendersHash', 'msExchSafeRecipientsHash', 'msExchDisabledArchiveGUID'],
	...['thumbnailPhoto', 'thumbnailLogo', 'jpegPhoto', 'photo', 'audio', 'userCertificate', 'userCert'],
	...['userSMIMECertificate', 'userPKCS12', 'cACertificate', 'attributeCertificateAttribute', 'x500uniqueIdentifier'],
	...['msDRM-IdentityCertificate', 'mSMQDigests', 'mSMQDigestsMig', 'mSMQSignCertificates', 'mSMQSignCertificatesMig'],
	...['nTSecurityDescriptor', 'logonHours', 'logonWorkstation', 'terminalServer', 'controlAccessRights'],
	...['replPropertyMetaData', 'replUpToDateVector', 'repsFrom', 'repsTo', 'dSASignature', 'auditingPolicy'],
	...['groupMembershipSAM', 'nTGroupMembers', 'partialAttributeSet', 'partialAttributeDeletionList', 'eFSPolicy'],
];

/** @param more names beyond those known anyhow, spelled as the schema spells them */
export function binaryAttributes(more: readonly string[] = []): string[] {
	return [...BINARY_ATTRIBUTES, ...more];
}
