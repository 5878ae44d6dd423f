/** The lists of the editor, of a real domain. */
import type { ILoadOptionsFunctions, INode } from 'n8n-workflow';
import {
	searchAttributes,
	searchGroups,
	searchReadable,
	searchUnits,
	searchUsers,
} from '../../nodes/AdProvision/lists';
import { asAdministrator } from '../directory/administrator';
import { credentialFields } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';

let domain: Domain;
beforeAll(async () => {
	domain = await startSamba();
	await asAdministrator(domain, async (client) => {
		for (const dn of ['OU=People', 'OU=Sales,OU=People', 'OU=Sales'])
			await client.add(`${dn},${domain.baseDn}`, { objectClass: 'organizationalUnit' });
		for (let index = 0; index < 130; index += 1)
			await client.add(`CN=Person ${String(index).padStart(3, '0')},OU=People,${domain.baseDn}`, {
				objectClass: 'user',
				sAMAccountName: `person${index}`,
			});
		await client.add(`CN=Star *) (cn\\=x,OU=People,${domain.baseDn}`, { objectClass: 'group', sAMAccountName: 'star' });
	});
}, 120_000);
afterAll(() => domain.stop());

/** What n8n gives a list. */
const editor = (
	changes: Record<string, unknown> = {},
	parameters: Record<string, unknown> = {},
): ILoadOptionsFunctions => {
	const node: Partial<INode> = { name: 'AD', type: 'adProvision' };
	return {
		getNode: () => node,
		getCredentials: () => Promise.resolve(credentialFields(domain, changes)),
		getCurrentNodeParameter: (name: string) => parameters[name],
	} as unknown as ILoadOptionsFunctions;
};

test('users come in pages of a hundred, in the order of their names, kept by GUID', async () => {
	const first = await searchUsers.call(editor(), 'person');
	expect(first.results).toHaveLength(100);
	expect(first.results[0]).toEqual({
		name: 'Person 000 (person0 · corp.example.com / People)',
		value: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
	});
	const second = await searchUsers.call(editor(), 'person', String(first.paginationToken));
	expect(second.results.map(({ name }) => name)).toHaveLength(30);
	expect(second.results[0]?.name).toMatch(/^Person 100/);
	expect(second).not.toHaveProperty('paginationToken');
});

test('what is typed stands somewhere in a name, and is never filter syntax', async () => {
	expect((await searchUsers.call(editor(), '*')).results).toEqual([]);
	expect((await searchUsers.call(editor(), 'x)(objectClass=*')).results).toEqual([]);
	expect((await searchGroups.call(editor(), '*) (cn=')).results.map(({ name }) => name)).toEqual([
		'Star *) (cn=x (star · corp.example.com / People)',
	]);
	expect((await searchGroups.call(editor(), 'domain adm')).results).toHaveLength(1);
});

test('organisational units of one name are told apart by their place; Users and the domain are there too', async () => {
	const sales = (await searchUnits.call(editor(), 'sales')).results.map(({ name }) => name);
	expect(sales).toEqual(['Sales (corp.example.com)', 'Sales (corp.example.com / People)']);
	const names = (await searchUnits.call(editor())).results.map(({ name }) => name);
	expect(names).toEqual(expect.arrayContaining(['Users (corp.example.com)', 'People (corp.example.com)']));
	expect(names.some((name) => name.startsWith('corp'))).toBe(true);
});

test('attributes say what the schema says; what nobody writes is found behind them, as read-only', async () => {
	const [title] = (await searchAttributes.call(editor(), 'job title')).results;
	expect(title).toEqual({ name: 'Job Title (title) · text, single, 128', value: 'title' });
	const member = (await searchAttributes.call(editor(), 'memberOf')).results;
	expect(member[0]).toEqual({
		name: expect.stringMatching(/memberOf.* · multiple, read-only$/) as unknown,
		value: 'memberOf',
	});
	const all = await searchAttributes.call(editor());
	expect(all.results.every(({ name }) => !name.includes('read-only'))).toBe(true);
	expect(all.paginationToken).toBe('100');
});

test('conditions offer all attributes of what is listed', async () => {
	const values = async (resource: string, typed: string) =>
		(await searchReadable.call(editor({}, { resource }), typed)).results.map(({ value }) => value);
	expect((await values('user', 'whenCreated'))[0]).toBe('whenCreated');
	expect((await values('group', 'groupType'))[0]).toBe('groupType');
	expect(await values('user', 'groupType')).toEqual([]);
	expect((await values('organizationalUnit', 'ou'))[0]).toBe('ou');
});

test('a domain that cannot be asked is an error in words, without the password', async () => {
	const bindPassword = 'canary-of-a-wrong-password';
	for (const search of [searchUsers, searchGroups, searchUnits, searchAttributes, searchReadable]) {
		const failed = search.call(editor({ bindPassword }), 'x');
		await expect(failed).rejects.toThrow(/name or the password is wrong/);
		await failed.catch((error: unknown) => expect(JSON.stringify(error)).not.toContain(bindPassword));
	}
});

test('the domain is asked once for a list, and not for every page', async () => {
	const before = await searchUsers.call(editor(), 'person');
	await domain.whileStopped(async () => {
		expect(await searchUsers.call(editor(), 'person')).toEqual(before);
		await expect(searchUsers.call(editor({ operationTimeout: 29 }), 'person')).rejects.toThrow(/could not be reached/);
	});
});
