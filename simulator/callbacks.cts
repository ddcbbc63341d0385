import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { switchesFor, type Core } from './core.cts';
import { signCallback } from './signedCallback.cts';
import type { CallbackSignature, Switches } from './switches.cts';
import { taskView } from './taskView.cts';
import type { SimulatedTask } from './tasks.cts';

/** One callback request that was sent. */
export interface Delivery {
	taskId: string;
	/** 1 for the first try. */
	attempt: number;
	url: string;
	/** Real time it was sent, Unix milliseconds. */
	at: number;
	headers: Record<string, string>;
	rawBody: Buffer;
	/** The receiver's status; absent while open and when there was none. */
	status?: number;
	/** Why there was no answer. */
	error?: string;
	/** Real milliseconds until the answer or the error. */
	milliseconds?: number;
}

interface Composed {
	body: Buffer;
	headers: Record<string, string>;
}

function spoilSignature(how: CallbackSignature, { body, headers }: Composed): Composed {
	const signature = headers['x-hiapi-signature'];
	if (how === 'prefixed') headers['x-hiapi-signature'] = `sha256=${signature}`;
	if (how === 'short') headers['x-hiapi-signature'] = signature.slice(0, 40);
	if (how === 'noSignature') delete headers['x-hiapi-signature'];
	if (how === 'noTimestamp') delete headers['x-hiapi-timestamp'];
	if (how === 'oddTimestamp') headers['x-hiapi-timestamp'] = 'yesterday';
	return { body: how === 'tampered' ? Buffer.concat([body, Buffer.from(' ')]) : body, headers };
}

/** Sends the callbacks: once a task has ended, up to four tries (hiapi-api-examples README), never following redirects. */
export class Callbacks {
	readonly deliveries: Delivery[] = [];
	private readonly planned = new Map<string, () => void>();
	private readonly begun = new Set<string>();
	private readonly open = new Set<ClientRequest>();
	/** Grows with each reset: what was under way before does not go on. */
	private generation = 0;

	constructor(private readonly core: Core) {}

	/** Plans a new task's callback; with `callbackBeforeCreateAnswer` ends the task and delivers before it returns. */
	async follow(task: SimulatedTask): Promise<void> {
		if (!task.callbackUrl) return;
		if (!switchesFor(this.core, task).callbackBeforeCreateAnswer) return this.replan(task);
		task.endsAt = this.core.clock.now();
		await this.attempt(task, 0, this.core.clock.now());
	}

	/** Plans the first try for the moment the task ends, again after that moment has changed. */
	replan(task: SimulatedTask): void {
		this.planned.get(task.taskId)?.();
		this.planned.delete(task.taskId);
		if (!task.callbackUrl || task.endsAt === Infinity) return;
		if (this.begun.has(task.taskId)) return;
		this.plan(task, 0, task.endsAt, task.endsAt);
	}

	/** Goes on where an earlier process ended; `last`: its last finished try, with the moment of the first one. */
	resume(
		task: SimulatedTask,
		last: { attempt: number; acknowledged: boolean; firstAt: number } | undefined,
	): void {
		if (last === undefined) return this.replan(task);
		this.begun.add(task.taskId);
		if (!last.acknowledged) this.planNext(task, last.attempt, last.firstAt);
	}

	/** Forgets everything planned and under way. */
	clear(): void {
		this.generation += 1;
		for (const cancel of this.planned.values()) cancel();
		this.planned.clear();
		this.begun.clear();
		for (const request of this.open) request.destroy();
		this.open.clear();
		this.deliveries.length = 0;
	}

	private plan(task: SimulatedTask, attempt: number, moment: number, firstAt: number): void {
		const cancel = this.core.clock.at(moment, () => {
			this.planned.delete(task.taskId);
			void this.attempt(task, attempt, attempt === 0 ? this.core.clock.now() : firstAt);
		});
		this.planned.set(task.taskId, cancel);
	}

	private async attempt(task: SimulatedTask, attempt: number, firstAt: number): Promise<void> {
		const { generation } = this;
		this.begun.add(task.taskId);
		const switches = switchesFor(this.core, task);
		if (switches.callbackDropped) return;
		let acknowledged = false;
		for (let copy = 0; copy < Math.max(1, switches.callbackCopies); copy += 1) {
			const together = Array.from({ length: Math.max(1, switches.callbackConcurrency) }, () =>
				this.send(task, attempt + 1, switches),
			);
			if ((await Promise.all(together)).includes(true)) acknowledged = true;
			if (generation !== this.generation) return;
		}
		this.core.journal?.tried(task.taskId, attempt, acknowledged, firstAt);
		if (!acknowledged) this.planNext(task, attempt, firstAt);
	}

	private planNext(task: SimulatedTask, attempt: number, firstAt: number): void {
		const { callbackAttempts, callbackSchedule } = switchesFor(this.core, task);
		const wait = callbackAttempts[attempt + 1];
		if (wait === undefined) return;
		const from = callbackSchedule === 'gaps' ? this.core.clock.now() : firstAt;
		this.plan(task, attempt + 1, from + wait * 1000, firstAt);
	}

	/** The body and headers of one try; signed anew each time. */
	private compose(task: SimulatedTask, switches: Switches): Composed {
		const { core } = this;
		const view = taskView(core, task, core.clock.now());
		if (!switches.callbackIncludesStorage) delete view.storage;
		const payload = switches.callbackWrapped ? { code: 200, message: 'success', data: view } : view;
		const rawBody = Buffer.from(JSON.stringify(payload));
		const unsigned = { body: rawBody, headers: { 'content-type': 'application/json' } };
		const secret = switches.callbackSecret ?? core.webhookSecret;
		if (secret === '' || switches.callbackSignature === 'none') return unsigned;
		const clockSeconds =
			switches.callbackTimestampClock === 'real'
				? Math.floor(Date.now() / 1000)
				: core.clock.seconds();
		const timestamp = clockSeconds + switches.callbackTimestampOffsetSeconds;
		const key = switches.callbackSignature === 'wrong' ? `not ${secret}` : secret;
		const { body, headers } = signCallback(key, rawBody, timestamp);
		return spoilSignature(switches.callbackSignature, { body, headers: { ...headers } });
	}

	/** Sends one request; true when the receiver answered 2xx in time. Never rejects. */
	private send(task: SimulatedTask, attempt: number, switches: Switches): Promise<boolean> {
		const { body, headers } = this.compose(task, switches);
		const url = task.callbackUrl!;
		const delivery: Delivery = {
			taskId: task.taskId,
			attempt,
			url,
			at: Date.now(),
			headers,
			rawBody: body,
		};
		this.deliveries.push(delivery);
		return new Promise((resolve) => {
			const end = (outcome: { status?: number; error?: string }) => {
				clearTimeout(timer);
				this.open.delete(request);
				Object.assign(delivery, outcome, { milliseconds: Date.now() - delivery.at });
				resolve(outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300);
			};
			const send = url.toLowerCase().startsWith('https:') ? httpsRequest : httpRequest;
			const request = send(url, {
				method: 'POST',
				agent: false,
				headers: {
					...headers,
					'content-length': String(body.length),
					'user-agent': 'hiapi-simulator',
				},
			});
			const timer = setTimeout(
				() =>
					request.destroy(new Error(`no answer within ${switches.callbackTimeoutMilliseconds} ms`)),
				switches.callbackTimeoutMilliseconds,
			);
			timer.unref();
			this.open.add(request);
			request.on('response', (response) => {
				response.resume();
				end({ status: response.statusCode });
			});
			request.on('error', (error) => end({ error: error.message }));
			request.end(body);
		});
	}
}
