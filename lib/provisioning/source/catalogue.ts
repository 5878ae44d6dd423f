/** The global catalogue: what every domain of the forest has, in part, on other ports of a controller (MS-ADTS 3.1.1.1.11, 5.1.1.1.2). */
import type { Directory } from '../../directory/directory';
import { textOf } from '../../directory/entry';
import { allOf, equal } from '../../directory/filter';
import { hasBits } from '../../directory/filterParts';
import type { DirectorySettings } from '../../directory/settings';

const LDAPS = 636;
const LDAP = 389;
const CATALOGUE_LDAPS = 3269;
const CATALOGUE_LDAP = 3268;
/** It is an addition: nobody waits long for a port that a firewall swallows. */
const CONNECT_MS = 3000;
const OPERATION_MS = 15_000;

/**
 * The same controllers, the same logon, the catalogue's port. Where the credential's port is shifted (a tunnel, a controller without root), the
 * catalogue's is taken to be shifted as much.
 */
export function catalogueSettings(settings: DirectorySettings): DirectorySettings {
	const secure = settings.security === 'ldaps';
	const shifted = settings.port - (secure ? LDAPS : LDAP);
	const usual = secure ? CATALOGUE_LDAPS : CATALOGUE_LDAP;
	return {
		...settings,
		port: usual + shifted >= 1 && usual + shifted <= 65_535 ? usual + shifted : usual,
		baseDn: '',
		connectTimeoutMs: Math.min(settings.connectTimeoutMs, CONNECT_MS),
		operationTimeoutMs: Math.min(settings.operationTimeoutMs, OPERATION_MS),
	};
}

/** A naming context of this forest (1), and a domain (2), in systemFlags of a crossRef (MS-ADTS 2.2.11). */
const DOMAIN_OF_FOREST = 3;

/** @returns how many domains the forest has; 0 = the controller does not say @throws DirectoryError */
export async function domainsOfForest(directory: Pick<Directory, 'read' | 'search'>): Promise<number> {
	const root = await directory.read('', ['configurationNamingContext']);
	const configuration = root && textOf(root, 'configurationNamingContext');
	if (!configuration) return 0;
	const found = await directory.search(`CN=Partitions,${configuration}`, {
		scope: 'one',
		filter: allOf([equal('objectClass', 'crossRef'), hasBits('systemFlags', DOMAIN_OF_FOREST)]),
		attributes: ['nCName'],
	});
	return found.length;
}
