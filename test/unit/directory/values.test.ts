import fc from 'fast-check';
import type { DesiredAccount } from '../../../lib/contracts';
import { openAccounts } from '../../../lib/directory/accounts/locate';
import { differences, shown, wantedValues, type WantedValues } from '../../../lib/directory/accounts/values';
import type { Modification } from '../../../lib/directory/connection';
import { MARKING } from '../../support/directory';
import type { Directory } from '../../../lib/directory/directory';
import { toEntry, type Entry } from '../../../lib/directory/entry';

const NO_RULES = { createOnly: [], fillOnly: [] };
const entryOf = (attributes: Record<string, string | Buffer | string[] | Buffer[]>): Entry =>
	toEntry({ dn: 'CN=Ada,DC=x', ...attributes });

/** A directory's own rules for one Modify: what is removed must be there, what is added must not. */
function applied(entry: Entry, modifications: readonly Modification[]): Entry {
	const attributes: Record<string, (string | Buffer)[]> = {};
	for (const [name, values] of Object.entries(entry.attributes)) attributes[name] = [...values];
	const key = (value: string | Buffer) => Buffer.from(value).toString('hex');
	for (const { type, attribute, values } of modifications) {
		const name = attribute.toLowerCase();
		const stored = (attributes[name] ??= []);
		if (type === 'replace') stored.splice(0);
		for (const value of values) {
			const at = stored.findIndex((other) => key(other) === key(value));
			if (type === 'delete' && at < 0) throw new Error(`${attribute} has not the value to be removed`);
			if (type === 'add' && at >= 0) throw new Error(`${attribute} has the value to be added`);
			if (type === 'delete') stored.splice(at, 1);
			else stored.push(value);
		}
	}
	return { dn: entry.dn, attributes };
}

describe('what an account lacks', () => {
	test.each<[from: string[], to: string[] | undefined, removed: string[], added: string[]]>([
		[[], undefined, [], []],
		[['a'], undefined, [], []],
		[[], [], [], []],
		[['a'], [], ['a'], []],
		[['a', 'b'], [], ['a', 'b'], []],
		[[], ['a'], [], ['a']],
		[['a'], ['a'], [], []],
		[['a'], ['b'], ['a'], ['b']],
		[['a'], ['A'], ['a'], ['A']],
		[['a', 'b'], ['a'], ['b'], []],
		[['a'], ['a', 'b'], [], ['b']],
		[['a', 'b'], ['b', 'a'], [], []],
		[['a', 'b'], ['b', 'c'], ['a'], ['c']],
		[
			['a', 'b'],
			['c', 'd'],
			['a', 'b'],
			['c', 'd'],
		],
	])('with %j where %j is wanted: remove %j, add %j', (from, to, removed, added) => {
		const wanted: WantedValues = to === undefined ? {} : { department: to };
		const { modifications, changes } = differences(entryOf({ department: from }), wanted, NO_RULES, false);
		expect(modifications).toEqual([
			...(removed.length > 0 ? [{ type: 'delete', attribute: 'department', values: removed }] : []),
			...(added.length > 0 ? [{ type: 'add', attribute: 'department', values: added }] : []),
		]);
		expect(changes).toEqual(removed.length + added.length > 0 ? [{ attribute: 'department', from, to: to ?? [] }] : []);
	});

	test.each<[rule: 'createOnly' | 'fillOnly', creating: boolean, from: string[], to: string[], changed: boolean]>([
		['createOnly', true, [], ['b'], true],
		['createOnly', true, ['a'], ['b'], true],
		['createOnly', true, ['a'], [], true],
		['createOnly', false, [], ['b'], false],
		['createOnly', false, ['a'], ['b'], false],
		['createOnly', false, ['a'], [], false],
		['fillOnly', true, [], ['b'], true],
		['fillOnly', true, ['a'], ['b'], false],
		['fillOnly', true, ['a'], [], false],
		['fillOnly', false, [], ['b'], true],
		['fillOnly', false, ['a'], ['b'], false],
		['fillOnly', false, ['a', 'c'], ['b'], false],
		['fillOnly', false, ['a'], [], false],
		['fillOnly', false, [], [], false],
	])('of a %s attribute, while creating: %s, with %j where %j is wanted, changes: %s', (rule, ...row) => {
		const [creating, from, to, changed] = row;
		for (const named of ['department', 'DEPARTMENT']) {
			const rules = { ...NO_RULES, [rule]: [named] };
			const { modifications, changes } = differences(
				entryOf({ department: from }),
				{ Department: to },
				rules,
				creating,
			);
			expect(modifications.length > 0).toBe(changed);
			expect(changes.length > 0).toBe(changed);
		}
	});

	test('of an attribute that has both rules is filled at creation only', () => {
		const both = { createOnly: ['title'], fillOnly: ['title'] };
		const count = (from: string[], creating: boolean) =>
			differences(entryOf({ title: from }), { title: ['b'] }, both, creating).changes.length;
		expect([count([], true), count([], false), count(['a'], true), count(['a'], false)]).toEqual([1, 0, 0, 0]);
	});

	test('of one attribute says nothing of others', () => {
		const { changes } = differences(
			entryOf({ department: 'a', title: 'b' }),
			{ department: ['x'], title: ['b'], company: [] },
			{ createOnly: ['company'], fillOnly: [] },
			false,
		);
		expect(changes).toEqual([{ attribute: 'department', from: ['a'], to: ['x'] }]);
	});

	test.each([
		['manager', 'CN=Smith\\, J,OU=People,DC=x', 'cn=Smith\\2C J, ou=people,dc=X', true],
		['Manager', 'CN=A,DC=x', 'CN=B,DC=x', false],
		['secretary', 'CN=A,DC=x', 'cn=a,dc=x', true],
		['manager', 'CN=A,DC=x', 'no name at all', false],
		['department', 'CN=A,DC=x', 'cn=a,dc=x', false],
		['accountExpires', '0', '9223372036854775807', true],
		['accountExpires', '9223372036854775807', '0', true],
		['accountExpires', '0', '133500000000000000', false],
		['countryCode', '0', '9223372036854775807', false],
	])('of %s, %j for %j, is nothing: %s', (attribute, left, right, same) => {
		const { modifications } = differences(entryOf({ [attribute]: left }), { [attribute]: [right] }, NO_RULES, false);
		expect(modifications).toHaveLength(same ? 0 : 2);
	});

	test('of bytes is told by their hash, and nothing when they are the same', () => {
		const entry = entryOf({ thumbnailPhoto: Buffer.from('old') });
		expect(differences(entry, { thumbnailPhoto: [Buffer.from('old')] }, NO_RULES, false).changes).toEqual([]);
		const { modifications, changes } = differences(entry, { thumbnailPhoto: [Buffer.from('new')] }, NO_RULES, false);
		expect(modifications).toEqual([
			{ type: 'delete', attribute: 'thumbnailPhoto', values: [Buffer.from('old')] },
			{ type: 'add', attribute: 'thumbnailPhoto', values: [Buffer.from('new')] },
		]);
		expect(changes).toEqual([
			{ attribute: 'thumbnailPhoto', from: [shown(Buffer.from('old'))], to: [shown(Buffer.from('new'))] },
		]);
		expect(shown(Buffer.from('new'))).toMatch(/^sha256:[0-9a-f]{64}$/);
	});

	const value = fc.oneof(fc.constantFrom('a', 'A', 'b', 'ä', '0'), fc.string({ minLength: 1, maxLength: 3 }));
	const values = fc.uniqueArray(value, { maxLength: 4 });
	const attributes = fc.dictionary(fc.constantFrom('department', 'title', 'otherTelephone', 'url'), values, {
		noNullPrototype: true,
	});
	const rule = fc.subarray(['department', 'TITLE', 'url']);

	test('is, once written, nothing any more, and the entry has what is wanted', () => {
		fc.assert(
			fc.property(attributes, attributes, (from, wanted) => {
				const entry = entryOf(from);
				const after = applied(entry, differences(entry, wanted, NO_RULES, false).modifications);
				for (const [name, to] of Object.entries(wanted))
					expect([...(after.attributes[name.toLowerCase()] ?? [])].sort()).toEqual([...to].sort());
				for (const [name, before] of Object.entries(entry.attributes))
					if (!Object.keys(wanted).some((other) => other.toLowerCase() === name))
						expect(after.attributes[name]).toEqual(before);
				expect(differences(after, wanted, NO_RULES, false)).toEqual({ modifications: [], changes: [] });
			}),
			{ numRuns: 500 },
		);
	});

	test('is, once written, nothing any more under every rule', () => {
		fc.assert(
			fc.property(attributes, attributes, rule, rule, fc.boolean(), (from, wanted, createOnly, fillOnly, creating) => {
				const entry = entryOf(from);
				const rules = { createOnly, fillOnly };
				const after = applied(entry, differences(entry, wanted, rules, creating).modifications);
				expect(differences(after, wanted, rules, creating).modifications).toEqual([]);
			}),
		);
	});

	// A directory refuses a Modify that adds one value twice (LDAP result 20).
	test('is written once when it is wanted twice', () => {
		const entry = entryOf({ url: ['a'] });
		const { modifications } = differences(entry, { url: ['a', 'b', 'b'] }, NO_RULES, false);
		expect(modifications).toEqual([{ type: 'add', attribute: 'url', values: ['b'] }]);
	});

	test('changes neither the entry nor what is wanted', () => {
		const [entry, wanted] = [entryOf({ url: ['a', 'b'] }), { url: ['b', 'c'] }];
		const before = JSON.stringify([entry, wanted]);
		differences(entry, wanted, NO_RULES, false);
		expect(JSON.stringify([entry, wanted])).toBe(before);
	});
});

describe('the values that are wanted', () => {
	/** People by employeeID; nothing else of a directory is asked for. */
	const people: Readonly<Record<string, readonly string[]>> = {
		'1': ['CN=Boss,DC=x'],
		'2': ['CN=Twin A,DC=x', 'CN=Twin B,DC=x'],
	};
	const directory: Pick<Directory, 'search' | 'domain'> = {
		domain: () => Promise.resolve({ dn: 'DC=x' } as Awaited<ReturnType<Directory['domain']>>),
		search: (_base, { filter }) =>
			Promise.resolve(
				Object.entries(people)
					.filter(([id]) => String(filter) === `(employeeID=${id})`)
					.flatMap(([, dns]) => dns.map((dn) => ({ dn, attributes: {} }))),
			),
	};
	const want = (attributes: DesiredAccount['attributes']) =>
		wantedValues(openAccounts(directory as Directory, MARKING, ''), attributes);

	test.each<[attribute: string, wanted: DesiredAccount['attributes'][string], values: (string | Buffer)[]]>([
		['department', 'Sales', ['Sales']],
		['department', null, []],
		['url', ['a', 'b'], ['a', 'b']],
		['url', ['a', 'b', 'a'], ['a', 'b']],
		['url', [], []],
		// Every account has an end, and none is a value too; "0276" would be octal to some servers.
		['accountExpires', null, ['9223372036854775807']],
		['countryCode', '0276', ['276']],
		['uidNumber', '01000', ['1000']],
		['thumbnailPhoto', { base64: 'AAEC' }, [Buffer.from([0, 1, 2])]],
		['seeAlso', { by: 'employeeID', value: '1' }, ['CN=Boss,DC=x']],
	])('of %s from %j are %j', async (attribute, wanted, values) => {
		expect(await want({ [attribute]: wanted })).toEqual({ values: { [attribute]: values }, notes: [] });
	});

	test.each<[attribute: string, wanted: DesiredAccount['attributes'][string], words: string]>([
		['department', 'x'.repeat(65), 'department takes at most 64 characters'],
		['department', ['a', 'b'], 'department takes one value, and 2 are to be written.'],
		['employeeNumber', '1'.repeat(513), 'at most 512'],
		['countryCode', 'DE', 'countryCode takes a whole number'],
		['manager', 'Ada', 'manager takes a distinguished name'],
		['thumbnailPhoto', { base64: Buffer.alloc(102_401).toString('base64') }, 'at most 102400 bytes'],
	])('of %s may not be %j', async (attribute, wanted, words) => {
		await expect(want({ [attribute]: wanted })).rejects.toMatchObject({ kind: 'person' });
		await expect(want({ [attribute]: wanted })).rejects.toThrow(words);
	});

	test.each(['2', '3'])('leave an attribute as it is when nobody or more than one is the person (%s)', async (id) => {
		const { values, notes } = await want({ manager: { by: 'employeeID', value: id } });
		expect(values).toEqual({});
		expect(notes).toEqual([`manager was left as it is: nobody, or more than one, has employeeID "${id}".`]);
	});

	test('leave out the names that come from ladders', async () => {
		const names = { sAMAccountName: 'a', userPrincipalName: 'a@x', CN: 'A', title: 't' };
		expect((await want(names)).values).toEqual({ title: ['t'] });
	});

	test.each(['userAccountControl', 'MEMBER', 'unicodePwd', 'objectSid', 'servicePrincipalName'])(
		'may not have %s',
		async (attribute) => {
			await expect(want({ [attribute]: 'x' })).rejects.toMatchObject({ name: 'DirectoryError', kind: 'person' });
		},
	);

	test('may not be an empty text', async () => {
		await expect(want({ title: '' })).rejects.toThrow('title has an empty value.');
		await expect(want({ title: ['a', ''] })).rejects.toThrow('title has an empty value.');
	});
});
