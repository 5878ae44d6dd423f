/** Rows that a person fills in, as the account that Attribute Map would make of them. */
import fc from 'fast-check';
import { DirectoryError } from '../../../lib/directory/errors';
import {
	accountOfRows,
	attributesOfRows,
	newAccountOfRows,
	type AccountRows,
	type AttributeRow,
} from '../../../lib/directory/accounts/rows';
import { whyNoDesiredAccount } from '../../../lib/desiredAccount';
import { attributeFacts } from '../../../lib/schema/attributes';

const row = (attribute: string, value: unknown, write: AttributeRow['write'] = 'always'): AttributeRow => ({
	attribute,
	write,
	value,
});
const account = (attributes: readonly AttributeRow[], changes: Partial<AccountRows> = {}) =>
	accountOfRows({ key: 'E1', names: {}, attributes, ou: '', zone: 'UTC', groups: [], ...changes }, attributeFacts);
const valueOf = (attribute: string, value: unknown) => account([row(attribute, value)]).attributes[attribute];

describe('a value', () => {
	test.each<[attribute: string, given: unknown, written: unknown]>([
		['title', 'Engineer', 'Engineer'],
		['title', 42, '42'],
		['streetAddress', '1 High St\nFlat 2', '1 High St\nFlat 2'],
		['otherTelephone', ' +1 \r\n\n+2', ['+1', '+2']],
		['otherTelephone', ['+1', '', '+2'], ['+1', '+2']],
		['otherTelephone', '+1', '+1'],
		['uidNumber', ' 1001 ', '1001'],
		['msExchHideFromAddressLists', true, 'TRUE'],
		['msExchHideFromAddressLists', ' false ', 'FALSE'],
		['accountExpires', '2030-01-02T00:00:00Z', '135380160000000000'],
		['accountExpires', new Date('2030-01-02T00:00:00Z'), '135380160000000000'],
		['accountExpires', { toISO: () => '2030-01-02T00:00:00Z' }, '135380160000000000'],
		['accountExpires', 'Never', '9223372036854775807'],
		['accountExpires', 'soon', 'soon'],
		['thumbnailPhoto', 'aGVs\nbG8=', { base64: 'aGVsbG8=' }],
		['manager', ' CN=Ada,DC=x ', 'CN=Ada,DC=x'],
		['acmeBadge', 'one\ntwo', 'one\ntwo'],
	])('of %s that is given as %j is written as %j', (attribute, given, written) => {
		expect(valueOf(attribute, given)).toEqual(written);
	});

	test.each([undefined, null, '', '   ', [], ['']])('that is %j is none: the attribute is left alone', (given) => {
		expect(account([row('title', given)]).attributes).toEqual({});
	});

	test('that is an object is refused', () => {
		expect(() => valueOf('title', { a: 1 })).toThrow('neither text nor a list');
	});
});

test('when it is written is kept; to clear is no value', () => {
	const rows = [row('title', 'a', 'create'), row('mobile', 'b', 'fill'), row('info', 'ignored', 'clear')];
	expect(account(rows)).toMatchObject({
		attributes: { title: 'a', mobile: 'b', info: null },
		createOnly: ['title'],
		fillOnly: ['mobile'],
	});
});

test.each([
	['', 'names no attribute'],
	['no name', 'is no attribute name'],
	['unicodePwd', 'unicodePwd cannot be written'],
	['UserAccountControl', 'cannot be written'],
	['msDS-AllowedToDelegateTo', 'cannot be written'],
	['sAMAccountName', 'is a name and no attribute'],
	['cn', 'is a name and no attribute'],
])('the attribute "%s" is refused', (attribute, words) => {
	expect(() => attributesOfRows([row(attribute, 'x')])).toThrow(words);
});

test('an attribute stands in one row only, and loses what the list says of it', () => {
	expect(attributesOfRows([row('acmeBadge (text, single, 64)', 'x')])).toEqual(['acmeBadge']);
	expect(() => attributesOfRows([row('title', 'a'), row('TITLE', 'b')])).toThrow('stands in two rows');
});

describe('names', () => {
	const named = (names: AccountRows['names'], attributes: readonly AttributeRow[] = []) =>
		newAccountOfRows({ key: 'E1', names, attributes, ou: 'OU=x', zone: 'UTC', groups: [] }, attributeFacts).names;

	test('are candidates, one a line; without a common name it is the display name, then the account name', () => {
		expect(named({ sAMAccountName: 'ada\nada2' })).toEqual({
			sAMAccountName: { candidates: ['ada', 'ada2'] },
			cn: { candidates: ['ada', 'ada2'] },
		});
		expect(named({ sAMAccountName: 'ada' }, [row('displayName', 'Ada L.')])['cn']).toEqual({
			candidates: ['Ada L.', 'ada'],
		});
		expect(named({ sAMAccountName: 'ada', cn: 'Ada' })['cn']).toEqual({ candidates: ['Ada'] });
	});

	test.each([
		['sAMAccountName', 'a/b'],
		['sAMAccountName', 'a'.repeat(21)],
		['userPrincipalName', 'ada'],
		['mail', 'x@'],
	])('that cannot be given as %s are refused: %s', (attribute, name) => {
		expect(() => named({ sAMAccountName: 'ada', [attribute]: name })).toThrow(`cannot be a ${attribute}`);
	});

	test('are needed for a new account, and not for one that is there', () => {
		expect(() => named({})).toThrow('no sAMAccountName');
		expect(account([]).names).toEqual({});
	});
});

test('whatever is filled in gives an account that travels, or an error in words', () => {
	const values = fc.oneof(
		fc.string(),
		fc.double(),
		fc.boolean(),
		fc.constant(null),
		fc.array(fc.string()),
		fc.object(),
	);
	const names = fc.constantFrom('title', 'otherTelephone', 'accountExpires', 'thumbnailPhoto', 'manager', 'acmeBadge');
	const writes = fc.constantFrom('always', 'clear', 'create', 'fill');
	fc.assert(
		fc.property(names, values, writes, fc.string(), (attribute, value, write, name) => {
			try {
				const made = newAccountOfRows(
					{
						key: 'E1',
						names: { sAMAccountName: name },
						attributes: [row(attribute, value, write)],
						ou: '',
						zone: 'UTC',
						groups: [],
					},
					attributeFacts,
				);
				expect(whyNoDesiredAccount(JSON.parse(JSON.stringify(made)))).toBeUndefined();
				expect(Object.values(made.attributes)).not.toContain('');
			} catch (error) {
				expect(error).toBeInstanceOf(DirectoryError);
			}
		}),
	);
});

test('dates without an offset are in the zone of the workflow', () => {
	const at = (value: string, zone: string) =>
		account([row('accountExpires', value)], { zone }).attributes['accountExpires'];
	expect(at('2028-05-05', 'America/New_York')).toBe(at('2028-05-05T04:00:00Z', 'UTC'));
	expect(at('2028-05-05 08:00', 'Europe/Berlin')).toBe(at('2028-05-05T06:00:00Z', 'UTC'));
	expect(at('2028-05-05T08:00:00+02:00', 'America/New_York')).toBe(at('2028-05-05T06:00:00Z', 'UTC'));
});
