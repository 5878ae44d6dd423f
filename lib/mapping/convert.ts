/** One value as its attribute takes it: the attribute's type decides. What cannot be taken is refused with its reason. */
import type { PersonRef, Value } from '../contracts';
import { isMailAddress } from '../schema/accountNames';
import { whyNoValue, type AttributeFacts } from '../schema/attributes';
import { findCountry } from '../schema/country';
import { isObjectName } from '../schema/dn';
import { cleanText, hasLoneSurrogate } from '../schema/text';
import { dateReader } from './dates';
import { excerpt } from './excerpt';
import type { Person } from './parameters';
import { toPhone } from './phone';

/** Why a value cannot stand in its attribute; `message` is a whole sentence. */
export type Refusal = { readonly refused: { readonly rule: string; readonly value: string; readonly message: string } };

/** undefined = nothing to write. */
export type Converted = Value | PersonRef | Refusal | undefined;
export type Conversion = (raw: unknown, person: Person) => Converted;

/** What a row says about its values, beside the attribute's type. */
export type ConversionRule = {
	/** IANA zone of dates; '' = the person's. */
	readonly timeZone: string;
	/** Format of dates as Luxon has it; '' = ISO 8601. */
	readonly dateFormat: string;
	/** Addresses are written in small letters otherwise. */
	readonly keepCase: boolean;
	readonly phone: 'e164' | 'asGiven';
	/** The attribute that holds the key by which a person is named. */
	readonly referenceBy: string;
};

export function isRefusal(converted: Converted): converted is Refusal {
	return typeof converted === 'object' && 'refused' in converted;
}

/** @param value what was given; messages show its beginning */
export function refuse(rule: string, value: unknown, message: string): Refusal {
	return { refused: { rule, value: excerpt(value), message } };
}

const PHONES = new Set(
	[
		...['telephoneNumber', 'mobile', 'homePhone', 'pager', 'facsimileTelephoneNumber'],
		...['otherTelephone', 'otherMobile', 'otherHomePhone', 'otherPager', 'otherFacsimileTelephoneNumber'],
	].map((name) => name.toLowerCase()),
);
const ADDRESSES = new Set(['mail', 'othermailbox']);

/**
 * @param attribute LDAP name
 * @param facts undefined = an attribute that is not known: text of any length
 */
export function conversionFor(attribute: string, facts: AttributeFacts | undefined, rule: ConversionRule): Conversion {
	const name = attribute.toLowerCase();
	const text = textOf(attribute, facts);
	switch (facts?.syntax) {
		case 'boolean':
			return (raw) => toBoolean(attribute, raw);
		case 'integer':
		case 'largeInteger':
			return (raw) => toInteger(attribute, facts, raw);
		case 'fileTime':
		case 'time':
			return (raw, person) => toTime(attribute, facts.syntax === 'time' ? 'time' : 'fileTime', raw, person, rule);
		case 'bytes':
			return (raw) => toBytes(attribute, facts, raw);
		case 'dn':
			return (raw) => toPerson(attribute, raw, rule);
		default:
	}
	if (PHONES.has(name) && rule.phone === 'e164')
		return (raw, person) => {
			const value = text(raw, person);
			return typeof value === 'string' ? toPhone(value, person.locale.country).text : value;
		};
	if (ADDRESSES.has(name)) return (raw, person) => toAddress(attribute, text(raw, person), rule);
	return text;
}

/** @returns '' for nothing; a refusal for what is no text */
function plain(attribute: string, raw: unknown): string | Refusal {
	if (raw === undefined || raw === null) return '';
	if (typeof raw === 'string') {
		if (hasLoneSurrogate(raw))
			return refuse('characters', raw, `${attribute} holds half a character, which no directory can store.`);
		return cleanText(raw);
	}
	if (typeof raw === 'number') {
		if (Number.isFinite(raw)) return decimal(raw);
		return refuse(
			'syntax',
			String(raw),
			`${attribute} got a calculation without a result; see to the fields it takes.`,
		);
	}
	if (typeof raw === 'boolean') return String(raw);
	if (typeof raw === 'bigint') return raw.toString();
	return refuse('syntax', raw, `${attribute} got an object or a list of lists; name one of its fields.`);
}

/** Numbers without an exponent: 1e21 is no text that anybody typed. */
function decimal(number: number): string {
	return Number.isInteger(number) ? BigInt(number).toString() : String(number);
}

function textOf(attribute: string, facts: AttributeFacts | undefined): Conversion {
	return (raw) => {
		// An attribute that nobody knows may be a Boolean; to one of text it is all the same.
		if (facts === undefined && typeof raw === 'boolean') return raw ? 'TRUE' : 'FALSE';
		const value = plain(attribute, raw);
		if (typeof value !== 'string') return value;
		if (value === '') return undefined;
		const reason = whyNoValue(facts, value);
		return reason ? refuse(reason.rule, value, reason.message + hintFor(attribute, value)) : value;
	};
}

/** JumpCloud's and MongoDB's ids are 24 hexadecimal digits: tempting as a key, and too long for the attribute made for keys. */
function hintFor(attribute: string, value: string): string {
	return attribute === 'employeeID' && /^[0-9a-f]{24}$/i.test(value)
		? " It looks like JumpCloud's _id: use employeeIdentifier, or map _id to employeeNumber."
		: '';
}

const TRUE = new Set(['true', 'yes', 'y', 'on', '1']);
const FALSE = new Set(['false', 'no', 'n', 'off', '0']);

/** TRUE or FALSE, as RFC 4517 section 3.3.3 has it. */
function toBoolean(attribute: string, raw: unknown): Converted {
	const text = plain(attribute, raw);
	if (typeof text !== 'string') return text;
	if (text === '') return undefined;
	if (TRUE.has(text.toLowerCase())) return 'TRUE';
	if (FALSE.has(text.toLowerCase())) return 'FALSE';
	return refuse('syntax', text, `${attribute} takes true or false, and "${shorten(text)}" is neither.`);
}

/** Decimal text without a plus sign and leading zeros, as the directory gives it back. */
function toInteger(attribute: string, facts: AttributeFacts, raw: unknown): Converted {
	const text = plain(attribute, typeof raw === 'boolean' ? Number(raw) : raw);
	if (typeof text !== 'string') return text;
	if (text === '') return undefined;
	const value = /^[+-]?\d{1,40}$/.test(text) ? BigInt(text.replace(/^\+/, '')).toString() : text;
	const reason = whyNoValue(facts, value);
	return reason ? refuse(reason.rule, text, reason.message) : value;
}

function toTime(
	attribute: string,
	syntax: 'fileTime' | 'time',
	raw: unknown,
	{ zone }: Person,
	rule: ConversionRule,
): Converted {
	const given: unknown = typeof raw === 'string' ? plain(attribute, raw) : raw;
	if (given === undefined || given === null || given === '') return undefined;
	if (isRefusal(given as Converted)) return given as Refusal;
	// An account expires when its last day is over, as "End of" in Active Directory Users and Computers has it.
	const end = attribute.toLowerCase() === 'accountexpires';
	const reader = dateReader(rule.timeZone === '' ? zone : rule.timeZone, rule.dateFormat);
	const got = reader.toAttributeTime(given, syntax, end);
	if ('fault' in got) return refuse('date', raw, `${attribute}: ${got.fault}`);
	return 'value' in got ? got.value : undefined;
}

const DATA_URI = /^data:[^,]{0,200};base64,/i;

/** Bytes are given as base64, in either alphabet (RFC 4648 sections 4 and 5), wrapped or with a data URI's head. */
function toBytes(attribute: string, facts: AttributeFacts, raw: unknown): Converted {
	if (raw === undefined || raw === null) return undefined;
	const given = typeof raw === 'object' && 'base64' in raw ? raw.base64 : raw;
	if (typeof given !== 'string') return refuse('syntax', raw, `${attribute} takes bytes, as base64.`);
	const digits = given
		.replace(DATA_URI, '')
		.replace(/[\s\p{Cc}\p{Cf}]/gu, '')
		.replaceAll('-', '+')
		.replaceAll('_', '/');
	if (digits === '') return undefined;
	const base64 = digits.replace(/=+$/, '');
	const padded = base64 + '='.repeat((4 - (base64.length % 4)) % 4);
	const reason = whyNoValue(facts, padded);
	return reason ? refuse(reason.rule, given.slice(0, 40), reason.message) : { base64: padded };
}

/** A person by a distinguished name, or by a key that the plan looks for. */
function toPerson(attribute: string, raw: unknown, { referenceBy }: ConversionRule): Converted {
	const value = plain(attribute, raw);
	if (typeof value !== 'string') return value;
	if (value === '') return undefined;
	if (isObjectName(value)) return value;
	if (value.length > 512) return refuse('length', value, `${attribute} got a key of ${value.length} characters.`);
	return { by: referenceBy, value };
}

function toAddress(attribute: string, value: Converted, { keepCase }: ConversionRule): Converted {
	if (typeof value !== 'string') return value;
	if (!isMailAddress(value))
		return refuse('address', value, `${attribute} takes an address such as ada@example.com, not "${shorten(value)}".`);
	return keepCase ? value : value.toLowerCase();
}

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text).toWellFormed();

/** What one country fills, where the attributes are there: the two letters, the name and the number (win32, user object user interface mapping). */
export type CountryValues = { readonly c: string; readonly co: string; readonly countryCode: string };

/** @returns undefined for nothing */
export function toCountry(raw: unknown): CountryValues | Refusal | undefined {
	const text = plain('c', typeof raw === 'number' ? String(raw) : raw);
	if (typeof text !== 'string') return text;
	if (text === '') return undefined;
	const country = findCountry(text);
	if (!country)
		return refuse(
			'country',
			text,
			`"${shorten(text)}" is no country. Give its two or three letters of ISO 3166, its number, or its English name; a value table may translate others.`,
		);
	return { c: country.alpha2, co: country.name, countryCode: country.numeric };
}
