/**
 * Runs a job for every index from 0 to `count - 1`, at most `limit` at a time and in order of index, and returns the
 * results in that order. `job` must not reject.
 */
export async function runConcurrently<T>(count: number, limit: number, job: (index: number) => Promise<T>): Promise<T[]> {
	const results = new Array<T>(count);
	let next = 0;
	const worker = async () => {
		while (next < count) {
			const index = next++;
			results[index] = await job(index);
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
	return results;
}
