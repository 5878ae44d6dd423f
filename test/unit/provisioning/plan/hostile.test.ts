import type { DesiredAccount, Plan, Ref } from '../../../../lib/contracts';
import type { MadePlan } from '../../../../lib/provisioning/plan/makePlan';
import { sealFault } from '../../../../lib/provisioning/seals';
import { parseDn } from '../../../../lib/schema/dn';
import { SIGNING_KEY } from '../../../support/directory';
import { NAUGHTY } from '../../../support/naughty';
import { GROUPS, PLACES, POLICY, SALES, STAFF } from '../steps/world';
import { account, person, personWith, planOf } from './town';
import { told } from './told';

/** A few that look like parts of filters and names, and that exist in the town. */
const SYNTAX = [
	...['*', '(', ')', '\\', '*)(employeeID=*', 'A)(|(cn=*', '\\2a', '#414243', '+', ',', 'CN=User B', `User B,${STAFF}`],
	...[
		`CN=User B,${STAFF}`,
		`<GUID=00000000-0000-4000-8000-000000000001>`,
		'<SID=S-1-5-32-544>',
		' lead',
		'trail ',
		'"',
		';',
	],
	...['CN=x+SN=y', 'x\nmember: y', 'dn:: eA==', ':=', '(objectClass=*)', 'Domain Admins', 'Administrators', '../Users'],
];
const STRINGS = [...NAUGHTY, ...SYNTAX].filter((text) => text !== '');

/** Where HR data goes. @param usual the person before @returns what is hostile in it */
type Hostile = (text: string, usual: DesiredAccount) => Partial<DesiredAccount>;

const PLACES_OF_DATA: ReadonlyArray<readonly [where: string, changed: Hostile]> = [
	['the name that people read', (text) => ({ displayName: text })],
	['an attribute of text', (text) => ({ attributes: { description: text, title: text } })],
	['an attribute of several values', (text) => ({ attributes: { otherTelephone: [text, 'x', text] } })],
	['an attribute of a distinguished name', (text) => ({ attributes: { manager: text } })],
	['an attribute of bytes', (text) => ({ attributes: { thumbnailPhoto: { base64: text } } })],
	['an attribute of numbers', (text) => ({ attributes: { countryCode: text, accountExpires: text } })],
	['the name of an attribute', (text) => ({ attributes: { [text]: 'x' } })],
	[
		'the name of an attribute that names somebody',
		(text) => ({ attributes: { [text]: { by: 'employeeID', value: 'B' } } }),
	],
	['somebody else', (text) => ({ attributes: { manager: { by: 'employeeID', value: text } } })],
	['what somebody else is found by', (text) => ({ attributes: { manager: { by: text, value: 'B' } } })],
	['somebody else by name', (text) => ({ attributes: { manager: { by: 'distinguishedName', value: text } } })],
	['somebody else by GUID', (text) => ({ attributes: { manager: { by: 'objectGUID', value: text } } })],
	['an organisational unit', (text) => ({ ou: text })],
	['a group', (text) => ({ groups: [text], managedGroups: [text] })],
	// One person's alone: what two have is nobody's.
	['a previous key', (text, { key }) => ({ previousKeys: key.startsWith('N') ? [text] : [`${key} ${text}`] })],
	['dates', (text) => ({ startsAt: text, endsAt: text })],
	['an account name', (text, { names }) => ({ names: { ...names, sAMAccountName: { candidates: [text] } } })],
	['a common name', (text, { names }) => ({ names: { ...names, cn: { candidates: [text] } } })],
	[
		'addresses',
		(text) => ({ names: { ...NAMES, mail: { candidates: [text] }, userPrincipalName: { candidates: [text] } } }),
	],
	['a numbered name', (text, { names }) => ({ names: { ...names, cn: { candidates: [], counter: counter(text) } } })],
	['a review', (text) => ({ review: [{ attribute: text, reason: text }] })],
];

const NAMES = { sAMAccountName: { candidates: ['nn'] }, cn: { candidates: ['N N'] } };
const counter = (base: string) => ({ base, start: 1, width: 1, limit: 3, maxLength: 64 });

const places = PLACES.map(({ dn }) => dn);
const allowed = new Set(['All Staff', 'Sales', 'Support', 'Old Sales', 'Poets', 'Print Masters', 'Domain Users']);
const groupsAllowed = GROUPS.filter(({ name }) => allowed.has(name)).map(({ dn }) => dn);

/** Steps name nothing but places and groups of the town, and names of one part. */
function expectTame({ changes }: Plan): void {
	for (const { steps } of changes) {
		for (const step of steps) {
			if (step.do === 'create') expectTamePlace(step);
			if (step.do === 'relocate') [step.from, step.to].forEach(expectTamePlace);
			if (step.do === 'link' || step.do === 'unlink')
				expect(groupsAllowed).toContain((step.group as Ref & { dn: string }).dn);
			// Nobody's attributes but the ones of the mapping.
			if (step.do === 'set')
				for (const { attribute } of step.writes) expect(attribute).toMatch(/^[A-Za-z][A-Za-z0-9-]*$/);
		}
	}
}

function expectTamePlace({ parent, rdn }: { readonly parent: { readonly dn: string }; readonly rdn: string }): void {
	expect(places).toContain(parent.dn);
	expect(parseDn(rdn)).toMatchObject([[{ attribute: 'CN' }]]);
	const whole = parseDn(`${rdn},${parent.dn}`);
	expect(whole.slice(1)).toEqual(parseDn(parent.dn));
	expect(whole[0]).toEqual(parseDn(rdn)[0]);
}

/** The plan, and that it went through whole. */
async function made(people: readonly DesiredAccount[], accounts = ''): Promise<MadePlan> {
	const policy = { ...POLICY, names: { sameCandidate: true } };
	const plan = await planOf({ accounts: [account('B', { ou: SALES }), accounts], people, policy });
	expectTame(plan.plan);
	expect(sealFault(SIGNING_KEY, 'plan', JSON.parse(JSON.stringify(plan.plan)))).toBeUndefined();
	const total = Object.values(plan.plan.counts.people).reduce((sum, count) => sum + count);
	expect(total).toBeGreaterThanOrEqual(people.length);
	return plan;
}

const PLAIN = person('P');

describe('HR data that breaks things', () => {
	const [joiners, movers, leavers] = ['N', 'M', 'L'].map((kind) => STRINGS.map((_, index) => `${kind}${index}`));
	const accounts = [...(movers ?? []), ...(leavers ?? [])].map((key) => account(key, { groups: ['Poets'] })).join('');

	test.each(PLACES_OF_DATA)('stays data: %s', async (_where, changed) => {
		const hostile = (keys: readonly string[] = []) =>
			keys.map((key, index) => ({ ...person(key), ...changed(STRINGS[index] ?? '', person(key)) }));
		const leaving = hostile(leavers).map((who) => ({ ...who, lifecycle: 'leaver' as const }));
		const plan = await made([...hostile(joiners), ...hostile(movers), ...leaving, PLAIN], accounts);
		// Nobody else suffers by it, and whoever leaves, leaves.
		expect(told(plan)).toMatchObject({ P: ['joiner', 'create CN=User P in Staff', 'setPassword', 'enable'] });
		expect(plan.plan.counts.people.leaver).toBe(STRINGS.length);
	});

	const unfit = (key: string) => key.trim() === '' || key.includes('\u0000') || !key.isWellFormed();
	const keys = STRINGS.filter((key) => key.length <= 16);
	test('stays data: a key that the anchor can hold', async () => {
		for (const key of keys.filter((one) => !unfit(one))) {
			const who = personWith(key, { employeeID: key }, { names: person('K').names });
			expect([key, Object.keys(told(await made([who, PLAIN])))]).toEqual([key, [key, 'P']]);
			const again = await made([who, PLAIN], account(key, {}, {}, 'K'));
			expect([key, again.plan.counts.people.joiner]).toEqual([key, 1]);
		}
	});

	test('is a problem of one person: a key that no directory can keep', async () => {
		for (const key of keys.filter(unfit)) {
			const plan = await made([personWith(key, { employeeID: key }), PLAIN]);
			expect([key, plan.problems.map(({ kind }) => kind), Object.keys(told(plan))]).toEqual([key, ['unusable'], ['P']]);
		}
	});

	test('stops the plan in words: a key that is too long for the anchor', async () => {
		for (const key of STRINGS.filter((one) => !keys.includes(one)))
			await expect(made([person(key), PLAIN])).rejects.toMatchObject({
				kind: 'configuration',
				message: expect.stringContaining('employeeID takes 16 characters') as string,
			});
	});

	test('reaches no filter: what is looked for is told literally, whatever it looks like', async () => {
		const people = SYNTAX.map((text, index) => personWith(`N${index}`, { manager: { by: 'sn', value: text } }));
		const plan = await made(people);
		expect(plan.plan.changes).toHaveLength(SYNTAX.length);
		for (const { notes } of plan.plan.changes) expect(notes.join()).toContain('manager was left as it is');
		const keyed = SYNTAX.map((text, index) => person(`N${index}`, { previousKeys: [text] }));
		expect((await made(keyed)).plan.counts.people.joiner).toBe(SYNTAX.length);
	});
});
