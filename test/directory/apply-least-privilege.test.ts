/** Plans are applied and taken back by a service account that has the rights of docs/rights.md and no others, attribute by attribute. */
import type { Change, Outcome } from '../../lib/contracts';
import { makeUndo } from '../../lib/provisioning/undo/makeUndo';
import { liveSource } from '../../lib/provisioning/source/live';
import {
	apply,
	disable,
	enable,
	joining,
	plan,
	refOf,
	relocation,
	set,
	setPassword,
	targetOf,
	unlink,
	write,
	type Parts,
} from '../support/changes';
import { SIGNING_KEY, withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { grantRights, PASSWORD } from './least-privilege-rights';

const ACCOUNTS = { narrow: ['accounts', 'groups', 'move', 'leave', 'return', 'narrow'] } as const;
const fields = { bindName: 'CORP\\narrow', bindPassword: PASSWORD };

let domain: Domain;
const unit = (name: string) => `OU=${name},${domain.baseDn}`;
const staff = () => `CN=Staff,${unit('Groups')}`;
const boss = () => `CN=Boss,${unit('Elsewhere')}`;

beforeAll(async () => {
	domain = await startSamba();
	await grantRights(domain, ACCOUNTS, ['sn', 'department', 'manager', 'description']);
	await asAdministrator(domain, async (client) => {
		await client.add(staff(), { objectClass: 'group', sAMAccountName: 'Staff' });
		await client.add(boss(), { objectClass: 'user', sAMAccountName: 'Boss' });
	});
}, 120_000);
afterAll(() => domain?.stop());

const played = async (changes: readonly Change[]): Promise<readonly Outcome[]> =>
	(await apply(domain, changes, { fields })).outcomes;
const undone = (outcomes: readonly Outcome[]) =>
	withDirectory(
		domain,
		async (directory) => {
			const options = { outcomes, signingKey: SIGNING_KEY, deleteCreated: true, expiresAfterHours: 72 };
			return (await makeUndo(liveSource(directory), options, { newId: () => 'undo', digestRows: 0 })).plan.changes;
		},
		{ fields },
	);
const statuses = (outcomes: readonly Outcome[]) => outcomes.map(({ status, message }) => message ?? status);
const person = async (key: string) => (await domain.ldbsearch(`(employeeID=${key})`))[0]?.attributes;
const join = (key: string) =>
	plan(domain, async (directory): Promise<Parts[]> => {
		const [people, group, manager] = await Promise.all(
			[unit('People'), staff(), boss()].map((dn) => refOf(directory, dn)),
		);
		if (!people || !group || !manager) throw new Error('The domain is not complete.');
		return [joining(people, key, [group], { manager: [manager] })];
	});

test('a joiner is made, moved, shut out, brought back; and each of these is taken back', async () => {
	expect(statuses(await played(await join('J1')))).toEqual(['applied']);
	const mover = await plan(domain, async (directory): Promise<Parts[]> => {
		const dn = `CN=Person J1,${unit('People')}`;
		const steps = [
			set(write('department', null, 'Quality'), write('sn', 'J1', 'Else')),
			await relocation(directory, dn, unit('People'), 'CN=Renamed J1'),
		];
		return [{ key: 'J1', lifecycle: 'mover', target: await targetOf(directory, dn), steps }];
	});
	expect(statuses(await played(mover))).toEqual(['applied']);
	const dn = `CN=Renamed J1,${unit('People')}`;
	const leaver = await plan(domain, async (directory): Promise<Parts[]> => {
		const steps = [
			disable(512, write('department', 'Quality', null), write('description', null, 'Left')),
			setPassword('1'),
			unlink(await refOf(directory, staff())),
			await relocation(directory, dn, unit('Leavers')),
		];
		return [{ key: 'J1', lifecycle: 'leaver', target: await targetOf(directory, dn), steps }];
	});
	const left = await played(leaver);
	expect(statuses(left)).toEqual(['applied']);
	expect(statuses(await played(await undone(left)))).toEqual(['applied']);
	expect(await person('J1')).toMatchObject({
		...{ userAccountControl: ['512'], department: ['Quality'], memberOf: [staff()], distinguishedName: [dn] },
	});
	const gone = `CN=Renamed J1,${unit('Leavers')}`;
	const again = await plan(domain, async (directory): Promise<Parts[]> => {
		const steps = [disable(), setPassword('1'), await relocation(directory, dn, unit('Leavers'))];
		return [{ key: 'J1', lifecycle: 'leaver', target: await targetOf(directory, dn), steps }];
	});
	expect(statuses(await played(again))).toEqual(['applied']);
	const rehire = await plan(domain, async (directory): Promise<Parts[]> => {
		const steps = [await relocation(directory, gone, unit('People')), setPassword('1'), enable()];
		return [{ key: 'J1', lifecycle: 'rehire', target: await targetOf(directory, gone), steps }];
	});
	const back = await played(rehire);
	expect(statuses(back)).toEqual(['applied']);
	expect(statuses(await played(await undone(back)))).toEqual(['applied']);
	expect(await person('J1')).toMatchObject({ userAccountControl: ['514'], distinguishedName: [gone] });
});

test('a new account is deleted by the undo that was asked to', async () => {
	const made = await played(await join('J2'));
	expect(statuses(await played(await undone(made)))).toEqual(['applied']);
	expect(await person('J2')).toBeUndefined();
});

test('outside of its units nothing is written, and the words say why', async () => {
	const changes = await plan(
		domain,
		async (directory): Promise<Parts[]> => [
			{
				...{ key: 'B', lifecycle: 'mover', target: await targetOf(directory, boss()) },
				steps: [set(write('department', null, 'Quality'))],
			},
		],
	);
	const [outcome] = await played(changes);
	expect(outcome).toMatchObject({
		status: 'failed',
		message: expect.stringContaining('The service account has no right to do this') as unknown,
	});
});
