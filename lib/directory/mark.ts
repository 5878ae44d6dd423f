/**
 * State marks: a signed value in an attribute of the account (default carLicense) that says why it is disabled. `pending` = this tool has
 * begun it and not finished; `left` = this tool disabled it. Only marked accounts are ever enabled by this tool. Signed, because a person who
 * can write the attribute could otherwise have an account enabled that an administrator disabled.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type MarkState = 'pending' | 'left';

/** What a mark is bound to, so that it counts on no other account. A pending account's GUID is not known when it is written. */
export type MarkSubject =
	| {
			readonly state: 'pending';
			readonly domainGuid: string;
			readonly matchAttribute: string;
			readonly matchValue: string;
	  }
	| { readonly state: 'left'; readonly objectGuid: string };

export type Mark = { readonly state: MarkState; readonly at: string; readonly text: string };

const PREFIX = 'adprov1';
const MARK = new RegExp(`^${PREFIX}:(pending|left):([0-9TZ:.-]+):([0-9a-f]{8}):([0-9A-Za-z_-]{43})$`);
/** Domain separation: a signature made for a mark is good for nothing else (and the other way round). */
const TAG = 'n8n-nodes-ad-provisioning/mark/v1';

/**
 * Attributes that a user may write on himself by default: no place for a mark. The default security descriptor of the class user lets SELF write
 * the property sets Personal-Information, Phone-and-Mail-Options (empty) and Web-Information (MS-ADTS 3.1.1.2.3.3; win32 ADSchema, c-user,
 * r-personal-information, r-web-information). test/directory/forged-marks.test.ts compares the list with the schema of a domain.
 */
const SELF_WRITABLE = new Set(
	[
		...[
			'assistant',
			'c',
			'facsimileTelephoneNumber',
			'homePhone',
			'homePostalAddress',
			'info',
			'ipPhone',
			'l',
			'mobile',
		],
		...['internationalISDNNumber', 'primaryInternationalISDNNumber', 'mSMQDigests', 'mSMQSignCertificates', 'pager'],
		...['otherFacsimileTelephoneNumber', 'otherHomePhone', 'otherIpPhone', 'otherMobile', 'otherPager'],
		...[
			'otherTelephone',
			'personalTitle',
			'physicalDeliveryOfficeName',
			'postalAddress',
			'postalCode',
			'postOfficeBox',
		],
		...['preferredDeliveryMethod', 'primaryTelexNumber', 'registeredAddress', 'st', 'street', 'streetAddress'],
		...['telephoneNumber', 'teletexTerminalIdentifier', 'telexNumber', 'thumbnailPhoto', 'userCert', 'userCertificate'],
		...['userSharedFolder', 'userSharedFolderOther', 'userSMIMECertificate', 'x121Address', 'wWWHomePage', 'url'],
		...Array.from({ length: 20 }, (_, index) => `msDS-cloudExtensionAttribute${index + 1}`),
		...['Altitude', 'Latitude', 'Longitude'].map((name) => `msDS-GeoCoordinates${name}`),
		...['msDS-FailedInteractiveLogonCount', 'msDS-FailedInteractiveLogonCountAtLastSuccessfulLogon'],
		...['msDS-LastFailedInteractiveLogonTime', 'msDS-LastSuccessfulInteractiveLogonTime', 'msDS-HostServiceAccount'],
		...['msDS-SupportedEncryptionTypes'],
	].map((name) => name.toLowerCase()),
);

export function isSelfWritable(attribute: string): boolean {
	return SELF_WRITABLE.has(attribute.toLowerCase());
}

/** Tells keys apart without giving anything of them away: 8 hexadecimal digits. */
export function keyId(signingKey: string): string {
	return createHmac('sha256', signingKey).update('n8n-nodes-ad-provisioning/key-id/v1').digest('hex').slice(0, 8);
}

/**
 * @param at the instant, ISO 8601 in UTC, by the controller's clock
 * @returns the attribute value
 */
export function makeMark(signingKey: string, subject: MarkSubject, at: string): string {
	return `${PREFIX}:${subject.state}:${at}:${keyId(signingKey)}:${signature(signingKey, subject, at)}`;
}

/** Whether a value is a mark of this tool at all, genuine or not. */
export function looksLikeMark(value: string): boolean {
	return value.startsWith(`${PREFIX}:`);
}

/** Why a value that looks like ours is not believed. */
export type Fault = 'edited' | 'another key';

/**
 * What is wrong with the values that look like marks, when none of them is genuine: they were signed with another key, or they were edited, or
 * made for another account. Undefined when there is none.
 */
export function whyNoMark(signingKey: string, values: readonly string[]): Fault | undefined {
	const marks = values.filter((value) => looksLikeMark(value) && !looksLikeSnapshot(value));
	if (marks.length === 0) return undefined;
	const keys = marks.map((text) => MARK.exec(text)?.[3]);
	return keys.every((key) => key !== undefined && key !== keyId(signingKey)) ? 'another key' : 'edited';
}

/** Whether a value is a snapshot (lib/directory/snapshot.ts), genuine or not; it looks like a mark too, and goes with it. */
export function looksLikeSnapshot(value: string): boolean {
	return value.startsWith(`${PREFIX}:snapshot:`);
}

/**
 * The genuine mark among an attribute's values.
 * @param subjects what the marks of this account would be bound to
 * @returns undefined when there is none that was signed with this key for this account
 */
export function findMark(
	signingKey: string,
	values: readonly string[],
	subjects: readonly MarkSubject[],
): Mark | undefined {
	for (const text of values) {
		const [, state, at = '', key, signed = ''] = MARK.exec(text) ?? [];
		if (key !== keyId(signingKey)) continue;
		const subject = subjects.find((candidate) => candidate.state === state);
		if (subject && timingSafeEqual(Buffer.from(signed), Buffer.from(signature(signingKey, subject, at))))
			return { state: subject.state, at, text };
	}
	return undefined;
}

function signature(signingKey: string, subject: MarkSubject, at: string): string {
	const bound =
		subject.state === 'pending'
			? [subject.domainGuid, subject.matchAttribute.toLowerCase(), subject.matchValue]
			: [subject.objectGuid];
	// A JSON array of strings has one spelling only, so no two subjects sign alike.
	return createHmac('sha256', signingKey)
		.update(JSON.stringify([TAG, subject.state, at, ...bound]))
		.digest('base64url');
}
