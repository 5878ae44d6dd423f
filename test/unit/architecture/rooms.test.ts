import { spawnSync } from 'node:child_process';
import path from 'node:path';

const project = path.resolve(__dirname, '../../..');

type Line = readonly [file: string, code: string];

const FORBIDDEN: readonly Line[] = [
	['lib/contracts.ts', "import { NodeOperationError } from 'n8n-workflow';\nexport { NodeOperationError };\n"],
	['lib/hcm/feed.ts', "import { NodeOperationError } from 'n8n-workflow';\nexport { NodeOperationError };\n"],
	['lib/hcm/feed.ts', "import { WorkflowExecute } from 'n8n-core';\nexport { WorkflowExecute };\n"],
	['lib/hcm/feed.ts', "import type { INode } from 'n8n-workflow';\nexport type { INode };\n"],
	['lib/hcm/feed.ts', "export * from '@n8n/errors';\n"],
	['lib/hcm/feed.ts', "export * from '../mapping/map';\n"],
	['lib/hcm/feed.ts', "export * from '../schema/dn';\n"],
	['lib/mapping/map.ts', "export * from '../directory/connection';\n"],
	['lib/mapping/map.ts', "export * from '../hcm/feed';\n"],
	['lib/directory/connection.ts', "export * from '../mapping/map';\n"],
	['lib/directory/connection.ts', "export * from '../../lib/json/path';\n"],
	['lib/schema/dn.ts', "export * from '../json/path';\n"],
	['lib/json/path.ts', "export * from '../hcm/feed';\n"],
	['lib/directory/connection.ts', "export * from '../../nodes/AdProvision/AdProvision.node';\n"],
	['lib/directory/connection.ts', "export * from '../../demo/world';\n"],
];

const ROUND_ABOUT: readonly Line[] = [
	['lib/hcm/feed.ts', "export const late = async (): Promise<unknown> => await import('../mapping/map');\n"],
	['lib/hcm/feed.ts', "export const late: unknown = require('n8n-workflow');\n"],
];

const ALLOWED: readonly Line[] = [
	['lib/hcm/feed.ts', "export * from '../json/path';\n"],
	['lib/mapping/map.ts', "export * from '../schema/attributes';\n"],
	['lib/directory/connection.ts', "export * from '../schema/dn';\n"],
	['lib/directory/connection.ts', "export type { FeedReport } from '../contracts';\n"],
	['nodes/AdProvision/AdProvision.node.ts', "export * from '../../lib/directory/connection';\n"],
];

/** The project's own ESLint, as a process of its own: its configuration is an ES module, which Jest does not load. */
const SCRIPT = `
import { ESLint } from 'eslint';
import path from 'node:path';
let input = '';
for await (const chunk of process.stdin) input += chunk;
const eslint = new ESLint({ cwd: process.cwd() });
const rules = [];
for (const [file, code] of JSON.parse(input)) {
	const [result] = await eslint.lintText(code, { filePath: path.join(process.cwd(), file) });
	rules.push(result.messages.map((message) => message.ruleId ?? message.message));
}
process.stdout.write(JSON.stringify(rules));
`;

let reported: ReadonlyMap<Line, readonly string[]>;

beforeAll(() => {
	const lines = [...FORBIDDEN, ...ROUND_ABOUT, ...ALLOWED];
	const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
		cwd: project,
		input: JSON.stringify(lines),
		encoding: 'utf8',
	});
	if (stdout === '') throw new Error(stderr);
	const rules = JSON.parse(stdout) as readonly (readonly string[])[];
	reported = new Map(lines.map((line, index) => [line, rules[index] ?? []]));
}, 120_000);

/** Rule names that the project's own configuration reports for a line of code standing in a file of the given room. */
const rulesFor = (lines: readonly Line[], index: number) => reported.get(lines[index] ?? ['', '']) ?? ['not linted'];
const numbered = (lines: readonly Line[]) => lines.map(([file, code], index) => [file, code, index] as const);

describe('the rooms of lib/', () => {
	test.each(numbered(FORBIDDEN))('%s may not say %j', (_file, _code, index) => {
		expect(rulesFor(FORBIDDEN, index)).toContain('no-restricted-imports');
	});

	test.each(numbered(ROUND_ABOUT))('%s may not go round the rule by %j', (_file, _code, index) => {
		expect(rulesFor(ROUND_ABOUT, index)).toContain('no-restricted-syntax');
	});

	test.each(numbered(ALLOWED))('%s may say %j', (_file, _code, index) => {
		const rules = rulesFor(ALLOWED, index);
		for (const rule of ['no-restricted-imports', 'no-restricted-syntax', 'not linted'])
			expect(rules).not.toContain(rule);
	});
});
