import {
	startSimulator,
	type LoggedRequest,
	type SimulatedTask,
	type Simulator,
} from '../../simulator/index.cts';
import { promptOf } from './workload.cts';

/** A clock that runs faster than the real one: `epochMs + (real time − epochMs) × scale`, in milliseconds since 1970. */
export interface FastClock {
	scale: number;
	epochMs: number;
}

/** What HiAPI saw of a contender. Times in simulated seconds. */
export interface Observation {
	creates: number;
	gets: number;
	/** From a task's end to the first request that showed it, for each task seen finished. */
	lateness: number[];
	/** Answers other than 200. */
	refusals: number;
}

/** A simulator whose clock runs fast, and what it saw. It is the one referee: all contenders are judged by what they asked. */
export class Stage {
	private constructor(
		readonly simulator: Simulator,
		readonly clock: FastClock,
	) {}

	static async open(scale: number): Promise<Stage> {
		const epochMs = Date.now();
		return new Stage(await startSimulator({ timeScale: scale }), { scale, epochMs });
	}

	/** Forgets everything and makes ready for tasks of these durations, in simulated seconds. */
	prepare(seconds: number[]): void {
		this.simulator.reset();
		for (const [index, duration] of seconds.entries())
			this.simulator.plan({ seconds: duration }, { prompt: promptOf(index) });
	}

	observe(): Observation {
		const { tasks, requests } = this.simulator;
		const seenAt = new Map<SimulatedTask, number>();
		for (const request of requests) {
			const at = this.simulated(request.at);
			for (const task of tasksShown(request, tasks, at))
				if (at >= task.endsAt && !seenAt.has(task)) seenAt.set(task, at);
		}
		return {
			creates: requests.filter(({ method }) => method === 'POST').length,
			gets: requests.filter(({ method }) => method === 'GET').length,
			lateness: [...seenAt].map(([task, at]) => (at - task.endsAt) / 1000),
			refusals: requests.filter(({ status }) => status !== undefined && status !== 200).length,
		};
	}

	async close(): Promise<void> {
		await this.simulator.close();
	}

	/** What a span of real time is on the fast clock: milliseconds to seconds. */
	seconds(realMs: number): number {
		return (realMs * this.clock.scale) / 1000;
	}

	private simulated(realMs: number): number {
		return this.clock.epochMs + (realMs - this.clock.epochMs) * this.clock.scale;
	}
}

/** The tasks an answer showed: one, or a page of the list, newest first. */
function tasksShown(request: LoggedRequest, tasks: SimulatedTask[], at: number): SimulatedTask[] {
	if (request.method !== 'GET' || request.status !== 200) return [];
	if (request.taskId !== undefined) return tasks.filter(({ taskId }) => taskId === request.taskId);
	const page = Number(request.query.page ?? 1);
	const size = Number(request.query.size ?? 10);
	return tasks
		.filter(({ createdAt }) => createdAt <= at)
		.reverse()
		.slice((page - 1) * size, page * size);
}
