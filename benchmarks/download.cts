import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { N8nClient, type WorkflowDefinition, type WorkflowNode } from '../scripts/n8n/client.cts';
import { installPackage, packPackage } from '../scripts/n8n/communityPackage.cts';
import { npm } from '../scripts/n8n/npm.cts';
import { itemsOf } from '../scripts/n8n/runData.cts';
import { startServer } from '../scripts/n8n/server.cts';
import { createUserFolder } from '../scripts/n8n/userFolder.cts';
import { startSimulator, type Simulator } from '../simulator/index.cts';
import { atLeast, median, type Measurement } from './report.cts';
import { BUFFERING_TYPE, writeBufferingPackage } from './support/bufferingNode.cts';
import { cpuSeconds } from './support/cpuTime.cts';
import { peakMegabytes, settledMegabytes } from './support/residentMemory.cts';

const FILE_MEGABYTES = 500;
const MEMORY_ROUNDS = 3;
const SPEED_ROUNDS = 8;
const DOWNLOADING = 'Download';
const START = 'Start';

/** A finished task whose file is downloaded. */
interface Target {
	taskId: string;
	url: string;
}

type Contender = 'ours' | 'httpRequest' | 'buffering';

const NAMES: Record<Contender, string> = {
	ours: 'HiAPI, Download Outputs',
	httpRequest: 'HTTP Request node',
	buffering: 'buffering node',
};

/** One download's speed. */
interface Speed {
	megabytesPerSecond: number;
	/** Of n8n's processor time alone: tells the same on a machine that others use too. */
	megabytesPerCpuSecond: number;
}

type Each<T> = Record<Contender, T>;

const CONTENDERS = Object.keys(NAMES) as Contender[];

const tell = (line: string) => process.stderr.write(`${line}\n`);

function downloadingNode(
	contender: Contender,
	{ taskId, url }: Target,
	credential: { id: string; name: string },
): Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters' | 'credentials'> {
	if (contender === 'ours') {
		const parameters = {
			resource: 'task',
			operation: 'downloadOutputs',
			taskId: { __rl: true, mode: 'id', value: taskId },
		};
		return {
			type: 'n8n-nodes-hiapi.hiApi',
			typeVersion: 1,
			parameters,
			credentials: { hiApiApi: credential },
		};
	}
	if (contender === 'httpRequest') {
		const parameters = { url, options: { response: { response: { responseFormat: 'file' } } } };
		return { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters };
	}
	return { type: BUFFERING_TYPE, typeVersion: 1, parameters: { url } };
}

function workflowOf(node: ReturnType<typeof downloadingNode>): WorkflowDefinition {
	return {
		name: 'Download',
		nodes: [
			{
				name: START,
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{ ...node, name: DOWNLOADING, position: [200, 0] },
		],
		connections: { [START]: { main: [[{ node: DOWNLOADING, type: 'main', index: 0 }]] } },
	};
}

/** Buys a video of a size at the simulator. */
async function buy(simulator: Simulator, sizeBytes: number): Promise<Target> {
	simulator.plan({ seconds: 0, outputs: [{ type: 'video', file: { sizeBytes } }] });
	const headers = {
		authorization: `Bearer ${simulator.apiKey}`,
		'content-type': 'application/json',
	};
	const body = JSON.stringify({ model: 'any-model', input: { prompt: 'a large clip' } });
	const created = (await (
		await fetch(`${simulator.baseUrl}/tasks`, { method: 'POST', headers, body })
	).json()) as { data: { taskId: string } };
	const { taskId } = created.data;
	const read = (await (
		await fetch(`${simulator.baseUrl}/tasks/${taskId}`, { headers })
	).json()) as { data: { output: Array<{ url: string }> } };
	return { taskId, url: read.data.output[0].url };
}

/** Runs a download in n8n; returns how many seconds the execution took. Throws when the file is not there in full. */
async function download(
	client: N8nClient,
	workflow: WorkflowDefinition,
	bytes: number,
): Promise<number> {
	const id = await client.runManually(await client.createWorkflow(workflow), START);
	const execution = await client.untilExecution(id, undefined, 180_000);
	const error = execution.data.resultData.error?.message;
	const file = itemsOf(execution.data, DOWNLOADING)[0]?.binary?.data as
		| { bytes?: number }
		| undefined;
	if (error !== undefined || file?.bytes !== bytes)
		throw new Error(error ?? `${file?.bytes} of ${bytes} bytes arrived.`);
	return (Date.parse(execution.stoppedAt ?? '') - Date.parse(execution.startedAt ?? '')) / 1000;
}

/** An n8n with both packages in it. */
interface Laboratory {
	pid: number;
	/** Downloads a file of this size with a contender; returns how many seconds the execution took. */
	run: (contender: Contender, megabytes: number) => Promise<number>;
}

async function inLaboratory<T>(
	tarballs: string[],
	simulator: Simulator,
	work: (laboratory: Laboratory) => Promise<T>,
): Promise<T> {
	const user = await createUserFolder();
	try {
		for (const tarball of tarballs) await installPackage(tarball, user.folder);
		const env = { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };
		const server = await startServer({
			userFolder: user.folder,
			encryptionKey: user.encryptionKey,
			env,
		});
		try {
			const client = await new N8nClient(server.address).logIn();
			const { apiKey, baseUrl } = simulator;
			const credential = await client.createCredential('hiApiApi', { apiKey, baseUrl });
			const run: Laboratory['run'] = async (contender, megabytes) => {
				const target = await buy(simulator, megabytes * 1_000_000);
				return await download(
					client,
					workflowOf(downloadingNode(contender, target, credential)),
					megabytes * 1_000_000,
				);
			};
			return await work({ pid: server.pid, run });
		} finally {
			await server.stop();
		}
	} finally {
		user.remove();
	}
}

/** What one large download takes of memory above what n8n had, in megabytes; in an n8n that has done nothing else so far. */
async function peakOf(contender: Contender, { pid, run }: Laboratory): Promise<number> {
	// The first runs load code.
	for (let warmUp = 0; warmUp < 3; warmUp++) await run(contender, 5);
	const idle = await settledMegabytes(pid);
	return (await peakMegabytes(pid, async () => void (await run(contender, FILE_MEGABYTES)))) - idle;
}

async function speedOf(contender: Contender, { pid, run }: Laboratory): Promise<Speed> {
	const cpuBefore = cpuSeconds(pid) ?? NaN;
	const seconds = await run(contender, FILE_MEGABYTES);
	return {
		megabytesPerSecond: FILE_MEGABYTES / seconds,
		megabytesPerCpuSecond: FILE_MEGABYTES / ((cpuSeconds(pid) ?? NaN) - cpuBefore),
	};
}

function compare(peaks: Each<number[]>, speeds: Each<Speed[]>): Measurement[] {
	const peak = median(peaks.ours);
	const atMost = (contender: Contender, goal: number): Measurement => {
		const value = median(peaks[contender]);
		return {
			measure: `peak memory above idle for ${FILE_MEGABYTES} MB, MB`,
			ours: peak,
			rival: { name: NAMES[contender], value },
			ratio: peak / value,
			goal: { is: 'at most', value: goal },
		};
	};
	const fastEnough = (contender: Contender, measure: string, field: keyof Speed, goal: number) => {
		const values = (of: Contender) => speeds[of].map((speed) => speed[field]);
		// Pairs of the same round: what else the machine does changes from round to round.
		const ratios = values('ours').map((value, round) => value / values(contender)[round]);
		return atLeast(
			measure,
			median(values('ours')),
			{ name: NAMES[contender], value: median(values(contender)) },
			median(ratios),
			goal,
		);
	};
	return [
		{
			measure: `peak memory above idle for ${FILE_MEGABYTES} MB, MB`,
			ours: peak,
			ratio: peak,
			goal: { is: 'at most', value: 64 },
		},
		atMost('httpRequest', 1.25),
		atMost('buffering', 0.2),
		fastEnough('httpRequest', 'MB per second', 'megabytesPerSecond', 0.85),
		fastEnough('httpRequest', 'MB per processor second of n8n', 'megabytesPerCpuSecond', 0.9),
		fastEnough('buffering', 'MB per processor second of n8n', 'megabytesPerCpuSecond', 0.85),
	];
}

const empty = <T,>(): Each<T[]> => ({ ours: [], httpRequest: [], buffering: [] });

/**
 * Downloads a large file with the package, with n8n's HTTP Request node and with a node that buffers: for memory each in an
 * n8n of its own, because memory once taken is not given back, and for speed in turns in one n8n.
 */
export async function run(): Promise<Measurement[]> {
	const root = join(__dirname, '..');
	const work = mkdtempSync(join(tmpdir(), 'hiapi-benchmark-'));
	const simulator = await startSimulator();
	try {
		await npm({ args: ['run', 'build'], folder: root });
		const rival = join(work, 'rival');
		writeBufferingPackage(rival);
		const tarballs = [await packPackage(root, work), await packPackage(rival, work)];
		const peaks = empty<number>();
		for (let round = 1; round <= MEMORY_ROUNDS; round += 1) {
			for (const contender of CONTENDERS) {
				const peak = await inLaboratory(
					tarballs,
					simulator,
					async (laboratory) => await peakOf(contender, laboratory),
				);
				peaks[contender].push(peak);
				tell(
					`memory, round ${round} of ${MEMORY_ROUNDS}: ${NAMES[contender]}: ${peak.toFixed(0)} MB above idle`,
				);
			}
		}
		const speeds = empty<Speed>();
		await inLaboratory(tarballs, simulator, async (laboratory) => {
			for (const contender of CONTENDERS) await laboratory.run(contender, 5);
			for (let round = 1; round <= SPEED_ROUNDS; round += 1) {
				// Each round starts with another contender, so that nobody always goes first.
				const first = round % CONTENDERS.length;
				for (const contender of [...CONTENDERS.slice(first), ...CONTENDERS.slice(0, first)]) {
					const speed = await speedOf(contender, laboratory);
					speeds[contender].push(speed);
					tell(
						`speed, round ${round} of ${SPEED_ROUNDS}: ${NAMES[contender]}: ${speed.megabytesPerSecond.toFixed(0)} MB per second, ${speed.megabytesPerCpuSecond.toFixed(0)} per processor second`,
					);
				}
			}
		});
		return compare(peaks, speeds);
	} finally {
		await simulator.close();
		rmSync(work, { recursive: true, force: true });
	}
}
