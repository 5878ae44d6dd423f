/** What the parts of "one person" have in common. */
import type { Field } from './blocks.ts';
import type { Flow, Parameters } from './flow.ts';
import { addresses } from './judging.ts';

export type PersonFlow = {
	readonly id: string;
	readonly name: string;
	readonly description: string;
	/** Of the form: `<n8n>/form/<path>`. */
	readonly path: string;
	readonly title: string;
	readonly intro: string;
	readonly note: string;
	/** Create Plan, *Planned*. */
	readonly planned: readonly string[];
	/** Further fields of the first page. */
	readonly fields?: readonly object[];
	/** Create Plan, *Joiner Options*, and what they take from Settings. */
	readonly joinerOptions?: Readonly<Record<string, unknown>>;
	readonly settings?: readonly Field[];
	/** Create Plan, *Rehire Options*. */
	readonly rehireOptions?: Readonly<Record<string, unknown>>;
	/** Expressions for the page with what will change, and for the one that says why nothing will. */
	readonly page: string;
	readonly nothing: string;
};

export const CALLED = "$('When the Rest Is to Be Approved')";
export const SETTINGS = "$('Settings').first().json";
export const ASKED = "$('Person Asked For').first().json";
/** A list of e-mail addresses in Settings that a user is on. */
export const isRequester = (user: string): string =>
	`={{ ${addresses(`${SETTINGS}.requesters`)}.includes(String(${user}?.email ?? '-').toLowerCase()) }}`;

export const PEOPLE = 'OU=People,DC=corp,DC=example,DC=com';

export const path = (value: string): Parameters => ({ __rl: true, mode: 'path', value });
/** Custom HCM Endpoint with one endpoint of JumpCloud's. */
export const endpoint = (values: Readonly<Record<string, unknown>>, ifIncomplete: 'fail' | 'goOn'): Parameters => ({
	...{ operation: 'getRecords', authentication: 'jumpCloud', source: 'custom' },
	...{ endpoints: { values: [{ ...values, primaryKey: path('_id') }] }, options: { ifIncomplete } },
});

/** The same canvas, for steps whose places are counted from elsewhere. */
export function shifted(flow: Flow, columns: number, rows: number): Flow {
	const moved = ([column, row]: readonly [number, number]) => [column + columns, row + rows] as const;
	return {
		link: flow.link,
		add: (...nodes) => flow.add(...nodes.map((node) => ({ ...node, at: moved(node.at) }))),
		note: (note) => flow.note({ ...note, at: moved(note.at) }),
	};
}
