/**
 * The plain-JSON types that travel between the nodes. Each is the `json` of an n8n item, so everything here survives
 * `JSON.parse(JSON.stringify(x))`. This file imports nothing.
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
	readonly problems: readonly MappingProblem[];
	readonly record: HcmRecord;
};

/** One change of one attribute, as an operator reads it. Secrets never stand here. */
export type AttributeChange = {
	readonly attribute: string;
	readonly from: readonly Value[];
	readonly to: readonly Value[];
};
