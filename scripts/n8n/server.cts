import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pWaitFor from 'p-wait-for';

import { quietEnvironment } from './environment.cts';
import { startOnFreePorts, type Ports } from './ports.cts';
import { ensureN8n } from './runtime.cts';

const READY_WITHIN_MILLISECONDS = 120_000;

export interface StartOptions {
	/** n8n's user folder (see userFolder.cts); it keeps the database, so a second start on it goes on where the first ended. */
	userFolder: string;
	/** Key the user folder's credentials are encrypted with. */
	encryptionKey: string;
	/** More environment variables for n8n, over the quiet ones. */
	env?: Record<string, string>;
	/** Keep to this port (a restart under the address workflows already know); default: a free one. */
	port?: number;
	/** Which of n8n's processes: `start` (default) is the main one, the others stand beside it in queue mode. */
	command?: 'start' | 'worker' | 'webhook';
	/** Scripts (CommonJS) that are loaded into n8n before its own code. */
	preload?: string[];
}

/** A running n8n. */
export interface N8nServer {
	/** `http://127.0.0.1:<port>`, without a trailing slash. */
	address: string;
	port: number;
	/** n8n's process id; it leads a process group of its own. */
	pid: number;
	/** The file all of n8n's output goes to; appended to over restarts. */
	logFile: string;
	userFolder: string;
	/** Milliseconds from the start to readiness. */
	readyAfter: number;
	/** Ends n8n: SIGTERM, which lets running executions end, and SIGKILL after `withinMilliseconds` (default 10 s). */
	stop: (withinMilliseconds?: number) => Promise<void>;
	/** Ends n8n at once, as a crash of the machine would: nothing is saved any more. */
	kill: () => Promise<void>;
	/** Whether n8n still runs. */
	isRunning: () => boolean;
}

/**
 * Starts a real n8n and returns when it is ready (database migrated, webhooks served). The process never outlives this one.
 * Throws an Error with the end of the log when n8n does not come up within two minutes.
 */
export async function startServer(options: StartOptions): Promise<N8nServer> {
	return await startOnFreePorts(async (ports) => await startOn(ports, options), options);
}

async function startOn({ port, brokerPort }: Ports, options: StartOptions): Promise<N8nServer> {
	const runtime = await ensureN8n();
	const command = options.command ?? 'start';
	const isMain = command === 'start';
	const logFile = join(options.userFolder, isMain ? 'n8n.log' : `${command}-${port}.log`);
	const log = openSync(logFile, 'a');
	const logStart = readLog(logFile).length;
	const started = Date.now();
	const child = spawn(
		runtime.node.executable,
		[
			...[join(__dirname, 'endWithParent.cjs'), ...(options.preload ?? [])].flatMap((script) => [
				'--require',
				script,
			]),
			runtime.command,
			command,
		],
		{
			cwd: options.userFolder,
			env: quietEnvironment(
				{ ...options, port, brokerPort, modules: runtime.modules },
				{ ...options.env, ...(command === 'worker' && healthAt(port)) },
			),
			detached: true,
			stdio: ['ignore', log, log, 'pipe'],
		},
	);
	closeSync(log);
	const ended = new Promise<void>((resolve) => {
		child.once('exit', () => resolve());
		child.once('error', () => resolve());
	});
	// the pipe that tells n8n that we still live must not keep us alive
	(child.stdio[3] as unknown as { unref: () => void }).unref();
	child.unref();

	const server: N8nServer = {
		address: `http://127.0.0.1:${port}`,
		port,
		pid: child.pid ?? -1,
		logFile,
		userFolder: options.userFolder,
		readyAfter: 0,
		stop: async (withinMilliseconds = 10_000) => await stop(child, ended, withinMilliseconds),
		kill: async () => await stop(child, ended, 0),
		isRunning: () => isRunning(child),
	};
	try {
		await untilReady(server.address, child, isMain ? MAIN_IS_READY : ['/healthz']);
	} catch (error) {
		await server.kill();
		throw new Error(
			`${(error as Error).message}\nLog: ${logFile}\n${readLog(logFile).slice(logStart).slice(-3000)}`,
		);
	}
	server.readyAfter = Date.now() - started;
	return server;
}

function isRunning(child: ChildProcess): boolean {
	return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** A worker serves nothing but its health, and that only when told to. */
const healthAt = (port: number) => ({
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
	QUEUE_HEALTH_CHECK_PORT: String(port),
});

/** n8n 1 says that it is ready a moment before it serves its REST interface. */
const MAIN_IS_READY = ['/healthz/readiness', '/rest/settings'];

async function untilReady(address: string, child: ChildProcess, paths: string[]): Promise<void> {
	await pWaitFor(
		async () => {
			if (!isRunning(child)) {
				throw new Error(`n8n ended while it was starting (exit code ${child.exitCode}).`);
			}
			for (const path of paths) if (!(await answers(address + path))) return false;
			return true;
		},
		{
			interval: 100,
			timeout: {
				milliseconds: READY_WITHIN_MILLISECONDS,
				message: `n8n was not ready within ${READY_WITHIN_MILLISECONDS / 1000} s.`,
			},
		},
	);
}

/** Whether the URL answers with a 2xx status; false, too, while nothing listens there. */
async function answers(url: string): Promise<boolean> {
	try {
		const reply = await fetch(url, { signal: AbortSignal.timeout(5_000) });
		await reply.arrayBuffer();
		return reply.ok;
	} catch {
		return false;
	}
}

async function stop(
	child: ChildProcess,
	ended: Promise<void>,
	withinMilliseconds: number,
): Promise<void> {
	child.ref();
	if (isRunning(child) && withinMilliseconds > 0) {
		child.kill('SIGTERM');
		await Promise.race([ended, sleep(withinMilliseconds, undefined, { ref: false })]);
	}
	// the whole group: n8n's task runner is a process of its own
	signalGroup(child, 'SIGKILL');
	await ended;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
	} catch {
		// the group has ended already
	}
}

function readLog(file: string): string {
	return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
