import { itemsOf } from '../../scripts/n8n/runData.cts';
import { startFakeModel, type FakeModel } from './support/fakeModel.cts';
import { useLab } from './support/lab.cts';
import { hiApiNode, node, runAndWait, START } from './support/workflows.cts';

const lab = useLab();

const AGENT = 'AI Agent';
const TOOL = 'HiAPI';
const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
const CREATES = { method: 'POST', path: '/v1/tasks' };
/** What one try of the node sends before it gives up. */
const ONE_TRY = 6;

let model: FakeModel;
beforeEach(async () => {
	model = await startFakeModel({ prompt: 'a lighthouse in the rain' });
});
afterEach(async () => await model.close());

async function runAgent(typeVersion: number, settings: Record<string, unknown> = RETRY, options: Record<string, unknown> = {}) {
	const openAi = await lab.n8n.createCredential('openAiApi', { apiKey: 'sk-fake', url: model.baseUrl }, 'Fake model');
	const prompt = "={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('prompt', 'What to draw', 'string') }}";
	const tool = { ...hiApiNode(lab.credential, runAndWait(prompt, options), settings), name: TOOL, type: 'n8n-nodes-hiapi.hiApiTool' };
	return await lab.run({
		name: 'agent',
		nodes: [
			node(START, 'n8n-nodes-base.manualTrigger'),
			node(AGENT, '@n8n/n8n-nodes-langchain.agent', { promptType: 'define', text: 'Draw a lighthouse', options: {} }, { typeVersion }),
			node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', { model: { __rl: true, mode: 'id', value: 'fake-model' }, options: {} }, {
				typeVersion: 1.2,
				credentials: { openAiApi: openAi },
			}),
			tool,
		],
		connections: {
			[START]: { main: [[{ node: AGENT, type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: AGENT, type: 'ai_languageModel', index: 0 }]] },
			[TOOL]: { ai_tool: [[{ node: AGENT, type: 'ai_tool', index: 0 }]] },
		},
	});
}

const creates = () => lab.simulator.requests.filter(({ method, pathname }) => method === 'POST' && pathname === '/v1/tasks');
const keys = () => new Set(creates().map(({ headers }) => headers['idempotency-key']));
const toolResult = () => String(model.requests.at(-1)?.messages.find(({ role }) => role === 'tool')?.content);

// 1.7 and 2.2 call the tool themselves and give each try a run index of its own; 3 has n8n's engine run it.
describe.each([1.7, 2.2, 3])('the tool of an AI Agent %s with Retry On Fail', (typeVersion) => {
	lab.test('buys one task although every answer to two whole tries was lost', async () => {
		lab.simulator.fault({ ...CREATES, times: 2 * ONE_TRY, action: { type: 'drop', when: 'after' } });
		const execution = await runAgent(typeVersion);
		expect(execution.status).toBe('success');
		expect(creates()).toHaveLength(2 * ONE_TRY + 1);
		expect(keys().size).toBe(1);
		expect(lab.simulator.purchases).toBe(1);
		expect(toolResult()).toContain(lab.simulator.tasks[0].taskId);
		expect(itemsOf(execution.data, AGENT)[0].json).toMatchObject({ output: 'Here is your picture.' });
	}, 180_000);

	lab.test('waits for the task of the first try, which ran out of time', async () => {
		lab.simulator.plan({ seconds: 5 });
		const execution = await runAgent(typeVersion, RETRY, { timeout: 3 / 60 });
		expect(execution.status).toBe('success');
		expect(lab.simulator.purchases).toBe(1);
		expect(toolResult()).toContain(lab.simulator.tasks[0].taskId);
	});

	lab.test('does not buy a failed task again', async () => {
		lab.simulator.plan({ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' } });
		await runAgent(typeVersion);
		expect(creates()).toHaveLength(1);
	});

	lab.test('sends the same key in every try when HiAPI answers 422, and buys nothing', async () => {
		lab.simulator.fault({ ...CREATES, times: 3, action: { type: 'status', status: 422, errorCode: 'IDEMPOTENCY_KEY_MISMATCH' } });
		const execution = await runAgent(typeVersion);
		expect(creates()).toHaveLength(3);
		expect(keys().size).toBe(1);
		expect(lab.simulator.purchases).toBe(0);
		const told = typeVersion === 3 ? toolResult() : JSON.stringify(execution.data.resultData);
		expect(told).toContain('idempotency key was already used');
	});
});
