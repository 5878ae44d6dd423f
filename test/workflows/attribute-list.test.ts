/** The list of attributes in the editor: built in, and of a real domain. */
import type { ILoadOptionsFunctions, INode } from 'n8n-workflow';
import { parseAttribute } from '../../lib/schema/attributeText';
import { whyNeverWritten } from '../../lib/schema/neverWritten';
import { searchAttributes } from '../../nodes/AttributeMap/attributeList';
import { credentialFields } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';

let domain: Domain;
beforeAll(async () => {
	domain = await startSamba();
}, 120_000);
afterAll(() => domain.stop());

/** What n8n gives a list: the node, and the credential that is chosen on it. */
const editor = (credential?: Record<string, unknown>): ILoadOptionsFunctions => {
	const node: Partial<INode> = {
		name: 'Map',
		type: 'attributeMap',
		...(credential ? { credentials: { adLdapApi: { id: '1', name: 'Domain' } } } : {}),
	};
	return {
		getNode: () => node,
		getCredentials: () => Promise.resolve(credential),
	} as unknown as ILoadOptionsFunctions;
};
const search = async (filter: string | undefined, credential?: Record<string, unknown>) =>
	(await searchAttributes.call(editor(credential), filter)).results;
const valuesOf = async (filter: string, credential?: Record<string, unknown>) =>
	(await search(filter, credential)).map(({ value }) => value);

describe('without a credential', () => {
	test('the list has Active Directory’s own attributes, by both of their names', async () => {
		expect(await search('job title')).toEqual([{ name: 'Job Title (title) · text, single, 128', value: 'title' }]);
		expect(await valuesOf('employeeid')).toEqual(['employeeID']);
		expect((await search('')).length).toBeGreaterThan(150);
	});

	test('all of it is there, in the order of the names, while nothing is typed', async () => {
		const all = await search(undefined);
		expect(await search('  ')).toEqual(all);
		const values = all.map(({ value }) => String(value));
		expect(values).toEqual([...values].sort((left, right) => left.localeCompare(right, 'en')));
	});

	test.each<[words: string, first: string]>([
		['title', 'title'],
		['mail', 'mail'],
		['c', 'c'],
		['L', 'l'],
		['department', 'department'],
		['DEPART', 'department'],
		['country', 'co'],
		['fax', 'facsimileTelephoneNumber'],
		['last name', 'sn'],
		['telephone', 'telephoneNumber'],
		['city', 'l'],
		['manager', 'manager'],
		['email', 'mail'],
		['postoffice', 'postOfficeBox'],
		['phone number', 'otherTelephone'],
		['number employee', 'employeeNumber'],
		['extension attribute 3', 'extensionAttribute3'],
	])('%j finds the best match first', async (words, first) => {
		expect((await valuesOf(words))[0]).toBe(first);
	});

	test('what is found somewhere in a name comes after what begins with it', async () => {
		const found = await valuesOf('phone');
		expect(found).toEqual(expect.arrayContaining(['homePhone', 'ipPhone', 'telephoneNumber', 'otherTelephone']));
		expect(found.indexOf('homePhone')).toBeLessThan(found.indexOf('telephoneNumber'));
	});

	test.each(['zzz', '-', '%', '(|(cn=*))', '__proto__'])('%j finds nothing, or at least no harm', async (words) => {
		for (const value of await valuesOf(words))
			expect(whyNeverWritten(parseAttribute(String(value)).name)).toBeUndefined();
	});

	test('what no mapping writes, and what are names, is not there', async () => {
		for (const name of ['userAccountControl', 'unicodePwd', 'sAMAccountName', 'userPrincipalName', 'cn', 'memberOf'])
			expect(await valuesOf(name)).not.toContain(name);
	});
});

describe('with a credential', () => {
	test('the list has the domain’s own attributes, with what its schema says', async () => {
		expect(await search('wbemPath', credentialFields(domain))).toEqual([
			{ name: 'Wbem-Path (wbemPath) · text, multiple', value: 'wbemPath (text, multiple)' },
		]);
		expect(await search('job title', credentialFields(domain))).toEqual([
			{ name: 'Job Title (title) · text, single, 128', value: 'title' },
		]);
	});

	test('the list has nothing that the domain does not have, and nothing that no mapping writes', async () => {
		const values = await valuesOf('', credentialFields(domain));
		expect(values.length).toBeGreaterThan(110);
		// This domain has no Exchange.
		expect(values).not.toContain('extensionAttribute1');
		for (const value of values) expect(whyNeverWritten(parseAttribute(String(value)).name)).toBeUndefined();
		for (const name of ['sAMAccountName', 'userPrincipalName', 'cn']) expect(values).not.toContain(name);
	});

	test('the domain is asked once, and not for every letter; what failed is asked again', async () => {
		const known = credentialFields(domain);
		const unknown = credentialFields(domain, { operationTimeout: 29 });
		const before = await search('job', known);
		await domain.whileStopped(async () => {
			expect(await search('job', known)).toEqual(before);
			await expect(search('job', unknown)).rejects.toThrow(/could not be reached/);
		});
		expect(await search('job', unknown)).toEqual(before);
	});

	test('a domain that cannot be asked is an error in words, and no empty list', async () => {
		const wrong = credentialFields(domain, { bindPassword: 'canary-of-a-wrong-password' });
		const failed = search('title', wrong);
		await expect(failed).rejects.toThrow(/logon|password|credential/i);
		await failed.catch((error: unknown) => {
			expect(JSON.stringify(error)).not.toContain('canary-of-a-wrong-password');
			expect((error as { description: string }).description).toContain('Without the credential');
		});
	});

	test('a credential that is not filled in is an error in words too', async () => {
		const failed = search('title', credentialFields(domain, { domainControllers: '' }));
		await expect(failed).rejects.toThrow(/domain controller/i);
	});
});
