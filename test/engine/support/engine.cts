import { ExecutionLifecycleHooks, PackageDirectoryLoader, WorkflowExecute } from 'n8n-core';
import {
	NodeHelpers,
	setSafeRegexEngine,
	Workflow,
	type IBinaryKeyData,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type ICredentialsHelper,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type INodeTypes,
	type IRun,
	type IRunExecutionData,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
	type IWorkflowSettings,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { surround, type Place } from './places.cts';
import { testNodes, toolVersionOf } from './testNodes.cts';

/** What a test sets for one run of the node in n8n's own engine. */
export interface EngineRun {
	/** Name of the node type under test; hiApi when not given. */
	nodeType?: string;
	parameters: IDataObject;
	/** The items that come in; one empty item when not given. */
	items?: IDataObject[];
	/** Files of the items that come in, item by item. */
	files?: IBinaryKeyData[];
	/** Where n8n says that its REST API is; not public when not given. */
	restApiUrl?: string;
	/** Settings of the workflow besides the order of execution. */
	workflowSettings?: IWorkflowSettings;
	/** Node settings such as onError, retryOnFail, maxTries, waitBetweenTries. */
	settings?: Partial<INode>;
	credential: ICredentialDataDecryptedObject;
	executionId?: string;
	/** When n8n ends the execution, in milliseconds since 1970; never when not given. */
	endsAt?(): number;
	/** How n8n runs the execution; manually when not given. `integrated`: as the sub-workflow of another one. */
	mode?: WorkflowExecuteMode;
	/** Continue from what an earlier run left behind, as a retry from the executions list does. */
	retryOf?: EngineResult;
	/** The workflow's static data as n8n has stored it. */
	staticData?: IDataObject;
	/** Where the node stands in the workflow; alone when not given. */
	place?: Place;
	/** Creates time out this many times sooner; for tests in which HiAPI never answers one. */
	createTimeoutScale?: number;
	/** Called whenever the node sends a request to HiAPI. */
	onRequest?(method: string): void;
	/** Called as soon as the run has started, with a function that stops it as the stop button does. */
	onStarted?(stop: () => void): void;
}

export interface EngineResult {
	run: IRun;
	/** Items per output of the last run of the node, or of what stands around it. */
	outputs: INodeExecutionData[][];
	/** JSON of the first output. */
	json: IDataObject[];
	/** What the node says in the output pane. */
	hints: string[];
	error?: Error & { description?: string; context?: IDataObject; httpCode?: string };
	messages: unknown[];
	/** What n8n would store as the workflow's static data; undefined when it would store nothing. */
	savedStaticData?: IDataObject;
}

const NODE_NAME = 'HiAPI';

// n8n gives a pattern 250 ms by the clock on the wall, which a machine with several test workers does not always have.
setSafeRegexEngine({
	exec: (pattern, input, flags) => new RegExp(pattern, flags).exec(input),
	test: (pattern, input, flags) => new RegExp(pattern, flags).test(input),
	replace: (pattern, input, flags, replacement) =>
		input.replace(new RegExp(pattern, flags), replacement),
	matchAll: (pattern, input, flags) => [...input.matchAll(new RegExp(pattern, flags))],
	split: (pattern, input, flags) => input.split(new RegExp(pattern, flags)),
});

let loader: PackageDirectoryLoader | undefined;

async function loadPackage(): Promise<PackageDirectoryLoader> {
	if (loader === undefined) {
		loader = new PackageDirectoryLoader('.');
		await loader.loadAll();
	}
	return loader;
}

function nodeTypesOf(loaded: PackageDirectoryLoader): INodeTypes {
	const find = (type: string): INodeType => {
		const name = type.split('.').pop() as string;
		if (testNodes[name] !== undefined) return testNodes[name];
		if (name.endsWith('Tool'))
			return toolVersionOf(loaded.getNode(name.slice(0, -4)).type as INodeType);
		return loaded.getNode(name).type as INodeType;
	};
	return {
		getByName: find,
		getByNameAndVersion: (name) => NodeHelpers.getVersionedNodeType(find(name)),
		getKnownTypes: () => ({}),
	};
}

type DecryptArguments = Parameters<ICredentialsHelper['getDecrypted']>;

/** A credential whose fields may be expressions, resolved as n8n's credentials-helper.js does where there are items. */
function resolveCredential(
	credential: ICredentialDataDecryptedObject,
	mode: DecryptArguments[3],
	executeData: DecryptArguments[4],
	values: DecryptArguments[6],
): ICredentialDataDecryptedObject {
	if (values === undefined) return credential;
	const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
	return workflow.expression.getParameterValue(
		credential as never,
		runExecutionData,
		runIndex,
		itemIndex,
		node.name,
		connectionInputData,
		mode,
		{},
		executeData,
	) as unknown as ICredentialDataDecryptedObject;
}

const executionIdOf = ({ executionId }: EngineRun) => executionId ?? 'execution-1';

function additionalData(
	options: EngineRun,
	loaded: PackageDirectoryLoader,
	messages: unknown[],
	hooks: ExecutionLifecycleHooks,
): IWorkflowExecuteAdditionalData {
	const credentialType = (name: string) => loaded.getCredential(name).type as ICredentialType;
	return {
		executionId: executionIdOf(options),
		get executionTimeoutTimestamp() {
			return options.endsAt?.();
		},
		currentNodeExecutionIndex: 0,
		variables: {},
		userId: 'user',
		instanceId: 'instance',
		restApiUrl: options.restApiUrl ?? 'http://n8n.test/rest',
		instanceBaseUrl: 'http://n8n.test/',
		webhookBaseUrl: 'http://n8n.test/webhook',
		webhookTestBaseUrl: 'http://n8n.test/webhook-test',
		webhookWaitingBaseUrl: 'http://n8n.test/webhook-waiting',
		formWaitingBaseUrl: 'http://n8n.test/form-waiting',
		hooks,
		credentialsHelper: {
			getParentTypes: () => [],
			isCredentialUsableByNode: () => true,
			getDecrypted: async (...[, , , mode, executeData, , values]: DecryptArguments) =>
				resolveCredential(options.credential, mode, executeData, values),
			getCredentialsProperties: (name: string) => credentialType(name).properties,
			preAuthentication: async () => undefined,
			runPreAuthentication: async () => undefined,
			authenticate: async (
				values: ICredentialDataDecryptedObject,
				name: string,
				request: IHttpRequestOptions,
			) => {
				const { authenticate } = credentialType(name);
				if (typeof authenticate !== 'function')
					throw new Error('authentication by a function expected');
				options.onRequest?.(request.method ?? 'GET');
				const scale = request.method === 'POST' ? options.createTimeoutScale : undefined;
				const timeout = request.timeout && request.timeout / (scale ?? 1);
				return { ...(await authenticate(values, request)), timeout };
			},
		},
		setExecutionStatus: () => {},
		sendDataToUI: (type: string, data: unknown) => messages.push({ type, data }),
		logAiEvent: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
}

function startData(
	workflow: Workflow,
	first: string,
	{ items = [{}], files = [], retryOf }: EngineRun,
): IRunExecutionData {
	const start = workflow.getNode('Start') as INode;
	const input = items.map((json, index) => ({
		json,
		...(files[index] && { binary: files[index] }),
	}));
	return {
		version: 1,
		startData: {},
		resultData: {
			runData: {
				Start: [
					{
						startTime: 0,
						executionTime: 0,
						executionIndex: 0,
						executionStatus: 'success',
						source: [],
						data: { main: [input] },
					},
				],
			},
		},
		executionData: {
			contextData: structuredClone(retryOf?.run.data.executionData?.contextData ?? {}),
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
			nodeExecutionStack: [
				{
					node: workflow.getNode(first) as INode,
					data: { main: [input] },
					source: { main: [{ previousNode: start.name }] },
				},
			],
		},
	} as unknown as IRunExecutionData;
}

/** Runs the built package's node in n8n-core's WorkflowExecute: expressions, credentials, retries and error output included. */
export async function runInEngine(options: EngineRun): Promise<EngineResult> {
	const loaded = await loadPackage();
	const messages: unknown[] = [];
	const node = {
		id: 'node-1',
		name: NODE_NAME,
		type: `n8n-nodes-hiapi.${options.nodeType ?? 'hiApi'}`,
		typeVersion: 1,
		position: [200, 0],
		credentials: { hiApiApi: { id: '1', name: 'HiAPI' } },
		parameters: options.parameters as INode['parameters'],
		...options.settings,
	} as INode;
	const {
		nodes,
		connections,
		first,
		last: lastNode,
	} = surround(node, options.place ?? { kind: 'alone' });
	const workflow = new Workflow({
		id: 'workflow-1',
		name: 'w',
		active: false,
		nodeTypes: nodeTypesOf(loaded),
		settings: { executionOrder: 'v1', ...options.workflowSettings },
		nodes,
		connections,
		staticData: structuredClone(options.staticData),
	});
	const hooks = new ExecutionLifecycleHooks(options.mode ?? 'manual', executionIdOf(options), {
		id: 'workflow-1',
		name: 'w',
		nodes: [],
		connections: {},
	} as unknown as IWorkflowBase);
	let savedStaticData: IDataObject | undefined;
	hooks.addHandler('workflowExecuteAfter', (_run, changed) => {
		savedStaticData = changed;
	});
	const execution = new WorkflowExecute(
		additionalData(options, loaded, messages, hooks),
		options.mode ?? 'manual',
		startData(workflow, first, options),
	);
	const running = execution.processRunExecutionData(workflow);
	options.onStarted?.(() => running.cancel('stopped by the test'));
	const run = await running;
	const last = run.data.resultData.runData[lastNode]?.at(-1);
	const outputs = (last?.data?.main ?? []).map((items) => items ?? []);
	return {
		run,
		outputs,
		json: (outputs[0] ?? []).map((item) => item.json),
		hints: (last?.hints ?? []).map(({ message }) => message),
		error: run.data.resultData.error as unknown as EngineResult['error'],
		messages,
		savedStaticData,
	};
}
