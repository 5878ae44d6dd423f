/**
 * Memberships, written on the group: one Modify for many. The directory takes such a Modify whole or not at all, so that one bad member would
 * cost all others; then who is a member already is read, and what is still refused is halved until the bad ones stand alone.
 */
import { safeDnKey } from '../../schema/dn';
import { guidOf } from '../accounts/account';
import type { Directory } from '../directory';
import { textsOf } from '../entry';
import { DirectoryError } from '../errors';
import { anyOf, equal, type Filter } from '../filter';
import { guidToBytes, guidToText } from '../guid';
import { isNotAMember } from '../resultCodes';
import { BATCH, inPieces } from './memberNames';

export type LinkKind = 'add' | 'delete';

/**
 * - done: this call added or removed it
 * - already: it was a member, or was none, before
 * - failed: see `error`
 */
export type LinkOutcome = {
	/** As it was given. */
	readonly member: string;
	readonly status: 'done' | 'already' | 'failed';
	readonly error?: DirectoryError;
};

/** Far below the 5,000 changes that one operation should have (Active Directory maximum limits), and below MaxReceiveBuffer. */
const AT_ONCE = 500;

/**
 * Answers that speak of one member: it is one or is none already (68, 53, 20, 16), does not exist (32, 19, Samba also 53 and 21), is no
 * distinguished name (34), or may not be in such a group (53, 19). Anything else would be the same for every other member.
 */
const OF_ONE_MEMBER: ReadonlySet<number> = new Set([16, 19, 20, 21, 32, 34, 53, 68]);

/**
 * Adds or removes members. Never throws for what the directory answers, nor for a connection that is lost for good: each member has its own
 * outcome. A write that got no answer is sent again, which does no harm: what the first one did is found by the answer to the second.
 * @param group distinguished name or `<GUID=...>`
 * @param members distinguished names or `<GUID=...>`
 * @returns one outcome for each member, in their order
 * @throws DirectoryError (cancelled) when the run was stopped
 */
export async function writeLinks(
	directory: Directory,
	group: string,
	kind: LinkKind,
	members: readonly string[],
): Promise<readonly LinkOutcome[]> {
	// AD refuses a value that stands twice in one request.
	const distinct = new Map(members.map((member) => [memberKey(member), member]));
	const outcomes = new Map<string, Omit<LinkOutcome, 'member'>>();
	const job: Job = {
		...{ directory, group, kind },
		report: (some, status) => some.forEach((member) => outcomes.set(memberKey(member), { status })),
		fail: (some, error) =>
			some.forEach((member) => outcomes.set(memberKey(member), { status: 'failed', error: explainLink(error) })),
	};
	const open: Part[] = inPieces([...distinct.values()], AT_ONCE).map((piece) => ({
		members: piece,
		compared: false,
		lost: 0,
	}));
	for (let part = open.shift(); part; part = open.shift()) {
		const next = await writePart(job, part);
		if (Array.isArray(next)) open.unshift(...next);
		else for (const { members: left } of open.splice(0)) job.fail(left, next);
	}
	return members.map((member) => ({ member, ...(outcomes.get(memberKey(member)) ?? { status: 'failed' }) }));
}

type Job = {
	readonly directory: Directory;
	readonly group: string;
	readonly kind: LinkKind;
	readonly report: (members: readonly string[], status: 'done' | 'already') => void;
	readonly fail: (members: readonly string[], error: DirectoryError) => void;
};

/** Members that go out in one Modify. */
type Part = {
	readonly members: readonly string[];
	/** Those who were members already, or none, are sorted out: what is refused now is refused for another reason. */
	readonly compared: boolean;
	/** How often these members were written without an answer: what is found done then was done by this call. */
	readonly lost: number;
};

/** @returns what is still to be written, or the error for which going on is useless */
async function writePart(job: Job, part: Part): Promise<Part[] | DirectoryError> {
	const { members, lost } = part;
	const [first] = members;
	if (first === undefined) return [];
	try {
		await job.directory.modify(job.group, [{ type: job.kind, attribute: 'member', values: members }]);
		job.report(members, 'done');
		return [];
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind === 'cancelled') throw error;
		if (error.kind === 'lost' && !error.stage && lost < TRIES) return [{ ...part, lost: lost + 1 }];
		if (!OF_ONE_MEMBER.has(error.code ?? -1)) {
			job.fail(members, error);
			return error;
		}
		if (members.length > 1) return part.compared ? halves(part) : await compare(job, part, error);
		if (isSettled(job.kind, error)) job.report(members, lost > 0 ? 'done' : 'already');
		else job.fail(members, error);
		return [];
	}
}

/** How often a write without an answer is sent again. */
const TRIES = 2;

function halves({ members, ...rest }: Part): Part[] {
	return inPieces(members, Math.ceil(members.length / 2)).map((piece) => ({ ...rest, members: piece }));
}

/** A refused Modify: who is a member is read, so that the others need not be tried one by one. */
async function compare(job: Job, part: Part, refusal: DirectoryError): Promise<Part[] | DirectoryError> {
	const { members, lost } = part;
	try {
		const now = await job.directory.read(job.group, ['member']);
		if (!now) {
			job.fail(members, refusal);
			return refusal;
		}
		const present = new Set(textsOf(now, 'member').map(safeDnKey));
		const names = await resolve(job.directory, members);
		const wanted = job.kind === 'add';
		const isMember = (member: string) => present.has(names.get(memberKey(member)) ?? '');
		const unknown = members.filter((member) => !names.has(memberKey(member)));
		const settled = members.filter((member) => names.has(memberKey(member)) && isMember(member) === wanted);
		const rest = members.filter((member) => names.has(memberKey(member)) && isMember(member) !== wanted);
		// The write that got no answer was done whole or not at all.
		job.report(settled, lost > 0 && settled.length === members.length ? 'done' : 'already');
		const parts = [rest, unknown].map((some) => ({ members: some, compared: true, lost }));
		return parts.flatMap((one) => (one.members.length < members.length ? [one] : halves(one)));
	} catch (error) {
		if (!(error instanceof DirectoryError) || error.kind === 'cancelled') throw error;
		job.fail(members, error);
		return error;
	}
}

/** Members by their key, each with the key of the distinguished name it has now; those that the domain does not have are missing. */
async function resolve(directory: Directory, members: readonly string[]): Promise<ReadonlyMap<string, string>> {
	const { dn } = await directory.domain();
	const names = new Map<string, string>();
	for (const batch of inPieces(members.filter(canBeAsked), BATCH)) {
		const found = await directory.search(dn, {
			scope: 'sub',
			filter: anyOf(batch.map(filterOf)),
			attributes: ['objectGUID'],
		});
		for (const entry of found) {
			const name = safeDnKey(entry.dn);
			names.set(name, name);
			names.set(guidOf(entry), name);
		}
	}
	return names;
}

function canBeAsked(member: string): boolean {
	return guidIn(member) !== undefined || safeDnKey(member) !== member;
}

function filterOf(member: string): Filter {
	const guid = guidIn(member);
	return guid === undefined ? equal('distinguishedName', member) : equal('objectGUID', guidToBytes(guid));
}

/** The same for all spellings of one member in one form. */
function memberKey(member: string): string {
	return guidIn(member) ?? safeDnKey(member);
}

function guidIn(member: string): string | undefined {
	const text = /^<GUID=([^>]*)>$/i.exec(member)?.[1];
	if (text === undefined) return undefined;
	try {
		return guidToText(guidToBytes(text));
	} catch (error) {
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

/**
 * Whether a refusal for one member says that there is nothing to do. Besides the usual answers: 20 to a value that stands there already, and 16
 * where there never was a link (Samba); ERROR_MEMBER_NOT_IN_GROUP (MS-ERREF 2.2).
 */
function isSettled(kind: LinkKind, error: DirectoryError): boolean {
	const { code, win32 } = error;
	if (kind === 'add') return code === 68 || code === 20;
	return code === 16 || (code === 53 && (win32 === '00000529' || isNotAMember(error)));
}

/** A refusal in words about members; those of resultCodes.ts speak of persons and their attributes. Who is meant, the caller knows. */
function explainLink(error: DirectoryError): DirectoryError {
	const words = wordsFor(error);
	if (!words) return error;
	const { code, win32, said } = error;
	return new DirectoryError({
		...{ kind: 'person', message: words[0], whatToDo: words[1] },
		...(code === undefined ? {} : { code }),
		...(win32 === undefined ? {} : { win32 }),
		...(said === undefined ? {} : { said }),
	});
}

/** The member does not exist: no such user, invalid name reference (MS-ERREF 2.2). */
const NO_MEMBER: ReadonlySet<string> = new Set(['00000525', '000020B5']);

function wordsFor({ code = -1, win32 = '', said = '' }: DirectoryError): readonly [string, string] | undefined {
	if (code === 50)
		return [
			'The service account has no right to change the members of the group.',
			'Give it the right to write the attribute member of the group, as docs/rights.md lists.',
		];
	if (code === 65) return ['It is no group, so it has no members.', 'Name a group.'];
	if (NO_MEMBER.has(win32) || code === 21 || code === 34 || /unable to find guid/i.test(said))
		return ['There is no such member.', 'Check that it exists, in this domain or one that it trusts, and its name.'];
	if (code === 32)
		return ['The group or the member does not exist.', 'Check both; one may have been deleted or moved meanwhile.'];
	if (!OF_ONE_MEMBER.has(code)) return undefined;
	return [
		'The directory refuses this member.',
		"Look at what the directory said; often the group's scope does not allow such a member.",
	];
}
