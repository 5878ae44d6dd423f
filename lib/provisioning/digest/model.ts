/** A plan as people read it, before it is written in any format: who, what, from what, to what. */
import type { Change, Lifecycle } from '../../contracts';
import { headOf, type Head, type PlanWithoutDigest } from './head';
import { linesOf, type Line } from './lines';
import { messageWording, sentence, type Wording } from './values';
import { counted } from './visible';

export type Row = {
	readonly person: string;
	readonly key: string;
	/** Distinguished name of the account; '' for a joiner, whose first line says where it is to be. */
	readonly account: string;
	readonly lifecycle: Lifecycle;
	/** The lifecycle in words: "joiner", "undo of a joiner". */
	readonly kind: string;
	readonly risk: 'low' | 'high';
	readonly riskReasons: readonly string[];
	readonly reasons: readonly string[];
	readonly notes: readonly string[];
	readonly lines: readonly Line[];
};

export type DigestModel = Head & {
	readonly rows: readonly Row[];
	/** People who change and are not among the rows. */
	readonly cut: number;
};

/** Those with high risk, who are never cut, and as many others as there is room for; both in the order to be shown in. */
export type Chosen = { readonly high: readonly Change[]; readonly low: readonly Change[] };

/** Deletions first, for nothing takes them back; then leavers, then what else has a high risk, then the rest in the plan's order. */
export function inOrder(changes: readonly Change[]): Chosen {
	const ranked: [Change[], Change[], Change[], Change[]] = [[], [], [], []];
	for (const change of changes) ranked[rankOf(change)].push(change);
	const [deletions, leavers, risky, low] = ranked;
	return { high: [...deletions, ...leavers, ...risky], low };
}

function rankOf(change: Change): 0 | 1 | 2 | 3 {
	if (change.steps.some((step) => step.do === 'delete')) return 0;
	if (change.lifecycle === 'leaver' || change.steps.some((step) => step.do === 'disable')) return 1;
	return change.risk === 'high' ? 2 : 3;
}

/** Names of the joiners of a plan, by the ids of their changes. */
export function joinerNames(changes: readonly Change[]): Wording['joiner'] {
	let names: ReadonlyMap<string, string> | undefined;
	return (id) => {
		names ??= new Map(changes.map((change) => [change.id, change.displayName]));
		return names.get(id);
	};
}

/**
 * @param hash of everything that the approver sees
 * @param people how many are shown; all with a high risk are, whatever the number
 */
export function modelOf(plan: PlanWithoutDigest, hash: string, people: number): DigestModel {
	const { high, low } = inOrder(plan.changes);
	const wording = messageWording(joinerNames(plan.changes));
	const rows = [...high, ...low.slice(0, Math.max(0, people - high.length))].map((change) =>
		rowOf(plan, wording, change),
	);
	return { ...headOf(plan, hash), rows, cut: plan.changes.length - rows.length };
}

/** The same without the last people who have no high risk: as many rows as `keep`, and all with a high risk. */
export function shortened(model: DigestModel, keep: number): DigestModel {
	const high = model.rows.filter((row) => row.risk === 'high').length;
	const rows = model.rows.slice(0, Math.max(high, keep));
	return { ...model, rows, cut: model.cut + model.rows.length - rows.length };
}

/**
 * What stands in place of those who were cut; '' when nobody was.
 * @param where to see them
 */
export function cutWords({ cut }: DigestModel, where = 'the CSV'): string {
	return cut === 0 ? '' : `And ${counted(cut, 'more person', 'more people')}, none with a high risk: see ${where}.`;
}

function rowOf(plan: PlanWithoutDigest, wording: Wording, change: Change): Row {
	const { lifecycle } = change;
	return {
		person: wording.show(change.displayName),
		key: wording.show(change.key),
		account: change.target ? sentence(change.target.dn) : '',
		lifecycle,
		kind: plan.kind === 'undo' ? `undo of a ${lifecycle}` : lifecycle,
		risk: rankOf(change) < 3 ? 'high' : 'low',
		riskReasons: change.riskReasons.map(sentence),
		reasons: change.reasons.map(sentence),
		notes: change.notes.map(sentence),
		lines: linesOf(wording, change, plan.markAttribute),
	};
}
