import type { DesiredAccount } from '../../../../lib/contracts';
import { draftOf } from '../../../../lib/provisioning/plan/drafts';
import type { AccountView, Resolved } from '../../../../lib/provisioning/plan/types';
import {
	accountOf,
	contextOf,
	drafted,
	groupDn,
	groupRef,
	guid,
	kindsOf,
	OUTSIDE,
	person,
	policyWith,
	RESOLVED,
	SALES,
	STAFF,
} from './world';

const mover = (changes: Partial<DesiredAccount> = {}, account: AccountView = accountOf(), newKey = false) =>
	({ kind: 'mover', person: person(changes), account, newKey }) as const;

const RENAMED: Resolved = {
	...RESOLVED,
	names: { cn: 'Ada King', sAMAccountName: 'ada.king', mail: 'ada.king@example.com' },
};

describe('a mover', () => {
	test('gets attributes, names and anchor in one Modify, name and place in one ModifyDN, then groups', () => {
		const account = accountOf({
			employeeID: 'T-7',
			title: 'Clerk',
			sAMAccountName: 'ada',
			memberOf: [groupDn('Support')],
		});
		const who = mover(
			{ ou: SALES, attributes: { title: 'Poet' }, groups: ['Sales'], managedGroups: ['Support', 'Sales'] },
			account,
			true,
		);
		expect(drafted(who, contextOf(), RENAMED)).toEqual({
			steps: [
				{
					...{ n: 1, do: 'set' },
					writes: [
						{ attribute: 'title', from: 'Clerk', to: 'Poet' },
						{ attribute: 'sAMAccountName', from: 'ada', to: 'ada.king' },
						{ attribute: 'mail', from: null, to: 'ada.king@example.com' },
						{ attribute: 'employeeID', from: 'T-7', to: 'C-1' },
					],
				},
				{
					...{ n: 2, do: 'relocate', from: { parent: { guid: guid(1), dn: STAFF }, rdn: 'CN=Ada' } },
					to: { parent: { guid: guid(2), dn: SALES }, rdn: 'CN=Ada King' },
				},
				{ n: 3, do: 'link', group: groupRef('Sales') },
				{ n: 4, do: 'unlink', group: groupRef('Support') },
			],
			reasons: ['the account differs from the feed', 'found by previous key T-7'],
			notes: [],
			riskReasons: [
				...['sAMAccountName is changed', 'mail is changed', 'employeeID is changed', 'the account is renamed'],
				`the account moves to ${SALES}`,
			],
			dependsOn: [],
		});
	});

	test('with nothing to change is the same nothing as anybody else', () => {
		const who = () =>
			mover(
				{ attributes: { title: 'Poet' }, groups: ['Sales'] },
				accountOf({ title: 'Poet', memberOf: [groupDn('Sales')] }),
			);
		const [one, other] = [drafted(who(), contextOf()), drafted(who(), contextOf())];
		expect(one.steps).toEqual([]);
		expect(one).toBe(other);
	});

	test('keeps what nobody may change', () => {
		const account = accountOf({ title: 'Clerk', memberOf: [groupDn('Support')] });
		const who = mover(
			{ attributes: { title: 'Poet' }, ou: SALES, groups: ['Sales'], managedGroups: ['Support'] },
			account,
		);
		const kinds = (movers: Parameters<typeof policyWith>[0]['movers']) =>
			kindsOf(drafted(who, contextOf({ policy: policyWith({ movers: movers ?? {} }) }), RENAMED));
		expect(kinds({ update: false, move: false, rename: false })).toEqual([]);
		expect(kinds({ update: false, rename: false })).toEqual(['relocate']);
		expect(kinds({ update: false, move: false })).toEqual(['set', 'relocate']);
		expect(kinds({ move: false, rename: false })).toEqual(['set', 'link', 'unlink']);
	});

	test.each([
		['spelled otherwise', `CN=Ada,${STAFF.toLowerCase()}`, STAFF],
		['with a comma in the name', `CN=King\\, Ada,${STAFF}`, STAFF],
		['where there is no place to go', `CN=Ada,${OUTSIDE}`, ''],
	])('stays where the account stands: %s', (_how, dn, ou) => {
		expect(drafted(mover({ ou }, accountOf({}, {}, dn)), contextOf()).steps).toEqual([]);
	});

	test('to a place that cannot be used is a problem, and nothing else is done', () => {
		const problem = draftOf(mover({ ou: OUTSIDE, attributes: { title: 'Poet' } }), RESOLVED, contextOf());
		expect(problem).toMatchObject({ kind: 'organisational unit', accounts: [{ guid: guid(50) }] });
	});

	test('from a place that cannot be read is a problem', () => {
		const account = accountOf({}, {}, `CN=Ada,OU=Hidden,${STAFF}`);
		expect(draftOf(mover({ ou: SALES }, account), RESOLVED, contextOf())).toMatchObject({
			...{
				kind: 'organisational unit',
				message: `The service account cannot read OU=Hidden,${STAFF}, where the account stands.`,
			},
		});
	});

	test.each(['proxyAddresses', 'scriptPath', 'accountExpires', 'extensionName'])(
		'changing %s is looked at twice',
		(attribute) => {
			const value = {
				proxyAddresses: ['SMTP:a@example.com'],
				scriptPath: 'a.cmd',
				accountExpires: '1',
				extensionName: ['x'],
			}[attribute];
			const { riskReasons } = drafted(
				mover({ attributes: { [attribute]: value ?? null, title: 'Poet' } }),
				contextOf(),
			);
			expect(riskReasons).toEqual(attribute === 'extensionName' ? [] : [`${attribute} is changed`]);
		},
	);

	test('what is said of names and references is kept', () => {
		const notes = ['manager was left as it is: nobody has it.'];
		expect(drafted(mover({ attributes: { title: 'Poet' } }), contextOf(), { ...RESOLVED, notes }).notes).toEqual(notes);
		expect(drafted(mover(), contextOf(), { ...RESOLVED, notes })).toMatchObject({ steps: [], notes });
	});
});
