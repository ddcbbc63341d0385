import { startFakeModel } from '../../scripts/localServices/fakeModel.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { NEWEST_VERSION, useAgent } from './support/agentLab.cts';
import { useLab } from './support/lab.cts';
import { HIAPI, hiApiNode, runAndWait, workflowOf } from './support/workflows.cts';

const lab = useLab();
const agent = useAgent(lab);

// One of its own: n8n keeps for minutes what it read from a catalogue, whatever another test does to that one.
let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator({ taskSeconds: 0.5 });
});
afterEach(() => simulator.close());

const ROWS = Array.from({ length: 50 }, (_, row) => ({ prompt: `row ${row}` }));
const PICTURE = { __rl: true, mode: 'id', value: 'gpt-image-2.5-flare/text-to-image' };

async function credentialWithPrices(): Promise<{ id: string; name: string }> {
	const { apiKey, baseUrl, origin } = simulator;
	return await lab.n8n.createCredential(
		'hiApiApi',
		{ ...lab.credentialData(), apiKey, baseUrl, catalogUrl: origin },
		'HiAPI with prices',
	);
}

async function run(parameters: Record<string, unknown>) {
	const picture = { input: '{"resolution":"1K"}', model: PICTURE, downloadOutputs: false };
	const hiApi = hiApiNode(await credentialWithPrices(), { ...parameters, ...picture });
	return await lab.run(workflowOf(hiApi, ROWS));
}

const prompt = '={{ $json.prompt }}';

lab.test('50 rows stop before the first purchase, or are all bought at the exact sum', async () => {
	const stopped = await run(runAndWait(prompt, { maximumCost: 2.4999 }));
	expect(stopped.status).toBe('error');
	expect(stopped.data.resultData.error?.message).toBe(
		"50 items would cost $2.50 by HiAPI's price list, and 'Maximum Cost (USD)' allows $2.4999",
	);
	expect(simulator.purchases).toBe(0);

	const estimate = await run({
		...runAndWait(prompt, { onlySum: true }),
		operation: 'estimateCost',
	});
	const [{ json: sum }] = itemsOf(estimate.data, HIAPI);
	expect(sum).toMatchObject({ items: 50, estimatedCostUsd: 2.5 });
	expect(simulator.purchases).toBe(0);

	const passed = await run(
		runAndWait(prompt, { maximumCost: sum.estimatedCostUsd, concurrency: 25 }),
	);
	expect(passed.status).toBe('success');
	expect(itemsOf(passed.data, HIAPI).map(({ json }) => json.estimatedCostUsd)).toEqual(
		ROWS.map(() => 0.05),
	);
	expect(simulator.purchases).toBe(50);
	expect(simulator.spentUsd).toBe(2.5);
});

lab.test('without a price list nothing is bought', async () => {
	simulator.switches.cataloguePricing = 'unavailable';
	const { status, data } = await run(runAndWait(prompt, { maximumCost: 1000 }));
	expect(status).toBe('error');
	expect(data.resultData.error?.message).toMatch(/^HiAPI's price list cannot be read now/);
	expect(simulator.purchases).toBe(0);
});

lab.test(
	'an agent asks for the cost first, free of charge, and then buys within the limit',
	async () => {
		const tools = ['Estimate_Cost', 'Make_Image'];
		const model = await startFakeModel({ prompt: 'a lighthouse in the rain' }, tools);
		try {
			const workflow = await agent.workflow({
				typeVersion: NEWEST_VERSION,
				options: { maximumCost: 0.05 },
				parameters: { model: PICTURE },
			});
			const credential = await credentialWithPrices();
			const openAi = await lab.n8n.createCredential(
				'openAiApi',
				{ apiKey: 'sk-fake', url: model.baseUrl },
				'Model that asks first',
			);
			const [tool] = workflow.nodes.filter(({ name }) => name === HIAPI);
			const { [HIAPI]: link, ...connections } = workflow.connections;
			const asTool = (name: string, operation: string) => ({
				...tool,
				id: name,
				name,
				parameters: { ...tool.parameters, operation },
				credentials: { hiApiApi: credential },
			});
			const { status } = await lab.run({
				...workflow,
				nodes: [
					...workflow.nodes
						.filter(({ name }) => name !== HIAPI)
						.map((each) =>
							each.name === 'Model' ? { ...each, credentials: { openAiApi: openAi } } : each,
						),
					asTool('Estimate_Cost', 'estimateCost'),
					asTool('Make_Image', 'runAndWait'),
				],
				connections: { ...connections, Estimate_Cost: link, Make_Image: link },
			});
			expect(status).toBe('success');
			const descriptions = model.requests[0].tools?.map((each) => each.function);
			expect(descriptions?.find(({ name }) => name === 'Estimate_Cost')?.description).toMatch(
				/without creating it.*Ask the user first/,
			);
			const told = model.requests.at(-1)?.messages.filter(({ role }) => role === 'tool');
			expect(String(told?.[0].content)).toContain('"estimatedCostUsd":0.05');
			expect(String(told?.[1].content)).toContain(simulator.tasks[0].taskId);
			expect(simulator.purchases).toBe(1);
		} finally {
			await model.close();
		}
	},
);
