import { closeAll } from '../../../support/http';
import { testContract } from '../../../support/products/contract';
import { BAMBOOHR_DATASET, BAMBOOHR_DIRECTORY } from '../../../support/products/bambooHr';

afterEach(closeAll);

describe.each([BAMBOOHR_DATASET, BAMBOOHR_DIRECTORY])('$product', testContract);
