/** The last pages of "one person". */
import { ask, edit, isTrue, wereKept } from './blocks.ts';
import type { Flow } from './flow.ts';
import { endingPage, type Ending } from './personPages.ts';
import { CALLED, SETTINGS, type PersonFlow } from './personParts.ts';
import { outcomeWords, WANTED, words } from './personWords.ts';

const DONE = words(
	`const isApplied = $('Apply Low-Risk Changes').isExecuted; let done = []; if (isApplied) { ${outcomeWords('Apply Low-Risk Changes')} done = [...applied, ...failed]; } const rest = $('Describe the Changes').first().json.high.length; return lines([...done, ...(rest > 0 ? [(done.length > 0 ? 'The rest' : 'What you asked for') + ' waits at the approval desk (' + rest + (rest === 1 ? ' change' : ' changes') + '). Nothing of it is done before it is approved there, by somebody else than you.'] : [])]);`,
);

/** The pages that end it, each with what leads to it. */
function endings({ nothing }: PersonFlow): readonly Ending[] {
	return [
		{
			...{ name: 'Not on the List', at: [5, 1], from: [['May This User Ask?', 1]], title: 'You Cannot Ask Here' },
			message: words(
				`return text('Your address is not among the requesters in the Settings of this workflow. Ask its owner: ' + ${SETTINGS}.owner);`,
			),
		},
		{
			...{
				name: 'Too Many Were Found',
				at: [8.3, 2],
				from: [['How Many Are They?', 2]],
				title: 'Too Many People Were Found',
			},
			message: words(
				`return text($json.people.length + ' people in JumpCloud have "' + ${WANTED}.slice(0, 100) + '" in their name, username or address. Enter the employee identifier, or the whole name.');`,
			),
		},
		{
			...{ name: 'Nobody Was Found', at: [8.3, 3], from: [['How Many Are They?', 3]], title: 'Nobody Was Found' },
			message: words(
				`return text('Nobody in JumpCloud has "' + ${WANTED}.slice(0, 100) + '" as employee identifier, or in the username, e-mail address or name.');`,
			),
		},
		{
			...{ name: 'Nobody Was Chosen', at: [11.1, 1], from: [['Is Somebody Chosen?', 1]], title: 'Nobody Was Chosen' },
			message: 'Nothing was changed.',
		},
		{
			...{
				name: 'Nothing Will Change',
				at: [6.8, 7],
				from: [['Is There Anything to Do?', 1]],
				title: 'Nothing Will Change',
			},
			message: nothing,
		},
		{
			...{ name: 'Nothing Was Done', at: [8.6, 7], from: [['Confirmed?', 1]], title: 'Nothing Was Done' },
			message: 'Nothing was confirmed, and nothing was changed.',
		},
		{ ...{ name: 'Done', at: [14.4, 6], from: [], title: 'Thank You' }, message: DONE },
	];
}

/** A page for whoever waits for one, and the error workflow. */
export function addFailing(flow: Flow): void {
	const said =
		"={{ $prevNode.name + ': ' + ($json.error?.message ?? $json.error?.description ?? $json.error ?? $json.message ?? 'it did not say why') }}";
	flow.add(
		edit('Say What Failed', [20.5, 5.4], [['message', said]], { executeOnce: true }),
		ask('Is a Page Awaited?', [21.5, 5.4], isTrue(`={{ !${CALLED}.isExecuted }}`)),
	);
	flow.link('Say What Failed', 'Is a Page Awaited?');
	endingPage(flow, {
		...{
			name: 'Something Went Wrong',
			at: [22.5, 5],
			from: [['Is a Page Awaited?', 0]],
			title: 'Something Went Wrong',
		},
		message: words(
			"return text($('Say What Failed').first().json.message) + '<br>Look at this run in n8n before you try again: ' + text($execution.id);",
		),
	});
	for (const [node, output] of [
		['Find the Person in JumpCloud', 2],
		['Read the Person from JumpCloud', 2],
		['Map to Accounts', 3],
		['Create Plan', 3],
		['Apply Low-Risk Changes', 3],
		...wereKept(flow, 'Keep What Was Done', 'Was It Kept?', [21.6, -1]),
		['Pass the Rest On', 1],
	] as const)
		flow.link([node, output], 'Say What Failed');
}

export function addEndings(flow: Flow, about: PersonFlow): void {
	for (const ending of endings(about)) endingPage(flow, ending);
}
