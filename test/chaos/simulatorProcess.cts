import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { PROJECT } from '../e2e/support/host/build.cts';
import type { Service } from './keptUp.cts';

const READY_WITHIN_MILLISECONDS = 60_000;
const PATIENCE_MILLISECONDS = 120_000;

/** A task as the simulator's control interface shows it. */
export interface ShownTask {
	taskId: string;
	status: string;
	requestBody: { input?: { prompt?: string } };
}

/** A local HiAPI in a process of its own, which keeps what it has sold over a kill. */
export class SimulatorProcess implements Service {
	readonly name = 'simulator';
	readonly origin: string;
	readonly journal: string;
	private child?: ChildProcess;

	constructor(
		private readonly port: number,
		private readonly options: {
			apiKey: string;
			webhookSecret: string;
			journal: string;
			logFile: string;
		},
		/** Called after each start: switches do not outlive it. */
		private readonly onStart: (simulator: SimulatorProcess) => Promise<void>,
	) {
		this.journal = options.journal;
		this.origin = `http://127.0.0.1:${port}`;
	}

	async start(): Promise<void> {
		const { apiKey, webhookSecret, journal, logFile } = this.options;
		const log = openSync(logFile, 'a');
		const flags = ['--port', String(this.port), '--journal', journal, '--api-key', apiKey];
		const preload = [join(PROJECT, 'scripts', 'n8n', 'endWithParent.cjs'), 'tsx/cjs'];
		const child = spawn(
			process.execPath,
			[
				...preload.flatMap((script) => ['--require', script]),
				join(PROJECT, 'simulator', 'main.cts'),
				...[...flags, '--webhook-secret', webhookSecret],
			],
			{ cwd: PROJECT, detached: true, stdio: ['ignore', log, log, 'pipe'] },
		);
		closeSync(log);
		this.child = child;
		for (const deadline = Date.now() + READY_WITHIN_MILLISECONDS; ; await sleep(50)) {
			if (await this.control('GET', '').catch(() => undefined)) break;
			if (Date.now() > deadline || !this.isRunning()) {
				await this.kill();
				throw new Error('the simulator did not come up');
			}
		}
		await this.onStart(this);
	}

	async kill(): Promise<void> {
		const { child } = this;
		if (child === undefined || !this.isRunning()) return;
		const ended = new Promise((resolve) => child.once('exit', resolve));
		child.kill('SIGKILL');
		await ended;
	}

	isRunning(): boolean {
		return (
			this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null
		);
	}

	/** One call below `/_simulator`. Throws when it is down. */
	async control<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
		const reply = await fetch(`${this.origin}/_simulator${path}`, {
			method,
			headers: { 'content-type': 'application/json', connection: 'close' },
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(10_000),
		});
		const json = (await reply.json()) as T & { error?: string };
		if (!reply.ok) throw new Error(`${method} ${path}: ${json.error}`);
		return json;
	}

	/** As `control`, but tried until the simulator is up. */
	async untilControl<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
		for (const deadline = Date.now() + PATIENCE_MILLISECONDS; ; await sleep(250)) {
			try {
				return await this.control<T>(method, path, body);
			} catch (error) {
				if (Date.now() > deadline) throw error;
			}
		}
	}

	/** Everything it has ever sold. */
	async tasks(): Promise<ShownTask[]> {
		return (await this.untilControl<{ tasks: ShownTask[] }>('GET', '/tasks')).tasks;
	}
}
