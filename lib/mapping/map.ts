/** From an HR record to the account that the person should have. Contacts nothing: the same input gives the same output. */
import type {
	AttributeValue,
	DesiredAccount,
	HcmRecord,
	MappingProblem,
	NameLadder,
	RejectedPerson,
} from '../contracts';
import { attributeFacts, type AttributeFacts } from '../schema/attributes';
import type { NameAttribute } from '../schema/nameLadder';
import { whyNeverWritten } from '../schema/neverWritten';
import { checkOu, convert, requiredText, shownText, spellDnValue } from './convert';
import { makeLadder, type LadderOptions } from './names';
import {
	fixedSuffix,
	lineReader,
	MappingSettingsError,
	reader,
	type Evaluated,
	type ParameterSource,
	type Read,
	type ReadLines,
} from './parameters';

export type MappingSettings = {
	readonly key: ParameterSource;
	readonly displayName: ParameterSource;
	readonly attributes: ReadonlyArray<{ readonly attribute: string; readonly value: ParameterSource }>;
	/** One row for each name; its format has a candidate on each line. */
	readonly names: ReadonlyArray<{ readonly name: NameAttribute; readonly formats: ParameterSource }>;
	readonly ou: ParameterSource;
	readonly ladder: LadderOptions;
};

export type MappingOutcome = { readonly mapped: DesiredAccount } | { readonly rejected: RejectedPerson };

export type Mapping = (record: HcmRecord, evaluated: Evaluated) => MappingOutcome;

/**
 * Compiles the settings once.
 * @throws MappingSettingsError for a format that is none, an attribute that is never written or stands twice, a row without a format, or a
 * counter that cannot count
 */
export function compileMapping(settings: MappingSettings): Mapping {
	const key = reader(settings.key, 'key', 'Key', settings.ladder.language);
	const displayName = reader(settings.displayName, 'displayName', 'Display Name', settings.ladder.language);
	// HR data is a value of the name and never syntax: a department called "IT,OU=Admins" leads nowhere else.
	const ou = reader(settings.ou, 'ou', 'Organizational Unit', settings.ladder.language, spellDnValue);
	const attributes = settings.attributes.map((row, index) => compileAttribute(row, index, settings));
	const names = settings.names.map(({ name, formats }, index) => ({
		name,
		suffix: fixedSuffix(formats),
		read: lineReader(formats, `names.${index}`, `Names, row ${index + 1} (${name})`, settings.ladder.language),
	}));
	refuseTwice(settings);
	refuseCounter(settings.ladder);
	return (record, evaluated) => {
		const problems: MappingProblem[] = [];
		const keyText = requiredText(
			key(record, evaluated),
			'key',
			'Key',
			'The person has no key, so nobody can tell whose account is whose.',
			problems,
		);
		const shownName = shownText(displayName(record, evaluated), problems);
		const ouText = requiredText(
			ou(record, evaluated),
			'ou',
			'Organizational Unit',
			'There is no organisational unit for the account.',
			problems,
		);
		if (ouText !== '') checkOu(ouText, problems);
		const values: Record<string, AttributeValue> = {};
		for (const { attribute, read, facts } of attributes) {
			const value = convert(attribute, facts, read(record, evaluated), problems);
			if (value !== undefined) values[attribute] = value;
		}
		const ladders = laddersOf(names, record, evaluated, keyText, settings.ladder, problems);
		if (problems.length > 0) return { rejected: { key: keyText, displayName: shownName, problems, record } };
		return { mapped: desired(keyText, shownName || keyText, values, ladders, ouText) };
	};
}

type CompiledName = { readonly name: NameAttribute; readonly suffix: string; readonly read: ReadLines };

function laddersOf(
	names: readonly CompiledName[],
	record: HcmRecord,
	evaluated: Evaluated,
	key: string,
	options: LadderOptions,
	problems: MappingProblem[],
): Record<string, NameLadder> {
	const ladders: Record<string, NameLadder> = {};
	for (const { name, suffix, read } of names) {
		const ladder = makeLadder(name, read(record, evaluated, name, problems), key, options, suffix);
		if (ladder) ladders[name] = ladder;
		else
			problems.push({
				attribute: name,
				rule: 'name',
				value: '',
				message: `No format gives a name for ${name}, and the key gives none either.`,
			});
	}
	return ladders;
}

function desired(
	key: string,
	displayName: string,
	attributes: Record<string, AttributeValue>,
	names: Record<string, NameLadder>,
	ou: string,
): DesiredAccount {
	return {
		formatVersion: 1,
		key,
		previousKeys: [],
		displayName,
		lifecycle: 'active',
		attributes,
		createOnly: [],
		fillOnly: [],
		names,
		review: [],
		ou,
		groups: [],
		managedGroups: [],
		startsAt: null,
		endsAt: null,
	};
}

/**
 * Two people with one key (case ignored) must both be left out: each would take the other's account.
 * @param outcomes of one batch, in the order of its records
 */
export function rejectSharedKeys(outcomes: readonly MappingOutcome[], records: readonly HcmRecord[]): MappingOutcome[] {
	const people = new Map<string, number>();
	const keyOf = (outcome: MappingOutcome) =>
		('mapped' in outcome ? outcome.mapped.key : outcome.rejected.key).toLowerCase();
	for (const outcome of outcomes) people.set(keyOf(outcome), (people.get(keyOf(outcome)) ?? 0) + 1);
	return outcomes.map((outcome, index) => {
		const shared = people.get(keyOf(outcome)) ?? 0;
		if (shared < 2 || keyOf(outcome) === '') return outcome;
		const { key, displayName } = 'mapped' in outcome ? outcome.mapped : outcome.rejected;
		const problem = {
			attribute: 'key',
			rule: 'unique',
			value: key,
			message: `${shared} people have the key "${key}". Give each person a key of their own.`,
		};
		return {
			rejected: {
				key,
				displayName,
				problems: [...('rejected' in outcome ? outcome.rejected.problems : []), problem],
				record: records[index] ?? {},
			},
		};
	});
}

type CompiledAttribute = {
	readonly attribute: string;
	readonly facts: AttributeFacts | undefined;
	readonly read: Read;
};

function compileAttribute(
	{ attribute, value }: MappingSettings['attributes'][number],
	index: number,
	{ ladder }: MappingSettings,
): CompiledAttribute {
	const parameter = `Attributes, row ${index + 1}`;
	const name = attribute.trim();
	if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) {
		throw new MappingSettingsError(
			parameter,
			name === '' ? 'The row names no attribute.' : `"${name}" is no attribute name.`,
			'Enter the LDAP name of an attribute, such as department.',
		);
	}
	const reason = whyNeverWritten(name);
	if (reason) throw new MappingSettingsError(parameter, `${name} cannot be mapped: ${reason}.`, 'Take the row out.');
	if (['samaccountname', 'userprincipalname'].includes(name.toLowerCase())) {
		throw new MappingSettingsError(
			parameter,
			`${name} must be unique, so it cannot be a plain value.`,
			`Give it a row under Names instead.`,
		);
	}
	const facts = attributeFacts(name);
	return {
		attribute: facts?.name ?? name,
		facts,
		read: reader(value, `attributes.${index}`, `${parameter} (${name})`, ladder.language),
	};
}

/** More numbers than this would be that many names looked for in the directory. */
const LAST_NUMBER = 9999;

function refuseCounter({ counterStart, counterLimit }: LadderOptions): void {
	const numbers = [
		['Counter Start', counterStart],
		['Counter Limit', counterLimit],
	] as const;
	for (const [name, number] of numbers) {
		if (!Number.isInteger(number) || number < 0 || number > LAST_NUMBER)
			throw new MappingSettingsError(
				`Options, ${name}`,
				`${number} is no number to count to.`,
				`Enter a whole number from 0 to ${LAST_NUMBER}.`,
			);
	}
}

function refuseTwice({ attributes, names }: MappingSettings): void {
	const seen = new Set<string>();
	const rows = [
		...attributes.map(({ attribute }, index) => [attribute, `Attributes, row ${index + 1}`] as const),
		...names.map(({ name }, index) => [name, `Names, row ${index + 1}`] as const),
	];
	for (const [name, parameter] of rows) {
		if (seen.has(name.trim().toLowerCase()))
			throw new MappingSettingsError(parameter, `${name} stands in two rows.`, 'Keep one of them.');
		seen.add(name.trim().toLowerCase());
	}
}
