import { setTimeout as sleep } from 'node:timers/promises';

import { hasEnded } from '../../scripts/n8n/client.cts';
import { IN_LINE_VERSION, useAgent } from './support/agentLab.cts';
import { useLab } from './support/lab.cts';
import { isWaiting } from './support/suspensionLab.cts';
import { HIAPI } from './support/workflows.cts';

const lab = useLab();
const agent = useAgent(lab);

const startAgent = async (typeVersion: number, waitBy: string) =>
	await lab.start(
		await agent.workflow({ typeVersion, options: { grace: 0 }, parameters: { waitBy } }),
	);

describe('a callback as a tool of an AI agent', () => {
	lab.testWhere(
		'agentsThatWait',
		'the agent is suspended with its tool, and gets the result',
		async () => {
			lab.simulator.plan({ seconds: 100_000 });
			const id = await startAgent(3, 'callback');
			expect(
				(await lab.n8n.untilExecution(id, (seen) => isWaiting(seen) || hasEnded(seen))).status,
			).toBe('waiting');
			await sleep(500);
			lab.simulator.finish(lab.simulator.tasks[0].taskId);
			expect((await lab.n8n.untilExecution(id)).status).toBe('success');
			expect(agent.toolResult()).toContain(lab.simulator.tasks[0].taskId);
			expect(agent.toolResult()).toContain(lab.simulator.origin);
			expect(lab.simulator.purchases).toBe(1);
		},
	);

	lab.test(
		'an agent that runs its tools inside itself is told why not, and nothing is bought',
		async () => {
			const { data } = await lab.n8n.untilExecution(await startAgent(IN_LINE_VERSION, 'callback'));
			expect(data.resultData.runData[HIAPI][0].error?.message).toContain(
				'This AI agent cannot wait for a callback',
			);
			expect(lab.simulator.purchases).toBe(0);
		},
	);

	lab.test('or polls, where the user allows it', async () => {
		const execution = await lab.n8n.untilExecution(
			await startAgent(IN_LINE_VERSION, 'callbackIfPossible'),
		);
		expect(execution.status).toBe('success');
		expect(agent.toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(lab.simulator.tasks[0].callbackUrl).toBeUndefined();
	});
});
