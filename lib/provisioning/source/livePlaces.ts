/** Organisational units by whatever names them. */
import { guidOf } from '../../directory/accounts/account';
import type { Directory } from '../../directory/directory';
import { DirectoryError } from '../../directory/errors';
import { anyOf, equal } from '../../directory/filter';
import { findPlace, PLACE_CLASSES } from '../../directory/places';
import type { PlaceKnown, PlanSource, Unfit } from '../plan/types';
import { readDirect } from './named';

/** Distinguished names and GUIDs in bulk, other names one by one; each once. */
export function livePlaces(directory: Directory): PlanSource['places'] {
	const known = new Map<string, PlaceKnown | Unfit>();
	const only = anyOf(PLACE_CLASSES.map((name) => equal('objectClass', name)));
	return async (names) => {
		const open = [...new Set(names)].filter((name) => !known.has(name));
		if (open.length > 0) {
			const direct = await readDirect(directory, open, ['objectGUID', 'objectClass'], { only });
			for (const name of open) {
				const entry = direct(name);
				known.set(name, entry ? { guid: guidOf(entry), dn: entry.dn } : await placeOrWhy(directory, name));
			}
		}
		return new Map(names.flatMap((name) => [[name, known.get(name) ?? { reason: 'it does not exist' }] as const]));
	};
}

async function placeOrWhy(directory: Directory, name: string): Promise<PlaceKnown | Unfit> {
	try {
		const dn = await findPlace(directory, name);
		const entry = await directory.read(dn, ['objectGUID']);
		return entry ? { guid: guidOf(entry), dn: entry.dn } : { reason: `${dn} does not exist any more` };
	} catch (error) {
		if (!(error instanceof DirectoryError) || (error.kind !== 'configuration' && error.kind !== 'person')) throw error;
		// As the end of a sentence.
		return { reason: error.message.replace(/\.$/, '') };
	}
}
