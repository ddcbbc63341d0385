import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import getPort from 'get-port';
import pWaitFor from 'p-wait-for';

import { quietEnvironment } from '../../../scripts/n8n/environment.cts';
import { ensureN8n } from '../../../scripts/n8n/runtime.cts';

const SCRIPTS = join(__dirname, '..', '..', '..', 'scripts', 'n8n');
const READY_WITHIN_MILLISECONDS = 120_000;

/** A worker or a webhook processor beside n8n's main process. */
export interface QueueProcess {
	/** `http://127.0.0.1:<port>`: webhooks of a processor, only health of a worker. */
	address: string;
	readLog: () => string;
	/** Ends it at once. */
	kill: () => Promise<void>;
}

/** Starts `n8n worker` or `n8n webhook` on the user folder of a main process in queue mode. */
export async function startQueueProcess(
	command: 'worker' | 'webhook',
	userFolder: string,
	env: Record<string, string>,
): Promise<QueueProcess> {
	const runtime = await ensureN8n();
	const port = await getPort({ host: '127.0.0.1' });
	const brokerPort = await getPort({ host: '127.0.0.1' });
	const encryptionKey = readFileSync(join(userFolder, 'encryption-key'), 'utf8');
	const health = { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port) };
	const logFile = join(userFolder, `${command}-${port}.log`);
	const log = openSync(logFile, 'a');
	const child = spawn(
		runtime.node.executable,
		['--require', join(SCRIPTS, 'endWithParent.cjs'), runtime.command, command],
		{
			cwd: userFolder,
			env: quietEnvironment(
				{ userFolder, port, brokerPort, encryptionKey, modules: runtime.modules },
				{ ...env, ...(command === 'worker' && health) },
			),
			detached: true,
			stdio: ['ignore', log, log, 'pipe'],
		},
	);
	closeSync(log);
	const ended = new Promise((resolve) => child.once('exit', resolve));
	const kill = async () => {
		if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
		process.kill(-child.pid, 'SIGKILL');
		await ended;
	};
	const readLog = () => readFileSync(logFile, 'utf8');
	const address = `http://127.0.0.1:${port}`;
	const isReady = async () => {
		if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`);
		return await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(5_000) }).then(
			({ ok }) => ok,
			() => false,
		);
	};
	try {
		await pWaitFor(isReady, { interval: 200, timeout: READY_WITHIN_MILLISECONDS });
	} catch (error) {
		await kill();
		throw new Error(
			`n8n ${command} did not come up. ${(error as Error).message}\n${readLog().slice(-3_000)}`,
		);
	}
	return { address, readLog, kill };
}
