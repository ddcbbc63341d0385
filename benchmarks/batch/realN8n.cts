import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import {
	hasEnded,
	N8nClient,
	type ExecutionSummary,
	type WorkflowDefinition,
} from '../../scripts/n8n/client.cts';
import { installPackage } from '../../scripts/n8n/communityPackage.cts';
import { startServer, type N8nServer } from '../../scripts/n8n/server.cts';
import { createUserFolder } from '../../scripts/n8n/userFolder.cts';
import { FAST_CLOCK } from './timedProcess.cts';
import { resultOf, type Memory, type Result } from './result.cts';
import { Stage } from './stage.cts';
import { durations } from './workload.cts';
import { DONE, START, type Credential } from './workflows.cts';

/** A real n8n with the package in it and a simulator behind it; the package's clock runs as fast as the simulator's. */
export interface Laboratory {
	stage: Stage;
	/** For the HiAPI node. */
	hiApi: Credential;
	/** For HTTP Request nodes. */
	header: Credential;
	/** Runs a workflow for `count` tasks; stops it after a number of real seconds. */
	run: (
		name: string,
		count: number,
		workflow: WorkflowDefinition,
		capSeconds?: number,
	) => Promise<Result>;
	close: () => Promise<void>;
}

/** Opens a laboratory, a fresh n8n in it. `tarball`: the packed package. */
export async function openLaboratory(tarball: string, scale: number): Promise<Laboratory> {
	const user = await createUserFolder();
	const stage = await Stage.open(scale);
	let server: N8nServer | undefined;
	const close = async () => {
		await server?.stop();
		await stage.close();
		user.remove();
	};
	try {
		await installPackage(tarball, user.folder);
		const env = {
			NODE_OPTIONS: `--require "${FAST_CLOCK}"`,
			HIAPI_BENCH_CLOCK: JSON.stringify(stage.clock),
		};
		server = await startServer({ userFolder: user.folder, encryptionKey: user.encryptionKey, env });
		const client = await new N8nClient(server.address).logIn();
		const { apiKey, baseUrl, webhookSecret } = stage.simulator;
		const hiApi = await client.createCredential('hiApiApi', {
			apiKey,
			baseUrl,
			webhookSecret,
			previousWebhookSecret: '',
		});
		const header = await client.createCredential('httpHeaderAuth', {
			name: 'Authorization',
			value: `Bearer ${apiKey}`,
		});
		const { pid } = server;
		const run: Laboratory['run'] = async (name, count, workflow, capSeconds = 240) =>
			await runWorkflow({ client, pid, stage }, name, count, workflow, capSeconds * 1000);
		return { stage, hiApi, header, run, close };
	} catch (error) {
		await close();
		throw error;
	}
}

interface Bench {
	client: N8nClient;
	pid: number;
	stage: Stage;
}

async function runWorkflow(
	{ client, pid, stage }: Bench,
	name: string,
	count: number,
	workflow: WorkflowDefinition,
	capMs: number,
): Promise<Result> {
	const created = await client.createWorkflow(workflow);
	await sleep(1_000);
	const tasks = durations(count);
	stage.prepare(tasks);
	const watch = await watchMemory(pid);
	const id = await client.runManually(created, START);
	const capped = !(await endsWithin(client, created.id, capMs));
	if (capped) await client.stopExecution(id);
	await endsWithin(client, created.id, 10_000);
	const memory = watch.stop();
	const { startedAt, stoppedAt, status, data } = await client.execution(id);
	if (!capped && status !== 'success')
		throw new Error(`${name}: ${data.resultData.error?.message ?? status}`);
	// Everything that came out, over all runs of the last node.
	const out = (data.resultData.runData[DONE] ?? []).flatMap(
		(run) => run.data?.main?.flat() ?? [],
	).length;
	if (!capped && out !== count) throw new Error(`${name}: ${out} of ${count} items came out.`);
	const seen = stage.observe();
	const wall = stage.seconds(Date.parse(stoppedAt ?? '') - Date.parse(startedAt ?? ''));
	const finished = capped ? seen.lateness.length : count;
	return resultOf(
		{ name, walls: [wall], finished, memory, note: capped ? 'stopped: took too long' : undefined },
		tasks,
		seen,
	);
}

async function endsWithin(
	client: N8nClient,
	workflowId: string,
	milliseconds: number,
): Promise<boolean> {
	const deadline = Date.now() + milliseconds;
	const ended = (list: ExecutionSummary[]) => list.length > 0 && list.every(hasEnded);
	while (!ended(await client.executions(workflowId))) {
		if (Date.now() > deadline) return false;
		await sleep(250);
	}
	return true;
}

/** Watches a process's memory from now on, every 250 ms. */
async function watchMemory(pid: number): Promise<{ stop: () => Memory }> {
	const before = await residentMiB(pid);
	let most = before;
	const timer = setInterval(() => {
		residentMiB(pid).then(
			(now) => (most = Math.max(most, now)),
			() => undefined,
		);
	}, 250);
	return {
		stop: () => {
			clearInterval(timer);
			return { beforeMiB: before, peakMiB: most };
		},
	};
}

async function residentMiB(pid: number): Promise<number> {
	const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
	return Number(stdout.trim()) / 1024;
}
