/**
 * A new account, in this order: one Add (disabled, marked, with its password and key), its groups, then enabling. A run that was stopped in
 * between is finished by the next one.
 */
import type { AttributeChange, DesiredAccount } from '../../contracts';
import { parseDn } from '../../schema/dn';
import { DirectoryError } from '../errors';
import { guidDn } from '../guid';
import { UNTOLD, type PasswordOptions } from '../newPassword';
import { notActive, readAgain, toAccount, type AccountResult, type Matching } from './account';
import { attributesToHave, attributesToRead, matchingOf } from './desired';
import { enableMarked, renewPassword } from './finish';
import { joinGroups, wantedGroups } from './joinGroups';
import { locate, type AccountRun, type Located } from './locate';
import { addPending } from './pending';
import { partial, updated, writeDifferences, type Wanted, type Written } from './updateExisting';
import { shown, wantedValues, type WantedValues } from './values';

export type CreateOptions = {
	readonly password: PasswordOptions;
	/** Whether the account is enabled at the end; else it stays disabled and marked `pending`, and Enable finishes it. */
	readonly enable: boolean;
	/** Whether an account that is there gets other names when it has none of its candidates. */
	readonly updateNames: boolean;
};

export const CREATE_DEFAULTS: CreateOptions = { password: UNTOLD, enable: true, updateNames: false };

/**
 * Makes the account. One that is there already is left as it is, unless an earlier run began it and did not come to its end.
 * @returns `created`, `finished`, `exists`, or why nothing was done
 * @throws DirectoryError
 */
export async function createAccount(
	run: AccountRun,
	desired: DesiredAccount,
	options: CreateOptions,
): Promise<AccountResult> {
	const begun = await begin(run, desired);
	if ('outcome' in begun) return begun;
	const { located, wanted, matching } = begun;
	if (!located) return await create(run, desired, wanted, matching, options);
	if (located.account.state === 'pending') return await finish(run, located, desired, wanted, options);
	return {
		outcome: 'exists',
		account: located.account,
		changes: [],
		notes: [],
		message: `There is an account with ${matching.matchAttribute} "${matching.matchValue}" already: ${located.account.dn}. It was left as it is.`,
		whatToDo: 'Use Update, or Create or Update, to change it.',
	};
}

/**
 * Makes the account, or brings the one that is there up to date.
 * @returns what was done, or why nothing was; outcomes `ambiguous` and `protected` want a person to look
 * @throws DirectoryError
 */
export async function createOrUpdate(
	run: AccountRun,
	desired: DesiredAccount,
	options: CreateOptions = CREATE_DEFAULTS,
): Promise<AccountResult> {
	const begun = await begin(run, desired);
	if ('outcome' in begun) return begun;
	const { located, wanted, matching } = begun;
	if (!located) return await create(run, desired, wanted, matching, options);
	const { account } = located;
	if (account.state === 'pending') return await finish(run, located, desired, wanted, options);
	const explained = account.enabled ? wanted.notes : [...wanted.notes, whyStaysDisabled(account.state)];
	const of = { updateNames: options.updateNames, creating: false };
	return await updated(
		run,
		located,
		await writeDifferences(run, located, desired, { ...wanted, notes: explained }, of),
	);
}

type Begun = { readonly located: Located | undefined; readonly wanted: Wanted; readonly matching: Matching };

/** Everything that is looked up before the first write. */
async function begin(run: AccountRun, desired: DesiredAccount): Promise<Begun | AccountResult> {
	run.directory.signingKey();
	if (desired.lifecycle !== 'active') return notActive(desired.lifecycle);
	const matching = matchingOf(desired, run.marking);
	const { values, notes } = await wantedValues(run, attributesToHave(desired, run.marking));
	const groups = await wantedGroups(run, desired.groups);
	const lookup = { attribute: matching.matchAttribute, value: matching.matchValue };
	const located = await locate(run, lookup, attributesToRead(desired));
	const wanted = { values, groups, notes };
	if (!('outcome' in located)) return { located, wanted, matching };
	return located.outcome === 'not found' ? { located: undefined, wanted, matching } : located;
}

async function create(
	run: AccountRun,
	desired: DesiredAccount,
	{ values, groups, notes }: Wanted,
	matching: Matching,
	options: CreateOptions,
): Promise<AccountResult> {
	if (parseDn(desired.ou).length === 0) {
		throw new DirectoryError({
			kind: 'person',
			message: 'There is no organisational unit for the new account.',
			whatToDo: 'Enter one in Attribute Map or in this node.',
		});
	}
	const { entry, delivered } = await addPending(run, desired, values, matching, options.password);
	const account = toAccount(entry, undefined);
	const { joined, failed } = await joinGroups(run, account.guid, groups);
	const changes = [
		...written({ [matching.matchAttribute]: [matching.matchValue], ...values }),
		...joined.map(({ dn }) => ({ attribute: 'memberOf', from: [], to: [dn] })),
	];
	const waiting = { account: { ...account, state: 'pending' as const }, changes, notes };
	// Enabled without a group that it needs, an account would be taken for finished.
	if (failed.length > 0) return partial({ ...waiting, ...(delivered ? { delivered } : {}) }, failed);
	if (!options.enable) return { ...waiting, outcome: 'created', ...(delivered ? { delivered } : {}) };
	const told = delivered ?? (await renewPassword(run, entry, options.password));
	const marked = delivered ? entry : ((await readAgain(run.directory, entry.dn, run.marking, [])) ?? entry);
	await enableMarked(run, marked);
	return { outcome: 'created', account: { ...account, enabled: true, state: null }, changes, notes, delivered: told };
}

function written(values: WantedValues): AttributeChange[] {
	return Object.entries(values)
		.filter(([, to]) => to.length > 0)
		.map(([attribute, to]) => ({ attribute, from: [], to: to.map(shown) }));
}

/** A run stopped between Add and enabling: values and groups once more, a fresh password, then enabled. */
async function finish(
	run: AccountRun,
	located: Located,
	desired: DesiredAccount,
	wanted: Wanted,
	options: CreateOptions,
): Promise<AccountResult> {
	const { directory, marking } = run;
	const how = { updateNames: options.updateNames, creating: true };
	const done: Written = await writeDifferences(run, located, desired, wanted, how);
	if (done.failed.length > 0 || !options.enable) return await updated(run, located, done);
	const delivered = await renewPassword(run, located.entry, options.password);
	const fresh = (await readAgain(directory, located.dn, marking, [])) ?? located.entry;
	await enableMarked(run, fresh);
	const now = await readAgain(directory, guidDn(located.account.guid), marking, []);
	const account = toAccount(now ?? fresh, undefined);
	return { outcome: 'finished', account, changes: done.changes, notes: done.notes, delivered };
}

function whyStaysDisabled(state: 'pending' | 'left' | null): string {
	return state === 'left'
		? 'The account was disabled when the person left. It stays disabled; bringing somebody back is a decision of its own.'
		: 'The account is disabled, and not by this tool. It stays disabled.';
}
