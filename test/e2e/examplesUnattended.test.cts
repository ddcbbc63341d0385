import { hasEnded, type Execution, type Workflow } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { buy, pollTimes, untilPolled } from './pollingTriggerLab.cts';
import { lacks } from './support/abilities.cts';
import {
	addRows,
	changeRow,
	publisher,
	removeTable,
	rowsOf,
	shippedExample,
} from './support/exampleWorkflows.cts';
import { useLab } from './support/lab.cts';
import { listenerOf, settledExecutions } from './support/triggerLab.cts';
import { until } from './support/until.cts';

const lab = useLab();
const publish = publisher(lab);

type Json = Record<string, unknown>;

const failure = {
	outcome: 'fail',
	error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
} as const;
const taskOf = (prompt: string) =>
	lab.simulator.tasks.find((task) => task.prompt.includes(prompt))!;
const executionsOf = async (workflow: Workflow) =>
	await settledExecutions(lab, { workflow, url: '', testUrl: '' });

describe('scheduled-batch', () => {
	const TABLE = 'HiAPI pictures to make';
	afterEach(async () => await removeTable(lab, TABLE));

	/** The imported example, its table made as its note says. */
	async function setUp(changes: Record<string, Json> = {}): Promise<Workflow> {
		const workflow = await lab.n8n.createWorkflow(shippedExample(lab, 'scheduled-batch', changes));
		const execution = await lab.n8n.untilExecution(
			await lab.n8n.runManually(workflow, 'Make the table'),
		);
		expect(execution.status).toBe('success');
		return workflow;
	}
	const scheduledRun = async (workflow: Workflow): Promise<Execution> =>
		await lab.n8n.untilExecution(await lab.n8n.runManually(workflow, 'Every hour'), hasEnded);
	const row = async (prompt: string) =>
		(await rowsOf(lab, TABLE)).find((one) => String(one.prompt).includes(prompt))!;

	lab.testWhere(
		'tablesMadeByNodes',
		'the schedule buys each row once, however often it comes',
		async () => {
			const workflow = await setUp({
				'Every hour': { rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] } },
			});
			await publish(workflow);
			const scheduled = async () =>
				(await executionsOf(workflow)).filter(({ mode }) => mode === 'trigger');
			await until(async () => (await scheduled()).length >= 3);
			await lab.n8n.unpublish(workflow.id);
			const executions = await scheduled();
			expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'success'));
			expect(lab.simulator.purchases).toBe(2);
			const rows = await rowsOf(lab, TABLE);
			expect(rows).toHaveLength(2);
			for (const one of rows) {
				const { taskId } = taskOf(String(one.prompt));
				expect(one).toMatchObject({
					status: 'done',
					taskId,
					url: `${lab.simulator.origin}/files/tasks/${taskId}/0.png`,
				});
			}
		},
	);

	lab.testWhere('tablesMadeByNodes', 'the set-up adds its rows once', async () => {
		const workflow = await setUp();
		expect(
			(await lab.n8n.untilExecution(await lab.n8n.runManually(workflow, 'Make the table'))).status,
		).toBe('success');
		expect(await rowsOf(lab, TABLE)).toHaveLength(2);
	});

	lab.testWhere(
		'tablesMadeByNodes',
		'a run that broke off is made up for without buying again',
		async () => {
			const workflow = await setUp();
			lab.simulator.plan({ outcome: 'stuck' }, { times: 2 });
			const broken = await lab.n8n.runManually(workflow, 'Every hour');
			await until(() => lab.simulator.purchases === 2);
			await lab.n8n.stopExecution(broken);
			await lab.n8n.untilExecution(broken);
			expect((await rowsOf(lab, TABLE)).map(({ status }) => status)).toEqual([null, null]);
			lab.simulator.tasks.forEach(({ taskId }) => lab.simulator.finish(taskId));
			const execution = await scheduledRun(workflow);
			expect(itemsOf(execution.data, 'Make pictures').map(({ json }) => json.replayed)).toEqual([
				true,
				true,
			]);
			expect((await rowsOf(lab, TABLE)).map(({ status }) => status)).toEqual(['done', 'done']);
			expect(lab.simulator.purchases).toBe(2);
		},
	);

	lab.testWhere(
		'tablesMadeByNodes',
		'a task that failed is noted with its reason, its neighbour is done',
		async () => {
			lab.simulator.plan(failure, { prompt: /red kite/ });
			const execution = await scheduledRun(await setUp());
			expect(execution.status).toBe('success');
			if (!lacks('detailedFailures'))
				expect(itemsOf(execution.data, 'Make pictures', 1)).toHaveLength(1);
			expect(await row('red kite')).toMatchObject({
				status: 'failed',
				taskId: taskOf('red kite').taskId,
				note: expect.stringContaining(failure.error.message),
			});
			expect(await row('blue kite')).toMatchObject({ status: 'done' });
		},
	);

	lab.testWhere(
		'detailedFailures',
		'a failed picture is made again when its prompt is changed and its status emptied',
		async () => {
			lab.simulator.plan(failure, { prompt: /red kite/ });
			const workflow = await setUp();
			await scheduledRun(workflow);
			await scheduledRun(workflow);
			expect(lab.simulator.purchases).toBe(2);
			await changeRow(lab, TABLE, (await row('red kite')).id, {
				prompt: 'A green kite',
				status: '',
			});
			await scheduledRun(workflow);
			expect(await row('green kite')).toMatchObject({
				status: 'done',
				taskId: taskOf('green kite').taskId,
			});
			expect(lab.simulator.purchases).toBe(3);
		},
	);

	lab.testWhere(
		'tablesMadeByNodes',
		'what ran out of time is waited for in the same run and the next, and not bought again',
		async () => {
			lab.simulator.plan({ outcome: 'stuck' }, { prompt: /red kite/ });
			const sixSeconds = { options: { timeout: 0.1 } };
			const workflow = await setUp({ 'Make pictures': sixSeconds, 'Wait for them': sixSeconds });
			const first = await scheduledRun(workflow);
			const { taskId } = taskOf('red kite');
			for (const name of ['Make pictures', 'Wait for them']) {
				expect(itemsOf(first.data, name).map(({ json }) => json)).toContainEqual(
					expect.objectContaining({ taskId, timedOut: true }),
				);
			}
			expect(await row('red kite')).toMatchObject({ status: 'under way', taskId });
			expect(await row('blue kite')).toMatchObject({ status: 'done' });
			lab.simulator.finish(taskId);
			const second = await scheduledRun(workflow);
			expect(itemsOf(second.data, 'Make pictures')).toEqual([]);
			expect(itemsOf(second.data, 'Wait for them').map(({ json }) => json.status)).toEqual([
				'success',
			]);
			expect(await row('red kite')).toMatchObject({
				status: 'done',
				taskId,
				url: expect.stringContaining(taskId),
			});
			expect(lab.simulator.purchases).toBe(2);
		},
	);

	lab.testWhere(
		'tablesMadeByNodes',
		'a task that cannot be looked at stays under way; one that failed late is noted',
		async () => {
			const workflow = await setUp();
			await scheduledRun(workflow);
			const [late] = await buy(lab, 1);
			await addRows(lab, TABLE, [
				{ prompt: 'late', status: 'under way', taskId: late },
				{ prompt: 'lost', status: 'under way', taskId: 'tk-hiapi-00000000000000000000000000' },
			]);
			lab.simulator.finish(late, failure);
			const bought = lab.simulator.purchases;
			await scheduledRun(workflow);
			expect(await row('late')).toMatchObject({
				status: 'failed',
				taskId: late,
				note: expect.stringContaining(failure.error.message),
			});
			expect(await row('lost')).toMatchObject({
				status: 'under way',
				taskId: expect.stringContaining('tk-hiapi-0'),
				note: expect.any(String),
			});
			expect(lab.simulator.purchases).toBe(bought);
		},
	);

	lab.testWhere(
		'tablesMadeByNodes',
		'more rows than Maximum Tasks: nothing is bought, and the rows say why',
		async () => {
			const workflow = await setUp();
			await addRows(
				lab,
				TABLE,
				Array.from({ length: 19 }, (_, index) => ({ prompt: `kite number ${index}` })),
			);
			const execution = await scheduledRun(workflow);
			expect(execution.status).toBe('success');
			expect(lab.simulator.purchases).toBe(0);
			const rows = await rowsOf(lab, TABLE);
			expect(rows).toHaveLength(21);
			for (const one of rows)
				expect(one).toMatchObject({
					status: null,
					note: expect.stringContaining("'Maximum Tasks' allows 20"),
				});
		},
	);
});

describe('suspended-wait', () => {
	const start = async (changes: Record<string, Json> = {}) => {
		const workflow = await lab.n8n.createWorkflow(shippedExample(lab, 'suspended-wait', changes));
		const id = await lab.n8n.runManually(workflow, "When clicking 'Execute workflow'");
		expect(
			(await lab.n8n.untilExecution(id, (seen) => seen.status === 'waiting' || hasEnded(seen)))
				.status,
		).toBe('waiting');
		return { id, taskIds: lab.simulator.tasks.map(({ taskId }) => taskId) };
	};

	lab.testWhere(
		'detailedFailures',
		'files of what succeeded, and the reason of what failed',
		async () => {
			lab.simulator.plan({ seconds: 100_000 }, { times: 2 });
			const {
				id,
				taskIds: [first, second],
			} = await start();
			lab.simulator.finish(first, failure);
			lab.simulator.finish(second);
			const execution = await lab.n8n.untilExecution(id);
			expect(execution.status).toBe('success');
			expect(itemsOf(execution.data, 'Failed tasks').map(({ json }) => json)).toEqual([
				expect.objectContaining({ error: expect.stringContaining('upstream rejected the prompt') }),
			]);
			const [file] = itemsOf(execution.data, 'Download');
			expect(file).toMatchObject({
				json: { taskId: second },
				binary: { data: { mimeType: 'video/mp4' } },
			});
			expect(itemsOf(execution.data, 'Wait for them')).toEqual([]);
			expect(lab.simulator.purchases).toBe(2);
		},
	);

	lab.test(
		'what was not finished in time is waited for, and not bought again',
		async () => {
			lab.simulator.plan({ seconds: 100_000 }, { times: 2 });
			// three seconds, in which the suspension has to be seen
			const { id, taskIds } = await start({ HiAPI: { options: { suspensionLimit: 0.05 } } });
			const isBack = async () => (await lab.n8n.execution(id)).status === 'running';
			await until(isBack, 100_000);
			taskIds.forEach((taskId) => lab.simulator.finish(taskId));
			const execution = await lab.n8n.untilExecution(id);
			expect(execution.status).toBe('success');
			expect(
				itemsOf(execution.data, 'Wait for them').map(({ json, binary }) => [
					json.taskId,
					binary?.data.mimeType,
				]),
			).toEqual(['ocean', 'Rain'].map((word) => [taskOf(word).taskId, 'video/mp4']));
			expect(lab.simulator.purchases).toBe(2);
		},
		180_000,
	);
});

lab.testWhere(
	'tablesMadeByNodes',
	'sweeper-for-missed-callbacks: brings what no callback brought, and nothing twice',
	async () => {
		const workflow = await lab.n8n.createWorkflow(
			shippedExample(lab, 'sweeper-for-missed-callbacks', {
				'HiAPI Polling Trigger': { pollTimes: pollTimes(3) },
			}),
		);
		const setUp = await lab.n8n.untilExecution(await lab.n8n.runManually(workflow, 'Set up once'));
		expect(setUp.status).toBe('success');
		await publish(workflow);
		const callback = listenerOf(lab, workflow);
		const [called] = await buy(lab, 1, undefined, { url: callback.url });
		const [missed, failed] = await buy(lab, 2, undefined, { url: callback.url });
		await untilPolled(lab, 1);
		for (const taskId of [missed, failed]) {
			lab.simulator.finish(taskId, {
				switches: { callbackDropped: true },
				...(taskId === failed && { outcome: 'fail' }),
			});
		}
		lab.simulator.finish(called);
		const executions = async () => await executionsOf(workflow);
		const remembered = async () =>
			(await executions())
				.flatMap(({ data }) => [
					...itemsOf(data, 'Remember task'),
					...itemsOf(data, 'Remember task', 0, 1),
				])
				.map(({ json }) => [json.taskId, json.status, json.broughtBy]);
		const deadline = Date.now() + 60_000;
		while ((await remembered()).length < 3 && Date.now() < deadline) await untilPolled(lab, 1);
		await untilPolled(lab, 2);
		const rows = await remembered();
		expect(rows.filter(([taskId]) => taskId !== called).sort()).toEqual(
			[
				[missed, 'success', 'sweep'],
				[failed, 'fail', 'sweep'],
			].sort(),
		);
		// where callback and sweep come in the same moment both get through, as the example's note says
		const ways = rows.filter(([taskId]) => taskId === called).map(([, , broughtBy]) => broughtBy);
		expect(ways.length).toBeGreaterThan(0);
		expect([...new Set(ways)]).toHaveLength(ways.length);
		expect((await executions()).filter(({ mode }) => mode === 'webhook')).toHaveLength(1);
		const downloaded = (await executions()).flatMap(({ data }) => itemsOf(data, 'Download file'));
		expect(downloaded.map(({ binary }) => binary?.data.mimeType)).toEqual(
			[missed, ...ways].map(() => 'image/png'),
		);
		const table = await rowsOf(lab, 'HiAPI finished tasks');
		expect(table.map(({ taskId }) => taskId).sort()).toEqual([called, missed, failed].sort());
	},
);
