/** What the planner is asked, what it may ask of a directory, and what its parts hand to each other. */
import type { DesiredAccount, FeedReport, PlanProblem, Policy, Ref, Step } from '../../contracts';
import type { Entry } from '../../directory/entry';
import type { Filter } from '../../directory/filter';
import type { Mark } from '../../directory/mark';
import type { Snapshot } from '../../directory/snapshot';
import type { AttributeFacts } from '../../schema/attributes';
import type { NameAttribute } from '../../schema/nameLadder';

/** A key that came out of the HR system and is not among the people; '' = the person had none. */
export type OtherKey = {
	readonly key: string;
	readonly displayName: string;
	readonly previousKeys?: readonly string[];
};

export type FeedInput = {
	readonly input: 'whole' | 'people';
	/** null only with `people`. */
	readonly report: FeedReport | null;
	readonly rejected: readonly OtherKey[];
	readonly outOfScope: readonly OtherKey[];
	/** `feed.missing` of the plan before; null = this is the first run. */
	readonly previousMissing: readonly string[] | null;
};

export type ScopeRequest = {
	/** Distinguished names of search bases; none = the search base of the credential. */
	readonly bases: readonly string[];
	/** As the operator wrote it; '' = none. */
	readonly filterText: string;
	readonly filter: Filter | undefined;
	readonly excludedOus: readonly string[];
};

export type PlanRequest = {
	readonly people: readonly DesiredAccount[];
	readonly feed: FeedInput;
	readonly scope: ScopeRequest;
	/** Attribute that holds the key of the HR system. */
	readonly anchor: string;
	readonly markAttribute: string;
	/** Attributes that a person is looked for by after key and previous keys: what is found so is for a person to look at. */
	readonly matchOn: readonly string[];
	readonly policy: Policy;
	readonly signingKey: string;
};

/** What is known of the directory before anything else is read. */
export type PlanFacts = {
	readonly source: 'live' | 'snapshot';
	readonly domainGuid: string;
	/** Distinguished name and DNS name of the domain. */
	readonly dn: string;
	readonly domain: string;
	readonly dc: string;
	readonly invocationId: string;
	/** highestCommittedUSN, decimal. */
	readonly usn: string;
	/** Instant by the controller's clock, ISO 8601 in UTC, to the second. */
	readonly now: string;
};

export type AccountsRequest = ScopeRequest & {
	/** '' = none. */
	readonly leaverOu: string;
	readonly attributes: readonly string[];
};

export type AccountsRead = {
	/** User objects below the bases that the filter takes and that stand in no excluded OU; the search bases as they are spelled there. */
	readonly inScope: readonly Entry[];
	/** Further user objects in or below the leaver OU. Those that are marked `left` are in scope, the planner looks. */
	readonly inLeaverOu: readonly Entry[];
	readonly bases: readonly string[];
};

export type NameLookup =
	| { readonly attribute: Exclude<NameAttribute, 'cn'>; readonly value: string }
	| {
			readonly attribute: 'cn';
			readonly value: string;
			/** Distinguished name of the container. */ readonly parent: string;
	  };

export type GroupKnown = {
	readonly guid: string;
	readonly dn: string;
	readonly name: string;
	/** Why nobody is added or taken out; such a group is in no step. */
	readonly protection?: string;
	/** Why a membership in it is looked at twice: it leads to a group that came with the domain, for example. */
	readonly near?: string;
	/** The last part of its SID: an account's primary group (primaryGroupID) stands in no memberOf (MS-ADTS 3.1.1.4.5.1). */
	readonly rid?: number;
};
/** Why a group or an organisational unit cannot be used, as the end of "... cannot be used: ". */
export type Unfit = { readonly reason: string };

export type PlaceKnown = { readonly guid: string; readonly dn: string };

/** A directory as the planner reads it: a live one, or a snapshot of one. Attribute names in `Entry` are in lower case. */
export type PlanSource = {
	/** Read first, once; later calls give the same. @throws DirectoryError */
	readonly facts: () => Promise<PlanFacts>;
	/** Reads the scope in pages, once. @throws DirectoryError (configuration) for a base or leaver OU that does not exist */
	readonly accounts: (request: AccountsRequest) => Promise<AccountsRead>;
	/** Objects of any class in the whole domain that have one of the values. Empty values: nobody. @throws DirectoryError */
	readonly find: (
		attribute: string,
		values: readonly string[],
		attributes: readonly string[],
	) => Promise<readonly Entry[]>;
	/**
	 * Objects of any class that hold one of the names, in the whole domain (cn: in its container), and in the whole forest for addresses where
	 * the global catalogue can be reached: sAMAccountName as userPrincipalName of this domain and the other way round, mail as
	 * proxyAddresses. With objectGUID, the four name attributes and proxyAddresses. @throws DirectoryError
	 */
	readonly named: (lookups: readonly NameLookup[]) => Promise<readonly Entry[]>;
	/** Whether `named` asks the whole forest; otherwise why not, in words. Known after `facts`. */
	readonly forest: () => Promise<{ readonly searched: boolean; readonly why: string }>;
	/** By name as given: distinguished name, GUID, account name or common name. @throws DirectoryError */
	readonly groups: (names: readonly string[]) => Promise<ReadonlyMap<string, GroupKnown | Unfit>>;
	/** By text as given: distinguished name, GUID or name of an organisational unit. @throws DirectoryError */
	readonly places: (names: readonly string[]) => Promise<ReadonlyMap<string, PlaceKnown | Unfit>>;
	/** Why an account must not be touched, by an entry with PROTECTION_ATTRIBUTES and objectGUID. @throws DirectoryError */
	readonly protection: () => Promise<(entry: Entry) => string | undefined>;
	/** GUIDs of those whose mark somebody has overtaken (accounts/overtaken.ts). @throws DirectoryError */
	readonly overtaken: (
		marked: readonly { readonly entry: Entry; readonly mark: Mark }[],
	) => Promise<ReadonlySet<string>>;
	/** Facts by lower-case name; an attribute that users of the domain do not have is missing. @throws DirectoryError */
	readonly schema: (attributes: readonly string[]) => Promise<ReadonlyMap<string, AttributeFacts | undefined>>;
	/** Characters that one value of the mark attribute may have; Infinity = any number. @throws DirectoryError (configuration) */
	readonly markRoom: (markAttribute: string) => Promise<number>;
};

/** An account of the directory as the planner sees it. */
export type AccountView = {
	readonly entry: Entry;
	readonly guid: string;
	readonly dn: string;
	/** Value of the anchor attribute; '' = none. */
	readonly key: string;
	readonly enabled: boolean;
	/** The genuine mark that still says why the account is disabled. */
	readonly mark: Mark | undefined;
	/** What is wrong with a mark that does not count, in words; undefined = there is none, or it counts. */
	readonly markFault: string | undefined;
	/** The genuine snapshot of the leave that the mark speaks of. */
	readonly snapshot: Snapshot | undefined;
	/** What is wrong with a snapshot that does not count, in words; absent = there is none, or it counts. */
	readonly snapshotFault?: string;
	/** Why it must not be touched. */
	readonly protection: string | undefined;
	/** In scope; else it is only known because it was looked for in the whole domain, or stands in the leaver OU without mark. */
	readonly inScope: boolean;
};

export type LeaverReason = 'feed' | 'end date' | 'absence';

/** What is to happen with one person or account. Exactly one for each person, and one for each leaver by absence. */
export type Decision =
	| {
			readonly kind: 'joiner';
			readonly person: DesiredAccount;
			/** Whether the start is reached, or the account is to be enabled until then. */ readonly enable: boolean;
	  }
	| {
			readonly kind: 'pending';
			readonly person: DesiredAccount;
			readonly account: AccountView;
			/** Start reached: links, password, enable. Else attributes and links only. */
			readonly finish: boolean;
	  }
	| {
			readonly kind: 'mover';
			readonly person: DesiredAccount;
			readonly account: AccountView;
			/** Found by a previous key: the anchor is written. */
			readonly newKey: boolean;
	  }
	| {
			readonly kind: 'leaver';
			/** null = absent from the feed. */
			readonly person: DesiredAccount | null;
			readonly account: AccountView;
			readonly why: LeaverReason;
			/** Marked `left` already: only what is outstanding. */
			readonly again: boolean;
			/** Its days are over: it is deleted, and nothing else. */
			readonly remove: boolean;
	  }
	| {
			readonly kind: 'rehire';
			readonly person: DesiredAccount;
			readonly account: AccountView;
			readonly newKey: boolean;
	  }
	| {
			readonly kind: 'unchanged';
			readonly person: DesiredAccount;
			readonly account: AccountView | null;
			/** The account of somebody who leaves, when it is enabled and outside the scope. */
			readonly stillOpen?: AccountView;
			/** Something would be done, were it turned on. */
			readonly turnedOff?: true;
			/** As the end of "Nothing to do: ". */
			readonly reason: string;
	  }
	| { readonly kind: 'problem'; readonly problem: PlanProblem };

export type ChangingDecision = Exclude<Decision, { kind: 'unchanged' | 'problem' }>;

export type ChosenNames = Readonly<Partial<Record<NameAttribute, string>>>;

/** Names and references worked out for one decision, before its steps are made. */
export type Resolved = {
	/** Names to give: all of them for a joiner, those to be changed for others. */
	readonly names: ChosenNames;
	/** By attribute in lower case, values in order; an attribute that could not be resolved whole is missing, and a note says so. */
	readonly references: Readonly<Record<string, readonly Ref[]>>;
	readonly notes: readonly string[];
};

/** What holds for all steps of a plan. */
export type StepContext = {
	readonly request: PlanRequest;
	readonly facts: PlanFacts;
	readonly schema: ReadonlyMap<string, AttributeFacts | undefined>;
	readonly groups: ReadonlyMap<string, GroupKnown | Unfit>;
	readonly places: ReadonlyMap<string, PlaceKnown | Unfit>;
	/** GUIDs of containers by dnKey of their distinguished name: of every container that an account to be changed stands in. */
	readonly containers: ReadonlyMap<string, PlaceKnown>;
	/** An account that was read, by its distinguished name as the directory spells it. Absent = none is known so. */
	readonly accountAt?: (dn: string) => PlaceKnown | undefined;
	readonly markRoom: number;
};

/** What is to be done for one person, before it becomes a sealed Change. Without steps there is nothing to do. */
export type Draft = {
	readonly steps: readonly Step[];
	readonly reasons: readonly string[];
	readonly notes: readonly string[];
	readonly riskReasons: readonly string[];
	/** Ids of joiners of this plan. */
	readonly dependsOn: readonly string[];
};
