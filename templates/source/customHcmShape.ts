/** The shape of the HR system of template 5, for a builder to replace: how its people are read, and what becomes of their fields. */
import type { Parameters } from './flow.ts';

const CODES = {
	department: { D10: 'Engineering', D20: 'Sales', D30: 'Finance' },
	contract: { P: 'Employee', X: 'Contractor' },
	site: { BER: 'Berlin', LYO: 'Lyon' },
} as const;

const table = (codes: Readonly<Record<string, string>>) => ({
	table: { values: Object.entries(codes).map(([from, to]) => ({ from, to })) },
});
const row = (attribute: string, value: string, rule: Parameters = {}) => ({
	attribute: { __rl: true, mode: 'name', value: attribute },
	...{ value, rule },
});
const when = (field: string, code: string) => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
	conditions: [
		{
			...{ id: 'condition-1', leftValue: `={{ $json.${field} }}`, rightValue: code },
			operator: { type: 'string', operation: 'equals' },
		},
	],
	combinator: 'and',
});

const ADDRESS = '${details.person.name.given | downcase}.${details.person.name.family | downcase}@corp.example.com';

/** A list in pages, and for each of its people a call for the details; joined on the worker's id. */
export const workers: Parameters = {
	...{ operation: 'getRecords', authentication: 'hcmApi', source: 'custom' },
	endpoints: {
		values: [
			{
				...{ name: 'workers', url: '/v1/workers', primaryKey: { __rl: true, mode: 'path', value: 'workerId' } },
				recordsPath: { __rl: true, mode: 'path', value: 'workers' },
				...{ paging: 'cursor', pageSize: 100, limitParameter: 'limit' },
				...{ cursorFrom: 'body', cursorPath: 'next', cursorParameter: 'after', cursorIn: 'query' },
			},
			{
				...{ name: 'details', url: '/v1/workers/{workerId}' },
				primaryKey: { __rl: true, mode: 'path', value: 'workerId' },
				settings: { dependsOn: 'workers' },
			},
		],
	},
};

export const mapping: Parameters = {
	preset: 'custom',
	key: '${number}',
	displayName: '${details.person.name.given} ${details.person.name.family}',
	person: { countryFrom: '${details.job.site.country}' },
	leaverWhen: when('status', 'T'),
	awayWhen: when('status', 'L'),
	dates: {
		...{ startDate: '${details.contract.from}', endDate: '${details.contract.to}', dateFormat: 'dd.MM.yyyy' },
	},
	attributes: {
		values: [
			row('employeeID', '${number}'),
			// Managers are named by it, and the account name is written back by it.
			row('employeeNumber', '${workerId}'),
			row('displayName', '${details.person.name.given} ${details.person.name.family}'),
			row('givenName', '${details.person.name.given}'),
			row('sn', '${details.person.name.family}'),
			row('title', '${details.job.title}'),
			row('department', '${details.job.unit}', table(CODES.department)),
			row('employeeType', '${details.contract.kind}', table(CODES.contract)),
			row('physicalDeliveryOfficeName', '${details.job.site.code}', table(CODES.site)),
			row('c', '${details.job.site.country}'),
			row('mobile', '${details.person.contact | where: "kind", "mobile" | map: "value" | first}'),
			row('manager', '${details.job.manager}', { referenceBy: 'employeeNumber' }),
		],
	},
	names: {
		values: [
			{
				name: 'sAMAccountName',
				formats: '${details.person.name.given | first_chars: 1 | downcase}${details.person.name.family | downcase}',
			},
			{
				name: 'userPrincipalName',
				formats: ADDRESS,
			},
			{ name: 'mail', formats: ADDRESS },
			{
				name: 'cn',
				formats:
					'${details.person.name.given} ${details.person.name.family}\n${details.person.name.given} ${details.person.name.family} (${number})',
			},
		],
	},
};
