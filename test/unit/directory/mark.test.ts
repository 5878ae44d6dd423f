import fc from 'fast-check';
import {
	findMark,
	isSelfWritable,
	keyId,
	looksLikeMark,
	looksLikeSnapshot,
	makeMark,
	whyNoMark,
	type MarkSubject,
} from '../../../lib/directory/mark';

const KEY = 'a signing key of some length';
const AT = '2026-03-01T08:00:00Z';
const PENDING: MarkSubject = {
	state: 'pending',
	domainGuid: 'c8bd7f01-2a3b-4c5d-8e6f-0123456789ab',
	matchAttribute: 'employeeID',
	matchValue: '1042',
};
const LEFT: MarkSubject = { state: 'left', objectGuid: '11111111-2a3b-4c5d-8e6f-0123456789ab' };

const text = fc.string({ minLength: 1, maxLength: 20 });
const subject: fc.Arbitrary<MarkSubject> = fc.oneof(
	fc.record({
		state: fc.constant('pending' as const),
		domainGuid: fc.uuid(),
		matchAttribute: fc.constantFrom('employeeID', 'employeeNumber', 'extensionAttribute1'),
		matchValue: text,
	}),
	fc.record({ state: fc.constant('left' as const), objectGuid: fc.uuid() }),
);
const instant = fc
	.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
	.map((date) => date.toISOString());

describe('a mark', () => {
	test('is found again by the key and the account that it was made for', () => {
		fc.assert(
			fc.property(text, subject, instant, (key, made, at) => {
				const mark = makeMark(key, made, at);
				expect(findMark(key, [mark], [made])).toEqual({ state: made.state, at, text: mark });
			}),
		);
	});

	test('is found among other values and other subjects', () => {
		const mark = makeMark(KEY, LEFT, AT);
		expect(findMark(KEY, ['B-AL 1234', makeMark('another key', LEFT, AT), mark], [PENDING, LEFT])?.text).toBe(mark);
	});

	test('does not count with any of its characters changed', () => {
		const mark = makeMark(KEY, LEFT, AT);
		fc.assert(
			fc.property(
				fc.nat({ max: mark.length - 1 }),
				fc.string({ unit: 'grapheme-ascii', maxLength: 2 }),
				(at, other) => {
					fc.pre(other !== mark.charAt(at));
					expect(findMark(KEY, [mark.slice(0, at) + other + mark.slice(at + 1)], [LEFT, PENDING])).toBeUndefined();
				},
			),
			{ numRuns: 1000 },
		);
	});

	test('does not count with something before or after it', () => {
		const mark = makeMark(KEY, LEFT, AT);
		fc.assert(
			fc.property(fc.string({ minLength: 1 }), (other) => {
				expect(findMark(KEY, [mark + other, other + mark], [LEFT])).toBeUndefined();
			}),
		);
	});

	test('does not count with another key', () => {
		fc.assert(
			fc.property(text, text, subject, (key, other, made) => {
				fc.pre(key !== other);
				expect(findMark(other, [makeMark(key, made, AT)], [made])).toBeUndefined();
			}),
		);
	});

	test('does not count for anybody but the one it was made for', () => {
		fc.assert(
			fc.property(subject, subject, (made, asked) => {
				fc.pre(JSON.stringify(made) !== JSON.stringify(asked));
				expect(findMark(KEY, [makeMark(KEY, made, AT)], [asked])).toBeUndefined();
			}),
		);
	});

	test.each<[string, MarkSubject, MarkSubject]>([
		['of another domain', PENDING, { ...PENDING, domainGuid: '00000000-2a3b-4c5d-8e6f-0123456789ab' }],
		['of another person', PENDING, { ...PENDING, matchValue: '1043' }],
		['of a person whose value differs in a blank', PENDING, { ...PENDING, matchValue: '1042 ' }],
		['matched by another attribute', PENDING, { ...PENDING, matchAttribute: 'employeeNumber' }],
		['copied from another object', LEFT, { ...LEFT, objectGuid: '22222222-2a3b-4c5d-8e6f-0123456789ab' }],
		['of an account that has left, on one that is begun', LEFT, PENDING],
		['of an account that is begun, on one that has left', PENDING, LEFT],
	])('does not count when it is one %s', (_what, made, asked) => {
		expect(findMark(KEY, [makeMark(KEY, made, AT)], [asked])).toBeUndefined();
	});

	test('counts whatever the case of the matched attribute', () => {
		const mark = makeMark(KEY, PENDING, AT);
		expect(findMark(KEY, [mark], [{ ...PENDING, matchAttribute: 'EMPLOYEEID' }])?.state).toBe('pending');
	});

	test('says nothing of whom it was made for', () => {
		expect(makeMark(KEY, PENDING, AT)).not.toContain('1042');
		expect(makeMark(KEY, PENDING, AT)).toMatch(/^adprov1:pending:2026-03-01T08:00:00Z:[0-9a-f]{8}:[\w-]{43}$/);
	});

	test('does not count with one moved into another place of what is signed', () => {
		const shifted = { ...PENDING, matchAttribute: 'employeeid","1042', matchValue: '' };
		const plain = { ...PENDING, matchAttribute: 'employeeid', matchValue: '1042","' };
		expect(findMark(KEY, [makeMark(KEY, shifted, AT)], [plain])).toBeUndefined();
	});

	test('is none in text that is not one', () => {
		fc.assert(fc.property(fc.array(fc.string()), (values) => expect(findMark(KEY, values, [LEFT])).toBeUndefined()));
	});

	test.each([
		['adprov1:left:x', true],
		['adprov1:', true],
		['adprov2:left', false],
		['B-AL 1234', false],
		['', false],
	])('is what %j looks like: %s', (value, looks) => {
		expect(looksLikeMark(value)).toBe(looks);
	});
});

describe('why no mark is believed', () => {
	const mark = makeMark(KEY, LEFT, AT);
	const foreign = makeMark('another key', LEFT, AT);
	test.each<[string, readonly string[], 'edited' | 'another key' | undefined]>([
		['nothing', [], undefined],
		['values of others', ['B-AL 1234'], undefined],
		['a snapshot alone, which is no mark', ['adprov1:snapshot:e30:00000000:x'], undefined],
		['a mark by another key', ['B-AL 1234', foreign], 'another key'],
		['a mark of another account', [mark], 'edited'],
		['a broken one', ['adprov1:left:'], 'edited'],
		['one by another key and one that is edited', [foreign, `${mark}x`], 'edited'],
	])('%s', (_what, values, expected) => {
		expect(whyNoMark(KEY, values)).toBe(expected);
	});

	test('a snapshot looks like a mark, so that both go together, and a mark not like a snapshot', () => {
		expect([looksLikeMark('adprov1:snapshot:x'), looksLikeSnapshot('adprov1:snapshot:x')]).toEqual([true, true]);
		expect([looksLikeMark(mark), looksLikeSnapshot(mark)]).toEqual([true, false]);
	});
});

describe('the short name of a key', () => {
	test('has 8 hexadecimal digits, the same each time, others for another key', () => {
		expect(keyId(KEY)).toMatch(/^[0-9a-f]{8}$/);
		expect(keyId(KEY)).toBe(keyId(KEY));
		expect(keyId(KEY)).not.toBe(keyId(`${KEY} `));
	});
});

describe('an attribute that people write on themselves', () => {
	test.each([
		['info', true],
		['INFO', true],
		['postOfficeBox', true],
		['otherIpPhone', true],
		['url', true],
		['proxyAddresses', false],
		['description', false],
		['msDS-cloudExtensionAttribute1', true],
		['msDS-cloudExtensionAttribute20', true],
		['msDS-cloudExtensionAttribute21', false],
		['carLicense', false],
		['extensionAttribute1', false],
	])('is %s: %s', (attribute, writable) => {
		expect(isSelfWritable(attribute)).toBe(writable);
	});
});
