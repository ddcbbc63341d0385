import {
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
} from 'node:fs';
import { basename, join } from 'node:path';

import {
	N8nClient,
	type Execution,
	type Workflow,
	type WorkflowDefinition,
} from '../../../scripts/n8n/client.cts';
import type { N8nServer } from '../../../scripts/n8n/server.cts';
import {
	startServerWithPackage,
	type ServerWithPackage,
} from '../../../scripts/n8n/serverWithPackage.cts';
import {
	startSimulator,
	type LoggedRequest,
	type Simulator,
	type SimulatorOptions,
} from '../../../simulator/index.cts';
import { lacks, type Ability } from './abilities.cts';
import { until } from './until.cts';
import { START } from './workflows.cts';

const PROJECT = join(__dirname, '..', '..', '..');
const KEPT_LOGS = join(PROJECT, 'test-output');

/** The very first run on a machine fetches n8n. */
const FETCH_AND_START_MILLISECONDS = 20 * 60_000;
const TEST_MILLISECONDS = 60_000;

export interface LabOptions {
	simulator?: SimulatorOptions;
	/** More environment variables for n8n. */
	env?: Record<string, string>;
}

/** A real n8n with the packed package installed, and a local HiAPI behind it. Ready from `beforeAll` on. */
export class Lab {
	simulator!: Simulator;
	server!: N8nServer;
	n8n!: N8nClient;
	/** The credential "HiAPI API" for the simulator. */
	credential!: { id: string; name: string };
	private installed!: ServerWithPackage;
	private failed = false;

	/** The nodes, imported and run manually from the node START; returns the execution when it has ended. */
	async run(workflow: WorkflowDefinition): Promise<Execution> {
		return await this.n8n.untilExecution(await this.start(workflow));
	}

	/** As `run`, but returns the execution's id as soon as n8n has started it. */
	async start(workflow: WorkflowDefinition): Promise<string> {
		return await this.n8n.runManually(await this.n8n.createWorkflow(workflow), START);
	}

	/** Imports and publishes a workflow, so that its triggers are in force. */
	async publish(workflow: WorkflowDefinition): Promise<Workflow> {
		const created = await this.n8n.createWorkflow(workflow);
		await this.n8n.publish(created);
		return created;
	}

	/** Runs a published workflow by its webhook, once n8n takes the call; returns the new execution's id. */
	async startByWebhook(workflowId: string, path: string): Promise<string> {
		const before = (await this.n8n.executions(workflowId)).map(({ id }) => id);
		await until(
			async () => (await fetch(`${this.server.address}/webhook/${path}`, { method: 'POST' })).ok,
		);
		let started: string | undefined;
		await until(async () => {
			started = (await this.n8n.executions(workflowId)).find(({ id }) => !before.includes(id))?.id;
			return started !== undefined;
		});
		return started!;
	}

	/** A test whose failure keeps n8n's log and names it. */
	test(name: string, body: () => Promise<void>, withinMilliseconds = TEST_MILLISECONDS): void {
		test(
			name,
			async () => {
				try {
					await body();
				} catch (error) {
					this.failed = true;
					(error as Error).message += `\n\nn8n's log: ${this.keptLog()}`;
					throw error;
				}
			},
			withinMilliseconds,
		);
	}

	/** A test of what not every n8n can do: left out where it cannot, and the list of tests and the console say why. */
	testWhere(
		ability: Ability,
		name: string,
		body: () => Promise<void>,
		withinMilliseconds?: number,
	): void {
		const lacking = lacks(ability);
		if (lacking === undefined) return this.test(name, body, withinMilliseconds);
		process.stderr.write(`Skipped: ${name}: ${lacking}\n`);
		test.skip(`${name} (${lacking})`, () => undefined);
	}

	async open(options: LabOptions): Promise<void> {
		assertBuilt();
		rmSync(this.keptLog(), { force: true });
		this.failed = true;
		this.simulator = await startSimulator({ taskSeconds: 1, ...options.simulator });
		this.installed = await startServerWithPackage(PROJECT, options.env);
		this.server = this.installed.server;
		this.n8n = await new N8nClient(this.server.address).logIn();
		this.credential = await this.n8n.createCredential('hiApiApi', this.credentialData());
		this.failed = false;
	}

	/** Values of the credential "HiAPI API" for the simulator. */
	credentialData(): {
		apiKey: string;
		baseUrl: string;
		webhookSecret: string;
		previousWebhookSecret: string;
	} {
		const { apiKey, baseUrl, webhookSecret } = this.simulator;
		return { apiKey, baseUrl, webhookSecret, previousWebhookSecret: '' };
	}

	/** The requests for a new task the simulator got, answered or not. */
	creates(): LoggedRequest[] {
		return this.simulator.requests.filter(
			({ method, pathname }) => method === 'POST' && pathname === '/v1/tasks',
		);
	}

	/** The idempotency keys of those requests, each once. */
	keys(): Set<unknown> {
		return new Set(this.creates().map(({ headers }) => headers['idempotency-key']));
	}

	/** Everything n8n has logged so far. */
	log(): string {
		return readFileSync(this.server.logFile, 'utf8');
	}

	async close(): Promise<void> {
		await this.server?.stop(5_000);
		await this.simulator?.close();
		if (this.installed === undefined) return;
		if (this.failed) {
			mkdirSync(KEPT_LOGS, { recursive: true });
			copyFileSync(this.server.logFile, this.keptLog());
		}
		this.installed.userFolder.remove();
	}

	private keptLog(): string {
		return join(KEPT_LOGS, `${basename(expect.getState().testPath ?? 'e2e', '.test.cts')}-n8n.log`);
	}
}

/** One n8n and one simulator for a test file; the simulator forgets everything before each test. */
export function useLab(options: LabOptions = {}): Lab {
	const lab = new Lab();
	beforeAll(async () => await lab.open(options), FETCH_AND_START_MILLISECONDS);
	beforeEach(() => lab.simulator.reset());
	afterAll(async () => await lab.close(), 30_000);
	return lab;
}

/** A stale build would test yesterday's node. */
function assertBuilt(): void {
	const built = join(PROJECT, 'dist', 'nodes', 'HiApi', 'HiApi.node.js');
	const sources = Math.max(newest(join(PROJECT, 'nodes')), newest(join(PROJECT, 'credentials')));
	if (!existsSync(built) || statSync(built).mtimeMs < sources) {
		throw new Error(
			'dist/ is missing or older than the sources: run `npm run build` first (`npm run test:e2e` does).',
		);
	}
}

function newest(folder: string): number {
	const times = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
	return Math.max(0, ...times);
}
