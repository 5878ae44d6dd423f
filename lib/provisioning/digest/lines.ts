/** What the steps of a change do, one line for each value. */
import type { Change, Step, Write } from '../../contracts';
import { isDisabled } from '../../directory/userAccountControl';
import { refWords, rdnWords, containerWords, valueWords, type Shown, type Wording } from './values';

/** null = nothing is to be said there: a membership has no value before, a password is never shown. */
export type Line = {
	readonly what: string;
	/** LDAP name, or what else it is about. */
	readonly attribute: string;
	readonly before: Shown | null;
	readonly after: Shown | null;
};

/** @param markAttribute where marks and snapshots stand: they are the tool's own, and say nothing to people */
export function linesOf(wording: Wording, change: Pick<Change, 'steps' | 'target'>, markAttribute: string): Line[] {
	const telling = { wording, own: markAttribute };
	return change.steps.flatMap((step) => stepLines(telling, change, step));
}

/** `own` = the mark attribute. */
type Telling = { readonly wording: Wording; readonly own: string };

function stepLines(telling: Telling, { target }: Pick<Change, 'target'>, step: Step): readonly Line[] {
	const { wording } = telling;
	switch (step.do) {
		case 'create':
			return creationLines(telling, step);
		case 'set':
			// What an approver allows has a line, even where its value is the tool's own.
			return step.writes.every((write) => isOwn(telling, write.attribute))
				? [{ what: 'state mark of this tool', attribute: wording.show(telling.own), before: null, after: null }]
				: step.writes.flatMap((write) => writeLines(telling, write));
		case 'relocate':
			return relocationLines(wording, step);
		case 'link':
			return [{ what: 'joins', attribute: 'group', before: null, after: refWords(wording, step.group) }];
		case 'unlink':
			return [{ what: 'leaves', attribute: 'group', before: refWords(wording, step.group), after: null }];
		case 'setPassword':
			return [passwordLine(step)];
		case 'enable':
			return [accountLine('enabled', 'disabled'), ...step.with.flatMap((write) => writeLines(telling, write))];
		case 'disable':
			return [
				accountLine('disabled', isDisabled(step.fromUac) ? 'disabled' : 'enabled'),
				...step.with.flatMap((write) => writeLines(telling, write)),
			];
		case 'delete':
			return [
				{
					what: 'deleted',
					attribute: 'account',
					before: target ? { text: refWords(wording, target).text } : null,
					after: { text: '(gone)' },
				},
			];
	}
}

function creationLines(telling: Telling, step: Extract<Step, { do: 'create' }>): readonly Line[] {
	const { wording } = telling;
	const place = containerWords(wording, step.parent.dn);
	const made: Line = {
		what: 'created',
		attribute: 'account',
		before: null,
		after: { ...place, text: `${rdnWords(wording, step).text} in ${place.text}` },
	};
	const values = Object.entries(step.attributes).flatMap(([attribute, several]) =>
		isOwn(telling, attribute)
			? []
			: several.map(
					(value): Line => ({
						what: 'set',
						attribute: wording.show(attribute),
						before: null,
						after: valueWords(wording, attribute, value),
					}),
				),
	);
	return [made, ...values];
}

function relocationLines(wording: Wording, { from, to }: Extract<Step, { do: 'relocate' }>): readonly Line[] {
	const moved = from.parent.guid !== to.parent.guid;
	const renamed = from.rdn !== to.rdn;
	return [
		...(moved
			? [
					{
						what: 'moved',
						attribute: 'place',
						before: containerWords(wording, from.parent.dn),
						after: containerWords(wording, to.parent.dn),
					},
				]
			: []),
		...(renamed
			? [
					{
						what: 'renamed',
						attribute: 'cn',
						before: rdnWords(wording, from),
						after: rdnWords(wording, to),
					},
				]
			: []),
	];
}

function writeLines(telling: Telling, write: Write): readonly Line[] {
	const { wording } = telling;
	if (isOwn(telling, write.attribute)) return [];
	const attribute = wording.show(write.attribute);
	if ('remove' in write)
		return [
			...write.remove.map(
				(value): Line => ({
					what: 'removed',
					attribute,
					before: valueWords(wording, write.attribute, value),
					after: null,
				}),
			),
			...write.add.map(
				(value): Line => ({
					what: 'added',
					attribute,
					before: null,
					after: valueWords(wording, write.attribute, value),
				}),
			),
		];
	return [
		{
			what: write.to === null ? 'cleared' : write.from === null ? 'set' : 'changed',
			attribute,
			before: valueWords(wording, write.attribute, write.from),
			after: valueWords(wording, write.attribute, write.to),
		},
	];
}

function passwordLine({ rule, pwdLastSetBefore }: Extract<Step, { do: 'setPassword' }>): Line {
	const text = rule.mustChange ? 'a random one, to be changed at the next logon' : 'a random one';
	return { what: pwdLastSetBefore === '' ? 'set' : 'replaced', attribute: 'password', before: null, after: { text } };
}

function accountLine(what: 'enabled' | 'disabled', before: string): Line {
	return { what, attribute: 'account', before: { text: before }, after: { text: what } };
}

function isOwn({ own }: Telling, attribute: string): boolean {
	return attribute.toLowerCase() === own.toLowerCase();
}
