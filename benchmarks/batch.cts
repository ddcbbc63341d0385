import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { packPackage } from '../scripts/n8n/communityPackage.cts';
import { npm } from '../scripts/n8n/npm.cts';
import { compete, type Heat } from './batch/compete.cts';
import type { Contender } from './batch/contenderProcess.cts';
import { oneAfterAnotherInTheory } from './batch/plainPollers.cts';
import { openLaboratory, type Laboratory } from './batch/realN8n.cts';
import { asMarkdown, type Result } from './batch/result.cts';
import { durations } from './batch/workload.cts';
import { loopAllTogether, loopOverItems, ourWorkflow } from './batch/workflows.cts';
import type { Measurement } from './report.cts';

// How many times faster than real time the clock runs. What the machine itself takes weighs as many times more, so it is slow
// where many requests come together, and faster only where durations are all that counts.
const SCALE = 5;
const SINGLE = 2;
const SEQUENTIAL = 20;
const SINGLE_RUNS = 20;
const PEER_CAP_SECONDS = 90;
/** The loop over items takes the sum of all durations; more would not fit into the benchmark's time. */
const LOOP_TASKS = 30;

interface Results {
	/** In n8n's engine, by number of tasks. */
	ours: Record<number, Result>;
	sdk: Record<number, Result>;
	peer: Record<number, Result>;
	oursUniform: Result;
	sdkUniform: Result;
	/** In the real n8n. */
	oursReal: Record<number, Result>;
	loop: Result;
	together: Record<number, Result>;
}

const started = Date.now();

async function told(promise: Promise<Result>): Promise<Result> {
	const result = await promise;
	const seconds = Math.round((Date.now() - started) / 1000);
	process.stderr.write(
		`${seconds} s: ${result.name}, ${result.runs > 1 ? `${result.runs} × ` : ''}${result.count} tasks: wall ${result.wall.toFixed(0)} s, ${(result.gets / result.finished).toFixed(2)} GETs per task\n`,
	);
	return result;
}

const heat = async (contender: Contender, how: Heat) => await told(compete(contender, how));

/** Finishes by calculation what was capped, and says so. */
function completed(peer: Result, count: number): Result {
	if (peer.finished === count) return peer;
	const tasks = durations(count);
	const { seconds, looks } = oneAfterAnotherInTheory(tasks);
	return {
		...peer,
		count,
		finished: count,
		creates: count,
		gets: looks,
		wall: seconds,
		slowest: Math.max(...tasks),
		wallToSlowest: seconds / Math.max(...tasks),
		memory: undefined,
		note: `capped after ${peer.finished} tasks; calculated`,
	};
}

async function withLaboratory<T>(
	tarball: string,
	scale: number,
	work: (laboratory: Laboratory) => Promise<T>,
): Promise<T> {
	const laboratory = await openLaboratory(tarball, scale);
	try {
		return await work(laboratory);
	} finally {
		await laboratory.close();
	}
}

const oursIn = async ({ run, hiApi }: Laboratory, count: number) =>
	await told(run('ours, in a real n8n', count, ourWorkflow(count, hiApi)));
const loopIn = async ({ run, stage, header }: Laboratory) =>
	await told(
		run(
			'(c) Loop Over Items',
			LOOP_TASKS,
			loopOverItems(LOOP_TASKS, stage.simulator.baseUrl, stage.clock.scale, header),
		),
	);
const togetherIn = async ({ run, stage, header }: Laboratory, count: number) =>
	await told(
		run(
			"(c') all items in one loop",
			count,
			loopAllTogether(count, stage.simulator.baseUrl, stage.clock.scale, header),
		),
	);

const single = async (contender: Contender) =>
	await heat(contender, { count: 1, scale: SINGLE, runs: SINGLE_RUNS });
const ten = async (contender: Contender) => await heat(contender, { count: 10, scale: SCALE });

/** 100 tasks, in both spreads. */
async function hundred(contender: Contender): Promise<{ logUniform: Result; uniform: Result }> {
	const [logUniform, uniform] = await Promise.all([
		heat(contender, { count: 100, scale: SCALE }),
		heat(contender, { count: 100, scale: SCALE, spread: 'uniform' }),
	]);
	return { logUniform, uniform };
}

/** One task after another, as far as that gets in the time there is. */
async function oneAfterAnother(): Promise<Record<number, Result>> {
	const [one, few, more] = await Promise.all([
		single('peer'),
		heat('peer', { count: 10, scale: SEQUENTIAL }),
		heat('peer', { count: 100, scale: SEQUENTIAL, capSeconds: PEER_CAP_SECONDS }),
	]);
	return { 1: one, 10: few, 100: completed(more, 100), 1000: completed(more, 1000) };
}

/** What sends few requests runs side by side; the rest alone, so that none pays for another. */
async function measure(tarball: string): Promise<Results> {
	const [loop, ours1, sdk1, sdk10, peer, [ours10, ours100]] = await withLaboratory(
		tarball,
		SEQUENTIAL,
		async (laboratory) =>
			await Promise.all([
				loopIn(laboratory),
				single('ours'),
				single('sdk'),
				ten('sdk'),
				oneAfterAnother(),
				ten('ours').then(async (result) => [result, await hundred('ours')] as const),
			]),
	);
	const sdk100 = await hundred('sdk');
	const ours = {
		1: ours1,
		10: ours10,
		100: ours100.logUniform,
		1000: await heat('ours', { count: 1000, scale: SCALE }),
	};
	const sdk = {
		1: sdk1,
		10: sdk10,
		100: sdk100.logUniform,
		1000: await heat('sdk', { count: 1000, scale: SCALE }),
	};
	const oursReal = await withLaboratory(tarball, SEQUENTIAL, async (laboratory) => ({
		[LOOP_TASKS]: await oursIn(laboratory, LOOP_TASKS),
		100: await oursIn(laboratory, 100),
	}));
	const together = await withLaboratory(tarball, SCALE, async (laboratory) => ({
		100: await togetherIn(laboratory, 100),
		1000: await togetherIn(laboratory, 1000),
	}));
	return {
		ours,
		sdk,
		peer,
		oursUniform: ours100.uniform,
		sdkUniform: sdk100.uniform,
		oursReal,
		loop,
		together,
	};
}

const perTask = ({ gets, finished }: Result) => gets / finished;
const allPerTask = ({ gets, creates, finished }: Result) => (gets + creates) / finished;

/** Of single tasks: the time all of them took against their durations. The table has the mean of each one's own ratio as well. */
function wallOf(result: Result): Measurement {
	const tasks =
		result.runs > 1 ? `${result.count} task (mean of ${result.runs})` : `${result.count} tasks`;
	return {
		measure: `wall time of ${tasks}, s`,
		ours: result.wall,
		rival: { name: 'slowest task', value: result.slowest },
		ratio: result.wall / result.slowest,
		goal: { is: 'at most', value: 1.1 },
	};
}

function timesFewer(measure: string, ours: number, theirs: number): Measurement {
	return {
		measure,
		ours,
		rival: { name: 'one GET every 3 s', value: theirs },
		ratio: theirs / ours,
		goal: { is: 'at least', value: 20 },
	};
}

function getsOf(measure: string, result: Result): Measurement {
	return {
		measure,
		ours: perTask(result),
		ratio: perTask(result),
		goal: { is: 'at most', value: 1 },
	};
}

function compare({ ours, sdk, oursUniform, sdkUniform, oursReal, loop }: Results): Measurement[] {
	return [
		getsOf('GETs per task, 100 tasks', ours[100]),
		getsOf('GETs per task, 100 tasks, uniform', oursUniform),
		timesFewer('GETs per task, 100 tasks: times fewer', perTask(ours[100]), perTask(sdk[100])),
		timesFewer(
			'all requests per task, 100 tasks: times fewer',
			allPerTask(ours[100]),
			allPerTask(sdk[100]),
		),
		timesFewer(
			'all requests per task, 100 tasks, uniform: times fewer',
			allPerTask(oursUniform),
			allPerTask(sdkUniform),
		),
		...[1, 10, 100, 1000].map((count) => wallOf(ours[count])),
		{
			measure: `wall time of ${LOOP_TASKS} tasks in a real n8n, s: times faster`,
			ours: oursReal[LOOP_TASKS].wall,
			rival: { name: loop.name, value: loop.wall },
			ratio: loop.wall / oursReal[LOOP_TASKS].wall,
			goal: { is: 'at least', value: 5 },
		},
	];
}

function table({
	ours,
	sdk,
	peer,
	oursUniform,
	sdkUniform,
	oursReal,
	loop,
	together,
}: Results): string {
	const uniform = (result: Result) => ({ ...result, note: 'uniform durations' });
	const sizes = [1, 10, 100, 1000].flatMap((count) => [ours[count], sdk[count], peer[count]]);
	return asMarkdown([
		...sizes,
		uniform(oursUniform),
		uniform(sdkUniform),
		oursReal[LOOP_TASKS],
		loop,
		oursReal[100],
		together[100],
		together[1000],
	]);
}

/**
 * 1, 10, 100 and 1000 tasks of 8 to 300 s on the simulator with its clock running fast: the built node against one GET per task
 * every 3 s, one task after another, and the loop users build of HTTP Request, Wait and If. Takes about 9 minutes.
 */
export async function run(): Promise<Measurement[]> {
	const root = join(__dirname, '..');
	const [before] = loadavg();
	const work = mkdtempSync(join(tmpdir(), 'hiapi-benchmark-'));
	try {
		await npm({ args: ['run', 'build'], folder: root });
		const results = await measure(await packPackage(root, work));
		const load = [before, ...loadavg().slice(0, 2)].map((value) => value.toFixed(1)).join(', ');
		console.log(
			`\n${cpus().length} cores, Node ${process.versions.node}; load before, and over the last 1 and 5 minutes: ${load}\n\n${table(results)}`,
		);
		return compare(results);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}
