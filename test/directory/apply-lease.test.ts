/** The lease on a real directory: one plan at a time, whoever is quicker, and whatever breaks on the way. */
import { randomInt } from 'node:crypto';
import { Attribute, Change } from 'ldapts';
import type { Directory } from '../../lib/directory/directory';
import { DirectoryError } from '../../lib/directory/errors';
import { noLease, openLease, type Lease, type LeaseRequest } from '../../lib/provisioning/apply/lease';
import { parseLease } from '../../lib/provisioning/apply/leaseText';
import { wait } from '../../lib/wait';
import { withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { startWire, type Wire } from './wire';

let domain: Domain;
let dn: string;
let objects = 0;

beforeAll(async () => {
	domain = await startSamba();
}, 120_000);
afterAll(() => domain.stop());
beforeEach(async () => {
	dn = await makeObject('container');
});

/** An object that nothing was ever written to. */
async function makeObject(objectClass: string): Promise<string> {
	objects += 1;
	// A serviceConnectionPoint stands below containers, computers and units only.
	const parent = objectClass === 'serviceConnectionPoint' ? `CN=Users,${domain.baseDn}` : domain.baseDn;
	const made = `${objectClass === 'organizationalUnit' ? 'OU' : 'CN'}=lease ${objects},${parent}`;
	await asAdministrator(domain, (client) => client.add(made, { objectClass }));
	return made;
}

const attribute = 'description';
async function stored(name = attribute): Promise<readonly string[]> {
	return await withDirectory(domain, async (directory) => {
		const entry = await directory.read(dn, [name]);
		return (entry?.attributes[name.toLowerCase()] ?? []).map(String);
	});
}
const holders = async () =>
	(await stored()).map((text) => parseLease(text)).map((lease) => [lease?.planId, lease?.runs]);

async function byHand(operation: 'add' | 'replace', values: string[]): Promise<void> {
	const modification = new Attribute({ type: attribute, values });
	await asAdministrator(domain, (client) => client.modify(dn, new Change({ operation, modification })));
}

/** Time as a test wants it: the controller's clock and all waiting. */
type Time = { ms: number; readonly waits: number[]; onWait: () => Promise<void> };
const startTime = (): Time => ({ ms: 0, waits: [], onWait: () => Promise.resolve() });

type Opening = { readonly time?: Time; readonly modified?: () => Promise<void> } & Partial<LeaseRequest>;

function open(directory: Directory, plan: string, run: string, opening: Opening = {}): Lease {
	const { time = startTime(), modified, ...request } = opening;
	const EPOCH = Date.parse('2026-03-01T08:00:00Z');
	const timed: Directory = {
		...directory,
		now: () => Promise.resolve(new Date(EPOCH + time.ms).toISOString().replace(/\.\d+Z$/, 'Z')),
		modify: async (...asked) => {
			await modified?.();
			await directory.modify(...asked);
		},
	};
	const sleep = async (ms: number) => {
		time.ms += ms;
		time.waits.push(ms);
		await time.onWait();
	};
	return openLease(timed, {
		...{ dn, attribute, planId: plan, runId: run, sleep, signal: undefined, elapsed: () => time.ms },
		...request,
	});
}

const two = <T>(work: (one: Directory, other: Directory) => Promise<T>) =>
	withDirectory(domain, (one) => withDirectory(domain, (other) => work(one, other)));
const fault = async (promise: Promise<unknown>) => {
	const error = await promise.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(DirectoryError);
	return error as DirectoryError;
};

describe('a lease', () => {
	test.each(['container', 'organizationalUnit', 'serviceConnectionPoint'])(
		'is taken, renewed and given back on an object of class %s, by attributes of one value and of several',
		async (objectClass) => {
			dn = await makeObject(objectClass);
			for (const name of ['description', 'adminDescription'])
				await withDirectory(domain, async (directory) => {
					const time = startTime();
					const lease = open(directory, 'plan', 'run', { time, attribute: name });
					expect(await lease.begin()).toEqual([]);
					expect(await stored(name)).toEqual(['adprov1:lease:plan:run:2026-03-01T08:01:00Z']);
					time.ms += 20_000;
					await lease.check();
					expect(await stored(name)).toEqual(['adprov1:lease:plan:run:2026-03-01T08:01:20Z']);
					await lease.release();
					expect(await stored(name)).toEqual([]);
				});
		},
	);

	test('costs nothing before it is time to renew', async () => {
		await withDirectory(domain, async (directory) => {
			const time = startTime();
			const lease = open(directory, 'plan', 'run', { time });
			await lease.begin();
			const writes = directory.writes();
			for (let person = 0; person < 100; person += 1) {
				time.ms += 199;
				await lease.check();
			}
			expect(directory.writes()).toBe(writes);
			time.ms += 200;
			await lease.check();
			expect(directory.writes()).toBe(writes + 1);
		});
	});

	test('of another plan is waited for, and the operator is told', async () => {
		await two(async (one, other) => {
			const time = startTime();
			const [first, second] = [open(one, 'plan-1', 'a', { time }), open(other, 'plan-2', 'b', { time })];
			await first.begin();
			time.onWait = async () => {
				if (time.waits.length === 5) await first.release();
			};
			const [note = ''] = await second.begin();
			expect(note).toMatch(/^Waited \d+ s for the lease, which plan plan-1 held\.$/);
			expect(await holders()).toEqual([['plan-2', ['b']]]);
			for (const ms of time.waits) expect(ms).toBeGreaterThanOrEqual(1000);
		});
	});

	test('of another plan that goes on is given up after ninety seconds, with its name', async () => {
		await two(async (one, other) => {
			const time = startTime();
			const [first, second] = [open(one, 'plan-1', 'a', { time }), open(other, 'plan-2', 'b', { time })];
			await first.begin();
			time.onWait = () => first.check();
			const error = await fault(second.begin());
			expect(error.kind).toBe('busy');
			expect(error.message).toMatch(/plan plan-1 holds the lease CN=lease.* until 2026-03-01T08:0\d:\d\dZ/);
			expect(time.ms).toBeGreaterThanOrEqual(90_000);
			expect(time.ms).toBeLessThan(95_000);
			expect(await holders()).toEqual([['plan-1', ['a']]]);
			await second.release();
			expect(await holders()).toEqual([['plan-1', ['a']]]);
		});
	});

	test('of a run that was killed is taken when it has run out, and the operator is told', async () => {
		await two(async (one, other) => {
			const time = startTime();
			await open(one, 'plan-1', 'a', { time }).begin();
			const notes = await open(other, 'plan-2', 'b', { time }).begin();
			expect(time.ms).toBeGreaterThanOrEqual(60_000);
			expect(notes).toEqual([
				expect.stringMatching(/^Waited 6\d s/),
				expect.stringMatching(/^The lease of plan plan-1 had run out at 2026-03-01T08:01:00Z/),
			]);
			expect(await holders()).toEqual([['plan-2', ['b']]]);
		});
	});

	test('of the same plan is taken at once when the run before was killed', async () => {
		await two(async (one, other) => {
			const time = startTime();
			await open(one, 'plan', 'a', { time }).begin();
			time.ms += 60_000;
			expect(await open(other, 'plan', 'b', { time }).begin()).toEqual([]);
			expect(await holders()).toEqual([['plan', ['b']]]);
		});
	});

	test('that another plan has taken ends the run', async () => {
		await two(async (one, other) => {
			const time = startTime();
			const [first, second] = [open(one, 'plan-1', 'a', { time }), open(other, 'plan-2', 'b', { time })];
			await first.begin();
			time.ms += 61_000;
			await second.begin();
			const error = await fault(first.check());
			expect(error.kind).toBe('conflict');
			expect(error.message).toContain('plan plan-2 has taken it, until 2026-03-01T08:02:01Z');
			expect((await fault(first.check())).kind).toBe('conflict');
			await first.release();
			expect(await holders()).toEqual([['plan-2', ['b']]]);
		});
	});

	test('that somebody else had meanwhile ends the run, though it is free again', async () => {
		await two(async (one, other) => {
			const time = startTime();
			const [first, second] = [open(one, 'plan-1', 'a', { time }), open(other, 'plan-2', 'b', { time })];
			await first.begin();
			time.ms += 61_000;
			await second.begin();
			await second.release();
			const error = await fault(first.check());
			expect(error.message).toContain('ran out before it was renewed');
			expect(await stored()).toEqual([]);
		});
	});

	test('that ran out, and that nobody took, is still held: the swap proves it', async () => {
		await withDirectory(domain, async (directory) => {
			const time = startTime();
			const lease = open(directory, 'plan', 'a', { time });
			await lease.begin();
			time.ms += 600_000;
			await lease.check();
			expect(await stored()).toEqual(['adprov1:lease:plan:a:2026-03-01T08:11:00Z']);
		});
	});

	test('that an administrator emptied is taken again', async () => {
		await withDirectory(domain, async (directory) => {
			const time = startTime();
			const lease = open(directory, 'plan', 'a', { time });
			await lease.begin();
			await byHand('replace', []);
			time.ms += 30_000;
			await lease.check();
			expect(await holders()).toEqual([['plan', ['a']]]);
		});
	});

	test('is not checked before it is taken', async () => {
		await withDirectory(domain, async (directory) => {
			expect((await fault(open(directory, 'plan', 'a').check())).kind).toBe('conflict');
		});
	});

	test('without an object says so, and lets everything pass', async () => {
		const lease = noLease('There is no lease object.');
		expect(await lease.begin()).toEqual(['There is no lease object.']);
		await lease.check();
		await lease.release();
		expect(await noLease('').begin()).toEqual([]);
	});
});

describe('workers of one plan', () => {
	test('share it, and it is free when the last one is done', async () => {
		await two(async (one, other) => {
			const time = startTime();
			const [first, second] = [open(one, 'plan', 'a', { time }), open(other, 'plan', 'b', { time })];
			await first.begin();
			await second.begin();
			expect(await holders()).toEqual([['plan', ['a', 'b']]]);
			time.ms += 25_000;
			await second.check();
			await first.check();
			expect(await stored()).toEqual(['adprov1:lease:plan:a+b:2026-03-01T08:01:25Z']);
			await second.release();
			expect(await holders()).toEqual([['plan', ['a']]]);
			// Nobody comes between while one of them is at work.
			const stranger = await withDirectory(domain, (third) =>
				fault(
					open(third, 'another', 'c', {
						time: { ...startTime(), ms: 25_000 },
						sleep: () => Promise.reject(new DirectoryError({ kind: 'busy', message: 'waits', whatToDo: '' })),
					}).begin(),
				),
			);
			expect(stranger.message).toBe('waits');
			await first.release();
			expect(await stored()).toEqual([]);
		});
	});

	test('lose a swap to each other, read again, and go on', async () => {
		await two(async (one, other) => {
			const time = startTime();
			const second = open(other, 'plan', 'b', { time });
			let between: (() => Promise<unknown>) | undefined;
			const modified = async () => {
				const now = between;
				between = undefined;
				await now?.();
			};
			const first = open(one, 'plan', 'a', { time, modified });
			between = () => second.begin();
			await first.begin();
			expect(await holders()).toEqual([['plan', ['b', 'a']]]);
			time.ms += 30_000;
			between = () => second.check();
			await first.check();
			between = () => second.release();
			await first.release();
			expect(await stored()).toEqual([]);
		});
	});

	test('lose a swap to another plan, and stop', async () => {
		await two(async (one, other) => {
			const time = startTime();
			let between: (() => Promise<unknown>) | undefined;
			const modified = async () => {
				const now = between;
				between = undefined;
				await now?.();
			};
			const first = open(one, 'plan-1', 'a', { time, modified });
			await first.begin();
			time.ms += 61_000;
			between = () => open(other, 'plan-2', 'b', { time }).begin();
			expect((await fault(first.check())).message).toContain('plan plan-2 has taken it');
		});
	});
});

describe('runs that begin at the same moment', () => {
	test.each(['description', 'adminDescription'])('find out who was first, where nothing stood in %s', async (name) => {
		await two(async (one, other) => {
			const time = startTime();
			const second = open(other, 'plan-2', 'b', { time, attribute: name });
			let between: (() => Promise<unknown>) | undefined = () => second.begin();
			const modified = async () => {
				const now = between;
				between = undefined;
				await now?.();
			};
			const first = open(one, 'plan-1', 'a', { time, modified, attribute: name });
			time.onWait = async () => {
				if (time.ms > 20_000) await second.release();
			};
			await first.begin();
			expect(time.ms).toBeGreaterThan(20_000);
			expect((await stored(name)).map((text) => parseLease(text)?.runs)).toEqual([['a']]);
		});
	});

	test.each(['description', 'adminDescription'])('never hold it together, by %s', async (name) => {
		let inside = 0;
		let most = 0;
		const turns: string[] = [];
		const worker = (plan: string) =>
			withDirectory(domain, async (directory) => {
				for (let round = 0; round < 3; round += 1) {
					const lease = openLease(directory, {
						...{ dn, attribute: name, planId: plan, runId: `${plan}-${round}`, signal: undefined },
						sleep: (ms, signal) => wait(Math.ceil(ms / 100), signal),
					});
					await lease.begin();
					inside += 1;
					most = Math.max(most, inside);
					turns.push(plan);
					await wait(randomInt(5), undefined);
					inside -= 1;
					await lease.release();
				}
			});
		await Promise.all(['p1', 'p2', 'p3', 'p4'].map(worker));
		expect(most).toBe(1);
		expect(turns.sort()).toEqual(['p1', 'p2', 'p3', 'p4'].flatMap((plan) => [plan, plan, plan]));
		expect(await stored(name)).toEqual([]);
	});
});

describe('an answer that is lost', () => {
	let wire: Wire;
	beforeEach(async () => {
		wire = await startWire(domain);
	});
	afterEach(() => wire.close());
	const through = <T>(work: (directory: Directory) => Promise<T>) =>
		withDirectory(domain, work, { fields: { port: wire.port } });
	const first = (fate: 'cut before' | 'cut after') => {
		let done = false;
		wire.decide(({ operation }) => {
			if (done || operation !== 'modify') return 'pass';
			done = true;
			return fate;
		});
	};

	test.each(['cut before', 'cut after'] as const)('does no harm when the connection is %s the write', async (fate) => {
		await through(async (directory) => {
			const time = startTime();
			const lease = open(directory, 'plan', 'a', { time });
			first(fate);
			await lease.begin();
			expect(await stored()).toEqual(['adprov1:lease:plan:a:2026-03-01T08:01:00Z']);
			time.ms += 20_000;
			first(fate);
			await lease.check();
			expect(await stored()).toEqual(['adprov1:lease:plan:a:2026-03-01T08:01:20Z']);
			first(fate);
			await lease.release();
			expect(await stored()).toEqual([]);
		});
	});

	test('does not bring down a run that renews with the next connection', async () => {
		await through(async (directory) => {
			const time = startTime();
			const lease = open(directory, 'plan', 'a', { time });
			await lease.begin();
			time.ms += 20_000;
			let cuts = 0;
			wire.decide(({ operation }) => (operation === 'modify' && (cuts += 1) <= 2 ? 'cut before' : 'pass'));
			expect((await fault(lease.check())).kind).toBe('lost');
			await lease.check();
			expect(await stored()).toEqual(['adprov1:lease:plan:a:2026-03-01T08:01:20Z']);
		});
	});
});

describe('what cannot be a lease', () => {
	test.each<[name: string, values: string[]]>([
		['a text of somebody else', ['The object of the help desk']],
		['a text beside a lease', ['adprov1:lease:plan:a:2026-03-01T08:01:00Z', 'note']],
		['a lease that was edited', ['adprov1:lease:plan:a:tomorrow']],
	])('is %s: it is not overwritten', async (_name, values) => {
		await byHand('replace', values);
		await withDirectory(domain, async (directory) => {
			const error = await fault(open(directory, 'plan', 'a').begin());
			expect(error.kind).toBe('configuration');
			expect(error.message).toContain('holds a text that is no lease');
			expect(directory.writes()).toBe(0);
		});
		expect([...(await stored())].sort()).toEqual([...values].sort());
	});

	test('is an object that does not exist', async () => {
		await withDirectory(domain, async (directory) => {
			const error = await fault(open(directory, 'plan', 'a', { dn: `CN=nobody,${domain.baseDn}` }).begin());
			expect([error.kind, error.message]).toEqual(['configuration', expect.stringContaining('CN=nobody') as string]);
		});
	});

	test('is an attribute that the object does not have', async () => {
		await withDirectory(domain, async (directory) => {
			const error = await fault(open(directory, 'plan', 'a', { attribute: 'employeeID' }).begin());
			expect([error.kind, error.attribute]).toEqual(['configuration', 'employeeID']);
			expect(error.whatToDo).toContain('Objects of its class must have the attribute');
		});
	});

	test('is an object that the service account may not write', async () => {
		const name = 'reader';
		const password = 'Long enough 4 a password!';
		await asAdministrator(domain, (client) =>
			client.add(`CN=${name},CN=Users,${domain.baseDn}`, {
				...{ objectClass: 'user', sAMAccountName: name, userAccountControl: '512' },
				unicodePwd: Buffer.from(`"${password}"`, 'utf16le') as unknown as string,
			}),
		);
		const fields = { bindName: `CN=${name},CN=Users,${domain.baseDn}`, bindPassword: password };
		await withDirectory(
			domain,
			async (directory) => {
				const error = await fault(open(directory, 'plan', 'a').begin());
				expect([error.kind, error.code]).toEqual(['configuration', 50]);
				expect(error.whatToDo).toContain('RPWP');
			},
			{ fields },
		);
	});
});

test('waiting for a lease ends when the run is stopped', async () => {
	await two(async (one, other) => {
		await open(one, 'plan-1', 'a').begin();
		const stop = new AbortController();
		const waiting = fault(open(other, 'plan-2', 'b', { sleep: wait, signal: stop.signal }).begin());
		setTimeout(() => stop.abort(), 50);
		expect((await waiting).kind).toBe('cancelled');
	});
});
