/** The connection breaks at every point of every operation: the result is the same account, one, and never enabled too early. */
import { createOrUpdate } from '../../lib/directory/accounts/create';
import { disableAccount, NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import { openAccounts } from '../../lib/directory/accounts/locate';
import type { Directory } from '../../lib/directory/directory';
import { DirectoryError } from '../../lib/directory/errors';
import type { DesiredAccount } from '../../lib/contracts';
import { desiredAccount, MARKING, SIGNING_KEY, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { startWire, type Fate, type Wire } from './wire';

let domain: Domain;
let ou: string;
let wire: Wire;

const overWire = <T>(work: (directory: Directory) => Promise<T>, options: Parameters<typeof withDirectory>[2] = {}) =>
	withDirectory(domain, work, { ...options, fields: { port: wire.port, ...options.fields } });
const create = (desired: DesiredAccount) => (directory: Directory) =>
	createOrUpdate(openAccounts(directory, MARKING, SIGNING_KEY), desired);
const disable = (key: string) => (directory: Directory) =>
	disableAccount(
		openAccounts(directory, MARKING, SIGNING_KEY),
		{ attribute: 'employeeID', value: key },
		NO_LEAVE_OPTIONS,
	);
const accounts = (key: string) => domain.ldbsearch(`(employeeID=${key})`);

/** What an operation ends in: its outcome, or the kind of its fault. */
async function ending(work: Promise<{ readonly outcome: string }>): Promise<string> {
	try {
		return (await work).outcome;
	} catch (error) {
		if (error instanceof DirectoryError) return error.kind;
		throw error;
	}
}

/** Lets the nth request from now on, and no other, meet its fate. */
function once(fate: Fate, nth: number): void {
	let met = false;
	const from = wire.requests.length;
	wire.decide((_request, number) => {
		if (met || number - from !== nth) return 'pass';
		met = true;
		return fate;
	});
}

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());
beforeEach(async () => {
	wire = await startWire(domain);
});
afterEach(() => wire.close());

/** How many requests an undisturbed run sends, found by running one. */
async function requestsOf(work: (directory: Directory) => Promise<unknown>): Promise<number> {
	await overWire(work);
	return wire.requests.length;
}

describe.each(['cut before', 'cut after'] as const)('a connection that is %s', (fate) => {
	const letter = fate === 'cut before' ? 'B' : 'A';

	test('any one request of a creation leads to one account, enabled, and at most a second run', async () => {
		const count = await requestsOf(create(desiredAccount(ou, `${letter}0`)));
		expect(count).toBeGreaterThan(8);
		for (let nth = 1; nth <= count; nth += 1) {
			const desired = desiredAccount(ou, `${letter}${nth}`);
			once(fate, nth);
			const first = await ending(overWire(create(desired)));
			// The first request is the logon: nothing is begun yet, so the run says so and stops.
			expect([nth, first]).toEqual([nth, nth === 1 ? 'lost' : 'created']);
			const again = await ending(overWire(create(desired)));
			expect([nth, again]).toEqual([nth, nth === 1 ? 'created' : 'unchanged']);
			const found = await accounts(desired.key);
			expect(found.map(({ attributes }) => attributes)).toMatchObject([
				{ userAccountControl: ['512'], sAMAccountName: [`user${desired.key.toLowerCase()}`] },
			]);
			expect(found[0]?.attributes['carLicense']).toBeUndefined();
		}
		expect(wire.unbound).toEqual([]);
	}, 120_000);

	test('any one request of a change leads to the changed account', async () => {
		const started = desiredAccount(ou, `${letter}C`);
		await overWire(create(started));
		const changed = (title: string): DesiredAccount => ({ ...started, attributes: { ...started.attributes, title } });
		const before = wire.requests.length;
		await overWire(create(changed('number 0')));
		const count = wire.requests.length - before;
		for (let nth = 2; nth <= count; nth += 1) {
			once(fate, nth);
			expect([nth, await ending(overWire(create(changed(`number ${nth}`))))]).toEqual([nth, 'updated']);
			expect((await accounts(started.key))[0]?.attributes['title']).toEqual([`number ${nth}`]);
		}
		expect(wire.unbound).toEqual([]);
	}, 60_000);

	test('any one request of a disabling leads to a disabled account with one mark and one snapshot', async () => {
		const prepare = (key: string) => withDirectory(domain, create(desiredAccount(ou, key)));
		await prepare(`${letter}D0`);
		const count = await requestsOf(disable(`${letter}D0`));
		for (let nth = 2; nth <= count; nth += 1) {
			const key = `${letter}D${nth}`;
			await prepare(key);
			once(fate, nth);
			expect([nth, await ending(overWire(disable(key)))]).toEqual([nth, 'disabled']);
			const [entry] = await accounts(key);
			expect(entry?.attributes['userAccountControl']).toEqual(['514']);
			const values = entry?.attributes['carLicense'] ?? [];
			expect(values.map((value) => value.split(':')[1]).sort()).toEqual(['left', 'snapshot']);
		}
		expect(wire.unbound).toEqual([]);
	}, 60_000);
});

describe('a run that is stopped', () => {
	test('after any one request leaves nobody enabled who is not finished, and the next run finishes', async () => {
		const count = await requestsOf(create(desiredAccount(ou, 'S0')));
		for (let nth = 2; nth <= count; nth += 1) {
			const desired = desiredAccount(ou, `S${nth}`);
			const stop = new AbortController();
			const from = wire.requests.length;
			wire.decide((_request, number) => {
				if (number - from !== nth) return 'pass';
				stop.abort();
				return 'cut after';
			});
			expect([nth, await ending(overWire(create(desired), { signal: stop.signal }))]).toEqual([nth, 'cancelled']);
			await wire.quiet();
			const [left] = await accounts(desired.key);
			// Disabled and marked, or finished; the last request of a run only reads.
			const marked = left?.attributes['carLicense'] !== undefined;
			if (left) expect(left.attributes['userAccountControl']).toEqual([marked ? '514' : '512']);
			wire.decide(() => 'pass');
			const expected = left ? (marked ? 'finished' : 'unchanged') : 'created';
			expect([nth, await ending(overWire(create(desired)))]).toEqual([nth, expected]);
			expect(await accounts(desired.key)).toMatchObject([{ attributes: { userAccountControl: ['512'] } }]);
		}
		expect(wire.unbound).toEqual([]);
	}, 120_000);
});

describe('an Add', () => {
	const fateOfFirstAdd = (fate: Fate) => {
		let met = false;
		wire.decide(({ operation }) => {
			if (met || operation !== 'add') return 'pass';
			met = true;
			return fate;
		});
	};
	const adds = () => wire.requests.filter(({ operation }) => operation === 'add').length;

	test('is sent once when nothing is in its way', async () => {
		expect(await ending(overWire(create(desiredAccount(ou, 'N1'))))).toBe('created');
		expect(adds()).toBe(1);
	});

	test('whose answer got lost is not sent again: the account is found by its key and mark', async () => {
		fateOfFirstAdd('cut after');
		expect(await ending(overWire(create(desiredAccount(ou, 'N2'))))).toBe('created');
		expect(adds()).toBe(1);
		expect(await accounts('N2')).toHaveLength(1);
	});

	test('that never arrived is sent again', async () => {
		fateOfFirstAdd('cut before');
		expect(await ending(overWire(create(desiredAccount(ou, 'N3'))))).toBe('created');
		expect(adds()).toBe(2);
		expect(await accounts('N3')).toHaveLength(1);
	});

	test('on which the controller falls silent is given up and sent again', async () => {
		fateOfFirstAdd('stall');
		expect(await ending(overWire(create(desiredAccount(ou, 'N4')), { fields: { operationTimeout: 0.5 } }))).toBe(
			'created',
		);
		expect(await accounts('N4')).toHaveLength(1);
	});

	test('that arrives late, after it was given up for lost, does not lead to a second account', async () => {
		fateOfFirstAdd('late');
		expect(await ending(overWire(create(desiredAccount(ou, 'N5'))))).toBe('created');
		expect(adds()).toBe(2);
		const found = await accounts('N5');
		expect(found.map(({ attributes }) => attributes)).toMatchObject([
			{ sAMAccountName: ['usern5'], userAccountControl: ['512'] },
		]);
	});
});
