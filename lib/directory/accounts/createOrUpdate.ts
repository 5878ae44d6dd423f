/** One person's account as it should be: created, finished, or brought up to date; written only where something differs. */
import type { AttributeChange, DesiredAccount } from '../../contracts';
import { parseDn } from '../../schema/dn';
import type { Modification } from '../connection';
import type { Directory } from '../directory';
import { textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidDn } from '../guid';
import { looksLikeMark } from '../mark';
import type { Protection } from '../protect';
import {
	ambiguous,
	findByValue,
	guidOf,
	isUser,
	markOf,
	protectedAccount,
	readAgain,
	toAccount,
	type AccountResult,
	type Matching,
} from './account';
import { addPending, enableMarked, renewPassword } from './create';
import { differences, shown, wantedValues, type WantedValues } from './values';

export type CreateOrUpdateOptions = { readonly matchAttribute: string; readonly markAttribute: string };

/**
 * @param desired from Attribute Map
 * @returns what was done, or why nothing was; outcomes `ambiguous` and `protected` want a person to look
 * @throws DirectoryError
 */
export async function createOrUpdate(
	directory: Directory,
	guard: Protection,
	desired: DesiredAccount,
	{ matchAttribute, markAttribute }: CreateOrUpdateOptions,
): Promise<AccountResult> {
	directory.signingKey();
	if (desired.lifecycle !== 'active') {
		return {
			outcome: 'not active',
			changes: [],
			notes: [
				`The person is ${desired.lifecycle === 'leaver' ? 'leaving' : 'away'}: Create or Update leaves the account untouched.`,
			],
		};
	}
	const matching: Matching = { matchAttribute, markAttribute, matchValue: matchValueOf(desired, matchAttribute) };
	const { values, notes } = await wantedValues(directory, desired);
	const found = await findByValue(directory, matching, Object.keys(values));
	const [entry] = found;
	if (!entry) return await create(directory, desired, values, notes, matching);
	if (found.length > 1 || !isUser(entry)) return ambiguous(found, matching);
	const mark = await markOf(directory, entry, matching, directory.signingKey());
	const account = toAccount(entry, mark);
	const reason = await guard.of(entry);
	if (reason) return protectedAccount(account, reason);
	if (account.state === 'pending') return await finish(directory, entry, desired, values, notes, matching);
	return await update(directory, entry, desired, values, notes, matching);
}

function matchValueOf(desired: DesiredAccount, matchAttribute: string): string {
	const [, own] =
		Object.entries(desired.attributes).find(([name]) => name.toLowerCase() === matchAttribute.toLowerCase()) ?? [];
	return typeof own === 'string' ? own : desired.key;
}

async function create(
	directory: Directory,
	desired: DesiredAccount,
	values: WantedValues,
	notes: readonly string[],
	matching: Matching,
): Promise<AccountResult> {
	if (parseDn(desired.ou).length === 0) {
		throw new DirectoryError({
			kind: 'person',
			message: 'There is no organisational unit for the new account.',
			whatToDo: 'Enter one in Attribute Map.',
		});
	}
	const pending = await addPending(directory, desired, values, matching);
	const made = await enableMarked(directory, pending, matching);
	return { outcome: 'created', account: toAccount(made, undefined), changes: written(values), notes };
}

function written(values: WantedValues): AttributeChange[] {
	return Object.entries(values)
		.filter(([, to]) => to.length > 0)
		.map(([attribute, to]) => ({ attribute, from: [], to: to.map(shown) }));
}

/** A run stopped between Add and enabling: the values once more, a password that nobody has seen, then enabled. */
async function finish(
	directory: Directory,
	entry: Entry,
	desired: DesiredAccount,
	values: WantedValues,
	notes: readonly string[],
	matching: Matching,
): Promise<AccountResult> {
	const { modifications, changes } = differences(entry, values, desired, true);
	if (modifications.length > 0) await modifyOnce(directory, entry, modifications, desired, values, matching, true);
	await renewPassword(directory, entry, matching, desired.displayName);
	const fresh = await readAgain(directory, guidDn(guidOf(entry)), matching, []);
	const made = await enableMarked(directory, fresh ?? entry, matching);
	return { outcome: 'finished', account: toAccount(made, undefined), changes, notes };
}

async function update(
	directory: Directory,
	entry: Entry,
	desired: DesiredAccount,
	values: WantedValues,
	notes: readonly string[],
	matching: Matching,
): Promise<AccountResult> {
	const account = toAccount(entry, await markOf(directory, entry, matching, directory.signingKey()));
	const explained = account.enabled ? notes : [...notes, whyStaysDisabled(account.state)];
	const { modifications, changes } = differences(entry, values, desired, false);
	if (modifications.length === 0) return { outcome: 'unchanged', account, changes: [], notes: explained };
	const stale = account.enabled ? textsOf(entry, matching.markAttribute).filter(looksLikeMark) : [];
	const clearing: Modification[] =
		stale.length > 0 ? [{ type: 'delete', attribute: matching.markAttribute, values: stale }] : [];
	await modifyOnce(directory, entry, [...modifications, ...clearing], desired, values, matching, false);
	const now = await readAgain(directory, guidDn(account.guid), matching, []);
	return {
		outcome: 'updated',
		account: now ? { ...toAccount(now, undefined), state: account.state } : account,
		changes,
		notes: explained,
	};
}

function whyStaysDisabled(state: 'pending' | 'left' | null): string {
	return state === 'left'
		? 'The account was disabled when the person left. It stays disabled; bringing somebody back is a decision of its own.'
		: 'The account is disabled, and not by this tool. It stays disabled.';
}

/** One conditional Modify. After a broken connection the account is read again: when it is as wanted, the Modify was done. */
async function modifyOnce(
	directory: Directory,
	entry: Entry,
	modifications: readonly Modification[],
	desired: DesiredAccount,
	values: WantedValues,
	matching: Matching,
	creating: boolean,
): Promise<void> {
	const dn = guidDn(guidOf(entry));
	try {
		await directory.modify(dn, modifications);
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind !== 'lost') throw error;
		const now = await readAgain(directory, dn, matching, Object.keys(values));
		if (!now || differences(now, values, desired, creating).modifications.length > 0) throw error;
	}
}
