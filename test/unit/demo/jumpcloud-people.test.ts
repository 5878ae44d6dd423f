import { seedPeople, SPECIAL, type JumpCloudUser } from '../../../demo/jumpcloud/people';

const seeded = { seed: 20_261_123, count: 250 };
const people = seedPeople(seeded);
const byId = new Map(people.map((person) => [person._id, person]));
const inState = (state: JumpCloudUser['state']) => people.filter((person) => person.state === state);
const special = (name: keyof typeof SPECIAL) => byId.get(SPECIAL[name]._id);

describe('the seeded people', () => {
	test('are the same for the same seed and others for another', () => {
		expect(seedPeople(seeded)).toEqual(people);
		expect(seedPeople({ ...seeded, seed: 7 })).not.toEqual(people);
	});

	test('are 250: 228 active, 12 suspended, 10 staged; `suspended` and `activated` agree with the state', () => {
		expect([people.length, ...(['ACTIVATED', 'SUSPENDED', 'STAGED'] as const).map((s) => inState(s).length)]).toEqual([
			250, 228, 12, 10,
		]);
		for (const { state, suspended, activated } of people)
			expect([suspended, activated]).toEqual([state === 'SUSPENDED', state === 'ACTIVATED']);
	});

	test('have unique ids of 24 hexadecimal digits, given as _id and as id', () => {
		expect(byId.size).toBe(people.length);
		for (const { _id, id } of people) {
			expect(_id).toMatch(/^[0-9a-f]{24}$/);
			expect(id).toBe(_id);
		}
	});

	test('have unique keys that fit into employeeID, but for six active people: some without the field, some with an empty one', () => {
		const keyless = people.filter((person) => !person.employeeIdentifier);
		expect(keyless.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'ACTIVATED'));
		expect(new Set(keyless.map((person) => 'employeeIdentifier' in person))).toEqual(new Set([true, false]));
		const keys = people.flatMap(({ employeeIdentifier }) => (employeeIdentifier ? [employeeIdentifier] : []));
		expect(new Set(keys).size).toBe(244);
		for (const key of keys) expect(key).toMatch(/^E\d{5}$/);
	});

	test('have unique ASCII usernames, some too long for sAMAccountName', () => {
		const usernames = people.map(({ username }) => username);
		expect(new Set(usernames).size).toBe(people.length);
		for (const username of usernames) expect(username).toMatch(/^[a-z]+(\.[a-z]+)?\d*$/);
		expect(usernames.filter((username) => username.length > 20).length).toBeGreaterThan(5);
	});

	test.each([
		['Greek', /\p{Script=Greek}/u],
		['Cyrillic', /\p{Script=Cyrillic}/u],
		['Hebrew', /\p{Script=Hebrew}/u],
		['Chinese or Japanese', /\p{Script=Han}/u],
		['Turkish', /[ğışİ]/],
		['Polish', /[łńśż]/],
		['Nordic', /[åøæ]/],
	])('have names in their own script: %s', (_script, letters) => {
		expect(people.filter(({ displayname }) => letters.test(displayname)).length).toBeGreaterThan(2);
	});

	test('come from twelve countries', () => {
		const countries = people.map((person) => (person['addresses'] as { country: string }[])[0]?.country);
		expect(new Set(countries).size).toBe(12);
	});

	test('form one tree: every department has a head, everybody is below the one person at the top', () => {
		const top = people.filter(({ manager }) => manager === undefined);
		expect(top).toHaveLength(1);
		for (const person of people) {
			const seen = new Set<string>();
			let above: JumpCloudUser | undefined = person;
			while (above?.manager !== undefined && !seen.has(above._id)) {
				seen.add(above._id);
				above = byId.get(above.manager);
			}
			expect(above).toBe(top[0]);
		}
		const heads = people.filter(({ jobTitle }) => jobTitle.startsWith('Head of '));
		const departments = new Set(people.map(({ department }) => department));
		expect(new Set(heads.map(({ department }) => department))).toEqual(departments);
		expect(heads).toHaveLength(departments.size);
		for (const person of people) {
			if (heads.includes(person)) continue;
			const head = heads.find(({ department }) => department === person.department);
			expect(person.manager).toBe(head?._id);
		}
	});

	test('leave optional texts empty for some and out for others', () => {
		expect(
			new Set(people.map(({ location }) => (location === undefined ? 'out' : location === '' ? 'empty' : 'set'))),
		).toEqual(new Set(['out', 'empty', 'set']));
	});

	test('need to be sixty, so that every kind of them is there', () => {
		expect(() => seedPeople({ seed: 1, count: 59 })).toThrow('at least 60');
		const few = seedPeople({ seed: 1, count: 60 });
		for (const { _id } of Object.values(SPECIAL)) expect(few.some((person) => person._id === _id)).toBe(true);
	});
});

describe('the special people', () => {
	test.each(Object.entries(SPECIAL))(
		'are active and have their key, for any seed: %s',
		(_name, { _id, key, displayname }) => {
			for (const all of [people, seedPeople({ seed: 99, count: 60 })]) {
				expect(all.find((person) => person._id === _id)).toMatchObject({
					state: 'ACTIVATED',
					employeeIdentifier: key,
					displayname,
				});
			}
		},
	);

	test('have names that are markup, a formula, template text, and punctuation of distinguished names', () => {
		expect(special('markup')?.displayname).toContain('<script>');
		expect(special('formula')?.displayname).toMatch(/^=/);
		expect(special('template')?.displayname).toMatch(/\$\{.*\{\{/);
		expect(special('punctuation')?.displayname).toMatch(/,.*".*\+/);
	});

	test('share a full name, have two surnames, or one name only', () => {
		expect(special('twinOne')?.displayname).toBe(special('twinTwo')?.displayname);
		expect(special('twinOne')?.username).not.toBe(special('twinTwo')?.username);
		expect(special('doubleSurname')?.lastname).toMatch(/[- ]/);
		expect([special('oneWord')?.lastname, special('oneWord')?.displayname]).toEqual(['', 'Sukarno']);
	});
});
