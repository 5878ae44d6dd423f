/** Invented people for the JumpCloud simulator: the same ones for the same seed, in the shape of JumpCloud's `systemuser`. */
import anyAscii from 'any-ascii';
import {
	de,
	el,
	es,
	Faker,
	fr,
	he,
	ja,
	nb_NO,
	pl,
	ru,
	sv,
	tr,
	zh_CN,
	en,
	type LocaleDefinition,
} from '@faker-js/faker';

export type JumpCloudUser = {
	readonly _id: string;
	readonly id: string;
	readonly username: string;
	readonly email: string;
	readonly displayname: string;
	readonly firstname: string;
	readonly lastname: string;
	readonly state: 'ACTIVATED' | 'STAGED' | 'SUSPENDED';
	readonly suspended: boolean;
	readonly activated: boolean;
	readonly employeeIdentifier: string | null;
	readonly manager?: string;
	readonly department: string;
	readonly jobTitle: string;
	readonly [field: string]: unknown;
};

const LOCALES: readonly LocaleDefinition[] = [de, el, es, fr, he, ja, nb_NO, pl, ru, sv, tr, zh_CN];
const COUNTRIES = ['DE', 'GR', 'ES', 'FR', 'IL', 'JP', 'NO', 'PL', 'RU', 'SE', 'TR', 'CN'] as const;
const DEPARTMENTS = [
	'Engineering',
	'Sales',
	'Marketing',
	'Finance',
	'Human Resources',
	'Operations',
	'Legal',
	'Customer Care',
	'Research',
	'IT',
] as const;
/** Fixed, so that no date depends on the day of the run. */
const TODAY = new Date('2026-11-01T00:00:00Z');

const STAGED = 10;
const SUSPENDED = 12;
const WITHOUT_KEY = 6;

/** People whose names or values are traps, by what they are. The key is their employeeIdentifier. */
export const SPECIAL = {
	markup: {
		key: 'E19001',
		firstname: 'Mallory',
		lastname: '<script>alert(1)</script>',
		displayname: '<a href="https://evil.example">Click</a><script>alert(1)</script>',
	},
	punctuation: {
		key: 'E19002',
		firstname: 'Max "Maxi"',
		lastname: "O'Brien + Söhne, Jr.",
		displayname: 'O\'Brien, "Max" + Söhne',
	},
	formula: { key: 'E19003', firstname: '=cmd', lastname: 'Formula', displayname: '=HYPERLINK("https://evil.example")' },
	template: {
		key: 'E19004',
		firstname: '${lastname}',
		lastname: '{{ $json.email }}',
		displayname: '${email} {{ 7*7 }}',
	},
	twinOne: { key: 'E19005', firstname: 'Anna', lastname: 'Schmidt', displayname: 'Anna Schmidt' },
	twinTwo: { key: 'E19006', firstname: 'Anna', lastname: 'Schmidt', displayname: 'Anna Schmidt' },
	doubleSurname: {
		key: 'E19007',
		firstname: 'María José',
		lastname: 'García-Íñiguez de la Torre',
		displayname: 'María José García-Íñiguez de la Torre',
	},
	oneWord: { key: 'E19008', firstname: 'Sukarno', lastname: '', displayname: 'Sukarno' },
} as const;

/**
 * @param count at least 60
 * @returns people in no particular order
 */
export function seedPeople({ seed, count }: { readonly seed: number; readonly count: number }): JumpCloudUser[] {
	if (count < 60) throw new Error('The simulator needs at least 60 people to show every kind of them.');
	const fakers = LOCALES.map((locale, index) => {
		const faker = new Faker({ locale: [locale, en] });
		faker.seed(seed + index);
		faker.setDefaultRefDate(TODAY);
		return faker;
	});
	const usernames = new Set<string>();
	const heads = new Map<string, string>();
	const specials = Object.values(SPECIAL);
	const people: JumpCloudUser[] = [];
	for (let index = 0; index < count; index += 1) {
		const faker = fakers[index % fakers.length] ?? new Faker({ locale: en });
		const special = specials[index - DEPARTMENTS.length];
		const department = DEPARTMENTS[index % DEPARTMENTS.length] ?? 'IT';
		const _id =
			(0x5f00_0000 + index * 7919).toString(16).padStart(8, '0') +
			faker.string.hexadecimal({ length: 16, casing: 'lower', prefix: '' });
		const manager = heads.get(department) ?? heads.get(DEPARTMENTS[0]);
		people.push(
			makePerson({
				faker,
				index,
				count,
				special,
				department,
				_id,
				usernames,
				...(manager === undefined ? {} : { manager }),
			}),
		);
		// The first of each department is its head; the very first has nobody above.
		if (!heads.has(department)) heads.set(department, _id);
	}
	return fakers[0]?.helpers.shuffle(people) ?? people;
}

type Making = {
	readonly faker: Faker;
	readonly index: number;
	readonly count: number;
	readonly special: (typeof SPECIAL)[keyof typeof SPECIAL] | undefined;
	readonly department: string;
	readonly _id: string;
	readonly manager?: string;
	readonly usernames: Set<string>;
};

function makePerson({ faker, index, count, special, department, _id, manager, usernames }: Making): JumpCloudUser {
	const firstname = special?.firstname ?? faker.person.firstName();
	const lastname = special?.lastname ?? faker.person.lastName();
	const displayname = special?.displayname ?? `${firstname} ${lastname}`;
	const username = uniqueUsername(firstname, lastname, usernames, special !== undefined);
	// Counted from the end, so that heads and special people stay active and keep their keys.
	const fromEnd = count - 1 - index;
	const state = fromEnd < STAGED ? 'STAGED' : fromEnd < STAGED + SUSPENDED ? 'SUSPENDED' : 'ACTIVATED';
	const keyless = fromEnd >= STAGED + SUSPENDED && fromEnd < STAGED + SUSPENDED + WITHOUT_KEY;
	return {
		_id,
		id: _id,
		username,
		email: `${username}@corp.example.com`,
		displayname,
		firstname,
		lastname,
		middlename: '',
		state,
		suspended: state === 'SUSPENDED',
		activated: state === 'ACTIVATED',
		account_locked: false,
		account_locked_date: null,
		employeeIdentifier: special?.key ?? (keyless ? null : `E${10_000 + index}`),
		employeeType: index % 9 === 0 ? 'Contractor' : 'Employee',
		company: 'Example Corporation',
		costCenter: `CC-${100 + (index % 10)}`,
		department,
		jobTitle:
			index < DEPARTMENTS.length
				? `Head of ${department}`
				: `${faker.helpers.arrayElement(['Junior', 'Senior', 'Lead'])} ${faker.helpers.arrayElement(['Specialist', 'Analyst', 'Engineer', 'Manager'])}`,
		location: index % 5 === 0 ? '' : `${faker.location.city()} office`,
		...(manager === undefined ? {} : { manager }),
		addresses: [
			{
				id: faker.string.hexadecimal({ length: 24, casing: 'lower', prefix: '' }),
				type: 'work',
				streetAddress: faker.location.streetAddress(),
				locality: faker.location.city(),
				region: '',
				postalCode: faker.location.zipCode(),
				country: COUNTRIES[index % COUNTRIES.length],
			},
		],
		phoneNumbers: [
			{
				id: faker.string.hexadecimal({ length: 24, casing: 'lower', prefix: '' }),
				type: 'work',
				number: faker.phone.number({ style: 'international' }),
			},
		],
		attributes: [{ name: 'badge', value: String(40_000 + index) }],
		organization: '5f1b1bb2c9e77742c1cd0b66',
		created: faker.date.past({ years: 8 }).toISOString(),
		external_dn: '',
		external_source_type: '',
		externally_managed: false,
		totp_enabled: index % 3 === 0,
		unix_uid: 5000 + index,
		unix_guid: 5000 + index,
	};
}

/** ASCII, lower case, unique; some are longer than the 20 characters that Active Directory takes. */
function uniqueUsername(firstname: string, lastname: string, taken: Set<string>, special: boolean): string {
	const ascii = (text: string) =>
		anyAscii(text)
			.toLowerCase()
			.replace(/[^a-z]/g, '');
	const base =
		(special ? `${ascii(firstname)}.${ascii(lastname)}` : `${ascii(firstname)}.${ascii(lastname)}`)
			.replace(/^\.+|\.+$/g, '')
			.slice(0, 40) || 'person';
	let name = base;
	for (let number = 2; taken.has(name); number += 1) name = `${base}${number}`;
	taken.add(name);
	return name;
}
