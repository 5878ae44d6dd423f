/** The HR system of the model test: its people, what may happen to them, and the feed that comes of it. */
import type { AttributeValue, DesiredAccount, FeedReport, NameLadder } from '../../lib/contracts';
import type { FeedInput } from '../../lib/provisioning/plan/types';

export const UNITS = ['People', 'Sales', 'Research'] as const;
export type Unit = (typeof UNITS)[number];
/** Groups that rules give; nobody but an administrator adds anybody to the club. */
export const RULED = ['Staff', 'Sellers', 'Researchers'] as const;
export const CLUB = 'Club';
export type GroupName = (typeof RULED)[number] | typeof CLUB;

/** Instants are hours since the walk began; those of HR lie between two whole ones, where no run ever takes place. */
export type Person = {
	readonly id: number;
	key: string;
	previousKeys: string[];
	given: string;
	sn: string;
	title: string | null;
	department: string;
	/** Written at creation only. */
	company: string;
	/** Written only where there is none. */
	mobile: string | null;
	boss: Person | null;
	unit: Unit;
	groups: readonly GroupName[];
	startsAt: number | null;
	endsAt: number | null;
	lifecycle: 'active' | 'away' | 'leaver';
	/** Whether the feed has a record. */
	listed: boolean;
};

export type Hr = {
	/** Part of every name and key: walks share a domain, and names are unique in it. */
	readonly tag: string;
	readonly people: Person[];
	/** Common names that differ for all: where renaming is off, nobody could get another one. */
	readonly ownNames: boolean;
};

const GIVEN = ['Ada', 'Alan', 'Grace'] as const;
const SURNAMES = ['Ng', 'Roe'] as const;
const TITLES = ['Engineer', 'Lead', null, 'Poet'] as const;
const DEPARTMENTS = ['Research', 'Sales', 'Support'] as const;
const MOST_PEOPLE = 12;

/** The element at a place that goes round and round. */
export function pick<T>(list: readonly T[], n: number): T {
	const found = list[n % list.length];
	if (found === undefined) throw new Error('There is nothing to pick from.');
	return found;
}

/** Between two runs: HR's days begin half an hour before ours. */
const soon = (hours: number, days: number) => Math.floor(hours) + days * 24 + 0.5;
const justPast = (hours: number) => Math.floor(hours) - 0.5;

/** What HR does, by name; `n` varies it. @returns false when there is nobody that it could be done to */
export const HR_ACTIONS: Readonly<Record<string, (hr: Hr, who: number, n: number, now: number) => boolean>> = {
	hire: (hr, who, n, now) => {
		if (hr.people.length >= MOST_PEOPLE) return false;
		const id = hr.people.length + 1;
		hr.people.push({
			...{ id, key: `${hr.tag}-${id}`, previousKeys: [], given: pick(GIVEN, n), sn: pick(SURNAMES, n >> 1) },
			...{ title: pick(TITLES, n), department: pick(DEPARTMENTS, who), company: `Company ${n % 3}` },
			...{ mobile: n % 2 === 0 ? `+49 170 ${id}` : null, boss: bossOf(hr, who, undefined), unit: pick(UNITS, who) },
			...{ groups: RULED.filter((_, index) => ((n >> index) & 1) === 1), lifecycle: 'active', listed: true },
			startsAt: pick([null, justPast(now), soon(now, 3), soon(now, 12)], who + n),
			endsAt: n % 5 === 0 ? soon(now, 30) : null,
		});
		return true;
	},
	change: (hr, who, n) => {
		const person = one(hr, who, isWorking);
		if (!person) return false;
		CHANGES[n % CHANGES.length]?.(person, hr, n);
		return true;
	},
	leave: (hr, who, n, now) => {
		const person = one(hr, who, isWorking);
		if (!person) return false;
		if (n % 3 === 0) person.lifecycle = 'leaver';
		else if (n % 3 === 1) person.endsAt = justPast(now);
		else person.listed = false;
		return true;
	},
	returns: (hr, who, n, now) => {
		const person = one(hr, who, (each) => !isWorking(each) || (each.endsAt ?? now) < now);
		if (!person) return false;
		Object.assign(person, { lifecycle: 'active', listed: true, endsAt: n % 4 === 0 ? soon(now, 40) : null });
		person.startsAt = n % 5 === 0 ? soon(now, 2) : null;
		person.unit = pick(UNITS, n);
		return true;
	},
	away: (hr, who) => {
		const person = one(hr, who, isWorking);
		if (person) person.lifecycle = person.lifecycle === 'away' ? 'active' : 'away';
		return person !== undefined;
	},
	/** A contractor becomes an employee: another key, and the old one among the previous ones. */
	convert: (hr, who) => {
		const person = one(hr, who, ({ previousKeys }) => previousKeys.length === 0);
		if (!person) return false;
		person.previousKeys = [person.key];
		person.key = `${person.key}e`;
		return true;
	},
	/** Somebody who left vanishes from the feed as well, or comes back into it as a leaver. */
	forget: (hr, who) => {
		const person = one(hr, who, ({ lifecycle }) => lifecycle === 'leaver');
		if (person) person.listed = !person.listed;
		return person !== undefined;
	},
};

const isWorking = ({ listed, lifecycle }: Person) => listed && lifecycle !== 'leaver';

function one(hr: Hr, who: number, may: (person: Person) => boolean): Person | undefined {
	const able = hr.people.filter(may);
	return able.length > 0 ? pick(able, who) : undefined;
}

function bossOf(hr: Hr, who: number, but: Person | undefined): Person | null {
	const able = hr.people.filter((person) => person !== but && isWorking(person));
	return able.length === 0 || who % 4 === 0 ? null : pick(able, who);
}

const CHANGES: ReadonlyArray<(person: Person, hr: Hr, n: number) => void> = [
	(person, _, n) => (person.title = pick(TITLES, n >> 3)),
	(person, _, n) => (person.department = pick(DEPARTMENTS, n >> 3)),
	(person, hr, n) => (person.boss = bossOf(hr, n >> 3, person)),
	(person, _, n) => (person.unit = pick(UNITS, n >> 3)),
	(person, _, n) => (person.groups = RULED.filter((__, index) => ((n >> (3 + index)) & 1) === 1)),
	(person, _, n) => (person.sn = pick(SURNAMES, n >> 3)),
	(person, _, n) => Object.assign(person, { company: `Company ${n >> 3}`, mobile: `+49 171 ${n}` }),
	(person, _, n) => (person.given = pick(GIVEN, n >> 3)),
];

/** The names that a person may have, the best one first: all that the ladders give. */
export type NamesWanted = Readonly<Record<'sAMAccountName' | 'userPrincipalName' | 'mail' | 'cn', NameLadder>>;

export function namesOf(hr: Hr, { given, sn, id }: Person): NamesWanted {
	const local = [`${given}.${sn}${hr.tag}`, `${given[0]}.${sn}${hr.tag}`].map((name) => name.toLowerCase());
	const address = local.map((name) => `${name}@corp.example.com`);
	const ladder = (candidates: readonly string[], maxLength: number): NameLadder => ({
		candidates,
		counter: { base: candidates[0] ?? '', start: 2, width: 1, limit: 30, maxLength },
	});
	return {
		sAMAccountName: ladder(local, 20),
		userPrincipalName: ladder(address, 60),
		mail: ladder(address, 60),
		cn: ladder([hr.ownNames ? `Person ${id}` : `${given} ${sn}`], 64),
	};
}

/** Attributes that are texts, in the order of the mapping. */
export function textsOfPerson({ given, sn, title, department, company, mobile }: Person) {
	const always = { displayName: `${given} ${sn}`, givenName: given, sn, title, department, company };
	return mobile === null ? always : { ...always, mobile };
}

/** A person as Attribute Map gives them. @param instant of an hour; @param place of a unit */
export function desired(
	hr: Hr,
	person: Person,
	instant: (hour: number) => string,
	place: (name: string) => string,
): DesiredAccount {
	const { key, previousKeys, boss, lifecycle, startsAt, endsAt, unit, groups } = person;
	const attributes: Record<string, AttributeValue> = {
		...{ employeeID: key, ...textsOfPerson(person) },
		manager: boss ? { by: 'employeeID', value: boss.key } : null,
	};
	return {
		...{ formatVersion: 1, key, previousKeys: [...previousKeys], displayName: `${person.given} ${person.sn}` },
		...{ lifecycle, attributes, createOnly: ['company'], fillOnly: ['mobile'], names: namesOf(hr, person) },
		...{ review: [], ou: place(unit), groups: groups.map(place), managedGroups: RULED.map(place) },
		startsAt: startsAt === null ? null : instant(startsAt),
		endsAt: endsAt === null ? null : instant(endsAt),
	};
}

/** The feed of one run. */
export type Feed = {
	readonly mapped: readonly Person[];
	/** Attribute Map could not map this one. */
	readonly rejected: readonly Person[];
	/** A feed that may not be whole. */
	readonly trusted: boolean;
	readonly previousMissing: readonly string[] | null;
};

export function feedInput({ mapped, rejected, trusted, previousMissing }: Feed): FeedInput {
	const report: FeedReport = {
		...{ formatVersion: 1, node: 'HR', feed: 'people', kind: 'full', complete: trusted, warnings: [], comparison: '' },
		...{ reasons: trusted ? [] : ['page 2 is missing'], evidence: trusted ? 'strong' : 'weak' },
		...{ records: mapped.length + rejected.length, nextSince: null, endpoints: [] },
	};
	const others = rejected.map(({ key, given }) => ({ key, displayName: given }));
	return { input: 'whole', report, rejected: others, outOfScope: [], previousMissing };
}
