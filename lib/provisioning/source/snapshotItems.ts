/** Objects of a directory that come as items, as AD Provision's Get Many puts them out: all attributes, or simplified. */
import type { Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { ACCOUNT_DISABLED, NORMAL_ACCOUNT } from '../../directory/userAccountControl';
import { isAttributeName } from '../../schema/attributeName';
import { InvalidDnError, parseDn } from '../../schema/dn';
import { toFileTime, toGeneralizedTime } from '../../schema/instants';
import { fromBytes, fromText } from './ldif';

type Item = Readonly<Record<string, unknown>>;

/** Fields of simplified items (lib/directory/records.ts `simplify`, groups/getMany.ts) that are no attributes. */
const INSTANTS: Readonly<Record<string, readonly [attribute: string, write: (ms: number) => string]>> = {
	expiresAt: ['accountexpires', toFileTime],
	passwordSetAt: ['pwdlastset', toFileTime],
	lastLogonAt: ['lastlogontimestamp', toFileTime],
	createdAt: ['whencreated', toGeneralizedTime],
	changedAt: ['whenchanged', toGeneralizedTime],
};
const USER = ['top', 'person', 'organizationalPerson', 'user'];

/**
 * @param items each with `dn`, and attributes as fields
 * @throws DirectoryError (configuration) that says which item is none
 */
export function entriesOfItems(items: readonly unknown[]): Entry[] {
	return items.map((item, index) => {
		if (typeof item !== 'object' || item === null || Array.isArray(item))
			throw wrong(index, 'it is no object with fields');
		return toEntry(item as Item, index);
	});
}

function toEntry(item: Item, index: number): Entry {
	const dn = dnOf(item, index);
	const attributes = new Map<string, readonly (string | Buffer)[]>();
	const simple = item['objectClass'] === undefined;
	for (const [name, value] of Object.entries(item)) {
		if (name === 'dn' || value === null || value === undefined) continue;
		if (simple && isSimpleField(name)) setSimple(attributes, name, value);
		else if (isAttributeName(name)) {
			const attribute = name.toLowerCase();
			const values = (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => valueOf(attribute, one, index));
			if (values.length > 0) attributes.set(attribute, values);
		}
	}
	if (!attributes.has('objectclass')) attributes.set('objectclass', classOf(dn, item, attributes, index));
	return { dn, attributes: Object.fromEntries(attributes) };
}

function dnOf({ dn }: Item, index: number): string {
	try {
		if (typeof dn === 'string' && parseDn(dn).length > 0) return dn;
	} catch (error) {
		if (!(error instanceof InvalidDnError)) throw error;
		throw wrong(index, error.message);
	}
	throw wrong(index, 'it has no field "dn" with a distinguished name');
}

function isSimpleField(name: string): boolean {
	return ['guid', 'enabled', 'scope', 'type'].includes(name) || Object.hasOwn(INSTANTS, name);
}

function setSimple(attributes: Map<string, readonly (string | Buffer)[]>, name: string, value: unknown): void {
	const instant = Object.hasOwn(INSTANTS, name) ? INSTANTS[name] : undefined;
	if (name === 'guid' && typeof value === 'string') attributes.set('objectguid', [fromText('objectguid', value)]);
	if (name === 'enabled' && typeof value === 'boolean')
		attributes.set('useraccountcontrol', [String(NORMAL_ACCOUNT | (value ? 0 : ACCOUNT_DISABLED))]);
	if (!instant || typeof value !== 'string') return;
	const [attribute, write] = instant;
	const ms = Date.parse(value);
	if (!Number.isNaN(ms)) attributes.set(attribute, [write(ms)]);
}

function valueOf(attribute: string, value: unknown, index: number): readonly (string | Buffer)[] {
	switch (typeof value) {
		case 'string':
			return value === '' ? [] : [fromText(attribute, value)];
		case 'number':
		case 'bigint':
			return [String(value)];
		case 'boolean':
			return [value ? 'TRUE' : 'FALSE'];
		default:
			break;
	}
	const base64 = (value as { readonly base64?: unknown } | null)?.base64;
	if (typeof base64 === 'string') return [fromBytes(attribute, Buffer.from(base64, 'base64'))];
	if (value === null) return [];
	throw wrong(index, `its field ${attribute} holds neither text, nor {"base64": …}, nor a list of those`);
}

/** Where it was not read: by what only one class has. */
function classOf(
	dn: string,
	item: Item,
	attributes: ReadonlyMap<string, readonly (string | Buffer)[]>,
	index: number,
): readonly string[] {
	if (attributes.has('useraccountcontrol')) return USER;
	if (attributes.has('grouptype') || ('scope' in item && 'type' in item)) return ['top', 'group'];
	if (/^\s*ou\s*=/i.test(dn)) return ['top', 'organizationalUnit'];
	if (/^\s*dc\s*=/i.test(dn)) return ['top', 'domain', 'domainDNS'];
	throw wrong(index, 'nothing says what it is: it has neither objectClass nor userAccountControl');
}

/** @param index from 0 */
function wrong(index: number, reason: string): DirectoryError {
	return new DirectoryError({
		kind: 'configuration',
		message: `Item ${index + 1} of the snapshot is no object of a directory: ${reason}.`,
		whatToDo: 'Give items as User, Group and Organizational Unit: Get Many put them out, or an LDIF file.',
	});
}
