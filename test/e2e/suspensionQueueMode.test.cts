import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { hasEnded, type ExecutionSummary } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { Lab } from './support/lab.cts';
import { startQueueProcess, type QueueProcess } from './support/queueProcess.cts';
import {
	findQueuePrograms,
	startQueueServices,
	type QueueServices,
} from './support/queueServices.cts';
import { post, signature } from './support/triggerLab.cts';
import { hiApiNode, NEXT, runAndWait, webhookWorkflowOf } from './support/workflows.cts';

const found = findQueuePrograms();

if ('missing' in found) {
	test.skip(`queue mode: ${found.missing}`, () => undefined);
} else {
	describe('suspended in queue mode: main, webhook processor and worker on Redis and PostgreSQL', () => {
		const lab = new Lab();
		let services: QueueServices;
		let worker: QueueProcess;
		let processor: QueueProcess;

		// The worker makes up the resume URL, so it has to know where n8n is called.
		const addressed = () => ({ ...services.env, N8N_WEBHOOK_URL: `${lab.server.address}/` });
		const startWorker = async () =>
			await startQueueProcess('worker', lab.server.userFolder, addressed());

		beforeAll(async () => {
			services = await startQueueServices(found.programs);
			await lab.open({ env: services.env });
			[worker, processor] = await Promise.all([
				startWorker(),
				startQueueProcess('webhook', lab.server.userFolder, addressed()),
			]);
		}, 20 * 60_000);
		beforeEach(() => {
			lab.simulator.reset();
			lab.simulator.plan({ seconds: 100_000 }, { times: 100 });
		});
		afterAll(async () => {
			await worker?.kill();
			await processor?.kill();
			await lab.close();
			await services?.stop();
		}, 60_000);

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
			for (const deadline = Date.now() + 20_000; ; await sleep(100)) {
				const [execution] = await lab.n8n.executions(workflowId);
				if (execution?.status === 'waiting') return execution.id;
				if (execution !== undefined && hasEnded(execution))
					throw new Error(`It ended as ${execution.status}.`);
				if (Date.now() > deadline) throw new Error('It was not suspended.');
			}
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

		lab.test(
			'a callback to the webhook processor resumes it, on another worker',
			async () => {
				const id = await suspend();
				await worker.kill();
				worker = await startWorker();
				lab.simulator.switches.callbackDropped = true;
				for (const prompt of ['p0', 'p1']) lab.simulator.finish(taskOf(prompt).taskId);
				const { taskId, callbackUrl } = taskOf('p1');
				const body = JSON.stringify({ taskId, model: 'm', status: 'success', output: [] });
				const url = String(callbackUrl).replace(lab.server.address, processor.address);
				expect(
					(await post(url, body, { 'content-type': 'application/json', ...signature(lab, body) }))
						.status,
				).toBe(200);
				await expectBoth(id);
			},
			120_000,
		);

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
								: String(callbackUrl).replace(lab.server.address, processor.address);
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
}
