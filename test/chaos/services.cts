import { join } from 'node:path';

import { type N8nServer, startServer } from '../../scripts/n8n/server.cts';
import type { UserFolder } from '../../scripts/n8n/userFolder.cts';
import { PROJECT } from '../e2e/support/host/build.cts';
import type { QueueServices, ServiceName } from '../e2e/support/host/queueServices.cts';
import type { Service } from './keptUp.cts';

const PRELOAD = [
	join(PROJECT, 'test', 'e2e', 'support', 'host', 'eagerWaitTracker.cjs'),
	join(__dirname, 'shiftedClock.cjs'),
];

/**
 * Settings for a machine that fails: n8n finds lost jobs sooner than after three hours, keeps every execution, and stores the polling
 * trigger's place and its execution in one step (README, HiAPI Polling Trigger).
 */
const SETTINGS = {
	N8N_EXECUTIONS_QUEUE_RECOVERY_INTERVAL: '1',
	QUEUE_WORKER_LOCK_DURATION: '30000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '5000',
	QUEUE_WORKER_STALLED_INTERVAL: '10000',
	QUEUE_BULL_REDIS_TIMEOUT_THRESHOLD: '30000',
	EXECUTIONS_DATA_PRUNE: 'false',
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
};

const COMMANDS = {
	main: 'start',
	worker1: 'worker',
	worker2: 'worker',
	processor: 'webhook',
} as const;

/** One of n8n's processes, at the same port at each start. */
export function n8nProcess(
	name: keyof typeof COMMANDS,
	port: number,
	{ folder, encryptionKey }: UserFolder,
	env: Record<string, string>,
): Service {
	let server: N8nServer | undefined;
	return {
		name,
		start: async () => {
			server = await startServer({
				userFolder: folder,
				encryptionKey,
				env: { ...SETTINGS, ...env },
				port,
				command: COMMANDS[name],
				preload: PRELOAD,
			});
		},
		kill: async () => await server?.kill(),
		isRunning: () => server?.isRunning() ?? false,
	};
}

/** Redis or PostgreSQL, which run already. */
export function queueService(name: ServiceName, services: QueueServices): Service {
	let running = true;
	return {
		name,
		start: async () => {
			if (!running) await services.start(name);
			running = true;
		},
		kill: async () => {
			if (running) await services.kill(name);
			running = false;
		},
		isRunning: () => running,
	};
}
