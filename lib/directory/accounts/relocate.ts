/** One ModifyDN of an account: another name, another place, or both. */
import { formatDn, InvalidDnError, parentOf, parseDn, sameDn } from '../../schema/dn';
import type { Directory } from '../directory';
import { textsOf, type Entry } from '../entry';
import { DirectoryError } from '../errors';
import { guidDn } from '../guid';
import { guidOf } from './account';

/** What users may stand in (possible superiors of the class user, win32 c-user). */
const CONTAINERS = new Set(['organizationalunit', 'container', 'builtindomain', 'domain']);
const NO_SUCH_OBJECT = 32;
const NO_RIGHTS = 50;

/** The name of an object inside its container, written for a request. @throws InvalidDnError */
export function rdnOf(dn: string): string {
	return formatDn(parseDn(dn).slice(0, 1));
}

/**
 * Where an object is to go, read before anything is written.
 * @param dn as an operator enters it
 * @returns its distinguished name
 * @throws DirectoryError (configuration) when it does not exist, or nothing can stand in it
 */
export async function readContainer(directory: Directory, dn: string): Promise<string> {
	const found = await directory.read(wellFormed(dn), ['objectClass']);
	if (!found)
		throw target(
			`${dn} does not exist.`,
			'Check the organisational unit. It must exist; it is never created by a move.',
		);
	if (!textsOf(found, 'objectClass').some((name) => CONTAINERS.has(name.toLowerCase())))
		throw target(`${found.dn} is no organisational unit.`, 'Choose an organisational unit or a container.');
	return found.dn;
}

function wellFormed(dn: string): string {
	try {
		// Blanks around names and the like are right for people (RFC 2253), but not for every server.
		if (parseDn(dn).length > 0 && !dn.includes('\u0000')) return formatDn(parseDn(dn));
	} catch (error) {
		if (error instanceof InvalidDnError)
			throw target(error.message, 'Give the whole distinguished name of the organisational unit.');
		throw error;
	}
	throw target(
		'There is no organisational unit to move to.',
		'Give the distinguished name of the organisational unit.',
	);
}

function target(message: string, whatToDo: string): DirectoryError {
	return new DirectoryError({ kind: 'configuration', message, whatToDo });
}

/**
 * Renames or moves by the name that was read: one that somebody changed meanwhile is no longer there, which is what the protocol has for a
 * condition. Done already counts as done, so it is safe to send again.
 * @param rdn the name it is to have, of `rdnOf` or `formatDn`
 * @param parent the container it is to stand in, of `readContainer`
 * @returns its distinguished name, as the directory spells it
 * @throws DirectoryError
 */
export async function relocate(directory: Directory, entry: Entry, rdn: string, parent: string): Promise<string> {
	const wanted = formatDn([...parseDn(rdn), ...parseDn(parent)]);
	const superior = sameDn(parentOf(entry.dn), parent) ? undefined : formatDn(parseDn(parent));
	const whereabouts = async () => (await directory.read(guidDn(guidOf(entry)), ['objectGUID']))?.dn;
	for (let attempt = 1; ; attempt += 1) {
		try {
			await directory.rename(entry.dn, rdn, superior);
			return (await whereabouts()) ?? wanted;
		} catch (error) {
			if (!(error instanceof DirectoryError) || error.stage) throw error;
			const unsure = error.kind === 'lost' || error.code === NO_SUCH_OBJECT;
			// Exactly, for a change of capitals only: it is the same name to the directory, and not yet done.
			const now = unsure ? await whereabouts() : entry.dn;
			if (unsure && now !== undefined && formatDn(parseDn(now)) === wanted) return now;
			if (now === undefined || !sameDn(now, entry.dn)) throw changedMeanwhile(entry.dn, now);
			if (error.kind === 'lost' && attempt === 1) continue;
			throw explained(error, entry.dn, rdn, superior);
		}
	}
}

function changedMeanwhile(before: string, now: string | undefined): DirectoryError {
	return new DirectoryError({
		kind: 'conflict',
		message:
			now === undefined
				? `Somebody deleted ${before} since it was read.`
				: `Somebody renamed or moved ${before} since it was read: it is ${now} now.`,
		whatToDo: 'Run again: it is read afresh.',
	});
}

/** The directory's answer in the words of a move or a rename. */
function explained(error: DirectoryError, dn: string, rdn: string, superior: string | undefined): DirectoryError {
	const place = superior ?? parentOf(dn);
	const { code, win32, said } = error;
	const raw = {
		...(code === undefined ? {} : { code }),
		...(win32 === undefined ? {} : { win32 }),
		...(said === undefined ? {} : { said }),
	};
	if (error.kind === 'taken')
		return new DirectoryError({
			...raw,
			kind: 'taken',
			message: `${dn} stays where it is: ${place} has an object ${rdn} already.`,
			whatToDo: 'Rename one of the two first.',
		});
	if (code === NO_RIGHTS)
		return new DirectoryError({
			...raw,
			kind: 'person',
			message: `The service account may not ${superior === undefined ? 'rename' : 'move'} ${dn}.`,
			whatToDo:
				superior === undefined
					? 'Give it the right to write the name (cn and name) of user objects in the organisational unit.'
					: 'Take "Protect object from accidental deletion" off the account, and give the service account the right to delete user objects where it stands and to create them where it goes: a move needs both.',
		});
	// Samba: 80 with ERROR_DS_NO_PARENT_OBJECT; AD: 32.
	if (code === NO_SUCH_OBJECT || (superior !== undefined && MISSING_PARENT.has(win32 ?? '')))
		return new DirectoryError({
			...raw,
			kind: 'configuration',
			message: `${dn} stays where it is: ${place} does not exist.`,
			whatToDo: 'Check the organisational unit. It must exist; it is never created by a move.',
		});
	return error;
}

const MISSING_PARENT = new Set(['00002089', '00002095', '0000208D']);
