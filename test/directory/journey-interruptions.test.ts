/** The whole way of a joiner over a wire that breaks at every request: made, put into groups, moved, enabled. Running it again ends in the same tree. */
import { CREATE_DEFAULTS, createAccount } from '../../lib/directory/accounts/create';
import { enableAccount } from '../../lib/directory/accounts/enable';
import type { AccountRun } from '../../lib/directory/accounts/locate';
import { moveAccount } from '../../lib/directory/accounts/move';
import { DirectoryError } from '../../lib/directory/errors';
import { UNTOLD } from '../../lib/directory/newPassword';
import { desiredAccount, withAccounts } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { startWire, type Fate, type Wire } from './wire';

let domain: Domain;
let wire: Wire;
let ou: string;
let target: string;

beforeAll(async () => {
	domain = await startSamba();
	ou = `OU=New,${domain.baseDn}`;
	target = `OU=People,${domain.baseDn}`;
	await asAdministrator(domain, async (client) => {
		for (const dn of [ou, target]) await client.add(dn, { objectClass: 'organizationalUnit' });
		for (const name of ['staff', 'sales'])
			await client.add(`CN=${name},${target}`, { objectClass: 'group', sAMAccountName: name });
	});
}, 120_000);
afterAll(() => domain.stop());
beforeEach(async () => {
	wire = await startWire(domain);
});
afterEach(() => wire.close());

async function journey(run: AccountRun, key: string): Promise<void> {
	const desired = desiredAccount(ou, key, { groups: ['staff', 'sales'] });
	const lookup = { attribute: 'employeeID', value: key };
	await createAccount(
		run,
		{ ...desired, attributes: { ...desired.attributes, title: 'Engineer' } },
		{ ...CREATE_DEFAULTS, enable: false },
	);
	await moveAccount(run, lookup, target);
	await enableAccount(run, lookup, { restore: false, password: UNTOLD, expiresAt: null, othersToo: false });
}

/** Whether the way was gone to its end; a connection that broke is no defect, anything else is. */
const go = (key: string) =>
	withAccounts(
		domain,
		(run) =>
			journey(run, key).then(
				() => true,
				(error: unknown) => {
					if (error instanceof DirectoryError && error.kind === 'lost') return false;
					throw error;
				},
			),
		{ fields: { port: wire.port, operationTimeout: 0.4 } },
	);

async function state(key: string) {
	const found = await domain.ldbsearch(`(employeeID=${key})`);
	return found.map(({ dn, attributes }) => ({
		dn: dn.toLowerCase(),
		control: attributes['userAccountControl'],
		marks: attributes['carLicense']?.length ?? 0,
		groups: [...(attributes['memberOf'] ?? [])].map((group) => group.split(',')[0]).sort(),
	}));
}

describe.each<Fate>(['cut before', 'cut after', 'stall', 'late'])(
	'a wire that meets any one request with: %s',
	(fate) => {
		const letter = { 'cut before': 'B', 'cut after': 'A', stall: 'S', late: 'L', pass: 'P' }[fate];

		test('leads to the same account, once, and never one that is enabled early', async () => {
			expect(await go(`${letter}0`)).toBe(true);
			const count = wire.requests.length;
			expect(count).toBeGreaterThan(20);
			for (let nth = 1; nth <= count; nth += 1) {
				const key = `${letter}${nth}`;
				const whole = [
					{
						dn: `cn=user ${key},${target}`.toLowerCase(),
						control: ['512'],
						marks: 0,
						groups: ['CN=sales', 'CN=staff'],
					},
				];
				const from = wire.requests.length;
				let met = false;
				wire.decide((_request, number) => {
					if (met || number - from !== nth) return 'pass';
					met = true;
					return fate;
				});
				const arrived = await go(key);
				const after = await state(key);
				// What is not at its end is disabled and marked; what is enabled has everything.
				if (arrived || after[0]?.control?.[0] === '512') expect([nth, after]).toEqual([nth, whole]);
				else expect(after.every(({ control, marks }) => control?.[0] === '514' && marks === 1)).toBe(true);
				expect([nth, await go(key), await state(key)]).toEqual([nth, true, whole]);
			}
			expect(wire.unbound).toEqual([]);
		}, 180_000);
	},
);
