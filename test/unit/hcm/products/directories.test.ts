import { closeAll } from '../../../support/http';
import { readProduct, testContract } from '../../../support/products/contract';
import { graph, GRAPH_USERS, okta, OKTA_USERS, SCIM_CURSOR, SCIM_USERS } from '../../../support/products/directories';

afterEach(closeAll);

describe.each([SCIM_USERS, SCIM_CURSOR, OKTA_USERS, GRAPH_USERS])('$product', testContract);

describe('Microsoft Graph', () => {
	const read = async (people: number, rows: readonly number[]) => {
		const product = await graph(people, { rows });
		return { product, ...(await readProduct(GRAPH_USERS, product, GRAPH_USERS.credential(product.base))) };
	};

	test.each<[what: string, rows: readonly number[]]>([
		['are shorter than asked for', [3, 100, 1, 20]],
		['are empty', [0, 100, 0, 0, 50]],
	])('is read to the last person where pages %s and a next link follows', async (_what, rows) => {
		const { records, report } = await read(251, rows);
		expect(records).toHaveLength(251);
		expect(report).toMatchObject({ complete: true, evidence: 'strong' });
	});

	test('gets its next link as it is, and the credential with it', async () => {
		const { product } = await read(251, []);
		const [first, second] = product.calls;
		expect(first?.query.get('$top')).toBe('100');
		expect(first?.query.has('$skiptoken')).toBe(false);
		expect(second?.query.get('$select')).toBe(first?.query.get('$select'));
		expect([...(second?.query.keys() ?? [])]).toEqual(['$select', '$top', '$skiptoken']);
		expect(second?.headers.authorization).toBe(first?.headers.authorization);
	});
});

describe('Okta', () => {
	test('that is called too often is called again at the time that it names', async () => {
		const product = await okta(251, { busyAt: 2, resetInSeconds: 30 });
		const { records, report, waits } = await readProduct(OKTA_USERS, product, OKTA_USERS.credential(product.base), {
			calling: { retries: 2 },
		});
		expect(records).toHaveLength(251);
		expect(report).toMatchObject({ complete: true, evidence: 'strong' });
		expect(report.endpoints[0]).toMatchObject({ calls: 3, retries: 1, pages: 2 });
		expect(waits).toHaveLength(1);
		expect(waits[0]).toBeGreaterThan(28_000);
		expect(waits[0]).toBeLessThanOrEqual(30_000);
	});
});
