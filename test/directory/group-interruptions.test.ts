/** The connection breaks at every point of a change of members: the next run ends in the same members. */
import type { Lookup } from '../../lib/directory/accounts/account';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { DirectoryError } from '../../lib/directory/errors';
import { addMembers, removeMembers, setMembers, type GroupResult } from '../../lib/directory/groups/change';
import { withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { addMembers as putMembers, addUser } from './people';
import { startWire, type Fate, type Wire } from './wire';

let domain: Domain;
let ou: string;
let wire: Wire;
const people: string[] = [];
const some = (...indexes: readonly number[]) => indexes.map((index) => people[index] ?? '');
const keys = (...indexes: readonly number[]): Lookup[] =>
	indexes.map((index) => ({ attribute: 'employeeID', value: `p${index}` }));

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=Groups,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
	for (const name of ['p0', 'p1', 'p2', 'p3', 'p4']) people.push(await addUser(domain, ou, name));
	wire = await startWire(domain);
}, 120_000);
afterAll(async () => {
	await wire.close();
	await domain.stop();
});

let groups = 0;
async function newGroup(members: readonly string[]): Promise<string> {
	const name = `g${(groups += 1)}`;
	const dn = `CN=${name},${ou}`;
	await asAdministrator(domain, async (client) => {
		await client.add(dn, { objectClass: 'group', sAMAccountName: name });
	});
	if (members.length > 0) await putMembers(domain, dn, members);
	return dn;
}

async function membersOf(group: string): Promise<string[]> {
	const [entry] = await domain.ldbsearch('(objectClass=group)', ['member'], group);
	return [...(entry?.attributes['member'] ?? [])].sort();
}

type Work = (run: AccountRun, group: string) => Promise<GroupResult>;

/** @returns the outcome, or the kind of the fault */
async function ending(work: Work, group: string): Promise<string> {
	try {
		return (await withAccounts(domain, (run) => work(run, group), { fields: { port: wire.port } })).outcome;
	} catch (error) {
		if (error instanceof DirectoryError) return error.kind;
		throw error;
	}
}

const operations: readonly (readonly [name: string, work: Work, before: number[], after: number[]])[] = [
	['adding', (run, group) => addMembers(run, group, keys(2, 3, 4)), [0, 2], [0, 2, 3, 4]],
	['removing', (run, group) => removeMembers(run, group, keys(0, 1, 3)), [0, 1, 2], [2]],
	['setting', (run, group) => setMembers(run, group, keys(2, 3, 4), { allowEmpty: false }), [0, 1, 2], [2, 3, 4]],
];
const cases = operations.flatMap((operation) =>
	// Setting does what both others do.
	(operation[0] === 'setting' ? (['cut before', 'cut after', 'late'] as const) : (['cut after'] as const)).map(
		(fate) => [fate, ...operation] as const,
	),
);

test.each(cases)(
	'(%s, %s members) at any one request: this run or the next ends in the same members',
	async (fate: Fate, _name, work, before, after) => {
		let count = 1;
		for (let nth = 0; nth <= count; nth += 1) {
			const group = await newGroup(some(...before));
			const from = wire.requests.length;
			wire.decide((_request, number) => (number - from === nth ? fate : 'pass'));
			// The first request is the logon: nothing is begun yet, so the run says so and stops. The zeroth, which there is none of, breaks nothing.
			expect([nth, await ending(work, group)]).toEqual([nth, nth === 1 ? 'lost' : 'updated']);
			wire.decide(() => 'pass');
			if (nth === 0) count = wire.requests.length - from;
			expect([nth, await ending(work, group)]).toEqual([nth, nth === 1 ? 'updated' : 'unchanged']);
			expect(await membersOf(group)).toEqual(some(...after));
		}
		expect(count).toBeGreaterThan(8);
		expect(wire.unbound).toEqual([]);
	},
	60_000,
);
