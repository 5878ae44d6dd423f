/** Accounts of joiners that other people's attributes name. */
import { guidOf } from '../../directory/accounts/account';
import { textOf } from '../../directory/entry';
import { allOf, present } from '../../directory/filter';
import { atLeast } from '../../directory/filterParts';
import { toGeneralizedTime } from '../../schema/instants';
import { changeId } from '../keys';
import { lookupOf } from './reading';
import type { Engine } from './types';

/** Clocks of controllers may differ by minutes (MS-KILE: 5); an hour is beyond doubt. */
const MARGIN_MS = 3_600_000;

/**
 * Makes known who has an account by now: made by this run, by an earlier one, or by another worker that applies other changes of the same plan.
 * @param ids of changes
 * @throws DirectoryError
 */
export async function findJoiners(engine: Engine, ids: readonly string[]): Promise<void> {
	const open = [...new Set(ids)].filter((id) => !engine.joiners.has(id));
	let elsewhere = false;
	for (const id of open) {
		const work = engine.works.get(id);
		if (!work) elsewhere = true;
		else {
			const found = await engine.request.run.finder.findAgain(lookupOf(engine, work));
			const [entry] = found;
			if (entry && found.length === 1) engine.joiners.set(id, { guid: guidOf(entry), dn: entry.dn });
		}
	}
	if (elsewhere) await findElsewhere(engine);
}

/** The id of a change does not say whose it is, so all that were made since the plan are compared with it. */
async function findElsewhere(engine: Engine): Promise<void> {
	const { run, changes } = engine.request;
	const bind = changes[0]?.bind;
	if (!bind) return;
	const { dn } = await run.directory.domain();
	const since = toGeneralizedTime(Date.parse(bind.createdAt) - MARGIN_MS);
	const { matchAttribute } = run.marking;
	const found = await run.directory.search(dn, {
		scope: 'sub',
		filter: allOf([present(matchAttribute), atLeast('whenCreated', since)]),
		attributes: ['objectGUID', matchAttribute],
	});
	const made = new Map<string, { guid: string; dn: string } | undefined>();
	for (const entry of found) {
		const id = changeId(bind.planId, textOf(entry, matchAttribute) ?? '');
		// Of two with one key nobody can say which is meant.
		made.set(id, made.has(id) ? undefined : { guid: guidOf(entry), dn: entry.dn });
	}
	for (const [id, account] of made) if (account && !engine.works.has(id)) engine.joiners.set(id, account);
}
