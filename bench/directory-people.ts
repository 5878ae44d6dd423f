/** The people of `npm run bench:directory`, and the domain that it fills with them. */
import { Attribute, Client } from 'ldapts';
import type { Domain } from '../demo/samba/domain.ts';
import type { DesiredAccount } from '../lib/contracts';

/** In the directory before anything is measured. */
export const STAFF = 10_000;
/** A password that every policy takes: what is measured is the directory, not the making of passwords. */
export const PASSWORD = Buffer.from('"Bench-Passw0rd-0f-all"', 'utf16le');
/** As long as a real one. */
export const MARK = `adprov1:pending:2026-11-27T18:00:00Z:0123456789abcdef:${'x'.repeat(43)}`;
export const OBJECT_CLASS = ['top', 'person', 'organizationalPerson', 'user'];
export const DISABLED = '514';
export const ENABLED = '512';

export const staffUnit = ({ baseDn }: Domain): string => `OU=Staff,${baseDn}`;
export const newUnit = ({ baseDn }: Domain): string => `OU=New,${baseDn}`;

/** Every tenth, so that no page of the directory holds them all. */
export const staffKeys = (count: number): string[] =>
	Array.from({ length: count }, (_, index) => keyOf('E', Math.floor((index * STAFF) / count)));

export const keyOf = (letter: string, number: number): string => `${letter}${String(number).padStart(6, '0')}`;

/** As Attribute Map gives it. */
export function mappedPerson(key: string, ou: string, department: string): DesiredAccount {
	const name = `u${key.toLowerCase()}`;
	return {
		formatVersion: 1,
		key,
		previousKeys: [],
		displayName: `Ada Example ${key}`,
		lifecycle: 'active',
		attributes: {
			...{ employeeID: key, displayName: `Ada Example ${key}`, givenName: 'Ada', sn: `Example ${key}` },
			...{ department, title: 'Engineer', company: 'Example', telephoneNumber: '+49 30 1234' },
		},
		createOnly: [],
		fillOnly: [],
		names: {
			sAMAccountName: { candidates: [name] },
			userPrincipalName: { candidates: [`${name}@corp.example.com`] },
			cn: { candidates: [`Ada Example ${key}`] },
		},
		review: [],
		...{ ou, groups: [], managedGroups: [], startsAt: null, endsAt: null },
	};
}

/** What a mapped person has, as an Add has it: names too, the common name left out. */
export function attributesOf({ attributes, names }: DesiredAccount): Record<string, string> {
	const { cn: _cn, ...others } = names;
	return {
		...(attributes as Record<string, string>),
		...Object.fromEntries(Object.entries(others).map(([name, { candidates }]) => [name, candidates[0] ?? ''])),
	};
}

export const dnOf = ({ names, ou }: DesiredAccount): string => `CN=${names.cn?.candidates[0] ?? ''},${ou}`;

/** The domain, or a wire in front of it. */
export type Target = Pick<Domain, 'host' | 'ldapsPort' | 'caPem' | 'serverName' | 'bindDn' | 'password' | 'baseDn'>;

/** A client that is logged on. */
export async function logOn({ host, ldapsPort, caPem, serverName, bindDn, password }: Target): Promise<Client> {
	const client = new Client({
		url: `ldaps://${host}:${ldapsPort}`,
		tlsOptions: { ca: [caPem], servername: serverName },
	});
	await client.bind(bindDn, password);
	return client;
}

export function toAttributes(values: Readonly<Record<string, string | readonly string[] | Buffer>>): Attribute[] {
	return Object.entries(values).map(
		([type, value]) =>
			new Attribute({
				type,
				values: Buffer.isBuffer(value) ? [value] : typeof value === 'string' ? [value] : [...value],
			}),
	);
}

/** Two units, and the staff: without passwords, which is all that makes it quick. */
export async function fill(domain: Domain): Promise<void> {
	const client = await logOn(domain);
	for (const ou of [staffUnit(domain), newUnit(domain)]) await client.add(ou, { objectClass: 'organizationalUnit' });
	let next = 0;
	const worker = async () => {
		while (next < STAFF) {
			const person = mappedPerson(keyOf('E', next++), staffUnit(domain), 'Canteen');
			const values = { objectClass: OBJECT_CLASS, ...attributesOf(person), userAccountControl: DISABLED };
			await client.add(dnOf(person), toAttributes(values));
		}
	};
	await Promise.all(Array.from({ length: 8 }, worker));
	await client.unbind();
}
