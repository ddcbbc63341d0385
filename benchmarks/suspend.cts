import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { N8nClient } from '../scripts/n8n/client.cts';
import { npm } from '../scripts/n8n/npm.cts';
import { startServerWithPackage } from '../scripts/n8n/serverWithPackage.cts';
import { startSimulator, type Simulator } from '../simulator/index.cts';
import { median, type Measurement } from './report.cts';
import { residentMegabytes, settledMegabytes } from './support/residentMemory.cts';
import { type Sink, startSink } from './support/sink.cts';
import { toldWorkflow } from './support/toldWorkflows.cts';
import { until } from './support/until.cts';

const EXECUTIONS = 200;
const WARM_UP = 40;
const STARTS_AT_ONCE = 10;
/** How long all of them wait while nothing else happens. */
const QUIET_SECONDS = 60;
/** Tasks that end per second: less than n8n can finish executions on two cores, so that waiting is measured and not a queue. */
const ENDS_PER_SECOND = 2;

/** What 200 executions that wait in one way cost. */
interface Result {
	/** Requests to HiAPI while nothing happened. */
	requests: number;
	/** Memory of n8n above what it had before they were started, in megabytes. */
	megabytes: number;
	/** From the end of each task to the node after HiAPI, in seconds, sorted. */
	seconds: number[];
}

class Stage {
	constructor(
		private readonly client: N8nClient,
		private readonly pid: number,
		private readonly simulator: Simulator,
		private readonly sink: Sink,
		private readonly credential: { id: string; name: string },
	) {}

	/** Starts all executions, lets them wait, ends their tasks one after another, and measures. */
	async measure(waitBy: 'callback' | 'polling'): Promise<Result> {
		const path = randomUUID();
		const published = await this.client.createWorkflow(
			toldWorkflow(waitBy, this.credential, path, this.sink.url),
		);
		await this.client.publish(published);
		const url = `${this.client.address}/webhook/${path}`;
		await this.start(url, WARM_UP);
		await this.untilBought(WARM_UP);
		if (waitBy === 'callback') await this.untilSuspended(published.id, WARM_UP);
		await this.endAll(0);

		this.simulator.reset();
		const idle = await settledMegabytes(this.pid);
		await this.start(url, EXECUTIONS);
		await this.untilBought(EXECUTIONS);
		if (waitBy === 'callback') await this.untilSuspended(published.id, EXECUTIONS);
		process.stderr.write(`${waitBy}: ${EXECUTIONS} executions wait\n`);
		await sleep(5_000);
		const before = this.simulator.requests.length;
		await sleep(QUIET_SECONDS * 1000);
		const requests = this.simulator.requests.length - before;
		const megabytes = residentMegabytes(this.pid) - idle;
		const seconds = await this.endAll(1000 / ENDS_PER_SECOND);
		if (this.simulator.purchases !== EXECUTIONS)
			throw new Error(`${this.simulator.purchases} tasks were bought instead of ${EXECUTIONS}.`);
		process.stderr.write(
			`${waitBy}: ${requests} requests in ${QUIET_SECONDS} s, ${megabytes.toFixed(0)} MB, ${[0.5, 0.9, 0.95, 0.99, 1].map((share) => percentile(seconds, share).toFixed(2)).join(', ')} s to go on (p50, p90, p95, p99, slowest)\n`,
		);
		await this.client.unpublish(published.id);
		return { requests, megabytes, seconds };
	}

	private async start(url: string, count: number): Promise<void> {
		for (let first = 0; first < count; first += STARTS_AT_ONCE) {
			const calls = Array.from({ length: Math.min(STARTS_AT_ONCE, count - first) }, async () => {
				const reply = await fetch(url, { method: 'POST' });
				await reply.arrayBuffer();
				if (!reply.ok)
					throw new Error(`n8n answered ${reply.status} to the start of an execution.`);
			});
			await Promise.all(calls);
		}
	}

	private async untilBought(count: number): Promise<void> {
		await until(() => this.simulator.purchases === count, `${count} purchases`);
	}

	private async untilSuspended(workflowId: string, count: number): Promise<void> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status: ['waiting'] }));
		await until(async () => {
			const { count: waiting } = await this.client.rest<{ count: number }>(
				'GET',
				`/executions?limit=1&filter=${filter}`,
			);
			return waiting === count;
		}, `${count} suspended executions`);
	}

	/** Ends every task and returns how long each took to come through, sorted. */
	private async endAll(gapMilliseconds: number): Promise<number[]> {
		const ended = new Map<string, number>();
		for (const { taskId } of [...this.simulator.tasks]) {
			ended.set(taskId, Date.now());
			this.simulator.finish(taskId);
			await sleep(gapMilliseconds);
		}
		await until(
			() => [...ended.keys()].every((taskId) => this.sink.arrivals.has(taskId)),
			'the end of all executions',
		);
		return [...ended]
			.map(([taskId, at]) => (this.sink.arrivals.get(taskId)![0] - at) / 1000)
			.sort((a, b) => a - b);
	}
}

const percentile = (sorted: number[], share: number): number =>
	sorted[Math.ceil(sorted.length * share) - 1];

function compare(callback: Result, polling: Result): Measurement[] {
	const against = (
		measure: string,
		read: (result: Result) => number,
		goal: number,
	): Measurement => {
		const [ours, rival] = [read(callback), read(polling)];
		return {
			measure,
			ours,
			rival: { name: 'polling', value: rival },
			ratio: ours / rival,
			goal: { is: 'at most', value: goal },
		};
	};
	return [
		against(
			`requests to HiAPI in ${QUIET_SECONDS} s of ${EXECUTIONS} waiting executions`,
			({ requests }) => requests,
			0,
		),
		against('memory above idle while all wait, MB', ({ megabytes }) => Math.max(megabytes, 0), 0.5),
		against(
			'from the end of a task to the next node, p50, s',
			({ seconds }) => median(seconds),
			0.25,
		),
		against(
			'from the end of a task to the next node, p99, s',
			({ seconds }) => percentile(seconds, 0.99),
			0.5,
		),
	];
}

/** Lets 200 executions of one real n8n wait for a callback, and then as many by polling. */
export async function run(): Promise<Measurement[]> {
	const root = join(__dirname, '..');
	await npm({ args: ['run', 'build'], folder: root });
	const simulator = await startSimulator({ taskSeconds: 1_000_000 });
	const sink = await startSink();
	const { server, userFolder } = await startServerWithPackage(root);
	try {
		const client = await new N8nClient(server.address).logIn();
		const { apiKey, baseUrl, webhookSecret } = simulator;
		const credential = await client.createCredential('hiApiApi', {
			apiKey,
			baseUrl,
			webhookSecret,
		});
		const stage = new Stage(client, server.pid, simulator, sink, credential);
		const callback = await stage.measure('callback');
		simulator.reset();
		return compare(callback, await stage.measure('polling'));
	} finally {
		await server.stop();
		await Promise.all([simulator.close(), sink.close()]);
		userFolder.remove();
	}
}
