import type { Entry } from '../../../lib/directory/entry';
import { equal } from '../../../lib/directory/filter';
import { filterTest } from '../../../lib/directory/filterMatch';
import { parseFilterText } from '../../../lib/directory/filterText';
import { guidToBytes } from '../../../lib/directory/guid';
import { sidToBytes } from '../../../lib/directory/sid';

const GUID = '0f0f0f0f-1111-4222-8333-abcdefabcdef';
const ADA: Entry = {
	dn: 'CN=Ada Lovelace,OU=People,DC=corp,DC=example,DC=com',
	attributes: {
		objectclass: ['top', 'person', 'user'],
		objectcategory: ['CN=Person,CN=Schema,CN=Configuration,DC=corp,DC=example,DC=com'],
		objectguid: [guidToBytes(GUID)],
		objectsid: [sidToBytes('S-1-5-21-1-2-3-1105')],
		department: ['Research & Development'],
		sn: ['Lüvelace'],
		useraccountcontrol: ['514'],
		memberof: ['CN=Staff,DC=corp,DC=example,DC=com', 'CN=Math\\2C pure,DC=corp,DC=example,DC=com'],
		grouptype: ['-2147483646'],
		whencreated: ['20260301080000.0Z'],
	},
};

describe('a filter takes an entry as a directory does', () => {
	test.each<[expected: boolean, filter: string]>([
		[true, '(department=research & development)'],
		[true, '(DEPARTMENT=  Research  & Development )'],
		[false, '(department=Research)'],
		[false, '(mail=x)'],
		[true, '(!(mail=x))'],
		[true, '(department=*)'],
		[false, '(mail=*)'],
		[true, '(department=Res*)'],
		[true, '(department=*Dev*)'],
		[true, '(department=*ment)'],
		[true, '(department=R*&*Dev*t)'],
		[false, '(department=R*Dev*&*)'],
		[false, '(department=*Res)'],
		[false, '(department=Research & Development*Development)'],
		[true, '(sn=L\\c3\\bcv*)'],
		[true, '(sn=lÜvelace)'],
		[true, '(&(objectClass=user)(objectCategory=person))'],
		[false, '(objectCategory=computer)'],
		[true, '(|(mail=x)(sn=L*))'],
		[false, '(&(mail=x)(sn=L*))'],
		[true, '(userAccountControl:1.2.840.113556.1.4.803:=2)'],
		[false, '(userAccountControl:1.2.840.113556.1.4.803:=3)'],
		[true, '(userAccountControl:1.2.840.113556.1.4.804:=3)'],
		[true, '(groupType:1.2.840.113556.1.4.803:=2147483648)'],
		[false, '(mail:1.2.840.113556.1.4.803:=2)'],
		[true, '(userAccountControl>=514)'],
		[false, '(userAccountControl>=1000)'],
		[true, '(userAccountControl<=1000)'],
		[true, '(whenCreated>=20260101000000.0Z)'],
		[true, '(memberOf=cn=staff, dc=corp,dc=example,dc=com)'],
		[true, '(memberOf=CN=Math\\5c, pure,DC=corp,DC=example,DC=com)'],
		[false, '(memberOf=CN=Other,DC=corp,DC=example,DC=com)'],
		[true, '(distinguishedName=cn=ada lovelace,ou=people,dc=corp,dc=example,dc=com)'],
		[true, `(objectGUID=${GUID})`],
		[true, '(objectGUID=\\0f\\0f\\0f\\0f\\11\\11\\22\\42\\83\\33\\ab\\cd\\ef\\ab\\cd\\ef)'],
		[true, '(objectSid=S-1-5-21-1-2-3-1105)'],
		[false, '(objectSid=S-1-5-21-1-2-3-1106)'],
		[true, '(department~=research & development)'],
		[true, '(sn:=lüvelace)'],
	])('%s: %s', (expected, text) => {
		expect(filterTest(parseFilterText(text))(ADA)).toBe(expected);
	});

	test('a value is data: what looks like a filter is compared as it stands', () => {
		expect(filterTest(equal('sn', '*'))(ADA)).toBe(false);
		expect(filterTest(equal('objectGUID', guidToBytes(GUID)))(ADA)).toBe(true);
		expect(filterTest(equal('department', 'x'.repeat(70_000)))(ADA)).toBe(false);
	});

	test.each(['(memberOf:1.2.840.113556.1.4.1941:=CN=Staff,DC=x)', '(anr=ada)', '(sn:2.5.13.2:=x)'])(
		'what only a directory can answer is refused: %s',
		(text) => {
			expect(() => filterTest(parseFilterText(text))).toThrow(/cannot answer/);
		},
	);
});
