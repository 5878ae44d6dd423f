/** A new password for an account that is there, given by an administrator's right and not by the old one. */
import type { Modification } from '../connection';
import type { Directory } from '../directory';
import { textOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { isPolicyRefusal, newPassword, type NewPassword, type PasswordOptions } from '../newPassword';
import { writeOnce } from './writeOnce';

type Target = {
	/** Distinguished name or `<GUID=...>`. */
	readonly dn: string;
	/** The account as it was read, with sAMAccountName and displayName. */
	readonly entry: Entry;
	/** What is written in the same Modify: nothing of it happens without the rest. */
	readonly besides: readonly Modification[];
	/** Whether it can be seen that the Modify was done; absent = it cannot, and is the same when it is sent again. */
	readonly done?: () => Promise<boolean>;
};

/**
 * Removing and adding the same value is a condition without a change (docs/directory.md): the password of an account that somebody took over
 * meanwhile is left alone. Nothing about a password itself can be a condition.
 */
export function onMark(markAttribute: string, mark: string): Modification[] {
	return [
		{ type: 'delete', attribute: markAttribute, values: [mark] },
		{ type: 'add', attribute: markAttribute, values: [mark] },
	];
}

/**
 * @returns fields for the result
 * @throws DirectoryError; the old password stays
 */
export async function writePassword(
	directory: Directory,
	{ dn, entry, besides, done = () => Promise.resolve(false) }: Target,
	options: PasswordOptions,
): Promise<NewPassword['delivered']> {
	const names = [textOf(entry, 'sAMAccountName') ?? '', textOf(entry, 'displayName') ?? ''];
	for (let attempt = 1; ; attempt += 1) {
		const { encoded, delivered } = await newPassword(directory, options, names, { entry, attempt });
		try {
			await writeOnce(
				() =>
					directory.modify(dn, [
						...besides,
						{ type: 'replace', attribute: 'unicodePwd', values: [encoded] },
						...(options.mustChange ? [{ type: 'replace' as const, attribute: 'pwdLastSet', values: ['0'] }] : []),
					]),
				// A password cannot be read: it is written again, which does no harm.
				done,
			);
			return delivered;
		} catch (error) {
			if (!isPolicyRefusal(error)) throw error;
			if (options.given !== '') throw givenRefused(error, entry);
			if (attempt > 1) throw error;
		}
	}
}

function givenRefused({ code, win32, said }: DirectoryError, { dn }: Entry): DirectoryError {
	return new DirectoryError({
		kind: 'person',
		message: `The given password does not meet the policy that holds for ${dn}; the old one stays.`,
		whatToDo:
			'Give a longer one with letters, digits and other characters that holds no part of the name, or leave it to a random one.',
		...(win32 === undefined ? {} : { win32 }),
		...(code === undefined ? {} : { code }),
		...(said === undefined ? {} : { said }),
	});
}
