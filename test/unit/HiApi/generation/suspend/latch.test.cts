import { Latch } from '../../../../../nodes/HiApi/generation/suspend/latch';

const tick = async () => await new Promise((resolve) => setImmediate(resolve));

test('has ended when the last job has ended, whether well or badly', async () => {
	const all = new Latch();
	const releases: Array<() => void> = [];
	const job = async () => await new Promise<void>((resolve) => releases.push(resolve));
	const bad = all.count(async () => await Promise.reject(new Error('no')));
	const jobs = [all.count(job), all.count(job)];
	let ended = false;
	void all.ended.then(() => {
		ended = true;
	});
	await expect(bad).rejects.toThrow('no');
	releases[1]();
	await tick();
	expect(ended).toBe(false);
	releases[0]();
	await Promise.all(jobs);
	await tick();
	expect(ended).toBe(true);
});
