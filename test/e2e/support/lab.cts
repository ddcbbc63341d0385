import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import {
	N8nClient,
	type Execution,
	type Workflow,
	type WorkflowDefinition,
} from '../../../scripts/n8n/client.cts';
import {
	startSimulator,
	type LoggedRequest,
	type Simulator,
	type SimulatorOptions,
} from '../../../simulator/index.cts';
import { lacks, type Ability } from './abilities.cts';
import { PROJECT } from './host/build.cts';
import { callHost } from './host/calls.cts';
import type { HostedServer } from './host/host.cts';
import { empty } from './emptyServer.cts';
import { until } from './until.cts';
import { START } from './workflows.cts';

const KEPT_LOGS = join(PROJECT, 'test-output');

/** Starting and ending an n8n on a busy machine. */
const START_MILLISECONDS = 240_000;
const END_MILLISECONDS = 60_000;
const TEST_MILLISECONDS = 120_000;

export interface LabOptions {
	simulator?: SimulatorOptions;
	/** Environment variables for an n8n of the file's own; without them it gets the one that files share one after another. */
	env?: Record<string, string>;
}

/** A real n8n with the packed package installed, and a local HiAPI behind it, for one test file. Ready from `beforeAll` on. */
export class Lab {
	simulator!: Simulator;
	server!: HostedServer;
	n8n!: N8nClient;
	/** The credential "HiAPI API" for the simulator. */
	credential!: { id: string; name: string };
	private env?: Record<string, string>;
	private runsWith: Record<string, string> = {};
	private failed = false;
	/** Where in the log this file and this test begin. */
	private logStart = { file: 0, test: 0 };

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
		rmSync(this.keptLog(), { force: true });
		this.failed = true;
		this.env = options.env;
		this.simulator = await startSimulator({ taskSeconds: 1, ...options.simulator });
		this.server = await (this.env ? callHost('start', this.env) : callHost('borrow', worker()));
		this.logStart = { file: this.logSize(), test: this.logSize() };
		this.n8n = new N8nClient(this.server.address, this.server.session);
		this.credential = await this.n8n.createCredential('hiApiApi', this.credentialData());
		this.failed = false;
	}

	/** To be called before each test: the simulator forgets everything, and `log` begins anew. */
	beginTest(): void {
		this.simulator.reset();
		this.logStart.test = this.logSize();
	}

	/** Ends n8n at once, as a crash of the machine would: nothing is saved any more. */
	async kill(): Promise<void> {
		await callHost('kill', this.server.id);
	}

	/** Starts n8n again on its database and its port, with these settings over the usual ones. */
	async restart(env: Record<string, string> = {}): Promise<void> {
		await callHost('restart', this.server.id, { ...this.env, ...env });
		this.runsWith = env;
	}

	/** Starts n8n again if it does not run with these settings. */
	async runWith(env: Record<string, string>): Promise<void> {
		if (!isDeepStrictEqual(env, this.runsWith)) await this.restart(env);
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

	/** Everything n8n has logged since the test began. */
	log(): string {
		return this.logFrom(this.logStart.test);
	}

	async close(): Promise<void> {
		if (this.failed && this.server !== undefined) {
			mkdirSync(KEPT_LOGS, { recursive: true });
			writeFileSync(this.keptLog(), this.logFrom(this.logStart.file));
		}
		try {
			if (this.server !== undefined) await this.leave();
		} finally {
			await this.simulator?.close();
		}
	}

	private async leave(): Promise<void> {
		if (this.env) return await callHost('remove', this.server.id);
		await empty(this.n8n);
		await callHost('giveBack', worker());
	}

	private logSize(): number {
		return existsSync(this.server.logFile) ? statSync(this.server.logFile).size : 0;
	}

	private logFrom(start: number): string {
		return readFileSync(this.server.logFile).subarray(start).toString('utf8');
	}

	private keptLog(): string {
		return join(KEPT_LOGS, `${basename(expect.getState().testPath ?? 'e2e', '.test.cts')}-n8n.log`);
	}
}

/** An n8n and a simulator for a test file; the simulator forgets everything before each test. */
export function useLab(options: LabOptions = {}): Lab {
	const lab = new Lab();
	beforeAll(async () => await lab.open(options), START_MILLISECONDS);
	beforeEach(() => lab.beginTest());
	afterAll(async () => await lab.close(), END_MILLISECONDS);
	return lab;
}

/** The jest worker that runs this file: its files come one after another. */
function worker(): string {
	return process.env.JEST_WORKER_ID ?? '1';
}
