import { simplify, toRecord } from '../../../lib/directory/records';
import { guidToBytes } from '../../../lib/directory/guid';
import { sidToBytes } from '../../../lib/directory/sid';
import type { Entry } from '../../../lib/directory/entry';
import { NEVER } from '../../../lib/schema/instants';
import { isSecret } from '../../../lib/schema/neverWritten';

const GUID = 'c8bd7f01-2a3b-4c5d-8e6f-0123456789ab';
const SID = 'S-1-5-21-1-2-3-1105';
const entry = (attributes: Entry['attributes']): Entry => ({ dn: 'CN=Ada,DC=x', attributes });

describe('an entry as plain JSON', () => {
	test('has one value as it is and several as a list, GUIDs and SIDs as text, other bytes as base64', () => {
		const record = toRecord(
			entry({
				mail: ['a@b'],
				proxyaddresses: ['SMTP:a@b', 'smtp:c@d'],
				objectguid: [guidToBytes(GUID)],
				objectsid: [sidToBytes(SID)],
				'ms-ds-consistencyguid': [guidToBytes(GUID)],
				thumbnailphoto: ['readable by chance'],
				x: [Buffer.from([0xff])],
			}),
		);
		expect(record).toEqual({
			mail: 'a@b',
			proxyAddresses: ['SMTP:a@b', 'smtp:c@d'],
			objectGUID: GUID,
			objectSid: SID,
			'mS-DS-ConsistencyGuid': { base64: guidToBytes(GUID).toString('base64') },
			thumbnailPhoto: { base64: Buffer.from('readable by chance').toString('base64') },
			x: { base64: '/w==' },
		});
		expect(JSON.parse(JSON.stringify(record))).toEqual(record);
	});

	test('has the names that were asked for, as they were asked, and null for what is not there', () => {
		expect(toRecord(entry({ mail: ['a@b'], sn: ['x'] }), ['MAIL', 'title', 'dn'])).toEqual({
			MAIL: 'a@b',
			title: null,
			dn: 'CN=Ada,DC=x',
		});
		expect(toRecord(entry({ mail: ['a@b'], sn: ['x'] }), ['*', 'title'])).toEqual({
			mail: 'a@b',
			sn: 'x',
			title: null,
		});
	});

	test('has a GUID or SID that is broken as its bytes', () => {
		const broken = Buffer.from([1, 2, 0xff]);
		expect(toRecord(entry({ objectguid: [broken], objectsid: [broken] }))).toEqual({
			objectGUID: { base64: 'AQL/' },
			objectSid: { base64: 'AQL/' },
		});
	});

	test.each([
		...['unicodePwd', 'USERPASSWORD', 'ms-Mcs-AdmPwd', 'msLAPS-Password', 'msLAPS-EncryptedPassword'],
		...['msDS-ManagedPassword', 'supplementalCredentials', 'msFVE-RecoveryPassword', 'unixUserPassword;binary'],
		...['vendorSecretKey', 'krbPrincipalKey', 'sambaNTPassword'],
	])('never has %s, even when it was asked for', (name) => {
		expect(toRecord(entry({ [name.toLowerCase()]: ['canary'] }), [name])).toEqual({});
		expect(toRecord(entry({ [name.toLowerCase()]: ['canary'] }))).toEqual({});
	});

	test.each(['pwdLastSet', 'badPwdCount', 'badPasswordTime', 'userCertificate', 'secretary', 'mail', 'minPwdLength'])(
		'may have %s',
		(name) => {
			expect(isSecret(name)).toBe(false);
		},
	);
});

describe('an account at a glance', () => {
	test('has instants in ISO 8601 and whether it is enabled', () => {
		expect(
			simplify(
				entry({
					objectguid: [guidToBytes(GUID)],
					samaccountname: ['ada'],
					useraccountcontrol: ['514'],
					accountexpires: ['134194680000000000'],
					lastlogontimestamp: ['0'],
					whencreated: ['20260331220000.0Z'],
				}),
			),
		).toMatchObject({
			guid: GUID,
			dn: 'CN=Ada,DC=x',
			sAMAccountName: 'ada',
			mail: null,
			enabled: false,
			expiresAt: '2026-03-31T22:00:00.000Z',
			lastLogonAt: null,
			createdAt: '2026-03-31T22:00:00.000Z',
			changedAt: null,
		});
	});

	test.each(['0', NEVER])('never ends with an accountExpires of %s', (text) => {
		expect(simplify(entry({ accountexpires: [text] })).expiresAt).toBeNull();
	});

	test('of which nothing could be read has nothing but its name', () => {
		const { dn, ...rest } = simplify(entry({}));
		expect(dn).toBe('CN=Ada,DC=x');
		expect(Object.values(rest).every((value) => value === null)).toBe(true);
	});
});
