/** Organisational units: listed, and made where one is missing. */
import {
	createOrganizationalUnit,
	getManyOrganizationalUnits,
	type NewOrganizationalUnit,
} from '../../lib/directory/organizationalUnits';
import { equal } from '../../lib/directory/filter';
import { childDn, sameDn } from '../../lib/schema/dn';
import { withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { startWire } from './wire';

let domain: Domain;
let ou: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=Top,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

const create = (unit: Partial<NewOrganizationalUnit>, fields = {}) =>
	withDirectory(
		domain,
		(directory) => createOrganizationalUnit(directory, { parent: ou, name: '', description: '', ...unit }),
		{ fields },
	);
const units = (filter: string) => domain.ldbsearch(`(&(objectClass=organizationalUnit)${filter})`);

describe('creating an organisational unit', () => {
	test('makes it with its description, and only once', async () => {
		const made = await create({ name: 'Sales', description: 'Those who sell' });
		expect(made).toEqual({
			outcome: 'created',
			organizationalUnit: {
				...{ dn: `OU=Sales,${ou}`, name: 'Sales', description: 'Those who sell', managedBy: '' },
				guid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
			},
		});
		expect(await create({ name: 'sales', description: 'Others' })).toEqual({ ...made, outcome: 'exists' });
		const [entry, ...more] = await units('(ou=sales)');
		expect([entry?.attributes['description'], more]).toEqual([['Those who sell'], []]);
	});

	test.each([
		...['Sales, North', 'a+b', '"quoted"', '#hash', 'back\\', 'OU=x,OU=y', 'slash/', 'Größe 你好', ' outer blanks '],
		...["O'Brien; <x>", '*', '(x)', 'x'.repeat(64)],
	])('called %j takes the name as it is', async (name) => {
		const made = await create({ name });
		expect(made).toMatchObject({ outcome: 'created', organizationalUnit: { name } });
		expect(sameDn(made.organizationalUnit.dn, childDn('OU', name, ou))).toBe(true);
		expect(await create({ name })).toEqual({ ...made, outcome: 'exists' });
	});

	test.each([
		['by GUID', true],
		['right below the domain', false],
	])('stands %s', async (_where, byGuid) => {
		const [top] = await domain.ldbsearch('(ou=Top)', ['objectGUID']);
		const parent = byGuid ? `<GUID=${top?.attributes['objectGUID']?.[0] ?? ''}>` : '';
		const made = await create({ parent, name: 'Placed' });
		expect(made.organizationalUnit.dn).toBe(`OU=Placed,${byGuid ? ou : domain.baseDn}`);
	});

	test.each([
		[
			'a place that does not exist',
			{ parent: 'OU=Nowhere,DC=corp,DC=example,DC=com', name: 'x' },
			'configuration',
			'does not exist',
		],
		['a place that is no name', { parent: 'nonsense', name: 'x' }, 'configuration', 'is not a distinguished name'],
		['no name', { name: '  ' }, 'person', 'has no name'],
		['a name that is too long', { name: 'x'.repeat(65) }, 'person', 'longer than 64'],
	])('with %s is refused in words', async (_case, unit, kind, words) => {
		await expect(create(unit)).rejects.toMatchObject({ kind, message: expect.stringContaining(words) as string });
	});

	test('below a container that takes none is refused in words', async () => {
		const container = `CN=Users,${domain.baseDn}`;
		const attempt = create({ parent: container, name: 'x' });
		await expect(attempt).rejects.toMatchObject({
			kind: 'configuration',
			message: `OU=x,${container} cannot stand there.`,
		});
	});

	test('without the right is refused in words', async () => {
		await asAdministrator(domain, (client) =>
			client.add(`CN=norights,${ou}`, {
				...{ objectClass: 'user', sAMAccountName: 'norights', userAccountControl: '512' },
				unicodePwd: Buffer.from('"Right0ne!pass"', 'utf16le').toString('utf8'),
			}),
		);
		const fields = { bindName: 'norights@corp.example.com', bindPassword: 'Right0ne!pass' };
		await expect(create({ name: 'Forbidden' }, fields)).rejects.toMatchObject({
			...{ code: 50, message: expect.stringContaining('no right to create') as string },
		});
	});

	test.each(['cut before', 'cut after', 'late'] as const)('over a connection that is %s ends in one', async (fate) => {
		const wire = await startWire(domain);
		try {
			let met = false;
			wire.decide(({ operation }) => {
				if (operation !== 'add' || met) return 'pass';
				met = true;
				return fate;
			});
			const name = `Once ${fate}`;
			expect(['created', 'exists']).toContain((await create({ name }, { port: wire.port })).outcome);
			expect(await units(`(ou=${name})`)).toHaveLength(1);
			expect((await create({ name })).outcome).toBe('exists');
			expect(wire.unbound).toEqual([]);
		} finally {
			await wire.close();
		}
	});
});

test('getting many keeps to base, scope, filter and limit', async () => {
	const base = `OU=List,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		await client.add(base, { objectClass: 'organizationalUnit', description: 'The list' });
		for (const name of ['A', 'B']) await client.add(`OU=${name},${base}`, { objectClass: 'organizationalUnit' });
		await client.add(`OU=C,OU=A,${base}`, { objectClass: 'organizationalUnit' });
		await client.add(`CN=D,${base}`, { objectClass: 'container' });
	});
	await withDirectory(domain, async (directory) => {
		const at = async (request: Parameters<typeof getManyOrganizationalUnits>[1]) =>
			(await getManyOrganizationalUnits(directory, request)).map(({ name }) => name).sort();
		expect(await at({ base, scope: 'one' })).toEqual(['A', 'B']);
		expect(await at({ base, scope: 'sub' })).toEqual(['A', 'B', 'C', 'List']);
		expect(await at({ base, scope: 'sub', filter: equal('ou', 'C') })).toEqual(['C']);
		expect(await at({ base, scope: 'sub', limit: 2 })).toHaveLength(2);
		expect(await at({ scope: 'one' })).toContain('Domain Controllers');
		const [first] = await getManyOrganizationalUnits(directory, { base, scope: 'sub', filter: equal('ou', 'List') });
		expect(first).toMatchObject({ dn: base, description: 'The list', managedBy: '' });
	});
});
