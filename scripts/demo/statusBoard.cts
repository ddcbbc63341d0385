import { clearScreenDown, moveCursor } from 'node:readline';

/** A task as the demo shows it. `seconds`: since it was first seen, or until it ended. */
export interface ShownTask {
	taskId: string;
	model: string;
	status: string;
	seconds: number;
}

/** The tasks as a table, a line per task below the headings. */
export function taskTable(tasks: ShownTask[]): string[] {
	const rows = [
		['task', 'model', 'status', 'seconds'],
		...tasks.map(({ taskId, model, status, seconds }) => [
			taskId,
			model,
			status,
			seconds.toFixed(1),
		]),
	];
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	return rows.map(
		(row) =>
			`  ${row
				.map((cell, column) => cell.padEnd(widths[column]))
				.join('  ')
				.trimEnd()}`,
	);
}

/** Shows tasks while their status changes: in a terminal as a table drawn anew in place, elsewhere a line per change. */
export class StatusBoard {
	private readonly told = new Map<string, string>();
	private drawnLines = 0;

	constructor(private readonly output: NodeJS.WriteStream) {}

	show(tasks: ShownTask[]): void {
		if (this.output.isTTY) this.draw(tasks);
		else this.tell(tasks);
	}

	private draw(tasks: ShownTask[]): void {
		if (tasks.length === 0) return;
		if (this.drawnLines > 0) {
			moveCursor(this.output, 0, -this.drawnLines);
			clearScreenDown(this.output);
		}
		const lines = taskTable(tasks);
		this.output.write(`${lines.join('\n')}\n`);
		this.drawnLines = lines.length;
	}

	private tell(tasks: ShownTask[]): void {
		for (const { taskId, model, status, seconds } of tasks) {
			if (this.told.get(taskId) === status) continue;
			this.output.write(
				`  ${seconds.toFixed(1).padStart(6)} s  task ${taskId}  ${this.told.has(taskId) ? '' : `(${model})  `}${status}\n`,
			);
			this.told.set(taskId, status);
		}
	}
}
