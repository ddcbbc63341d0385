/** Lets a limited number of jobs run at the same time; the others wait in the order in which they came. */
export class Semaphore {
	private free: number;
	private readonly queue: Array<() => void> = [];

	/** @param limit how many jobs may run at once, at least 1 */
	constructor(limit: number) {
		this.free = limit;
	}

	/** Runs a job as soon as there is room. Rejects with what the job rejects with. */
	async run<T>(job: () => Promise<T>): Promise<T> {
		if (this.free > 0) this.free -= 1;
		else await new Promise<void>((resolve) => this.queue.push(resolve));
		try {
			return await job();
		} finally {
			const next = this.queue.shift();
			if (next) next();
			else this.free += 1;
		}
	}
}
