/**
 * What somebody would write by hand with ldapts, with the reads and writes that AD Provision does, one after another, and nothing else: no
 * marks to sign, no passwords to make, nothing compared, no errors put into words.
 */
import {
	AndFilter,
	Attribute,
	Change,
	EqualityFilter,
	ExtensibleFilter,
	GreaterThanEqualsFilter,
	OrFilter,
	PresenceFilter,
	type Client,
	type Entry,
	type Filter,
} from 'ldapts';
import type { DesiredAccount } from '../lib/contracts';
import { ACCOUNT_ATTRIBUTES } from '../lib/directory/accounts/account';
import { attributesToRead } from '../lib/directory/accounts/desired';
import {
	DISABLED,
	dnOf,
	ENABLED,
	attributesOf,
	logOn,
	type Target,
	MARK,
	OBJECT_CLASS,
	PASSWORD,
	toAttributes,
} from './directory-people';

const BLOCK = 100;
const BINARY = ['objectGUID', 'objectSid'];
const READ = [...ACCOUNT_ATTRIBUTES, 'employeeID', 'carLicense'];
const NAMES = ['objectGUID', 'sAMAccountName', 'userPrincipalName', 'mail', 'cn', 'proxyAddresses'];
export const IN_CHAIN = '1.2.840.113556.1.4.1941';

export const equal = (attribute: string, value: string | Buffer): Filter => new EqualityFilter({ attribute, value });
export const anyOf = (filters: Filter[]): Filter => new OrFilter({ filters });
export const allOf = (filters: Filter[]): Filter => new AndFilter({ filters });

export async function find(
	client: Client,
	base: string,
	filter: Filter,
	attributes: readonly string[],
	scope: 'sub' | 'one' = 'sub',
): Promise<Entry[]> {
	const found: Entry[] = [];
	const options = { scope, filter, attributes: [...attributes], explicitBufferAttributes: BINARY };
	for await (const page of client.searchPaginated(base, { ...options, paged: { pageSize: 1000 } }))
		for (const entry of page.searchEntries) found.push(entry);
	return found;
}

export async function read(client: Client, dn: string, attributes: readonly string[]): Promise<Entry | undefined> {
	const options = { scope: 'base' as const, attributes: [...attributes], explicitBufferAttributes: BINARY };
	return (await client.search(dn, options)).searchEntries[0];
}

export function blocks<T>(all: readonly T[]): T[][] {
	return Array.from({ length: Math.ceil(all.length / BLOCK) }, (_, index) =>
		all.slice(index * BLOCK, (index + 1) * BLOCK),
	);
}

/** Connects, reads what is to be known of the domain, works, and hangs up. @returns milliseconds */
export async function session(target: Target, work: (client: Client) => Promise<void>): Promise<number> {
	const begin = performance.now();
	const client = await logOn(target);
	await read(client, '', ['defaultNamingContext', 'dnsHostName', 'domainFunctionality', 'supportedCapabilities']);
	await read(client, target.baseDn, ['objectGUID', 'objectSid', 'minPwdLength']);
	await work(client);
	await client.unbind();
	return performance.now() - begin;
}

export async function createBare(target: Target, people: readonly DesiredAccount[]): Promise<number> {
	const { baseDn } = target;
	return await session(target, async (client) => {
		for (const block of blocks(people)) {
			const changed = await changedSinceNow(client);
			await find(client, baseDn, anyOf(block.map(({ key }) => equal('employeeID', key))), READ);
			for (const person of block) {
				const own = attributesOf(person);
				const names = [
					equal('sAMAccountName', own['sAMAccountName'] ?? ''),
					equal('userPrincipalName', own['userPrincipalName'] ?? ''),
				];
				await find(client, baseDn, anyOf(names), NAMES);
				await find(client, baseDn, anyOf(names), NAMES);
				await find(client, person.ou, equal('cn', person.names.cn?.candidates[0] ?? ''), NAMES, 'one');
				await find(client, baseDn, allOf([changed, equal('employeeID', person.key)]), READ);
				const state = { userAccountControl: DISABLED, carLicense: MARK, unicodePwd: PASSWORD };
				await client.add(dnOf(person), toAttributes({ objectClass: OBJECT_CLASS, ...own, ...state }));
				const made = await read(client, dnOf(person), READ);
				await client.modify(guidDn(made), enabling());
			}
		}
	});
}

/** Everything that is changed from now on, and some of what was before. */
export async function changedSinceNow(client: Client): Promise<Filter> {
	const root = await read(client, '', ['highestCommittedUSN']);
	return new GreaterThanEqualsFilter({
		attribute: 'uSNChanged',
		value: String(BigInt(String(root?.['highestCommittedUSN'])) - 100n),
	});
}

export function enabling(): Change[] {
	return [
		change('delete', 'userAccountControl', DISABLED),
		change('add', 'userAccountControl', ENABLED),
		change('delete', 'carLicense', MARK),
	];
}

/** One attribute of each, and the check that nobody of them is an administrator. */
export async function updateBare(
	target: Target,
	people: readonly DesiredAccount[],
	department: string,
): Promise<number> {
	const { baseDn } = target;
	return await session(target, async (client) => {
		let groups: Entry[] | undefined;
		for (const block of blocks(people)) {
			const wanted = [...READ, ...(block[0] ? attributesToRead(block[0]) : [])];
			await changedSinceNow(client);
			const found = await find(client, baseDn, anyOf(block.map(({ key }) => equal('employeeID', key))), wanted);
			groups ??= await privilegedGroups(client, target);
			const chain = groups.map(({ dn }) => new ExtensibleFilter({ matchType: 'memberOf', rule: IN_CHAIN, value: dn }));
			const guids = found.map((entry) => equal('objectGUID', entry['objectGUID'] as Buffer));
			await find(client, baseDn, allOf([anyOf(guids), anyOf(chain)]), ['objectGUID']);
			for (const entry of found) {
				const now = [
					change('delete', 'department', String(entry['department'])),
					change('add', 'department', department),
				];
				await client.modify(guidDn(entry), now);
				await read(client, guidDn(entry), READ);
			}
		}
	});
}

export async function privilegedGroups(client: Client, { baseDn, bindDn }: Target): Promise<Entry[]> {
	const admins = allOf([equal('objectClass', 'group'), equal('adminCount', '1')]);
	const groups = await find(client, baseDn, admins, ['cn', 'objectSid']);
	await find(client, baseDn, equal('distinguishedName', bindDn), ['objectSid']);
	return groups;
}

export const FIND_ATTRIBUTES: readonly string[] = READ;

/** By OR-filters of 100 keys. @returns milliseconds */
export async function findByFilters(target: Target, keys: readonly string[]): Promise<number> {
	return await session(target, async (client) => {
		let found = 0;
		for (const block of blocks(keys)) {
			const filter = anyOf(block.map((key) => equal('employeeID', key)));
			found += (await find(client, target.baseDn, filter, READ)).length;
		}
		expectAll(found, keys);
	});
}

/** By reading everybody in pages and looking in memory. @returns milliseconds */
export async function findByPages(target: Target, keys: readonly string[]): Promise<number> {
	return await session(target, async (client) => {
		const everybody = await find(client, target.baseDn, new PresenceFilter({ attribute: 'employeeID' }), READ);
		const byKey = new Map(everybody.map((entry) => [String(entry['employeeID']).toLowerCase(), entry]));
		expectAll(keys.filter((key) => byKey.has(key.toLowerCase())).length, keys);
	});
}

export function expectAll(found: number, keys: readonly string[]): void {
	if (found !== keys.length) throw new Error(`${found} of ${keys.length} people were found.`);
}

function change(operation: 'add' | 'delete', type: string, value: string): Change {
	return new Change({ operation, modification: new Attribute({ type, values: [value] }) });
}

/** As the node names objects: by GUID (three groups little-endian, MS-DTYP 2.3.4.2). */
export function guidDn(entry: Entry | undefined): string {
	const bytes = entry?.['objectGUID'] as Buffer;
	const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
	const hex = order.map((at) => (bytes[at] ?? 0).toString(16).padStart(2, '0')).join('');
	return `<GUID=${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}>`;
}
