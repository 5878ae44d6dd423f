/**
 * The plain-JSON types that travel between the nodes. Each is the `json` of an n8n item, so everything here survives
 * `JSON.parse(JSON.stringify(x))`. This file imports nothing. They stand in one file, long as it is, because each is read with the others.
 */

/** The person as the HR system gives it, several endpoints joined on the primary key. */
export type HcmRecord = Readonly<Record<string, unknown>>;

/** One attribute value. Integers and FILETIME travel as decimal text (2^63 - 1 does not fit a JSON number). */
export type Value = string | { readonly base64: string };

/** An object of the directory, or a joiner of the same plan, which has no GUID yet. */
export type Ref = { readonly guid: string; readonly dn: string } | { readonly change: string };

/** A person named by an attribute's value, for example a manager by employeeID. The plan resolves it to a DN. */
export type PersonRef = { readonly by: string; readonly value: string };

export type Lifecycle = 'joiner' | 'mover' | 'leaver' | 'rehire';

export type EndpointReport = {
	readonly name: string;
	readonly calls: number;
	readonly retries: number;
	/** Rows received, duplicates and overlap rows not counted twice in `unique`. */
	readonly rows: number;
	readonly unique: number;
	readonly duplicates: number;
	/** The total that the server announced, null when it announces none. */
	readonly total: number | null;
	readonly pages: number;
	readonly ms: number;
};

/** How far a feed can be trusted. Exactly one for each feed read. */
export type FeedReport = {
	readonly formatVersion: 1;
	readonly node: string;
	readonly feed: string;
	readonly kind: 'full' | 'delta';
	readonly complete: boolean;
	readonly reasons: readonly string[];
	/** strong: the end was proven (total and overlap, cursor end, one whole reply, two equal readings). weak: total only or short page only. */
	readonly evidence: 'strong' | 'weak';
	/** What a person should look at, though it does not make the feed incomplete. */
	readonly warnings: readonly string[];
	/** How it stands to the last complete feed, or why it was not compared. */
	readonly comparison: string;
	/** Items out of the output Records. */
	readonly records: number;
	readonly nextSince: string | null;
	readonly endpoints: readonly EndpointReport[];
};

export type NameCounter = {
	readonly base: string;
	readonly start: number;
	readonly width: number;
	readonly limit: number;
	readonly maxLength: number;
};

/** Candidates in order of preference; after them, `counter` numbers `base`. */
export type NameLadder = {
	readonly candidates: readonly string[];
	readonly counter?: NameCounter;
};

export type AttributeValue = Value | PersonRef | ReadonlyArray<Value | PersonRef> | null;

/** The account that a person should have. Made by Attribute Map, read by AD Provision. */
export type DesiredAccount = {
	readonly formatVersion: 1;
	readonly key: string;
	readonly previousKeys: readonly string[];
	readonly displayName: string;
	/** By rules on the record, never by absence from the feed. */
	readonly lifecycle: 'active' | 'away' | 'leaver';
	/** null = clear the attribute; absent = leave it alone. An empty string is never a value. */
	readonly attributes: Readonly<Record<string, AttributeValue>>;
	/** Attributes written at creation only. */
	readonly createOnly: readonly string[];
	/** Attributes written only where the directory has no value. */
	readonly fillOnly: readonly string[];
	/** Ladders for sAMAccountName, userPrincipalName, mail and cn. */
	readonly names: Readonly<Record<string, NameLadder>>;
	readonly review: ReadonlyArray<{ readonly attribute: string; readonly reason: string }>;
	readonly ou: string;
	readonly groups: readonly string[];
	/** Every group that the mapping's rules can give, whether this person gets it or not. */
	readonly managedGroups: readonly string[];
	/** Instants (ISO 8601); the end is exclusive: 00:00 of the next day in the person's zone. */
	readonly startsAt: string | null;
	readonly endsAt: string | null;
};

/** Why a person was not mapped. `rule` names the check, `value` is the text that failed it. */
export type MappingProblem = {
	readonly attribute: string;
	readonly rule: string;
	readonly value: string;
	readonly message: string;
};

export type RejectedPerson = {
	readonly key: string;
	readonly displayName: string;
	/** Where there are any: the account may still have one of them, and is not absent then. */
	readonly previousKeys?: readonly string[];
	readonly problems: readonly MappingProblem[];
	readonly record: HcmRecord;
};

/** One change of one attribute, as an operator reads it. Secrets never stand here. */
export type AttributeChange = {
	readonly attribute: string;
	readonly from: readonly Value[];
	readonly to: readonly Value[];
};

/** How a password is made; the password itself stands in no plan. */
export type PasswordRule = { readonly mustChange: boolean };

/** Where an object stands: the container, and its name in it as `formatDn` writes it (`CN=Ada Lovelace`). */
export type Place = { readonly parent: { readonly guid: string; readonly dn: string }; readonly rdn: string };

/** One attribute of one object, from what it has to what it is to have. The second form is for attributes with several values. */
export type Write =
	| { readonly attribute: string; readonly from: Value | Ref | null; readonly to: Value | Ref | null }
	| {
			readonly attribute: string;
			readonly remove: ReadonlyArray<Value | Ref>;
			readonly add: ReadonlyArray<Value | Ref>;
	  };

/**
 * One thing to do to one account. `n` counts from 1 in the order in which a change's steps are done: those before its memberships, the
 * memberships, those after them; a `set` that names a joiner of the same plan comes when every person is done.
 */
export type Step = { readonly n: number } & (
	| {
			readonly do: 'create';
			readonly parent: { readonly guid: string; readonly dn: string };
			readonly rdn: string;
			/** Without mark, password and userAccountControl, which applying adds: disabled, and marked `pending`. */
			readonly attributes: Readonly<Record<string, ReadonlyArray<Value | Ref>>>;
			readonly password: PasswordRule;
	  }
	| { readonly do: 'set'; readonly writes: readonly Write[] }
	| { readonly do: 'relocate'; readonly from: Place; readonly to: Place }
	| { readonly do: 'link' | 'unlink'; readonly group: Ref }
	| {
			readonly do: 'setPassword';
			readonly rule: PasswordRule;
			/** As it stood when the plan was made, FILETIME; '' = the account did not exist. */
			readonly pwdLastSetBefore: string;
	  }
	| {
			readonly do: 'enable' | 'disable';
			readonly fromUac: number;
			/** Written in the same Modify. Mark and snapshot stand here once they are made. */
			readonly with: readonly Write[];
	  }
	| { readonly do: 'delete'; readonly expect: Readonly<Record<string, ReadonlyArray<Value | Ref>>> }
);

export type StepKind = Step['do'];

/** What every change carries inside its seal: from which plan it is, and what holds for all of it. */
export type Bind = {
	readonly planId: string;
	readonly kind: 'apply' | 'undo';
	/** Instants by the controller's clock, taken before anything was read. */
	readonly createdAt: string;
	readonly expiresAt: string;
	readonly domainGuid: string;
	/** The controller's copy of the directory, and its number of changes then: what was written later has a higher one there. */
	readonly invocationId: string;
	readonly usn: string;
	readonly anchor: string;
	readonly markAttribute: string;
	readonly guardOk: boolean;
	/** Of the whole plan, as the approver saw it. */
	readonly digestHash: string;
	readonly keyId: string;
};

export type Change = {
	/** Stable: derived from the plan's id and the person's key. */
	readonly id: string;
	readonly bind: Bind;
	readonly key: string;
	readonly displayName: string;
	readonly lifecycle: Lifecycle;
	/** null for a joiner. */
	readonly target: {
		readonly guid: string;
		readonly dn: string;
		readonly sid: string;
		readonly usn: string;
	} | null;
	/** Ids of the joiners of the same plan that this one's attributes name. */
	readonly dependsOn: readonly string[];
	readonly steps: readonly Step[];
	/** Of the steps as the approver saw them: without mark, snapshot, signature and pwdLastSetBefore; joiners whom they name by their keys. */
	readonly stepsHash: string;
	readonly reasons: readonly string[];
	readonly notes: readonly string[];
	readonly risk: 'low' | 'high';
	readonly riskReasons: readonly string[];
	readonly seal: string;
};

/** A limit; absent = no limit. Both given: the lower one counts. */
export type GuardLimit = { readonly count?: number; readonly percent?: number };

/** What a guard counts. */
export type GuardRule =
	| 'create'
	| 'disable'
	| 'move'
	| 'rename'
	| 'groupRemoval'
	| 'delete'
	| 'allChanges'
	| 'feedSize'
	| 'attribute';

export type Guards = Readonly<
	Partial<Record<'create' | 'disable' | 'move' | 'rename' | 'groupRemoval' | 'delete' | 'allChanges', GuardLimit>>
> & {
	/** People in the feed at least (mapped, rejected and out of scope). */
	readonly minimumFeed: number;
	/** One attribute changing for more than this percent of the enabled accounts that were matched; absent = no limit. */
	readonly attributePercent?: number;
};

/** `actual` above `limit` is a breach; for `feedSize`, below. `attribute` names the one that changes. */
export type Breach = {
	readonly rule: GuardRule;
	readonly limit: number;
	readonly actual: number;
	readonly attribute?: string;
	/** The same for people. */
	readonly message: string;
};

/** What a plan may do. */
export type Policy = {
	readonly joiners: {
		readonly create: boolean;
		/** Whole days before the start at which the account is made. */
		readonly daysBefore: number;
		/** What it is until the start. */
		readonly until: 'pending' | 'enabled';
		readonly mustChange: boolean;
	};
	readonly movers: {
		readonly update: boolean;
		readonly move: boolean;
		readonly rename: boolean;
		/** Attributes that are never overwritten where they have a value. */
		readonly keep: readonly string[];
	};
	readonly leavers: {
		readonly disable: boolean;
		/** Whoever is missing from a feed that may be trusted, twice, is a leaver. */
		readonly byAbsence: boolean;
		readonly randomPassword: boolean;
		readonly clear: readonly string[];
		readonly removeFromGroups: boolean;
		readonly hideAttribute: string;
		readonly description: string;
		/** Distinguished name; '' = the account stays. Always read, and accounts marked `left` there are in scope. */
		readonly moveTo: string;
		/** Days after the leave; null = never deleted. */
		readonly deleteAfterDays: number | null;
	};
	readonly rehires: {
		readonly enable: boolean;
		/** Whoever left longer ago is a problem for a person. */
		readonly withinDays: number;
		/** Place, attributes and groups from before the leave; what the feed wants comes on top. */
		readonly restore: boolean;
		readonly mustChange: boolean;
	};
	readonly groups: {
		readonly mode: 'add' | 'managed';
		/** Groups that no rule gives any more, and that people are taken out of in mode `managed`. */
		readonly retired: readonly string[];
	};
	readonly names: {
		/** userPrincipalName and mail take the candidate at the same place of their ladders. */
		readonly sameCandidate: boolean;
	};
	readonly guards: Guards;
	readonly maxChanges: number;
	/** Hours until the plan expires. */
	readonly expiresAfterHours: number;
};

/** Who a plan is about. */
export type PlanFeed = {
	readonly input: 'whole' | 'people';
	readonly complete: boolean;
	readonly evidence: 'strong' | 'weak';
	readonly kind: 'full' | 'delta';
	/** Out of the HR system: mapped, rejected and out of scope. */
	readonly received: number;
	readonly mapped: number;
	readonly rejected: number;
	readonly outOfScope: number;
	/** Keys of accounts that nobody in the feed has. Empty unless the feed may be trusted. To be passed into the next plan. */
	readonly missing: readonly string[];
	/** Why nobody is a leaver by absence this time; empty when they may be. */
	readonly absenceRefused: readonly string[];
};

/** A plan as people read it. Everything in it is escaped for where it goes. */
export type Digest = {
	/** What *Approved Over Limit* must hold. Of everything that the approver saw. */
	readonly hash: string;
	readonly title: string;
	readonly text: string;
	readonly markdown: string;
	/** Self-contained, for mail. */
	readonly html: string;
	/** Tags only that n8n's forms let through; `formCss` goes into the form's Custom CSS. */
	readonly formHtml: string;
	readonly formCss: string;
	/** People not shown because the table was cut. */
	readonly cut: number;
};

export type Plan = {
	readonly formatVersion: 1;
	readonly kind: 'apply' | 'undo';
	readonly id: string;
	readonly createdAt: string;
	readonly expiresAt: string;
	readonly keyId: string;
	readonly directory: {
		readonly source: 'live' | 'snapshot';
		readonly domainGuid: string;
		readonly domain: string;
		readonly dc: string;
		readonly invocationId: string;
		readonly usn: string;
	};
	readonly scope: {
		readonly bases: readonly string[];
		readonly filter: string;
		readonly excludedOus: readonly string[];
	};
	readonly anchor: string;
	readonly markAttribute: string;
	readonly matchOn: readonly string[];
	readonly feed: PlanFeed;
	readonly policy: Policy;
	readonly counts: {
		readonly people: Readonly<Record<Lifecycle | 'unchanged' | 'problem', number>>;
		readonly actions: Readonly<Record<StepKind, number>>;
		/** LDAP writes at most: memberships count one each, and go out together. */
		readonly writes: number;
	};
	readonly guard: { readonly ok: boolean; readonly breaches: readonly Breach[] };
	/** What holds for the whole plan and belongs to no person, in words. */
	readonly notes: readonly string[];
	readonly digest: Digest;
	readonly changes: readonly Change[];
	readonly seal: string;
};

/** Something that a person has to look at: nothing is planned for it. */
export type PlanProblem = {
	readonly kind: ProblemKind;
	/** Shown first. */
	readonly urgent: boolean;
	/** '' when it is about the whole plan. */
	readonly key: string;
	readonly displayName: string;
	/** The accounts that it is about. */
	readonly accounts: ReadonlyArray<{ readonly guid: string; readonly dn: string }>;
	readonly message: string;
	readonly whatToDo: string;
	/** The person as it came in; null when it is about the whole plan. */
	readonly record: DesiredAccount | null;
};

export type ProblemKind =
	| 'protected'
	| 'ambiguous'
	| 'duplicate'
	| 'conflict'
	| 'review'
	| 'left long ago'
	| 'disabled by others'
	| 'out of scope'
	| 'no name'
	| 'bad value'
	| 'group'
	| 'organisational unit'
	| 'unusable';

export type StepStatus = 'done' | 'already done' | 'conflict' | 'failed' | 'skipped';

export type StepResult = {
	readonly n: number;
	/** What it was, so that an outcome can be read and played back without its plan. */
	readonly step: Step;
	readonly status: StepStatus;
	/** What was written, mark and snapshot among it, passwords never. */
	readonly wrote?: readonly Write[];
	readonly code?: number;
	readonly message?: string;
	/** What takes it back; null when nothing does, and `notUndoable` says why. */
	readonly inverse: Step | null;
	readonly notUndoable?: string;
};

export type OutcomeStatus = 'applied' | 'already done' | 'partial' | 'conflict' | 'failed' | 'refused';

/** What became of one change. Audit rows are made of these. */
export type Outcome = {
	readonly bind: Bind;
	readonly runId: string;
	readonly changeId: string;
	readonly key: string;
	readonly displayName: string;
	readonly lifecycle: Lifecycle;
	readonly guid: string;
	readonly dn: string;
	readonly status: OutcomeStatus;
	readonly message?: string;
	readonly whatToDo?: string;
	readonly notes: readonly string[];
	readonly steps: readonly StepResult[];
	readonly dc: string;
	/** By the controller's clock. */
	readonly at: string;
	readonly approver?: string;
	readonly seal: string;
};
