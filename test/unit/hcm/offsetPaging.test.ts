import fc from 'fast-check';
import {
	FIRST_PAGE,
	overlapOf,
	readPage as readOne,
	type PageOfKeys,
	type PagingState,
	type PagingStep,
} from '../../../lib/hcm/offsetPaging';
import type { Signs } from '../../../lib/hcm/stops';

/** Reads a list that nobody changes; the server gives at most `cap` rows in one reply. */
function readAll(list: readonly string[], pageSize: number, total: number | null, cap = pageSize) {
	const read: (string | null)[] = [];
	let state = FIRST_PAGE;
	for (let calls = 0; calls < 1000; calls += 1) {
		const offset = Math.max(0, state.offset);
		const rows = page(list.slice(offset, offset + Math.min(cap, pageSize)), total);
		const step = take(state, rows, pageSize);
		if (step.next === 'shifted') return { read, step };
		read.push(...rows.keys.slice(step.skip));
		state = step.state;
		if (step.next === 'end') return { read, step };
	}
	throw new Error('The reading does not end.');
}

const take = (state: PagingState, rows: PageOfKeys, size: number) =>
	readOne(state, rows, { pageSize: size, shortPage: true });

const list = fc.integer({ min: 0, max: 40 }).map((length) => Array.from({ length }, (_, index) => `p${index}`));
const pageSize = fc.integer({ min: 2, max: 12 });
const after = (step: PagingStep): PagingState => {
	if (step.next === 'shifted') throw new Error('Rows moved.');
	return step.state;
};
const page = (keys: PageOfKeys['keys'], total: number | null = null, signs: Partial<Signs> = {}): PageOfKeys => ({
	keys,
	total,
	pages: null,
	hasMore: null,
	last: false,
	...signs,
});

describe('reading by offset a list that nobody changes', () => {
	test('gives each row once, proven by an announced total', () => {
		fc.assert(
			fc.property(list, pageSize, (rows, size) => {
				const { read, step } = readAll(rows, size, rows.length);
				expect(read).toEqual(rows);
				expect(step).toMatchObject({ next: 'end', proven: true });
			}),
		);
	});

	test('gives each row once without a total, though nothing proves it', () => {
		fc.assert(
			fc.property(list, pageSize, (rows, size) => {
				const { read, step } = readAll(rows, size, null);
				expect(read).toEqual(rows);
				expect(step).toMatchObject({ next: 'end', proven: false });
			}),
		);
	});

	test('gives each row once though the server gives fewer than asked, when it announces a total', () => {
		fc.assert(
			fc.property(list, pageSize, fc.integer({ min: 2, max: 12 }), (rows, size, cap) => {
				const { read, step } = readAll(rows, size, rows.length, cap);
				expect(read).toEqual(rows);
				expect(step).toMatchObject({ next: 'end', proven: true });
			}),
		);
	});

	test('gives each row once in pages of one, and proves nothing, because they cannot overlap', () => {
		fc.assert(
			fc.property(list, fc.boolean(), (rows, announced) => {
				const { read, step } = readAll(rows, 1, announced ? rows.length : null);
				expect(read).toEqual(rows);
				if (rows.length > 0) expect(step).toMatchObject({ next: 'end', proven: false });
			}),
		);
	});

	test('ends without proof when there are fewer rows than announced', () => {
		fc.assert(
			fc.property(list, pageSize, fc.integer({ min: 1, max: 10 }), (rows, size, more) => {
				const { read, step } = readAll(rows, size, rows.length + more);
				expect(read).toEqual(rows);
				expect(step).toMatchObject({ next: 'end', proven: false });
			}),
		);
	});
});

describe('the next page', () => {
	test('begins at the last row that was read', () => {
		const first = take(FIRST_PAGE, page(['a', 'b', 'c'], 7), 3);
		expect(first).toMatchObject({ next: 'call', skip: 0, state: { offset: 2, rows: 3, lastKey: 'c', pages: 1 } });
		const second = take(after(first), page(['c', 'd', 'e'], 7), 3);
		expect(second).toMatchObject({ next: 'call', skip: 1, state: { offset: 4, rows: 5, lastKey: 'e', pages: 2 } });
		const third = take(after(second), page(['e', 'f', 'g'], 7), 3);
		expect(third).toMatchObject({ next: 'end', skip: 1, proven: true, state: { rows: 7, pages: 3 } });
	});

	test('begins after the last row in pages of one', () => {
		expect(overlapOf(1)).toBe(0);
		expect(take(FIRST_PAGE, page(['a'], 3), 1)).toMatchObject({ next: 'call', skip: 0, state: { offset: 1 } });
	});

	test.each<[what: string, keys: (string | null)[]]>([
		['a row before was removed', ['d', 'e', 'f']],
		['a row before was added', ['b', 'c', 'd']],
		['the last row itself was removed, and it was the last of all', []],
		['the row has no key', [null, 'd']],
	])('tells that rows moved when %s', (_what, keys) => {
		const { next } = take(after(take(FIRST_PAGE, page(['a', 'b', 'c'], 7), 3)), page(keys, 7), 3);
		expect(next).toBe('shifted');
	});
});

describe('an announced total', () => {
	test.each([
		[null, 7],
		[0, 7],
		[8, 8],
		[3, 3],
	])('of %s on a later page means %i after 7', (later, total) => {
		const first = take(FIRST_PAGE, page(['a', 'b', 'c'], 7), 3);
		expect(after(take(after(first), page(['c', 'd', 'e'], later), 3)).total).toBe(total);
	});

	test('of 0 on the first page is the end', () => {
		expect(take(FIRST_PAGE, page([], 0), 5)).toMatchObject({ next: 'end', proven: true });
	});

	test('that is missing leaves a short page as the end, and a full one not', () => {
		expect(take(FIRST_PAGE, page(['a', 'b']), 3)).toMatchObject({ next: 'end', proven: false });
		expect(take(FIRST_PAGE, page(['a', 'b', 'c']), 3)).toMatchObject({ next: 'call' });
		expect(take(FIRST_PAGE, page([]), 3)).toMatchObject({ next: 'end', proven: false });
	});
});
