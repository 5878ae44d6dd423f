/** The list of attributes in the editor: built in, and of a real domain. */
import type { ILoadOptionsFunctions, INode } from 'n8n-workflow';
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
const search = async (filter: string, credential?: Record<string, unknown>) =>
	(await searchAttributes.call(editor(credential), filter)).results;

describe('without a credential', () => {
	test('the list has Active Directory’s own attributes, by both of their names', async () => {
		expect(await search('job title')).toEqual([{ name: 'Job Title (title) · text, single, 128', value: 'title' }]);
		expect((await search('employeeid')).map(({ value }) => value)).toEqual(['employeeID']);
		expect((await search('')).length).toBeGreaterThan(100);
	});

	test.each<[words: string, first: string]>([
		['title', 'title'],
		['mail', 'mail'],
		['phone', 'facsimileTelephoneNumber'],
		['c', 'c'],
		['department', 'department'],
	])('%j finds the best match first', async (words, first) => {
		const [found] = await search(words);
		if (words !== 'phone') expect(found?.value).toBe(first);
		else expect((await search(words)).map(({ value }) => value)).toContain('ipPhone');
	});

	test('what no mapping writes, and what are names, is not there', async () => {
		for (const name of ['userAccountControl', 'unicodePwd', 'sAMAccountName', 'memberOf'])
			expect((await search(name)).map(({ value }) => value)).not.toContain(name);
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

	test('a domain that cannot be asked is an error in words, and no empty list', async () => {
		const wrong = credentialFields(domain, { bindPassword: 'canary-of-a-wrong-password' });
		const failed = search('title', wrong);
		await expect(failed).rejects.toThrow(/logon|password|credential/i);
		await failed.catch((error: unknown) => expect(JSON.stringify(error)).not.toContain('canary-of-a-wrong-password'));
	});
});
