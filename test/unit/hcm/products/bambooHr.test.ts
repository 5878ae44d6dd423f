import { closeAll } from '../../../support/http';
import { readProduct, testContract } from '../../../support/products/contract';
import { bambooHr, BAMBOOHR_DATASET, BAMBOOHR_DIRECTORY } from '../../../support/products/bambooHr';

afterEach(closeAll);

describe.each([BAMBOOHR_DATASET, BAMBOOHR_DIRECTORY])('$product', testContract);

describe('BambooHR', () => {
	const read = async (people: number, busyAt: number, changes: Parameters<typeof readProduct>[3]) => {
		const product = await bambooHr(people, busyAt);
		const credential = BAMBOOHR_DATASET.credential(product.base);
		return { product, ...(await readProduct(BAMBOOHR_DATASET, product, credential, changes)) };
	};

	test('that is busy is called again after the time that it asks for', async () => {
		const { records, report, waits } = await read(251, 2, { calling: { retries: 1 } });
		expect(records).toHaveLength(251);
		expect(report).toMatchObject({ complete: true });
		expect(waits).toEqual([7000]);
	});

	test('read a second time is strong evidence', async () => {
		const { product, report } = await read(251, 0, { confirmBySecondRead: true });
		expect(report).toMatchObject({ complete: true, evidence: 'strong', records: 251 });
		expect(product.calls).toHaveLength(6);
	});

	test('gives records without their wrapping', async () => {
		const { records } = await read(1, 0, {});
		expect(records).toEqual([
			{
				employeeNumber: '10000',
				firstName: 'Zoë 0',
				lastName: "O'Neil-Ümit 0",
				jobInformationDepartment: 'Sales & Service',
			},
		]);
	});
});
