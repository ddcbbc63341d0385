import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { promptOf } from './workload.cts';

/** A HiAPI whose time runs `scale` times as fast. */
export interface Api {
	baseUrl: string;
	apiKey: string;
	scale: number;
}

/** Tasks to be had. */
export interface Job extends Api {
	/** Number of the first one. */
	first: number;
	count: number;
	/** Real milliseconds after which no further task is begun. */
	capMs: number;
}

// Seconds. hiapi-python and hiapi-java: 3 s, first look at once. Peer nodes: 5 s, first look after that.
const SDK_INTERVAL = 3;
const PEER_INTERVAL = 5;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

async function call(
	api: Api,
	method: string,
	path: string,
	body?: unknown,
): Promise<{ taskId: string; status?: string }> {
	const text = body === undefined ? undefined : JSON.stringify(body);
	const answer = await new Promise<string>((resolve, reject) => {
		const headers = {
			authorization: `Bearer ${api.apiKey}`,
			...(text !== undefined && {
				'content-type': 'application/json',
				'content-length': Buffer.byteLength(text),
			}),
		};
		const outgoing = request(`${api.baseUrl}${path}`, { agent, method, headers }, (response) => {
			const parts: Buffer[] = [];
			response.on('data', (part: Buffer) => parts.push(part));
			response.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
			response.on('error', reject);
		});
		outgoing.on('error', reject);
		outgoing.end(text);
	});
	return (JSON.parse(answer) as { data: { taskId: string; status?: string } }).data;
}

const create = async (api: Api, index: number) =>
	await call(api, 'POST', '/tasks', { model: 'any-model', input: { prompt: promptOf(index) } });
const hasEnded = async (api: Api, taskId: string) =>
	['success', 'fail'].includes((await call(api, 'GET', `/tasks/${taskId}`)).status ?? '');

/** All tasks at once, each looked at by itself at once and then every 3 s, as HiAPI's SDKs wait. Returns how many ended. */
export async function pollEachTask(job: Job): Promise<number> {
	await Promise.all(
		Array.from({ length: job.count }, async (_, index) => {
			const { taskId } = await create(job, job.first + index);
			while (!(await hasEnded(job, taskId))) await sleep((SDK_INTERVAL * 1000) / job.scale);
		}),
	);
	return job.count;
}

/** One task after another, each looked at every 5 s, as peer nodes wait. Returns how many ended before the cap. */
export async function pollOneAfterAnother(job: Job): Promise<number> {
	const started = performance.now();
	let index = 0;
	for (; index < job.count && performance.now() - started < job.capMs; index++) {
		const { taskId } = await create(job, job.first + index);
		do await sleep((PEER_INTERVAL * 1000) / job.scale);
		while (!(await hasEnded(job, taskId)));
	}
	return index;
}

/** What `pollOneAfterAnother` takes for tasks of these durations when no request takes any time: simulated seconds and looks. */
export function oneAfterAnotherInTheory(durations: number[]): { seconds: number; looks: number } {
	const looks = durations.reduce(
		(sum, duration) => sum + Math.max(1, Math.ceil(duration / PEER_INTERVAL)),
		0,
	);
	return { seconds: looks * PEER_INTERVAL, looks };
}
