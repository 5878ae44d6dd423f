import path from 'node:path';
import { ESLint } from 'eslint';

const project = path.resolve(__dirname, '../../..');
const eslint = new ESLint({ cwd: project });

/** Rule names that the project's own configuration reports for a line of code standing in a file of the given room. */
async function reported(file: string, code: string): Promise<string[]> {
	const [result] = await eslint.lintText(code, { filePath: path.join(project, file) });
	return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
}

describe('the rooms of lib/', () => {
	test.each([
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
	])('%s may not say %j', async (file, code) => {
		expect(await reported(file, code)).toContain('no-restricted-imports');
	});

	test.each([
		['lib/hcm/feed.ts', "export const late = async (): Promise<unknown> => await import('../mapping/map');\n"],
		['lib/hcm/feed.ts', "export const late: unknown = require('n8n-workflow');\n"],
	])('%s may not go round the rule by %j', async (file, code) => {
		expect(await reported(file, code)).toContain('no-restricted-syntax');
	});

	test.each([
		['lib/hcm/feed.ts', "export * from '../json/path';\n"],
		['lib/mapping/map.ts', "export * from '../schema/attributes';\n"],
		['lib/directory/connection.ts', "export * from '../schema/dn';\n"],
		['lib/directory/connection.ts', "export type { FeedReport } from '../contracts';\n"],
		['nodes/AdProvision/AdProvision.node.ts', "export * from '../../lib/directory/connection';\n"],
	])('%s may say %j', async (file, code) => {
		const rules = await reported(file, code);
		expect(rules).not.toContain('no-restricted-imports');
		expect(rules).not.toContain('no-restricted-syntax');
	});
});
