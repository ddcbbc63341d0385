import { hasEnded } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { useLab } from './support/lab.cts';
import { hiApiNode, HIAPI, NEXT, runAndWait, START, workflowOf } from './support/workflows.cts';

const lab = useLab();

/** Two rows of two images each; the node behind reads the row of each image. */
function twoOfEach(waitBy: string) {
	const parameters = {
		...runAndWait('={{ $json.prompt }}', {}, { waitBy, variations: 2 }),
		resource: 'image',
		operation: 'generate',
	};
	const workflow = workflowOf(hiApiNode(lab.credential, parameters), [
		{ prompt: 'p0', row: 40 },
		{ prompt: 'p1', row: 41 },
	]);
	const next = workflow.nodes.find(({ name }) => name === NEXT)!;
	Object.assign(next, {
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: {
			assignments: {
				assignments: [
					{ id: 'row', name: 'row', type: 'number', value: `={{ $('${START}').item.json.row }}` },
				],
			},
			includeOtherFields: true,
			options: {},
		},
	});
	return workflow;
}

lab.test('each of several variations finds its own row, where polling may take over', async () => {
	const execution = await lab.run(twoOfEach('callbackIfPossible'));
	expect(execution.status).toBe('success');
	expect(lab.simulator.purchases).toBe(4);
	const rows = itemsOf(execution.data, NEXT).map(({ json }) => json);
	expect(rows.map(({ row }) => row)).toEqual([40, 40, 41, 41]);
	const promptOf = (taskId: unknown) =>
		lab.simulator.tasks.find((task) => task.taskId === taskId)?.input.prompt;
	expect(rows.map(({ taskId }) => promptOf(taskId))).toEqual(['p0', 'p0', 'p1', 'p1']);
	expect(new Set(rows.map(({ taskId }) => taskId)).size).toBe(4);
});

lab.test('variations are never suspended: the node ends before it buys', async () => {
	const id = await lab.start(twoOfEach('callback'));
	const execution = await lab.n8n.untilExecution(id, hasEnded);
	expect(execution.status).toBe('error');
	expect(execution.data.resultData.error?.message).toMatch(/^With 'Variations' above 1/);
	expect(itemsOf(execution.data, HIAPI)).toEqual([]);
	expect(lab.simulator.purchases).toBe(0);
});
