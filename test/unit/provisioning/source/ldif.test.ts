import fc from 'fast-check';
import { guidToBytes } from '../../../../lib/directory/guid';
import { sidToBytes } from '../../../../lib/directory/sid';
import { parseLdif } from '../../../../lib/provisioning/source/ldif';
import { formatDn } from '../../../../lib/schema/dn';

const GUID = '0f0f0f0f-1111-4222-8333-abcdefabcdef';
const dn = 'dn: CN=Ada,DC=x';

/** As RFC 2849 has it: base64 where text would not be safe; lines folded. */
function write(entries: ReturnType<typeof parseLdif>, width: number): string {
	const line = (name: string, value: string | Buffer) => {
		const bytes = Buffer.from(value);
		const safe = typeof value === 'string' && /^[!-9;=-~][ -~]*$/.test(value) && !value.endsWith(' ');
		const text = safe ? `${name}: ${value}` : `${name}:: ${bytes.toString('base64')}`;
		return text.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n ');
	};
	const records = entries.map((entry) =>
		[
			line('dn', entry.dn),
			...Object.entries(entry.attributes).flatMap(([name, values]) => values.map((value) => line(name, value))),
		].join('\n'),
	);
	return `version: 1\n\n${records.join('\n\n')}\n`;
}

describe('LDIF', () => {
	test('gives objects with their attributes in lower case, values in order', () => {
		expect(parseLdif('version: 1\n\ndn: CN=Ada,DC=x\nobjectClass: top\nobjectClass: user\nsn:Lovelace\n\n')).toEqual([
			{ dn: 'CN=Ada,DC=x', attributes: { objectclass: ['top', 'user'], sn: ['Lovelace'] } },
		]);
	});

	test('comes back from its written form, whatever its values hold and however it is folded', () => {
		const text = fc.string({ unit: 'grapheme', minLength: 1 });
		const bytes = fc.uint8Array({ minLength: 1 }).map((value) => Buffer.from(value));
		const entry = fc.record({
			dn: text.map((value) => formatDn([[{ attribute: 'CN', value }], [{ attribute: 'DC', value: 'x' }]])),
			attributes: fc.record(
				{ sn: fc.array(text, { minLength: 1 }), objectguid: fc.tuple(bytes), constructor: fc.tuple(text) },
				{ requiredKeys: [] },
			),
		});
		fc.assert(
			fc.property(
				fc.array(entry, { minLength: 1, maxLength: 4 }),
				fc.integer({ min: 5, max: 80 }),
				(entries, width) => {
					const found = parseLdif(write(entries, width));
					expect(JSON.stringify(found)).toBe(JSON.stringify(entries));
				},
			),
		);
	});

	test.each<[what: string, text: string]>([
		['with line ends of Windows', `${dn}\r\nsn: Love\r\n lace\r\n\r\n`],
		['with a byte order mark', `\ufeff${dn}\nsn: Lovelace`],
		[
			'with comments, folded ones too',
			`# record 1\n${dn}\n# a comment\n  that goes on\nsn: Lovelace\n\n# returned 1 records`,
		],
		['with blank lines around', `\n\n\n${dn}\nsn: Lovelace\n\n\n`],
		['with a blank line that is not empty', `${dn}\nsn: Lovelace\n\t\n`],
		['in base64', 'dn:: Q049QWRhLERDPXg=\nsn:: TG92ZWxhY2U='],
		['as ldifde exports it', `${dn}\nchangetype: add\nsn: Lovelace`],
		[
			'with references as ldbsearch prints them',
			`# record 1\n${dn}\nsn: Lovelace\n\n# Referral\nref: ldap://x/CN=Configuration,DC=x\n\n# returned 2 records`,
		],
		['with the result that ldapsearch prints', `${dn}\nsn: Lovelace\n\n# search result\nsearch: 2\nresult: 0 Success`],
		['with an empty value, which is none', `${dn}\nsn: Lovelace\ntitle:\ninfo::\n`],
		['with the rootDSE in front', `dn:\ncurrentTime: 20260101000000.0Z\n\n${dn}\nsn: Lovelace`],
	])('is read %s', (_what, text) => {
		expect(parseLdif(text)).toEqual([{ dn: 'CN=Ada,DC=x', attributes: { sn: ['Lovelace'] } }]);
	});

	test('keeps bytes as bytes, however a program shows them', () => {
		const base64 = (bytes: Buffer) => bytes.toString('base64');
		const [guid, sid] = [guidToBytes(GUID), sidToBytes('S-1-5-21-1-2-3-4')];
		const shown = `${dn}\nobjectGUID: ${GUID}\nobjectSid: S-1-5-21-1-2-3-4\nthumbnailPhoto: abc\ndescription:: /w==`;
		const coded = `${dn}\nobjectGUID:: ${base64(guid)}\nobjectSid:: ${base64(sid)}\nthumbnailPhoto:: YWJj\ndescription:: /w==`;
		const expected = { objectguid: [guid], objectsid: [sid], thumbnailphoto: [Buffer.from('abc')] };
		for (const text of [shown, coded])
			expect(parseLdif(text)[0]?.attributes).toEqual({ ...expected, description: [Buffer.from([255])] });
	});

	test.each<[what: string, line: number, text: string, says: RegExp]>([
		['an object without a name', 2, '\nsn: x', /begins with "dn:"/],
		['a name that is none', 1, 'dn: nobody\nsn: x', /not a distinguished name/],
		['a change', 2, `${dn}\nchangetype: modify\nreplace: sn`, /changetype/],
		['a deletion', 2, `${dn}\nchangetype: delete`, /changetype/],
		['a value from a file', 3, `${dn}\nsn: x\njpegPhoto:< file:///etc/passwd`, /files and URLs/],
		['a line that is nothing', 3, `${dn}\nsn: x\nwhat is this`, /attribute: value/],
		['a separator of changes', 2, `${dn}\n-\n`, /attribute: value/],
		['broken base64', 4, `${dn}\nsn: a\n b\ntitle:: a!b`, /no base64/],
		['a part of the members', 2, `${dn}\nmember;range=0-1499: CN=x,DC=x`, /range/],
		['another version', 1, `version: 2\n\n${dn}`, /version 1/],
	])('is refused with the line in words: %s', (_what, line, text, says) => {
		expect(() => parseLdif(text)).toThrow(says);
		expect(() => parseLdif(text)).toThrow(`line ${line}:`);
	});

	test('of one attribute with options is of the attribute', () => {
		const [entry] = parseLdif(`${dn}\nuserCertificate;binary:: YWJj\nmember;range=0-*: CN=x,DC=x`);
		expect(entry?.attributes).toEqual({ usercertificate: [Buffer.from('abc')], member: ['CN=x,DC=x'] });
	});

	test('never fails otherwise than in words', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: fc.constantFrom('d', 'n', ':', ' ', '\n', '#', '=', 'x', ';', '<', '\r') }),
				(text) => {
					try {
						parseLdif(text);
					} catch (error) {
						expect(String(error)).toContain('The LDIF cannot be read at line');
					}
				},
			),
			{ numRuns: 500 },
		);
	});
});
