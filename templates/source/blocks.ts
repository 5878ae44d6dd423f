/** Steps that several templates have, with their parameters as n8n's nodes store them. */
import { WORKFLOW, type Table } from './ids.ts';
import type { Flow, NodeSpec, Parameters } from './flow.ts';

type Place = readonly [column: number, row: number];
type FieldType = 'string' | 'number' | 'boolean' | 'array' | 'object';
export type Field = readonly [name: string, value: unknown, type?: FieldType];
/** An error output: the node, and how many other outputs it has. */
export type Failing = readonly [node: string, output: number];

const typeOf = (value: unknown): FieldType =>
	typeof value === 'number' || typeof value === 'boolean' ? (typeof value as 'number' | 'boolean') : 'string';

/** Edit Fields. @param more `include`: the fields of the item go along */
export function edit(
	name: string,
	at: Place,
	fields: readonly Field[],
	more: Partial<NodeSpec> & { readonly include?: boolean } = {},
): NodeSpec {
	const { include = false, ...settings } = more;
	const assignments = fields.map(([field, value, type = typeOf(value)]) => ({ id: field, name: field, value, type }));
	return {
		...{ name, type: 'set', version: 3.4, at },
		parameters: { assignments: { assignments }, ...(include ? { includeOtherFields: true } : {}), options: {} },
		...settings,
	};
}

/** Holds what passes, so that later steps can name it. */
export const hold = (name: string, at: Place, notes?: string): NodeSpec => ({
	...{ name, type: 'noOp', version: 1, at },
	...(notes === undefined ? {} : { notes }),
});

type Condition = Readonly<Record<string, unknown>>;
const conditions = (list: readonly Condition[], combinator: 'and' | 'or' = 'and') => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
	conditions: list.map((condition, index) => ({ id: `condition-${index + 1}`, ...condition })),
	combinator,
});
/** @param expression gives true or false, nothing else */
export const isTrue = (expression: string): Condition => ({
	...{ leftValue: expression, rightValue: '' },
	operator: { type: 'boolean', operation: 'true', singleValue: true },
});
export const isText = (expression: string, text: string): Condition => ({
	...{ leftValue: expression, rightValue: text },
	operator: { type: 'string', operation: 'equals' },
});

/** If: output 0 when all conditions hold, else output 1. */
export const ask = (name: string, at: Place, ...list: readonly Condition[]): NodeSpec => ({
	...{ name, type: 'if', version: 2.2, at, parameters: { conditions: conditions(list), options: {} } },
});

export const keepOnly = (name: string, at: Place, ...list: readonly Condition[]): NodeSpec => ({
	...{ name, type: 'filter', version: 2.2, at, parameters: { conditions: conditions(list), options: {} } },
});

/** Switch with named outputs; what fits none leaves by the last one, named `otherwise`. */
export function choose(
	name: string,
	at: Place,
	rules: ReadonlyArray<readonly [output: string, ...conditions: Condition[]]>,
	otherwise: string,
): NodeSpec {
	const values = rules.map(([outputKey, ...list]) => ({ conditions: conditions(list), renameOutput: true, outputKey }));
	return {
		...{ name, type: 'switch', version: 3.2, at },
		parameters: { rules: { values }, options: { fallbackOutput: 'extra', renameFallbackOutput: otherwise } },
	};
}

const tableByName = ({ name }: Table) => ({ __rl: true, mode: 'name', value: name });

/**
 * Data Table, Create with Reuse Existing Tables. One item comes out, whatever came in. It goes on when it fails: two first runs at the same moment
 * make the same table, and one of them is told so. Where the table is really missing, the first step that reads or writes it fails.
 */
export const makeTable = (name: string, at: Place, table: Table): NodeSpec => ({
	...{ name, type: 'dataTable', version: 1.1, at, executeOnce: true, goOn: true },
	parameters: {
		...{ resource: 'table', operation: 'create', tableName: table.name },
		columns: { column: table.columns.map((column) => ({ ...column })) },
		options: { createIfNotExists: true },
	},
});

type Values = Readonly<Record<string, unknown>>;
const rowOf = (table: Table, values: Values) => {
	const unknown = Object.keys(values).filter((name) => !table.columns.some((column) => column.name === name));
	if (unknown.length > 0) throw new Error(`The table ${table.name} has no ${unknown.join(', ')}.`);
	const schema = table.columns.map(({ name, type }) => ({
		...{ id: name, displayName: name, required: false, defaultMatch: false, display: true },
		...{ type: type === 'date' ? 'dateTime' : type, readOnly: false, removed: !(name in values) },
	}));
	return {
		...{ mappingMode: 'defineBelow', value: { ...values }, matchingColumns: [], schema },
		...{ attemptToConvertTypes: false, convertFieldsToString: false },
	};
};
type Filter = readonly [column: string, condition: string, value?: unknown];
const filtered = (filters: readonly Filter[]): Parameters => ({
	matchType: 'allConditions',
	filters: {
		conditions: filters.map(([keyName, condition, keyValue]) => ({
			...{ keyName, condition },
			...(keyValue === undefined ? {} : { keyValue }),
		})),
	},
});
const rows = (
	operation: string,
	name: string,
	at: Place,
	table: Table,
	parameters: Parameters,
	more: Partial<NodeSpec>,
): NodeSpec => ({
	...{ name, type: 'dataTable', version: 1.1, at, errorOutput: true },
	parameters: { resource: 'row', operation, dataTableId: tableByName(table), ...parameters },
	...more,
});

/** A row for each item. */
export const insertRows = (
	name: string,
	at: Place,
	table: Table,
	values: Values,
	more: Partial<NodeSpec> = {},
): NodeSpec => rows('insert', name, at, table, { columns: rowOf(table, values), options: {} }, more);

/**
 * Whether rows were kept. n8n's Data Table node passes some of its errors on as if nothing had failed, a full database among them
 * (n8n-nodes-base, DataTable/actions/router.ts): a row that was kept has a number.
 * @param rows the step that keeps them
 * @returns what has failed, both ways
 */
export function wereKept(flow: Flow, rows: string, name: string, at: Place): readonly Failing[] {
	flow.add(ask(name, at, isTrue("={{ typeof $json.id === 'number' }}")));
	flow.link(rows, name);
	return [
		[rows, 1],
		[name, 1],
	];
}

const changing =
	(operation: 'update' | 'upsert') =>
	(
		name: string,
		at: Place,
		table: Table,
		filters: readonly Filter[],
		values: Values,
		more: Partial<NodeSpec> = {},
	): NodeSpec =>
		rows(operation, name, at, table, { ...filtered(filters), columns: rowOf(table, values), options: {} }, more);

export const updateRows = changing('update');
export const upsertRows = changing('upsert');

/** All that fit, newest first. */
export const getRows = (
	name: string,
	at: Place,
	table: Table,
	filters: readonly Filter[],
	more: Partial<NodeSpec> = {},
): NodeSpec =>
	rows(
		...(['get', name, at, table] as const),
		{ ...filtered(filters), returnAll: true, orderBy: true, orderByColumn: 'createdAt', orderByDirection: 'DESC' },
		more,
	);

export const deleteRows = (
	name: string,
	at: Place,
	table: Table,
	filters: readonly Filter[],
	more: Partial<NodeSpec> = {},
): NodeSpec => rows('deleteRows', name, at, table, { ...filtered(filters), options: {} }, more);

/** Send Email, switched off until the builder has chosen an SMTP credential: it passes items on meanwhile. */
export const mail = (
	name: string,
	at: Place,
	{ to, subject, text }: { readonly to: string; readonly subject: string; readonly text: string },
): NodeSpec => ({
	...{ name, type: 'emailSend', version: 2.1, at, disabled: true, executeOnce: true },
	parameters: {
		...{ fromEmail: 'n8n@corp.example.com', toEmail: to, subject, emailFormat: 'text', text },
		options: { appendAttribution: false },
	},
});

/** Execute Sub-workflow with all items at once, and wait for its end. */
const callWorkflow = (name: string, at: Place, id: string, workflowName: string): NodeSpec => ({
	...{ name, type: 'executeWorkflow', version: 1.2, at, errorOutput: true },
	parameters: {
		workflowId: { __rl: true, mode: 'list', value: id, cachedResultName: workflowName },
		workflowInputs: { mappingMode: 'defineBelow', value: {}, matchingColumns: [], schema: [] },
		mode: 'once',
		options: { waitForSubWorkflow: true },
	},
});

/** A feed that gives nobody is broken: without this the run would end quietly, for no step comes after no people. */
export function nobodyCame(flow: Flow, read: string, system: string, [column, row]: Place): Failing {
	flow.add(
		keepOnly('Nobody Came?', [column, row], isTrue('={{ $json.records === 0 }}')),
		edit(
			'Say That Nobody Came',
			[column + 1, row],
			[['message', `={{ ['${system} handed out nobody.', ...($json.reasons ?? [])].join(' ') }}`]],
		),
	);
	flow.link([read, 1], 'Nobody Came?', 'Say That Nobody Came');
	return ['Say That Nobody Came', 0];
}

/** An attribute of a JumpCloud user, by its name; empty where the user has none. */
export const jumpCloudAttribute = (name: string): string =>
	`\${attributes | where: "name", "${name}" | map: "value" | first}`;
/** The same in all flows: whoever begins next month is not let in tonight by one that does not know it. */
export const JUMPCLOUD_START = jumpCloudAttribute('startDate');

/** Everything that fails ends here, and the error workflow hears of it. */
export function failures(
	flow: Flow,
	at: Place,
	from: readonly Failing[],
	words?: string,
	name = 'Stop with an Error',
): void {
	const message =
		words ??
		"={{ $prevNode.name + ': ' + ($prevNode.name.endsWith('Kept?') ? 'no. n8n could not write to its data tables, which may be full. What was applied is applied, and its outcomes are in this run.' : ($json.error?.message ?? $json.error?.description ?? $json.error ?? $json.message ?? 'it did not say why') + ($json.details ? ' ' + $json.details : '')) }}";
	flow.add({
		...{ name, type: 'stopAndError', version: 1, at },
		parameters: { errorMessage: message },
	});
	for (const failing of from) flow.link(failing, name);
}

/** What every template with an approval has in its Settings. */
export const APPROVAL_SETTINGS: readonly Field[] = [
	['approvers', 'approver@corp.example.com'],
	['owner', 'owner@corp.example.com'],
	['escalateTo', ''],
	['answerWithinHours', 72],
	['remindAfterHours', 24],
	['escalateAfterHours', 48],
];

export type Asked = {
	/** First step: its input is the plan. */
	readonly first: string;
	readonly ask: string;
	readonly approved: Failing;
	readonly declined: Failing;
	readonly timedOut: Failing;
	readonly failing: readonly Failing[];
};

const setting = (name: string) => `$('Settings').first().json.${name}`;
const hence = (hours: string) => `$now.plus({ hours: ${hours} })`;

/**
 * Puts a plan to the approval desk and waits: "Plan to Be Approved" (which holds it), the question, the helper, and the decision.
 * @param place of the first step; four steps to the right
 * @param level whose webhook suffix and whose list of approvers: `reviewers` or `approvers` of Settings
 * @param label set apart where a template asks more than once: 'Reviewer' makes "Ask the Approval Desk (Reviewer)"
 * @param plan the step that holds the plan; the one of this name is made unless an earlier question made it
 */
export function askDesk(
	flow: Flow,
	[column, row]: Place,
	{
		level = 'approver',
		label = '',
		plan = 'Plan to Be Approved',
		planIsThere = false,
		requester = ["''", "''"],
		first,
	}: {
		readonly level?: 'reviewer' | 'approver';
		readonly label?: string;
		readonly plan?: string;
		readonly planIsThere?: boolean;
		/** Expressions without braces: e-mail and id of whoever asked for it in a form. */
		readonly requester?: readonly [email: string, id: string];
		/** The step that holds the first level's decision. */
		readonly first?: string;
	} = {},
): Asked {
	const called = (name: string) => (label === '' ? name : `${name} (${label})`);
	const question = called('Put the Question');
	const helper = called('Ask the Approval Desk');
	const decision = called('Decision?');
	const again = called('Put the Question Again');
	const earlier = first === undefined ? undefined : `$('${first}').first().json`;
	const fields: readonly Field[] = [
		['ask.level', level],
		['ask.approvers', `={{ ${setting(level === 'reviewer' ? 'reviewers' : 'approvers')} }}`],
		['ask.owner', `={{ ${setting('owner')} }}`],
		['ask.escalateTo', `={{ ${setting('escalateTo')} }}`],
		['ask.requester', `={{ ${requester[0]} }}`],
		['ask.requesterId', `={{ ${requester[1]} }}`],
		[
			'ask.deadline',
			`={{ DateTime.min(${hence(setting('answerWithinHours'))}, DateTime.fromISO($json.expiresAt)).toUTC().toISO() }}`,
		],
		['ask.remindAt', `={{ ${hence(setting('remindAfterHours'))}.toUTC().toISO() }}`],
		['ask.escalateAt', `={{ ${hence(setting('escalateAfterHours'))}.toUTC().toISO() }}`],
		['ask.flow', '={{ $workflow.name }}'],
		['ask.executionId', '={{ $execution.id }}'],
		[
			'ask.firstAnswer',
			earlier === undefined
				? '={{ null }}'
				: `={{ { approverId: ${earlier}.approver.id, approver: ${earlier}.approver.email, comment: ${earlier}.comment } }}`,
			'object',
		],
		['ask.alsoLeftOut', earlier === undefined ? '={{ [] }}' : `={{ ${earlier}.leftOut }}`, 'array'],
	];
	// The helper's last item alone has all of these: killed before it, another item comes out, such as a row of the audit record.
	const decided = `={{ $json.planId === $('${plan}').first().json.id && $json.level === '${level}' && typeof $json.approvedOverLimit === 'string' ? $json.decision : '' }}`;
	if (!planIsThere) flow.add(hold(plan, [column, row]));
	flow.add(
		edit(question, [column + 1, row], fields, { include: true }),
		callWorkflow(helper, [column + 2, row], WORKFLOW.askDesk, 'Ask the Approval Desk'),
		choose(
			decision,
			[column + 3, row],
			[
				['Approved', isText(decided, 'approved')],
				['Declined', isText(decided, 'declined')],
				['Timed Out', isText(decided, 'timed out')],
			],
			'No Decision',
		),
		{
			...{ name: again, type: 'set', version: 3.4, at: [column + 2, row + 1] },
			parameters: { mode: 'raw', jsonOutput: `={{ $('${question}').first().json }}`, options: {} },
			notes: 'n8n was stopped while an answer came in: asked again, until the same deadline',
		},
	);
	flow.link(plan, question, helper, decision);
	flow.link([decision, 3], again, helper);
	return {
		...{ first: plan, ask: helper, failing: [[helper, 1]] },
		...{ approved: [decision, 0], declined: [decision, 1], timedOut: [decision, 2] },
	};
}

/** The row of an outcome; fields that are only for the report, such as an encrypted password, are not kept. */
export const outcomeRow = (approver: string, requester = "''"): Values => ({
	...{ at: '={{ $json.at }}', runId: '={{ $json.runId }}', planId: '={{ $json.bind.planId }}' },
	...{ changeId: '={{ $json.changeId }}', key: '={{ $json.key }}', displayName: '={{ $json.displayName }}' },
	...{ lifecycle: '={{ $json.lifecycle }}', status: '={{ $json.status }}', message: "={{ $json.message ?? '' }}" },
	...{ dn: '={{ $json.dn }}', guid: '={{ $json.guid }}', approver: `={{ ${approver} }}` },
	...{ requester: `={{ ${requester} }}`, flow: '={{ $workflow.name }}', executionId: '={{ $execution.id }}' },
	outcome:
		'={{ JSON.stringify((({ bind, runId, changeId, key, displayName, lifecycle, guid, dn, status, message, whatToDo, notes, steps, dc, at, approver, seal }) => ({ bind, runId, changeId, key, displayName, lifecycle, guid, dn, status, message, whatToDo, notes, steps, dc, at, approver, seal }))($json)) }}',
});
