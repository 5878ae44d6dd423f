/** Whether the names that a plan gives are still free: looked for over the whole domain once more, before anything is written. */
import type { Change, Step } from '../../contracts';
import { guidOf } from '../../directory/accounts/account';
import { ownName } from '../../directory/accounts/desired';
import { heldAs, NAME_ATTRIBUTES, namesHeld } from '../../directory/accounts/names';
import { writtenSince } from '../../directory/attributeChanges';
import { bytesOf, textOf, textsOf, type Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { anyOf, equal } from '../../directory/filter';
import { formatDn, parseDn } from '../../schema/dn';
import type { NameAttribute } from '../../schema/nameLadder';
import { broughtBy } from './comparing';
import { ownInvocationId } from './history';
import { writesOf } from './reading';
import type { Block, Engine, StepOf, Work } from './types';

type Name = { readonly attribute: NameAttribute; readonly value: string };

const META = 'replPropertyMetaData';
const HELD = [...NAME_ATTRIBUTES, 'proxyAddresses'] as const;

/**
 * For an account that is to be made.
 * @throws DirectoryError (taken): never another candidate, because the approver saw a name
 */
export async function checkNames(
	engine: Engine,
	work: Work,
	{ attributes }: StepOf<'create'>,
	dn: string,
): Promise<void> {
	await checkFree(engine, work, namesIn(Object.entries(attributes)), dn);
}

/**
 * For an account that is there: the names that its open steps give, and the one that it is to have where it is to stand.
 * @throws DirectoryError (taken)
 */
export async function checkNewNames(engine: Engine, work: Work, { names: { byGuid } }: Block): Promise<void> {
	const { change, states, entry } = work;
	const open = change.steps.filter((_step, index) => entry !== undefined && states[index]?.state === 'open');
	const wanted = open.flatMap((step) => namesIn(writesOf(step).map((write) => [write.attribute, broughtBy(write)])));
	const [place] = open.flatMap((step) => placeOf(step, byGuid));
	if (wanted.length > 0 || place !== undefined) await checkFree(engine, work, wanted, place);
}

function placeOf(step: Step, byGuid: ReadonlyMap<string, string>): string[] {
	const parent = step.do === 'relocate' ? byGuid.get(step.to.parent.guid) : undefined;
	if (step.do !== 'relocate' || parent === undefined) return [];
	return [formatDn([...parseDn(step.to.rdn), ...parseDn(parent)])];
}

/** The common name is told by the distinguished name. */
function namesIn(values: readonly (readonly [attribute: string, values: readonly unknown[]])[]): Name[] {
	const given = Object.fromEntries(values);
	return NAME_ATTRIBUTES.filter((name) => name !== 'cn').flatMap((attribute) =>
		(given[ownName(given, attribute) ?? ''] ?? []).flatMap((value) =>
			typeof value === 'string' ? [{ attribute, value }] : [],
		),
	);
}

/** An address that somebody had when this was planned was no name that the plan gave out, so only one that was written since counts. */
async function checkFree(
	engine: Engine,
	{ change, guid }: Work,
	wanted: readonly Name[],
	dn: string | undefined,
): Promise<void> {
	const { directory } = engine.request.run;
	const { dn: domain, name: domainName } = await directory.domain();
	const filters = wanted.flatMap(({ attribute, value }) => heldAs(attribute, value, domainName));
	const found = await directory.search(domain, {
		scope: 'sub',
		filter: anyOf([
			...filters.map(([name, value]) => equal(name, value)),
			...(dn === undefined ? [] : [equal('distinguishedName', dn)]),
		]),
		attributes: ['objectGUID', 'uSNChanged', META, ...HELD],
	});
	const own = await ownInvocationId(engine);
	for (const entry of found.filter((other) => guidOf(other) !== guid)) {
		const pairs = HELD.flatMap((name) => textsOf(entry, name).map((value) => [name, value] as const));
		const name = wanted.find(
			({ attribute, value }) =>
				!(attribute === 'mail' && isAddressOld(entry, change, own)) &&
				namesHeld(attribute, pairs, domainName).includes(value.toLowerCase()),
		);
		if (name) throw taken(`${name.attribute} "${name.value}" is taken: ${entry.dn} has it now.`);
		if (dn !== undefined && isAt(entry, dn)) throw taken(`There is an object ${dn} already.`);
	}
}

/** A logon changes the object's number of changes too, so what was written is looked at where it can be seen. */
function isAddressOld(entry: Entry, { bind: { invocationId, usn, createdAt: at } }: Change, own: string): boolean {
	const bytes = bytesOf(entry, META);
	if (bytes) return writtenSince(bytes, ['mail', 'proxyAddresses'], { invocationId, usn, at }, own).length === 0;
	return own === invocationId && BigInt(textOf(entry, 'uSNChanged') ?? 0) <= BigInt(usn);
}

function isAt(entry: Entry, dn: string): boolean {
	return formatDn(parseDn(entry.dn)).toLowerCase() === dn.toLowerCase();
}

function taken(message: string): DirectoryError {
	return new DirectoryError({
		kind: 'taken',
		message,
		whatToDo: 'Make a new plan: it gives the next free name, which somebody then approves.',
	});
}
