import type { Task } from '../../../shared/api/task';
import type { RunPorts } from '../ports/ports';
import type { AwaitedTask, WaitResult } from './awaitedTasks';
import { DurationMemory } from './durations';
import { TaskPoller } from './taskPoller';
import { taskReader } from './taskReader';

// What the last poll misses in this time, a callback tells.
const LAST_POLL_MS = 10_000;

type WaitPorts = Pick<RunPorts, 'client' | 'clock' | 'stopped' | 'log' | 'hint' | 'tellWatcher'>;

/** The tasks one run of the node waits for, with what a person sees of it: status lines, a log line, a closing hint. */
export class WaitingRun {
	private readonly poller: TaskPoller;
	private readonly durations: DurationMemory;
	private readonly counts = new Map<string, number>();
	private readonly unfinished = new Set<string>();
	private readonly finished = new Set<string>();
	private readonly ending = new AbortController();
	private longestMs = 0;
	private replays = 0;

	constructor(private readonly ports: WaitPorts) {
		const { client, clock, stopped } = ports;
		this.durations = new DurationMemory(client.baseUrl);
		this.signal = stopped ? AbortSignal.any([stopped, this.ending.signal]) : this.ending.signal;
		const { signal } = this;
		this.poller = new TaskPoller({
			...taskReader(client, signal),
			timing: clock,
			expected: (model) => this.durations.expected(model),
			onStatus: (task) => this.tell(task),
		});
	}

	/** Aborts when whatever goes on for any item should end: the stop button, or another item's failure. */
	readonly signal: AbortSignal;

	/** Ids of the tasks that were never seen finished. */
	get unfinishedTaskIds(): string[] {
		return [...this.unfinished];
	}

	/** Ids of the tasks that were seen finished, successful or not. */
	get finishedTaskIds(): string[] {
		return [...this.finished];
	}

	/** Ends all waiting at once; the tasks go on at HiAPI. */
	giveUp(): void {
		this.ending.abort();
	}

	/** Polls everything once more and ends all waiting then; what still runs ends as `stopped` and goes on at HiAPI. */
	async endWithLastPoll(): Promise<void> {
		const late = AbortSignal.timeout(LAST_POLL_MS);
		await this.poller.pollAll(taskReader(this.ports.client, AbortSignal.any([this.signal, late])));
		this.giveUp();
	}

	/** Waits for one task; never rejects. `replayed` counts it among those that were not created now. */
	async wait(task: AwaitedTask, replayed: boolean): Promise<WaitResult> {
		if (replayed) this.replays += 1;
		this.unfinished.add(task.taskId);
		const result = await this.poller.wait(task);
		const outcome = result.kind === 'finished' ? result.task.state : result.kind;
		this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
		if (result.kind === 'finished') {
			this.unfinished.delete(task.taskId);
			this.finished.add(task.taskId);
			this.longestMs = Math.max(this.longestMs, result.waitedMs);
			const { created, completed, state } = result.task;
			if (state === 'success' && created !== null && completed !== null)
				this.durations.remember(task.model, completed - created, task.createdMs);
		}
		return result;
	}

	/** Says at the end what became of the tasks: a hint in the output pane and a line in n8n's log. */
	close(): void {
		const total = [...this.counts.values()].reduce((sum, count) => sum + count, 0);
		if (total === 0) return;
		const words: Array<[string, string]> = [
			['success', 'succeeded'],
			['fail', 'failed'],
			['timedOut', 'not finished in time'],
			['stopped', 'no longer waited for'],
			['failed', 'could not be read'],
		];
		const parts = words
			.filter(([kind]) => this.counts.has(kind))
			.map(([kind, word]) => `${this.counts.get(kind)} ${word}`);
		const summary = `${total} HiAPI ${total === 1 ? 'task' : 'tasks'}: ${parts.join(', ')}; longest wait ${Math.round(this.longestMs / 1000)} s`;
		this.ports.log.info(summary);
		const nothingNew =
			this.replays === total ? '. No new task was created: all of them existed already.' : '';
		this.ports.hint(summary + nothingNew, 'info');
	}

	/** Whoever watches a manual run sees it in the browser's console; the server's log has it on level debug. */
	private tell(task: Task): void {
		const line = `HiAPI task ${task.taskId} (${task.model}): ${task.status}`;
		this.ports.log.debug(line);
		this.ports.tellWatcher(line);
	}
}
