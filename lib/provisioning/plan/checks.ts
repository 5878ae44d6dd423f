/** What makes a plan unusable before anything is planned. */
import type { GuardLimit, Policy } from '../../contracts';
import { ownName } from '../../directory/accounts/desired';
import { checkLeaveOptions } from '../../directory/accounts/leaveOptions';
import { DirectoryError } from '../../directory/errors';
import { isSelfWritable } from '../../directory/mark';
import { isAttributeName } from '../../schema/attributeName';
import { whyNoValue, type AttributeFacts } from '../../schema/attributes';
import { isObjectName } from '../../schema/dn';
import { whyNeverWritten } from '../../schema/neverWritten';
import type { PlanRequest } from './types';
import { leaveOptionsOf } from './leaverSteps';

export { parsePerson } from './parsePerson';

/** @throws DirectoryError (configuration) for what can be seen before the directory is asked */
export function checkRequest(request: PlanRequest): void {
	const { anchor, markAttribute, signingKey, feed } = request;
	if (signingKey === '')
		throw unusable(
			'The AD LDAP credential has no signing key.',
			'Enter one in the credential and keep it: it signs plans, and the marks that say which accounts this tool may enable.',
		);
	checkAnchorName(request);
	checkMarkAttribute(request);
	for (const attribute of request.matchOn) checkMatchOn(attribute, markAttribute);
	if (feed.input === 'whole' && !feed.report)
		throw unusable(
			'The input is the whole feed, and its feed report is missing.',
			'Pass in the Feed Report of Custom HCM Endpoint, or choose selected people as the input.',
		);
	for (const base of [...request.scope.bases, ...request.scope.excludedOus])
		if (!isObjectName(base))
			throw unusable(`"${base}" is no distinguished name.`, 'Write it like OU=People,DC=corp,DC=example,DC=com.');
	checkPolicy(request.policy, anchor, markAttribute);
}

function checkAnchorName({ anchor, people }: PlanRequest): void {
	const unfit = (reason: string) =>
		unusable(
			`"${anchor}" cannot be the anchor attribute: ${reason}.`,
			'Choose an attribute that holds the key of the HR system, such as employeeID.',
		);
	if (!isAttributeName(anchor)) throw unfit('it is no name of an attribute');
	const reason = whyNeverWritten(anchor);
	if (reason) throw unfit(reason);
	for (const { names } of people) {
		const ladder = names[ownName(names, anchor) ?? ''];
		if (ladder && (ladder.counter || ladder.candidates.length > 1))
			throw unfit('its value comes from a name ladder, so it is not known beforehand');
	}
}

/** A mark that people could write on themselves, or that HR data could overwrite, says nothing. */
function checkMarkAttribute({ anchor, markAttribute, people }: PlanRequest): void {
	const unfit = (reason: string) =>
		unusable(
			`"${markAttribute}" cannot hold the marks that say why an account is disabled: ${reason}.`,
			'Choose a multi-valued attribute that users cannot write on themselves, such as carLicense.',
		);
	if (!isAttributeName(markAttribute)) throw unfit('it is no name of an attribute');
	if (isSelfWritable(markAttribute)) throw unfit('users can write it on themselves');
	const reason = whyNeverWritten(markAttribute);
	if (reason) throw unfit(reason);
	const lower = markAttribute.toLowerCase();
	if (lower === anchor.toLowerCase()) throw unfit('it is the anchor attribute');
	// People share their attributes' names: each spelling is looked at once.
	const seen = new Set<string>();
	for (const { attributes } of people) {
		for (const name in attributes) {
			if (seen.has(name)) continue;
			if (name.toLowerCase() === lower)
				throw unusable(
					`${markAttribute} is to be written, but it holds the marks that say why an account is disabled.`,
					'Take it out of the attributes in Attribute Map, or choose another Mark Attribute.',
				);
			seen.add(name);
		}
	}
}

function checkMatchOn(attribute: string, markAttribute: string): void {
	const unfit = (reason: string) =>
		unusable(`People cannot be looked for by "${attribute}": ${reason}.`, 'Take it out of Match On.');
	if (!isAttributeName(attribute)) throw unfit('it is no name of an attribute');
	if (attribute.toLowerCase() === markAttribute.toLowerCase()) throw unfit('it holds the marks');
}

/**
 * The keys against what the directory can hold in the anchor attribute, all of them: one that does not fit would be cut or refused in the middle
 * of a run, and the person created once more in the next.
 * @param schema facts by lower-case name; without the anchor attribute when the domain's users do not have it
 * @throws DirectoryError (configuration)
 */
export function checkAnchor(
	{ anchor, people }: Pick<PlanRequest, 'anchor' | 'people'>,
	schema: ReadonlyMap<string, AttributeFacts | undefined>,
): void {
	const whatToDo = `Choose another Anchor Attribute that takes the keys of the HR system (employeeNumber takes 512 characters, extensionAttribute1 1024), or shorter keys.`;
	if (!schema.has(anchor.toLowerCase()))
		throw unusable(`The domain's users have no attribute ${anchor}.`, 'Correct the name of the Anchor Attribute.');
	const facts = schema.get(anchor.toLowerCase());
	if (facts?.single === false)
		throw unusable(
			`${anchor} cannot be the anchor attribute: it takes several values.`,
			'Choose an attribute with a single value, such as employeeID.',
		);
	const { maxLength = null } = facts ?? {};
	const long = people.filter(({ key }) => maxLength !== null && key.length > maxLength);
	if (long.length > 0) {
		const { key } = long.reduce((longest, person) => (person.key.length > longest.key.length ? person : longest));
		throw unusable(
			`${anchor} takes ${maxLength} characters, and ${long.length} of the ${people.length} keys ${long.length > 1 ? 'are' : 'is'} longer: the longest has ${key.length}, "${key.slice(0, 100)}".`,
			whatToDo,
		);
	}
	// "0276" comes back as "276" from an attribute for numbers, and the person would be created anew in each plan.
	const isNumber = facts?.syntax === 'integer' || facts?.syntax === 'largeInteger' || facts?.syntax === 'fileTime';
	const changed = isNumber ? people.find(({ key }) => /^(?:-?0\d|-0$|\+)/.test(key.trim())) : undefined;
	if (changed)
		throw unusable(
			`${anchor} holds numbers, and the key "${changed.key.slice(0, 100)}" would not come back from it as it is.`,
			whatToDo,
		);
	const unfit = people.filter(({ key }) => key.trim() !== '' && whyNoValue(facts, key));
	const [first] = unfit;
	if (!first) return;
	const fault = whyNoValue(facts, first.key);
	throw unusable(
		`${unfit.length} of the ${people.length} keys cannot stand in ${anchor}, "${first.key.slice(0, 100)}" for example: ${fault?.message ?? ''}`,
		whatToDo,
	);
}

/**
 * Attributes that the mapping writes, and that the domain does not have: nobody's record can be right then.
 * @param schema facts by lower-case name
 * @throws DirectoryError (configuration)
 */
export function checkAttributes(
	{ people }: Pick<PlanRequest, 'people'>,
	schema: ReadonlyMap<string, AttributeFacts | undefined>,
): void {
	const strange = new Set<string>();
	for (const { attributes } of people)
		for (const name in attributes) if (!schema.has(name.toLowerCase()) && isReadable(name)) strange.add(name);
	if (strange.size === 0) return;
	throw unusable(
		`The domain's users have no attribute ${[...strange].join(', ')}.`,
		'Correct the name or take it out of Attribute Map, or extend the schema (Exchange brings the extension attributes, for example).',
	);
}

/** An attribute that nobody has finds nobody: who was to be found by it would get a second account. @throws DirectoryError (configuration) */
export function checkMatchOnSchema(
	{ matchOn }: Pick<PlanRequest, 'matchOn'>,
	schema: ReadonlyMap<string, AttributeFacts | undefined>,
): void {
	const strange = matchOn.filter((name) => !schema.has(name.toLowerCase()));
	if (strange.length === 0) return;
	throw unusable(
		`People are to be looked for by ${strange.join(', ')}, and the domain's users have no such attribute.`,
		'Correct the name in Match On, or take it out.',
	);
}

/** Others are not asked for, and each person that has one is a problem of its own. */
function isReadable(name: string): boolean {
	return isAttributeName(name) && whyNeverWritten(name) === undefined;
}

/** A number of the policy, its name for people, its bounds, and whether fractions make sense. */
type Bounds = readonly [value: number, name: string, least: number, most: number, fractions?: 'fractions'];

const MOST_DAYS = 36_500;
const MOST_COUNT = 10_000_000;

function checkPolicy(policy: Policy, anchor: string, markAttribute: string): void {
	const { joiners, leavers, rehires, guards } = policy;
	const { minimumFeed, attributePercent, ...limits } = guards;
	const numbers: readonly Bounds[] = [
		[joiners.daysBefore, 'Days Before Start', 0, MOST_DAYS],
		[rehires.withinDays, 'Within Days', 0, MOST_DAYS],
		[leavers.deleteAfterDays ?? 0, 'Delete After Days', 0, MOST_DAYS],
		[policy.maxChanges, 'Max Changes', 1, MOST_COUNT],
		[policy.expiresAfterHours, 'Expires After', 0.01, 24 * MOST_DAYS, 'fractions'],
		[minimumFeed, 'Minimum Feed Size', 0, MOST_COUNT],
		[attributePercent ?? 0, 'Percent for One Attribute', 0, 100, 'fractions'],
		...Object.entries<GuardLimit | undefined>(limits).flatMap(([rule, limit]): readonly Bounds[] => [
			[limit?.count ?? 0, `limit (count) for ${rule}`, 0, MOST_COUNT],
			[limit?.percent ?? 0, `limit (percent) for ${rule}`, 0, 100, 'fractions'],
		]),
	];
	for (const bounds of numbers) checkNumber(bounds);
	checkLeaveOptions(
		leaveOptionsOf(policy),
		{ attribute: anchor, value: '' },
		{ matchAttribute: anchor, markAttribute },
	);
}

function checkNumber([value, name, least, most, fractions]: Bounds): void {
	const fits = Number.isFinite(value) && value >= least && value <= most;
	if (fits && (fractions !== undefined || Number.isInteger(value))) return;
	throw unusable(
		`${name} is ${value}.`,
		`Give a ${fractions === undefined ? 'whole ' : ''}number from ${least} to ${most}.`,
	);
}

function unusable(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'configuration', message, whatToDo });
}
