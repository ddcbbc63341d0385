import type {
	IDataObject,
	IExecuteFunctions,
	INode,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';

export interface FakeExecution {
	/** null: a tool that runs before there is an execution. */
	executionId?: string | null;
	/** Where the execution could be resumed, with what n8n adds to the address. */
	resumeUrl?: string;
	/** What the node's expressions see as the item, as the MCP Server Trigger gives its request to its tools. */
	request?: unknown;
	/** Of the credential. */
	apiKey?: string;
	/** The node's memory, as n8n keeps it between tries. */
	memory?: Record<string, unknown>;
	runIndex?: number;
	continueOnFail?: boolean;
	/** The node's setting, next to continueOnFail. */
	onError?: INode['onError'];
	mode?: WorkflowExecuteMode;
	/** Of the workflow; an older n8n does not tell. */
	workflowSettings?: IWorkflowSettings;
	nodeType?: string;
	/** Whether an agent calls the node itself, instead of n8n's engine; `unsaid`: an older n8n, which does not tell. */
	inlineTool?: boolean | 'unsaid';
	/** Whether the execution has been stopped. */
	stopped?: boolean;
	/** What the node warns of in n8n's log. */
	warnings?: string[];
	/** What else it says there, at level info. */
	notes?: string[];
	/** Parameters of each item; as many items as entries. */
	items?: IDataObject[];
}

export const NODE: INode = {
	id: 'node-1',
	name: 'HiAPI',
	type: 'n8n-nodes-hiapi.hiApi',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** The parts of n8n's execution context that the operations use, with parameters given per item. */
export function fakeExecution({
	executionId = '100',
	resumeUrl = `https://n8n.example/webhook-waiting/${executionId}`,
	request,
	apiKey = 'sk-1',
	memory = {},
	runIndex = 0,
	continueOnFail = false,
	onError,
	mode = 'manual',
	workflowSettings,
	nodeType = NODE.type,
	inlineTool = false,
	stopped = false,
	warnings = [],
	notes = [],
	items = [{}],
}: FakeExecution = {}): IExecuteFunctions {
	return {
		getNode: () => ({ ...NODE, type: nodeType, onError }),
		getMode: () => mode,
		...(workflowSettings && { getWorkflowSettings: () => workflowSettings }),
		...(inlineTool !== 'unsaid' && { isToolExecution: () => inlineTool }),
		getExecutionCancelSignal: () => (stopped ? AbortSignal.abort() : undefined),
		logger: {
			warn: (line: string) => void warnings.push(line),
			info: (line: string) => void notes.push(line),
		},
		getWorkflow: () => ({ id: 'workflow-1', name: 'w', active: true }),
		helpers: {},
		getInstanceId: () => 'instance-1',
		getExecutionId: () => executionId ?? undefined,
		evaluateExpression: (expression: string) =>
			expression.includes('$execution.resumeUrl') ? resumeUrl : request,
		getCredentials: async () => ({ apiKey }),
		getContext: () => memory,
		getWorkflowDataProxy: () => ({ $runIndex: runIndex }),
		getInputData: () => items.map((json) => ({ json })),
		continueOnFail: () => continueOnFail,
		getNodeParameter: (name: string, itemIndex: number, fallback: unknown) =>
			items[itemIndex]?.[name] ?? fallback,
	} as unknown as IExecuteFunctions;
}
