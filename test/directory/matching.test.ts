/** Telling people apart: what is matched on, and what happens when two runs meet. */
import { createOrUpdate } from '../../lib/directory/accounts/create';
import { openAccounts } from '../../lib/directory/accounts/locate';
import type { Directory } from '../../lib/directory/directory';
import type { DesiredAccount } from '../../lib/contracts';
import { desiredAccount, MARKING, SIGNING_KEY, withDirectory } from '../support/directory';
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

const apply = (directory: Directory, desired: DesiredAccount, matchAttribute = 'employeeID') =>
	createOrUpdate(openAccounts(directory, { ...MARKING, matchAttribute }, SIGNING_KEY), desired);
const run = (desired: DesiredAccount, matchAttribute?: string) =>
	withDirectory(domain, (directory) => apply(directory, desired, matchAttribute));
const accounts = (filter: string) => domain.ldbsearch(filter);

describe('the match attribute', () => {
	test('is written at creation with the key, even when it is not mapped', async () => {
		const { changes } = await run(desiredAccount(ou, 'K1', { attributes: { displayName: 'Ada' } }));
		expect(changes).toContainEqual({ attribute: 'employeeID', from: [], to: ['K1'] });
		expect(await accounts('(employeeID=K1)')).toHaveLength(1);
	});

	test('is never cleared, and its spelling never changed, once it has told somebody apart', async () => {
		await run(desiredAccount(ou, 'K2'));
		expect(await run(desiredAccount(ou, 'K2', { attributes: { employeeID: null } }))).toMatchObject({
			outcome: 'unchanged',
		});
		expect(await run(desiredAccount(ou, 'k2', { attributes: { employeeID: 'k2' } }))).toMatchObject({
			outcome: 'unchanged',
		});
		expect((await accounts('(employeeID=K2)'))[0]?.attributes['employeeID']).toEqual(['K2']);
	});

	test('may be spelled in any case', async () => {
		await run(desiredAccount(ou, 'K3'), 'EMPLOYEEID');
		expect(await run(desiredAccount(ou, 'K3'))).toMatchObject({ outcome: 'unchanged' });
		expect(await accounts('(employeeID=K3)')).toHaveLength(1);
	});

	test('may be another one, such as employeeNumber', async () => {
		const desired = desiredAccount(ou, 'K4', { attributes: { employeeNumber: 'N-4' } });
		expect(await run(desired, 'employeeNumber')).toMatchObject({ outcome: 'created' });
		expect(await run(desired, 'employeeNumber')).toMatchObject({ outcome: 'unchanged' });
		expect(await accounts('(employeeNumber=N-4)')).toHaveLength(1);
	});

	test.each([
		['userAccountControl', 'it decides who may log on'],
		['objectGUID', 'the directory keeps it itself'],
		['sAMAccountName', 'its value comes from a name ladder'],
		['UserPrincipalName', 'its value comes from a name ladder'],
		['no name', 'is no attribute to look for'],
		['cn)(objectClass=*', 'is no attribute to look for'],
	])('cannot be %s', async (matchAttribute, words) => {
		await expect(run(desiredAccount(ou, 'K5'), matchAttribute)).rejects.toThrow(words);
		await expect(run(desiredAccount(ou, 'K5'), matchAttribute)).rejects.toMatchObject({ kind: 'configuration' });
		expect(await accounts('(employeeID=K5)')).toEqual([]);
	});

	test('without a value is a fault of the person', async () => {
		await expect(run(desiredAccount(ou, ' ', { attributes: {} }))).rejects.toMatchObject({ kind: 'person' });
	});

	test('is looked for in the whole domain, and on objects of every kind', async () => {
		await asAdministrator(domain, (client) =>
			client.add(`CN=K6,CN=Users,${domain.baseDn}`, { objectClass: 'contact', employeeID: 'K6' }),
		);
		expect(await run(desiredAccount(ou, 'K6'))).toMatchObject({
			outcome: 'ambiguous',
			message: expect.stringContaining('is no user account') as unknown,
		});
	});
});

describe('the mark attribute', () => {
	test.each([['carLicense'], ['CARLICENSE']])(
		'cannot be mapped as %s: marks would be written over',
		async (attribute) => {
			const desired = desiredAccount(ou, 'L1', { attributes: { employeeID: 'L1', [attribute]: ['B-AB 123'] } });
			await expect(run(desired)).rejects.toMatchObject({ kind: 'configuration' });
			expect(await accounts('(employeeID=L1)')).toEqual([]);
		},
	);
});

describe('the same person in two runs at the same moment', () => {
	test('gets one account', async () => {
		const desired = desiredAccount(ou, 'R1');
		const results = await Promise.allSettled([run(desired), run(desired), run(desired)]);
		expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
		for (const result of results) {
			if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'conflict' });
		}
		expect(await accounts('(employeeID=R1)')).toMatchObject([
			{ attributes: { userAccountControl: ['512'], sAMAccountName: ['userr1'] } },
		]);
	});

	test('and made by somebody else while names are looked for, is a conflict, not a second account under the next name', async () => {
		const attempt = withDirectory(domain, (directory) => {
			let searches = 0;
			const late: Directory = {
				...directory,
				search: async (base, request) => {
					searches += 1;
					if (searches === 2)
						await asAdministrator(domain, (client) =>
							client.add(`CN=User R3,${ou}`, { objectClass: 'user', sAMAccountName: 'userr3', employeeID: 'R3' }),
						);
					return await directory.search(base, request);
				},
			};
			return apply(late, desiredAccount(ou, 'R3'));
		});
		await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
		expect(await accounts('(employeeID=R3)')).toHaveLength(1);
	});

	test('and made by somebody else just before the Add, is a conflict, not a second account', async () => {
		const attempt = withDirectory(domain, (directory) => {
			const late: Directory = {
				...directory,
				add: async (dn, attributes) => {
					await asAdministrator(domain, (client) =>
						client.add(dn, { objectClass: 'user', sAMAccountName: 'userr2', employeeID: 'R2' }),
					);
					await directory.add(dn, attributes);
				},
			};
			return apply(late, desiredAccount(ou, 'R2'));
		});
		await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
		expect(await accounts('(employeeID=R2)')).toHaveLength(1);
	});
});

describe('a name that the directory refuses although nobody is seen to have it', () => {
	test.each([
		['account name', { sAMAccountName: 'hidden1' }, 'H1', { sAMAccountName: 'userh12' }],
		['UPN', { userPrincipalName: 'userh2@corp.example.com' }, 'H2', { userPrincipalName: 'userh22@corp.example.com' }],
		['name in the unit', {}, 'H3', { dn: 'CN=User H3 2' }],
	])('is passed over: the %s', async (which, holder, key, expected) => {
		const hidden = `CN=${which === 'name in the unit' ? `User ${key}` : `hidden ${key}`},${ou}`;
		const own =
			which === 'account name' ? { sAMAccountName: `user${key.toLowerCase()}` } : { sAMAccountName: `hid${key}` };
		await asAdministrator(domain, (client) => client.add(hidden, { objectClass: 'user', ...holder, ...own }));
		const { account } = await withDirectory(domain, (directory) => {
			const blind: Directory = {
				...directory,
				search: async (base, request) =>
					(await directory.search(base, request)).filter(({ dn }) => dn.toLowerCase() !== hidden.toLowerCase()),
			};
			return apply(blind, desiredAccount(ou, key));
		});
		if ('dn' in expected) expect(account?.dn.startsWith(expected.dn)).toBe(true);
		else expect(account).toMatchObject(expected);
		expect(await accounts(`(employeeID=${key})`)).toHaveLength(1);
	});
});

describe('values', () => {
	test('of proxyAddresses: the primary address changes places with an alias', async () => {
		const mail = (...proxyAddresses: string[]) =>
			desiredAccount(ou, 'V1', { attributes: { employeeID: 'V1', proxyAddresses } });
		await run(mail('SMTP:old@corp.example.com', 'smtp:new@corp.example.com', 'smtp:kept@corp.example.com'));
		const wanted = ['SMTP:new@corp.example.com', 'smtp:old@corp.example.com', 'smtp:kept@corp.example.com'];
		expect(await run(mail(...wanted))).toMatchObject({ outcome: 'updated' });
		const now = (await accounts('(employeeID=V1)'))[0]?.attributes['proxyAddresses'] ?? [];
		expect([...now].sort()).toEqual([...wanted].sort());
		expect(await run(mail(...wanted))).toMatchObject({ outcome: 'unchanged' });
	});

	test('given twice are written once', async () => {
		const desired = desiredAccount(ou, 'V2', { attributes: { employeeID: 'V2', otherTelephone: ['1', '1', '2'] } });
		expect(await run(desired)).toMatchObject({ outcome: 'created' });
		expect(await run(desired)).toMatchObject({ outcome: 'unchanged' });
	});

	test('that are bytes: a photo is written, compared and shown as its hash', async () => {
		const photo = (text: string) =>
			desiredAccount(ou, 'V3', {
				attributes: { employeeID: 'V3', thumbnailPhoto: { base64: Buffer.from(text).toString('base64') } },
			});
		await run(photo('one'));
		expect(await run(photo('one'))).toMatchObject({ outcome: 'unchanged' });
		const { changes } = await run(photo('two'));
		expect(changes).toMatchObject([{ attribute: 'thumbnailPhoto', to: [expect.stringMatching(/^sha256:/)] }]);
	});

	test('that name several people, one of them unknown, leave the attribute as it is', async () => {
		await run(desiredAccount(ou, 'V4'));
		await run(desiredAccount(ou, 'V5'));
		const both = (second: string) =>
			desiredAccount(ou, 'V6', {
				attributes: {
					employeeID: 'V6',
					secretary: ['V4', second].map((value) => ({ by: 'employeeID', value })),
				},
			});
		await run(both('V5'));
		const result = await run(both('NOBODY'));
		expect(result).toMatchObject({ outcome: 'unchanged' });
		expect(result.notes.join()).toContain('NOBODY');
		expect((await accounts('(employeeID=V6)'))[0]?.attributes['secretary']).toHaveLength(2);
	});
});
