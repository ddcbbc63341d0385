import type { Stage } from './stage.cts';

/** How a contender did. Times in simulated seconds. */
export interface Result {
	name: string;
	count: number;
	/** How many tasks it brought to their end; fewer than `count` when it was capped. */
	finished: number;
	creates: number;
	gets: number;
	wall: number;
	slowest: number;
	lateness: { p50: number; p99: number };
	grownMiB: number;
	note?: string;
}

/** The value below which the given share of the values lies (nearest rank); NaN of none. */
export function percentile(values: number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted.length === 0 ? NaN : sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

/** Puts together what a contender says of itself (real milliseconds) and what the simulator saw of it. Throws when HiAPI refused anything. */
export function resultOf(name: string, count: number, stage: Stage, own: { wallMs: number; finished: number; grownMiB: number }): Result {
	const { creates, gets, lateness, slowest, refusals } = stage.observe();
	if (refusals > 0) throw new Error(`${name}: the simulator refused ${refusals} requests, so the numbers mean nothing.`);
	return {
		name,
		count,
		finished: own.finished,
		creates,
		gets,
		wall: (own.wallMs * stage.clock.scale) / 1000,
		slowest,
		lateness: { p50: percentile(lateness, 0.5), p99: percentile(lateness, 0.99) },
		grownMiB: own.grownMiB,
	};
}

const HEAD = ['contender', 'tasks', 'GETs per task', 'requests per task', 'wall, s', 'wall ÷ slowest', 'late p50, s', 'late p99, s', 'memory, MiB', 'note'];

function cells(result: Result): string[] {
	const { name, count, finished, creates, gets, wall, slowest, lateness, grownMiB, note } = result;
	return [
		name,
		finished === count ? String(count) : `${finished} of ${count}`,
		(gets / finished).toFixed(2),
		((gets + creates) / finished).toFixed(2),
		wall.toFixed(0),
		(wall / slowest).toFixed(2),
		lateness.p50.toFixed(1),
		lateness.p99.toFixed(1),
		Number.isNaN(grownMiB) ? '–' : grownMiB.toFixed(0),
		note ?? '',
	];
}

/** All results as a Markdown table. */
export function asMarkdown(results: Result[]): string {
	const line = (columns: string[]) => `| ${columns.join(' | ')} |`;
	return [line(HEAD), line(HEAD.map((_, column) => (column === 0 || column === HEAD.length - 1 ? '---' : '--:'))), ...results.map((result) => line(cells(result)))].join('\n');
}
