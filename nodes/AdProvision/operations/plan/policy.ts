/** Create Plan: what a plan may do, out of the parameters. */
import { type IExecuteFunctions } from 'n8n-workflow';
import type { GuardLimit, Guards, Policy } from '../../../../lib/contracts';
import { asText, attributeNames, parameterError } from '../../parameters';

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
			daysBefore: whole(context, 'Days Before Start', joiners['daysBefore'], 0),
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
			withinDays: whole(context, 'Within Days', rehires['withinDays'], 90),
			restore: rehires['restore'] !== false,
			mustChange: rehires['mustChange'] === true,
		},
		groups: { mode: groups['mode'] === 'managed' ? 'managed' : 'add', retired: lines(groups['retired']) },
		names: { sameCandidate: options('nameOptions')['sameCandidate'] === true },
		guards: guardsOf(context),
		maxChanges: typed(context, 'options', 'maxChanges', 'Max Changes', 10_000),
		expiresAfterHours: whole(context, 'Expires After', general['expiresAfterHours'], 72),
	};
}

function leaversOf(context: IExecuteFunctions, planned: ReadonlySet<string>, options: Options): Policy['leavers'] {
	const hide = attributeNames(context, 'Hide From Address Lists By', options['hideAttribute'], 0);
	if (hide.length > 1)
		throw parameterError(context, 0, 'Hide From Address Lists By', 'names several attributes', 'Enter one.');
	const days = options['deleteAfterDays'];
	return {
		disable: planned.has('disable'),
		byAbsence: planned.has('absence'),
		randomPassword: options['randomPassword'] === true,
		clear: attributeNames(context, 'Clear Attributes', options['clear'], 0),
		removeFromGroups: options['removeFromGroups'] === true,
		hideAttribute: hide[0] ?? '',
		description: asText(options['description']).trim(),
		moveTo: '',
		deleteAfterDays:
			days === undefined ? null : typed(context, 'leaverOptions', 'deleteAfterDays', 'Delete After Days', 0),
	};
}

/** Of one name each; what comes in must not raise a limit on itself, so they are read as they were typed. */
function guardsOf(context: IExecuteFunctions): Guards {
	const { values = [] } = context.getNodeParameter('guards', 0, {}, { rawExpressions: true }) as {
		readonly values?: readonly Options[];
	};
	const limits: Record<string, GuardLimit> = {};
	let attributePercent: number | undefined;
	for (const { rule = 'disable', unit = 'count', most: given = 20 } of values) {
		const most = whole(context, 'At Most', given, 0);
		if (rule === 'attribute') attributePercent = Math.min(most, attributePercent ?? most);
		else limits[asText(rule)] = lower(limits[asText(rule)], unit === 'percent' ? 'percent' : 'count', most);
	}
	return {
		...limits,
		...(attributePercent === undefined ? {} : { attributePercent }),
		minimumFeed: typed(context, 'minimumFeed', undefined, 'Minimum Feed Size', 1),
	};
}

/** Two of the same kind: the lower one counts. */
function lower(known: GuardLimit = {}, unit: 'count' | 'percent', most: number): GuardLimit {
	return { ...known, [unit]: Math.min(most, known[unit] ?? most) };
}

function lines(value: unknown): string[] {
	const texts = Array.isArray(value) ? value.map(asText) : asText(value).split(/\r\n|\r|\n/);
	return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/** A number as it was typed, not what an expression makes of what comes in. */
function typed(
	context: IExecuteFunctions,
	name: string,
	field: string | undefined,
	label: string,
	otherwise: number,
): number {
	const raw: unknown = context.getNodeParameter(name, 0, field === undefined ? otherwise : {}, {
		rawExpressions: true,
	});
	return whole(context, label, field === undefined ? raw : (raw as Options)[field], otherwise);
}

/** @throws NodeOperationError for what is no whole number of 0 or more */
export function whole(context: IExecuteFunctions, label: string, value: unknown, otherwise: number): number {
	if (value === undefined || value === null || value === '') return otherwise;
	const number = typeof value === 'string' ? Number(value) : value;
	if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return number;
	throw parameterError(context, 0, label, 'is no whole number of 0 or more', 'Enter one.');
}
