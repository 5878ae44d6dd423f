/** Changes made by hand and sealed, as a plan would hold them; and applying them to a real domain controller. */
import { randomUUID } from 'node:crypto';
import type { Bind, Change, Lifecycle, Outcome, Ref, Step, Value, Write } from '../../lib/contracts';
import type { Directory } from '../../lib/directory/directory';
import { bytesOf, textOf } from '../../lib/directory/entry';
import { guidOf } from '../../lib/directory/accounts/account';
import { guidToText } from '../../lib/directory/guid';
import { keyId } from '../../lib/directory/mark';
import { sidToText } from '../../lib/directory/sid';
import { applyChanges, type ApplyRequest, type ApplyResult } from '../../lib/provisioning/apply/applyChanges';
import { changeId, sealed, stepsHash } from '../../lib/provisioning/seals';
import { formatDn, parentOf, parseDn } from '../../lib/schema/dn';
import { MARKING, SIGNING_KEY, withAccounts, withDirectory } from './directory';
import type { Domain } from './samba';

type Body<S> = S extends Step ? Omit<S, 'n'> : never;
export type StepBody = Body<Step>;

/** The bind of a plan that is made now. */
export async function bindNow(directory: Directory, changes: Partial<Bind> = {}): Promise<Bind> {
	const { domainGuid } = await directory.domain();
	const createdAt = await directory.now();
	const root = await directory.read('', ['dsServiceName', 'highestCommittedUSN']);
	const service = root && textOf(root, 'dsServiceName');
	const settings = service ? await directory.read(service, ['invocationId']) : undefined;
	const invocation = settings && bytesOf(settings, 'invocationId');
	return {
		planId: randomUUID(),
		kind: 'apply',
		createdAt,
		expiresAt: new Date(Date.parse(createdAt) + 72 * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z'),
		domainGuid,
		invocationId: invocation ? guidToText(invocation) : '',
		usn: (root && textOf(root, 'highestCommittedUSN')) ?? '0',
		anchor: MARKING.matchAttribute,
		markAttribute: MARKING.markAttribute,
		guardOk: true,
		digestHash: 'a'.repeat(64),
		keyId: keyId(SIGNING_KEY),
		...changes,
	};
}

export type Parts = {
	readonly key: string;
	readonly lifecycle: Lifecycle;
	readonly target?: Change['target'];
	readonly steps: readonly StepBody[];
	readonly dependsOn?: readonly string[];
};

/** Sealed, its steps numbered. */
export function changeOf(bind: Bind, { key, lifecycle, target = null, steps, dependsOn = [] }: Parts): Change {
	const numbered = steps.map((step, index): Step => ({ ...step, n: index + 1 }));
	return sealed(SIGNING_KEY, 'change', {
		id: changeId(bind.planId, key),
		...{ bind, key, displayName: `Person ${key}`, lifecycle, target, dependsOn, steps: numbered },
		...{ stepsHash: stepsHash(numbered, bind.markAttribute), reasons: [], notes: [] },
		...{ risk: 'low' as const, riskReasons: [] },
	});
}

/** An object as steps name it. @throws Error when there is none */
export async function refOf(directory: Directory, dn: string): Promise<{ guid: string; dn: string }> {
	const entry = await directory.read(dn, ['objectGUID']);
	if (!entry) throw new Error(`There is no ${dn}.`);
	return { guid: guidOf(entry), dn: entry.dn };
}

/** An account as a change names it. */
export async function targetOf(directory: Directory, dn: string): Promise<NonNullable<Change['target']>> {
	const entry = await directory.read(dn, ['objectGUID', 'objectSid', 'uSNChanged']);
	if (!entry) throw new Error(`There is no ${dn}.`);
	const sid = bytesOf(entry, 'objectSid');
	return {
		guid: guidOf(entry),
		dn: entry.dn,
		sid: sid ? sidToText(sid) : '',
		usn: textOf(entry, 'uSNChanged') ?? '0',
	};
}

export const set = (...writes: Write[]): StepBody => ({ do: 'set', writes });
export const write = (attribute: string, from: Value | Ref | null, to: Value | Ref | null): Write => ({
	attribute,
	from,
	to,
});
export const link = (group: Ref): StepBody => ({ do: 'link', group });
export const unlink = (group: Ref): StepBody => ({ do: 'unlink', group });
export const enable = (fromUac = 514, ...writes: Write[]): StepBody => ({ do: 'enable', fromUac, with: writes });
export const disable = (fromUac = 512, ...writes: Write[]): StepBody => ({ do: 'disable', fromUac, with: writes });
export const setPassword = (pwdLastSetBefore = '', mustChange = false): StepBody => ({
	do: 'setPassword',
	rule: { mustChange },
	pwdLastSetBefore,
});

/** @param rdn with a new name; absent = it keeps the one that it has */
export async function relocation(directory: Directory, dn: string, to: string, rdn?: string): Promise<StepBody> {
	const own = formatDn(parseDn(dn).slice(0, 1));
	return {
		do: 'relocate',
		from: { parent: await refOf(directory, parentOf(dn)), rdn: own },
		to: { parent: await refOf(directory, to), rdn: rdn ?? own },
	};
}

/** A joiner's account as a plan describes it. */
export function creation(
	parent: { readonly guid: string; readonly dn: string },
	key: string,
	attributes: Readonly<Record<string, ReadonlyArray<Value | Ref>>> = {},
): StepBody {
	return {
		do: 'create',
		parent,
		rdn: `CN=Person ${key}`,
		attributes: {
			[MARKING.matchAttribute]: [key],
			sAMAccountName: [`u${key.toLowerCase()}`],
			userPrincipalName: [`u${key.toLowerCase()}@corp.example.com`],
			displayName: [`Person ${key}`],
			sn: [key],
			...attributes,
		},
		password: { mustChange: false },
	};
}

/** Everything that a joiner's change has. */
export function joining(
	parent: { readonly guid: string; readonly dn: string },
	key: string,
	groups: readonly Ref[] = [],
	attributes: Readonly<Record<string, ReadonlyArray<Value | Ref>>> = {},
): Parts {
	return {
		...{ key, lifecycle: 'joiner' },
		steps: [creation(parent, key, attributes), ...groups.map(link), setPassword(), enable()],
	};
}

export type Run = ApplyResult & {
	readonly outcomes: readonly Outcome[];
	/** LDAP writes that were sent. */
	readonly writes: number;
	readonly progress: readonly string[];
};

export type RunOptions = Partial<Omit<ApplyRequest, 'run' | 'changes'>> & {
	readonly fields?: Record<string, unknown>;
	/** Between the engine and the directory. */
	readonly wrap?: (directory: Directory) => Directory;
	readonly signal?: AbortSignal;
};

/** Applies changes to a domain, over a connection of its own. */
export async function apply(domain: Domain, changes: readonly Change[], options: RunOptions = {}): Promise<Run> {
	const { fields = {}, wrap = (directory: Directory) => directory, signal, ...rest } = options;
	return await withAccounts(
		domain,
		async (run) => {
			const before = run.directory.writes();
			const progress: string[] = [];
			const result = await applyChanges({
				run: { ...run, directory: wrap(run.directory) },
				changes,
				...{ runId: 'run-1', approver: 'ada@example.com', stopAfterFailures: null, canary: null, dryRun: false },
				...{ delivery: { kind: 'field', field: 'password' } as const, lease: { check: () => Promise.resolve() } },
				progress: (done, of, what) => progress.push(`${what} ${done}/${of}`),
				...rest,
			});
			const outcomes = result.results.map(({ outcome }) => outcome);
			return { ...result, outcomes, writes: run.directory.writes() - before, progress };
		},
		{ fields, ...(signal ? { signal } : {}) },
	);
}

/** Makes changes of one plan from what a directory says now. */
export async function plan(
	domain: Domain,
	make: (directory: Directory) => Promise<readonly Parts[]>,
	bind: Partial<Bind> = {},
): Promise<readonly Change[]> {
	return await withDirectory(domain, async (directory) => {
		const now = await bindNow(directory, bind);
		return (await make(directory)).map((parts) => changeOf(now, parts));
	});
}
