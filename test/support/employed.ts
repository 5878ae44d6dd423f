/** People who had accounts before a flow came: made by hand, as an administrator would. */
import { Attribute } from 'ldapts';
import type { JumpCloudUser } from '../../demo/jumpcloud/people.ts';
import { asAdministrator } from '../directory/administrator';
import type { Domain } from './samba';

/** In Active Directory's own notation. */
const password = (text: string) => Buffer.from(`"${text}"`, 'utf16le');

/**
 * Enabled accounts with the key of each person, all of them members of one group.
 * @param unit where they stand; it exists
 * @returns the group's distinguished name
 */
export async function employed(
	domain: Domain,
	unit: string,
	groupName: string,
	people: readonly JumpCloudUser[],
): Promise<string> {
	const dnOf = ({ displayname }: JumpCloudUser) => `CN=${displayname},${unit}`;
	const group = `CN=${groupName},${unit}`;
	await asAdministrator(domain, async (directory) => {
		for (const person of people) {
			const texts = {
				...{ objectClass: 'user', sAMAccountName: person.username, userPrincipalName: person.email },
				...{ displayName: person.displayname, employeeID: person.employeeIdentifier ?? '', userAccountControl: '512' },
			};
			await directory.add(dnOf(person), [
				...Object.entries(texts).map(([type, value]) => new Attribute({ type, values: [value] })),
				new Attribute({ type: 'unicodePwd', values: [password('Employed-2026-before')] }),
			]);
		}
		await directory.add(group, { objectClass: 'group', sAMAccountName: groupName, member: people.map(dnOf) });
	});
	return group;
}
