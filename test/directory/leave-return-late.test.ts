/** Controllers that fall silent, and requests that arrive late: the run goes on, and ends in the same tree. */
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
	test('one of whose writes arrives late, after it was sent again, ends the same', async () => {
		const { writes } = await requestsOf(stage, work, `${work[0]}l0`);
		for (const nth of writes) {
			const key = `${work[0]}l${nth}`;
			await prepare(stage, work, key);
			once(stage, 'late', nth);
			expect([nth, await ending(stage, work, key, { overWire: true })]).toEqual([nth, DONE[work]]);
			await expectConverged(work, key, nth);
		}
	}, 120_000);

	test('on one of whose writes the controller falls silent sends it again, and ends the same', async () => {
		const { writes } = await requestsOf(stage, work, `${work[0]}s0`);
		for (const nth of writes) {
			const key = `${work[0]}s${nth}`;
			await prepare(stage, work, key);
			once(stage, 'stall', nth);
			expect([nth, await ending(stage, work, key, { overWire: true, timeout: 1 })]).toEqual([nth, DONE[work]]);
			await expectConverged(work, key, nth);
		}
	}, 120_000);
});
