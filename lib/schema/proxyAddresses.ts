/** proxyAddresses: "type:address", upper-case SMTP: for the one primary address, smtp: for aliases (Exchange). */
import { isMailAddress } from './accountNames';

export type ProxyAddresses = {
	readonly values: readonly string[];
	readonly problems: ReadonlyArray<{ readonly value: string; readonly message: string }>;
};

/** rangeUpper of proxyAddresses (win32, a-proxyaddresses). */
const LONGEST = 1123;
const TYPED = /^([A-Za-z][A-Za-z0-9]{0,15}):(.+)$/s;

/**
 * @param values entries with or without a type, clean text; those without are SMTP addresses
 * @param keepCase whether SMTP addresses stay as they are written; otherwise they become small letters
 */
export function toProxyAddresses(values: readonly string[], keepCase: boolean): ProxyAddresses {
	const problems: Array<{ value: string; message: string }> = [];
	const smtp: Array<{ readonly address: string; readonly isPrimary: boolean }> = [];
	const others: string[] = [];
	const seen = new Set<string>();
	for (const value of values) {
		const [, type = 'smtp', address = value] = TYPED.exec(value) ?? [];
		const isSmtp = type.toLowerCase() === 'smtp';
		if (value.length > LONGEST)
			problems.push({
				value,
				message: `proxyAddresses takes at most ${LONGEST} characters, and this value has ${value.length}.`,
			});
		else if (isSmtp && !isMailAddress(address))
			problems.push({
				value,
				message: `proxyAddresses takes addresses such as ada@example.com, not "${value.slice(0, 60).toWellFormed()}".`,
			});
		else if (isSmtp) smtp.push({ address: keepCase ? address : address.toLowerCase(), isPrimary: type === 'SMTP' });
		else others.push(value);
	}
	const primary = smtp.find(({ isPrimary }) => isPrimary) ?? smtp[0];
	const ordered = primary ? [primary, ...smtp.filter((entry) => entry !== primary)] : [];
	const texts = [...ordered.map((entry) => `${entry === primary ? 'SMTP' : 'smtp'}:${entry.address}`), ...others];
	return { values: texts.filter((text) => !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase())), problems };
}
