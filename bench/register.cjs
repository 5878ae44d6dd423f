/** Lets Node load this project's TypeScript as CommonJS, as jest does: `node --require ./bench/register.cjs file.ts`. */
const { readFileSync } = require('node:fs');
const { transformSync } = require('esbuild');

require.extensions['.ts'] = (module, file) => {
	const { code } = transformSync(readFileSync(file, 'utf8'), {
		loader: 'ts',
		format: 'cjs',
		target: 'node22',
		sourcefile: file,
		sourcemap: 'inline',
		define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
	});
	module._compile(code, file);
};
