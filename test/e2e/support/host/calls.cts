import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Host } from './host.cts';

/** Where test files find the host: its address. */
export const HOST_VARIABLE = 'N8N_NODES_HIAPI_E2E_HOST';

/** What test files may call. */
export type HostCall = Exclude<keyof Host, 'close'>;

const CALLS: readonly string[] = [
	'borrow',
	'giveBack',
	'start',
	'startBeside',
	'kill',
	'restart',
	'remove',
	'startServices',
	'stopServices',
] satisfies HostCall[];

/** A host that test files in other processes can call. */
export interface ServedHost {
	address: string;
	close: () => Promise<void>;
}

/** Serves a new host on 127.0.0.1: `POST /<call>` with the arguments as a JSON array; an error is answered 500 with its message. */
export async function serveHost(): Promise<ServedHost> {
	const host = new Host();
	const answer = async (request: IncomingMessage): Promise<unknown> => {
		const call = String(request.url).slice(1);
		if (!CALLS.includes(call)) throw new Error(`The host has no "${call}".`);
		const args = JSON.parse(await bodyOf(request)) as never[];
		return await (host[call as HostCall] as (...args: never[]) => unknown)(...args);
	};
	const server = createServer((request, response) => {
		// a test file that was busy loading may not have seen yet that a connection kept open has been closed
		response.setHeader('connection', 'close');
		answer(request).then(
			(result) => response.end(JSON.stringify({ result })),
			(error: Error) => {
				response.statusCode = 500;
				response.end(JSON.stringify({ message: error.message }));
			},
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	server.unref();
	return {
		address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			server.close();
			server.closeAllConnections();
			await host.close();
		},
	};
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}

/** Calls the host of this test run. */
export async function callHost<Call extends HostCall>(
	call: Call,
	...args: Parameters<Host[Call]>
): Promise<Awaited<ReturnType<Host[Call]>>> {
	const address = process.env[HOST_VARIABLE];
	if (!address) throw new Error(`${HOST_VARIABLE} is not set: run the tests with jest.`);
	const reply = await fetch(`${address}/${call}`, { method: 'POST', body: JSON.stringify(args) });
	const { result, message } = (await reply.json()) as { result: never; message?: string };
	if (!reply.ok) throw new Error(message);
	return result;
}
