/** Tells when all of several jobs that begin together have ended. */
export class Latch {
	private open = 0;
	private announce!: () => void;

	/** Resolves when the last of the jobs counted so far has ended. All have to be counted before the first one ends. */
	readonly ended = new Promise<void>((resolve) => {
		this.announce = resolve;
	});

	/** Runs a job and counts it. Rejects with what the job rejects with. */
	async count<T>(job: () => Promise<T>): Promise<T> {
		this.open += 1;
		try {
			return await job();
		} finally {
			this.open -= 1;
			if (this.open === 0) this.announce();
		}
	}
}
