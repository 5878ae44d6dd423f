/** One person's account as it should be: created, finished, or brought up to date; written only where something differs. */
import type { AttributeChange, DesiredAccount } from '../../contracts';
import { parseDn } from '../../schema/dn';
import { whyNeverWritten } from '../../schema/neverWritten';
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
import { writeOnce } from './writeOnce';

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
	const { values, notes } = await wantedValues(directory, { attributes: withoutMatch(desired, matching) });
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

/**
 * The value to find the person by: the mapped one of the match attribute, else the key.
 * @throws DirectoryError (configuration) for an attribute that cannot tell people apart
 */
function matchValueOf({ attributes, names, key }: DesiredAccount, matchAttribute: string): string {
	const unusable = (reason: string) =>
		new DirectoryError({
			kind: 'configuration',
			message: `"${matchAttribute}" cannot be the match attribute: ${reason}.`,
			whatToDo: 'Match on an attribute that holds the key of the HR system, such as employeeID.',
		});
	const reason = whyNeverWritten(matchAttribute);
	if (reason) throw unusable(reason);
	if (ownName(names, matchAttribute))
		throw unusable('its value comes from a name ladder, so it is not known beforehand');
	const own = attributes[ownName(attributes, matchAttribute) ?? ''] ?? key;
	if (typeof own !== 'string') throw unusable('it is mapped to something else than one text');
	return own;
}

/** An attribute's name as an object spells it. */
function ownName(of: Readonly<Record<string, unknown>>, attribute: string): string | undefined {
	return Object.keys(of).find((name) => name.toLowerCase() === attribute.toLowerCase());
}

/**
 * The attributes to compare: without the match attribute, which is written at creation and never changed or cleared after it.
 * @throws DirectoryError (configuration) when the mapping would write over the state marks
 */
function withoutMatch(
	{ attributes }: DesiredAccount,
	{ matchAttribute, markAttribute }: Matching,
): DesiredAccount['attributes'] {
	if (ownName(attributes, markAttribute)) {
		throw new DirectoryError({
			kind: 'configuration',
			message: `${markAttribute} is mapped, but it holds the marks that say why an account is disabled.`,
			whatToDo: 'Take it out of Attribute Map, or choose another Mark Attribute in the options of this node.',
		});
	}
	const match = ownName(attributes, matchAttribute);
	return Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== match));
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
	const changes = written({ [matching.matchAttribute]: [matching.matchValue], ...values });
	return { outcome: 'created', account: toAccount(made, undefined), changes, notes };
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

/** One conditional Modify of the differences. */
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
	await writeOnce(
		() => directory.modify(dn, modifications),
		async () => {
			const now = await readAgain(directory, dn, matching, Object.keys(values));
			return now !== undefined && differences(now, values, desired, creating).modifications.length === 0;
		},
	);
}
