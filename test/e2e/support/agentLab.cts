import type { WorkflowDefinition } from '../../../scripts/n8n/client.cts';
import { lacks } from './abilities.cts';
import { startFakeModel, type FakeModel } from '../../../scripts/localServices/fakeModel.cts';
import type { Lab } from './lab.cts';
import { HIAPI, hiApiNode, node, runAndWait, START } from './workflows.cts';

export const AGENT = 'AI Agent';

/** Versions of the AI Agent. Version 3 has n8n's engine run its tools as nodes of their own; the others run them inside themselves. */
export const AGENT_VERSIONS = lacks('agentsOfVersion3') ? [1.7] : [1.7, 2.2, 3];
export const NEWEST_VERSION = Math.max(...AGENT_VERSIONS);
export const IN_LINE_VERSION = Math.max(...AGENT_VERSIONS.filter((version) => version < 3));

export interface AgentOptions {
	typeVersion: number;
	/** Options of Run and Wait. */
	options?: Record<string, unknown>;
	/** More parameters of the HiAPI node. */
	parameters?: Record<string, unknown>;
	/** Node settings of the HiAPI node, such as `retryOnFail`. */
	settings?: Record<string, unknown>;
}

/** An AI Agent with the HiAPI node as its tool, and a language model that calls the tool once. */
export interface AgentLab {
	/** What the agent asked its language model. */
	model: () => FakeModel;
	/** What the agent told its language model of the tool's result. */
	toolResult: () => string;
	workflow: (options: AgentOptions) => Promise<WorkflowDefinition>;
}

/** Starts a new language model before each test. */
export function useAgent(lab: Lab): AgentLab {
	let model: FakeModel;
	beforeEach(async () => {
		model = await startFakeModel({ prompt: 'a lighthouse in the rain' });
	});
	afterEach(async () => await model.close());

	return {
		model: () => model,
		toolResult: () => model.toolResult(),
		workflow: async ({ typeVersion, options, parameters, settings }) => {
			const openAi = await lab.n8n.createCredential(
				'openAiApi',
				{ apiKey: 'sk-fake', url: model.baseUrl },
				'Fake model',
			);
			const prompt =
				"={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('prompt', 'What to draw', 'string') }}";
			const agentParameters = {
				promptType: 'define',
				text: 'Draw a lighthouse',
				options: { enableStreaming: false },
			};
			return {
				name: 'agent',
				nodes: [
					node(START, 'n8n-nodes-base.manualTrigger'),
					node(AGENT, '@n8n/n8n-nodes-langchain.agent', agentParameters, { typeVersion }),
					node(
						'Model',
						'@n8n/n8n-nodes-langchain.lmChatOpenAi',
						{ model: { __rl: true, mode: 'id', value: 'fake-model' }, options: {} },
						{
							typeVersion: 1.2,
							credentials: { openAiApi: openAi },
						},
					),
					{
						...hiApiNode(lab.credential, runAndWait(prompt, options, parameters), settings),
						type: 'n8n-nodes-hiapi.hiApiTool',
					},
				],
				connections: {
					[START]: { main: [[{ node: AGENT, type: 'main', index: 0 }]] },
					Model: { ai_languageModel: [[{ node: AGENT, type: 'ai_languageModel', index: 0 }]] },
					[HIAPI]: { ai_tool: [[{ node: AGENT, type: 'ai_tool', index: 0 }]] },
				},
			};
		},
	};
}
