import fc from 'fast-check';
import { parseCursors } from '../../../lib/directory/replication';

const cursor = (id: string, usn: string) =>
	`<DS_REPL_CURSOR>\n\t<uuidSourceDsaInvocationID>${id}</uuidSourceDsaInvocationID>\n\t<usnAttributeFilter>${usn}</usnAttributeFilter>\n</DS_REPL_CURSOR>\n\u0000`;
const ID = '0f0f0f0f-1111-4222-8333-abcdefabcdef';

describe('replication cursors', () => {
	test.each<[how: string, values: string[], expected: bigint | undefined]>([
		['one', [cursor(ID, '12345')], 12_345n],
		['one among others', [cursor('11111111-1111-4111-8111-111111111111', '1'), cursor(ID, '7')], 7n],
		['a GUID in braces and capitals', [cursor(`{${ID.toUpperCase()}}`, '7')], 7n],
		['a number beyond 2^53', [cursor(ID, '9223372036854775807')], 9_223_372_036_854_775_807n],
		['no number', [cursor(ID, '')], undefined],
		['a negative number', [cursor(ID, '-1')], undefined],
		['no cursor', [], undefined],
		['something else', ['<xml/>', ''], undefined],
	])('are read: %s', (_how, values, expected) => {
		expect(parseCursors(values).get(ID)).toBe(expected);
	});

	test('never make sense of what is none, and never fail on it', () => {
		fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), (values) => parseCursors(values).size === 0));
	});
});
