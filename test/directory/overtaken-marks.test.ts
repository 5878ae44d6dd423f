/** An administrator enables an account that this tool disabled, and disables it again: the old mark must not enable it. */
import { Attribute, Change } from 'ldapts';
import { createOrUpdate } from '../../lib/directory/accounts/create';
import { deleteAccount } from '../../lib/directory/accounts/delete';
import { disableAccount, NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import { enableAccount } from '../../lib/directory/accounts/enable';
import { setExpiry } from '../../lib/directory/accounts/expiry';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { moveAccount } from '../../lib/directory/accounts/move';
import { renameAccount } from '../../lib/directory/accounts/rename';
import { updateAccount } from '../../lib/directory/accounts/update';
import { makeMark } from '../../lib/directory/mark';
import { UNTOLD } from '../../lib/directory/newPassword';
import { desiredAccount, SIGNING_KEY, withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';

let domain: Domain;
let ou: string;
let elsewhere: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	elsewhere = `OU=Elsewhere,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		for (const dn of [ou, elsewhere]) await client.add(dn, { objectClass: 'organizationalUnit' });
		await client.add(`CN=staff,${ou}`, { objectClass: 'group', sAMAccountName: 'staff' });
	});
}, 120_000);
afterAll(() => domain.stop());

const lookup = (value: string) => ({ attribute: 'employeeID', value });
const stored = async (key: string) => (await domain.ldbsearch(`(employeeID=${key})`))[0];
const accounts = <T>(work: (run: AccountRun) => Promise<T>) => withAccounts(domain, work);
const enable = (key: string) =>
	accounts((run) =>
		enableAccount(run, lookup(key), { restore: true, password: UNTOLD, expiresAt: null, othersToo: false }),
	);
const disable = (key: string) => accounts((run) => disableAccount(run, lookup(key), NO_LEAVE_OPTIONS));

async function byHand(key: string, type: string, value: string): Promise<void> {
	const dn = (await stored(key))?.dn ?? '';
	const modification = new Attribute({ type, values: [value] });
	await asAdministrator(domain, (client) => client.modify(dn, new Change({ operation: 'replace', modification })));
}

describe('a write to an account that was enabled by hand', () => {
	const nothing = { attributes: {}, createOnly: [], fillOnly: [], groups: [], names: {} };
	test.each<[name: string, write: (run: AccountRun, key: string) => Promise<{ readonly outcome: string }>]>([
		['move', (run, key) => moveAccount(run, lookup(key), elsewhere)],
		[
			'rename of the object alone',
			(run, key) =>
				renameAccount(run, lookup(key), {
					...{ cn: `New ${key}`, sAMAccountName: '', userPrincipalName: '', displayName: '' },
				}),
		],
		[
			'update that only joins a group',
			(run, key) => updateAccount(run, lookup(key), { ...nothing, groups: ['staff'] }, { updateNames: false }),
		],
		[
			'update that only renames',
			(run, key) => {
				const names = { cn: { candidates: [`Other ${key}`] } };
				return updateAccount(run, lookup(key), { ...nothing, names }, { updateNames: true });
			},
		],
		['expiry', (run, key) => setExpiry(run, lookup(key), '134000000000000000')],
	])('clears the mark of the earlier leave: %s', async (name, write) => {
		const key = `W${name.length}`;
		await accounts((run) => createOrUpdate(run, desiredAccount(ou, key)));
		expect((await disable(key)).outcome).toBe('disabled');
		await byHand(key, 'userAccountControl', '512');
		expect((await accounts((run) => write(run, key))).outcome).toMatch(/^(moved|renamed|updated)$/);
		expect((await stored(key))?.attributes['carLicense']).toBeUndefined();
		await byHand(key, 'userAccountControl', '514');
		expect((await enable(key)).outcome).toBe('refused');
		expect((await stored(key))?.attributes['userAccountControl']).toEqual(['514']);
	});
});

describe('without any write of this tool in between', () => {
	/** Genuine, and older than the last change of whether the account is enabled. */
	const overtaken = async (key: string, state: 'left' | 'pending') => {
		const { account } = await accounts((run) => createOrUpdate(run, desiredAccount(ou, key)));
		await byHand(key, 'userAccountControl', '514');
		const { domainGuid } = await accounts((run) => run.directory.domain());
		const subject =
			state === 'left'
				? { state, objectGuid: account?.guid ?? '' }
				: { state, domainGuid, matchAttribute: 'employeeID', matchValue: key };
		await byHand(key, 'carLicense', makeMark(SIGNING_KEY, subject, new Date(Date.now() - 600_000).toISOString()));
	};

	test.each(['left', 'pending'] as const)(
		'a mark "%s" counts no more: nobody is enabled or deleted by it',
		async (state) => {
			const key = `O${state}`;
			await overtaken(key, state);
			const refused = await enable(key);
			expect(refused).toMatchObject({ outcome: 'refused', account: { state: null } });
			expect(refused.message).toContain('Somebody enabled it and disabled it again');
			expect(await disable(key)).toMatchObject({ outcome: 'unchanged' });
			expect((await accounts((run) => deleteAccount(run, lookup(key)))).outcome).toBe('refused');
			expect(await accounts((run) => createOrUpdate(run, desiredAccount(ou, key)))).toMatchObject({
				account: { enabled: false },
			});
			expect((await stored(key))?.attributes['userAccountControl']).toEqual(['514']);
		},
	);
});

describe('a leave', () => {
	test('keeps memberships of protected groups, and says so', async () => {
		await accounts((run) => createOrUpdate(run, desiredAccount(ou, 'P1', { groups: ['staff'] })));
		const dn = (await stored('P1'))?.dn ?? '';
		const remote = `CN=Remote Desktop Users,CN=Builtin,${domain.baseDn}`;
		const modification = new Attribute({ type: 'member', values: [dn] });
		await asAdministrator(domain, (client) => client.modify(remote, new Change({ operation: 'add', modification })));
		const left = await accounts((run) =>
			disableAccount(run, lookup('P1'), { ...NO_LEAVE_OPTIONS, removeFromGroups: true }),
		);
		expect(left).toMatchObject({ outcome: 'disabled' });
		expect(left.notes.join()).toContain('Remote Desktop Users');
		expect((await stored('P1'))?.attributes['memberOf']).toEqual([remote]);
		expect((await enable('P1')).outcome).toBe('enabled');
		expect((await stored('P1'))?.attributes['memberOf']).toHaveLength(2);
	});

	test('gives a manager back who was moved and renamed meanwhile', async () => {
		await accounts((run) => createOrUpdate(run, desiredAccount(ou, 'BOSS')));
		const attributes = { employeeID: 'R1', manager: { by: 'employeeID', value: 'BOSS' } };
		await accounts((run) => createOrUpdate(run, desiredAccount(ou, 'R1', { attributes })));
		await accounts((run) => disableAccount(run, lookup('R1'), { ...NO_LEAVE_OPTIONS, clear: ['manager'] }));
		expect((await stored('R1'))?.attributes['manager']).toBeUndefined();
		await accounts(async (run) => {
			await moveAccount(run, lookup('BOSS'), elsewhere);
			await renameAccount(run, lookup('BOSS'), {
				...{ cn: 'The Boss', sAMAccountName: '', userPrincipalName: '', displayName: '' },
			});
		});
		expect(await enable('R1')).toMatchObject({ outcome: 'enabled', notes: [] });
		expect((await stored('R1'))?.attributes['manager']).toEqual([`CN=The Boss,${elsewhere}`]);
	});
});
