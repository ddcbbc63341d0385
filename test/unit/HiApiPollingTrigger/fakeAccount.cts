import { HiApiError } from '../../../nodes/shared/errors/apiError';
import { parseTask, type Task } from '../../../nodes/shared/api/task';
import type { TaskPage } from '../../../nodes/shared/api/tasks';
import type { PollingLimits } from '../../../nodes/HiApiPollingTrigger/limits';
import type { PollingState } from '../../../nodes/HiApiPollingTrigger/state';
import type { PollReader } from '../../../nodes/HiApiPollingTrigger/taskPoll';

/** Small numbers, so that short stories already meet every bound but those that forget tasks. */
export const SMALL_LIMITS: PollingLimits = {
	pageSize: 3,
	pagesPerPoll: 4,
	extraPages: 2,
	lookUpsPerPoll: 2,
	readOnFrom: 2,
	overlapSeconds: 20,
	pendingSeconds: 100_000,
	mostPending: 1_000,
	mostSeenFinished: 1_000,
};

interface FakeTask {
	taskId: string;
	createdAt: number;
	/** When the list shows it. */
	visibleAt: number;
	endsAt: number;
	outcome: 'success' | 'fail';
}

/** An account whose clock stands until it is told to go on; times in seconds. */
export class FakeAccount {
	now = 1_700_000_000;
	readonly tasks: FakeTask[] = [];
	/** The list and the tasks are shown as they were this long ago. */
	age = 0;
	sendsTotal = true;
	requests: string[] = [];
	/** Requests that still succeed; the ones after them fail. */
	succeeding = Infinity;
	/** Called before each request is answered. */
	beforeRequest?: () => void;

	create(seconds: number, { lag = 0, outcome = 'success' as FakeTask['outcome'] } = {}): string {
		const taskId = `tk-${this.tasks.length + 1}`;
		this.tasks.push({
			taskId,
			createdAt: this.now,
			visibleAt: this.now + lag,
			endsAt: this.now + seconds,
			outcome,
		});
		return taskId;
	}

	show({ taskId, createdAt, endsAt, outcome }: FakeTask): Task {
		const isOver = this.now - this.age >= endsAt;
		return parseTask({
			taskId,
			model: 'm',
			status: isOver ? outcome : 'handling',
			created: Math.floor(createdAt),
			completed: isOver ? Math.floor(endsAt) : 0,
		}) as Task;
	}

	readPage(page: number, size: number): TaskPage {
		const visible = this.tasks
			.filter(({ visibleAt }) => visibleAt <= this.now - this.age)
			.sort((one, other) => other.createdAt - one.createdAt);
		const tasks = visible.slice((page - 1) * size, page * size).map((task) => this.show(task));
		return { tasks, entries: tasks.length, ...(this.sendsTotal && { total: visible.length }) };
	}

	reader(isOver = () => false): PollReader {
		const answer = async <T,>(request: string, value: () => T) => {
			this.beforeRequest?.();
			this.requests.push(request);
			this.succeeding -= 1;
			if (this.succeeding < 0)
				return {
					ok: false as const,
					failure: new HiApiError('gone', '', {}, { kind: 'network' }),
				};
			return await Promise.resolve({ ok: true as const, value: value() });
		};
		return {
			readPage: async (page, size) => await answer(`page ${page}`, () => this.readPage(page, size)),
			readTask: async (taskId) =>
				await answer(taskId, () =>
					this.show(this.tasks.find((task) => task.taskId === taskId) as FakeTask),
				),
			isOver,
		};
	}
}

/** What n8n does with a state between two polls: JSON in its database. */
export function stored(state: PollingState | undefined): PollingState | undefined {
	return state === undefined ? undefined : (JSON.parse(JSON.stringify(state)) as PollingState);
}
