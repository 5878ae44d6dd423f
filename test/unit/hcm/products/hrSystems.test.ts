import { closeAll } from '../../../support/http';
import { testContract } from '../../../support/products/contract';
import {
	ADP,
	GREENHOUSE,
	GUSTO,
	HIBOB,
	NAMELY,
	ORACLE_HCM,
	PERSONIO,
	PERSONIO_V1,
	RIPPLING,
	SAGE_HR,
	UKG_PRO,
	ZOHO_PEOPLE,
} from '../../../support/products/hrSystems';

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
	GREENHOUSE,
	ADP,
])('$product', testContract);
