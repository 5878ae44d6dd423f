/** What applying is asked, what it gives back, and what its parts hand to each other. */
import type { Change, Outcome, Step, StepResult, StepStatus, Write } from '../../contracts';
import type { AccountRun } from '../../directory/accounts/locate';
import type { Entry } from '../../directory/entry';
import type { DirectoryError } from '../../directory/errors';
import type { Mark } from '../../directory/mark';
import type { PasswordDelivery } from '../../directory/passwordDelivery';
import type { Names } from './comparing';
import type { StepState } from './state';

export type ApplyRequest = {
	/** Marking by the bind of the changes. */
	readonly run: AccountRun;
	/** Of one plan; their seals were checked (approval.ts). */
	readonly changes: readonly Change[];
	readonly runId: string;
	/** '' = nobody is named. */
	readonly approver: string;
	/** People who fail until no other one is begun; null = all are tried. */
	readonly stopAfterFailures: number | null;
	/** Only so many changes, from the first on; null = all. */
	readonly canary: number | null;
	readonly dryRun: boolean;
	readonly delivery: PasswordDelivery;
	/** @throws DirectoryError when the lease is lost */
	readonly lease: { readonly check: () => Promise<void> };
	readonly progress: (done: number, of: number, what: string) => void;
};

export type Applied = {
	readonly outcome: Outcome;
	/** Fields of a new password, as the builder chose to have it. In no seal, and nowhere else. */
	readonly delivered: Readonly<Record<string, string>>;
	/** Of a dry run: nothing keeps the change from being done. */
	readonly rehearsed: boolean;
};

export type ApplyResult = {
	/** In the order of the changes. */
	readonly results: readonly Applied[];
	/** Left for later by the canary. */
	readonly heldBack: readonly Change[];
	/** What holds for the whole run, in words. */
	readonly notes: readonly string[];
};

/** Why nothing more is done for somebody. */
export type Halt = {
	readonly status: 'conflict' | 'failed' | 'refused';
	readonly message: string;
	readonly whatToDo: string;
};

/** What a step did: what it wrote, and what an operator should know. */
export type Done = {
	readonly status?: StepStatus;
	readonly wrote: readonly Write[];
	readonly message?: string;
	readonly code?: number;
};

/** One change on its way. */
export type Work = {
	readonly change: Change;
	/** Phase of each step, in their order. */
	readonly phases: readonly (1 | 2 | 3 | 4)[];
	/** The account as it was last read; undefined = there is none. */
	entry: Entry | undefined;
	/** '' as long as there is no account. */
	guid: string;
	dn: string;
	/** The genuine mark of an account that is disabled, as long as it counts. */
	mark: Mark | undefined;
	/** Whether the account was enabled once, and disabled and marked again: undone. */
	markedAgain: boolean;
	/** What somebody has written since an undo was planned that is to delete the account, besides what the undo writes itself. */
	touched: readonly string[];
	/** Of each step, in their order. */
	states: readonly StepState[];
	/** The account is not any more what was read: it has to be read again before a step that depends on it. */
	stale: boolean;
	/** By the number of the step. */
	readonly results: Map<number, StepResult>;
	/** Whether this run has written anything of the change. */
	wrote: boolean;
	halt: Halt | undefined;
	/** What to do about steps that failed. */
	readonly advice: Set<string>;
	/** What of a leaver is kept because the snapshot has no room for it: the memberships, or the place too. */
	kept: 'groups' | 'all' | undefined;
	/** Fields of the password that the account was made with by this very run. */
	first: Readonly<Record<string, string>> | undefined;
	delivered: Readonly<Record<string, string>>;
	readonly notes: string[];
};

/** What all parts of a run share. */
export type Engine = {
	readonly request: ApplyRequest;
	/** Works by the id of their change. */
	readonly works: ReadonlyMap<string, Work>;
	/** Accounts of joiners that are known, by the id of their change. */
	readonly joiners: Map<string, { readonly guid: string; readonly dn: string }>;
	/** Why nobody is added to a group or taken out of it, by GUID; asked once. */
	readonly protectedGroups: Map<string, string | undefined>;
	/** ATTRTYP by attribute name in lower case, asked once. */
	readonly types: Map<string, number | undefined>;
	/** Of the controller that answers; '' = not known. */
	invocationId: string | undefined;
	/** What ends the run for everybody. */
	stop: DirectoryError | undefined;
	/** Connections that were lost one after the other. */
	lostInARow: number;
	/** People who did not come through. */
	readonly failed: Set<Work>;
	/** Writes that were sent before this run. */
	readonly writesBefore: number;
	/** The last instant that the controller's clock is known to have shown. */
	now: string;
};

/** A block: read at once, written in phases. */
export type Block = {
	readonly works: readonly Work[];
	readonly names: Names & { readonly byGuid: Map<string, string> };
	/** Groups of the steps, by GUID. */
	readonly groups: ReadonlyMap<string, Entry>;
};

export type StepOf<K extends Step['do']> = Extract<Step, { do: K }>;
