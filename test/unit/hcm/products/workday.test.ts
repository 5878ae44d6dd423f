import { closeAll } from '../../../support/http';
import { testContract } from '../../../support/products/contract';
import { WORKDAY_REPORT, WORKDAY_REST, WORKDAY_SOAP } from '../../../support/products/workday';

afterEach(closeAll);

describe.each([WORKDAY_REPORT, WORKDAY_REST, WORKDAY_SOAP])('$product', testContract);
