/** People of one plan who name each other, while some of them move, leave or are deleted. */
import { disable, plan, apply, refOf, relocation, set, targetOf, write, type Parts } from '../support/changes';
import { startSamba, type Domain } from '../support/samba';
import type { Directory } from '../../lib/directory/directory';
import { withDirectory, MARKING, SIGNING_KEY } from '../support/directory';
import { textsOf, valuesOf } from '../../lib/directory/entry';
import { findMark } from '../../lib/directory/mark';
import { findSnapshot } from '../../lib/directory/snapshot';
import { addPerson, change, edit, leave, openOffice, stateOf, type Office } from './leave-return-people';

let domain: Domain;
let office: Office;

beforeAll(async () => {
	domain = await startSamba();
	office = await openOffice(domain);
}, 120_000);
afterAll(() => domain?.stop());

/** An account in no group, whose manager is somebody. */
async function reporting(key: string, manager: string): Promise<string> {
	const dn = await addPerson(domain, { people: office.people, groups: [] }, key);
	await edit(domain, dn, change('replace', 'manager', [manager]));
	return dn;
}

async function mover(directory: Directory, key: string, dn: string, ...steps: Parts['steps']): Promise<Parts> {
	return { key, lifecycle: 'mover', target: await targetOf(directory, dn), steps };
}

test('a manager who moves first is still the one that others lose, and that a leaver gets back', async () => {
	const [boss, next] = await Promise.all(['B1', 'B2'].map((key) => reporting(key, domain.bindDn)));
	const staff = await reporting('S1', boss ?? '');
	const leaver = await reporting('S2', boss ?? '');
	const changes = await plan(domain, async (directory) => {
		const [old, other] = await Promise.all([boss ?? '', next ?? ''].map((dn) => refOf(directory, dn)));
		if (!old || !other) throw new Error('no managers');
		const leaving = disable(512, write('manager', old, null));
		return [
			await mover(directory, 'B1', old.dn, await relocation(directory, old.dn, office.leavers, 'CN=Renamed')),
			await mover(directory, 'S1', staff, set(write('manager', old, other))),
			{ key: 'S2', lifecycle: 'leaver', target: await targetOf(directory, leaver), steps: [leaving] },
		];
	});
	const { outcomes } = await apply(domain, changes);
	expect(outcomes.map(({ status, message }) => [status, message])).toEqual(
		Array.from({ length: 3 }, () => ['applied', undefined]),
	);
	expect(await stateOf(domain, 'S1')).toMatchObject({ manager: [next] });
	const moved = `CN=Renamed,${office.leavers}`;
	const kept = await withDirectory(domain, async (directory) => {
		const entry = await directory.read(leaver, [MARKING.markAttribute]);
		const values = entry ? textsOf(entry, MARKING.markAttribute) : [];
		const { guid } = await refOf(directory, leaver);
		const mark = findMark(SIGNING_KEY, values, [{ state: 'left', objectGuid: guid }]);
		return {
			snapshot: findSnapshot(SIGNING_KEY, values, guid, mark?.at ?? '')?.snapshot,
			boss: await refOf(directory, moved),
		};
	});
	expect(kept.snapshot?.attributes).toEqual([{ attribute: 'manager', from: [moved], to: [] }]);
	expect(kept.snapshot?.references).toEqual({ [moved]: kept.boss.guid });
	expect((await apply(domain, changes)).writes).toBe(0);
});

test('a manager who is deleted by the same plan, before or after them, keeps nobody from getting another', async () => {
	const old = await reporting('D1', domain.bindDn);
	const staff = await reporting('D2', old);
	await leave(domain, 'D1');
	const changes = await plan(domain, async (directory) => {
		const entry = await directory.read(old, [MARKING.markAttribute]);
		const expected = (entry ? valuesOf(entry, MARKING.markAttribute) : []).map(String);
		const gone = await targetOf(directory, old);
		const steps: Parts['steps'] = [{ do: 'delete', expect: { [MARKING.markAttribute]: expected } }];
		const given = write('manager', await refOf(directory, old), await refOf(directory, domain.bindDn));
		return [{ key: 'D1', lifecycle: 'leaver', target: gone, steps }, await mover(directory, 'D2', staff, set(given))];
	});
	const { outcomes } = await apply(domain, changes);
	expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
	expect(await stateOf(domain, 'D2')).toMatchObject({ manager: [domain.bindDn] });
	await expect(stateOf(domain, 'D1')).rejects.toThrow();
	const later = await reporting('D3', domain.bindDn);
	await edit(domain, later, change('delete', 'manager', [domain.bindDn]));
	// In a later block the account is gone when its turn comes.
	const late = await plan(domain, async (directory) => {
		const target = changes[0]?.target;
		if (!target) throw new Error('nobody was deleted');
		const given = write('manager', { guid: target.guid, dn: target.dn }, await refOf(directory, domain.bindDn));
		return [await mover(directory, 'D3', later, set(given))];
	});
	expect((await apply(domain, late)).outcomes[0]).toMatchObject({ status: 'applied' });
});
