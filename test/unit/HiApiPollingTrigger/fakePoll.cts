import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	IPollFunctions,
} from 'n8n-workflow';

let number = 0;

export interface PollSetup {
	parameters?: Record<string, unknown>;
	mode?: string;
	staticData?: IDataObject;
	credential?: Record<string, unknown>;
	/** null: no credential chosen. */
	credentialId?: string | null;
	/** What n8n since 2.41 tells about the time for a poll; absent in older ones. */
	budgetMilliseconds?: number;
	/** Answers a request for this URL and query: HTTP status and body. */
	answer: (url: string, query: IDataObject) => [status: number, body: unknown];
}

/** An n8n poll context, as far as the trigger uses it. */
export function fakePoll(setup: PollSetup) {
	const warnings: string[] = [];
	const notices: string[] = [];
	const requests: IHttpRequestOptions[] = [];
	const staticData: IDataObject = setup.staticData ?? {};
	const workflowId = `workflow-${(number += 1)}`;
	const credentials =
		setup.credentialId === null
			? {}
			: { hiApiApi: { id: setup.credentialId ?? 'c1', name: 'HiAPI' } };
	const context = {
		logger: {
			warn: (message: string) => warnings.push(message),
			info: (message: string) => notices.push(message),
		},
		getMode: () => setup.mode ?? 'trigger',
		getWorkflow: () => ({ id: workflowId }),
		getNode: () => ({
			id: 'node-1',
			name: 'HiAPI Polling Trigger',
			type: 'hiApiPollingTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
			credentials,
		}),
		getNodeParameter: (name: string, fallback: unknown) => setup.parameters?.[name] ?? fallback,
		getWorkflowStaticData: () => staticData,
		getCredentials: async () =>
			await Promise.resolve({
				apiKey: 'sk-test',
				baseUrl: 'https://api.example.com/v1',
				...setup.credential,
			}),
		...(setup.budgetMilliseconds !== undefined && {
			getPollBudgetMs: () => setup.budgetMilliseconds,
		}),
		helpers: {
			httpRequestWithAuthentication: async (_type: string, options: IHttpRequestOptions) => {
				requests.push(options);
				const [statusCode, body] = setup.answer(options.url, options.qs as IDataObject);
				return await Promise.resolve({ statusCode, headers: {}, body: JSON.stringify(body) });
			},
		},
	};
	// n8n puts the number of the item before the fallback there.
	const executing = {
		...context,
		getNodeParameter: (name: string, _item: number, fallback: unknown) =>
			context.getNodeParameter(name, fallback),
	};
	return {
		context: context as unknown as IPollFunctions,
		executing: executing as unknown as IExecuteFunctions,
		warnings,
		notices,
		requests,
		staticData,
	};
}

/** HiAPI's reply with a page of tasks. */
export const pageOf = (tasks: object[]): [number, unknown] => [
	200,
	{ code: 200, message: 'success', data: { page: 1, size: 100, total: tasks.length, tasks } },
];

export const refusal = (status: number): [number, unknown] => [
	status,
	{ code: status, message: 'nope', data: null },
];
