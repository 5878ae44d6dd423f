/**
 * Builds dist/: type check, then each node and credential as one CommonJS file that carries its libraries (n8n-workflow alone
 * stays outside: n8n brings it), beside them icons and codex files, and THIRD_PARTY_NOTICES for what was bundled.
 */
const { spawn } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const manifest = require('./package.json');

const DIST = path.join(__dirname, 'dist');
const entryPoints = () =>
	[...manifest.n8n.nodes, ...manifest.n8n.credentials].map((file) =>
		file.replace(/^dist\//, '').replace(/\.js$/, '.ts'),
	);

async function clean() {
	rmSync(DIST, { recursive: true, force: true });
	rmSync(path.join(__dirname, 'THIRD_PARTY_NOTICES'), { force: true });
}

function typecheck() {
	const buildInfo = path.join('node_modules', '.cache', 'tsbuildinfo');
	return spawn(
		process.execPath,
		[require.resolve('typescript/bin/tsc'), '--incremental', '--tsBuildInfoFile', buildInfo],
		{
			cwd: __dirname,
			stdio: 'inherit',
		},
	);
}

async function bundle() {
	const result = await esbuild.build({
		absWorkingDir: __dirname,
		entryPoints: entryPoints(),
		outbase: '.',
		outdir: DIST,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node22',
		external: ['n8n-workflow'],
		sourcemap: 'linked',
		sourcesContent: true,
		legalComments: 'none',
		metafile: true,
		logLevel: 'warning',
	});
	writeFileSync(path.join(__dirname, 'THIRD_PARTY_NOTICES'), notices(result.metafile));
}

/** Names, versions and licence texts of the packages whose code ended up in the bundle. */
function notices(metafile) {
	const folders = new Set();
	for (const input of Object.keys(metafile.inputs)) {
		const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
		if (match) folders.add(match[1]);
	}
	const parts = [...folders].sort().map((folder) => {
		const home = path.join(__dirname, folder);
		const { name, version, license } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
		const file = readdirSync(home).find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry));
		if (!license && !file) throw new Error(`${name} states no licence: it must not be bundled.`);
		const text = file
			? readFileSync(path.join(home, file), 'utf8').trim()
			: `(The package ships no licence text; its manifest says: ${license}.)`;
		return `${name} ${version} (${license})\n\n${text}\n`;
	});
	const line = `\n${'-'.repeat(100)}\n\n`;
	return `${manifest.name} ${manifest.version} carries code of the following packages.\n${line}${parts.join(line)}`;
}

function assets() {
	return src(['nodes/**/*.{svg,node.json}', 'credentials/**/*.svg'], { base: '.', encoding: false }).pipe(dest(DIST));
}

/** A path in package.json or in a description that leads nowhere shows only inside n8n, as a missing node: look here. */
async function check() {
	for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) {
		if (!existsSync(path.join(__dirname, file))) throw new Error(`package.json names ${file}, which was not built.`);
	}
	mkdirSync(DIST, { recursive: true });
}

const build = series(clean, parallel(typecheck, bundle, assets), check);

module.exports = { build, bundle: series(clean, parallel(bundle, assets), check), default: build };
