/** Memberships against a directory of the test's own, which answers as Active Directory does. */
import fc from 'fast-check';
import type { Directory } from '../../../lib/directory/directory';
import type { Entry } from '../../../lib/directory/entry';
import { DirectoryError } from '../../../lib/directory/errors';
import { writeLinks, type LinkKind, type LinkOutcome } from '../../../lib/directory/groups/links';
import { guidToBytes } from '../../../lib/directory/guid';
import { explainResult } from '../../../lib/directory/resultCodes';

const DOMAIN = 'DC=corp,DC=example,DC=com';
const GROUP = `CN=group,${DOMAIN}`;
const dnOf = (number: number) => `CN=m${number},${DOMAIN}`;
const guidOf = (number: number) => `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;

/** Thrown as the connection throws it. */
function answer(code: number, text: string): DirectoryError {
	return new DirectoryError(explainResult(code, text, 'modify'));
}

/** What AD says: the member's state decides, the first bad one costs all. */
const ANSWERS = {
	already: [68, '00000562: UpdErr: DSID-031A11E2, problem 6005 (ENTRY_EXISTS), data 0\u0000'],
	none: [53, '00000561: SvcErr: DSID-031A120C, problem 5003 (WILL_NOT_PERFORM), data 0\u0000'],
	missing: [
		19,
		'000020B5: AtrErr: DSID-03152D2C, #1: problem 1005 (CONSTRAINT_ATT_TYPE), data 0, Att 1f (member)\u0000',
	],
	unfit: [53, '00002142: SvcErr: DSID-031A0FC0, problem 5003 (WILL_NOT_PERFORM), data 0\u0000'],
} as const;

type Model = {
	readonly members: Set<string>;
	/** Objects that exist, but may not be in such a group. */
	readonly unfit: ReadonlySet<string>;
	readonly existing: number;
	writes: number;
};

/** A directory with one group; everything else of it is not there. */
function directoryOf(model: Model): Directory {
	const entry = (number: number): Entry => ({
		dn: dnOf(number),
		attributes: { objectguid: [guidToBytes(guidOf(number))] },
	});
	const all = Array.from({ length: model.existing }, (_, number) => entry(number));
	const fake: Partial<Directory> = {
		domain: () => Promise.resolve({ dn: DOMAIN } as Awaited<ReturnType<Directory['domain']>>),
		read: () => Promise.resolve({ dn: GROUP, attributes: { member: [...model.members] } }),
		search: (_base, { filter }) => {
			const text = String(filter);
			return Promise.resolve(
				all.filter(
					({ dn }) =>
						text.includes(`distinguishedName=${dn})`) || text.includes(`distinguishedName=${dn.toLowerCase()})`),
				),
			);
		},
		modify: (_dn, changes) => {
			model.writes += 1;
			const [change] = changes;
			const values = (change?.values ?? []).map(String);
			for (const value of values) {
				const number = Number(/^CN=m(\d+),/i.exec(value)?.[1]);
				if (!(number < model.existing)) return Promise.reject(answer(...ANSWERS.missing));
				const dn = dnOf(number);
				if (change?.type === 'add' && model.members.has(dn)) return Promise.reject(answer(...ANSWERS.already));
				if (change?.type === 'delete' && !model.members.has(dn)) return Promise.reject(answer(...ANSWERS.none));
				if (model.unfit.has(dn)) return Promise.reject(answer(...ANSWERS.unfit));
			}
			for (const value of values) {
				const dn = dnOf(Number(/^CN=m(\d+),/i.exec(value)?.[1]));
				if (change?.type === 'add') model.members.add(dn);
				else model.members.delete(dn);
			}
			return Promise.resolve();
		},
	};
	return fake as Directory;
}

function expected(model: Model, kind: LinkKind, number: number): LinkOutcome['status'] {
	const dn = dnOf(number);
	if (number >= model.existing) return 'failed';
	if (model.members.has(dn) === (kind === 'add')) return 'already';
	return model.unfit.has(dn) ? 'failed' : 'done';
}

const numbers = fc.array(fc.nat({ max: 40 }), { maxLength: 60 });
const kinds = fc.constantFrom<LinkKind>('add', 'delete');

test('whoever is a member already, missing or unfit: each gets its own outcome, and the others are written', async () => {
	await fc.assert(
		fc.asyncProperty(numbers, numbers, numbers, kinds, async (before, unfit, given, kind) => {
			const model: Model = {
				...{
					members: new Set(before.filter((number) => number < 30).map(dnOf)),
					unfit: new Set(unfit.slice(0, 5).map(dnOf)),
				},
				...{ existing: 30, writes: 0 },
			};
			const wanted = given.map((number) => expected(model, kind, number));
			const outcomes = await writeLinks(directoryOf(model), GROUP, kind, given.map(dnOf));
			expect(outcomes.map(({ status }) => status)).toEqual(wanted);
			expect(outcomes.map(({ member }) => member)).toEqual(given.map(dnOf));
			const bad = new Set(given.filter((_, index) => wanted[index] === 'failed')).size;
			// Two for what is sorted out, and the halving down to each bad one.
			expect(model.writes).toBeLessThanOrEqual(4 + bad * 2 * 6);
			expect((await writeLinks(directoryOf(model), GROUP, kind, given.map(dnOf))).map(({ status }) => status)).toEqual(
				wanted.map((status) => (status === 'failed' ? 'failed' : 'already')),
			);
		}),
	);
});

test.each([
	['add', ANSWERS.already, 'already', undefined],
	['add', [20, '0000200D: AtrErr: DSID-1, data 0'], 'already', undefined],
	['delete', ANSWERS.none, 'already', undefined],
	['delete', [53, '00000529: SvcErr: DSID-1, data 0'], 'already', undefined],
	['add', ANSWERS.missing, 'failed', 'There is no such member.'],
	['add', [32, '00000525: NameErr: DSID-1, data 0'], 'failed', 'There is no such member.'],
	['add', ANSWERS.unfit, 'failed', 'The directory refuses this member.'],
	['delete', [53, '0000055E: SvcErr: DSID-1, data 0'], 'failed', 'The directory refuses this member.'],
	[
		'add',
		[50, '00002098: SecErr: DSID-1, data 0'],
		'failed',
		'The service account has no right to change the members of the group.',
	],
] as const)('to %s one that is answered by %j is %s', async (kind, [code, text], status, message) => {
	const directory = { modify: () => Promise.reject(answer(code, text)) } as Partial<Directory> as Directory;
	const [outcome] = await writeLinks(directory, GROUP, kind, [dnOf(1)]);
	expect([outcome?.status, outcome?.error?.message]).toEqual([status, message]);
});

test('nobody is written for an empty list', async () => {
	expect(await writeLinks({} as Directory, GROUP, 'add', [])).toEqual([]);
});
