/** How far a domain controller has come, and whether another one has all of it (MS-ADTS 3.1.1.1.9, update sequence numbers). */
import { ResultCodeError } from 'ldapts';
import { bytesOf, textOf, textsOf, type Entry } from './entry';
import { DirectoryError } from './errors';
import { guidToBytes, guidToText } from './guid';
import { readAll, type Timed } from './reading';
import { explainResult } from './resultCodes';
import { isReadOnly } from './rootDse';
import type { Session } from './session';
import { lost } from './within';

export type Standing = {
	readonly host: string;
	readonly domainGuid: string;
	/** Of the controller's copy of the directory, which its update sequence numbers belong to; undefined = not readable. */
	readonly invocationId: string | undefined;
	/** The highest update sequence number known of it; undefined = something was written whose number is not known. */
	readonly usn: bigint | undefined;
	readonly readOnly: boolean;
};

/** What must be known of a controller to tell later whether another one has caught up with it. @throws DirectoryError */
export async function readStanding(session: Session, timed: Timed): Promise<Standing> {
	const root = await read(session, timed, '', [
		'defaultNamingContext',
		'dsServiceName',
		'highestCommittedUSN',
		'supportedCapabilities',
	]);
	const head = await read(session, timed, (root && textOf(root, 'defaultNamingContext')) ?? '', ['objectGUID']);
	const guid = head && bytesOf(head, 'objectGUID');
	const service = root && textOf(root, 'dsServiceName');
	const settings = service ? await read(session, timed, service, ['invocationId']) : undefined;
	const invocation = settings && bytesOf(settings, 'invocationId');
	return {
		host: session.host,
		domainGuid: guid ? guidToText(guid) : '',
		invocationId: invocation ? guidToText(invocation) : undefined,
		usn: root && usnOf(root),
		readOnly: root !== undefined && isReadOnly(textsOf(root, 'supportedCapabilities')),
	};
}

/** The controller's highest update sequence number at this moment. @throws DirectoryError */
export async function readUsn(session: Session, timed: Timed): Promise<bigint | undefined> {
	const root = await read(session, timed, '', ['highestCommittedUSN']);
	return root && usnOf(root);
}

/**
 * Whether everything that `lost` is known to have written has reached the controller of this session: its replication cursor for the domain
 * (msDS-NCReplCursors, MS-ADTS 3.1.1.4.5.14) stands at that number or beyond. What cannot be read is not certain.
 */
export async function hasCaughtUp(session: Session, timed: Timed, { invocationId, usn }: Standing): Promise<boolean> {
	if (invocationId === undefined || usn === undefined) return false;
	const root = await read(session, timed, '', ['defaultNamingContext']);
	const head = await read(session, timed, (root && textOf(root, 'defaultNamingContext')) ?? '', ['msDS-NCReplCursors']);
	const reached = head && parseCursors(textsOf(head, 'msDS-NCReplCursors')).get(invocationId);
	return reached !== undefined && reached >= usn;
}

/** Update sequence numbers by invocation id, out of the attribute's XML (MS-DRSR 4.1.13.1, DS_REPL_CURSORS). */
export function parseCursors(values: readonly string[]): Map<string, bigint> {
	const cursors = new Map<string, bigint>();
	for (const value of values) {
		const id = /<uuidSourceDsaInvocationID>\s*\{?([0-9a-f-]{36})\}?\s*</i.exec(value)?.[1];
		const usn = /<usnAttributeFilter>\s*(\d{1,20})\s*</i.exec(value)?.[1];
		if (id !== undefined && usn !== undefined) cursors.set(guidToText(guidToBytes(id)), BigInt(usn));
	}
	return cursors;
}

function usnOf(root: Entry): bigint | undefined {
	const text = textOf(root, 'highestCommittedUSN') ?? '';
	return /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}

/** One object, undefined when it cannot be read. */
async function read(
	session: Session,
	timed: Timed,
	dn: string,
	attributes: readonly string[],
): Promise<Entry | undefined> {
	try {
		return (await readAll(session.client, dn, { scope: 'base', attributes }, timed))[0];
	} catch (error) {
		if (error instanceof DirectoryError) throw error;
		if (!(error instanceof ResultCodeError)) throw lost('The connection to the domain controller broke.');
		const explained = new DirectoryError(explainResult(error.code, error.message, 'search'));
		if (explained.kind === 'lost' || explained.kind === 'busy') throw explained;
		return undefined;
	}
}
