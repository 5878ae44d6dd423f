/** People and accounts for the tests of who is who: accounts are made of entries with real marks, as a directory gives them. */
import type { DesiredAccount, FeedReport, Policy } from '../../../lib/contracts';
import type { Entry } from '../../../lib/directory/entry';
import { guidToBytes } from '../../../lib/directory/guid';
import { makeMark } from '../../../lib/directory/mark';
import { makeSnapshot } from '../../../lib/directory/snapshot';
import type { AccountView, FeedInput, PlanRequest } from '../../../lib/provisioning/plan/types';
import { accountViews } from '../../../lib/provisioning/plan/views';
import { desiredAccount, SIGNING_KEY } from '../../support/directory';
import { POLICY, STAFF } from './steps/world';

export const NOW = '2026-06-01T08:00:00Z';
export const NOW_MS = Date.parse(NOW);
export const DOMAIN_GUID = 'c8bd7f01-2a3b-4c5d-8e6f-0123456789ab';

const DAY_MS = 86_400_000;

/** An instant some days after now; before it when negative. */
export function inDays(days: number): string {
	return new Date(NOW_MS + days * DAY_MS).toISOString().replace('.000Z', 'Z');
}

export function person(key: string, changes: Partial<DesiredAccount> = {}): DesiredAccount {
	return desiredAccount(STAFF, key, changes);
}

let made = 0;

export type Given = {
	readonly state?: 'enabled' | 'pending' | 'left' | 'others';
	/** Days since the mark was made. */
	readonly daysAgo?: number;
	readonly protection?: string;
	readonly inScope?: boolean | 'left';
	readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
	/** Signs the mark. */
	readonly signedWith?: string;
	/** Another account's GUID, or key, in what is signed. */
	readonly boundTo?: string;
	readonly snapshotOf?: string;
	readonly overtaken?: boolean;
};

export function entryOf(key: string, { state = 'enabled', daysAgo = 1, ...given }: Given = {}): Entry {
	const guid = `00000000-0000-4000-8000-${(made += 1).toString(16).padStart(12, '0')}`;
	const signer = given.signedWith ?? SIGNING_KEY;
	const at = inDays(-daysAgo);
	const bound = { domainGuid: DOMAIN_GUID, matchAttribute: 'employeeID', matchValue: given.boundTo ?? key };
	const marks = {
		...{ enabled: [], others: [] },
		pending: [makeMark(signer, { state: 'pending', ...bound }, at)],
		left: [makeMark(signer, { state: 'left', objectGuid: given.boundTo ?? guid }, at)],
	}[state];
	const kept = { at, ou: { guid, dn: STAFF }, groups: [], attributes: [], pwdLastSet: '' };
	const snapshots = given.snapshotOf === undefined ? [] : [makeSnapshot(signer, given.snapshotOf || guid, kept)];
	const values: Record<string, readonly (string | Buffer)[]> = {
		objectguid: [guidToBytes(guid)],
		useraccountcontrol: [state === 'enabled' ? '512' : '514'],
		...(key === '' ? {} : { employeeid: [key] }),
		...(marks.length > 0 ? { carlicense: ['B-AL 1234', ...marks, ...snapshots] } : {}),
	};
	for (const [name, value] of Object.entries(given.attributes ?? {})) values[name.toLowerCase()] = [value].flat();
	return { dn: `CN=Account ${made},${STAFF}`, attributes: values };
}

export function account(key: string, given: Given = {}): AccountView {
	const entry = entryOf(key, given);
	const options = { request: { anchor: 'employeeID', markAttribute: 'carLicense', signingKey: SIGNING_KEY } };
	const [view] = accountViews([entry], {
		...{ ...options, domainGuid: DOMAIN_GUID, inScope: given.inScope ?? true },
		protection: () => given.protection,
		overtakenGuids: new Set(given.overtaken ? [guidOfMade()] : []),
	});
	if (!view) throw new Error('There is no view.');
	return view;
}

function guidOfMade(): string {
	return `00000000-0000-4000-8000-${made.toString(16).padStart(12, '0')}`;
}

export function report(records: number, changes: Partial<FeedReport> = {}): FeedReport {
	return {
		...{ formatVersion: 1, node: 'Custom HCM Endpoint', feed: 'people', kind: 'full', complete: true, reasons: [] },
		...{ evidence: 'strong', warnings: [], comparison: '', records, nextSince: null, endpoints: [] },
		...changes,
	};
}

export type RequestChanges = {
	readonly feed?: Partial<FeedInput>;
	readonly policy?: Policy;
	readonly matchOn?: readonly string[];
} & Partial<Pick<PlanRequest, 'anchor' | 'markAttribute' | 'signingKey' | 'scope'>>;

/** For the whole feed, whose report counts what comes in. */
export function requestOf(
	people: readonly DesiredAccount[],
	{ feed = {}, ...changes }: RequestChanges = {},
): PlanRequest {
	const received = people.length + (feed.rejected?.length ?? 0) + (feed.outOfScope?.length ?? 0);
	return {
		...{ people, anchor: 'employeeID', markAttribute: 'carLicense', matchOn: [] },
		...{ policy: POLICY, signingKey: SIGNING_KEY },
		scope: { bases: [STAFF], filterText: '', filter: undefined, excludedOus: [] },
		...changes,
		feed: {
			...{ input: 'whole', report: report(received), rejected: [], outOfScope: [], previousMissing: null },
			...feed,
		},
	};
}
