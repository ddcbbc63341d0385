import type { AddressInfo } from 'node:net';

import { fastify } from 'fastify';

/** Told by n8n of every task that has come through. */
export interface Sink {
	/** Without a trailing slash; the task ID follows. */
	url: string;
	/** By task: when it came through, in milliseconds since 1970, once for each time the next node ran. */
	arrivals: Map<string, number[]>;
	close: () => Promise<void>;
}

export async function startSink(): Promise<Sink> {
	const app = fastify();
	const arrivals = new Map<string, number[]>();
	app.get('/:taskId', async (request) => {
		const { taskId } = request.params as { taskId: string };
		arrivals.set(taskId, [...(arrivals.get(taskId) ?? []), Date.now()]);
		return {};
	});
	await app.listen({ host: '127.0.0.1', port: 0 });
	const { port } = app.server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, arrivals, close: async () => await app.close() };
}
