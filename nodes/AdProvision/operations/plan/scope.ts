/** Create Plan: the directory that people are compared with, and the part of it that the plan is about. */
import { type IExecuteFunctions } from 'n8n-workflow';
import type { Entry } from '../../../../lib/directory/entry';
import { DirectoryError } from '../../../../lib/directory/errors';
import { parseFilterText } from '../../../../lib/directory/filterText';
import { parseLdif } from '../../../../lib/provisioning/source/ldif';
import { liveSource } from '../../../../lib/provisioning/source/live';
import { catalogueSettings } from '../../../../lib/provisioning/source/catalogue';
import { entriesOfItems, snapshotSource } from '../../../../lib/provisioning/source/snapshot';
import type { PlanSource, ScopeRequest } from '../../../../lib/provisioning/plan/types';
import { isObjectName, isWithin } from '../../../../lib/schema/dn';
import type { PlanRun } from '../../open';
import { located, parameterError, textParameter } from '../../parameters';
import { filledFilterText } from '../search';
import { listOfJson } from './given';

type UnitRows = { readonly values?: ReadonlyArray<{ readonly unit?: unknown }> };

/** Organisational units as they were entered: by GUID, distinguished name or name. */
export type ScopeTexts = Omit<ScopeRequest, 'bases' | 'excludedOus'> & {
	readonly bases: readonly string[];
	readonly excludedOus: readonly string[];
	/** '' = leavers stay where they are. */
	readonly moveTo: string;
};

/** @throws NodeOperationError, DirectoryError for a filter that is none */
export function readScope(context: IExecuteFunctions): ScopeTexts {
	const filterText = filledFilterText(context, 0).trim();
	const { moveTo } = context.getNodeParameter('leaverOptions', 0, {}) as { readonly moveTo?: unknown };
	return {
		bases: units(context, 'searchBases', 'Search Bases'),
		excludedOus: units(context, 'excludedOus', 'Excluded Organizational Units'),
		filterText,
		filter: filterText === '' ? undefined : parseFilterText(filterText),
		moveTo: leaverOuOf(context, moveTo),
	};
}

/** @throws NodeOperationError for an expression that gives nothing: who left there before would be out of scope */
function leaverOuOf(context: IExecuteFunctions, moveTo: unknown): string {
	const text = located(moveTo);
	const typed = context.getNodeParameter('leaverOptions', 0, {}, { rawExpressions: true }) as {
		readonly moveTo?: unknown;
	};
	if (text !== '' || !located(typed.moveTo).startsWith('=')) return text;
	throw parameterError(context, 0, 'Move To', 'is empty', 'Look at what the expression gives, or take the option out.');
}

/** @throws NodeOperationError for a row without a unit */
function units(context: IExecuteFunctions, name: string, label: string): string[] {
	const { values = [] } = context.getNodeParameter(name, 0, {}) as UnitRows;
	return values.map(({ unit }, row) => {
		const text = located(unit);
		if (text !== '') return text;
		// Left out without a word, the plan would be about others than the builder means: the whole domain, or service accounts.
		throw parameterError(
			context,
			0,
			label,
			`is empty in row ${row + 1}`,
			'Choose a unit from the list, look at what the expression gives, or take the row out.',
		);
	});
}

/**
 * The same as distinguished names.
 * @param ownBase of the credential, for a snapshot, which does not know it; '' = none. One of another domain is not meant.
 * @throws DirectoryError (configuration) for a unit that cannot be used
 */
export async function resolveScope(
	source: PlanSource,
	{ bases, excludedOus, moveTo, ...filter }: ScopeTexts,
	ownBase: string,
): Promise<ScopeRequest & { readonly moveTo: string }> {
	const texts = [...new Set([...bases, ...excludedOus, moveTo])].filter((text) => text !== '');
	const known = texts.length > 0 ? await source.places(texts) : new Map<string, never>();
	const dnOf = (label: string) => (text: string) => {
		const place = known.get(text) ?? { reason: 'it does not exist' };
		if ('dn' in place) return place.dn;
		throw new DirectoryError({
			kind: 'configuration',
			message: `'${label}': ${text} cannot be used: ${place.reason}`,
			whatToDo: 'Choose an organisational unit from the list; it is never created.',
		});
	};
	return {
		...filter,
		bases: bases.length === 0 && (await isOfDomain(source, ownBase)) ? [ownBase] : bases.map(dnOf('Search Bases')),
		excludedOus: excludedOus.map(dnOf('Excluded Organizational Units')),
		moveTo: moveTo === '' ? '' : dnOf('Move To')(moveTo),
	};
}

async function isOfDomain(source: PlanSource, base: string): Promise<boolean> {
	return isObjectName(base) && isWithin(base, (await source.facts()).dn);
}

/**
 * The objects to compare with in place of the domain.
 * @returns undefined for the live directory
 * @throws NodeOperationError, DirectoryError for what is no LDIF
 */
export async function readSnapshot(context: IExecuteFunctions): Promise<readonly Entry[] | undefined> {
	switch (context.getNodeParameter('directorySource', 0, 'live')) {
		case 'items': {
			const items = listOfJson(context, 'snapshotItems', 'Snapshot Items');
			if (items === undefined || items.length === 0)
				throw parameterError(context, 0, 'Snapshot Items', 'is empty', 'Give it the objects of the directory.');
			return entriesOfItems(items);
		}
		case 'ldifText':
			return parseLdif(textParameter(context, 'ldifText', 0));
		case 'ldifFile':
			return parseLdif(await ldifFile(context));
		default:
			return undefined;
	}
}

async function ldifFile(context: IExecuteFunctions): Promise<string> {
	const field = context.getNodeParameter('ldifField', 0, 'data') as string;
	// Refused by n8n, in its words, when the item has no such field.
	context.helpers.assertBinaryData(0, field);
	const bytes = await context.helpers.getBinaryDataBuffer(0, field);
	// ldifde -u writes UTF-16 with a byte order mark.
	return bytes[0] === 0xff && bytes[1] === 0xfe
		? bytes.subarray(2).toString('utf16le')
		: bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** A source for as long as `work` needs it. @throws DirectoryError, and what `work` throws */
export async function withSource<T>(
	{ directory, settings, open }: PlanRun,
	snapshot: readonly Entry[] | undefined,
	work: (source: PlanSource) => Promise<T>,
): Promise<T> {
	if (snapshot) return await work(snapshotSource(snapshot, { now: new Date().toISOString() }));
	// Names are looked for in the whole forest where its catalogue can be reached; nothing is sent before it is asked.
	const catalogue = open(catalogueSettings(settings));
	try {
		return await work(liveSource(directory, { catalogue }));
	} finally {
		await catalogue.close();
	}
}
