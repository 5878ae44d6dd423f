/** Applying a plan in memory, as the contract says it: so that the next plan can be made over what becomes of it. */
import type { Change, Outcome, Plan, Ref, Step, StepResult, Value, Write } from '../../../../lib/contracts';
import { guidOf } from '../../../../lib/directory/accounts/account';
import { textOf, textsOf, valuesOf, type Entry } from '../../../../lib/directory/entry';
import { looksLikeMark, makeMark } from '../../../../lib/directory/mark';
import { makeSnapshot } from '../../../../lib/directory/snapshot';
import { disabled, enabled } from '../../../../lib/directory/userAccountControl';
import type { StepOf } from '../../../../lib/provisioning/apply/types';
import { parentOf, parseDn, safeDnKey } from '../../../../lib/schema/dn';
import { toFileTime } from '../../../../lib/schema/instants';
import { SIGNING_KEY } from '../../../support/directory';
import { replay } from '../../../support/replay';
import { guidFor } from './town';

type Job = {
	readonly plan: Plan;
	readonly change: Change;
	/** The account before; undefined for a joiner. */
	readonly entry: Entry | undefined;
	readonly guid: string;
	readonly byName: ReadonlyMap<string, Entry>;
};

/** The objects after a plan. Everybody first, then those who wait for joiners. */
export function applied(entries: readonly Entry[], plan: Plan): Entry[] {
	const byGuid = new Map(entries.map((entry) => [guidOf(entry), entry]));
	const byName = new Map(entries.map((entry) => [safeDnKey(entry.dn), entry]));
	const made = new Map<string, Ref>(
		plan.changes.flatMap(({ id, target, steps: [step] }) =>
			!target && step?.do === 'create'
				? [[id, { guid: guidFor(id), dn: `${step.rdn},${step.parent.dn}` }] as const]
				: [],
		),
	);
	const outcomes = plan.changes.map((change) => {
		const guid = change.target?.guid ?? guidFor(change.id);
		return outcomeOf({ plan, change, guid, byName, entry: byGuid.get(guid) }, made);
	});
	const waits = ({ step }: StepResult) => step.do === 'set' && JSON.stringify(step.writes).includes('{"change"');
	const part = (isLast: boolean) =>
		outcomes.map((outcome) => ({ ...outcome, steps: outcome.steps.filter((result) => waits(result) === isLast) }));
	return replay(entries, [...part(false), ...part(true)]).map(withOwnName);
}

/** The directory keeps cn and the name of the object the same. */
function withOwnName({ dn, attributes }: Entry): Entry {
	const name = parseDn(dn)[0]?.[0]?.value;
	return { dn, attributes: attributes['cn'] && name !== undefined ? { ...attributes, cn: [name] } : attributes };
}

function outcomeOf(job: Job, made: ReadonlyMap<string, Ref>): Outcome {
	const { change, guid, plan } = job;
	return {
		...{ bind: change.bind, runId: 'run-1', changeId: change.id, key: change.key, displayName: change.displayName },
		...{ lifecycle: change.lifecycle, guid, dn: '', status: 'applied', notes: [], dc: '', at: plan.createdAt },
		...{ seal: '' },
		steps: change.steps.map((step) => ({
			...{ n: step.n, step, status: 'done', inverse: null },
			wrote: writesOf(step, job).map((write) => withoutJoiners(write, made)),
		})),
	};
}

function writesOf(step: Step, job: Job): readonly Write[] {
	const { plan, entry } = job;
	const at = plan.createdAt;
	switch (step.do) {
		case 'create':
			return creation(step, job);
		case 'set':
			return step.writes;
		case 'setPassword':
			return [one('pwdLastSet', step.rule.mustChange ? '0' : toFileTime(Date.parse(at)))];
		case 'enable':
			return [one('userAccountControl', String(enabled(step.fromUac))), ...step.with, marks(entry, [])];
		case 'disable': {
			const mark = makeMark(SIGNING_KEY, { state: 'left', objectGuid: job.guid }, at);
			const control = one('userAccountControl', String(disabled(step.fromUac)));
			return [control, ...step.with, marks(entry, [mark, snapshotOf(step, job)])];
		}
		case 'relocate':
		case 'link':
		case 'unlink':
		case 'delete':
			return [];
	}
}

const one = (attribute: string, to: string): Write => ({ attribute, from: null, to });

/** All marks and snapshots go, these come. */
function marks(entry: Entry | undefined, add: readonly string[]): Write {
	const remove = entry ? textsOf(entry, 'carLicense').filter(looksLikeMark) : [];
	return { attribute: 'carLicense', remove, add };
}

function creation({ attributes }: StepOf<'create'>, { plan, change }: Job): readonly Write[] {
	const { directory, anchor, createdAt, markAttribute } = plan;
	const [key] = Object.entries(attributes).find(([name]) => name.toLowerCase() === anchor.toLowerCase())?.[1] ?? [];
	if (typeof key !== 'string') throw new Error(`${change.displayName} is created without a key.`);
	const bound = { domainGuid: directory.domainGuid, matchAttribute: anchor, matchValue: key };
	const enables = change.steps.some((step) => step.do === 'enable');
	const mark = makeMark(SIGNING_KEY, { state: 'pending', ...bound }, createdAt);
	return [
		{ attribute: 'objectClass', remove: [], add: ['top', 'person', 'organizationalPerson', 'user'] },
		...Object.entries(attributes).map(([attribute, add]) => ({ attribute, remove: [], add })),
		one('userAccountControl', '514'),
		one('pwdLastSet', toFileTime(Date.parse(createdAt))),
		{ attribute: markAttribute, remove: [], add: enables ? [] : [mark] },
	];
}

/** Of the change itself: where the account stands, the groups that it is taken out of, and what is written with it. */
function snapshotOf(step: StepOf<'enable' | 'disable'>, { change, entry, guid, plan, byName }: Job): string {
	if (!entry) throw new Error('Nobody leaves who has no account.');
	const container = byName.get(safeDnKey(parentOf(entry.dn)));
	if (!container) throw new Error(`There is no ${parentOf(entry.dn)}.`);
	const attributes = step.with.map((write) => {
		const from = valuesOf(entry, write.attribute);
		if (!('add' in write)) return { attribute: write.attribute, from, to: write.to === null ? [] : [text(write.to)] };
		const gone = write.remove.map(text);
		const to = [...from.filter((value) => !gone.some((other) => hex(other) === hex(value))), ...write.add.map(text)];
		return { attribute: write.attribute, from, to };
	});
	const references = attributes
		.flatMap(({ from }) => from.map(String))
		.flatMap((name) => {
			const object = byName.get(safeDnKey(name));
			return object ? [[name, guidOf(object)] as const] : [];
		});
	return makeSnapshot(SIGNING_KEY, guid, {
		...{ at: plan.createdAt, ou: { guid: guidOf(container), dn: container.dn }, attributes },
		groups: change.steps.flatMap(({ do: kind, ...rest }) =>
			kind === 'unlink' && 'group' in rest && 'guid' in rest.group ? [rest.group.guid] : [],
		),
		references: Object.fromEntries(references),
		pwdLastSet: textOf(entry, 'pwdLastSet') ?? '',
	});
}

function text(value: Value | Ref): string | Buffer {
	if (typeof value === 'string') return value;
	if ('base64' in value) return Buffer.from(value.base64, 'base64');
	throw new Error('Leaving writes nobody else.');
}

const hex = (value: string | Buffer) => Buffer.from(value as string).toString('hex');

function withoutJoiners(write: Write, made: ReadonlyMap<string, Ref>): Write {
	const known = (value: Value | Ref): Value | Ref =>
		typeof value === 'object' && 'change' in value ? (made.get(value.change) ?? value) : value;
	if ('add' in write) return { ...write, remove: write.remove.map(known), add: write.add.map(known) };
	return { ...write, to: write.to === null ? null : known(write.to) };
}
