import { executionIdentity } from '../../../../nodes/HiApi/n8n/executionIdentity';
import { fakeExecution, type FakeExecution } from '../generation/create/fakeExecution.cts';

const identity = (execution: FakeExecution) => executionIdentity(fakeExecution(execution));
const resumed = (executionId: string, token: string) => ({
	executionId,
	resumeUrl: `https://n8n.example/webhook-waiting/${executionId}?signature=${token}`,
});

test('a retry has the identity of what it retries, and nobody else has it', () => {
	const first = identity(resumed('1', 'a'));
	expect(identity(resumed('2', 'a'))).toBe(first);
	expect(identity(resumed('1', 'b'))).not.toBe(first);
});

test('the token, which lets a waiting execution go on, is not told', () => {
	expect(identity(resumed('1', 'secret'))).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
	['an n8n that adds nothing to the address', 'https://n8n.example/webhook-waiting/7'],
	['an n8n that has no address', 'undefined/7'],
	['no address', undefined as unknown as string],
])('%s: the ID of the execution', (_, resumeUrl) => {
	expect(identity({ executionId: '7', resumeUrl })).toBe('7');
});

test('an expression that n8n cannot resolve: the ID of the execution', () => {
	const context = fakeExecution({ executionId: '7' });
	context.evaluateExpression = () => {
		throw new Error('no such thing');
	};
	expect(executionIdentity(context)).toBe('7');
});

test('without an execution every call is one of its own', () => {
	const call = { executionId: null, resumeUrl: 'https://n8n.example/unknown?signature=a' };
	expect(identity(call)).not.toBe(identity(call));
});
