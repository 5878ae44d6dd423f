/** What Samba cannot produce, by a scripted LDAP peer: this shows what the client makes of such answers, not that AD gives them. */
import { testCredential, type TestStep } from '../../lib/directory/credentialTest';
import type { DirectoryErrorKind } from '../../lib/directory/errors';
import { textsOf, valuesOf } from '../../lib/directory/entry';
import { present } from '../../lib/directory/filter';
import { makeCertificates, PASSPHRASE, type Certificates } from '../support/certificates';
import { startPeer, type Peer, type PeerAnswer, type PeerOptions, type PeerRequest } from '../support/ldap-peer';
import { errorOf, peerFields, withPeer } from '../support/peer-directory';
import { controllerScript, SCRIPTED_DN, scriptedController } from '../support/scripted-controller';

let certificates: Certificates;
const peers: Peer[] = [];
const ada = `CN=Ada,${SCRIPTED_DN}`;

/** A peer that answers as a controller, and `more` first. */
async function start(
	more: (request: PeerRequest) => PeerAnswer | 'silence' | undefined = () => undefined,
	options: Partial<PeerOptions> = {},
): Promise<Peer> {
	const peer = await startPeer({ certificates, script: controllerScript(scriptedController('dc1'), more), ...options });
	peers.push(peer);
	return peer;
}
const asked = (peer: Peer) => peer.requests.map(({ operation }) => operation);

beforeAll(() => {
	certificates = makeCertificates();
});
afterEach(async () => {
	await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

describe('a logon by client certificate', () => {
	const withCertificate = (changes: Record<string, unknown> = {}) => ({
		logOnWith: 'certificate',
		certificate: certificates.client.cert,
		certificateKey: certificates.client.key,
		bindName: '',
		bindPassword: '',
		...changes,
	});
	/** Takes an EXTERNAL bind from who showed a certificate, and nobody else. */
	const external = ({ operation, mechanism, client }: PeerRequest): PeerAnswer | undefined => {
		if (operation === 'extended') return { code: 2, message: 'unknown operation' };
		if (operation !== 'bind') return undefined;
		return mechanism === 'EXTERNAL' && client === 'client' ? {} : { code: 49, message: '80090308: LdapErr: data 52e' };
	};

	test.each<[how: string, fields: () => Record<string, unknown>]>([
		['with its key', () => ({})],
		[
			'with a key under a passphrase',
			() => ({ certificateKey: certificates.lockedKey, certificatePassphrase: PASSPHRASE }),
		],
		[
			'pasted without line breaks',
			() => ({
				certificate: certificates.client.cert.replaceAll('\n', ' '),
				certificateKey: certificates.client.key.replaceAll('\n', '\\n'),
			}),
		],
	])('works over LDAPS %s', async (_how, fields) => {
		const peer = await start(external);
		await withPeer(peerFields([peer], certificates, withCertificate(fields())), (directory) => directory.domain());
		expect(peer.requests.find(({ operation }) => operation === 'bind')).toMatchObject({
			mechanism: 'EXTERNAL',
			client: 'client',
			encrypted: true,
		});
	});

	test('works after StartTLS, where AD waits for the bind', async () => {
		const peer = await start(external, { security: 'plain' });
		const fields = peerFields([peer], certificates, withCertificate({ security: 'startTls' }));
		await withPeer(fields, (directory) => directory.domain());
		expect(asked(peer).slice(0, 2)).toEqual(['extended', 'bind']);
		expect(peer.requests[1]).toMatchObject({ mechanism: 'EXTERNAL', client: 'client', encrypted: true });
	});

	test('needs no bind where the certificate has logged on already, as on the LDAPS port of AD, which refuses one', async () => {
		const peer = await start(({ operation, client }) => {
			if (operation === 'extended') return { value: client === 'client' ? 'u:SCRIPTED\\svc' : '' };
			return operation === 'bind' ? { code: 49, message: '80090308: LdapErr: data 57' } : undefined;
		});
		await withPeer(peerFields([peer], certificates, withCertificate()), (directory) => directory.domain());
		expect(asked(peer)).not.toContain('bind');
	});

	test('that the controller does not know is refused in words', async () => {
		const peer = await start(({ operation }) =>
			operation === 'search' ? undefined : { code: 49, message: '80090308: LdapErr: data 525' },
		);
		const error = await errorOf(
			withPeer(peerFields([peer], certificates, withCertificate()), (directory) => directory.domain()),
		);
		expect(error).toMatchObject({ kind: 'configuration', stage: 'logon', code: 49 });
		expect(error.message).toContain('no such account');
	});

	test('that the controller does not offer is refused in words', async () => {
		const peer = await start(({ operation }) => (operation === 'search' ? undefined : { code: 7 }));
		const error = await errorOf(
			withPeer(peerFields([peer], certificates, withCertificate()), (directory) => directory.domain()),
		);
		expect(error).toMatchObject({ kind: 'configuration', code: 7 });
	});
});

describe('an attribute with more values than a controller gives at once', () => {
	const all = Array.from({ length: 4201 }, (_, number) => `CN=Member ${number},${SCRIPTED_DN}`);
	/** As AD does it: 1500 at a time, the plain name stands there empty. */
	const ranges =
		(values: readonly string[], pastTheEnd: PeerAnswer) =>
		({ operation, dn, attributes }: PeerRequest): PeerAnswer | undefined => {
			if (operation !== 'search' || dn !== ada) return undefined;
			const from = Number(
				/^member;range=(\d+)-\*$/.exec(attributes.find((name) => name.startsWith('member')) ?? '')?.[1] ?? 0,
			);
			if (from >= values.length) return pastTheEnd;
			const part = values.slice(from, from + 1500);
			const to = from + part.length >= values.length ? '*' : String(from + part.length - 1);
			return {
				entries: [{ dn, attributes: { cn: ['Ada'], member: [], [`member;range=${from}-${to}`]: part } }],
			};
		};
	const members = async (peer: Peer, attributes = ['cn', 'member']) =>
		await withPeer(peerFields([peer], certificates), async (directory) => await directory.read(ada, attributes));

	test('is read to its end and stands under its plain name', async () => {
		const peer = await start(ranges(all, {}));
		const entry = await members(peer);
		expect(entry && textsOf(entry, 'member')).toEqual(all);
		expect(Object.keys(entry?.attributes ?? {})).toEqual(['cn', 'member']);
		expect(peer.requests.flatMap(({ attributes }) => attributes.filter((name) => name.includes('range')))).toEqual([
			'member;range=1500-*',
			'member;range=3000-*',
		]);
	});

	test.each<[how: string, answer: PeerAnswer]>([
		['an error', { code: 1, message: '00002020: SvcErr: DSID-03140594, problem 5012 (DIR_ERROR), data 0\u0000' }],
		['no value', { entries: [{ dn: ada, attributes: {} }] }],
		['an empty one', { entries: [{ dn: ada, attributes: { 'member;range=1500-*': [] } }] }],
	])('ends where members went away meanwhile and AD answers with %s', async (_how, answer) => {
		const script = ranges(all.slice(0, 1500), answer);
		const peer = await start((request) => {
			const found = script(request);
			const [entry] = found?.entries ?? [];
			if (!entry?.attributes['member;range=0-*']) return found;
			return { entries: [{ dn: ada, attributes: { 'member;range=0-1499': entry.attributes['member;range=0-*'] } }] };
		});
		const entry = await members(peer);
		expect(entry && textsOf(entry, 'member')).toHaveLength(1500);
	});

	test('is not cut short in silence: a fault in the middle is a fault', async () => {
		const script = ranges(all, {});
		const peer = await start((request) =>
			request.attributes.includes('member;range=3000-*') ? { code: 51, message: 'busy' } : script(request),
		);
		expect(await errorOf(members(peer))).toMatchObject({ kind: 'busy', code: 51 });
	});

	test('is read no further by who asked for one range by name', async () => {
		const peer = await start(ranges(all, {}));
		const entry = await members(peer, ['member;range=0-*']);
		expect(entry && valuesOf(entry, 'member;range=0-1499')).toHaveLength(1500);
	});

	test('is read for every object of a list', async () => {
		const script = ranges(all, {});
		const peer = await start((request) => {
			if (request.page) return { ...script({ ...request, dn: ada }), cookie: '' };
			return script(request);
		});
		const [entry] = await withPeer(peerFields([peer], certificates), (directory) =>
			directory.search(SCRIPTED_DN, { scope: 'sub', filter: present('member'), attributes: ['member'] }),
		);
		expect(entry && textsOf(entry, 'member')).toHaveLength(4201);
	});
});

describe('a list', () => {
	const people = (from: number, count: number) =>
		Array.from({ length: count }, (_, number) => ({
			dn: `CN=P${from + number},${SCRIPTED_DN}`,
			attributes: { cn: [`P${from + number}`] },
		}));
	const list = (peer: Peer, limit?: number) =>
		withPeer(peerFields([peer], certificates), (directory) =>
			directory.search(SCRIPTED_DN, {
				scope: 'sub',
				filter: present('cn'),
				attributes: ['cn'],
				...(limit === undefined ? {} : { limit }),
			}),
		);
	/** 2,500 objects in pages of a thousand, each with a reference to another domain in it. */
	const pages = ({ page }: PeerRequest): PeerAnswer | undefined => {
		if (!page) return undefined;
		const from = Number(page.cookie || 0);
		const count = Math.min(page.size, 2500 - from);
		return {
			entries: people(from, count),
			references: ['ldap://ForestDnsZones.scripted.example/DC=ForestDnsZones,DC=scripted,DC=example'],
			cookie: from + count < 2500 ? String(from + count) : '',
		};
	};

	test('is read page by page, and references to other domains between its objects are not followed', async () => {
		const peer = await start(pages);
		expect(await list(peer)).toHaveLength(2500);
		expect(peer.requests.flatMap(({ page }) => (page ? [page.size] : []))).toEqual([1000, 1000, 1000]);
		expect(asked(peer)).toEqual(['bind', 'search', 'search', 'search']);
	});

	test.each([
		[1, 1, [1]],
		[1000, 1000, [1000]],
		[1200, 1200, [1000, 1000]],
		[9999, 2500, [1000, 1000, 1000]],
	])('with a limit of %i has %i objects', async (limit, length, sizes) => {
		const peer = await start(pages);
		expect(await list(peer, limit)).toHaveLength(length);
		expect(peer.requests.flatMap(({ page }) => (page ? [page.size] : []))).toEqual(sizes);
	});

	test('that the controller cuts at its own limit is an error, and never half a list', async () => {
		const peer = await start(({ page }) =>
			page ? { entries: people(0, 10), code: 4, message: 'size limit' } : undefined,
		);
		expect(await errorOf(list(peer))).toMatchObject({ kind: 'busy', code: 4 });
	});

	test('in which the controller lost its place may be asked for again later', async () => {
		const peer = await start(({ page }) =>
			page?.cookie
				? { code: 12, message: '00000057: LdapErr: DSID-0C090AC1, comment: Error processing control, data 0\u0000' }
				: page && { entries: people(0, 1000), cookie: 'next' },
		);
		expect(await errorOf(list(peer))).toMatchObject({ kind: 'busy', code: 12 });
	});
});

describe('a code of AD itself', () => {
	const write = (answer: PeerAnswer, work: Parameters<typeof withPeer>[1]) =>
		start(({ operation }) => (operation === 'bind' || operation === 'search' ? undefined : answer)).then((peer) =>
			errorOf(withPeer(peerFields([peer], certificates), work)),
		);
	const title = [{ type: 'replace' as const, attribute: 'title', values: ['x'] }];

	test.each<[answer: PeerAnswer, kind: DirectoryErrorKind, attribute: string | undefined, words: string]>([
		[
			{
				code: 19,
				message:
					'000021C8: AtrErr: DSID-03200E79, #1:\n\t0: 000021C8: DSID-03200E79, problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 90290 (userPrincipalName)\n\u0000',
			},
			'taken',
			'userPrincipalName',
			'in use already',
		],
		[
			{
				code: 19,
				message:
					'00002082: AtrErr: DSID-03151817, #1:\n\t0: 00002082: DSID-1, problem 1005, data 0, Att 2008d:len 130\n\u0000',
			},
			'person',
			'department',
			'too long',
		],
		[
			{ code: 50, message: '00002098: SecErr: DSID-03150F94, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n\u0000' },
			'person',
			undefined,
			'no right',
		],
		[
			{ code: 53, message: '0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0\n\u0000' },
			'configuration',
			undefined,
			'encrypted connection only',
		],
		[
			{ code: 53, message: '0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0\n\u0000' },
			'person',
			'unicodePwd',
			'policy',
		],
		[
			{
				code: 8,
				message: '00002028: LdapErr: DSID-0C0901FC, comment: The server requires binds to turn on integrity checking',
			},
			'configuration',
			undefined,
			'signed or encrypted',
		],
		[{ code: 51 }, 'busy', undefined, 'busy'],
		[{ code: 52 }, 'busy', undefined, 'not available'],
		[
			{ code: 68, message: '00000524: UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS), data 0\n\u0000' },
			'taken',
			'sAMAccountName',
			'account name is in use',
		],
		[
			{
				code: 10,
				message: "0000202B: RefErr: DSID-031007F9, data 0, 1 access points\n\tref 1: 'other.example'\n\u0000",
				referral: ['ldap://other.example/DC=other'],
			},
			'configuration',
			undefined,
			'belongs to another domain, other.example;',
		],
	])('%j to a write is of the kind %s, about %s', async (answer, kind, attribute, words) => {
		const error = await write(answer, (directory) => directory.modify(ada, title));
		expect(error).toMatchObject({ kind, attribute, code: answer.code });
		expect(error.message).toContain(words);
		if (attribute) expect(error.message).toContain(`(attribute ${attribute})`);
	});

	test('that refers to another domain is not followed', async () => {
		const other = await start();
		const peer = await start(({ operation }) =>
			operation === 'modify' ? { code: 10, referral: [`ldaps://127.0.0.1:${other.port}/${ada}`] } : undefined,
		);
		await errorOf(withPeer(peerFields([peer], certificates), (directory) => directory.modify(ada, title)));
		expect(other.requests).toEqual([]);
	});

	test('that says nobody is logged on any more makes a new connection, with a logon, for what is read', async () => {
		let first = true;
		const peer = await start(({ operation, dn }) => {
			if (operation !== 'search' || dn !== ada || !first) return undefined;
			first = false;
			return {
				code: 1,
				message:
					'000004DC: LdapErr: DSID-0C0907C2, comment: In order to perform this operation a successful bind must be completed\u0000',
			};
		});
		await withPeer(peerFields([peer], certificates), (directory) => directory.read(ada, ['cn']));
		expect(asked(peer)).toEqual(['bind', 'search', 'bind', 'search']);
	});

	test('that says so to a write leaves it to who wrote to look again', async () => {
		const error = await write({ code: 1, message: '000004DC: LdapErr: DSID-0C0907C2, comment: bind' }, (directory) =>
			directory.modify(ada, title),
		);
		expect(error).toMatchObject({ kind: 'lost', code: 1 });
	});
});

describe('a connection that the controller ends', () => {
	test('with a notice, after it was idle, is made anew with a logon', async () => {
		const peer = await start();
		await withPeer(peerFields([peer], certificates), async (directory) => {
			await directory.domain();
			await peer.disconnect();
			await directory.read(SCRIPTED_DN, ['objectGUID']);
			await directory.modify(ada, [{ type: 'replace', attribute: 'title', values: ['x'] }]);
		});
		expect(asked(peer)).toEqual(['bind', 'search', 'search', 'bind', 'search', 'modify']);
		expect(new Set(peer.requests.slice(3).map(({ connection }) => connection))).toEqual(new Set([2]));
	});
});

describe('without encryption', () => {
	const plain = { security: 'plain', allowUnencrypted: true };
	const password = Buffer.from('"Secret0f!aUser"', 'utf16le');

	test('what is no password is read and written', async () => {
		const peer = await start(undefined, { security: 'plain' });
		await withPeer(peerFields([peer], certificates, plain), async (directory) => {
			await directory.domain();
			expect(directory.encryption()).toBeUndefined();
			await directory.modify(ada, [{ type: 'replace', attribute: 'title', values: ['x'] }]);
		});
		expect(asked(peer)).toEqual(['bind', 'search', 'search', 'modify']);
	});

	test.each(['unicodePwd', 'UNICODEPWD', 'userPassword', 'clearTextPassword', 'userPassword;binary'])(
		'%s is refused before anything is sent, in an Add and in a Modify',
		async (attribute) => {
			const peer = await start(undefined, { security: 'plain' });
			await withPeer(peerFields([peer], certificates, plain), async (directory) => {
				for (const work of [
					() => directory.add(ada, { objectClass: ['user'], [attribute]: [password] }),
					() => directory.modify(ada, [{ type: 'replace', attribute, values: [password] }]),
				]) {
					const error = await errorOf(work());
					expect(error).toMatchObject({ kind: 'configuration', attribute });
					expect(error.whatToDo).toContain('LDAPS or StartTLS');
				}
				expect(directory.writes()).toBe(0);
			});
			expect(peer.requests).toEqual([]);
		},
	);
});

describe('the test of a credential', () => {
	const stepsWith = async (peer: Peer, changes: Record<string, unknown> = {}) =>
		await testCredential(peerFields([peer], certificates, changes), { randomInt: () => 0, clock: () => Date.now() });
	const step = (steps: readonly TestStep[], name: string) => steps.find((found) => found.name === name);

	test('warns of a certificate that ends soon', async () => {
		const steps = await stepsWith(await start());
		expect(step(steps, 'TLS')).toMatchObject({ ok: true, warning: true });
		expect(step(steps, 'TLS')?.text).toContain('ONLY 1 MORE DAYS');
	});

	test('says that a logon was by certificate', async () => {
		const peer = await start(({ operation }) => (operation === 'extended' ? { value: 'u:SCRIPTED\\svc' } : undefined));
		const steps = await stepsWith(peer, {
			logOnWith: 'certificate',
			certificate: certificates.client.cert,
			certificateKey: certificates.client.key,
		});
		expect(step(steps, 'Logon')).toMatchObject({ ok: true, text: 'with the client certificate' });
	});

	test('warns twice where nothing is encrypted: for all that is read on the way, and for passwords', async () => {
		const steps = await stepsWith(await start(undefined, { security: 'plain' }), {
			security: 'plain',
			allowUnencrypted: true,
		});
		expect(steps.flatMap(({ name, warning }) => (warning ? [name] : []))).toEqual(['TLS', 'Passwords']);
		expect(steps.every(({ ok }) => ok)).toBe(true);
	});

	test('says nothing of TLS where there is none and the logon is refused', async () => {
		const peer = await start(
			({ operation }) => (operation === 'bind' ? { code: 8, message: '00002028: LdapErr' } : undefined),
			{
				security: 'plain',
			},
		);
		const steps = await stepsWith(peer, { security: 'plain', allowUnencrypted: true });
		expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
			['Reached', true],
			['Logon', false],
		]);
	});

	test('refuses a read-only controller', async () => {
		const peer = await startPeer({
			certificates,
			script: controllerScript(scriptedController('rodc', { readOnly: true })),
		});
		peers.push(peer);
		const steps = await stepsWith(peer);
		expect(steps.at(-1)).toMatchObject({ name: 'Domain', ok: false });
		expect(steps.at(-1)?.text).toContain('read-only');
	});

	test('goes on where rights cannot be read, and says so', async () => {
		const peer = await start(({ page }) => (page ? { code: 50, message: '00002098: SecErr' } : undefined));
		const steps = await stepsWith(peer);
		expect(step(steps, 'Rights')).toMatchObject({ ok: true });
		expect(step(steps, 'Rights')?.text).toContain('cannot be read');
		expect(steps.at(-1)).toMatchObject({ name: 'Signing Key', ok: true });
	});
});
