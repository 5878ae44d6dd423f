/**
 * The sources: filled-in endpoints for products. A workflow keeps only what differs from a default, so **a released default never changes**: it would
 * change live flows. A better one comes with a new version of the node.
 */
import { parameters, ROW, row, type Preset, type PresetName } from './presetValues';

export type { EndpointValues, Preset, PresetName } from './presetValues';

const JUMPCLOUD_USERS = row({
	url: '/api/systemusers',
	// Without a unique sort field JumpCloud repeats and loses rows between pages (its best practices).
	query: parameters(['sort', '_id']),
	recordsPath: 'results',
	primaryKey: '_id',
	paging: 'offset',
	offsetParameter: 'skip',
	stops: { totalPath: 'totalCount' },
});

const JUMPCLOUD_FILTER = {
	displayName: 'Filter',
	placeholder: 'e.g. department:$eq:Sales',
	description: "Reads only some people, as field:$operator:value of JumpCloud's API. The feed is a delta then.",
	parameter: 'filter',
} as const;

const BAMBOOHR_FIELDS = [
	'employeeNumber',
	'firstName',
	'lastName',
	'preferredName',
	'email',
	'jobInformationDepartment',
	'jobInformationLocation',
	'jobInformationDivision',
	'jobInformationReportsTo',
	'hireDate',
	'terminationDate',
	'status',
];

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
	jumpCloudUsers: {
		displayName: 'JumpCloud Users',
		description: 'The people of a JumpCloud organization',
		hint: '',
		ids: [],
		filter: JUMPCLOUD_FILTER,
		endpoints: [JUMPCLOUD_USERS],
	},
	jumpCloudUsersWithGroups: {
		displayName: 'JumpCloud Users with Groups',
		description: 'The same, each with the list of its user groups in the field "groups"',
		hint: '',
		ids: [],
		filter: JUMPCLOUD_FILTER,
		endpoints: [
			JUMPCLOUD_USERS,
			row({
				name: 'User Groups',
				url: '/api/v2/usergroups',
				query: parameters(['sort', 'name']),
				primaryKey: 'id',
				paging: 'offset',
				offsetParameter: 'skip',
				stops: { totalHeader: 'x-total-count' },
				settings: { listOnly: true },
			}),
			row({
				name: 'groups',
				url: '/api/v2/usergroups/{id}/membership',
				primaryKey: 'id',
				paging: 'offset',
				offsetParameter: 'skip',
				stops: { totalHeader: 'x-total-count' },
				settings: { dependsOn: 'User Groups', several: true, parentFields: 'name' },
			}),
		],
	},
	scimUsers: {
		displayName: 'SCIM 2.0 Users',
		description: 'Users of any service provider of RFC 7644',
		hint: 'Authentication: HCM API with Bearer, or HCM OAuth2; its Base URL is the address of the SCIM service.',
		ids: [],
		filter: {
			displayName: 'Filter',
			placeholder: 'e.g. active eq true',
			description: 'Reads only some people, as RFC 7644 section 3.4.2.2 writes it. The feed is a delta then.',
			parameter: 'filter',
		},
		endpoints: [
			row({
				url: '/Users',
				headers: parameters(['Accept', 'application/scim+json, application/json']),
				recordsPath: 'Resources',
				paging: 'offset',
				limitParameter: 'count',
				offsetParameter: 'startIndex',
				// RFC 7644 section 3.4.2.4: the first resource has the index 1, and a server may give fewer than asked for.
				start: 1,
				stops: { totalPath: 'totalResults', shortPage: false },
			}),
		],
	},
	graphUsers: {
		displayName: 'Microsoft Graph Users',
		description: 'Users of Microsoft Entra ID',
		hint: 'Authentication: HCM OAuth2 with client credentials; Base URL https://graph.microsoft.com.',
		ids: [],
		filter: {
			displayName: 'Filter',
			placeholder: "e.g. department eq 'Sales'",
			description: 'Reads only some people ($filter). The feed is a delta then.',
			parameter: '$filter',
		},
		endpoints: [
			row({
				url: 'https://graph.microsoft.com/v1.0/users',
				// Without $select Graph gives a dozen fields only, neither employeeId nor accountEnabled among them. employeeLeaveDateTime is not
				// asked for: it needs a permission of its own (User-LifeCycleInfo.Read.All).
				query: parameters([
					'$select',
					'id,accountEnabled,employeeId,userPrincipalName,mail,givenName,surname,displayName,department,jobTitle,companyName,officeLocation,mobilePhone,businessPhones,streetAddress,city,state,postalCode,country,usageLocation,employeeType,employeeHireDate,preferredLanguage,onPremisesSyncEnabled',
				]),
				recordsPath: 'value',
				paging: 'nextUrl',
				pageSize: 999,
				limitParameter: '$top',
				nextPath: "['@odata.nextLink']",
			}),
		],
	},
	oktaUsers: {
		displayName: 'Okta Users',
		description: 'Users of an Okta organization, deprovisioned ones left out as Okta does',
		hint: 'Authentication: HCM API, API Key in the header Authorization with the prefix SSWS; Base URL https://your-company.okta.com.',
		ids: [],
		filter: {
			displayName: 'Search',
			placeholder: 'e.g. profile.department eq "Sales"',
			description: 'Reads only some people. The feed is a delta then.',
			parameter: 'search',
		},
		endpoints: [row({ url: '/api/v1/users', paging: 'link', pageSize: 200 })],
	},
	bambooHrEmployees: {
		displayName: 'BambooHR Employees',
		description: 'Employees by the dataset API',
		hint: 'Authentication: HCM API with Basic (the API key as user, x as password), or HCM OAuth2. Enter the fields you need in the body; the employee number must be among them.',
		ids: [
			{
				name: 'companyDomain',
				displayName: 'Company Domain',
				placeholder: 'e.g. example',
				description: 'The first part of the address of your BambooHR: example of example.bamboohr.com',
			},
		],
		endpoints: [
			row({
				method: 'POST',
				url: 'https://api.bamboohr.com/api/gateway.php/{preset.companyDomain}/v2/datasets/employee/data',
				// BambooHR answers in XML without it.
				headers: parameters(['Accept', 'application/json']),
				bodyType: 'json',
				// An unknown field is an error 400, and which there are differs by account: these stand in public code for this call.
				// Ordered by a field that tells people apart, so that pages do not lose anybody.
				jsonBody: JSON.stringify({ fields: BAMBOOHR_FIELDS, orderBy: 'employeeNumber asc' }, null, 2),
				recordsPath: 'data',
				primaryKey: 'employeeNumber',
				paging: 'page',
				// The body takes fields, filter, orderBy, page and pageSize (at most 1000); the reply has meta.totalItems and meta.totalPages.
				pagingIn: 'body',
				pageSize: 500,
				limitParameter: 'pageSize',
				stops: { totalPath: 'meta.totalItems', pagesPath: 'meta.totalPages' },
				settings: { unwrapPath: 'fields' },
			}),
		],
	},
	personio: {
		displayName: 'Personio',
		description: 'Persons by the API v2',
		hint: 'Authentication: HCM API, Log In First (POST /v2/auth/token, form with grant_type client_credentials, client_id and client_secret, token path access_token); Base URL https://api.personio.de.',
		ids: [],
		endpoints: [
			row({
				url: 'https://api.personio.de/v2/persons',
				recordsPath: '_data',
				paging: 'nextUrl',
				pageSize: 50,
				nextPath: '_meta.links.next.href',
			}),
		],
	},
	workdayReport: {
		displayName: 'Workday Report',
		description: 'A custom report as a web service (RaaS), whole in one reply',
		hint: 'Authentication: HCM API with Basic (an integration system user), or HCM OAuth2.',
		ids: [
			{
				name: 'workdayHost',
				displayName: 'Host',
				placeholder: 'e.g. wd3-services1.workday.com',
				description: 'Host of your Workday services, without https://',
			},
			{ name: 'workdayTenant', displayName: 'Tenant', placeholder: 'e.g. example', description: 'Name of the tenant' },
			{
				name: 'workdayOwner',
				displayName: 'Report Owner',
				placeholder: 'e.g. ISU_AD',
				description: 'User name of the owner of the report',
			},
			{
				name: 'workdayReport',
				displayName: 'Report',
				placeholder: 'e.g. AD_Workers',
				description: 'Name of the report, enabled as a web service',
			},
		],
		endpoints: [
			row({
				url: 'https://{preset.workdayHost}/ccx/service/customreport2/{preset.workdayTenant}/{preset.workdayOwner}/{preset.workdayReport}',
				query: parameters(['format', 'json']),
				recordsPath: 'Report_Entry',
				primaryKey: 'Employee_ID',
			}),
		],
	},
	gusto: {
		displayName: 'Gusto',
		description: 'Employees of a company',
		hint: 'Authentication: HCM OAuth2; Base URL https://api.gusto.com.',
		ids: [
			{
				name: 'gustoCompany',
				displayName: 'Company ID',
				placeholder: 'e.g. 2f1c6b1e-5c8e-4a9e-9d0e-0f6c1f0f6a11',
				description: 'UUID of the company',
			},
		],
		endpoints: [
			row({
				url: 'https://api.gusto.com/v1/companies/{preset.gustoCompany}/employees',
				primaryKey: 'uuid',
				paging: 'page',
				limitParameter: 'per',
				// Both come only where page and per are asked for (Gusto, Pagination).
				stops: { totalHeader: 'x-total-count', pagesHeader: 'x-total-pages' },
			}),
		],
	},
	hiBob: {
		displayName: 'HiBob',
		description: 'Employees by the people search, whole in one reply',
		hint: 'Authentication: HCM API with Basic (a service user). Fields beside the usual ones go into the body as "fields", root.id among them; those that the service user may not see are left out without a word.',
		ids: [],
		endpoints: [
			row({
				method: 'POST',
				url: 'https://api.hibob.com/v1/people/search',
				headers: parameters(['Accept', 'application/json']),
				bodyType: 'json',
				// Without showInactive only active people come. APPEND adds names of lists beside their ids; REPLACE would also write dates as the
				// service user's settings have them, and nobody could tell 08/09 from 09/08.
				jsonBody: JSON.stringify({ showInactive: true, humanReadable: 'APPEND' }, null, 2),
				recordsPath: 'employees',
			}),
		],
	},
	custom: {
		displayName: 'Custom',
		description: 'Any HTTP interface that answers with JSON, XML or CSV',
		hint: '',
		ids: [],
		endpoints: [ROW],
	},
};

/** The parameter that holds the rows of a source. */
export const endpointsParameter = (source: PresetName): string =>
	source === 'custom' ? 'endpoints' : `${source}Endpoints`;

/** The parameter that holds the filter of a source. */
export const filterParameter = (source: PresetName): string => `${source}Filter`;
