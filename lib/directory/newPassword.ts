/** The next password of an account: random by the policy that holds for it, or given. */
import type { Directory } from './directory';
import { textOf, type Entry } from './entry';
import { DirectoryError } from './errors';
import { encodePassword, randomPassword } from './password';
import { deliver, type PasswordDelivery } from './passwordDelivery';

export type PasswordOptions = {
	/** '' = a random one. */
	readonly given: string;
	/** Whether it must be changed at the next logon. */
	readonly mustChange: boolean;
	readonly delivery: PasswordDelivery;
};

/** A random one that nobody is told. */
export const UNTOLD: PasswordOptions = { given: '', mustChange: false, delivery: { kind: 'none' } };

export type NewPassword = {
	/** The value of unicodePwd. */
	readonly encoded: Buffer;
	/** Fields for the result. */
	readonly delivered: Readonly<Record<string, string>>;
};

/**
 * @param entry the account, when it is there already: a fine-grained policy may hold for it (MS-ADTS 3.1.1.4.5.36, msDS-ResultantPSO)
 * @param names account name and display name, of which the password holds no part
 * @throws DirectoryError
 */
export async function newPassword(
	directory: Directory,
	options: PasswordOptions,
	names: readonly string[],
	entry?: Entry,
): Promise<NewPassword> {
	const password =
		options.given === ''
			? randomPassword(directory.randomInt, await minimumLength(directory, entry), names)
			: checked(options.given);
	return { encoded: encodePassword(password), delivered: deliver(options.delivery, password) };
}

function checked(given: string): string {
	if (given.length > 127 || /[\u0000-\u001f\u007f]/.test(given))
		throw new DirectoryError({
			kind: 'person',
			message: 'The given password has control characters, or more than 127 characters.',
			whatToDo: 'Give another one, or leave it to a random one.',
		});
	return given;
}

async function minimumLength(directory: Directory, entry: Entry | undefined): Promise<number> {
	const { minimumPasswordLength } = await directory.domain();
	if (!entry) return minimumPasswordLength;
	const found = await directory.read(entry.dn, ['msDS-ResultantPSO']);
	const policy = found && textOf(found, 'msDS-ResultantPSO');
	if (policy === undefined) return minimumPasswordLength;
	// Only administrators may read fine-grained policies by default; without it the usual length is long enough for most.
	const settings = await directory.read(policy, ['msDS-MinimumPasswordLength']);
	return Math.max(minimumPasswordLength, Number((settings && textOf(settings, 'msDS-MinimumPasswordLength')) ?? 0));
}
