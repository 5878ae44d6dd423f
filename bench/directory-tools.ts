/** OpenLDAP's `ldapadd` and `ldapmodify`: the same writes from a file, without any of the reads. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { mustRun } from '../demo/setup/processes.ts';
import type { Domain } from '../demo/samba/domain.ts';
import type { DesiredAccount } from '../lib/contracts';
import { attributesOf, DISABLED, dnOf, ENABLED, MARK, OBJECT_CLASS, PASSWORD } from './directory-people';

/** Runs `ldapmodify -a` on the text. @returns milliseconds, the program's start included */
async function apply(domain: Domain, ldif: string): Promise<number> {
	const folder = domain.tlsFolder;
	const file = path.join(folder, 'bench.ldif');
	const password = path.join(folder, 'bench.password');
	const authority = path.join(folder, 'bench-authority.pem');
	writeFileSync(file, ldif);
	writeFileSync(password, domain.password, { mode: 0o600 });
	writeFileSync(authority, domain.caPem);
	const begin = performance.now();
	await mustRun('ldapmodify', ['-a', '-x', '-H', domain.ldapsUrl, '-D', domain.bindDn, '-y', password, '-f', file], {
		env: { ...process.env, LDAPTLS_CACERT: authority, LDAPTLS_REQCERT: 'demand' },
	});
	return performance.now() - begin;
}

/** One Add and one Modify that enables, for each. */
export async function createByTool(domain: Domain, people: readonly DesiredAccount[]): Promise<number> {
	const ldif = people.map((person) => {
		const values = { ...attributesOf(person), userAccountControl: DISABLED, carLicense: MARK };
		return [
			`dn: ${dnOf(person)}`,
			'changetype: add',
			...OBJECT_CLASS.map((name) => `objectClass: ${name}`),
			...Object.entries(values).map(([name, value]) => `${name}: ${value}`),
			`unicodePwd:: ${PASSWORD.toString('base64')}`,
			'',
			`dn: ${dnOf(person)}`,
			'changetype: modify',
			...['delete: userAccountControl', `userAccountControl: ${DISABLED}`, '-'],
			...['add: userAccountControl', `userAccountControl: ${ENABLED}`, '-'],
			...['delete: carLicense', `carLicense: ${MARK}`, '-', ''],
		].join('\n');
	});
	return await apply(domain, `${ldif.join('\n')}\n`);
}

export async function updateByTool(
	domain: Domain,
	people: readonly DesiredAccount[],
	from: string,
	to: string,
): Promise<number> {
	const ldif = people.map((person) =>
		[
			...[`dn: ${dnOf(person)}`, 'changetype: modify'],
			...['delete: department', `department: ${from}`, '-', 'add: department', `department: ${to}`, '-', ''],
		].join('\n'),
	);
	return await apply(domain, `${ldif.join('\n')}\n`);
}
