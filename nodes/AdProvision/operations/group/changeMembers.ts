/**
 * Add, Remove and Set Members. All items that name the same group are taken together: the links go out in few writes, and Set Members would
 * otherwise leave the group with the members of the last item. Each item gets its own part of what was done.
 */
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Lookup } from '../../../../lib/directory/accounts/account';
import { guidOf } from '../../../../lib/directory/accounts/account';
import type { AccountRun } from '../../../../lib/directory/accounts/locate';
import type { Entry } from '../../../../lib/directory/entry';
import { DirectoryError } from '../../../../lib/directory/errors';
import type { GroupResult } from '../../../../lib/directory/groups/change';
import { findGroup } from '../../../../lib/directory/groups/find';
import { listParameter, locatorParameter, parameterError, requiredLocator, textParameter } from '../../parameters';
import { plainOutcome, type ItemOutcome } from '../../results';
import type { Operation } from '../../run';

/** What one item asks for. */
type Asked = { readonly group: string; readonly members: readonly Lookup[] };
type Change = (run: AccountRun, group: string, members: readonly Lookup[]) => Promise<GroupResult>;

/** Several items' group, once: all that they ask for. */
type Gathered = {
	readonly items: ReadonlyMap<number, readonly Lookup[]>;
	/** The first item whose parameters cannot be used, with the error. */
	readonly fault: unknown;
	done?: Promise<{ readonly result: GroupResult; readonly who: Identities }>;
};

/** GUIDs by distinguished name and by the words that members were looked for by; and all of these as one set. */
type Identities = { readonly guids: ReadonlyMap<string, string>; readonly known: ReadonlySet<string> };

export type ChangeKind = {
	readonly change: (context: IExecuteFunctions) => Change;
	/** Whether one item that cannot be used stops its group: a member that is missing from the list would be removed. */
	readonly exact?: boolean;
	readonly brake?: Operation['brake'];
};

/** Made anew for each run of the node: it remembers which groups are done. */
export function changeMembers({ change, exact = false, brake }: ChangeKind): (context: IExecuteFunctions) => Operation {
	return (context) => {
		const apply = change(context);
		let gathered: Promise<ReadonlyMap<number, Gathered>> | undefined;
		return {
			outputs: 1,
			writes: true,
			...(brake ? { brake } : {}),
			subject: (_context, item) => ({ key: locatorParameter(context, 'group', item), displayName: '' }),
			run: async (_context, item, { accounts }) => {
				const asked = askedOf(context, item);
				// Nobody to add or remove is no success: the person that the item is about would be missed by nobody.
				if (!exact && asked.members.length === 0) throw emptyMembers(context, item);
				// What failed because the connection broke is asked for again, maybe of another controller.
				gathered ??= gather(context, accounts, exact).catch((error: unknown) => {
					gathered = undefined;
					throw error;
				});
				const group = (await gathered).get(item);
				if (!group) throw new Error(`Item ${item} belongs to no group.`);
				if (exact && group.fault !== undefined) throw unusableGroup(group.fault);
				group.done ??= applyOnce(accounts, apply, asked.group, [...group.items.values()].flat());
				const { result, who } = await group.done;
				const [first] = group.items.keys();
				return shareOf(result, asked.members, who, item === first);
			},
		};
	};
}

export function askedOf(context: IExecuteFunctions, item: number): Asked {
	const findBy = context.getNodeParameter('findMembersBy', item, 'objectGUID') as string;
	const attribute = findBy === 'matchAttribute' ? textParameter(context, 'matchAttribute', item).trim() : findBy;
	return {
		group: requiredLocator(context, 'group', 'Group', item),
		members: [...new Set(listParameter(context, 'members', 'Members', item))].map((value) => ({ attribute, value })),
	};
}

/** Which items name the same group, whatever they call it. */
async function gather(
	context: IExecuteFunctions,
	run: AccountRun,
	exact: boolean,
): Promise<ReadonlyMap<number, Gathered>> {
	const keys = new Map<string, string>();
	const groups = new Map<string, { items: Map<number, readonly Lookup[]>; fault: unknown }>();
	const byItem = new Map<number, Gathered>();
	for (let item = 0; item < context.getInputData().length; item += 1) {
		const name = locatorParameter(context, 'group', item);
		const key = keys.get(name) ?? (await keyOf(run, name));
		keys.set(name, key);
		const group = groups.get(key) ?? { items: new Map<number, readonly Lookup[]>(), fault: undefined };
		groups.set(key, group);
		byItem.set(item, group);
		try {
			group.items.set(item, askedOf(context, item).members);
		} catch (error) {
			group.fault ??= error;
		}
	}
	for (const group of exact ? groups.values() : []) group.fault ??= emptyItem(context, group.items);
	return byItem;
}

/** An item without a value among others that have one is somebody who would be removed; an empty list is a word of its own. */
function emptyItem(context: IExecuteFunctions, items: ReadonlyMap<number, readonly Lookup[]>): unknown {
	if (![...items.values()].some((members) => members.length > 0)) return undefined;
	for (const [item, members] of items)
		if (members.length === 0 && !Array.isArray(context.getNodeParameter('members', item, '')))
			return emptyMembers(context, item);
	return undefined;
}

function emptyMembers(context: IExecuteFunctions, item: number): Error {
	return parameterError(context, item, 'Members', 'is empty', 'Give it a value, or take the item out.');
}

async function keyOf({ directory }: AccountRun, name: string): Promise<string> {
	if (name === '') return name;
	const found = await findGroup(directory, name);
	return found.outcome === 'found' ? guidOf(found.entry) : name;
}

async function applyOnce(
	run: AccountRun,
	apply: Change,
	group: string,
	members: readonly Lookup[],
): Promise<{ result: GroupResult; who: Identities }> {
	// Named by two items, a member who is not found would fail twice.
	const distinct = [...new Map(members.map((member) => [named(member), member])).values()];
	const who = await identify(run, distinct);
	return { result: await apply(run, group, distinct), who };
}

/** Who each member is, read before anything is written, so that each item can be told its own. */
async function identify({ finder }: AccountRun, members: readonly Lookup[]): Promise<Identities> {
	const guids = new Map<string, string>();
	// What the change itself reads, so that it need not do it again.
	if (members.length > 1) await finder.prefetch(members, ['memberOf']);
	for (const member of members) {
		// A value that cannot be looked for: the change says so, by the words it was looked for by.
		const [entry, ...more] = await finder.find(member, ['memberOf']).catch(unlessPerson);
		if (entry && more.length === 0) guids.set(named(member), guidOf(entry)).set(entry.dn, guidOf(entry));
	}
	return { guids, known: new Set([...members.map(named), ...guids.keys(), ...guids.values()]) };
}

function unlessPerson(error: unknown): readonly Entry[] {
	if (error instanceof DirectoryError && error.kind === 'person') return [];
	throw error;
}

/** As FailedMember names one that was not found. */
function named({ attribute, value }: Lookup): string {
	return `${attribute} "${value}"`;
}

/** One item's part of what was done for all. What Set Members removed nobody asked for: it stands with the first item. */
function shareOf(
	result: GroupResult,
	members: readonly Lookup[],
	{ guids, known }: Identities,
	isFirst: boolean,
): ItemOutcome {
	// The group was not found, or is protected: the same for each.
	if (result.added.length + result.removed.length + result.already + result.failed.length === 0)
		return plainOutcome(result);
	const own = new Set(members.flatMap((member) => [named(member), guids.get(named(member)) ?? named(member)]));
	const isOwn = (name: string) => own.has(name) || own.has(guids.get(name) ?? '');
	const isShown = (name: string) => isOwn(name) || (isFirst && !known.has(name));
	const added = result.added.filter(({ guid }) => isOwn(guid));
	const removed = result.removed.filter(({ guid }) => isShown(guid));
	const failed = result.failed.filter(({ member }) => isShown(member));
	const done = added.length + removed.length;
	const already = Math.max(0, members.length - done - failed.length);
	const { group, notes } = result;
	return plainOutcome({
		...judge(result, { done, already, failed }),
		...{ group, added, removed, already, failed, notes },
	});
}

type Share = { readonly done: number; readonly already: number; readonly failed: GroupResult['failed'] };

function judge(
	{ outcome, message, whatToDo }: GroupResult,
	{ done, already, failed }: Share,
): Pick<GroupResult, 'outcome' | 'message' | 'whatToDo'> {
	const [first] = failed;
	if (first) {
		const words = { message: first.message, whatToDo: first.whatToDo };
		return { outcome: outcome !== 'refused' && done + already > 0 ? 'partial' : first.reason, ...words };
	}
	// Another item's member stopped the whole group.
	if (outcome === 'refused') return { outcome, ...(message ? { message } : {}), ...(whatToDo ? { whatToDo } : {}) };
	return { outcome: done > 0 ? 'updated' : 'unchanged' };
}

function unusableGroup(fault: unknown): DirectoryError {
	const message = fault instanceof Error ? fault.message : String(fault);
	return new DirectoryError({
		kind: 'person',
		message: `The members of the group were left as they are, because one of its items cannot be used: ${message}`,
		whatToDo: 'Correct that item; a member who is missing from the list would be removed.',
	});
}
