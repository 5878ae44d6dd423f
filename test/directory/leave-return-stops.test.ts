/** Runs that are stopped at any point: nobody is enabled early, the snapshot is whole, and the next run ends in the same tree. */
import { canBind } from './administrator';
import {
	ending,
	once,
	openStage,
	prepare,
	requestsOf,
	seen,
	type Seen,
	type Stage,
	type Work,
} from './leave-return-cuts';
import { NEW_PASSWORD } from './leave-return-people';

let stage: Stage;
let before: Seen;
let left: Seen;

beforeAll(async () => {
	stage = await openStage();
	await prepare(stage, 'leave', 'ref');
	before = await seen(stage, 'ref');
	await ending(stage, 'leave', 'ref');
	left = await seen(stage, 'ref');
}, 120_000);
afterAll(() => stage?.close());
afterEach(() => expect(stage.wire.unbound).toEqual([]));

const DONE: Readonly<Record<Work, string>> = { leave: 'disabled', return: 'enabled' };

/** Whatever stopped a run, nobody is enabled without all that they had, and nobody is disabled without the snapshot. */
async function expectSafe(key: string, nth: number): Promise<void> {
	const now = await seen(stage, key);
	if (now.enabled) expect([nth, now]).toEqual([nth, before]);
	else expect([nth, now.marks, now.snapshot]).toEqual([nth, 2, left.snapshot]);
}

/** The last run, undisturbed, and one more. */
async function expectConverged(work: Work, key: string, nth: number): Promise<void> {
	stage.wire.decide(() => 'pass');
	const next = await ending(stage, work, key, { overWire: true });
	expect([nth, [DONE[work], 'unchanged'].includes(next)]).toEqual([nth, true]);
	expect([nth, await ending(stage, work, key)]).toEqual([nth, 'unchanged']);
	expect([nth, await seen(stage, key)]).toEqual([nth, work === 'leave' ? left : before]);
	if (work === 'return')
		expect(await canBind(stage.domain, `CN=Person ${key},${stage.office.people}`, NEW_PASSWORD)).toBe(true);
}

describe.each(['leave', 'return'] as const)('a %s', (work) => {
	test.each(['cut before', 'cut after'] as const)(
		'that is stopped at any one request, where the connection is %s, is finished by the next run',
		async (fate) => {
			const id = `${work[0]}${fate === 'cut after' ? 'a' : 'b'}`;
			const { all, writes } = await requestsOf(stage, work, `${id}0`);
			// A request that only reads leaves the tree as the write before it did, whether it arrived or not.
			const every = fate === 'cut before' ? writes : Array.from({ length: all - 1 }, (_, index) => index + 2);
			for (const nth of every) {
				const key = `${id}${nth}`;
				await prepare(stage, work, key);
				const stop = new AbortController();
				once(stage, fate, nth, () => stop.abort());
				const first = await ending(stage, work, key, { overWire: true, signal: stop.signal });
				// The last request only reads the account for the result.
				expect([nth, first]).toEqual([nth, nth === all ? expect.any(String) : 'cancelled']);
				await stage.wire.quiet();
				await expectSafe(key, nth);
				await expectConverged(work, key, nth);
			}
		},
		120_000,
	);
});
