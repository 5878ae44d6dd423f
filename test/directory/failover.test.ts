/** Two controllers of one domain, by scripted LDAP peers: Samba's tests have one controller only. This shows the client's rules, not AD's replication. */
import { makeCertificates, type Certificates } from '../support/certificates';
import { startPeer, type Peer, type PeerAnswer, type PeerRequest } from '../support/ldap-peer';
import { errorOf, peerFields, withPeer } from '../support/peer-directory';
import {
	controllerScript,
	SCRIPTED_DN,
	scriptedController,
	type ScriptedController,
} from '../support/scripted-controller';

const FIRST = '127.0.0.1';
const SECOND = '127.0.0.2';
const ada = `CN=Ada,${SCRIPTED_DN}`;
const grace = `CN=Grace,${SCRIPTED_DN}`;
const title = [{ type: 'replace' as const, attribute: 'title', values: ['x'] }];

let certificates: Certificates;
let one: ScriptedController;
let two: ScriptedController;
let first: Peer;
let second: Peer;
let answering: Record<string, (request: PeerRequest) => PeerAnswer | undefined>;

const start = (controller: ScriptedController, host: string, port = 0) =>
	startPeer({
		certificates,
		host,
		port,
		script: controllerScript(controller, (request) => answering[controller.name]?.(request)),
	});
const fields = () => peerFields([first, second], certificates);
const written = (peer: Peer) =>
	peer.requests.flatMap(({ operation, dn }) =>
		operation === 'bind' || operation === 'search' ? [] : [`${operation} ${dn.split(',')[0] ?? ''}`],
	);

beforeAll(() => {
	certificates = makeCertificates();
});
beforeEach(async () => {
	one = scriptedController('dc1');
	two = scriptedController('dc2', {
		invocationId: '33333333-3333-4333-8333-333333333333',
		usn: 70,
		currentTime: '20260101001000.0Z',
	});
	answering = {};
	first = await start(one, FIRST);
	second = await start(two, SECOND, first.port);
});
afterEach(() => Promise.all([first.close(), second.close()]));

describe('a controller that is lost', () => {
	test('fails the object at hand; another one is used from the next object on, for changes', async () => {
		await withPeer(fields(), async (directory) => {
			await directory.modify(ada, title);
			await first.close();
			expect(await errorOf(directory.modify(ada, title))).toMatchObject({ kind: 'lost' });
			expect(await errorOf(directory.read(ada, ['cn']))).toMatchObject({ kind: 'lost', stage: 'reach' });
			expect(directory.controller()).toBe(FIRST);
			expect(second.requests).toEqual([]);
			expect(directory.nextObject()).toBe(true);
			await directory.modify(ada, title);
			await directory.rename(ada, 'CN=Ada L');
			await directory.remove(ada);
			expect(directory.controller()).toBe(SECOND);
		});
		expect(written(second)).toEqual(['modify CN=Ada', 'rename CN=Ada', 'delete CN=Ada']);
	});

	test('is used again without further ado when only the connection broke', async () => {
		await withPeer(fields(), async (directory) => {
			await directory.modify(ada, title);
			await first.disconnect();
			await directory.modify(ada, title);
			expect(directory.nextObject()).toBe(false);
			await directory.add(grace, { objectClass: ['user'] });
		});
		expect(written(first)).toEqual(['modify CN=Ada', 'modify CN=Ada', 'add CN=Grace']);
		expect(second.requests).toEqual([]);
	});

	test('that is not missed before the next object is kept', async () => {
		await withPeer(fields(), async (directory) => {
			await directory.modify(ada, title);
			expect(directory.nextObject()).toBe(false);
			await directory.modify(ada, title);
			expect(directory.controller()).toBe(FIRST);
		});
	});

	test('that is the only one named is tried again for each object', async () => {
		await withPeer(peerFields([first], certificates), async (directory) => {
			await directory.modify(ada, title);
			await first.close();
			await errorOf(directory.modify(ada, title));
			expect(directory.nextObject()).toBe(false);
			expect(await errorOf(directory.modify(ada, title))).toMatchObject({ kind: 'lost' });
			first = await start(one, FIRST, second.port);
			await directory.modify(ada, title);
		});
	});

	test('is given up with all the others when none of them answers, and taken again when one does', async () => {
		await withPeer(fields(), async (directory) => {
			await directory.modify(ada, title);
			const { port } = first;
			await Promise.all([first.close(), second.close()]);
			await errorOf(directory.read(ada, ['cn']));
			expect(directory.nextObject()).toBe(true);
			expect(directory.nextObject()).toBe(true);
			const error = await errorOf(directory.modify(ada, title));
			expect(error).toMatchObject({ kind: 'lost', stage: 'reach' });
			expect(error.message).toContain(FIRST);
			expect(error.message).toContain(SECOND);
			expect(directory.nextObject()).toBe(false);
			second = await start(two, SECOND, port);
			await directory.modify(ada, title);
			expect(directory.controller()).toBe(SECOND);
		});
	});

	test('takes the clock with it: the time is that of the one in use', async () => {
		await withPeer(fields(), async (directory) => {
			expect(await directory.now()).toBe('2026-01-01T00:00:00Z');
			await first.close();
			await errorOf(directory.read(ada, ['cn']));
			directory.nextObject();
			expect(await directory.now()).toBe('2026-01-01T00:10:00Z');
			expect((await directory.domain()).controller).toBe('dc2.scripted.example');
		});
	});

	test('costs nothing where one controller is named: not one more question is asked', async () => {
		await withPeer(peerFields([first], certificates), async (directory) => {
			await directory.add(ada, { objectClass: ['user'] });
			directory.nextObject();
			await directory.modify(ada, title);
		});
		expect(first.requests.map(({ operation }) => operation)).toEqual(['bind', 'add', 'modify']);
	});
});

describe('on the controller that is used instead', () => {
	/** The first controller makes an account and is lost; `then` runs with the second one. */
	const afterTheLoss = async (
		then: Parameters<typeof withPeer>[1],
		before: Parameters<typeof withPeer>[1] = (directory) => directory.add(ada, { objectClass: ['user'] }),
	) => {
		await withPeer(fields(), async (directory) => {
			await before(directory);
			await first.close();
			await errorOf(directory.read(ada, ['cn']));
			directory.nextObject();
			await then(directory);
		});
	};
	const create = (directory: Parameters<Parameters<typeof withPeer>[1]>[0]) =>
		directory.add(grace, { objectClass: ['user'] });
	const { invocationId } = scriptedController('dc1');

	test.each<[what: string, cursors: Record<string, number>]>([
		['has no cursor for the lost one', {}],
		['stands one change before it', { [invocationId]: 1000 }],
		['shows cursors of others only', { '44444444-4444-4444-8444-444444444444': 9999 }],
	])('nothing is created while it %s', async (_what, cursors) => {
		two.cursors = cursors;
		await afterTheLoss(async (directory) => {
			const error = await errorOf(create(directory));
			expect(error).toMatchObject({ kind: 'not replicated' });
			expect(error.message).toContain(FIRST);
			expect(error.message).toContain(SECOND);
			expect(error.whatToDo).toMatch(/\.$/);
			expect(directory.writes()).toBe(1);
			await directory.modify(ada, title);
		});
		expect(written(second)).toEqual(['modify CN=Ada']);
	});

	test.each([1001, 5000])('objects are created once it has everything: cursor %i', async (usn) => {
		two.cursors = { [invocationId.toUpperCase()]: usn };
		await afterTheLoss(create);
		expect(written(second)).toEqual(['add CN=Grace']);
	});

	test('they are created as soon as it has caught up in the middle of the run', async () => {
		await afterTheLoss(async (directory) => {
			expect(await errorOf(create(directory))).toMatchObject({ kind: 'not replicated' });
			two.cursors = { [invocationId]: one.usn };
			await create(directory);
			await directory.add(ada, { objectClass: ['user'] });
		});
		expect(written(second)).toEqual(['add CN=Grace', 'add CN=Ada']);
	});

	test('they are not when the last creation was never answered, whatever the cursor says', async () => {
		two.cursors = { [invocationId]: 99_999 };
		await withPeer(peerFields([first, second], certificates, { operationTimeout: 0.2 }), async (directory) => {
			await directory.modify(ada, title);
			first.script(() => undefined);
			expect(await errorOf(directory.add(ada, { objectClass: ['user'] }))).toMatchObject({ kind: 'lost' });
			await first.close();
			await errorOf(directory.read(ada, ['cn']));
			directory.nextObject();
			expect(await errorOf(create(directory))).toMatchObject({ kind: 'not replicated' });
		});
	});

	test('they are when the last creation was refused, because it wrote nothing', async () => {
		two.cursors = { [invocationId]: 1000 };
		answering['dc1'] = ({ operation }) => (operation === 'add' ? { code: 68, message: '00002071: UpdErr' } : undefined);
		await afterTheLoss(create, async (directory) => {
			await directory.modify(ada, title);
			expect(await errorOf(directory.add(ada, { objectClass: ['user'] }))).toMatchObject({ kind: 'taken' });
		});
		expect(written(second)).toEqual(['add CN=Grace']);
	});

	test('they are not where the cursors, or the identity of the lost controller, may not be read', async () => {
		two.cursors = { [invocationId]: 99_999 };
		answering['dc2'] = ({ attributes }) =>
			attributes.includes('msDS-NCReplCursors') ? { code: 50, message: '00002098: SecErr' } : undefined;
		await afterTheLoss(async (directory) => {
			expect(await errorOf(create(directory))).toMatchObject({ kind: 'not replicated' });
		});
	});

	test('they are not where the lost controller did not tell its identity', async () => {
		two.cursors = { [invocationId]: 99_999 };
		answering['dc1'] = ({ attributes }) => (attributes.includes('invocationId') ? { code: 32 } : undefined);
		await afterTheLoss(async (directory) => {
			expect(await errorOf(create(directory))).toMatchObject({ kind: 'not replicated' });
		});
	});

	test('they are on the first one again, when that is back and the other is lost: it has what it wrote itself', async () => {
		await afterTheLoss(async (directory) => {
			await directory.modify(ada, title);
			const { port } = second;
			first = await start(one, FIRST, port);
			one.cursors = { [two.invocationId]: two.usn };
			await second.close();
			await errorOf(directory.read(ada, ['cn']));
			directory.nextObject();
			await create(directory);
			expect(directory.controller()).toBe(FIRST);
		});
		expect(written(first)).toEqual(['add CN=Grace']);
	});

	test('of another domain nothing is done at all', async () => {
		two.domainGuid = '99999999-9999-4999-8999-999999999999';
		await afterTheLoss(async (directory) => {
			const error = await errorOf(directory.modify(ada, title));
			expect(error).toMatchObject({ kind: 'configuration' });
			expect(error.message).toContain('another domain');
		});
		expect(written(second)).toEqual([]);
	});

	test('nothing is done when it is a read-only one', async () => {
		two.readOnly = true;
		await afterTheLoss(async (directory) => {
			const error = await errorOf(directory.modify(ada, title));
			expect(error).toMatchObject({ kind: 'lost', stage: 'reach' });
			expect(error.message).toContain('read-only');
		});
		expect(written(second)).toEqual([]);
	});
});
