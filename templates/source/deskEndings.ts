/** The last pages of the approval desk. */
import { failures, type Failing } from './blocks.ts';
import { answeredWords, expiredWords, helpWords, html } from './deskPages.ts';
import type { Flow } from './flow.ts';
import { endingPage } from './personPages.ts';

/** The row of the question, and what the person said. */
export const ROW = "$('Read the Question').first().json";
export const SAID = "$('Read the Form').first().json.said";
const person = "$('Show the Question').first().json.user.email";
const thanks = `={{ ${SAID}.decision === 'Approve' ? 'You have approved ' + TITLE + (${SAID}.leftOut.length > 0 ? ' and left out ' + ${SAID}.leftOut.length + (${SAID}.leftOut.length === 1 ? ' change' : ' changes') : '') + '. Its flow goes on now: it asks the next level if there is one, plans again as a check, and does what still stands.' : 'You have declined ' + TITLE + '. Nothing of it is done.' }}`;

export function endings(flow: Flow): void {
	endingPage(flow, {
		...{ name: 'Thank the Approver', at: [18, 4], from: [['What Does the Run Say?', 0]] },
		...{ title: 'Thank you', message: thanks.replaceAll('TITLE', html(`${ROW}.title`)) },
	});
	endingPage(flow, {
		...{ name: 'Say Why It Was Refused', at: [18, 5], from: [['What Does the Run Say?', 1]] },
		...{ title: 'Your answer was not taken' },
		message: `={{ ${html('$json.body?.refusal')} + '<br>You are signed in as ' + ${html(person)} + '. Nothing was decided by it.' }}`,
	});
	endingPage(flow, {
		...{ name: 'Say It Is Answered', at: [18, 6] },
		from: [['What Became of It?', 0]],
		...{ title: 'This plan is answered already', message: `={{ ${answeredWords('$json')} }}` },
	});
	endingPage(flow, {
		...{ name: 'Say It Has Expired', at: [18, 7] },
		from: [['What Became of It?', 1]],
		...{ title: 'This plan has expired', message: `={{ ${expiredWords('$json')} }}` },
	});
	endingPage(flow, {
		...{ name: 'Say It Was Not Reached', at: [18, 8] },
		from: [
			['What Became of It?', 2],
			['Is It This n8n?', 1],
		],
		title: 'The plan could not be reached',
		message: `={{ 'Your answer did not arrive, and nothing was decided. Try again in a minute.' + ${helpWords} }}`,
	});
	early(flow);
}

/** Of those who come to no question. */
function early(flow: Flow): void {
	const told = (name: string, row: number, output: number, title: string, message: string) =>
		endingPage(flow, { name, at: [9, row], from: [['Which Page?', output]], title, message });
	const help = `={{ WORDS + ${helpWords} }}`;
	const because = (words: string) => help.replace('WORDS', JSON.stringify(words));
	told('Show When It Was Answered', 2, 2, 'This plan is answered already', `={{ ${answeredWords('$json.named')} }}`);
	told('Show When It Expired', 3, 3, 'This plan has expired', `={{ ${expiredWords('$json.named')} }}`);
	told('Say Nothing Waits', 4, 4, 'Nothing is waiting for you', 'You get a message when a plan needs your answer.');
	told('Turn a Stranger Away', 5, 5, 'You are not an approver', because('Your name is on no list of approvers.'));
	told(
		'Turn the Wrong Person Away',
		6,
		6,
		'You are not an approver of this plan',
		because('Somebody else has to answer it.'),
	);
	told('Say There Is No Such Plan', 7, 7, 'There is no such plan', because('It may be old, or its number mistyped.'));
}

/** The person sees that it failed; the error workflow hears of it after that. */
export function failed(flow: Flow): void {
	const from: readonly Failing[] = [
		...['Make the Table of Waiting Plans', 'Read the Waiting Plans', 'Find the Plan in the Address'],
		...['Is the Person on a List?', 'Read the Question', 'Hash What Was Shown', 'Sign the Answer'],
		'Look What Became of It',
	].map((name) => [name, 1] as const);
	endingPage(flow, {
		...{ name: 'Say That the Desk Failed', at: [11, 3], from, title: 'The desk does not work' },
		message: `={{ 'Nothing was decided. The administrators of n8n are told.' + ${helpWords} }}`,
	});
	failures(flow, [12, 3], [['Say That the Desk Failed', 0]]);
}
