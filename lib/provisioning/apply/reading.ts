/** Reading a block of people at once: their accounts by GUID, and everything that their steps name. */
import type { Ref, Step, Value, Write } from '../../contracts';
import { ACCOUNT_ATTRIBUTES, guidOf, type Lookup } from '../../directory/accounts/account';
import type { AccountRun } from '../../directory/accounts/locate';
import type { Entry } from '../../directory/entry';
import { anyOf, equal } from '../../directory/filter';
import { GROUP_ATTRIBUTES } from '../../directory/groups/find';
import { guidToBytes } from '../../directory/guid';
import { joinersOf, LOGONS } from './state';
import type { Block, Engine, Work } from './types';

/** Keys in one filter, as lib/directory/accounts/find.ts has it. */
const BATCH = 100;

/**
 * Fills in the accounts of the works.
 * @throws DirectoryError
 */
export async function readBlock(engine: Engine, works: readonly Work[]): Promise<Block> {
	const { run } = engine.request;
	const steps = works.flatMap(({ change }) => change.steps);
	const attributes = attributesOf(steps, run);
	const targets = works.flatMap(({ change }) => change.target?.guid ?? []);
	const accounts = await readByGuid(run, targets, attributes, binariesOf(steps));
	const joiners = works.filter(({ change }) => change.target === null);
	const named = steps.flatMap(joinersOf).flatMap((id) => engine.works.get(id) ?? []);
	const lookups = [...joiners, ...named].map((work) => lookupOf(engine, work));
	if (lookups.length > 0) await run.finder.prefetch(lookups, attributes);
	for (const work of works) {
		const { target } = work.change;
		const found = target ? accounts.get(target.guid) : await findJoiner(engine, work, attributes);
		setAccount(engine, work, found);
	}
	const objects = await readByGuid(run, guidsOf(steps), GROUP_ATTRIBUTES, []);
	const byGuid = new Map([...objects].map(([guid, { dn }]) => [guid, dn]));
	await run.guard.prefetch(works.flatMap(({ entry }) => entry ?? []));
	return { works, groups: objects, names: { byGuid, joiners: engine.joiners } };
}

/**
 * The block as it was read, with an account's new name: who names the account as manager, for example, has the new one from then on, and a
 * condition with the old one would be refused.
 */
export function followMove({ works, names }: Block, { guid, dn }: Pick<Work, 'guid' | 'dn'>, before: string): void {
	if (names.byGuid.has(guid)) names.byGuid.set(guid, dn);
	for (const work of works) {
		if (!work.entry) continue;
		const named = Object.entries(work.entry.attributes).filter(([, values]) => values.includes(before));
		if (named.length === 0) continue;
		const now = named.map(([name, values]) => [name, values.map((value) => (value === before ? dn : value))] as const);
		work.entry = { ...work.entry, attributes: { ...work.entry.attributes, ...Object.fromEntries(now) } };
	}
}

/** One account once more, by GUID. @throws DirectoryError */
export async function readOne({ request: { run } }: Engine, work: Work): Promise<Entry | undefined> {
	const { steps } = work.change;
	return (await readByGuid(run, [work.guid], attributesOf(steps, run), binariesOf(steps))).get(work.guid);
}

/** The account that a work is about from here on. */
export function setAccount(engine: Engine, work: Work, entry: Entry | undefined): void {
	work.entry = entry;
	if (!entry) return;
	work.guid = guidOf(entry);
	work.dn = entry.dn;
	if (work.change.target === null) engine.joiners.set(work.change.id, { guid: work.guid, dn: work.dn });
}

/** How the account of a joiner is looked for. */
export function lookupOf({ request }: Pick<Engine, 'request'>, { change }: Pick<Work, 'change'>): Lookup {
	return { attribute: request.run.marking.matchAttribute, value: change.key };
}

/** More than one leaves it open which is meant: the work is halted. */
async function findJoiner(engine: Engine, work: Work, attributes: readonly string[]): Promise<Entry | undefined> {
	const lookup = lookupOf(engine, work);
	const found = await engine.request.run.finder.find(lookup, attributes);
	if (found.length > 1)
		work.halt = {
			status: 'conflict',
			message: `${found.length} objects have ${lookup.attribute} "${lookup.value}": ${found
				.slice(0, 5)
				.map(({ dn }) => dn)
				.join(' · ')}. Nothing was written.`,
			whatToDo: 'Take the value from all but one of them, then make a new plan.',
		};
	return found[0];
}

/** Objects that exist, by GUID. @throws DirectoryError */
export async function readByGuid(
	{ directory }: Pick<AccountRun, 'directory'>,
	guids: readonly string[],
	attributes: readonly string[],
	binary: readonly string[],
): Promise<ReadonlyMap<string, Entry>> {
	const found = new Map<string, Entry>();
	const distinct = [...new Set(guids)];
	const { dn } = distinct.length > 0 ? await directory.domain() : { dn: '' };
	for (let first = 0; first < distinct.length; first += BATCH) {
		const batch = distinct.slice(first, first + BATCH);
		const filter = anyOf(batch.map((guid) => equal('objectGUID', guidToBytes(guid))));
		const wanted = [...new Set(['objectGUID', ...attributes])];
		for (const entry of await directory.search(dn, { scope: 'sub', filter, attributes: wanted, binary }))
			found.set(guidOf(entry), entry);
	}
	return found;
}

/** Everything that steps compare, each name once. */
export function attributesOf(steps: readonly Step[], { marking }: AccountRun): string[] {
	const names = new Map<string, string>();
	const add = (some: readonly string[]) => some.forEach((name) => names.set(name.toLowerCase(), name));
	add([...ACCOUNT_ATTRIBUTES, marking.matchAttribute, marking.markAttribute, 'pwdLastSet', 'uSNChanged']);
	if (steps.some(({ do: kind }) => kind === 'link' || kind === 'unlink')) add(['memberOf']);
	if (steps.some(({ do: kind }) => kind === 'delete')) add(LOGONS);
	for (const step of steps) {
		add(writesOf(step).map(({ attribute }) => attribute));
		if (step.do === 'create') add(Object.keys(step.attributes));
		if (step.do === 'delete') add(Object.keys(step.expect));
	}
	return [...names.values()];
}

export function writesOf(step: Step): readonly Write[] {
	if (step.do === 'set') return step.writes;
	return step.do === 'enable' || step.do === 'disable' ? step.with : [];
}

function valuesOf(step: Step): readonly (readonly [attribute: string, value: Value | Ref])[] {
	const written = writesOf(step).flatMap((write) =>
		('add' in write ? [...write.remove, ...write.add] : [write.from, write.to]).flatMap((value) =>
			value === null ? [] : [[write.attribute, value] as const],
		),
	);
	const given = step.do === 'create' ? step.attributes : step.do === 'delete' ? step.expect : {};
	const others = Object.entries(given).flatMap(([name, values]) => values.map((value) => [name, value] as const));
	return [...written, ...others];
}

/** Attributes that hold bytes, as the plan knows them. */
function binariesOf(steps: readonly Step[]): string[] {
	const bytes = steps.flatMap(valuesOf).filter(([, value]) => typeof value === 'object' && 'base64' in value);
	return [...new Set(bytes.map(([attribute]) => attribute))];
}

/** Objects that steps name: persons, groups, containers. */
function guidsOf(steps: readonly Step[]): string[] {
	return steps.flatMap((step) => {
		const guids = valuesOf(step).flatMap(([, value]) =>
			typeof value === 'object' && 'guid' in value ? [value.guid] : [],
		);
		if (step.do === 'create') guids.push(step.parent.guid);
		if (step.do === 'relocate') guids.push(step.from.parent.guid, step.to.parent.guid);
		if ((step.do === 'link' || step.do === 'unlink') && 'guid' in step.group) guids.push(step.group.guid);
		return guids;
	});
}
