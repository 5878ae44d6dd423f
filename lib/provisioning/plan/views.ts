/** Accounts as the planner sees them: made once of what was read, a hundred thousand of them in one go. */
import { guidOf } from '../../directory/accounts/account';
import type { Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { findMark, looksLikeMark, whyNoMark, type Mark } from '../../directory/mark';
import { findSnapshot } from '../../directory/snapshot';
import { isDisabled, parseUserAccountControl } from '../../directory/userAccountControl';
import type { AccountView, PlanRequest } from './types';

/** What is needed to know a mark. */
export type MarkReader = {
	readonly request: Pick<PlanRequest, 'anchor' | 'markAttribute' | 'signingKey'>;
	readonly domainGuid: string;
};

export type ViewOptions = MarkReader & {
	/** `left`: those only that are marked so, as in the leaver OU. */
	readonly inScope: boolean | 'left';
	readonly protection: (entry: Entry) => string | undefined;
	/** Of those whose mark somebody has overtaken. */
	readonly overtakenGuids: ReadonlySet<string>;
};

const FAULTS = {
	'another key': `its mark was signed with another key than the credential's`,
	edited: 'its mark was edited, or belongs to another account',
	overtaken: 'somebody enabled it and disabled it again after this tool had marked it',
} as const;

/** @throws DirectoryError (configuration) when the service account cannot read what a plan rests on */
export function accountViews(entries: readonly Entry[], options: ViewOptions): AccountView[] {
	const names = namesIn(options);
	return entries.map((entry) => {
		const enabled = isEnabled(entry, options.inScope !== false);
		// A mark on an enabled account is left over from before somebody enabled it, and is not looked at.
		const marking =
			enabled || !entry.attributes[names.mark] ? UNMARKED : markingOf(entry, guidOf(entry), names, options);
		return {
			entry,
			// Worked out where it is asked for: of most accounts nobody does.
			get guid() {
				return guidOf(entry);
			},
			dn: entry.dn,
			key: firstText(entry, names.anchor),
			enabled,
			mark: marking.mark,
			markFault: marking.markFault,
			snapshot: marking.snapshot,
			...(marking.snapshotFault === undefined ? undefined : { snapshotFault: marking.snapshotFault }),
			// What is no account cannot be a protected one: a contact that has the key, for example.
			protection: isAccount(entry) ? options.protection(entry) : undefined,
			inScope: options.inScope === 'left' ? marking.mark?.state === 'left' : options.inScope,
		};
	});
}

/** Those that bear a genuine mark and are disabled: of whom it is to be asked whether somebody has overtaken it. */
export function marked(
	entries: readonly Entry[],
	reader: MarkReader,
): readonly { readonly entry: Entry; readonly mark: Mark }[] {
	const names = namesIn(reader);
	return entries.flatMap((entry) => {
		if (!entry.attributes[names.mark] || isEnabled(entry, false)) return [];
		const mark = genuineMark(entry, guidOf(entry), names, reader);
		return mark ? [{ entry, mark }] : [];
	});
}

type Names = { readonly anchor: string; readonly mark: string };
type Marking = Pick<AccountView, 'mark' | 'markFault' | 'snapshot' | 'snapshotFault'>;

const UNMARKED: Marking = { mark: undefined, markFault: undefined, snapshot: undefined };

function namesIn({ request }: MarkReader): Names {
	return { anchor: request.anchor.toLowerCase(), mark: request.markAttribute.toLowerCase() };
}

/** Of an account that is disabled. Signatures are dear: only values that look like a mark are checked. */
function markingOf(entry: Entry, guid: string, names: Names, options: ViewOptions): Marking {
	const { signingKey } = options.request;
	const values = marksOf(entry, names);
	const mark = genuineMark(entry, guid, names, options);
	if (!mark) {
		const fault = whyNoMark(signingKey, values);
		return { ...UNMARKED, markFault: fault && FAULTS[fault] };
	}
	if (options.overtakenGuids.has(guid)) return { ...UNMARKED, markFault: FAULTS.overtaken };
	if (mark.state !== 'left') return { ...UNMARKED, mark };
	const found = findSnapshot(signingKey, values, guid, mark.at);
	const fault = found?.fault;
	return {
		...{ mark, markFault: undefined, snapshot: found?.snapshot },
		...(fault === undefined ? {} : { snapshotFault: SNAPSHOT_FAULTS[fault] }),
	};
}

const SNAPSHOT_FAULTS = {
	'another key': `its snapshot was signed with another key than the credential's`,
	edited: 'its snapshot was edited, or belongs to another account or an earlier leave',
} as const;

function genuineMark(entry: Entry, guid: string, names: Names, { request, domainGuid }: MarkReader): Mark | undefined {
	const values = marksOf(entry, names);
	if (values.length === 0) return undefined;
	const { anchor, signingKey } = request;
	return findMark(signingKey, values, [
		...(entry.attributes[names.anchor] ?? []).map((value) => ({
			state: 'pending' as const,
			domainGuid,
			matchAttribute: anchor,
			matchValue: toText(value),
		})),
		{ state: 'left', objectGuid: guid },
	]);
}

function marksOf(entry: Entry, names: Names): string[] {
	return (entry.attributes[names.mark] ?? []).map(toText).filter(looksLikeMark);
}

/** Users alone have it (win32 ADSchema, c-user), and whoever cannot be seen to have it was refused before (`isEnabled`). */
function isAccount({ attributes }: Entry): boolean {
	return attributes['useraccountcontrol'] !== undefined;
}

function firstText(entry: Entry, attribute: string): string {
	const value = entry.attributes[attribute]?.[0];
	return value === undefined ? '' : toText(value);
}

function toText(value: string | Buffer): string {
	return typeof value === 'string' ? value : value.toString('utf8');
}

/**
 * @param isUser otherwise it may be an object of any class: without userAccountControl it is no account, and nobody logs on with it
 * @throws DirectoryError (configuration)
 */
function isEnabled(entry: Entry, isUser: boolean): boolean {
	const value = entry.attributes['useraccountcontrol']?.[0];
	if (value !== undefined) return !isDisabled(parseUserAccountControl(toText(value)));
	if (!isUser) return false;
	throw new DirectoryError({
		kind: 'configuration',
		message: `The service account cannot read userAccountControl of ${entry.dn}, so it is not known whether the account is disabled.`,
		whatToDo: 'Give it the right to read user objects.',
	});
}
