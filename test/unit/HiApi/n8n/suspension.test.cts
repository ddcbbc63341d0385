import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookFunctions,
} from 'n8n-workflow';

import {
	calledNonce,
	knownAddress,
	rememberAddress,
	resumeAddress,
	resumeWith,
	stayWaiting,
	suspendExecution,
	suspensionOf,
} from '../../../../nodes/HiApi/n8n/suspension';
import type { WaitIdentity } from '../../../../nodes/HiApi/generation/suspend/resumeNonce';
import type { Suspension } from '../../../../nodes/HiApi/generation/suspend/suspensionState';

const NONCE = 'n'.repeat(32);
const RESUME_URL = 'https://n8n.example.com/webhook-waiting/7?signature=abc';
const SUSPENSION: Suspension = {
	nonce: NONCE,
	runIndex: 0,
	places: [{ itemIndex: 0, pending: { taskId: 'tk-1', model: 'm', createdMs: 1, simplify: true } }],
};

/** An execution as far as suspending touches it. What is in `stored` n8n keeps with the execution. */
class FakeExecution {
	stored: IDataObject = {};
	runIndex: number | undefined = 0;
	resumeUrl: unknown = RESUME_URL;
	items: INodeExecutionData[] = [{ json: { prompt: 'a lake' }, binary: {} }];
	waitsUntil?: Date;
	expressions: string[] = [];

	get context(): IExecuteFunctions {
		return {
			getContext: () => this.stored,
			getWorkflowDataProxy: () => ({ $runIndex: this.runIndex }),
			getNode: () => ({ id: 'node/1', name: 'Hi}A{PI "1"' }),
			getExecutionId: () => '7',
			getInstanceId: () => 'instance',
			getWorkflow: () => ({ id: 'workflow' }),
			getInputData: () => this.items,
			evaluateExpression: () => this.resumeUrl,
			putExecutionToWait: async (until: Date) => {
				this.waitsUntil = until;
				await Promise.resolve();
			},
		} as unknown as IExecuteFunctions;
	}

	/** What n8n's database gives to another process. */
	get webhook(): IWebhookFunctions {
		const stored = JSON.parse(JSON.stringify(this.stored)) as {
			hiApiSuspension?: { suspension?: string };
		};
		return {
			getNode: () => ({ id: 'node/1', name: 'Hi}A{PI "1"' }),
			getQueryData: () => ({ nonce: NONCE, signature: 'abc' }),
			evaluateExpression: (expression: string) => {
				this.expressions.push(expression);
				return stored.hiApiSuspension?.suspension;
			},
		} as unknown as IWebhookFunctions;
	}
}

const makeNonce = () => NONCE;

describe('the URL HiAPI is given', () => {
	test('names the node and carries the nonce beside what n8n put there', () => {
		const address = resumeAddress(new FakeExecution().context, makeNonce);
		expect(address).toEqual({
			executionId: '7',
			nonce: NONCE,
			url: `https://n8n.example.com/webhook-waiting/7/node%2F1?signature=abc&nonce=${NONCE}`,
		});
	});

	test('gets its nonce from what makes the waits of this execution and node different from others', () => {
		const waits: WaitIdentity[] = [];
		const execution = new FakeExecution();
		const note = (wait: WaitIdentity) => {
			waits.push(wait);
			return NONCE;
		};
		resumeAddress(execution.context, note);
		const wait = {
			instanceId: 'instance',
			workflowId: 'workflow',
			executionId: '7',
			nodeId: 'node/1',
			nodeName: 'Hi}A{PI "1"',
		};
		expect(waits).toEqual([wait]);
	});

	test.each([undefined, '', 'not a URL', 7])('is none when n8n says %p', (resumeUrl) => {
		const execution = Object.assign(new FakeExecution(), { resumeUrl });
		expect(resumeAddress(execution.context, makeNonce)).toBeUndefined();
	});

	test('stays the same in a second try of the run and in the next round', () => {
		const execution = new FakeExecution();
		const first = resumeAddress(execution.context, makeNonce)!;
		expect(knownAddress(execution.context)).toBeUndefined();
		rememberAddress(execution.context, first);
		execution.stored = JSON.parse(JSON.stringify(execution.stored)) as IDataObject;
		const never = () => {
			throw new Error('no new nonce');
		};
		expect(resumeAddress(execution.context, never)).toEqual(first);
		execution.runIndex = 1;
		expect(knownAddress(execution.context)).toBeUndefined();
		expect(resumeAddress(execution.context, never)).toEqual(first);
		execution.runIndex = undefined;
		expect(knownAddress(execution.context)).toEqual(first);
	});

	test.each([undefined, 'text', { addresses: 'none' }])(
		'is asked for anew when what is stored is %j',
		(hiApiSuspension) => {
			const execution = Object.assign(new FakeExecution(), { stored: { hiApiSuspension } });
			expect(knownAddress(execution.context)).toBeUndefined();
			rememberAddress(execution.context, { executionId: '7', url: RESUME_URL, nonce: NONCE });
			expect(knownAddress(execution.context)).toMatchObject({ nonce: NONCE });
		},
	);
});

describe('suspending', () => {
	test('leaves the items for the end of time, and the webhook what to go on with', async () => {
		const execution = new FakeExecution();
		await suspendExecution(
			execution.context,
			SUSPENSION,
			[{ json: { taskId: 'tk-1', status: 'running' }, pairedItem: { item: 0 } }],
			1_700_000_000_000,
		);
		expect(execution.items).toEqual([{ json: { taskId: 'tk-1', status: 'running' } }]);
		expect(execution.waitsUntil).toEqual(new Date(1_700_000_000_000));
		expect(suspensionOf(execution.webhook)).toEqual(SUSPENSION);
		expect(calledNonce(execution.webhook)).toBe(NONCE);
	});

	test('with several tasks for an item, each has an item of its own at the end of time', async () => {
		const execution = new FakeExecution();
		execution.items = [
			{ json: { prompt: 'a' }, pairedItem: { item: 4 } },
			{ json: { prompt: 'b' }, binary: {}, pairedItem: { item: 7 } },
		];
		const onTimeout = [0, 0, 1].map((item, index) => ({
			json: { taskId: `tk-${index}` },
			pairedItem: { item },
		}));
		await suspendExecution(execution.context, SUSPENSION, onTimeout, 1_700_000_000_000);
		expect(execution.items).toEqual([
			{ json: { taskId: 'tk-0' }, pairedItem: { item: 4 } },
			{ json: { taskId: 'tk-1' }, pairedItem: { item: 4 } },
			{ json: { taskId: 'tk-2' }, pairedItem: { item: 7 } },
		]);
	});

	test('the name of the node cannot end the expression that reads it', () => {
		const execution = new FakeExecution();
		expect(suspensionOf(execution.webhook)).toBeUndefined();
		const [, name] = /^\{\{ \$node\[(".*")\]\.context\.hiApiSuspension\?\.suspension \}\}$/.exec(
			execution.expressions[0],
		)!;
		expect(name).not.toMatch(/[{}]/);
		expect(JSON.parse(name)).toBe('Hi}A{PI "1"');
	});
});

test('what the webhook answers', () => {
	const items = [{ json: { taskId: 'tk-1' } }];
	expect(resumeWith(items)).toEqual({
		workflowData: [items],
		webhookResponse: { message: 'Resumed' },
	});
	expect(stayWaiting('1 more task is running')).toEqual({
		webhookResponse: { message: '1 more task is running' },
	});
});
