/** One jest project for each kind of test; `npm test` runs the first three, `npm run test:e2e` the last. */
const base = {
	rootDir: __dirname,
	testEnvironment: 'node',
	transform: { '\\.(ts|mjs|js)$': require.resolve('./test/support/esbuild-transform.cjs') },
	// These ship ES modules only, or pick them here.
	transformIgnorePatterns: ['/node_modules/(?!(any-ascii|ldapts|@faker-js/faker)/)'],
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
};
const project = (name, extra = {}) => ({
	...base,
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	...extra,
});

module.exports = {
	// A bound for what hangs, not a measure: a domain controller may share the processors with other work.
	testTimeout: 30_000,
	projects: [
		project('unit'),
		project('directory'),
		project('workflows', { setupFiles: ['<rootDir>/test/support/quiet.cjs'] }),
		project('e2e'),
	],
};
