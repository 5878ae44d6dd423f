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

/** ERROR_PASSWORD_RESTRICTION (MS-ERREF 2.2): a fine-grained policy that cannot be read, or a word filter. Another random one may do. */
export function isPolicyRefusal(error: unknown): error is DirectoryError {
	return error instanceof DirectoryError && error.win32 === '0000052D';
}

/** What no policy is left unsatisfied by, when the usual length was not enough. */
const LONGER = 64;

/**
 * @param names account name and display name, of which the password holds no part
 * @param of the account, when it is there already: a fine-grained policy may hold for it (MS-ADTS 3.1.1.4.5.36, msDS-ResultantPSO); the first
 * attempt is number 1, and further ones are longer
 * @throws DirectoryError
 */
export async function newPassword(
	directory: Directory,
	options: PasswordOptions,
	names: readonly string[],
	{ entry, attempt = 1 }: { readonly entry?: Entry; readonly attempt?: number } = {},
): Promise<NewPassword> {
	const longer = attempt > 1 ? LONGER : 0;
	const password =
		options.given === ''
			? randomPassword(directory.randomInt, Math.max(await minimumLength(directory, entry), longer), names)
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
