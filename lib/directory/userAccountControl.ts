/** userAccountControl, a set of bits (MS-ADTS 2.2.16). Only the bits that a change is about are touched. */

export const ACCOUNT_DISABLED = 0x2;
export const PASSWORD_NOT_REQUIRED = 0x20;
export const NORMAL_ACCOUNT = 0x200;

/** What a new account starts with. Without it the server would take 546, which lets the account have no password. */
export const NEW_DISABLED_ACCOUNT = NORMAL_ACCOUNT | ACCOUNT_DISABLED;

/**
 * @param text the attribute's value, decimal; the directory may give it as a negative 32-bit number
 * @throws RangeError when it is no integer
 */
export function parseUserAccountControl(text: string | undefined): number {
	const value = Number(text);
	if (text === undefined || text.trim() === '' || !Number.isInteger(value))
		throw new RangeError(`userAccountControl is "${text ?? ''}", which is no number.`);
	return value >>> 0;
}

export function isDisabled(userAccountControl: number): boolean {
	return (userAccountControl & ACCOUNT_DISABLED) !== 0;
}

/** The value with the account enabled. Clears "no password required" too, as Samba's samdb.py does when it enables. */
export function enabled(userAccountControl: number): number {
	return (userAccountControl & ~(ACCOUNT_DISABLED | PASSWORD_NOT_REQUIRED)) >>> 0;
}

/** The value with the account disabled, all other bits as they were. */
export function disabled(userAccountControl: number): number {
	return (userAccountControl | ACCOUNT_DISABLED) >>> 0;
}
