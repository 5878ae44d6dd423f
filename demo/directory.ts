/**
 * The directory that demo and end-to-end tests write to: a throw-away Samba domain controller, or a test domain of one's own named by
 * environment variables. Reading it back goes through plain ldapts, independent of the package's own code.
 */
import { readFile } from 'node:fs/promises';
import { Client } from 'ldapts';
import { startDomain, type Domain } from './samba/domain.ts';

export type Person = {
	readonly dn: string;
	readonly employeeId: string;
	readonly displayName: string;
	readonly sAMAccountName: string;
	readonly userPrincipalName: string;
	readonly enabled: boolean;
	readonly usnChanged: string;
};

export type TestDirectory = {
	/** What a person reads about it. */
	readonly title: string;
	/** Field values of the AD LDAP credential. */
	readonly credential: Readonly<Record<string, unknown>>;
	readonly peopleOu: string;
	readonly upnSuffix: string;
	/** Everyone below the organisational unit, by employeeID. */
	readonly readPeople: () => Promise<Person[]>;
	readonly stop: () => Promise<void>;
};

type Access = {
	readonly url: string;
	readonly ca: string;
	readonly serverName: string;
	readonly bindName: string;
	readonly password: string;
};

/** A signing key of the demo's own: everything it signs is thrown away with it. */
const SIGNING_KEY = 'demo-signing-key-of-a-throw-away-domain';
const DISABLED = 2;

/** Own test domain when AD_TEST_CONTROLLER is set, Samba otherwise. */
export async function chosenDirectory(): Promise<TestDirectory> {
	const controller = process.env['AD_TEST_CONTROLLER'];
	return controller ? await ownDomain(controller) : await sambaDomain();
}

/** A directory of its own, which also stops the domain controller. */
async function sambaDomain(): Promise<TestDirectory> {
	const domain = await startDomain();
	try {
		return await sambaDirectory(domain);
	} catch (error) {
		await domain.stop();
		throw error;
	}
}

/** Makes a running, empty domain ready: the organisational unit of the people is the only thing in it that the flow does not make. */
export async function sambaDirectory(domain: Domain): Promise<TestDirectory> {
	const access: Access = {
		url: domain.ldapsUrl,
		ca: domain.caPem,
		serverName: domain.serverName,
		bindName: domain.bindDn,
		password: domain.password,
	};
	const peopleOu = `OU=People,${domain.baseDn}`;
	await withClient(access, (client) => client.add(peopleOu, { objectClass: 'organizationalUnit' }));
	return {
		title: `Samba domain controller of ${domain.baseDn} on ${domain.host}`,
		credential: credentialOf(access, domain.host, domain.ldapsPort, domain.baseDn),
		peopleOu,
		upnSuffix: 'corp.example.com',
		readPeople: () => readPeople(access, peopleOu),
		stop: domain.stop,
	};
}

async function ownDomain(controller: string): Promise<TestDirectory> {
	const port = Number(process.env['AD_TEST_PORT'] ?? 636);
	const peopleOu = needed('AD_TEST_OU', 'the distinguished name of an existing organisational unit for test accounts');
	const suffix = [...peopleOu.matchAll(/DC=([^,]+)/gi)].map((match) => match[1]).join('.');
	const caFile = process.env['AD_TEST_CA_FILE'];
	const access: Access = {
		url: `ldaps://${controller}:${port}`,
		ca: caFile ? await readFile(caFile, 'utf8') : '',
		serverName: process.env['AD_TEST_SERVER_NAME'] ?? controller,
		bindName: needed('AD_TEST_BIND_NAME', 'an account that may create users there, as DN, UPN or DOMAIN\\user'),
		password: needed('AD_TEST_BIND_PASSWORD', 'its password'),
	};
	await readPeople(access, peopleOu);
	return {
		title: `test domain on ${controller}:${port}, organisational unit ${peopleOu}`,
		credential: credentialOf(access, controller, port, ''),
		peopleOu,
		upnSuffix: process.env['AD_TEST_UPN_SUFFIX'] ?? suffix,
		readPeople: () => readPeople(access, peopleOu),
		stop: () => Promise.resolve(),
	};
}

function needed(name: string, what: string): string {
	const value = process.env[name];
	if (!value)
		throw new Error(`AD_TEST_CONTROLLER names a test domain of your own, so ${name} must be set too: ${what}.`);
	return value;
}

function credentialOf(access: Access, host: string, port: number, baseDn: string): TestDirectory['credential'] {
	return {
		domainControllers: host,
		port,
		security: 'ldaps',
		trustedAuthorities: access.ca,
		serverName: access.serverName,
		ignoreTlsIssues: false,
		bindName: access.bindName,
		bindPassword: access.password,
		baseDn,
		signingSecret: SIGNING_KEY,
		connectTimeout: 10,
		operationTimeout: 30,
	};
}

async function readPeople(access: Access, base: string): Promise<Person[]> {
	return await withClient(access, async (client) => {
		const people: Person[] = [];
		const attributes = [
			'employeeID',
			'displayName',
			'sAMAccountName',
			'userPrincipalName',
			'userAccountControl',
			'uSNChanged',
		];
		const options = { scope: 'sub' as const, filter: '(&(objectCategory=person)(objectClass=user))', attributes };
		for await (const page of client.searchPaginated(base, { ...options, paged: { pageSize: 500 } })) {
			for (const entry of page.searchEntries) {
				const text = (name: string) => (typeof entry[name] === 'string' ? entry[name] : '');
				people.push({
					dn: entry.dn,
					employeeId: text('employeeID'),
					displayName: text('displayName'),
					sAMAccountName: text('sAMAccountName'),
					userPrincipalName: text('userPrincipalName'),
					enabled: (Number(text('userAccountControl')) & DISABLED) === 0,
					usnChanged: text('uSNChanged'),
				});
			}
		}
		return people.sort((a, b) => a.employeeId.localeCompare(b.employeeId));
	});
}

async function withClient<T>(
	{ url, ca, serverName, bindName, password }: Access,
	work: (client: Client) => Promise<T>,
): Promise<T> {
	const client = new Client({
		url,
		timeout: 30_000,
		connectTimeout: 10_000,
		tlsOptions: { ...(ca ? { ca: [ca] } : {}), servername: serverName, minVersion: 'TLSv1.2' },
	});
	try {
		await client.bind(bindName, password);
		return await work(client);
	} finally {
		await client.unbind();
	}
}
