/** Applies one sealed plan in a process of its own, as the node does it: for a test that kills it. Reads its orders from standard input. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Plan } from '../../lib/contracts';
import { openAccounts } from '../../lib/directory/accounts/locate';
import { openDirectory, type Directory } from '../../lib/directory/directory';
import { parseSettings } from '../../lib/directory/settings';
import { checkApproval } from '../../lib/provisioning/apply/approval';
import { applyChanges, type ApplyResult } from '../../lib/provisioning/apply/applyChanges';
import { noLease, openLease, type LeaseRequest } from '../../lib/provisioning/apply/lease';
import { wait } from '../../lib/wait';

export type Orders = {
	readonly plan: Plan;
	/** Of the credential. */
	readonly fields: Readonly<Record<string, unknown>>;
	readonly signingKey: string;
	/** '' = without a lease. */
	readonly leaseObject: string;
};

export const LEASE_ATTRIBUTE = 'description';

/** Seals, lease, steps, and the lease given back. */
export async function applyOnce(
	directory: Directory,
	{ plan, signingKey, leaseObject: dn }: Omit<Orders, 'fields'>,
	time: Pick<LeaseRequest, 'sleep' | 'elapsed'> = { sleep: wait },
): Promise<ApplyResult> {
	const { domainGuid } = await directory.domain();
	const approval = { plan, signingKey, now: await directory.now(), domainGuid, approvedOverLimit: '' };
	const { changes } = checkApproval({ ...approval, changes: [] });
	const marking = { matchAttribute: plan.anchor, markAttribute: plan.markAttribute };
	const [planId, runId] = [plan.id, randomUUID()];
	const lease =
		dn === ''
			? noLease('')
			: openLease(directory, { dn, attribute: LEASE_ATTRIBUTE, planId, runId, signal: undefined, ...time });
	const notes = await lease.begin();
	try {
		const result = await applyChanges({
			run: openAccounts(directory, marking, signingKey),
			...{ changes, runId, lease, approver: '', stopAfterFailures: null, canary: null, dryRun: false },
			...{ delivery: { kind: 'field', field: 'password' }, progress: () => undefined },
		});
		return { ...result, notes: [...notes, ...result.notes] };
	} finally {
		await lease.release();
	}
}

async function main(): Promise<void> {
	let text = '';
	for await (const part of process.stdin.setEncoding('utf8')) text += String(part);
	const orders = JSON.parse(text) as Orders;
	const directory = openDirectory(parseSettings(orders.fields), {
		randomInt: (below) => randomInt(below),
		clock: () => Date.now(),
	});
	try {
		const { results } = await applyOnce(directory, orders);
		process.stdout.write(JSON.stringify(results.map(({ outcome: { status } }) => status)));
	} finally {
		await directory.close();
	}
}

// Bundled and started; a test that imports this file starts nothing.
if (process.env['AD_PROVISIONING_CRASH_CHILD'] === '1')
	main().catch((error: unknown) => {
		process.stderr.write(`${String(error)}\n`);
		process.exitCode = 1;
	});
