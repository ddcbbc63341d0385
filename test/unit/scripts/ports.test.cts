import { createServer, type AddressInfo } from 'node:net';

import { freePort, startOnFreePorts, type Ports } from '../../../scripts/n8n/ports.cts';

/** Words of n8n 2.41: abstract-server.js and task-broker-server.js. The broker listens first. */
const taken = (whose: string, port: number) =>
	new Error(
		`n8n ended while it was starting (exit code 1).\nn8n Task Broker ready on 127.0.0.1, port 9\n${whose} port ${port} is already in use. Do you have another instance of n8n running already?`,
	);
const broker = ({ brokerPort }: Ports) => taken("n8n Task Broker's", brokerPort);
const main = ({ port }: Ports) => taken("n8n's", port);

/** Starts something that fails in the first attempts, each in its way. */
async function start(failures: Array<(ports: Ports) => Error>, port?: number) {
	const attempts: Ports[] = [];
	const pauses: number[] = [];
	const started = startOnFreePorts(
		async (ports) => {
			attempts.push(ports);
			const failure = failures[attempts.length - 1]?.(ports);
			if (failure) throw failure;
			return ports;
		},
		{ port, pause: async (milliseconds) => await Promise.resolve(pauses.push(milliseconds)) },
	);
	const result = await started.catch((error: Error) => error);
	return { attempts, pauses, result };
}

const distinct = (ports: number[]) => new Set(ports).size;

test('a port that nothing listens on, out of those the system gives nobody by itself', async () => {
	const port = await freePort();
	expect(port).toBeGreaterThanOrEqual(15_000);
	expect(port).toBeLessThan(32_000);
	const server = createServer();
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	expect((server.address() as AddressInfo).port).toBe(port);
	await new Promise((resolve) => server.close(resolve));
});

test('both ports are new in each attempt when one of them was taken meanwhile', async () => {
	const { attempts, pauses, result } = await start([broker, main]);
	expect(result).toEqual(attempts[2]);
	expect(distinct(attempts.flatMap(({ port, brokerPort }) => [port, brokerPort]))).toBe(6);
	expect(pauses).toEqual([]);
});

test("a given port is kept, and another broker's port is taken at once", async () => {
	const { attempts, pauses, result } = await start([broker, broker], 15_678);
	expect(result).toEqual(attempts[2]);
	expect(attempts.map(({ port }) => port)).toEqual([15_678, 15_678, 15_678]);
	expect(distinct(attempts.map(({ brokerPort }) => brokerPort))).toBe(3);
	expect(pauses).toEqual([]);
});

test.each([
	['n8n says so', main],
	[
		'the system says so',
		({ port }: Ports) => new Error(`listen EADDRINUSE: address already in use 127.0.0.1:${port}`),
	],
])('a given port that is taken itself is waited for: %s', async (_name, failure) => {
	const { attempts, pauses, result } = await start([failure], 15_678);
	expect(result).toEqual(attempts[1]);
	expect(pauses).toEqual([2_000]);
});

test('ends after three attempts, and at once when it is not about a port', async () => {
	const { attempts, result } = await start([broker, broker, broker], 15_678);
	expect(attempts).toHaveLength(3);
	expect((result as Error).message).toContain("Task Broker's port");
	const other = await start([() => new Error('n8n was not ready within 120 s.')]);
	expect(other.attempts).toHaveLength(1);
	expect((other.result as Error).message).toContain('not ready');
});
