import { Attribute, Change } from 'ldapts';
import { createOrUpdate } from '../../lib/directory/accounts/create';
import { disableAccount, NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import { openAccounts, type AccountRun } from '../../lib/directory/accounts/locate';
import type { Directory } from '../../lib/directory/directory';
import { desiredAccount, MARKING, SIGNING_KEY, withAccounts, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';

let domain: Domain;
let ou: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

/** A user with the name as account name and key. */
async function addUser(name: string, attributes: Record<string, string | string[]> = {}): Promise<string> {
	const dn = `CN=${name},${ou}`;
	const own = { objectClass: 'user', sAMAccountName: name, employeeID: name, ...attributes };
	await asAdministrator(domain, (client) => client.add(dn, own));
	return dn;
}

async function addMember(group: string, member: string): Promise<void> {
	const modification = new Attribute({ type: 'member', values: [member] });
	await asAdministrator(domain, (client) => client.modify(group, new Change({ operation: 'add', modification })));
}

async function addGroup(name: string): Promise<string> {
	const dn = `CN=${name},CN=Users,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(dn, { objectClass: 'group', sAMAccountName: name }));
	return dn;
}

/** A logon alone moves uSNChanged, so what would be written is compared too. */
const COMPARED = ['userAccountControl', 'displayName', 'givenName', 'sn', 'carLicense', 'whenCreated'];

/** Neither operation touches the account; both say why. */
async function expectProtected(key: string, reason: string, fields: Record<string, unknown> = {}): Promise<void> {
	const both = [
		(run: AccountRun) => createOrUpdate(run, desiredAccount(ou, key)),
		(run: AccountRun) => disableAccount(run, { attribute: 'employeeID', value: key }, NO_LEAVE_OPTIONS),
	];
	for (const work of both) {
		const [before] = await domain.ldbsearch(`(employeeID=${key})`, COMPARED);
		const writes = await withAccounts(
			domain,
			async (run) => {
				const result = await work(run);
				expect(result.outcome).toBe('protected');
				expect(result.message).toContain(reason);
				return run.directory.writes();
			},
			{ fields },
		);
		expect(writes).toBe(0);
		expect(await domain.ldbsearch(`(employeeID=${key})`, COMPARED)).toEqual([before]);
	}
}

describe('nobody privileged is touched', () => {
	test('by class, service name, adminCount or primary group', async () => {
		await addUser('svcsql', { servicePrincipalName: 'MSSQLSvc/db.corp.example.com' });
		await expectProtected('svcsql', 'it has a service principal name');
		await addUser('wasadmin', { adminCount: '1' });
		await expectProtected('wasadmin', 'adminCount is 1');
		await addUser('machine', { objectClass: 'computer', sAMAccountName: 'machine$', userAccountControl: '4096' });
		await expectProtected('machine', 'it is a service or computer account (computer)');
		const primary = await addUser('primary');
		await addMember(`CN=Domain Admins,CN=Users,${domain.baseDn}`, primary);
		await asAdministrator(domain, (client) =>
			client.modify(
				primary,
				new Change({ operation: 'replace', modification: new Attribute({ type: 'primaryGroupID', values: ['512'] }) }),
			),
		);
		await expectProtected('primary', 'its primary group is a privileged one');
	});

	test.each([
		['Domain Admins', 'Users', 'm1'],
		['Enterprise Admins', 'Users', 'm2'],
		['Schema Admins', 'Users', 'm3'],
		['Administrators', 'Builtin', 'm4'],
		['Account Operators', 'Builtin', 'm5'],
		['Backup Operators', 'Builtin', 'm6'],
		['Server Operators', 'Builtin', 'm7'],
		['Print Operators', 'Builtin', 'm8'],
		['Group Policy Creator Owners', 'Users', 'm9'],
	])('who is a member of %s', async (group, container, key) => {
		await addMember(`CN=${group},CN=${container},${domain.baseDn}`, await addUser(key));
		await expectProtected(key, `it is a member of ${group}, directly or through other groups`);
	});

	test('who is a member through three groups in between, without adminCount', async () => {
		const groups = [await addGroup('outer'), await addGroup('middle'), await addGroup('inner')] as const;
		await addMember(`CN=Domain Admins,CN=Users,${domain.baseDn}`, groups[0]);
		await addMember(groups[0], groups[1]);
		await addMember(groups[1], groups[2]);
		const dn = await addUser('deep');
		await addMember(groups[2], dn);
		expect((await domain.ldbsearch('(employeeID=deep)'))[0]?.attributes['adminCount']).toBeUndefined();
		await expectProtected('deep', 'it is a member of Domain Admins, directly or through other groups');
	});

	test.each([
		['its UPN', () => 'selfservice@corp.example.com'],
		['its account name', () => 'CORP\\selfservice'],
		['its DN', () => `cn=selfservice,${ou}`],
	])('who is the service account itself, logged on by %s', async (_form, bindName) => {
		if ((await domain.ldbsearch('(employeeID=selfservice)')).length === 0) {
			await asAdministrator(domain, (client) =>
				client.add(`CN=selfservice,${ou}`, [
					new Attribute({ type: 'objectClass', values: ['user'] }),
					new Attribute({ type: 'sAMAccountName', values: ['selfservice'] }),
					new Attribute({ type: 'employeeID', values: ['selfservice'] }),
					new Attribute({ type: 'userAccountControl', values: ['512'] }),
					new Attribute({ type: 'unicodePwd', values: [Buffer.from('"Right0ne!pass"', 'utf16le')] }),
				]),
			);
		}
		await expectProtected('selfservice', 'it is the service account that this run is logged on with', {
			bindName: bindName(),
			bindPassword: 'Right0ne!pass',
		});
	});

	test('while a member of an ordinary group, and a namesake of a privileged one, are nobody special', async () => {
		const group = await addGroup('Domain Admins of the canteen');
		await addMember(group, await addUser('plain'));
		const run = withAccounts(domain, (accounts) =>
			disableAccount(accounts, { attribute: 'employeeID', value: 'plain' }, NO_LEAVE_OPTIONS),
		);
		expect((await run).outcome).toBe('unchanged');
	});

	test('and nobody at all when the privileged groups cannot be seen', async () => {
		await addUser('unseen', { userAccountControl: '514' });
		const attempt = withDirectory(domain, (directory) => {
			const blind: Directory = {
				...directory,
				search: async (base, request) =>
					(await directory.search(base, request)).filter(
						({ attributes }) =>
							!attributes['objectclass']?.includes('group') && !attributes['cn']?.includes('Domain Admins'),
					),
			};
			return createOrUpdate(openAccounts(blind, MARKING, SIGNING_KEY), desiredAccount(ou, 'unseen'));
		});
		await expect(attempt).rejects.toMatchObject({ kind: 'configuration' });
		await expect(attempt).rejects.toThrow('cannot see the group Domain Admins');
	});
});
