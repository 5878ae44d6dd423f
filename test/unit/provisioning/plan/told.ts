/** A plan in few words, so that a test reads like a list of what is to happen. */
import type { Plan, PlanProblem, Ref, Step, Value, Write } from '../../../../lib/contracts';
import type { MadePlan } from '../../../../lib/provisioning/plan/makePlan';
import { parseDn } from '../../../../lib/schema/dn';

/** What is to happen with each person, by key: kind of change, then steps. */
export function told({ plan }: Pick<MadePlan, 'plan'>): Readonly<Record<string, readonly string[]>> {
	return Object.fromEntries(
		plan.changes.map(({ key, lifecycle, steps }) => [key, [lifecycle, ...steps.map((step) => inWords(step, plan))]]),
	);
}

/** Kinds of problems by key, "!" for urgent ones, in the order in which they are shown. */
export function toldProblems({ problems }: Pick<MadePlan, 'problems'>): readonly string[] {
	return problems.map(({ key, kind, urgent }) => `${key === '' ? '' : `${key}: `}${kind}${urgent ? '!' : ''}`);
}

/** The one problem of a plan. */
export function onlyProblem({ problems }: Pick<MadePlan, 'problems'>): PlanProblem {
	const [problem, ...more] = problems;
	if (!problem || more.length > 0) throw new Error(`There are ${problems.length} problems.`);
	return problem;
}

/** All steps of a kind, with whose they are. */
export function stepsOf<K extends Step['do']>(plan: Plan, kind: K) {
	return plan.changes.flatMap(({ key, steps }) =>
		steps.flatMap((step) => (step.do === kind ? [{ key, step: step as Extract<Step, { do: K }> }] : [])),
	);
}

function inWords(step: Step, plan: Plan): string {
	switch (step.do) {
		case 'create':
			return `create ${step.rdn} in ${nameIn(step.parent.dn)}`;
		case 'set':
			return `set ${writesInWords(step.writes, plan)}`;
		case 'relocate': {
			const [from, to] = [step.from, step.to].map(({ parent, rdn }) => `${nameIn(parent.dn)}/${rdn.slice(3)}`);
			return `relocate ${from} -> ${to}`;
		}
		case 'link':
		case 'unlink':
			return `${step.do} ${refInWords(step.group, plan)}`;
		case 'setPassword':
		case 'delete':
			return step.do;
		case 'enable':
		case 'disable':
			return step.with.length > 0 ? `${step.do}, ${writesInWords(step.with, plan)}` : step.do;
	}
}

function writesInWords(writes: readonly Write[], plan: Plan): string {
	return writes
		.map((write) => {
			const one = (value: Value | Ref | null) => valueInWords(value, plan);
			if (!('add' in write)) return `${write.attribute} ${one(write.from)} -> ${one(write.to)}`;
			const changes = [...write.remove.map((value) => `-${one(value)}`), ...write.add.map((value) => `+${one(value)}`)];
			return `${write.attribute} ${changes.join(' ')}`;
		})
		.join(', ');
}

function valueInWords(value: Value | Ref | null, plan: Plan): string {
	if (value === null) return 'nothing';
	if (typeof value === 'string') return /^CN=.*,DC=/i.test(value) ? nameIn(value) : value;
	return 'base64' in value ? `base64 ${value.base64}` : refInWords(value, plan);
}

function refInWords(ref: Ref, plan: Plan): string {
	if ('dn' in ref) return nameIn(ref.dn);
	const joiner = plan.changes.find(({ id }) => id === ref.change);
	if (!joiner) throw new Error(`There is no change ${ref.change} in the plan.`);
	return `joiner ${joiner.key}`;
}

/** What the first name of a distinguished name says. */
function nameIn(dn: string): string {
	return parseDn(dn)[0]?.[0]?.value ?? dn;
}
