/** The Samba domain of `npm run bench:plan`: 10,000 people, their units, teams and managers. */
import type { Domain } from '../demo/samba/domain.ts';
import { Attribute, Change, type Client } from 'ldapts';
import type { DesiredAccount } from '../lib/contracts';
import { textOf, textsOf, valuesOf, type Entry } from '../lib/directory/entry';
import { logOn, OBJECT_CLASS, toAttributes } from './directory-people';
import { settledCase } from './plan-people';

/** Enabled, and without a password, which is all that makes it quick (MS-ADTS 2.2.16: PASSWD_NOTREQD). */
const ENABLED_WITHOUT_PASSWORD = '544';
const WORKERS = 8;
/** What an Add carries. */
const ADDED = [
	...['cn', 'sAMAccountName', 'userPrincipalName', 'mail', 'proxyAddresses', 'employeeID', 'displayName'],
	...['givenName', 'sn', 'title', 'department', 'company', 'division', 'physicalDeliveryOfficeName'],
	...['telephoneNumber', 'mobile', 'streetAddress', 'l', 'postalCode', 'manager'],
];

const isA = (entry: Entry, name: string) => textsOf(entry, 'objectClass').includes(name);

/** @returns the people of the accounts */
export async function fillDomain(domain: Domain, count: number): Promise<readonly DesiredAccount[]> {
	const { people, entries } = settledCase(count);
	const client = await logOn(domain);
	for (const { dn } of entries.filter((entry) => isA(entry, 'organizationalUnit')))
		await client.add(dn, { objectClass: 'organizationalUnit' });
	const users = entries.filter((entry) => isA(entry, 'user'));
	// Managers first: a name that leads nowhere is refused.
	await addAll(
		client,
		users.filter((entry) => valuesOf(entry, 'manager').length === 0),
	);
	await addAll(
		client,
		users.filter((entry) => valuesOf(entry, 'manager').length > 0),
	);
	const members = new Map<string, string[]>();
	for (const user of users)
		for (const group of textsOf(user, 'memberOf')) members.set(group, [...(members.get(group) ?? []), user.dn]);
	for (const group of entries.filter((entry) => isA(entry, 'group'))) {
		const name = textOf(group, 'cn') ?? '';
		await client.add(group.dn, { objectClass: 'group', sAMAccountName: name });
		const modification = new Attribute({ type: 'member', values: members.get(group.dn) ?? [] });
		if (modification.values.length > 0) await client.modify(group.dn, new Change({ operation: 'add', modification }));
	}
	await client.unbind();
	return people;
}

async function addAll(client: Client, users: readonly Entry[]): Promise<void> {
	let next = 0;
	const worker = async () => {
		for (let user = users[next++]; user; user = users[next++]) {
			const values: Record<string, string[]> = {};
			for (const name of ADDED) if (textsOf(user, name).length > 0) values[name] = textsOf(user, name);
			const state = { objectClass: OBJECT_CLASS, userAccountControl: ENABLED_WITHOUT_PASSWORD };
			await client.add(user.dn, toAttributes({ ...state, ...values }));
		}
	};
	await Promise.all(Array.from({ length: WORKERS }, worker));
}
