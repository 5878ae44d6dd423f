/** The day an account ends, and the end of a lockout. */
import { Attribute, Change } from 'ldapts';
import { setExpiry } from '../../lib/directory/accounts/expiry';
import { unlockAccount } from '../../lib/directory/accounts/unlock';
import { NEVER, toFileTime } from '../../lib/schema/instants';
import { withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator, canBind } from './administrator';

const PASSWORD = 'Right0ne!pass';
const END = toFileTime(Date.UTC(2099, 11, 31));

let domain: Domain;
let ou: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

async function addUser(key: string): Promise<string> {
	const dn = `CN=${key},${ou}`;
	await asAdministrator(domain, (client) =>
		client.add(dn, [
			new Attribute({ type: 'objectClass', values: ['user'] }),
			new Attribute({ type: 'sAMAccountName', values: [key] }),
			new Attribute({ type: 'employeeID', values: [key] }),
			new Attribute({ type: 'userAccountControl', values: ['512'] }),
			new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${PASSWORD}"`, 'utf16le')] }),
		]),
	);
	return dn;
}

async function replace(dn: string, type: string, value: string): Promise<void> {
	const modification = new Attribute({ type, values: [value] });
	await asAdministrator(domain, (client) => client.modify(dn, new Change({ operation: 'replace', modification })));
}

const lookup = (key: string) => ({ attribute: 'employeeID', value: key });
const expire = (key: string, fileTime: string) => withAccounts(domain, (run) => setExpiry(run, lookup(key), fileTime));
const unlock = (key: string) => withAccounts(domain, (run) => unlockAccount(run, lookup(key)));
const stored = async (key: string, attribute: string) =>
	(await domain.ldbsearch(`(employeeID=${key})`))[0]?.attributes[attribute];

describe('the end of an account', () => {
	test('is set, taken back and set again, and said once only', async () => {
		await addUser('ends');
		expect(await expire('ends', END)).toMatchObject({
			outcome: 'updated',
			changes: [{ attribute: 'accountExpires', from: [NEVER], to: [END] }],
			notes: [],
		});
		expect(await stored('ends', 'accountExpires')).toEqual([END]);
		expect((await expire('ends', END)).outcome).toBe('unchanged');
		expect((await expire('ends', `0${END}`)).outcome).toBe('unchanged');
		expect((await expire('ends', NEVER)).outcome).toBe('updated');
		expect((await expire('ends', '0')).outcome).toBe('unchanged');
	});

	test.each(['0', NEVER])('is none with %s, whichever of both stands there', async (none) => {
		const key = `none${none.length}`;
		const dn = await addUser(key);
		for (const present of ['0', NEVER]) {
			await replace(dn, 'accountExpires', present);
			expect((await expire(key, none)).outcome).toBe('unchanged');
			expect(await stored(key, 'accountExpires')).toEqual([present]);
		}
	});

	test('in the past is set with a warning, and nobody logs on any more', async () => {
		const dn = await addUser('over');
		expect(await canBind(domain, dn, PASSWORD)).toBe(true);
		expect((await expire('over', toFileTime(Date.UTC(2020, 0, 1)))).notes).toEqual([
			expect.stringContaining('lies in the past'),
		]);
		expect(await canBind(domain, dn, PASSWORD)).toBe(false);
	});

	test('that somebody changed meanwhile is a conflict', async () => {
		const dn = await addUser('raced');
		const theirs = toFileTime(Date.UTC(2050, 0, 1));
		const attempt = withAccounts(domain, (run) => {
			const { directory } = run;
			const modify: typeof directory.modify = async (...args) => {
				await replace(dn, 'accountExpires', theirs);
				await directory.modify(...args);
			};
			return setExpiry({ ...run, directory: { ...directory, modify } }, lookup('raced'), END);
		});
		await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
		expect(await stored('raced', 'accountExpires')).toEqual([theirs]);
	});

	test.each(['', 'never', '-1', '1.5', '2026-12-31', '9223372036854775808', '0x10'])(
		'cannot be %j, and nothing is sent',
		async (text) => {
			await withAccounts(domain, async (run) => {
				await expect(setExpiry(run, lookup('ends'), text)).rejects.toMatchObject({ kind: 'person' });
				expect(run.directory.controller()).toBeUndefined();
			});
		},
	);
});

describe('unlocking', () => {
	test('ends a lockout that wrong passwords brought on', async () => {
		await replace(domain.baseDn, 'lockoutThreshold', '2');
		const dn = await addUser('locked');
		for (let attempt = 1; attempt <= 3; attempt += 1) expect(await canBind(domain, dn, 'wrong')).toBe(false);
		expect(await canBind(domain, dn, PASSWORD)).toBe(false);
		expect(await unlock('locked')).toMatchObject({
			outcome: 'updated',
			changes: [{ attribute: 'lockoutTime', to: ['0'] }],
			notes: [],
		});
		expect(await canBind(domain, dn, PASSWORD)).toBe(true);
		expect((await unlock('locked')).outcome).toBe('unchanged');
		await replace(domain.baseDn, 'lockoutThreshold', '0');
	});

	test('clears the record of one that is over, and says so', async () => {
		const dn = await addUser('wasover');
		await replace(dn, 'lockoutTime', '130000000000000000');
		expect((await unlock('wasover')).notes).toEqual([expect.stringContaining('had ended by itself')]);
		expect(await stored('wasover', 'lockoutTime')).toEqual(['0']);
	});

	test('of an account that was never locked, of a protected one and of nobody writes nothing', async () => {
		await addUser('free');
		const writes = await withAccounts(domain, async (run) => {
			const outcome = async (attribute: string, value: string) =>
				(await unlockAccount(run, { attribute, value })).outcome;
			expect(await outcome('employeeID', 'free')).toBe('unchanged');
			expect(await outcome('sAMAccountName', 'krbtgt')).toBe('protected');
			expect(await outcome('employeeID', 'nobody')).toBe('not found');
			return run.directory.writes();
		});
		expect(writes).toBe(0);
	});
});
