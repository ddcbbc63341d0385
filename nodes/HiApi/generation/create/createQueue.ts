import type { ApiResult } from '../../../shared/api/tasks';
import { Semaphore } from '../../../shared/semaphore';
import { notStarted } from '../items/runItems';
import type { RunPorts, RunSettings } from '../ports/ports';
import type { Submission } from '../request/taskRequest';
import { TaskCreator, type CreatedTask } from './taskCreator';

/** Creating answers at once; what takes longer is waiting for a rate limit or a server in trouble. */
export const CREATE_BUDGET_MS = 5 * 60_000;

/** Creates the tasks of one run, several at a time, and none any more after a failure that ends the node. */
export class CreateQueue {
	readonly creator: TaskCreator;
	private readonly semaphore: Semaphore;
	private ended = false;

	constructor(
		private readonly settings: RunSettings,
		private readonly ports: RunPorts,
	) {
		this.creator = new TaskCreator(settings, ports);
		this.semaphore = new Semaphore(settings.concurrency);
	}

	/**
	 * The task for a request, found again or created.
	 *
	 * @param mostMs for how long the request may be repeated, in milliseconds
	 * @param again whether the request's last task has failed and another one is wanted
	 */
	async create(
		submission: Submission,
		mostMs: number,
		again = false,
	): Promise<ApiResult<CreatedTask>> {
		return await this.semaphore.run(async () => {
			const { clock, stopped } = this.ports;
			if (this.ended || stopped?.aborted)
				return { ok: false, failure: notStarted(this.settings.wayOn) };
			const budget = { deadlineMs: clock.monotonic() + mostMs, signal: stopped };
			const result = again
				? await this.creator.createAgain(submission, budget)
				: await this.creator.create(submission, budget);
			// At once: the next item already waits for its turn.
			this.ended ||= !result.ok && !this.settings.continueOnFail;
			return result;
		});
	}

	/** Creates nothing more. */
	end(): void {
		this.ended = true;
	}
}
