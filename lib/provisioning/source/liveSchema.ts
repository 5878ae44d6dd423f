/** What users of a live domain can have. */
import { readMarkPlace } from '../../directory/accounts/leaveMark';
import type { Directory } from '../../directory/directory';
import { textOf, textsOf, type Entry } from '../../directory/entry';
import { DirectoryError } from '../../directory/errors';
import { allOf, anyOf, equal, type Filter } from '../../directory/filter';
import { ATTRIBUTE_FIELDS, factsOf } from '../../directory/schema';
import { sidToBytes } from '../../directory/sid';
import { isAttributeName } from '../../schema/attributeName';
import { attributeFacts, type AttributeFacts } from '../../schema/attributes';
import type { PlanSource } from '../plan/types';
import { PEOPLE } from './liveAccounts';

/** Administrator: of the class user, in every domain (MS-DTYP 2.4.2.4). */
const FIRST_ACCOUNT = 500;

export function liveSchema(directory: Directory): Pick<PlanSource, 'schema' | 'markRoom'> {
	let example: Promise<Entry> | undefined;
	const user = () => (example ??= readExample(directory));
	return {
		schema: async (attributes) => {
			const allowed = new Set(textsOf(await user(), 'allowedAttributes').map((name) => name.toLowerCase()));
			const names = [...new Set(attributes.map((name) => name.toLowerCase()))].filter(
				(name) => isAttributeName(name) && (allowed.size === 0 || allowed.has(name)),
			);
			const strange = await ownFacts(
				directory,
				names.filter((name) => !attributeFacts(name)),
			);
			return new Map(
				names
					.filter((name) => attributeFacts(name) !== undefined || strange.has(name))
					.map((name) => [name, attributeFacts(name) ?? strange.get(name)]),
			);
		},
		markRoom: async (markAttribute) => {
			const { room } = await readMarkPlace(directory, { markAttribute }, (await user()).dn);
			return room;
		},
	};
}

/** Of attributes that Microsoft's schema does not have, or of which nothing is said there. */
async function ownFacts(
	directory: Directory,
	names: readonly string[],
): Promise<ReadonlyMap<string, AttributeFacts | undefined>> {
	if (names.length === 0) return new Map();
	const root = await directory.read('', ['schemaNamingContext']);
	const entries = await directory.search((root && textOf(root, 'schemaNamingContext')) ?? '', {
		scope: 'one',
		filter: anyOf(names.map((name) => equal('lDAPDisplayName', name))),
		attributes: ATTRIBUTE_FIELDS,
	});
	return new Map(
		entries.map((entry) => [(textOf(entry, 'lDAPDisplayName') ?? '').toLowerCase(), factsOf(entry, new Map())]),
	);
}

/** What an account may have is said by each account itself (allowedAttributes, MS-ADTS 3.1.1.4.5.15); any of the class user will do. */
async function readExample(directory: Directory): Promise<Entry> {
	const { dn, domainSid } = await directory.domain();
	const first = async (filter: Filter) =>
		(await directory.search(dn, { scope: 'sub', filter, attributes: ['allowedAttributes'], limit: 1 }))[0];
	const found =
		(await first(equal('objectSid', sidToBytes(`${domainSid}-${FIRST_ACCOUNT}`)))) ?? (await first(allOf(PEOPLE)));
	if (found) return found;
	throw new DirectoryError({
		kind: 'configuration',
		message: 'The service account cannot see a single user account, so nothing is known of what accounts can have.',
		whatToDo: 'Give it the right to read the users of the domain.',
	});
}
