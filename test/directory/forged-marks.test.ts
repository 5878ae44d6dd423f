/** Marks and snapshots that this tool did not make for this account and this leave: nobody is enabled by them, and nothing is restored. */
import { createHmac } from 'node:crypto';
import { guidToText } from '../../lib/directory/guid';
import { isSelfWritable, keyId, makeMark } from '../../lib/directory/mark';
import { makeSnapshot } from '../../lib/directory/snapshot';
import { SIGNING_KEY } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { addPerson, change, comeBack, edit, leave, openOffice, stateOf, type Office } from './leave-return-people';

const OTHER_KEY = 'another key of sufficient length';

let domain: Domain;
let office: Office;
let vault: { guid: string; dn: string };

beforeAll(async () => {
	domain = await startSamba();
	office = await openOffice(domain);
	const dn = `CN=Vault,${office.people}`;
	await asAdministrator(domain, (client) => client.add(dn, { objectClass: 'group', sAMAccountName: 'vault' }));
	vault = { dn, guid: await guidOf(dn) };
}, 120_000);
afterAll(() => domain?.stop());

async function guidOf(dn: string): Promise<string> {
	return await asAdministrator(domain, async (client) => {
		const options = { scope: 'base' as const, attributes: ['objectGUID'], explicitBufferAttributes: ['objectGUID'] };
		const { searchEntries } = await client.search(dn, options);
		return guidToText(searchEntries[0]?.['objectGUID'] as Buffer);
	});
}

type Values = { readonly mark: string; readonly snapshot: string; readonly dn: string; readonly guid: string };

/** Somebody who has left, with what the tool wrote for them. */
async function leaver(key: string): Promise<Values> {
	const dn = await addPerson(domain, office, key);
	await leave(domain, key, { ...office.everything, moveTo: '' });
	const [mark = '', snapshot = ''] = (await stateOf(domain, key))['carLicense'] ?? [];
	return { mark, snapshot, dn, guid: await guidOf(dn) };
}

const put = (dn: string, values: readonly string[]) => edit(domain, dn, change('replace', 'carLicense', [...values]));

/** The snapshot with the group of somebody's dreams in it, its signature left as it was. */
function edited(snapshot: string): string {
	const [first, second, body = '', ...rest] = snapshot.split(':');
	const content = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as { g: string[] };
	content.g = [Buffer.from(vault.guid.replaceAll('-', ''), 'hex').toString('base64url')];
	return [first, second, Buffer.from(JSON.stringify(content)).toString('base64url'), ...rest].join(':');
}

function atOf(mark: string): string {
	return /^adprov1:left:(.*Z):/.exec(mark)?.[1] ?? '';
}

const dream = (at: string) => ({
	at,
	ou: { guid: vault.guid, dn: office.people },
	groups: [vault.guid],
	attributes: [],
	pwdLastSet: '0',
});

let next = 0;

describe('a return is refused, and nothing is written', () => {
	const EDITED = 'Its snapshot was edited, or belongs to another account or an earlier leave';
	const ANOTHER = 'Its snapshot was signed with another key than the one in the credential';
	const MARK_EDITED = 'Its mark was edited, or belongs to another account';

	test.each<[string, string, (own: Values) => Promise<string[]> | string[]]>([
		['the snapshot was edited', EDITED, ({ mark, snapshot }) => [mark, edited(snapshot)]],
		['the snapshot is cut off', EDITED, ({ mark, snapshot }) => [mark, snapshot.slice(0, -1)]],
		[
			'a forged snapshot stands beside the true one',
			EDITED,
			({ mark, snapshot }) => [mark, snapshot, edited(snapshot)],
		],
		[
			'the snapshot was made with another key',
			ANOTHER,
			({ mark, guid }) => [mark, makeSnapshot(OTHER_KEY, guid, dream(atOf(mark)))],
		],
		[
			'the snapshot is of an earlier leave',
			EDITED,
			({ mark, guid }) => [mark, makeSnapshot(SIGNING_KEY, guid, dream('2020-01-01T00:00:00Z'))],
		],
		[
			'the snapshot belongs to another account',
			EDITED,
			async ({ mark }) => [mark, makeSnapshot(SIGNING_KEY, (await leaver(`x${(next += 1)}`)).guid, dream(atOf(mark)))],
		],
		[
			'the mark is the signature of the snapshot',
			MARK_EDITED,
			({ snapshot }) => [snapshot.replace(/^adprov1:snapshot:[^:]*/, 'adprov1:left:2026-01-01T00:00:00Z')],
		],
		['the mark was edited', MARK_EDITED, ({ mark, snapshot }) => [mark.replace(/:20\d\d-/, ':2019-'), snapshot]],
		[
			'mark and snapshot were copied from another leaver',
			MARK_EDITED,
			async () => {
				const other = await leaver(`x${(next += 1)}`);
				return [other.mark, other.snapshot];
			},
		],
		[
			'mark and snapshot were made with another key',
			'Its mark was signed with another key than the one in the credential',
			({ guid, mark }) => [
				makeMark(OTHER_KEY, { state: 'left', objectGuid: guid }, atOf(mark)),
				makeSnapshot(OTHER_KEY, guid, dream(atOf(mark))),
			],
		],
		[
			'the signature is a plain hash without the key',
			MARK_EDITED,
			({ guid, mark }) => {
				const at = atOf(mark);
				const guess = createHmac('sha256', keyId(SIGNING_KEY)).update(guid).digest('base64url');
				return [`adprov1:left:${at}:${keyId(SIGNING_KEY)}:${guess}`];
			},
		],
	])('when %s', async (_what, reason, values) => {
		const key = `f${(next += 1)}`;
		const own = await leaver(key);
		await put(own.dn, await values(own));
		const before = await stateOf(domain, key);
		const result = await comeBack(domain, key);
		expect(result).toMatchObject({ outcome: 'refused', changes: [] });
		expect(result.message).toContain(reason);
		expect(await stateOf(domain, key)).toEqual(before);
	});

	test('when an account that an administrator disabled was given the marks of a leaver', async () => {
		const { mark, snapshot } = await leaver('donor');
		const dn = await addPerson(domain, office, 'hold');
		await edit(domain, dn, change('replace', 'userAccountControl', ['514']));
		await put(dn, [mark, snapshot]);
		const before = await stateOf(domain, 'hold');
		expect((await comeBack(domain, 'hold')).outcome).toBe('refused');
		const again = await leave(domain, 'hold', office.everything);
		expect(again).toMatchObject({ outcome: 'unchanged', changes: [] });
		expect(again.notes.join()).toContain('not by this tool: its mark was edited, or belongs to another account');
		expect(await stateOf(domain, 'hold')).toEqual(before);
	});

	test('when the credential has another signing key than the one that disabled the account', async () => {
		await leaver('rekey');
		const before = await stateOf(domain, 'rekey');
		const how = { signingKey: OTHER_KEY };
		expect((await comeBack(domain, 'rekey', {}, how)).message).toContain('another key');
		expect((await leave(domain, 'rekey', office.everything, how)).notes.join()).toContain('another key');
		expect(await stateOf(domain, 'rekey')).toEqual(before);
	});
});

test('without restoring, a genuine mark is enough; the forged snapshot goes unread', async () => {
	const { dn, mark, snapshot } = await leaver('plain');
	await put(dn, [mark, edited(snapshot)]);
	expect((await comeBack(domain, 'plain', { restore: false })).outcome).toBe('enabled');
	const state = await stateOf(domain, 'plain');
	expect([state['groups'], state['carLicense'], state['userAccountControl']]).toEqual([[], undefined, ['512']]);
});

test('with accounts of others asked for, a forged mark is no reason to restore anything', async () => {
	const { dn, mark, snapshot } = await leaver('others');
	await put(dn, [mark.replace(/:20\d\d-/, ':2019-'), edited(snapshot), 'B-AL 1234']);
	expect((await comeBack(domain, 'others', { othersToo: true })).outcome).toBe('enabled');
	const state = await stateOf(domain, 'others');
	expect([state['groups'], state['carLicense'], state['userAccountControl']]).toEqual([[], ['B-AL 1234'], ['512']]);
});

test('a leave that goes on keeps groups and attributes when the snapshot is not genuine', async () => {
	const { dn, mark, snapshot } = await leaver('goon');
	await put(dn, [mark, edited(snapshot)]);
	await edit(domain, office.groups[0] ?? '', change('add', 'member', [dn]));
	const before = await stateOf(domain, 'goon');
	const again = await leave(domain, 'goon', { ...office.everything, randomPassword: false });
	expect(again).toMatchObject({ outcome: 'unchanged', changes: [] });
	expect(again.notes).toContain('The snapshot is not genuine (edited): groups, attributes and place were kept.');
	expect(await stateOf(domain, 'goon')).toEqual(before);
});

test('every attribute that users may write on themselves in this domain is known as no place for marks', async () => {
	// GUIDs of Personal-Information and Web-Information, as the schema writes them (win32 ADSchema).
	const sets = ['86b8b577-4a94-d111-aebd-0000f80367c1', 'b39557e4-5594-d111-aebd-0000f80367c1'].map(
		(guid) =>
			`(attributeSecurityGUID=${Buffer.from(guid.replaceAll('-', ''), 'hex').toString('hex').replace(/../g, '\\$&')})`,
	);
	const schema = `CN=Schema,CN=Configuration,${domain.baseDn}`;
	const found = await domain.ldbsearch(`(|${sets.join('')})`, ['lDAPDisplayName'], schema);
	const names = found.flatMap(({ attributes }) => attributes['lDAPDisplayName'] ?? []);
	expect(names.length).toBeGreaterThan(60);
	expect(names.filter((name) => !isSelfWritable(name))).toEqual([]);
});
