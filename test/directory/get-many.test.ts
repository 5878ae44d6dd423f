/** Reading one account and many. */
import { getAccount } from '../../lib/directory/accounts/get';
import { getManyAccounts, type GetManyRequest } from '../../lib/directory/accounts/getMany';
import { textOf } from '../../lib/directory/entry';
import { present } from '../../lib/directory/filter';
import { filterOfRows, type FilterCondition } from '../../lib/directory/filterRows';
import { parseFilterText } from '../../lib/directory/filterText';
import { simplify, SIMPLIFIED_ATTRIBUTES, toRecord } from '../../lib/directory/records';
import { NEVER, toFileTime } from '../../lib/schema/instants';
import { withAccounts, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';

let domain: Domain;
let ou: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		await client.add(ou, { objectClass: 'organizationalUnit' });
		await client.add(`OU=Below,${ou}`, { objectClass: 'organizationalUnit' });
		await client.add(`CN=group,${ou}`, { objectClass: 'group' });
		await client.add(`CN=machine,${ou}`, { objectClass: 'computer', sAMAccountName: 'machine$' });
		const people: [string, string, Record<string, string | string[]>][] = [
			['ada', ou, { department: 'R&D (1)', title: 'a*b', userAccountControl: '512', otherTelephone: ['1', '2'] }],
			['bob', ou, { department: 'Sales', mail: 'bob@example.com', accountExpires: toFileTime(Date.UTC(2027, 0, 1)) }],
			['cyd', `OU=Below,${ou}`, { department: 'Sales', mail: 'cyd@example.com', title: 'C\\D' }],
		];
		for (const [name, place, attributes] of people) {
			const own = { objectClass: 'user', sAMAccountName: name, employeeID: name, userAccountControl: '514' };
			await client.add(`CN=${name},${place}`, { ...own, ...attributes });
		}
	});
}, 120_000);
afterAll(() => domain.stop());

const ALL: GetManyRequest = {
	base: '',
	scope: 'sub',
	filter: present('objectClass'),
	attributes: ['sAMAccountName'],
	limit: Infinity,
};
const many = (request: Partial<GetManyRequest>, fields: Record<string, unknown> = {}) =>
	withDirectory(domain, (directory) => getManyAccounts(directory, { ...ALL, ...request }), { fields });
const names = async (...args: Parameters<typeof many>) =>
	(await many(...args)).map((entry) => textOf(entry, 'sAMAccountName')).sort();

describe('many accounts', () => {
	test('are persons only, never groups or computers, in the whole domain or below a place', async () => {
		expect(await names({})).toEqual(['Administrator', 'Guest', 'ada', 'bob', 'cyd', 'dns-DC1', 'krbtgt']);
		expect(await names({ base: ou })).toEqual(['ada', 'bob', 'cyd']);
		expect(await names({ base: ou, scope: 'one' })).toEqual(['ada', 'bob']);
		expect(await names({}, { baseDn: `OU=Below,${ou}` })).toEqual(['cyd']);
	});

	test('come up to a limit', async () => {
		expect(await many({ limit: 2 })).toHaveLength(2);
		expect(await many({ limit: 0 })).toEqual([]);
	});

	test.each<[string, FilterCondition, string, string[]]>([
		['department', 'equals', 'Sales', ['bob', 'cyd']],
		['department', 'notEquals', 'Sales', ['ada']],
		['department', 'contains', '&D (', ['ada']],
		['department', 'startsWith', 'r&d', ['ada']],
		['title', 'equals', 'a*b', ['ada']],
		['title', 'equals', '*', []],
		['title', 'contains', '*', ['ada']],
		['title', 'endsWith', '\\d', ['cyd']],
		['mail', 'present', '', ['bob', 'cyd']],
		['mail', 'absent', '', ['ada']],
		['accountExpires', 'lessOrEqual', '2027-01-01', ['bob']],
		['accountExpires', 'equals', NEVER, ['ada', 'cyd']],
		['whenCreated', 'greaterOrEqual', '2000-01-01', ['ada', 'bob', 'cyd']],
		['whenCreated', 'lessOrEqual', '2000-01-01', []],
		['', 'enabled', '', ['ada']],
		['', 'disabled', '', ['bob', 'cyd']],
	])('whose %s %s %j', async (attribute, condition, value, found) => {
		expect(await names({ base: ou, filter: filterOfRows([{ attribute, condition, value }], 'all') })).toEqual(found);
	});

	test('by several rows, all or any of them', async () => {
		const rows = [
			{ attribute: 'department', condition: 'equals', value: 'Sales' },
			{ attribute: '', condition: 'enabled', value: '' },
		] as const;
		expect(await names({ base: ou, filter: filterOfRows(rows, 'all') })).toEqual([]);
		expect(await names({ base: ou, filter: filterOfRows(rows, 'any') })).toEqual(['ada', 'bob', 'cyd']);
	});

	test.each([
		['(department=Sales)', ['bob', 'cyd']],
		['(&(department=S*e*)(!(title=*)))', ['bob']],
		['(department=R&D \\281\\29)', ['ada']],
		['(|(title=*\\2a*)(title=*\\5c*))', ['ada', 'cyd']],
		['(userAccountControl:1.2.840.113556.1.4.803:=2)', ['bob', 'cyd']],
		['(accountExpires<=200000000000000000)', ['bob']],
		['(objectClass=computer)', []],
	])('by the filter %s', async (text, found) => {
		expect(await names({ base: ou, filter: parseFilterText(text) })).toEqual(found);
	});

	test('by the bytes of a GUID or a SID, in rows and in a filter’s text', async () => {
		const [ada] = await many({ base: ou, filter: parseFilterText('(cn=ada)'), attributes: ['objectSid'] });
		const record = toRecord(ada ?? { dn: '', attributes: {} }, ['objectGUID', 'objectSid']);
		for (const attribute of ['objectGUID', 'objectSid']) {
			const row = { attribute, condition: 'equals', value: record[attribute] as string } as const;
			expect(await names({ filter: filterOfRows([row], 'all') })).toEqual(['ada']);
			const bytes = ada?.attributes[attribute.toLowerCase()]?.[0] as Buffer;
			const escaped = [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
			expect(await names({ filter: parseFilterText(`(${attribute}=${escaped})`) })).toEqual(['ada']);
		}
	});

	test('at a glance', async () => {
		const request = { base: ou, filter: parseFilterText('(cn=bob)'), attributes: SIMPLIFIED_ATTRIBUTES };
		const [bob] = (await many(request)).map(simplify);
		expect(bob).toMatchObject({
			dn: `CN=bob,${ou}`,
			sAMAccountName: 'bob',
			mail: 'bob@example.com',
			displayName: null,
			enabled: false,
			expiresAt: '2027-01-01T00:00:00.000Z',
			lastLogonAt: null,
			createdAt: expect.stringMatching(/^20\d\d-.*T.*Z$/) as string,
		});
	});

	test.each(['OU=Nope,DC=corp,DC=example,DC=com', 'nonsense'])('are not looked for in %s', async (base) => {
		await expect(many({ base })).rejects.toMatchObject({ kind: 'configuration' });
		await expect(many({ base })).rejects.toThrow('There is nothing to search in');
	});
});

describe('one account', () => {
	const get = (value: string, attributes?: readonly string[]) =>
		withAccounts(domain, (run) => getAccount(run, { attribute: 'employeeID', value }, attributes));

	test('comes with the attributes that were asked for', async () => {
		expect((await get('ada')).record).toBeUndefined();
		expect((await get('ada', ['otherTelephone', 'TITLE', 'mail'])).record).toEqual({
			otherTelephone: expect.arrayContaining(['1', '2']) as string[],
			TITLE: 'a*b',
			mail: null,
		});
		expect((await get('ada', ['*'])).record).toMatchObject({ sAMAccountName: 'ada', department: 'R&D (1)', cn: 'ada' });
		expect((await get('nobody', ['mail'])).outcome).toBe('not found');
	});

	test('may be a protected one, which is only read', async () => {
		const result = await withAccounts(domain, (run) =>
			getAccount(run, { attribute: 'sAMAccountName', value: 'Guest' }),
		);
		expect(result.outcome).toBe('found');
	});

	test('needs no signing key', async () => {
		const result = await withAccounts(domain, (run) => getAccount(run, { attribute: 'employeeID', value: 'ada' }), {
			fields: { signingSecret: '' },
		});
		expect(result.outcome).toBe('found');
	});
});
