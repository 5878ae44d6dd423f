/**
 * Jest transform: TypeScript and ESM to CommonJS by esbuild, file by file. Types are checked by `tsc` in lint and build.
 * `import.meta.dirname` and `.filename` are mapped, so that a module runs here and under Node's own type stripping.
 */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const esbuild = require('esbuild');

const options = {
	format: 'cjs',
	platform: 'node',
	target: 'node24',
	sourcemap: 'inline',
	define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
};
const self = readFileSync(__filename);

module.exports = {
	getCacheKey: (source, path) =>
		createHash('sha256').update(self).update(esbuild.version).update(path).update('\0').update(source).digest('hex'),
	process: (source, path) => ({
		code: esbuild.transformSync(source, { ...options, sourcefile: path, loader: path.endsWith('.ts') ? 'ts' : 'js' })
			.code,
	}),
};
