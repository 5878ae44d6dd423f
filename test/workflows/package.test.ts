/** What is shipped: the tarball as npm would pack it, from the built package. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';

const PROJECT = path.resolve(__dirname, '../..');

type Manifest = {
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly optionalDependencies?: Readonly<Record<string, string>>;
	readonly peerDependencies?: Readonly<Record<string, string>>;
	readonly n8n: { readonly nodes: readonly string[]; readonly credentials: readonly string[] };
};

const manifest = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8')) as Manifest;
const programs = [...manifest.n8n.nodes, ...manifest.n8n.credentials];

const SHIPPED = readdirSync(path.join(PROJECT, 'templates'), { recursive: true, encoding: 'utf8' })
	.filter((file) => /^(?:[^/]+\.json|import\/.+\.mjs)$/.test(file))
	.map((file) => `templates/${file}`);

function packedFiles(): string[] {
	const { stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: PROJECT,
		encoding: 'utf8',
	});
	if (stdout === '') throw new Error(stderr);
	const answer: unknown = JSON.parse(stdout);
	// npm 12 keys the list by package name.
	const [packed] = Object.values(answer as Record<string, { files: { path: string }[] }>);
	return (packed?.files ?? []).map((file) => file.path);
}

describe('the package', () => {
	test('has no runtime dependencies: it installs where there is no network', () => {
		expect(manifest.dependencies ?? {}).toEqual({});
		expect(manifest.optionalDependencies ?? {}).toEqual({});
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	test('packs every node and credential with source map, icons and codex, the templates with their import, and the licences', () => {
		const files = packedFiles();
		expect(files).toEqual(expect.arrayContaining(programs.flatMap((file) => [file, `${file}.map`])));
		for (const node of manifest.n8n.nodes) {
			const folder = path.dirname(node);
			expect(files).toContain(node.replace(/\.js$/, '.json'));
			expect(files.filter((file) => file.startsWith(folder) && file.endsWith('.svg'))).toHaveLength(2);
		}
		expect(files).toEqual(
			expect.arrayContaining(['LICENSE', 'THIRD_PARTY_NOTICES', 'README.md', 'templates/import.mjs', ...SHIPPED]),
		);
		expect(files.filter((file) => file.startsWith('templates/source/'))).toEqual([]);
		expect(files.filter((file) => /^(lib|test|demo|nodes|credentials|node_modules)\//.test(file))).toEqual([]);
	});

	test.each(programs)('%s loads nothing but Node itself and n8n-workflow', (file) => {
		const code = readFileSync(path.join(PROJECT, file), 'utf8');
		const loaded = [...code.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name = '']) => name);
		const foreign = loaded.filter((name) => name !== 'n8n-workflow' && !isBuiltin(name));
		expect([...new Set(foreign)]).toEqual([]);
	});

	test('names every bundled library with its licence', () => {
		const notices = readFileSync(path.join(PROJECT, 'THIRD_PARTY_NOTICES'), 'utf8');
		for (const library of [
			...['ldapts', 'jsonpath-plus', 'liquidjs', 'any-ascii'],
			...['undici', 'fast-xml-parser', 'csv-parse', 'luxon'],
		])
			expect(notices).toMatch(new RegExp(`^${library} [0-9.]+ \\((MIT|ISC)\\)`, 'm'));
	});
});
