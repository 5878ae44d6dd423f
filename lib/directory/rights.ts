/**
 * What the account that is logged on may do, as far as the directory tells: it computes for each object which classes may be created below it
 * and which attributes may be written (allowedChildClassesEffective, allowedAttributesEffective; MS-ADTS 3.1.1.4.5.4 and 3.1.1.4.5.6). Samples
 * only; the right to reset a password is not among what it tells.
 */
import type { Directory } from './directory';
import { textOf, textsOf, type Entry } from './entry';
import { DirectoryError } from './errors';
import { allOf, equal, not, type Filter } from './filter';

/** What provisioning writes on users, the most usual first. */
const WRITTEN = [
	...['userAccountControl', 'pwdLastSet', 'accountExpires', 'lockoutTime', 'sAMAccountName', 'userPrincipalName', 'cn'],
	...['displayName', 'givenName', 'sn', 'mail', 'title', 'department', 'manager', 'employeeID', 'carLicense'],
] as const;
/** Enough to find one that is delegated; a domain may have thousands. */
const UNITS = 200;

const ORDINARY: readonly Filter[] = [not(equal('isCriticalSystemObject', 'TRUE')), not(equal('adminCount', '1'))];

/** One sentence for each kind of right. Says so where nothing can be read, and never fails for that. */
export async function describeRights(directory: Directory, base: string): Promise<string> {
	const parts = [ofUnits, ofUser, ofGroup].map(async (part) => {
		try {
			return await part(directory, base);
		} catch (error) {
			if (!(error instanceof DirectoryError) || error.kind === 'lost' || error.kind === 'cancelled') throw error;
			return `cannot be read (${error.message})`;
		}
	});
	return (await Promise.all(parts)).join('; ');
}

async function ofUnits(directory: Directory, base: string): Promise<string> {
	const units = await directory.search(base, {
		scope: 'sub',
		filter: allOf([equal('objectClass', 'organizationalUnit'), ...ORDINARY]),
		attributes: ['allowedChildClassesEffective'],
		limit: UNITS,
	});
	const able = units.filter((unit) => has(unit, 'allowedChildClassesEffective', 'user'));
	const looked = `${units.length}${units.length === UNITS ? ' and more' : ''} organisational units`;
	const [first, ...more] = able;
	if (!first) return `may create users in none of ${looked} under ${base}`;
	return `may create users in ${first.dn}${more.length > 0 ? ` and ${more.length} more of ${looked}` : ''}`;
}

async function ofUser(directory: Directory, base: string): Promise<string> {
	const user = await sample(directory, base, [equal('objectCategory', 'person'), equal('objectClass', 'user')]);
	if (!user) return `no user under ${base} to read the rights on`;
	const allowed = new Set(textsOf(user, 'allowedAttributesEffective').map((name) => name.toLowerCase()));
	const may = WRITTEN.filter((name) => allowed.has(name.toLowerCase()));
	const mayNot = WRITTEN.filter((name) => !allowed.has(name.toLowerCase()));
	const name = textOf(user, 'cn') ?? user.dn;
	return [
		`on the user ${name} may write: ${may.join(', ') || 'nothing'}`,
		...(mayNot.length > 0 ? [`may not write: ${mayNot.join(', ')}`] : []),
	].join(' / ');
}

async function ofGroup(directory: Directory, base: string): Promise<string> {
	const group = await sample(directory, base, [equal('objectClass', 'group')]);
	if (!group) return `no group under ${base} to read the rights on`;
	const may = has(group, 'allowedAttributesEffective', 'member');
	return `may${may ? '' : ' not'} change the members of the group ${textOf(group, 'cn') ?? group.dn}`;
}

/** An object that came with nobody's privileges. */
async function sample(directory: Directory, base: string, filters: readonly Filter[]): Promise<Entry | undefined> {
	const [found] = await directory.search(base, {
		scope: 'sub',
		filter: allOf([...filters, ...ORDINARY]),
		attributes: ['cn', 'allowedAttributesEffective'],
		limit: 1,
	});
	return found;
}

function has(entry: Entry, attribute: string, value: string): boolean {
	return textsOf(entry, attribute).some((text) => text.toLowerCase() === value.toLowerCase());
}
