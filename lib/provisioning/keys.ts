/** Keys of people, and what is derived from them. */
import { createHash } from 'node:crypto';
import type { DesiredAccount } from '../contracts';

/** One spelling for keys that mean one person: the directory compares without case, and HR systems put blanks around them. */
export function personKey(key: string): string {
	return key.trim().toLowerCase();
}

/** The person's key and previous keys as they are compared: the key first, none twice, none empty. */
export function personKeys({ key, previousKeys }: Pick<DesiredAccount, 'key' | 'previousKeys'>): readonly string[] {
	const own = personKey(key);
	if (previousKeys.length === 0) return own === '' ? [] : [own];
	return [...new Set([own, ...previousKeys.map(personKey)])].filter((one) => one !== '');
}

/** Stable id of a person's change in a plan: 16 hexadecimal digits. */
export function changeId(planId: string, key: string): string {
	return createHash('sha256')
		.update(JSON.stringify(['n8n-nodes-ad-provisioning/change-id/v1', planId, personKey(key)]))
		.digest('hex')
		.slice(0, 16);
}
