/** What the two halves of template 2 share: the names of their steps, and steps that both have. */
import * as block from './blocks.ts';
import type { Asked, Failing, Field } from './blocks.ts';
import type { Flow, NodeSpec } from './flow.ts';
import { OUTCOMES } from './ids.ts';

export const READ = 'Read People from JumpCloud';
export const WAITED = 'Note When to Ask HR Again';
export const DISABLED = 'Note Who Was Disabled';

export const setting = (name: string): string => `={{ $('Settings').first().json.${name} }}`;
export const of = (node: string, path: string): string => `$('${node}').first().json.${path}`;
export const all = (node: string, field: string): string =>
	`($('${node}').isExecuted ? $('${node}').all().map(({ json }) => json.${field}) : [])`;
const unit = (name: string) => ({ __rl: true, mode: 'dn', value: setting(name) });

/** Leavers only, in both plans the same. No description with a date: the plan made again on another day would differ. */
export const planning = (
	name: string,
	at: readonly [number, number],
	parameters: Readonly<Record<string, unknown>>,
	leaving: Readonly<Record<string, unknown>> = {},
): NodeSpec => ({
	...{ name, type: 'adProvision', version: 1, at, errorOutput: true, retry: true },
	parameters: {
		...{ resource: 'plan', operation: 'createPlan', planned: ['disable'] },
		searchBases: { values: [{ unit: unit('peopleOu') }] },
		leaverOptions: { randomPassword: true, removeFromGroups: true, moveTo: unit('leaversOu'), ...leaving },
		// Two levels may use up their time one after the other.
		options: { expiresAfterHours: `={{ Math.ceil(2 * ${of('Settings', 'answerWithinHours')}) + 24 }}` },
		...parameters,
	},
});

export function endings(flow: Flow, asked: Asked, column: number, who: string, consequence: string, row = 0): void {
	const end = (name: string, at: number, from: Failing, what: string) => {
		flow.add(
			block.edit(
				name,
				[column, at],
				[
					['what', `${what} ${consequence}`],
					['who', "={{ $json.approver?.email ?? '' }}"],
					['comment', "={{ $json.comment ?? '' }}"],
				],
			),
		);
		flow.link(from, name);
	};
	end(`${who} Declined`, row + 1, asked.declined, `${who} declined.`);
	end(`${who} Did Not Answer`, row + 2, asked.timedOut, `${who} did not answer in time.`);
}

/** What an approved plan becomes: outcomes kept, and who was done, failed and was held back, each by a step of its own. */
export function applying(
	flow: Flow,
	[column, row]: readonly [number, number],
	apply: NodeSpec,
	{ keep, approver, done, failed, held }: Readonly<Record<'keep' | 'approver' | 'done' | 'failed' | 'held', string>>,
): readonly Failing[] {
	const name: Field = ['displayName', '={{ $json.displayName }}'];
	const why: Field = ['why', "={{ [$json.message, $json.whatToDo].filter(Boolean).join(' ') }}"];
	flow.add(
		apply,
		block.insertRows(keep, [column + 3, row + 2], OUTCOMES, block.outcomeRow(approver)),
		block.edit(done, [column + 1, row], [['key', '={{ $json.key }}'], name, ['dn', '={{ $json.dn }}'], why]),
		block.edit(failed, [column + 1, row + 1], [name, why]),
		block.edit(held, [column + 1, row + 2], [name, why]),
	);
	flow.link(apply.name, keep);
	flow.link(apply.name, done);
	flow.link([apply.name, 1], keep);
	flow.link([apply.name, 1], failed);
	flow.link([apply.name, 2], held);
	const kept = block.wereKept(flow, keep, keep.replace('Keep', 'Were').replace(/$/, ' Kept?'), [column + 4, row + 2]);
	return [[apply.name, 3], ...kept];
}

export const applyNode = (
	name: string,
	at: readonly [number, number],
	{ plan, again, approval, approver }: Readonly<Record<'plan' | 'again' | 'approval' | 'approver', string>>,
): NodeSpec => ({
	...{ name, type: 'adProvision', version: 1, at, errorOutput: true },
	parameters: {
		...{ resource: 'plan', operation: 'applyPlan' },
		approved: `={{ $('${plan}').first().json }}`,
		approvedOverLimit: `={{ ${of(approval, 'approvedOverLimit')} }}`,
		approver: `={{ ${approver} }}`,
		options: {
			leaveOut: `={{ ${of(approval, 'leftOut')} }}`,
			stillPlanned: `={{ $('${again}').first(0).json }}`,
			leaseObject: setting('leaseObject'),
		},
	},
});

export const told = (node: string): string =>
	`={{ $('${node}').isExecuted ? $('${node}').all().map(({ json }) => json.displayName + ': ' + json.why) : [] }}`;

export const approvedBy = (approval: string): readonly Field[] => [
	['approvedBy', `={{ ${of(approval, 'approver.email')} }}`],
	['comment', `={{ ${of(approval, 'comment')} }}`],
];

/** Each part of the flow has its own end for what fails, so that the lines stay short. */
export const stop = (flow: Flow, at: readonly [number, number], part: string, from: readonly Failing[]): void =>
	block.failures(flow, at, from, undefined, part === '' ? undefined : `Stop with an Error (${part})`);
