/** The connection breaks at every request of a leave and of a return: the tree ends the same, and nobody is enabled early. */
import { canBind } from './administrator';
import { ending, once, openStage, prepare, requestsOf, seen, type Seen, type Stage } from './leave-return-cuts';
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

test('undisturbed, a leave takes everything, and a return gives everything back', async () => {
	expect(before).toMatchObject({ enabled: true, marks: 0, snapshot: undefined });
	expect(left).toMatchObject({
		enabled: false,
		marks: 2,
		snapshot: { groups: [expect.any(String), expect.any(String)] },
	});
	expect(left.rest).not.toEqual(before.rest);
	expect(left.ownPassword).toBe(false);
	expect(await ending(stage, 'return', 'ref')).toBe('enabled');
	expect(await seen(stage, 'ref')).toEqual(before);
	await ending(stage, 'leave', 'ref');
	expect(await seen(stage, 'ref')).toEqual(left);
});

describe.each(['cut before', 'cut after'] as const)('a connection that is %s', (fate) => {
	const letter = fate === 'cut before' ? 'b' : 'a';

	test('any one request of a leave leads to the same leaver, and a second run finds nothing to do', async () => {
		const { all, writes } = await requestsOf(stage, 'leave', `l${letter}0`);
		expect(writes).toHaveLength(5);
		for (let nth = 1; nth <= all; nth += 1) {
			const key = `l${letter}${nth}`;
			await prepare(stage, 'leave', key);
			once(stage, fate, nth);
			// The first request is the logon: nothing is begun yet, so the run says so and stops.
			const expected = nth === 1 ? ['lost', 'disabled'] : ['disabled', 'unchanged'];
			const first = await ending(stage, 'leave', key, { overWire: true });
			const second = await ending(stage, 'leave', key, { overWire: true });
			expect([nth, first, second]).toEqual([nth, ...expected]);
			expect([nth, await seen(stage, key)]).toEqual([nth, left]);
		}
	}, 120_000);

	test('any one request of a return leads to the same account as before, and a second run finds nothing to do', async () => {
		const { all, writes } = await requestsOf(stage, 'return', `r${letter}0`);
		expect(writes).toHaveLength(6);
		for (let nth = 1; nth <= all; nth += 1) {
			const key = `r${letter}${nth}`;
			await prepare(stage, 'return', key);
			once(stage, fate, nth);
			const expected = nth === 1 ? ['lost', 'enabled'] : ['enabled', 'unchanged'];
			const first = await ending(stage, 'return', key, { overWire: true });
			if (first !== 'enabled') expect([nth, await seen(stage, key)]).toEqual([nth, left]);
			const second = await ending(stage, 'return', key, { overWire: true });
			expect([nth, first, second]).toEqual([nth, ...expected]);
			expect([nth, await seen(stage, key)]).toEqual([nth, before]);
			expect(await canBind(stage.domain, `CN=Person ${key},${stage.office.people}`, NEW_PASSWORD)).toBe(true);
		}
	}, 120_000);
});
