/** Deleting accounts, and bringing them back: disabled, found again by their key, and never the wrong one. */
import { Attribute, Change } from 'ldapts';
import { deleteAccount } from '../../lib/directory/accounts/delete';
import { disableAccount, NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import { restoreDeleted, type RestoreOptions } from '../../lib/directory/accounts/restoreDeleted';
import { childDn } from '../../lib/schema/dn';
import { withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator, canBind } from './administrator';

const PASSWORD = 'Right0ne!pass';

let domain: Domain;
let ou: string;
let other: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	other = `OU=Other,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		for (const dn of [ou, other]) await client.add(dn, { objectClass: 'organizationalUnit' });
	});
}, 120_000);
afterAll(() => domain.stop());

async function addUser(key: string, cn = key, parent = ou): Promise<string> {
	const dn = childDn('CN', cn, parent);
	await asAdministrator(domain, (client) =>
		client.add(dn, [
			new Attribute({ type: 'objectClass', values: ['user'] }),
			new Attribute({ type: 'sAMAccountName', values: [key] }),
			new Attribute({ type: 'employeeID', values: [key] }),
			new Attribute({ type: 'mail', values: [`${key}@corp.example.com`] }),
			new Attribute({ type: 'userAccountControl', values: ['512'] }),
			new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${PASSWORD}"`, 'utf16le')] }),
		]),
	);
	return dn;
}

async function replace(dn: string, type: string, values: string[]): Promise<void> {
	const modification = new Attribute({ type, values });
	await asAdministrator(domain, (client) => client.modify(dn, new Change({ operation: 'replace', modification })));
}

const byKey = (key: string) => ({ attribute: 'employeeID', value: key });
const remove = (key: string, unmarkedToo = true) =>
	withAccounts(domain, (run) => deleteAccount(run, byKey(key), { unmarkedToo }));
const restore = (text: string, options: Partial<RestoreOptions> = {}) =>
	withAccounts(domain, (run) => restoreDeleted(run, text, { anchor: '', ou: '', ...options }));
const stored = (name: string) => domain.ldbsearch(`(sAMAccountName=${name})`);

/** Where a deleted object is, by its GUID. */
function deletedDn(cn: string, guid: string): string {
	return childDn('CN', `${cn}\nDEL:${guid}`, `CN=Deleted Objects,${domain.baseDn}`);
}

/** @returns the GUID of an account that is gone */
async function gone(key: string, cn = key): Promise<string> {
	await addUser(key, cn);
	const { outcome, account } = await remove(key);
	expect(outcome).toBe('deleted');
	return account?.guid ?? '';
}

describe('a deletion', () => {
	test('returns all that could be read of the account', async () => {
		const dn = await addUser('full');
		const result = await remove('full');
		expect(result).toMatchObject({
			outcome: 'deleted',
			account: { dn, sAMAccountName: 'full', enabled: true },
			record: {
				sAMAccountName: 'full',
				mail: 'full@corp.example.com',
				objectClass: ['top', 'person', 'organizationalPerson', 'user'],
				objectGUID: result.account?.guid,
			},
		});
		expect(await stored('full')).toEqual([]);
		expect((await remove('full')).outcome).toBe('not found');
	});

	test('by default takes only accounts that this tool disabled', async () => {
		const dn = await addUser('left');
		const first = await remove('left', false);
		expect(first).toMatchObject({ outcome: 'refused', changes: [] });
		expect(first.message).toMatch('is enabled');
		await withAccounts(domain, (run) => disableAccount(run, byKey('left'), NO_LEAVE_OPTIONS));
		expect((await remove('left', false)).outcome).toBe('deleted');
		await addUser('held');
		await replace(dn.replace('left', 'held'), 'userAccountControl', ['514']);
		expect((await remove('held', false)).message).toMatch('somebody else disabled it');
		expect(await stored('held')).toHaveLength(1);
		await withAccounts(
			domain,
			async (run) => {
				await expect(deleteAccount(run, byKey('held'))).rejects.toThrow('no signing key');
				expect(run.directory.writes()).toBe(0);
			},
			{ fields: { signingSecret: '' } },
		);
	});

	test('is refused when something stands below the account, and names it', async () => {
		const dn = await addUser('parent');
		await asAdministrator(domain, (client) => client.add(`CN=child,${dn}`, { objectClass: 'classStore' }));
		await withAccounts(domain, async (run) => {
			const result = await deleteAccount(run, byKey('parent'), { unmarkedToo: true });
			expect(result).toMatchObject({ outcome: 'refused' });
			expect(result.message).toContain(`CN=child,${dn}`);
			expect(run.directory.writes()).toBe(0);
		});
	});

	test('is refused when something comes to stand below the account meanwhile', async () => {
		const dn = await addUser('parent2');
		const result = await withAccounts(domain, (run) => {
			const { directory } = run;
			const late: typeof directory.remove = async (...args) => {
				await asAdministrator(domain, (client) => client.add(`CN=late,${dn}`, { objectClass: 'classStore' }));
				await directory.remove(...args);
			};
			return deleteAccount({ ...run, directory: { ...directory, remove: late } }, byKey('parent2'), {
				unmarkedToo: true,
			});
		});
		expect(result).toMatchObject({ outcome: 'refused' });
		expect(result.message).toContain(`CN=late,${dn}`);
		expect(await stored('parent2')).toHaveLength(1);
	});

	test('of an account that somebody deleted meanwhile is done', async () => {
		const dn = await addUser('quicker');
		const result = await withAccounts(domain, (run) => {
			const { directory } = run;
			const late: typeof directory.remove = async (...args) => {
				await asAdministrator(domain, (client) => client.del(dn));
				await directory.remove(...args);
			};
			return deleteAccount({ ...run, directory: { ...directory, remove: late } }, byKey('quicker'), {
				unmarkedToo: true,
			});
		});
		expect(result).toMatchObject({ outcome: 'deleted', notes: [expect.stringContaining('gone already')] });
	});

	test('of a protected account, of nobody and of two is an outcome of its own', async () => {
		await withAccounts(domain, async (run) => {
			const outcome = async (attribute: string, value: string) =>
				(await deleteAccount(run, { attribute, value }, { unmarkedToo: true })).outcome;
			expect(await outcome('sAMAccountName', 'Administrator')).toBe('protected');
			expect(await outcome('employeeID', 'nobody')).toBe('not found');
			expect(await outcome('objectClass', 'user')).toBe('ambiguous');
			expect(run.directory.writes()).toBe(0);
		});
	});
});

describe('a restored account', () => {
	test.each<[string, (cn: string, guid: string) => string]>([
		['its name', (cn, guid) => deletedDn(cn, guid)],
		['its name with a real line break', (cn, guid) => `CN=${cn}\nDEL:${guid},CN=Deleted Objects,${domain.baseDn}`],
		['its GUID', (_cn, guid) => guid],
		['its GUID in braces', (_cn, guid) => `{${guid.toUpperCase()}}`],
		['its GUID as a name', (_cn, guid) => `<GUID=${guid}>`],
	])('given by %s is where it was, disabled, with its key and a password nobody knows', async (_how, text) => {
		const key = `back${(await domain.ldbsearch('(sAMAccountName=back*)')).length}`;
		const guid = await gone(key);
		const result = await restore(text(key, guid), { anchor: key });
		expect(result).toMatchObject({
			outcome: 'restored',
			account: { guid, dn: `CN=${key},${ou}`, enabled: false, state: null },
			changes: [
				{ attribute: 'distinguishedName', to: [`CN=${key},${ou}`] },
				{ attribute: 'userAccountControl', from: ['512'], to: ['514'] },
				{ attribute: 'employeeID', from: [], to: [key] },
			],
		});
		expect(result.notes[0]).toContain('Accounts Disabled by Others Too');
		const [found] = await stored(key);
		expect(found?.attributes).toMatchObject({ employeeID: [key], userAccountControl: ['514'] });
		expect(found?.attributes['pwdLastSet']).not.toEqual(['0']);
		expect(await canBind(domain, `CN=${key},${ou}`, PASSWORD)).toBe(false);
		expect((await restore(guid, { anchor: key })).outcome).toBe('unchanged');
	});

	test.each(['Smith, John', 'a"b\\', '#O+P', ' outer ', 'DEL:x', 'Zoë 王'])(
		'has its old name again when that is %j',
		async (cn) => {
			const key = `n${Buffer.from(cn).toString('hex').slice(0, 12)}`;
			const guid = await gone(key, cn);
			expect((await restore(deletedDn(cn, guid), { anchor: key })).outcome).toBe('restored');
			expect((await stored(key))[0]?.attributes['name']).toEqual([cn]);
		},
	);

	test('may stand somewhere else', async () => {
		const guid = await gone('elsewhere');
		expect((await restore(guid, { ou: other })).account?.dn).toBe(`CN=elsewhere,${other}`);
	});

	test('of which the key is not known says that nothing finds it by that', async () => {
		const guid = await gone('keyless');
		const { outcome, notes } = await restore(guid);
		expect(outcome).toBe('restored');
		expect(notes).toContainEqual(expect.stringContaining('It has no employeeID'));
		expect((await restore(guid)).outcome).toBe('unchanged');
		// The key may come later.
		expect(await restore(guid, { anchor: 'keyless' })).toMatchObject({
			outcome: 'restored',
			changes: [{ attribute: 'employeeID', to: ['keyless'] }],
		});
	});

	test('whose key cannot be written is disabled all the same', async () => {
		const guid = await gone('badkey');
		const result = await restore(guid, { anchor: 'x'.repeat(17) });
		expect(result).toMatchObject({ outcome: 'partial', account: { enabled: false } });
		expect((await stored('badkey'))[0]?.attributes['userAccountControl']).toEqual(['514']);
		expect((await restore(guid, { anchor: 'badkey' })).outcome).toBe('restored');
	});

	test('that an interrupted run left enabled is disabled by the next one', async () => {
		const guid = await gone('cutoff');
		await withAccounts(domain, async (run) => {
			const { directory } = run;
			const modify: typeof directory.modify = async (dn, changes, options) => {
				if (!options?.deleted) throw new Error('the machine stops');
				await directory.modify(dn, changes, options);
			};
			const attempt = restoreDeleted({ ...run, directory: { ...directory, modify } }, guid, {
				anchor: 'cutoff',
				ou: '',
			});
			await expect(attempt).rejects.toThrow('the machine stops');
		});
		expect((await stored('cutoff'))[0]?.attributes['userAccountControl']).toEqual(['512']);
		expect(await restore(deletedDn('cutoff', guid), { anchor: 'cutoff' })).toMatchObject({
			outcome: 'restored',
			account: { enabled: false },
		});
		expect((await stored('cutoff'))[0]?.attributes).toMatchObject({
			userAccountControl: ['514'],
			employeeID: ['cutoff'],
		});
	});
});

describe('nothing is restored, and nothing disabled,', () => {
	const refusals = async (text: string, options: Partial<RestoreOptions> = {}) =>
		await withAccounts(domain, async (run) => {
			try {
				const { outcome, message } = await restoreDeleted(run, text, { anchor: '', ou: '', ...options });
				return [outcome, message ?? ''] as const;
			} catch (error) {
				return [(error as { kind?: string }).kind ?? 'error', (error as Error).message] as const;
			} finally {
				expect(run.directory.writes()).toBe(0);
			}
		});

	test('when the account is live and works', async () => {
		await addUser('works');
		const guid = (await withAccounts(domain, async ({ finder }) => await finder.find(byKey('works'))))[0];
		expect(guid).toBeDefined();
		const { account } = await withAccounts(domain, (run) => deleteAccount(run, byKey('works')));
		expect(await refusals(account?.guid ?? '')).toEqual(['refused', expect.stringContaining('is not deleted')]);
	});

	test('when it was restored before and is at work again', async () => {
		const guid = await gone('again');
		await restore(guid, { anchor: 'again' });
		await replace(`CN=again,${ou}`, 'userAccountControl', ['512']);
		expect((await refusals(guid))[0]).toBe('refused');
		await replace(`CN=again,${ou}`, 'employeeID', []);
		expect((await refusals(guid, { anchor: 'again' }))[0]).toBe('refused');
	});

	test.each(['', 'nonsense', 'CN=x,DC=corp', 'c8bd7f01-2a3b-4c5d-8e6f', '*', 'CN=x\nDEL:c8bd7f01,DC=y'])(
		'when %j is no deleted object',
		async (text) => {
			expect(await refusals(text)).toEqual(['person', expect.stringContaining('is no deleted object')]);
		},
	);

	test('when there is none of that GUID, or it is no account', async () => {
		expect((await refusals('c8bd7f01-2a3b-4c5d-8e6f-0123456789ab'))[0]).toBe('not found');
		const dn = `CN=group,${ou}`;
		await asAdministrator(domain, async (client) => {
			await client.add(dn, { objectClass: 'group' });
		});
		const [group] = await withAccounts(domain, ({ finder }) => finder.find({ attribute: 'cn', value: 'group' }));
		await asAdministrator(domain, (client) => client.del(dn));
		const guid = (group?.attributes['objectguid']?.[0] as Buffer).toString('hex');
		const text = [
			guid.slice(6, 8) + guid.slice(4, 6) + guid.slice(2, 4) + guid.slice(0, 2),
			guid.slice(10, 12) + guid.slice(8, 10),
			guid.slice(14, 16) + guid.slice(12, 14),
			guid.slice(16, 20),
			guid.slice(20),
		].join('-');
		expect((await refusals(text))[0]).toBe('ambiguous');
	});

	test('when its name or its key is taken, or its place is gone', async () => {
		const guid = await gone('taken');
		await addUser('taker', 'Taken');
		expect(await refusals(guid)).toEqual(['taken', expect.stringContaining(`CN=Taken,${ou} has the name`)]);
		expect(await refusals(guid, { ou: other, anchor: 'taker' })).toEqual([
			'taken',
			expect.stringContaining('has employeeID "taker" already'),
		]);
		expect(await refusals(guid, { ou: `OU=Nope,${domain.baseDn}` })).toEqual([
			'configuration',
			expect.stringContaining('does not exist'),
		]);
		const short = `OU=Short,${domain.baseDn}`;
		await asAdministrator(domain, (client) => client.add(short, { objectClass: 'organizationalUnit' }));
		await addUser('homeless', 'homeless', short);
		const { account } = await remove('homeless');
		await asAdministrator(domain, (client) => client.del(short));
		expect(await refusals(account?.guid ?? '')).toEqual(['person', expect.stringContaining('is gone')]);
		expect((await restore(account?.guid ?? '', { ou })).outcome).toBe('restored');
	});

	test('when it was privileged, as far as the directory still knows', async () => {
		const dn = await addUser('formeradmin');
		await replace(dn, 'adminCount', ['1']);
		const { account } = await withAccounts(domain, (run) =>
			deleteAccount(run, byKey('formeradmin'), { unmarkedToo: true }),
		);
		expect((await refusals(account?.guid ?? ''))[0]).toBe('protected');
	});
});
