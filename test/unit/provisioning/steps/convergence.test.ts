import fc from 'fast-check';
import type { AttributeValue, DesiredAccount, Ref, StepKind } from '../../../../lib/contracts';
import type { Draft, Resolved, StepContext } from '../../../../lib/provisioning/plan/types';
import {
	accountOf,
	contextOf,
	drafted,
	GROUPS,
	groupDn,
	LEFT,
	NAMES,
	person,
	played,
	policyWith,
	RESOLVED,
	SALES,
	snapshotBy,
	STAFF,
	viewOf,
} from './world';

const text = fc.constantFrom('Poet', 'poet', 'Clerk', 'Zoë', '<b>', '=1+1', ' x');
const texts = fc.uniqueArray(text, { maxLength: 4 });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((array) => Buffer.from(array));
const expiry = fc.constantFrom('0', '9223372036854775807', '133000000000000000');
const dn = fc.constantFrom(`CN=Bob,${STAFF}`, `cn=bob,${STAFF.toLowerCase()}`, `CN=Eve,${SALES}`);
const mail = fc.constantFrom('ada@example.com', 'Ada@Example.com', 'eve@example.com');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** What an account has: nothing, or values. */
const present = fc.record({
	title: maybe(text),
	department: maybe(text),
	telephoneNumber: maybe(text),
	otherTelephone: maybe(texts),
	thumbnailPhoto: maybe(bytes),
	accountExpires: maybe(expiry),
	manager: maybe(dn),
	mail: maybe(mail),
	description: maybe(text),
	memberOf: maybe(fc.uniqueArray(fc.constantFrom(...GROUPS.map(({ name }) => groupDn(name))), { maxLength: 6 })),
});

const byReference = { by: 'employeeID', value: 'C-9' };
/** What somebody is to have: nothing said, cleared, or values. */
const attributes = fc
	.record({
		title: maybe(fc.option(text)),
		DEPARTMENT: maybe(fc.option(text)),
		telephoneNumber: maybe(fc.option(text)),
		otherTelephone: maybe(fc.option(fc.oneof(texts, fc.array(text, { maxLength: 3 })))),
		thumbnailPhoto: maybe(fc.option(bytes.map((value) => ({ base64: value.toString('base64') })))),
		accountExpires: maybe(fc.option(expiry)),
		manager: maybe(fc.option(fc.oneof(dn, fc.constant(byReference)))),
		mail: maybe(fc.option(mail)),
		description: maybe(fc.option(text)),
	})
	.map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
	.map((all) => all as Record<string, AttributeValue>);

const names = fc.uniqueArray(fc.constantFrom(...GROUPS.map(({ name }) => name), 'Nowhere'), { maxLength: 5 });
const rules = fc.subarray(['title', 'department', 'telephoneNumber', 'mail', 'description']);

const someone: fc.Arbitrary<Partial<DesiredAccount>> = fc.record({
	...{ attributes, createOnly: rules, fillOnly: rules, groups: names, managedGroups: names },
	ou: fc.constantFrom('', STAFF, SALES),
	endsAt: fc.constantFrom(null, '2026-12-31T23:00:00Z'),
	// A ladder for mail takes it out of the attributes.
	names: fc.constant({}),
});

const policies = fc.record({
	mode: fc.constantFrom('add' as const, 'managed' as const),
	keep: rules,
	randomPassword: fc.boolean(),
});
type Chosen = { mode: 'add' | 'managed'; keep: readonly string[]; randomPassword: boolean };

const contextFor = ({ mode, keep, randomPassword }: Chosen, who: DesiredAccount): StepContext =>
	contextOf({
		policy: policyWith({
			...{
				groups: { mode },
				movers: { keep },
				leavers: { randomPassword, clear: ['telephoneNumber', 'manager', 'mail'] },
			},
		}),
		people: [who],
		scope: { bases: [] },
	});

const BOB: Ref = { guid: '00000000-0000-4000-8000-000000000060', dn: `CN=Bob,${STAFF}` };
const KNOWN: Resolved = { ...RESOLVED, references: { manager: [BOB] } };

const accountWith = (has: Record<string, string | Buffer | readonly (string | Buffer)[] | undefined>) =>
	accountOf(Object.fromEntries(Object.entries(has).map(([name, value]) => [name, value ?? []])));

const ORDERS: Readonly<Record<string, readonly StepKind[]>> = {
	joiner: ['create', 'link', 'setPassword', 'enable', 'set'],
	pending: ['set', 'relocate', 'link', 'unlink', 'setPassword', 'enable'],
	mover: ['set', 'relocate', 'link', 'unlink'],
	leaver: ['disable', 'setPassword', 'unlink', 'relocate'],
	rehire: ['relocate', 'set', 'link', 'unlink', 'setPassword', 'enable'],
};

/** Numbered from 1 without a gap, and in the order in which such changes are done. */
function expectInOrder({ steps }: Draft, kind: string): void {
	expect(steps.map(({ n }) => n)).toEqual(steps.map((_, index) => index + 1));
	const places = steps.map((step) => ORDERS[kind]?.indexOf(step.do) ?? -1);
	expect(places).toEqual([...places].sort((left, right) => left - right));
	expect(places).not.toContain(-1);
}

test('an account that was brought to what is wanted has nothing left to be done', () => {
	fc.assert(
		fc.property(someone, present, policies, (changes, has, policy) => {
			const who = person(changes);
			const context = contextFor(policy, who);
			const decide = (account: ReturnType<typeof viewOf>) =>
				({ kind: 'mover', person: who, account, newKey: false }) as const;
			const account = accountWith(has);
			const first = drafted(decide(account), context, KNOWN);
			expectInOrder(first, 'mover');
			const after = viewOf(played(account.entry, first));
			expect(drafted(decide(after), context, KNOWN).steps).toEqual([]);
		}),
		{ numRuns: 300 },
	);
});

test('a joiner who was made has nothing left to be done, begun or finished', () => {
	fc.assert(
		fc.property(someone, policies, fc.boolean(), (changes, policy, enable) => {
			const who = person({ ...changes, ou: changes.ou === '' ? STAFF : (changes.ou ?? STAFF) });
			const context = contextFor(policy, who);
			const draft = drafted({ kind: 'joiner', person: who, enable }, context, {
				...NAMES,
				references: KNOWN.references,
			});
			expectInOrder(draft, 'joiner');
			const account = viewOf(played({ dn: '', attributes: {} }, draft));
			const pending = { kind: 'pending', person: who, account, finish: false } as const;
			const again = enable ? ({ kind: 'mover', person: who, account, newKey: false } as const) : pending;
			expect(drafted(again, context, KNOWN).steps).toEqual([]);
		}),
		{ numRuns: 300 },
	);
});

test('somebody who left has nothing left to be done, and gets everything back', () => {
	fc.assert(
		fc.property(someone, present, policies, (changes, has, policy) => {
			const who = person({ ...changes, ou: changes.ou ?? '', endsAt: null });
			const context = contextFor(policy, who);
			const account = accountWith(has);
			const leaving = { kind: 'leaver', person: who, why: 'feed', remove: false } as const;
			const leave = drafted({ ...leaving, account, again: false }, context);
			expectInOrder(leave, 'leaver');
			const snapshot = snapshotBy(account, leave);
			const left = viewOf(played(account.entry, leave), { mark: LEFT, snapshot });
			expect(drafted({ ...leaving, account: left, again: true }, context).steps).toEqual([]);

			const decision = { kind: 'rehire', person: who, account: left, newKey: false } as const;
			const rehire = drafted(decision, context, KNOWN);
			expectInOrder(rehire, 'rehire');
			const back = viewOf(played(left.entry, rehire));
			expect(back.enabled).toBe(true);
			expect(drafted({ kind: 'mover', person: who, account: back, newKey: false }, context, KNOWN).steps).toEqual([]);
			const mapped = new Set(Object.keys(who.attributes).map((name) => name.toLowerCase()));
			for (const name of ['telephonenumber', 'manager', 'mail', 'description'].filter((one) => !mapped.has(one)))
				expect(back.entry.attributes[name]).toEqual(account.entry.attributes[name]);
		}),
		{ numRuns: 300 },
	);
});
