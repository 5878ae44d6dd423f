/** What has become of a change's steps: pure, over an account that was just read. Nothing is written before all of them were looked at. */
import type { Bind, Change, Place, Step, Write } from '../../contracts';
import { textOf, textsOf, valuesOf, type Entry } from '../../directory/entry';
import type { Mark } from '../../directory/mark';
import type { Snapshot } from '../../directory/snapshot';
import { disabled, enabled, isDisabled, parseUserAccountControl } from '../../directory/userAccountControl';
import { formatDn, parentOf, parseDn, safeDnKey } from '../../schema/dn';
import { toFileTime } from '../../schema/instants';
import { broughtBy, conflictInWords, goneIn, inWords, isSame, stateOfWrite, type Names } from './comparing';

/** The account of a change as it stands. */
export type Standing = {
	/** undefined = there is none. */
	readonly entry: Entry | undefined;
	/** The genuine mark that still says why the account is disabled. */
	readonly mark: Mark | undefined;
	/** The genuine snapshot of the leave that the mark speaks of. */
	readonly snapshot: Snapshot | undefined;
	readonly names: Names;
	/** Attributes that somebody has written since an undo was planned that is to delete the account. */
	readonly touched: readonly string[];
};

/**
 * - open: to be done, with these writes; `kept` says which others are left alone, in an undo
 * - done: it is so already
 * - conflict: the directory has moved on, and the end of a sentence says where to
 * - impossible: what it needs is gone, which nobody has decided for this account
 */
export type StepState =
	| { readonly state: 'open'; readonly writes: readonly Write[]; readonly kept: readonly string[] }
	| { readonly state: 'done' }
	| { readonly state: 'conflict'; readonly message: string }
	| { readonly state: 'impossible'; readonly message: string; readonly whatToDo: string };

const DONE: StepState = { state: 'done' };
const OPEN: Extract<StepState, { state: 'open' }> = { state: 'open', writes: [], kept: [] };
const conflict = (message: string): StepState => ({ state: 'conflict', message });

type Whole = Pick<Change, 'steps' | 'lifecycle' | 'key'> & {
	readonly bind: Pick<Bind, 'kind' | 'anchor' | 'markAttribute'>;
};

/** In the order of the steps. */
export function statesOf(change: Whole, standing: Standing): StepState[] {
	return change.steps.map((step) => stateOf(step, change, standing));
}

function stateOf(step: Step, change: Whole, standing: Standing): StepState {
	const { entry } = standing;
	if (step.do === 'create')
		return entry ? stateOfCreate(step, change, entry, standing) : stateOfNew(step, standing.names);
	if (step.do === 'delete') return entry ? stateOfDelete(step, change, entry, standing) : DONE;
	// Where the account was to go in the end, nothing is left to do on the way there.
	if (!entry && change.steps.some((other) => other.do === 'delete')) return DONE;
	// Nothing else can be compared before the account is there.
	if (!entry) return step.do === 'link' ? stateOfGroup(step, standing.names) : OPEN;
	switch (step.do) {
		case 'set':
			return stateOfWrites(step.writes, entry, standing.names, change.bind.kind);
		case 'relocate':
			return stateOfRelocate(step, entry, standing.names);
		case 'link':
		case 'unlink':
			return stateOfLink(step, entry, standing.names);
		case 'setPassword':
			return stateOfPassword(step, change, entry, standing);
		case 'enable':
		case 'disable':
			return stateOfControl(step, change, entry, standing);
	}
}

/** In an undo each value stands for itself: what somebody has changed since is kept, the others go back. */
function stateOfWrites(writes: readonly Write[], entry: Entry, names: Names, kind: Bind['kind']): StepState {
	const states = writes.map((write) => ({ write, state: stateOfWrite(write, entry, names) }));
	const due = states.filter(({ state }) => state === 'open').map(({ write }) => write);
	const gone = due.flatMap((write) => goneIn(write.attribute, broughtBy(write), names));
	if (gone[0] !== undefined && kind === 'apply') return { state: 'impossible', message: gone[0], whatToDo: NO_PERSON };
	const open = due.filter((write) => goneIn(write.attribute, broughtBy(write), names).length === 0);
	const conflicts = states.filter(({ state }) => state === 'conflict');
	const moved = [...conflicts.map(({ write }) => conflictInWords(write, entry)), ...gone];
	if (moved.length > 0 && (kind === 'apply' || open.length === 0)) return conflict(moved.join('; '));
	return open.length > 0 ? { state: 'open', writes: open, kept: moved } : DONE;
}

const NO_PERSON = 'Make a new plan: it leaves out whom the directory does not have any more, or names somebody else.';

function stateOfNew({ parent, attributes }: Extract<Step, { do: 'create' }>, names: Names): StepState {
	const [gone] = Object.entries(attributes).flatMap(([attribute, values]) => goneIn(attribute, values, names));
	return gone === undefined ? stateOfPlace(parent, names) : { state: 'impossible', message: gone, whatToDo: NO_PERSON };
}

/** An account that has the key and the names of the plan is the one that was to be made; nobody else's is touched. */
function stateOfCreate(
	{ attributes }: Extract<Step, { do: 'create' }>,
	{ key, bind }: Whole,
	entry: Entry,
	{ mark, names }: Standing,
): StepState {
	const other = IDENTITY.find((name) => {
		const [attribute, wanted = []] = Object.entries(attributes).find(([own]) => own.toLowerCase() === name) ?? [name];
		const present = valuesOf(entry, attribute);
		return wanted.some((value) => !present.some((value_) => isSame(attribute, value_, value, names)));
	});
	const isFinished = !isDisabled(controlOf(entry));
	if (other === undefined && (mark?.state === 'pending' || isFinished)) return DONE;
	const who = `${entry.dn} has ${bind.anchor} "${key}" already`;
	if (other !== undefined) return conflict(`${who}, with another ${other}`);
	return conflict(`${who}, and bears no mark of this tool that says it is being made`);
}

const IDENTITY = ['samaccountname', 'userprincipalname'];

function stateOfRelocate({ from, to }: Extract<Step, { do: 'relocate' }>, entry: Entry, names: Names): StepState {
	const { byGuid } = names;
	const parent = safeDnKey(parentOf(entry.dn));
	const rdn = formatDn(parseDn(entry.dn).slice(0, 1));
	const stands = (place: Place) => {
		const dn = byGuid.get(place.parent.guid);
		// By its letters: a change of capitals is a change of the name.
		return dn !== undefined && safeDnKey(dn) === parent && sameRdn(place.rdn, rdn);
	};
	if (stands(to)) return DONE;
	if (!stands(from))
		return conflict(`it stands at ${entry.dn}, and stood at ${from.rdn},${from.parent.dn} when this was planned`);
	return stateOfPlace(to.parent, names);
}

function stateOfPlace({ guid, dn }: Place['parent'], { byGuid }: Names): StepState {
	if (byGuid.has(guid)) return OPEN;
	return {
		state: 'impossible',
		message: `${dn}, where it is to stand, does not exist any more`,
		whatToDo: 'Create or restore the organisational unit, or make a new plan.',
	};
}

function sameRdn(left: string, right: string): boolean {
	const part = (rdn: string) => rdn.replace(/^[^=]+=/, (name) => name.toUpperCase());
	return part(left) === part(right);
}

function stateOfLink(step: Extract<Step, { do: 'link' | 'unlink' }>, entry: Entry, names: Names): StepState {
	const { do: kind, group } = step;
	const dn = 'guid' in group ? names.byGuid.get(group.guid) : undefined;
	const isIn = (name: string) => textsOf(entry, 'memberOf').some((other) => safeDnKey(other) === safeDnKey(name));
	// Out of a group that is gone, everybody is. One of its name is another one, or cannot be read.
	if (dn === undefined && kind === 'unlink' && !('dn' in group && isIn(group.dn))) return DONE;
	if (dn === undefined) return stateOfGroup(step, names);
	const isMember = isIn(dn);
	return isMember === (kind === 'link') ? DONE : OPEN;
}

function stateOfGroup({ group }: Extract<Step, { do: 'link' | 'unlink' }>, { byGuid }: Names): StepState {
	if ('guid' in group && byGuid.has(group.guid)) return OPEN;
	return {
		state: 'impossible',
		message: `the group ${'dn' in group ? group.dn : ''} does not exist any more, or cannot be read`,
		whatToDo: 'Create or restore the group, give the service account the right to read it, or make a new plan.',
	};
}

/**
 * A password cannot be read. Who left has a later one than the mark, or another than the snapshot holds; for others a later one than planned is
 * done. A new account's first one is known to nobody unless the run that made it went on, so it gets a fresh one until it is enabled.
 */
function stateOfPassword(
	{ pwdLastSetBefore }: Extract<Step, { do: 'setPassword' }>,
	change: Whole,
	entry: Entry,
	{ mark, snapshot, names, touched }: Standing,
): StepState {
	const now = textOf(entry, 'pwdLastSet') ?? '0';
	if (change.lifecycle === 'leaver') {
		// Before it is disabled there is no mark; the step that makes it says whether it can be made.
		if (mark?.state !== 'left')
			return change.steps.some((step) => step.do === 'disable')
				? OPEN
				: conflict('it bears no mark of this tool any more that says that the person has left');
		if (snapshot && snapshot.pwdLastSet !== '') return now === snapshot.pwdLastSet ? OPEN : DONE;
		return /^\d+$/.test(now) && BigInt(now) > BigInt(toFileTime(Date.parse(mark.at))) ? DONE : OPEN;
	}
	const enable = change.steps.find((step) => step.do === 'enable');
	if (enable && stateOf(enable, change, { entry, mark, snapshot, names, touched }).state === 'done') return DONE;
	return pwdLastSetBefore !== '' && now !== pwdLastSetBefore ? DONE : OPEN;
}

function stateOfControl(
	step: Extract<Step, { do: 'enable' | 'disable' }>,
	change: Whole,
	entry: Entry,
	standing: Standing,
): StepState {
	if (change.bind.kind === 'undo') return stateOfControlBack(step, change.bind.markAttribute, entry, standing);
	const now = controlOf(entry);
	const mark = standing.mark?.state;
	const writes = stateOfWrites(step.with, entry, standing.names, 'apply');
	if (step.do === 'enable' ? !isDisabled(now) : isDisabled(now) && mark === 'left') {
		// Written in one Modify: one without the other was somebody else.
		if (writes.state !== 'open') return writes;
		return conflict(writes.writes.map((write) => conflictInWords(write, entry)).join('; '));
	}
	if (now !== step.fromUac) return controlMoved(step, now);
	// A leaver whose account was never enabled bears the mark of a new one.
	const expected = change.lifecycle === 'rehire' ? 'left' : 'pending';
	if (isDisabled(now) && mark !== expected)
		return conflict('it is disabled, and bears no mark of this tool that counts: who disabled it keeps the say');
	return writes.state === 'done' ? OPEN : writes;
}

/** Undoing: marks and snapshots stand in the step as they were. */
function stateOfControlBack(
	step: Extract<Step, { do: 'enable' | 'disable' }>,
	markAttribute: string,
	entry: Entry,
	{ names }: Standing,
): StepState {
	const now = controlOf(entry);
	const after = controlAfter(step);
	if (now !== step.fromUac && now !== after) return controlMoved(step, now);
	const isMark = ({ attribute }: Write) => attribute.toLowerCase() === markAttribute.toLowerCase();
	const ofMarks = step.with.filter(isMark);
	const marks = stateOfWrites(ofMarks, entry, names, 'apply');
	// Without its mark, nobody could say any more why the account is disabled. Both are written at once, so one without the other was somebody else.
	if (marks.state === 'conflict' || (now !== after && ofMarks.length > 0 && marks.state === 'done'))
		return conflict('somebody has changed its mark since');
	const all = stateOfWrites(step.with, entry, names, 'undo');
	if (now === after || all.state === 'open') return all;
	return { ...OPEN, kept: all.state === 'conflict' ? [all.message] : [] };
}

function controlMoved({ fromUac }: Extract<Step, { do: 'enable' | 'disable' }>, now: number): StepState {
	return conflict(`userAccountControl is ${now}, and was ${fromUac} when this was planned`);
}

/** userAccountControl when the step is done. */
export function controlAfter(step: Extract<Step, { do: 'enable' | 'disable' }>): number {
	return (step.do === 'enable' ? enabled : disabled)(step.fromUac);
}

function controlOf(entry: Entry): number {
	return parseUserAccountControl(textOf(entry, 'userAccountControl'));
}

/** Only who left by this tool's hand, and only while everything is as the approver saw it. Undone are accounts that nobody has used. */
function stateOfDelete(
	{ expect }: Extract<Step, { do: 'delete' }>,
	{ bind }: Whole,
	entry: Entry,
	{ mark, names, touched }: Standing,
): StepState {
	for (const [attribute, wanted] of Object.entries(expect)) {
		const present = valuesOf(entry, attribute);
		const same =
			present.length === wanted.length &&
			wanted.every((value) => present.some((own) => isSame(attribute, own, value, names)));
		if (!same) return conflict(`${attribute} is ${inWords(present)}, and was ${inWords(wanted)} when this was planned`);
	}
	if (bind.kind === 'undo') {
		const used = LOGONS.find((attribute) => !['0', undefined].includes(textOf(entry, attribute)));
		if (used !== undefined) return conflict(`somebody has logged on with it (${used})`);
		if (touched.length > 0)
			return conflict(`somebody has changed it since the undo was planned (${touched.join(', ')})`);
		return OPEN;
	}
	if (mark?.state === 'left') return OPEN;
	return conflict('it bears no mark of this tool any more that says that the person has left');
}

/** What tells of a logon. */
export const LOGONS = ['lastLogon', 'lastLogonTimestamp'] as const;

/** Phase of each step: 1 = before the memberships, 2 = memberships, 3 = after them, 4 = when every person is done. */
export function phasesOf(steps: readonly Step[]): (1 | 2 | 3 | 4)[] {
	const isLink = (step: Step) => step.do === 'link' || step.do === 'unlink';
	const first = steps.findIndex(isLink);
	return steps.map((step, index) => {
		if (namesJoiner(step)) return 4;
		// Others may name the account until then, and say so in a condition.
		if (step.do === 'delete') return 3;
		if (isLink(step)) return 2;
		return first < 0 || index < first ? 1 : 3;
	});
}

/** Whether a step writes somebody who may have no account before all people are done. */
export function namesJoiner(step: Step): boolean {
	return step.do === 'set' && joinersOf(step).length > 0;
}

/** Ids of the changes of joiners that a step names. */
export function joinersOf(step: Step): string[] {
	if (step.do !== 'set') return [];
	return step.writes.flatMap((write) =>
		('add' in write ? [...write.add, ...write.remove] : [write.from, write.to]).flatMap((value) =>
			typeof value === 'object' && value !== null && 'change' in value ? [value.change] : [],
		),
	);
}
