/** The objects that a list of members means, and which of them must not be touched. */
import { guidOf, isUser, type Lookup } from '../accounts/account';
import type { AccountRun } from '../accounts/locate';
import { textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { BATCH, inPieces } from './memberNames';
import { kindOf } from './members';

export type MemberRef = { readonly guid: string; readonly dn: string };

export type FailedMember = {
	/** The distinguished name, or what it was looked for by. */
	readonly member: string;
	readonly reason: 'not found' | 'ambiguous' | 'protected' | 'refused';
	readonly message: string;
	readonly whatToDo: string;
};

export type Resolved = {
	/** Each object once, in the order of the list. */
	readonly entries: readonly Entry[];
	readonly failed: readonly FailedMember[];
};

/** What comparing members needs besides what the finder reads anyway. */
const MEMBER_OF = ['memberOf'] as const;

/**
 * Each must be found exactly once, and be something that groups have as members. Many are read in portions.
 * @throws DirectoryError of reading, or (configuration) when an attribute cannot be looked for
 */
export async function resolveMembers(run: AccountRun, lookups: readonly Lookup[]): Promise<Resolved> {
	if (lookups.length > 1) await run.finder.prefetch(lookups, MEMBER_OF);
	const entries = new Map<string, Entry>();
	const failed: FailedMember[] = [];
	for (const lookup of lookups) {
		const found = await resolveOne(run, lookup);
		if ('reason' in found) failed.push(found);
		else entries.set(guidOf(found), found);
	}
	return { entries: [...entries.values()], failed };
}

async function resolveOne({ finder }: AccountRun, lookup: Lookup): Promise<Entry | FailedMember> {
	const { attribute, value } = lookup;
	const named = `${attribute} "${value}"`;
	let found: readonly Entry[];
	try {
		found = await finder.find(lookup, MEMBER_OF);
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind !== 'person') throw error;
		return { member: named, reason: 'refused', message: error.message, whatToDo: error.whatToDo };
	}
	const [entry] = found;
	if (!entry)
		return {
			...{ member: named, reason: 'not found', message: `No object in the domain has ${named}.` },
			whatToDo: 'Check the value, and that the service account may read the place where the member stands.',
		};
	if (found.length > 1)
		return {
			...{ member: named, reason: 'ambiguous' },
			message: `${found.length} objects have ${named}: ${found
				.slice(0, 5)
				.map(({ dn }) => dn)
				.join(' · ')}`,
			whatToDo: 'Name the member by its distinguished name or its GUID.',
		};
	if (kindOf(entry) === 'other')
		return {
			...{ member: entry.dn, reason: 'refused', message: `${entry.dn} is no user, group or contact.` },
			whatToDo: 'Name users, groups or contacts as members.',
		};
	return entry;
}

/**
 * Protected accounts and groups are neither added nor removed.
 * @returns those that may be, and the others with the reason
 * @throws DirectoryError
 */
export async function guardMembers({ guard }: AccountRun, entries: readonly Entry[]): Promise<Resolved> {
	const free: Entry[] = [];
	const failed: FailedMember[] = [];
	for (const batch of inPieces(entries, BATCH)) {
		if (entries.length > 1) await guard.prefetch(batch.filter(isUser));
		for (const entry of batch) {
			const reason = await protectionOf(guard, entry);
			if (reason === undefined) free.push(entry);
			else failed.push(protectedMember(entry, reason));
		}
	}
	return { entries: free, failed };
}

/** Contacts cannot log on, so nothing can be taken over with them. */
async function protectionOf(guard: AccountRun['guard'], entry: Entry): Promise<string | undefined> {
	const kind = kindOf(entry);
	if (kind === 'contact' && textsOf(entry, 'objectSid').length === 0) return undefined;
	return kind === 'group' ? await guard.ofGroup(entry) : await guard.of(entry);
}

function protectedMember({ dn }: Entry, reason: string): FailedMember {
	return {
		...{ member: dn, reason: 'protected', message: `${dn} is protected: ${reason}. Its memberships are left alone.` },
		whatToDo: 'Change the memberships of protected accounts and groups by hand.',
	};
}

export function refOf(entry: Entry): MemberRef {
	return { guid: guidOf(entry), dn: entry.dn };
}
