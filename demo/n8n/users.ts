/** People who log in to n8n: invited by its owner, and accepted as they would do it themselves. */
import { randomBytes } from 'node:crypto';
import type { N8nClient } from './client.ts';
import type { Owner } from './server.ts';

/** Someone with a login of their own; `id` is n8n's. */
export type User = Owner & { readonly id: string };

type Invited = { readonly user: { readonly id: string; readonly email: string; readonly inviteAcceptUrl?: string } };

/** Good for one throw-away n8n: long, and with the letters and figures that n8n asks for. */
export function inventPassword(): string {
	return `Demo-${randomBytes(9).toString('base64url')}1`;
}

/**
 * Invites members and accepts for them.
 * @param url of n8n; on loopback: passwords go over plain HTTP
 * @param people e-mail address and name
 * @returns in the same order
 */
export async function inviteMembers(
	url: string,
	client: N8nClient,
	people: readonly Pick<Owner, 'email' | 'firstName' | 'lastName'>[],
): Promise<User[]> {
	const invitations = people.map(({ email }) => ({ email, role: 'global:member' }));
	const invited = (await client.request('POST', '/invitations', invitations)) as Invited[];
	const users: User[] = [];
	for (const person of people) {
		const { user } = invited.find((one) => one.user.email === person.email) ?? {};
		const token = user?.inviteAcceptUrl ? new URL(user.inviteAcceptUrl).searchParams.get('token') : null;
		if (!user || !token) throw new Error(`n8n gave no address to accept the invitation of ${person.email}.`);
		const password = inventPassword();
		const { firstName, lastName } = person;
		const accepted = await fetch(`${url}/rest/invitations/accept`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ token, firstName, lastName, password }),
		});
		if (!accepted.ok)
			throw new Error(`${person.email} could not accept the invitation: ${accepted.status} ${await accepted.text()}`);
		users.push({ ...person, id: user.id, password });
	}
	return users;
}
