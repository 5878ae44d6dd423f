/** From an HR record to the account that the person should have. Contacts nothing: the same input gives the same output. */
import { ConditionError, type ExecuteFilter } from '../conditions';
import type { AttributeValue, DesiredAccount, HcmRecord, MappingProblem, NameLadder } from '../contracts';
import { PathError } from '../json/path';
import { compileAttribute, type AttributeRow, type CompiledAttribute } from './attributes';
import { rejectSharedKeys, withGivenGroups, type MappingOutcome } from './batch';
import { refuseZone } from './checks';
import { compilePersonConditions, type StoredConditions } from './conditions';
import { checkZone } from './dates';
import { excerpt } from './excerpt';
import { personLocale } from './language';
import { compileLadders, type LadderRow } from './ladders';
import { compileLifespan, type LifespanSettings } from './lifespan';
import { NO_LOCALE, type Locale } from './locale';
import {
	isUnset,
	MappingSettingsError,
	reader,
	type Evaluate,
	type ParameterSource,
	type Person,
	type Read,
} from './parameters';
import { requiredText, textOrNone } from './person';
import { compilePlacement, type PlacementSettings } from './placement';
import { COUNTRY_TWINS, reviewScripts, type Findings } from './writers';

export type MappingSettings = {
	readonly person: {
		readonly key: ParameterSource;
		/** Keys that the person had before; one, or a list. */
		readonly previousKeys: ParameterSource;
		readonly displayName: ParameterSource;
		readonly language: ParameterSource;
		readonly country: ParameterSource;
	};
	/** Everyone when empty. */
	readonly scope: StoredConditions;
	/** Nobody when empty. */
	readonly leaverWhen: StoredConditions;
	/** Nobody when empty. */
	readonly awayWhen: StoredConditions;
	readonly lifespan: LifespanSettings;
	readonly attributes: readonly AttributeRow[];
	readonly names: readonly LadderRow[];
	readonly placement: PlacementSettings;
	readonly options: {
		/** For people whose language and country nothing tells. */
		readonly locale: Locale;
		/** Stands before the key when no format gives a name. */
		readonly fallbackPrefix: string;
		/** Names never given, beside those that everybody reserves. */
		readonly reservedNames: readonly string[];
	};
};

export type Mapping = {
	readonly map: (record: HcmRecord, evaluate: Evaluate) => MappingOutcome;
	/** What only a whole batch shows: keys that two people share, and the groups that people's fields name. */
	readonly finish: (outcomes: readonly MappingOutcome[], records: readonly HcmRecord[]) => MappingOutcome[];
};

/**
 * Compiles the settings once.
 * @param execute n8n-workflow's `executeFilter`
 * @throws MappingSettingsError for settings that nobody could be mapped with
 */
export function compileMapping(settings: MappingSettings, execute: ExecuteFilter): Mapping {
	if (isUnset(settings.person.key))
		throw new MappingSettingsError(
			'Key',
			'There is no key.',
			'Enter the field that tells people apart for good, such as ${employeeNumber}.',
		);
	const personOf = compilePerson(settings);
	const key = reader(settings.person.key, 'Key');
	const displayName = reader(settings.person.displayName, 'Display Name');
	const lifecycleOf = compileLifecycle(settings, execute);
	const detail = compileDetail(settings, execute);
	const formerKeys = compileFormerKeys(settings);
	const map = (record: HcmRecord, evaluate: Evaluate): MappingOutcome => {
		const problems: MappingProblem[] = [];
		const person = personOf(record, evaluate, problems);
		const keyProblems: MappingProblem[] = [];
		const keyText = requiredText(key(person), 'key', 'Key', NO_KEY, keyProblems);
		const shownName = textOrNone(displayName(person), 'displayName', 'Display Name', problems);
		const reject = (found: readonly MappingProblem[]): MappingOutcome => ({
			rejected: { key: keyText, displayName: shownName, ...formerKeys(person, keyText), problems: found, record },
		});
		try {
			const { lifecycle, unmet } = lifecycleOf(person);
			if (unmet) {
				const who = { key: keyText, displayName: shownName || keyText, ...formerKeys(person, keyText) };
				return { outOfScope: { ...who, conditions: unmet } };
			}
			const made = detail(person, keyText, problems);
			if (keyProblems.length > 0 || (lifecycle !== 'leaver' && problems.length > 0))
				return reject([...keyProblems, ...problems]);
			const name = shownName || keyText;
			const { review, ...rest } = made;
			reviewScripts('displayName', name, review);
			// Whoever leaves must be able to leave: what failed is left out, and said.
			for (const { attribute, message } of problems) review.push({ attribute, reason: message });
			const looked = review.length > 0 ? review : NOTHING_TO_LOOK_AT;
			return { mapped: { formatVersion: 1, key: keyText, displayName: name, lifecycle, ...rest, review: looked } };
		} catch (error) {
			if (!(error instanceof ConditionError || error instanceof PathError)) throw error;
			const problem = { attribute: '', rule: 'condition', value: '', message: error.message };
			return reject([...keyProblems, ...problems, problem]);
		}
	};
	return {
		map,
		finish: (outcomes, records) => {
			const single = rejectSharedKeys(outcomes, records);
			return detail.open ? withGivenGroups(single) : single;
		},
	};
}

/** One list for everybody; frozen, so that a node behind that writes into one account writes into no other. */
const NOTHING_TO_LOOK_AT: DesiredAccount['review'] = Object.freeze([]);
const NO_KEY = 'The person has no key, so nobody can tell whose account is whose.';

type PersonOf = (record: HcmRecord, evaluate: Evaluate, problems: MappingProblem[]) => Person;

/** Of what is worked out once and kept: countries and zones are few, but records may hold anything. */
const MOST_KEPT = 10_000;

/** Language, country and time zone come first: everything else is read with them. */
function compilePerson({ person, lifespan, options }: MappingSettings): PersonOf {
	const language = reader(person.language, 'Language From');
	const country = reader(person.country, 'Country From');
	const zone = reader(lifespan.timeZone, 'Time Zone');
	refuseZone(lifespan.defaultZone, 'Time Zone');
	const locales = new Map<string, Locale>();
	const localeOf = (given: { language: string; country: string }): Locale => {
		const key = `${given.language}\n${given.country}`;
		const known = locales.get(key);
		if (known) return known;
		const locale = personLocale(given, options.locale);
		if (locales.size < MOST_KEPT) locales.set(key, locale);
		return locale;
	};
	const faults = new Map<string, string | undefined>();
	const zoneOf = (given: string, problems: MappingProblem[]): string => {
		if (given === '') return lifespan.defaultZone;
		const reason = faults.has(given) ? faults.get(given) : checkZone(given);
		if (faults.size < MOST_KEPT) faults.set(given, reason);
		if (!reason) return given;
		problems.push({ attribute: 'timeZone', rule: 'zone', value: excerpt(given), message: reason });
		return lifespan.defaultZone;
	};
	return (record, evaluate, problems) => {
		const unknown: Person = { record, evaluate, locale: NO_LOCALE, zone: lifespan.defaultZone };
		const given = {
			language: textOrNone(language(unknown), 'language', 'Language From', problems),
			country: textOrNone(country(unknown), 'country', 'Country From', problems),
		};
		const zoneText = textOrNone(zone(unknown), 'timeZone', 'Time Zone', problems);
		return { record, evaluate, locale: localeOf(given), zone: zoneOf(zoneText, problems) };
	};
}

type LifecycleOf = (person: Person) => {
	readonly lifecycle: DesiredAccount['lifecycle'];
	/** The conditions of the scope that are not met, where they are not. */
	readonly unmet?: readonly string[];
};

function compileLifecycle({ scope, leaverWhen, awayWhen }: MappingSettings, execute: ExecuteFilter): LifecycleOf {
	const inScope = compilePersonConditions(scope, 'Scope', execute);
	const leaves = compilePersonConditions(leaverWhen, 'Leaver When', execute);
	const isAway = compilePersonConditions(awayWhen, 'Away When', execute);
	return (person) => {
		if (inScope && !inScope.holds(person)) return { lifecycle: 'active', unmet: inScope.unmet(person) };
		if (leaves?.holds(person)) return { lifecycle: 'leaver' };
		return { lifecycle: isAway?.holds(person) ? 'away' : 'active' };
	};
}

type Detail = Omit<DesiredAccount, 'formatVersion' | 'key' | 'displayName' | 'lifecycle' | 'review'> &
	Pick<Findings, 'review'>;

function compileDetail(
	settings: MappingSettings,
	execute: ExecuteFilter,
): ((person: Person, key: string, problems: MappingProblem[]) => Detail) & { readonly open: boolean } {
	const previousKeys = reader(settings.person.previousKeys, 'Previous Keys');
	const lifespan = compileLifespan(settings.lifespan);
	const attributes = settings.attributes.map(compileAttribute);
	refuseTwice(attributes, settings.names);
	const ladders = compileLadders(settings.names, settings.options);
	const placement = compilePlacement(settings.placement, execute);
	const createOnly = Object.freeze(writtenBy(attributes, 'create'));
	const fillOnly = Object.freeze(writtenBy(attributes, 'fill'));
	const detail = (person: Person, key: string, problems: MappingProblem[]): Detail => {
		const findings: Findings = { attributes: {}, problems, review: [] };
		for (const { apply } of attributes) apply(person, findings);
		const names: Record<string, NameLadder> = ladders(person, key, findings);
		return {
			previousKeys: previousKeysOf(previousKeys(person), key, problems),
			attributes: findings.attributes,
			createOnly: present(createOnly, findings.attributes),
			fillOnly: present(fillOnly, findings.attributes),
			names,
			review: findings.review,
			ou: placement.ou(person, problems),
			groups: placement.groups(person, problems),
			managedGroups: placement.managed,
			...lifespan(person, problems),
		};
	};
	return Object.assign(detail, { open: placement.open });
}

/** The attributes that rows with this rule write; a country's twins count where no row of their own has them. */
function writtenBy(attributes: readonly CompiledAttribute[], write: CompiledAttribute['write']): readonly string[] {
	const own = new Set(attributes.map(({ attribute }) => attribute));
	return attributes
		.filter((row) => row.write === write)
		.flatMap(({ attribute }) =>
			attribute === 'c' ? [attribute, ...COUNTRY_TWINS.filter((twin) => !own.has(twin))] : [attribute],
		);
}

/** The same list for everybody who has them all, so that a hundred thousand people do not have one each. */
function present(names: readonly string[], attributes: Readonly<Record<string, AttributeValue>>): readonly string[] {
	return names.every((name) => Object.hasOwn(attributes, name))
		? names
		: names.filter((name) => Object.hasOwn(attributes, name));
}

const NONE: readonly string[] = Object.freeze([]);

/** Of people who get no account: AD Provision must not take one of theirs for absent that still has an earlier key. */
function compileFormerKeys(
	settings: MappingSettings,
): (person: Person, key: string) => { readonly previousKeys?: readonly string[] } {
	const read = reader(settings.person.previousKeys, 'Previous Keys');
	return (person, key) => {
		try {
			const previousKeys = previousKeysOf(read(person), key, []);
			return previousKeys.length > 0 ? { previousKeys } : {};
		} catch (error) {
			// It is what they are rejected for, and said there.
			if (error instanceof ConditionError || error instanceof PathError) return {};
			throw error;
		}
	};
}

function previousKeysOf(got: ReturnType<Read>, key: string, problems: MappingProblem[]): readonly string[] {
	if ('empty' in got) return NONE;
	const given: readonly unknown[] =
		'value' in got ? (Array.isArray(got.value) ? (got.value as unknown[]) : String(got.value).split(/[\n,;]/)) : [];
	if ('fault' in got)
		problems.push({ attribute: 'previousKeys', rule: 'format', value: '', message: `Previous Keys: ${got.fault}` });
	const texts = given.map((value) => textOrNone({ value }, 'previousKeys', 'Previous Keys', problems));
	const seen = new Set(['', key.toLowerCase()]);
	return texts.filter((text) => !seen.has(text.toLowerCase()) && seen.add(text.toLowerCase()));
}

function refuseTwice(attributes: readonly CompiledAttribute[], names: readonly LadderRow[]): void {
	const seen = new Set<string>();
	const rows = [
		...attributes.map(({ attribute }, index) => [attribute, `Attributes, row ${index + 1}`] as const),
		...names.map(({ name }, index) => [name, `Names, row ${index + 1}`] as const),
	];
	for (const [name, parameter] of rows) {
		if (seen.has(name.toLowerCase()))
			throw new MappingSettingsError(parameter, `${name} stands in two rows.`, 'Keep one of them.');
		seen.add(name.toLowerCase());
	}
}
