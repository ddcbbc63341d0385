import { callerOf } from '../../../../nodes/HiApi/n8n/caller';
import { fakeExecution, type FakeExecution } from '../generation/create/fakeExecution.cts';

const TOOL = 'n8n-nodes-hiapi.hiApiTool';
const request = (session?: string, more: object = {}) => ({
	body: { jsonrpc: '2.0', id: 3, method: 'tools/call', params: {} },
	headers: { ...(session !== undefined && { 'mcp-session-id': session }) },
	...more,
});
const caller = async (execution: FakeExecution) => await callerOf(fakeExecution(execution));
const call = async (given: unknown, more: FakeExecution = {}) =>
	await caller({ nodeType: TOOL, executionId: null, request: given, ...more });

test('a session of an MCP client is told from every other one, and from other accounts', async () => {
	const anna = await call(request('anna'));
	expect(anna).toEqual({ kind: 'client', id: expect.stringMatching(/^[0-9a-f]{64}$/) });
	expect(await call(request('anna'))).toEqual(anna);
	expect(await call(request('bert'))).not.toEqual(anna);
	expect(await call(request('anna'), { apiKey: 'sk-2' })).not.toEqual(anna);
});

test.each([
	['a message without headers, as before version 2.1 of the trigger', request('anna').body],
	['no session', request()],
	['an empty session', request(' ')],
	['another message', { ...request('anna'), body: { jsonrpc: '2.0', method: 'tools/list' } }],
	['something of another kind', { ...request('anna'), body: { method: 'tools/call' } }],
	['a text', 'tools/call'],
	['nothing', undefined],
])('%s tells nobody apart', async (_what, given) => {
	const anyClient = await call(given);
	expect(anyClient).toMatchObject({ kind: 'anyClient' });
	expect(anyClient).toEqual(await call(given));
	expect(await call(given, { apiKey: 'sk-2' })).not.toEqual(anyClient);
});

test('an agent has an execution, and n8n keeps its memory', async () => {
	expect(await call({ prompt: 'a cat' }, { executionId: '7' })).toBeUndefined();
});

test('an item that looks like a request is one for tools only', async () => {
	expect(await caller({ request: request('anna') })).toBeUndefined();
});

test('an expression that cannot be resolved tells nobody apart', async () => {
	const context = fakeExecution({ nodeType: TOOL, executionId: null });
	context.evaluateExpression = () => {
		throw new Error('no item');
	};
	expect(await callerOf(context)).toMatchObject({ kind: 'anyClient' });
});

test('a sub-workflow is called by another workflow; other executions have a memory of their own', async () => {
	expect(await caller({ mode: 'integrated' })).toMatchObject({ kind: 'workflow' });
	for (const mode of ['manual', 'trigger', 'webhook', 'retry'] as const)
		expect(await caller({ mode })).toBeUndefined();
});
