/** A value that somebody else changes between our reading and our writing: the Modify fails as a whole, and is called a conflict. */
import { Attribute, Change } from 'ldapts';
import { createOrUpdate } from '../../lib/directory/accounts/create';
import { openAccounts } from '../../lib/directory/accounts/locate';
import { updateAccount } from '../../lib/directory/accounts/update';
import type { DesiredAccount } from '../../lib/contracts';
import { desiredAccount, MARKING, SIGNING_KEY, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';

type Values = readonly (string | Buffer)[];
type Wanted = DesiredAccount['attributes'][string];
type Kind = {
	readonly kind: string;
	readonly attribute: string;
	readonly before: Values;
	/** By another hand, after our reading. */
	readonly meanwhile: Values;
	readonly wanted: Wanted;
};

const photo = (seed: number) => Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 31 + seed) % 256));
const person = (name: string) => `CN=${name},${ou}`;

/** People by their common names. */
const KINDS: readonly Kind[] = [
	{ kind: 'single text', attribute: 'department', before: ['Sales'], meanwhile: ['Board'], wanted: 'Canteen' },
	{ kind: 'single text, cleared', attribute: 'title', before: ['Clerk'], meanwhile: ['Chief'], wanted: null },
	{ kind: 'text, case only', attribute: 'company', before: ['ACME'], meanwhile: ['Other'], wanted: 'Acme' },
	{ kind: 'text outside ASCII', attribute: 'l', before: ['Łódź'], meanwhile: ['Kraków'], wanted: 'Gdańsk' },
	{ kind: 'integer', attribute: 'countryCode', before: ['276'], meanwhile: ['616'], wanted: '40' },
	{
		...{ kind: 'large integer', attribute: 'accountExpires' },
		...{ before: ['134000000000000000'], meanwhile: ['135000000000000000'], wanted: '136000000000000000' },
	},
	{
		...{ kind: 'several values, one to be removed', attribute: 'otherTelephone' },
		...{ before: ['+49 1', '+49 2'], meanwhile: ['+49 1', '+49 3'], wanted: ['+49 1'] },
	},
	{
		...{ kind: 'several values, one to be added', attribute: 'otherMobile' },
		...{ before: ['+49 1'], meanwhile: ['+49 1', '+49 2'], wanted: ['+49 1', '+49 2'] },
	},
	{
		...{ kind: 'distinguished name', attribute: 'manager' },
		...{ before: ['Ada'], meanwhile: ['Bea'], wanted: { by: 'employeeID', value: 'Cleo' } },
	},
	{ kind: 'absent before', attribute: 'mobile', before: [], meanwhile: ['+49 1'], wanted: '+49 2' },
	{ kind: 'gone meanwhile', attribute: 'pager', before: ['+49 1'], meanwhile: [], wanted: '+49 2' },
	{
		...{ kind: 'photo', attribute: 'thumbnailPhoto' },
		...{ before: [photo(1)], meanwhile: [photo(2)], wanted: { base64: photo(3).toString('base64') } },
	},
	{
		...{ kind: 'photo, absent before', attribute: 'thumbnailPhoto' },
		...{ before: [], meanwhile: [photo(2)], wanted: { base64: photo(3).toString('base64') } },
	},
];
/** As the directory holds them. */
const held = (attribute: string, values: Values): Values =>
	attribute === 'manager' ? values.map((name) => person(String(name))) : values;

let domain: Domain;
let ou: string;
let people = 0;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		await client.add(ou, { objectClass: 'organizationalUnit' });
		for (const name of ['Ada', 'Bea', 'Cleo'])
			await client.add(person(name), { objectClass: 'user', sAMAccountName: name, employeeID: name });
	});
}, 120_000);
afterAll(() => domain.stop());

async function write(dn: string, attribute: string, values: Values): Promise<void> {
	const modification = new Attribute({ type: attribute, values: held(attribute, values) as string[] | Buffer[] });
	await asAdministrator(domain, (client) => client.modify(dn, new Change({ operation: 'replace', modification })));
}

/** A user with the values, in an attribute of his own; `employeeType` is to be written too, and must not be when the other fails. */
async function someone(attribute: string, before: Values): Promise<string> {
	const key = `S${(people += 1)}`;
	await asAdministrator(domain, (client) =>
		client.add(person(key), { objectClass: 'user', sAMAccountName: key, employeeID: key, userAccountControl: '544' }),
	);
	if (before.length > 0) await write(person(key), attribute, before);
	return key;
}

type Operation = 'Create or Update' | 'Update';

/** The operation, with another hand that writes as soon as everything was read and the first Modify is about to be sent. */
async function runBeside(
	operation: Operation,
	key: string,
	attributes: DesiredAccount['attributes'],
	other: () => Promise<void>,
) {
	return await withDirectory(domain, async (directory) => {
		let done = false;
		const meddled = {
			...directory,
			modify: async (...args: Parameters<typeof directory.modify>) => {
				if (!done) await other();
				done = true;
				await directory.modify(...args);
			},
		};
		const run = openAccounts(meddled, MARKING, SIGNING_KEY);
		const desired = desiredAccount(ou, key, { attributes });
		return operation === 'Update'
			? await updateAccount(
					run,
					{ attribute: 'employeeID', value: key },
					{ ...desired, names: {} },
					{ updateNames: false },
				)
			: await createOrUpdate(run, desired);
	});
}

const shownBy = async (key: string, attribute: string) => {
	const [entry] = await domain.ldbsearch(`(employeeID=${key})`, [attribute, 'employeeType', 'uSNChanged']);
	return entry?.attributes;
};

describe.each<Operation>(['Update', 'Create or Update'])('%s', (operation) => {
	test.each(KINDS)('is refused a stale value: $kind', async ({ attribute, before, meanwhile, wanted }) => {
		const key = await someone(attribute, before);
		let theirs: unknown;
		const attempt = runBeside(operation, key, { [attribute]: wanted, employeeType: 'staff' }, async () => {
			await write(person(key), attribute, meanwhile);
			theirs = await shownBy(key, attribute);
		});
		await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
		await expect(attempt).rejects.toThrow('Somebody changed');
		expect(theirs).toBeDefined();
		expect(await shownBy(key, attribute)).toEqual(theirs);
	});

	test('succeeds when it is run again', async () => {
		const key = await someone('department', ['Sales']);
		const wanted = { department: 'Canteen' };
		const attempt = runBeside(operation, key, wanted, () => write(person(key), 'department', ['Board']));
		await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
		const again = await runBeside(operation, key, wanted, () => Promise.resolve());
		expect(again).toMatchObject({
			outcome: 'updated',
			changes: [{ attribute: 'department', from: ['Board'], to: ['Canteen'] }],
		});
	});
});

describe('what the directory does not see, because it takes both values for the same', () => {
	test('a change of case only by another hand: ours is written', async () => {
		const key = await someone('department', ['Sales']);
		const other = () => write(person(key), 'department', ['SALES']);
		expect(await runBeside('Update', key, { department: 'Canteen' }, other)).toMatchObject({ outcome: 'updated' });
		expect((await shownBy(key, 'department'))?.['department']).toEqual(['Canteen']);
	});

	test('a further value by another hand stays beside ours', async () => {
		const key = await someone('otherTelephone', ['+49 1']);
		const other = () => write(person(key), 'otherTelephone', ['+49 1', '+49 9']);
		const wanted = { otherTelephone: ['+49 1', '+49 2'] };
		expect(await runBeside('Update', key, wanted, other)).toMatchObject({ outcome: 'updated' });
		expect([...((await shownBy(key, 'otherTelephone'))?.['otherTelephone'] ?? [])].sort()).toEqual([
			'+49 1',
			'+49 2',
			'+49 9',
		]);
	});
});
