import type { WorkflowDefinition } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';
import { HIAPI, hiApiNode, node, runAndWait, START } from './support/workflows.cts';

const lab = useLab();

const CALL = 'Call';
const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });

interface Parent {
	workflow: WorkflowDefinition;
	subWorkflowId: string;
}

/** Start → Execute Sub-workflow, which runs the HiAPI node for each item in an execution of its own. */
async function parent(settings: Record<string, unknown> = {}): Promise<Parent> {
	// The first call runs out of time; whatever calls again finds the task finished.
	const sub = await lab.publish({
		name: 'sub-workflow',
		nodes: [
			node(
				START,
				'n8n-nodes-base.executeWorkflowTrigger',
				{ inputSource: 'passthrough' },
				{ typeVersion: 1.1 },
			),
			hiApiNode(lab.credential, runAndWait('={{ $json.prompt }}', { timeout: 2 / 60 })),
		],
		connections: { [START]: to(HIAPI) },
		settings: {},
	});
	const workflow = {
		name: 'parent',
		nodes: [
			node(START, 'n8n-nodes-base.manualTrigger'),
			node(
				CALL,
				'n8n-nodes-base.executeWorkflow',
				{ workflowId: { __rl: true, mode: 'id', value: sub.id }, mode: 'each', options: {} },
				{ typeVersion: 1.2, ...settings },
			),
		],
		connections: { [START]: to(CALL) },
		pinData: { [START]: [{ json: { prompt: 'a kite' } }, { json: { prompt: 'a kite' } }] },
		settings: {},
	};
	return { workflow, subWorkflowId: sub.id };
}

/** Keeps the first task running until the test ends it. */
const firstIsSlow = () => lab.simulator.plan({ outcome: 'stuck' });
const finishFirst = () => lab.simulator.finish(lab.simulator.tasks[0].taskId);

/** Both items have a task of their own, and no third one was bought. */
function expectBoth(execution: Awaited<ReturnType<typeof lab.run>>): void {
	expect(execution.status).toBe('success');
	const items = itemsOf(execution.data, CALL).map(({ json }) => json);
	expect(items.map(({ status }) => status)).toEqual(['success', 'success']);
	expect(items[0]).toMatchObject({ replayed: true, taskId: lab.simulator.tasks[0].taskId });
	expect(items[1].taskId).toBe(lab.simulator.tasks[1].taskId);
	expect(lab.simulator.purchases).toBe(2);
}

describe('in a sub-workflow', () => {
	lab.test('Retry of the parent waits for the task its first call has bought', async () => {
		firstIsSlow();
		const failed = await lab.run((await parent()).workflow);
		expect(failed.status).toBe('error');
		expect(lab.simulator.purchases).toBe(1);
		finishFirst();
		expectBoth(await lab.n8n.untilExecution(await lab.n8n.retryExecution(failed.id)));
	});

	lab.test('Retry On Fail of the node that calls it does, too', async () => {
		firstIsSlow();
		const { workflow, subWorkflowId } = await parent({
			retryOnFail: true,
			maxTries: 5,
			waitBetweenTries: 500,
		});
		const id = await lab.start(workflow);
		const calls = async () => await lab.n8n.executions(subWorkflowId);
		await until(async () => (await calls()).some(({ status }) => status === 'error'));
		finishFirst();
		expectBoth(await lab.n8n.untilExecution(id));
	});
});
