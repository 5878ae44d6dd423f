/** An account that is there, brought to what is desired: attributes in one conditional Modify, name, groups; written only where it differs. */
import type { AttributeChange } from '../../contracts';
import { formatDn, parentOf } from '../../schema/dn';
import { ladderNames, type NameAttribute } from '../../schema/nameLadder';
import { textOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidOf, readAgain, toAccount, type AccountResult } from './account';
import type { CreateOptions } from './create';
import { attributesToRead, type DesiredValues } from './desired';
import { joinGroups, missingGroups, type WantedGroup } from './joinGroups';
import { clearStaleMarks, staleMarks, type AccountRun, type Located } from './locate';
import { chooseNames, NAME_ATTRIBUTES, noRefusedNames, type ChosenNames, type RefusedNames } from './names';
import { refuse } from './pending';
import { liveFacts, type FactsOf } from './liveFacts';
import { relocate } from './relocate';
import { differences, type WantedValues } from './values';
import { writeOnce } from './writeOnce';

/** What is wanted, looked up and checked. */
export type Wanted = {
	readonly values: WantedValues;
	readonly groups: readonly WantedGroup[];
	readonly notes: readonly string[];
};

export type Written = {
	readonly changes: readonly AttributeChange[];
	readonly notes: readonly string[];
	/** What could not be done, in words; everything else is. */
	readonly failed: readonly string[];
};

/** Names that others may take between looking and writing, before it is given up. */
const ATTEMPTS = 10;

/**
 * @param located with the attributes of `attributesToRead`
 * @param creating whether the account is still being made: then `createOnly` attributes count
 * @throws DirectoryError; before the first write, or for the whole Modify
 */
export async function writeDifferences(
	run: AccountRun,
	located: Located,
	desired: DesiredValues,
	wanted: Wanted,
	{ updateNames, creating }: Pick<CreateOptions, 'updateNames'> & { readonly creating: boolean },
): Promise<Written> {
	const refused = noRefusedNames();
	/** Written by the Modify, which is not sent again when only the object's own name was taken. */
	let changes: AttributeChange[] | undefined;
	for (let attempt = 1; ; attempt += 1) {
		const names = await namesToHave(run, located.entry, desired, refused, updateNames);
		try {
			changes ??= await writeValues(run, located, desired, { ...wanted.values, ...names.values }, creating);
			const renamed = names.cn === undefined ? [] : [await renameTo(run, located.entry, names.cn)];
			const { joined, failed } = await joinMissing(run, located, wanted.groups);
			if (changes.length === 0 && renamed.length + joined.length > 0) await clearStaleMarks(run, located);
			return { changes: [...changes, ...renamed, ...joined], notes: [...wanted.notes, ...names.notes], failed };
		} catch (error) {
			if (!(error instanceof DirectoryError)) throw error;
			const chosen = chosenOf(names);
			if (error.kind === 'taken' && attempt < ATTEMPTS && Object.keys(chosen).length > 0) {
				// After the Modify it is the name of the object itself that somebody has.
				refuse(refused, changes === undefined || names.cn === undefined ? chosen : { cn: names.cn }, error);
				continue;
			}
			if (!changes || changes.length === 0 || error.kind === 'cancelled') throw error;
			return { changes, notes: [...wanted.notes, ...names.notes], failed: [error.message] };
		}
	}
}

function chosenOf({ values, cn }: NamesToHave): ChosenNames {
	const given = Object.fromEntries(Object.entries(values).map(([name, [value]]) => [name, String(value)]));
	return cn === undefined ? given : { ...given, cn };
}

async function joinMissing(
	run: AccountRun,
	{ entry, account }: Located,
	groups: readonly WantedGroup[],
): Promise<{ joined: AttributeChange[]; failed: readonly string[] }> {
	const { joined, failed } = await joinGroups(run, account.guid, missingGroups(entry, groups));
	return { joined: joined.map(({ dn }) => ({ attribute: 'memberOf', from: [], to: [dn] })), failed };
}

/** One conditional Modify. */
async function writeValues(
	run: AccountRun,
	located: Located,
	desired: DesiredValues,
	values: WantedValues,
	creating: boolean,
): Promise<AttributeChange[]> {
	const { directory, marking, known } = run;
	const { entry, dn } = located;
	const facts: FactsOf = await liveFacts(directory, known.facts, Object.keys(values));
	const { modifications, changes } = differences(entry, values, desired, creating, facts);
	if (modifications.length === 0) return [];
	await writeOnce(
		() => directory.modify(dn, [...modifications, ...staleMarks(run, located)]),
		async () => {
			const now = await readAgain(directory, dn, marking, [...Object.keys(values), ...attributesToRead(desired)]);
			return now !== undefined && differences(now, values, desired, creating, facts).modifications.length === 0;
		},
	);
	return changes;
}

type NamesToHave = {
	readonly values: WantedValues;
	/** undefined = it keeps the one it has. */
	readonly cn: string | undefined;
	readonly notes: readonly string[];
};

/** An account keeps a name that is any of its candidates; another one is changed only when that was asked for. */
async function namesToHave(
	{ directory }: AccountRun,
	entry: Entry,
	{ names }: DesiredValues,
	refused: RefusedNames,
	updateNames: boolean,
): Promise<NamesToHave> {
	const strange = NAME_ATTRIBUTES.filter((attribute) => {
		const ladder = names[attribute];
		if (!ladder) return false;
		const has = textOf(entry, attribute)?.toLowerCase();
		for (const name of ladderNames(attribute, ladder)) if (name.toLowerCase() === has) return false;
		return true;
	});
	if (!updateNames) {
		const notes = strange.map((attribute) => {
			const has = textOf(entry, attribute);
			return has === undefined
				? `The account has no ${attribute}, and was given none.`
				: `${attribute} "${has}" is none of the names that the person would get now; it was kept.`;
		});
		return { values: {}, cn: undefined, notes };
	}
	const wanted = Object.fromEntries(
		strange.map((attribute) => [attribute, names[attribute]]),
	) as DesiredValues['names'];
	const place = { names: wanted, ou: parentOf(entry.dn) };
	const { cn, ...others } = await chooseNames(directory, place, refused, [], guidOf(entry));
	const values = Object.fromEntries(Object.entries(others).map(([attribute, name]) => [attribute, [name]]));
	return { values, cn, notes: [] };
}

async function renameTo({ directory }: AccountRun, entry: Entry, cn: string): Promise<AttributeChange> {
	await relocate(directory, entry, formatDn([[{ attribute: 'CN', value: cn }]]), parentOf(entry.dn));
	return { attribute: 'cn' satisfies NameAttribute, from: [textOf(entry, 'cn') ?? ''], to: [cn] };
}

/** The result of writing to an account that was there. */
export async function updated(run: AccountRun, located: Located, written: Written): Promise<AccountResult> {
	const { account, dn, mark } = located;
	const { changes, notes, failed } = written;
	const now = changes.length > 0 ? await readAgain(run.directory, dn, run.marking, []) : undefined;
	const result = { account: now ? toAccount(now, mark) : account, changes, notes };
	return failed.length > 0
		? partial(result, failed)
		: { ...result, outcome: changes.length > 0 ? 'updated' : 'unchanged' };
}

export function partial(result: Omit<AccountResult, 'outcome'>, failed: readonly string[]): AccountResult {
	return {
		...result,
		outcome: 'partial',
		message: `Not everything could be done: ${failed.join(' ')}`,
		whatToDo: 'Mend what the message names, then run again: what is done already is found and left as it is.',
	};
}
