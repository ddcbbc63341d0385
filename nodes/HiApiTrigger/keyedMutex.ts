/** Runs jobs that share a key one after another, in the order they came; jobs with different keys do not wait. */
export class KeyedMutex {
	private readonly last = new Map<string, Promise<unknown>>();

	/** Runs a job when all earlier ones with its key have ended, well or badly. Rejects with what the job rejects with. */
	async run<T>(key: string, job: () => Promise<T>): Promise<T> {
		const earlier = this.last.get(key);
		const mine = (async () => {
			await earlier?.catch(() => undefined);
			return await job();
		})();
		this.last.set(key, mine);
		try {
			return await mine;
		} finally {
			if (this.last.get(key) === mine) this.last.delete(key);
		}
	}

	/** How many keys have jobs, for tests. */
	get size(): number {
		return this.last.size;
	}
}
