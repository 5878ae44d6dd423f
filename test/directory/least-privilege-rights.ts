/** The rights that docs/rights.md tells an administrator to grant, read from there and granted on a domain of the tests. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Attribute } from 'ldapts';
import { ldbEnvironment } from '../../demo/samba/ldbsearch.ts';
import { mustRun } from '../../demo/setup/processes.ts';
import type { Domain } from '../support/samba';
import { asAdministrator } from './administrator';

export const SETS = ['accounts', 'groups', 'move', 'leave', 'return', 'delete', 'units', 'restore', 'narrow'] as const;
export type RightsSet = (typeof SETS)[number];
type Right = { readonly set: RightsSet; readonly on: readonly string[]; readonly sddl: string };

export const PASSWORD = 'Right0ne!pass';

const DOCUMENT = readFileSync(path.resolve(__dirname, '../../docs/rights.md'), 'utf8');

/** Every row `| set | on | (entry) |` of the document's tables. */
export const RIGHTS: readonly Right[] = [...DOCUMENT.matchAll(/^\| (\w+) \| ([\w, ]+) \| `(\([^`]+\))` \|/gm)].map(
	([, set = '', on = '', sddl = '']) => {
		const known = SETS.find((name) => name === set);
		if (!known) throw new Error(`docs/rights.md names a set "${set}" that the tests do not know.`);
		return { set: known, on: on.split(', '), sddl };
	},
);

/** The attributes that the document calls always used. */
export const ALWAYS_WRITTEN: readonly string[] =
	/always used, whatever is mapped:\n\n((?: {4}.*\n)+)/.exec(DOCUMENT)?.[1]?.trim().split(/\s+/) ?? [];

const units = (domain: Domain) => ({
	People: `OU=People,${domain.baseDn}`,
	Leavers: `OU=Leavers,${domain.baseDn}`,
	Groups: `OU=Groups,${domain.baseDn}`,
	Elsewhere: `OU=Elsewhere,${domain.baseDn}`,
	Service: `OU=Service,${domain.baseDn}`,
});

/** Units and service accounts, each account with its own sets of rights. */
export async function grantRights(
	domain: Domain,
	accounts: Readonly<Record<string, readonly RightsSet[]>>,
	mapped: readonly string[],
): Promise<void> {
	await asAdministrator(domain, async (client) => {
		for (const ou of Object.values(units(domain))) await client.add(ou, { objectClass: 'organizationalUnit' });
		for (const name of Object.keys(accounts)) {
			await client.add(`CN=${name},${units(domain).Service}`, [
				new Attribute({ type: 'objectClass', values: ['user'] }),
				new Attribute({ type: 'sAMAccountName', values: [name] }),
				new Attribute({ type: 'userAccountControl', values: ['512'] }),
				new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${PASSWORD}"`, 'utf16le')] }),
			]);
		}
	});
	const attributeIds = await schemaIds(domain, [...ALWAYS_WRITTEN, ...mapped]);
	const entries = new Map<string, string>();
	for (const [name, sets] of Object.entries(accounts)) {
		const [account] = await domain.ldbsearch(`(sAMAccountName=${name})`, ['objectSid']);
		const sid = account?.attributes['objectSid']?.[0] ?? '';
		for (const { set, on, sddl } of RIGHTS.filter((right) => sets.includes(right.set))) {
			// The narrow set stands in place of the entry that opens all attributes.
			if (set !== 'narrow' && sets.includes('narrow') && sddl.includes(';RPWP;;')) continue;
			const each = sddl.includes('ATTRIBUTE') ? attributeIds.map((id) => sddl.replace('ATTRIBUTE', id)) : [sddl];
			for (const place of on) {
				const filled = each.map((entry) => entry.replace('SID', sid)).join('');
				entries.set(place, (entries.get(place) ?? '') + filled);
			}
		}
	}
	await domain.whileStopped(async ({ database, configuration }) => {
		for (const [place, sddl] of entries) {
			if (place === 'Deleted Objects') await grantOnDeletedObjects(database, domain.baseDn, sddl);
			else {
				const dn = place === 'Domain' ? domain.baseDn : units(domain)[place as keyof ReturnType<typeof units>];
				const target = [`--objectdn=${dn}`, `--sddl=${sddl}`];
				await mustRun('samba-tool', ['dsacl', 'set', '-H', database, '-s', configuration, ...target]);
			}
		}
	});
}

/** The container is deleted itself, so samba-tool does not see it. Its own two entries are Samba's. */
async function grantOnDeletedObjects(database: string, baseDn: string, sddl: string): Promise<void> {
	const descriptor = `D:PAI(A;;RPWPCCDCLCRCWOWDSDSW;;;SY)(A;;RPLC;;;BA)${sddl}`;
	const change = `dn: CN=Deleted Objects,${baseDn}\nchangetype: modify\nreplace: nTSecurityDescriptor\n`;
	await mustRun('ldbmodify', ['-H', database, '--controls=show_deleted:1', '--controls=sd_flags:1:4'], {
		input: `${change}nTSecurityDescriptor: ${descriptor}\n`,
		env: ldbEnvironment(),
	});
}

/** schemaIDGUIDs by the names of their attributes. */
async function schemaIds(domain: Domain, names: readonly string[]): Promise<string[]> {
	const filter = `(|${names.map((name) => `(lDAPDisplayName=${name})`).join('')})`;
	const schema = `CN=Schema,CN=Configuration,${domain.baseDn}`;
	const found = await domain.ldbsearch(filter, ['schemaIDGUID'], schema);
	if (found.length !== names.length) throw new Error(`Of ${names.join(', ')} only ${found.length} are in the schema.`);
	return found.map(({ attributes }) => attributes['schemaIDGUID']?.[0] ?? '');
}
