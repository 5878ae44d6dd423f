/** The accounts of outcomes as they are now, and whether those that the plan made are still as it left them. */
import { guidOf } from '../../directory/accounts/account';
import { ATTRIBUTE_IDS, attributeType } from '../../directory/attributeIds';
import { changesOf } from '../../directory/attributeChanges';
import { bytesOf, textOf, type Entry } from '../../directory/entry';
import { sidToText } from '../../directory/sid';
import type { PlanSource } from '../plan/types';
import type { Applied } from './merge';

export type UndoTarget = {
	readonly guid: string;
	readonly dn: string;
	readonly sid: string;
	readonly usn: string;
	/** FILETIME; '' = not known. */
	readonly pwdLastSet: string;
	/** Why an account that the plan made is not deleted, as the end of a sentence; undefined = nobody has used or changed it. */
	readonly touched: string | undefined;
};

const META = 'replPropertyMetaData';
const LOGONS = ['lastLogon', 'lastLogonTimestamp'] as const;

/** @returns by GUID; an account that is gone is missing @throws DirectoryError */
export async function readTargets(
	source: Pick<PlanSource, 'find'>,
	applied: readonly Applied[],
): Promise<ReadonlyMap<string, UndoTarget>> {
	const attributes = ['objectGUID', 'objectSid', 'uSNChanged', 'pwdLastSet', META, ...LOGONS];
	const guids = [...new Set(applied.map(({ last }) => last.guid))];
	const byGuid = new Map(applied.map((one) => [one.last.guid, one]));
	const targets = new Map<string, UndoTarget>();
	for (const entry of await source.find('objectGUID', guids, attributes)) {
		const guid = guidOf(entry);
		const one = byGuid.get(guid);
		const sid = bytesOf(entry, 'objectSid');
		if (one)
			targets.set(guid, {
				...{ guid, dn: entry.dn, sid: sid ? sidToText(sid) : '', usn: textOf(entry, 'uSNChanged') ?? '' },
				...{ pwdLastSet: textOf(entry, 'pwdLastSet') ?? '', touched: whyTouched(entry, one) },
			});
	}
	return targets;
}

/** objectClass, 2.5.4.0: written once, by the Add. */
const OBJECT_CLASS = 0;
/** A controller may write these apart from the rest of an Add. */
const CONTROL = 'userAccountControl';
/** With pwdLastSet, what a password is kept in; by object identifier where the table of names has none (MS-ADTS 3.1.1.3.1.5; MS-SAMR 3.1.1.8.7). */
const PASSWORDS: ReadonlySet<number | undefined> = new Set(
	[
		...['unicodePwd', 'dBCSPwd', 'pwdLastSet', 'lockoutTime'],
		...['1.2.840.113556.1.4.94', '1.2.840.113556.1.4.160', '1.2.840.113556.1.4.125'],
	].map(attributeType),
);
const A_MOMENT_MS = 120_000;

/**
 * What an Add writes bears one number of changes; what bears another was written later, by the plan's own steps or by somebody else. Links (a
 * manager) are kept apart by the directory and cannot be seen so.
 */
function whyTouched(entry: Entry, { last, results }: Applied): string | undefined {
	if (LOGONS.some((name) => !['0', undefined].includes(textOf(entry, name)))) return 'somebody has logged on with it';
	const bytes = bytesOf(entry, META);
	const changes = bytes ? changesOf(bytes) : undefined;
	const made = changes?.get(OBJECT_CLASS);
	if (!changes || !made) return 'the directory does not say whether it was changed since';
	const own = new Set(
		results
			.filter(({ step }) => step.do !== 'create')
			.flatMap(({ wrote = [] }) => wrote.map(({ attribute }) => attributeType(attribute))),
	);
	own.add(attributeType(CONTROL));
	const ended = Date.parse(last.at) + A_MOMENT_MS;
	const others = [...changes].filter(([type, { usnOriginating, invocationId, at }]) => {
		if (usnOriginating === made.usnOriginating && invocationId === made.invocationId) return false;
		// The plan's own may come late: a run that found the account made gave it another one.
		if (PASSWORDS.has(type)) return at > ended;
		return !own.has(type);
	});
	if (others.length === 0) return undefined;
	const names = others.map(([type]) => NAMES.get(type) ?? 'another attribute');
	return `somebody has changed it since (${[...new Set(names)].join(', ')})`;
}

const NAMES: ReadonlyMap<number, string> = new Map(ATTRIBUTE_IDS);
