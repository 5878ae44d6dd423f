import fc from 'fast-check';
import type { PlacementRule, PlacementSettings } from '../../../lib/mapping/placement';
import { uniqueGroups } from '../../../lib/mapping/placement';
import type { TableSettings } from '../../../lib/mapping/valueTable';
import { parseDn } from '../../../lib/schema/dn';
import { cleanText } from '../../../lib/schema/text';
import { ExpressionFault } from '../../../lib/mapping/parameters';
import {
	BLANK,
	format,
	mapAll,
	mapOne,
	mapped,
	OU,
	RECORD,
	refusal,
	rejected,
	result,
	rules,
	settings,
	stored,
	text,
} from '../../support/mapping';

const BASE = 'DC=corp,DC=example,DC=com';
const placed = (changes: Partial<PlacementSettings>) =>
	settings({ placement: { ou: format(OU), ouRules: [], groups: format(''), groupRules: [], ...changes } });
const ou = (source: string) => placed({ ou: format(source) });

const table = (rows: Readonly<Record<string, string>>, more: Partial<TableSettings> = {}): TableSettings => ({
	rows: Object.entries(rows).map(([from, to]) => ({ from, to })),
	pasted: '',
	ignoreCase: false,
	notInTable: 'empty',
	fallback: undefined,
	...more,
});
const byTable = (
	value: string,
	rows: Readonly<Record<string, string>>,
	more: Partial<TableSettings> = {},
): PlacementRule => ({
	by: 'table',
	value: format(value),
	table: table(rows, more),
});
const when = (conditions: unknown, target: string): PlacementRule => ({
	by: 'conditions',
	conditions: { path: 'rule', stored: conditions },
	target: format(target),
});
const is = (field: string, value: string) => stored([[field, text('equals'), value]]);
const SALES = `OU=Sales,${BASE}`;
const LAB = `OU=Lab,${BASE}`;

describe('the organisational unit', () => {
	test('has one part for each field, which keeps its text whatever it is', () => {
		const all = ou('OU=${city},DC=corp,DC=example');
		fc.assert(
			fc.property(fc.string({ unit: 'binary', minLength: 1 }), (city) => {
				const outcome = mapOne(all, { ...RECORD, city });
				if ('rejected' in outcome) {
					expect(cleanText(city.toWellFormed()) === '' || !city.isWellFormed()).toBe(true);
					return;
				}
				const parts = parseDn(mapped(outcome).ou);
				expect(parts[0]).toEqual([{ attribute: 'OU', value: cleanText(city) }]);
				expect(parts).toHaveLength(3);
			}),
			{ numRuns: 1000 },
		);
	});

	test('is taken as a whole from an expression, which is the builder’s own', () => {
		expect(mapped(mapOne(placed({ ou: result('ou') }), RECORD, { ou: OU })).ou).toBe(OU);
	});

	test.each<[value: unknown, rule: string]>([
		[null, 'required'],
		['', 'required'],
		['People', 'syntax'],
		['DC=corp', 'syntax'],
		[{ ou: OU }, 'syntax'],
		[7, 'syntax'],
		['OU=\ud83d,DC=corp', 'characters'],
		[new ExpressionFault('no'), 'format'],
	])('that an expression gives as %j breaks the rule %s', (value, rule) => {
		expect(rules(mapOne(placed({ ou: result('ou') }), RECORD, { ou: value }))).toEqual([['ou', rule]]);
	});

	test.each(['People', 'DC=corp', 'OU=,DC=corp', 'corp.example.com/People'])(
		'written as %j is refused before anybody is mapped',
		(text) => {
			const error = refusal({ placement: { ...placed({}).placement, ou: format(text) } });
			expect(error.parameter).toBe('Organizational Unit');
		},
	);

	test('is needed', () => {
		expect(rules(mapOne(ou('')))).toEqual([['ou', 'required']]);
	});

	test('of a whole field is one name, so that HR data leads nowhere', () => {
		expect(rules(mapOne(ou('${where}'), { ...RECORD, where: 'OU=Admins,DC=corp' }))).toEqual([['ou', 'syntax']]);
	});
});

describe('rules for the organisational unit', () => {
	const rows = [
		when(is('department', 'Sales'), SALES),
		byTable('${site}', { Lab1: LAB, HQ: '' }),
		when(is('department', 'Research'), `OU=\${site},${LAB}`),
	];

	test.each<[department: string, site: string, where: string]>([
		['Sales', 'Lab1', SALES],
		['Other', 'Lab1', LAB],
		['Other', 'HQ', OU],
		['Other', 'Nowhere', OU],
		['Research', 'Nowhere', `OU=Nowhere,${LAB}`],
		['Research', 'x,OU=Admins', `OU=x\\2COU\\3DAdmins,${LAB}`],
		['Research', '', OU],
	])('are taken in order: %s in %j stands in %s', (department, site, where) => {
		expect(mapped(mapOne(placed({ ouRules: rows }), { ...RECORD, department, site })).ou).toBe(where);
	});

	test('without a condition are for everyone', () => {
		for (const conditions of [undefined, {}, BLANK])
			expect(mapped(mapOne(placed({ ouRules: [when(conditions, SALES)] }))).ou).toBe(SALES);
	});

	test('may look up without regard to case', () => {
		const ouRules = [byTable('${site}', { LAB1: LAB }, { ignoreCase: true })];
		expect(mapped(mapOne(placed({ ouRules }), { ...RECORD, site: 'lab1' })).ou).toBe(LAB);
	});

	test('that cannot be judged for a person reject that person', () => {
		const ouRules = [when(stored([['state', { type: 'number', operation: 'gt' }, 5]]), SALES)];
		expect(rules(mapOne(placed({ ouRules })))).toEqual([['ou', 'condition']]);
	});

	test.each<[rule: PlacementRule, message: string]>([
		[when({}, ''), 'names no organisational unit'],
		[when({}, 'Sales'), 'is not a distinguished name'],
		[byTable('', { a: SALES }), 'no value to look up'],
		[byTable('${site}', {}), 'The value table is empty'],
		[byTable('${site}', { a: 'Sales' }), 'is not a distinguished name'],
		[byTable('${site}', {}, { pasted: '{"a":' }), ''],
	])('are refused when they could place nobody: %j', (rule, message) => {
		const error = refusal({ placement: { ...placed({}).placement, ouRules: [when({}, SALES), rule] } });
		expect(error.parameter).toContain('Organizational Unit Rules, row 2');
		expect(error.message).toContain(message);
	});
});

describe('groups', () => {
	const STAFF = `CN=Staff,OU=Groups,${BASE}`;
	const SELLERS = `CN=Sellers,OU=Groups,${BASE}`;
	const DOORS = `CN=Doors,OU=Groups,${BASE}`;
	const ruled = placed({
		groups: format(`${STAFF}\nInterns`),
		groupRules: [
			when(is('department', 'Sales'), `${SELLERS}\nCRM Users`),
			byTable('${site}', { HQ: `${DOORS};Canteen`, Lab1: DOORS }),
		],
	});
	const everyGroup = [STAFF, 'Interns', SELLERS, 'CRM Users', DOORS, 'Canteen'];

	test.each<[department: string, site: string, groups: string[]]>([
		['Sales', 'HQ', [SELLERS, 'CRM Users', DOORS, 'Canteen']],
		['Sales', '', [SELLERS, 'CRM Users']],
		['Other', 'Lab1', [DOORS]],
		['Other', 'Nowhere', [STAFF, 'Interns']],
	])('of %s in %j come from every rule that fits, else from the default', (department, site, groups) => {
		const account = mapped(mapOne(ruled, { ...RECORD, department, site }));
		expect(account.groups).toEqual(groups);
		expect(account.managedGroups).toEqual(everyGroup);
	});

	test('that rules can give are managed for everyone, however they are written', () => {
		const twice = placed({
			groups: format(STAFF),
			groupRules: [when({}, `cn=staff, OU=Groups,${BASE}\nSTAFF\nstaff`)],
		});
		expect(mapped(mapOne(twice)).managedGroups).toEqual([STAFF, 'STAFF']);
	});

	test('made of a field are managed as far as the batch shows them', () => {
		const all = placed({ groupRules: [when({}, `CN=\${department},OU=Groups,${BASE}`)], groups: format('Staff') });
		const outcomes = mapAll(all, [
			{ ...RECORD, id: 1, department: 'Sales' },
			{ ...RECORD, id: 2, department: 'Lab, East' },
		]);
		const [one, two] = outcomes.map(mapped);
		expect(one?.groups).toEqual([`CN=Sales,OU=Groups,${BASE}`]);
		expect(two?.groups).toEqual([`CN=Lab\\2C East,OU=Groups,${BASE}`]);
		const managed = ['Staff', `CN=Sales,OU=Groups,${BASE}`, `CN=Lab\\2C East,OU=Groups,${BASE}`];
		expect([one?.managedGroups, two?.managedGroups]).toEqual([managed, managed]);
	});

	test('made of a field never lead to another place of the directory', () => {
		const hostile = fc.oneof(
			fc.string({ unit: 'binary', minLength: 1 }),
			fc.constantFrom('x,CN=Users,DC=corp', 'Domain Admins', 'a;b', 'a\nb', '\\', 'x\\,CN=y', '"a,b"'),
		);
		const all = placed({ groups: format(`CN=\${name},OU=Groups,${BASE}`) });
		fc.assert(
			fc.property(hostile, (name) => {
				const outcome = mapOne(all, { ...RECORD, name });
				if ('rejected' in outcome) return;
				for (const group of mapped(outcome).groups) {
					expect(parseDn(group)).toHaveLength(5);
					expect(parseDn(group)[0]).toEqual([{ attribute: 'CN', value: cleanText(name) }]);
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test('that a field names as a whole distinguished name are refused', () => {
		const all = placed({ groups: format('${team}') });
		expect(mapped(mapOne(all, { ...RECORD, team: 'Blue Team' })).groups).toEqual(['Blue Team']);
		const outcome = mapOne(all, { ...RECORD, team: 'CN=Domain Admins,CN=Users,DC=corp' });
		expect(rejected(outcome).problems).toEqual([
			expect.objectContaining({ attribute: 'groups', rule: 'syntax', value: 'CN=Domain Admins,CN=Users,DC=corp' }),
		]);
	});

	test('may come from an expression, as a list or as lines', () => {
		for (const given of [['A', 'B'], 'A\nB', 'A;B'])
			expect(mapped(mapOne(placed({ groups: result('g') }), RECORD, { g: given })).groups).toEqual(['A', 'B']);
	});

	test.each<[rule: PlacementRule, message: string]>([
		[when({}, ' '), 'names no group'],
		[byTable('', { a: 'A' }), 'no value to look up'],
		[byTable('${site}', {}), 'The value table is empty'],
	])('are refused when their rule could give none: %j', (rule, message) => {
		const error = refusal({ placement: { ...placed({}).placement, groupRules: [rule] } });
		expect(error.parameter).toContain('Group Rules, row 1');
		expect(error.message).toContain(message);
	});

	test.each<[given: string[], once: string[]]>([
		[[], []],
		[
			['A', 'a', 'B'],
			['A', 'B'],
		],
		[[STAFF, `cn=Staff,ou=groups,${BASE}`], [STAFF]],
		[['CN=A\\2CB,DC=x,DC=y', 'CN=A\\,B,DC=x,DC=y'], ['CN=A\\2CB,DC=x,DC=y']],
	])('%j are once %j', (given, once) => {
		expect(uniqueGroups(given)).toEqual(once);
	});
});
