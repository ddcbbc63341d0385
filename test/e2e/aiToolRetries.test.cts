import { itemsOf } from '../../scripts/n8n/runData.cts';
import { lacks } from './support/abilities.cts';
import { AGENT, AGENT_VERSIONS, useAgent } from './support/agentLab.cts';
import { useLab } from './support/lab.cts';

const lab = useLab();
const agent = useAgent(lab);

const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
const CREATES = { method: 'POST', path: '/v1/tasks' };
/** An answer that says no although the task was bought: the node cannot know, and does not ask again within the same try. */
const ANSWER_LOST = { type: 'errorInSuccess', envelope: 'E5', when: 'after' } as const;

const runAgent = async (typeVersion: number, options = {}) =>
	await lab.run(await agent.workflow({ typeVersion, options, settings: RETRY }));

// 1.7 and 2.2 call the tool themselves and give each try a run index of its own; 3 has n8n's engine run it.
describe.each(AGENT_VERSIONS)('the tool of an AI Agent %s with Retry On Fail', (typeVersion) => {
	lab.test(
		'buys one task although the answers to two tries were lost',
		async () => {
			lab.simulator.fault({
				...CREATES,
				times: 2,
				action: ANSWER_LOST,
			});
			const execution = await runAgent(typeVersion);
			expect(execution.status).toBe('success');
			expect(lab.creates()).toHaveLength(3);
			expect(lab.keys().size).toBe(1);
			expect(lab.simulator.purchases).toBe(1);
			expect(agent.toolResult()).toContain(lab.simulator.tasks[0].taskId);
			expect(itemsOf(execution.data, AGENT)[0].json).toMatchObject({
				output: 'Here is your picture.',
			});
		},
		180_000,
	);

	lab.test('waits for the task of the first try, which ran out of time', async () => {
		lab.simulator.plan({ seconds: 3 });
		const execution = await runAgent(typeVersion, { timeout: 2 / 60 });
		expect(execution.status).toBe('success');
		expect(lab.simulator.purchases).toBe(1);
		expect(agent.toolResult()).toContain(lab.simulator.tasks[0].taskId);
	});

	lab.test('does not buy a failed task again', async () => {
		lab.simulator.plan({
			outcome: 'fail',
			error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
		});
		await runAgent(typeVersion);
		expect(lab.creates()).toHaveLength(1);
	});

	lab.test('sends the same key in every try when HiAPI answers 422, and buys nothing', async () => {
		lab.simulator.fault({
			...CREATES,
			times: 3,
			action: { type: 'status', status: 422, errorCode: 'IDEMPOTENCY_KEY_MISMATCH' },
		});
		const execution = await runAgent(typeVersion);
		expect(lab.creates()).toHaveLength(3);
		expect(lab.keys().size).toBe(1);
		expect(lab.simulator.purchases).toBe(0);
		const told =
			typeVersion === 3 && !lacks('agentsToldOfFailures')
				? agent.toolResult()
				: JSON.stringify(execution.data.resultData);
		expect(told).toContain('idempotency key was already used');
	});
});
