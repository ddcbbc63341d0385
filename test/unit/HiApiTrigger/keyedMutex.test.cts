import { KeyedMutex } from '../../../nodes/HiApiTrigger/keyedMutex';

const flush = async () => await new Promise<void>((resolve) => setImmediate(resolve));

/** A job that records its start and ends when told. */
function job(log: string[], name: string) {
	let end!: (error?: Error) => void;
	const ended = new Promise<string>((resolve, reject) => {
		end = (error) => (error ? reject(error) : resolve(name));
	});
	return {
		end: (error?: Error) => end(error),
		run: async () => {
			log.push(name);
			return await ended;
		},
	};
}

test('jobs of one key run one after another and give their own results', async () => {
	const queue = new KeyedMutex();
	const log: string[] = [];
	const jobs = ['a', 'b', 'c'].map((name) => job(log, name));
	const results = jobs.map(async ({ run }) => await queue.run('key', run));
	await flush();
	expect(log).toEqual(['a']);
	jobs[1].end();
	await flush();
	expect(log).toEqual(['a']);
	jobs[0].end();
	await flush();
	expect(log).toEqual(['a', 'b', 'c']);
	jobs[2].end();
	expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
	expect(queue.size).toBe(0);
});

test('other keys do not wait', async () => {
	const queue = new KeyedMutex();
	const log: string[] = [];
	const [first, other] = [job(log, 'first'), job(log, 'other')];
	const results = [queue.run('key', first.run), queue.run('other key', other.run)];
	await flush();
	expect(log).toEqual(['first', 'other']);
	first.end();
	other.end();
	await Promise.all(results);
});

test('a job that fails fails alone', async () => {
	const queue = new KeyedMutex();
	const log: string[] = [];
	const [bad, good] = [job(log, 'bad'), job(log, 'good')];
	const results = Promise.allSettled([queue.run('key', bad.run), queue.run('key', good.run)]);
	bad.end(new Error('no'));
	good.end();
	expect(await results).toEqual([
		{ status: 'rejected', reason: new Error('no') },
		{ status: 'fulfilled', value: 'good' },
	]);
	expect(queue.size).toBe(0);
	await expect(queue.run('key', async () => await Promise.resolve('later'))).resolves.toBe('later');
});
