import { join } from 'node:path';

/** One step of `npm test`. */
export interface Stage {
	name: string;
	/** Program and arguments; `node` and what `node_modules/.bin` holds are found by name. */
	command: string[];
	/** Stages that have to have passed before this one starts. */
	after: string[];
	/** How many processor cores it keeps busy while it runs, about. */
	cores: number;
	/** File to which Jest writes its results, of stages that run Jest. */
	results?: string;
}

export interface StageSettings {
	/** Folder for logs and results. */
	folder: string;
	/** From which the order of the test files follows. */
	seed: number;
	/** Which part of the end-to-end tests, such as `1/3`; all when not given. */
	shard?: string;
}

/** Jest processes of the engine tests and of the end-to-end tests, which wait most of their time. */
const WAITING_WORKERS = 4;
const E2E_WORKERS = 3;

const script = (file: string, ...options: string[]) => [
	'node',
	'--require',
	'tsx/cjs',
	join('scripts', file),
	...options,
];

/** The first in the list starts first, as soon as it may. */
export function allStages(settings: StageSettings): Stage[] {
	const jest = (name: string, workers: number, ...options: string[]) => {
		const results = join(settings.folder, `${name}.json`);
		return {
			name,
			command: [
				...['jest', '--selectProjects', name, '--seed', `${settings.seed}`],
				...['--maxWorkers', `${workers}`, '--json', '--outputFile', results, ...options],
			],
			results,
		};
	};
	const shard = settings.shard === undefined ? [] : ['--shard', settings.shard];
	const tests = [
		{ ...jest('e2e', E2E_WORKERS, ...shard), after: ['build', 'fetch n8n'], cores: 1 },
		{ ...jest('engine', WAITING_WORKERS), after: ['build'], cores: 0.5 },
		{ ...jest('unit', 1, '--coverage'), after: [], cores: 1 },
		{ ...jest('simulator', 1), after: [], cores: 0.5 },
	];
	const guards = {
		name: 'guards',
		command: script('checkGuards.cts', ...tests.map(({ results }) => results)),
		after: tests.map(({ name }) => name),
		cores: 1,
	};
	return [
		{ name: 'build', command: ['gulp', 'build'], after: [], cores: 1 },
		{ name: 'fetch n8n', command: script('fetchN8n.cts'), after: [], cores: 0 },
		...tests,
		{ name: 'lint', command: ['npm', 'run', '--silent', 'lint'], after: [], cores: 1 },
		{ name: 'types', command: ['npm', 'run', '--silent', 'typecheck'], after: [], cores: 1 },
		{ name: 'package', command: script('checks/package.cts'), after: ['build'], cores: 1 },
		// a part of the tests cannot prove what is guarded
		...(settings.shard === undefined ? [guards] : []),
	];
}

const QUICK = ['unit', 'lint', 'types'];

/**
 * The stages to run: those named (with what they need), or without names all but the check of what would be published, or only
 * the quick ones. Throws an Error for a name that does not exist.
 */
export function chooseStages(
	stages: Stage[],
	choice: { quick?: boolean; package?: boolean; names?: string[] },
): Stage[] {
	const unknown = choice.names?.find((name) => !stages.some((stage) => stage.name === name));
	if (unknown !== undefined) {
		throw new Error(
			`There is no stage "${unknown}". There are: ${stages.map(({ name }) => name).join(', ')}.`,
		);
	}
	const all = stages.map(({ name }) => name).filter((name) => choice.package || name !== 'package');
	const wanted = new Set(choice.names ?? (choice.quick ? QUICK : all));
	// what a stage needs stands before it in the list
	for (const stage of [...stages].reverse())
		if (wanted.has(stage.name)) for (const name of stage.after) wanted.add(name);
	return stages.filter(({ name }) => wanted.has(name));
}
