import { itemsOf } from '../../scripts/n8n/runData.cts';
import { lacks } from './support/abilities.cts';
import { AGENT, NEWEST_VERSION, useAgent } from './support/agentLab.cts';
import { useLab } from './support/lab.cts';

const lab = useLab();
const agent = useAgent(lab);

// Where a failed tool would end the workflow, the node has to say itself that it goes on.
const settings = lacks('agentsToldOfFailures') ? { onError: 'continueRegularOutput' } : {};
const runAgent = async () =>
	await lab.run(await agent.workflow({ typeVersion: NEWEST_VERSION, settings }));

describe('as a tool of an AI agent', () => {
	lab.test('fills in the prompt, buys one task and hands the agent its link', async () => {
		const execution = await runAgent();
		expect(execution.status).toBe('success');
		const tool = agent.model().requests[0].tools?.[0].function;
		expect(tool?.parameters.properties).toHaveProperty('prompt');
		expect(tool?.description).toMatch(/Every call buys a new task and costs money/);
		expect(lab.simulator.tasks.map(({ prompt }) => prompt)).toEqual(['a lighthouse in the rain']);
		expect(agent.toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(agent.toolResult()).toContain(lab.simulator.origin);
		expect(itemsOf(execution.data, AGENT)[0].json).toMatchObject({
			output: 'Here is your picture.',
		});
	});

	lab.test("buys one task although HiAPI's answers are lost", async () => {
		lab.simulator.fault({
			method: 'POST',
			path: '/v1/tasks',
			times: 2,
			action: { type: 'drop', when: 'after' },
		});
		const execution = await runAgent();
		expect(execution.status).toBe('success');
		expect(agent.toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test('tells the agent why a task failed instead of ending the workflow', async () => {
		lab.simulator.plan({
			outcome: 'fail',
			error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
		});
		const execution = await runAgent();
		expect(execution.status).toBe('success');
		expect(agent.toolResult()).toContain('upstream rejected the prompt');
		expect(lab.simulator.purchases).toBe(1);
	});
});
