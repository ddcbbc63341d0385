import type { Observation } from './stage.cts';

/** Resident memory of a process: with everything loaded and before any work, and at its highest during the work. */
export interface Memory {
	beforeMiB: number;
	peakMiB: number;
}

/** How a contender did. Times in simulated seconds. */
export interface Result {
	name: string;
	count: number;
	/** How many times it did `count` tasks. */
	runs: number;
	/** How many tasks it brought to their end in all. */
	finished: number;
	creates: number;
	gets: number;
	/** Mean over the runs. */
	wall: number;
	/** Duration of the run's slowest task, mean over the runs. */
	slowest: number;
	/** Wall time ÷ duration of the run's slowest task, mean over the runs. */
	wallToSlowest: number;
	lateness: { mean: number; p50: number; p99: number };
	/** Mean lateness ÷ mean duration of the tasks. */
	lateToDuration: number;
	/** Absent where nothing was measured. */
	memory?: Memory;
	note?: string;
}

/** What a contender says of itself. */
export interface OwnAccount {
	name: string;
	/** For each run, in simulated seconds. */
	walls: number[];
	finished: number;
	memory: Memory;
	note?: string;
}

/** The value below which the given share of the values lies (nearest rank); NaN of none. */
export function percentile(values: number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted.length === 0 ? NaN : sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Puts together what a contender says of itself and what the simulator saw of it. `durations`: of all runs' tasks, in order.
 * Throws when HiAPI refused a request: then the numbers mean nothing.
 */
export function resultOf(
	{ name, walls, finished, memory, note }: OwnAccount,
	durations: number[],
	seen: Observation,
): Result {
	if (seen.refusals > 0)
		throw new Error(`${name}: the simulator refused ${seen.refusals} requests.`);
	const count = durations.length / walls.length;
	const slowest = walls.map((_, run) =>
		Math.max(...durations.slice(run * count, (run + 1) * count)),
	);
	return {
		name,
		count,
		runs: walls.length,
		finished,
		creates: seen.creates,
		gets: seen.gets,
		wall: mean(walls),
		slowest: mean(slowest),
		wallToSlowest: mean(walls.map((wall, run) => wall / slowest[run])),
		lateToDuration: mean(seen.lateness) / mean(durations),
		lateness: {
			mean: mean(seen.lateness),
			p50: percentile(seen.lateness, 0.5),
			p99: percentile(seen.lateness, 0.99),
		},
		memory,
		note,
	};
}

const HEAD = [
	'contender',
	'tasks',
	'GETs per task',
	'requests per task',
	'wall, s',
	'wall ÷ slowest',
	'late, mean, s',
	'late p50, s',
	'late p99, s',
	'memory before → peak, MiB',
	'note',
];

function fixed(value: number, digits: number): string {
	return Number.isNaN(value) ? '–' : value.toFixed(digits);
}

function cells(result: Result): string[] {
	const {
		name,
		count,
		runs,
		finished,
		creates,
		gets,
		wall,
		wallToSlowest,
		lateness,
		memory,
		note,
	} = result;
	const tasks = finished === count * runs ? `${count}` : `${finished} of ${count}`;
	return [
		name,
		runs === 1 ? tasks : `${tasks} × ${runs} runs`,
		fixed(gets / finished, 2),
		fixed((gets + creates) / finished, 2),
		fixed(wall, 0),
		fixed(wallToSlowest, 2),
		fixed(lateness.mean, 1),
		fixed(lateness.p50, 1),
		fixed(lateness.p99, 1),
		memory === undefined ? '–' : `${memory.beforeMiB.toFixed(0)} → ${memory.peakMiB.toFixed(0)}`,
		note ?? '',
	];
}

/** All results as a Markdown table. */
export function asMarkdown(results: Result[]): string {
	const line = (columns: string[]) => `| ${columns.join(' | ')} |`;
	const rule = HEAD.map((_, column) =>
		column === 0 || column === HEAD.length - 1 ? '---' : '--:',
	);
	return [line(HEAD), line(rule), ...results.map((result) => line(cells(result)))].join('\n');
}
