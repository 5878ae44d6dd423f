/**
 * Who holds a name, in the whole domain, and for addresses in the whole forest where its catalogue answers. The attributes that names stand in are
 * indexed everywhere (win32 ADSchema, searchFlags), so many of them in one filter cost hardly more than one.
 */
import { heldAs, NAME_ATTRIBUTES } from '../../directory/accounts/names';
import type { Directory } from '../../directory/directory';
import type { Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { equal, type Filter } from '../../directory/filter';
import { safeDnKey } from '../../schema/dn';
import type { NameLookup, PlanSource } from '../plan/types';
import { domainsOfForest } from './catalogue';
import { guidKey, searchAny } from './liveFind';

/** What `named` reads. */
const HELD_ATTRIBUTES = ['objectGUID', ...NAME_ATTRIBUTES, 'proxyAddresses'] as const;

export type Names = Pick<PlanSource, 'named' | 'forest'>;

/** @param catalogue opened with `catalogueSettings`; undefined = none is asked */
export function liveNames(directory: Directory, catalogue: Directory | undefined): Names {
	const forest = openForest(directory, catalogue);
	return {
		forest: forest.state,
		named: async (lookups) => {
			const { name } = await directory.domain();
			const held = lookups.flatMap((lookup) =>
				lookup.attribute === 'cn' ? [] : heldAs(lookup.attribute, lookup.value, name),
			);
			const found = new Map<string, Entry>();
			const take = (entries: readonly Entry[]) => {
				for (const entry of entries) if (!found.has(guidKey(entry))) found.set(guidKey(entry), entry);
			};
			take(await searchAny(directory, filtersOf(held), HELD_ATTRIBUTES));
			for (const [parent, values] of byParent(lookups)) take(await inContainer(directory, parent, values));
			// Account names are each domain's own.
			take(await forest.search(filtersOf(held.filter(([attribute]) => attribute !== 'sAMAccountName'))));
			return [...found.values()];
		},
	};
}

type Held = readonly (readonly [attribute: string, value: string])[];

/** Samba ends a value at NUL when it compares, and so finds somebody else; no name may have one. */
function filtersOf(held: Held): Filter[] {
	const unique = new Map(
		held
			.filter(([, value]) => value !== '' && !value.includes('\u0000'))
			.map(([attribute, value]) => [`${attribute}=${value.toLowerCase()}`, equal(attribute, value)]),
	);
	return [...unique.values()];
}

function byParent(lookups: readonly NameLookup[]): Map<string, string[]> {
	const parents = new Map<string, { readonly dn: string; readonly values: string[] }>();
	for (const lookup of lookups) {
		if (lookup.attribute !== 'cn') continue;
		const key = safeDnKey(lookup.parent);
		const known = parents.get(key) ?? { dn: lookup.parent, values: [] };
		known.values.push(lookup.value);
		parents.set(key, known);
	}
	return new Map([...parents.values()].map(({ dn, values }) => [dn, values]));
}

/** NO_SUCH_OBJECT and INVALID_DN_SYNTAX: where there is no container, nobody stands in it. */
const NOT_THERE: ReadonlySet<number> = new Set([32, 34]);

async function inContainer(directory: Directory, dn: string, values: readonly string[]): Promise<readonly Entry[]> {
	try {
		const filters = filtersOf(values.map((value) => ['cn', value]));
		return await searchAny(directory, filters, HELD_ATTRIBUTES, { base: { dn, scope: 'one' } });
	} catch (error) {
		if (error instanceof DirectoryError && NOT_THERE.has(error.code ?? 0)) return [];
		throw error;
	}
}

type Forest = {
	readonly state: PlanSource['forest'];
	readonly search: (filters: readonly Filter[]) => Promise<readonly Entry[]>;
};

const WHOLE = { searched: true, why: '' };

/** A catalogue that does not answer, or no longer, is said and no error: the domain is searched all the same. */
function openForest(directory: Directory, catalogue: Directory | undefined): Forest {
	let known: Promise<{ searched: boolean; why: string; alone: boolean }> | undefined;
	const look = async () => {
		const alone = (await domainsOfForest(directory)) === 1;
		if (alone) return { ...WHOLE, alone };
		if (!catalogue) return { searched: false, why: 'no global catalogue was asked', alone };
		const why = await silence(() => catalogue.read('', ['isGlobalCatalogReady']));
		return { searched: why === undefined, why: why ?? '', alone };
	};
	const state = () => (known ??= look());
	return {
		state: async () => {
			const { searched, why } = await state();
			return { searched, why };
		},
		search: async (filters) => {
			const { searched, alone } = await state();
			if (!catalogue || alone || !searched) return [];
			let found: readonly Entry[] = [];
			const why = await silence(async () => {
				found = await searchAny(catalogue, filters, HELD_ATTRIBUTES, { base: { dn: '', scope: 'sub' } });
			});
			if (why !== undefined) known = Promise.resolve({ searched: false, why, alone });
			return found;
		},
	};
}

/** @returns why there is no answer; undefined when there is one @throws DirectoryError when the run was stopped */
async function silence(work: () => Promise<unknown>): Promise<string | undefined> {
	try {
		await work();
		return undefined;
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind === 'cancelled') throw error;
		return `the global catalogue does not answer: ${error.message}`;
	}
}
