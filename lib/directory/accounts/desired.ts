/** What a desired account asks of the directory: whom to look for, what to read, which values to have. */
import type { DesiredAccount } from '../../contracts';
import { toFileTime } from '../../schema/instants';
import { whyNeverWritten } from '../../schema/neverWritten';
import { DirectoryError } from '../errors';
import type { Lookup, Marking, Matching } from './account';
import { NAME_ATTRIBUTES } from './names';

/** As far as an account that exists is concerned. */
export type DesiredValues = Pick<DesiredAccount, 'attributes' | 'createOnly' | 'fillOnly' | 'groups' | 'names'>;

/**
 * The value to find the person by: the mapped one of the match attribute, a name with one candidate only, else the key.
 * @throws DirectoryError (configuration) for an attribute that cannot tell people apart
 */
export function matchingOf({ attributes, names, key }: DesiredAccount, marking: Marking): Matching {
	const { matchAttribute } = marking;
	const unusable = (reason: string) =>
		new DirectoryError({
			kind: 'configuration',
			message: `"${matchAttribute}" cannot be the match attribute: ${reason}.`,
			whatToDo: 'Match on an attribute that holds the key of the HR system, such as employeeID.',
		});
	const reason = whyNeverWritten(matchAttribute);
	if (reason) throw unusable(reason);
	const ladder = names[ownName(names, matchAttribute) ?? ''];
	const [only, ...further] = ladder?.candidates ?? [];
	if (ladder && (ladder.counter || further.length > 0))
		throw unusable('its value comes from a name ladder, so it is not known beforehand');
	const own = only ?? attributes[ownName(attributes, matchAttribute) ?? ''] ?? key;
	if (typeof own !== 'string') throw unusable('it is mapped to something else than one text');
	return { ...marking, matchValue: own };
}

/** An attribute's name as an object spells it. */
export function ownName(of: Readonly<Record<string, unknown>>, attribute: string): string | undefined {
	const wanted = attribute.toLowerCase();
	// Without a list of all names: a plan asks this of everybody.
	for (const name in of) if (name.length === wanted.length && name.toLowerCase() === wanted) return name;
	return undefined;
}

/**
 * The attributes to have: without the match attribute, which is written at creation and never changed or cleared after it. The last day also
 * ends the account by itself, so that it closes even when nobody runs anything on that day.
 * @throws DirectoryError (configuration) when the mapping would write over the state marks
 */
export function attributesToHave(
	{ attributes, endsAt = null }: Pick<DesiredAccount, 'attributes'> & Partial<Pick<DesiredAccount, 'endsAt'>>,
	{ matchAttribute, markAttribute }: Marking,
): DesiredAccount['attributes'] {
	if (ownName(attributes, markAttribute)) {
		throw new DirectoryError({
			kind: 'configuration',
			message: `${markAttribute} is to be written, but it holds the marks that say why an account is disabled.`,
			whatToDo: 'Take it out of the attributes, or choose another Mark Attribute in the options of this node.',
		});
	}
	const match = ownName(attributes, matchAttribute);
	const ends = endsAt === null || ownName(attributes, 'accountExpires') ? {} : { accountExpires: fileTimeOf(endsAt) };
	return { ...Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== match)), ...ends };
}

/** An instant of a desired account as accountExpires has it. @throws DirectoryError (person) */
export function fileTimeOf(instant: string): string {
	const ms = Date.parse(instant);
	if (Number.isNaN(ms))
		throw new DirectoryError({
			kind: 'person',
			message: `"${instant}" is no instant for the end of the account.`,
			whatToDo: 'Give endsAt as Attribute Map does, such as 2026-12-31T23:00:00Z.',
		});
	return toFileTime(ms);
}

/** What is compared with an account, by attribute name. */
export function attributesToRead({ attributes, groups }: Pick<DesiredAccount, 'attributes' | 'groups'>): string[] {
	return [
		...new Set([
			...Object.keys(attributes),
			...NAME_ATTRIBUTES,
			'accountExpires',
			...(groups.length > 0 ? ['memberOf'] : []),
		]),
	];
}

/** Everybody whom the desired account is about: the person, and those its attributes point to. For reading many at once. */
export function lookupsOf(desired: DesiredAccount, marking: Marking): Lookup[] {
	const { matchAttribute, matchValue } = matchingOf(desired, marking);
	const persons = Object.values(desired.attributes).flatMap((wanted) =>
		(Array.isArray(wanted) ? wanted : [wanted]).flatMap((value: unknown) =>
			typeof value === 'object' && value !== null && 'by' in value && 'value' in value
				? [{ attribute: String(value.by), value: String(value.value) }]
				: [],
		),
	);
	return [{ attribute: matchAttribute, value: matchValue }, ...persons];
}
