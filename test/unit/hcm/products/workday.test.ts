import { closeAll } from '../../../support/http';
import { readProduct, testContract } from '../../../support/products/contract';
import { WORKDAY_REPORT, WORKDAY_REST, WORKDAY_SOAP, workdayRest } from '../../../support/products/workday';

afterEach(closeAll);

describe.each([WORKDAY_REPORT, WORKDAY_REST, WORKDAY_SOAP])('$product', testContract);

describe('Workday', () => {
	test('that announces a total of 0 from the second page on is read to the last worker', async () => {
		const product = await workdayRest(251, 'first page only');
		const { records, report } = await readProduct(WORKDAY_REST, product, WORKDAY_REST.credential(product.base));
		expect(records).toHaveLength(251);
		expect(report).toMatchObject({ complete: true, evidence: 'strong' });
		expect(report.endpoints[0]).toMatchObject({ total: 251 });
	});

	test('gives names out of XML as they are', async () => {
		const product = await WORKDAY_SOAP.serve(1);
		const { records } = await readProduct(WORKDAY_SOAP, product, WORKDAY_SOAP.credential(product.base));
		expect(records).toEqual([{ Worker_Data: { Worker_ID: '10000', Last_Name: "O'Neil-Ümit 0" } }]);
	});

	test('reads the words of a SOAP fault into the message', async () => {
		const product = await WORKDAY_SOAP.serve(1);
		const { report } = await readProduct(WORKDAY_SOAP, product, WORKDAY_SOAP.wrong(product.base));
		expect(report).toMatchObject({ complete: false, records: 0 });
		expect(report.reasons[0]).toContain('invalid username or password');
	});
});
