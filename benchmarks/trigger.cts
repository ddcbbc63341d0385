import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { hasEnded, N8nClient, type WorkflowNode } from '../scripts/n8n/client.cts';
import { installPackage, packPackage } from '../scripts/n8n/communityPackage.cts';
import { npm } from '../scripts/n8n/npm.cts';
import { startServer } from '../scripts/n8n/server.cts';
import { createUserFolder } from '../scripts/n8n/userFolder.cts';
import { atLeast, median, type Measurement } from './report.cts';
import { cpuSeconds } from './support/cpuTime.cts';
import { DO_NOTHING_TYPE, writeDoNothingPackage } from './support/doNothingTrigger.cts';
import { load, type LoadRequest, type LoadResult } from './support/load.cts';

const SECRET = 'benchmark-webhook-secret-0001';
const CLIENTS = 20;
const ROUNDS = 8;
const SECONDS_EACH = 5;

/** One trigger with one node that does nothing after it. */
interface Contender {
	name: string;
	node: Pick<WorkflowNode, 'type' | 'typeVersion' | 'parameters'>;
	/** Below /webhook/<webhook id>/, when the node adds anything. */
	path: string;
	forged?: boolean;
}

const hiApiParameters = { events: ['task.success', 'task.fail'] };

const CONTENDERS = {
	ours: {
		name: 'HiAPI Trigger',
		node: { type: 'n8n-nodes-hiapi.hiApiTrigger', typeVersion: 2, parameters: hiApiParameters },
		path: '/webhook',
	},
	forged: {
		name: 'HiAPI Trigger, forged',
		node: { type: 'n8n-nodes-hiapi.hiApiTrigger', typeVersion: 2, parameters: hiApiParameters },
		path: '/webhook',
		forged: true,
	},
	doNothing1: {
		name: 'do-nothing trigger, version 1',
		node: { type: DO_NOTHING_TYPE, typeVersion: 1, parameters: {} },
		path: '/webhook',
	},
	doNothing2: {
		name: 'do-nothing trigger, version 2',
		node: { type: DO_NOTHING_TYPE, typeVersion: 2, parameters: {} },
		path: '/webhook',
	},
	webhook: {
		name: "n8n's Webhook node",
		node: {
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2.1,
			parameters: { httpMethod: 'POST', path: '' },
		},
		path: '',
	},
} satisfies Record<string, Contender>;

type Key = keyof typeof CONTENDERS;
const KEYS = Object.keys(CONTENDERS) as Key[];

const tell = (line: string) => process.stderr.write(`${line}\n`);

function callback(forged: boolean): LoadRequest {
	const completed = Math.floor(Date.now() / 1000);
	const body = JSON.stringify({
		taskId: `tk-hiapi-${randomUUID()}`,
		model: 'seedance-2.0',
		status: 'success',
		created: completed - 60,
		completed,
		output: [
			{
				url: 'https://cdn.example.com/tasks/x/video.mp4',
				type: 'video',
				expireAt: completed + 604_800,
			},
		],
	});
	const signature = createHmac('sha256', forged ? 'somebody else' : SECRET)
		.update(`${completed}.${body}`)
		.digest('hex');
	const headers = {
		'content-type': 'application/json',
		'x-hiapi-timestamp': String(completed),
		'x-hiapi-signature': signature,
	};
	return { headers, body };
}

/** Creates and publishes a workflow; returns its production URL and id. */
async function publish(
	client: N8nClient,
	contender: Contender,
	credential: { id: string; name: string },
) {
	const webhookId = randomUUID();
	const { node, path } = contender;
	const parameters =
		'path' in node.parameters ? { ...node.parameters, path: webhookId } : node.parameters;
	const workflow = await client.createWorkflow({
		name: contender.name,
		nodes: [
			{
				...node,
				parameters,
				name: 'Trigger',
				position: [0, 0],
				webhookId,
				credentials: { hiApiApi: credential },
			},
			{
				name: 'Nothing',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [200, 0],
				parameters: {},
			},
		],
		connections: { Trigger: { main: [[{ node: 'Nothing', type: 'main', index: 0 }]] } },
	});
	await client.publish(workflow);
	return { id: workflow.id, url: `${client.address}/webhook/${webhookId}${path}` };
}

/** Waits until no execution is under way, so that no contender pays for another. */
async function untilIdle(client: N8nClient, workflowIds: string[]): Promise<void> {
	for (;;) {
		const lists = await Promise.all(workflowIds.map(async (id) => await client.executions(id)));
		if (lists.flat().every(hasEnded)) return await sleep(500);
		await sleep(200);
	}
}

/** Drives all contenders in turns; returns what each round saw and how many executions the forgeries caused. */
async function measure(
	client: N8nClient,
	pid: number,
): Promise<{ results: Record<Key, LoadResult[]>; forgedExecutions: number }> {
	const credential = await client.createCredential('hiApiApi', {
		apiKey: 'sk-benchmark',
		baseUrl: 'http://127.0.0.1:9/v1',
		webhookSecret: SECRET,
	});
	const published = {} as Record<Key, { id: string; url: string }>;
	for (const key of KEYS) published[key] = await publish(client, CONTENDERS[key], credential);
	const ids = Object.values(published).map(({ id }) => id);

	const results = Object.fromEntries(KEYS.map((key) => [key, [] as LoadResult[]])) as Record<
		Key,
		LoadResult[]
	>;
	for (let round = 0; round <= ROUNDS; round += 1) {
		// The first round warms up. Each round starts with another contender, so that nobody always goes first.
		const order = [...KEYS.slice(round % KEYS.length), ...KEYS.slice(0, round % KEYS.length)];
		for (const key of order) {
			const contender: Contender = CONTENDERS[key];
			const cpuBefore = cpuSeconds(pid) ?? NaN;
			const result = await load(published[key].url, CLIENTS, round === 0 ? 2 : SECONDS_EACH, () =>
				callback(contender.forged === true),
			);
			const requests = Object.values(result.statuses).reduce((sum, count) => sum + count, 0);
			const wrong = Object.keys(result.statuses).filter(
				(status) => status !== (contender.forged ? '401' : '200'),
			);
			if (wrong.length > 0)
				throw new Error(`${contender.name} answered ${JSON.stringify(result.statuses)}.`);
			await untilIdle(client, ids);
			if (round > 0) results[key].push(result);
			// Of n8n alone, its runs included: tells the same on a machine that others use too.
			const perCpuSecond = requests / ((cpuSeconds(pid) ?? NaN) - cpuBefore);
			tell(
				`round ${round} of ${ROUNDS}: ${contender.name}: ${result.answeredPerSecond.toFixed(1)} per second, ${perCpuSecond.toFixed(1)} per processor second`,
			);
		}
	}
	return { results, forgedExecutions: (await client.executions(published.forged.id)).length };
}

function compare(
	setting: Setting,
	{ results, forgedExecutions }: Awaited<ReturnType<typeof measure>>,
): Measurement[] {
	const rates = (key: Key) => results[key].map((result) => result.answeredPerSecond);
	const against = (measure: string, ours: Key, rival: Key, goal?: number) => {
		// Pairs of the same round: what else the machine does changes from round to round.
		const ratios = rates(ours).map((rate, round) => rate / rates(rival)[round]);
		const name = `${setting.name}: ${measure}`;
		return atLeast(
			name,
			median(rates(ours)),
			{ name: CONTENDERS[rival].name, value: median(rates(rival)) },
			median(ratios),
			goal,
		);
	};
	return [
		against('verified events per second', 'ours', 'doNothing1', 0.95),
		against('verified events per second', 'ours', 'doNothing2', 0.95),
		against('verified events per second', 'ours', 'webhook', setting.ofWebhookNode),
		against('forged requests refused per second', 'forged', 'ours', 2),
		{
			measure: `${setting.name}: executions caused by forged requests`,
			ours: forgedExecutions,
			ratio: forgedExecutions,
			goal: { is: 'at most', value: 0 },
		},
	];
}

/** How n8n is set up. */
interface Setting {
	name: string;
	env: Record<string, string>;
	/** What to reach of the rate of n8n's own Webhook node, where a community trigger can. */
	ofWebhookNode?: number;
}

/** By default n8n makes a JavaScript sandbox for every call of a community trigger, whether or not it evaluates anything. */
const SETTINGS: Setting[] = [
	{ name: 'as n8n comes', env: {} },
	{
		name: 'sandboxes on demand',
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		ofWebhookNode: 0.65,
	},
];

/** Installs the packages in a new n8n of the given setting and drives the contenders in turns. */
async function measureIn(setting: Setting, tarballs: string[]): Promise<Measurement[]> {
	const user = await createUserFolder();
	try {
		for (const tarball of tarballs) await installPackage(tarball, user.folder);
		const server = await startServer({
			userFolder: user.folder,
			encryptionKey: user.encryptionKey,
			env: setting.env,
		});
		try {
			tell(`n8n ${setting.name}`);
			return compare(
				setting,
				await measure(await new N8nClient(server.address).logIn(), server.pid),
			);
		} finally {
			await server.stop();
		}
	} finally {
		user.remove();
	}
}

/** The built package and a do-nothing rival in one n8n server; once as n8n comes, and once with sandboxes made on demand. */
export async function run(): Promise<Measurement[]> {
	const root = join(__dirname, '..');
	const [load1] = loadavg();
	if (load1 > cpus().length / 2)
		tell(`This machine is busy (load ${load1.toFixed(1)}): rates per second say little now.`);
	const work = mkdtempSync(join(tmpdir(), 'hiapi-benchmark-'));
	try {
		await npm({ args: ['run', 'build'], folder: root });
		const rival = join(work, 'rival');
		writeDoNothingPackage(rival);
		const tarballs = [await packPackage(root, work), await packPackage(rival, work)];
		const measurements: Measurement[] = [];
		for (const setting of SETTINGS) measurements.push(...(await measureIn(setting, tarballs)));
		return measurements;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}
