import { itemsOf } from '../../scripts/n8n/runData.cts';
import { lacks } from './support/abilities.cts';
import { startFakeModel, type FakeModel } from './support/fakeModel.cts';
import { useLab } from './support/lab.cts';
import { hiApiNode, node, runAndWait, START } from './support/workflows.cts';

const lab = useLab();

const AGENT = 'AI Agent';
const TOOL = 'HiAPI';

let model: FakeModel;
beforeEach(async () => {
	model = await startFakeModel({ prompt: 'a lighthouse in the rain' });
});
afterEach(async () => await model.close());

// Where a failed tool would end the workflow, the node has to say itself that it goes on.
const toolSettings = lacks('agentsToldOfFailures') ? { onError: 'continueRegularOutput' } : {};

async function runAgent() {
	const openAi = await lab.n8n.createCredential('openAiApi', { apiKey: 'sk-fake', url: model.baseUrl }, 'Fake model');
	const prompt = "={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('prompt', 'What to draw', 'string') }}";
	return await lab.run({
		name: 'agent',
		nodes: [
			node(START, 'n8n-nodes-base.manualTrigger'),
			node(AGENT, '@n8n/n8n-nodes-langchain.agent', { promptType: 'define', text: 'Draw a lighthouse', options: {} }, { typeVersion: lacks('agentsOfVersion3') ? 1.7 : 3 }),
			node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', { model: { __rl: true, mode: 'id', value: 'fake-model' }, options: {} }, {
				typeVersion: 1.2,
				credentials: { openAiApi: openAi },
			}),
			{ ...hiApiNode(lab.credential, runAndWait(prompt), toolSettings), name: TOOL, type: 'n8n-nodes-hiapi.hiApiTool' },
		],
		connections: {
			[START]: { main: [[{ node: AGENT, type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: AGENT, type: 'ai_languageModel', index: 0 }]] },
			[TOOL]: { ai_tool: [[{ node: AGENT, type: 'ai_tool', index: 0 }]] },
		},
	});
}

const toolResult = () => String(model.requests.at(-1)?.messages.find(({ role }) => role === 'tool')?.content);

describe('as a tool of an AI agent', () => {
	lab.test('fills in the prompt, buys one task and hands the agent its link', async () => {
		const execution = await runAgent();
		expect(execution.status).toBe('success');
		const tool = model.requests[0].tools?.[0].function;
		expect(tool?.parameters.properties).toHaveProperty('prompt');
		expect(tool?.description).toMatch(/Every call buys a new task and costs money/);
		expect(lab.simulator.tasks.map(({ prompt }) => prompt)).toEqual(['a lighthouse in the rain']);
		expect(toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(toolResult()).toContain(lab.simulator.origin);
		expect(itemsOf(execution.data, AGENT)[0].json).toMatchObject({ output: 'Here is your picture.' });
	});

	lab.test('buys one task although HiAPI\'s answers are lost', async () => {
		lab.simulator.fault({ method: 'POST', path: '/v1/tasks', times: 2, action: { type: 'drop', when: 'after' } });
		const execution = await runAgent();
		expect(execution.status).toBe('success');
		expect(toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test('tells the agent why a task failed instead of ending the workflow', async () => {
		lab.simulator.plan({ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' } });
		const execution = await runAgent();
		expect(execution.status).toBe('success');
		expect(toolResult()).toContain('upstream rejected the prompt');
		expect(lab.simulator.purchases).toBe(1);
	});
});
