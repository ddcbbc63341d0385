import { setTimeout as sleep } from 'node:timers/promises';

import { itemsOf } from '../../scripts/n8n/runData.cts';
import { runCommand } from './support/commandLine.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';
import {
	HIAPI,
	hiApiNode,
	MODEL,
	NEXT,
	node,
	runAndWait,
	workflowOf,
} from './support/workflows.cts';

const lab = useLab();

type Json = Record<string, unknown>;

const waitFor = (
	prompt: string,
	options: Json = {},
	more: Json = {},
	items?: Json[],
	settings: Json = {},
) => workflowOf(hiApiNode(lab.credential, runAndWait(prompt, options, more)), items, settings);

/** Seconds as the node's option Timeout wants them. */
const seconds = (count: number) => count / 60;

describe('Run and Wait', () => {
	lab.test('puts out each result in order, as a file that can be downloaded', async () => {
		lab.simulator.plan({ seconds: 2 }, { prompt: 'slow' });
		const workflow = waitFor('={{ $json.prompt }}', {}, {}, [
			{ prompt: 'slow' },
			{ prompt: 'quick' },
		]);
		const download = node(
			NEXT,
			'n8n-nodes-base.httpRequest',
			{
				url: '={{ $json.url }}',
				options: { response: { response: { responseFormat: 'file' } } },
			},
			{ typeVersion: 4.2 },
		);
		workflow.nodes = workflow.nodes.map((one) => (one.name === NEXT ? download : one));
		const execution = await lab.run(workflow);
		expect(execution.status).toBe('success');
		expect(itemsOf(execution.data, HIAPI).map(({ json }) => json)).toEqual(
			lab.simulator.tasks
				.toSorted((a, b) => (a.prompt === 'slow' ? -1 : b.prompt === 'slow' ? 1 : 0))
				.map(({ taskId }) =>
					expect.objectContaining({
						taskId,
						model: MODEL,
						status: 'success',
						completedAt: expect.stringMatching(/Z$/),
					}),
				),
		);
		const files = await Promise.all(
			itemsOf(execution.data, NEXT).map(
				async ({ binary }) => await lab.n8n.binaryContent(binary!.data),
			),
		);
		for (const file of files) expect(file.subarray(1, 4).toString()).toBe('PNG');
		expect(lab.simulator.purchases).toBe(2);
	});

	lab.test('fails with the reason, the task and its code when the task fails', async () => {
		lab.simulator.plan({
			outcome: 'fail',
			error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
		});
		const execution = await lab.run(waitFor('a kite'));
		expect(execution.status).toBe('error');
		const { message, description } = execution.data.resultData.error!;
		expect(message).toContain('upstream rejected the prompt');
		expect(description).toContain(lab.simulator.tasks[0].taskId);
		expect(description).toContain('TASK_FAILED');
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test('fails when time runs out, and says that the task goes on and is billed', async () => {
		lab.simulator.plan({ outcome: 'stuck' });
		const execution = await lab.run(waitFor('a kite', { timeout: seconds(2) }));
		expect(execution.status).toBe('error');
		const { message, description } = execution.data.resultData.error!;
		expect(message).toContain(lab.simulator.tasks[0].taskId);
		expect(description).toMatch(/goes on/);
		expect(description).toMatch(/bills/);
	});

	lab.test('puts out the unfinished task when time runs out, if that was chosen', async () => {
		lab.simulator.plan({ outcome: 'stuck' });
		const execution = await lab.run(
			waitFor('a kite', { timeout: seconds(2), onTimeout: 'output' }),
		);
		expect(execution.status).toBe('success');
		expect(itemsOf(execution.data, NEXT).map(({ json }) => json)).toEqual([
			expect.objectContaining({
				taskId: lab.simulator.tasks[0].taskId,
				status: 'handling',
				timedOut: true,
			}),
		]);
	});

	lab.test('ends when the execution is stopped, and asks HiAPI nothing any more', async () => {
		lab.simulator.plan({ outcome: 'stuck' });
		const id = await lab.start(waitFor('a kite'));
		const reads = () =>
			lab.simulator.requests.filter(
				({ method, pathname }) => method === 'GET' && pathname.includes('/tasks'),
			);
		await until(() => reads().length >= 1);
		await lab.n8n.stopExecution(id);
		const execution = await lab.n8n.untilExecution(id);
		expect(execution.status).toBe('canceled');
		// n8n shows the execution as ended at once; that the node itself has ended, too, is in the log
		await until(() => lab.log().includes(lab.simulator.tasks[0].taskId));
		const readsAtStop = reads().length;
		await sleep(4_000);
		expect(reads()).toHaveLength(readsAtStop);
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test("ends when the workflow's own time-out comes", async () => {
		lab.simulator.plan({ outcome: 'stuck' });
		const execution = await lab.run(waitFor('a kite', {}, {}, [{}], { executionTimeout: 2 }));
		expect(execution.status).toBe('canceled');
		await until(() => lab.log().includes(lab.simulator.tasks[0].taskId));
		const readsAtEnd = lab.simulator.requests.length;
		await sleep(3_000);
		expect(lab.simulator.requests.length).toBe(readsAtEnd);
	});

	lab.test(
		'goes on through a rate limit, server errors and lost connections while it waits',
		async () => {
			lab.simulator.plan({ seconds: 4 });
			const path = '/v1/tasks/*';
			lab.simulator.fault({
				method: 'GET',
				path,
				action: { type: 'status', status: 429, retryAfter: 1 },
			});
			lab.simulator.fault({
				method: 'GET',
				path,
				action: { type: 'status', status: 502, format: 'html' },
			});
			lab.simulator.fault({ method: 'GET', path, action: { type: 'drop' } });
			const execution = await lab.run(waitFor('a kite'));
			expect(execution.status).toBe('success');
			expect(lab.simulator.purchases).toBe(1);
		},
	);
});

describe("on n8n's command line", () => {
	lab.test('polls, although a callback is preferred, and the command ends by itself', async () => {
		const { id } = await lab.n8n.createWorkflow(
			waitFor('a kite', {}, { waitBy: 'callbackIfPossible' }),
		);
		const { code, output } = await runCommand(lab, ['execute', `--id=${id}`, '--rawOutput']);
		expect(code).toBe(0);
		expect(output).toContain('"status": "success"');
		expect(output).toContain(lab.simulator.tasks[0].taskId);
		expect(lab.simulator.tasks[0].callbackUrl).toBeUndefined();
		expect(lab.simulator.purchases).toBe(1);
	});
});
