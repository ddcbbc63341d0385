import { N8nClient } from '../../scripts/n8n/client.cts';
import { freePort } from '../../scripts/n8n/ports.cts';
import { type N8nServer, startServer } from '../../scripts/n8n/server.cts';
import type { UserFolder } from '../../scripts/n8n/userFolder.cts';
import type { QueueServices } from '../../test/e2e/support/host/queueServices.cts';
import { cpuSeconds } from '../support/cpuTime.cts';
import { residentMegabytes } from '../support/residentMemory.cts';

/**
 * As docs/scaling.md advises. By default n8n makes a JavaScript sandbox for every call of a community trigger (benchmarks/README.md,
 * trigger), and on a busy machine loses executions for want of connections to PostgreSQL, of which each process opens 2.
 */
const SETTINGS = {
	N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
	DB_POSTGRESDB_POOL_SIZE: '10',
	EXECUTIONS_DATA_PRUNE: 'false',
};

/** Seconds of processor time, or megabytes of memory, by process. */
export type ByProcess = Record<string, number>;

/** A running n8n of one process or of several. */
export interface SetUp {
	name: string;
	/** The address HiAPI and other callers use, without a trailing slash. */
	address: string;
	n8n: N8nClient;
	/** Seconds of processor time so far, Redis and PostgreSQL included. */
	cpu: () => ByProcess;
	/** Megabytes each of n8n's processes occupies now. */
	memory: () => ByProcess;
	stop: () => Promise<void>;
}

/** n8n's main process, a webhook processor that takes all calls from outside, and two workers. */
export async function startQueueMode(user: UserFolder, services: QueueServices): Promise<SetUp> {
	const port = await freePort();
	const address = `http://127.0.0.1:${port}`;
	const env = { ...SETTINGS, ...services.env, N8N_WEBHOOK_URL: `${address}/` };
	const start = async (command: 'start' | 'worker' | 'webhook', at?: number) =>
		await startServer({
			userFolder: user.folder,
			encryptionKey: user.encryptionKey,
			env,
			command,
			port: at,
		});
	// First alone: it makes the database's tables.
	const main = await start('start');
	const [processor, first, second] = await Promise.all([
		start('webhook', port),
		start('worker'),
		start('worker'),
	]);
	const servers = {
		main,
		'webhook processor': processor,
		'worker 1': first,
		'worker 2': second,
	};
	return await setUp('queue mode', address, servers, services);
}

/** The same database without the queue: one process does everything. */
export async function startOneProcess(user: UserFolder, services: QueueServices): Promise<SetUp> {
	const server = await startServer({
		userFolder: user.folder,
		encryptionKey: user.encryptionKey,
		env: { ...SETTINGS, ...services.env, EXECUTIONS_MODE: 'regular' },
	});
	return await setUp('one process', server.address, { n8n: server }, services);
}

async function setUp(
	name: string,
	address: string,
	servers: Record<string, N8nServer>,
	services: QueueServices,
): Promise<SetUp> {
	const main = Object.values(servers)[0];
	const byProcess = (read: (pid: number) => number): ByProcess =>
		Object.fromEntries(Object.entries(servers).map(([process, { pid }]) => [process, read(pid)]));
	const used = (pid: number) => cpuSeconds(pid) ?? 0;
	return {
		name,
		address,
		n8n: await new N8nClient(main.address).logIn(),
		memory: () => byProcess(residentMegabytes),
		cpu: () => ({
			...byProcess(used),
			Redis: sum(services.pids('redis').map(used)),
			PostgreSQL: sum(services.pids('postgres').map(used)),
		}),
		stop: async () => {
			await Promise.all(Object.values(servers).map(async (server) => await server.stop()));
		},
	};
}

export const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0);

/** What came on top, by process. */
export function grown(before: ByProcess, after: ByProcess): ByProcess {
	return Object.fromEntries(
		Object.entries(after).map(([process, value]) => [process, value - before[process]]),
	);
}
