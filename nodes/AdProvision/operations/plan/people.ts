/** Create Plan: the people that come in, and how far their feed can be trusted. */
import { type IExecuteFunctions } from 'n8n-workflow';
import type { DesiredAccount, FeedReport, PlanProblem } from '../../../../lib/contracts';
import { parsePerson } from '../../../../lib/provisioning/plan/parsePerson';
import { personKey } from '../../../../lib/provisioning/keys';
import type { FeedInput, OtherKey } from '../../../../lib/provisioning/plan/types';
import { asText, parameterError } from '../../parameters';
import { givenByItems, isObject, jsonParameter, listOfJson } from './given';

export type People = {
	readonly people: readonly DesiredAccount[];
	readonly feed: FeedInput;
	/** People who came in and cannot be used. */
	readonly problems: ReadonlyArray<{ readonly problem: PlanProblem; readonly item: number }>;
	/** The item of each person, by `personKey` of the key. */
	readonly itemOf: ReadonlyMap<string, number>;
};

/** @throws NodeOperationError */
export function readPeople(context: IExecuteFunctions): People {
	const given = givenByItems(context, 'mappedAccount', 'Mapped Account');
	const people: DesiredAccount[] = [];
	const itemOf = new Map<string, number>();
	const unusable: { readonly problem: PlanProblem; readonly item: number; readonly who: OtherKey }[] = [];
	for (const { value, item } of given) {
		const person = parsePerson(value);
		if (typeof person === 'string') {
			unusable.push({ problem: unusablePerson(value, person), item, who: otherKey(value) });
			continue;
		}
		people.push(person);
		if (!itemOf.has(personKey(person.key))) itemOf.set(personKey(person.key), item);
	}
	const [first] = unusable;
	// One bad item is a matter of its own; when it is all of them, the node is set up wrongly.
	if (first && people.length === 0)
		throw parameterError(context, first.item, 'Mapped Account', lowerFirst(first.problem.message), POINT_TO_MAPPED);
	// They came out of the HR system: they are not absent, and without a key nobody can be.
	const others = unusable.map(({ who }) => who);
	return { people, feed: readFeed(context, others), problems: unusable, itemOf };
}

const POINT_TO_MAPPED = 'Connect the output Mapped of an Attribute Map node, or point the parameter to its item.';

function unusablePerson(value: unknown, reason: string): PlanProblem {
	const { key, displayName } = otherKey(value);
	return {
		...{ kind: 'unusable', urgent: false, key, displayName: displayName || key, accounts: [], record: null },
		message: `Holds no mapped account: ${reason}`,
		whatToDo: POINT_TO_MAPPED,
	};
}

function lowerFirst(text: string): string {
	return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function readFeed(context: IExecuteFunctions, unusable: readonly OtherKey[]): FeedInput {
	if (context.getNodeParameter('planInput', 0, 'whole') === 'people')
		return { input: 'people', report: null, rejected: unusable, outOfScope: [], previousMissing: null };
	return {
		input: 'whole',
		report: feedReport(context),
		rejected: [...otherKeys(context, 'rejected', 'Rejected People'), ...unusable],
		outOfScope: otherKeys(context, 'outOfScope', 'People Out of Scope'),
		previousMissing: missingBefore(context),
	};
}

function otherKeys(context: IExecuteFunctions, name: string, label: string): OtherKey[] {
	return (listOfJson(context, name, label) ?? []).map((value) => {
		if (typeof value === 'string' || isObject(value)) return otherKey(value);
		throw parameterError(
			context,
			0,
			label,
			'holds something that is no person',
			'Let the expression give the items of that output of Attribute Map.',
		);
	});
}

/** Without a key it is a person without one, and that stops leaving by absence. */
function otherKey(value: unknown): OtherKey {
	if (typeof value === 'string') return { key: value.trim(), displayName: '' };
	if (!isObject(value)) return { key: '', displayName: '' };
	const { previousKeys } = value;
	const former = Array.isArray(previousKeys) ? previousKeys.map((key) => asText(key).trim()) : [];
	const keys = former.length > 0 ? { previousKeys: former } : {};
	return { key: asText(value['key']).trim(), displayName: asText(value['displayName']), ...keys };
}

/** @returns null for the first plan */
function missingBefore(context: IExecuteFunctions): readonly string[] | null {
	const label = 'Missing in the Plan Before';
	const list = listOfJson(context, 'missingBefore', label);
	if (list === undefined) return null;
	if (list.every((key) => typeof key === 'string')) return list;
	throw parameterError(context, 0, label, 'holds something else than keys', 'Give it feed.missing of the plan before.');
}

/** The shape is looked at here; whether the feed may be trusted is the planner's matter. */
function feedReport(context: IExecuteFunctions): FeedReport {
	const given = jsonParameter(context, 'feedReport', 'Feed Report');
	const reports: readonly unknown[] = Array.isArray(given) ? given : [given];
	const [report] = reports;
	const reason = given === undefined ? 'is empty' : reports.length > 1 ? 'holds several reports' : whyNoReport(report);
	if (reason === undefined) return report as FeedReport;
	throw parameterError(
		context,
		0,
		'Feed Report',
		reason,
		"Give it the one item of the output Feed Report, such as {{ $('Custom HCM Endpoint').first(1).json }}; or set Input Is to Selected People.",
	);
}

function whyNoReport(report: unknown): string | undefined {
	if (!isObject(report) || report['formatVersion'] !== 1) return 'holds no feed report';
	const { kind, complete, evidence, records, reasons } = report;
	if (kind !== 'full' && kind !== 'delta') return 'says neither full nor delta';
	if (typeof complete !== 'boolean') return 'does not say whether the feed is complete';
	if (evidence !== 'strong' && evidence !== 'weak') return 'has neither strong nor weak evidence';
	if (typeof records !== 'number' || !Number.isInteger(records) || records < 0) return 'has no number of records';
	if (!Array.isArray(reasons) || !reasons.every((reason) => typeof reason === 'string')) return 'has no reasons';
	return undefined;
}
