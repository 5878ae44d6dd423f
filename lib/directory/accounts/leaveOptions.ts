/** What may be done with a leaver's account besides disabling it, and the attribute values that follow from it. */
import { isAttributeName } from '../../schema/attributeName';
import { whyNeverWritten } from '../../schema/neverWritten';
import type { Modification } from '../connection';
import { valuesOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import type { Snapshot, SnapshotAttribute } from '../snapshot';
import type { Lookup, Marking } from './account';

export type LeaveOptions = {
	/** A random password that nobody is told. */
	readonly randomPassword: boolean;
	/** Attributes to be emptied. */
	readonly clear: readonly string[];
	/** Out of every group but the primary one. */
	readonly removeFromGroups: boolean;
	/** Attribute that gets TRUE to hide the person from address lists; '' = none. */
	readonly hideAttribute: string;
	/** '' = left alone. */
	readonly description: string;
	/** FILETIME as decimal text; null = left alone. */
	readonly expiresAt: string | null;
	/** Distinguished name of the organisational unit to move to; '' = the account stays. */
	readonly moveTo: string;
};

/** Disabled, and nothing else. */
export const NO_LEAVE_OPTIONS: LeaveOptions = {
	randomPassword: false,
	clear: [],
	removeFromGroups: false,
	hideAttribute: '',
	description: '',
	expiresAt: null,
	moveTo: '',
};

/** rangeUpper of description (win32 ADSchema, a-description). */
const LONGEST_DESCRIPTION = 1024;
/** Names of the account, which an account cannot be without or is found by (win32 ADSchema, c-user). */
const NAMES = new Set(['cn', 'samaccountname', 'userprincipalname']);

/**
 * What can be seen to be wrong before anything is read.
 * @throws DirectoryError (configuration)
 */
export function checkLeaveOptions(options: LeaveOptions, lookup: Lookup, marking: Marking): void {
	const { clear, hideAttribute, description, expiresAt } = options;
	const written = Object.keys(wantedAfter({ ...options, clear: [] }));
	for (const attribute of clear) {
		const reason = whyNotWritten(attribute, lookup, marking) ?? whyNotCleared(attribute, written);
		if (reason)
			throw unusable(`${attribute} cannot be cleared: ${reason}.`, 'Take it out of the attributes to be cleared.');
	}
	const reason = hideAttribute === '' ? undefined : whyNotWritten(hideAttribute, lookup, marking);
	if (reason)
		throw unusable(`${hideAttribute} cannot hide anybody from address lists: ${reason}.`, 'Name another attribute.');
	if (description.length > LONGEST_DESCRIPTION)
		throw unusable(
			`The description has ${description.length} characters; the directory takes ${LONGEST_DESCRIPTION}.`,
			'Shorten it.',
		);
	if (expiresAt !== null && !/^\d{1,19}$/.test(expiresAt))
		throw unusable('The expiry is no instant that the directory knows.', 'Give it as date and time.');
}

function whyNotWritten(attribute: string, lookup: Lookup, marking: Marking): string | undefined {
	const is = (other: string) => attribute.toLowerCase() === other.toLowerCase();
	if (!isAttributeName(attribute)) return 'it is no name of an attribute';
	if (is(marking.markAttribute)) return 'it holds the marks that say why an account is disabled';
	if (is(marking.matchAttribute) || is(lookup.attribute)) return 'the account is found by it';
	if (NAMES.has(attribute.toLowerCase())) return 'it is a name of the account';
	return whyNeverWritten(attribute);
}

function whyNotCleared(attribute: string, written: readonly string[]): string | undefined {
	// Removing it is refused with 53 (MS-SAMR 3.1.1.8.4): an account without an end has a value that says so.
	if (attribute.toLowerCase() === 'accountexpires') return 'every account has it';
	return written.some((name) => name.toLowerCase() === attribute.toLowerCase())
		? 'leaving writes a value to it as well'
		: undefined;
}

function unusable(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'configuration', message, whatToDo });
}

type Values = readonly (string | Buffer)[];

/** What the account is to have after leaving, by attribute; empty = nothing. */
export function wantedAfter({
	clear,
	hideAttribute,
	description,
	expiresAt,
}: LeaveOptions): Readonly<Record<string, Values>> {
	return {
		...Object.fromEntries(clear.map((attribute) => [attribute, []])),
		...(hideAttribute === '' ? {} : { [hideAttribute]: ['TRUE'] }),
		...(description === '' ? {} : { description: [description] }),
		...(expiresAt === null ? {} : { accountExpires: [expiresAt] }),
	};
}

/** What differs on the account now. @param entry with the attributes of `wantedAfter` */
export function changesToLeave(entry: Entry, wanted: Readonly<Record<string, Values>>): SnapshotAttribute[] {
	const seen = new Set<string>();
	return Object.entries(wanted).flatMap(([attribute, to]) => {
		const from = valuesOf(entry, attribute);
		if (seen.has(attribute.toLowerCase()) || sameValues(from, to)) return [];
		seen.add(attribute.toLowerCase());
		return [{ attribute, from, to }];
	});
}

/**
 * What a second run may still write: where somebody put back what the snapshot holds. Other values were written after the leave; they are kept,
 * because nothing could restore them.
 */
export function changesLeftOver(
	entry: Entry,
	wanted: Readonly<Record<string, Values>>,
	{ attributes }: Snapshot,
): { changes: SnapshotAttribute[]; kept: string[] } {
	const changes: SnapshotAttribute[] = [];
	const kept: string[] = [];
	for (const { attribute, from, to } of changesToLeave(entry, wanted)) {
		const held = attributes.find((one) => one.attribute.toLowerCase() === attribute.toLowerCase());
		// Written then, whatever a description with today's date would say now.
		if (held && sameValues(from, held.to)) continue;
		if (held && sameValues(from, held.from)) changes.push({ attribute, from, to: held.to });
		else if (from.length > 0 || to.length > 0) kept.push(attribute);
	}
	return { changes, kept };
}

/** Removing values by name, and adding where none were, fails when somebody was quicker (docs/directory.md). */
export function toModifications(changes: readonly SnapshotAttribute[]): Modification[] {
	return changes.flatMap(({ attribute, from, to }) => [
		...(from.length > 0 ? [{ type: 'delete' as const, attribute, values: from }] : []),
		...(to.length > 0 ? [{ type: 'add' as const, attribute, values: to }] : []),
	]);
}

/** The same values in any order, to the byte. */
export function sameValues(left: Values, right: Values): boolean {
	const bytes = (values: Values) => values.map((value) => Buffer.from(value as string).toString('hex')).sort();
	return left.length === right.length && bytes(left).join() === bytes(right).join();
}
