/** "Reconcile People Every Night": what goes aside before anybody is waited for. It stands above the main path, so that n8n does it first. */
import * as block from './blocks.ts';
import type { Failing } from './blocks.ts';
import type { Flow } from './flow.ts';
import { FEEDS } from './ids.ts';
import { MAP, PLAN, setting } from './reconcileParts.ts';

/** Once a run, in words that HR can act on. */
export function tellHr(flow: Flow): void {
	const lane = (row: number, from: Failing, once: string, say: string, fields: readonly block.Field[]) => {
		flow.add(
			block.keepOnly(once, [9, row], block.isTrue('={{ $runIndex === 0 }}')),
			block.edit(say, [10, row], [['about', say.replace(/^Say /, '')], ...fields]),
		);
		flow.link(from, once, say, 'Send It to HR');
	};
	const who = "={{ $json.displayName || $json.record?.email || 'Somebody without a name' }}";
	lane(-4, [MAP, 2], 'Out of Scope, Once a Run', 'Say Who Is Out of Scope', [
		['who', who],
		['key', "={{ $json.key ?? '' }}"],
		['whatIsWrong', "={{ 'Not looked after by this flow: ' + ($json.conditions ?? []).join(' · ') }}"],
		['whatToDo', 'Nothing, if this is meant. Otherwise change the fields named here in JumpCloud.'],
	]);
	lane(-3, [MAP, 1], 'Rejected, Once a Run', 'Say Who Was Rejected', [
		['who', who],
		['key', "={{ $json.key ?? '' }}"],
		['whatIsWrong', "={{ ($json.problems ?? []).map((problem) => problem.message).join(' ') }}"],
		['whatToDo', 'Mend it in JumpCloud; the next night takes it along. Until then this person stays as they are.'],
	]);
	lane(-2, [PLAN, 2], 'Problems, Once a Run', 'Say What Wants a Look', [
		['who', "={{ $json.displayName || 'The plan as a whole' }}"],
		['key', "={{ $json.key ?? '' }}"],
		['whatIsWrong', "={{ ($json.urgent ? 'Urgent: ' : '') + $json.message }}"],
		['whatToDo', "={{ $json.whatToDo ?? '' }}"],
	]);
	flow.add(
		block.mail('Send It to HR', [11, -3], {
			to: setting('hr'),
			subject: '={{ $json.about }}',
			text: "={{ $input.all().map(({ json }) => [json.who + ' ' + json.key, json.whatIsWrong, json.whatToDo].join('\\n')).join('\\n\\n') }}",
		}),
	);
}

/** Of the first plan of a run, and of a feed that was whole: whoever is missing in two of them has left. */
export function keepTheMissing(flow: Flow): void {
	flow.add(
		block.keepOnly(
			'Whole Feed, First Plan?',
			[9, -1],
			block.isTrue('={{ $runIndex === 0 }}'),
			block.isTrue(
				"={{ $json.feed.complete === true && $json.feed.kind === 'full' && $json.feed.evidence === 'strong' }}",
			),
		),
		block.upsertRows('Keep Who Is Missing', [10, -1], FEEDS, [['feed', 'eq', '={{ $workflow.id }}']], {
			...{ feed: '={{ $workflow.id }}', missing: '={{ JSON.stringify($json.feed.missing) }}' },
			at: '={{ $now.toUTC().toISO() }}',
		}),
	);
	flow.link(PLAN, 'Whole Feed, First Plan?', 'Keep Who Is Missing');
}
