/** HR system, Attribute Map and Create Plan in n8n's engine, with an LDIF export in place of the domain: who is what, from end to end. */
import type { IDataObject } from 'n8n-workflow';
import { guidToBytes } from '../../lib/directory/guid';
import { makeMark } from '../../lib/directory/mark';
import { makeSnapshot } from '../../lib/directory/snapshot';
import { locator, rows, textIn } from '../support/ad-provision';
import { SIGNING_KEY } from '../support/directory';
import { condition, listing, NO_MEMORY, runFlow, type FlowRun, type HrPerson, type Memory } from '../support/hr-flow';
import { closeAll } from '../support/http';

afterEach(closeAll);

const BASE = 'DC=corp,DC=example,DC=com';
const PEOPLE = `OU=People,${BASE}`;
const LEAVERS = `OU=Leavers,${BASE}`;
const DOMAIN_GUID = '0f0f0f0f-1111-4222-8333-abcdefabcdef';
const PEOPLE_GUID = '0f0f0f0f-1111-4222-8333-abcdefabcd00';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const day = (days: number) => inDays(days).slice(0, 10);
const instant = (days: number) => inDays(days).replace(/\.\d+Z$/, 'Z');

type Lines = ReadonlyArray<readonly [attribute: string, value: string | Buffer]>;

/** As RFC 2849 has it. */
function record(dn: string, lines: Lines): string {
	const line = ([name, value]: Lines[number]) => {
		const isPlain = typeof value === 'string' && /^[\x20-\x7e]*$/.test(value);
		return isPlain ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`;
	};
	return [['dn', dn] as const, ...lines].map(line).join('\n');
}

const classes = (...names: readonly string[]): Lines => ['top', ...names].map((name) => ['objectClass', name] as const);
const unit = (dn: string, more: Lines = []) => record(dn, [...classes('organizationalUnit'), ...more]);
const group = (name: string) =>
	record(`CN=${name},OU=Groups,${BASE}`, [
		...classes('group'),
		...([
			['cn', name],
			['sAMAccountName', name],
			['groupType', '-2147483646'],
		] as const),
	]);

type State = 'enabled' | 'pending' | 'left' | 'disabled';
type Held = { readonly state?: State; readonly days?: number; readonly ou?: string; readonly more?: Lines };

/** The same for everybody in the tests. */
const guidOf = (number: string) => `11111111-2222-4333-8444-${Buffer.from(number.padStart(6)).toString('hex')}`;

function mark(number: string, state: State, days: number): Lines {
	const at = instant(-days);
	const subject = { domainGuid: DOMAIN_GUID, matchAttribute: 'employeeID', matchValue: number };
	if (state === 'pending') return [['carLicense', makeMark(SIGNING_KEY, { state: 'pending', ...subject }, at)]];
	if (state !== 'left') return [];
	const objectGuid = guidOf(number);
	const before = { ou: { guid: PEOPLE_GUID, dn: PEOPLE }, groups: [], attributes: [], pwdLastSet: '' };
	return [
		['carLicense', makeMark(SIGNING_KEY, { state: 'left', objectGuid }, at)],
		['carLicense', makeSnapshot(SIGNING_KEY, objectGuid, { at, ...before })],
	];
}

/** An account as this tool makes it from the HR record. */
function account(number: string, { state = 'enabled', days = 3, ou = PEOPLE, more = [] }: Held = {}): string {
	const name = `Zoë ${number}`;
	return record(`CN=${name},${ou}`, [
		...classes('person', 'organizationalPerson', 'user'),
		...([
			['objectGUID', guidToBytes(guidOf(number))],
			['cn', name],
			['sAMAccountName', number.toLowerCase()],
			['userPrincipalName', `${number.toLowerCase()}@corp.example.com`],
			['employeeID', number],
			['displayName', name],
			['givenName', 'Zoë'],
			['sn', number],
			['department', 'Engines'],
			['userAccountControl', state === 'enabled' ? '512' : '514'],
			['pwdLastSet', '133500000000000000'],
			['whenChanged', '20260101000000.0Z'],
		] as const),
		...mark(number, state, days),
		...more,
	]);
}

const directory = (...records: readonly string[]) =>
	[
		'version: 1',
		record(BASE, [...classes('domain', 'domainDNS'), ['objectGUID', guidToBytes(DOMAIN_GUID)]]),
		unit(PEOPLE, [['objectGUID', guidToBytes(PEOPLE_GUID)]]),
		...[`OU=Elsewhere,${BASE}`, LEAVERS, `OU=Groups,${BASE}`].map((dn) => unit(dn)),
		...['Domain Admins', 'Engineers'].map(group),
		...records,
	].join('\n\n');

const person = (number: string, changes: Partial<HrPerson> = {}): HrPerson => ({
	...{ id: `id-${number}`, number, first: 'Zoë', last: number, department: 'Engines', state: 'ACTIVE', unit: 'People' },
	...changes,
});

const MAPPING: IDataObject = {
	awayWhen: condition('state', 'equals', 'AWAY'),
	person: { previousKeys: '${formerly}' },
	dates: { startDate: '${since}', endDate: '${until}', timeZone: 'UTC' },
	attributes: {
		values: [
			...['givenName=first', 'sn=last', 'department=department', 'mail=mail'].map((row) => {
				const [attribute = '', field = ''] = row.split('=');
				return { attribute, value: `\${${field}}` };
			}),
			{ attribute: 'displayName', value: '${first} ${last}' },
			{ attribute: 'manager', value: '${manager}', rule: { referenceBy: 'employeeID' } },
		],
	},
	ou: `OU=\${unit},${BASE}`,
	groups: `CN=\${team},OU=Groups,${BASE}`,
};

/** Nobody answers at the address of the credential. */
const NOWHERE: IDataObject = {
	...{ domainControllers: '127.0.0.1', port: 1, security: 'ldaps', ignoreTlsIssues: false, connectTimeout: 1 },
	...{ bindName: 'nobody@corp.example.com', bindPassword: 'of no use', baseDn: '', signingSecret: SIGNING_KEY },
	...{ trustedAuthorities: '', serverName: '', operationTimeout: 5 },
};

async function plan(people: readonly HrPerson[], ldif: string, memory: Memory = NO_MEMORY): Promise<FlowRun> {
	const scope = {
		...{ directorySource: 'ldifText', ldifText: ldif, matchOn: 'mail' },
		searchBases: rows({ unit: locator('dn', PEOPLE) }),
		leaverOptions: { moveTo: locator('dn', LEAVERS) },
	};
	const run = await runFlow({ credentials: NOWHERE, ou: PEOPLE, scope }, listing('whole', people), memory, {
		...{ style: 'whole', mapping: MAPPING, planOnly: true },
	});
	expect(run.ran.error).toBeUndefined();
	expect(run.plan).toMatchObject({ directory: { source: 'snapshot', domainGuid: DOMAIN_GUID } });
	return run;
}

/** Per person: what kind of change, and its steps. */
function told({ changes }: FlowRun): Record<string, string> {
	return Object.fromEntries(
		changes.map((change) => {
			const steps = change['steps'] as ReadonlyArray<{ readonly do: string }>;
			return [textIn(change, 'key'), `${textIn(change, 'lifecycle')}: ${steps.map((step) => step.do).join(' ')}`];
		}),
	);
}

const problems = ({ ran }: FlowRun) => (ran.out('Plan')[2] ?? []).map(({ key, kind, urgent }) => [key, kind, urgent]);

test('everybody is what the table says', async () => {
	const gone = { state: 'GONE' };
	const moved = { department: 'Bridges' };
	const admins: Lines = [['memberOf', `CN=Domain Admins,OU=Groups,${BASE}`]];
	const rowsOf: ReadonlyArray<
		readonly [number: string, hr: Partial<HrPerson>, held: Held | null, planned: string | null]
	> = [
		['E01', {}, null, 'joiner: create setPassword enable'],
		['E02', { since: day(30) }, null, null],
		['E03', { since: day(3) }, { state: 'pending' }, null],
		['E04', { since: day(3), ...moved }, { state: 'pending' }, 'joiner: set'],
		['E05', { since: day(-3) }, { state: 'pending' }, 'joiner: setPassword enable'],
		['E06', {}, {}, null],
		['E07', moved, {}, 'mover: set'],
		['E08', {}, { state: 'left', ou: LEAVERS }, 'rehire: relocate setPassword enable'],
		['E09', {}, { state: 'left', days: 400, ou: LEAVERS }, null],
		['E10', {}, { state: 'disabled' }, null],
		['E11', {}, { ou: `OU=Elsewhere,${BASE}` }, null],
		['E12', { state: 'AWAY', ...moved }, {}, null],
		['E13', gone, {}, 'leaver: disable relocate'],
		['E14', gone, { state: 'pending' }, 'leaver: disable relocate'],
		['E15', gone, { state: 'left', ou: LEAVERS }, null],
		['E16', gone, { state: 'disabled' }, null],
		['E17', gone, null, null],
		['E18', { until: day(-3) }, {}, 'leaver: disable relocate'],
		['E19', gone, { more: admins }, null],
		['E20', moved, { more: admins }, null],
	];
	const run = await plan(
		rowsOf.map(([number, hr]) => person(number, hr)),
		directory(...rowsOf.flatMap(([number, , held]) => (held ? [account(number, held)] : []))),
	);
	expect(told(run)).toEqual(
		Object.fromEntries(rowsOf.flatMap(([number, , , planned]) => (planned === null ? [] : [[number, planned]]))),
	);
	expect(problems(run)).toEqual([
		['E19', 'protected', true],
		['E20', 'protected', true],
		['E09', 'left long ago', false],
		['E10', 'disabled by others', false],
		['E11', 'out of scope', false],
	]);
	expect(run.plan).toMatchObject({
		counts: { people: { joiner: 3, mover: 1, leaver: 3, rehire: 1, unchanged: 7, problem: 5 } },
		guard: { ok: true },
	});
});

test('what cannot be done is a problem of each person, and a group that is none is one of the plan', async () => {
	const run = await plan(
		[
			person('P01', { unit: 'Nowhere' }),
			...['P02', 'P03'].map((number) => person(number, { team: 'Nobody' })),
			person('P04', { mail: 'zoe@example.com' }),
			person('P05'),
			person('P06', { number: 'P07' }),
			person('P07'),
			person('P08', { department: 'x'.repeat(65) }),
		],
		directory(
			account('A01', { more: [['mail', 'zoe@example.com']] }),
			account('P05'),
			// A copy of an account, with everything of it but the GUID.
			account('P05', { ou: `OU=Sub,${PEOPLE}` }).replace(guidLine('P05'), guidLine('Q05')),
		),
	);
	expect(told(run)).toEqual({
		P02: 'joiner: create setPassword enable',
		P03: 'joiner: create setPassword enable',
	});
	expect(problems(run)).toEqual(
		expect.arrayContaining([
			['P01', 'organisational unit', false],
			['P04', 'review', false],
			['P05', 'ambiguous', false],
			['', 'group', false],
		]),
	);
	expect(problems(run)).toHaveLength(4);
	// Two with one key, and one with a bad value, were rejected before.
	expect(run.plan).toMatchObject({ feed: { received: 8, mapped: 5, rejected: 3 } });
});

const guidLine = (number: string) => `objectGUID:: ${guidToBytes(guidOf(number)).toString('base64')}`;

test('names and people are resolved over the whole plan', async () => {
	const run = await plan(
		[
			person('N01', { manager: 'N02', team: 'Engineers' }),
			person('N02', { manager: 'N01' }),
			person('N03', { manager: 'N04' }),
			person('N04', { formerly: 'X04' }),
			person('N05', { manager: 'Nobody' }),
		],
		directory(
			account('N03'),
			account('X04'),
			account('N05'),
			// Somebody else has the names that N02 would get first.
			account('Z02', {
				more: [['proxyAddresses', 'smtp:n02@corp.example.com']],
			}).replace('sAMAccountName: z02', 'sAMAccountName: n02'),
		),
	);
	const change = (key: string) => run.changes.find((one) => one['key'] === key) ?? {};
	expect(told(run)).toEqual({
		N01: expect.stringMatching(/^joiner: create .*link.*setPassword enable/) as string,
		N02: expect.stringMatching(/^joiner: create .*setPassword enable/) as string,
		N03: 'mover: set',
		N04: expect.stringMatching(/^mover: set/) as string,
	});
	const text = (key: string) => JSON.stringify(change(key)['steps']);
	expect(text('N02')).toContain('"sAMAccountName":["n022"]');
	expect(text('N02')).toContain('"userPrincipalName":["n022@corp.example.com"]');
	expect(text('N01')).toContain(`{"change":"${textIn(change('N02'), 'id')}"}`);
	expect(text('N02')).toContain(`{"change":"${textIn(change('N01'), 'id')}"}`);
	expect(text('N03')).toContain(guidOf('X04'));
	expect(text('N04')).toContain('{"attribute":"employeeID","from":"X04","to":"N04"}');
});

test('who is missing twice is a leaver, and nothing is sent anywhere', async () => {
	const people = ['M01', 'M02', 'M03'].map((number) => person(number));
	const ldif = directory(
		...['M01', 'M02', 'M03', 'M04'].map((number) => account(number)),
		account('M05', { state: 'disabled' }),
	);
	const first = await plan(people, ldif);
	expect(told(first)).toEqual({});
	expect(first.memory.missing).toEqual(['M04']);
	const second = await plan(people, ldif, first.memory);
	expect(told(second)).toEqual({ M04: 'leaver: disable relocate' });
	const third = await plan([...people, person('M06', { number: ' ' })], ldif, second.memory);
	expect(told(third)).toEqual({});
	expect(third.memory.missing).toEqual([]);
});

test('an export that says nothing of a domain, or is none, stops the flow in words', async () => {
	const scope = { directorySource: 'ldifText', ldifText: 'dn: CN=A\nobjectClass user' };
	const run = await runFlow({ credentials: NOWHERE, ou: PEOPLE, scope }, listing('whole', [person('L01')]), NO_MEMORY, {
		...{ style: 'whole', mapping: MAPPING, planOnly: true },
	});
	expect(run.ran.error?.message).toMatch(/line 2/i);
	expect(run.plan).toBeUndefined();
});
