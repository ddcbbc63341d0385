import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Stage } from './stage.cts';

const ROOT = join(__dirname, '..', '..');
/** To be preloaded into the process that runs the node. */
export const FAST_CLOCK = join(__dirname, 'fastClock.cjs');

/** What a process is to do. */
export interface Run<Order> {
	/** The program, which calls {@link answerOrder}. */
	program: string;
	/** Who it is, for the error when it ends too early. */
	name: string;
	order: Order & object;
	/** Called when the process has warmed up, right before it begins. */
	onReady(): void;
}

/** Runs a program alone in a process whose clock is as fast as the stage's, and returns its answer. */
export async function runTimed<Order, Answer>(
	stage: Stage,
	{ program, name, order, onReady }: Run<Order>,
): Promise<Answer> {
	const child = fork(program, [], {
		cwd: ROOT,
		execArgv: ['--expose-gc', '--require', 'tsx/cjs', '--require', FAST_CLOCK],
		env: {
			...process.env,
			N8N_LOG_LEVEL: 'silent',
			HIAPI_BENCH_CLOCK: JSON.stringify(stage.clock),
		},
		// What n8n's engine prints is not the benchmark's result.
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	try {
		const ended = once(child, 'exit').then(([code]) =>
			Promise.reject(new Error(`${name} ended with code ${code}.`)),
		);
		ended.catch(() => undefined);
		const message = async () => (await Promise.race([once(child, 'message'), ended]))[0] as unknown;
		child.send(order);
		await message();
		onReady();
		child.send('go');
		return (await message()) as Answer;
	} finally {
		child.kill();
	}
}

/** The other end of {@link runTimed}: takes an order, warms up, begins when told, and answers. */
export function answerOrder<Order, Answer>(
	warmUp: (order: Order) => Promise<unknown>,
	carryOut: (order: Order) => Promise<Answer>,
): void {
	process.once('message', (order: Order) => {
		const go = new Promise<void>((resolve) => {
			void warmUp(order).then(() => {
				process.once('message', () => resolve());
				process.send?.('ready');
			}, fail);
		});
		go.then(async () => await carryOut(order))
			.then((answer) => process.send?.(answer, () => process.disconnect()))
			.catch(fail);
	});
}

function fail(error: unknown): void {
	console.error(error);
	process.exit(1);
}
