import { setTimeout as sleep } from 'node:timers/promises';

import { hasEnded } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { isAnswerOfN8n } from '../../nodes/HiApi/generation/suspend/reachability';
import { lacks } from './support/abilities.cts';
import { useLab } from './support/lab.cts';
import { bodyFor, isWaiting, prompts, suspensionTools } from './support/suspensionLab.cts';
import { post, signature } from './support/triggerLab.cts';
import { until } from './support/until.cts';
import { FAILED, HIAPI, NEXT, node, START, workflowOf } from './support/workflows.cts';

const lab = useLab();
const { jsonOf, keepRunning, requestsSince, statusesOf, suspending, taskOf, untilSuspended } =
	suspensionTools(lab);

const MINUTES = 60_000;

describe('Run and Wait by callback', () => {
	lab.test('one item: suspended, silent, and resumed with the result', async () => {
		keepRunning();
		const id = await untilSuspended(suspending(prompts(1)));
		const suspended = Date.now();
		await sleep(3_000);
		expect(requestsSince(suspended)).toEqual([]);
		lab.simulator.finish(taskOf('p0').taskId);
		const execution = await lab.n8n.untilExecution(id);
		expect(execution.status).toBe('success');
		expect(jsonOf(execution)).toEqual([
			expect.objectContaining({
				taskId: taskOf('p0').taskId,
				status: 'success',
				url: expect.stringMatching(/^http/),
				completedAt: expect.stringMatching(/Z$/),
			}),
		]);
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test('a quick task goes on at once, without being suspended', async () => {
		lab.simulator.plan({ seconds: 1 });
		const execution = await lab.run(suspending(prompts(1), { grace: 15 }));
		expect(execution.status).toBe('success');
		expect(jsonOf(execution)).toEqual([expect.objectContaining({ status: 'success' })]);
	});

	lab.test(
		'several items: callbacks in another order, copies of them, and results in the order of the items',
		async () => {
			keepRunning();
			lab.simulator.switches.callbackCopies = 2;
			const id = await untilSuspended(suspending(prompts(5)));
			for (const index of [3, 0, 4, 2]) {
				lab.simulator.finish(taskOf(`p${index}`).taskId);
				await until(() =>
					lab.simulator.deliveries.some(({ taskId }) => taskId === taskOf(`p${index}`).taskId),
				);
			}
			await until(() => statusesOf().filter((status) => status !== undefined).length === 8);
			expect((await lab.n8n.execution(id)).status).toBe('waiting');
			expect(statusesOf()).toEqual(Array(8).fill(200));
			lab.simulator.finish(taskOf('p1').taskId);
			const execution = await lab.n8n.untilExecution(id);
			expect(jsonOf(execution).map(({ taskId }) => taskId)).toEqual(
				prompts(5).map(({ prompt }) => taskOf(String(prompt)).taskId),
			);
			expect(itemsOf(execution.data, NEXT).map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2, 3, 4].map((item) => ({ item })),
			);
			expect(lab.simulator.purchases).toBe(5);
		},
	);

	lab.test(
		'fifty items whose callbacks come at the same moment',
		async () => {
			keepRunning();
			const id = await untilSuspended(suspending(prompts(50), { concurrency: 20 }));
			for (const { taskId } of [...lab.simulator.tasks]) lab.simulator.finish(taskId);
			const execution = await lab.n8n.untilExecution(id, hasEnded, MINUTES);
			expect(execution.status).toBe('success');
			expect(jsonOf(execution).map(({ taskId }) => taskId)).toEqual(
				prompts(50).map(({ prompt }) => taskOf(String(prompt)).taskId),
			);
			expect(lab.simulator.purchases).toBe(50);
		},
		2 * MINUTES,
	);

	lab.test('a callback that comes before the execution is stored comes again', async () => {
		lab.simulator.switches.callbackBeforeCreateAnswer = true;
		lab.simulator.switches.listLagSeconds = 3_600;
		lab.simulator.switches.detailLagSeconds = 3_600;
		lab.simulator.switches.callbackAttempts = [0, 6, 12, 24, 48];
		const id = await untilSuspended(suspending(prompts(1)));
		lab.simulator.switches.detailLagSeconds = 0;
		const execution = await lab.n8n.untilExecution(id);
		expect(execution.status).toBe('success');
		// 409 or, in the very first moment, 500.
		expect(statusesOf()[0]).toBeGreaterThan(400);
		expect(jsonOf(execution)).toEqual([expect.objectContaining({ status: 'success' })]);
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test('what n8n answers before the wait is known as its own answer', async () => {
		keepRunning();
		const id = await lab.start(suspending(prompts(1), { grace: 60 }));
		await until(() => lab.simulator.tasks.length === 1);
		const url = new URL(String(taskOf('p0').callbackUrl));
		const ask = async (address: string | URL) => {
			const reply = await fetch(address, { method: 'POST', redirect: 'manual' });
			return isAnswerOfN8n({ statusCode: reply.status, body: await reply.text() });
		};
		// 409, or 500 as long as n8n has not stored the execution's data.
		expect(await ask(url)).toBe(true);
		url.searchParams.set('signature', 'x'.repeat(64));
		expect(await ask(url)).toBe(true);
		expect(await ask(new URL('/no-such-path', url))).toBe(false);
		await lab.n8n.stopExecution(id);
	});

	lab.test('all callbacks but one lost: that one settles everything', async () => {
		keepRunning();
		const id = await untilSuspended(suspending(prompts(3)));
		for (const prompt of ['p2', 'p0'])
			lab.simulator.finish(taskOf(prompt).taskId, { switches: { callbackDropped: true } });
		lab.simulator.finish(taskOf('p1').taskId);
		const execution = await lab.n8n.untilExecution(id);
		expect(jsonOf(execution).map(({ taskId }) => taskId)).toEqual(
			['p0', 'p1', 'p2'].map((prompt) => taskOf(prompt).taskId),
		);
		expect(lab.simulator.deliveries.map(({ taskId }) => taskId)).toEqual([taskOf('p1').taskId]);
	});

	lab.test('forged, foreign and stale calls change nothing', async () => {
		keepRunning();
		const id = await untilSuspended(suspending(prompts(1)));
		const { taskId, callbackUrl } = taskOf('p0');
		const url = String(callbackUrl);
		const body = bodyFor(taskId);
		const signed = { 'content-type': 'application/json', ...signature(lab, body) };
		const forged = {
			'content-type': 'application/json',
			...signature(lab, body, 'somebody else 0001'),
		};
		const withNonce = (nonce: string) => url.replace(/nonce=[^&]*/, `nonce=${nonce}`);
		const foreign = bodyFor('tk-hiapi-00000000000000000000000000');

		expect((await post(url, body, forged)).status).toBe(401);
		expect((await post(url, body, { 'content-type': 'application/json' })).status).toBe(401);
		// Without a token of n8n's own, the nonce and the signature are what keeps others out.
		if (!lacks('signedResumeUrls'))
			expect(
				(await post(url.replace(/signature=[^&]*/, 'signature=00'), body, signed)).status,
			).toBe(401);
		expect(await post(withNonce('0'.repeat(32)), body, signed)).toMatchObject({
			status: 200,
			text: expect.stringContaining('Not waited for'),
		});
		expect(
			await post(url, foreign, { 'content-type': 'application/json', ...signature(lab, foreign) }),
		).toMatchObject({ status: 200, text: expect.stringContaining('Not one of') });
		expect(
			(await post(url, '[]', { 'content-type': 'application/json', ...signature(lab, '[]') }))
				.status,
		).toBe(400);
		expect((await lab.n8n.execution(id)).status).toBe('waiting');

		lab.simulator.finish(taskId);
		expect(jsonOf(await lab.n8n.untilExecution(id))).toEqual([
			expect.objectContaining({ taskId, url: expect.not.stringContaining('evil') }),
		]);
	});

	lab.test('with "Read the Task Back", what an unsigned call says is not believed', async () => {
		keepRunning();
		lab.simulator.switches.callbackSecret = '';
		lab.simulator.switches.callbackAttempts = [0];
		const id = await untilSuspended(suspending(prompts(1), {}, { verification: 'readBack' }));
		const { taskId, callbackUrl } = taskOf('p0');
		expect(
			(await post(String(callbackUrl), bodyFor(taskId), { 'content-type': 'application/json' }))
				.status,
		).toBe(503);
		expect((await lab.n8n.execution(id)).status).toBe('waiting');
		lab.simulator.finish(taskId);
		expect(jsonOf(await lab.n8n.untilExecution(id))).toEqual([
			expect.objectContaining({ taskId, url: expect.not.stringContaining('evil') }),
		]);
	});

	for (const [onError, failedAt] of [
		['continueErrorOutput', FAILED],
		['continueRegularOutput', NEXT],
		['stopWorkflow', NEXT],
	] as const) {
		const test =
			onError === 'continueErrorOutput'
				? lab.testWhere.bind(lab, 'detailedFailures')
				: lab.test.bind(lab);
		test(`a failed task among others with On Error "${onError}"`, async () => {
			keepRunning();
			const id = await untilSuspended(suspending(prompts(3), {}, {}, { onError }));
			lab.simulator.finish(taskOf('p1').taskId, {
				outcome: 'fail',
				error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
			});
			lab.simulator.finish(taskOf('p0').taskId);
			lab.simulator.finish(taskOf('p2').taskId);
			const execution = await lab.n8n.untilExecution(id);
			expect(execution.status).toBe('success');
			const failed = jsonOf(execution, failedAt).filter(({ error }) => error !== undefined);
			expect(failed).toEqual([
				expect.objectContaining({
					error: expect.stringContaining('upstream rejected the prompt'),
					details: expect.objectContaining({ taskId: taskOf('p1').taskId, code: 'TASK_FAILED' }),
				}),
			]);
			expect(
				jsonOf(execution)
					.filter(({ error }) => error === undefined)
					.map(({ taskId }) => taskId),
			).toEqual(['p0', 'p2'].map((prompt) => taskOf(prompt).taskId));
			expect(lab.simulator.purchases).toBe(3);
		});
	}

	lab.test('each round of a loop waits for its own task', async () => {
		keepRunning();
		lab.simulator.switches.callbackAttempts = [0];
		const workflow = suspending(prompts(2));
		const loop = node('Loop', 'n8n-nodes-base.splitInBatches', { options: {} }, { typeVersion: 3 });
		const to = (name: string) => ({ node: name, type: 'main', index: 0 });
		workflow.nodes.push(loop);
		workflow.connections = {
			[START]: { main: [[to('Loop')]] },
			Loop: { main: [[to(NEXT)], [to(HIAPI)]] },
			[HIAPI]: { main: [[to('Loop')]] },
		};
		const id = await untilSuspended(workflow);
		const first = taskOf('p0');
		lab.simulator.finish(first.taskId);
		await until(() => taskOf('p1') !== undefined);
		await lab.n8n.untilExecution(id, isWaiting);
		// A late copy for the first round, well signed, at what n8n takes for the same URL.
		const body = bodyFor(first.taskId);
		expect(
			await post(String(first.callbackUrl), body, {
				'content-type': 'application/json',
				...signature(lab, body),
			}),
		).toMatchObject({ status: 200, text: expect.stringContaining('Not one of the tasks') });
		expect((await lab.n8n.execution(id)).status).toBe('waiting');
		lab.simulator.finish(taskOf('p1').taskId);
		const execution = await lab.n8n.untilExecution(id);
		expect(jsonOf(execution).map(({ taskId }) => taskId)).toEqual([
			first.taskId,
			taskOf('p1').taskId,
		]);
		expect(lab.simulator.purchases).toBe(2);
	});

	lab.testWhere(
		'resultsOfResumedSubworkflows',
		'a sub-workflow and its parent both wait, and both go on',
		async () => {
			keepRunning();
			const child = suspending([]);
			delete child.pinData;
			child.nodes = child.nodes.map((one) =>
				one.name === START
					? node(
							START,
							'n8n-nodes-base.executeWorkflowTrigger',
							{ inputSource: 'passthrough' },
							{ typeVersion: 1.1 },
						)
					: one,
			);
			const { id: childId } = await lab.publish(child);
			const call = node(
				'Call',
				'n8n-nodes-base.executeWorkflow',
				{ workflowId: { __rl: true, mode: 'id', value: childId }, options: {} },
				{ typeVersion: 1.2 },
			);
			const parent = workflowOf(call as never, prompts(1));
			const id = await untilSuspended(parent);
			await sleep(500);
			lab.simulator.finish(taskOf('p0').taskId);
			const execution = await lab.n8n.untilExecution(id);
			expect(execution.status).toBe('success');
			expect(jsonOf(execution)).toEqual([
				expect.objectContaining({ taskId: taskOf('p0').taskId, status: 'success' }),
			]);
		},
	);
});
