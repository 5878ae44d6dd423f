/**
 * A new account: one Add that makes it disabled, with a password, its key and the mark `pending`. Whatever stops the run after it leaves a
 * disabled account that the next run finds and finishes.
 */
import type { DesiredAccount } from '../../contracts';
import { childDn } from '../../schema/dn';
import type { AttributeValues } from '../connection';
import type { Directory } from '../directory';
import type { Entry } from '../entry';
import { DirectoryError } from '../errors';
import { makeMark } from '../mark';
import { isPolicyRefusal, newPassword, type NewPassword, type PasswordOptions } from '../newPassword';
import { NEW_DISABLED_ACCOUNT } from '../userAccountControl';
import { markOf, readAgain, type Matching } from './account';
import { ownName } from './desired';
import type { AccountRun } from './locate';
import { chooseNames, noRefusedNames, type ChosenNames, type RefusedNames } from './names';
import type { WantedValues } from './values';

/** Names that may be lost to others between looking and adding, and answers of a policy, before it is given up. */
const ATTEMPTS = 10;

export type Pending = {
	/** The new object, still disabled. */
	readonly entry: Entry;
	/** Fields for its password; undefined when it is not known which of several attempts' passwords it has. */
	readonly delivered: Readonly<Record<string, string>> | undefined;
};

/**
 * @param wanted attribute values, names left out
 * @throws DirectoryError
 */
export async function addPending(
	run: AccountRun,
	desired: DesiredAccount,
	wanted: WantedValues,
	matching: Matching,
	options: PasswordOptions,
): Promise<Pending> {
	const { directory } = run;
	const refused = noRefusedNames();
	let tried: ChosenNames | undefined;
	let policyRefusals = 0;
	for (let attempt = 1; ; attempt += 1) {
		const names = await chooseNames(directory, desired, refused);
		// After the names: one that another run took for this very person a moment ago would send us to the next one, and to a second account.
		const meanwhile = await findOwn(run, matching);
		if (meanwhile) return { entry: meanwhile, delivered: undefined };
		const dn = childDn('CN', names.cn ?? '', desired.ou);
		const known = [names.sAMAccountName ?? '', desired.displayName];
		const password = await newPassword(directory, options, known, { attempt: policyRefusals + 1 });
		try {
			await directory.add(dn, await newAccount(directory, wanted, names, matching, password, options.mustChange));
		} catch (error) {
			if (!(error instanceof DirectoryError) || attempt >= ATTEMPTS) throw error;
			if (error.kind !== 'lost' && error.kind !== 'taken') {
				if (!isPolicyRefusal(error) || options.given !== '' || ++policyRefusals > 1) throw error;
				continue;
			}
			// The Add may be done, by this attempt or by an earlier one whose answer got lost. No second account for one person may come of it.
			const mine = await findOwn(run, matching);
			if (mine) return { entry: mine, delivered: undefined };
			if (error.kind === 'lost' && attempt > 2) throw error;
			if (error.kind === 'taken') {
				if (tried && sameNames(tried, names)) refuse(refused, names, error);
				tried = names;
			}
			continue;
		}
		const made = await readAgain(directory, dn, matching, []);
		if (made) return { entry: made, delivered: password.delivered };
		throw new DirectoryError({
			kind: 'configuration',
			message: `${dn} was created, but cannot be read.`,
			whatToDo: 'Give the service account the right to read the organisational unit, then run again.',
		});
	}
}

/** Everything in one Add: disabled, with a password, its key, and the mark that lets the next run finish it. */
export async function newAccount(
	directory: Directory,
	wanted: WantedValues,
	{ cn: _cn, ...names }: ChosenNames,
	{ matchAttribute, matchValue, markAttribute }: Matching,
	password: NewPassword,
	mustChange: boolean,
): Promise<AttributeValues> {
	const { domainGuid } = await directory.domain();
	const subject = { state: 'pending', domainGuid, matchAttribute, matchValue } as const;
	return {
		// AD refuses an attribute without values in an Add (Samba ignores it).
		...Object.fromEntries(Object.entries(wanted).filter(([, values]) => values.length > 0)),
		...Object.fromEntries(Object.entries(names).map(([attribute, value]) => [attribute, [value]])),
		...(ownName(names, matchAttribute) ? {} : { [matchAttribute]: [matchValue] }),
		[markAttribute]: [makeMark(directory.signingKey(), subject, await directory.now())],
		objectClass: ['top', 'person', 'organizationalPerson', 'user'],
		userAccountControl: [String(NEW_DISABLED_ACCOUNT)],
		unicodePwd: [password.encoded],
		...(mustChange ? { pwdLastSet: ['0'] } : {}),
	};
}

/**
 * The person's account that is there after all. Only one with our own mark for this very person counts as ours.
 * @throws DirectoryError (conflict) when somebody else made one meanwhile
 */
export async function findOwn(run: AccountRun, matching: Matching): Promise<Entry | undefined> {
	const { directory, finder } = run;
	const lookup = { attribute: matching.matchAttribute, value: matching.matchValue };
	const [entry, ...more] = await finder.findAgain(lookup);
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
export function refuse(refused: RefusedNames, names: ChosenNames, { win32, said = '' }: DirectoryError): void {
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
