import { NodeConnectionTypes, type IDataObject } from 'n8n-workflow';
import type { DesiredAccount } from '../../lib/contracts';
import { asAdministrator, canBind } from '../directory/administrator';
import { startWire, type Wire } from '../directory/wire';
import { runAdProvision, type NodeRunOptions, type Parameters } from '../support/ad-provision';
import { desiredAccount, SIGNING_KEY } from '../support/directory';
import { everythingKept } from '../support/n8n-core';
import { passwordsOnTheWire, startRecordingProxy } from '../support/recording-proxy';
import { startSamba, type Domain } from '../support/samba';
import { findSecret } from '../support/secret-search';

let domain: Domain;
let ou: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

const run = (parameters: Parameters, input: readonly object[], options?: NodeRunOptions) =>
	runAdProvision(domain, parameters, input, options);

const person = (key: string, changes: Partial<DesiredAccount> = {}) => desiredAccount(ou, key, changes);
const addUser = (key: string, attributes: Record<string, string | string[]> = {}) =>
	asAdministrator(domain, (client) =>
		client.add(`CN=${key},${ou}`, { objectClass: 'user', sAMAccountName: key, employeeID: key, ...attributes }),
	);
const twins = async (key: string) => {
	await addUser(key);
	await addUser(`${key}bis`, { employeeID: key });
};
const accounts = (key: string) => domain.ldbsearch(`(employeeID=${key})`);
const keys = (items: readonly IDataObject[] = []) => items.map(({ key }) => key);
const brief = (items: readonly IDataObject[] = []) => items.map(({ key, outcome }) => [key, outcome]);

describe('Create or Update', () => {
	test('puts out one item for each, in their order and paired, with what was done', async () => {
		const ran = await run({}, [person('W1'), person('W2')]);
		expect(ran.error).toBeUndefined();
		expect(ran.out('AD')).toHaveLength(2);
		expect(ran.out('AD')[1]).toEqual([]);
		const [first] = ran.out('AD')[0] ?? [];
		expect(first).toEqual({
			outcome: 'created',
			key: 'W1',
			displayName: 'User W1',
			guid: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/) as unknown,
			dn: `CN=User W1,${ou}`,
			sAMAccountName: 'userw1',
			userPrincipalName: 'userw1@corp.example.com',
			enabled: true,
			state: null,
			changes: expect.arrayContaining([{ attribute: 'employeeID', from: [], to: ['W1'] }]) as unknown,
			notes: [],
		});
		expect(keys(ran.out('AD')[0])).toEqual(['W1', 'W2']);
		expect(ran.items('AD')[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(ran.hints('AD')).toEqual([]);
		expect(await accounts('W1')).toHaveLength(1);
	});

	test('changes nothing when run again', async () => {
		const people = [person('W3'), person('W4')];
		await run({}, people);
		const before = [await accounts('W3'), await accounts('W4')];
		const again = await run({}, people);
		expect(brief(again.out('AD')[0])).toEqual([
			['W3', 'unchanged'],
			['W4', 'unchanged'],
		]);
		expect([await accounts('W3'), await accounts('W4')]).toEqual(before);
	});

	test('takes an account as JSON text, and from another place of the item', async () => {
		const ran = await run({ mappedAccount: '={{ JSON.stringify($json.nested.account) }}' }, [
			{ nested: { account: person('W5') } },
		]);
		expect(brief(ran.out('AD')[0])).toEqual([['W5', 'created']]);
	});

	test('lets those it cannot do leave by Failed, named, with what to do, and does the others', async () => {
		await twins('W6');
		await addUser('W7', { adminCount: '1' });
		const ran = await run({}, [
			person('W8'),
			person('W6'),
			person('W7'),
			person('W9', { attributes: { employeeID: 'W9', manager: 'CN=Nobody,DC=corp,DC=example,DC=com' } }),
			person('W10'),
		]);
		expect(ran.error).toBeUndefined();
		expect(brief(ran.out('AD')[0])).toEqual([
			['W8', 'created'],
			['W10', 'created'],
		]);
		const failed = ran.out('AD')[1] ?? [];
		expect(brief(failed)).toEqual([
			['W6', 'ambiguous'],
			['W7', 'protected'],
			['W9', 'failed'],
		]);
		expect(failed[2]).toMatchObject({ displayName: 'User W9', code: 19 });
		for (const item of failed) {
			expect(item['message']).toEqual(expect.any(String));
			expect(item['whatToDo']).toEqual(expect.any(String));
			expect(item).not.toHaveProperty('attributes');
		}
		expect(ran.items('AD')[1]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 2 }, { item: 3 }]);
		expect(ran.hints('AD')).toEqual([expect.stringContaining('3 of 5 people left by the output Failed')]);
	});

	test('leaves people who are away or leaving untouched, and says so', async () => {
		const ran = await run({}, [person('W11', { lifecycle: 'leaver' })]);
		expect(brief(ran.out('AD')[0])).toEqual([['W11', 'not active']]);
		expect(await accounts('W11')).toEqual([]);
	});

	const nowhere = (key: string) => person(key, { ou: `OU=Nowhere,${domain.baseDn}` });

	test('stops at what would fail for everybody, as long as nothing was written', async () => {
		const ran = await run({}, [nowhere('W12'), person('W13')]);
		expect(ran.status).toBe('error');
		expect(ran.error?.message).toContain('does not exist');
		expect(ran.error?.description).toContain('LDAP result 32');
		expect(await accounts('W13')).toEqual([]);
	});

	test('never throws away what it has done: after the first write the rest leaves by Failed', async () => {
		const ran = await run({}, [person('W14'), nowhere('W15'), person('W16')]);
		expect(ran.error).toBeUndefined();
		expect(brief(ran.out('AD')[0])).toEqual([['W14', 'created']]);
		expect(brief(ran.out('AD')[1])).toEqual([
			['W15', 'failed'],
			['W16', 'failed'],
		]);
		expect(await accounts('W16')).toEqual([]);
	});

	test('lets everybody leave by Failed, and does not stop, when the builder chose to continue', async () => {
		const ran = await run({}, [nowhere('W17')], { node: { onError: 'continueRegularOutput' } });
		expect(ran.status).toBe('success');
		expect(brief(ran.out('AD')[1])).toEqual([['W17', 'failed']]);
	});

	test.each([
		['no account', { some: 'record' }, 'its formatVersion is not 1'],
		[
			'an account of another version',
			{ ...desiredAccount('OU=x', 'X'), formatVersion: 2 },
			'its formatVersion is not 1',
		],
	])(
		'refuses %s: when it is everybody, the node stops; when it is one, that one leaves by Failed, wherever it stands',
		async (_what, item, words) => {
			const ran = await run({}, [item, item]);
			expect(ran.error?.message).toContain("'Mapped Account' holds no mapped account");
			expect(ran.error?.message).toContain(words);
			const other = `W18${words.length}${JSON.stringify(item).length}`;
			for (const [index, items] of [
				[item, person(`${other}a`)],
				[person(`${other}b`), item],
			].entries()) {
				const mixed = await run({}, items);
				expect([index, brief(mixed.out('AD')[0])]).toEqual([index, [[`${other}${'ab'[index]}`, 'created']]]);
				expect(mixed.out('AD')[1]?.[0]?.['message']).toContain(words);
			}
		},
	);

	test.each(['info', 'msDS-cloudExtensionAttribute3', 'no name'])('refuses marks in %s', async (markAttribute) => {
		const ran = await run({ options: { markAttribute } }, [person('W19')]);
		expect(ran.error?.message).toContain(`'Mark Attribute' cannot be "${markAttribute}"`);
		expect(await accounts('W19')).toEqual([]);
	});

	test('refuses to write as a tool of an AI agent', async () => {
		const ran = await run({}, [person('W20')], { node: { rewireOutputLogTo: NodeConnectionTypes.AiTool } });
		expect(everythingKept(ran)).toContain('As a tool of an AI agent this node only reads');
		expect(await accounts('W20')).toEqual([]);
	});
});

describe('Get', () => {
	const get = (input: readonly object[], parameters: Parameters = {}, options?: NodeRunOptions) =>
		run({ operation: 'get', ...parameters }, input, options);

	test('sends each to Found, Not Found or Failed; whom it does not find goes on as it came', async () => {
		await run({}, [person('G1')]);
		await twins('G2');
		const missing = { ...person('G3'), more: { deep: [1, 2] } };
		const ran = await get([person('G1'), person('G2'), missing]);
		const [found, notFound, failed] = ran.out('AD');
		expect(found).toMatchObject([
			{ outcome: 'found', key: 'G1', enabled: true, state: null, sAMAccountName: 'userg1' },
		]);
		expect(notFound).toEqual([missing]);
		expect(brief(failed)).toEqual([['G2', 'ambiguous']]);
		expect(ran.items('AD').map((output) => output.map(({ pairedItem }) => pairedItem))).toEqual([
			[{ item: 0 }],
			[{ item: 2 }],
			[{ item: 1 }],
		]);
	});

	test('finds by a value and an attribute of one’s own', async () => {
		await run({}, [person('G4')]);
		const ran = await get([{ login: 'userg4' }], {
			matchAttribute: 'sAMAccountName',
			matchValue: '={{ $json.login }}',
		});
		expect(brief(ran.out('AD')[0])).toEqual([['userg4', 'found']]);
	});

	test('needs no signing key, and as a tool of an AI agent it may read', async () => {
		await run({}, [person('G5')]);
		const ran = await get([{ key: 'G5' }], {}, { fields: { signingSecret: '' } });
		expect(brief(ran.out('AD')[0])).toEqual([['G5', 'found']]);
		const asTool = await get([{ key: 'G5' }], {}, { node: { rewireOutputLogTo: NodeConnectionTypes.AiTool } });
		expect(everythingKept(asTool)).toContain(`CN=User G5,${ou}`);
	});

	test('sends a half-made account to Not Found when asked to, and Create or Update finishes it', async () => {
		const wire = await startWire(domain);
		wire.decide(({ operation }) => (operation === 'modify' ? 'cut before' : 'pass'));
		const stopped = await run({}, [person('G6')], { fields: { port: wire.port } });
		await wire.close();
		expect(brief(stopped.out('AD')[1])).toEqual([['G6', 'failed']]);
		const plain = await get([person('G6')]);
		expect(plain.out('AD')[0]).toMatchObject([{ key: 'G6', enabled: false, state: 'pending' }]);
		const ran = await get([person('G6')], { options: { unfinishedAsNotFound: true } });
		expect(ran.out('AD')[1]).toEqual([person('G6')]);
		const finished = await run({}, ran.out('AD')[1] ?? []);
		expect(brief(finished.out('AD')[0])).toEqual([['G6', 'finished']]);
		const blind = await get(
			[person('G6')],
			{ options: { unfinishedAsNotFound: true } },
			{ fields: { signingSecret: '' } },
		);
		expect(blind.error?.message).toContain('has no signing key');
	});
});

describe('Disable', () => {
	test('disables by the key of the item; who is not there, or stands twice, leaves by Failed', async () => {
		await run({}, [person('D1')]);
		await twins('D2');
		const ran = await run({ operation: 'disable' }, [{ key: 'D1', displayName: 'Ada' }, { key: 'D2' }, { key: 'D3' }]);
		expect(ran.out('AD')[0]).toMatchObject([
			{ outcome: 'disabled', key: 'D1', displayName: 'Ada', enabled: false, state: 'left' },
		]);
		expect(brief(ran.out('AD')[1])).toEqual([
			['D2', 'ambiguous'],
			['D3', 'not found'],
		]);
		expect((await accounts('D1'))[0]?.attributes['userAccountControl']).toEqual(['514']);
	});
});

describe('the credential', () => {
	test.each([
		['has a wrong password', { bindPassword: 'Wrong0ne!pass' }, 'the name or the password is wrong'],
		['has no password', { bindPassword: '' }, '"Bind Password" cannot be used'],
		['has no signing key', { signingSecret: '' }, 'has no signing key'],
		['knows another authority', { trustedAuthorities: '' }, 'is not accepted'],
		['names a controller that is not there', { domainControllers: '127.255.255.254' }, 'could not be reached'],
	])('that %s stops the node in words', async (_what, fields, words) => {
		const ran = await run({}, [person('C1')], { fields });
		expect(ran.status).toBe('error');
		expect(ran.error?.message).toContain(words);
		expect(ran.error?.node?.name).toBe('AD');
		expect(await accounts('C1')).toEqual([]);
	});
});

describe('a connection that breaks', () => {
	let wire: Wire;
	beforeEach(async () => {
		wire = await startWire(domain);
	});
	afterEach(() => wire.close());

	test('for good at one person fails that person alone; the next has a connection of their own', async () => {
		let adds = 0;
		// Person two meets a broken wire at each of the three attempts.
		wire.decide(({ operation }) => (operation === 'add' && (adds += 1) >= 2 && adds <= 4 ? 'cut before' : 'pass'));
		const ran = await run({}, [person('B1'), person('B2'), person('B3')], { fields: { port: wire.port } });
		expect(ran.error).toBeUndefined();
		expect(brief(ran.out('AD')[0])).toEqual([
			['B1', 'created'],
			['B3', 'created'],
		]);
		expect(brief(ran.out('AD')[1])).toEqual([['B2', 'failed']]);
		expect(wire.unbound).toEqual([]);
	});

	test('at two people in a row ends the run, with the rest by Failed', async () => {
		let adds = 0;
		wire.decide(({ operation }) => (operation === 'add' && (adds += 1) >= 2 ? 'cut before' : 'pass'));
		const people = ['B4', 'B5', 'B6', 'B7', 'B8'].map((key) => person(key));
		const ran = await run({}, people, { fields: { port: wire.port } });
		expect(keys(ran.out('AD')[0])).toEqual(['B4']);
		expect(keys(ran.out('AD')[1])).toEqual(['B5', 'B6', 'B7', 'B8']);
		expect(adds).toBe(7);
	});

	test('because the execution was cancelled leaves nothing open', async () => {
		let cancel: (() => void) | undefined;
		wire.decide(({ operation }) => {
			if (operation !== 'add') return 'pass';
			cancel?.();
			return 'stall';
		});
		const ran = await run({}, [person('B9'), person('B10')], {
			fields: { port: wire.port },
			onStart: (stop) => {
				cancel = stop;
			},
		});
		expect(ran.status).toBe('canceled');
		await wire.quiet();
		expect(await accounts('B10')).toEqual([]);
	});
});

describe('secrets', () => {
	test('are nowhere in what a run keeps: not the new password, the bind password or the signing key', async () => {
		const proxy = await startRecordingProxy(domain);
		const refused = person('S2', {
			attributes: { employeeID: 'S2', manager: 'CN=Nobody,DC=corp,DC=example,DC=com' },
		});
		const ran = await run({}, [person('S1'), refused], { fields: { port: proxy.port } });
		const passwords = passwordsOnTheWire(proxy.sent());
		await proxy.close();
		expect(passwords).toHaveLength(2);
		expect(await canBind(domain, `CN=User S1,${ou}`, passwords[0] ?? '')).toBe(true);
		const kept = Buffer.from(everythingKept(ran));
		expect(kept.includes('User S1')).toBe(true);
		for (const secret of [...passwords, domain.password, SIGNING_KEY]) {
			expect(findSecret(secret, { kept })).toEqual([]);
			expect(findSecret(secret, { planted: Buffer.concat([kept, Buffer.from(secret, 'utf16le')]) })).not.toEqual([]);
		}
	});

	test('are not in the error of a run that stops either', async () => {
		const bindPassword = 'Canary-4711!not-the-password';
		const ran = await run({}, [person('S3')], { fields: { bindPassword } });
		expect(ran.status).toBe('error');
		const kept = Buffer.from(everythingKept(ran));
		for (const secret of [bindPassword, SIGNING_KEY]) expect(findSecret(secret, { kept })).toEqual([]);
	});
});
