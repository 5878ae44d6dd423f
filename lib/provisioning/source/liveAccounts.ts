/** The accounts of a scope, read in pages and once. Nothing is asked for a single one of them. */
import { searchBelow } from '../../directory/searchBelow';
import type { Directory } from '../../directory/directory';
import type { Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { allOf, equal, type Filter } from '../../directory/filter';
import { isWithin } from '../../schema/dn';
import type { AccountsRead, AccountsRequest } from '../plan/types';
import { guidKey } from './liveFind';
import { belowAny, outermost } from './scope';

/** People: computers and managed service accounts are of another category, contacts of another class (win32, c-user, c-computer). */
export const PEOPLE = [equal('objectCategory', 'person'), equal('objectClass', 'user')];

/** @throws DirectoryError (configuration) for a base, an excluded unit or a leaver OU that does not exist */
export async function readAccounts(directory: Directory, request: AccountsRequest): Promise<AccountsRead> {
	const { filter, leaverOu } = request;
	const attributes = [...new Set([...request.attributes, 'objectGUID'])];
	const below = (base: string, only?: Filter) =>
		searchBelow(directory, base, { scope: 'sub', filter: allOf(only ? [...PEOPLE, only] : PEOPLE), attributes });
	const bases = await basesOf(directory, request.bases);
	const excluded: string[] = [];
	for (const unit of request.excludedOus) excluded.push(await placeAt(directory, unit, 'The excluded unit'));
	const leavers = leaverOu === '' ? undefined : await placeAt(directory, leaverOu, 'The unit for leavers');
	const inScope: Entry[] = [];
	const isExcluded = belowAny(excluded);
	for (const base of bases)
		for (const entry of await below(base, filter)) if (!isExcluded(entry.dn)) inScope.push(entry);
	const covered =
		leavers === undefined ||
		(filter === undefined &&
			bases.some((base) => isWithin(leavers, base)) &&
			!excluded.some((unit) => isWithin(leavers, unit) || isWithin(unit, leavers)));
	if (covered) return { inScope, inLeaverOu: [], bases };
	const isLeaver = belowAny([leavers]);
	const known = new Set(inScope.filter(({ dn }) => isLeaver(dn)).map(guidKey));
	const inLeaverOu = (await below(leavers)).filter((entry) => !known.has(guidKey(entry)));
	return { inScope, inLeaverOu, bases };
}

async function basesOf(directory: Directory, bases: readonly string[]): Promise<string[]> {
	const asked = bases.length > 0 ? bases : [await directory.searchBase()];
	const spelled: string[] = [];
	for (const base of asked) spelled.push(await placeAt(directory, base, 'The search base'));
	return outermost(spelled);
}

/** NO_SUCH_OBJECT and INVALID_DN_SYNTAX. */
const NOT_THERE: ReadonlySet<number> = new Set([32, 34]);

/** As the directory spells it. A unit to be left out that does not exist would leave nobody out, so it is refused as well. */
async function placeAt(directory: Directory, dn: string, what: string): Promise<string> {
	try {
		const entry = await directory.read(dn, ['objectClass']);
		if (entry) return entry.dn;
	} catch (error) {
		if (!(error instanceof DirectoryError) || !NOT_THERE.has(error.code ?? 0)) throw error;
	}
	throw missingPlace(what, dn);
}

export function missingPlace(what: string, dn: string): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message: `${what} "${dn}" does not exist, or is no distinguished name.`,
		whatToDo: 'Choose it from the list, or check its spelling and that the service account may read it.',
	});
}
