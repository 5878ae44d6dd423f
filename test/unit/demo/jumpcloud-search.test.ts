import { SPECIAL, type JumpCloudUser } from '../../../demo/jumpcloud/people';
import { people, runningSimulator } from './simulator';

const { simulator, call } = runningSimulator();

type Page = {
	readonly results: readonly (JumpCloudUser & { readonly memberof: readonly string[] })[];
	readonly totalCount: number;
};
type Fits = (user: JumpCloudUser) => boolean;

async function search(body: Readonly<Record<string, unknown>>, query = ''): Promise<Page> {
	const reply = await call('POST', `/api/search/systemusers${query}`, { sort: '_id', limit: 1000, ...body });
	expect(reply).toMatchObject({ status: 200 });
	return reply.body as Page;
}
const ids = (users: readonly { readonly _id: string }[]) => users.map(({ _id }) => _id).sort();
const includes = (value: unknown, term: string) => String(value).toLowerCase().includes(term);
const homeAddress = (user: JumpCloudUser) => (user['recoveryEmail'] as { address: string } | undefined)?.address;

describe('the search in the body', () => {
	test.each<[string, unknown, Fits]>([
		['one expression', { department: 'IT' }, (u) => u.department === 'IT'],
		[
			'several fields in one',
			{ department: 'IT', state: 'ACTIVATED' },
			(u) => u.department === 'IT' && !u.suspended && u.activated,
		],
		['a bare list', [{ department: 'IT' }, { suspended: false }], (u) => u.department === 'IT' && !u.suspended],
		['and', { and: [{ department: 'IT' }, { state: 'SUSPENDED' }] }, (u) => u.department === 'IT' && u.suspended],
		['or', { or: [{ department: 'IT' }, { department: 'Sales' }] }, (u) => ['IT', 'Sales'].includes(u.department)],
		['or of nothing', { or: [] }, () => false],
		['equality that minds the case', { department: 'it' }, () => false],
		['a number', { unix_uid: 5005 }, (u) => u['unix_uid'] === 5005],
		['a number as text, which is none', { unix_uid: '5005' }, () => false],
		['a number greater', { unix_uid: { $gt: 5240 } }, (u) => Number(u['unix_uid']) > 5240],
		[
			'a range',
			{ unix_uid: { $gte: 5010, $lt: 5020 } },
			(u) => Number(u['unix_uid']) >= 5010 && Number(u['unix_uid']) < 5020,
		],
		['at most', { unix_uid: { $lte: 5003 } }, (u) => Number(u['unix_uid']) <= 5003],
		['a date', { created: { $gt: '2024-01-01T00:00:00Z' } }, (u) => String(u['created']) > '2024'],
		['a date of another zone', { created: { $gt: '2024-01-01T01:00:00+01:00' } }, (u) => String(u['created']) > '2024'],
		['not equal', { department: { $ne: 'IT' } }, (u) => u.department !== 'IT'],
		['one of several', { state: { $in: ['STAGED', 'SUSPENDED'] } }, (u) => u.state !== 'ACTIVATED'],
		['none of several', { state: { $nin: ['STAGED', 'SUSPENDED'] } }, (u) => u.state === 'ACTIVATED'],
		['a field that is there', { manager: { $exists: true } }, (u) => u.manager !== undefined],
		['a field that is not', { employeeIdentifier: { $exists: false } }, (u) => u.employeeIdentifier === undefined],
		['null, for a field that is missing or null', { manager: null }, (u) => u.manager === undefined],
		['an expression in any case', { username: { $regex: '(?i)^ANNA' } }, (u) => u.username.startsWith('anna')],
		['an expression that minds the case', { username: { $regex: '^ANNA' } }, () => false],
		[
			'a field within a field',
			{ 'recoveryEmail.address': 'person12@home.example' },
			(u) => homeAddress(u) === 'person12@home.example',
		],
		['an entry of a list', { 'attributes.value': '40007' }, (u) => JSON.stringify(u['attributes']).includes('40007')],
		['a field that nobody has', { 'constructor.name': 'Object' }, () => false],
	])('keeps those that fit: %s', async (_what, filter, fits) => {
		const { results, totalCount } = await search({ filter });
		expect(totalCount).toBe(people.filter(fits).length);
		expect(ids(results)).toEqual(ids(people.filter(fits)));
	});

	test.each<[string, unknown, Fits]>([
		['a term', { searchTerm: '@CORP.example', fields: ['email'] }, () => true],
		[
			'one of several terms',
			{ searchTerm: ['anna', 'mallory'], fields: ['username'] },
			(u) => /anna|mallory/.test(u.username),
		],
		[
			'one of several fields',
			{ searchTerm: 'head', fields: ['jobTitle', 'username'] },
			(u) => includes(u.jobTitle, 'head') || includes(u.username, 'head'),
		],
		['punctuation, as it is', { searchTerm: '.*', fields: ['username'] }, () => false],
	])('finds text in part and in any case: %s', async (_what, searchFilter, fits) => {
		expect(ids((await search({ searchFilter })).results)).toEqual(ids(people.filter(fits)));
	});

	test('joins text and filter by AND', async () => {
		const { results } = await search({
			searchFilter: { searchTerm: 'e', fields: ['firstname'] },
			filter: { or: [{ department: 'IT' }, { department: 'Sales' }] },
		});
		const expected = people.filter((u) => ['IT', 'Sales'].includes(u.department) && includes(u.firstname, 'e'));
		expect(ids(results)).toEqual(ids(expected));
	});

	test('adds the groups of each person, and leaves the delegated authority out', async () => {
		const { results } = await search({});
		expect(results).toHaveLength(250);
		for (const row of results) {
			expect('delegatedAuthority' in row).toBe(false);
			const groups = simulator().groups.filter(({ members }) => members.includes(row._id));
			expect(row.memberof).toEqual(groups.map(({ id }) => id));
		}
	});

	test('gives the wanted fields, ordered and by pages', async () => {
		const { results, totalCount } = await search({ fields: 'username state', sort: '-username', limit: 7, skip: 3 });
		const expected = people
			.map(({ username }) => username)
			.sort()
			.reverse()
			.slice(3, 10);
		expect(results.map(({ username }) => username)).toEqual(expected);
		expect(Object.keys(results[0] ?? {}).sort()).toEqual(['_id', 'id', 'state', 'username']);
		expect(totalCount).toBe(250);
	});

	test('pages by the body, and by the query where the body says nothing; ten rows when nobody does', async () => {
		const rows = async (body: object, query = '') => {
			const reply = await call('POST', `/api/search/systemusers${query}`, { sort: '_id', ...body });
			return ids((reply.body as Page).results);
		};
		const all = ids(people);
		expect(await rows({})).toEqual(all.slice(0, 10));
		expect(await rows({}, '?limit=5&skip=5')).toEqual(all.slice(5, 10));
		expect(await rows({ limit: 3, skip: 1 }, '?limit=5&skip=5')).toEqual(all.slice(1, 4));
	});

	test.each<[string, unknown]>([
		['a limit above 1000', { limit: 1001 }],
		['a limit of none', { limit: 0 }],
		['a limit as text', { limit: '5' }],
		['a skip below 0', { skip: -1 }],
		['fields as a list', { fields: ['username'] }],
		['a filter in the manner of the query', { filter: 'department:$eq:IT' }],
		['an operator that is not known', { filter: { username: { $where: '1' } } }],
		['a broken expression', { filter: { username: { $regex: '(' } } }],
		['an expression that is no text', { filter: { username: { $regex: 1 } } }],
		['a list that is none', { filter: { and: { department: 'IT' } } }],
		['values for "one of" that are no list', { filter: { state: { $in: 'STAGED' } } }],
		['a value that is an object without operators', { filter: { recoveryEmail: { address: 'x' } } }],
		['a text search without a term', { searchFilter: { fields: ['email'] } }],
		['a text search without fields', { searchFilter: { searchTerm: 'x' } }],
		['a text search that is text', { searchFilter: 'x' }],
		['no object', []],
		['no JSON', 'x'],
	])('answers 400 to %s', async (_what, body) => {
		expect(await call('POST', '/api/search/systemusers', body)).toMatchObject({ status: 400, body: { code: 400 } });
	});
});

describe('the search in the query', () => {
	test.each([
		['a term', `search=${SPECIAL.punctuation.key}`, 0],
		['a term in a name', 'search=SUKARNO', 1],
		['an object', `search=${encodeURIComponent('{"searchTerm":"E19002","fields":["employeeIdentifier"]}')}`, 1],
		['nested names', 'search[searchTerm]=E19002&search[fields][]=employeeIdentifier', 1],
		[
			'several nested terms',
			'search[searchTerm][0]=E19002&search[searchTerm][1]=E19003&search[fields][0]=employeeIdentifier',
			2,
		],
		['nested terms without fields', 'search[searchTerm]=sukarno', 1],
		['text and filter', 'search=sukarno&filter=state:$eq:STAGED', 0],
	])('is understood as %s', async (_what, query, count) => {
		const { body } = await call('GET', `/api/systemusers?sort=_id&${query}`);
		expect(body).toMatchObject({ totalCount: count });
	});

	test.each(['search={', `search=${encodeURIComponent('{"fields":["email"]}')}`, 'search[fields][]=email'])(
		'answers 400 to %s',
		async (query) => {
			expect((await call('GET', `/api/systemusers?${query}`)).status).toBe(400);
		},
	);
});
