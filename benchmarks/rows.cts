import { join } from 'node:path';

import { npm } from '../scripts/n8n/npm.cts';
import { percentile } from './batch/result.cts';
import { Stage } from './batch/stage.cts';
import { runTimed } from './batch/timedProcess.cts';
import { durations } from './batch/workload.cts';
import { atMost, type Measurement } from './report.cts';
import type { Account, Rows } from './rows/rowsProcess.cts';

const ROOT = join(__dirname, '..');
/** How many items, and how many times as fast as in real time: no faster than this machine creates tasks. */
const SIZES = [
	{ count: 100, scale: 20 },
	{ count: 1_000, scale: 20 },
	{ count: 10_000, scale: 4 },
];
/** Longer than it takes to create all of them, so that at one moment all are waited for. In simulated seconds. */
const RANGE: [number, number] = [600, 900];
const KIB = 1024;
const MIB = 1024 * KIB;

interface Figures extends Account {
	count: number;
	requests: number;
	lateness: number[];
	wall: number;
}

/** One execution with so many items, in a process of its own. */
async function execute({ count, scale }: (typeof SIZES)[number]): Promise<Figures> {
	const stage = await Stage.open(scale);
	try {
		const { baseUrl, apiKey } = stage.simulator;
		const account = await runTimed<Rows, Account>(stage, {
			program: join(__dirname, 'rows', 'rowsProcess.cts'),
			name: `The execution with ${count} items`,
			order: { count, scale, baseUrl, apiKey },
			onReady: () => stage.prepare(durations(count, 'uniform', RANGE)),
		});
		const { creates, gets, lateness, refusals } = stage.observe();
		if (refusals > 0 || account.finished !== count || creates !== count)
			throw new Error(
				`${count} items: ${account.finished} ended, ${creates} created, ${refusals} refused.`,
			);
		const wall = stage.seconds(account.wallMs);
		process.stderr.write(`${count} items: ${(account.cpuSeconds / count) * 1000} ms per task\n`);
		return { ...account, count, requests: creates + gets, lateness, wall };
	} finally {
		await stage.close();
	}
}

const cpuPerTask = ({ cpuSeconds, count }: Figures) => (cpuSeconds / count) * 1000;
const kibPerTask = ({ waitingBytes, count }: Figures) => waitingBytes / count / KIB;

function table(all: Figures[]): string {
	const head = [
		'tasks',
		'processor time per task, ms',
		'memory per waiting task, KiB',
		'highest resident memory, MiB',
		'requests per task',
		'late p50, s',
		'late p99, s',
		'wall, s',
	];
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [
		line(head),
		line(head.map(() => '--:')),
		...all.map((figures) =>
			line([
				`${figures.count}`,
				cpuPerTask(figures).toFixed(1),
				kibPerTask(figures).toFixed(1),
				(figures.peakRssBytes / MIB).toFixed(0),
				(figures.requests / figures.count).toFixed(2),
				percentile(figures.lateness, 0.5).toFixed(1),
				percentile(figures.lateness, 0.99).toFixed(1),
				figures.wall.toFixed(0),
			]),
		),
	].join('\n');
}

/**
 * One execution with 100, 1000 and 10,000 items in n8n's engine, one after the other: what a task costs must not grow with
 * their number. Takes about 6 minutes.
 */
export async function run(): Promise<Measurement[]> {
	await npm({ args: ['run', 'build'], folder: ROOT });
	const all: Figures[] = [];
	for (const size of SIZES) all.push(await execute(size));
	console.log(`\n${table(all)}`);
	const [few, many, most] = all;
	const flat = (rival: Figures): Measurement => ({
		measure: 'processor time per task, 10,000 tasks, ms',
		ours: cpuPerTask(most),
		rival: { name: `${rival.count} tasks`, value: cpuPerTask(rival) },
		ratio: cpuPerTask(most) / cpuPerTask(rival),
		goal: { is: 'at most', value: 1.2 },
	});
	return [
		flat(few),
		flat(many),
		atMost('memory per waiting task above the items, 10,000 tasks, KiB', kibPerTask(most), 30),
		atMost('requests per task in all, 10,000 tasks', most.requests / most.count, 1.6),
	];
}
