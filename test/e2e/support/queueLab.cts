import { readFileSync } from 'node:fs';

import { callHost } from './host/calls.cts';
import { findQueuePrograms } from './host/queueServices.cts';
import { Lab } from './lab.cts';

/** A worker or a webhook processor beside n8n's main process. */
interface QueueProcess {
	id: string;
	/** `http://127.0.0.1:<port>`: webhooks of a processor, only health of a worker. */
	address: string;
	logFile: string;
}

/** n8n's main process, a webhook processor and a worker, on Redis and PostgreSQL of their own. */
export interface QueueLab {
	lab: Lab;
	/** Where the webhook processor listens, without a trailing slash. */
	processorAddress: () => string;
	/** Everything the present worker has logged. */
	workerLog: () => string;
	/** Ends the worker at once and starts another one. */
	replaceWorker: () => Promise<void>;
	/** Ends all three at once and starts them again. */
	restartAll: () => Promise<void>;
}

/** As `describe`, for tests in queue mode: left out, and said so, where Redis or PostgreSQL is missing. `env`: more settings. */
export function describeInQueueMode(
	name: string,
	env: Record<string, string>,
	tests: (queue: QueueLab) => void,
): void {
	const found = findQueuePrograms();
	if ('missing' in found) {
		test.skip(`${name}: ${found.missing}`, () => undefined);
		return;
	}
	describe(name, () => {
		const lab = new Lab();
		let services: { id: string; env: Record<string, string> } | undefined;
		let worker: QueueProcess;
		let processor: QueueProcess;

		// The worker makes up the resume URL, so it has to know where n8n is called.
		const start = async (command: 'worker' | 'webhook') =>
			await callHost('startBeside', lab.server.id, command, {
				...services!.env,
				...env,
				N8N_WEBHOOK_URL: `${lab.server.address}/`,
			});
		const startBoth = async () => {
			[worker, processor] = await Promise.all([start('worker'), start('webhook')]);
		};

		beforeAll(async () => {
			services = await callHost('startServices', found.programs);
			await lab.open({ env: { ...services.env, ...env } });
			await startBoth();
		}, 5 * 60_000);
		beforeEach(() => lab.beginTest());
		afterAll(async () => {
			for (const one of [worker, processor]) if (one) await callHost('kill', one.id);
			await lab.close();
			if (services) await callHost('stopServices', services.id);
		}, 60_000);

		tests({
			lab,
			processorAddress: () => processor.address,
			workerLog: () => readFileSync(worker.logFile, 'utf8'),
			replaceWorker: async () => {
				await callHost('kill', worker.id);
				worker = await start('worker');
			},
			restartAll: async () => {
				await Promise.all(
					[worker.id, processor.id, lab.server.id].map(async (id) => await callHost('kill', id)),
				);
				await lab.restart();
				await startBoth();
			},
		});
	});
}
