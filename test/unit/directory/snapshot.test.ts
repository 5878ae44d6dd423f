import fc from 'fast-check';
import { findMark, makeMark } from '../../../lib/directory/mark';
import { findSnapshot, makeSnapshot, type Snapshot } from '../../../lib/directory/snapshot';

const KEY = 'a signing key of some length';
const GUID = '11111111-2a3b-4c5d-8e6f-0123456789ab';
const OTHER_GUID = '22222222-2a3b-4c5d-8e6f-0123456789ab';
const AT = '2026-03-01T08:00:00Z';
const SNAPSHOT: Snapshot = {
	at: AT,
	ou: { guid: '33333333-2a3b-4c5d-8e6f-0123456789ab', dn: 'OU=People,DC=corp,DC=example,DC=com' },
	groups: ['44444444-2a3b-4c5d-8e6f-0123456789ab', '55555555-2a3b-4c5d-8e6f-0123456789ab'],
	attributes: [
		{ attribute: 'title', from: ['Tester'], to: [] },
		{ attribute: 'thumbnailPhoto', from: [Buffer.from([0xff, 0xd8, 0, 1])], to: [] },
		{ attribute: 'accountExpires', from: ['9223372036854775807'], to: ['133800000000000000'] },
	],
	pwdLastSet: '133700000000000000',
};

const text = fc.string({ minLength: 1, maxLength: 20 });
const value = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 30 }),
	fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
);
const snapshot: fc.Arbitrary<Snapshot> = fc.record({
	at: fc.constant(AT),
	ou: fc.record({ guid: fc.uuid(), dn: fc.string({ unit: 'grapheme' }) }),
	groups: fc.option(fc.array(fc.uuid(), { maxLength: 5 })),
	attributes: fc.array(fc.record({ attribute: text, from: fc.array(value), to: fc.array(value) }), { maxLength: 4 }),
	pwdLastSet: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
});

describe('a snapshot', () => {
	test('is found again, to the byte, by key, account and instant', () => {
		fc.assert(
			fc.property(text, fc.uuid(), snapshot, (key, guid, made) => {
				const written = makeSnapshot(key, guid, made);
				expect(written).toMatch(/^adprov1:snapshot:[\w-]+:[0-9a-f]{8}:[\w-]{43}$/);
				expect(findSnapshot(key, ['B-AL 1234', written], guid, AT)).toEqual({ snapshot: made });
			}),
		);
	});

	test('is none where there is none', () => {
		const mark = makeMark(KEY, { state: 'left', objectGuid: GUID }, AT);
		expect(findSnapshot(KEY, [], GUID, AT)).toBeUndefined();
		expect(findSnapshot(KEY, ['B-AL 1234', mark], GUID, AT)).toBeUndefined();
	});

	test('is not believed with any of its characters changed', () => {
		const written = makeSnapshot(KEY, GUID, SNAPSHOT);
		const from = 'adprov1:snapshot:'.length;
		fc.assert(
			fc.property(
				fc.integer({ min: from, max: written.length - 1 }),
				fc.string({ unit: 'grapheme-ascii', maxLength: 2 }),
				(at, other) => {
					fc.pre(other !== written.charAt(at));
					const changed = written.slice(0, at) + other + written.slice(at + 1);
					expect(findSnapshot(KEY, [changed], GUID, AT)?.fault).toBeDefined();
				},
			),
			{ numRuns: 1000 },
		);
	});

	test.each<[string, string, readonly string[]]>([
		['another key', 'another key', [makeSnapshot('another key', GUID, SNAPSHOT)]],
		['another account', 'edited', [makeSnapshot(KEY, OTHER_GUID, SNAPSHOT)]],
		['an earlier leave', 'edited', [makeSnapshot(KEY, GUID, { ...SNAPSHOT, at: '2025-03-01T08:00:00Z' })]],
		['nobody knows what', 'edited', ['adprov1:snapshot:']],
		['a forger, beside the true one', 'edited', [makeSnapshot(KEY, GUID, SNAPSHOT), 'adprov1:snapshot:e30:x:y']],
	])('of %s is not believed: %s', (_what, fault, values) => {
		expect(findSnapshot(KEY, values, GUID, AT)).toEqual({ fault });
	});

	test('has a signature that makes no mark, and a mark one that makes no snapshot', () => {
		const [, , body = '', key = '', signature = ''] = makeSnapshot(KEY, GUID, SNAPSHOT).split(':');
		const mark = makeMark(KEY, { state: 'left', objectGuid: GUID }, AT);
		expect(
			findMark(KEY, [`adprov1:left:${AT}:${key}:${signature}`], [{ state: 'left', objectGuid: GUID }]),
		).toBeUndefined();
		const stolen = mark.split(':').at(-1) ?? '';
		expect(findSnapshot(KEY, [`adprov1:snapshot:${body}:${key}:${stolen}`], GUID, AT)).toEqual({ fault: 'edited' });
	});
});
