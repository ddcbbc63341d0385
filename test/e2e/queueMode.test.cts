import { randomUUID } from 'node:crypto';

import { hasEnded, type ExecutionSummary } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import {
	expectLimitExplained,
	expectPictureInDatabase,
	FILE_LIMIT,
} from './support/databaseFiles.cts';
import { describeInQueueMode } from './support/queueLab.cts';
import { onceSuspended } from './support/suspensionLab.cts';
import {
	arrivals,
	callback,
	listen,
	post,
	signature,
	taskIdOf,
	untilArrived,
	type Listener,
} from './support/triggerLab.cts';
import { until } from './support/until.cts';
import { hiApiNode, NEXT, runAndWait, webhookWorkflowOf } from './support/workflows.cts';

const env = { ...FILE_LIMIT, OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true' };

// One file, as its six processes take half a minute to come up.
describeInQueueMode('queue mode', env, (queue) => {
	const { lab } = queue;

	describe('HiAPI Trigger', () => {
		const onMain = (listener: Listener) => listener.url;
		const onProcessor = (listener: Listener) =>
			listener.url.replace(lab.server.address, queue.processorAddress());
		const send = async (url: string, body: string) => await post(url, body, signature(lab, body));

		lab.test(
			'a callback to main and one to the processor each run once, in the worker',
			async () => {
				const listener = await listen(lab, { options: { reRead: true } });
				const bodies = [callback(), callback()];
				expect((await send(onMain(listener), bodies[0])).status).toBe(200);
				expect((await send(onProcessor(listener), bodies[1])).status).toBe(200);
				const { taskIds, executions } = await untilArrived(lab, listener, 2);
				expect(new Set(taskIds)).toEqual(new Set(bodies.map(taskIdOf)));
				for (const { id } of executions)
					expect(queue.workerLog()).toMatch(new RegExp(`execution ${id}\\b`));
				// Only execute() re-reads, and says so in the log of its process: these tasks nobody bought.
				expect(queue.workerLog()).toContain(`${taskIds[0]} could not be re-read`);
			},
		);

		lab.test('forgeries are refused by both and leave no execution', async () => {
			const listener = await listen(lab);
			for (const url of [onMain(listener), onProcessor(listener)]) {
				const body = callback();
				expect((await post(url, body, signature(lab, body, 'somebody else’s secret'))).status).toBe(
					401,
				);
				expect((await post(url, body, { 'content-type': 'application/json' })).status).toBe(401);
			}
			expect((await arrivals(lab, listener)).executions).toEqual([]);
		});

		lab.test('twenty copies at once to one process are one execution', async () => {
			for (const place of [onMain, onProcessor]) {
				const listener = await listen(lab);
				const body = callback();
				const answers = await Promise.all(
					Array.from({ length: 20 }, async () => await send(place(listener), body)),
				);
				expect(answers.every(({ status }) => status === 200)).toBe(true);
				expect((await untilArrived(lab, listener, 1)).executions).toHaveLength(1);
			}
		});

		lab.test(
			'copies that go to main and to the processor one after another: the next node runs once',
			async () => {
				const listener = await listen(lab);
				const body = callback();
				for (const place of [onMain, onProcessor, onMain, onProcessor]) {
					expect((await send(place(listener), body)).status).toBe(200);
					await untilArrived(lab, listener, 1);
				}
			},
		);

		lab.test(
			'copies to both at the same moment, with one worker: the next node runs once',
			async () => {
				const listener = await listen(lab);
				const body = callback();
				await Promise.all(
					Array.from(
						{ length: 20 },
						async (_, copy) => await send((copy % 2 === 0 ? onMain : onProcessor)(listener), body),
					),
				);
				const { executions } = await untilArrived(lab, listener, 1);
				expect(executions.length).toBeLessThanOrEqual(2);
			},
		);

		lab.test(
			'fifty different tasks at once are all remembered over a restart of everything',
			async () => {
				const listener = await listen(lab);
				const bodies = Array.from({ length: 50 }, () => callback());
				for (let first = 0; first < bodies.length; first += 10) {
					await Promise.all(
						bodies
							.slice(first, first + 10)
							.map(
								async (body, index) =>
									await send((index % 2 === 0 ? onMain : onProcessor)(listener), body),
							),
					);
				}
				await untilArrived(lab, listener, 50);
				await queue.restartAll();
				for (const body of bodies.slice(0, 10))
					expect((await send(onMain(listener), body)).status).toBe(200);
				const fresh = callback();
				await send(onProcessor(listener), fresh);
				const { taskIds } = await untilArrived(lab, listener, 51);
				expect(taskIds.at(-1)).toBe(taskIdOf(fresh));
			},
			240_000,
		);
	});

	describe('Run and Wait, suspended', () => {
		beforeEach(() => lab.simulator.plan({ seconds: 100_000 }, { times: 100 }));

		/** Starts one production execution that waits for two tasks; returns its id once it is suspended. */
		async function suspend(): Promise<string> {
			const path = randomUUID();
			const hiApi = hiApiNode(
				lab.credential,
				runAndWait('={{ $json.prompt }}', { grace: 0 }, { waitBy: 'callback' }),
			);
			const workflow = webhookWorkflowOf(hiApi, path);
			const split = {
				name: 'Split',
				type: 'n8n-nodes-base.splitOut',
				typeVersion: 1,
				position: [0, 0] as [number, number],
				parameters: {
					fieldToSplitOut: 'body.prompts',
					options: { destinationFieldName: 'prompt' },
				},
			};
			workflow.nodes.push(split);
			const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
			workflow.connections = { Start: to('Split'), Split: to(hiApi.name), [hiApi.name]: to(NEXT) };
			const { id: workflowId } = await lab.publish(workflow);
			await post(
				`${lab.server.address}/webhook/${path}`,
				JSON.stringify({ prompts: ['p0', 'p1'] }),
				{ 'content-type': 'application/json' },
			);
			return await onceSuspended(lab, workflowId);
		}

		const taskOf = (prompt: string) => lab.simulator.tasks.find((task) => task.prompt === prompt)!;

		async function expectBoth(id: string): Promise<void> {
			const execution = await lab.n8n.untilExecution(
				id,
				(seen: ExecutionSummary) => hasEnded(seen),
				30_000,
			);
			expect(execution.status).toBe('success');
			expect(itemsOf(execution.data, NEXT).map(({ json }) => json.taskId)).toEqual(
				['p0', 'p1'].map((prompt) => taskOf(prompt).taskId),
			);
			expect(lab.simulator.purchases).toBe(2);
		}

		lab.test('callbacks to main resume it in the worker', async () => {
			const id = await suspend();
			for (const prompt of ['p1', 'p0']) lab.simulator.finish(taskOf(prompt).taskId);
			await expectBoth(id);
		});

		lab.test('a callback to the webhook processor resumes it, on another worker', async () => {
			const id = await suspend();
			await queue.replaceWorker();
			lab.simulator.switches.callbackDropped = true;
			for (const prompt of ['p0', 'p1']) lab.simulator.finish(taskOf(prompt).taskId);
			const { taskId, callbackUrl } = taskOf('p1');
			const body = JSON.stringify({ taskId, model: 'm', status: 'success', output: [] });
			const url = String(callbackUrl).replace(lab.server.address, queue.processorAddress());
			expect(
				(await post(url, body, { 'content-type': 'application/json', ...signature(lab, body) }))
					.status,
			).toBe(200);
			await expectBoth(id);
		});

		lab.test(
			'callbacks to main and to the processor at the same moment resume it once',
			async () => {
				const id = await suspend();
				lab.simulator.switches.callbackDropped = true;
				for (const prompt of ['p0', 'p1']) lab.simulator.finish(taskOf(prompt).taskId);
				const answers = await Promise.all(
					Array.from({ length: 10 }, async (_, copy) => {
						const { taskId, callbackUrl } = taskOf(`p${copy % 2}`);
						const body = JSON.stringify({ taskId, model: 'm', status: 'success', output: [] });
						const url =
							copy < 5
								? String(callbackUrl)
								: String(callbackUrl).replace(lab.server.address, queue.processorAddress());
						return await post(url, body, {
							'content-type': 'application/json',
							...signature(lab, body),
						});
					}),
				);
				expect(answers.some(({ status }) => status === 200)).toBe(true);
				await expectBoth(id);
			},
		);
	});

	describe('Run and Wait, polling', () => {
		lab.testWhere(
			'identityOfRetries',
			'a worker is killed while it waits: Retry finds the task that was bought',
			async () => {
				lab.simulator.plan({ seconds: 100 });
				const path = randomUUID();
				const { id: workflowId } = await lab.publish(
					webhookWorkflowOf(hiApiNode(lab.credential, runAndWait('a kite')), path),
				);
				const id = await lab.startByWebhook(workflowId, path);
				await until(() => lab.simulator.purchases === 1);
				await queue.replaceWorker();
				const lost = await lab.n8n.untilExecution(id, hasEnded, 60_000);
				expect(lost.status).toBe('crashed');
				lab.simulator.advance(200);
				const retried = await lab.n8n.untilExecution(await lab.n8n.retryExecution(id));
				expect(itemsOf(retried.data, NEXT)[0].json).toMatchObject({
					taskId: lab.simulator.tasks[0].taskId,
					status: 'success',
					replayed: true,
				});
				expect(lab.simulator.purchases).toBe(1);
			},
			120_000,
		);
	});

	// the standard in queue mode
	describe('files in the database', () => {
		lab.testWhere(
			'filesInDatabase',
			'the worker downloads a picture, which is kept in the database with its type and all its bytes',
			async () => {
				const id = await expectPictureInDatabase(lab);
				expect(queue.workerLog()).toMatch(new RegExp(`execution ${id}\\b`));
			},
		);

		lab.testWhere(
			'settableFileLimit',
			"a file beyond the database's limit does not cost the task, and the limit is explained",
			async () => await expectLimitExplained(lab),
		);
	});
});
