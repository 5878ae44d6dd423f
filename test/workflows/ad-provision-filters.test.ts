/** Get Many on users: conditions, filters written by hand, and what an expression's value can do to neither. */
import { asAdministrator } from '../directory/administrator';
import { locator, rows, runAdProvision, textIn, type Parameters } from '../support/ad-provision';
import { startSamba, type Domain } from '../support/samba';

let domain: Domain;
const HOSTILE = 'Sales) (uid=* & | ! \\ é';

beforeAll(async () => {
	domain = await startSamba();
	await asAdministrator(domain, async (client) => {
		await client.add(`OU=People,${domain.baseDn}`, { objectClass: 'organizationalUnit' });
		for (const [key, department] of [
			['one', 'Sales'],
			['two', 'Sales'],
			['three', HOSTILE],
			['four', 'Board'],
		] as const)
			await client.add(`CN=${key},OU=People,${domain.baseDn}`, {
				objectClass: 'user',
				sAMAccountName: key,
				employeeID: key,
				department,
			});
	});
}, 120_000);
afterAll(() => domain.stop());

const getMany = (parameters: Parameters, input: readonly object[] = [{}]) =>
	runAdProvision(domain, { operation: 'getMany', searchBase: locator('name', 'People'), ...parameters }, input);
const found = async (parameters: Parameters, input?: readonly object[]) => {
	const ran = await getMany(parameters, input);
	expect(ran.error).toBeUndefined();
	return (ran.out('AD')[0] ?? []).map(({ sAMAccountName }) => sAMAccountName).sort();
};
const row = (attribute: string, condition: string, value = '') => ({
	attribute: locator('name', attribute),
	condition,
	value,
});

test('without a filter everybody below the base is listed, simplified, and paired', async () => {
	const ran = await getMany({});
	expect(ran.out('AD')[0]).toHaveLength(4);
	expect(ran.out('AD')[0]?.[0]).toMatchObject({ enabled: false, expiresAt: null, mail: null });
	expect(ran.items('AD')[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
		Array.from({ length: 4 }, () => ({ item: 0 })),
	);
	expect((await getMany({ limit: 3 })).out('AD')[0]).toHaveLength(3);
});

test('raw data has the attributes that were asked for', async () => {
	const ran = await getMany({
		...{ simplify: false, returnAttributes: 'department, objectGUID, mail' },
		filterRows: rows(row('employeeID', 'equals', 'four')),
	});
	expect(ran.out('AD')[0]).toEqual([
		{
			dn: `CN=four,OU=People,${domain.baseDn}`,
			department: 'Board',
			objectGUID: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
			mail: null,
		},
	]);
});

test.each<[combine: string, conditions: readonly object[], expected: readonly string[]]>([
	['all', [row('department', 'equals', 'Sales'), row('employeeID', 'contains', 'w')], ['two']],
	['any', [row('department', 'equals', 'Board'), row('employeeID', 'startsWith', 'o')], ['four', 'one']],
	['all', [row('mail', 'present')], []],
	['all', [row('', 'disabled'), row('department', 'notEquals', 'Sales')], ['four', 'three']],
	['all', [row('department', 'equals', '={{ $json.department }}')], ['three']],
	['all', [row('department', 'contains', '*')], ['three']],
])('conditions, %s of %j, find %j', async (combine, conditions, expected) => {
	expect(await found({ combine, filterRows: rows(...conditions) }, [{ department: HOSTILE }])).toEqual(expected);
});

test.each<[filterText: string, expected: readonly string[]]>([
	['(department=Sales)', ['one', 'two']],
	['=(department={{ $json.department }})', ['three']],
	['=(&(department={{ $json.prefix }}*)(!(employeeID={{ $json["n"] }})))', ['three', 'two']],
	['=(employeeID={{ $json.star }})', []],
	['=(employeeID={{ $json.breakout }})', []],
])('the filter %s finds %j', async (filterText, expected) => {
	const item = { department: HOSTILE, prefix: 'Sal', n: 'one', star: '*', breakout: 'x)(objectClass=*' };
	expect(await found({ filterBy: 'text', filterText }, [item])).toEqual(expected);
});

test.each<[filterText: string, words: string]>([
	['=(employeeID={{ $json.nothing }})', 'there is no value'],
	['(department=Sales', 'filter'],
	['={{ $json.whole }}', 'filter'],
])('the filter %s is refused in words', async (filterText, words) => {
	const ran = await getMany({ filterBy: 'text', filterText }, [{ whole: '(objectClass=*)' }]);
	const said = ran.error?.message ?? textIn(ran.out('AD')[1]?.[0], 'message');
	expect(said.toLowerCase()).toContain(words);
	expect(ran.out('AD')[0] ?? []).toEqual([]);
});

test('each item has a search of its own, and one that cannot be done leaves by Failed', async () => {
	const ran = await getMany({ filterBy: 'text', filterText: '=(employeeID={{ $json.key }})' }, [
		{ key: 'one' },
		{ key: '' },
		{ key: 'two' },
	]);
	expect(ran.items('AD').map((output) => output.map(({ pairedItem }) => pairedItem))).toEqual([
		[{ item: 0 }, { item: 2 }],
		[{ item: 1 }],
	]);
});
