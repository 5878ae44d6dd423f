import fc from 'fast-check';
import type { Step, Write } from '../../../lib/contracts';
import { inverseOf, swapped, WHY_NOT, type StepDone } from '../../../lib/provisioning/apply/inverse';

const done = (...wrote: Write[]): StepDone => ({ status: 'done', wrote });
const found: StepDone = { status: 'already done', wrote: [] };
const group = { guid: 'g1', dn: 'CN=staff,DC=corp' };
const place = (name: string) => ({ parent: { guid: name, dn: `OU=${name},DC=corp` }, rdn: `CN=${name}` });
const title: Write = { attribute: 'title', from: 'Clerk', to: 'Lead' };
const phones: Write = { attribute: 'otherTelephone', remove: ['1'], add: ['2', '3'] };
const MARK = 'adprov1:left:2026-03-01T08:00:00Z:00000000:x';

describe('what takes a step back', () => {
	test.each<[name: string, step: Step, became: StepDone, inverse: Step | null]>([
		[
			'of a set is the set with its values swapped',
			{ n: 1, do: 'set', writes: [title, phones] },
			done(title, phones),
			{ n: 1, do: 'set', writes: [swapped(title), swapped(phones)] },
		],
		[
			'of a set that was found done is the same, from the plan',
			{ n: 1, do: 'set', writes: [title] },
			found,
			{ n: 1, do: 'set', writes: [swapped(title)] },
		],
		[
			'of a reference to a joiner names the account that it is',
			{ n: 1, do: 'set', writes: [{ attribute: 'manager', from: null, to: { change: 'abc' } }] },
			done({ attribute: 'manager', from: null, to: { guid: 'g', dn: 'CN=Boss,DC=corp' } }),
			{ n: 1, do: 'set', writes: [{ attribute: 'manager', from: { guid: 'g', dn: 'CN=Boss,DC=corp' }, to: null }] },
		],
		[
			'of a relocation is the way back',
			{ n: 2, do: 'relocate', from: place('People'), to: place('Board') },
			done(),
			{ n: 2, do: 'relocate', from: place('Board'), to: place('People') },
		],
		['of a link is an unlink', { n: 3, do: 'link', group }, done(), { n: 3, do: 'unlink', group }],
		['of an unlink is a link', { n: 3, do: 'unlink', group }, done(), { n: 3, do: 'link', group }],
		['of a link that was there is nothing', { n: 3, do: 'link', group }, found, null],
		['of an unlink that was there is nothing', { n: 3, do: 'unlink', group }, found, null],
		[
			'of a creation is a disabling',
			{
				n: 1,
				do: 'create',
				parent: place('People').parent,
				rdn: 'CN=Ada',
				attributes: {},
				password: { mustChange: true },
			},
			done(),
			{ n: 1, do: 'disable', fromUac: 514, with: [] },
		],
		[
			'of a disabling is an enabling without mark',
			{ n: 1, do: 'disable', fromUac: 66_048, with: [title] },
			done(
				{ attribute: 'userAccountControl', from: '66048', to: '66050' },
				{ attribute: 'carLicense', remove: [], add: [MARK] },
				title,
			),
			{
				...{ n: 1, do: 'enable', fromUac: 66_050 },
				with: [{ attribute: 'carLicense', remove: [MARK], add: [] }, swapped(title)],
			},
		],
		[
			'of disabling an account that was disabled is no enabling',
			{ n: 1, do: 'disable', fromUac: 514, with: [] },
			done({ attribute: 'carLicense', remove: ['adprov1:pending'], add: [MARK] }),
			{
				...{ n: 1, do: 'disable', fromUac: 514 },
				with: [{ attribute: 'carLicense', remove: [MARK], add: ['adprov1:pending'] }],
			},
		],
		[
			'of a disabling that was found done takes the marks that stand there',
			{ n: 1, do: 'disable', fromUac: 512, with: [title] },
			{ ...found, marks: { attribute: 'carLicense', values: [MARK] } },
			{
				...{ n: 1, do: 'enable', fromUac: 514 },
				with: [swapped(title), { attribute: 'carLicense', remove: [MARK], add: [] }],
			},
		],
		[
			'of an enabling is a disabling with the mark that it had',
			{ n: 4, do: 'enable', fromUac: 514, with: [] },
			done({ attribute: 'carLicense', remove: [MARK], add: [] }),
			{ n: 4, do: 'disable', fromUac: 512, with: [{ attribute: 'carLicense', remove: [], add: [MARK] }] },
		],
		[
			'of a password is nothing',
			{ n: 1, do: 'setPassword', rule: { mustChange: true }, pwdLastSetBefore: '' },
			done(),
			null,
		],
		['of a deletion is nothing', { n: 1, do: 'delete', expect: {} }, done(), null],
	])('%s', (_name, step, became, inverse) => {
		const taken = inverseOf(step, became);
		expect(taken.inverse).toEqual(inverse);
		// Who gets no way back is told why.
		expect(taken.notUndoable === undefined).toBe(inverse !== null);
	});

	test('leaves out somebody whose account is not known, and says so', () => {
		const step: Step = {
			n: 1,
			do: 'set',
			writes: [title, { attribute: 'manager', from: null, to: { change: 'abc' } }],
		};
		expect(inverseOf(step, found)).toEqual({
			inverse: { n: 1, do: 'set', writes: [swapped(title)] },
			notUndoable: WHY_NOT.joiner,
		});
		expect(inverseOf({ ...step, writes: step.writes.slice(1) }, found)).toEqual({
			...{ inverse: null, notUndoable: WHY_NOT.joiner },
		});
	});
});

const value = fc.oneof(fc.string(), fc.record({ base64: fc.base64String() }));
const write: fc.Arbitrary<Write> = fc.oneof(
	fc.record({ attribute: fc.string(), from: fc.option(value), to: fc.option(value) }),
	fc.record({ attribute: fc.string(), remove: fc.array(value), add: fc.array(value) }),
);
const unlike = fc.uniqueArray(write, { selector: ({ attribute }) => attribute.toLowerCase() });
const reversible: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ n: fc.nat(), do: fc.constant('set' as const), writes: unlike }),
	fc.record({ n: fc.nat(), do: fc.constantFrom('link' as const, 'unlink' as const), group: fc.constant(group) }),
	fc.record({
		...{ n: fc.nat(), do: fc.constant('relocate' as const) },
		...{ from: fc.constantFrom(place('A'), place('B')), to: fc.constantFrom(place('A'), place('B')) },
	}),
	fc.record({ n: fc.nat(), do: fc.constant('disable' as const), fromUac: fc.constantFrom(512, 66_048), with: unlike }),
	fc.record({ n: fc.nat(), do: fc.constant('enable' as const), fromUac: fc.constantFrom(514, 66_050), with: unlike }),
);

test('twice taken back, a step is what it was', () => {
	fc.assert(
		fc.property(reversible, (step) => {
			const back = inverseOf(step, done()).inverse;
			expect(back && inverseOf(back, done()).inverse).toEqual(step);
		}),
	);
});
