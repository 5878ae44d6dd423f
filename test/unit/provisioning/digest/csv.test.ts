import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvCell, planCsv } from '../../../../lib/provisioning/digest/csv';
import { NAUGHTY } from '../../../support/naughty';
import { changeOf, everyKind, hostilePlan, planOf } from './plans';

const rowsOf = (csv: string): Record<string, string>[] =>
	parse(csv, { bom: true, columns: true, record_delimiter: '\r\n' });

describe('the CSV of a plan', () => {
	test('has one row for each value that changes, high risk first, with a byte order mark and CRLF', () => {
		const csv = planCsv(planOf(everyKind()));
		expect(csv.startsWith('\ufeff"Risk","Lifecycle","Key","Person"')).toBe(true);
		expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
		const rows = rowsOf(csv);
		expect(rows.map((row) => `${row['Person']}: ${row['What']} ${row['Attribute']}`)).toEqual([
			'Leonhard Euler: deleted account',
			...['disabled account', 'changed description', 'replaced password', 'leaves group', 'moved place'].map(
				(line) => `Carl Gauß: ${line}`,
			),
			...['changed department', 'cleared telephoneNumber', 'set title', 'changed accountExpires'].map(
				(line) => `Mary Somerville: ${line}`,
			),
			...['removed otherMobile', 'added otherMobile', 'added otherMobile', 'moved place', 'renamed cn'].map(
				(line) => `Mary Somerville: ${line}`,
			),
			...['joins group', 'leaves group', 'set manager'].map((line) => `Mary Somerville: ${line}`),
			...['created account', 'set sAMAccountName', 'set mail', 'set manager', 'set accountExpires'].map(
				(line) => `Ada Lovelace: ${line}`,
			),
			...['set thumbnailPhoto', 'joins group', 'set password', 'enabled account'].map(
				(line) => `Ada Lovelace: ${line}`,
			),
			...['replaced password', 'enabled account'].map((line) => `אמי נתר: ${line}`),
		]);
		expect(rows.find((row) => row['Attribute'] === 'thumbnailPhoto')?.['After']).toBe('(binary, 12288 bytes)');
		expect(rows.find((row) => row['What'] === 'moved')?.['After']).toBe(
			'OU Leavers [OU=Leavers,DC=corp,DC=example,DC=com]',
		);
	});

	test('has whole what the digest cuts', () => {
		const long = 'a'.repeat(70_000);
		const change = changeOf({ steps: [{ do: 'set', writes: [{ attribute: 'info', from: null, to: long }] }] });
		expect(rowsOf(planCsv(planOf([change])))[0]?.['After']).toBe(long);
	});

	test('says of an undo what it undoes', () => {
		expect(rowsOf(planCsv(planOf(everyKind(), { kind: 'undo' })))[0]?.['Lifecycle']).toBe('undo of leaver');
	});
});

const FORMULA = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n\0]/;

describe('a cell', () => {
	test.each([
		['=1+1', '"\'=1+1"'],
		['+49 30', '"\'+49 30"'],
		['-5', '"\'-5"'],
		['@SUM(1)', '"\'@SUM(1)"'],
		['＝1+1', '"\'＝1+1"'],
		['＋1', '"\'＋1"'],
		['－1', '"\'－1"'],
		['＠x', '"\'＠x"'],
		['  =1', '"\'  =1"'],
		['\u00a0=1', '"\'\u00a0=1"'],
		['\t1', '"\'\t1"'],
		['\r1', '"\'\r1"'],
		['\n1', '"\'\n1"'],
		['\u00001', '"\'\u00001"'],
		['a;=1', '"a;\'=1"'],
		['a; @b', '"a; \'@b"'],
		['a";=b', '"a"";\'=b"'],
		['Ada', '"Ada"'],
		['a=b', '"a=b"'],
		['He said "no"', '"He said ""no"""'],
		['', '""'],
	])('%j is written as %j', (text, cell) => {
		expect(csvCell(text)).toBe(cell);
	});

	test('comes back as it was, but for an apostrophe, and is never a formula', () => {
		const text = fc
			.array(fc.oneof(fc.constantFrom(...';,"\'\t\r\n =+-@＝\u0000a'), fc.string({ unit: 'binary' })))
			.map((parts) => parts.join(''));
		fc.assert(
			fc.property(text, (value) => {
				const [[cell = ''] = []] = parse(csvCell(value), { record_delimiter: '\u0001\u0002' });
				expect(cell).not.toMatch(FORMULA);
				expect(cell.replaceAll("'", '')).toBe(value.replaceAll("'", ''));
			}),
			{ numRuns: 1000 },
		);
	});

	test('is no formula either in a program that cuts at semicolons', () => {
		const text = fc.array(fc.constantFrom(...';"= +@a\t')).map((parts) => parts.join(''));
		fc.assert(
			fc.property(text, text, (one, two) => {
				const line = `${csvCell(one)},${csvCell(two)}`;
				for (const cell of line.split(/[;\t]/)) expect(cell.replace(/^"*/, '')).not.toMatch(FORMULA);
			}),
			{ numRuns: 1000 },
		);
	});

	test.each(NAUGHTY)('of a plan made of %.40j is no formula', (text) => {
		const rows = rowsOf(planCsv(hostilePlan(text)));
		expect(rows.length).toBeGreaterThan(10);
		for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(FORMULA);
	});
});
