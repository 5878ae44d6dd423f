/** Playing outcomes over the objects of a directory, without one: what they say was done must be all that was done. */
import type { Outcome, Ref, StepResult, Value, Write } from '../../lib/contracts';
import { guidOf } from '../../lib/directory/accounts/account';
import type { Entry } from '../../lib/directory/entry';
import { guidToBytes } from '../../lib/directory/guid';
import { formatDn, parentOf, parseDn, safeDnKey } from '../../lib/schema/dn';

/** Objects are named by GUID meanwhile, since names change on the way. */
type Named = { readonly guid: string };
type Held = string | Buffer | Named;
type Standing = {
	readonly guid: string;
	/** undefined = it is no object that is played with, and its name stays. */
	rdn: string;
	parent: string | Named;
	readonly attributes: Map<string, Held[]>;
};

/**
 * @param entries objects with objectGUID, and with all attributes that steps are about: accounts, groups, containers
 * @param outcomes in the order in which they were done
 * @returns the objects as the outcomes have left them; with what the directory makes by itself only where it was there before
 */
export function replay(entries: readonly Entry[], outcomes: readonly Outcome[]): Entry[] {
	const guidByName = new Map(entries.map((entry) => [safeDnKey(entry.dn), guidOf(entry)]));
	const named = (text: string): string | Named => {
		const guid = text.includes('=') ? guidByName.get(safeDnKey(text)) : undefined;
		return guid === undefined ? text : { guid };
	};
	const objects = new Map<string, Standing>(
		entries.map((entry) => {
			const attributes = Object.entries(entry.attributes).map(([name, values]): [string, Held[]] => [
				name.toLowerCase(),
				values.map((value) => (typeof value === 'string' ? named(value) : value)),
			]);
			return [guidOf(entry), { ...placed(entry.dn, named), guid: guidOf(entry), attributes: new Map(attributes) }];
		}),
	);
	for (const outcome of outcomes)
		for (const result of outcome.steps) if (result.status === 'done') play(objects, outcome, result, named);
	return [...objects.values()].map((object) => finished(object, objects));
}

type Names = (text: string) => string | Named;

function placed(dn: string, named: Names): Pick<Standing, 'rdn' | 'parent'> {
	return { rdn: formatDn(parseDn(dn).slice(0, 1)), parent: named(parentOf(dn)) };
}

function play(objects: Map<string, Standing>, { guid }: Outcome, result: StepResult, named: Names): void {
	const { step, wrote = [] } = result;
	if (step.do === 'create')
		objects.set(guid, {
			...{ guid, rdn: step.rdn, parent: { guid: step.parent.guid } },
			attributes: new Map([['objectguid', [guidToBytes(guid)]]]),
		});
	const object = objects.get(guid);
	if (!object) throw new Error(`There is no object ${guid} to play step ${step.n} (${step.do}) on.`);
	for (const write of wrote) writeTo(object, write, named);
	if (step.do === 'relocate') {
		object.rdn = step.to.rdn;
		object.parent = { guid: step.to.parent.guid };
	}
	if ((step.do === 'link' || step.do === 'unlink') && 'guid' in step.group) {
		const group = objects.get(step.group.guid);
		for (const [holder, attribute, other] of [
			[group, 'member', guid],
			[object, 'memberof', step.group.guid],
		] as const)
			if (holder) change(holder, attribute, [{ guid: other }], step.do === 'link');
	}
	if (step.do !== 'delete') return;
	objects.delete(guid);
	for (const other of objects.values())
		for (const attribute of other.attributes.keys()) change(other, attribute, [{ guid }], false);
}

function writeTo(object: Standing, write: Write, named: Names): void {
	const attribute = write.attribute.toLowerCase();
	const held = (value: Value | Ref): Held => {
		if (typeof value === 'string') return named(value);
		if ('base64' in value) return Buffer.from(value.base64, 'base64');
		if ('guid' in value) return { guid: value.guid };
		throw new Error(`${write.attribute} names the joiner ${value.change}, whose account the outcome should name.`);
	};
	if ('add' in write) {
		change(object, attribute, write.remove.map(held), false);
		change(object, attribute, write.add.map(held), true);
	} else if (write.to === null) object.attributes.delete(attribute);
	else object.attributes.set(attribute, [held(write.to)]);
}

function change(object: Standing, attribute: string, values: readonly Held[], isAdded: boolean): void {
	const text = (value: Held) => JSON.stringify(value);
	const removed = new Set(values.map(text));
	const kept = (object.attributes.get(attribute) ?? []).filter((value) => !removed.has(text(value)));
	const now = isAdded ? [...kept, ...values] : kept;
	if (now.length > 0) object.attributes.set(attribute, now);
	else object.attributes.delete(attribute);
}

function finished(object: Standing, objects: ReadonlyMap<string, Standing>): Entry {
	const nameOf = (one: string | Named): string => {
		if (typeof one === 'string') return one;
		const found = objects.get(one.guid);
		if (!found) throw new Error(`There is no object ${one.guid}.`);
		return `${found.rdn},${nameOf(found.parent)}`;
	};
	const attributes = [...object.attributes].map(([name, values]) => [
		name,
		values.map((value) => (typeof value === 'object' && 'guid' in value ? nameOf(value) : value)),
	]);
	return {
		dn: nameOf({ guid: object.guid }),
		attributes: Object.fromEntries(attributes) as Entry['attributes'],
	};
}
