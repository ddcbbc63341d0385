import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import pWaitFor from 'p-wait-for';

import { publishWorkflow, unpublishWorkflow } from './publishing.cts';
import { N8nReplyError } from './replyError.cts';
import { type RunData, readRunData } from './runData.cts';

// n8n answers so, before it looks at the request, while a check of its database takes longer than it allows
const DATABASE_BUSY = /Database is not ready/;
const DATABASE_PATIENCE_MS = 30_000;

/** The first user of every n8n that tests and demo start. It listens on 127.0.0.1 only. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'HiAPI',
	lastName: 'Demo',
	password: 'HiApiDemo1',
};

/** A node as a workflow file holds it. */
export interface WorkflowNode {
	id?: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[setting: string]: unknown;
}

/** A workflow as a file holds it. */
export interface WorkflowDefinition {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<
		string,
		Record<string, Array<Array<{ node: string; type: string; index: number }> | null>>
	>;
	settings?: Record<string, unknown>;
	[property: string]: unknown;
}

export interface Workflow extends WorkflowDefinition {
	id: string;
	versionId: string;
}

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	/** `new`, `running`, `waiting`, `success`, `error`, `canceled` or `crashed`. */
	status: string;
	mode: string;
	retryOf?: string | null;
	startedAt?: string;
	stoppedAt?: string | null;
}

export interface Execution extends ExecutionSummary {
	data: RunData;
}

/** What n8n knows a logged-in browser by; outlives a restart of n8n. */
export interface Session {
	cookie: string;
	browserId: string;
}

/** Talks to n8n by the REST interface its own editor uses. Log in first. Every method throws N8nReplyError on an error status. */
export class N8nClient {
	/** The session cookie, `n8n-auth=…`; valid together with `browserId` only. */
	cookie: string;
	readonly browserId: string;

	constructor(
		/** `http://127.0.0.1:<port>`, without a trailing slash. */
		readonly address: string,
		/** The session of another client of the same n8n; without it, log in first. */
		session: Session = { cookie: '', browserId: randomUUID() },
	) {
		this.cookie = session.cookie;
		this.browserId = session.browserId;
	}

	/** One call below `/rest`; returns the `data` of the answer. */
	async rest<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
		const json = (await this.send(method, `/rest${path}`, body)) as { data?: T } | undefined;
		return (json !== undefined && json !== null && 'data' in json ? json.data : json) as T;
	}

	private async send(method: string, path: string, body?: unknown): Promise<unknown> {
		const until = Date.now() + DATABASE_PATIENCE_MS;
		for (;;) {
			try {
				return await this.sendOnce(method, path, body);
			} catch (error) {
				const isBusy = error instanceof N8nReplyError && DATABASE_BUSY.test(error.message);
				if (!isBusy || Date.now() > until) throw error;
				await pause(500);
			}
		}
	}

	private async sendOnce(method: string, path: string, body?: unknown): Promise<unknown> {
		const reply = await fetch(this.address + path, {
			method,
			headers: {
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				'browser-id': this.browserId,
				cookie: this.cookie,
				// n8n closes connections that were kept open, and a busy process may send the next call on one
				connection: 'close',
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const session = reply.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='));
		if (session) this.cookie = session.split(';')[0];
		const text = await reply.text();
		let json: unknown;
		try {
			json = JSON.parse(text);
		} catch {
			json = undefined;
		}
		if (!reply.ok) throw new N8nReplyError(reply.status, json, `${method} ${path}`, text);
		return json;
	}

	/** Logs in; sets the owner up first when this n8n has none. */
	async logIn(owner = OWNER): Promise<this> {
		const settings = await this.rest<{ userManagement?: { showSetupOnFirstLoad?: boolean } }>(
			'GET',
			'/settings',
		);
		if (settings.userManagement?.showSetupOnFirstLoad)
			await this.rest('POST', '/owner/setup', owner);
		// the second name is that of older n8n
		else
			await this.rest('POST', '/login', {
				emailOrLdapLoginId: owner.email,
				email: owner.email,
				password: owner.password,
			});
		return this;
	}

	async createCredential(
		type: string,
		data: Record<string, unknown>,
		name = type,
	): Promise<{ id: string; name: string }> {
		return await this.rest('POST', '/credentials', { name, type, data });
	}

	/** What the "Test" of the credential's window does with these values. */
	async testCredential(
		credential: { id: string; name: string },
		type: string,
		data: Record<string, unknown>,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		return await this.rest('POST', '/credentials/test', {
			credentials: { ...credential, type, data },
		});
	}

	/** The description of every node type n8n has loaded. */
	async nodeTypes(): Promise<
		Array<{ name: string; displayName: string; [property: string]: unknown }>
	> {
		return (await this.send('GET', '/types/nodes.json')) as Array<{
			name: string;
			displayName: string;
		}>;
	}

	/** What Settings > Community nodes lists. */
	async communityPackages(): Promise<
		Array<{
			packageName: string;
			installedVersion: string;
			failedLoading?: boolean;
			installedNodes: Array<{ name: string; type: string }>;
		}>
	> {
		return await this.rest('GET', '/community-packages');
	}

	/** The bytes of a binary value of an item, wherever n8n keeps them. */
	async binaryContent(binary: { id?: string; data: string }): Promise<Buffer> {
		if (!binary.id) return Buffer.from(binary.data, 'base64');
		const reply = await fetch(
			`${this.address}/rest/binary-data?id=${encodeURIComponent(binary.id)}&action=download`,
			{
				headers: { 'browser-id': this.browserId, cookie: this.cookie },
			},
		);
		const content = Buffer.from(await reply.arrayBuffer());
		if (!reply.ok)
			throw new N8nReplyError(
				reply.status,
				undefined,
				'GET /binary-data',
				content.toString('utf8'),
			);
		return content;
	}

	async createWorkflow(workflow: WorkflowDefinition): Promise<Workflow> {
		return await this.rest('POST', '/workflows', {
			// n8n 1 does not take a workflow without it
			active: false,
			...workflow,
			settings: { executionOrder: 'v1', ...workflow.settings },
		});
	}

	async getWorkflow(id: string): Promise<Workflow> {
		return await this.rest('GET', `/workflows/${id}`);
	}

	async updateWorkflow(id: string, change: Partial<Workflow>): Promise<Workflow> {
		return await this.rest('PATCH', `/workflows/${id}`, change);
	}

	/** Publishes the workflow's current version and returns when its triggers are in force. */
	async publish(workflow: Workflow, withinMilliseconds = 60_000): Promise<void> {
		await publishWorkflow(this, workflow, withinMilliseconds);
	}

	async unpublish(id: string): Promise<void> {
		await unpublishWorkflow(this, id);
	}

	/** Starts the workflow as the editor's "Execute workflow" does, from the trigger of this name; returns the execution's id. */
	async runManually(workflow: Workflow, triggerName: string): Promise<string> {
		const { executionId } = await this.rest<{ executionId: string }>(
			'POST',
			`/workflows/${workflow.id}/run`,
			{
				workflowData: workflow,
				triggerToStartFrom: { name: triggerName },
			},
		);
		return executionId;
	}

	/** The newest 100 executions of a workflow, newest first. */
	async executions(workflowId: string): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const list = await this.rest<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?limit=100&filter=${filter}`,
		);
		return list.results;
	}

	async execution(id: string): Promise<Execution> {
		const execution = await this.rest<ExecutionSummary & { data: unknown }>(
			'GET',
			`/executions/${id}`,
		);
		return { ...execution, data: readRunData(execution.data) };
	}

	async stopExecution(id: string): Promise<void> {
		await this.rest('POST', `/executions/${id}/stop`);
	}

	/** The executions list's "Retry"; returns the id of the new execution. `currentWorkflow`: with the workflow as it is now. */
	async retryExecution(id: string, currentWorkflow = false): Promise<string> {
		const retried = await this.rest<{ id?: string; executionId?: string } | boolean>(
			'POST',
			`/executions/${id}/retry`,
			{
				loadWorkflow: currentWorkflow,
			},
		);
		if (typeof retried !== 'boolean') return String(retried.id ?? retried.executionId);
		// older n8n answers when the new execution has ended, and only says whether it succeeded
		const { workflowId } = await this.execution(id);
		const newest = (await this.executions(workflowId)).find(({ retryOf }) => retryOf === id);
		if (newest === undefined)
			throw new Error(`The retry of execution ${id} is not in the list of executions.`);
		return newest.id;
	}

	/** Waits until the execution has ended (or `isEnough` says so) and returns it with its data; throws when time runs out. */
	async untilExecution(
		id: string,
		isEnough: (execution: ExecutionSummary) => boolean = hasEnded,
		withinMilliseconds = 60_000,
	): Promise<Execution> {
		let status = 'not stored';
		return await pWaitFor(
			async () => {
				const execution = await this.execution(id).catch((error: unknown) => {
					if (!isNotStoredYet(error)) throw error;
					return undefined;
				});
				if (execution === undefined) return false;
				({ status } = execution);
				return isEnough(execution) && pWaitFor.resolveWith(execution);
			},
			{
				interval: 100,
				timeout: {
					milliseconds: withinMilliseconds,
					fallback: () => {
						throw new Error(`Execution ${id} is still "${status}" after ${withinMilliseconds} ms.`);
					},
				},
			},
		);
	}
}

/** n8n 2.20 cannot show an execution before it has stored something of it. */
const isNotStoredYet = (error: unknown) =>
	error instanceof N8nReplyError &&
	error.status === 500 &&
	error.message.includes("(reading 'resultData')");

/** Whether an execution will not change any more. */
export function hasEnded(execution: ExecutionSummary): boolean {
	return ['success', 'error', 'canceled', 'crashed'].includes(execution.status);
}
