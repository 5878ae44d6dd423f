import tls from 'node:tls';
import net from 'node:net';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Attribute, Change, type Client } from 'ldapts';
import { makeCertificate } from '../../demo/samba/certificate.ts';
import type { Directory } from '../../lib/directory/directory';
import { bytesOf, textOf } from '../../lib/directory/entry';
import { DirectoryError } from '../../lib/directory/errors';
import { equal, present } from '../../lib/directory/filter';
import { withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator as administrator } from './administrator';
import { startTcpProxy, startWire, type Wire } from './wire';

let domain: Domain;
let ou: string;
let wire: Wire;

const asAdministrator = <T>(work: (client: Client) => Promise<T>) => administrator(domain, work);

/** What opening a connection with these fields ends in. */
async function refusal(fields: Record<string, unknown>): Promise<DirectoryError> {
	const error: unknown = await withDirectory(domain, (directory) => directory.domain(), { fields }).catch(
		(fault: unknown) => fault,
	);
	if (error instanceof DirectoryError) return error;
	throw new Error('The connection was opened.', { cause: error });
}

/** A directory that is reached over the wire. */
const overWire = <T>(work: (directory: Directory) => Promise<T>, options: Parameters<typeof withDirectory>[2] = {}) =>
	withDirectory(domain, work, { ...options, fields: { port: wire.port, ...options.fields } });

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=People,${domain.baseDn}`;
	await asAdministrator((client) => client.add(ou, { objectClass: 'organizationalUnit' }));
}, 120_000);
afterAll(() => domain.stop());
beforeEach(async () => {
	wire = await startWire(domain);
});
afterEach(() => wire.close());

describe('the certificate of a controller', () => {
	test('is verified: one of an unknown authority is refused, and the password is not sent', async () => {
		const error = await refusal({ port: wire.port, trustedAuthorities: '' });
		expect(error).toMatchObject({ kind: 'configuration', stage: 'tls' });
		expect(error.message).toContain('its authority is not known here');
		expect(error.whatToDo).toContain('CA Certificate');
		expect(wire.requests).toEqual([]);
	});

	test('is refused when another authority of the same name signed it', async () => {
		const folder = path.join(domain.tlsFolder, 'other');
		await makeCertificate(folder, { commonName: 'x', names: ['x'], addresses: [] });
		const error = await refusal({ trustedAuthorities: readFileSync(path.join(folder, 'ca.pem'), 'utf8') });
		expect(error).toMatchObject({ kind: 'configuration', stage: 'tls' });
	});

	test('is refused when it is made out to another name, which is named with what to do', async () => {
		const error = await refusal({ serverName: 'dc9.corp.example.com' });
		expect(error).toMatchObject({ kind: 'configuration', stage: 'tls' });
		expect(error.message).toContain('it is made out to another name');
		expect(error.whatToDo).toContain('"dc9.corp.example.com"');
	});

	test.each<[string, (pem: string) => string]>([
		['as it is', (pem) => pem],
		['without line breaks', (pem) => pem.replaceAll('\n', ' ')],
		['with line breaks written out', (pem) => pem.replaceAll('\n', '\\n')],
		['beside another one', (pem) => `${tls.rootCertificates[0] ?? ''}\n${pem}`],
	])('is accepted when the authority’s is pasted %s', async (_how, paste) => {
		const fields = { trustedAuthorities: paste(domain.caPem) };
		expect(await withDirectory(domain, (directory) => directory.domain(), { fields })).toMatchObject({
			name: 'corp.example.com',
		});
	});

	test('is accepted for the address that was entered, with no server name', async () => {
		expect(
			await withDirectory(domain, (directory) => directory.domain(), { fields: { serverName: '' } }),
		).toMatchObject({
			dn: domain.baseDn,
		});
	});

	test('is not looked at when the builder says so', async () => {
		const fields = { trustedAuthorities: '', serverName: 'elsewhere', ignoreTlsIssues: true };
		expect(await withDirectory(domain, (directory) => directory.domain(), { fields })).toMatchObject({
			dn: domain.baseDn,
		});
	});

	test('does not help a server that speaks nothing newer than TLS 1.1', async () => {
		const file = (name: string) => readFileSync(path.join(domain.tlsFolder, name));
		const server = tls.createServer({
			key: file('wire-key.pem'),
			cert: file('wire-cert.pem'),
			minVersion: 'TLSv1',
			maxVersion: 'TLSv1.1',
			ciphers: 'DEFAULT@SECLEVEL=0',
		});
		await new Promise<void>((resolve) => server.listen(0, domain.host, resolve));
		try {
			const error = await refusal({ port: (server.address() as net.AddressInfo).port, ignoreTlsIssues: true });
			expect(error).toMatchObject({ kind: 'lost', stage: 'reach' });
			expect(error.message).toContain('it does not speak TLS 1.2 or newer');
		} finally {
			server.close();
		}
	});
});

describe('a logon', () => {
	test.each([
		['a distinguished name', () => domain.bindDn],
		['a UPN', () => 'Administrator@corp.example.com'],
		['DOMAIN\\user', () => 'CORP\\Administrator'],
	])('works by %s', async (_form, bindName) => {
		const facts = await withDirectory(domain, (directory) => directory.domain(), { fields: { bindName: bindName() } });
		expect(facts).toMatchObject({ name: 'corp.example.com' });
		expect(facts.ownSids).toContain(`${facts.domainSid}-500`);
	});

	test('of an account that is locked out is refused in words', async () => {
		const dn = `CN=locked,${ou}`;
		const lockAfter = (attempts: string) =>
			asAdministrator((client) =>
				client.modify(
					domain.baseDn,
					new Change({
						operation: 'replace',
						modification: new Attribute({ type: 'lockoutThreshold', values: [attempts] }),
					}),
				),
			);
		await asAdministrator((client) =>
			client.add(dn, [
				new Attribute({ type: 'objectClass', values: ['user'] }),
				new Attribute({ type: 'sAMAccountName', values: ['locked'] }),
				new Attribute({ type: 'userAccountControl', values: ['512'] }),
				new Attribute({ type: 'unicodePwd', values: [Buffer.from('"Right0ne!pass"', 'utf16le')] }),
			]),
		);
		await lockAfter('1');
		try {
			await refusal({ bindName: dn, bindPassword: 'Wrong0ne!pass' });
			const error = await refusal({ bindName: dn, bindPassword: 'Right0ne!pass' });
			expect(error).toMatchObject({ kind: 'configuration', stage: 'logon', code: 49 });
			expect(error.message).toContain('the account is locked out');
		} finally {
			await lockAfter('0');
		}
	});

	test.each([
		['with a wrong password', 'wrong', 'the name or the password is wrong', {}, 'Wrong0ne!pass'],
		['of a disabled account', 'off', 'the account is disabled', { userAccountControl: '514' }, 'Right0ne!pass'],
		[
			'of an account that has expired',
			'expired',
			'the account has expired',
			{ accountExpires: '130000000000000000' },
			'Right0ne!pass',
		],
		[
			'of an account that must change its password',
			'change',
			'must change its password',
			{ pwdLastSet: '0' },
			'Right0ne!pass',
		],
	])('%s is refused in words, without the password', async (_case, sam, words, attributes, bindPassword) => {
		const dn = `CN=${sam},${ou}`;
		await asAdministrator((client) =>
			client.add(
				dn,
				Object.entries({ objectClass: 'user', sAMAccountName: sam, userAccountControl: '512', ...attributes })
					.map(([type, value]) => new Attribute({ type, values: [value] }))
					.concat(new Attribute({ type: 'unicodePwd', values: [Buffer.from('"Right0ne!pass"', 'utf16le')] })),
			),
		);
		const error = await refusal({ bindName: dn, bindPassword });
		expect(error).toMatchObject({ kind: 'configuration', stage: 'logon', code: 49 });
		expect(error.message).toContain(words);
		expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain(bindPassword);
	});

	test('is not tried at the next controller when it is refused: each try counts towards a lockout', async () => {
		await refusal({
			port: wire.port,
			domainControllers: `${domain.host} ${domain.host}`,
			bindPassword: 'Wrong0ne!pass',
		});
		expect(wire.requests.map(({ operation }) => operation)).toEqual(['bind']);
	});
});

describe('several controllers', () => {
	test('are tried in their order, and the one that answers is kept', async () => {
		const fields = { domainControllers: `127.255.255.254, ${domain.host}` };
		await withDirectory(
			domain,
			async (directory) => {
				await directory.domain();
				expect(directory.controller()).toBe(domain.host);
			},
			{ fields },
		);
	});

	test('are all named when none can be reached', async () => {
		const error = await refusal({ domainControllers: '127.255.255.254,127.255.255.253' });
		expect(error).toMatchObject({ kind: 'lost', stage: 'reach' });
		expect(error.message).toContain('127.255.255.254');
		expect(error.message).toContain('127.255.255.253');
	});

	test('that do not answer at all are given up after the connect time-out', async () => {
		const silent = net.createServer();
		await new Promise<void>((resolve) => silent.listen(0, domain.host, resolve));
		const error = await refusal({
			port: (silent.address() as net.AddressInfo).port,
			connectTimeout: 0.2,
			operationTimeout: 0.2,
		});
		expect(error).toMatchObject({ kind: 'lost', stage: 'reach' });
		silent.close();
	});
});

describe('StartTLS', () => {
	test('encrypts before the logon', async () => {
		const fields = { security: 'startTls', port: domain.ldapPort };
		await withDirectory(
			domain,
			async (directory) => {
				expect(await directory.domain()).toMatchObject({ dn: domain.baseDn });
				expect(directory.encryption()?.certificate.subject.CN).toBe(domain.serverName);
			},
			{ fields },
		);
	});

	test('verifies the certificate', async () => {
		expect(await refusal({ security: 'startTls', port: domain.ldapPort, serverName: 'elsewhere' })).toMatchObject({
			kind: 'configuration',
			stage: 'tls',
		});
	});

	test('is done anew, logon and all, after the connection broke', async () => {
		const proxy = await startTcpProxy(domain.host, domain.ldapPort);
		try {
			await withDirectory(
				domain,
				async (directory) => {
					await directory.domain();
					proxy.cutAll();
					expect(await directory.search(ou, { scope: 'base', attributes: ['ou'] })).toHaveLength(1);
					expect(proxy.connections()).toBe(2);
				},
				{ fields: { security: 'startTls', port: proxy.port } },
			);
		} finally {
			await proxy.close();
		}
	});
});

describe('one connection', () => {
	test('serves a whole run, also when many ask at once before it is open', async () => {
		await overWire(async (directory) => {
			await Promise.all(Array.from({ length: 20 }, () => directory.read(ou, ['ou'])));
		});
		expect(wire.requests.filter(({ operation }) => operation === 'bind')).toHaveLength(1);
		expect(new Set(wire.requests.map(({ connection }) => connection)).size).toBe(1);
		expect(wire.unbound).toEqual([]);
	});

	test('is not opened before it is needed, and is closed after it', async () => {
		await overWire(() => Promise.resolve());
		expect(wire.requests).toEqual([]);
		await overWire((directory) => directory.read(ou, ['ou']));
		await wire.quiet();
		expect(wire.openConnections()).toBe(0);
	});

	test('that was closed while it was being opened does not stay open', async () => {
		await overWire(async (directory) => {
			const reading = directory.read(ou, ['ou']);
			await directory.close();
			await expect(reading).rejects.toMatchObject({ kind: 'lost' });
		});
		await wire.quiet();
		expect(wire.openConnections()).toBe(0);
	});

	test('is not used any more once the run is over', async () => {
		const kept = await overWire(async (directory) => {
			await directory.read(ou, ['ou']);
			return directory;
		});
		const before = wire.requests.length;
		await expect(kept.read(ou, ['ou'])).rejects.toMatchObject({ kind: 'lost' });
		expect(wire.requests).toHaveLength(before);
	});

	test('that broke between two operations is made again with a logon; nothing goes out unbound', async () => {
		await overWire(async (directory) => {
			await directory.read(ou, ['ou']);
			wire.cutAll();
			await Promise.all([directory.read(ou, ['ou']), directory.read(domain.baseDn, ['dc'])]);
		});
		expect(wire.requests.map(({ operation }) => operation)).toEqual(['bind', 'search', 'bind', 'search', 'search']);
		expect(wire.unbound).toEqual([]);
	});

	test.each(['cut before', 'cut after'] as const)('that is %s a search is forgiven once', async (fate) => {
		wire.decide((_request, number) => (number === 2 ? fate : 'pass'));
		await overWire(async (directory) => {
			expect(await directory.read(ou, ['ou'])).toBeDefined();
		});
		expect(wire.requests.map(({ operation }) => operation)).toEqual(['bind', 'search', 'bind', 'search']);
		expect(wire.unbound).toEqual([]);
	});

	test('that breaks again and again is given up', async () => {
		wire.decide(({ operation }) => (operation === 'search' ? 'cut before' : 'pass'));
		await expect(overWire((directory) => directory.read(ou, ['ou']))).rejects.toMatchObject({ kind: 'lost' });
		expect(wire.requests.filter(({ operation }) => operation === 'search')).toHaveLength(2);
	});

	test('on which nothing is answered any more is given up after the operation time-out', async () => {
		wire.decide(({ operation }) => (operation === 'search' ? 'stall' : 'pass'));
		await expect(
			overWire((directory) => directory.read(ou, ['ou']), { fields: { operationTimeout: 0.3 } }),
		).rejects.toMatchObject({ kind: 'lost' });
		await wire.quiet();
		expect(wire.openConnections()).toBe(0);
	});

	test('ends at once when the run is stopped, and nothing is sent after it', async () => {
		const stop = new AbortController();
		wire.decide(({ operation }) => {
			if (operation !== 'search') return 'pass';
			stop.abort();
			return 'stall';
		});
		await overWire(
			async (directory) => {
				await expect(directory.read(ou, ['ou'])).rejects.toMatchObject({ kind: 'cancelled' });
				await expect(directory.read(ou, ['ou'])).rejects.toMatchObject({ kind: 'cancelled' });
			},
			{ signal: stop.signal },
		);
		await wire.quiet();
		expect(wire.requests.map(({ operation }) => operation)).toEqual(['bind', 'search']);
	});

	test('is not even opened in a run that was stopped before', async () => {
		const attempt = overWire((directory) => directory.read(ou, ['ou']), { signal: AbortSignal.abort() });
		await expect(attempt).rejects.toMatchObject({ kind: 'cancelled' });
		expect(wire.requests).toEqual([]);
	});
});

describe('what is read', () => {
	test('comes in pages of at most a thousand, all of it', async () => {
		const unit = `OU=Many,${domain.baseDn}`;
		await asAdministrator(async (client) => {
			await client.add(unit, { objectClass: 'organizationalUnit' });
			const numbers = Array.from({ length: 1010 }, (_, number) => number);
			for (let from = 0; from < numbers.length; from += 10)
				await Promise.all(
					numbers
						.slice(from, from + 10)
						.map((number) => client.add(`CN=c${number},${unit}`, { objectClass: 'contact' })),
				);
		});
		await overWire(async (directory) => {
			const found = await directory.search(unit, {
				scope: 'one',
				filter: equal('objectClass', 'contact'),
				attributes: ['cn'],
			});
			expect(new Set(found.map((entry) => textOf(entry, 'cn'))).size).toBe(1010);
		});
		expect(wire.requests.filter(({ operation }) => operation === 'search')).toHaveLength(2);
	}, 60_000);

	test('is bytes where the attribute holds bytes, even if they look like text', async () => {
		const photo = Buffer.from('looks like text');
		await asAdministrator((client) =>
			client.add(`CN=photo,${ou}`, [
				new Attribute({ type: 'objectClass', values: ['user'] }),
				new Attribute({ type: 'sAMAccountName', values: ['photo'] }),
				new Attribute({ type: 'thumbnailPhoto', values: [photo] }),
			]),
		);
		const entry = await withDirectory(domain, (directory) =>
			directory.read(`CN=photo,${ou}`, ['objectGUID', 'objectSid', 'thumbnailPhoto', 'title']),
		);
		expect(entry && bytesOf(entry, 'objectGUID')).toHaveLength(16);
		expect(entry?.attributes['thumbnailphoto']).toEqual([photo]);
		expect(entry?.attributes['objectsid']?.[0]).toBeInstanceOf(Buffer);
		expect(entry?.attributes).not.toHaveProperty('title');
	});

	test('is nothing where there is no object', async () => {
		expect(await withDirectory(domain, (directory) => directory.read(`CN=nobody,${ou}`, ['cn']))).toBeUndefined();
	});

	test('of another domain is reported, not followed', async () => {
		const attempt = withDirectory(domain, (directory) =>
			directory.search('DC=other,DC=example,DC=org', { scope: 'sub', filter: present('cn'), attributes: ['cn'] }),
		);
		await expect(attempt).rejects.toMatchObject({ kind: 'configuration' });
	});
});

describe('a Modify', () => {
	const user = (name: string, values: Record<string, string | string[]> = {}) =>
		asAdministrator((client) =>
			client.add(`CN=${name},${ou}`, { objectClass: 'user', sAMAccountName: name, ...values }),
		);
	const change = (dn: string, type: string, values: string[]) =>
		asAdministrator((client) =>
			client.modify(dn, new Change({ operation: 'replace', modification: new Attribute({ type, values }) })),
		);

	test.each<[kind: string, attribute: string, before: string[], meanwhile: string]>([
		['single text', 'title', ['old'], 'other'],
		['an integer', 'countryCode', ['1'], '3'],
		['an instant', 'accountExpires', ['133500000000000000'], '133600000000000000'],
		['what was absent', 'department', [], 'other'],
		['one of several', 'otherTelephone', ['1', '2'], '3'],
	])('of %s that somebody else changed meanwhile is a conflict', async (_kind, attribute, before, meanwhile) => {
		const name = `stale${attribute}`.slice(0, 20);
		const dn = `CN=${name},${ou}`;
		await user(name, before.length > 0 ? { [attribute]: before } : {});
		await change(dn, attribute, [meanwhile]);
		const attempt = withDirectory(domain, (directory) =>
			directory.modify(dn, [
				...before.slice(0, 1).map((value) => ({ type: 'delete' as const, attribute, values: [value] })),
				{ type: 'add', attribute, values: ['9'] },
				{ type: 'add', attribute: 'company', values: ['written all the same'] },
			]),
		);
		await expect(attempt).rejects.toMatchObject({ kind: 'conflict' });
		const [entry] = await domain.ldbsearch(`(cn=${name})`);
		expect(entry?.attributes[attribute]).toEqual([meanwhile]);
		expect(entry?.attributes['company']).toBeUndefined();
	});

	test('of an attribute that the schema does not have is the builder’s to mend, not a conflict', async () => {
		await user('unknown');
		const attempt = withDirectory(domain, (directory) =>
			directory.modify(`CN=unknown,${ou}`, [{ type: 'add', attribute: 'extensionAttribute77', values: ['x'] }]),
		);
		await expect(attempt).rejects.toMatchObject({ kind: 'configuration' });
	});

	test('of several values for an attribute that takes one is the person’s data, not a conflict', async () => {
		await user('toomany');
		const attempt = withDirectory(domain, (directory) =>
			directory.modify(`CN=toomany,${ou}`, [{ type: 'add', attribute: 'title', values: ['x', 'y'] }]),
		);
		await expect(attempt).rejects.toMatchObject({ kind: 'person' });
	});
});

describe('without encryption', () => {
	/** Samba allows it nowhere by default: here the way to the test's own relay is plain, and the rest of it is not. */
	async function startRelay(): Promise<{ port: number; passed: () => Buffer; close: () => void }> {
		const chunks: Buffer[] = [];
		const server = net.createServer((client) => {
			const upstream = tls.connect({
				host: domain.host,
				port: domain.ldapsPort,
				ca: [domain.caPem],
				servername: domain.serverName,
			});
			for (const socket of [client, upstream])
				socket
					.on('error', () => socket.destroy())
					.on('close', () => [client, upstream].forEach((each) => each.destroy()));
			client.on('data', (data) => chunks.push(data));
			client.pipe(upstream).pipe(client);
		});
		await new Promise<void>((resolve) => server.listen(0, domain.host, resolve));
		return {
			port: (server.address() as net.AddressInfo).port,
			passed: () => Buffer.concat(chunks),
			close: () => server.close(),
		};
	}

	test('what is no password is written; a password, which this controller would take, never leaves this machine', async () => {
		const relay = await startRelay();
		const dn = `CN=plain,${ou}`;
		const password = Buffer.from('"Canary0f!aUser"', 'utf16le');
		const refused = { kind: 'configuration', attribute: 'unicodePwd' };
		await withDirectory(
			domain,
			async (directory) => {
				await directory.add(dn, { objectClass: ['user'], sAMAccountName: ['plain'] });
				await directory.modify(dn, [{ type: 'add', attribute: 'title', values: ['Engineer'] }]);
				const change = { type: 'replace' as const, attribute: 'unicodePwd', values: [password] };
				await expect(directory.modify(dn, [change])).rejects.toMatchObject(refused);
				await expect(
					directory.add(`CN=plain2,${ou}`, { objectClass: ['user'], unicodePwd: [password] }),
				).rejects.toMatchObject(refused);
				expect(directory.writes()).toBe(2);
			},
			{ fields: { security: 'plain', allowUnencrypted: true, port: relay.port } },
		);
		relay.close();
		expect(relay.passed().includes(Buffer.from('Engineer'))).toBe(true);
		expect(relay.passed().includes(password)).toBe(false);
		const [entry] = await domain.ldbsearch('(cn=plain)');
		expect(entry?.attributes['title']).toEqual(['Engineer']);
		expect(entry?.attributes['pwdLastSet']).toEqual(['0']);
		expect(await domain.ldbsearch('(cn=plain2)')).toEqual([]);
	});
});
