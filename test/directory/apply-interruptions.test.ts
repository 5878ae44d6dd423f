/** Applying a plan that is stopped after any of its writes, and one whose answers get lost: the same tree in the end. */
import type { Change, Outcome } from '../../lib/contracts';
import { NO_LEAVE_OPTIONS } from '../../lib/directory/accounts/disable';
import { startSamba, type Domain } from '../support/samba';
import {
	apply,
	disable,
	enable,
	joining,
	link,
	plan,
	refOf,
	relocation,
	set,
	setPassword,
	targetOf,
	unlink,
	write,
} from '../support/changes';
import { canBind } from './administrator';
import { addPerson, leave, openOffice, type Office } from './leave-return-people';
import { startWire, type Request, type Wire } from './wire';

let domain: Domain;
let office: Office;
let wire: Wire;

beforeAll(async () => {
	domain = await startSamba();
	office = await openOffice(domain);
	wire = await startWire(domain);
}, 120_000);
afterAll(async () => {
	await wire?.close();
	await domain?.stop();
});

const PEOPLE = ['joiner', 'leaver', 'rehire', 'mover'] as const;
const keysOf = (round: string) => PEOPLE.map((person) => `${person}${round}`);

/** One person of each kind. */
async function four(round: string): Promise<readonly Change[]> {
	const [joiner = '', leaver = '', rehire = '', mover = ''] = keysOf(round);
	for (const key of [leaver, rehire, mover]) await addPerson(domain, office, key);
	await leave(domain, rehire, { ...NO_LEAVE_OPTIONS, removeFromGroups: true, moveTo: office.leavers });
	return await plan(domain, async (directory) => {
		const [staff, sales] = await Promise.all(office.groups.map((dn) => refOf(directory, dn)));
		if (!staff || !sales) throw new Error('There are no groups.');
		const dnOf = (key: string, ou: string) => `CN=Person ${key},${ou}`;
		const stood = async (dn: string) =>
			String((await directory.read(dn, ['pwdLastSet']))?.attributes['pwdlastset']?.[0] ?? '');
		const left = dnOf(rehire, office.leavers);
		return [
			joining(await refOf(directory, office.people), joiner, [staff, sales]),
			{
				...{ key: leaver, lifecycle: 'leaver', target: await targetOf(directory, dnOf(leaver, office.people)) },
				steps: [
					disable(512, write('title', 'Tester', null)),
					setPassword(await stood(dnOf(leaver, office.people))),
					...[staff, sales].map(unlink),
					await relocation(directory, dnOf(leaver, office.people), office.leavers),
				],
			},
			{
				...{ key: rehire, lifecycle: 'rehire', target: await targetOf(directory, left) },
				steps: [
					await relocation(directory, left, office.people),
					set(write('title', 'Tester', 'Back')),
					...[staff, sales].map(link),
					setPassword(await stood(left)),
					enable(),
				],
			},
			{
				...{ key: mover, lifecycle: 'mover', target: await targetOf(directory, dnOf(mover, office.people)) },
				steps: [
					set(write('title', 'Tester', 'Moved')),
					await relocation(directory, dnOf(mover, office.people), office.leavers),
					unlink(staff),
				],
			},
		];
	});
}

/** What differs from one account or second to the next. */
const RESTLESS = /^(?:object(?:GUID|Sid)|uSN|when|dSCore|pwdLastSet|logonCount|lastLogon|badP|replP)/i;

/** What the four are like, without their round, passwords and signatures. */
async function tree(round: string): Promise<unknown> {
	const found = await domain.ldbsearch(
		`(|${keysOf(round)
			.map((key) => `(employeeID=${key})`)
			.join('')})`,
	);
	const states = found
		.map(({ dn, attributes }) => [
			dn,
			...Object.entries(attributes)
				.filter(([name]) => !RESTLESS.test(name))
				.map(([name, values]) => [name, [...values].sort()]),
		])
		.sort(([left], [right]) => (String(left) < String(right) ? -1 : 1));
	const text = JSON.stringify(states)
		.replaceAll(new RegExp(`(${PEOPLE.join('|')})${round}`, 'gi'), '$1')
		.replaceAll(/adprov1:(left|snapshot|pending):[^"]*/g, '$1');
	return JSON.parse(text) as unknown;
}

const isWrite = ({ operation }: Request) => ['add', 'modify', 'rename', 'delete'].includes(operation);

async function run(
	changes: readonly Change[],
	fate: (writes: number, isWriting: boolean) => 'pass' | 'cut after' | 'cut before',
) {
	let writes = 0;
	wire.decide((request) => {
		if (isWrite(request)) writes += 1;
		return fate(writes, isWrite(request));
	});
	try {
		const result = await apply(domain, changes, {
			fields: { port: wire.port, connectTimeout: 2, operationTimeout: 5 },
		});
		return { ...result, sent: writes };
	} finally {
		wire.decide(() => 'pass');
	}
}

const statuses = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status);

let whole: unknown;
let count = 0;
/** Every write but the last one, or every second one. */
const writesBy = (step: 1 | 2) =>
	Array.from({ length: Math.ceil((count - step) / step) }, (_, index) => (index + 1) * step);

test('without trouble, everybody is done', async () => {
	const { outcomes, sent } = await run(await four('x0'), () => 'pass');
	expect(statuses(outcomes)).toEqual(Array(4).fill('applied'));
	count = sent;
	// Add; disable, password; move, set; set, move; two links of two, two unlinks; move; enable; password, enable.
	expect(count).toBe(15);
	whole = await tree('x0');
});

test('stopped for good after any write, nothing throws, and applied again it ends in the same tree', async () => {
	for (const last of writesBy(1)) {
		const round = `s${last}`;
		const changes = await four(round);
		let dead = false;
		const stopped = await run(changes, (writes, isWriting) => {
			if (dead) return 'cut before';
			dead = writes === last && isWriting;
			return dead ? 'cut after' : 'pass';
		});
		expect(statuses(stopped.outcomes)).not.toContain('already done');
		const [joiner] = await domain.ldbsearch(`(employeeID=joiner${round})`);
		// Nobody is enabled before everything else is done.
		if (joiner?.attributes['userAccountControl']?.[0] === '512') expect(joiner.attributes['memberOf']).toHaveLength(2);
		const again = await apply(domain, changes);
		expect({
			last,
			statuses: statuses(again.outcomes).filter((status) => !['applied', 'already done'].includes(status)),
		}).toEqual({
			last,
			statuses: [],
		});
		expect(await tree(round)).toEqual(whole);
		expect((await apply(domain, changes)).writes).toBe(0);
	}
}, 60_000);

test('an answer that gets lost is made good in the same run, and the password that is told is the right one', async () => {
	for (const lost of [1, ...writesBy(2)]) {
		const round = `l${lost}`;
		const { outcomes, results } = await run(await four(round), (writes, isWriting) =>
			writes === lost && isWriting ? 'cut after' : 'pass',
		);
		expect({ lost, statuses: statuses(outcomes) }).toEqual({ lost, statuses: Array(4).fill('applied') });
		expect(await tree(round)).toEqual(whole);
		const [joiner, , rehire] = results;
		for (const one of [joiner, rehire]) {
			const dn = one?.outcome.dn ?? '';
			expect(await canBind(domain, dn, one?.delivered['password'] ?? '')).toBe(true);
		}
	}
	expect(wire.unbound).toEqual([]);
}, 60_000);
