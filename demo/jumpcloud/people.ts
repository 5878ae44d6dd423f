/** Invented people for the JumpCloud simulator: the same ones for the same seed, in the shape of JumpCloud's `systemuser`. */
import anyAscii from 'any-ascii';
import {
	de,
	el,
	en,
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
	type LocaleDefinition,
} from '@faker-js/faker';
import { accountFields, type AccountState } from './account.ts';

/** The `_id` of the organization that everybody belongs to. */
export const ORGANIZATION = '5f1b1bb2c9e77742c1cd0b66';

export type JumpCloudUser = {
	readonly _id: string;
	readonly id: string;
	readonly username: string;
	readonly email: string;
	readonly displayname: string;
	readonly firstname: string;
	readonly lastname: string;
	readonly state: AccountState;
	readonly suspended: boolean;
	readonly activated: boolean;
	/** Missing or `""` for those who have none: the published description does not allow null here. */
	readonly employeeIdentifier?: string;
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

/** People whose names or values are traps, by what they are: active, for every seed. The key is their employeeIdentifier. */
export const SPECIAL = {
	markup: {
		_id: '5f1a00000000000000019001',
		key: 'E19001',
		firstname: 'Mallory',
		lastname: '<script>alert(1)</script>',
		displayname: '<a href="https://evil.example">Click</a><script>alert(1)</script>',
	},
	punctuation: {
		_id: '5f1a00000000000000019002',
		key: 'E19002',
		firstname: 'Max "Maxi"',
		lastname: "O'Brien + Söhne, Jr.",
		displayname: 'O\'Brien, "Max" + Söhne',
	},
	formula: {
		_id: '5f1a00000000000000019003',
		key: 'E19003',
		firstname: '=cmd',
		lastname: 'Formula',
		displayname: '=HYPERLINK("https://evil.example")',
	},
	template: {
		_id: '5f1a00000000000000019004',
		key: 'E19004',
		firstname: '${lastname}',
		lastname: '{{ $json.email }}',
		displayname: '${email} {{ 7*7 }}',
	},
	twinOne: {
		_id: '5f1a00000000000000019005',
		key: 'E19005',
		firstname: 'Anna',
		lastname: 'Schmidt',
		displayname: 'Anna Schmidt',
	},
	twinTwo: {
		_id: '5f1a00000000000000019006',
		key: 'E19006',
		firstname: 'Anna',
		lastname: 'Schmidt',
		displayname: 'Anna Schmidt',
	},
	doubleSurname: {
		_id: '5f1a00000000000000019007',
		key: 'E19007',
		firstname: 'María José',
		lastname: 'García-Íñiguez de la Torre',
		displayname: 'María José García-Íñiguez de la Torre',
	},
	oneWord: {
		_id: '5f1a00000000000000019008',
		key: 'E19008',
		firstname: 'Sukarno',
		lastname: '',
		displayname: 'Sukarno',
	},
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
		const ownId =
			(0x5f00_0000 + index * 7919).toString(16).padStart(8, '0') +
			faker.string.hexadecimal({ length: 16, casing: 'lower', prefix: '' });
		const _id = special?._id ?? ownId;
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
	const username = uniqueUsername(firstname, lastname, usernames);
	// Counted from the end, so that heads and special people stay active and keep their keys.
	const fromEnd = count - 1 - index;
	const state = fromEnd < STAGED ? 'STAGED' : fromEnd < STAGED + SUSPENDED ? 'SUSPENDED' : 'ACTIVATED';
	const keyless = fromEnd >= STAGED + SUSPENDED && fromEnd < STAGED + SUSPENDED + WITHOUT_KEY;
	const key = special?.key ?? (keyless ? '' : `E${10_000 + index}`);
	const isHead = index < DEPARTMENTS.length;
	const work = {
		employeeType: index % 9 === 0 ? 'Contractor' : 'Employee',
		company: 'Example Corporation',
		costCenter: `CC-${100 + (index % 10)}`,
		department,
		jobTitle: isHead ? `Head of ${department}` : inventJob(faker),
		...inventLocation(faker, index),
		relationships: [],
	};
	const contact = inventContact(faker, COUNTRIES[index % COUNTRIES.length]);
	return {
		_id,
		id: _id,
		username,
		email: `${username}@corp.example.com`,
		displayname,
		firstname,
		lastname,
		...accountFields(index, state, faker.date.past({ years: 8 }).toISOString()),
		// Who has no key lacks the field or has an empty one, by turns.
		...(key === '' && index % 2 === 0 ? {} : { employeeIdentifier: key }),
		...work,
		...(manager === undefined ? {} : { manager }),
		...contact,
		attributes: [{ name: 'badge', value: String(40_000 + index) }],
		organization: ORGANIZATION,
	};
}

function inventJob(faker: Faker): string {
	const level = faker.helpers.arrayElement(['Junior', 'Senior', 'Lead']);
	return `${level} ${faker.helpers.arrayElement(['Specialist', 'Analyst', 'Engineer', 'Manager'])}`;
}

/** One in five has no location: the field is empty or missing, by turns. */
function inventLocation(faker: Faker, index: number): { readonly location?: string } {
	if (index % 5 !== 0) return { location: `${faker.location.city()} office` };
	return index % 2 === 0 ? {} : { location: '' };
}

function inventContact(faker: Faker, country: string | undefined): Readonly<Record<string, unknown>> {
	const entryId = () => faker.string.hexadecimal({ length: 24, casing: 'lower', prefix: '' });
	return {
		addresses: [
			{
				id: entryId(),
				type: 'work',
				poBox: '',
				extendedAddress: '',
				streetAddress: faker.location.streetAddress(),
				locality: faker.location.city(),
				region: '',
				postalCode: faker.location.zipCode(),
				country,
			},
		],
		phoneNumbers: [{ id: entryId(), type: 'work', number: faker.phone.number({ style: 'international' }) }],
	};
}

/** ASCII, lower case, unique; some are longer than the 20 characters that Active Directory takes. */
function uniqueUsername(firstname: string, lastname: string, taken: Set<string>): string {
	const ascii = (text: string) =>
		anyAscii(text)
			.toLowerCase()
			.replace(/[^a-z]/g, '');
	const base = `${ascii(firstname)}.${ascii(lastname)}`.replace(/^\.+|\.+$/g, '').slice(0, 40) || 'person';
	let name = base;
	for (let number = 2; taken.has(name); number += 1) name = `${base}${number}`;
	taken.add(name);
	return name;
}
