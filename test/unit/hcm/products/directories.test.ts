import { closeAll } from '../../../support/http';
import { testContract } from '../../../support/products/contract';
import { GRAPH_USERS, OKTA_USERS, SCIM_CURSOR, SCIM_USERS } from '../../../support/products/directories';

afterEach(closeAll);

describe.each([GRAPH_USERS, OKTA_USERS, SCIM_CURSOR, SCIM_USERS])('$product', testContract);
