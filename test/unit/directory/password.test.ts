import fc from 'fast-check';
import { encodePassword, PASSWORD_LENGTH, randomPassword, type RandomInt } from '../../../lib/directory/password';

const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const LOWER = 'abcdefghijkmnopqrstuvwxyz';
const DIGITS = '23456789';
const SYMBOLS = '!#$%&()*+,-./:;<=>?@[]^_{}~';
const CLASSES = [UPPER, LOWER, DIGITS, SYMBOLS];
const ALL = CLASSES.join('');

/** mulberry32: the same numbers for the same seed, good enough for counting. */
function seeded(seed: number): RandomInt {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
	};
}

const seed = fc.integer();

describe('a random password', () => {
	test('has a character of each of four classes, and none outside of them', () => {
		fc.assert(
			fc.property(seed, (value) => {
				const password = randomPassword(seeded(value));
				for (const characters of CLASSES) expect([...password].some((one) => characters.includes(one))).toBe(true);
				expect([...password].every((one) => ALL.includes(one))).toBe(true);
			}),
		);
	});

	test('has no character that is read wrongly or that scripts take for syntax', () => {
		fc.assert(fc.property(seed, (value) => expect(randomPassword(seeded(value))).not.toMatch(/[0O1lI|"'`\\\s]/)));
	});

	test.each([
		[undefined, PASSWORD_LENGTH],
		[0, PASSWORD_LENGTH],
		[7, PASSWORD_LENGTH],
		[20, 20],
		[21, 21],
		[120, 120],
		[255, 120],
	])('for a policy of %s characters has %i', (minimum, length) => {
		expect(randomPassword(seeded(1), minimum)).toHaveLength(length);
	});

	test('is another one each time', () => {
		const random = seeded(2);
		expect(new Set(Array.from({ length: 1000 }, () => randomPassword(random))).size).toBe(1000);
	});

	// Names of three characters stand by chance in about one password of three thousand.
	test.each([
		[['Abc'], ['abc']],
		[['ab-xyz'], ['xyz']],
		[
			['jdoe', 'Doe, Ann'],
			['jdoe', 'doe', 'ann'],
		],
	])('for %j holds none of %j, in any case', (names, tokens) => {
		const random = seeded(3);
		for (let count = 0; count < 30_000; count += 1) {
			const password = randomPassword(random, 0, names).toLowerCase();
			if (tokens.some((token) => password.includes(token))) throw new Error(`${password} holds a name`);
		}
	});

	// Microsoft, "Password must meet complexity requirements": the account name is checked as a whole, whatever stands in it.
	test('never holds the whole account name, though its separators leave short parts only', () => {
		const random = seeded(4);
		const holding = Array.from({ length: 60_000 }, () => randomPassword(random, 0, ['a.b']).toLowerCase()).filter(
			(password) => password.includes('a.b'),
		);
		expect(holding).toEqual([]);
	});

	test('takes no notice of parts of names that are shorter than three characters', () => {
		expect(randomPassword(seeded(5), 0, ['a', 'x y', ''])).toBe(randomPassword(seeded(5)));
	});

	test('is refused when the random source gives the same again and again', () => {
		expect(() => randomPassword(() => 0, 0, ['aaa'])).toThrow('The random source is broken.');
	});

	test('has every character at every place about as often as it should be', () => {
		const random = seeded(6);
		const samples = 100_000;
		const counts = Array.from({ length: PASSWORD_LENGTH }, () => new Map<string, number>());
		for (let sample = 0; sample < samples; sample += 1) {
			const password = randomPassword(random);
			counts.forEach((at, place) => {
				const character = password.charAt(place);
				at.set(character, (at.get(character) ?? 0) + 1);
			});
		}
		// Four places in twenty have a class of their own, the others any character; shuffled, each place is a mixture of both.
		const share = 4 / PASSWORD_LENGTH / 4;
		for (const at of counts) {
			let chiSquare = 0;
			for (const characters of CLASSES) {
				const expected = samples * (share / characters.length + (1 - 4 * share) / ALL.length);
				for (const character of characters) chiSquare += ((at.get(character) ?? 0) - expected) ** 2 / expected;
			}
			// 83 degrees of freedom: mean 83, standard deviation 13; seven of them above the mean.
			expect(chiSquare).toBeLessThan(83 + 7 * 13);
		}
	});
});

describe('an encoded password', () => {
	test('stands in double quotes, two bytes for each character, the lower one first', () => {
		expect(encodePassword('Ab1!').toString('hex')).toBe('2200' + '4100' + '6200' + '3100' + '2100' + '2200');
	});

	test('is read back as it was', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (password) => {
				expect(encodePassword(password).toString('utf16le')).toBe(`"${password}"`);
			}),
		);
	});
});
