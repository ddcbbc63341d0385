import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Simulator } from '../../../simulator/index.cts';

export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	bytes: Buffer;
	/** The body as JSON; throws when it is none. */
	json: any;
}

export interface CallOptions {
	/** An object is sent as JSON, text and bytes as they are. */
	body?: unknown;
	headers?: Record<string, string>;
	/** null: no Authorization header. */
	key?: string | null;
	timeoutMilliseconds?: number;
}

/** One plain HTTP request without keep-alive. Rejects when the connection is lost or nothing comes in time. */
export function fetchRaw(url: string, method = 'GET', options: CallOptions = {}): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const raw = typeof options.body === 'string' || Buffer.isBuffer(options.body);
		const body =
			options.body === undefined
				? undefined
				: raw
					? (options.body as string | Buffer)
					: JSON.stringify(options.body);
		const outgoing = request(
			url,
			{ method, agent: false, headers: options.headers },
			(response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('error', reject);
				response.on('end', () => {
					const bytes = Buffer.concat(chunks);
					resolve({
						status: response.statusCode ?? 0,
						headers: response.headers,
						bytes,
						get json() {
							return JSON.parse(bytes.toString('utf8'));
						},
					});
				});
			},
		);
		outgoing.on('error', reject);
		outgoing.setTimeout(options.timeoutMilliseconds ?? 10_000, () =>
			outgoing.destroy(new Error('timeout')),
		);
		// As bytes: Node would send a text body and the headers as one text, and so the headers as UTF-8.
		outgoing.end(typeof body === 'string' ? Buffer.from(body) : body);
	});
}

/** One request to the simulator with its key; `path` below its origin. */
export function call(
	simulator: Simulator,
	method: string,
	path: string,
	options: CallOptions = {},
): Promise<Answer> {
	const headers: Record<string, string> = {};
	const key = options.key === undefined ? simulator.apiKey : options.key;
	if (key !== null) headers.authorization = `Bearer ${key}`;
	if (options.body !== undefined) headers['content-type'] = 'application/json';
	return fetchRaw(simulator.origin + path, method, {
		...options,
		headers: { ...headers, ...options.headers },
	});
}

export const anyInput = { model: 'any-model', input: { prompt: 'p' } };

export function create(
	simulator: Simulator,
	body: unknown = anyInput,
	headers: Record<string, string> = {},
): Promise<Answer> {
	return call(simulator, 'POST', '/v1/tasks', { body, headers });
}

/** Creates a task and returns its id. Throws when it was refused. */
export async function createdId(simulator: Simulator, body: unknown = anyInput): Promise<string> {
	const answer = await create(simulator, body);
	const { taskId } = answer.json.data ?? {};
	if (typeof taskId !== 'string') throw new Error(`refused: ${answer.bytes.toString()}`);
	return taskId;
}

/** The `data` of one task. */
export async function readTask(simulator: Simulator, taskId: string): Promise<any> {
	return (await call(simulator, 'GET', `/v1/tasks/${encodeURIComponent(taskId)}`)).json.data;
}

export interface Received {
	headers: IncomingHttpHeaders;
	rawBody: Buffer;
	at: number;
}

/** A receiver of callbacks; `answer` says with which status (0: never). */
export async function startReceiver(
	answer: (count: number) => number,
): Promise<{ url: string; received: Received[]; close: () => Promise<void> }> {
	const received: Received[] = [];
	const server: Server = createServer((incoming, outgoing) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => {
			received.push({ headers: incoming.headers, rawBody: Buffer.concat(chunks), at: Date.now() });
			const status = answer(received.length);
			if (status === 0) return;
			outgoing.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
		received,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** Waits until something holds. Throws after five seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
	const end = Date.now() + 5000;
	while (!holds()) {
		if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

export const sleep = (milliseconds: number) =>
	new Promise((resolve) => setTimeout(resolve, milliseconds));
