/** The right to the lease object, as docs/rights.md tells an administrator to grant it, on a real domain controller. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Attribute } from 'ldapts';
import { mustRun } from '../../demo/setup/processes.ts';
import { openLease } from '../../lib/provisioning/apply/lease';
import { wait } from '../../lib/wait';
import { withDirectory } from '../support/directory';
import { startSamba, type Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { PASSWORD } from './least-privilege-rights';

const DOCUMENT = readFileSync(path.resolve(__dirname, '../../docs/rights.md'), 'utf8');
const [, SDDL = ''] = /## The lease[\s\S]*?On Samba: `(\([^`]+\))`/.exec(DOCUMENT) ?? [];

let domain: Domain;
const lease = () => `CN=Lease,${domain.baseDn}`;

beforeAll(async () => {
	domain = await startSamba();
	await asAdministrator(domain, async (client) => {
		await client.add(lease(), { objectClass: 'container' });
		await client.add(`CN=worker,CN=Users,${domain.baseDn}`, [
			new Attribute({ type: 'objectClass', values: ['user'] }),
			new Attribute({ type: 'sAMAccountName', values: ['worker'] }),
			new Attribute({ type: 'userAccountControl', values: ['512'] }),
			new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${PASSWORD}"`, 'utf16le')] }),
		]);
	});
}, 120_000);
afterAll(() => domain.stop());

const takeAndGiveBack = () =>
	withDirectory(
		domain,
		async (directory) => {
			const request = { dn: lease(), attribute: 'description', planId: 'plan', runId: 'run' };
			const taken = openLease(directory, { ...request, sleep: wait, signal: undefined });
			await taken.begin();
			await taken.check();
			await taken.release();
		},
		{ fields: { bindName: 'CORP\\worker', bindPassword: PASSWORD } },
	);

test('without the right the lease cannot be taken, and the words name it; with it, it can', async () => {
	await expect(takeAndGiveBack()).rejects.toMatchObject({ kind: 'configuration' });
	const [worker] = await domain.ldbsearch('(sAMAccountName=worker)', ['objectSid']);
	const sddl = SDDL.replace('SID', worker?.attributes['objectSid']?.[0] ?? '');
	await domain.whileStopped(async ({ database, configuration }) => {
		const target = [`--objectdn=${lease()}`, `--sddl=${sddl}`];
		await mustRun('samba-tool', ['dsacl', 'set', '-H', database, '-s', configuration, ...target]);
	});
	await takeAndGiveBack();
	const [object] = await domain.ldbsearch('(cn=Lease)', ['description']);
	expect(object?.attributes['description'] ?? []).toEqual([]);
});
