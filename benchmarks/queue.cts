import { loadavg } from 'node:os';
import { join } from 'node:path';

import { npm } from '../scripts/n8n/npm.cts';
import { createUserFolderWithPackage } from '../scripts/n8n/serverWithPackage.cts';
import { startSimulator, type Simulator } from '../simulator/index.cts';
import { Database } from '../test/chaos/database.cts';
import { findQueuePrograms, startQueueServices } from '../test/e2e/support/host/queueServices.cts';
import { percentile } from './batch/result.cts';
import { measureCallbacks, type Rate } from './queue/callbacks.cts';
import {
	type ByProcess,
	type SetUp,
	startOneProcess,
	startQueueMode,
	sum,
} from './queue/setUp.cts';
import {
	CALLBACKS_PER_SECOND,
	SLOW_CALLBACKS_PER_SECOND,
	Suspension,
	type Waiting,
} from './queue/suspended.cts';
import { atLeast, atMost, type Measurement } from './report.cts';
import { type Sink, startSink } from './support/sink.cts';

const ROOT = join(__dirname, '..');
/** How many executions are to wait. Another number: HIAPI_BENCH_EXECUTIONS. */
const EXECUTIONS = Number(process.env.HIAPI_BENCH_EXECUTIONS ?? 2_000);
/** How many wait in one process, which is there to compare. */
const IN_ONE_PROCESS = Math.min(120, EXECUTIONS);
/** No more executions are begun after that, so that the benchmark ends on a slow machine, too. */
const START_SECONDS = 330;
const CALLBACKS = 300;

interface Figures {
	waiting: Waiting;
	rate: Rate;
}

async function measure(
	setUp: SetUp,
	simulator: Simulator,
	sink: Sink,
	database: Database,
	count: number,
): Promise<Figures> {
	const { apiKey, baseUrl, webhookSecret } = simulator;
	const credential = await setUp.n8n.createCredential('hiApiApi', {
		apiKey,
		baseUrl,
		webhookSecret,
	});
	const suspension = new Suspension(setUp, simulator, sink, database, credential);
	const waiting = await suspension.measure(count, START_SECONDS);
	simulator.reset();
	const rate = await measureCallbacks(setUp, simulator, sink, credential, CALLBACKS);
	return { waiting, rate };
}

/** A line for each process of a set-up. */
function table(name: string, { waiting, rate }: Figures): string {
	const { count, slowly, seconds, databaseBytes, startedPerSecond, sentAgain } = waiting;
	const milliseconds = (by: ByProcess, process: string) => (by[process] * 1000).toFixed(1);
	const rows = Object.keys(rate.cpu).map((process) => [
		process,
		waiting.before[process]?.toFixed(0) ?? '–',
		waiting.meanwhile[process]?.toFixed(0) ?? '–',
		milliseconds(waiting.cpuToSuspend, process),
		milliseconds(waiting.cpuToGoOn, process),
		milliseconds(rate.cpu, process),
	]);
	const all = (by: ByProcess) => (sum(Object.values(by)) * 1000).toFixed(1);
	rows.push([
		'together',
		sum(Object.values(waiting.before)).toFixed(0),
		sum(Object.values(waiting.meanwhile)).toFixed(0),
		all(waiting.cpuToSuspend),
		all(waiting.cpuToGoOn),
		all(rate.cpu),
	]);
	const head = [
		name,
		'memory before, MB',
		`while ${count} wait, MB`,
		'ms to suspend one',
		'ms to go on with one',
		'ms per callback of the trigger',
	];
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [
		line(head),
		line(head.map((_, column) => (column === 0 ? '---' : '--:'))),
		...rows.map(line),
		'',
		`${count} suspended at ${startedPerSecond.toFixed(1)} a second; ${(databaseBytes / count / 1000).toFixed(1)} kB of database each; ` +
			`to the next node, ${SLOW_CALLBACKS_PER_SECOND} a second: p50 ${percentile(slowly, 0.5).toFixed(2)}, p99 ${percentile(slowly, 0.99).toFixed(2)}; ${CALLBACKS_PER_SECOND} a second: p50 ${percentile(seconds, 0.5).toFixed(2)}, p99 ${percentile(seconds, 0.99).toFixed(2)}, slowest ${seconds.at(-1)?.toFixed(2)} s; ` +
			`${sentAgain} callbacks sent again; ${rate.perSecond.toFixed(1)} callbacks a second through the trigger`,
	].join('\n');
}

function measurements(queue: Figures, one: Figures): Measurement[] {
	const { waiting, rate } = queue;
	const each = `${CALLBACKS_PER_SECOND} callbacks a second`;
	const name = `one process, ${one.waiting.count} waiting`;
	const figure = (measure: string, ours: number, rival: number, rivalName = name): Measurement => ({
		measure,
		ours,
		rival: { name: rivalName, value: rival },
		ratio: ours / rival,
	});
	const seconds = (share: number) => ({
		ours: percentile(waiting.seconds, share),
		rival: percentile(one.waiting.seconds, share),
	});
	const [p50, p99] = [seconds(0.5), seconds(0.99)];
	return [
		{
			measure: 'executions suspended at the same time',
			ours: waiting.count,
			ratio: waiting.count,
			goal: { is: 'at least', value: 2_000 },
		},
		atMost(`lost, ${each}`, waiting.lost + one.waiting.lost, 0),
		atMost(`next node run twice, ${each}`, waiting.doubled + one.waiting.doubled, 0),
		atMost('callbacks of the trigger lost', rate.lost + one.rate.lost, 0),
		atMost('callbacks of the trigger doubled', rate.doubled + one.rate.doubled, 0),
		atMost('requests to HiAPI in 30 s while all wait', waiting.requests, 0),
		figure(
			'memory of all processes while all wait, MB',
			sum(Object.values(waiting.meanwhile)),
			sum(Object.values(waiting.before)),
			'before',
		),
		figure(
			`from the end of a task to the next node, ${SLOW_CALLBACKS_PER_SECOND} a second, p50, s`,
			percentile(waiting.slowly, 0.5),
			percentile(one.waiting.slowly, 0.5),
		),
		figure(
			'the same, p99, s',
			percentile(waiting.slowly, 0.99),
			percentile(one.waiting.slowly, 0.99),
		),
		figure(`the same, ${CALLBACKS_PER_SECOND} a second, p50, s`, p50.ours, p50.rival),
		figure(`the same, p99, s`, p99.ours, p99.rival),
		atLeast(
			'callbacks a second through the trigger',
			rate.perSecond,
			{ name: 'one process', value: one.rate.perSecond },
			rate.perSecond / one.rate.perSecond,
		),
		figure(
			'processor time per callback of the trigger, all processes, ms',
			sum(Object.values(rate.cpu)) * 1000,
			sum(Object.values(one.rate.cpu)) * 1000,
			'one process',
		),
	];
}

/**
 * Lets 2,000 executions wait in n8n's queue mode (Redis, PostgreSQL, a main process, a webhook processor, two workers), ends their
 * tasks ten a second, and sends callbacks to the HiAPI Trigger; then the same, with fewer, in one process on the same database.
 * Needs Redis and PostgreSQL installed. Takes about 15 minutes.
 */
export async function run(): Promise<Measurement[]> {
	const found = findQueuePrograms();
	if ('missing' in found) throw new Error(found.missing);
	await npm({ args: ['run', 'build'], folder: ROOT });
	const load = () => process.stderr.write(`load ${loadavg()[0].toFixed(1)}\n`);
	const simulator = await startSimulator({ taskSeconds: 1_000_000 });
	const sink = await startSink();
	const { userFolder } = await createUserFolderWithPackage(ROOT);
	const services = await startQueueServices(found.programs, { keepQueue: true });
	const database = new Database(services.env);
	const inside = async (open: typeof startQueueMode, count: number) => {
		load();
		simulator.reset();
		const setUp = await open(userFolder, services);
		try {
			const figures = await measure(setUp, simulator, sink, database, count);
			load();
			console.log(`\n${table(setUp.name, figures)}`);
			return figures;
		} finally {
			await setUp.stop();
		}
	};
	try {
		const queue = await inside(startQueueMode, EXECUTIONS);
		const one = await inside(startOneProcess, IN_ONE_PROCESS);
		return measurements(queue, one);
	} finally {
		await services.stop();
		await Promise.all([simulator.close(), sink.close()]);
		userFolder.remove();
	}
}
