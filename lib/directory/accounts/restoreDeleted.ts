/**
 * Bringing a deleted account back. A controller may bring it back enabled, without the value that tells people apart and without a password
 * (measured on Samba; AD without its recycle bin loses as much, MS-ADTS 3.1.1.5.5.1), so it is disabled at once. Running again after a cut at
 * any point does the rest.
 */
import type { AttributeChange } from '../../contracts';
import { parseDn } from '../../schema/dn';
import { textOf, textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { allOf, anyOf, equal, not } from '../filter';
import { guidDn, guidToBytes, guidToText } from '../guid';
import { UNTOLD } from '../newPassword';
import { disabled, isDisabled, NORMAL_ACCOUNT, parseUserAccountControl } from '../userAccountControl';
import {
	ACCOUNT_ATTRIBUTES,
	guidOf,
	isUser,
	markOf,
	notFound,
	protectedAccount,
	readAgain,
	refused,
	toAccount,
	type AccountResult,
} from './account';
import type { AccountRun } from './locate';
import { holders } from './names';
import { DELETED, placeFor, undelete } from './undelete';
import { writeOnce } from './writeOnce';
import { writePassword } from './writePassword';

export type RestoreOptions = {
	/** Value of the match attribute; '' = the one it had, if the directory still knows. */
	readonly anchor: string;
	/** Distinguished name of where it is to stand; '' = where it was. */
	readonly ou: string;
};

const NO_SUCH_OBJECT = 32;
const READ = ['isDeleted', 'lastKnownParent', 'msDS-LastKnownRDN', 'name', 'pwdLastSet'] as const;
const OTHERS_TOO =
	'It is disabled. No mark was written, because somebody else may have disabled it before it was deleted: Enable takes it with Accounts Disabled by Others Too.';

/**
 * @param text the distinguished name of the deleted object, or its GUID
 * @throws DirectoryError
 */
export async function restoreDeleted(run: AccountRun, text: string, options: RestoreOptions): Promise<AccountResult> {
	const { directory, marking } = run;
	const guid = guidIn(text);
	const [found] = await directory.search((await directory.domain()).dn, {
		scope: 'sub',
		filter: equal('objectGUID', guidToBytes(guid)),
		attributes: [...new Set([...ACCOUNT_ATTRIBUTES, marking.matchAttribute, marking.markAttribute, ...READ])],
		deleted: true,
	});
	if (!found || !isUser(found)) return noSuchAccount(text, found);
	const protectedBy = await protectionOf(run, found);
	if (protectedBy !== undefined) return protectedAccount(toAccount(found, undefined), protectedBy);
	await checkAnchor(run, options.anchor, guid);
	const anchor = options.anchor || (textOf(found, marking.matchAttribute) ?? '');
	if (textOf(found, 'isDeleted') !== DELETED) return await finish(run, found, anchor);

	await checkName(run, found);
	const place = await placeFor(directory, found, options.ou);
	await undelete(directory, found, place);
	const live = await readAgain(directory, guidDn(guid), marking, READ);
	if (!live)
		throw new DirectoryError({
			kind: 'configuration',
			message: `${place} was restored, but cannot be read. It may be enabled.`,
			whatToDo: 'Give the service account the right to read it where it stands, then run again: it is disabled then.',
		});
	const moved: AttributeChange = { attribute: 'distinguishedName', from: [found.dn], to: [live.dn] };
	return await settle(run, live, anchor, [moved]);
}

/** From a GUID in any of its forms, or from the name of a deleted object, which ends in it (MS-ADTS 3.1.1.5.5.1.1). */
function guidIn(text: string): string {
	const plain = text.trim().replace(/^<GUID=(.*)>$/i, '$1');
	const named = /\nDEL:([0-9a-f-]{36})$/i.exec(firstValue(plain))?.[1];
	try {
		return guidToText(guidToBytes(named ?? plain));
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw new DirectoryError({
			kind: 'person',
			message: `"${text.slice(0, 200)}" is no deleted object.`,
			whatToDo:
				'Give its distinguished name, such as CN=Ada Lovelace\\0ADEL:1cbc9641-a08d-4072-b2f6-8b232f6eb769,CN=Deleted Objects,DC=corp,DC=example,DC=com, or its GUID.',
		});
	}
}

function firstValue(text: string): string {
	try {
		return parseDn(text)[0]?.[0]?.value ?? '';
	} catch {
		return '';
	}
}

function noSuchAccount(text: string, found: Entry | undefined): AccountResult {
	if (!found)
		return {
			...notFound({ attribute: 'GUID', value: text }),
			whatToDo: 'It may be gone for good, or the service account may not see deleted objects (docs/rights.md).',
		};
	return {
		outcome: 'ambiguous',
		changes: [],
		notes: [],
		message: `The object is no user account: ${found.dn}`,
		whatToDo: 'Restore it by hand.',
	};
}

/** As far as it can be told: a deleted object is a member of nothing, and the directory has forgotten what it was. */
async function protectionOf({ guard }: AccountRun, entry: Entry): Promise<string | undefined> {
	try {
		return await guard.of(entry);
	} catch (error) {
		// The last question is for its groups, asked where it stands, where only the show-deleted control sees it.
		if (error instanceof DirectoryError && error.code === NO_SUCH_OBJECT) return undefined;
		throw error;
	}
}

/** @throws DirectoryError (taken) when somebody else has the value by which the account is to be found */
async function checkAnchor({ directory, marking }: AccountRun, anchor: string, guid: string): Promise<void> {
	if (anchor === '') return;
	if (anchor.trim() !== anchor || /\p{Cc}/u.test(anchor))
		throw new DirectoryError({
			kind: 'person',
			message: `${marking.matchAttribute} cannot be ${JSON.stringify(anchor.slice(0, 100))}: it has blanks around it or control characters in it.`,
			whatToDo: 'Give the value that the account is to be found by.',
		});
	const [other] = await directory.search((await directory.domain()).dn, {
		scope: 'sub',
		filter: allOf([equal(marking.matchAttribute, anchor), not(equal('objectGUID', guidToBytes(guid)))]),
		attributes: ['objectGUID'],
	});
	if (other)
		throw new DirectoryError({
			kind: 'taken',
			message: `${other.dn} has ${marking.matchAttribute} "${anchor}" already, so the deleted account cannot have it back. Nothing was restored.`,
			whatToDo: 'Look which of the two is the right one.',
		});
}

/** @throws DirectoryError (taken) when somebody else has its name for logging on: a server may not look (measured on Samba) */
async function checkName({ directory }: AccountRun, entry: Entry): Promise<void> {
	const { dn, name } = await directory.domain();
	const own = textOf(entry, 'sAMAccountName');
	const filter = own === undefined ? undefined : anyOf(holders('sAMAccountName', own, name));
	const [other] = filter ? await directory.search(dn, { scope: 'sub', filter, attributes: ['objectGUID'] }) : [];
	if (other)
		throw new DirectoryError({
			kind: 'taken',
			message: `${other.dn} has the account name "${own}" of the deleted account. Nothing was restored.`,
			whatToDo: 'Rename it first, or make a new account for the person.',
		});
}

/**
 * A live account: an earlier run may have been cut off right after it brought it back. It counts as that one only while it was deleted once
 * (lastKnownParent stays), nobody has set a password since, and it has no other value that tells people apart: in a working account at least
 * one of these is not so.
 */
async function finish(run: AccountRun, live: Entry, anchor: string): Promise<AccountResult> {
	const { directory, marking, signingKey } = run;
	const present = textOf(live, marking.matchAttribute);
	const unset = ['0', undefined].includes(textOf(live, 'pwdLastSet'));
	const ours = textOf(live, 'lastKnownParent') !== undefined && (present === undefined || present === anchor);
	const mark = signingKey === '' ? undefined : await markOf(directory, live, marking, signingKey);
	const account = toAccount(live, mark);
	if (ours && (account.enabled ? unset && present === undefined : unset || (present === undefined && anchor !== '')))
		return await settle(run, live, anchor, []);
	if (account.enabled)
		return refused(account, `${live.dn} is not deleted: it is there, and enabled.`, 'There is nothing to restore.');
	return { outcome: 'unchanged', account, changes: [], notes: ['The account was there already, disabled.'] };
}

/** Disabled first and by itself, so that nothing can make it fail but a missing right; then its anchor; then a password nobody knows. */
async function settle(
	run: AccountRun,
	live: Entry,
	anchor: string,
	done: readonly AttributeChange[],
): Promise<AccountResult> {
	const { directory, marking } = run;
	const { matchAttribute } = marking;
	const dn = guidDn(guidOf(live));
	const changes = [...done];
	const before = textOf(live, 'userAccountControl') ?? String(NORMAL_ACCOUNT);
	if (!isDisabled(parseUserAccountControl(before))) {
		const after = String(disabled(parseUserAccountControl(before)));
		await repeatable(() =>
			directory.modify(dn, [{ type: 'replace', attribute: 'userAccountControl', values: [after] }]),
		);
		changes.push({ attribute: 'userAccountControl', from: [before], to: [after] });
	}
	const failed: DirectoryError[] = [];
	const from = textsOf(live, matchAttribute);
	if (anchor !== '' && from[0] !== anchor) {
		const written = () => directory.modify(dn, [{ type: 'replace', attribute: matchAttribute, values: [anchor] }]);
		const fault = await faultOf(() => repeatable(written));
		if (fault) failed.push(fault);
		else changes.push({ attribute: matchAttribute, from, to: [anchor] });
	}
	const password = await faultOf(async () => {
		await writePassword(directory, { dn, entry: live, besides: [] }, UNTOLD);
	});
	if (password) failed.push(password);
	const now = (await readAgain(directory, dn, marking, [])) ?? live;
	const notes = [
		OTHERS_TOO,
		'What the directory forgets of a deleted account (groups, contact data) is to be written again.',
		...(textOf(now, matchAttribute) === undefined
			? [`It has no ${matchAttribute}: nothing finds it by that before one is written.`]
			: []),
	];
	const result = { account: toAccount(now, undefined), changes, notes };
	const [fault] = failed;
	if (!fault) return { outcome: 'restored', ...result };
	return {
		outcome: 'partial',
		...result,
		message: `${now.dn} was restored and disabled, but not all was written: ${failed.map(({ message }) => message).join(' ')}`,
		whatToDo: fault.whatToDo,
	};
}

/** A write that says the same each time. */
async function repeatable(write: () => Promise<void>): Promise<void> {
	await writeOnce(write, () => Promise.resolve(false));
}

async function faultOf(work: () => Promise<void>): Promise<DirectoryError | undefined> {
	try {
		await work();
		return undefined;
	} catch (error) {
		if (error instanceof DirectoryError && error.kind !== 'lost' && error.kind !== 'cancelled') return error;
		throw error;
	}
}
