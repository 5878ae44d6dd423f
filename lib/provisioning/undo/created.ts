/** What an account that the plan made must still be, for it to be deleted. */
import type { Ref, Value, Write } from '../../contracts';
import { NEW_DISABLED_ACCOUNT } from '../../directory/userAccountControl';
import type { Applied } from './merge';
import type { UndoTarget } from './targets';

type Values = ReadonlyArray<Value | Ref>;

/**
 * Every attribute that the plan wrote, at its last value, with place and password; disabled, as the step before has left it. Not those that name
 * people whom the plan made too: they may be gone by then.
 */
export function expectedOf({ results }: Applied, { dn, pwdLastSet }: UndoTarget): Readonly<Record<string, Values>> {
	const expected = new Map<string, readonly [attribute: string, values: Values]>();
	for (const { step } of results) {
		if (step.do === 'create')
			for (const [attribute, values] of Object.entries(step.attributes))
				if (!values.some(isJoiner)) expected.set(attribute.toLowerCase(), [attribute, values]);
		if (step.do !== 'set') continue;
		for (const write of step.writes) {
			const name = write.attribute.toLowerCase();
			const values = after(write, expected.get(name)?.[1] ?? []);
			if (values.some(isJoiner)) expected.delete(name);
			else expected.set(name, [expected.get(name)?.[0] ?? write.attribute, values]);
		}
	}
	return Object.fromEntries([
		...expected.values(),
		['userAccountControl', [String(NEW_DISABLED_ACCOUNT)]] as const,
		['distinguishedName', [dn]] as const,
		...(pwdLastSet === '' ? [] : [['pwdLastSet', [pwdLastSet]] as const]),
	]);
}

function after(write: Write, before: Values): Values {
	if (!('add' in write)) return write.to === null ? [] : [write.to];
	const text = (value: Value | Ref) => JSON.stringify(value);
	const removed = new Set(write.remove.map(text));
	return [...before.filter((value) => !removed.has(text(value))), ...write.add];
}

function isJoiner(value: Value | Ref): boolean {
	return typeof value === 'object' && 'change' in value;
}
