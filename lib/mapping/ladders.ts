/** Rows of Names: for each a ladder of candidates, best first, and how they are numbered. */
import type { NameLadder } from '../contracts';
import type { NameAttribute } from '../schema/nameLadder';
import { isCleanAscii } from '../schema/text';
import { makeLadder, type LadderOptions } from './names';
import {
	fixedSuffix,
	isUnset,
	lineReader,
	MappingSettingsError,
	type ParameterSource,
	type Person,
} from './parameters';
import { reviewScripts, type Findings } from './writers';

export type LadderRow = {
	readonly name: NameAttribute;
	/** A candidate on each line, or an expression's list. */
	readonly formats: ParameterSource;
	readonly counter: { readonly start: number; readonly width: number; readonly limit: number };
};

export type Ladders = (person: Person, key: string, findings: Findings) => Record<string, NameLadder>;

/** More numbers than this would be that many names looked for in the directory. */
const LAST_NUMBER = 9999;

/** @throws MappingSettingsError for a row without a format, a format that is none, or a counter that cannot count */
export function compileLadders(
	rows: readonly LadderRow[],
	options: { readonly fallbackPrefix: string; readonly reservedNames: readonly string[] },
): Ladders {
	const reserved = new Set(
		options.reservedNames.map((name) => name.trim().toLowerCase()).filter((name) => name !== ''),
	);
	const compiled = rows.map(({ name, formats, counter }, index) => {
		const parameter = `Names, row ${index + 1} (${name})`;
		if (isUnset(formats))
			throw new MappingSettingsError(
				parameter,
				'The row has no format.',
				'Write fields as ${firstname}, filters as ${firstname | first_chars: 1}.',
			);
		refuseCounter(counter, parameter);
		const base = {
			counterStart: counter.start,
			counterLimit: counter.limit,
			counterWidth: counter.width,
			fallbackPrefix: options.fallbackPrefix,
			reserved,
		};
		return { name, base, suffix: fixedSuffix(formats), read: lineReader(formats, parameter) };
	});
	return (person, key, findings) => {
		const ladders: Record<string, NameLadder> = {};
		for (const { name, base, suffix, read } of compiled) {
			const settings: LadderOptions = { ...base, locale: person.locale };
			const ladder = makeLadder(name, read(person, name, findings.problems), key, settings, suffix);
			if (ladder) ladders[name] = ladder;
			else
				findings.problems.push({
					attribute: name,
					rule: 'name',
					value: '',
					message: `No format gives a name for ${name}, and the key gives none either.`,
				});
			const [first = ''] = ladder?.candidates ?? [];
			if (name === 'cn' && !isCleanAscii(first)) reviewScripts(name, first, findings.review);
		}
		return ladders;
	};
}

function refuseCounter({ start, width, limit }: LadderRow['counter'], parameter: string): void {
	const numbers = [
		['Start', start, LAST_NUMBER],
		['Width', width, 9],
		['Highest Number', limit, LAST_NUMBER],
	] as const;
	for (const [name, number, most] of numbers) {
		if (!Number.isInteger(number) || number < 0 || number > most)
			throw new MappingSettingsError(
				`${parameter}, Counter ${name}`,
				`${number} is no number to count with.`,
				`Enter a whole number from 0 to ${most}.`,
			);
	}
}
