import { setTimeout as sleep } from 'node:timers/promises';

import { itemsOf, readRunData } from '../../scripts/n8n/runData.cts';
import { NEXT } from '../e2e/support/workflows.cts';
import type { StoredExecution } from './database.cts';
import type { Order } from './schedule.cts';
import type { Stage } from './stage.cts';
import { pathOf } from './workflows.cts';

const PATIENCE_MILLISECONDS = 120_000;
const POLLED_WITHIN_MILLISECONDS = 90_000;
const QUIET_WITHIN_MILLISECONDS = 240_000;
const RETRIED_WITHIN_MILLISECONDS = 20_000;
const ENDED = ['success', 'error', 'canceled', 'crashed'];
/** How often somebody comes back for what was not delivered. */
const RETURNS = 3;

/** Those who want tasks, and come back for what they did not get. */
export class Customers {
	readonly orders: Order[] = [];
	private readonly sending = new Set<Promise<void>>();

	constructor(
		private readonly stage: Stage,
		private readonly tell: (line: string) => void,
	) {}

	/** Orders by one call of the webhook, made until n8n has accepted it. */
	order(orders: Order[]): void {
		this.orders.push(...orders);
		const sent = this.send(orders).finally(() => this.sending.delete(sent));
		this.sending.add(sent);
	}

	/** Waits until all calls were accepted. */
	async untilSent(): Promise<void> {
		await Promise.all(this.sending);
	}

	/** Waits until no task and no execution is under way; returns the executions that still are when time runs out. */
	async untilQuiet(): Promise<StoredExecution[]> {
		for (const deadline = Date.now() + QUIET_WITHIN_MILLISECONDS; ; await sleep(1000)) {
			const tasks = await this.stage.simulator.tasks();
			const open = (await this.stage.database.executions()).filter(
				({ status }) => !ENDED.includes(status),
			);
			const running = tasks.filter(({ status }) => !['success', 'fail'].includes(status));
			if ((running.length === 0 && open.length === 0) || Date.now() > deadline) return open;
		}
	}

	/**
	 * What the documentation tells to do when HiAPI has refused the API key: n8n then pauses the polling trigger for half an hour,
	 * unless its workflow is published again.
	 */
	async publishPausedTrigger(): Promise<void> {
		const { n8n, database, workflows } = this.stage;
		const { id } = workflows.pollingTrigger;
		const refused = (await database.executions()).some(
			({ workflowId, data }) => workflowId === id && data?.includes('did not accept the API key'),
		);
		if (!refused) return;
		this.tell('publishing the polling trigger again');
		await n8n.unpublish(id);
		await n8n.publish(await n8n.getWorkflow(id));
	}

	/** Waits until the polling trigger has brought every task, for some rounds of it. */
	async untilPolled(): Promise<void> {
		const { id } = this.stage.workflows.pollingTrigger;
		for (const deadline = Date.now() + POLLED_WITHIN_MILLISECONDS; ; await sleep(2000)) {
			const executions = await this.stage.database.executions();
			const texts = executions.filter(({ workflowId }) => workflowId === id);
			const missing = (await this.stage.simulator.tasks()).filter(
				({ taskId }) => !texts.some(({ data }) => data?.includes(taskId)),
			);
			if (missing.length === 0 || Date.now() > deadline) return;
		}
	}

	/**
	 * What README tells to do after a crash: orders with keys are sent again until they are delivered, executions of the others are
	 * retried from the executions list.
	 */
	async comeBack(): Promise<void> {
		for (let round = 1; round <= RETURNS; round += 1) {
			const executions = await this.stage.database.executions();
			const missing = await this.undelivered(executions);
			const failed = round === 1 ? this.failed(executions) : [];
			if (missing.length + failed.length === 0) return;
			this.tell(`coming back for ${missing.length} orders and ${failed.length} executions`);
			for (const order of missing) await this.send([order]);
			for (const { id } of failed) await this.retry(id);
			await this.untilQuiet();
		}
	}

	/** n8n 2.41 never answers when it has given up the execution to be retried. */
	private async retry(id: string): Promise<void> {
		const giveUp = new AbortController();
		const retried = this.stage.n8n.retryExecution(id).catch((error: Error) => error.message);
		const late = sleep(RETRIED_WITHIN_MILLISECONDS, 'no answer', { signal: giveUp.signal }).catch(
			() => undefined,
		);
		const words = await Promise.race([retried, late]);
		giveUp.abort();
		if (Number.isNaN(Number(words))) this.tell(`execution ${id} was not retried: ${words}`);
	}

	/** Orders with keys whose task no execution has delivered, nor said that it failed. */
	private async undelivered(executions: StoredExecution[]): Promise<Order[]> {
		const own = executions.filter(({ workflowId }) => workflowId === this.stage.workflows.keyed.id);
		const delivered = new Set(
			own.flatMap(({ data }) =>
				itemsOf(readRunData(data ?? undefined), NEXT).map(({ json }) => json.reference),
			),
		);
		const told = (await this.stage.simulator.tasks()).filter(
			({ taskId, status }) => status === 'fail' && own.some(({ data }) => data?.includes(taskId)),
		);
		return this.orders.filter(
			({ id, way }) =>
				way === 'keyed' &&
				!delivered.has(id) &&
				!told.some(({ requestBody }) => requestBody.input?.prompt?.includes(id)),
		);
	}

	private failed(executions: StoredExecution[]): StoredExecution[] {
		const { polled, suspended, created } = this.stage.workflows;
		const ids = [polled.id, suspended.id, created.id];
		return executions.filter(
			({ workflowId, status }) => ids.includes(workflowId) && ['error', 'crashed'].includes(status),
		);
	}

	private async send(orders: Order[]): Promise<void> {
		const words = this.stage.secrets['a prompt'];
		for (const { id, plan } of orders)
			await this.stage.simulator
				.control('POST', '/plans', { plan, match: { prompt: id } })
				// its task then takes the usual course
				.catch(() => undefined);
		const body = JSON.stringify({
			orders: orders.map(({ id }) => ({ id, prompt: `${words} for ${id}` })),
		});
		const url = `${this.stage.address}/webhook/${pathOf(orders[0].way)}`;
		for (const deadline = Date.now() + PATIENCE_MILLISECONDS; ; await sleep(1000)) {
			const reply = await fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json', connection: 'close' },
				body,
			}).catch(() => undefined);
			if (reply?.ok) return;
			if (Date.now() > deadline) throw new Error(`n8n did not accept ${orders[0].id}`);
		}
	}
}
