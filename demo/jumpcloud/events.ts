/** What Directory Insights tells of the changes that the simulator made; tests may add their own to the list. */
import { createHash } from 'node:crypto';
import type { JsonObject } from './answers.ts';
import type { JumpCloudUser } from './people.ts';

export type DirectoryEvent = {
	readonly id: string;
	/** ISO 8601 in UTC, with milliseconds. */
	readonly timestamp: string;
	readonly event_type: string;
	readonly service: string;
	readonly [field: string]: unknown;
};

/** What differs from event to event. */
export type NewEvent = {
	readonly event_type: string;
	readonly resource: JsonObject;
	readonly changes?: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
	readonly association?: JsonObject;
};

/** @param number of the event in this simulator: it alone makes the id @param now when it happened */
export function makeEvent(event: NewEvent, organization: string, number: number, now: Date): DirectoryEvent {
	return {
		...event,
		id: createHash('sha1').update(`event ${number}`).digest('base64url').slice(0, 20),
		timestamp: now.toISOString(),
		service: 'directory',
		organization,
		success: true,
		initiated_by: { id: '5f1b1bb2c9e77742c1cd0a01', type: 'admin', email: 'admin@corp.example.com' },
		client_ip: '127.0.0.1',
		provider: null,
		'@version': '1',
	};
}

/** The events of a change, one for each thing that it did; none when nothing changed. A new password is told without its value. */
export function changeEvents(before: JumpCloudUser, after: JumpCloudUser, newPassword: boolean): readonly NewEvent[] {
	const resource = resourceOf(after);
	const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
		(field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
	);
	const types: string[] = [];
	if (before.state !== after.state) {
		const resumed = before.state === 'SUSPENDED' ? 'user_unsuspended' : 'user_activated';
		types.push(after.state === 'SUSPENDED' ? 'user_suspended' : resumed);
	}
	if (before['account_locked'] !== after['account_locked'])
		types.push(after['account_locked'] === true ? 'user_lockout' : 'user_unlocked');
	if (newPassword) types.push('user_password_change');
	const changes = differing
		.filter((field) => !TOLD_OTHERWISE.has(field))
		.map((field) => ({ field, from: before[field] ?? null, to: after[field] ?? null }));
	const told: NewEvent[] = types.map((event_type) => ({ event_type, resource }));
	return changes.length === 0 ? told : [...told, { event_type: 'user_update', resource, changes }];
}

const TOLD_OTHERWISE: ReadonlySet<string> = new Set([
	'state',
	'suspended',
	'activated',
	'account_locked',
	'account_locked_date',
	'password_date',
]);

/** @returns whom an event is about */
export function resourceOf(user: JumpCloudUser): JsonObject {
	return { id: user._id, type: 'user', username: user.username };
}
