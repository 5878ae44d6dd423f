import fc from 'fast-check';
import type { Change, Lifecycle, Step, Write } from '../../../../lib/contracts';
import {
	beforeAndAfter,
	conflictInWords,
	stateOfWrite,
	toModifications,
	type Names,
} from '../../../../lib/provisioning/apply/comparing';
import { phasesOf, statesOf, type Standing } from '../../../../lib/provisioning/apply/state';
import type { Entry } from '../../../../lib/directory/entry';
import { NEVER } from '../../../../lib/schema/instants';

const BOSS = { guid: '11111111-1111-1111-1111-111111111111', dn: 'CN=Boss,OU=Old' };
const PLACE = { guid: '22222222-2222-2222-2222-222222222222', dn: 'OU=People,DC=x' };
const OTHER = { guid: '33333333-3333-3333-3333-333333333333', dn: 'OU=Leavers,DC=x' };
const GROUP = { guid: '44444444-4444-4444-4444-444444444444', dn: 'CN=Staff,DC=x' };
const NAMES: Names = {
	byGuid: new Map([
		[BOSS.guid, 'CN=Boss,OU=New'],
		[PLACE.guid, PLACE.dn],
		[OTHER.guid, OTHER.dn],
		[GROUP.guid, 'CN=Staff,OU=Renamed,DC=x'],
	]),
	joiners: new Map([['j1', { guid: BOSS.guid, dn: 'CN=Boss,OU=New' }]]),
};

function entryOf(
	attributes: Readonly<Record<string, readonly (string | Buffer)[]>>,
	dn = 'CN=Ada,OU=People,DC=x',
): Entry {
	const lower = Object.entries(attributes).map(([name, values]) => [name.toLowerCase(), values] as const);
	return { dn, attributes: Object.fromEntries(lower) };
}

const single = (
	attribute: string,
	from: Extract<Write, { to: unknown }>['from'],
	to: Extract<Write, { to: unknown }>['to'],
) => ({
	attribute,
	from,
	to,
});

/** Deleted by now. */
const GONE = { guid: '00000000-0000-4000-8000-0000000000ff', dn: 'CN=Gone,DC=x' };

describe('a planned write against what stands there', () => {
	test.each<[string, Write, Record<string, (string | Buffer)[]>, string]>([
		['the old value', single('title', 'A', 'B'), { title: ['A'] }, 'open'],
		['the new value', single('title', 'A', 'B'), { title: ['B'] }, 'done'],
		['another value', single('title', 'A', 'B'), { title: ['C'] }, 'conflict'],
		['the old value in capitals', single('title', 'a', 'B'), { title: ['A'] }, 'conflict'],
		['the old value with a blank more', single('title', 'A B', 'C'), { title: ['A  B'] }, 'conflict'],
		['nothing where something was', single('title', 'A', 'B'), {}, 'conflict'],
		['nothing, as planned', single('title', null, 'B'), {}, 'open'],
		['cleared already', single('title', 'A', null), {}, 'done'],
		['still to be cleared', single('title', 'A', null), { title: ['A'] }, 'open'],
		['no end, as 0', single('accountExpires', null, '1'), { accountExpires: ['0'] }, 'open'],
		['no end, as the greatest number', single('accountExpires', '0', '1'), { accountExpires: [NEVER] }, 'open'],
		['no end reached, as nothing', single('accountExpires', '1', NEVER), {}, 'done'],
		['another end', single('accountExpires', NEVER, '1'), { accountExpires: ['2'] }, 'conflict'],
		['bytes', single('thumbnailPhoto', { base64: 'AQI=' }, null), { thumbnailPhoto: [Buffer.from([1, 2])] }, 'open'],
		[
			'other bytes',
			single('thumbnailPhoto', { base64: 'AQI=' }, null),
			{ thumbnailPhoto: [Buffer.from([1])] },
			'conflict',
		],
		['a manager under a new name', single('manager', BOSS, null), { manager: ['cn=boss, ou=New'] }, 'open'],
		['the old name of a manager', single('manager', BOSS, null), { manager: [BOSS.dn] }, 'conflict'],
		['no manager, since the planned one was deleted', single('manager', GONE, BOSS), {}, 'open'],
		[
			'another manager, though the planned one was deleted',
			single('manager', GONE, BOSS),
			{ manager: ['CN=B'] },
			'conflict',
		],
		['nothing of what a deleted one had', { attribute: 'secretary', remove: [GONE], add: ['CN=B'] }, {}, 'open'],
		['a manager by name, spelled otherwise', single('manager', 'CN=B,DC=x', BOSS), { manager: ['cn=b,dc=x'] }, 'open'],
		['a joiner who has an account', single('manager', null, { change: 'j1' }), { manager: ['CN=Boss,OU=New'] }, 'done'],
		['a joiner without one', single('manager', null, { change: 'j2' }), {}, 'open'],
		['all values as they were', { attribute: 'url', remove: ['a'], add: ['b'] }, { url: ['a', 'z'] }, 'open'],
		['all values as they are to be', { attribute: 'url', remove: ['a'], add: ['b'] }, { url: ['b', 'z'] }, 'done'],
		['one removed by somebody', { attribute: 'url', remove: ['a'], add: ['b'] }, { url: ['z'] }, 'conflict'],
		['one added by somebody', { attribute: 'url', remove: [], add: ['a', 'b'] }, { url: ['a'] }, 'conflict'],
	])('%s', (_name, write, attributes, state) => {
		expect(stateOfWrite(write, entryOf(attributes), NAMES)).toBe(state);
	});

	const value = fc.constantFrom('a', 'A', 'b', 'c', 'Ä', ' a');
	const values = fc.uniqueArray(value, { selector: (text) => text.toLowerCase() });

	test('what is sent for an open write leads to a done one', () => {
		fc.assert(
			fc.property(values, values, values, (present, remove, add) => {
				const write: Write = { attribute: 'url', remove, add: add.filter((one) => !remove.includes(one)) };
				const entry = entryOf({ url: present });
				fc.pre(stateOfWrite(write, entry, NAMES) === 'open');
				let now: readonly (string | Buffer)[] = present;
				for (const { type, values: sent } of toModifications(write, entry, NAMES)) {
					if (type === 'replace') now = sent;
					if (type === 'delete') now = now.filter((one) => !sent.includes(one));
					if (type === 'add') now = [...now, ...sent];
				}
				expect(stateOfWrite(write, entryOf({ url: now }), NAMES)).toBe('done');
				expect([...beforeAndAfter(write, entry, NAMES).to].sort()).toEqual([...now].sort());
			}),
		);
	});

	test('a message is short, and shows no bytes', () => {
		const entry = entryOf({ thumbnailPhoto: [Buffer.from('secret')], title: ['x'.repeat(500)] });
		expect(conflictInWords(single('thumbnailPhoto', null, null), entry)).toBe(
			'thumbnailPhoto is (binary), and was empty when this was planned',
		);
		expect(conflictInWords(single('title', 'A', null), entry).length).toBeLessThan(200);
	});
});

describe('the steps of a change', () => {
	type Given = {
		lifecycle?: Lifecycle;
		kind?: 'apply' | 'undo';
		entry?: Entry;
		mark?: 'left' | 'pending';
		pwdLastSet?: string;
		steps: readonly Step[];
	};
	const AT = '2026-03-01T08:00:00Z';

	function states({ lifecycle = 'mover', kind = 'apply', entry, mark, pwdLastSet, steps }: Given): string[] {
		const change: Pick<Change, 'steps' | 'lifecycle' | 'key'> = { steps, lifecycle, key: 'K' };
		const snapshot = { at: AT, ou: PLACE, groups: [], attributes: [], pwdLastSet: pwdLastSet ?? '' };
		const standing: Standing = {
			entry,
			mark: mark && { state: mark, at: AT, text: 'mark' },
			snapshot: pwdLastSet === undefined ? undefined : snapshot,
			names: NAMES,
			touched: [],
		};
		const bind = { kind, anchor: 'employeeID', markAttribute: 'carLicense' };
		return statesOf({ ...change, bind }, standing).map(({ state }) => state);
	}

	const relocate: Step = {
		n: 1,
		do: 'relocate',
		from: { parent: PLACE, rdn: 'CN=Ada' },
		to: { parent: OTHER, rdn: 'CN=Ada L' },
	};
	const gone: Step = { ...relocate, to: { parent: { guid: '5'.repeat(8), dn: 'OU=Gone' }, rdn: 'CN=Ada' } };
	const at = (dn: string) => entryOf({}, dn);

	test.each<[string, Given, string]>([
		['stands at its beginning', { entry: at('cn=Ada,ou=people,dc=x'), steps: [relocate] }, 'open'],
		['stands at its end', { entry: at('CN=Ada L,OU=Leavers,DC=x'), steps: [relocate] }, 'done'],
		['stands elsewhere', { entry: at('CN=Ada,OU=Leavers,DC=x'), steps: [relocate] }, 'conflict'],
		['has another name', { entry: at('CN=ADA,OU=People,DC=x'), steps: [relocate] }, 'conflict'],
		['is to go to a place that is gone', { entry: at('CN=Ada,OU=People,DC=x'), steps: [gone] }, 'impossible'],
	])('moving: it %s', (_name, given, state) => expect(states(given)).toEqual([state]));

	const member = entryOf({ memberOf: ['CN=Staff,OU=Renamed,DC=x'] });
	const link: Step = { n: 1, do: 'link', group: GROUP };
	const unlink: Step = { n: 1, do: 'unlink', group: GROUP };
	const lost = { guid: '6'.repeat(8), dn: 'CN=Lost' };
	test.each<[string, Given, string]>([
		['joins', { entry: entryOf({}), steps: [link] }, 'open'],
		['is in already, under its new name', { entry: member, steps: [link] }, 'done'],
		['leaves', { entry: member, steps: [unlink] }, 'open'],
		['is out already', { entry: entryOf({}), steps: [unlink] }, 'done'],
		['joins one that is gone', { entry: member, steps: [{ ...link, group: lost }] }, 'impossible'],
		['leaves one that is gone', { entry: member, steps: [{ ...unlink, group: lost }] }, 'done'],
		[
			'leaves one that cannot be read, and is in it',
			{ entry: entryOf({ memberOf: ['cn=lost'] }), steps: [{ ...unlink, group: lost }] },
			'impossible',
		],
		['joins one that is gone, before there is an account', { steps: [{ ...link, group: lost }] }, 'impossible'],
	])('a group: somebody %s', (_name, given, state) => expect(states(given)).toEqual([state]));

	const password: Step = { n: 1, do: 'setPassword', rule: { mustChange: false }, pwdLastSetBefore: '5' };
	const enable: Step = { n: 2, do: 'enable', fromUac: 514, with: [] };
	const disable: Step = { n: 1, do: 'disable', fromUac: 512, with: [single('title', 'A', null)] };
	const control = (value: number, more: Record<string, string[]> = {}) =>
		entryOf({ userAccountControl: [String(value)], ...more });
	const later = { pwdLastSet: ['139999999999999999'] };
	test.each<[string, Given, string[]]>([
		[
			'is set',
			{ lifecycle: 'rehire', mark: 'left', entry: control(514, { pwdLastSet: ['5'] }), steps: [password, enable] },
			['open', 'open'],
		],
		[
			'was set by the run before',
			{ lifecycle: 'rehire', mark: 'left', entry: control(514, { pwdLastSet: ['6'] }), steps: [password, enable] },
			['done', 'open'],
		],
		[
			'is done with enabling',
			{ lifecycle: 'rehire', entry: control(512, { pwdLastSet: ['5'] }), steps: [password, enable] },
			['done', 'done'],
		],
		[
			'of a new account is set afresh until it is enabled',
			{
				lifecycle: 'joiner',
				mark: 'pending',
				entry: control(514, { pwdLastSet: ['7'] }),
				steps: [{ ...password, pwdLastSetBefore: '' }, enable],
			},
			['open', 'open'],
		],
		[
			'of a leaver waits for the mark',
			{ lifecycle: 'leaver', entry: control(512, { title: ['A'], ...later }), steps: [disable, password] },
			['open', 'open'],
		],
		[
			'of a leaver is the one of the snapshot',
			{
				lifecycle: 'leaver',
				mark: 'left',
				pwdLastSet: '5',
				entry: control(514, { pwdLastSet: ['5'] }),
				steps: [disable, password],
			},
			['done', 'open'],
		],
		[
			'of a leaver is another one',
			{
				lifecycle: 'leaver',
				mark: 'left',
				pwdLastSet: '5',
				entry: control(514, { pwdLastSet: ['6'] }),
				steps: [disable, password],
			},
			['done', 'done'],
		],
		[
			'of a leaver without snapshot is later than the mark',
			{ lifecycle: 'leaver', mark: 'left', entry: control(514, later), steps: [password] },
			['done'],
		],
		[
			'of a leaver without snapshot is earlier than the mark',
			{ lifecycle: 'leaver', mark: 'left', entry: control(514, { pwdLastSet: ['5'] }), steps: [password] },
			['open'],
		],
		[
			'of a leaver who is none any more',
			{ lifecycle: 'leaver', entry: control(512, later), steps: [password] },
			['conflict'],
		],
	])('a password %s', (_name, given, expected) => expect(states(given)).toEqual(expected));

	const marks: Write = { attribute: 'carLicense', remove: ['left', 'snapshot'], add: [] };
	const back: Step = { n: 1, do: 'enable', fromUac: 514, with: [marks, single('title', null, 'A')] };
	test.each<[string, Given, string]>([
		['disabling: as planned', { lifecycle: 'leaver', entry: control(512, { title: ['A'] }), steps: [disable] }, 'open'],
		['disabling: done', { lifecycle: 'leaver', mark: 'left', entry: control(514), steps: [disable] }, 'done'],
		[
			'disabling: half of it was somebody else',
			{ lifecycle: 'leaver', mark: 'left', entry: control(514, { title: ['A'] }), steps: [disable] },
			'conflict',
		],
		[
			'disabling: an attribute has moved',
			{ lifecycle: 'leaver', entry: control(512, { title: ['B'] }), steps: [disable] },
			'conflict',
		],
		[
			'disabling: other bits',
			{ lifecycle: 'leaver', entry: control(66048, { title: ['A'] }), steps: [disable] },
			'conflict',
		],
		[
			'disabling: by somebody else',
			{ lifecycle: 'leaver', entry: control(514, { title: ['A'] }), steps: [disable] },
			'conflict',
		],
		[
			'disabling a pending account',
			{ lifecycle: 'leaver', mark: 'pending', entry: control(514), steps: [{ ...disable, fromUac: 514, with: [] }] },
			'open',
		],
		[
			'disabling an account that is disabled without mark',
			{ lifecycle: 'leaver', entry: control(514), steps: [{ ...disable, fromUac: 514, with: [] }] },
			'conflict',
		],
		['enabling: without mark', { lifecycle: 'rehire', entry: control(514), steps: [enable] }, 'conflict'],
		[
			'enabling a joiner who has left',
			{ lifecycle: 'joiner', mark: 'left', entry: control(514), steps: [enable] },
			'conflict',
		],
		['enabling: enabled', { lifecycle: 'joiner', entry: control(512), steps: [enable] }, 'done'],
		[
			'enabling: other bits',
			{ lifecycle: 'joiner', mark: 'pending', entry: control(66050), steps: [enable] },
			'conflict',
		],
		[
			'undoing a leave',
			{ kind: 'undo', entry: control(514, { carLicense: ['left', 'snapshot'] }), steps: [back] },
			'open',
		],
		['undoing a leave: done', { kind: 'undo', entry: control(512, { title: ['A'] }), steps: [back] }, 'done'],
		[
			'undoing a leave: another title is kept',
			{ kind: 'undo', entry: control(514, { carLicense: ['left', 'snapshot'], title: ['Z'] }), steps: [back] },
			'open',
		],
		['undoing a leave: the mark is gone', { kind: 'undo', entry: control(514), steps: [back] }, 'conflict'],
		[
			'undoing a leave: another mark',
			{ kind: 'undo', entry: control(514, { carLicense: ['left'] }), steps: [back] },
			'conflict',
		],
		[
			'undoing a leave: other bits',
			{ kind: 'undo', entry: control(66050, { carLicense: ['left', 'snapshot'] }), steps: [back] },
			'conflict',
		],
	])('%s', (_name, given, state) => expect(states(given)).toEqual([state]));

	const create: Step = {
		n: 1,
		do: 'create',
		...{ parent: PLACE, rdn: 'CN=Ada', attributes: { sAMAccountName: ['ada'] }, password: { mustChange: true } },
	};
	const own = (value: number, name = 'ada') => control(value, { sAMAccountName: [name] });
	test.each<[string, Given, string]>([
		['nobody is there', { steps: [create] }, 'open'],
		['the place is gone', { steps: [{ ...create, parent: lost }] }, 'impossible'],
		['begun by this tool', { mark: 'pending', entry: own(514), steps: [create] }, 'done'],
		['finished by this tool', { entry: own(512), steps: [create] }, 'done'],
		['disabled, and not by this tool', { entry: own(514), steps: [create] }, 'conflict'],
		['under another name', { mark: 'pending', entry: own(514, 'ada2'), steps: [create] }, 'conflict'],
		['somebody who has left', { mark: 'left', entry: own(514), steps: [create] }, 'conflict'],
	])('creating: %s', (_name, given, state) => expect(states({ lifecycle: 'joiner', ...given })).toEqual([state]));

	const remove: Step = { n: 1, do: 'delete', expect: { employeeID: ['K'], title: [] } };
	const expected = (more: Record<string, string[]> = {}) => control(514, { employeeID: ['K'], ...more });
	test.each<[string, Given, string]>([
		['as planned', { mark: 'left', entry: expected(), steps: [remove] }, 'open'],
		['gone', { steps: [remove] }, 'done'],
		['without mark', { entry: expected(), steps: [remove] }, 'conflict'],
		['with the mark of a new account', { mark: 'pending', entry: expected(), steps: [remove] }, 'conflict'],
		['with a value more', { mark: 'left', entry: expected({ title: ['A'] }), steps: [remove] }, 'conflict'],
		[
			'made by what is undone, and never used',
			{ kind: 'undo', entry: expected({ lastLogon: ['0'] }), steps: [remove] },
			'open',
		],
		[
			'made by what is undone, and used',
			{ kind: 'undo', entry: expected({ lastLogonTimestamp: ['1'] }), steps: [remove] },
			'conflict',
		],
	])('deleting: %s', (_name, given, state) => expect(states({ lifecycle: 'leaver', ...given })).toEqual([state]));

	test('in an undo each value stands for itself; else one that has moved keeps all', () => {
		const steps: Step[] = [{ n: 1, do: 'set', writes: [single('title', 'A', 'B'), single('l', 'X', 'Y')] }];
		const entry = entryOf({ title: ['A'], l: ['Z'] });
		expect(states({ entry, steps })).toEqual(['conflict']);
		expect(states({ entry, steps, kind: 'undo' })).toEqual(['open']);
	});

	test('whom a value names must be there: else nothing is done, and in an undo the rest', () => {
		const writes = [single('manager', null, lost), single('title', 'A', 'B')];
		const entry = entryOf({ title: ['A'] });
		const steps: Step[] = [{ n: 1, do: 'set', writes }];
		expect(states({ entry, steps })).toEqual(['impossible']);
		expect(states({ entry, steps, kind: 'undo' })).toEqual(['open']);
		expect(states({ entry, steps: [{ n: 1, do: 'set', writes: writes.slice(0, 1) }], kind: 'undo' })).toEqual([
			'conflict',
		]);
		// Who had a manager that is gone by now needs nobody to be there.
		expect(states({ entry, steps: [{ n: 1, do: 'set', writes: [single('manager', lost, null)] }] })).toEqual(['done']);
		const create: Step = {
			...{ n: 1, do: 'create', parent: PLACE, rdn: 'CN=Ada', password: { mustChange: false } },
			attributes: { manager: [lost] },
		};
		expect(states({ steps: [create] })).toEqual(['impossible']);
		expect(states({ steps: [{ ...create, attributes: { manager: [BOSS] } }] })).toEqual(['open']);
	});

	test('phases: before the memberships, memberships, after them, and joiners last', () => {
		const set: Step = { n: 1, do: 'set', writes: [] };
		const naming: Step = { n: 9, do: 'set', writes: [single('manager', null, { change: 'j1' })] };
		expect(phasesOf([set, link, set, unlink, enable, naming])).toEqual([1, 2, 3, 2, 3, 4]);
		expect(phasesOf([disable, password, relocate])).toEqual([1, 1, 1]);
		expect(phasesOf([set, naming])).toEqual([1, 4]);
		// After everybody who names the account still.
		expect(phasesOf([{ n: 1, do: 'delete', expect: {} }])).toEqual([3]);
	});
});
