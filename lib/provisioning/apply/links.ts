/** The memberships of a block, group by group: one Modify for many people (groups/links.ts). */
import type { Step } from '../../contracts';
import { textsOf } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { writeLinks, type LinkOutcome } from '../../directory/groups/links';
import { guidDn } from '../../directory/guid';
import { onFault, stopRun, stopped } from './faults';
import { whyProtected } from './judge';
import { KEPT, takenOver } from './perform';
import { readByGuid } from './reading';
import { record } from './results';
import { isBlocked } from './sequence';
import type { Block, Engine, StepOf, Work } from './types';

type LinkStep = StepOf<'link' | 'unlink'>;
type Part = { readonly work: Work; readonly step: LinkStep };

/** @throws DirectoryError when nothing is written yet */
export async function linkBlock(engine: Engine, block: Block): Promise<void> {
	for (const parts of byGroup(engine, block)) {
		const [first] = parts;
		if (!first || engine.stop) break;
		try {
			await engine.request.lease.check();
		} catch (error) {
			stopRun(engine, error);
			break;
		}
		try {
			await writeGroup(engine, parts, first.step, block);
		} catch (error) {
			for (const { work, step } of parts) if (!work.results.has(step.n)) onFault(engine, work, step, error);
		}
	}
	for (const work of block.works) if (hasOpenLinks(work)) stopped(engine, work);
}

function hasOpenLinks({ change, phases, results }: Work): boolean {
	return change.steps.some((step, index) => phases[index] === 2 && !results.has(step.n));
}

/** What is there already is recorded; the rest by kind and group, in the order in which they come up. */
function byGroup(engine: Engine, { works }: Block): Part[][] {
	const groups = new Map<string, Part[]>();
	for (const work of works) {
		if (work.halt) continue;
		for (const [index, step] of work.change.steps.entries()) {
			if ((step.do !== 'link' && step.do !== 'unlink') || work.results.has(step.n) || isBlocked(work, step)) continue;
			const state = work.states[index];
			if (state?.state === 'done') record(engine, work, step, { status: 'already done', wrote: [] });
			else if (work.kept) record(engine, work, step, { status: 'skipped', wrote: [], message: KEPT });
			else if (state?.state === 'impossible')
				onFault(engine, work, step, new DirectoryError({ kind: 'person', ...state }));
			else if ('guid' in step.group) {
				const key = `${step.do} ${step.group.guid}`;
				groups.set(key, [...(groups.get(key) ?? []), { work, step }]);
			}
		}
	}
	return [...groups.values()];
}

async function writeGroup(engine: Engine, all: readonly Part[], step: LinkStep, block: Block): Promise<void> {
	const { directory } = engine.request.run;
	if (!('guid' in step.group)) return;
	const { dn, guid } = step.group;
	const reason = await whyProtected(engine, step, block);
	if (reason !== undefined)
		throw new DirectoryError({
			kind: 'protected',
			message: `${dn} is protected: ${reason}. Nobody is added to it or taken out of it.`,
			whatToDo: 'Change the membership by hand.',
		});
	// A step that failed for a group before stops those after it.
	const open = all.filter(({ work, step: own }) => !work.halt && !isBlocked(work, own));
	const parts = await withoutTakenOver(engine, open);
	if (parts.length === 0) return;
	const kind = step.do === 'link' ? 'add' : 'delete';
	const members = parts.map(({ work }) => guidDn(work.guid));
	const outcomes = await writeLinks(directory, guidDn(guid), kind, members);
	for (const [index, { work, step: own }] of parts.entries()) note(engine, work, own, outcomes[index]);
}

function note(engine: Engine, work: Work, step: Step, outcome: LinkOutcome | undefined): void {
	if (outcome?.status === 'done') record(engine, work, step, { wrote: [] });
	else if (outcome?.status === 'already') record(engine, work, step, { status: 'already done', wrote: [] });
	else onFault(engine, work, step, outcome?.error ?? new Error('The directory refuses the membership.'));
}

/** A membership has no condition: that those who leave still do is looked at just before. */
async function withoutTakenOver(engine: Engine, parts: readonly Part[]): Promise<readonly Part[]> {
	const { run } = engine.request;
	const leavers = parts.filter(({ work: { change } }) => change.lifecycle === 'leaver' && change.bind.kind === 'apply');
	if (leavers.length === 0) return parts;
	const { markAttribute } = run.marking;
	const guids = leavers.map(({ work }) => work.guid);
	const now = await readByGuid(run, guids, [markAttribute], []);
	const gone = new Set<Work>();
	for (const { work, step } of leavers) {
		const entry = now.get(work.guid);
		if (work.mark && entry && textsOf(entry, markAttribute).includes(work.mark.text)) continue;
		gone.add(work);
		onFault(engine, work, step, takenOver());
	}
	return parts.filter(({ work }) => !gone.has(work));
}
