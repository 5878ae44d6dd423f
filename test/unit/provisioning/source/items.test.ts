import { parseGroupType, toGroupRecord } from '../../../../lib/directory/groups/getMany';
import type { Entry } from '../../../../lib/directory/entry';
import { guidToBytes } from '../../../../lib/directory/guid';
import { simplify, toRecord } from '../../../../lib/directory/records';
import { sidToBytes } from '../../../../lib/directory/sid';
import { entriesOfItems } from '../../../../lib/provisioning/source/snapshotItems';

const GUID = '0f0f0f0f-1111-4222-8333-abcdefabcdef';
const ADA: Entry = {
	dn: 'CN=Ada,OU=People,DC=x',
	attributes: {
		objectclass: ['top', 'user'],
		objectguid: [guidToBytes(GUID)],
		objectsid: [sidToBytes('S-1-5-21-1-2-3-1105')],
		samaccountname: ['ada'],
		useraccountcontrol: ['514'],
		accountexpires: ['134000000000000000'],
		pwdlastset: ['133000000000000000'],
		whencreated: ['20260301080000.0Z'],
		whenchanged: ['20260301080000.0Z'],
		thumbnailphoto: [Buffer.from('photo')],
		'ms-ds-consistencyguid': [Buffer.from([255, 1])],
		memberof: ['CN=a,DC=x', 'CN=b,DC=x'],
	},
};
const asItem = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('an item of Get Many', () => {
	test('is the object again, with all of its attributes', () => {
		expect(entriesOfItems([asItem({ dn: ADA.dn, ...toRecord(ADA) })])).toEqual([ADA]);
	});

	test('is the object again where it was simplified, as far as the fields go', () => {
		const [entry] = entriesOfItems([asItem(simplify(ADA))]);
		expect(entry).toEqual({
			dn: ADA.dn,
			attributes: {
				...Object.fromEntries(
					['objectguid', 'samaccountname', 'useraccountcontrol', 'accountexpires', 'pwdlastset'].map((name) => [
						name,
						ADA.attributes[name],
					]),
				),
				...{ whencreated: ADA.attributes['whencreated'], whenchanged: ADA.attributes['whenchanged'] },
				objectclass: ['top', 'person', 'organizationalPerson', 'user'],
			},
		});
	});

	test('may be a group, a unit or the domain', () => {
		const group = toGroupRecord({
			dn: 'CN=staff,DC=x',
			attributes: { objectguid: [guidToBytes(GUID)], cn: ['staff'], samaccountname: ['staff'] },
		});
		expect(parseGroupType('2').scope).toBe('global');
		const [staff, unit, domain] = entriesOfItems([
			asItem(group),
			{ dn: 'OU=People,DC=x', name: 'People' },
			{ dn: 'DC=x' },
		]);
		expect(staff?.attributes).toMatchObject({ objectclass: ['top', 'group'], objectguid: [guidToBytes(GUID)] });
		expect(unit?.attributes['objectclass']).toContain('organizationalUnit');
		expect(domain?.attributes['objectclass']).toContain('domainDNS');
	});

	test('may have numbers, truth values, nothing and names of no attribute', () => {
		const item = {
			dn: 'CN=x,DC=x',
			userAccountControl: 512,
			isCriticalSystemObject: true,
			sn: null,
			'': 'x',
			title: '',
		};
		expect(entriesOfItems([item])[0]?.attributes).toEqual({
			...{ useraccountcontrol: ['512'], iscriticalsystemobject: ['TRUE'] },
			objectclass: ['top', 'person', 'organizationalPerson', 'user'],
		});
	});

	test.each<[what: string, item: unknown, says: RegExp]>([
		['nothing', null, /Item 2 .* no object/],
		['a list', [], /no object/],
		['no name', { objectClass: ['user'] }, /"dn"/],
		['a name that is none', { dn: 'Ada' }, /not a distinguished name/],
		['no class', { dn: 'CN=x,DC=x' }, /nothing says what it is/],
		['an object as value', { dn: 'CN=x,DC=x', objectClass: ['user'], sn: { text: 'x' } }, /sn/],
	])('is refused with its number: %s', (_what, item, says) => {
		expect(() => entriesOfItems([{ dn: 'DC=x' }, item])).toThrow(says);
		expect(() => entriesOfItems([{ dn: 'DC=x' }, item])).toThrow('Item 2');
	});
});
