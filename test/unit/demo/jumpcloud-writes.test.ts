import { SPECIAL, type JumpCloudUser } from '../../../demo/jumpcloud/people';
import { people, runningSimulator } from './simulator';

const { simulator, call, restart } = runningSimulator();

const users = '/api/systemusers';
const { _id } = SPECIAL.markup;
const idOf = (state: JumpCloudUser['state']) => people.find((user) => user.state === state)?._id ?? '';
function person(fits: (user: JumpCloudUser) => boolean): JumpCloudUser {
	const found = people.find(fits);
	if (!found) throw new Error('There is no such person.');
	return found;
}
const other = person((user) => user._id === SPECIAL.formula._id);
const put = (id: string, body: unknown) => call('PUT', `${users}/${id}`, body);
const read = async (id: string) => (await call('GET', `${users}/${id}`)).body as JumpCloudUser;
const told = () => simulator().events.map(({ event_type }) => event_type);

describe('a change', () => {
	test('replaces the whole list of attributes, addresses and phone numbers', async () => {
		await put(_id, {
			attributes: [
				{ name: 'badge', value: '1' },
				{ name: 'cost', value: '2' },
			],
		});
		await put(_id, {
			attributes: [{ name: 'cost', value: '3' }],
			addresses: [],
			phoneNumbers: [{ type: 'home', number: '1' }],
		});
		expect(await read(_id)).toMatchObject({
			attributes: [{ name: 'cost', value: '3' }],
			addresses: [],
			phoneNumbers: [{ id: expect.stringMatching(/^[0-9a-f]{24}$/) as string, type: 'home', number: '1' }],
		});
	});

	test.each<['STAGED' | 'ACTIVATED' | 'SUSPENDED', object, 'STAGED' | 'ACTIVATED' | 'SUSPENDED', readonly string[]]>([
		['STAGED', { state: 'ACTIVATED' }, 'ACTIVATED', ['user_activated']],
		['STAGED', { state: 'SUSPENDED' }, 'SUSPENDED', ['user_suspended']],
		['STAGED', { suspended: false }, 'STAGED', []],
		['STAGED', { suspended: true }, 'SUSPENDED', ['user_suspended']],
		['ACTIVATED', { state: 'SUSPENDED', suspended: true }, 'SUSPENDED', ['user_suspended']],
		['ACTIVATED', { state: 'ACTIVATED' }, 'ACTIVATED', []],
		['SUSPENDED', { state: 'ACTIVATED', suspended: false }, 'ACTIVATED', ['user_unsuspended']],
		['SUSPENDED', { suspended: false }, 'ACTIVATED', ['user_unsuspended']],
		['SUSPENDED', { jobTitle: 'x' }, 'SUSPENDED', ['user_update']],
	])('moves from %s by %j to %s', async (before, body, after, events) => {
		const id = idOf(before);
		expect((await put(id, body)).body).toMatchObject({
			state: after,
			suspended: after === 'SUSPENDED',
			activated: after === 'ACTIVATED',
		});
		expect(told()).toEqual(events);
	});

	test.each<[string, unknown, number]>([
		['back to STAGED', { state: 'STAGED' }, 400],
		['of state and suspended against each other', { state: 'ACTIVATED', suspended: true }, 400],
		['of a text to a number', { jobTitle: 7 }, 400],
		['of a text to null', { jobTitle: null }, 400],
		['to more than 1024 characters', { jobTitle: 'x'.repeat(1025) }, 400],
		['to an employee identifier of more than 256', { employeeIdentifier: '1'.repeat(257) }, 400],
		['of a flag to text', { sudo: 'true' }, 400],
		['of a list to an object', { attributes: { name: 'a', value: 'b' } }, 400],
		['of an attribute to a number', { attributes: [{ name: 'a', value: 1 }] }, 400],
		['of a number to none', { unix_uid: 0 }, 400],
		['to no e-mail address', { email: '' }, 400],
		['to days that are none', { mfa: { exclusion: true, exclusionDays: 0 } }, 400],
		['to the username of another, in any case', { username: other.username.toUpperCase() }, 409],
		['to the e-mail address of another', { email: other.email }, 409],
		['to the employee identifier of another', { employeeIdentifier: SPECIAL.formula.key }, 400],
	])('is refused %s, and nothing is changed or told', async (_what, body, status) => {
		expect(await put(_id, body)).toMatchObject({ status, body: { code: status } });
		expect(await read(_id)).toEqual(people.find((user) => user._id === _id));
		expect(told()).toEqual([]);
	});

	test('to what is there already is no conflict with oneself', async () => {
		const { username, email } = await read(_id);
		expect((await put(_id, { username, email, employeeIdentifier: SPECIAL.markup.key })).status).toBe(200);
	});

	test('to no employee identifier is no conflict with others who have none', async () => {
		expect((await put(_id, { employeeIdentifier: '' })).status).toBe(200);
		expect((await put(SPECIAL.formula._id, { employeeIdentifier: '' })).status).toBe(200);
	});

	test.each([null, ''])('clears the manager with %j: the field is gone then', async (manager) => {
		const { body } = await put(_id, { manager });
		expect(body).not.toHaveProperty('manager');
	});

	test('leaves aside what PUT does not take', async () => {
		const before = await read(_id);
		await put(_id, { created: 'x', organization: 'x', activated: false, memberof: [], constructor: 'x', nonsense: 1 });
		expect(await read(_id)).toEqual(before);
	});

	test('takes a password and never gives it back, nor logs it, nor tells it', async () => {
		const { body } = await put(_id, { password: 'canary-password' });
		expect(body).toMatchObject({ password_date: expect.stringMatching(/^\d{4}-/) as string });
		expect(told()).toEqual(['user_password_change']);
		const everything = JSON.stringify([body, await read(_id), simulator().events, simulator().requests]);
		expect(everything).not.toContain('canary-password');
		expect(simulator().requests[0]?.body).toEqual({ password: '***' });
	});

	test('gives a date for the days without a second factor', async () => {
		await restart({ now: () => new Date('2026-11-01T00:00:00Z') });
		const { body } = await put(_id, { mfa: { exclusion: true, exclusionDays: 2 } });
		expect((body as JumpCloudUser)['mfa']).toEqual({
			configured: expect.any(Boolean) as boolean,
			exclusion: true,
			exclusionUntil: '2026-11-03T00:00:00.000Z',
		});
	});

	test('locks and unlocks', async () => {
		expect((await put(_id, { account_locked: true })).body).toMatchObject({ account_locked: true });
		expect((await put(_id, { account_locked: false })).body).toMatchObject({ account_locked_date: null });
		expect(told()).toEqual(['user_lockout', 'user_unlocked']);
	});

	test('is told field by field, with before and after', async () => {
		const { jobTitle } = await read(_id);
		await put(_id, { jobTitle: 'Astronaut', state: 'SUSPENDED' });
		expect(simulator().events).toMatchObject([
			{ event_type: 'user_suspended', resource: { id: _id, type: 'user' } },
			{ event_type: 'user_update', changes: [{ field: 'jobTitle', from: jobTitle, to: 'Astronaut' }] },
		]);
	});
});

describe('a new person', () => {
	const body = { email: 'new@corp.example.com', username: 'new.person', firstname: 'New' };

	test('is there then, with an id of its own, staged, and told', async () => {
		const reply = await call('POST', users, {
			...body,
			attributes: [{ name: 'badge', value: '1' }],
			_id,
			created: 'x',
		});
		const made = reply.body as JumpCloudUser;
		expect(made).toMatchObject({ ...body, lastname: '', state: 'STAGED', suspended: false, activated: false });
		expect(made._id).toMatch(/^[0-9a-f]{24}$/);
		expect(people.some((user) => user._id === made._id)).toBe(false);
		expect(made['unix_uid']).toBe(5250);
		expect(made['recoveryEmail']).toBeUndefined();
		expect(await read(made._id)).toEqual(made);
		expect(simulator().events).toMatchObject([{ event_type: 'user_create', resource: { id: made._id } }]);
		expect((await call('GET', `${users}?limit=1`)).body).toMatchObject({ totalCount: 251 });
	});

	test.each(['STAGED', 'ACTIVATED', 'SUSPENDED'])('has the state that is asked for: %s', async (state) => {
		expect((await call('POST', users, { ...body, state })).body).toMatchObject({ state });
	});

	test('has the state that the organization sets', async () => {
		await restart({ newUserState: 'ACTIVATED' });
		expect((await call('POST', users, body)).body).toMatchObject({ state: 'ACTIVATED', activated: true });
	});

	test.each<[string, unknown, number]>([
		['without an e-mail address', { username: 'x' }, 400],
		['without a username', { email: 'x@corp.example.com' }, 400],
		['with an empty username', { ...body, username: '' }, 400],
		['with a state that there is not', { ...body, state: 'GONE' }, 400],
		['with a username that is taken', { ...body, username: other.username }, 409],
		['with an e-mail address that is taken', { ...body, email: other.email.toUpperCase() }, 409],
		['with an employee identifier that is taken', { ...body, employeeIdentifier: SPECIAL.markup.key }, 400],
		['from a list', [body], 400],
		['from no JSON', '{', 400],
	])('is refused %s', async (_what, asked, status) => {
		expect(await call('POST', users, asked)).toMatchObject({ status, body: { code: status } });
		expect(simulator().users).toHaveLength(250);
	});
});

describe('an activation', () => {
	test.each([undefined, {}, { email: false }, { email: true }, { email: 'x@corp.example.com' }])(
		'makes a staged person active: %j',
		async (body) => {
			const id = idOf('STAGED');
			expect((await call('POST', `${users}/${id}/state/activate`, body)).status).toBe(200);
			expect(await read(id)).toMatchObject({ state: 'ACTIVATED', suspended: false, activated: true });
			expect(told()).toEqual(['user_activated']);
		},
	);

	test.each<[string, () => string, unknown, number]>([
		['of somebody active', () => idOf('ACTIVATED'), {}, 400],
		['of somebody suspended', () => idOf('SUSPENDED'), {}, 400],
		['of nobody', () => '0'.repeat(24), {}, 404],
		['with a number for an address', () => idOf('STAGED'), { email: 1 }, 400],
	])('is refused %s', async (_what, id, body, status) => {
		expect((await call('POST', `${users}/${id()}/state/activate`, body)).status).toBe(status);
	});
});

describe('a deletion', () => {
	const head = person(({ jobTitle }) => jobTitle === 'Head of Legal');
	const reports = people.filter(({ manager }) => manager === head._id).map((user) => user._id);
	const managers = async () => new Set(await Promise.all(reports.map(async (id) => (await read(id)).manager)));

	test('gives the person back for the last time, tells it, and takes them out of their groups', async () => {
		expect(await call('DELETE', `${users}/${head._id}`)).toMatchObject({ status: 200, body: head });
		expect((await call('GET', `${users}/${head._id}`)).status).toBe(404);
		expect((await call('DELETE', `${users}/${head._id}`)).status).toBe(404);
		expect(simulator().events).toMatchObject([{ event_type: 'user_delete', resource: { id: head._id } }]);
		const [everybody] = simulator().groups;
		const { headers } = await call('GET', `/api/v2/usergroups/${everybody?.id}/members`);
		expect(headers.get('x-total-count')).toBe('249');
	});

	test('leaves those who reported to them with the id of nobody', async () => {
		await call('DELETE', `${users}/${head._id}`);
		expect(await managers()).toEqual(new Set([head._id]));
	});

	test('clears their manager on demand', async () => {
		await call('DELETE', `${users}/${head._id}?cascade_manager=null`);
		expect(await managers()).toEqual(new Set([undefined]));
	});

	test('gives them another manager on demand, and that one none when it is one of them', async () => {
		const [heir = '', ...rest] = reports;
		await call('DELETE', `${users}/${head._id}?cascade_manager=${heir}`);
		expect((await read(heir)).manager).toBeUndefined();
		for (const id of rest) expect((await read(id)).manager).toBe(heir);
	});

	test.each([head._id, 'nobody', ''])('is refused with cascade_manager=%s', async (heir) => {
		expect((await call('DELETE', `${users}/${head._id}?cascade_manager=${heir}`)).status).toBe(400);
		expect(simulator().users).toHaveLength(250);
	});
});

describe('the log of requests', () => {
	test('keeps the bodies of everything but GET, as they were sent', async () => {
		await call('GET', users);
		await put(_id, { jobTitle: 'x' });
		await put(_id, 'no JSON');
		await call('DELETE', `${users}/${_id}`);
		expect(simulator().requests.map(({ method, body }) => [method, body])).toEqual([
			['GET', undefined],
			['PUT', { jobTitle: 'x' }],
			['PUT', 'no JSON'],
			['DELETE', ''],
		]);
	});
});
