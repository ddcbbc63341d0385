import { itemsOf } from '../../scripts/n8n/runData.cts';
import { useLab } from './support/lab.cts';
import { HIAPI, hiApiNode, NEXT, runAndWait, workflowOf } from './support/workflows.cts';

const lab = useLab();

type Json = Record<string, unknown>;

const stored = async (operation: string, parameters: Json = {}, items?: Json[]) => {
	const execution = await lab.run(
		workflowOf(
			hiApiNode(lab.credential, { resource: 'storedOutput', operation, ...parameters }),
			items,
		),
	);
	return { execution, json: itemsOf(execution.data, NEXT).map((item) => item.json) };
};

const byId = { storedOutputId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } };

lab.test('what a task produced is listed, promoted, then deleted', async () => {
	const bought = await lab.run(
		workflowOf(hiApiNode(lab.credential, runAndWait('a kite', {}, { downloadOutputs: false }))),
	);
	const [{ json: task }] = itemsOf(bought.data, HIAPI);
	const { json: listed } = await stored('getAll', {
		returnAll: true,
		filters: { taskId: task.taskId },
	});
	expect(listed).toEqual([
		expect.objectContaining({ storage: 'temp', url: task.url, taskId: task.taskId }),
	]);

	lab.simulator.switches.storagePromoteSeconds = 0;
	expect((await stored('promote', byId, listed)).json).toEqual([
		{ id: listed[0].id, accepted: true },
	]);
	const [promoted] = (await stored('getAll', { filters: { storage: 'persistent' } })).json;
	expect(promoted.url).not.toBe(task.url);
	expect((await fetch(promoted.url as string)).status).toBe(200);
	expect((await stored('promote', byId, listed)).json).toEqual([
		expect.objectContaining({
			accepted: false,
			reason: 'not_promotable',
			explanation: expect.stringMatching(/persistent already/) as string,
		}),
	]);

	expect((await stored('delete', byId, listed)).json).toEqual([
		{ id: listed[0].id, deleted: true },
	]);
	expect((await stored('getAll')).json).toEqual([]);
	expect((await fetch(promoted.url as string)).status).toBe(404);
	expect(lab.simulator.purchases).toBe(1);
});

lab.test(
	'a promoted file is found by Download Outputs although the item still has the old link',
	async () => {
		const bought = await lab.run(
			workflowOf(hiApiNode(lab.credential, runAndWait('a kite', {}, { downloadOutputs: false }))),
		);
		const [{ json: task }] = itemsOf(bought.data, HIAPI);
		lab.simulator.switches.storagePromoteSeconds = 0;
		await stored('promote', byId, (await stored('getAll')).json);
		lab.simulator.advance(8 * 24 * 3600);
		const parameters = {
			operation: 'downloadOutputs',
			taskId: { __rl: true, mode: 'id', value: '={{ $json.taskId }}' },
		};
		const execution = await lab.run(workflowOf(hiApiNode(lab.credential, parameters), [task]));
		expect(execution.status).toBe('success');
		expect(itemsOf(execution.data, HIAPI)[0].binary?.data.mimeType).toBe('image/png');
	},
);

lab.test('the editor lists them in the picker', async () => {
	await lab.run(
		workflowOf(hiApiNode(lab.credential, runAndWait('a kite', {}, { downloadOutputs: false }))),
	);
	const { results } = await lab.n8n.rest<{ results: Array<{ name: string; value: string }> }>(
		'POST',
		'/dynamic-node-parameters/resource-locator-results',
		{
			path: 'parameters.storedOutputId',
			nodeTypeAndVersion: { name: 'n8n-nodes-hiapi.hiApi', version: 1 },
			methodName: 'searchStoredOutputs',
			currentNodeParameters: { resource: 'storedOutput', operation: 'promote' },
			credentials: { hiApiApi: lab.credential },
		},
	);
	expect(results).toEqual([
		{
			name: expect.stringMatching(/^image · gpt-image-2\/text-to-image · temp/) as string,
			value: expect.stringMatching(/^\d+$/) as string,
			description: expect.any(String) as string,
		},
	]);
});
