/** One measured figure of a benchmark, as a rule with a goal. */
export interface Measurement {
	/** What is measured, with its unit. */
	measure: string;
	ours: number;
	/** What ours is held against; undefined when the goal is a plain number. */
	rival?: { name: string; value: number };
	/** ours ÷ rival, or ours itself without a rival. */
	ratio: number;
	/** undefined where nothing can be asked for: what the figure is limited by is not ours. */
	goal?: { is: 'at least' | 'at most'; value: number };
}

/** A measurement of ours against a rival's, where higher is better; without a goal, a mere figure. */
export function atLeast(
	measure: string,
	ours: number,
	rival: { name: string; value: number },
	ratio: number,
	goal?: number,
): Measurement {
	const wanted = goal === undefined ? undefined : { is: 'at least' as const, value: goal };
	return { measure, ours, rival, ratio, ...(wanted && { goal: wanted }) };
}

/** A measurement of ours alone, where lower is better. */
export function atMost(measure: string, ours: number, goal: number): Measurement {
	return { measure, ours, ratio: ours, goal: { is: 'at most', value: goal } };
}

/** Whether a measurement meets its goal, if it has one. */
export function passes({ ratio, goal }: Measurement): boolean {
	if (goal === undefined) return true;
	return goal.is === 'at least' ? ratio >= goal.value : ratio <= goal.value;
}

const COLUMNS = ['measure', 'ours', 'rival', 'ratio', 'goal', ''];

function number(value: number): string {
	if (Number.isInteger(value)) return String(value);
	return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function row(measurement: Measurement): string[] {
	const { measure, ours, rival, ratio, goal } = measurement;
	return [
		measure,
		number(ours),
		rival === undefined ? '–' : `${number(rival.value)} (${rival.name})`,
		rival === undefined ? '–' : ratio.toFixed(2),
		goal === undefined ? '–' : `${goal.is === 'at least' ? '≥' : '≤'} ${goal.value}`,
		goal === undefined ? '' : passes(measurement) ? 'PASS' : 'FAIL',
	];
}

/** A table with one line for each figure. */
export function asTable(measurements: Measurement[]): string {
	const rows = [COLUMNS, ...measurements.map(row)];
	const widths = COLUMNS.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
	return rows
		.map((cells) =>
			cells
				.map((cell, column) => cell.padEnd(widths[column]))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/** The middle value; of an even number of values the mean of the two middle ones. */
export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	return sorted.length % 2 === 1
		? sorted[Math.floor(middle)]
		: (sorted[middle - 1] + sorted[middle]) / 2;
}
