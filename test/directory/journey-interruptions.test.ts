/** The whole way of a joiner over a wire that breaks at every request: made, put into groups, moved, enabled. Running it again ends in the same tree. */
import { CREATE_DEFAULTS, createAccount } from '../../lib/directory/accounts/create';
import { enableAccount } from '../../lib/directory/accounts/enable';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { moveAccount } from '../../lib/directory/accounts/move';
import { DirectoryError } from '../../lib/directory/errors';
import { UNTOLD } from '../../lib/directory/newPassword';
import { desiredAccount, withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { startWire, type Fate, type Wire } from './wire';

let domain: Domain;
let ou: string;
let target: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=New,${domain.baseDn}`;
	target = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		for (const dn of [ou, target]) await client.add(dn, { objectClass: 'organizationalUnit' });
		for (const name of ['staff', 'sales'])
			await client.add(`CN=${name},${target}`, { objectClass: 'group', sAMAccountName: name });
	});
}, 120_000);
afterAll(() => domain.stop());

async function journey(run: AccountRun, key: string): Promise<void> {
	const desired = desiredAccount(ou, key, { groups: ['staff', 'sales'] });
	const lookup = { attribute: 'employeeID', value: key };
	await createAccount(
		run,
		{ ...desired, attributes: { ...desired.attributes, title: 'Engineer' } },
		{ ...CREATE_DEFAULTS, enable: false },
	);
	await moveAccount(run, lookup, target);
	await enableAccount(run, lookup, { restore: false, password: UNTOLD, expiresAt: null, othersToo: false });
}

/** Whether the way was gone to its end; a connection that broke is no defect, anything else is. */
const go = (key: string, wire: Wire) =>
	withAccounts(
		domain,
		(run) =>
			journey(run, key).then(
				() => true,
				(error: unknown) => {
					if (error instanceof DirectoryError && error.kind === 'lost') return false;
					throw error;
				},
			),
		{ fields: { port: wire.port, operationTimeout: 0.6 } },
	);

/** Over a wire of its own, on which the nth request meets its fate. */
async function goOnce(key: string, nth: number, fate: Fate): Promise<{ arrived: boolean; requests: number }> {
	const wire = await startWire(domain);
	wire.decide((_request, number) => (number === nth ? fate : 'pass'));
	try {
		const arrived = await go(key, wire);
		expect([nth, wire.unbound]).toEqual([nth, []]);
		return { arrived, requests: wire.requests.length };
	} finally {
		await wire.close();
	}
}

/** Several at a time: most of it is waiting for connections that have fallen silent. */
async function inBatches<T>(numbers: readonly number[], work: (nth: number) => Promise<T>): Promise<T[]> {
	const done: T[] = [];
	for (let first = 0; first < numbers.length; first += 4)
		done.push(...(await Promise.all(numbers.slice(first, first + 4).map(work))));
	return done;
}

type State = {
	readonly dn: string;
	readonly control: string;
	readonly marks: number;
	readonly groups: readonly string[];
};

/** All accounts of a letter, by key. */
async function states(letter: string): Promise<Map<string, State[]>> {
	const found = new Map<string, State[]>();
	for (const { dn, attributes } of await domain.ldbsearch(`(employeeID=${letter}*)`)) {
		const state = {
			dn: dn.toLowerCase(),
			control: attributes['userAccountControl']?.[0] ?? '',
			marks: attributes['carLicense']?.length ?? 0,
			groups: (attributes['memberOf'] ?? []).map((group) => group.split(',')[0] ?? '').sort(),
		};
		const key = attributes['employeeID']?.[0] ?? '';
		found.set(key, [...(found.get(key) ?? []), state]);
	}
	return found;
}

describe.each<Fate>(['cut before', 'cut after', 'stall', 'late'])(
	'a wire that meets any one request with: %s',
	(fate) => {
		const letter = { 'cut before': 'B', 'cut after': 'A', stall: 'S', late: 'L', pass: 'P' }[fate];
		const keyOf = (nth: number) => `${letter}${nth}`;
		const whole = (key: string): State[] => [
			{ dn: `cn=user ${key},${target}`.toLowerCase(), control: '512', marks: 0, groups: ['CN=sales', 'CN=staff'] },
		];

		test('leads to the same account, once, and never one that is enabled early', async () => {
			const { arrived, requests } = await goOnce(keyOf(0), 0, 'pass');
			expect(arrived).toBe(true);
			expect(requests).toBeGreaterThan(20);
			const numbers = Array.from({ length: requests }, (_, index) => index + 1);
			const first = await inBatches(numbers, (nth) => goOnce(keyOf(nth), nth, fate));
			const between = await states(letter);
			for (const nth of numbers) {
				const after = between.get(keyOf(nth)) ?? [];
				// What is not at its end is disabled and marked; what is enabled has everything.
				if (first[nth - 1]?.arrived || after[0]?.control === '512')
					expect([nth, after]).toEqual([nth, whole(keyOf(nth))]);
				else expect([nth, after.every(({ control, marks }) => control === '514' && marks === 1)]).toEqual([nth, true]);
			}
			const second = await inBatches(numbers, (nth) => goOnce(keyOf(nth), 0, 'pass'));
			expect(second.every((run) => run.arrived)).toBe(true);
			const end = await states(letter);
			for (const nth of numbers) expect([nth, end.get(keyOf(nth))]).toEqual([nth, whole(keyOf(nth))]);
			expect(end.size).toBe(requests + 1);
		}, 180_000);
	},
);
