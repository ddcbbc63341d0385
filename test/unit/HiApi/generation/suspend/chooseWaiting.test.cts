import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { chooseWaiting } from '../../../../../nodes/HiApi/generation/suspend/chooseWaiting';
import { waitingQuestion } from '../../../../../nodes/HiApi/n8n/waitingQuestion';
import { systemClock } from '../../../../../nodes/shared/clock';

interface Setup {
	waitBy: string;
	/** What answers at the resume URL. */
	answer?: { statusCode: number; body: unknown };
	/** What an earlier try has left behind. */
	memory?: IDataObject;
	baseUrl?: string;
	/** How many tasks the one item asks for. */
	taskCount?: number;
}

const PROXY = { statusCode: 404, body: '<html>Not Found</html>' };
const N8N = { statusCode: 409, body: { code: 409, message: 'is running already' } };
const WAITING = 'https://n8n.example.com/webhook-waiting/';

function plan({
	waitBy,
	answer = PROXY,
	memory = {},
	baseUrl = 'https://api.hiapi.ai',
	taskCount = 1,
}: Setup) {
	const told: string[] = [];
	const called: string[] = [];
	const parameters: IDataObject = {
		waitBy,
		verification: 'signature',
		options: {},
	};
	const context = {
		evaluateExpression: () => `${WAITING}7?signature=s`,
		getContext: () => memory,
		getCredentials: async () => ({ apiKey: 'k', baseUrl, webhookSecret: 'secret' }),
		getExecutionId: () => '7',
		getInputData: () => [{ json: {} }],
		getInstanceId: () => 'instance',
		getMode: () => 'trigger',
		getNode: () => ({ id: 'node', name: 'HiAPI', type: 'hiApi', typeVersion: 1 }),
		getNodeParameter: (name: string) => parameters[name],
		getParentNodes: () => [],
		getWorkflow: () => ({ id: 'workflow' }),
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getWorkflowSettings: () => ({}),
		isToolExecution: () => false,
		helpers: {
			httpRequest: async ({ url, method, timeout }: IHttpRequestOptions) => {
				expect([method, timeout]).toEqual(['POST', 3_000]);
				called.push(url);
				return answer;
			},
		},
	};
	const ports = {
		clock: systemClock,
		log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
		hint: (message: string) => void told.push(message),
	};
	const question = waitingQuestion(context as unknown as IExecuteFunctions, taskCount);
	return { made: chooseWaiting(question, ports), told, called };
}

test('what a later try or round polls for is asked for with the URL that was sent before', async () => {
	const address = { executionId: '7', url: `${WAITING}7/node?nonce=n`, nonce: 'n' };
	const memory = { hiApiSuspension: { addresses: { 0: address } } };
	const { made, told } = plan({ waitBy: 'callbackIfPossible', memory, taskCount: 2 });
	expect(await made).toEqual({ by: 'polling', callbackUrl: address.url, linksOnly: true });
	expect(told).toEqual([expect.stringMatching(/^Waited by polling: With 'Variations' above 1/)]);
});

describe('something in front of n8n answers at the resume URL', () => {
	test('it polls where the user allows it, and says which path to open', async () => {
		const { made, told } = plan({ waitBy: 'callbackIfPossible' });
		expect(await made).toEqual({ by: 'polling', linksOnly: true });
		expect(told).toEqual([expect.stringContaining(`a call to ${WAITING} was answered with 404`)]);
		expect(told[0]).not.toContain('signature');
	});

	test('otherwise it says so and is suspended: HiAPI may see another answer', async () => {
		const { made, told } = plan({ waitBy: 'callback' });
		expect(await made).toMatchObject({ by: 'callback' });
		expect(told).toEqual([expect.stringContaining('HiAPI will probably not reach this n8n')]);
	});

	test('a further try does not ask, so that it sends the same requests', async () => {
		const address = { executionId: '7', url: `${WAITING}7/node?nonce=n`, nonce: 'n' };
		const memory = { hiApiSuspension: { addresses: { 0: address } } };
		const { made, called } = plan({ waitBy: 'callbackIfPossible', memory });
		expect(await made).toMatchObject({ by: 'callback', settings: { address } });
		expect(called).toEqual([]);
	});
});

test('where n8n answers nothing is said', async () => {
	const { made, told, called } = plan({ waitBy: 'callbackIfPossible', answer: N8N });
	expect(await made).toMatchObject({ by: 'callback' });
	expect(told).toEqual([]);
	expect(called).toEqual([
		expect.stringMatching(/^https:\/\/n8n\.example\.com\/webhook-waiting\/7\/node\?/),
	]);
});

test('with an API in the same network nothing from outside is needed', async () => {
	const { made, called } = plan({ waitBy: 'callback', baseUrl: 'http://127.0.0.1:1' });
	expect(await made).toMatchObject({ by: 'callback' });
	expect(called).toEqual([]);
});
