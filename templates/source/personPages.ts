/** Pages of n8n's forms. */
import type { Failing } from './blocks.ts';
import type { Flow, NodeSpec } from './flow.ts';

type Place = readonly [column: number, row: number];

/** For all pages of ours: readable in width, and nothing sticks out. */
const CSS = ':root { --container-width: min(760px, 96vw); }\nli, p, label { overflow-wrap: anywhere; }\n';

/** A page with fields. Without an answer in time its input goes on: what comes after tests what only an answer has. */
export function formPage(
	name: string,
	at: Place,
	page: {
		readonly title: string;
		readonly button: string;
		readonly css?: string;
		/** One of both: fields as n8n stores them, or an expression that gives them as JSON. */
		readonly fields?: readonly object[];
		readonly json?: string;
	},
): NodeSpec {
	const { title, button, css = CSS, fields, json } = page;
	return {
		...{ name, type: 'form', version: 2.5, at },
		parameters: {
			...(json === undefined ? { formFields: { values: fields ?? [] } } : { defineForm: 'json', jsonOutput: json }),
			...{ limitWaitTime: true, limitType: 'afterTimeInterval', resumeUnit: 'minutes' },
			resumeAmount: "={{ $('Settings').first().json.answerFormWithinMinutes }}",
			options: { formTitle: title, buttonLabel: button, customCss: css },
		},
	};
}

export type Ending = {
	readonly name: string;
	readonly at: Place;
	/** What leads to it. */
	readonly from: readonly Failing[];
	readonly title: string;
	/** Markup: what comes out of data must have been made text. */
	readonly message: string;
};

/** A last page. Whoever has closed the browser holds the run up for a minute only. */
export function endingPage(flow: Flow, { name, at, from, title, message }: Ending): void {
	flow.add({
		...{ name, type: 'form', version: 2.5, at, executeOnce: true },
		parameters: {
			...{ operation: 'completion', respondWith: 'text', completionTitle: title, completionMessage: message },
			...{ limitWaitTime: true, limitType: 'afterTimeInterval', resumeUnit: 'minutes' },
			resumeAmount: "={{ $('Settings').first().json.endingPageMinutes }}",
			options: { customCss: CSS },
		},
	});
	for (const failing of from) flow.link(failing, name);
}
