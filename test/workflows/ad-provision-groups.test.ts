/** Every operation on groups and organisational units, through the node. */
import { asAdministrator } from '../directory/administrator';
import {
	locator,
	outcomes,
	textIn,
	rows,
	runAdProvision,
	type NodeRunOptions,
	type Parameters,
} from '../support/ad-provision';
import { startSamba, type Domain } from '../support/samba';

let domain: Domain;
let ou: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		await client.add(ou, { objectClass: 'organizationalUnit' });
		for (const key of ['a', 'b', 'c', 'd', 'e'])
			await client.add(`CN=${key},${ou}`, { objectClass: 'user', sAMAccountName: key, employeeID: key.toUpperCase() });
		for (const name of ['Staff', 'Sales', 'Board', 'Inner'])
			await client.add(`CN=${name},${ou}`, { objectClass: 'group', sAMAccountName: name });
	});
}, 120_000);
afterAll(() => domain.stop());

const run = (operation: string, parameters: Parameters, input: readonly object[], options?: NodeRunOptions) =>
	runAdProvision(domain, { resource: 'group', operation, ...parameters }, input, options);
const bySam = { findMembersBy: 'sAMAccountName', members: '={{ $json.who }}' };
const membersOf = async (group: string) =>
	[...((await domain.ldbsearch(`(&(objectClass=group)(cn=${group}))`))[0]?.attributes['member'] ?? [])]
		.map((dn) => /^CN=([^,]*)/.exec(dn)?.[1])
		.sort();

describe('members', () => {
	test('are added: each item is told its own part, whoever else names the group, and whatever it calls it', async () => {
		const parameters = { ...bySam, group: locator('name', '={{ $json.group }}') };
		const people = [
			{ who: 'a', group: 'Staff' },
			{ who: ['b', 'nobody'], group: `CN=Staff,${ou}` },
			{ who: 'c', group: 'Sales' },
			{ who: 'nobody', group: 'Staff' },
			{ who: 'a', group: 'Nowhere' },
			{ who: 'a', group: 'Domain Admins' },
		];
		const ran = await run('addMembers', parameters, people);
		expect(ran.out('AD')[0]).toMatchObject([
			{ outcome: 'updated', added: [{ dn: `CN=a,${ou}` }], failed: [], group: { name: 'Staff' } },
			{ outcome: 'updated', added: [{ dn: `CN=c,${ou}` }], group: { name: 'Sales' } },
		]);
		expect(ran.out('AD')[1]).toMatchObject([
			{ outcome: 'partial', added: [{ dn: `CN=b,${ou}` }], failed: [{ reason: 'not found' }] },
			{ outcome: 'not found', added: [] },
			{ outcome: 'not found' },
			{ outcome: 'protected' },
		]);
		expect(ran.items('AD').map((output) => output.map(({ pairedItem }) => pairedItem))).toEqual([
			[{ item: 0 }, { item: 2 }],
			[{ item: 1 }, { item: 3 }, { item: 4 }, { item: 5 }],
		]);
		expect(await membersOf('Staff')).toEqual(['a', 'b']);
		const again = await run('addMembers', { ...bySam, group: locator('name', 'Staff') }, [{ who: 'a' }]);
		expect(again.out('AD')[0]).toMatchObject([{ outcome: 'unchanged', added: [], already: 1 }]);
	});

	test('are removed', async () => {
		await run('setMembers', { ...bySam, group: locator('name', 'Staff') }, [{ who: ['a', 'b', 'c'] }]);
		const ran = await run('removeMembers', { ...bySam, group: locator('name', 'Staff') }, [{ who: 'a' }, { who: 'd' }]);
		expect(outcomes(ran.out('AD')[0])).toEqual(['updated', 'unchanged']);
		expect(await membersOf('Staff')).toEqual(['b', 'c']);
	});

	test('are set: the items of one group together, and what nobody named is removed', async () => {
		await run('setMembers', { ...bySam, group: locator('name', 'Sales') }, [{ who: ['a', 'b'] }]);
		const ran = await run('setMembers', { ...bySam, group: locator('name', 'Sales') }, [
			{ who: 'b' },
			{ who: 'c' },
			{ who: 'd' },
		]);
		expect(await membersOf('Sales')).toEqual(['b', 'c', 'd']);
		expect(ran.out('AD')[0]).toMatchObject([
			{ outcome: 'updated', removed: [{ dn: `CN=a,${ou}` }], added: [] },
			{ outcome: 'updated', removed: [], added: [{ dn: `CN=c,${ou}` }] },
			{ outcome: 'updated', added: [{ dn: `CN=d,${ou}` }] },
		]);
	});

	test('stay as they are when one of them cannot be found, or cannot be read from its item', async () => {
		await run('setMembers', { ...bySam, group: locator('name', 'Board') }, [{ who: ['a', 'b'] }]);
		const ran = await run('setMembers', { ...bySam, group: locator('name', 'Board') }, [
			{ who: 'c' },
			{ who: 'nobody' },
		]);
		expect(outcomes(ran.out('AD')[1])).toEqual(['refused', 'not found']);
		const broken = await run('setMembers', { ...bySam, group: locator('name', 'Board') }, [
			{ who: 'c' },
			{ who: [{}] },
		]);
		expect(broken.out('AD')[0]).toEqual([]);
		for (const item of broken.out('AD')[1] ?? [])
			expect(item['message']).toContain("'Members' is a list that holds something else than text");
		const empty = await run('setMembers', { ...bySam, group: locator('name', 'Board') }, [{ who: 'c' }, {}]);
		expect(empty.out('AD')[0]).toEqual([]);
		for (const item of empty.out('AD')[1] ?? []) expect(item['message']).toContain("'Members' is empty");
		const added = await run('addMembers', { ...bySam, group: locator('name', 'Board') }, [{ who: 'a' }, {}]);
		expect(outcomes(added.out('AD')[0])).toEqual(['unchanged']);
		expect(added.out('AD')[1]).toMatchObject([{ outcome: 'failed' }]);
		expect(await membersOf('Board')).toEqual(['a', 'b']);
	});

	test('of an empty list are nobody only when the builder says so', async () => {
		await run('setMembers', { ...bySam, group: locator('name', 'Board') }, [{ who: 'a' }]);
		const refused = await run('setMembers', { ...bySam, group: locator('name', 'Board') }, [{ who: [] }]);
		expect(outcomes(refused.out('AD')[1])).toEqual(['refused']);
		expect(await membersOf('Board')).toEqual(['a']);
		const ran = await run('setMembers', { ...bySam, group: locator('name', 'Board'), allowEmpty: true }, [{ who: [] }]);
		expect(outcomes(ran.out('AD')[0])).toEqual(['updated']);
		expect(await membersOf('Board')).toEqual([]);
	});

	test('that are too many to be removed at once are not removed at all', async () => {
		await run('setMembers', { ...bySam, group: locator('name', 'Board') }, [{ who: ['a', 'b'] }]);
		const parameters = { ...bySam, group: locator('name', 'Board'), maxPerRun: 2 };
		const ran = await run('removeMembers', parameters, [{ who: ['a', 'b'] }, { who: 'c' }]);
		expect(ran.error?.message).toContain("3 members are more than 'At Most per Run' allows (2)");
		expect(await membersOf('Board')).toEqual(['a', 'b']);
	});

	test('are listed, direct and nested, each as an item of its own that is paired', async () => {
		await run('setMembers', { ...bySam, group: locator('name', 'Inner') }, [{ who: ['d', 'e'] }]);
		await run('setMembers', { ...bySam, group: locator('name', 'Board') }, [{ who: ['a', 'Inner'] }]);
		const names = async (parameters: Parameters) => {
			const ran = await run('getMembers', { group: locator('name', 'Board'), ...parameters }, [{}]);
			expect(ran.items('AD')[0]?.every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(true);
			return (ran.out('AD')[0] ?? []).map(({ name }) => name).sort();
		};
		expect(await names({})).toEqual(['Inner', 'a']);
		expect(await names({ nested: true, usersOnly: true })).toEqual(['a', 'd', 'e']);
		expect(await names({ limit: 1 })).toHaveLength(1);
		const missing = await run('getMembers', { group: locator('name', 'Nowhere') }, [{}]);
		expect(outcomes(missing.out('AD')[1])).toEqual(['not found']);
	});
});

test('Get Many lists groups by conditions', async () => {
	const filterRows = rows({ attribute: locator('name', 'cn'), condition: 'startsWith', value: '={{ $json.begins }}' });
	const ran = await run('getMany', { searchBase: locator('name', 'People'), filterRows }, [{ begins: 'S' }]);
	const found = [...(ran.out('AD')[0] ?? [])].sort((left, right) =>
		textIn(left, 'name').localeCompare(textIn(right, 'name')),
	);
	expect(found).toMatchObject([{ name: 'Sales' }, { name: 'Staff', scope: 'global', type: 'security' }]);
});

describe('organisational units', () => {
	const units = (operation: string, parameters: Parameters, input: readonly object[] = [{}]) =>
		runAdProvision(domain, { resource: 'organizationalUnit', operation, ...parameters }, input);

	test('are made, one name never being a path, and left alone when they are there', async () => {
		const parameters = { name: '={{ $json.name }}', parent: locator('name', 'People'), unitDescription: 'Made' };
		const ran = await units('create', parameters, [{ name: 'Sales, EMEA' }, { name: 'Sales, EMEA' }]);
		expect(ran.out('AD')[0]).toMatchObject([{ outcome: 'created', name: 'Sales, EMEA', description: 'Made' }]);
		expect(ran.out('AD')[1]).toMatchObject([{ outcome: 'exists', name: 'Sales, EMEA' }]);
		const [unit] = await domain.ldbsearch('(&(objectClass=organizationalUnit)(ou=Sales*))');
		expect(unit?.dn.replaceAll('\\2C', '\\,')).toBe(`OU=Sales\\, EMEA,${ou}`);
	});

	test('are listed', async () => {
		const ran = await units('getMany', { returnAll: true, scope: 'one' });
		const names = (ran.out('AD')[0] ?? []).map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(['People', 'Domain Controllers']));
		expect(names).not.toContain('Sales, EMEA');
	});
});
