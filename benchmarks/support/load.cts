import { Agent, request } from 'node:http';

/** What a load run saw. */
export interface LoadResult {
	/** Requests answered with 2xx, per second. */
	acceptedPerSecond: number;
	/** Requests answered at all, per second. */
	answeredPerSecond: number;
	/** Number of answers by HTTP status. */
	statuses: Record<number, number>;
}

export interface LoadRequest {
	headers: Record<string, string>;
	body: string;
}

/**
 * Sends requests from a number of clients, each one after another over a kept connection, for a number of seconds.
 * Rates count from the first request to the last answer.
 */
export async function load(
	url: string,
	clients: number,
	seconds: number,
	nextRequest: () => LoadRequest,
): Promise<LoadResult> {
	const agent = new Agent({ keepAlive: true, maxSockets: clients });
	const statuses: Record<number, number> = {};
	const started = performance.now();
	const client = async (): Promise<void> => {
		while (performance.now() - started < seconds * 1000) {
			const status = await send(agent, url, nextRequest());
			statuses[status] = (statuses[status] ?? 0) + 1;
		}
	};
	await Promise.all(Array.from({ length: clients }, client));
	const elapsed = (performance.now() - started) / 1000;
	agent.destroy();
	const total = (wanted: (status: number) => boolean): number =>
		Object.entries(statuses).reduce(
			(sum, [status, count]) => sum + (wanted(Number(status)) ? count : 0),
			0,
		);
	return {
		acceptedPerSecond: total((status) => status >= 200 && status < 300) / elapsed,
		answeredPerSecond: total(() => true) / elapsed,
		statuses,
	};
}

async function send(agent: Agent, url: string, { headers, body }: LoadRequest): Promise<number> {
	return await new Promise<number>((resolve, reject) => {
		const outgoing = request(url, {
			agent,
			method: 'POST',
			headers: { ...headers, 'content-length': Buffer.byteLength(body) },
		});
		outgoing.on('error', reject);
		outgoing.on('response', (response) => {
			response.resume();
			response.on('end', () => resolve(response.statusCode ?? 0));
			response.on('error', reject);
		});
		outgoing.end(body);
	});
}
