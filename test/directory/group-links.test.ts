/** Memberships are written many at once, and one bad member costs no other. */
import { writeLinks, type LinkKind, type LinkOutcome } from '../../lib/directory/groups/links';
import type { Directory } from '../../lib/directory/directory';
import { bytesOf } from '../../lib/directory/entry';
import { guidDn, guidToText } from '../../lib/directory/guid';
import { withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { addContacts, addMembers } from './people';
import { startWire, type Fate, type Wire } from './wire';

let domain: Domain;
let ou: string;
let contacts: readonly string[];
const missing = (number: number) => `CN=nobody${number},${ou}`;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=Links,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
	contacts = await addContacts(domain, ou, 'c', 1_200);
}, 120_000);
afterAll(() => domain.stop());

let groups = 0;
async function newGroup(members: readonly string[] = []): Promise<string> {
	const name = `g${(groups += 1)}`;
	const dn = `CN=${name},${ou}`;
	await asAdministrator(domain, (client) => client.add(dn, { objectClass: 'group', sAMAccountName: name }));
	if (members.length > 0) await addMembers(domain, dn, members);
	return dn;
}

async function membersOf(group: string): Promise<string[]> {
	const [entry] = await domain.ldbsearch('(objectClass=group)', ['member'], group);
	return [...(entry?.attributes['member'] ?? [])].sort();
}

const sorted = (dns: readonly string[]) => [...dns].sort();

/** How many ended how, and how many requests that took. */
function tally(outcomes: readonly LinkOutcome[]): Record<string, number> {
	const count: Record<string, number> = {};
	for (const { status } of outcomes) count[status] = (count[status] ?? 0) + 1;
	return count;
}

async function links(group: string, kind: LinkKind, members: readonly string[], fields = {}) {
	return await withDirectory(
		domain,
		async (directory) => {
			const outcomes = await writeLinks(directory, group, kind, members);
			return { outcomes, ...tally(outcomes), writes: directory.writes() };
		},
		{ fields },
	);
}

async function guidOf(directory: Directory, dn: string): Promise<string> {
	const entry = await directory.read(dn, ['objectGUID']);
	const bytes = entry && bytesOf(entry, 'objectGUID');
	return guidDn(guidToText(bytes ?? Buffer.alloc(16)));
}

describe('many members', () => {
	test('are added and removed in one Modify for 500 of them', async () => {
		const group = await newGroup();
		expect(await links(group, 'add', contacts)).toMatchObject({ done: 1_200, writes: 3 });
		expect(await membersOf(group)).toEqual(sorted(contacts));
		expect(await links(group, 'delete', contacts)).toMatchObject({ done: 1_200, writes: 3 });
		expect(await membersOf(group)).toEqual([]);
	});

	test('of whom half are members already cost one refused Modify', async () => {
		const group = await newGroup(contacts.slice(0, 250));
		expect(await links(group, 'add', contacts.slice(0, 500))).toMatchObject({ done: 250, already: 250, writes: 2 });
		expect(await membersOf(group)).toEqual(sorted(contacts.slice(0, 500)));
		expect(await links(group, 'delete', contacts.slice(250, 750))).toMatchObject({
			...{ done: 250, already: 250, writes: 2 },
		});
		expect(await membersOf(group)).toEqual(sorted(contacts.slice(0, 250)));
	});

	test('who are all so already are found to be so', async () => {
		const group = await newGroup(contacts.slice(0, 500));
		expect(await links(group, 'add', contacts.slice(0, 500))).toMatchObject({ already: 500, writes: 1 });
		expect(await links(group, 'delete', contacts.slice(500, 1_000))).toMatchObject({ already: 500, writes: 1 });
	});

	test.each(['add', 'delete'] as const)('one of whom does not exist (%s) are done but for that one', async (kind) => {
		const chunk = contacts.slice(0, 499);
		const group = await newGroup(kind === 'add' ? [] : chunk);
		const given = [...chunk.slice(0, 250), missing(1), ...chunk.slice(250)];
		const { outcomes, writes, ...counts } = await links(group, kind, given);
		expect(counts).toMatchObject({ done: 499, failed: 1 });
		expect(outcomes.map(({ member }) => member)).toEqual(given);
		expect(outcomes[250]).toMatchObject({
			status: 'failed',
			error: { kind: 'person', message: 'There is no such member.' },
		});
		expect(writes).toBe(3);
		expect(await membersOf(group)).toEqual(kind === 'add' ? sorted(chunk) : []);
	});

	test('among whom are wrong ones of every sort are done but for these', async () => {
		const group = await newGroup([contacts[3] ?? '']);
		const wrong = [missing(1), 'no name at all', guidDn('11111111-2222-3333-4444-555555555555'), missing(2)];
		const { outcomes, ...counts } = await links(group, 'add', [...contacts.slice(0, 20), ...wrong]);
		expect(counts).toMatchObject({ done: 19, already: 1, failed: 4 });
		expect(outcomes.filter(({ status }) => status === 'failed').map(({ member }) => member)).toEqual(wrong);
		expect(await membersOf(group)).toEqual(sorted(contacts.slice(0, 20)));
	});
});

describe('one member', () => {
	test.each<[string, LinkKind, boolean, string]>([
		['added', 'add', false, 'done'],
		['added again', 'add', true, 'already'],
		['removed', 'delete', true, 'done'],
		['removed without ever having been one', 'delete', false, 'already'],
	])('%s', async (_case, kind, before, status) => {
		const [contact = ''] = contacts;
		const group = await newGroup(before ? [contact] : []);
		expect(await links(group, kind, [contact])).toMatchObject({ [status]: 1, writes: 1 });
		expect(await membersOf(group)).toEqual(kind === 'add' ? [contact] : []);
	});

	test('removed twice was none the second time', async () => {
		const [one = '', other = ''] = contacts;
		const group = await newGroup([one, other]);
		expect(await links(group, 'delete', [one])).toMatchObject({ done: 1 });
		expect(await links(group, 'delete', [one])).toMatchObject({ already: 1, writes: 1 });
	});

	test('may be named by GUID, as may the group, and twice in two spellings', async () => {
		const [one = '', other = ''] = contacts;
		const group = await newGroup();
		const result = await withDirectory(domain, async (directory) => {
			const [groupGuid, guid] = [await guidOf(directory, group), await guidOf(directory, one)];
			return await writeLinks(directory, groupGuid, 'add', [guid, guid.toUpperCase(), other, other.toLowerCase()]);
		});
		expect(result.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
		expect(await membersOf(group)).toEqual(sorted([one, other]));
	});

	test('whose primary group it is counts as a member already', async () => {
		const dn = `CN=primary,${ou}`;
		await asAdministrator(domain, (client) => client.add(dn, { objectClass: 'user', sAMAccountName: 'primary' }));
		expect(await links(`CN=Domain Users,CN=Users,${domain.baseDn}`, 'add', [dn])).toMatchObject({ already: 1 });
	});
});

describe('what no member can help', () => {
	test('a group that does not exist stops at once', async () => {
		const { outcomes, ...counts } = await links(`CN=nogroup,${ou}`, 'add', contacts);
		expect(counts).toEqual({ failed: 1_200, writes: 1 });
		expect(outcomes[0]?.error?.message).toBe('The group or the member does not exist.');
	});

	test('an object that is no group stops at once', async () => {
		const { outcomes, ...counts } = await links(`CN=Guest,CN=Users,${domain.baseDn}`, 'add', contacts.slice(0, 1));
		expect(counts).toEqual({ failed: 1, writes: 1 });
		expect(outcomes[0]?.error?.message).toBe('It is no group, so it has no members.');
	});

	test('missing rights stop at once and say so', async () => {
		const group = await newGroup();
		await asAdministrator(domain, (client) =>
			client.add(`CN=norights,${ou}`, {
				...{ objectClass: 'user', sAMAccountName: 'norights', userAccountControl: '512' },
				unicodePwd: Buffer.from('"Right0ne!pass"', 'utf16le').toString('utf8'),
			}),
		);
		const fields = { bindName: 'norights@corp.example.com', bindPassword: 'Right0ne!pass' };
		const { outcomes, ...counts } = await links(group, 'add', contacts, fields);
		expect(counts).toEqual({ failed: 1_200, writes: 1 });
		expect(outcomes[700]?.error).toMatchObject({ code: 50, kind: 'person' });
		expect(outcomes[700]?.error?.message).toContain('no right to change the members');
	});

	test('a stopped run is stopped', async () => {
		const group = await newGroup();
		const stop = new AbortController();
		const attempt = withDirectory(
			domain,
			async (directory) => {
				await directory.domain();
				stop.abort();
				return await writeLinks(directory, group, 'add', contacts);
			},
			{ signal: stop.signal },
		);
		await expect(attempt).rejects.toMatchObject({ kind: 'cancelled' });
		expect(await membersOf(group)).toEqual([]);
	});
});

describe('a write whose answer is lost', () => {
	let wire: Wire;
	beforeEach(async () => {
		wire = await startWire(domain);
	});
	afterEach(() => wire.close());

	/** The first `times` writes meet the fate. */
	function fated(fate: Fate, times: number): void {
		let met = 0;
		wire.decide(({ operation }) => (operation === 'modify' && (met += 1) <= times ? fate : 'pass'));
	}

	const cases = (['cut before', 'cut after', 'late'] as const).flatMap((fate) =>
		(['add', 'delete'] as const).flatMap((kind) => [1, 3].map((size) => [fate, kind, size] as const)),
	);
	test.each(cases)('(%s, %s of %i) is found to have happened, or made up for', async (fate, kind, size) => {
		const chunk = contacts.slice(0, size);
		const group = await newGroup(kind === 'add' ? [] : chunk);
		fated(fate, 1);
		expect(await links(group, kind, chunk, { port: wire.port })).toMatchObject({ done: size });
		expect(await membersOf(group)).toEqual(kind === 'add' ? sorted(chunk) : []);
		expect(wire.unbound).toEqual([]);
	});

	test('with members who were so before tells them from the others', async () => {
		const group = await newGroup(contacts.slice(0, 2));
		fated('cut before', 1);
		const counts = await links(group, 'add', contacts.slice(0, 5), { port: wire.port });
		expect(counts).toMatchObject({ done: 3, already: 2 });
		expect(await membersOf(group)).toEqual(sorted(contacts.slice(0, 5)));
	});

	test('again and again ends, names everybody, and a second run does the rest', async () => {
		const group = await newGroup();
		fated('cut before', 99);
		const { outcomes, ...counts } = await links(group, 'add', contacts, { port: wire.port });
		expect(counts).toMatchObject({ failed: 1_200 });
		expect(outcomes[1_000]?.error).toMatchObject({ kind: 'lost' });
		expect(await links(group, 'add', contacts)).toMatchObject({ done: 1_200 });
	});

	test('and the search that looks who is a member as well is made up for', async () => {
		const group = await newGroup(contacts.slice(0, 2));
		let modified = false;
		let met = false;
		wire.decide(({ operation }) => {
			modified ||= operation === 'modify';
			if (!modified || operation !== 'search' || met) return 'pass';
			met = true;
			return 'cut after';
		});
		const counts = await links(group, 'add', contacts.slice(0, 5), { port: wire.port });
		expect(counts).toMatchObject({ done: 3, already: 2 });
	});
});
