/** Get Many: the search that the parameters ask for. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { filterOfRows, type FilterRow } from '../../../lib/directory/filterRows';
import type { Filter } from '../../../lib/directory/filter';
import { fillFilterText, parseFilterText, splitExpressions } from '../../../lib/directory/filterText';
import { asText, booleanParameter, located, locatorParameter, parameterError, placeParameter } from '../parameters';
import type { ItemRun } from '../run';

export type Search = {
	/** '' = the search base of the credential. */
	readonly base: string;
	readonly scope: 'one' | 'sub';
	readonly filter: Filter;
	readonly limit: number;
};

/** @throws NodeOperationError, DirectoryError */
export async function searchOf(context: IExecuteFunctions, item: number, { place }: ItemRun): Promise<Search> {
	const base = { name: 'searchBase', label: 'Search Base', item };
	return {
		base: locatorParameter(context, base.name, item) === '' ? '' : await placeParameter(context, place, base),
		scope: context.getNodeParameter('scope', item, 'sub') === 'one' ? 'one' : 'sub',
		filter:
			context.getNodeParameter('filterBy', item, 'rows') === 'text' ? filterText(context, item) : rows(context, item),
		limit: limitOf(context, item),
	};
}

/** Infinity for Return All. */
export function limitOf(context: IExecuteFunctions, item: number): number {
	if (booleanParameter(context, 'returnAll', item)) return Infinity;
	const limit = Number(context.getNodeParameter('limit', item, 50));
	if (Number.isInteger(limit) && limit > 0) return limit;
	throw parameterError(
		context,
		item,
		'Limit',
		'is no whole number of 1 or more',
		'Enter one, or switch on Return All.',
	);
}

function rows(context: IExecuteFunctions, item: number): Filter {
	const { values = [] } = context.getNodeParameter('filterRows', item, {}) as {
		readonly values?: ReadonlyArray<Record<string, unknown>>;
	};
	const combine = context.getNodeParameter('combine', item, 'all') === 'any' ? 'any' : 'all';
	return filterOfRows(
		values.map(({ attribute, condition = 'equals', value }) => ({
			attribute: located(attribute),
			condition: condition as FilterRow['condition'],
			value: asText(value),
		})),
		combine,
	);
}

function filterText(context: IExecuteFunctions, item: number): Filter {
	return parseFilterText(filledFilterText(context, item));
}

/**
 * Each expression is evaluated by itself, and what it gives is escaped before it becomes part of the filter.
 * @throws DirectoryError
 */
export function filledFilterText(context: IExecuteFunctions, item: number): string {
	const raw: unknown = context.getNodeParameter('filterText', item, '', { rawExpressions: true });
	const pieces = splitExpressions(asText(raw));
	const values = pieces.flatMap((piece): unknown[] =>
		'expression' in piece ? [context.evaluateExpression(`{{${piece.expression}}}`, item)] : [],
	);
	return fillFilterText(pieces, values);
}
