import { setTimeout as sleep } from 'node:timers/promises';

import { hasEnded } from '../../scripts/n8n/client.cts';
import { lacks } from './support/abilities.cts';
import { startFakeModel, type FakeModel } from './support/fakeModel.cts';
import { useLab } from './support/lab.cts';
import { isWaiting } from './support/suspensionLab.cts';
import { HIAPI, hiApiNode, node, runAndWait, START } from './support/workflows.cts';

const lab = useLab();

const AGENT = 'AI Agent';
/** Newer versions run tools as nodes of their own. */
const INLINE = lacks('agentsOfVersion3') ? 1.7 : 2.2;

let model: FakeModel;
beforeEach(async () => {
	model = await startFakeModel({ prompt: 'a lighthouse in the rain' });
});
afterEach(async () => await model.close());

async function startAgent(typeVersion: number, waitBy: string): Promise<string> {
	const openAi = await lab.n8n.createCredential('openAiApi', { apiKey: 'sk-fake', url: model.baseUrl }, 'Fake model');
	const prompt = "={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('prompt', 'What to draw', 'string') }}";
	return await lab.start({
		name: 'agent',
		nodes: [
			node(START, 'n8n-nodes-base.manualTrigger'),
			node(AGENT, '@n8n/n8n-nodes-langchain.agent', { promptType: 'define', text: 'Draw a lighthouse', options: { enableStreaming: false } }, { typeVersion }),
			node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', { model: { __rl: true, mode: 'id', value: 'fake-model' }, options: {} }, {
				typeVersion: 1.2,
				credentials: { openAiApi: openAi },
			}),
			{ ...hiApiNode(lab.credential, runAndWait(prompt, { grace: 0 }, { waitBy })), type: 'n8n-nodes-hiapi.hiApiTool' },
		],
		connections: {
			[START]: { main: [[{ node: AGENT, type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: AGENT, type: 'ai_languageModel', index: 0 }]] },
			[HIAPI]: { ai_tool: [[{ node: AGENT, type: 'ai_tool', index: 0 }]] },
		},
	});
}

const toolResult = () => String(model.requests.at(-1)?.messages.find(({ role }) => role === 'tool')?.content);

describe('a callback as a tool of an AI agent', () => {
	lab.testWhere('agentsThatWait', 'the agent is suspended with its tool, and gets the result', async () => {
		lab.simulator.plan({ seconds: 100_000 });
		const id = await startAgent(3, 'callback');
		expect((await lab.n8n.untilExecution(id, (seen) => isWaiting(seen) || hasEnded(seen))).status).toBe('waiting');
		await sleep(500);
		lab.simulator.finish(lab.simulator.tasks[0].taskId);
		expect((await lab.n8n.untilExecution(id)).status).toBe('success');
		expect(toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(toolResult()).toContain(lab.simulator.origin);
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.test('an agent that runs its tools inside itself is told why not, and nothing is bought', async () => {
		const { data } = await lab.n8n.untilExecution(await startAgent(INLINE, 'callback'));
		expect(data.resultData.runData[HIAPI][0].error?.message).toContain('This AI agent cannot wait for a callback');
		expect(lab.simulator.purchases).toBe(0);
	});

	lab.test('or polls, where the user allows it', async () => {
		const execution = await lab.n8n.untilExecution(await startAgent(INLINE, 'callbackIfPossible'));
		expect(execution.status).toBe('success');
		expect(toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(lab.simulator.tasks[0].callbackUrl).toBeUndefined();
	});
});
