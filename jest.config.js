const { esmPackagesBehind } = require('./test/support/esmPackages.cjs');

// Type errors are reported by `npm run typecheck`; here types are only stripped, which keeps a test run at seconds.
const transform = {
	'^.+\\.(c?ts|m?js)$': [
		'@swc/jest',
		{
			jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
			isModule: 'unknown',
			module: { type: 'commonjs' },
			sourceMaps: 'inline',
		},
	],
};

// Jest loads CommonJS. Packages that are published as ES modules only are turned into it; all others are taken as they are.
const esmPackages = esmPackagesBehind(['get-port', 'ora', 'p-wait-for']);
const nodeModules = `${__dirname}/node_modules/`.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const project = (displayName) => ({
	displayName,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${displayName}/**/*.test.cts`],
	moduleFileExtensions: ['js', 'ts', 'cts', 'mjs', 'cjs', 'json', 'node'],
	transform,
	transformIgnorePatterns: [`^${nodeModules}(?!(?:${esmPackages.join('|')})/(?!node_modules/))`],
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
	...(displayName === 'e2e' && {
		globalSetup: '<rootDir>/test/e2e/support/host/globalSetup.cts',
		globalTeardown: '<rootDir>/test/e2e/support/host/globalTeardown.cts',
	}),
	...(displayName === 'engine' && { setupFiles: ['<rootDir>/test/engine/support/quiet.cts'] }),
});

/** @type {import('jest').Config} */
module.exports = {
	// No test claims a time; a busy machine only makes them slower. A test that hangs still ends.
	testTimeout: 60_000,
	// Engine tests mostly wait; test.concurrent lets them wait together.
	maxConcurrency: 30,
	projects: ['unit', 'simulator', 'engine', 'e2e'].map(project),
	testSequencer: '<rootDir>/test/support/randomOrder.cjs',
	showSeed: true,
	// With --coverage, of the unit tests: the engine tests run what was built. What decides whether a stranger can start a workflow has
	// no untested branch.
	// the counters cost a tenth of what v8's precise coverage costs the tests that try thousands of cases
	coverageProvider: 'babel',
	collectCoverageFrom: ['nodes/shared/**/*.ts'],
	coverageThreshold: {
		'./nodes/shared/': { branches: 95, functions: 95, lines: 95, statements: 95 },
		'./nodes/shared/webhook/': { branches: 100, functions: 100, lines: 100, statements: 100 },
	},
	coverageReporters: ['text'],
};
