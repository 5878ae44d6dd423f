/** Ten people for each round of a crash test: who is there before, what the feed says of them, and what they are like afterwards. */
import { randomUUID } from 'node:crypto';
import { Attribute, type Client } from 'ldapts';
import type { DesiredAccount, Plan, Policy } from '../../lib/contracts';
import type { Directory } from '../../lib/directory/directory';
import { makePlan, type MadePlan } from '../../lib/provisioning/plan/makePlan';
import type { PlanSource } from '../../lib/provisioning/plan/types';
import { liveSource } from '../../lib/provisioning/source/live';
import { desiredAccount, MARKING, SIGNING_KEY, withDirectory } from '../support/directory';
import type { Domain } from '../support/samba';
import { asAdministrator } from './administrator';
import { applyOnce, type Orders } from './crash-child';
import { change, OLD_PASSWORD } from './leave-return-people';

export const PEOPLE = ['j1', 'j2', 'j3', 'l1', 'l2', 'l3', 'r1', 'r2', 'r3', 'm1'] as const;
export type Who = (typeof PEOPLE)[number];
export const isJoiner = (who: Who): boolean => who.startsWith('j');
export const isLeaver = (who: Who): boolean => who.startsWith('l');
export const isRehire = (who: Who): boolean => who.startsWith('r');

/** "poets" is nobody's by rule: it comes back by the snapshot alone. */
const BEFORE: Readonly<Record<string, readonly Who[]>> = {
	staff: ['l1', 'l2', 'r1', 'r2', 'm1'],
	sales: ['l1', 'l3', 'r1', 'm1'],
	poets: ['l1', 'r1', 'r3'],
	vpn: [],
};
const WANTED: Readonly<Record<string, readonly Who[]>> = {
	staff: ['j1', 'j2', 'j3', 'r1', 'r2', 'r3', 'm1'],
	sales: ['j1', 'r2'],
	vpn: ['j3', 'r1', 'm1'],
};
const MANAGERS: Readonly<Partial<Record<Who, Who>>> = { j1: 'j2', j2: 'j1', j3: 'm1', r1: 'm1', r2: 'j1' };

export const topOf = (domain: Domain) => `OU=Crash,${domain.baseDn}`;
const groupDn = (domain: Domain, name: string) => `CN=crash ${name},${topOf(domain)}`;
const unitOf = (domain: Domain, round: string): string => `OU=${round},${topOf(domain)}`;
export const leaseOf = (domain: Domain, round: string): string => `CN=lease,${unitOf(domain, round)}`;
const leaversOf = (domain: Domain, round: string) => `OU=Leavers,${unitOf(domain, round)}`;
const staffOf = (domain: Domain, round: string) => `OU=Staff,${unitOf(domain, round)}`;
export const keyOf = (who: Who, round: string) => `${who}${round}`;
const has = (groups: Readonly<Record<string, readonly Who[]>>, who: Who) =>
	Object.keys(groups).filter((name) => groups[name]?.includes(who));

export const ordersFor = (plan: Plan, leaseObject: string): Omit<Orders, 'fields'> => ({
	...{ plan, signingKey: SIGNING_KEY, leaseObject },
});

export async function openGround(domain: Domain): Promise<void> {
	await asAdministrator(domain, async (client) => {
		await client.add(topOf(domain), { objectClass: 'organizationalUnit' });
		for (const name of Object.keys(BEFORE))
			await client.add(groupDn(domain, name), { objectClass: 'group', sAMAccountName: `crash ${name}` });
	});
}

/** Units and accounts of these rounds; those who are to come back leave, by a plan. */
export async function settle(domain: Domain, rounds: readonly string[]): Promise<void> {
	await asAdministrator(domain, async (client) => {
		for (const round of rounds) await settleRound(domain, client, round);
		for (const [name, members] of Object.entries(BEFORE)) {
			const all = rounds.flatMap((round) => members.map((who) => dnBefore(domain, who, round)));
			if (all.length > 0) await client.modify(groupDn(domain, name), change('add', 'member', all));
		}
	});
	await withDirectory(domain, async (directory) => {
		const people = rounds.flatMap((round) => PEOPLE.filter(isRehire).map((who) => person(domain, who, round, true)));
		const { plan } = await planOver(liveSource(directory), people, policyFor({ randomPassword: false }), [
			topOf(domain),
		]);
		const { results } = await applyOnce(directory, ordersFor(plan, ''));
		const fault = results.find(({ outcome }) => outcome.status !== 'applied');
		if (fault || results.length !== people.length) throw new Error(`Not all left first: ${JSON.stringify(fault)}`);
	});
	// One plan has one place for leavers, and each round is to have its own.
	await asAdministrator(domain, async (client) => {
		for (const round of rounds)
			for (const who of PEOPLE.filter(isRehire))
				await client.modifyDN(dnBefore(domain, who, round), `CN=User ${keyOf(who, round)},${leaversOf(domain, round)}`);
	});
}

async function settleRound(domain: Domain, client: Client, round: string): Promise<void> {
	const unit = unitOf(domain, round);
	const staff = staffOf(domain, round);
	for (const dn of [unit, staff, `OU=Moved,${staff}`, leaversOf(domain, round)])
		await client.add(dn, { objectClass: 'organizationalUnit' });
	await client.add(leaseOf(domain, round), { objectClass: 'container' });
	for (const who of PEOPLE)
		if (!isJoiner(who)) await client.add(dnBefore(domain, who, round), account(domain, who, round));
}

const dnBefore = (domain: Domain, who: Who, round: string) => `CN=User ${keyOf(who, round)},${staffOf(domain, round)}`;

function account(domain: Domain, who: Who, round: string): Attribute[] {
	const key = keyOf(who, round);
	const values: Readonly<Record<string, string | string[]>> = {
		...{ objectClass: 'user', sAMAccountName: `user${key}`, userPrincipalName: `user${key}@corp.example.com` },
		...{ employeeID: key, userAccountControl: '512', displayName: `User ${key}`, givenName: 'User', sn: key },
		...{ title: 'Tester', telephoneNumber: '+49 30 1', otherTelephone: ['+49 30 2', '+49 30 3'] },
		manager: domain.bindDn,
	};
	return [
		...Object.entries(values).map(([type, given]) => new Attribute({ type, values: [given].flat() })),
		// Each takes as long as five other writes: only who is about to lose one has one.
		...(!isLeaver(who)
			? []
			: [new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${OLD_PASSWORD}"`, 'utf16le')] })]),
	];
}

/** @param leavesAll before the crash: those leave who come back in it */
function person(domain: Domain, who: Who, round: string, leavesAll = false): DesiredAccount {
	const isLeaving = leavesAll || isLeaver(who);
	const manager = MANAGERS[who];
	const usual = desiredAccount(staffOf(domain, round), keyOf(who, round));
	const title = who === 'm1' || who === 'r2' ? 'Lead' : 'Tester';
	return {
		...usual,
		lifecycle: isLeaving ? 'leaver' : 'active',
		attributes: {
			...{ ...usual.attributes, title },
			...(manager && !isLeaving ? { manager: { by: 'employeeID', value: keyOf(manager, round) } } : {}),
		},
		ou: who === 'm1' ? `OU=Moved,${staffOf(domain, round)}` : usual.ou,
		groups: has(WANTED, who).map((name) => `crash ${name}`),
		managedGroups: Object.keys(WANTED).map((name) => `crash ${name}`),
	};
}

function policyFor(leavers: Partial<Policy['leavers']>): Policy {
	return {
		joiners: { create: true, daysBefore: 0, until: 'pending', mustChange: false },
		movers: { update: true, move: true, rename: true, keep: [] },
		leavers: {
			...{ disable: true, byAbsence: false, randomPassword: true, removeFromGroups: true, hideAttribute: '' },
			...{ clear: ['telephoneNumber', 'otherTelephone', 'manager'], description: 'Left' },
			...{ moveTo: '', deleteAfterDays: null, ...leavers },
		},
		rehires: { enable: true, withinDays: 30, restore: true, mustChange: false },
		groups: { mode: 'managed', retired: [] },
		names: { sameCandidate: false },
		guards: { minimumFeed: 1, disable: { count: 1000 } },
		...{ maxChanges: 1000, expiresAfterHours: 72 },
	};
}

/** For the ten of a round. */
export async function planFor(
	domain: Domain,
	directory: Directory,
	round: string,
	source: PlanSource = liveSource(directory),
): Promise<MadePlan> {
	const people = PEOPLE.map((who) => person(domain, who, round));
	return await planOver(source, people, policyFor({ moveTo: leaversOf(domain, round) }), [staffOf(domain, round)]);
}

async function planOver(
	source: PlanSource,
	people: readonly DesiredAccount[],
	policy: Policy,
	bases: readonly string[],
): Promise<MadePlan> {
	return await makePlan(
		source,
		{
			feed: { input: 'people', report: null, rejected: [], outOfScope: [], previousMissing: null },
			scope: { bases, filterText: '', filter: undefined, excludedOus: [] },
			...{ anchor: MARKING.matchAttribute, markAttribute: MARKING.markAttribute, matchOn: [] },
			...{ people, policy, signingKey: SIGNING_KEY },
		},
		{ newId: randomUUID, digestRows: 20 },
	);
}
