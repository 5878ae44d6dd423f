/**
 * Bringing somebody back. In this order: moved back, attributes and expiry, groups, a new password; enabled last, and the marks go in the same
 * Modify. Whatever stops a run leaves the account disabled with its snapshot, and the next run does the rest.
 */
import { isNever, toFileTime } from '../../schema/instants';
import { textOf, textsOf } from '../entry';
import { whyNoMark, type Fault, type Mark } from '../mark';
import type { PasswordOptions } from '../newPassword';
import { DirectoryError } from '../errors';
import { findSnapshot, type Snapshot } from '../snapshot';
import { readAgain, refused, toAccount, type Account, type AccountResult, type Lookup } from './account';
import { moveTo } from './leavePlace';
import { attempt, noProgress, partial, type Progress } from './leaveProgress';
import { withPresentNames } from './leaveReferences';
import { locate, type AccountRun, type Located } from './locate';
import { enableNow, homeOf, restoreAttributes, restoreGroups } from './returnSteps';
import { onMark, writePassword } from './writePassword';

export type ReturnOptions = {
	/** Place, attributes, expiry and groups from before the leave. */
	readonly restore: boolean;
	readonly password: PasswordOptions;
	/** FILETIME as decimal text, instead of the one from before; null = that one. */
	readonly expiresAt: string | null;
	/** Accounts that this tool has not disabled, too. */
	readonly othersToo: boolean;
};

/** What may be done for the account. */
type Permission = {
	readonly mark: Mark | undefined;
	readonly snapshot: Snapshot | undefined;
	/** Where it stood, by its present name. */
	readonly home: string;
};

/**
 * Outcome `enabled` (its new password in `delivered`, as it was asked for), `partial` (still disabled), `unchanged` (enabled already), `refused`
 * with the reason, or why there is no one account.
 * @throws DirectoryError before anything is written; afterwards only when the run was stopped
 */
export async function enableAccount(run: AccountRun, lookup: Lookup, options: ReturnOptions): Promise<AccountResult> {
	run.directory.signingKey();
	checkReturnOptions(options);
	const located = await locate(run, lookup);
	if ('outcome' in located) return located;
	const { account } = located;
	if (account.enabled)
		return { outcome: 'unchanged', account, changes: [], notes: ['The account was enabled already.'] };
	const permission = await permissionFor(run, located, options);
	if ('outcome' in permission) return permission;
	const progress = noProgress();
	if (options.restore && permission.mark?.state === 'left' && !permission.snapshot)
		progress.notes.push('There is no snapshot of what the account had: nothing was restored.');
	const delivered = await bringBack(run, located, permission, options, progress);
	const [first] = progress.open;
	// Nothing is written yet: the fault stops the node, or names the item, as any other does.
	if (progress.done === 0 && first?.error) throw first.error;
	return await resultOf(run, located, progress, delivered);
}

function checkReturnOptions({ expiresAt }: ReturnOptions): void {
	if (expiresAt !== null && !/^\d{1,19}$/.test(expiresAt))
		throw new DirectoryError({
			kind: 'configuration',
			message: 'The expiry is no instant that the directory knows.',
			whatToDo: 'Give it as date and time.',
		});
}

/** Only an account that this tool disabled, as its signed mark says, is enabled; its snapshot must be genuine too. */
async function permissionFor(
	{ directory, marking, signingKey }: AccountRun,
	{ entry, account, mark, overtaken }: Located,
	{ restore, othersToo }: ReturnOptions,
): Promise<Permission | AccountResult> {
	const values = textsOf(entry, marking.markAttribute);
	if (!mark) {
		if (othersToo) return { mark, snapshot: undefined, home: '' };
		return refusedMark(account, overtaken ? 'overtaken' : whyNoMark(signingKey, values));
	}
	const found = restore ? findSnapshot(signingKey, values, account.guid, mark.at) : undefined;
	if (found?.fault !== undefined) return refusedSnapshot(account, found.fault);
	if (!found) return { mark, snapshot: undefined, home: '' };
	const home = await homeOf(directory, found.snapshot);
	if (home !== undefined) return { mark, snapshot: found.snapshot, home };
	return refused(
		account,
		`${account.dn} cannot be moved back: the organisational unit ${found.snapshot.ou.dn} does not exist any more. Nothing was written.`,
		'Create or restore it, or enable the account without restoring, and move it by hand.',
	);
}

function refusedMark({ dn, ...account }: Account, fault: Fault | 'overtaken' | undefined): AccountResult {
	const why = {
		'another key': `Its mark was signed with another key than the one in the credential`,
		edited: `Its mark was edited, or belongs to another account`,
		overtaken: `Somebody enabled it and disabled it again after this tool had marked it`,
		none: `It was disabled by somebody else: it bears no mark of this tool`,
	}[fault ?? 'none'];
	const what = {
		'another key': 'Use the credential with the signing key that disabled it.',
		edited: 'Find out who changed it.',
		overtaken: 'Ask who disabled it.',
		none: 'Ask who disabled it.',
	}[fault ?? 'none'];
	return refused(
		{ dn, ...account },
		`${dn} is not enabled. ${why}. Nothing was written.`,
		`${what} If it is to be enabled all the same, turn on Accounts Disabled by Others Too.`,
	);
}

function refusedSnapshot(account: Account, fault: Fault): AccountResult {
	const why =
		fault === 'another key'
			? 'Its snapshot was signed with another key than the one in the credential'
			: 'Its snapshot was edited, or belongs to another account or an earlier leave';
	return refused(
		account,
		`${account.dn} is not enabled. ${why}, so what it says cannot be restored. Nothing was written.`,
		'Find out who changed it. To enable the account all the same, turn restoring off, and give groups and attributes by hand.',
	);
}

/** Every step only when those before it are done, so that nobody is enabled with half of what they had. @returns fields for the result */
async function bringBack(
	run: AccountRun,
	located: Located,
	{ mark, snapshot, home }: Permission,
	{ password, expiresAt }: ReturnOptions,
	progress: Progress,
): Promise<Readonly<Record<string, string>>> {
	const { directory, marking } = run;
	const { entry, dn } = located;
	let delivered = {};
	const isOpen = () => progress.open.length > 0;
	if (snapshot) await attempt(progress, `move back to ${home}`, () => moveTo(directory, progress, entry, home));
	if (isOpen()) return delivered;
	await attempt(progress, 'attributes and expiry', async () => {
		const held = snapshot ? await withPresentNames(directory, snapshot) : [];
		await restoreAttributes(run, located, held, expiresAt, progress);
		return false;
	});
	if (snapshot && !isOpen())
		await attempt(progress, 'groups', async () => {
			await restoreGroups(run, located, snapshot, progress);
			return false;
		});
	if (isOpen()) return delivered;
	await attempt(progress, 'password', async () => {
		const besides = mark ? onMark(marking.markAttribute, mark.text) : [];
		delivered = await writePassword(directory, { dn, entry, besides }, password);
		return true;
	});
	if (isOpen()) return delivered;
	await attempt(progress, 'enabling', () => enableNow(run, located, progress));
	return delivered;
}

async function resultOf(
	run: AccountRun,
	{ account, dn }: Located,
	progress: Progress,
	delivered: Readonly<Record<string, string>>,
): Promise<AccountResult> {
	const { directory, marking } = run;
	const isBack = progress.open.length === 0;
	let after = isBack ? { ...account, enabled: true, state: null } : account;
	// What was done is done, whether the account can be read once more or not.
	await attempt(noProgress(), '', async () => {
		const entry = await readAgain(directory, dn, marking, ['accountExpires']);
		if (!entry) return false;
		const read = toAccount(entry, undefined);
		after = { ...read, state: read.enabled ? null : account.state };
		const expiry = textOf(entry, 'accountExpires') ?? '0';
		if (isBack && !isNever(expiry) && BigInt(expiry) <= BigInt(toFileTime(Date.parse(await directory.now()))))
			progress.notes.push('The account has expired: nobody can log on with it before its expiry is changed.');
		return false;
	});
	const { changes, notes } = progress;
	const result = { account: after, changes, notes, delivered };
	if (isBack) return { outcome: 'enabled', ...result };
	return {
		outcome: 'partial',
		...result,
		...partial(progress, `${after.dn} is ${after.enabled ? 'enabled' : 'still disabled'}.`),
	};
}
