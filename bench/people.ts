/** People as an HR system gives them: 25 fields, some of them nested; every second name is not plain ASCII. Always the same people. */
import type { IDataObject } from 'n8n-workflow';

const PLAIN = {
	first: ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Katherine', 'Linus', 'Margaret', 'Dennis', 'Frances'],
	last: [
		'Lovelace',
		'Hopper',
		'Turing',
		'Dijkstra',
		'Liskov',
		'Knuth',
		'Johnson',
		'Perlman',
		'Hamilton',
		'Ritchie',
		'Allen',
	],
};
const OTHER = {
	first: ['Zoë', 'Jürgen', 'Þórdís', 'İpek', 'Анна', 'Łukasz', 'Ελένη', 'Søren', 'Małgorzata', 'Олександр', 'José'],
	last: [
		'Müller-Lüdenscheidt',
		'Grønbæk',
		'Sigurðardóttir',
		'Yılmaz',
		'Иванова',
		'Wiśniewski',
		'Παπαδοπούλου',
		'Øster',
		'Nuñez',
	],
};
const TITLES = ['Engineer', 'Senior Accountant', 'Head of Logistics', 'Nurse', 'Working Student', 'Bürokauffrau'];
const PLACES = [
	{ locality: 'Berlin', region: 'BE', postalCode: '10115', country: 'DE', street: 'Invalidenstraße', dial: '+49 30' },
	{
		locality: 'København',
		region: 'Hovedstaden',
		postalCode: '1550',
		country: 'DK',
		street: 'Rådhuspladsen',
		dial: '+45 33',
	},
	{ locality: 'Łódź', region: 'LD', postalCode: '90-001', country: 'PL', street: 'Piotrkowska', dial: '+48 42' },
	{ locality: 'Boston', region: 'MA', postalCode: '02108', country: 'US', street: 'Beacon Street', dial: '+1 617' },
] as const;

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const digits = (index: number, length: number) => String((index * 7919) % 10 ** length).padStart(length, '0');

function person(index: number): IDataObject {
	const names = index % 2 === 0 ? PLAIN : OTHER;
	const firstname = pick(names.first, index >> 1);
	const lastname = pick(names.last, Math.floor(index / 23));
	const { street, dial, ...place } = pick(PLACES, index);
	const login = `user${index}`;
	return {
		_id: `5f1b1bb2c9e7${index.toString(16).padStart(12, '0')}`,
		employeeIdentifier: `E${String(index).padStart(7, '0')}`,
		username: login,
		email: `${login}@example.com`,
		firstname,
		middlename: index % 5 === 0 ? pick(PLAIN.first, index >> 3) : '',
		lastname,
		displayname: `${firstname} ${lastname}`,
		jobTitle: pick(TITLES, index),
		department: `Department ${index % 40}`,
		division: `Division ${index % 7}`,
		costCenter: String(4000 + (index % 90)),
		company: 'Example Corporation GmbH & Co. KG',
		location: `${place.locality} ${index % 12}`,
		employeeType: pick(['internal', 'external', 'trainee'], index),
		manager: `E${String(index % 500).padStart(7, '0')}`,
		state: 'ACTIVATED',
		activated: true,
		suspended: false,
		hireDate: `20${String(10 + (index % 15))}-0${1 + (index % 9)}-1${index % 10}`,
		created: '2024-02-29T08:30:00.000Z',
		name: { salutation: pick(['Ms', 'Mr', 'Dr.'], index), initials: `${firstname.charAt(0)}${lastname.charAt(0)}` },
		address: { ...place, streetAddress: `${street} ${1 + (index % 200)}`, type: 'work' },
		phones: { work: `${dial} ${digits(index, 6)}`, mobile: `+49 151 ${digits(index, 8)}`, room: `B ${index % 900}` },
		notes: `Joined with the cohort ${index % 31}; badge ${digits(index, 9)}.`,
	};
}

/** As they come off the wire: through JSON, so that no text is shared or put together from pieces. */
export function people(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, index) => JSON.parse(JSON.stringify(person(index))) as IDataObject);
}
