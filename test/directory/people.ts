/** Many objects for the tests, made fast: several Adds under way at once. */
import { Attribute, Change, type Client } from 'ldapts';
import type { Domain } from '../support/samba';
import { asAdministrator } from './administrator';

const AT_ONCE = 16;

/**
 * Adds `count` contacts, `<prefix>0` and so on, below a place.
 * @returns their distinguished names
 */
export async function addContacts(domain: Domain, place: string, prefix: string, count: number): Promise<string[]> {
	const dns = Array.from({ length: count }, (_, index) => `CN=${prefix}${index},${place}`);
	await asAdministrator(domain, async (client) => {
		const rest = [...dns];
		const worker = async () => {
			for (let dn = rest.pop(); dn !== undefined; dn = rest.pop()) await client.add(dn, { objectClass: 'contact' });
		};
		await Promise.all(Array.from({ length: AT_ONCE }, worker));
	});
	return dns;
}

/** A disabled user with the name as common name, account name and employeeID. @returns the distinguished name */
export async function addUser(
	domain: Domain,
	place: string,
	name: string,
	attributes: Readonly<Record<string, string | string[]>> = {},
): Promise<string> {
	const dn = `CN=${name},${place}`;
	const own = { objectClass: 'user', sAMAccountName: name, employeeID: name, ...attributes };
	await asAdministrator(domain, (client) => client.add(dn, own));
	return dn;
}

/** Takes a user's primary group away, and makes it this one: he becomes its member first, as the directory demands. */
export async function setPrimaryGroup(domain: Domain, user: string, group: string, rid: number): Promise<void> {
	await addMembers(domain, group, [user]);
	const modification = new Attribute({ type: 'primaryGroupID', values: [String(rid)] });
	await asAdministrator(domain, (client) => client.modify(user, new Change({ operation: 'replace', modification })));
}

/** Adds members to a group apart from the engine. */
export async function addMembers(domain: Domain, group: string, members: readonly string[]): Promise<void> {
	await asAdministrator(domain, (client) => change(client, group, 'member', members));
}

async function change(client: Client, dn: string, type: string, values: readonly string[]): Promise<void> {
	const modification = new Attribute({ type, values: [...values] });
	await client.modify(dn, new Change({ operation: 'add', modification }));
}
