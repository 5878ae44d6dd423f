/**
 * One plan for everybody: who joins, moves, leaves or returns, and what is to be done for each. The directory is read once; everything is decided
 * in memory; nothing is written. In this order: accounts, who is who, what is to happen, names, references, steps, limits, seals.
 */
import type { Plan, PlanProblem } from '../../contracts';
import { dnKey } from '../../schema/dn';
import type { Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { absent, believedOf, planFeed } from './absence';
import { checkAnchor, checkAttributes, checkMatchOnSchema, checkRequest } from './checks';
import { decide, decideAbsent, decideContext } from './decide';
import { draftAll, unresolvedOf, type Drafted } from './drafting';
import { finishPlan } from './finish';
import { groupProblems } from './groupSteps';
import { attributeChanges, countGuarded, enabledMatched, guardPlan, leftLast24Hours } from './guards';
import { leftAloneNotes } from './leftAlone';
import { keysToFind, matchPeople, type Matches } from './match';
import { chooseNames } from './names';
import { attributesToPlan, containersOf, groupsToResolve, placesToResolve } from './planReads';
import type { AccountView, Decision, PlaceKnown, PlanFacts, PlanRequest, PlanSource, StepContext } from './types';
import { accountViews, marked } from './views';

export type PlanDependencies = {
	readonly newId: () => string;
	/** People that the digest shows at most, besides those of high risk. */
	readonly digestRows: number;
};

export type MadePlan = {
	readonly plan: Plan;
	/** Urgent ones first. */
	readonly problems: readonly PlanProblem[];
};

/**
 * @throws DirectoryError (configuration) when nothing can be planned at all: settings, scope, anchor, or more changes than one plan may hold
 */
export async function makePlan(
	source: PlanSource,
	request: PlanRequest,
	{ newId, digestRows }: PlanDependencies,
): Promise<MadePlan> {
	checkRequest(request);
	const facts = await source.facts();
	const attributes = attributesToPlan(request);
	const schema = await source.schema(attributes);
	checkAnchor(request, schema);
	checkAttributes(request, schema);
	checkMatchOnSchema(request, schema);
	const accounts = await readAccounts(source, request, facts, schema, attributes);
	const id = newId();
	const scoped = { ...request, scope: { ...request.scope, bases: accounts.bases } };
	const decided = await decideAll(source, scoped, facts, accounts);
	const known = await stepContext(source, scoped, facts, schema, decided.decisions);
	const context = { ...known, accountAt: accountsByName(accounts.views) };
	const chosen = await chooseNames(decided.decisions, source, context, accounts.views);
	const drafted = await draftAll(source, context, { id, chosen, ...decided }, accounts.views);
	const changes = drafted.flatMap((one) => ('change' in one ? [one.change] : []));
	checkSize(changes.length, request.policy.maxChanges);
	const problems = [
		...decided.problems,
		...drafted.flatMap((one) => ('problem' in one ? [one.problem] : [])),
		...groupProblems(decided.decisions, context),
	];
	const plan = finishPlan({
		...{ kind: 'apply', id, facts, scope: scoped.scope, feed: planFeed(request, decided.absence), changes, digestRows },
		...{ anchor: request.anchor, markAttribute: request.markAttribute, matchOn: request.matchOn },
		...{ policy: request.policy, signingKey: request.signingKey },
		notes: [...chosen.notes, ...leftAloneNotes(decided.decisions, drafted.map(unresolvedOf))],
		people: {
			unchanged: drafted.length - changes.length - countProblems(drafted),
			problem: countProblems(drafted) + decided.problems.length,
		},
		guard: guardPlan({
			...{ counts: countGuarded(changes), attributeChanges: attributeChanges(changes), guards: request.policy.guards },
			...{ matchedEnabled: enabledMatched(decided.matches), input: request.feed.input, received: believedOf(request) },
			leftLast24h: leftLast24Hours(accounts.views, Date.parse(facts.now)),
		}),
	});
	return { plan, problems: [...problems.filter(({ urgent }) => urgent), ...problems.filter(({ urgent }) => !urgent)] };
}

type Accounts = {
	readonly views: readonly AccountView[];
	readonly bases: readonly string[];
	readonly protection: (entry: Entry) => string | undefined;
};

async function readAccounts(
	source: PlanSource,
	request: PlanRequest,
	{ domainGuid }: PlanFacts,
	schema: StepContext['schema'],
	attributes: readonly string[],
): Promise<Accounts> {
	const leaverOu = request.policy.leavers.moveTo;
	// What the domain does not have is not asked for; steps say so.
	const known = attributes.filter((name) => schema.has(name.toLowerCase()));
	const read = await source.accounts({ ...request.scope, leaverOu, attributes: known });
	const protection = await source.protection();
	const reader = { request, domainGuid };
	const overtakenGuids = await source.overtaken([...marked(read.inScope, reader), ...marked(read.inLeaverOu, reader)]);
	const options = { ...reader, protection, overtakenGuids };
	const views = accountViews(read.inScope, { ...options, inScope: true });
	for (const view of accountViews(read.inLeaverOu, { ...options, inScope: 'left' })) views.push(view);
	return { views, bases: read.bases, protection };
}

type Decided = {
	readonly matches: Matches['matches'];
	readonly decisions: readonly Decision[];
	/** Of accounts that belong to nobody in the feed. */
	readonly problems: readonly PlanProblem[];
	readonly absence: ReturnType<typeof absent>;
};

async function decideAll(
	source: PlanSource,
	request: PlanRequest,
	facts: PlanFacts,
	{ views, protection }: Accounts,
): Promise<Decided> {
	const now = Date.parse(facts.now);
	const { matches, isPresent } = matchPeople(request, views, now);
	const absence = absent(request, views, isPresent);
	const outsiders = await findOutsiders(source, request, facts, keysToFind(matches), views, protection);
	const context = decideContext(request, facts, outsiders);
	const decisions = matches.map((match) => decide(match, context));
	for (const account of absence.leavers) decisions.push(decideAbsent(account, context));
	return { matches, decisions, problems: absence.problems, absence };
}

/** Before a joiner is planned, the key is looked for in the whole domain, whatever has it: a second account for one person never heals. */
async function findOutsiders(
	source: PlanSource,
	request: PlanRequest,
	{ domainGuid }: PlanFacts,
	keys: readonly string[],
	views: readonly AccountView[],
	protection: Accounts['protection'],
): Promise<readonly AccountView[]> {
	const outside = views.filter(({ inScope }) => !inScope);
	if (keys.length === 0) return outside;
	const { anchor, markAttribute } = request;
	const found = await source.find(anchor, keys, attributesToPlan({ ...request, people: [] }));
	const options = { request: { anchor, markAttribute, signingKey: request.signingKey }, domainGuid };
	const further = accountViews(found, { ...options, inScope: false, protection, overtakenGuids: new Set() });
	// In scope there is none of them: whoever had one of these keys there would have been matched.
	const known = new Set(outside.map(({ guid }) => guid));
	return [...outside, ...further.filter(({ guid }) => !known.has(guid))];
}

async function stepContext(
	source: PlanSource,
	request: PlanRequest,
	facts: PlanFacts,
	schema: StepContext['schema'],
	decisions: readonly Decision[],
): Promise<StepContext> {
	const groups = await source.groups(groupsToResolve(decisions, request));
	const places = await source.places(placesToResolve(decisions, request));
	const containers = new Map<string, PlaceKnown>();
	for (const place of (await source.places(containersOf(decisions, request))).values())
		if (!('reason' in place)) containers.set(dnKey(place.dn), place);
	const markRoom = await source.markRoom(request.markAttribute);
	return { request, facts, schema, groups, places, containers, markRoom };
}

/** Whom few steps name, of all that there are: made when the first one is asked for. */
function accountsByName(accounts: readonly AccountView[]): NonNullable<StepContext['accountAt']> {
	let byName: Map<string, AccountView> | undefined;
	return (dn) => {
		byName ??= new Map(accounts.map((account) => [account.dn, account]));
		const found = byName.get(dn);
		return found && { guid: found.guid, dn };
	};
}

function countProblems(drafted: readonly Drafted[]): number {
	return drafted.filter((one) => 'problem' in one).length;
}

function checkSize(changes: number, most: number): void {
	if (changes <= most) return;
	throw new DirectoryError({
		kind: 'configuration',
		message: `The plan would change ${changes} people, and one plan may change ${most}. Nothing was planned.`,
		whatToDo:
			'Look whether the feed and the scope are the right ones. If so, plan in parts (another scope, or selected people), or raise Max Changes.',
	});
}
