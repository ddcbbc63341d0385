import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SimulatedTask, Simulator } from '../../simulator/index.cts';
import type { Database } from '../../test/chaos/database.cts';
import { percentile } from '../batch/result.cts';
import type { Sink } from '../support/sink.cts';
import { toldWorkflow } from '../support/toldWorkflows.cts';
import { until } from '../support/until.cts';
import { type ByProcess, grown, type SetUp } from './setUp.cts';

const WARM_UP = 40;
/** Executions that are started and have not bought their task yet, at most: no queue is built up. */
const STARTED_AHEAD = 30;
const QUIET_SECONDS = 30;
export const CALLBACKS_PER_SECOND = 10;
/** So many executions, but at most half of them, go on first at a rate that leaves the machine idle in between. */
const SLOWLY = 60;
export const SLOW_CALLBACKS_PER_SECOND = 2;
/** Longer than HiAPI's third try of a callback, which it makes after five minutes. */
const PATIENCE_MILLISECONDS = 330_000;

/** What the waiting of so many executions costs, and how they go on. */
export interface Waiting {
	count: number;
	/** How many executions a second were started and put away. */
	startedPerSecond: number;
	/** Requests to HiAPI while nothing happened. */
	requests: number;
	/** Megabytes each process occupies just before, and while all wait. */
	before: ByProcess;
	meanwhile: ByProcess;
	/** What n8n's database grew by, in bytes. */
	databaseBytes: number;
	/** Seconds of processor time for each execution: to start and put away, and to go on. */
	cpuToSuspend: ByProcess;
	cpuToGoOn: ByProcess;
	/** From the end of each task to the next node, in seconds, sorted: of the first ones at a slow rate, and of all others. */
	slowly: number[];
	seconds: number[];
	/** Tasks with no next node, and those with more than one. */
	lost: number;
	doubled: number;
	/** Callbacks that had to be sent again. */
	sentAgain: number;
}

const tell = (line: string) => process.stderr.write(`${line}\n`);

/** Starts executions, lets them wait, ends their tasks ten a second, and measures. */
export class Suspension {
	private url = '';
	private workflowId = '';

	constructor(
		private readonly setUp: SetUp,
		private readonly simulator: Simulator,
		private readonly sink: Sink,
		private readonly database: Database,
		private readonly credential: { id: string; name: string },
	) {}

	/** Begins no more executions after `startSeconds`: with fewer than `count` on a machine that is too slow for them. */
	async measure(count: number, startSeconds: number): Promise<Waiting> {
		await this.publish();
		await this.suspend(WARM_UP, startSeconds);
		await this.endAll(this.simulator.tasks, CALLBACKS_PER_SECOND);

		this.simulator.reset();
		this.sink.arrivals.clear();
		await sleep(5_000);
		const before = this.setUp.memory();
		const bytes = await this.databaseBytes();
		let cpu = this.setUp.cpu();
		const began = Date.now();
		const started = await this.suspend(count, startSeconds);
		const startedPerSecond = started / ((Date.now() - began) / 1000);
		const cpuToSuspend = perExecution(grown(cpu, this.setUp.cpu()), started);
		tell(`${this.setUp.name}: ${started} executions wait, ${startedPerSecond.toFixed(1)} a second`);

		await sleep(5_000);
		const earlier = this.simulator.requests.length;
		await sleep(QUIET_SECONDS * 1000);
		const requests = this.simulator.requests.length - earlier;
		const meanwhile = this.setUp.memory();
		const databaseBytes = (await this.databaseBytes()) - bytes;

		cpu = this.setUp.cpu();
		const tasks = [...this.simulator.tasks];
		const few = Math.min(SLOWLY, Math.floor(tasks.length / 2));
		const slowly = await this.endAll(tasks.slice(0, few), SLOW_CALLBACKS_PER_SECOND);
		tell(
			`${this.setUp.name}: MB ${JSON.stringify(before)}, then ${JSON.stringify(meanwhile)}; slowly p50 ${percentile(slowly, 0.5)} s`,
		);
		const seconds = await this.endAll(tasks.slice(few), CALLBACKS_PER_SECOND);
		const cpuToGoOn = perExecution(grown(cpu, this.setUp.cpu()), started);
		await this.setUp.n8n.unpublish(this.workflowId);
		if (this.simulator.purchases !== started)
			throw new Error(`${this.simulator.purchases} tasks were bought instead of ${started}.`);
		return {
			count: started,
			startedPerSecond,
			requests,
			before,
			meanwhile,
			databaseBytes,
			cpuToSuspend,
			cpuToGoOn,
			slowly,
			seconds,
			lost: started - slowly.length - seconds.length,
			doubled: [...this.sink.arrivals.values()].filter((times) => times.length > 1).length,
			sentAgain: this.simulator.deliveries.length - started,
		};
	}

	private async publish(): Promise<void> {
		const { setUp, credential, sink } = this;
		const path = randomUUID();
		const workflow = await setUp.n8n.createWorkflow(
			toldWorkflow('callback', credential, path, sink.url),
		);
		await setUp.n8n.publish(workflow);
		this.workflowId = workflow.id;
		this.url = `${setUp.address}/webhook/${path}`;
	}

	/** Returns how many it has begun, once all of them are suspended. */
	private async suspend(count: number, startSeconds: number): Promise<number> {
		const deadline = Date.now() + startSeconds * 1000;
		let begun = 0;
		const caller = async () => {
			while (begun < count && Date.now() < deadline) {
				if (begun - this.simulator.purchases >= STARTED_AHEAD) {
					await sleep(10);
					continue;
				}
				begun += 1;
				const reply = await fetch(this.url, { method: 'POST' });
				await reply.arrayBuffer();
				if (!reply.ok)
					throw new Error(`n8n answered ${reply.status} to the start of an execution.`);
			}
		};
		await Promise.all(Array.from({ length: 10 }, caller));
		await until(
			async () => (await this.waiting()) === begun,
			`${begun} suspended executions`,
			PATIENCE_MILLISECONDS,
			500,
		);
		return begun;
	}

	/** Ends these tasks and returns how long each took to come through, sorted; those that did not are left out. */
	private async endAll(tasks: readonly SimulatedTask[], perSecond: number): Promise<number[]> {
		const ended = new Map<string, number>();
		const began = Date.now();
		for (const [index, { taskId }] of [...tasks].entries()) {
			await sleep(Math.max(0, began + (index * 1000) / perSecond - Date.now()));
			ended.set(taskId, Date.now());
			this.simulator.finish(taskId);
		}
		const arrived = () => [...ended.keys()].every((taskId) => this.sink.arrivals.has(taskId));
		await until(arrived, 'the end of all executions', PATIENCE_MILLISECONDS).catch((error: Error) =>
			tell(error.message),
		);
		// What comes twice comes after the first.
		await sleep(2_000);
		return [...ended]
			.flatMap(([taskId, at]) => {
				const first = this.sink.arrivals.get(taskId)?.[0];
				return first === undefined ? [] : [(first - at) / 1000];
			})
			.sort((a, b) => a - b);
	}

	private async waiting(): Promise<number> {
		const [{ count }] = await this.database.query(
			`SELECT count(*) FROM execution_entity WHERE "workflowId" = '${this.workflowId}' AND status = 'waiting'`,
		);
		return Number(count);
	}

	private async databaseBytes(): Promise<number> {
		const [{ bytes }] = await this.database.query(
			'SELECT pg_database_size(current_database()) AS bytes',
		);
		return Number(bytes);
	}
}

function perExecution(seconds: ByProcess, count: number): ByProcess {
	return Object.fromEntries(
		Object.entries(seconds).map(([process, value]) => [process, value / count]),
	);
}
