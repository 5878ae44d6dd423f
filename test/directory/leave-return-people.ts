/** People who leave and return: made by the test's own hand, and read by Samba's own tool. */
import { Attribute, Change } from 'ldapts';
import { ldbEnvironment } from '../../demo/samba/ldbsearch.ts';
import { mustRun } from '../../demo/setup/processes.ts';
import type { AccountResult } from '../../lib/directory/accounts/account';
import { disableAccount, NO_LEAVE_OPTIONS, type LeaveOptions } from '../../lib/directory/accounts/disable';
import { enableAccount, type ReturnOptions } from '../../lib/directory/accounts/enable';
import { openAccounts } from '../../lib/directory/accounts/locate';
import type { Modification } from '../../lib/directory/connection';
import type { Directory } from '../../lib/directory/directory';
import { makeMark } from '../../lib/directory/mark';
import { UNTOLD } from '../../lib/directory/newPassword';
import { childDn } from '../../lib/schema/dn';
import { SIGNING_KEY, withDirectory } from '../support/directory';
import type { Domain } from '../support/samba';
import { asAdministrator } from './administrator';

export const MARKING = { matchAttribute: 'employeeID', markAttribute: 'carLicense' };
export const OLD_PASSWORD = 'Before-the-leave-1';
export const NEW_PASSWORD = 'After-the-return-2';

export const RETURN: ReturnOptions = {
	restore: true,
	password: { given: NEW_PASSWORD, mustChange: false, delivery: { kind: 'none' } },
	expiresAt: null,
	othersToo: false,
};
export const RANDOM_RETURN: ReturnOptions = { ...RETURN, password: UNTOLD };

export type Office = {
	readonly people: string;
	readonly leavers: string;
	readonly groups: readonly string[];
	/** Everything that leaving can do. */
	readonly everything: LeaveOptions;
};

/** Organisational units and three groups in a fresh domain. */
export async function openOffice(domain: Domain): Promise<Office> {
	const [people, leavers] = [`OU=People,${domain.baseDn}`, `OU=Leavers,${domain.baseDn}`];
	const groups = ['Staff', 'Sales, North', 'VPN'].map((name) => `CN=${name.replace(',', '\\,')},${people}`);
	await asAdministrator(domain, async (client) => {
		for (const ou of [people, leavers]) await client.add(ou, { objectClass: 'organizationalUnit' });
		for (const [index, group] of groups.entries())
			await client.add(group, { objectClass: 'group', sAMAccountName: `group${index}` });
	});
	const everything: LeaveOptions = {
		randomPassword: true,
		clear: ['telephoneNumber', 'otherTelephone', 'thumbnailPhoto', 'manager', 'title', 'pager'],
		removeFromGroups: true,
		hideAttribute: '',
		description: 'Left the company',
		expiresAt: '133800000000000000',
		moveTo: leavers,
	};
	return { people, leavers, groups, everything };
}

export const PHOTO = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x80, 0x81]);

/** An enabled account with everything that leaving clears, in all groups. */
export async function addPerson(
	domain: Domain,
	{ people, groups }: Pick<Office, 'people' | 'groups'>,
	key: string,
	cn = `Person ${key}`,
): Promise<string> {
	const dn = childDn('CN', cn, people);
	await asAdministrator(domain, async (client) => {
		await client.add(dn, [
			...Object.entries({
				objectClass: ['user'],
				sAMAccountName: [`p${key}`],
				userPrincipalName: [`p${key}@corp.example.com`],
				employeeID: [key],
				userAccountControl: ['512'],
				title: ['Tester'],
				description: ['The one who tests'],
				telephoneNumber: ['+49 30 1'],
				otherTelephone: ['+49 30 2', '+49 30 3'],
				manager: [domain.bindDn],
			}).map(([type, values]) => new Attribute({ type, values })),
			new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${OLD_PASSWORD}"`, 'utf16le')] }),
			new Attribute({ type: 'thumbnailPhoto', values: [PHOTO] }),
		]);
		for (const group of groups) await client.modify(group, change('add', 'member', [dn]));
	});
	return dn;
}

export function change(operation: 'add' | 'delete' | 'replace', type: string, values: (string | Buffer)[]): Change {
	return new Change({ operation, modification: new Attribute({ type, values: values as string[] }) });
}

/** Ways in which the directory is not what it was when it was read, or refuses what it is asked. */
export function interfere(
	modify: (changes: readonly Modification[], pass: () => Promise<void>) => Promise<void>,
): (directory: Directory) => Directory {
	return (directory) => ({
		...directory,
		modify: (dn, changes, options) => modify(changes, () => directory.modify(dn, changes, options)),
	});
}

export function writes(changes: readonly Modification[], name: string): boolean {
	return changes.some(({ attribute }) => attribute === name);
}

/** The mark of an account that was begun and not finished. */
export async function pendingMark(domain: Domain, key: string): Promise<string> {
	const { domainGuid } = await withDirectory(domain, (directory) => directory.domain());
	const subject = { state: 'pending' as const, domainGuid, matchAttribute: 'employeeID', matchValue: key };
	return makeMark(SIGNING_KEY, subject, `${new Date().toISOString().slice(0, 19)}Z`);
}

/** Changes an object as somebody else would. */
export async function edit(domain: Domain, dn: string, ...changes: Change[]): Promise<void> {
	await asAdministrator(domain, (client) => client.modify(dn, changes));
}

export type HowToRun = Parameters<typeof withDirectory>[2] & {
	readonly marking?: typeof MARKING;
	readonly wrap?: (directory: Directory) => Directory;
	readonly signingKey?: string;
};

const run =
	<T>(domain: Domain, { marking = MARKING, wrap = (same) => same, signingKey, ...how }: HowToRun) =>
	(work: (opened: ReturnType<typeof openAccounts>) => Promise<T>) =>
		withDirectory(
			domain,
			(directory) => work(openAccounts(wrap(directory), marking, signingKey ?? SIGNING_KEY)),
			signingKey === undefined ? how : { ...how, fields: { signingSecret: signingKey, ...how.fields } },
		);

/** One run of Disable. */
export async function leave(
	domain: Domain,
	key: string,
	options: Partial<LeaveOptions> = {},
	how: HowToRun = {},
): Promise<AccountResult> {
	return await run<AccountResult>(
		domain,
		how,
	)((opened) => disableAccount(opened, { attribute: 'employeeID', value: key }, { ...NO_LEAVE_OPTIONS, ...options }));
}

/** One run of Enable. */
export async function comeBack(
	domain: Domain,
	key: string,
	options: Partial<ReturnOptions> = {},
	how: HowToRun = {},
): Promise<AccountResult> {
	return await run<AccountResult>(
		domain,
		how,
	)((opened) => enableAccount(opened, { attribute: 'employeeID', value: key }, { ...RETURN, ...options }));
}

/** What passing time, passwords and logons change by themselves. */
const RESTLESS = /^(uSN|when|pwdLastSet|badP|logon|lastLogon|dSCore|replPropertyMetaData|memberOf)/;

/** Everything that the directory holds of the account, and its groups, by Samba's own tool. */
export async function stateOf(domain: Domain, key: string): Promise<Record<string, readonly string[]>> {
	const [entry, ...more] = await domain.ldbsearch(`(employeeID=${key})`);
	if (!entry || more.length > 0) throw new Error(`${more.length + 1} accounts have ${key}`);
	const sorted = Object.entries(entry.attributes)
		.filter(([name]) => !RESTLESS.test(name))
		.map(([name, values]) => [name, [...values].sort()] as const);
	return { ...Object.fromEntries(sorted), groups: [...(entry.attributes['memberOf'] ?? [])].sort() };
}

/** The attribute by which Exchange hides people from address lists (win32 ADSchema knows it not; Exchange's own schema changes). */
export async function addHideAttribute(domain: Domain): Promise<void> {
	const schema = `CN=Schema,CN=Configuration,${domain.baseDn}`;
	const attribute = [
		`dn: CN=ms-Exch-Hide-From-Address-Lists,${schema}`,
		...['changetype: add', 'objectClass: attributeSchema', 'lDAPDisplayName: msExchHideFromAddressLists'],
		...[
			'attributeID: 1.2.840.113556.1.4.7000.102.73',
			'attributeSyntax: 2.5.5.8',
			'oMSyntax: 1',
			'isSingleValued: TRUE',
		],
	];
	const use = [
		`dn: CN=User,${schema}`,
		'changetype: modify',
		'add: mayContain',
		'mayContain: msExchHideFromAddressLists',
	];
	await domain.whileStopped(async ({ database, configuration }) => {
		// In steps: a class may only name attributes that are there.
		for (const lines of [attribute, use]) {
			const options = [`--configfile=${configuration}`, '--option=dsdb:schema update allowed=true'];
			await mustRun('ldbmodify', ['-H', database, ...options], {
				input: `${lines.join('\n')}\n`,
				env: ldbEnvironment(),
			});
		}
	});
}
