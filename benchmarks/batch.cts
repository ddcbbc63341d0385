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
import { durations, evenDurations } from './batch/workload.cts';
import { loopAllTogether, loopOverItems, ourWorkflow } from './batch/workflows.cts';
import { atMost, type Measurement } from './report.cts';

// How many times faster than real time the clock runs. What the machine itself takes weighs as many times more, so it is slow
// where many requests come together, and faster only where durations are all that counts.
const SCALE = 5;
const SINGLE = 2;
const SEQUENTIAL = 20;
/** As likely to be a quick image as a long clip. */
const SINGLES = evenDurations(60, 5, 300);
/** HiAPI's own records: 18 images of one model took 43 to 73 s, clips of 8 s took 195 to 281 s. */
const KINDS: Record<'images' | 'clips', [number, number]> = { images: [43, 73], clips: [195, 281] };
const LEARNED = 16;
const KIND_RUNS = 40;
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
	/** One task of 300 s. */
	longest: Result;
	/** Single tasks of a model the node knows, and of one it does not. */
	kinds: Record<keyof typeof KINDS, { known: Result; unknown: Result }>;
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
	await heat(contender, { count: 1, scale: SINGLE, runs: SINGLES.length, seconds: SINGLES });
const ten = async (contender: Contender) => await heat(contender, { count: 10, scale: SCALE });

/** Single tasks of a kind, of a model the node has seen 16 tasks of, and of one it sees for the first time. */
async function kind(range: [number, number]): Promise<{ known: Result; unknown: Result }> {
	const seconds = durations(LEARNED + KIND_RUNS, 'uniform', range);
	const [learned, rest] = [seconds.slice(0, LEARNED), seconds.slice(LEARNED)];
	const how = { count: 1, scale: SCALE, runs: KIND_RUNS, seconds: rest };
	const [known, unknown] = await Promise.all([
		heat('ours', { ...how, learned }),
		heat('ours', how),
	]);
	return { known, unknown };
}

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
	const [loop, ours1, longest, images, clips, sdk1, sdk10, peer, [ours10, ours100]] =
		await withLaboratory(
			tarball,
			SEQUENTIAL,
			async (laboratory) =>
				await Promise.all([
					loopIn(laboratory),
					single('ours'),
					heat('ours', { count: 1, scale: SINGLE, seconds: [300] }),
					kind(KINDS.images),
					kind(KINDS.clips),
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
		longest,
		kinds: { images, clips },
		oursReal,
		loop,
		together,
	};
}

const perTask = ({ gets, finished }: Result) => gets / finished;
const allPerTask = ({ gets, creates, finished }: Result) => (gets + creates) / finished;

function wallOf(result: Result, goal: number): Measurement {
	return {
		measure: `wall time of ${result.count} tasks, s`,
		ours: result.wall,
		rival: { name: 'slowest task', value: result.slowest },
		ratio: result.wall / result.slowest,
		goal: { is: 'at most', value: goal },
	};
}

function timesFewer(measure: string, ours: number, theirs: number, goal?: number): Measurement {
	return {
		measure,
		ours,
		rival: { name: 'one GET every 3 s', value: theirs },
		ratio: theirs / ours,
		...(goal !== undefined && { goal: { is: 'at least', value: goal } }),
	};
}

function singles({ ours, longest, kinds }: Results): Measurement[] {
	const { lateness, lateToDuration } = ours[1];
	const ofKind = (name: keyof typeof KINDS): Measurement[] => {
		const { known, unknown } = kinds[name];
		return [
			{
				measure: `GETs per task, single ${name} of a model seen before`,
				ours: perTask(known),
				rival: { name: 'a model not seen before', value: perTask(unknown) },
				ratio: perTask(known) / perTask(unknown),
				goal: { is: 'at most', value: 0.5 },
			},
			atMost(`99 of 100 of them late by, s`, known.lateness.p99, 5),
		];
	};
	return [
		atMost('single tasks of 5 to 300 s: mean lateness ÷ mean duration', lateToDuration, 0.04),
		atMost('half of them late by, s', lateness.p50, 3),
		atMost('99 of 100 of them late by, s', lateness.p99, 8),
		atMost('GETs of one task of 300 s', longest.gets, 40),
		...ofKind('images'),
		...ofKind('clips'),
	];
}

function compare(results: Results): Measurement[] {
	const { ours, sdk, oursUniform, sdkUniform, oursReal, loop } = results;
	return [
		...singles(results),
		...[10, 100, 1000].map((count) =>
			atMost(`99 of 100 of ${count} tasks late by, s`, ours[count].lateness.p99, 6),
		),
		atMost('GETs per task, 100 tasks', perTask(ours[100]), 1),
		atMost('GETs per task, 100 tasks, uniform', perTask(oursUniform), 1),
		...[100, 1000].map((count) =>
			timesFewer(
				`GETs per task, ${count} tasks: times fewer`,
				perTask(ours[count]),
				perTask(sdk[count]),
				20,
			),
		),
		timesFewer(
			'GETs per task, 100 tasks, uniform: times fewer',
			perTask(oursUniform),
			perTask(sdkUniform),
			20,
		),
		timesFewer(
			'all requests per task, 100 tasks: times fewer',
			allPerTask(ours[100]),
			allPerTask(sdk[100]),
		),
		wallOf(ours[10], 1.05),
		wallOf(ours[100], 1.05),
		wallOf(ours[1000], 1.1),
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
	longest,
	kinds,
	oursReal,
	loop,
	together,
}: Results): string {
	const uniform = (result: Result) => ({ ...result, note: 'uniform durations' });
	const ofKind = (name: keyof typeof KINDS) => {
		const range = KINDS[name].join('–');
		const { known, unknown } = kinds[name];
		return [
			{ ...known, note: `${range} s, model seen before` },
			{ ...unknown, note: `${range} s, model not seen before` },
		];
	};
	const sizes = [1, 10, 100, 1000].flatMap((count) => [ours[count], sdk[count], peer[count]]);
	return asMarkdown([
		...sizes,
		uniform(oursUniform),
		uniform(sdkUniform),
		{ ...longest, note: '300 s' },
		...ofKind('images'),
		...ofKind('clips'),
		oursReal[LOOP_TASKS],
		loop,
		oursReal[100],
		together[100],
		together[1000],
	]);
}

/**
 * Single tasks of 5 to 300 s, and 10, 100 and 1000 tasks of 8 to 300 s together, on the simulator with its clock running fast: the built node against one GET per task
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
