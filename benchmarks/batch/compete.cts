import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Assignment, Contender, Testimony } from './contenderProcess.cts';
import { Stage } from './stage.cts';
import { resultOf, type Result } from './result.cts';

export const FAST_CLOCK = join(__dirname, 'fastClock.cjs');

const ROOT = join(__dirname, '..', '..');
const NAMES: Record<Contender, string> = {
	ours: "ours, in n8n's engine",
	sdk: '(a) one GET per task every 3 s',
	peer: '(b) one after another, every 5 s',
};

/** One contender, in a process and with a simulator of its own, `count` tasks, with time running `scale` times as fast. */
export async function compete(contender: Contender, count: number, scale: number, capMs = Infinity): Promise<Result> {
	const stage = await Stage.open(scale);
	const child = fork(join(__dirname, 'contenderProcess.cts'), [], {
		cwd: ROOT,
		execArgv: ['--expose-gc', '--require', 'tsx/cjs', '--require', FAST_CLOCK],
		env: { ...process.env, N8N_LOG_LEVEL: 'silent', HIAPI_BENCH_CLOCK: JSON.stringify(stage.clock) },
		// What a contender prints is not the benchmark's result.
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	try {
		const { baseUrl, apiKey } = stage.simulator;
		const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${NAMES[contender]} ended with code ${code}.`)));
		const message = async () => (await Promise.race([once(child, 'message'), ended]))[0] as unknown;
		ended.catch(() => undefined);
		// JSON has no Infinity.
		const assignment: Assignment = { contender, count, scale, baseUrl, apiKey, capMs: Math.min(capMs, Number.MAX_SAFE_INTEGER) };
		child.send(assignment);
		await message();
		stage.prepare(count);
		child.send('go');
		const testimony = (await message()) as Testimony | { error: string };
		if ('error' in testimony) throw new Error(`${NAMES[contender]}: ${testimony.error}`);
		return resultOf(NAMES[contender], count, stage, testimony);
	} finally {
		child.kill();
		await stage.close();
	}
}
