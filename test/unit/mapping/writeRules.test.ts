/** The truth table: when it is written, what empty means, what the record holds, one value or several, for each type of attribute. */
import { attribute, field, mapOne, mapped, RECORD, rules, settings } from '../../support/mapping';

const PHOTO = '/9j/4AAQSkZJRg==';

type Kind = {
	readonly name: string;
	/** What a record may hold, and what stands in the account then. */
	readonly values: ReadonlyArray<readonly [given: unknown, stored: unknown]>;
	/** What else the row writes. */
	readonly twins?: readonly string[];
};

const KINDS: Readonly<Record<string, Kind>> = {
	'text, single': { name: 'department', values: [[' Sales ', 'Sales']] },
	'text, multiple': {
		name: 'carLicense',
		values: [
			['B-AL 1', 'B-AL 1'],
			[
				['a', 'b', 'A'],
				['a', 'b'],
			],
		],
	},
	'text of an attribute that is not known': {
		name: 'acmeBadge',
		values: [
			['x', 'x'],
			[true, 'TRUE'],
			[
				['x', 'y'],
				['x', 'y'],
			],
		],
	},
	'a phone number, single': { name: 'telephoneNumber', values: [['+49 (0)30 901820', '+4930901820']] },
	'phone numbers, multiple': {
		name: 'otherTelephone',
		values: [
			[
				['+49 30 901820', 'ext 5'],
				['+4930901820', 'ext 5'],
			],
		],
	},
	'an address': { name: 'mail', values: [['Ada@Example.COM', 'ada@example.com']] },
	'proxy addresses': {
		name: 'proxyAddresses',
		values: [
			['Ada@Example.com', 'SMTP:ada@example.com'],
			[
				['ada@example.com', 'SMTP:Ada.L@example.com', 'ADA@example.com'],
				['SMTP:ada.l@example.com', 'smtp:ada@example.com'],
			],
		],
	},
	'a Boolean': {
		name: 'msExchHideFromAddressLists',
		values: [
			[true, 'TRUE'],
			[false, 'FALSE'],
			['Yes', 'TRUE'],
			['0', 'FALSE'],
			[1, 'TRUE'],
		],
	},
	'a number': {
		name: 'countryCode',
		values: [
			[276, '276'],
			['036', '36'],
			[0, '0'],
		],
	},
	'a FILETIME': {
		name: 'accountExpires',
		values: [
			['9223372036854775807', '9223372036854775807'],
			// The last day is inclusive: 2026-04-01T00:00 in Berlin.
			['2026-03-31', '134194680000000000'],
		],
	},
	'bytes, single': { name: 'thumbnailPhoto', values: [[PHOTO, { base64: PHOTO }]] },
	'bytes, multiple': {
		name: 'jpegPhoto',
		values: [
			[
				[PHOTO, 'AAEC'],
				[{ base64: PHOTO }, { base64: 'AAEC' }],
			],
		],
	},
	'a person, single': {
		name: 'manager',
		values: [
			['E-7', { by: 'employeeID', value: 'E-7' }],
			[7, { by: 'employeeID', value: '7' }],
			['CN=Bob,OU=People,DC=corp', 'CN=Bob,OU=People,DC=corp'],
		],
	},
	'people, multiple': {
		name: 'secretary',
		values: [
			[
				['E-7', 'E-8', 'E-7'],
				[
					{ by: 'employeeID', value: 'E-7' },
					{ by: 'employeeID', value: 'E-8' },
				],
			],
		],
	},
	'a country': { name: 'c', values: [['DE', 'DE']], twins: ['co', 'countryCode'] },
};

const WRITES = ['always', 'create', 'fill'] as const;
const EMPTIES = ['leave', 'clear', 'reject'] as const;
const rows = Object.entries(KINDS).flatMap(([kind, { name, values, twins = [] }]) =>
	WRITES.flatMap((write) =>
		EMPTIES.map((ifEmpty) => ({ kind, name, values, names: [name, ...twins], write, ifEmpty })),
	),
);

describe.each(rows)('$kind ($name), written $write, if empty $ifEmpty', ({ name, values, names, write, ifEmpty }) => {
	const all = settings({ attributes: [attribute(name, field('given'), { write, ifEmpty })] });
	const run = (given: unknown) => mapOne(all, given === undefined ? RECORD : { ...RECORD, given });
	const lists = (listed: readonly string[]) => ({
		createOnly: write === 'create' ? listed : [],
		fillOnly: write === 'fill' ? listed : [],
	});

	test('stands in the account when there is a value', () => {
		for (const [given, value] of values) {
			const account = mapped(run(given));
			expect(account.attributes[name]).toEqual(value);
			expect(Object.keys(account.attributes)).toEqual(names);
			expect(account).toMatchObject(lists(names));
		}
	});

	test.each<[what: string, given: unknown]>([
		['is absent', undefined],
		['is null', null],
		['is an empty string', ''],
		['is blank', ' \u200b '],
		['is an empty list', []],
		['is a list of nothing', ['', null]],
	])('follows its rule when the field %s', (_what, given) => {
		const outcome = run(given);
		if (ifEmpty === 'reject') {
			expect(rules(outcome)).toEqual([[name, 'required']]);
			return;
		}
		const account = mapped(outcome);
		const cleared = ifEmpty === 'clear' ? names : [];
		expect(account.attributes).toEqual(Object.fromEntries(cleared.map((attribute) => [attribute, null])));
		expect(account).toMatchObject(lists(cleared));
	});
});
