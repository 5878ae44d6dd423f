/** Create Plan: what a plan may do, out of the parameters. */
import { type IExecuteFunctions } from 'n8n-workflow';
import type { GuardLimit, Guards, Policy } from '../../../../lib/contracts';
import { asText, attributeNames, parameterError } from '../../parameters';
import { limitOf } from './limits';

type Options = Readonly<Record<string, unknown>>;

/** Without the place of leavers, which the directory has to know first. @throws NodeOperationError */
export function readPolicy(context: IExecuteFunctions): Policy {
	const planned = new Set(context.getNodeParameter('planned', 0, []) as readonly string[]);
	const options = (name: string) => context.getNodeParameter(name, 0, {}) as Options;
	const general = options('options');
	const joiners = options('joinerOptions');
	const rehires = options('rehireOptions');
	const groups = options('groupOptions');
	return {
		joiners: {
			create: planned.has('create'),
			daysBefore: wholeOption(context, 'Days Before Start', joiners, 'daysBefore', 0),
			until: joiners['until'] === 'enabled' ? 'enabled' : 'pending',
			mustChange: joiners['mustChange'] === true,
		},
		movers: {
			update: planned.has('update'),
			move: planned.has('move'),
			rename: planned.has('rename'),
			keep: attributeNames(context, 'Keep Attributes', options('moverOptions')['keep'], 0),
		},
		leavers: leaversOf(context, planned, options('leaverOptions')),
		rehires: {
			enable: planned.has('enable'),
			withinDays: wholeOption(context, 'Within Days', rehires, 'withinDays', 90),
			restore: rehires['restore'] !== false,
			mustChange: rehires['mustChange'] === true,
		},
		groups: { mode: groups['mode'] === 'managed' ? 'managed' : 'add', retired: lines(groups['retired']) },
		names: { sameCandidate: options('nameOptions')['sameCandidate'] === true },
		guards: guardsOf(context),
		maxChanges: maxChangesOf(context),
		expiresAfterHours: wholeOption(context, 'Expires After', general, 'expiresAfterHours', 72),
	};
}

function leaversOf(context: IExecuteFunctions, planned: ReadonlySet<string>, options: Options): Policy['leavers'] {
	const hide = attributeNames(context, 'Hide From Address Lists By', options['hideAttribute'], 0);
	if (hide.length > 1)
		throw parameterError(context, 0, 'Hide From Address Lists By', 'names several attributes', 'Enter one.');
	return {
		disable: planned.has('disable'),
		byAbsence: planned.has('absence'),
		randomPassword: options['randomPassword'] === true,
		clear: attributeNames(context, 'Clear Attributes', options['clear'], 0),
		removeFromGroups: options['removeFromGroups'] === true,
		hideAttribute: hide[0] ?? '',
		description: asText(options['description']).trim(),
		moveTo: '',
		deleteAfterDays: deleteAfterDaysOf(context),
	};
}

/** 0 is the day of the leave, for who waits by other means; an empty field is none. @returns null = never */
function deleteAfterDaysOf(context: IExecuteFunctions): number | null {
	const options = context.getNodeParameter('leaverOptions', 0, {}, { rawExpressions: true }) as Options;
	if (!Object.hasOwn(options, 'deleteAfterDays')) return null;
	return limitOf(context, { label: 'Delete After Days', typed: options['deleteAfterDays'], least: 0 });
}

/** Of one name each. */
function guardsOf(context: IExecuteFunctions): Guards {
	const { values = [] } = context.getNodeParameter('guards', 0, {}, { rawExpressions: true }) as {
		readonly values?: readonly Options[];
	};
	const limits: Record<string, GuardLimit> = {};
	let attributePercent: number | undefined;
	for (const { rule = 'disable', unit = 'count', most: given = 20 } of values) {
		const most = limitOf(context, { label: 'At Most', typed: given, least: 0, otherwise: 0 });
		if (rule === 'attribute') attributePercent = Math.min(most, attributePercent ?? most);
		else limits[asText(rule)] = lower(limits[asText(rule)], unit === 'percent' ? 'percent' : 'count', most);
	}
	return {
		...limits,
		...(attributePercent === undefined ? {} : { attributePercent }),
		minimumFeed: limitOf(context, {
			...{ label: 'Minimum Feed Size', least: 0, otherwise: 1 },
			typed: context.getNodeParameter('minimumFeed', 0, 1, { rawExpressions: true }),
		}),
	};
}

function maxChangesOf(context: IExecuteFunctions): number {
	const options = context.getNodeParameter('options', 0, {}, { rawExpressions: true }) as Options;
	return limitOf(context, { label: 'Max Changes', typed: options['maxChanges'], least: 0, otherwise: 10_000 });
}

/** Two of the same kind: the lower one counts. */
function lower(known: GuardLimit = {}, unit: 'count' | 'percent', most: number): GuardLimit {
	return { ...known, [unit]: Math.min(most, known[unit] ?? most) };
}

function lines(value: unknown): string[] {
	const texts = Array.isArray(value) ? value.map(asText) : asText(value).split(/\r\n|\r|\n/);
	return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/** @throws NodeOperationError for an option that an expression leaves without a value: its default is not what was meant */
export function wholeOption(
	context: IExecuteFunctions,
	label: string,
	options: Options,
	name: string,
	otherwise: number,
): number {
	if (!Object.hasOwn(options, name) || options[name] !== undefined)
		return whole(context, label, options[name], otherwise);
	throw parameterError(context, 0, label, 'is empty', 'Look at what the expression gives, or take the option out.');
}

/** @throws NodeOperationError for what is no whole number of 0 or more */
export function whole(context: IExecuteFunctions, label: string, value: unknown, otherwise: number): number {
	if (value === undefined || value === null || value === '') return otherwise;
	const number = typeof value === 'string' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return number;
	throw parameterError(context, 0, label, 'is no whole number of 0 or more', 'Enter one.');
}
