/** The part of JumpCloud's `systemuser` that is about the account itself and not about the person: password, MFA, devices, source. */

export type AccountState = 'ACTIVATED' | 'STAGED' | 'SUSPENDED';

export type AccountFields = {
	readonly state: AccountState;
	readonly suspended: boolean;
	readonly activated: boolean;
	readonly [field: string]: unknown;
};

/**
 * @param index the person's number, from 0; it alone decides which of the optional parts are filled
 * @param created when the account was made, ISO 8601
 * @returns every such field that the published description names. Null stands only where that description allows it; unset texts are
 * `""` for some people and missing for others, as in real replies.
 */
export function accountFields(index: number, state: AccountState, created: string): AccountFields {
	const hasPassword = state !== 'STAGED';
	const enrolled = index % 3 === 0 && hasPassword;
	return {
		state,
		suspended: state === 'SUSPENDED',
		activated: state === 'ACTIVATED',
		account_locked: false,
		account_locked_date: null,
		badLoginAttempts: 0,
		disableDeviceMaxLoginAttempts: false,
		password_date: hasPassword ? created : null,
		password_expiration_date: null,
		password_expired: false,
		password_never_expires: false,
		totp_enabled: enrolled,
		enable_user_portal_multifactor: false,
		mfa: { configured: enrolled, exclusion: false },
		mfaEnrollment: {
			jcGoStatus: 'NOT_ENROLLED',
			overallStatus: enrolled ? 'ENROLLED' : 'NOT_ENROLLED',
			pushStatus: 'NOT_ENROLLED',
			totpStatus: enrolled ? 'ENROLLED' : 'NOT_ENROLLED',
			webAuthnStatus: 'NOT_ENROLLED',
		},
		created,
		creationSource: 'jumpcloud:bulk',
		external_dn: '',
		external_password_expiration_date: '',
		external_source_type: '',
		externally_managed: false,
		restrictedFields: [],
		delegatedAuthority: null,
		admin: null,
		unix_uid: 5000 + index,
		unix_guid: 5000 + index,
		enable_managed_uid: false,
		sudo: false,
		passwordless_sudo: false,
		samba_service_user: false,
		ldap_binding_user: false,
		allow_public_key: true,
		public_key: '',
		ssh_keys: [],
		...(index % 4 === 0 ? {} : { alternateEmail: '', description: '', managedAppleId: '', middlename: '' }),
		...(index % 6 === 0
			? { recoveryEmail: { address: `person${index}@home.example`, verified: true, verifiedAt: created } }
			: {}),
	};
}
