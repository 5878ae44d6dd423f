/** Which object counts as the one that was looked for. What Samba never does, a directory that folds letters does (AD may). */
import { look, openAccounts } from '../../../lib/directory/accounts/locate';
import type { Directory } from '../../../lib/directory/directory';
import { MARKING } from '../../support/directory';

/** A directory that gives the same account for whatever it is asked. */
const generous = (employeeID: string, attributes: Record<string, string[]> = {}): Directory =>
	({
		domain: () => Promise.resolve({ dn: 'DC=x', domainGuid: '00000000-0000-4000-8000-000000000001' }),
		search: () =>
			Promise.resolve([
				{
					dn: 'CN=Somebody,DC=x',
					attributes: {
						objectguid: [Buffer.alloc(16, 1)],
						objectclass: ['top', 'person', 'user'],
						useraccountcontrol: ['512'],
						samaccountname: ['somebody'],
						employeeid: [employeeID],
						...attributes,
					},
				},
			]),
	}) as unknown as Directory;
const lookFor = (value: string, directory: Directory) =>
	look(openAccounts(directory, MARKING, ''), { attribute: 'employeeID', value });

describe('an account that the directory gives for a value', () => {
	test.each([
		['E1', 'E1'],
		['e1', 'E1'],
		['E 1', 'E  1'],
		['E1', ' E1 '],
		['JÜRG1', 'jürg1'],
	])('is the one when %j is looked for and %j stands there', async (wanted, has) => {
		expect(await lookFor(wanted, generous(has))).toMatchObject({ account: { sAMAccountName: 'somebody' } });
	});

	test.each([
		['jurg1', 'jürg1'],
		['strasse', 'straße'],
		['E1', 'E2'],
		['E1', 'E1*'],
	])('is not taken for the one when %j is looked for and %j stands there', async (wanted, has) => {
		expect(await lookFor(wanted, generous(has))).toMatchObject({
			outcome: 'ambiguous',
			message: expect.stringContaining('or has another value') as unknown,
		});
	});

	test('is the one when any of its values is', async () => {
		const directory = generous('X', { employeeid: ['E0', 'E1'] });
		expect(await lookFor('E1', directory)).toMatchObject({ account: { sAMAccountName: 'somebody' } });
	});

	test.each(['', '  ', 'E1\u0000', '\u0000'])('is not asked for by %j', async (wanted) => {
		await expect(lookFor(wanted, generous('E1'))).rejects.toMatchObject({ kind: 'person' });
	});
});
