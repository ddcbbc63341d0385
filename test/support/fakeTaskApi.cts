import { HiApiError } from '../../nodes/shared/errors/apiError';
import type { RequestFailure } from '../../nodes/shared/errors/requestFailure';
import { parseTask, type Task } from '../../nodes/shared/api/task';
import type { ApiResult, TaskPage } from '../../nodes/shared/api/tasks';
import type { AwaitedTask } from '../../nodes/HiApi/generation/wait/awaitedTasks';
import type { TaskPollerPorts } from '../../nodes/HiApi/generation/wait/taskPoller';
import type { VirtualTiming } from './virtualTiming.cts';

interface FakeTask {
	taskId: string;
	createdMs: number;
	/** null: never. */
	durationMs: number | null;
	outcome: 'success' | 'fail';
}

/** A HiAPI whose list may lag behind, with a count of what it was asked. */
export class FakeTaskApi {
	readonly tasks: FakeTask[] = [];
	/** When each request was sent, in milliseconds of the monotonic clock. */
	readonly sentMs: number[] = [];
	gets: string[] = [];
	pages: number[] = [];
	listLagMs = 0;
	open = 0;
	mostOpen = 0;
	failures: RequestFailure[] = [];

	constructor(readonly timing: VirtualTiming) {}

	add(
		count: number,
		durationMs: (index: number) => number | null,
		outcome: FakeTask['outcome'] = 'success',
	): AwaitedTask[] {
		return Array.from({ length: count }, (_, index) => {
			const task = {
				taskId: `t${this.tasks.length}`,
				createdMs: this.timing.now(),
				durationMs: durationMs(index),
				outcome,
			};
			this.tasks.push(task);
			return {
				taskId: task.taskId,
				model: 'm',
				createdMs: task.createdMs,
				deadlineMs: this.timing.monotonic() + 1_800_000,
				leastIntervalMs: 0,
			};
		});
	}

	/** The most requests sent within a minute. */
	get mostPerMinute(): number {
		let most = 0;
		for (let from = 0, to = 0; from < this.sentMs.length; from++) {
			while (to < this.sentMs.length && this.sentMs[to] < this.sentMs[from] + 60_000) to += 1;
			most = Math.max(most, to - from);
		}
		return most;
	}

	/** HiAPI's own clock is right. */
	private get nowMs(): number {
		return this.timing.now() - this.timing.clockErrorMs;
	}

	private view(task: FakeTask, atMs: number): Task {
		const done = task.durationMs !== null && atMs - task.createdMs >= task.durationMs;
		return parseTask({
			taskId: task.taskId,
			model: 'm',
			status: done ? task.outcome : 'handling',
			created: Math.floor(task.createdMs / 1000),
			completed: done ? Math.floor((task.createdMs + (task.durationMs ?? 0)) / 1000) : 0,
		}) as Task;
	}

	private async request<T>(answer: () => ApiResult<T>): Promise<ApiResult<T>> {
		this.sentMs.push(this.timing.monotonic());
		this.mostOpen = Math.max(this.mostOpen, ++this.open);
		await this.timing.pause(20);
		this.open -= 1;
		const failure = this.failures.shift();
		return failure ? { ok: false, failure: new HiApiError('m', 'd', {}, failure) } : answer();
	}

	tools(extra: Partial<TaskPollerPorts> = {}): TaskPollerPorts {
		return {
			readTask: async (taskId) => {
				this.gets.push(taskId);
				return await this.request(() => {
					const task = this.tasks.find((candidate) => candidate.taskId === taskId);
					const notFound = new HiApiError('m', 'd', {}, { kind: 'answer', status: 404 });
					return task
						? { ok: true, value: this.view(task, this.nowMs) }
						: { ok: false, failure: notFound };
				});
			},
			readPage: async (page, size) => {
				this.pages.push(page);
				return await this.request<TaskPage>(() => {
					const asOf = this.nowMs - this.listLagMs;
					const shown = this.tasks
						.filter((task) => task.createdMs <= asOf)
						.reverse()
						.slice((page - 1) * size, page * size);
					return {
						ok: true,
						value: { tasks: shown.map((task) => this.view(task, asOf)), entries: shown.length },
					};
				});
			},
			timing: this.timing,
			expected: () => undefined,
			...extra,
		};
	}
}
