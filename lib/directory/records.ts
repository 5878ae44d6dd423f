/** Entries of the directory as plain JSON, for whoever reads a result. */
import { attributeFacts, isFileTime } from '../schema/attributes';
import { fromFileTime } from '../schema/instants';
import { isSecret } from '../schema/neverWritten';
import { textOf, textsOf, valuesOf, type Entry } from './entry';
import { guidToText } from './guid';
import { parseGeneralizedTime } from './rootDse';
import { sidToText } from './sid';
import { isDisabled, parseUserAccountControl } from './userAccountControl';

export type PlainValue = string | { readonly base64: string };
/** One value as it is, several as a list; null = asked for, and not there. */
export type PlainRecord = Readonly<Record<string, PlainValue | readonly PlainValue[] | null>>;

/** Binary attributes with a text form of their own. The anchor of Entra Connect is no GUID to anybody but by name: base64, as Entra shows it. */
const GUIDS = new Set(['objectguid', 'schemaidguid', 'rightsguid', 'attributesecurityguid']);
const SIDS = new Set([
	'objectsid',
	'securityidentifier',
	'tokengroups',
	'sidhistory',
	'msds-creatorsid',
	'ms-ds-creatorsid',
]);
/** Binary ones whose bytes may happen to be readable text. */
const BYTES = new Set(['thumbnailphoto', 'jpegphoto', 'thumbnaillogo', 'photo', 'logonhours', 'usercertificate']);

/** Lists for everybody who takes them for lists elsewhere, whatever number of values one account has. */
const ALL = '*';

/**
 * All attributes that were read, under the names that they were asked by. What holds a password or a key is left out, even when the directory
 * lets the service account read it.
 * @param asked LDAP names; one that is not there comes out as null. `*` or none = all that are there
 */
export function toRecord(entry: Entry, asked: readonly string[] = []): PlainRecord {
	const everything = asked.length === 0 || asked.includes(ALL);
	const names = new Map<string, string>();
	if (everything) for (const name of Object.keys(entry.attributes)) names.set(name, spelling(name));
	for (const name of asked) if (name !== ALL) names.set(name.toLowerCase(), name);
	const record: Record<string, PlainValue | readonly PlainValue[] | null> = {};
	for (const [name, shown] of names) {
		if (isSecret(name)) continue;
		const [first, ...more] = name === 'dn' ? [entry.dn] : valuesOf(entry, name).map((value) => plain(name, value));
		record[shown] = first === undefined ? null : more.length === 0 ? first : [first, ...more];
	}
	return record;
}

/** As the schema spells it, where that is known. */
function spelling(name: string): string {
	return attributeFacts(name)?.name ?? KNOWN_SPELLINGS.get(name) ?? name;
}

/** Attributes that every account has and no mapping writes. */
const KNOWN_SPELLINGS: ReadonlyMap<string, string> = new Map(
	[
		...['objectClass', 'objectGUID', 'objectSid', 'objectCategory', 'distinguishedName', 'instanceType', 'name', 'cn'],
		...['whenCreated', 'whenChanged', 'uSNCreated', 'uSNChanged', 'userAccountControl', 'badPwdCount', 'codePage'],
		...['badPasswordTime', 'lastLogon', 'lastLogonTimestamp', 'lastLogoff', 'pwdLastSet', 'primaryGroupID'],
		...['sAMAccountName', 'sAMAccountType', 'userPrincipalName', 'memberOf', 'adminCount', 'logonCount', 'logonHours'],
		...['lockoutTime', 'lastKnownParent', 'isDeleted', 'isCriticalSystemObject', 'servicePrincipalName'],
		...['dSCorePropagationData', 'proxyAddresses', 'directReports', 'managedObjects', 'countryCode', 'operatorCount'],
		...['mS-DS-ConsistencyGuid', 'accountExpires', 'displayName', 'thumbnailPhoto', 'jpegPhoto', 'member', 'ou'],
	].map((name) => [name.toLowerCase(), name]),
);

function plain(name: string, value: string | Buffer): PlainValue {
	const bytes = (): Buffer => (typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
	if (GUIDS.has(name) && bytes().length === 16) return guidToText(bytes());
	if (SIDS.has(name)) {
		const text = sidOrNothing(bytes());
		if (text !== undefined) return text;
	}
	if (BYTES.has(name)) return { base64: bytes().toString('base64') };
	return typeof value === 'string' ? value : { base64: value.toString('base64') };
}

function sidOrNothing(bytes: Buffer): string | undefined {
	try {
		return sidToText(bytes);
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

/** What `simplify` reads. */
export const SIMPLIFIED_ATTRIBUTES = [
	...['objectGUID', 'sAMAccountName', 'userPrincipalName', 'displayName', 'givenName', 'sn', 'mail'],
	...['employeeID', 'department', 'title', 'manager', 'userAccountControl', 'accountExpires', 'lockoutTime'],
	...['pwdLastSet', 'lastLogonTimestamp', 'whenCreated', 'whenChanged'],
] as const;

export type SimpleAccount = Readonly<Record<string, string | boolean | null>>;

/**
 * A person's account at a glance, the same fields for everybody; instants in ISO 8601. When somebody last logged on is up to two weeks late, as
 * lastLogonTimestamp is (win32, a-lastlogontimestamp): the exact one would have to be asked of every controller.
 */
export function simplify(entry: Entry): SimpleAccount {
	const text = (attribute: string) => textOf(entry, attribute) ?? null;
	const control = textOf(entry, 'userAccountControl');
	const guid = valuesOf(entry, 'objectGUID')[0];
	return {
		guid: guid === undefined ? null : textOfPlain(plain('objectguid', guid)),
		dn: entry.dn,
		sAMAccountName: text('sAMAccountName'),
		userPrincipalName: text('userPrincipalName'),
		displayName: text('displayName'),
		givenName: text('givenName'),
		sn: text('sn'),
		mail: text('mail'),
		employeeID: text('employeeID'),
		department: text('department'),
		title: text('title'),
		manager: text('manager'),
		enabled: control === undefined ? null : !isDisabled(parseUserAccountControl(control)),
		expiresAt: instant(entry, 'accountExpires'),
		passwordSetAt: instant(entry, 'pwdLastSet'),
		lastLogonAt: instant(entry, 'lastLogonTimestamp'),
		createdAt: instant(entry, 'whenCreated'),
		changedAt: instant(entry, 'whenChanged'),
	};
}

function textOfPlain(value: PlainValue): string {
	return typeof value === 'string' ? value : value.base64;
}

/** ISO 8601 in UTC; null for never and for none. */
function instant(entry: Entry, attribute: string): string | null {
	const [text] = textsOf(entry, attribute);
	if (text === undefined) return null;
	const ms = isFileTime(attribute) ? fromFileTime(text) : parseGeneralizedTime(text);
	return ms === undefined ? null : new Date(ms).toISOString();
}
