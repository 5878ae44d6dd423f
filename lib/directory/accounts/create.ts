/**
 * A new account: one Add that makes it disabled, with a password, its key and the mark `pending`; enabled last. Whatever stops the run in
 * between leaves a disabled account that the next run finds and finishes.
 */
import type { DesiredAccount } from '../../contracts';
import { childDn } from '../../schema/dn';
import type { Directory } from '../directory';
import { textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidDn } from '../guid';
import { looksLikeMark, makeMark } from '../mark';
import { encodePassword, randomPassword } from '../password';
import { enabled, isDisabled, NEW_DISABLED_ACCOUNT, parseUserAccountControl } from '../userAccountControl';
import { findByValue, guidOf, markOf, readAgain, type Matching } from './account';
import { chooseNames, noRefusedNames, type ChosenNames, type RefusedNames } from './names';
import type { WantedValues } from './values';

/** Names that may be lost to others between looking and adding, and answers of a policy, before it is given up. */
const ATTEMPTS = 10;

/**
 * @param wanted attribute values, names left out
 * @returns the new object, still disabled
 * @throws DirectoryError
 */
export async function addPending(
	directory: Directory,
	desired: DesiredAccount,
	wanted: WantedValues,
	matching: Matching,
): Promise<Entry> {
	const signingKey = directory.signingKey();
	const { domainGuid, minimumPasswordLength } = await directory.domain();
	const { matchAttribute, matchValue, markAttribute } = matching;
	const refused = noRefusedNames();
	let tried: ChosenNames | undefined;
	let policyRefusals = 0;
	for (let attempt = 1; ; attempt += 1) {
		const names = await chooseNames(directory, desired, refused);
		const { cn = '', ...unique } = names;
		const dn = childDn('CN', cn, desired.ou);
		const mark = makeMark(
			signingKey,
			{ state: 'pending', domainGuid, matchAttribute, matchValue },
			await directory.now(),
		);
		const password = randomPassword(directory.randomInt, minimumPasswordLength, [
			names.sAMAccountName ?? '',
			desired.displayName,
		]);
		try {
			await directory.add(dn, {
				...withValues(wanted),
				...Object.fromEntries(Object.entries(unique).map(([attribute, value]) => [attribute, [value]])),
				[matchAttribute]: [matchValue],
				[markAttribute]: [...(wanted[markAttribute] ?? []), mark],
				objectClass: ['top', 'person', 'organizationalPerson', 'user'],
				userAccountControl: [String(NEW_DISABLED_ACCOUNT)],
				unicodePwd: [encodePassword(password)],
			});
		} catch (error) {
			if (!(error instanceof DirectoryError) || attempt >= ATTEMPTS) throw error;
			if (error.kind === 'lost') {
				// The Add may have been done. Only an object with our own mark for this very person counts as ours.
				const mine = await findPending(directory, matching, signingKey);
				if (mine) return mine;
				if (attempt > 2) throw error;
			} else if (error.kind === 'taken') {
				if (tried && sameNames(tried, names)) refuse(refused, names, error);
				tried = names;
			} else if (error.win32 !== PASSWORD_POLICY || ++policyRefusals > 1) throw error;
			continue;
		}
		const made = await readAgain(directory, dn, matching, []);
		if (!made)
			throw new DirectoryError({
				kind: 'lost',
				message: `${dn} was created, but cannot be read.`,
				whatToDo: 'Give the service account the right to read the organisational unit, then run again.',
			});
		return made;
	}
}

/** ERROR_PASSWORD_RESTRICTION: a fine-grained policy or a word filter, which another random password may satisfy. */
const PASSWORD_POLICY = '0000052D';

function withValues(wanted: WantedValues): Record<string, readonly (string | Buffer)[]> {
	// AD refuses an attribute without values in an Add (Samba ignores it).
	return Object.fromEntries(Object.entries(wanted).filter(([, values]) => values.length > 0));
}

async function findPending(directory: Directory, matching: Matching, signingKey: string): Promise<Entry | undefined> {
	for (const entry of await findByValue(directory, matching, [])) {
		if ((await markOf(directory, entry, matching, signingKey))?.state === 'pending') return entry;
	}
	return undefined;
}

function sameNames(left: ChosenNames, right: ChosenNames): boolean {
	return (
		left.cn === right.cn &&
		left.sAMAccountName === right.sAMAccountName &&
		left.userPrincipalName === right.userPrincipalName
	);
}

/** A name that nobody visible holds was refused twice: which one, the directory's answer says. */
function refuse(refused: RefusedNames, names: ChosenNames, { win32, said = '' }: DirectoryError): void {
	const attribute =
		win32 === '000021C8' || /userPrincipalName/i.test(said)
			? 'userPrincipalName'
			: win32 === '00000524' || /samAccountName/i.test(said)
				? 'sAMAccountName'
				: 'cn';
	const name = names[attribute];
	if (name !== undefined) refused[attribute].add(name.toLowerCase());
}

/**
 * Enables an account that bears our mark, and takes the mark away, in one Modify that fails when either has changed since it was read.
 * @returns the account as it is then
 * @throws DirectoryError
 */
export async function enableMarked(directory: Directory, entry: Entry, matching: Matching): Promise<Entry> {
	const mark = await markOf(directory, entry, matching, directory.signingKey());
	if (!mark)
		throw new DirectoryError({
			kind: 'conflict',
			message: `${entry.dn} does not bear this tool's mark any more; it was not enabled.`,
			whatToDo: 'Look who changed the account, then run again.',
		});
	const dn = guidDn(guidOf(entry));
	const before = textOf(entry, 'userAccountControl') ?? '';
	try {
		await directory.modify(dn, [
			{ type: 'delete', attribute: 'userAccountControl', values: [before] },
			{ type: 'add', attribute: 'userAccountControl', values: [String(enabled(parseUserAccountControl(before)))] },
			{ type: 'delete', attribute: matching.markAttribute, values: [mark.text] },
		]);
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind !== 'lost') throw error;
		const now = await readAgain(directory, dn, matching, []);
		const done =
			now &&
			!isDisabled(parseUserAccountControl(textOf(now, 'userAccountControl'))) &&
			!textsOf(now, matching.markAttribute).some(looksLikeMark);
		if (!done) throw error;
		return now;
	}
	return (await readAgain(directory, dn, matching, [])) ?? entry;
}

/**
 * A fresh random password for a marked account: the old one was never handed on. The mark is removed and added in the same Modify, which makes
 * it a condition without a change.
 */
export async function renewPassword(
	directory: Directory,
	entry: Entry,
	matching: Matching,
	displayName: string,
): Promise<void> {
	const mark = await markOf(directory, entry, matching, directory.signingKey());
	if (!mark)
		throw new DirectoryError({
			kind: 'conflict',
			message: `${entry.dn} does not bear this tool's mark any more.`,
			whatToDo: 'Look who changed the account, then run again.',
		});
	const { minimumPasswordLength } = await directory.domain();
	const password = randomPassword(directory.randomInt, minimumPasswordLength, [
		textOf(entry, 'sAMAccountName') ?? '',
		displayName,
	]);
	await directory.modify(guidDn(guidOf(entry)), [
		{ type: 'delete', attribute: matching.markAttribute, values: [mark.text] },
		{ type: 'add', attribute: matching.markAttribute, values: [mark.text] },
		{ type: 'replace', attribute: 'unicodePwd', values: [encodePassword(password)] },
	]);
}
