import { closeAll } from '../../../support/http';
import { ADP } from '../../../support/products/adp';
import { readProduct, testContract } from '../../../support/products/contract';
import { DEEL, SUCCESSFACTORS } from '../../../support/products/further';
import { GUSTO, gusto, HIBOB, hiBob } from '../../../support/products/hrServices';
import {
	GREENHOUSE,
	NAMELY,
	ORACLE_HCM,
	PERSONIO,
	RIPPLING,
	SAGE_HR,
	UKG_PRO,
	ZOHO_PEOPLE,
} from '../../../support/products/hrSystems';
import { PERSONIO_V1, personioV1 } from '../../../support/products/personio';

afterEach(closeAll);

describe.each([
	PERSONIO,
	PERSONIO_V1,
	SAGE_HR,
	NAMELY,
	HIBOB,
	GUSTO,
	ZOHO_PEOPLE,
	RIPPLING,
	UKG_PRO,
	ORACLE_HCM,
	SUCCESSFACTORS,
	GREENHOUSE,
	ADP,
	DEEL,
])('$product', testContract);

describe('Personio v1', () => {
	test('that refuses its token while it is read gets a new one, and nobody is lost', async () => {
		const product = await personioV1(251, 2);
		const { records, report } = await readProduct(PERSONIO_V1, product, PERSONIO_V1.credential(product.base));
		expect(records).toHaveLength(251);
		expect(report).toMatchObject({ complete: true, evidence: 'strong' });
		expect(product.calls.filter(({ path }) => path === '/v1/auth')).toHaveLength(2);
	});
});

describe('HiBob', () => {
	test('gives who has left too, dates as they are and names of lists beside their ids', async () => {
		const product = await hiBob(10);
		const { records } = await readProduct(HIBOB, product, HIBOB.credential(product.base));
		expect(records).toHaveLength(10);
		expect(records[0]).toMatchObject({
			id: '10000',
			work: { department: '209192163', startDate: '2026-09-08' },
			humanReadable: { work: { department: 'Sales & Service' } },
		});
	});

	test('that is called too often is called again when its window ends', async () => {
		const product = await hiBob(10, { busyAt: 1, resetInSeconds: 12 });
		const { records, waits } = await readProduct(HIBOB, product, HIBOB.credential(product.base), {
			calling: { retries: 1 },
		});
		expect(records).toHaveLength(10);
		expect(waits).toHaveLength(1);
		expect(waits[0]).toBeGreaterThan(10_000);
		expect(waits[0]).toBeLessThanOrEqual(12_000);
	});
});

describe('Gusto', () => {
	test('is read to the last employee where it gives fewer rows than asked for', async () => {
		const product = await gusto(251, 25);
		const { records, report } = await readProduct(GUSTO, product, GUSTO.credential(product.base));
		expect(records).toHaveLength(251);
		expect(report).toMatchObject({ complete: true });
		expect(report.endpoints[0]).toMatchObject({ calls: 11, total: 251 });
	});
});
