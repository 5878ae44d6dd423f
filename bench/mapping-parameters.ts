/** What each side of `npm run bench:mapping` is told to do: the nodes' parameters, as their editors store them. */
import type { INode } from 'n8n-workflow';

export type Case = 'editFields' | 'reads' | 'formats';

const OU = 'OU=People,DC=corp,DC=example,DC=com';

/** LDAP attribute and field, read by an expression: the same twenty on both sides. */
const READS: ReadonlyArray<readonly [attribute: string, expression: string]> = [
	['employeeID', '={{ $json.employeeIdentifier }}'],
	['employeeNumber', '={{ $json._id }}'],
	['displayName', '={{ $json.displayname }}'],
	['givenName', '={{ $json.firstname }}'],
	['sn', '={{ $json.lastname }}'],
	['title', '={{ $json.jobTitle }}'],
	['department', '={{ $json.department }}'],
	['division', '={{ $json.division }}'],
	['departmentNumber', '={{ $json.costCenter }}'],
	['company', '={{ $json.company }}'],
	['streetAddress', '={{ $json.address.streetAddress }}'],
	['l', '={{ $json.address.locality }}'],
	['st', '={{ $json.address.region }}'],
	['postalCode', '={{ $json.address.postalCode }}'],
	['c', '={{ $json.address.country }}'],
	['telephoneNumber', '={{ $json.phones.work }}'],
	['mobile', '={{ $json.phones.mobile }}'],
	['physicalDeliveryOfficeName', '={{ $json.location }}'],
	['info', '={{ $json.manager }}'],
	['personalTitle', '={{ $json.name.salutation }}'],
];

/** Instead of the last ten reads. */
const FORMATS: ReadonlyArray<readonly [attribute: string, format: string]> = [
	['streetAddress', '${address.streetAddress}, ${address.postalCode} ${address.locality}'],
	['l', '${address.locality | strip}'],
	['st', '${address.region | default: "-"}'],
	['postalCode', '${address.country}-${address.postalCode}'],
	['initials', '${firstname | first_chars: 1}${lastname | first_chars: 1}'],
	['description', '${jobTitle}, ${department}'],
	['info', '${company}: ${notes}'],
	['physicalDeliveryOfficeName', '${location} / ${phones.room}'],
	['employeeType', '{% if employeeType == "internal" %}Employee{% else %}${employeeType | capitalize}{% endif %}'],
	['personalTitle', '${name.salutation} ${lastname | upcase}'],
];

const NAMES: ReadonlyArray<readonly [name: string, ...formats: string[]]> = [
	['sAMAccountName', '${firstname | first_chars: 1}${lastname}', '${firstname}.${lastname}', '${username}'],
	['userPrincipalName', '${firstname}.${lastname}@corp.example.com', '${username}@corp.example.com'],
	['mail', '${firstname}.${lastname}@example.com', '${email}'],
	['cn', '${firstname} ${lastname}', '${firstname} ${lastname} (${employeeIdentifier})'],
];

const rows = (values: typeof READS) => ({
	values: values.map(([attribute, value]) => ({
		attribute,
		value,
		rule: {},
	})),
});

const attributeMap = (values: typeof READS, names: typeof NAMES): INode['parameters'] => ({
	preset: 'custom',
	key: '={{ $json.employeeIdentifier }}',
	displayName: '={{ $json.displayname }}',
	attributes: rows(values),
	names: { values: names.map(([name, ...formats]) => ({ name, formats: formats.join('\n') })) },
	ou: OU,
	options: {},
});

export const PARAMETERS: Readonly<Record<Case, INode['parameters']>> = {
	/** n8n's own node (n8n-nodes-base.set, version 3.4). */
	editFields: {
		mode: 'manual',
		assignments: {
			assignments: READS.map(([name, value], index) => ({ id: String(index), name, value, type: 'string' })),
		},
		includeOtherFields: false,
		options: {},
	},
	reads: attributeMap(READS, []),
	formats: attributeMap([...READS.slice(0, 10), ...FORMATS], NAMES),
};
