import { closeAll } from '../../../support/http';
import { readProduct, testContract } from '../../../support/products/contract';
import {
	DIRECTORY_INSIGHTS,
	JUMPCLOUD_USERS,
	JUMPCLOUD_WITH_GROUPS,
	jumpCloud,
} from '../../../support/products/jumpCloud';

afterEach(closeAll);

describe.each([JUMPCLOUD_USERS, JUMPCLOUD_WITH_GROUPS, DIRECTORY_INSIGHTS])('$product', testContract);

describe('JumpCloud users', () => {
	test('are read whole from a server that gives fewer rows than asked for', async () => {
		const product = await jumpCloud(251, 40);
		const { records, report } = await readProduct(JUMPCLOUD_USERS, product, JUMPCLOUD_USERS.credential(product.base));
		expect(records).toHaveLength(251);
		expect(report).toMatchObject({ complete: true, evidence: 'strong' });
	});

	test('are not taken for whole where the order changes between pages, because sort is missing', async () => {
		const product = await jumpCloud(251);
		const endpoints = JUMPCLOUD_USERS.endpoints.map((values) => ({ ...values, query: { parameters: [] } }));
		const { report } = await readProduct({ endpoints }, product, JUMPCLOUD_USERS.credential(product.base));
		expect(report).toMatchObject({
			complete: false,
			reasons: ['rows moved while "People" was read, twice in a row'],
		});
	});

	test('come with the list of their groups, an empty one for who is in none', async () => {
		const product = await jumpCloud(260);
		const { records, report } = await readProduct(
			JUMPCLOUD_WITH_GROUPS,
			product,
			JUMPCLOUD_WITH_GROUPS.credential(product.base),
		);
		const names = records.map(({ groups }) => (groups as readonly { name: string }[]).map(({ name }) => name));
		expect(names[0]).toEqual(['Everybody', 'Operations']);
		expect(names[119]).toEqual(['Everybody', 'Operations']);
		expect(names[120]).toEqual(['Everybody']);
		expect(names[250]).toEqual(['Everybody']);
		expect(names[251]).toEqual([]);
		expect(records[0]?.['groups']).toMatchObject([
			{ id: '10000', type: 'user' },
			{ id: '10000', type: 'user' },
		]);
		expect(report).toMatchObject({ complete: true, evidence: 'strong', records: 260, warnings: [] });
		expect(report.endpoints.map(({ name, unique }) => [name, unique])).toEqual([
			['People', 260],
			['User Groups', 3],
			['groups', 371],
		]);
	});

	test('read with pages in parallel are the same', async () => {
		const product = await jumpCloud(251);
		const { records, report } = await readProduct(JUMPCLOUD_USERS, product, JUMPCLOUD_USERS.credential(product.base), {
			calling: { pagesInParallel: 3 },
		});
		expect(new Set(records.map(({ _id }) => _id)).size).toBe(251);
		expect(report).toMatchObject({ complete: true, evidence: 'strong' });
	});
});
