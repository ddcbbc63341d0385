import { PackageDirectoryLoader, PollContext, type ExecutionLifecycleHooks } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeExecutionData,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

const TYPE = 'hiApiPollingTrigger';

export interface PollerOptions {
	parameters?: IDataObject;
	credential: ICredentialDataDecryptedObject;
	credentialId?: string;
	workflowId?: string;
	/** What n8n's database holds; a later poller given the same goes on where the first one ended. */
	staticData?: IDataObject;
}

/** The built trigger in n8n-core's own poll context, as long as one activation of its workflow. */
export class Poller {
	private constructor(
		private readonly workflow: Workflow,
		private readonly context: PollContext,
	) {}

	static async start({
		parameters = {},
		credential,
		credentialId = 'credential-1',
		workflowId = 'workflow-1',
		staticData = {},
	}: PollerOptions): Promise<Poller> {
		const loader = new PackageDirectoryLoader('.');
		await loader.loadAll();
		const nodeTypes = {
			getByName: () => loader.getNode(TYPE).type,
			getByNameAndVersion: () => loader.getNode(TYPE).type,
			getKnownTypes: () => ({}),
		} as unknown as INodeTypes;
		const node: INode = {
			id: 'node-1',
			name: 'HiAPI Polling Trigger',
			type: `n8n-nodes-hiapi.${TYPE}`,
			typeVersion: 1,
			position: [0, 0],
			credentials: { hiApiApi: { id: credentialId, name: 'HiAPI' } },
			parameters: parameters as INode['parameters'],
		};
		// As n8n reads it from its database.
		const stored = JSON.parse(JSON.stringify(staticData)) as IDataObject;
		const workflow = new Workflow({
			id: workflowId,
			nodes: [node],
			connections: {},
			active: true,
			nodeTypes,
			staticData: stored,
		});
		const additionalData = {
			hooks: {} as ExecutionLifecycleHooks,
			credentialsHelper: {
				getParentTypes: () => [],
				isCredentialUsableByNode: () => true,
				getDecrypted: async () => credential,
				getCredentialsProperties: () => loader.getCredential('hiApiApi').type.properties,
				preAuthentication: async () => undefined,
				runPreAuthentication: async () => undefined,
				authenticate: async (
					{ apiKey }: ICredentialDataDecryptedObject,
					_name: string,
					request: IHttpRequestOptions,
				) => ({
					...request,
					headers: { ...request.headers, Authorization: `Bearer ${String(apiKey)}` },
				}),
			},
		} as unknown as IWorkflowExecuteAdditionalData;
		return new Poller(
			workflow,
			new PollContext(workflow, workflow.nodes[node.name], additionalData, 'trigger', 'activate'),
		);
	}

	/** One poll; the items it would start the workflow with, or null. */
	async poll(): Promise<INodeExecutionData[] | null> {
		const { type, typeVersion } = this.context.getNode();
		const { poll } = this.workflow.nodeTypes.getByNameAndVersion(type, typeVersion);
		const output = await poll?.call(this.context);
		return output?.[0] ?? null;
	}

	/** Task ids of one poll. */
	async taskIds(): Promise<string[]> {
		return ((await this.poll()) ?? []).map(({ json }) => String(json.taskId));
	}

	/** What n8n would store of the workflow now. */
	get staticData(): IDataObject {
		return JSON.parse(JSON.stringify(this.workflow.staticData)) as IDataObject;
	}

	get hasChanges(): boolean {
		return (this.workflow.staticData as { __dataChanged?: boolean }).__dataChanged === true;
	}
}
