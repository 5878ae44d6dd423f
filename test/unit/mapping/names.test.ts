import fc from 'fast-check';
import { NO_LOCALE } from '../../../lib/mapping/locale';
import { makeLadder, type LadderOptions } from '../../../lib/mapping/names';
import { isAccountName, isAddress, isCommonName, isReserved } from '../../../lib/schema/accountNames';
import { ladderNames, type NameAttribute } from '../../../lib/schema/nameLadder';

const OPTIONS: LadderOptions = {
	counterStart: 2,
	counterLimit: 99,
	counterWidth: 1,
	fallbackPrefix: 'u',
	locale: NO_LOCALE,
	reserved: new Set<string>(),
};
const candidates = (attribute: NameAttribute, texts: readonly string[], key = '1042', options = OPTIONS) =>
	makeLadder(attribute, texts, key, options)?.candidates;

const LEGAL: Readonly<Record<NameAttribute, (name: string) => boolean>> = {
	sAMAccountName: (name) => isAccountName(name) && !isReserved(name),
	userPrincipalName: (name) => isAddress(name) && !isReserved(name.slice(0, name.lastIndexOf('@'))),
	mail: (name) => isAddress(name) && !isReserved(name.slice(0, name.lastIndexOf('@'))),
	cn: isCommonName,
};
const attribute = fc.constantFrom<NameAttribute>('sAMAccountName', 'userPrincipalName', 'mail', 'cn');
const anyText = fc
	.array(
		fc.oneof(
			fc.string({ unit: 'binary', maxLength: 8 }),
			fc.constantFrom(
				'ada',
				'Ö',
				'.',
				'@',
				'@x.y',
				'\u200b',
				' ',
				'administrator',
				'😀',
				'12345',
				'$',
				'王',
				',',
				'\\',
			),
			fc.constant('a'.repeat(70)),
		),
		{ maxLength: 5 },
	)
	.map((parts) => parts.join(''));

describe('a name ladder', () => {
	test('has legal names only, each once, whatever the formats gave', () => {
		fc.assert(
			fc.property(
				attribute,
				fc.array(anyText, { maxLength: 4 }),
				anyText,
				fc.constantFrom('', 'de', 'tr'),
				(which, texts, key, language) => {
					const names = candidates(which, texts, key, { ...OPTIONS, locale: { language, country: '' } }) ?? [];
					for (const name of names) expect([name, LEGAL[which](name)]).toEqual([name, true]);
					expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
				},
			),
			{ numRuns: 1000 },
		);
	});

	test('has legal numbered names too', () => {
		fc.assert(
			fc.property(attribute, fc.array(anyText, { minLength: 1, maxLength: 2 }), (which, texts) => {
				const ladder = makeLadder(which, texts, 'k1', { ...OPTIONS, counterLimit: 12 });
				for (const name of ladder ? ladderNames(which, ladder) : [])
					expect([name, LEGAL[which](name)]).toEqual([name, true]);
			}),
			{ numRuns: 1000 },
		);
	});

	test.each<[NameAttribute, string, string]>([
		['sAMAccountName', 'com', 'com2 is a device of Windows'],
		['sAMAccountName', '1234567890123456789a', 'cut before the number, only digits are left'],
		['mail', 'lpt@x.y', 'lpt2 is a device of Windows'],
		['cn', 'Ada @ Acme', 'the number belongs at the end'],
		['cn', '@acme', 'nothing stands before the @'],
	])('has legal numbered names for %s of %j: %s', (which, name) => {
		const ladder = makeLadder(which, [name], '1', OPTIONS);
		const names = ladder ? [...ladderNames(which, ladder)] : [];
		expect(names).not.toEqual([]);
		expect(names.filter((one) => !LEGAL[which](one)).slice(0, 3)).toEqual([]);
	});

	test.each<[NameAttribute, string[], string[]]>([
		['sAMAccountName', ['ada.lovelace'], ['ada.lovelace']],
		['sAMAccountName', ['Ada Lovelace'], ['AdaLovelace']],
		['sAMAccountName', ['ada', 'ADA', 'al'], ['ada', 'al']],
		['sAMAccountName', ['administrator', 'adal'], ['adal']],
		['sAMAccountName', ['Guest', 'con', 'lpt1', 'ok'], ['ok']],
		['sAMAccountName', ['12345', 'a1'], ['a1']],
		['sAMAccountName', ['ada.', '..'], ['ada']],
		['sAMAccountName', ['ada$'], ['ada']],
		['sAMAccountName', ['abcdefghijklmnopqrstuvwxyz'], ['abcdefghijklmnopqrst']],
		['sAMAccountName', ['abcdefghijklmnopqrs.uvwxyz'], ['abcdefghijklmnopqrs']],
		['sAMAccountName', ['Zoë', '😀', 'ok'], ['Zoe', 'ok']],
		['userPrincipalName', ['ada.lovelace@corp.example'], ['ada.lovelace@corp.example']],
		['userPrincipalName', ['Zoë Groß@corp.example'], ['ZoeGross@corp.example']],
		['userPrincipalName', ['ada', 'ada@', '@corp.example', 'ok@x.y'], ['ok@x.y']],
		['userPrincipalName', ['postmaster@x.y', 'admin@x.y', 'ok@x.y'], ['ok@x.y']],
		['userPrincipalName', [`${'a'.repeat(70)}@x.y`], [`${'a'.repeat(64)}@x.y`]],
		['userPrincipalName', ['ada.@x.y', 'a..b@x.y'], ['ada@x.y', 'a.b@x.y']],
		['mail', ['ada@x.y ', 'ADA@X.Y'], ['ada@x.y']],
		['mail', ['a@b@x.y'], ['ab@x.y']],
		['cn', ['Ada Lovelace', 'ada lovelace'], ['Ada Lovelace']],
		['cn', ['  Ada\n Lovelace\u200b '], ['Ada Lovelace']],
		['cn', ['Smith, J + "x"'], ['Smith, J + "x"']],
		['cn', ['王小明'], ['王小明']],
		['cn', ['x'.repeat(70)], ['x'.repeat(64)]],
		['cn', [`${'x'.repeat(63)} y`], ['x'.repeat(63)]],
		['cn', [`${'x'.repeat(63)}😀`], ['x'.repeat(63)]],
		['cn', ['administrator'], ['administrator']],
	])('for %s of %j has %j', (which, texts, names) => {
		expect(candidates(which, texts)).toEqual(names);
	});

	test('spells in the language of the person', () => {
		const german = { ...OPTIONS, locale: { language: 'de', country: '' } };
		expect(candidates('sAMAccountName', ['Jürgen'], '1', german)).toEqual(['Juergen']);
		expect(candidates('mail', ['Jürgen@x.y'], '1', german)).toEqual(['Juergen@x.y']);
		expect(candidates('cn', ['Jürgen'], '1', german)).toEqual(['Jürgen']);
	});

	test('numbers its first legal name, which is cut before the number', () => {
		const ladder = makeLadder('sAMAccountName', ['administrator', 'abcdefghijklmnopqrstuvwxyz', 'al'], '1', OPTIONS);
		expect(ladder?.counter).toEqual({ base: 'abcdefghijklmnopqrst', start: 2, width: 1, limit: 99, maxLength: 20 });
		const names = ladder ? [...ladderNames('sAMAccountName', ladder)] : [];
		expect(names.slice(0, 4)).toEqual(['abcdefghijklmnopqrst', 'al', 'abcdefghijklmnopqrs2', 'abcdefghijklmnopqrs3']);
		expect(names.at(-1)).toBe('abcdefghijklmnopqr99');
		expect(names).toHaveLength(100);
	});

	test('has no counter when its limit is below its start', () => {
		expect(makeLadder('cn', ['Ada'], '1', { ...OPTIONS, counterLimit: 1 })).toEqual({ candidates: ['Ada'] });
		expect(makeLadder('cn', ['Ada'], '1', { ...OPTIONS, counterLimit: 2 })?.counter).toMatchObject({ limit: 2 });
	});

	test.each<[NameAttribute, string[], string, string[] | undefined]>([
		['sAMAccountName', [], '1042', ['u1042']],
		['sAMAccountName', ['😀', '12345', 'admin'], '1042', ['u1042']],
		['sAMAccountName', [], 'K/1042 x', ['uK1042x']],
		['sAMAccountName', [], 'abcdefghijklmnopqrstuvwxyz', ['uabcdefghijklmnopqrs']],
		['userPrincipalName', ['😀@corp.example'], '1042', ['u1042@corp.example']],
		['userPrincipalName', [], '1042', undefined],
		['mail', ['no domain'], '1042', undefined],
		['cn', [], '1042', ['u1042']],
		['cn', ['\u200b'], '1042', ['u1042']],
	])('for %s of %j falls back to the key %j: %j', (which, texts, key, names) => {
		expect(candidates(which, texts, key)).toEqual(names);
	});

	test.each<[NameAttribute, string[], string[] | undefined]>([
		['userPrincipalName', [], ['u1042@corp.example']],
		['mail', ['no domain'], ['u1042@corp.example']],
		['mail', ['😀@other.example'], ['u1042@other.example']],
		['cn', [], ['u1042']],
		['sAMAccountName', [], ['u1042']],
	])('for %s of %j takes the suffix that the formats fix for its fallback: %j', (which, texts, names) => {
		expect(makeLadder(which, texts, '1042', OPTIONS, '@corp.example')?.candidates).toEqual(names);
	});

	test('with a fallback has no number, because a key is nobody else’s', () => {
		expect(makeLadder('sAMAccountName', [], '1042', OPTIONS)).toEqual({ candidates: ['u1042'] });
	});

	test('is none when not even the key gives a name', () => {
		expect(makeLadder('sAMAccountName', [], '😀', { ...OPTIONS, fallbackPrefix: '' })).toBeUndefined();
		expect(makeLadder('sAMAccountName', [], '1042', { ...OPTIONS, fallbackPrefix: '' })).toBeUndefined();
		expect(makeLadder('sAMAccountName', [], 'min', { ...OPTIONS, fallbackPrefix: 'ad' })).toBeUndefined();
	});
});
