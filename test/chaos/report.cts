import type { KeptUp } from './keptUp.cts';
import { PLACES, type Ledger } from './ledger.cts';
import type { ProcessName } from './schedule.cts';

/** What a run has come to. */
export interface Outcome {
	seed: number;
	minutes: number;
	/** Events of the schedule by kind. */
	events: Record<string, number>;
	processes: Record<ProcessName, KeptUp['counts']>;
	/** What this machine does not allow. */
	missing: string[];
	ledger: Ledger;
}

/** The ledger as text. */
export function printed({ seed, minutes, events, processes, missing, ledger }: Outcome): string {
	const { rows, executions, triggers, problems } = ledger;
	const places = PLACES.filter((place) => rows.some((row) => row.places[place] > 0));
	const range = ({ least, most }: { least: number; most: number }) =>
		least === most ? `${most}` : `${least} to ${most}`;
	return [
		`seed ${seed}, ${minutes} minutes`,
		`what went wrong: ${counted(events)}`,
		table([
			['process', 'killed', 'ended by itself', 'failed starts'],
			...Object.entries(processes).map(([name, counts]) => [
				name,
				counts.killed,
				counts.endedItself,
				counts.failedStarts,
			]),
		]),
		table([
			['way', 'orders', 'allowed', 'bought', ...places, 'delivered'],
			...rows.map((row) => [
				row.way,
				row.orders,
				range(row.allowed),
				row.bought,
				...places.map((place) => row.places[place]),
				row.delivered,
			]),
		]),
		...Object.entries(executions).map(
			([name, counts]) => `executions of ${name}: ${counted(counts)}`,
		),
		`callbacks accepted: ${triggers.acknowledged}, in the trigger's workflow: ${triggers.trigger}`,
		`tasks ended: ${triggers.ended}, in the polling trigger's workflow: ${triggers.pollingTrigger}`,
		...missing.map((words) => `left out: ${words}`),
		problems.length === 0
			? 'The books are balanced.'
			: `${problems.length} problems:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
	].join('\n');
}

const counted = (counts: Record<string, number>) =>
	Object.entries(counts)
		.map(([name, count]) => `${count} ${name}`)
		.join(', ');

function table(rows: Array<Array<string | number>>): string {
	const widths = rows[0].map((_, column) =>
		Math.max(...rows.map((row) => String(row[column]).length)),
	);
	return rows
		.map((row) => row.map((cell, column) => String(cell).padEnd(widths[column] + 2)).join(''))
		.map((line) => `  ${line.trimEnd()}`)
		.join('\n');
}
