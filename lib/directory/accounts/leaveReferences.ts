/** Names of other objects in a snapshot, such as the manager: kept by GUID too, since people are renamed and moved while others are away. */
import { attributeFacts } from '../../schema/attributes';
import type { Directory } from '../directory';
import { guidDn } from '../guid';
import type { Snapshot, SnapshotAttribute } from '../snapshot';
import { guidOf } from './account';

/** GUIDs by the distinguished names that leaving takes away. @throws DirectoryError */
export async function referencesOf(
	directory: Directory,
	attributes: readonly SnapshotAttribute[],
): Promise<Readonly<Record<string, string>>> {
	const references: Record<string, string> = {};
	for (const { attribute, from } of attributes) {
		if (attributeFacts(attribute)?.syntax !== 'dn') continue;
		for (const name of from) {
			const entry = typeof name === 'string' ? await directory.read(name, ['objectGUID']) : undefined;
			if (entry) references[String(name)] = guidOf(entry);
		}
	}
	return references;
}

/** The attributes of a snapshot, with the names that the objects have now. @throws DirectoryError */
export async function withPresentNames(
	directory: Directory,
	{ attributes, references = {} }: Snapshot,
): Promise<readonly SnapshotAttribute[]> {
	const present = new Map<string, string>();
	for (const [name, guid] of Object.entries(references)) {
		const entry = await directory.read(guidDn(guid), ['objectGUID']);
		if (entry) present.set(name, entry.dn);
	}
	return attributes.map((one) => ({ ...one, from: one.from.map((value) => present.get(String(value)) ?? value) }));
}
