import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

/** What stands in front of n8n in queue mode: webhooks go to the one process or the other, whichever is up. */
export interface Balancer {
	close: () => Promise<void>;
}

const ANSWER_WITHIN_MILLISECONDS = 60_000;

/**
 * Takes turns among the targets (ports on 127.0.0.1), and asks the next one only when nobody listens: a request that somebody may have
 * read is not sent again. Answers 502 when nobody answers.
 */
export async function startBalancer(port: number, targets: number[]): Promise<Balancer> {
	let turn = 0;
	const server = createServer((incoming, outgoing) => {
		turn += 1;
		const order = targets.map((_, index) => targets[(turn + index) % targets.length]);
		void bodyOf(incoming).then((body) => forward(incoming, body, outgoing, order));
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return {
		close: async () =>
			await new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	try {
		for await (const chunk of incoming) chunks.push(chunk as Buffer);
	} catch {
		// the caller has gone
	}
	return Buffer.concat(chunks);
}

function forward(
	incoming: IncomingMessage,
	body: Buffer,
	outgoing: ServerResponse,
	[target, ...others]: number[],
): void {
	if (target === undefined) {
		outgoing.writeHead(502).end('nobody listens');
		return;
	}
	const { method, url, headers } = incoming;
	const sent = request({
		host: '127.0.0.1',
		port: target,
		method,
		path: url,
		headers: { ...headers, connection: 'close' },
		agent: false,
		timeout: ANSWER_WITHIN_MILLISECONDS,
	});
	sent.on('timeout', () => sent.destroy(new Error('no answer')));
	sent.on('response', (response) => {
		outgoing.writeHead(response.statusCode ?? 502, response.headers);
		response.on('error', () => outgoing.destroy());
		response.pipe(outgoing);
	});
	sent.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'ECONNREFUSED') return forward(incoming, body, outgoing, others);
		if (outgoing.headersSent) outgoing.destroy();
		else outgoing.writeHead(502).end(error.message);
	});
	sent.end(body);
}
