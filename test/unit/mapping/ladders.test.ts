import { compileLadders } from '../../../lib/mapping/ladders';
import { format, ladder, mapOne, mapped, RECORD, refusal, result, rules, settings } from '../../support/mapping';

const named = (...names: ReturnType<typeof ladder>[]) => settings({ names });

describe('names', () => {
	test('that no format gives fall back to the key, and reject the person when the key gives none', () => {
		const all = {
			...named(ladder('sAMAccountName', format('${login}'))),
			options: { ...settings().options, fallbackPrefix: '' },
		};
		expect(mapped(mapOne(all, { ...RECORD, id: 'k1' })).names['sAMAccountName']).toEqual({ candidates: ['k1'] });
		expect(rules(mapOne(all, { ...RECORD, id: '1042' }))).toEqual([['sAMAccountName', 'name']]);
	});

	test.each<[formats: string, candidates: string[] | undefined]>([
		['${login}@corp.example', ['u1042@corp.example']],
		['${login}@${domain}\n${login}.${lastname}@corp.example', ['u1042@corp.example']],
		['${login}@${domain}', undefined],
		['${login}', undefined],
	])('of a person without any keep the suffix of their formats: %j gives %j', (formats, candidates) => {
		const outcome = mapOne(named(ladder('userPrincipalName', format(formats))));
		const made = 'mapped' in outcome ? outcome.mapped.names['userPrincipalName'] : undefined;
		expect(made?.candidates).toEqual(candidates);
	});

	test.each<[value: unknown, candidates: string[]]>([
		['Ada\nAda L', ['Ada', 'Ada L']],
		[
			['Ada', 'Ada L'],
			['Ada', 'Ada L'],
		],
		[['Ada', null, '', 'Ada'], ['Ada']],
		['\n\nAda\n', ['Ada']],
		[null, ['u1042']],
		['half \ud83d', ['u1042']],
		[1042, ['1042']],
	])('may come from an expression that gives %j, which means %j', (value, candidates) => {
		const all = named(ladder('cn', result('cn')));
		expect(mapped(mapOne(all, RECORD, { cn: value })).names['cn']?.candidates).toEqual(candidates);
	});

	test.each([{ a: 1 }, true, ['Ada', ['A']]])('that an expression gives as %j are told to be no text', (value) => {
		expect(rules(mapOne(named(ladder('cn', result('cn'))), RECORD, { cn: value }))).toEqual([['cn', 'syntax']]);
	});

	test('are spelled by the person’s language, or by their country', () => {
		const all = settings({
			person: { language: format('${language}'), country: format('${country}') },
			names: [ladder('sAMAccountName', format('${lastname}'))],
		});
		const spelled = (more: object) =>
			mapped(mapOne(all, { ...RECORD, lastname: 'Öberg', ...more })).names['sAMAccountName']?.candidates;
		expect(spelled({ language: 'de-AT' })).toEqual(['Oeberg']);
		expect(spelled({ language: 'sv' })).toEqual(['Oberg']);
		expect(spelled({ country: 'Germany' })).toEqual(['Oeberg']);
		expect(spelled({ country: 'SWE' })).toEqual(['Oberg']);
		expect(spelled({ language: 'sv', country: 'DE' })).toEqual(['Oberg']);
		expect(spelled({})).toEqual(['Oberg']);
	});

	test('of the builder’s own list are given to nobody', () => {
		const all = {
			...named(ladder('sAMAccountName', format('${firstname}\n${lastname}'))),
			options: { ...settings().options, reservedNames: [' ADA ', ''] },
		};
		expect(mapped(mapOne(all)).names['sAMAccountName']?.candidates).toEqual(['Lovelace']);
	});

	test('each have a counter of their own', () => {
		const all = named(
			ladder('sAMAccountName', format('${lastname}'), { start: 1, width: 3, limit: 20 }),
			ladder('cn', format('${lastname}'), { limit: 0 }),
		);
		const { names } = mapped(mapOne(all));
		expect(names['sAMAccountName']?.counter).toEqual({
			base: 'Lovelace',
			start: 1,
			width: 3,
			limit: 20,
			maxLength: 20,
		});
		expect(names['cn']?.counter).toBeUndefined();
	});

	test('leave out the lines that have nothing to show', () => {
		const formats = format('${nickname}\n\n  ${firstname}  \n${middlename} ${lastname}');
		expect(mapped(mapOne(named(ladder('cn', formats)))).names['cn']?.candidates).toEqual(['Ada']);
	});

	test('tell of every line that cannot be shown', () => {
		const outcome = mapOne(named(ladder('cn', format('${address}\n${phones}\n${firstname}'))));
		expect(rules(outcome)).toEqual([
			['cn', 'format'],
			['cn', 'format'],
		]);
	});
});

describe('a row of names is refused', () => {
	test.each([
		['start', -1, 'Start'],
		['start', 1.5, 'Start'],
		['start', '2', 'Start'],
		['limit', Number.NaN, 'Highest Number'],
		['limit', 10_000, 'Highest Number'],
		['width', 10, 'Width'],
	] as const)('that counts with %s %j', (option, value, name) => {
		const error = refusal({ names: [ladder('cn', format('x'), { [option]: value })] });
		expect(error.parameter).toBe(`Names, row 1 (cn), Counter ${name}`);
	});

	test.each(['', '\n \n'])('that has no format: %j', (text) => {
		const error = refusal({ names: [ladder('cn', format(text))] });
		expect([error.parameter, error.message]).toEqual(['Names, row 1 (cn)', 'The row has no format.']);
	});

	test('that stands twice', () => {
		const row = ladder('cn', format('x'));
		expect(refusal({ names: [row, row] }).parameter).toBe('Names, row 2');
	});

	test('only for these reasons', () => {
		expect(() =>
			compileLadders([ladder('cn', format('x'), { start: 0, width: 0, limit: 0 })], {
				fallbackPrefix: '',
				reservedNames: [],
			}),
		).not.toThrow();
	});
});
