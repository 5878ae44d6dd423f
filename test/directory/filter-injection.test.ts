/**
 * What HR data says is data wherever it goes: no value finds, moves, renames or deletes anybody but who has exactly that value. Two people are
 * there that every successful injection would reach.
 */
import { CREATE_DEFAULTS, createAccount } from '../../lib/directory/accounts/create';
import { deleteAccount } from '../../lib/directory/accounts/delete';
import { disableAccount, NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import { enableAccount } from '../../lib/directory/accounts/enable';
import { setExpiry } from '../../lib/directory/accounts/expiry';
import { getAccount } from '../../lib/directory/accounts/get';
import { getManyAccounts } from '../../lib/directory/accounts/getMany';
import type { AccountResult, Lookup } from '../../lib/directory/accounts/account';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { moveAccount } from '../../lib/directory/accounts/move';
import { renameAccount } from '../../lib/directory/accounts/rename';
import { resetPassword } from '../../lib/directory/accounts/resetPassword';
import { restoreDeleted } from '../../lib/directory/accounts/restoreDeleted';
import { unlockAccount } from '../../lib/directory/accounts/unlock';
import { updateAccount } from '../../lib/directory/accounts/update';
import { addMembers } from '../../lib/directory/groups/change';
import { DirectoryError } from '../../lib/directory/errors';
import { filterOfRows } from '../../lib/directory/filterRows';
import { fillFilterText, parseFilterText, splitExpressions } from '../../lib/directory/filterText';
import { UNTOLD } from '../../lib/directory/newPassword';
import { NEVER } from '../../lib/schema/instants';
import { desiredAccount, withAccounts } from '../support/directory';
import { NAUGHTY } from '../support/naughty';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';

const INJECTIONS = [
	...['*', 'v*', '*)', '*)(objectClass=*', 'x)(|(objectClass=*', 'x)(|(employeeID=victim1)', 'victim1)(cn=*'],
	...[
		'\\2a',
		'\\',
		'victim1\\',
		'\\76ictim1',
		'\u0000',
		'victim1\u0000',
		'x\u0000)(objectClass=*',
		'(',
		')',
		'()',
		'&',
		'|',
	],
	...['!', '(!(employeeID=x))', '(|(employeeID=victim1)(employeeID=victim2))', '=*', '~=victim1', ':=victim1', '>=a'],
	...['victim1,victim2', 'victim1;victim2', 'CN=victim1', '<GUID=*>', 'ⅴictim1', 'victim1\u200b', '{{ "victim1" }}'],
];
const VALUES = [...INJECTIONS, ...NAUGHTY.filter((text) => text.length < 200)];

let domain: Domain;
let ou: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		await client.add(ou, { objectClass: 'organizationalUnit' });
		for (const key of ['victim1', 'victim2']) {
			const own = {
				objectClass: 'user',
				sAMAccountName: key,
				employeeID: key,
				displayName: key,
				userAccountControl: '512',
			};
			await client.add(`CN=${key},${ou}`, { ...own, mail: `${key}@corp.example.com` });
		}
	});
}, 120_000);
afterAll(() => domain.stop());

const COMPARED = [
	'distinguishedName',
	'sAMAccountName',
	'employeeID',
	'displayName',
	'userAccountControl',
	'pwdLastSet',
];
const everybody = () => domain.ldbsearch('(objectClass=user)', COMPARED);

/** Outcome, or the kind of the fault; a fault of ours would be a program error. */
async function ending(work: Promise<AccountResult>): Promise<string> {
	try {
		return (await work).outcome;
	} catch (error) {
		if (error instanceof DirectoryError) return error.kind;
		throw error;
	}
}

const OPERATIONS: readonly [string, (run: AccountRun, lookup: Lookup) => Promise<AccountResult>][] = [
	['get', (run, lookup) => getAccount(run, lookup, ['mail'])],
	['disable', (run, lookup) => disableAccount(run, lookup, NO_LEAVE_OPTIONS)],
	['move', (run, lookup) => moveAccount(run, lookup, `CN=Users,${domain.baseDn}`)],
	[
		'rename',
		(run, lookup) =>
			renameAccount(run, lookup, { cn: '', sAMAccountName: '', userPrincipalName: '', displayName: 'x' }),
	],
	['resetPassword', (run, lookup) => resetPassword(run, lookup, { password: UNTOLD, unlock: true })],
	['unlock', (run, lookup) => unlockAccount(run, lookup)],
	['setExpiry', (run, lookup) => setExpiry(run, lookup, NEVER)],
	['delete', (run, lookup) => deleteAccount(run, lookup, { unmarkedToo: true })],
	[
		'enable',
		(run, lookup) => enableAccount(run, lookup, { restore: true, password: UNTOLD, expiresAt: null, othersToo: true }),
	],
	[
		'update',
		(run, lookup) =>
			updateAccount(
				run,
				lookup,
				{ attributes: { title: 'x' }, createOnly: [], fillOnly: [], groups: [], names: {} },
				{ updateNames: true },
			),
	],
];

describe('no value looked for', () => {
	test.each(OPERATIONS)('has %s reach anybody else', async (_name, operation) => {
		const before = await everybody();
		await withAccounts(domain, async (run) => {
			for (const attribute of ['employeeID', 'sAMAccountName', 'mail', 'distinguishedName', 'objectGUID']) {
				for (const value of VALUES) {
					const result = await ending(operation(run, { attribute, value }));
					expect([attribute, value, result]).toEqual([
						attribute,
						value,
						expect.stringMatching(/^(not found|person|configuration)$/),
					]);
				}
			}
			expect(run.directory.writes()).toBe(0);
		});
		expect(await everybody()).toEqual(before);
	});

	test('nor any attribute to look in', async () => {
		await withAccounts(domain, async (run) => {
			for (const attribute of [
				...INJECTIONS,
				'employeeID=victim1)(cn',
				'employeeID;x',
				'2.5.4.3',
				'employeeID:dn:',
				'',
			]) {
				const result = await ending(getAccount(run, { attribute, value: 'victim1' }));
				expect([attribute, result]).toEqual([attribute, 'configuration']);
			}
		});
	});

	test('nor the name of a deleted object', async () => {
		await withAccounts(domain, async (run) => {
			for (const value of VALUES) {
				const result = await ending(restoreDeleted(run, value, { anchor: '', ou: '' }));
				expect([value, result]).toEqual([value, 'person']);
			}
			expect(run.directory.writes()).toBe(0);
		});
	});
});

describe('no value', () => {
	test('makes anybody a member who is not meant, nor changes another group', async () => {
		const group = `CN=crew,${ou}`;
		await asAdministrator(domain, (client) => client.add(group, { objectClass: 'group', sAMAccountName: 'crew' }));
		await withAccounts(domain, async (run) => {
			const victim = { attribute: 'employeeID', value: 'victim1' };
			for (const value of VALUES) {
				for (const attribute of ['employeeID', 'mail', 'distinguishedName']) {
					const { added } = await addMembers(run, group, [{ attribute, value }]);
					expect([attribute, value, added]).toEqual([attribute, value, []]);
				}
				const work = addMembers(run, value, [victim]).then(
					({ outcome }) => outcome,
					(error: unknown) => (error instanceof DirectoryError ? error.kind : String(error)),
				);
				expect([value, await work]).toEqual([value, expect.stringMatching(/^(not found|person)$/)]);
			}
			expect(run.directory.writes()).toBe(0);
		});
	});

	test('leads a new account to another group, a person to another manager, or an account to somebody else’s key', async () => {
		await withAccounts(domain, async (run) => {
			for (const value of VALUES) {
				const withGroup = createAccount(run, desiredAccount(ou, 'NEW', { groups: [value] }), CREATE_DEFAULTS);
				expect([value, await ending(withGroup)]).toEqual([value, 'person']);
				const { names } = desiredAccount(ou, 'victim1');
				const desired = { ...desiredAccount(ou, 'X', { attributes: { employeeID: value } }), names };
				const reached = await ending(createAccount(run, { ...desired, ou: `OU=Nowhere,${ou}` }, CREATE_DEFAULTS));
				// Nobody has the key, so that a new account would be made, in a place that does not exist.
				expect([value, reached]).toEqual([value, expect.stringMatching(/^(configuration|person|lost)$/)]);
				const boss = { attributes: { manager: { by: 'employeeID', value } } };
				const update = { ...boss, createOnly: [], fillOnly: [], groups: [], names: {} };
				const lookup = { attribute: 'employeeID', value: 'victim1' };
				const result = await ending(updateAccount(run, lookup, update, { updateNames: false }));
				expect([value, result]).toEqual([value, expect.stringMatching(/^(unchanged|person)$/)]);
			}
		});
		expect(await domain.ldbsearch('(|(manager=*)(employeeID=NEW))', ['dn'])).toEqual([]);
	});
});

describe('no value of a filter finds anybody else', () => {
	const find = (run: AccountRun, filter: ReturnType<typeof parseFilterText>) =>
		getManyAccounts(run.directory, { base: '', scope: 'sub', filter, attributes: ['employeeID'], limit: Infinity });

	test('in rows', async () => {
		await withAccounts(domain, async (run) => {
			for (const value of VALUES) {
				for (const condition of ['equals', 'startsWith', 'endsWith', 'contains'] as const) {
					let found: unknown[] = [];
					try {
						found = await find(run, filterOfRows([{ attribute: 'employeeID', condition, value }], 'all'));
					} catch (error) {
						if (!(error instanceof DirectoryError)) throw error;
					}
					expect([value, condition, found]).toEqual([value, condition, []]);
				}
			}
		});
	});

	test('in the text of a filter, wherever the expression stands', async () => {
		const texts = [
			'=(employeeID={{ $json.x }})',
			'=(&(objectClass=user)(employeeID={{ $json.x }}))',
			'=(employeeID=*{{ $json.x }}*)',
			'=(|(employeeID={{ $json.x }})(mail={{ $json.x }}@corp.example.com))',
			'=({{ $json.x }}=victim1)',
			'=(&(employeeID=nobody){{ $json.x }})',
			'={{ $json.x }}',
		];
		await withAccounts(domain, async (run) => {
			for (const text of texts) {
				for (const value of VALUES) {
					const pieces = splitExpressions(text);
					const values = pieces.flatMap((piece) => ('expression' in piece ? [value] : []));
					let found: unknown[] = [];
					try {
						found = await find(run, parseFilterText(fillFilterText(pieces, values)));
					} catch (error) {
						if (!(error instanceof DirectoryError)) throw error;
					}
					expect([text, value, found]).toEqual([text, value, []]);
				}
			}
		});
	});

	test('while the exact value does', async () => {
		await withAccounts(domain, async (run) => {
			const pieces = splitExpressions('=(employeeID={{ $json.x }})');
			expect(await find(run, parseFilterText(fillFilterText(pieces, ['victim1'])))).toHaveLength(1);
			expect(
				await find(run, filterOfRows([{ attribute: 'employeeID', condition: 'startsWith', value: 'victim' }], 'all')),
			).toHaveLength(2);
		});
	});
});

describe('a new name is a name and nothing else', () => {
	test('whatever stands in it', async () => {
		for (const cn of [
			'x,OU=Domain Controllers',
			'x+sAMAccountName=victim2',
			'#041074',
			'*',
			'x\\2c',
			'<GUID=x>',
			'a)(b',
		]) {
			await withAccounts(domain, async (run) => {
				const names = { cn, sAMAccountName: '', userPrincipalName: '', displayName: '' };
				expect((await renameAccount(run, { attribute: 'employeeID', value: 'victim1' }, names)).outcome).toBe(
					'renamed',
				);
			});
			const [found] = await domain.ldbsearch('(employeeID=victim1)', ['name', 'sAMAccountName'], ou);
			expect(found?.attributes).toMatchObject({ name: [cn], sAMAccountName: ['victim1'] });
		}
	});
});
