import fc from 'fast-check';
import { isOvertakenBy } from '../../../lib/directory/accounts/overtaken';
import { changesOf, USER_ACCOUNT_CONTROL, writtenSince } from '../../../lib/directory/attributeChanges';
import { ATTRIBUTE_IDS, attributeType } from '../../../lib/directory/attributeIds';
import { HERE, metaData, THERE } from '../../support/metaData';

const AT = '2026-03-01T08:00:00Z';
const later = (seconds: number) => new Date(Date.parse(AT) + seconds * 1000).toISOString();
const CAR_LICENSE = 0x160001;
const TITLE = 0xc;

describe('the history of an object', () => {
	test('says of each attribute when, where and in which transaction it was written', () => {
		const bytes = metaData([{ type: TITLE, at: AT, version: 3, usn: 70n, local: 90n, by: THERE }]);
		expect(changesOf(bytes).get(TITLE)).toEqual({
			...{ version: 3, at: Date.parse(AT), invocationId: THERE, usnOriginating: 70n, usnLocal: 90n },
		});
	});

	test('is empty when the bytes are not understood, and reading it never fails', () => {
		const whole = metaData([{ type: TITLE, at: AT }]);
		for (const bytes of [Buffer.alloc(0), whole.subarray(0, 40), Buffer.from([2, ...whole.subarray(1)])])
			expect(changesOf(bytes).size).toBe(0);
		fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => changesOf(Buffer.from(bytes)).size >= 0));
	});
});

describe('what was written since a point', () => {
	const bytes = metaData([
		{ type: TITLE, at: later(60), local: 101n, by: THERE },
		{ type: CAR_LICENSE, at: later(-60), local: 102n, by: THERE },
		{ type: USER_ACCOUNT_CONTROL, at: later(0), local: 100n, by: THERE },
		{ type: 0x80000001, at: later(60), local: 103n, by: THERE },
	]);
	const all = ['title', 'CARLICENSE', 'userAccountControl', 'manager', 'x-Own'];
	test.each<[how: string, own: string, usn: string, expected: string[]]>([
		['by numbers, where the same copy answers', HERE, '100', ['title', 'CARLICENSE', 'x-Own']],
		['by numbers, all before it', HERE, '103', []],
		['by the clock, where another copy answers', THERE, '100', ['title', 'x-Own']],
		['by the clock, where it is not known which copy answers', '', '100', ['title', 'x-Own']],
		['by the clock, where the number is none', HERE, '', ['title', 'x-Own']],
	])('is told %s', (_how, own, usn, expected) => {
		const types = new Map([['x-own', 0x80000001]]);
		expect(writtenSince(bytes, all, { invocationId: HERE, usn, at: AT }, own, types)).toEqual(expected);
	});

	test('is told by the numbers of the copy that wrote it, where another one answers: clocks differ', () => {
		const copied = metaData([
			{ type: TITLE, at: later(-60), usn: 101n, local: 7n },
			{ type: CAR_LICENSE, at: later(60), usn: 100n, local: 8n },
		]);
		expect(writtenSince(copied, all, { invocationId: HERE, usn: '100', at: AT }, THERE)).toEqual(['title']);
	});

	test('never has an attribute without a type', () => {
		expect(writtenSince(bytes, ['x-Own'], { invocationId: HERE, usn: '0', at: AT }, HERE)).toEqual([]);
	});
});

describe('the number of an attribute', () => {
	test.each([
		['1.2.840.113556.1.4.8', USER_ACCOUNT_CONTROL],
		['userAccountControl', USER_ACCOUNT_CONTROL],
		['CARLICENSE', CAR_LICENSE],
		['2.16.840.1.113730.3.1.1', CAR_LICENSE],
		['2.5.4.12', TITLE],
		['1.2.840.113556.1.2.423', 0x201a7],
		['1.2.840.113556.1.8000.2554.1', undefined],
		['1.2.840.113556.1.4.16384', undefined],
		['extensionAttribute1', undefined],
		['', undefined],
	])('of %j is %s', (text, expected) => {
		expect(attributeType(text)).toBe(expected);
	});

	test('of every name in the table is the one that answers have', () => {
		for (const [id, name] of ATTRIBUTE_IDS) expect(attributeType(name)).toBe(id);
	});
});

describe('a mark', () => {
	const mark = { state: 'left' as const, at: AT, text: 'adprov1:left' };
	const control = (at: string, usn = 5n, by = HERE) => ({ type: USER_ACCOUNT_CONTROL, at, usn, by });
	const carLicense = (at: string, usn = 5n, by = HERE) => ({ type: CAR_LICENSE, at, usn, by });
	test.each<[overtaken: boolean, when: string, written: Parameters<typeof metaData>[0], type?: number]>([
		[false, 'the account was disabled right with it', [control(later(1))]],
		[false, 'the account was disabled two minutes after it', [control(later(120))]],
		[true, 'the account was disabled later than that', [control(later(121))]],
		[true, 'the mark was written in another transaction', [control(later(999)), carLicense(later(999), 6n)]],
		[true, 'another copy wrote the mark', [control(later(999)), carLicense(later(999), 5n, THERE)]],
		[false, 'an undo put it back in one transaction', [control(later(999)), carLicense(later(999))]],
		[true, 'nobody knows where it stands', [control(later(999)), carLicense(later(999))], 0],
		[false, 'the directory says nothing', []],
	])('is overtaken: %s, when %s', (overtaken, _when, written, type = CAR_LICENSE) => {
		expect(isOvertakenBy(metaData(written), mark, type === 0 ? undefined : type)).toBe(overtaken);
	});
});
