/** The presets, on people in the shapes that their products publish. */
import type { IDataObject, INode } from 'n8n-workflow';
import { whyNoDesiredAccount } from '../../lib/desiredAccount';
import { seedPeople } from '../../demo/jumpcloud/people';
import { chain, node, runWorkflow, TYPES, type WorkflowRun } from '../support/n8n-core';

const OU = 'OU=People,DC=corp,DC=example,DC=com';

async function map(
	preset: string,
	input: readonly IDataObject[],
	more: INode['parameters'] = {},
): Promise<WorkflowRun> {
	const nodes = [node('Start', TYPES.start, {}), node('Map', TYPES.attributeMap, { preset, ou: OU, ...more })];
	return await runWorkflow({ nodes, connections: chain('Start', 'Map') }, { input });
}

async function account(preset: string, person: IDataObject): Promise<IDataObject> {
	const run = await map(preset, [person]);
	const [mapped] = run.out('Map')[0] ?? [];
	if (!mapped) throw new Error(JSON.stringify([run.error?.message, run.out('Map')]));
	return mapped;
}

describe('JumpCloud to AD', () => {
	const PERSON: IDataObject = {
		_id: '5f1a00000000000000019005',
		username: 'anna.schmidt',
		email: 'Anna.Schmidt@example.com',
		displayname: '',
		firstname: 'Anna',
		lastname: 'Schmidt',
		state: 'ACTIVATED',
		employeeIdentifier: 'E19005',
		manager: '5f1a00000000000000019001',
		department: 'Sales',
		jobTitle: 'Agent',
		costCenter: '4711',
		location: 'HQ',
		addresses: [
			{ type: 'home', country: 'FR', locality: 'Paris' },
			{ type: 'work', country: 'DE', locality: 'Berlin', streetAddress: 'Platz 1', postalCode: '10117', region: 'BE' },
		],
		phoneNumbers: [{ type: 'work', number: '030 901820' }],
	};

	test('maps a person whole', async () => {
		const made = await account('jumpCloud', PERSON);
		expect(whyNoDesiredAccount(made)).toBeUndefined();
		expect(made).toEqual({
			formatVersion: 1,
			key: 'E19005',
			previousKeys: [],
			displayName: 'Anna Schmidt',
			lifecycle: 'active',
			attributes: {
				employeeID: 'E19005',
				employeeNumber: '5f1a00000000000000019005',
				displayName: 'Anna Schmidt',
				givenName: 'Anna',
				sn: 'Schmidt',
				mail: 'anna.schmidt@example.com',
				title: 'Agent',
				department: 'Sales',
				departmentNumber: '4711',
				physicalDeliveryOfficeName: 'HQ',
				telephoneNumber: '+4930901820',
				streetAddress: 'Platz 1',
				l: 'Berlin',
				st: 'BE',
				postalCode: '10117',
				c: 'DE',
				co: 'Germany',
				countryCode: '276',
				manager: { by: 'employeeNumber', value: '5f1a00000000000000019001' },
			},
			createOnly: [],
			fillOnly: [],
			names: {
				sAMAccountName: {
					candidates: ['anna.schmidt', 'ASchmidt', 'Anna.Schmidt'].slice(0, 2),
					counter: { base: 'anna.schmidt', start: 2, width: 1, limit: 99, maxLength: 20 },
				},
				userPrincipalName: {
					candidates: ['Anna.Schmidt@example.com'],
					counter: { base: 'Anna.Schmidt@example.com', start: 2, width: 1, limit: 99, maxLength: 64 },
				},
				cn: {
					candidates: ['Anna Schmidt', 'Anna Schmidt (E19005)'],
					counter: { base: 'Anna Schmidt', start: 2, width: 1, limit: 99, maxLength: 64 },
				},
			},
			review: [],
			ou: OU,
			groups: [],
			managedGroups: [],
			startsAt: null,
			endsAt: null,
		});
	});

	test.each<[what: string, change: IDataObject, conditions: string[]]>([
		['staged', { state: 'STAGED' }, ['state is not "STAGED"']],
		['from a directory', { external_dn: 'CN=A,DC=x' }, ['external_dn is empty']],
		[
			'from Active Directory',
			{ external_source_type: 'Active Directory' },
			['external_source_type does not match "/active.?directory|^ad$/i"'],
		],
		[
			'delegated to Active Directory',
			{ delegatedAuthority: { id: '1', name: 'ActiveDirectory' } },
			['delegatedAuthority.name is not "ActiveDirectory"'],
		],
		[
			'restricted by Active Directory',
			{ restrictedFields: [{ id: '1', field: 'email', type: 'active_directory' }] },
			['restrictedFields | map: "type" | join: "," does not contain "active_directory"'],
		],
	])('leaves out who is %s', async (_what, change, conditions) => {
		const run = await map('jumpCloud', [{ ...PERSON, ...change }]);
		expect(run.out('Map')).toEqual([[], [], [{ key: 'E19005', displayName: 'Anna Schmidt', conditions }]]);
	});

	test('keeps who has these fields empty, as JumpCloud sends them', async () => {
		const empty = { external_dn: '', external_source_type: '', delegatedAuthority: null, restrictedFields: [] };
		expect((await account('jumpCloud', { ...PERSON, ...empty }))['key']).toBe('E19005');
	});

	test('takes a suspended person for a leaver', async () => {
		expect((await account('jumpCloud', { ...PERSON, state: 'SUSPENDED' }))['lifecycle']).toBe('leaver');
	});

	test('maps, rejects or leaves out every one of the simulator’s people, for a reason', async () => {
		const people = seedPeople({ seed: 1, count: 250 });
		const run = await map('jumpCloud', people as unknown as IDataObject[]);
		const [mapped = [], rejected = [], outOfScope = []] = run.out('Map');
		expect(mapped.length + rejected.length + outOfScope.length).toBe(250);
		expect(mapped.map(whyNoDesiredAccount).filter(Boolean)).toEqual([]);
		const staged = people.filter(({ state }) => state === 'STAGED').length;
		const keyless = people.filter(({ state, employeeIdentifier }) => state !== 'STAGED' && !employeeIdentifier).length;
		expect(outOfScope).toHaveLength(staged);
		expect(rejected).toHaveLength(keyless);
		for (const { problems } of rejected as unknown as Array<{ problems: Array<{ rule: string }> }>)
			expect(problems.map(({ rule }) => rule)).toEqual(['required']);
	});

	test('stays as it is where one row is changed', async () => {
		const values = [{ attribute: 'department', value: '${department} (${costCenter})' }];
		const run = await map('jumpCloud', [PERSON], { jumpCloudAttributes: { values } });
		expect(run.out('Map')[0]?.[0]).toMatchObject({ attributes: { department: 'Sales (4711)' }, key: 'E19005' });
	});
});

describe('SCIM to AD', () => {
	/** RFC 7643 section 8.3, enterprise user, shortened. */
	const PERSON: IDataObject = {
		id: '2819c223-7f76-453a-919d-413861904646',
		userName: 'bjensen@example.com',
		name: { familyName: 'Jensen', givenName: 'Barbara', middleName: 'Jane' },
		displayName: 'Babs Jensen',
		active: true,
		title: 'Tour Guide',
		userType: 'Employee',
		preferredLanguage: 'en-US',
		emails: [
			{ value: 'babs@jensen.org', type: 'home' },
			{ value: 'bjensen@example.com', type: 'work', primary: true },
		],
		phoneNumbers: [{ value: '+1 212 736 5000', type: 'work' }],
		addresses: [{ type: 'work', locality: 'Hollywood', region: 'CA', postalCode: '91608', country: 'USA' }],
		'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
			employeeNumber: '701984',
			costCenter: '4130',
			organization: 'Universal Studios',
			division: 'Theme Park',
			department: 'Tour Operations',
			manager: { value: '26118915-6090-4610-87e4-49d8ca9f808d' },
		},
	};

	test('maps a person with the enterprise extension', async () => {
		const made = await account('scim', PERSON);
		expect(whyNoDesiredAccount(made)).toBeUndefined();
		expect(made).toMatchObject({
			key: '701984',
			displayName: 'Babs Jensen',
			lifecycle: 'active',
			attributes: {
				employeeID: '701984',
				employeeNumber: '2819c223-7f76-453a-919d-413861904646',
				givenName: 'Barbara',
				middleName: 'Jane',
				sn: 'Jensen',
				mail: 'bjensen@example.com',
				department: 'Tour Operations',
				division: 'Theme Park',
				company: 'Universal Studios',
				telephoneNumber: '+12127365000',
				c: 'US',
				countryCode: '840',
				manager: { by: 'employeeNumber', value: '26118915-6090-4610-87e4-49d8ca9f808d' },
			},
			names: {
				sAMAccountName: { candidates: ['bjensen', 'Barbara.Jensen'] },
				userPrincipalName: { candidates: ['bjensen@example.com'] },
			},
		});
	});

	test.each<[active: unknown, lifecycle: string]>([
		[true, 'active'],
		[false, 'leaver'],
		// Microsoft Entra's provisioning service is known for this spelling.
		['False', 'leaver'],
		['True', 'active'],
		[undefined, 'active'],
		[null, 'active'],
	])('takes active %j for %s', async (active, lifecycle) => {
		const { active: _given, ...person } = PERSON;
		const made = await account('scim', active === undefined ? person : { ...person, active: active });
		expect(made['lifecycle']).toBe(lifecycle);
	});

	test('rejects who has no employee number', async () => {
		const { 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': _gone, ...person } = PERSON;
		const run = await map('scim', [person]);
		expect(run.out('Map').map((items) => items.length)).toEqual([0, 1, 0]);
	});
});

describe('Microsoft Graph to AD', () => {
	const PERSON: IDataObject = {
		id: '87d349ed-44d7-43e1-9a83-5f2406dee5bd',
		accountEnabled: true,
		employeeId: '1042',
		userPrincipalName: 'AdeleV@example.com',
		mail: 'AdeleV@example.com',
		givenName: 'Adele',
		surname: 'Vance',
		displayName: 'Adele Vance',
		jobTitle: 'Product Marketing Manager',
		department: null,
		businessPhones: ['+49 30 901820'],
		mobilePhone: null,
		usageLocation: 'DE',
		country: 'Germany',
		preferredLanguage: 'de-DE',
		employeeHireDate: '2026-01-01T00:00:00Z',
	};

	test('maps a person whole', async () => {
		const made = await account('microsoftGraph', PERSON);
		expect(whyNoDesiredAccount(made)).toBeUndefined();
		expect(made).toMatchObject({
			key: '1042',
			lifecycle: 'active',
			attributes: { employeeNumber: PERSON['id'], c: 'DE', co: 'Germany', telephoneNumber: '+4930901820' },
			names: { sAMAccountName: { candidates: ['AdeleV', 'AVance', 'Adele.Vance'] } },
			endsAt: null,
		});
		expect(made['startsAt']).toMatch(/^(2025-12-31|2026-01-01)T/);
		expect(Object.keys(made['attributes'] as IDataObject)).not.toContain('department');
	});

	test.each<[enabled: boolean | null | undefined, lifecycle: string]>([
		[true, 'active'],
		[false, 'leaver'],
		[null, 'active'],
		[undefined, 'active'],
	])('takes accountEnabled %j for %s: a field that was not asked for closes no account', async (enabled, lifecycle) => {
		const { accountEnabled: _given, ...person } = PERSON;
		const made = await account(
			'microsoftGraph',
			enabled === undefined ? person : { ...person, accountEnabled: enabled },
		);
		expect(made['lifecycle']).toBe(lifecycle);
	});

	test.each<[synced: boolean | null, outputs: number[]]>([
		[true, [0, 0, 1]],
		[false, [1, 0, 0]],
		[null, [1, 0, 0]],
	])('leaves out who comes from Active Directory: onPremisesSyncEnabled %j', async (synced, outputs) => {
		const run = await map('microsoftGraph', [{ ...PERSON, onPremisesSyncEnabled: synced }]);
		expect(run.out('Map').map((items) => items.length)).toEqual(outputs);
	});
});

describe('a preset', () => {
	test('knows nothing of what was entered for another one', async () => {
		const more = {
			key: '${wrong}',
			scimKey: '${wrong}',
			attributes: { values: [{ attribute: 'title', value: 'wrong' }] },
		};
		const run = await map(
			'microsoftGraph',
			[{ employeeId: '7', userPrincipalName: 'a@example.com', surname: 'A' }],
			more,
		);
		expect(run.out('Map')[0]?.[0]).toMatchObject({ key: '7', attributes: { employeeID: '7', sn: 'A' } });
		expect(run.out('Map')[0]?.[0]).not.toHaveProperty('attributes.title');
	});
});
