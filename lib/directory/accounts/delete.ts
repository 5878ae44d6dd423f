/** Deleting an account for good: only one that this tool has marked, and only when nothing stands below it. */
import type { Entry } from '../entry';
import { DirectoryError } from '../errors';
import { toRecord } from '../records';
import { refused, type AccountResult, type Lookup } from './account';
import { locate, type AccountRun, type Located } from './locate';
import { writeOnce } from './writeOnce';

export type DeleteOptions = {
	/** Accounts too that are enabled, or that somebody else disabled. */
	readonly unmarkedToo: boolean;
};

const NO_SUCH_OBJECT = 32;
const NOT_ALLOWED_ON_NON_LEAF = 66;
/** As many are named to whoever has to look. */
const SHOWN = 5;

/**
 * @returns with all that could be read of the account under `record`
 * @throws DirectoryError
 */
export async function deleteAccount(
	run: AccountRun,
	lookup: Lookup,
	{ unmarkedToo }: DeleteOptions = { unmarkedToo: false },
): Promise<AccountResult> {
	const { directory } = run;
	// Without a key no mark is genuine: nothing could ever be deleted, and the reason would be a wrong one.
	if (!unmarkedToo) directory.signingKey();
	const located = await locate(run, lookup, ['*']);
	if ('outcome' in located) return located;
	const { entry, account, dn } = located;
	if (!unmarkedToo && account.state === null)
		return refused(
			account,
			account.enabled
				? `${account.dn} is enabled. Only accounts that this tool has disabled are deleted.`
				: `${account.dn} does not bear this tool's mark: somebody else disabled it. Only accounts that this tool has disabled are deleted.`,
			account.enabled ? 'Disable it first.' : 'Ask who disabled it; delete it by hand if it is to go.',
		);
	const below = await standingBelow(run, located);
	if (below.length > 0) return notALeaf(located, below);
	let already = false;
	try {
		await writeOnce(
			() => directory.remove(dn),
			async () => (await directory.read(dn, ['objectGUID'])) === undefined,
		);
	} catch (error) {
		if (!(error instanceof DirectoryError)) throw error;
		// Somebody was quicker, with this account or with something below it.
		already = error.code === NO_SUCH_OBJECT && (await directory.read(dn, ['objectGUID'])) === undefined;
		if (error.code === NOT_ALLOWED_ON_NON_LEAF) return notALeaf(located, await standingBelow(run, located));
		if (!already) throw error;
	}
	return {
		outcome: 'deleted',
		account,
		changes: [],
		notes: already ? ['It was gone already when it was to be deleted.'] : [],
		record: toRecord(entry, ['*']),
	};
}

/** By GUID: somebody may move it meanwhile. */
async function standingBelow({ directory }: AccountRun, { dn }: Located): Promise<readonly Entry[]> {
	return await directory.search(dn, { scope: 'one', attributes: ['objectClass'], limit: SHOWN });
}

function notALeaf({ account }: Located, below: readonly Entry[]): AccountResult {
	return refused(
		account,
		`${account.dn} has other objects below it, which would go with it: ${below.map(({ dn }) => dn).join(' · ')}${below.length === SHOWN ? ' · …' : ''}`,
		'Look at what they are, and delete or move them first.',
	);
}
