/** What the directory remembers of an account's attributes: marks that somebody has overtaken, and what was undone since a plan was made. */
import type { Step } from '../../contracts';
import { markOf } from '../../directory/accounts/account';
import { isOvertakenBy } from '../../directory/accounts/overtaken';
import { changesOf, typesWrittenSince, USER_ACCOUNT_CONTROL, writtenSince } from '../../directory/attributeChanges';
import { ATTRIBUTE_IDS, attributeType } from '../../directory/attributeIds';
import { attributeTypes } from '../../directory/attributeTypes';
import { bytesOf, textOf } from '../../directory/entry';
import { guidToText } from '../../directory/guid';
import type { Mark } from '../../directory/mark';
import { isDisabled, parseUserAccountControl } from '../../directory/userAccountControl';
import { readByGuid, writesOf } from './reading';
import type { Engine, Work } from './types';

const META = 'replPropertyMetaData';

/**
 * Fills in the marks that count, in one reading for the block.
 * @throws DirectoryError
 */
export async function readMarks(engine: Engine, works: readonly Work[]): Promise<void> {
	const { run } = engine.request;
	const marked: { readonly work: Work; readonly mark: Mark }[] = [];
	for (const work of works) {
		const { entry } = work;
		work.mark = undefined;
		work.markedAgain = false;
		if (!entry || !isDisabled(parseUserAccountControl(textOf(entry, 'userAccountControl') ?? '2'))) continue;
		const mark = await markOf(run.directory, entry, run.marking, run.signingKey);
		if (mark) marked.push({ work, mark });
	}
	if (marked.length === 0) return;
	const { markAttribute } = run.marking;
	const type = (await typesOf(engine, [markAttribute])).get(markAttribute.toLowerCase());
	const guids = marked.map(({ work }) => work.guid);
	const found = await readByGuid(run, guids, [META], []);
	for (const { work, mark } of marked) {
		const entry = found.get(work.guid);
		const bytes = entry && bytesOf(entry, META);
		if (!bytes || !isOvertakenBy(bytes, mark, type)) work.mark = mark;
		work.markedAgain = bytes !== undefined && isMarkedAgain(bytes, type);
	}
}

/** objectClass, 2.5.4.0: written once, by the Add. */
const OBJECT_CLASS = 0;

/**
 * Whether the mark came together with userAccountControl, and later than the object: not by the Add that made the account, but by an undo that
 * disabled it again (accounts/overtaken.ts tells such marks in the same way).
 */
function isMarkedAgain(bytes: Buffer, markType: number | undefined): boolean {
	const changes = changesOf(bytes);
	const [made, control] = [changes.get(OBJECT_CLASS), changes.get(USER_ACCOUNT_CONTROL)];
	const marked = markType === undefined ? undefined : changes.get(markType);
	const isTogether = (one: typeof made) =>
		one?.usnOriginating === marked?.usnOriginating && one?.invocationId === marked?.invocationId;
	return marked !== undefined && isTogether(control) && !isTogether(made);
}

/**
 * Planned attributes that were written after the plan, of accounts on which no step is done: somebody did and undid what the plan wants, or
 * reversed it. Also the key, by which the account may be somebody else's by now.
 * @param which attributes; `key`: that alone, unless the change writes it itself; `others`: all that the change does not write
 * @returns by the id of the change; without those of whom nothing was written
 * @throws DirectoryError
 */
export async function writtenAfterPlan(
	engine: Engine,
	works: readonly Work[],
	which: 'all' | 'key' | 'others',
): Promise<ReadonlyMap<string, readonly string[]>> {
	const { run } = engine.request;
	const written = new Map<string, readonly string[]>();
	const own = await ownInvocationId(engine);
	// Since nothing at all was written, nothing needs to be looked at.
	const open = works.filter(({ change: { target, bind }, entry }) => {
		if (!target || !entry) return false;
		return own === '' || bind.invocationId !== own || textOf(entry, 'uSNChanged') !== target.usn;
	});
	if (open.length === 0) return written;
	const { matchAttribute } = run.marking;
	const keyOnly = (work: Work) => (writesKey(work, matchAttribute) ? [] : [matchAttribute]);
	const attributesOf = (work: Work) => (which === 'key' ? keyOnly(work) : plannedAttributes(work, matchAttribute));
	const planned = new Map(open.map((work) => [work, attributesOf(work)]));
	const types = await typesOf(engine, [...new Set([...planned.values()].flat())]);
	const guids = open.map(({ guid }) => guid);
	const found = await readByGuid(run, guids, [META], []);
	for (const [work, attributes] of planned) {
		const entry = found.get(work.guid);
		const bytes = entry && bytesOf(entry, META);
		const { invocationId, usn, createdAt } = work.change.bind;
		const since = { invocationId, usn, at: createdAt };
		const named = which === 'others' ? othersSince : writtenSince;
		const names = bytes ? named(bytes, attributes, since, own, types) : [];
		if (names.length > 0) written.set(work.change.id, names);
	}
	return written;
}

const NAMES: ReadonlyMap<number, string> = new Map(ATTRIBUTE_IDS);

/** All that was written since, but for some attributes. Takes what `writtenSince` takes. */
function othersSince(...[bytes, attributes, since, own, types]: Required<Parameters<typeof writtenSince>>): string[] {
	const planned = new Set(attributes.map((name) => types.get(name.toLowerCase()) ?? attributeType(name)));
	const others = [...typesWrittenSince(bytes, since, own)].filter((type) => !planned.has(type));
	return [...new Set(others.map((type) => NAMES.get(type) ?? 'another attribute'))];
}

function writesKey({ change }: Work, anchor: string): boolean {
	return change.steps.flatMap(writesOf).some(({ attribute }) => attribute.toLowerCase() === anchor.toLowerCase());
}

/** A move writes `name` too (MS-ADTS 3.1.1.5.4); a password is no reason, since its owner changes it whenever he likes. */
function plannedAttributes({ change }: Work, anchor: string): string[] {
	const names = change.steps.flatMap((step: Step) => {
		const own = writesOf(step).map(({ attribute }) => attribute);
		if (step.do === 'relocate') own.push('name');
		if (step.do === 'enable' || step.do === 'disable') own.push('userAccountControl');
		if (step.do === 'delete') own.push(...Object.keys(step.expect));
		return own;
	});
	return [...new Set([...names, anchor])];
}

/** @throws DirectoryError */
async function typesOf(engine: Engine, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
	const open = names.filter((name) => !engine.types.has(name.toLowerCase()));
	if (open.length > 0) {
		const found = await attributeTypes(engine.request.run.directory, open);
		for (const name of open) engine.types.set(name.toLowerCase(), found.get(name.toLowerCase()));
	}
	const known = names.flatMap((name) => {
		const type = engine.types.get(name.toLowerCase());
		return type === undefined ? [] : [[name.toLowerCase(), type] as const];
	});
	return new Map(known);
}

/** Of the controller's copy of the directory; '' = it does not say. @throws DirectoryError */
export async function ownInvocationId(engine: Engine): Promise<string> {
	if (engine.invocationId !== undefined) return engine.invocationId;
	const { directory } = engine.request.run;
	const root = await directory.read('', ['dsServiceName']);
	const service = root && textOf(root, 'dsServiceName');
	const settings = service ? await directory.read(service, ['invocationId']) : undefined;
	const bytes = settings && bytesOf(settings, 'invocationId');
	engine.invocationId = bytes ? guidToText(bytes) : '';
	return engine.invocationId;
}

/** What is known only of the controller that answered before. */
export function forgetController(engine: Engine): void {
	engine.invocationId = undefined;
}
