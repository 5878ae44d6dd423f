/** A new account by an approved plan: under the very names that the approver saw, or not at all. */
import type { Ref, Value, Write } from '../../contracts';
import { guidOf, markOf, type Matching } from '../../directory/accounts/account';
import { ownName } from '../../directory/accounts/desired';
import type { AccountRun } from '../../directory/accounts/locate';
import { findOwn, newAccount } from '../../directory/accounts/pending';
import { textsOf, type Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { looksLikeMark } from '../../directory/mark';
import { isPolicyRefusal, newPassword } from '../../directory/newPassword';
import { NEW_DISABLED_ACCOUNT } from '../../directory/userAccountControl';
import { formatDn, parseDn } from '../../schema/dn';
import { sent, type Names } from './comparing';
import { checkNames } from './freeNames';
import { standingOf } from './judge';
import { attributesOf, setAccount } from './reading';
import { statesOf } from './state';
import type { Block, Done, Engine, StepOf, Work } from './types';

/** Answers that get lost, and one of a password policy, before it is given up. */
const ATTEMPTS = 3;

/**
 * One Add, right after key and names were looked for over the whole domain once more.
 * @throws DirectoryError; kinds `conflict` and `taken`: somebody was quicker
 */
export async function createNow(engine: Engine, work: Work, step: StepOf<'create'>, block: Block): Promise<Done> {
	const { run, delivery } = engine.request;
	const { directory } = run;
	const values = valuesToAdd(step, block);
	const matching = matchingOf(run, work, values);
	const dn = childOf(step, block.names);
	await checkNames(engine, work, step, dn);
	const known = [textOfValue(values, 'sAMAccountName'), work.change.displayName];
	const options = { given: '', mustChange: step.password.mustChange, delivery };
	let refusals = 0;
	for (let attempt = 1; ; attempt += 1) {
		// After the names: what another run made for this very person a moment ago must not become two accounts.
		const meanwhile = await findOwn(run, matching);
		if (meanwhile) return await takeOver(engine, work, meanwhile, block);
		const password = await newPassword(directory, options, known, { attempt: refusals + 1 });
		const attributes = await newAccount(directory, values, {}, matching, password, step.password.mustChange);
		try {
			await directory.add(dn, attributes);
		} catch (error) {
			if (!(error instanceof DirectoryError) || attempt >= ATTEMPTS) throw error;
			if (isPolicyRefusal(error) && ++refusals === 1) continue;
			if (error.kind !== 'lost' && error.kind !== 'taken') throw error;
			// The Add may be done, by this attempt or by an earlier one whose answer got lost.
			const mine = await findOwn(run, matching);
			if (mine) return { ...(await takeOver(engine, work, mine, block)), ...made(step, matching, work) };
			if (error.kind === 'taken') throw error;
			continue;
		}
		work.wrote = true;
		await readMade(engine, work, dn);
		work.first = password.delivered;
		return made(step, matching, work);
	}
}

/** Names of people are resolved already; a joiner has no account before all people are done. */
function valuesToAdd({ attributes }: StepOf<'create'>, { names }: Block): Record<string, readonly (string | Buffer)[]> {
	return Object.fromEntries(
		Object.entries(attributes).map(([attribute, values]) => [
			attribute,
			values.flatMap((value) => sent(value, names) ?? []),
		]),
	);
}

/** The key as it is written, since the mark is bound to it; it is taken out of the values, and `newAccount` adds it. */
function matchingOf({ marking }: AccountRun, { change }: Work, values: Record<string, unknown>): Matching {
	const own = ownName(values, marking.matchAttribute);
	const [value] = own === undefined ? [] : (values[own] as readonly unknown[]);
	if (own !== undefined) delete values[own];
	return { ...marking, matchValue: typeof value === 'string' ? value : change.key };
}

function textOfValue(values: Readonly<Record<string, readonly (string | Buffer)[]>>, name: string): string {
	const [value] = values[ownName(values, name) ?? ''] ?? [];
	return typeof value === 'string' ? value : '';
}

/** The name of the new object, in its container by the name that that has now. */
export function childOf({ parent, rdn }: StepOf<'create'>, { byGuid }: Names): string {
	return formatDn([...parseDn(rdn), ...parseDn(byGuid.get(parent.guid) ?? parent.dn)]);
}

/** An account with our mark for this person, made by another run of this plan. It must be what the approver saw. */
async function takeOver(engine: Engine, work: Work, entry: Entry, block: Block): Promise<Done> {
	const { run } = engine.request;
	await readMade(engine, work, entry.dn);
	const states = statesOf(work.change, standingOf(engine, work, block));
	const first = work.change.steps.findIndex((step) => step.do === 'create');
	if (states[first]?.state === 'done') return { status: 'already done', wrote: [] };
	throw new DirectoryError({
		kind: 'conflict',
		message: `Somebody else created an account with ${run.marking.matchAttribute} "${work.change.key}" meanwhile: ${entry.dn}.`,
		whatToDo: 'Make a new plan: it sees the account as it is now.',
	});
}

async function readMade(engine: Engine, work: Work, dn: string): Promise<void> {
	const { run } = engine.request;
	const entry = await run.directory.read(dn, attributesOf(work.change.steps, run));
	if (!entry)
		throw new DirectoryError({
			kind: 'configuration',
			message: `${dn} was created, but cannot be read.`,
			whatToDo: 'Give the service account the right to read the organisational unit, then run again.',
		});
	setAccount(engine, work, entry);
	work.mark = await markOf(run.directory, entry, run.marking, run.signingKey);
	work.guid = guidOf(entry);
}

/** What the Add wrote; its password is nobody's to read. */
function made({ attributes }: StepOf<'create'>, matching: Matching, { entry }: Work): Done {
	const { matchAttribute, matchValue, markAttribute } = matching;
	const given = Object.entries(attributes).filter(([name]) => name.toLowerCase() !== matchAttribute.toLowerCase());
	const written = [
		...given,
		[matchAttribute, [matchValue]] as const,
		[markAttribute, entry ? textsOf(entry, markAttribute).filter(looksLikeMark) : []] as const,
		['userAccountControl', [String(NEW_DISABLED_ACCOUNT)]] as const,
	];
	return { status: 'done', wrote: written.flatMap(([attribute, values]) => toWrite(attribute, values)) };
}

function toWrite(attribute: string, values: readonly (Value | Ref)[]): Write[] {
	const [first] = values;
	if (first === undefined) return [];
	return [values.length > 1 ? { attribute, remove: [], add: values } : { attribute, from: null, to: first }];
}
