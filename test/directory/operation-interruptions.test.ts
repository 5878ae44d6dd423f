/** The connection breaks at every point of the smaller operations: running again ends in the same tree, and nothing is done unbound. */
import { Attribute } from 'ldapts';
import { deleteAccount } from '../../lib/directory/accounts/delete';
import { setExpiry } from '../../lib/directory/accounts/expiry';
import type { AccountResult } from '../../lib/directory/accounts/account';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { getAccount } from '../../lib/directory/accounts/get';
import { moveAccount } from '../../lib/directory/accounts/move';
import { renameAccount } from '../../lib/directory/accounts/rename';
import { resetPassword } from '../../lib/directory/accounts/resetPassword';
import { restoreDeleted } from '../../lib/directory/accounts/restoreDeleted';
import { unlockAccount } from '../../lib/directory/accounts/unlock';
import { DirectoryError } from '../../lib/directory/errors';
import type { PasswordOptions } from '../../lib/directory/newPassword';
import { toFileTime } from '../../lib/schema/instants';
import { withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator, canBind } from './administrator';
import { startWire, type Fate, type Wire } from './wire';

const END = toFileTime(Date.UTC(2099, 11, 31));
const PASSWORD = 'Right0ne!pass';
const IN_FIELD: PasswordOptions = { given: '', mustChange: false, delivery: { kind: 'field', field: 'password' } };

let domain: Domain;
let from: string;
let to: string;
let wire: Wire;
let people = 0;

beforeAll(async () => {
	domain = await startSamba();
	from = `OU=From,${domain.baseDn}`;
	to = `OU=To,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		for (const ou of [from, to]) await client.add(ou, { objectClass: 'organizationalUnit' });
	});
}, 120_000);
afterAll(() => domain.stop());
beforeEach(async () => {
	wire = await startWire(domain);
});
afterEach(() => wire.close());

type Person = { readonly key: string; readonly guid: string };
const NOBODY: Person = { key: '', guid: '' };
type Case = {
	readonly operation: (run: AccountRun, person: Person) => Promise<AccountResult>;
	readonly before?: (run: AccountRun, person: Person) => Promise<unknown>;
	/** What the database holds afterwards, however it came about. */
	readonly after: (person: Person) => Record<string, string[]> | undefined;
	/** Outcomes of the run that is not disturbed, after the disturbed one. */
	readonly again: readonly string[];
	/** The requests that write. */
	readonly writes: readonly string[];
};

const byKey = ({ key }: Person) => ({ attribute: 'sAMAccountName', value: key });
const remove = (run: AccountRun, person: Person) => deleteAccount(run, byKey(person), { unmarkedToo: true });

const CASES: readonly (readonly [string, Case])[] = [
	[
		'move',
		{
			operation: (run, person) => moveAccount(run, byKey(person), to),
			after: ({ key }) => ({ distinguishedName: [`CN=${key},${to}`], userAccountControl: ['512'] }),
			again: ['moved', 'unchanged'],
			writes: ['rename'],
		},
	],
	[
		'rename',
		{
			operation: (run, person) =>
				renameAccount(
					run,
					{ attribute: 'objectGUID', value: person.guid },
					{
						cn: `New ${person.key}`,
						sAMAccountName: '',
						userPrincipalName: `${person.key}.new@corp.example.com`,
						displayName: 'New',
					},
				),
			after: ({ key }) => ({
				name: [`New ${key}`],
				userPrincipalName: [`${key}.new@corp.example.com`],
				displayName: ['New'],
			}),
			again: ['renamed', 'unchanged'],
			writes: ['rename', 'modify'],
		},
	],
	[
		'expiry',
		{
			operation: (run, person) => setExpiry(run, byKey(person), END),
			after: () => ({ accountExpires: [END] }),
			again: ['updated', 'unchanged'],
			writes: ['modify'],
		},
	],
	[
		'unlock',
		{
			before: (run, { guid }) =>
				run.directory.modify(`<GUID=${guid}>`, [
					{ type: 'replace', attribute: 'lockoutTime', values: ['134000000000000000'] },
				]),
			operation: (run, person) => unlockAccount(run, byKey(person)),
			after: () => ({ lockoutTime: ['0'] }),
			again: ['updated', 'unchanged'],
			writes: ['modify'],
		},
	],
	[
		'delete',
		{
			operation: remove,
			after: () => undefined,
			again: ['deleted', 'not found'],
			writes: ['delete'],
		},
	],
	[
		'restore',
		{
			before: remove,
			operation: (run, { key, guid }) => restoreDeleted(run, guid, { anchor: key, ou: '' }),
			after: ({ key }) => ({
				distinguishedName: [`CN=${key},${from}`],
				userAccountControl: ['514'],
				employeeID: [key],
				objectClass: ['top', 'person', 'organizationalPerson', 'user'],
			}),
			again: ['restored', 'unchanged'],
			writes: ['modify'],
		},
	],
];

/** Over one connection each for the test's own hand and for `before`: there are many of them. */
async function addPeople(count: number, { before }: Pick<Case, 'before'>): Promise<Person[]> {
	const keys = Array.from({ length: count }, () => `p${(people += 1)}`);
	await asAdministrator(domain, async (client) => {
		for (const key of keys)
			await client.add(`CN=${key},${from}`, [
				new Attribute({ type: 'objectClass', values: ['user'] }),
				new Attribute({ type: 'sAMAccountName', values: [key] }),
				new Attribute({ type: 'employeeID', values: [key] }),
				new Attribute({ type: 'userAccountControl', values: ['512'] }),
				new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${PASSWORD}"`, 'utf16le')] }),
			]);
	});
	return await withAccounts(domain, async (run) => {
		const added: Person[] = [];
		for (const key of keys) {
			const found = await getAccount(run, { attribute: 'sAMAccountName', value: key });
			const person = { key, guid: found.account?.guid ?? '' };
			await before?.(run, person);
			added.push(person);
		}
		return added;
	});
}

const overWire = <T>(work: (run: AccountRun) => Promise<T>) =>
	withAccounts(domain, work, { fields: { port: wire.port } });

/** Outcome, or the kind of the fault. */
async function ending(work: Promise<AccountResult>): Promise<string> {
	try {
		return (await work).outcome;
	} catch (error) {
		if (error instanceof DirectoryError) return error.kind;
		throw error;
	}
}

/** Lets the nth request from now on, and no other, meet its fate. */
function once(fate: Fate, chosen: (operation: string, nth: number) => boolean): void {
	let met = false;
	const start = wire.requests.length;
	wire.decide(({ operation }, number) => {
		if (met || !chosen(operation, number - start)) return 'pass';
		met = true;
		return fate;
	});
}

async function expectDone(persons: readonly Person[], { after }: Case): Promise<void> {
	const found = await domain.ldbsearch(`(|${persons.map(({ key }) => `(sAMAccountName=${key})`).join('')})`);
	for (const person of persons) {
		const own = found.filter(({ attributes }) => attributes['sAMAccountName']?.[0] === person.key);
		const wanted = after(person);
		expect(own.map(({ attributes }) => attributes)).toEqual(wanted ? [expect.objectContaining(wanted)] : []);
	}
}

const CUTS = CASES.flatMap(([name, each]) =>
	(['cut before', 'cut after'] as const).map((fate) => ({ name, fate, each })),
);
const LATE = CASES.flatMap(([name, each]) => each.writes.map((kind) => ({ name, kind, each })));

test.each(CUTS)(
	'$name ends in the same when any one request is $fate',
	async ({ fate, each }) => {
		const [first] = await addPeople(1, each);
		expect(await ending(overWire((run) => each.operation(run, first ?? NOBODY)))).toBe(each.again[0]);
		const count = wire.requests.length;
		expect(count).toBeGreaterThan(3);
		const persons = await addPeople(count, each);
		for (const [index, person] of persons.entries()) {
			const nth = index + 1;
			once(fate, (_operation, number) => number === nth);
			const disturbed = await ending(overWire((run) => each.operation(run, person)));
			// The first request is the logon, which is not tried again.
			expect([nth, disturbed]).toEqual([nth, nth === 1 ? 'lost' : each.again[0]]);
			const again = await ending(overWire((run) => each.operation(run, person)));
			expect([nth, again]).toEqual([nth, each.again[nth === 1 ? 0 : 1]]);
		}
		await expectDone(persons, each);
		expect(wire.unbound).toEqual([]);
	},
	60_000,
);

test.each(LATE)('$name ends in the same when its $kind arrives late', async ({ kind, each }) => {
	const [person = NOBODY] = await addPeople(1, each);
	once('late', (operation) => operation === kind);
	await ending(overWire((run) => each.operation(run, person)));
	expect(each.again).toContain(await ending(overWire((run) => each.operation(run, person))));
	await expectDone([person], each);
	expect(wire.unbound).toEqual([]);
});

test.each(['cut before', 'cut after', 'late'] as const)(
	'a password that is delivered is the one that was set, when its Modify is %s',
	async (fate) => {
		const [person = NOBODY] = await addPeople(1, {});
		once(fate, (operation) => operation === 'modify');
		const { delivered } = await overWire((run) =>
			resetPassword(run, byKey(person), { password: IN_FIELD, unlock: false }),
		);
		const dn = `CN=${person.key},${from}`;
		expect(await canBind(domain, dn, delivered?.['password'] ?? '')).toBe(true);
		expect(wire.unbound).toEqual([]);
	},
);
