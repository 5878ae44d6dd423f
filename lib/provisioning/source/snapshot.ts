/** A snapshot of a directory as the planner reads it, so that a whole flow runs and is tested without a domain. Everything is in memory. */
import { guidToText } from '../../directory/guid';
import { attributeType } from '../../directory/attributeIds';
import { bytesOf, textsOf, valuesOf, type Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { filterTest } from '../../directory/filterMatch';
import { isGroup } from '../../directory/groups/find';
import { comparable } from '../../directory/accounts/lookups';
import { privilegedSids } from '../../directory/protect';
import { domainSidOf, sidToText } from '../../directory/sid';
import { attributeFacts } from '../../schema/attributes';
import { parseDn, safeDnKey } from '../../schema/dn';
import type { AccountsRead, AccountsRequest, PlanFacts, PlanSource } from '../plan/types';
import { knownGroups, type Groups } from './groups';
import { missingPlace } from './liveAccounts';
import { guidKey } from './liveFind';
import { overtakenOf } from './live';
import { directIndex } from './named';
import { privilegedBelow, type Privileged } from './privileged';
import { belowAny, outermost } from './scope';
import {
	derivedDomainSid,
	derivedGuid,
	identified,
	mentionedGroups,
	withMemberships,
	withSid,
	type Domain,
} from './snapshotEntries';
import { snapshotIndex } from './snapshotIndex';
import { snapshotPlaces } from './snapshotPlaces';
import { toInstant } from '../../schema/instants';

export type SnapshotOptions = {
	/** When the snapshot was taken, or when the plan is to think it is: ISO 8601. */
	readonly now: string;
	/** Distinguished name of the domain, where the names in the snapshot do not say it. */
	readonly domain?: string;
};

export { entriesOfItems } from './snapshotItems';

/** @throws DirectoryError (configuration) when nothing says which domain it is */
export function snapshotSource(given: readonly Entry[], { now, domain: named }: SnapshotOptions): PlanSource {
	const known = withMemberships(identified(given));
	const domain = domainOf(known, named);
	const entries = known.map((entry) => (isUser(entry) || isGroup(entry) ? withSid(entry, domain.sid) : entry));
	const index = snapshotIndex(entries);
	const groups = lazy(() => {
		const own = entries.filter(isGroup);
		return [...own, ...mentionedGroups(entries, own, domain.sid)];
	});
	const privileged = lazy(() => readPrivileged(entries, groups(), domain));
	return {
		facts: () => Promise.resolve(factsOf(domain, now)),
		accounts: async (request) => await Promise.resolve(readAccounts(entries, request, domain)),
		find: (attribute, values) => Promise.resolve(index.having(attribute, values)),
		named: (lookups) => Promise.resolve(index.named(lookups, domain.name)),
		forest: () => Promise.resolve({ searched: false, why: 'a snapshot holds one domain only' }),
		groups: groupsOf(groups, privileged),
		places: snapshotPlaces(entries, domain.dn),
		protection: () => Promise.resolve(privileged().of),
		overtaken: (marked) => overtakenOf(marked, (entry) => bytesOf(entry, 'replPropertyMetaData'), knownTypes),
		schema: (attributes) =>
			Promise.resolve(new Map(attributes.map((name) => [name.toLowerCase(), attributeFacts(name)]))),
		markRoom: async (markAttribute) => await Promise.resolve(roomOf(markAttribute)),
	};
}

function lazy<T>(work: () => T): () => T {
	let known: { readonly value: T } | undefined;
	return () => (known ??= { value: work() }).value;
}

function factsOf({ dn, name, guid }: Domain, now: string): PlanFacts {
	return {
		source: 'snapshot',
		domainGuid: guidToText(guid),
		dn,
		domain: name,
		dc: '',
		invocationId: '',
		usn: '0',
		now: toInstant(Date.parse(now)),
	};
}

function hasClass(entry: Entry, name: string): boolean {
	return textsOf(entry, 'objectClass').some((each) => each.toLowerCase() === name);
}

/** Computers and managed service accounts are of the class user too (win32, c-computer). */
function isUser(entry: Entry): boolean {
	return hasClass(entry, 'user') && !hasClass(entry, 'computer');
}

function domainOf(entries: readonly Entry[], named: string | undefined): Domain {
	const head = entries.find(
		(entry) => hasClass(entry, 'domaindns') && (named === undefined || safeDnKey(entry.dn) === safeDnKey(named)),
	);
	const dn = head?.dn ?? named ?? domainPart(entries[0]?.dn ?? '');
	if (dn === '') {
		throw new DirectoryError({
			kind: 'configuration',
			message: 'Nothing in the snapshot says which domain it is of.',
			whatToDo:
				'Give objects with whole distinguished names, such as CN=Ada Lovelace,OU=People,DC=corp,DC=example,DC=com.',
		});
	}
	const guid = head && bytesOf(head, 'objectGUID');
	const own = head ? bytesOf(head, 'objectSid') : undefined;
	const member = entries.find((entry) => isUser(entry) && valuesOf(entry, 'objectSid').length > 0);
	const sid = member && bytesOf(member, 'objectSid');
	return {
		dn,
		name: namesOf(dn),
		guid: guid ?? derivedGuid(dn),
		sid: own ? sidToText(own) : sid ? domainSidOf(sidToText(sid)) : derivedDomainSid(dn),
	};
}

/** From the first DC= on. */
function domainPart(dn: string): string {
	return /(?:^|,)(dc=.*)$/i.exec(dn)?.[1] ?? '';
}

function namesOf(dn: string): string {
	return parseDn(dn)
		.map(([part]) => part?.value ?? '')
		.join('.');
}

function readAccounts(entries: readonly Entry[], request: AccountsRequest, { dn }: Domain): AccountsRead {
	const bases = outermost(request.bases.length > 0 ? request.bases : [dn]);
	for (const base of bases) mustExist(entries, 'The search base', base, dn);
	for (const unit of request.excludedOus) mustExist(entries, 'The excluded unit', unit, dn);
	const isBelow = belowAny(bases);
	const isExcluded = belowAny(request.excludedOus);
	const isTaken = request.filter ? filterTest(request.filter) : () => true;
	const people = entries.filter(isUser);
	const inScope = people.filter((entry) => isBelow(entry.dn) && !isExcluded(entry.dn) && isTaken(entry));
	if (request.leaverOu === '') return { inScope, inLeaverOu: [], bases };
	mustExist(entries, 'The unit for leavers', request.leaverOu, dn);
	const isLeaver = belowAny([request.leaverOu]);
	const scope = new Set(inScope);
	return { inScope, inLeaverOu: people.filter((entry) => isLeaver(entry.dn) && !scope.has(entry)), bases };
}

/** A unit that has nothing in it may be missing in a snapshot of accounts alone, which has no units at all. */
function mustExist(entries: readonly Entry[], what: string, place: string, domainDn: string): void {
	const key = safeDnKey(place);
	const isBelow = belowAny([place]);
	const units = entries.some((entry) => hasClass(entry, 'organizationalunit'));
	if (key === safeDnKey(domainDn) || entries.some(({ dn }) => isBelow(dn))) return;
	if (units ? entries.some(({ dn }) => safeDnKey(dn) === key) : belowAny([domainDn])(place)) return;
	throw missingPlace(what, place);
}

function groupsOf(groups: () => readonly Entry[], privileged: () => Privileged): Groups {
	const direct = lazy(() => directIndex(groups()));
	const byName = (wanted: ReadonlySet<string>) =>
		groups().filter((entry) =>
			[...textsOf(entry, 'sAMAccountName'), ...textsOf(entry, 'cn')].some((name) => wanted.has(comparable(name))),
		);
	return knownGroups({
		direct: () => Promise.resolve(direct()),
		called: (names) => Promise.resolve(byName(new Set(names.map(comparable)))),
		byDn: (names) => Promise.resolve(names.flatMap((name) => direct()(name) ?? [])),
		privileged: () => Promise.resolve(privileged()),
	});
}

/** Groups first, which are few; then one look at the memberships of everybody. */
function readPrivileged(entries: readonly Entry[], groups: readonly Entry[], { sid: domainSid }: Domain): Privileged {
	const sids = privilegedSids(domainSid);
	const placeOf = (group: Entry) => {
		const bytes = bytesOf(group, 'objectSid');
		return bytes ? sids.indexOf(sidToText(bytes)) : -1;
	};
	const roots = groups.filter((group) => placeOf(group) >= 0).sort((left, right) => placeOf(left) - placeOf(right));
	const members = membersBelow(entries, groups, roots);
	return privilegedBelow(roots, (group) => members.get(guidKey(group)) ?? [], new Set());
}

/** Direct members of the privileged groups and of the groups in them, by the group's GUID. */
function membersBelow(
	entries: readonly Entry[],
	groups: readonly Entry[],
	roots: readonly Entry[],
): ReadonlyMap<string, readonly Entry[]> {
	const groupAt = directIndex(groups);
	const members = new Map<string, Entry[]>(roots.map((root) => [guidKey(root), []]));
	const take = (entry: Entry, parent: string) => members.get(parent)?.push(entry);
	/** The same text names the same group wherever it stands. */
	const parents = new Map<string, string | undefined>();
	const parentOf = (name: string | Buffer): string | undefined => {
		const text = name.toString('utf8');
		if (!parents.has(text)) {
			const group = groupAt(text);
			parents.set(text, group && guidKey(group));
		}
		return parents.get(text);
	};
	for (let size = -1; size !== members.size; ) {
		size = members.size;
		for (const group of groups) {
			const leads = valuesOf(group, 'memberOf').some((name) => members.has(parentOf(name) ?? ''));
			if (leads && !members.has(guidKey(group))) members.set(guidKey(group), []);
		}
	}
	for (const entry of entries)
		for (const name of valuesOf(entry, 'memberOf')) {
			const parent = parentOf(name);
			if (parent !== undefined) take(entry, parent);
		}
	return members;
}

function knownTypes(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
	return Promise.resolve(
		new Map(
			names.flatMap((name) => {
				const type = attributeType(name);
				return type === undefined ? [] : [[name, type] as const];
			}),
		),
	);
}

function roomOf(markAttribute: string): number {
	const facts = attributeFacts(markAttribute);
	if (!facts || (facts.syntax === 'text' && !facts.single)) return facts?.maxLength ?? Infinity;
	throw new DirectoryError({
		kind: 'configuration',
		message: `${markAttribute} cannot hold the mark and the snapshot of a leaver: it is no text, or takes one value only.`,
		whatToDo: 'Choose a text attribute of users that takes several values, such as carLicense.',
	});
}
