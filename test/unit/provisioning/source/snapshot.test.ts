import { guidOf } from '../../../../lib/directory/accounts/account';
import { bytesOf, textOf, textsOf, type Entry } from '../../../../lib/directory/entry';
import { parseFilterText } from '../../../../lib/directory/filterText';
import { guidToBytes } from '../../../../lib/directory/guid';
import { sidToBytes, sidToText } from '../../../../lib/directory/sid';
import type { AccountsRequest } from '../../../../lib/provisioning/plan/types';
import { snapshotSource } from '../../../../lib/provisioning/source/snapshot';
import { metaData } from '../../../support/metaData';

const BASE = 'DC=corp,DC=example,DC=com';
const PEOPLE = `OU=People,${BASE}`;
const GUID = '0f0f0f0f-1111-4222-8333-abcdefabcdef';
const NOW = '2026-03-01T08:00:00.123Z';
const REQUEST: AccountsRequest = {
	...{ bases: [], filterText: '', filter: undefined, excludedOus: [], leaverOu: '', attributes: [] },
};

const user = (name: string, ou = PEOPLE, more: Record<string, (string | Buffer)[]> = {}): Entry => ({
	dn: `CN=${name},${ou}`,
	attributes: { objectclass: ['top', 'person', 'user'], useraccountcontrol: ['512'], samaccountname: [name], ...more },
});
const group = (name: string, more: Record<string, (string | Buffer)[]> = {}): Entry => ({
	dn: `CN=${name},CN=Users,${BASE}`,
	attributes: { objectclass: ['top', 'group'], cn: [name], samaccountname: [name], ...more },
});
const unit = (dn: string): Entry => ({ dn, attributes: { objectclass: ['top', 'organizationalUnit'] } });
const source = (...entries: readonly Entry[]) => snapshotSource(entries, { now: NOW });
const names = (entries: readonly Entry[]) => entries.map((entry) => textOf(entry, 'sAMAccountName'));

describe('a snapshot', () => {
	test('says which domain it is of, by its domain object or by the names in it', async () => {
		const head = { dn: BASE, attributes: { objectclass: ['domainDNS'], objectguid: [guidToBytes(GUID)] } };
		expect(await source(user('ada'), head).facts()).toEqual({
			...{ source: 'snapshot', dn: BASE, domain: 'corp.example.com', domainGuid: GUID, dc: '' },
			...{ invocationId: '', usn: '0', now: '2026-03-01T08:00:00Z' },
		});
		const [one, other] = [await source(user('ada')).facts(), await source(user('bob')).facts()];
		expect(one).toMatchObject({ dn: BASE, domain: 'corp.example.com' });
		expect(one.domainGuid).toBe(other.domainGuid);
		expect(() => source()).toThrow(/which domain/);
		expect(await snapshotSource([], { now: NOW, domain: BASE }).facts()).toMatchObject({ dn: BASE });
	});

	test('gives objects without GUID or SID always the same ones, whatever way their names are spelled', async () => {
		const read = async (...entries: Entry[]) => (await source(...entries).accounts(REQUEST)).inScope;
		const [one] = await read(user('ada'));
		const [other] = await read(user('Ada', PEOPLE.toLowerCase()), user('bob'));
		const [twice, ...more] = await read(user('ada'), user('ada'));
		expect([one, other, twice].map((entry) => entry && guidOf(entry))).toEqual(Array(3).fill(one && guidOf(one)));
		expect(more).toEqual([]);
		const sid = sidToText((one && bytesOf(one, 'objectSid')) ?? Buffer.alloc(0));
		expect(sid).toMatch(/^S-1-5-21-\d+-\d+-\d+-\d{4,}$/);
		expect((await source(user('ada')).protection())(one ?? user('x'))).toBeUndefined();
	});
});

describe('the accounts of a snapshot', () => {
	const leavers = `OU=Leavers,${BASE}`;
	const all = [
		...[user('ada'), user('bob', `OU=Guests,${PEOPLE}`), user('gone', leavers), user('out', `CN=Users,${BASE}`)],
		...[unit(PEOPLE), unit(`OU=Guests,${PEOPLE}`), unit(leavers), unit(`OU=Empty,${BASE}`), group('staff')],
		user('pc', PEOPLE, { objectclass: ['top', 'person', 'user', 'computer'] }),
	];
	test.each<[how: string, changes: Partial<AccountsRequest>, inScope: string[], inLeaverOu: string[]]>([
		['all', {}, ['ada', 'bob', 'gone', 'out'], []],
		['below a base', { bases: [PEOPLE.toLowerCase()] }, ['ada', 'bob'], []],
		['below bases that overlap', { bases: [PEOPLE, BASE, PEOPLE] }, ['ada', 'bob', 'gone', 'out'], []],
		['without excluded units', { bases: [PEOPLE], excludedOus: [`OU=Guests,${PEOPLE}`] }, ['ada'], []],
		['that a filter takes', { filter: parseFilterText('(sAMAccountName=*d*)') }, ['ada'], []],
		['and the leaver OU', { bases: [PEOPLE], leaverOu: leavers }, ['ada', 'bob'], ['gone']],
		['and the leaver OU in scope', { leaverOu: leavers }, ['ada', 'bob', 'gone', 'out'], []],
		['below an empty unit', { bases: [`OU=Empty,${BASE}`] }, [], []],
	])('are people only: %s', async (_how, changes, inScope, inLeaverOu) => {
		const read = await source(...all).accounts({ ...REQUEST, ...changes });
		expect(names(read.inScope)).toEqual(inScope);
		expect(names(read.inLeaverOu)).toEqual(inLeaverOu);
	});

	test.each<[what: string, changes: Partial<AccountsRequest>]>([
		['search base', { bases: [`OU=No,${BASE}`] }],
		['excluded unit', { excludedOus: ['OU=No,DC=x'] }],
		['unit for leavers', { leaverOu: `OU=No,${BASE}` }],
	])('are refused when a %s does not exist', async (what, changes) => {
		await expect(source(...all).accounts({ ...REQUEST, ...changes })).rejects.toThrow(what);
	});
});

describe('values and names of a snapshot', () => {
	const all = [
		user('ada', PEOPLE, { employeeid: ['E1'], mail: ['ada@x.org'], userprincipalname: ['Ada@corp.example.com'] }),
		user('bob', PEOPLE, { employeeid: ['E2'], proxyaddresses: ['SMTP:bob@x.org', 'smtp:robert@x.org'], cn: ['bob'] }),
	];
	test('are found without case and outer blanks', async () => {
		const { find } = source(...all);
		expect(names(await find('employeeID', [' e1', 'E1', 'E9', ''], []))).toEqual(['ada']);
		expect(names(await find('distinguishedName', [`cn=BOB, ${PEOPLE}`], []))).toEqual(['bob']);
		const [ada] = await find('employeeID', ['E1'], []);
		expect(names(await find('objectGUID', [ada ? guidOf(ada) : '', 'nonsense'], []))).toEqual(['ada']);
	});

	test.each<[attribute: 'sAMAccountName' | 'userPrincipalName' | 'mail', value: string, holder: string[]]>([
		['sAMAccountName', 'ADA', ['ada']],
		['userPrincipalName', 'bob@corp.example.com', ['bob']],
		['userPrincipalName', 'bob@other.example.com', []],
		['mail', 'robert@X.org', ['bob']],
		['mail', 'nobody@x.org', []],
		['mail', '', []],
	])('are held with what they imply: %s %s', async (attribute, value, holder) => {
		expect(names(await source(...all).named([{ attribute, value }]))).toEqual(holder);
	});

	test('are held in one container where they are common names', async () => {
		const { named } = source(...all);
		const lookup = (value: string, parent: string) => named([{ attribute: 'cn', value, parent }]);
		expect(names(await lookup('ADA', PEOPLE.toLowerCase()))).toEqual(['ada']);
		expect(names(await lookup('bob', PEOPLE))).toEqual(['bob']);
		expect(names(await lookup('ada', BASE))).toEqual([]);
	});
});

describe('protected accounts and groups of a snapshot', () => {
	const admins = `CN=Domain Admins,CN=Users,${BASE}`;
	test.each<[how: string, entries: Entry[]]>([
		['by memberOf', [group('Domain Admins'), user('ada', PEOPLE, { memberof: [admins] }), user('bob')]],
		['by memberOf of a group that is only mentioned', [user('ada', PEOPLE, { memberof: [admins] }), user('bob')]],
		[
			'by the members of the group',
			[group('Domain Admins', { member: [`CN=ada,${PEOPLE}`] }), user('ada'), user('bob')],
		],
		[
			'by the SID of the group, whatever it is called',
			[
				group('Chefs', { objectsid: [sidToBytes('S-1-5-21-1-2-3-512')] }),
				user('ada', PEOPLE, {
					memberof: [`CN=Chefs,CN=Users,${BASE}`],
					objectsid: [sidToBytes('S-1-5-21-1-2-3-2000')],
				}),
				user('bob', PEOPLE, { objectsid: [sidToBytes('S-1-5-21-1-2-3-2001')] }),
			],
		],
		[
			'through another group',
			[
				...[group('Domain Admins'), group('inner', { memberof: [admins] }), user('bob')],
				user('ada', PEOPLE, { memberof: [`CN=inner,CN=Users,${BASE}`] }),
			],
		],
		['by adminCount', [user('ada', PEOPLE, { admincount: ['1'] }), user('bob')]],
	])('are told %s', async (_how, entries) => {
		const { accounts, protection } = source(...entries);
		const reasonOf = await protection();
		const reasons = (await accounts(REQUEST)).inScope.map((entry) => [
			textOf(entry, 'sAMAccountName'),
			!!reasonOf(entry),
		]);
		expect(Object.fromEntries(reasons)).toEqual({ ada: true, bob: false });
	});

	test('are told of groups, and which of them lead there', async () => {
		const inner = group('inner', { memberof: [admins] });
		const withAda = group('withAda', { objectguid: [guidToBytes(GUID)] });
		const ada = user('ada', PEOPLE, { memberof: [admins, withAda.dn] });
		const near = group('near', { memberof: [`CN=Remote Desktop Users,CN=Builtin,${BASE}`] });
		const known = await source(group('Domain Admins'), inner, withAda, ada, near, group('staff')).groups([
			...[
				'Domain Admins',
				'inner',
				'withAda',
				'near',
				'staff',
				GUID,
				`CN=Remote Desktop Users,CN=Builtin,${BASE}`,
				'no',
			],
		]);
		const told = [...known].map(([name, each]) =>
			'reason' in each ? [name, 'unfit'] : [name, each.protection ? 'protected' : each.near ? 'near' : 'free'],
		);
		expect(told).toEqual([
			...[
				['Domain Admins', 'protected'],
				['inner', 'protected'],
				['withAda', 'near'],
				['near', 'near'],
			],
			...[
				['staff', 'free'],
				[GUID, 'near'],
				[`CN=Remote Desktop Users,CN=Builtin,${BASE}`, 'protected'],
				['no', 'unfit'],
			],
		]);
	});

	test('have memberships that only the groups know', async () => {
		const read = await source(group('staff', { member: [`cn=ADA,${PEOPLE}`] }), user('ada')).accounts(REQUEST);
		expect(read.inScope.map((entry) => textsOf(entry, 'memberOf'))).toEqual([[`CN=staff,CN=Users,${BASE}`]]);
	});
});

describe('places of a snapshot', () => {
	const fit = async (entries: Entry[], text: string) => {
		const place = (await source(...entries).places([text])).get(text);
		return place && 'dn' in place ? place.dn : 'unfit';
	};
	test.each<[what: string, entries: Entry[], text: string, expected: string]>([
		['a unit by name', [unit(PEOPLE)], 'people', PEOPLE],
		['a unit by distinguished name', [unit(PEOPLE)], PEOPLE.toUpperCase(), PEOPLE],
		['a unit that is not there', [unit(PEOPLE)], `OU=No,${BASE}`, 'unfit'],
		['two units of one name', [unit(PEOPLE), unit(`OU=People,${PEOPLE}`)], 'People', 'unfit'],
		['a place that accounts stand in', [unit(`OU=X,${BASE}`), user('ada')], PEOPLE, PEOPLE],
		['an account', [unit(PEOPLE), user('ada')], `CN=ada,${PEOPLE}`, 'unfit'],
		['any place of the domain, without a single unit in it', [user('ada')], `OU=New,${BASE}`, `OU=New,${BASE}`],
		['a place outside it', [user('ada')], 'OU=New,DC=x', 'unfit'],
		['no name', [user('ada')], '', 'unfit'],
	])('%s', async (_what, entries, text, expected) => {
		expect(await fit(entries, text)).toBe(expected);
	});
});

describe('what a snapshot knows of attributes', () => {
	test('is what Microsoft’s schema says; others are allowed', async () => {
		const facts = await source(user('ada')).schema(['employeeID', 'x-own']);
		expect(facts.get('employeeid')).toMatchObject({ maxLength: 16 });
		expect([...facts.keys()]).toEqual(['employeeid', 'x-own']);
	});

	test('is where marks can stand', async () => {
		expect(await source(user('ada')).markRoom('carLicense')).toBe(Infinity);
		expect(await source(user('ada')).markRoom('x-own')).toBe(Infinity);
		await expect(source(user('ada')).markRoom('employeeID')).rejects.toThrow('employeeID');
	});

	test('is whose mark was overtaken, where it has the history of the object', async () => {
		const mark = { state: 'left' as const, at: '2026-01-01T00:00:00Z', text: 'adprov1:left' };
		const history = (at: string) => ({ replpropertymetadata: [metaData([{ type: 0x90008, at }])] });
		const entry = (name: string, more = {}) => user(name, PEOPLE, { carlicense: [mark.text], ...more });
		const all = [entry('none'), entry('same', history(mark.at)), entry('later', history('2026-02-01T00:00:00Z'))];
		const { accounts, overtaken } = source(...all);
		const { inScope } = await accounts(REQUEST);
		const late = await overtaken(inScope.map((each) => ({ entry: each, mark })));
		expect(names(inScope.filter((each) => late.has(guidOf(each))))).toEqual(['later']);
	});
});

test('many accounts are asked about at once, and none of them by itself', async () => {
	const many = Array.from({ length: 20_000 }, (_, index) =>
		user(`u${index}`, `OU=Dept ${index % 40},${BASE}`, { memberof: [`CN=Group ${index % 9},CN=Users,${BASE}`] }),
	);
	const { accounts, protection, groups } = source(...many);
	const { inScope } = await accounts({ ...REQUEST, excludedOus: [`OU=Dept 3,${BASE}`] });
	const reasonOf = await protection();
	expect(inScope).toHaveLength(19_500);
	expect(inScope.filter(reasonOf)).toEqual([]);
	expect((await groups(['Group 1'])).get('Group 1')).toMatchObject({ dn: `CN=Group 1,CN=Users,${BASE}` });
});
