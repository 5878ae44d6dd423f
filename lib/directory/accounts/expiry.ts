/** When an account ends. */
import { fromFileTime, isNever, NEVER } from '../../schema/instants';
import { textOf } from '../entry';
import { DirectoryError } from '../errors';
import { readAgain, type AccountResult, type Lookup } from './account';
import { locate, staleMarks, type AccountRun } from './locate';
import { writeOnce } from './writeOnce';

const ATTRIBUTE = 'accountExpires';
/** What is read besides what every operation needs; for a `prefetch` of many. */
export const EXPIRY_ATTRIBUTES = [ATTRIBUTE] as const;

/**
 * One conditional Modify of accountExpires.
 * @param fileTime units of 100 nanoseconds since 1601 as decimal text; 0 and NEVER mean the same
 * @throws DirectoryError
 */
export async function setExpiry(run: AccountRun, lookup: Lookup, fileTime: string): Promise<AccountResult> {
	const wanted = checked(fileTime);
	const { directory, marking } = run;
	const located = await locate(run, lookup, EXPIRY_ATTRIBUTES);
	if ('outcome' in located) return located;
	const { entry, account, dn } = located;
	const before = textOf(entry, ATTRIBUTE);
	if (same(before, wanted)) return { outcome: 'unchanged', account, changes: [], notes: await notesOf(run, wanted) };
	await writeOnce(
		() =>
			directory.modify(dn, [
				...(before === undefined ? [] : [{ type: 'delete' as const, attribute: ATTRIBUTE, values: [before] }]),
				{ type: 'add', attribute: ATTRIBUTE, values: [wanted] },
				...staleMarks(run, located),
			]),
		async () => {
			const now = await readAgain(directory, dn, marking, [ATTRIBUTE]);
			return now !== undefined && same(textOf(now, ATTRIBUTE), wanted);
		},
	);
	return {
		outcome: 'updated',
		account,
		changes: [{ attribute: ATTRIBUTE, from: before === undefined ? [] : [before], to: [wanted] }],
		notes: await notesOf(run, wanted),
	};
}

function checked(fileTime: string): string {
	if (/^\d{1,19}$/.test(fileTime) && BigInt(fileTime) <= BigInt(NEVER)) {
		// One spelling for no end, and none with zeros in front, which the directory would give back otherwise.
		return isNever(BigInt(fileTime).toString()) ? NEVER : BigInt(fileTime).toString();
	}
	throw new DirectoryError({
		kind: 'person',
		message: `"${fileTime.slice(0, 40)}" is no instant that an account can end at.`,
		whatToDo: 'Give a date and time, or no end at all.',
	});
}

function same(present: string | undefined, wanted: string): boolean {
	return present === wanted || (isNever(wanted) && (present === undefined || isNever(present)));
}

async function notesOf({ directory }: AccountRun, fileTime: string): Promise<string[]> {
	const ends = fromFileTime(fileTime);
	const past = ends !== undefined && ends <= Date.parse(await directory.now());
	return past ? ['The end lies in the past: nobody can log on with the account any more.'] : [];
}
