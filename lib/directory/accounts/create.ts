/**
 * A new account: one Add that makes it disabled, with a password, its key and the mark `pending`; enabled last. Whatever stops the run in
 * between leaves a disabled account that the next run finds and finishes.
 */
import type { DesiredAccount } from '../../contracts';
import { childDn } from '../../schema/dn';
import type { AttributeValues } from '../connection';
import type { Directory } from '../directory';
import { textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidDn } from '../guid';
import { makeMark } from '../mark';
import { encodePassword, randomPassword } from '../password';
import { enabled, isDisabled, NEW_DISABLED_ACCOUNT, parseUserAccountControl } from '../userAccountControl';
import { findByValue, guidOf, markOf, readAgain, type Matching } from './account';
import { chooseNames, noRefusedNames, type ChosenNames, type RefusedNames } from './names';
import type { WantedValues } from './values';
import { writeOnce } from './writeOnce';

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
	const refused = noRefusedNames();
	let tried: ChosenNames | undefined;
	let policyRefusals = 0;
	for (let attempt = 1; ; attempt += 1) {
		const names = await chooseNames(directory, desired, refused);
		// After the names: one that another run took for this very person a moment ago would send us to the next one, and to a second account.
		const meanwhile = await findOwn(directory, matching);
		if (meanwhile) return meanwhile;
		const dn = childDn('CN', names.cn ?? '', desired.ou);
		const attributes = await newAccount(directory, desired, wanted, names, matching);
		try {
			await directory.add(dn, attributes);
		} catch (error) {
			if (!(error instanceof DirectoryError) || attempt >= ATTEMPTS) throw error;
			if (error.kind !== 'lost' && error.kind !== 'taken') {
				if (error.win32 !== PASSWORD_POLICY || ++policyRefusals > 1) throw error;
				continue;
			}
			// The Add may be done, by this attempt or by an earlier one whose answer got lost. No second account for one person may come of it.
			const mine = await findOwn(directory, matching);
			if (mine) return mine;
			if (error.kind === 'lost' && attempt > 2) throw error;
			if (error.kind === 'taken') {
				if (tried && sameNames(tried, names)) refuse(refused, names, error);
				tried = names;
			}
			continue;
		}
		const made = await readAgain(directory, dn, matching, []);
		if (made) return made;
		throw new DirectoryError({
			kind: 'configuration',
			message: `${dn} was created, but cannot be read.`,
			whatToDo: 'Give the service account the right to read the organisational unit, then run again.',
		});
	}
}

/** Everything in one Add: disabled, with a password that nobody is told, its key, and the mark that lets the next run finish it. */
async function newAccount(
	directory: Directory,
	{ displayName }: DesiredAccount,
	wanted: WantedValues,
	{ cn: _cn, ...names }: ChosenNames,
	{ matchAttribute, matchValue, markAttribute }: Matching,
): Promise<AttributeValues> {
	const { domainGuid, minimumPasswordLength } = await directory.domain();
	const subject = { state: 'pending', domainGuid, matchAttribute, matchValue } as const;
	const password = randomPassword(directory.randomInt, minimumPasswordLength, [
		names.sAMAccountName ?? '',
		displayName,
	]);
	return {
		...withValues(wanted),
		...Object.fromEntries(Object.entries(names).map(([attribute, value]) => [attribute, [value]])),
		[matchAttribute]: [matchValue],
		[markAttribute]: [makeMark(directory.signingKey(), subject, await directory.now())],
		objectClass: ['top', 'person', 'organizationalPerson', 'user'],
		userAccountControl: [String(NEW_DISABLED_ACCOUNT)],
		unicodePwd: [encodePassword(password)],
	};
}

/** ERROR_PASSWORD_RESTRICTION: a fine-grained policy or a word filter, which another random password may satisfy. */
const PASSWORD_POLICY = '0000052D';

function withValues(wanted: WantedValues): Record<string, readonly (string | Buffer)[]> {
	// AD refuses an attribute without values in an Add (Samba ignores it).
	return Object.fromEntries(Object.entries(wanted).filter(([, values]) => values.length > 0));
}

/**
 * The person's account that is there after all. Only one with our own mark for this very person counts as ours.
 * @throws DirectoryError (conflict) when somebody else made one meanwhile
 */
async function findOwn(directory: Directory, matching: Matching): Promise<Entry | undefined> {
	const [entry, ...more] = await findByValue(directory, matching, []);
	if (!entry) return undefined;
	const mark = await markOf(directory, entry, matching, directory.signingKey());
	if (more.length === 0 && mark?.state === 'pending') return entry;
	throw new DirectoryError({
		kind: 'conflict',
		message: `Somebody else created an account with ${matching.matchAttribute} "${matching.matchValue}" meanwhile: ${entry.dn}.`,
		whatToDo: 'Run again: the account is found then, and compared.',
	});
}

function sameNames(left: ChosenNames, right: ChosenNames): boolean {
	return (
		left.cn === right.cn &&
		left.sAMAccountName === right.sAMAccountName &&
		left.userPrincipalName === right.userPrincipalName
	);
}

/**
 * A name that nobody visible holds was refused twice: which one, the directory's answer says. Samba: "sAMAccountName 'x' is already in use
 * (implied by userPrincipalName)" means that the UPN is to change.
 */
function refuse(refused: RefusedNames, names: ChosenNames, { win32, said = '' }: DirectoryError): void {
	const implied = /implied by (\w+)/.exec(said)?.[1];
	const meant = (name: string, code: string) =>
		implied === undefined ? win32 === code || new RegExp(name, 'i').test(said) : implied === name;
	const attribute = meant('userPrincipalName', '000021C8')
		? 'userPrincipalName'
		: meant('sAMAccountName', '00000524')
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
	await writeOnce(
		() =>
			directory.modify(dn, [
				{ type: 'delete', attribute: 'userAccountControl', values: [before] },
				{ type: 'add', attribute: 'userAccountControl', values: [String(enabled(parseUserAccountControl(before)))] },
				{ type: 'delete', attribute: matching.markAttribute, values: [mark.text] },
			]),
		async () => {
			const now = await readAgain(directory, dn, matching, []);
			return (
				now !== undefined &&
				!isDisabled(parseUserAccountControl(textOf(now, 'userAccountControl'))) &&
				!textsOf(now, matching.markAttribute).includes(mark.text)
			);
		},
	);
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
	await writeOnce(
		() =>
			directory.modify(guidDn(guidOf(entry)), [
				{ type: 'delete', attribute: matching.markAttribute, values: [mark.text] },
				{ type: 'add', attribute: matching.markAttribute, values: [mark.text] },
				{ type: 'replace', attribute: 'unicodePwd', values: [encodePassword(password)] },
			]),
		// A password cannot be read: it is written again, which does no harm.
		() => Promise.resolve(false),
	);
}
