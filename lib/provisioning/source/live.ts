/** A live directory as the planner reads it: everything in bulk, nothing for a single account. */
import { attributeTypes } from '../../directory/attributeTypes';
import { isOvertakenBy } from '../../directory/accounts/overtaken';
import { guidOf } from '../../directory/accounts/account';
import type { Directory } from '../../directory/directory';
import { bytesOf, textOf, textsOf, type Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { equal } from '../../directory/filter';
import { guidToText } from '../../directory/guid';
import type { Mark } from '../../directory/mark';
import { parseGeneralizedTime } from '../../directory/rootDse';
import type { PlanFacts, PlanSource } from '../plan/types';
import { liveGroups } from './groups';
import { readAccounts } from './liveAccounts';
import { findByValues, searchAny } from './liveFind';
import { liveNames } from './liveNames';
import { livePlaces } from './livePlaces';
import { liveSchema } from './liveSchema';
import { readPrivileged } from './privileged';
import { toInstant } from '../../schema/instants';

export type LiveOptions = {
	/** Opened with `catalogueSettings`: addresses are then looked for in the whole forest. The caller closes it. */
	readonly catalogue?: Directory;
};

/** Nothing is asked before the first question. */
export function liveSource(directory: Directory, { catalogue }: LiveOptions = {}): PlanSource {
	const facts = once(() => readFacts(directory));
	const privileged = once(() => readPrivileged(directory));
	return {
		facts,
		accounts: (request) => readAccounts(directory, request),
		find: (attribute, values, attributes) => findByValues(directory, attribute, values, attributes),
		...liveNames(directory, catalogue),
		groups: liveGroups(directory, privileged),
		places: livePlaces(directory),
		protection: async () => (await privileged()).of,
		overtaken: (marked) => readOvertaken(directory, marked),
		...liveSchema(directory),
	};
}

/** What failed is asked again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
	let known: Promise<T> | undefined;
	return () =>
		(known ??= work().catch((error: unknown) => {
			known = undefined;
			throw error;
		}));
}

/**
 * Instant and number of changes come before everything else that is read: what is written later is told by them.
 * @throws DirectoryError
 */
async function readFacts(directory: Directory): Promise<PlanFacts> {
	const root = await directory.read('', ['currentTime', 'highestCommittedUSN', 'dsServiceName']);
	const clock = parseGeneralizedTime(root && textOf(root, 'currentTime'));
	const domain = await directory.domain();
	return {
		source: 'live',
		domainGuid: domain.domainGuid,
		dn: domain.dn,
		domain: domain.name,
		dc: domain.controller || (directory.controller() ?? ''),
		invocationId: await readInvocationId(directory, (root && textOf(root, 'dsServiceName')) ?? ''),
		usn: (root && textOf(root, 'highestCommittedUSN')) ?? '0',
		now: clock === undefined ? await directory.now() : toInstant(clock),
	};
}

/** '' where it cannot be read: then instants are compared instead. @throws DirectoryError */
async function readInvocationId(directory: Directory, service: string): Promise<string> {
	if (service === '') return '';
	try {
		const settings = await directory.read(service, ['invocationId']);
		const bytes = settings && bytesOf(settings, 'invocationId');
		return bytes ? guidToText(bytes) : '';
	} catch (error) {
		if (error instanceof DirectoryError && (error.kind === 'person' || error.kind === 'configuration')) return '';
		throw error;
	}
}

type Marked = readonly { readonly entry: Entry; readonly mark: Mark }[];

async function readOvertaken(directory: Directory, marked: Marked): Promise<ReadonlySet<string>> {
	const filters = marked
		.flatMap(({ entry }) => bytesOf(entry, 'objectGUID') ?? [])
		.map((guid) => equal('objectGUID', guid));
	const read = await searchAny(directory, filters, ['objectGUID', 'replPropertyMetaData']);
	const byGuid = new Map(read.map((entry) => [guidOf(entry), bytesOf(entry, 'replPropertyMetaData')]));
	return await overtakenOf(
		marked,
		(entry) => byGuid.get(guidOf(entry)),
		(names) => attributeTypes(directory, names),
	);
}

/**
 * @param metaData replPropertyMetaData of an entry
 * @param typesOf ATTRTYP by names in lower case
 */
export async function overtakenOf(
	marked: Marked,
	metaData: (entry: Entry) => Buffer | undefined,
	typesOf: (names: readonly string[]) => Promise<ReadonlyMap<string, number>>,
): Promise<ReadonlySet<string>> {
	const overtaken = marked.flatMap(({ entry, mark }) => {
		const bytes = metaData(entry);
		return bytes && isOvertakenBy(bytes, mark, undefined)
			? [{ entry, mark, bytes, attribute: holderOf(entry, mark) }]
			: [];
	});
	const types = await typesOf([...new Set(overtaken.flatMap(({ attribute }) => attribute ?? []))]);
	return new Set(
		overtaken
			.filter(({ mark, bytes, attribute }) => isOvertakenBy(bytes, mark, types.get(attribute ?? '')))
			.map(({ entry }) => guidOf(entry)),
	);
}

/** The attribute that the mark stands in, in lower case. */
function holderOf(entry: Entry, { text }: Mark): string | undefined {
	return Object.keys(entry.attributes).find((name) => textsOf(entry, name).includes(text));
}
