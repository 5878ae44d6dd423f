/** The ten people of a round by Samba's own tool, comparable from round to round. */
import { findMark } from '../../lib/directory/mark';
import { findSnapshot, type Snapshot } from '../../lib/directory/snapshot';
import { SIGNING_KEY, withDirectory } from '../support/directory';
import type { Domain } from '../support/samba';
import { keyOf, PEOPLE, topOf, type Who } from './crash-people';

export type Seen = {
	readonly control: string;
	/** Of the mark attribute: `left`, `pending`, what a snapshot holds; `forged` for what is not genuine. */
	readonly marks: readonly unknown[];
	/** Whether a leaver has another password than before the leave; undefined without a snapshot, which says when that was set. */
	readonly newPassword: boolean | undefined;
	readonly groups: readonly string[];
	readonly dn: string;
	readonly rest: unknown;
};

/** Every account that has the key, by person. */
export type Tree = Readonly<Record<Who, readonly Seen[]>>;

/** All rounds at once. */
export async function trees(domain: Domain, rounds: readonly string[]): Promise<ReadonlyMap<string, Tree>> {
	const { domainGuid } = await withDirectory(domain, (directory) => directory.domain());
	const groups = await domain.ldbsearch('(objectClass=group)', ['objectGUID', 'cn'], topOf(domain));
	const names = new Map(groups.map(({ attributes: { objectGUID, cn } }) => [objectGUID?.[0] ?? '', cn?.[0] ?? '']));
	const byKey = new Map<string, Seen[]>();
	// In the whole domain: a second account may stand anywhere.
	for (const { dn, attributes } of await domain.ldbsearch('(employeeID=*)')) {
		const key = attributes['employeeID']?.[0] ?? '';
		byKey.set(key, [...(byKey.get(key) ?? []), seenOf({ dn, attributes, key, names, domainGuid })]);
	}
	return new Map(
		rounds.map((round) => [
			round,
			Object.fromEntries(PEOPLE.map((who) => [who, byKey.get(keyOf(who, round)) ?? []])) as unknown as Tree,
		]),
	);
}

type Found = {
	readonly dn: string;
	readonly attributes: Readonly<Record<string, readonly string[]>>;
	readonly key: string;
	/** Of groups, by GUID. */
	readonly names: ReadonlyMap<string, string>;
	readonly domainGuid: string;
};

/** What differs from one account or second to the next, and what is looked at by itself. */
const RESTLESS =
	/^(?:object(?:GUID|Sid)|uSN|when|dSCore|pwdLastSet|logonCount|lastLogon|badP|replP|carLicense|memberOf)/i;

function seenOf(found: Found): Seen {
	const { dn, attributes, key, names } = found;
	const plain = <T>(value: T): T =>
		JSON.parse(JSON.stringify(value).replaceAll(new RegExp(key.slice(2), 'gi'), 'ROUND')) as T;
	const rest = Object.entries(attributes)
		.filter(([name]) => !RESTLESS.test(name))
		.map(([name, values]) => [name, [...values].sort()]);
	const { marks, snapshot } = marksOf(found);
	const held = snapshot && {
		...{ ou: snapshot.ou.dn, attributes: snapshot.attributes, references: Object.keys(snapshot.references ?? {}) },
		groups: snapshot.groups?.map((guid) => names.get(guid)).sort(),
	};
	const isGroup = (name: string) => /^CN=(crash [^,]*)/.exec(name)?.[1] ?? name;
	return {
		control: attributes['userAccountControl']?.[0] ?? '',
		marks: plain(held ? [...marks, held] : marks),
		newPassword: snapshot && attributes['pwdLastSet']?.[0] !== snapshot.pwdLastSet,
		groups: (attributes['memberOf'] ?? []).map(isGroup).sort(),
		dn: plain(dn),
		rest: plain(Object.fromEntries(rest)),
	};
}

/** Of genuine ones what they say. */
function marksOf({ attributes, key, domainGuid }: Found): { marks: string[]; snapshot: Snapshot | undefined } {
	const values = attributes['carLicense'] ?? [];
	const objectGuid = attributes['objectGUID']?.[0] ?? '';
	const pending = { state: 'pending' as const, domainGuid, matchAttribute: 'employeeID', matchValue: key };
	const mark = findMark(SIGNING_KEY, values, [pending, { state: 'left', objectGuid }]);
	const snapshot = mark && findSnapshot(SIGNING_KEY, values, objectGuid, mark.at)?.snapshot;
	const genuine = (mark ? 1 : 0) + (snapshot ? 1 : 0);
	return { marks: [...(mark ? [mark.state] : []), ...Array<string>(values.length - genuine).fill('forged')], snapshot };
}
