/**
 * The presets: filled-in mappings for products. A workflow keeps only what differs from a default, so **a released preset never changes**: it
 * would change live flows. A better one comes with a new version of the node.
 */
import { conditions, name, row, type Preset } from './presetValues';

export type { AttributeValues, NameValues, Preset, RuleValues } from './presetValues';

export type PresetName = 'custom' | 'jumpCloud' | 'microsoftGraph' | 'scim';

const workAddress = (field: string) => `\${addresses | where: "type", "work" | map: "${field}" | first}`;
const phone = (type: string) => `\${phoneNumbers | where: "type", "${type}" | map: "number" | first}`;
const oneOf = (first: string, second: string) => `{% if ${first} == blank %}${second}{% else %}\${${first}}{% endif %}`;

const JUMPCLOUD_NAME = oneOf('displayname', '${firstname} ${lastname}');

/** JumpCloud's systemuser (its API 1.0). Nothing in it is required: any field may be absent. */
const JUMPCLOUD: Preset = {
	displayName: 'JumpCloud to AD',
	description: 'People of a JumpCloud organization',
	key: '${employeeIdentifier}',
	shownName: JUMPCLOUD_NAME,
	person: { countryFrom: workAddress('country') },
	scope: conditions(
		// Staged people have not begun; JumpCloud does not provision them either ("Managing User States").
		['={{ $json.state }}', { type: 'string', operation: 'notEquals' }, 'STAGED'],
		// These are governed by JumpCloud's own integration with Active Directory: two writers of one account would chase each other.
		['={{ $json.external_dn }}', { type: 'string', operation: 'empty', singleValue: true }, ''],
		['={{ $json.external_source_type }}', { type: 'string', operation: 'notRegex' }, '/active.?directory|^ad$/i'],
		['={{ $json.delegatedAuthority.name }}', { type: 'string', operation: 'notEquals' }, 'ActiveDirectory'],
		['${restrictedFields | map: "type" | join: ","}', { type: 'string', operation: 'notContains' }, 'active_directory'],
	),
	leaverWhen: conditions(['={{ $json.state }}', { type: 'string', operation: 'equals' }, 'SUSPENDED']),
	dates: {},
	attributes: [
		row('employeeID', '${employeeIdentifier}'),
		// JumpCloud names a manager by _id: it must stand in an attribute to be found.
		row('employeeNumber', '${_id}'),
		row('displayName', JUMPCLOUD_NAME),
		row('givenName', '${firstname}'),
		row('middleName', '${middlename}'),
		row('sn', '${lastname}'),
		row('mail', '${email}'),
		row('title', '${jobTitle}'),
		row('department', '${department}'),
		row('departmentNumber', '${costCenter}'),
		row('company', '${company}'),
		row('employeeType', '${employeeType}'),
		row('physicalDeliveryOfficeName', '${location}'),
		row('telephoneNumber', phone('work')),
		row('mobile', phone('mobile')),
		row('streetAddress', workAddress('streetAddress')),
		row('l', workAddress('locality')),
		row('st', workAddress('region')),
		row('postalCode', workAddress('postalCode')),
		row('c', workAddress('country')),
		row('manager', '${manager}', { referenceBy: 'employeeNumber' }),
	],
	names: [
		name('sAMAccountName', '${username}', '${firstname | first_chars: 1}${lastname}', '${firstname}.${lastname}'),
		name('userPrincipalName', '${email}'),
		name('cn', '${displayname}', '${firstname} ${lastname}', '${firstname} ${lastname} (${employeeIdentifier})'),
	],
};

/** Users of RFC 7643, the enterprise extension included (section 4.3). */
const ENTERPRISE = '$json["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]';
const SCIM_NAME = oneOf('displayName', '${name.givenName} ${name.familyName}');
const WORK_MAIL = '${emails | where: "type", "work" | map: "value" | first}';

const SCIM: Preset = {
	displayName: 'SCIM to AD',
	description: 'Users of a service provider of RFC 7644',
	key: `={{ ${ENTERPRISE}.employeeNumber }}`,
	shownName: SCIM_NAME,
	person: { languageFrom: '${preferredLanguage}', countryFrom: workAddress('country') },
	scope: {},
	// "is equal to false" and not "is false", which a missing field meets too.
	leaverWhen: conditions(['={{ $json.active }}', { type: 'boolean', operation: 'equals' }, false]),
	dates: {},
	attributes: [
		row('employeeID', `={{ ${ENTERPRISE}.employeeNumber }}`),
		// A manager is named by id.
		row('employeeNumber', '${id}'),
		row('displayName', SCIM_NAME),
		row('givenName', '${name.givenName}'),
		row('middleName', '${name.middleName}'),
		row('sn', '${name.familyName}'),
		row('mail', WORK_MAIL),
		row('title', '${title}'),
		row('department', `={{ ${ENTERPRISE}.department }}`),
		row('departmentNumber', `={{ ${ENTERPRISE}.costCenter }}`),
		row('division', `={{ ${ENTERPRISE}.division }}`),
		row('company', `={{ ${ENTERPRISE}.organization }}`),
		row('employeeType', '${userType}'),
		row('telephoneNumber', '${phoneNumbers | where: "type", "work" | map: "value" | first}'),
		row('mobile', '${phoneNumbers | where: "type", "mobile" | map: "value" | first}'),
		row('streetAddress', workAddress('streetAddress')),
		row('l', workAddress('locality')),
		row('st', workAddress('region')),
		row('postalCode', workAddress('postalCode')),
		row('c', workAddress('country')),
		row('preferredLanguage', '${preferredLanguage}'),
		row('manager', `={{ ${ENTERPRISE}.manager.value }}`, { referenceBy: 'employeeNumber' }),
	],
	names: [
		name(
			'sAMAccountName',
			'${userName | split: "@" | first}',
			'${name.givenName | first_chars: 1}${name.familyName}',
			'${name.givenName}.${name.familyName}',
		),
		name('userPrincipalName', WORK_MAIL),
		name(
			'cn',
			'${displayName}',
			'${name.givenName} ${name.familyName}',
			'${name.givenName} ${name.familyName} (${userName})',
		),
	],
};

const GRAPH_NAME = oneOf('displayName', '${givenName} ${surname}');

/** Microsoft Graph's user resource, v1.0. */
const MICROSOFT_GRAPH: Preset = {
	displayName: 'Microsoft Graph to AD',
	description: 'Users of Microsoft Entra ID',
	key: '${employeeId}',
	shownName: GRAPH_NAME,
	person: { languageFrom: '${preferredLanguage}', countryFrom: '${usageLocation | default: country}' },
	// Whoever Entra Connect brings from Active Directory is governed there already.
	scope: conditions(['={{ $json.onPremisesSyncEnabled }}', { type: 'boolean', operation: 'notEquals' }, true]),
	// "is equal to false" and not "is false", which a missing field meets too.
	leaverWhen: conditions(['={{ $json.accountEnabled }}', { type: 'boolean', operation: 'equals' }, false]),
	dates: { startDate: '${employeeHireDate}', endDate: '${employeeLeaveDateTime}' },
	attributes: [
		row('employeeID', '${employeeId}'),
		// A manager is named by id.
		row('employeeNumber', '${id}'),
		row('displayName', GRAPH_NAME),
		row('givenName', '${givenName}'),
		row('sn', '${surname}'),
		row('mail', '${mail}'),
		row('title', '${jobTitle}'),
		row('department', '${department}'),
		row('company', '${companyName}'),
		row('employeeType', '${employeeType}'),
		row('physicalDeliveryOfficeName', '${officeLocation}'),
		row('telephoneNumber', '${businessPhones | first}'),
		row('mobile', '${mobilePhone}'),
		row('streetAddress', '${streetAddress}'),
		row('l', '${city}'),
		row('st', '${state}'),
		row('postalCode', '${postalCode}'),
		row('c', '${country}'),
		row('preferredLanguage', '${preferredLanguage}'),
		row('manager', '${manager.id}', { referenceBy: 'employeeNumber' }),
	],
	names: [
		name(
			'sAMAccountName',
			'${userPrincipalName | split: "@" | first}',
			'${givenName | first_chars: 1}${surname}',
			'${givenName}.${surname}',
		),
		name('userPrincipalName', '${userPrincipalName}'),
		name('cn', '${displayName}', '${givenName} ${surname}', '${displayName} (${employeeId})'),
	],
};

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
	custom: {
		displayName: 'Custom',
		description: 'Records of any shape',
		key: '',
		shownName: '',
		person: {},
		scope: {},
		leaverWhen: {},
		dates: {},
		attributes: [],
		names: [],
	},
	jumpCloud: JUMPCLOUD,
	microsoftGraph: MICROSOFT_GRAPH,
	scim: SCIM,
};

/** A preset's parameters by what they are. */
export type Section =
	| 'key'
	| 'displayName'
	| 'person'
	| 'scope'
	| 'leaverWhen'
	| 'awayWhen'
	| 'dates'
	| 'attributes'
	| 'names';

const PREFIXES: Readonly<Record<PresetName, string>> = {
	custom: '',
	jumpCloud: 'jumpCloud',
	microsoftGraph: 'graph',
	scim: 'scim',
};

/**
 * The parameter that holds a section of a preset. Each preset has parameters of its own: n8n 2.41 drops those that are not shown when the preset is
 * switched, so a preset always begins as it is. Under one name it would keep what was edited for one preset and fill the rest with the
 * defaults of the other, so that a leaver's condition of JumpCloud judged people of Graph.
 */
export function parameterOf(preset: PresetName, section: Section): string {
	const prefix = PREFIXES[preset];
	return prefix === '' ? section : `${prefix}${section.charAt(0).toUpperCase()}${section.slice(1)}`;
}
