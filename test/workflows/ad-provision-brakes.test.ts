/** What the node does not do: too much at once, what an agent wants, what cannot be delivered, what stands in no list of outputs. */
import { generateKeyPairSync, privateDecrypt, constants } from 'node:crypto';
import { NodeConnectionTypes, NodeHelpers, Workflow, type INode, type INodeTypes } from 'n8n-workflow';
import { AdProvision } from '../../nodes/AdProvision/AdProvision.node';
import { asAdministrator, canBind } from '../directory/administrator';
import {
	attributeRows,
	locator,
	outcomes,
	textIn,
	runAdProvision,
	type NodeRunOptions,
	type Parameters,
} from '../support/ad-provision';
import { desiredAccount, SIGNING_KEY } from '../support/directory';
import { everythingKept, node } from '../support/n8n-core';
import { passwordsOnTheWire, startRecordingProxy } from '../support/recording-proxy';
import { startSamba, type Domain } from '../support/samba';
import { findSecret } from '../support/secret-search';

let domain: Domain;
let ou: string;
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, (client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());

const run = (operation: string, parameters: Parameters, input: readonly object[], options?: NodeRunOptions) =>
	runAdProvision(domain, { operation, ...parameters }, input, options);
const made = (...people: readonly string[]) =>
	run(
		'createOrUpdate',
		{},
		people.map((key) => desiredAccount(ou, key)),
	);
const controlOf = async (key: string) =>
	(await domain.ldbsearch(`(employeeID=${key})`))[0]?.attributes['userAccountControl']?.[0];

describe('At Most per Run', () => {
	test.each<[operation: string, parameters: Parameters]>([
		['disable', {}],
		['delete', { allowDelete: true, unmarkedToo: true }],
		['move', { moveTo: locator('dn', 'OU=Nowhere,DC=corp,DC=example,DC=com') }],
	])('stops %s before anything is done, with more people than it allows', async (operation, parameters) => {
		await made('B1', 'B2');
		const people = [{ key: 'B1' }, { key: 'B2' }];
		const ran = await run(operation, { ...parameters, maxPerRun: 1 }, people);
		expect(ran.error?.message).toContain("2 people are more than 'At Most per Run' allows (1). Nothing was done");
		const going = await run(operation, { ...parameters, maxPerRun: 1 }, people, {
			node: { onError: 'continueRegularOutput' },
		});
		expect(going.out('AD').map((output) => outcomes(output))).toEqual([[], ['failed', 'failed']]);
		expect([await controlOf('B1'), await controlOf('B2')]).toEqual(['512', '512']);
	});

	test('is no expression: what comes in does not raise it', async () => {
		const ran = await run('disable', { maxPerRun: '={{ 1000 }}' }, [{ key: 'B1' }]);
		expect(ran.error?.message).toContain("'At Most per Run' is no number");
		expect(await controlOf('B1')).toBe('512');
	});

	test('is twenty when nobody says otherwise', async () => {
		const ran = await run(
			'disable',
			{},
			Array.from({ length: 21 }, (_, index) => ({ key: `B${index}` })),
		);
		expect(ran.error?.message).toContain('21 people are more');
	});

	test('is not asked by what cannot do harm', async () => {
		const ran = await run(
			'get',
			{},
			Array.from({ length: 25 }, (_, index) => ({ key: `None${index}` })),
		);
		expect(ran.out('AD')[1]).toHaveLength(25);
	});
});

test('nobody is deleted while Allow Delete is off, whatever an expression says', async () => {
	await made('X1');
	for (const parameters of [{}, { allowDelete: '={{ true }}' }]) {
		const ran = await run('delete', { ...parameters, unmarkedToo: true }, [{ key: 'X1' }]);
		expect(ran.error?.message).toContain("'Allow Delete' is off");
	}
	expect(await controlOf('X1')).toBe('512');
});

describe('as a tool of an AI agent', () => {
	const tool = { node: { rewireOutputLogTo: NodeConnectionTypes.AiTool } };
	const WRITES = [
		...['user:create', 'user:createOrUpdate', 'user:delete', 'user:disable', 'user:enable', 'user:move', 'user:rename'],
		...['user:resetPassword', 'user:restoreDeleted', 'user:setExpiry', 'user:unlock', 'user:update'],
		...['group:addMembers', 'group:removeMembers', 'group:setMembers', 'organizationalUnit:create'],
	];
	/** So that n8n does not stop at an empty field first. */
	const filled = {
		...{ allowDelete: true, moveTo: locator('name', 'x'), group: locator('name', 'x'), parent: locator('name', 'x') },
		...{ name: 'x', expiresAt: '2030-01-02', members: 'x', deletedObject: 'x' },
	};

	test.each(WRITES)('%s is refused', async (name) => {
		const [resource, operation = ''] = name.split(':');
		const ran = await run(operation, { resource, ...filled }, [{ key: 'T1' }], tool);
		expect(everythingKept(ran)).toContain('As a tool of an AI agent this node only reads');
	});

	test('an expression does not allow it, the builder does', async () => {
		await made('T2');
		const asked = await run('disable', { options: { allowWritesAsTool: '={{ true }}' } }, [{ key: 'T2' }], tool);
		expect(everythingKept(asked)).toContain('As a tool of an AI agent this node only reads');
		expect(await controlOf('T2')).toBe('512');
		await run('disable', { options: { allowWritesAsTool: true } }, [{ key: 'T2' }], tool);
		expect(await controlOf('T2')).toBe('514');
	});

	test('it reads', async () => {
		const ran = await run('getMany', {}, [{}], tool);
		expect(everythingKept(ran)).toContain('Administrator');
	});
});

describe('a new password', () => {
	test.each<[what: string, parameters: Parameters, words: string]>([
		['a key that is none', { delivery: 'encrypted', publicKey: 'ssh-rsa AAAA' }, 'Public Key holds no public key'],
		['a field of the result', { delivery: 'field', deliveredIn: 'guid' }, '\'Output Field\' cannot be "guid"'],
		['no field', { delivery: 'field', deliveredIn: '-' }, '\'Output Field\' cannot be "-"'],
	])('that is to go into %s is refused before anybody is made', async (_what, parameters, words) => {
		const ran = await run('createOrUpdate', parameters, [desiredAccount(ou, 'P0')]);
		expect(ran.error?.message).toContain(words);
		expect(await controlOf('P0')).toBeUndefined();
	});

	test('of every item is checked where the key comes from the item', async () => {
		const items = [publicKey, 'none'].map((key, index) => ({ pem: key, account: desiredAccount(ou, `Q${index}`) }));
		const parameters = { delivery: 'encrypted', publicKey: '={{ $json.pem }}', mappedAccount: '={{ $json.account }}' };
		const ran = await run('create', parameters, items);
		expect(ran.error?.message).toContain('Public Key holds no public key');
		expect(await controlOf('Q0')).toBeUndefined();
	});

	test.each<[operation: string, key: string]>([
		['create', 'E1'],
		['createOrUpdate', 'E2'],
		['resetPassword', 'E3'],
		['enable', 'E4'],
	])('of %s leaves encrypted, and nowhere else', async (operation, key) => {
		if (operation === 'resetPassword' || operation === 'enable') await made(key);
		if (operation === 'enable') await run('disable', {}, [{ key }]);
		const proxy = await startRecordingProxy(domain);
		const input = operation.startsWith('create') ? [desiredAccount(ou, key)] : [{ key }];
		const ran = await run(operation, { delivery: 'encrypted', publicKey, mustChange: false }, input, {
			fields: { port: proxy.port },
		});
		const sent = passwordsOnTheWire(proxy.sent());
		await proxy.close();
		const [item] = ran.out('AD')[0] ?? [];
		const password = privateDecrypt(
			{ key: keys.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
			Buffer.from(textIn(item, 'encryptedPassword'), 'base64'),
		).toString();
		expect(sent).toContain(password);
		expect(await canBind(domain, `CN=User ${key},${ou}`, password)).toBe(true);
		const kept = Buffer.from(everythingKept(ran));
		for (const secret of [...sent, SIGNING_KEY, domain.password]) {
			expect(findSecret(secret, { kept })).toEqual([]);
			expect(findSecret(secret, { planted: Buffer.concat([kept, Buffer.from(secret, 'utf16le')]) })).not.toEqual([]);
		}
	});

	test('in an output field is there, once, and only when it was asked for', async () => {
		const ran = await run('createOrUpdate', { delivery: 'field' }, [desiredAccount(ou, 'V1')]);
		const [item] = ran.out('AD')[0] ?? [];
		const password = textIn(item, 'initialPassword');
		expect(await canBind(domain, `CN=User V1,${ou}`, password)).toBe(true);
		expect(JSON.stringify(item).split(password)).toHaveLength(2);
	});

	test('that was given and is refused stands in no error', async () => {
		const password = 'short1';
		const ran = await run('resetPassword', { passwordFrom: 'field', password }, [{ key: 'V1' }]);
		const said = JSON.stringify([ran.error, ran.out('AD')[1]]);
		expect(said).toMatch(/policy|length|complex/i);
		expect(said).not.toContain(password);
	});
});

test('rows do not write what no mapping may write', async () => {
	for (const name of ['unicodePwd', 'primaryGroupID', 'servicePrincipalName', 'msDS-KeyCredentialLink']) {
		const parameters = { input: 'define', attributes: attributeRows({ [name]: 'x' }) };
		const ran = await run('update', parameters, [{ key: 'V1' }]);
		expect(ran.error?.message).toContain(`${name} cannot be written`);
	}
});

describe('the outputs', () => {
	const type = new AdProvision();
	const { description } = type;
	const nodeTypes: INodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	};
	const shown = (parameters: INode['parameters']) => {
		const own = node('AD', 'adProvision', parameters);
		const workflow = new Workflow({ nodes: [own], connections: {}, active: false, nodeTypes });
		const stored = workflow.getNode('AD') ?? own;
		return { workflow, stored };
	};
	const namesOf = (parameters: INode['parameters']) => {
		const { workflow, stored } = shown(parameters);
		return NodeHelpers.getNodeOutputs(workflow, stored, description).map((output) =>
			typeof output === 'string' ? output : output.displayName,
		);
	};

	test.each<[resource: string, operation: string, names: readonly string[]]>([
		['user', 'createOrUpdate', ['Done', 'Failed']],
		['user', 'create', ['Created', 'Exists', 'Failed']],
		['user', 'get', ['Found', 'Not Found', 'Failed']],
		['user', 'getMany', ['Users', 'Failed']],
		['user', 'disable', ['Done', 'Failed']],
		['group', 'getMany', ['Groups', 'Failed']],
		['group', 'getMembers', ['Members', 'Failed']],
		['group', 'setMembers', ['Done', 'Failed']],
		['organizationalUnit', 'create', ['Created', 'Exists', 'Failed']],
		['organizationalUnit', 'getMany', ['Organizational Units', 'Failed']],
	])('of %s %s are named', (resource, operation, names) => {
		expect(namesOf({ resource, operation })).toEqual(names);
	});

	test('are those of Create or Update while nothing is chosen', () => {
		expect(namesOf({})).toEqual(['Done', 'Failed']);
	});

	test.each<[parameters: INode['parameters'], subtitle: string]>([
		[{}, 'create or update: user'],
		[{ resource: 'organizationalUnit', operation: 'getMany' }, 'get many: organizational unit'],
	])('of %j stand under a title of words', (parameters, subtitle) => {
		const { workflow, stored } = shown(parameters);
		const said = workflow.expression.getSimpleParameterValue(stored, description.subtitle, 'internal', {});
		expect(said).toBe(subtitle);
	});
});
