import communityNodes from '@n8n/eslint-plugin-community-nodes';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

/**
 * The rooms of lib/ and what each may import (docs/architecture.md). One-file helpers directly in lib/ are open to all.
 * `nodes -> lib`, never back; nothing in lib/ knows n8n.
 */
const ROOMS = {
	json: [],
	schema: [],
	hcm: ['json'],
	mapping: ['schema', 'json'],
	directory: ['schema'],
	provisioning: ['directory', 'schema', 'json'],
};

const N8N = { regex: '^(n8n-|@n8n/)', message: 'lib/ knows nothing of n8n: take what you need as an argument.' };
const OUTSIDE = {
	regex: '(^|/)(nodes|credentials|demo|test|bench)/',
	message: 'Dependencies point one way, nodes -> lib. lib/ imports nothing above itself.',
};

/** One block of rules for a room: no n8n, nothing above lib/, no room that is not on its list; also by import() and require(). */
function room(name, allowed) {
	const forbidden = Object.keys(ROOMS).filter((other) => other !== name && !allowed.includes(other));
	const patterns = [N8N, OUTSIDE];
	if (forbidden.length > 0) {
		patterns.push({
			regex: `^\\.\\.?/(.*/)?(${forbidden.join('|')})(/|$)`,
			message: `lib/${name} may import ${allowed.length > 0 ? allowed.map((other) => `lib/${other}`).join(', ') : 'no other room'}, lib/contracts and the helpers beside it.`,
		});
	}
	return {
		files: [`lib/${name}/**/*.ts`],
		rules: {
			'no-restricted-imports': ['error', { patterns }],
			'no-restricted-syntax': [
				'error',
				{ selector: 'ImportExpression', message: 'Import at the top of the file, where the rules on rooms see it.' },
				{
					selector: "CallExpression[callee.name='require']",
					message: 'Import at the top of the file, where the rules on rooms see it.',
				},
			],
		},
	};
}

/** n8n's own list of rules that do not fit community packages (packages/@n8n/node-cli, eslint configuration). */
const NOT_FOR_COMMUNITY = {
	'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
	'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
	'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
	'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
	'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
};

// Self-hosted: the package opens sockets, so n8n's cloud is out of reach by construction (README).
const community = communityNodes.configs.recommendedWithoutN8nCloudSupport;
const plugins = { 'n8n-nodes-base': nodesBase, ...community.plugins };

export default tseslint.config(
	{ ignores: ['dist/**', 'node_modules/**', 'test/fixtures/**', 'test-results/**'] },
	{
		files: ['**/*.ts'],
		extends: [...tseslint.configs.recommendedTypeChecked, ...tseslint.configs.stylisticTypeChecked],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/array-type': 'off',
			'@typescript-eslint/consistent-type-definitions': ['error', 'type'],
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'@typescript-eslint/explicit-module-boundary-types': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
			// Index signatures of n8n and of directory entries are read by name all over; noUncheckedIndexedAccess guards them.
			'@typescript-eslint/dot-notation': 'off',
			eqeqeq: 'error',
			'no-console': 'error',
			'no-control-regex': 'off',
		},
	},
	{ files: ['test/**/*.ts'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
	// What these print is for the person at the terminal.
	{ files: ['demo/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
	...Object.entries(ROOMS).map(([name, allowed]) => room(name, allowed)),
	{
		files: ['lib/*.ts'],
		rules: { 'no-restricted-imports': ['error', { patterns: [N8N, OUTSIDE] }] },
	},
	{
		files: ['demo/**/*.ts'],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: '(^|/)(lib|nodes|credentials)/',
							message: 'The demo stands beside the product and never inside it: its checks are independent.',
						},
					],
				},
			],
		},
	},
	{
		files: ['nodes/**/*.ts'],
		plugins,
		rules: { ...nodesBase.configs.nodes.rules, ...community.rules, ...NOT_FOR_COMMUNITY },
	},
	{
		files: ['credentials/**/*.ts'],
		plugins,
		rules: { ...nodesBase.configs.credentials.rules, ...community.rules, ...NOT_FOR_COMMUNITY },
	},
	{
		files: ['package.json'],
		plugins,
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: { ...nodesBase.configs.community.rules, ...community.rules },
	},
);
