/**
 * What somebody would write by hand with ldapts to make the accounts of a plan, with the reads and writes that applying it does, one after
 * another, and nothing else: nothing compared, no marks signed, no passwords made, no outcomes.
 */
import { Attribute, Change as LdapChange, ExtensibleFilter, PresenceFilter, type Client, type Entry } from 'ldapts';
import type { Change, Step } from '../lib/contracts';
import { ACCOUNT_ATTRIBUTES } from '../lib/directory/accounts/account';
import { WORTH_AN_INDEX } from '../lib/directory/accounts/keyIndex';
import { guidToBytes } from '../lib/directory/guid';
import {
	allOf,
	anyOf,
	blocks,
	changedSinceNow,
	enabling,
	equal,
	find,
	guidDn,
	IN_CHAIN,
	privilegedGroups,
	read,
	session,
} from './directory-bare';
import { DISABLED, MARK, OBJECT_CLASS, PASSWORD, toAttributes, type Target } from './directory-people';

type Create = Extract<Step, { do: 'create' }>;

const ACCOUNT = [...ACCOUNT_ATTRIBUTES, 'employeeID', 'carLicense'];
const HELD = ['objectGUID', 'uSNChanged', 'sAMAccountName', 'userPrincipalName', 'mail', 'cn', 'proxyAddresses'];
const GROUP = ['objectGUID', 'sAMAccountName', 'cn', 'name', 'groupType', 'objectSid', 'objectClass', 'adminCount'];

/** @param changes of joiners, with memberships, enabled at once @returns milliseconds */
export async function applyBare(target: Target, changes: readonly Change[]): Promise<number> {
	return await session(target, async (client) => {
		await readKeys(client, target, changes.length);
		let privileged: readonly Entry[] | undefined;
		const checked = new Set<string>();
		for (const [index, block] of blocks(changes).entries()) {
			const attributes = [...new Set(block.flatMap((change) => Object.keys(createOf(change).attributes)))];
			const wanted = [...ACCOUNT, 'pwdLastSet', 'uSNChanged', 'memberOf', ...attributes];
			const changed = await changedSinceNow(client);
			const keys = anyOf(block.map(({ key }) => equal('employeeID', key)));
			if (changes.length <= WORTH_AN_INDEX) await find(client, target.baseDn, keys, wanted);
			else await find(client, target.baseDn, allOf([changed, keys]), ['employeeID']);
			const groups = groupsOf(block);
			const named = new Set([...groups.keys(), ...block.map((change) => createOf(change).parent.guid)]);
			await find(client, target.baseDn, anyOf([...named].map((guid) => equal('objectGUID', guidToBytes(guid)))), GROUP);
			if (index === 0) await readInvocation(client);
			privileged ??= await privilegedGroups(client, target);
			for (const guid of groups.keys()) if (!checked.has(guid)) await checkGroup(client, guid, privileged);
			for (const guid of groups.keys()) checked.add(guid);
			const made = new Map<string, string>();
			for (const change of block) made.set(change.id, await create(client, target, change, changed, wanted));
			for (const [guid, ids] of groups)
				await link(
					client,
					guid,
					ids.map((id) => made.get(id) ?? ''),
				);
			for (const dn of made.values()) await client.modify(dn, enabling());
		}
	});
}

/** Where many are looked for by an attribute without an index, its values are read in one pass. */
async function readKeys(client: Client, { baseDn }: Target, count: number): Promise<void> {
	if (count <= WORTH_AN_INDEX) return;
	const root = await read(client, '', ['schemaNamingContext']);
	const schema = String(root?.['schemaNamingContext']);
	await find(client, schema, equal('lDAPDisplayName', 'employeeID'), ['searchFlags'], 'one');
	await changedSinceNow(client);
	await find(client, baseDn, new PresenceFilter({ attribute: 'employeeID' }), ['objectGUID', 'employeeID']);
}

async function readInvocation(client: Client): Promise<void> {
	const root = await read(client, '', ['dsServiceName']);
	await read(client, String(root?.['dsServiceName']), ['invocationId']);
}

async function checkGroup(client: Client, guid: string, privileged: readonly Entry[]): Promise<void> {
	const chain = privileged.map(({ dn }) => new ExtensibleFilter({ matchType: 'memberOf', rule: IN_CHAIN, value: dn }));
	await client.search(`<GUID=${guid}>`, { scope: 'base', filter: anyOf(chain), attributes: ['objectSid'] });
}

/** @returns the account's name by GUID */
async function create(
	client: Client,
	{ baseDn }: Target,
	change: Change,
	changed: Awaited<ReturnType<typeof changedSinceNow>>,
	wanted: readonly string[],
): Promise<string> {
	const { attributes, parent, rdn } = createOf(change);
	const dn = `${rdn},${parent.dn}`;
	const values = attributes as Readonly<Record<string, readonly string[]>>;
	const text = (name: string) => values[name]?.[0] ?? '';
	const [account, upn, mail] = [text('sAMAccountName'), text('userPrincipalName'), text('mail')];
	const names = [
		...[equal('sAMAccountName', account), equal('userPrincipalName', `${account}@corp.example.com`)],
		...[equal('userPrincipalName', upn), equal('sAMAccountName', upn.split('@')[0] ?? '')],
		...[equal('mail', mail), equal('proxyAddresses', `smtp:${mail}`), equal('distinguishedName', dn)],
	];
	await find(client, baseDn, anyOf(names), HELD);
	await find(client, baseDn, allOf([changed, equal('employeeID', change.key)]), ACCOUNT);
	const state = { userAccountControl: DISABLED, carLicense: MARK, unicodePwd: PASSWORD, pwdLastSet: '0' };
	await client.add(dn, toAttributes({ objectClass: OBJECT_CLASS, ...values, ...state }));
	return guidDn(await read(client, dn, wanted));
}

async function link(client: Client, guid: string, members: readonly string[]): Promise<void> {
	const modification = new Attribute({ type: 'member', values: [...members] });
	await client.modify(`<GUID=${guid}>`, new LdapChange({ operation: 'add', modification }));
}

/** Ids of changes by the GUID of the group. */
function groupsOf(changes: readonly Change[]): Map<string, string[]> {
	const groups = new Map<string, string[]>();
	for (const { id, steps } of changes) {
		for (const step of steps) {
			if (step.do !== 'link' || !('guid' in step.group)) continue;
			groups.set(step.group.guid, [...(groups.get(step.group.guid) ?? []), id]);
		}
	}
	return groups;
}

function createOf({ steps }: Change): Create {
	const step = steps.find((one): one is Create => one.do === 'create');
	if (!step) throw new Error('Only joiners are made here.');
	return step;
}
