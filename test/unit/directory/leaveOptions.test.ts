import fc from 'fast-check';
import {
	changesLeftOver,
	changesToLeave,
	NO_LEAVE_OPTIONS,
	sameValues,
	toModifications,
	wantedAfter,
} from '../../../lib/directory/accounts/leaveOptions';
import type { Modification } from '../../../lib/directory/connection';
import { valuesOf, type Entry } from '../../../lib/directory/entry';
import type { Snapshot, SnapshotAttribute } from '../../../lib/directory/snapshot';

const value = fc.oneof(
	fc.constantFrom('a', 'b', 'A', 'ä'),
	fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
);
const values = fc.uniqueArray(value, { maxLength: 3, selector: (one) => Buffer.from(one as string).toString('hex') });
const attributes = fc.dictionary(fc.constantFrom('title', 'pager', 'info', 'mail'), values, { noNullPrototype: true });

const entryOf = (all: Readonly<Record<string, readonly (string | Buffer)[]>>): Entry => ({
	dn: 'CN=x,DC=y',
	attributes: Object.fromEntries(Object.entries(all).filter(([, some]) => some.length > 0)),
});

/** What a directory does with the Modify; undefined when it refuses it. */
function apply(entry: Entry, changes: readonly Modification[]): Entry | undefined {
	const after: Record<string, readonly (string | Buffer)[]> = { ...entry.attributes };
	for (const { type, attribute, values: named } of changes) {
		const now = after[attribute] ?? [];
		const has = (one: string | Buffer) => now.some((other) => sameValues([one], [other]));
		if (type === 'delete' && !named.every(has)) return undefined;
		if (type === 'add' && named.some(has)) return undefined;
		after[attribute] =
			type === 'add' ? [...now, ...named] : now.filter((one) => !named.some((other) => sameValues([one], [other])));
	}
	return entryOf(after);
}

const reversed = (changes: readonly SnapshotAttribute[]): SnapshotAttribute[] =>
	changes.map(({ attribute, from, to }) => ({ attribute, from: to, to: from }));

const snapshotOf = (all: readonly SnapshotAttribute[]): Snapshot => ({
	at: '2026-03-01T08:00:00Z',
	ou: { guid: '33333333-2a3b-4c5d-8e6f-0123456789ab', dn: 'OU=x' },
	groups: [],
	attributes: all,
	pwdLastSet: '',
});

describe('the attributes of a leaver', () => {
	test('are what was wanted after the Modify, and what they were after the reverse one', () => {
		fc.assert(
			fc.property(attributes, attributes, (has, wanted) => {
				const before = entryOf(has);
				const changes = changesToLeave(before, wanted);
				const after = apply(before, toModifications(changes));
				for (const [attribute, to] of Object.entries(wanted))
					expect(after && sameValues(valuesOf(after, attribute), to)).toBe(true);
				const back = after && apply(after, toModifications(reversed(changes)));
				for (const attribute of ['title', 'pager', 'info', 'mail'])
					expect(back && sameValues(valuesOf(back, attribute), valuesOf(before, attribute))).toBe(true);
			}),
		);
	});

	test('need nothing a second time, whatever would be wanted then where leaving wrote something', () => {
		fc.assert(
			fc.property(attributes, attributes, (has, wanted) => {
				const changes = changesToLeave(entryOf(has), wanted);
				const after = apply(entryOf(has), toModifications(changes)) ?? entryOf({});
				expect(changesLeftOver(after, wanted, snapshotOf(changes))).toEqual({ changes: [], kept: [] });
			}),
		);
	});

	test('are written again only to what the snapshot holds', () => {
		fc.assert(
			fc.property(attributes, attributes, attributes, (has, wanted, later) => {
				const held = changesToLeave(entryOf(has), wanted);
				const { changes } = changesLeftOver(entryOf(later), wanted, snapshotOf(held));
				for (const { attribute, from, to } of changes) {
					const one = held.find((other) => other.attribute === attribute);
					expect(one && sameValues(one.from, from) && sameValues(one.to, to)).toBe(true);
				}
			}),
		);
	});

	test('of every option are named once, and none without options', () => {
		expect(wantedAfter(NO_LEAVE_OPTIONS)).toEqual({});
		const options = { ...NO_LEAVE_OPTIONS, clear: ['title'], hideAttribute: 'hide', description: 'x', expiresAt: '1' };
		expect(wantedAfter(options)).toEqual({ title: [], hide: ['TRUE'], description: ['x'], accountExpires: ['1'] });
	});
});
