/** What a written body makes of a person: pure, so that every rule can be read in one place. */
import { isObject, Refused, unusable, type JsonObject } from './answers.ts';
import { accountFields, type AccountState } from './account.ts';
import type { JumpCloudUser } from './people.ts';

const text = (longest: number) => (value: unknown) => typeof value === 'string' && value.length <= longest;
const flag = (value: unknown) => typeof value === 'boolean';
/** A user or group number, or a number of days. */
const uid = (value: unknown) => Number.isInteger(value) && Number(value) >= 1;
const entry = (value: unknown) =>
	isObject(value) && Object.values(value).every((part) => typeof part === 'boolean' || text(1024)(part));
const list = (value: unknown) => Array.isArray(value) && value.every(entry);
const named = (names: string, holds: (value: unknown) => boolean) =>
	names.split(' ').map((name) => [name, holds] as const);

/** The fields that PUT takes, with what may stand in them (definition `systemuserput`); the contract test holds them against it. */
export const CHANGEABLE: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
	...named('alternateEmail company costCenter department description displayname email employeeType', text(1024)),
	...named('firstname jobTitle lastname location managedAppleId middlename username', text(1024)),
	...named('external_dn external_password_expiration_date external_source_type password public_key', text(8192)),
	...named('employeeIdentifier', text(256)),
	// Null clears it, though the description says text (a correction in JumpCloud's PowerShell module).
	...named('manager', (value) => value === null || text(1024)(value)),
	...named('account_locked allow_public_key disableDeviceMaxLoginAttempts enable_managed_uid', flag),
	...named('enable_user_portal_multifactor externally_managed ldap_binding_user password_never_expires', flag),
	...named('samba_service_user sudo suspended', flag),
	...named('unix_guid unix_uid', uid),
	...named('addresses attributes phoneNumbers relationships restrictedFields ssh_keys', list),
	...named('delegatedAuthority', (value) => value === null || isObject(value)),
	...named(
		'mfa',
		(value) =>
			isObject(value) &&
			Object.entries(value).every(([name, part]) =>
				name === 'exclusionDays' ? uid(part) : name !== 'exclusion' || flag(part),
			),
	),
	// STAGED is not among them: nobody goes back there.
	...named('state', (value) => value === 'ACTIVATED' || value === 'SUSPENDED'),
]);

/** What POST takes beyond that (definition `systemuserputpost`). `activated` follows from the state here. */
export const CREATABLE: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
	...[...CHANGEABLE].filter(([name]) => name !== 'ssh_keys'),
	...named('activated passwordless_sudo', flag),
	...named('recoveryEmail', (value) => isObject(value) && text(1024)(value['address'])),
	...named('state', (value) => value === 'STAGED' || value === 'ACTIVATED' || value === 'SUSPENDED'),
]);

/** What a write needs besides its body. */
export type Writing = {
	readonly users: readonly JumpCloudUser[];
	readonly now: Date;
	readonly newId: () => string;
};

/**
 * PUT: partial in practice, though lists (attributes, addresses, phoneNumbers) are replaced as a whole. Fields that it does not take are left
 * aside without a word (unconfirmed).
 * @returns the person afterwards
 * @throws Refused
 */
export function changed(user: JumpCloudUser, body: JsonObject, writing: Writing): JumpCloudUser {
	const wanted = checked(body, CHANGEABLE);
	assertUnique(wanted, user, writing.users);
	return { ...withFields(user, wanted, writing), ...stateAfter(user.state, wanted) };
}

/**
 * POST: needs an e-mail address and a username.
 * @param fallback the state where the body names none
 * @throws Refused
 */
export function created(
	body: JsonObject,
	fallback: AccountState,
	organization: string,
	writing: Writing,
): JumpCloudUser {
	const wanted = checked(body, CREATABLE);
	for (const name of ['email', 'username'])
		if (typeof wanted[name] !== 'string' || wanted[name] === '') throw unusable(`${name} is required`);
	assertUnique(wanted, undefined, writing.users);
	const state = stateAfter(fallback, wanted).state;
	const _id = writing.newId();
	const uids = writing.users.map((user) => Number(user['unix_uid'])).filter(Number.isInteger);
	// The number fills optional parts for seeded people; here only the body fills them.
	const { recoveryEmail: _seeded, ...account } = accountFields(1, state, writing.now.toISOString());
	const unix = uids.reduce((largest, used) => Math.max(largest, used), 4999) + 1;
	const empty: JumpCloudUser = {
		_id,
		id: _id,
		username: '',
		email: '',
		displayname: '',
		firstname: '',
		lastname: '',
		...account,
		unix_uid: unix,
		unix_guid: unix,
		password_date: null,
		creationSource: 'jumpcloud:api',
		department: '',
		jobTitle: '',
		addresses: [],
		phoneNumbers: [],
		relationships: [],
		attributes: [],
		organization,
	};
	return { ...withFields(empty, wanted, writing), ...stateAfter(state, {}) };
}

function checked(body: JsonObject, known: ReadonlyMap<string, (value: unknown) => boolean>): JsonObject {
	const wanted = Object.fromEntries(Object.entries(body).filter(([name]) => known.has(name)));
	for (const [name, value] of Object.entries(wanted))
		if (known.get(name)?.(value) !== true) throw unusable(`${name} is not valid`);
	for (const name of ['email', 'username']) if (wanted[name] === '') throw unusable(`${name} must not be empty`);
	if ('state' in wanted && 'suspended' in wanted && (wanted['state'] === 'SUSPENDED') !== wanted['suspended'])
		throw unusable('state and suspended contradict each other');
	return wanted;
}

/** Which status a duplicate gets is not documented: 409 for the names to log in with, 400 for the employee identifier. */
function assertUnique(wanted: JsonObject, self: JumpCloudUser | undefined, users: readonly JumpCloudUser[]): void {
	for (const [name, status] of [
		['username', 409] as const,
		['email', 409] as const,
		['employeeIdentifier', 400] as const,
	]) {
		const value = wanted[name];
		if (typeof value !== 'string' || value === '') continue;
		const same = (other: unknown) => typeof other === 'string' && other.toLowerCase() === value.toLowerCase();
		if (users.some((user) => user._id !== self?._id && same(user[name])))
			throw new Refused(status, `${status === 409 ? 'Conflict' : 'Bad Request'}: ${name} is already in use`);
	}
}

type State = Pick<JumpCloudUser, 'state' | 'suspended' | 'activated'>;

/** `suspended` alone is the older way to say it; a staged person is not activated by `suspended: false`. */
function stateAfter(before: AccountState, wanted: JsonObject): State {
	const resumed = wanted['suspended'] === false && before === 'SUSPENDED' ? 'ACTIVATED' : before;
	const said = wanted['state'] as AccountState | undefined;
	const state = said ?? (wanted['suspended'] === true ? 'SUSPENDED' : resumed);
	return { state, suspended: state === 'SUSPENDED', activated: state === 'ACTIVATED' };
}

function withFields(user: JumpCloudUser, wanted: JsonObject, { now, newId }: Writing): JumpCloudUser {
	const { password, manager, mfa, account_locked: locked, ...plain } = wanted;
	const next: Record<string, unknown> = { ...user, ...plain };
	const numbered = (value: unknown, id: string) =>
		(value as readonly JsonObject[]).map((part) => ({ [id]: newId(), ...part }));
	for (const name of ['addresses', 'phoneNumbers']) if (name in plain) next[name] = numbered(plain[name], 'id');
	if ('ssh_keys' in plain)
		next['ssh_keys'] = numbered(plain['ssh_keys'], '_id').map((key) => ({ create_date: now.toISOString(), ...key }));
	if (manager === null || manager === '') delete next['manager'];
	else if (manager !== undefined) next['manager'] = manager;
	// Days go in, a date comes out (a loop in a Terraform provider).
	if (isObject(mfa)) {
		const { exclusionDays: days, configured: _readOnly, ...rest } = mfa;
		const until = Number.isInteger(days)
			? new Date(now.getTime() + Number(days) * 86_400_000).toISOString()
			: undefined;
		next['mfa'] = {
			...(user['mfa'] as JsonObject),
			...rest,
			...(until === undefined ? {} : { exclusionUntil: until }),
		};
	}
	if (typeof locked === 'boolean') {
		next['account_locked'] = locked;
		next['account_locked_date'] = locked ? now.toISOString() : null;
	}
	// A password is taken and never given back.
	if (password !== undefined) next['password_date'] = now.toISOString();
	return next as JumpCloudUser;
}
