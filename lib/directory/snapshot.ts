/**
 * The snapshot: what an account was like before it was disabled for a leaver, so that a return can restore it. It stands beside the mark in the
 * same attribute, signed over the account and the mark's instant: one that was edited, copied from another account, or kept from an earlier
 * leave would put a person into groups that nobody gave.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Value } from '../contracts';
import { guidToBytes, guidToText } from './guid';
import { keyId, looksLikeSnapshot, type Fault } from './mark';

export type SnapshotAttribute = {
	readonly attribute: string;
	/** What it had; empty = nothing. */
	readonly from: readonly (string | Buffer)[];
	/** What leaving wrote. Restored only while it is still there. */
	readonly to: readonly (string | Buffer)[];
};

export type Snapshot = {
	/** Instant of the mark that it belongs to. */
	readonly at: string;
	/** Where the account stood. */
	readonly ou: { readonly guid: string; readonly dn: string };
	/** GUIDs of the groups that leaving takes the person out of; null = there was no room for them, and the groups are kept. */
	readonly groups: readonly string[] | null;
	readonly attributes: readonly SnapshotAttribute[];
	/** GUIDs by the distinguished names that stand among the values. */
	readonly references?: Readonly<Record<string, string>>;
	/** Before leaving: the same later means that the password is still the person's own. '' = not known. */
	readonly pwdLastSet: string;
};

export type FoundSnapshot =
	| { readonly snapshot: Snapshot; readonly fault?: undefined }
	| { readonly snapshot?: undefined; readonly fault: Fault };

const SNAPSHOT = /^adprov1:snapshot:([0-9A-Za-z_-]+):([0-9a-f]{8}):([0-9A-Za-z_-]{43})$/;
/** Domain separation: this signature is good for no mark, and a mark's for no snapshot. */
const TAG = 'n8n-nodes-ad-provisioning/snapshot/v1';

/** As it is written: short names and GUIDs in 22 characters, since some attributes have little room. */
type Written = {
	readonly v: 1;
	readonly at: string;
	readonly o: readonly [guid: string, dn: string];
	readonly g: readonly string[] | null;
	readonly a: readonly (readonly [attribute: string, from: readonly Value[], to: readonly Value[]])[];
	readonly p: string;
	readonly r?: readonly (readonly [name: string, guid: string])[];
};

/** @returns the attribute value */
export function makeSnapshot(signingKey: string, objectGuid: string, { at, ou, groups, ...rest }: Snapshot): string {
	const references = Object.entries(rest.references ?? {});
	const written: Written = {
		v: 1,
		at,
		o: [shortGuid(ou.guid), ou.dn],
		g: groups?.map(shortGuid) ?? null,
		a: rest.attributes.map(({ attribute, from, to }) => [attribute, from.map(toWritten), to.map(toWritten)]),
		p: rest.pwdLastSet,
		...(references.length > 0 ? { r: references.map(([name, guid]) => [name, shortGuid(guid)] as const) } : {}),
	};
	const body = Buffer.from(JSON.stringify(written), 'utf8').toString('base64url');
	return `adprov1:snapshot:${body}:${keyId(signingKey)}:${signature(signingKey, objectGuid, body)}`;
}

/**
 * The snapshot among an attribute's values.
 * @param at instant of the account's genuine mark
 * @returns undefined when there is none; a fault when one of them is not what this tool wrote for this account and this leave
 */
export function findSnapshot(
	signingKey: string,
	values: readonly string[],
	objectGuid: string,
	at: string,
): FoundSnapshot | undefined {
	const found = values.filter(looksLikeSnapshot).map((text): FoundSnapshot => {
		const [, body = '', key, signed = ''] = SNAPSHOT.exec(text) ?? [];
		if (key !== keyId(signingKey)) return { fault: key === undefined ? 'edited' : 'another key' };
		if (!timingSafeEqual(Buffer.from(signed), Buffer.from(signature(signingKey, objectGuid, body))))
			return { fault: 'edited' };
		const snapshot = read(body);
		return snapshot?.at === at ? { snapshot } : { fault: 'edited' };
	});
	return found.find(({ fault }) => fault !== undefined) ?? found[0];
}

/** @param body signed by this tool, so it has the shape; a later version may write another one */
function read(body: string): Snapshot | undefined {
	const { v, at, o, g, a, p, r } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Written;
	if (v !== 1) return undefined;
	return {
		at,
		ou: { guid: longGuid(o[0]), dn: o[1] },
		groups: g?.map(longGuid) ?? null,
		attributes: a.map(([attribute, from, to]) => ({ attribute, from: from.map(fromWritten), to: to.map(fromWritten) })),
		pwdLastSet: p,
		...(r ? { references: Object.fromEntries(r.map(([name, guid]) => [name, longGuid(guid)])) } : {}),
	};
}

function toWritten(value: string | Buffer): Value {
	return typeof value === 'string' ? value : { base64: value.toString('base64') };
}

function fromWritten(value: Value): string | Buffer {
	return typeof value === 'string' ? value : Buffer.from(value.base64, 'base64');
}

function shortGuid(guid: string): string {
	return guidToBytes(guid).toString('base64url');
}

function longGuid(short: string): string {
	return guidToText(Buffer.from(short, 'base64url'));
}

function signature(signingKey: string, objectGuid: string, body: string): string {
	// A JSON array of strings has one spelling only, so no two snapshots sign alike.
	return createHmac('sha256', signingKey)
		.update(JSON.stringify([TAG, objectGuid, body]))
		.digest('base64url');
}
