/**
 * A plan of ten people, approved, and made again over a real directory some time later: as long as nobody changed anything, it is the same for each
 * of them. What somebody changed meanwhile holds back whom it is about, and nobody else.
 */
import { randomUUID } from 'node:crypto';
import type { Change, Plan } from '../../lib/contracts';
import { checkApproval } from '../../lib/provisioning/apply/approval';
import { selectChanges, type Selection } from '../../lib/provisioning/apply/stillPlanned';
import { makeUndo } from '../../lib/provisioning/undo/makeUndo';
import { liveSource } from '../../lib/provisioning/source/live';
import { apply } from '../support/changes';
import { SIGNING_KEY, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { isJoiner, keyOf, openGround, PEOPLE, planFor, settle, topOf, type Who } from './crash-people';
import { trees } from './crash-trees';
import { wait } from '../../lib/wait';

let domain: Domain;
const ROUNDS = ['plain', 'hand', 'name', 'out', 'undo'];

beforeAll(async () => {
	domain = await startSamba();
	await openGround(domain);
	await settle(domain, ROUNDS);
}, 120_000);
afterAll(() => domain?.stop());

const planned = (round: string): Promise<Plan> =>
	withDirectory(domain, async (directory) => (await planFor(domain, directory, round)).plan);
const idOf = (plan: Plan, who: Who, round: string) =>
	plan.changes.find(({ key }) => key === keyOf(who, round))?.id ?? '';
const dnOf = (who: Who, round: string, unit = 'Staff') =>
	`CN=User ${keyOf(who, round)},OU=${unit},OU=${round},${topOf(domain)}`;

/** As the node does it: everything is checked before anything is applied. */
async function selected(approved: Plan, again: Plan, leaveOut: readonly string[] = []): Promise<Selection> {
	return await withDirectory(domain, async (directory) => {
		const { domainGuid } = await directory.domain();
		const now = await directory.now();
		const approval = { plan: approved, changes: [], signingKey: SIGNING_KEY, domainGuid, now, approvedOverLimit: '' };
		const { changes } = checkApproval(approval);
		return selectChanges(changes, { leaveOut, again: { plan: again }, signingKey: SIGNING_KEY, now });
	});
}

const held = ({ heldBack }: Selection, round: string) =>
	heldBack.map(({ change, why }) => [change.key.replace(round, ''), why]).sort();
const statuses = async (changes: readonly Change[], round: string) =>
	Object.fromEntries(
		(await apply(domain, changes)).outcomes.map(({ key, status }) => [key.replace(round, ''), status]),
	);
const all = (status: string, people: readonly Who[] = PEOPLE) => Object.fromEntries(people.map((who) => [who, status]));

test('joiners who name each other, leavers, rehires and movers are planned the same again, and applied', async () => {
	const approved = await planned('plain');
	expect(approved.changes.flatMap(({ dependsOn }) => dependsOn).length).toBeGreaterThan(2);
	await wait(1100, undefined);
	const again = await planned('plain');
	expect(again.createdAt > approved.createdAt).toBe(true);
	const { changes, heldBack } = await selected(approved, again);
	expect(heldBack).toEqual([]);
	expect(changes).toEqual(approved.changes);
	expect(await statuses(changes, 'plain')).toEqual(all('applied'));
	expect((await planned('plain')).changes).toEqual([]);
	// Once it is applied, nothing of it is planned any more.
	expect((await selected(approved, await planned('plain'))).changes).toEqual([]);
});

test('what somebody did by hand meanwhile holds back whom it is about', async () => {
	const approved = await planned('hand');
	await asAdministrator(domain, async (client) => {
		await client.modifyDN(dnOf('m1', 'hand'), dnOf('m1', 'hand', 'Moved,OU=Staff'));
		await client.del(dnOf('l2', 'hand'));
	});
	const selection = await selected(approved, await planned('hand'));
	expect(held(selection, 'hand')).toEqual([
		// Their manager, m1, is called otherwise by now: not what the approver read.
		['j3', 'planned otherwise'],
		['l2', 'no longer planned'],
		['m1', 'planned otherwise'],
		['r1', 'planned otherwise'],
	]);
	expect(await statuses(selection.changes, 'hand')).toEqual(
		all(
			'applied',
			PEOPLE.filter((who) => !['j3', 'l2', 'm1', 'r1'].includes(who)),
		),
	);
});

test('a name that was taken meanwhile holds its joiner back, and no account is made under another one', async () => {
	const approved = await planned('name');
	await asAdministrator(domain, (client) =>
		client.add(`CN=Quicker,${topOf(domain)}`, { objectClass: 'user', sAMAccountName: `user${keyOf('j3', 'name')}` }),
	);
	const selection = await selected(approved, await planned('name'));
	expect(held(selection, 'name').map(([who]) => who)).toEqual(['j3']);
	const { changes } = selection;
	expect(changes).toHaveLength(PEOPLE.length - 1);
	expect(await statuses(changes, 'name')).toEqual(
		all(
			'applied',
			PEOPLE.filter((who) => who !== 'j3'),
		),
	);
	expect((await trees(domain, ['name'])).get('name')?.j3).toEqual([]);
});

test('whoever names a joiner that was left out gets all but that, and Failed says why', async () => {
	const approved = await planned('out');
	const leaveOut = [idOf(approved, 'j1', 'out')];
	const selection = await selected(approved, await planned('out'), leaveOut);
	expect(held(selection, 'out')).toEqual([['j1', 'left out']]);
	const { outcomes } = await apply(domain, selection.changes);
	const open = outcomes.filter(({ status }) => status !== 'applied');
	// As when an approver gives Apply a part of the changes.
	expect(open.map(({ key, status }) => [key, status])).toEqual([
		[keyOf('j2', 'out'), 'partial'],
		[keyOf('r2', 'out'), 'partial'],
	]);
	for (const { message } of open) expect(message).toContain('names a person of this plan who has no account yet');
	expect((await trees(domain, ['out'])).get('out')?.j1).toEqual([]);
});

test('an undo plan is made again like any other, and what was changed since is not taken back', async () => {
	const { outcomes } = await apply(domain, (await planned('undo')).changes);
	// Out of the cells of a table: JSON text and back.
	const kept = outcomes.map((outcome) => JSON.parse(JSON.stringify(outcome)) as unknown);
	const undo = async () =>
		await withDirectory(domain, async (directory) => {
			const options = { outcomes: kept, signingKey: SIGNING_KEY, deleteCreated: true, expiresAfterHours: 72 };
			return (await makeUndo(liveSource(directory), options, { newId: randomUUID, digestRows: 20 })).plan;
		});
	const approved = await undo();
	await wait(1100, undefined);
	const same = await selected(approved, await undo());
	expect([same.changes, same.heldBack]).toEqual([approved.changes, []]);
	await asAdministrator(domain, (client) => client.del(dnOf('j3', 'undo')));
	const leaveOut = [idOf(approved, 'm1', 'undo')];
	const selection = await selected(approved, await undo(), leaveOut);
	expect(held(selection, 'undo')).toEqual([
		['j3', 'no longer planned'],
		['m1', 'left out'],
	]);
	const done = await statuses(selection.changes, 'undo');
	expect(Object.keys(done)).toHaveLength(PEOPLE.length - 2);
	expect(new Set(Object.values(done))).toEqual(new Set(['applied']));
	const tree = (await trees(domain, ['undo'])).get('undo');
	expect(PEOPLE.filter(isJoiner).map((who) => tree?.[who])).toEqual([[], [], []]);
	await expect(selected(approved, await planned('undo'))).rejects.toThrow('what was approved is an undo plan');
});
