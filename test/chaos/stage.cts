import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import getPort from 'get-port';

import { N8nClient, type Workflow } from '../../scripts/n8n/client.cts';
import { createUserFolderWithPackage } from '../../scripts/n8n/serverWithPackage.cts';
import type { UserFolder } from '../../scripts/n8n/userFolder.cts';
import type { Switches } from '../../simulator/index.cts';
import { buildOf, PROJECT } from '../e2e/support/host/build.cts';
import {
	findQueuePrograms,
	startQueueServices,
	type QueueServices,
} from '../e2e/support/host/queueServices.cts';
import { startBalancer, type Balancer } from './balancer.cts';
import { Database } from './database.cts';
import { makeSmallDisk, type SmallDisk } from './databaseDisk.cts';
import { KeptUp, type Service } from './keptUp.cts';
import type { WorkflowName } from './ledger.cts';
import { n8nProcess, queueService } from './services.cts';
import { N8N_PROCESSES, PROCESSES, type N8nProcess, type ProcessName } from './schedule.cts';
import { SimulatorProcess } from './simulatorProcess.cts';
import { chaosWorkflows } from './workflows.cts';

const STARTS_WITHIN_MILLISECONDS = 180_000;

/** HiAPI tries a callback four times within 26 minutes; here within two, as a run is that much shorter. */
const CALMED = { callbackAttempts: [0, 10, 30, 60, 120] };

/** n8n in queue mode and a local HiAPI, each process kept up, with a workflow of every kind published. */
export class Stage {
	readonly processes = {} as Record<ProcessName, KeptUp>;
	readonly secrets = {
		'the API key': `sk-chaos-${randomBytes(12).toString('hex')}`,
		'the webhook signing secret': `secret-${randomBytes(12).toString('hex')}`,
		'a prompt': `private words ${randomBytes(8).toString('hex')}`,
	};
	readonly workflows = {} as Record<WorkflowName, Workflow>;
	simulator!: SimulatorProcess;
	/** The simulator's switches while nothing goes wrong. */
	calmSwitches!: Partial<Switches>;
	database!: Database;
	n8n!: N8nClient;
	/** Where webhooks are called. */
	address!: string;
	/** Absent where no disk can be mounted; `missing` says why. */
	disk?: SmallDisk;
	readonly missing: string[] = [];
	private folder!: UserFolder;
	private services!: QueueServices;
	private balancer?: Balancer;

	constructor(private readonly tell: (line: string) => void) {}

	async open(): Promise<void> {
		buildOf();
		const found = findQueuePrograms();
		if ('missing' in found) throw new Error(found.missing);
		this.folder = (await createUserFolderWithPackage(PROJECT)).userFolder;
		this.services = await startQueueServices(found.programs, { keepQueue: true });
		this.database = new Database(this.services.env);
		const [balancer, main, worker1, worker2, processor, simulator] = await ports(6);
		this.address = `http://127.0.0.1:${balancer}`;
		this.balancer = await startBalancer(balancer, [processor, main]);
		this.simulator = this.simulatorAt(simulator);
		const env = { ...this.services.env, N8N_WEBHOOK_URL: `${this.address}/` };
		const n8n = (name: N8nProcess, port: number) =>
			n8nProcess(name, port, this.folder, { ...env, CHAOS_CLOCK: this.clockFile(name) });
		const services: Record<ProcessName, Service> = {
			redis: queueService('redis', this.services),
			postgres: queueService('postgres', this.services),
			simulator: this.simulator,
			main: n8n('main', main),
			worker1: n8n('worker1', worker1),
			worker2: n8n('worker2', worker2),
			processor: n8n('processor', processor),
		};
		for (const name of PROCESSES) this.processes[name] = new KeptUp(services[name], this.tell);
		for (const name of ['redis', 'postgres', 'simulator', 'main'] as const)
			await this.processes[name].open();
		await Promise.all(
			(['worker1', 'worker2', 'processor'] as const).map(
				async (name) => await this.processes[name].open(),
			),
		);
		this.n8n = await new N8nClient(`http://127.0.0.1:${main}`).logIn();
		this.calmSwitches = await this.simulator.control('GET', '/switches');
		await this.useSmallDisk();
		await this.publish();
		await this.untilWatched();
	}

	/** Waits until everything runs. */
	async untilUp(): Promise<void> {
		for (const name of PROCESSES) await this.processes[name].untilUp(STARTS_WITHIN_MILLISECONDS);
	}

	/** Lets the wall clock of these processes be wrong by so many seconds. */
	shiftClock(seconds: number, processes: readonly N8nProcess[] = N8N_PROCESSES): void {
		for (const name of processes) writeFileSync(this.clockFile(name), String(seconds * 1000));
	}

	/** Everything n8n, Redis and PostgreSQL have logged; nothing before there is a place for it. */
	log(): string {
		if (this.folder === undefined || this.services === undefined) return '';
		const { folder } = this.folder;
		const own = readdirSync(folder)
			.filter((name) => name.endsWith('.log'))
			.map((name) => join(folder, name));
		return [...own, ...Object.values(this.services.logFiles)]
			.filter((file) => existsSync(file))
			.map((file) => `==== ${file}\n${readFileSync(file, 'utf8')}`)
			.join('\n');
	}

	async close(): Promise<void> {
		try {
			await Promise.all(Object.values(this.processes).map(async (one) => await one.close()));
			await this.balancer?.close();
			await this.services?.stop();
		} finally {
			// whatever else fails: nobody but this one takes a mounted disk away
			this.disk?.remove();
			this.folder?.remove();
		}
	}

	private async useSmallDisk(): Promise<void> {
		const disk = makeSmallDisk();
		if ('missing' in disk) {
			this.missing.push(disk.missing);
			return;
		}
		this.disk = disk;
		await this.database.moveFilesTo(disk.folder);
	}

	private async publish(): Promise<void> {
		const credential = await this.n8n.createCredential('hiApiApi', {
			apiKey: this.secrets['the API key'],
			baseUrl: `${this.simulator.origin}/v1`,
			webhookSecret: this.secrets['the webhook signing secret'],
			previousWebhookSecret: '',
		});
		const definitions = chaosWorkflows(credential, randomUUID(), this.address);
		for (const [name, definition] of Object.entries(definitions)) {
			const workflow = await this.n8n.createWorkflow(definition);
			await this.n8n.publish(workflow);
			this.workflows[name as WorkflowName] = workflow;
		}
	}

	/** The polling trigger brings nothing older than its first look, which is over when it looks again. */
	private async untilWatched(): Promise<void> {
		for (const deadline = Date.now() + STARTS_WITHIN_MILLISECONDS; ; await sleep(500)) {
			const { requests } = await this.simulator.control<{
				requests: Array<{ method: string; pathname: string }>;
			}>('GET', '/requests');
			const looks = requests.filter(
				({ method, pathname }) => method === 'GET' && pathname === '/v1/tasks',
			);
			if (looks.length >= 2) return;
			if (Date.now() > deadline) throw new Error('The polling trigger does not look.');
		}
	}

	private clockFile(name: N8nProcess): string {
		return join(this.folder.folder, `clock-${name}`);
	}

	private simulatorAt(port: number): SimulatorProcess {
		const { folder } = this.folder;
		const work = join(folder, 'simulator');
		mkdirSync(work);
		return new SimulatorProcess(
			port,
			{
				apiKey: this.secrets['the API key'],
				webhookSecret: this.secrets['the webhook signing secret'],
				journal: join(work, 'journal'),
				logFile: join(work, 'output'),
			},
			async (simulator) => {
				await simulator.control('PATCH', '/switches', CALMED);
			},
		);
	}
}

async function ports(count: number): Promise<number[]> {
	const found = new Set<number>();
	while (found.size < count) found.add(await getPort({ host: '127.0.0.1', exclude: [...found] }));
	return [...found];
}
