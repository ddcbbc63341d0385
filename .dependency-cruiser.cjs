/*
 * Which file may import which, checked by `npm run lint`.
 *
 * An import that a rule forbids belongs into another file; add no exception.
 */

/** Imports of types only are left out of the compiled code. */
const AT_RUN_TIME = { dependencyTypesNot: ['type-only'] };

/** Files of `nodes/shared` whose job is to tie it to n8n; all others hold rules that tests run without n8n. */
const TIED_TO_N8N = ['^nodes/shared/errors/nodeError\\.ts$', '^nodes/shared/clock\\.ts$'];

/** What n8n loads. */
const ENTRIES = ['\\.node\\.ts$', '\\.credentials\\.ts$'];

/** What Jest, npm, n8n or a worker starts by its path. */
const PROGRAMS = [
	'\\.test\\.cts$',
	'^scripts/[^/]+$',
	'^scripts/checks/package\\.cts$',
	'^simulator/(main|pictureWorker)\\.cts$',
	'^benchmarks/(run|trigger|suspend|download|batch|rows|queue)\\.cts$',
	'^benchmarks/support/(bufferingNode|doNothingTrigger)\\.cts$',
	'^benchmarks/rows/rowsProcess\\.cts$',
	'^test/engine/support/(quiet|runTrusting)\\.cts$',
	'^test/e2e/support/host/global(Setup|Teardown)\\.cts$',
	'^test/chaos/run\\.cts$',
];

/** Tools that run the tests, so they read what the tests say of themselves. Add none. */
const TOOLS_THAT_KNOW_TESTS = [
	'^scripts/(checkGuards|e2eServer|mutants)\\.cts$',
	'^scripts/mutants/',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		{
			name: 'package-imports',
			comment:
				'What is published imports n8n-workflow, node:crypto and its own files, nothing else.',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { pathNot: ['^(nodes|credentials)/', '^node_modules/n8n-workflow/', '^crypto$'] },
		},
		{
			name: 'nodes-know-no-neighbours',
			comment: 'A node and the credential import their own files and those of nodes/shared.',
			severity: 'error',
			from: { path: '^(credentials|nodes/(?!shared/)[^/]+)/' },
			to: { path: '^(nodes|credentials)/', pathNot: ['^$1/', '^nodes/shared/'] },
		},
		{
			name: 'rooms-of-the-action-node-point-down',
			comment:
				'actions, n8n, generation, parameters, models, shared: a room imports only those after it in this list.',
			severity: 'error',
			from: { path: '^nodes/HiApi/(n8n|generation|parameters|models)/' },
			to: { path: '^nodes/HiApi/(actions|methods)/' },
		},
		{
			name: 'n8n-enters-at-the-edge',
			comment:
				'The pipeline and the models run on settings and ports; what only n8n can do is wrapped in the room n8n. Types of data are welcome.',
			severity: 'error',
			from: { path: '^nodes/HiApi/(generation|models)/' },
			to: { path: '^(nodes/HiApi/n8n/|node_modules/n8n-workflow/)', ...AT_RUN_TIME },
		},
		{
			name: 'parameters-know-no-adapter',
			severity: 'error',
			from: { path: '^nodes/HiApi/parameters/' },
			to: { path: '^nodes/HiApi/n8n/' },
		},
		{
			name: 'parameters-know-no-pipeline',
			severity: 'error',
			from: { path: '^nodes/HiApi/(parameters|models)/' },
			to: { path: '^nodes/HiApi/generation/' },
		},
		{
			name: 'models-know-no-parameters',
			severity: 'error',
			from: { path: '^nodes/HiApi/models/' },
			to: { path: '^nodes/HiApi/parameters/' },
		},
		{
			name: 'shared-knows-no-node',
			severity: 'error',
			from: { path: '^nodes/shared/' },
			to: { path: '^(credentials|nodes/(?!shared/)[^/]+)/' },
		},
		{
			name: 'shared-rooms-know-api-and-errors-only',
			comment:
				'A folder of nodes/shared imports its own files, those of shared/api and shared/errors and those directly in shared.',
			severity: 'error',
			from: { path: '^nodes/shared/([^/]+)/' },
			to: {
				path: '^nodes/shared/[^/]+/',
				pathNot: ['^nodes/shared/$1/', '^nodes/shared/(api|errors)/'],
			},
		},
		{
			name: 'errors-know-no-room',
			comment: 'Everything may fail: whoever words failures knows nobody who has them.',
			severity: 'error',
			from: { path: '^nodes/shared/errors/' },
			to: { path: '^nodes/shared/[^/]+/', pathNot: '^nodes/shared/errors/' },
		},
		{
			name: 'shared-files-know-api-and-errors-only',
			severity: 'error',
			from: { path: '^nodes/shared/[^/]+$' },
			to: { path: '^nodes/shared/[^/]+/', pathNot: '^nodes/shared/(api|errors)/' },
		},
		{
			name: 'shared-is-free-of-n8n',
			comment: 'Rules stay testable without n8n; types are welcome.',
			severity: 'error',
			from: { path: '^nodes/shared/', pathNot: TIED_TO_N8N },
			to: { path: '^node_modules/n8n-workflow/', ...AT_RUN_TIME },
		},
		{
			name: 'no-file-circles',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { circular: true },
		},
		{
			name: 'no-file-circles-at-run-time',
			comment: 'Tools may refer to each other by types.',
			severity: 'error',
			from: { pathNot: '^(nodes|credentials)/' },
			to: { circular: true, viaOnly: AT_RUN_TIME },
		},
		{
			name: 'no-folder-circles',
			severity: 'error',
			scope: 'folder',
			from: {},
			to: { circular: true },
		},
		{
			name: 'tools-know-no-tests',
			comment: 'Scripts and the simulator are used by tests, not the other way round.',
			severity: 'error',
			from: { path: '^(scripts|simulator)/', pathNot: TOOLS_THAT_KNOW_TESTS },
			to: { path: '^(test|benchmarks)/' },
		},
		{
			name: 'nothing-shipped-is-unused',
			comment: 'Every file of nodes/ is reached from a node or the credential.',
			severity: 'error',
			from: { path: ENTRIES },
			to: { path: '^(nodes|credentials)/.+\\.ts$', pathNot: ENTRIES, reachable: false },
		},
		{
			name: 'nothing-else-is-unused',
			comment: 'Every tool is reached from a test or from what is started as a program.',
			severity: 'error',
			from: { path: PROGRAMS },
			to: {
				path: '^(scripts|simulator|test|benchmarks)/.+\\.cts$',
				pathNot: PROGRAMS,
				reachable: false,
			},
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.test.json' },
		enhancedResolveOptions: {
			extensions: ['.ts', '.cts', '.js', '.cjs', '.mjs', '.json'],
			conditionNames: ['import', 'require', 'node', 'default'],
			exportsFields: ['exports'],
		},
		skipAnalysisNotInRules: true,
	},
};
