import type {
	EngineRequest,
	EngineResponse,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
} from 'n8n-workflow';

/** Nodes that stand around the node under test. n8n's own are another package; these do what is of interest of them. */
function testNode(
	name: string,
	inputs: string[],
	outputs: string[],
	execute: INodeType['execute'],
	parameters: string[] = [],
): INodeType {
	const properties = parameters.map(
		(parameter): INodeProperties => ({
			displayName: parameter,
			name: parameter,
			type: 'json',
			default: '',
		}),
	);
	return {
		description: {
			name,
			displayName: name,
			group: ['transform'],
			version: 1,
			inputs,
			outputs,
			properties,
			defaults: {},
			description: '',
		},
		execute,
	} as unknown as INodeType;
}

/** Loop Over Items: `batchSize` items per round on the second output, everything that came back on the first in the end. */
async function loop(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const memory = this.getContext('node') as {
		left?: INodeExecutionData[];
		done?: INodeExecutionData[];
	};
	if (memory.left === undefined)
		Object.assign(memory, { left: [...this.getInputData()], done: [] });
	else memory.done?.push(...this.getInputData());
	const round = (memory.left as INodeExecutionData[]).splice(
		0,
		this.getNode().parameters.batchSize as number,
	);
	return round.length > 0 ? [[], round] : [memory.done as INodeExecutionData[], []];
}

/** AI Agent 3 and newer: asks n8n's engine to run the tool, once per item, and puts out what the tool answered. */
async function agent(
	this: IExecuteFunctions,
	response?: EngineResponse,
): Promise<INodeExecutionData[][] | EngineRequest> {
	const answers = response?.actionResponses ?? [];
	if (answers.length > 0) return [answers.flatMap(({ data }) => data.data?.ai_tool?.[0] ?? [])];
	const actions = this.getInputData().map(({ json }, itemIndex) => ({
		actionType: 'ExecutionNodeAction' as const,
		nodeName: this.getNode().parameters.tool as string,
		input: json,
		type: 'ai_tool' as const,
		id: `call_${itemIndex}`,
		metadata: { itemIndex },
	}));
	return { actions, metadata: {} };
}

interface InlineTool {
	invoke(input: IDataObject): Promise<string>;
}

/** AI Agent 2 and older: calls the tool itself, once per item, and fails when the tool does. */
async function inlineAgent(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const answers: INodeExecutionData[] = [];
	for (const [itemIndex, { json }] of this.getInputData().entries()) {
		const [tool] = (await this.getInputConnectionData('ai_tool', itemIndex)) as InlineTool[];
		answers.push(
			...(JSON.parse(await tool.invoke(json)) as IDataObject[]).map((answer) => ({ json: answer })),
		);
	}
	return [answers];
}

export const testNodes: Record<string, INodeType> = {
	start: testNode('start', [], ['main'], async () => [[]]),
	loop: testNode('loop', ['main'], ['main', 'main'], loop, ['batchSize']),
	agent: testNode('agent', ['main', 'ai_tool'], ['main'], agent, ['tool']),
	inlineAgent: testNode('inlineAgent', ['main', 'ai_tool'], ['main'], inlineAgent),
};

/** A node as n8n offers it to agents: the same code behind another description. */
export function toolVersionOf(type: INodeType): INodeType {
	const { usableAsTool, ...description } = type.description;
	const tool = Object.create(type) as INodeType;
	tool.description = {
		...description,
		name: `${description.name}Tool`,
		inputs: [],
		outputs: ['ai_tool'],
	};
	return tool;
}
