import { receiveResume } from '../../../../nodes/HiApi/n8n/receiveResume';
import { writeSuspension } from '../../../../nodes/HiApi/generation/suspend/suspensionState';
import {
	fakeWebhook,
	signedNow,
	taskReply,
	type WebhookSetup,
} from '../../shared/webhook/fakeWebhook.cts';
import { SECRET } from '../../shared/webhook/vectors.cts';

const TASK = 'tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR';
const NONCE = 'n'.repeat(32);
const parked = (runIndex = 0, nonce = NONCE) =>
	writeSuspension({
		nonce,
		runIndex,
		places: [
			{ itemIndex: 0, json: { taskId: 'done' } },
			{ itemIndex: 1, pending: { taskId: TASK, model: 'm', createdMs: 1, simplify: true } },
		],
	});
const finished = {
	taskId: TASK,
	model: 'm',
	status: 'success',
	created: 1,
	completed: 2,
	output: [{ url: 'https://cdn.example.com/real.png', type: 'image' }],
};
const body = JSON.stringify({
	...finished,
	output: [{ url: 'https://cdn.example.com/called.png', type: 'image' }],
});

let executionNumber = 0;

interface Setup extends WebhookSetup {
	suspension?: () => unknown;
	nonce?: unknown;
	executionId?: string;
}

/** Sends a call through the node and finishes it as n8n would. */
async function call(setup: Setup = {}) {
	const fake = fakeWebhook({
		body,
		headers: signedNow(setup.body ?? body),
		credential: { webhookSecret: SECRET },
		apiReply: taskReply(finished),
		...setup,
	});
	executionNumber += 1;
	const executionId = setup.executionId ?? String(executionNumber);
	Object.assign(fake.context, {
		getExecutionId: () => executionId,
		getQueryData: () => ({ signature: 'x', nonce: 'nonce' in setup ? setup.nonce : NONCE }),
		evaluateExpression: setup.suspension ?? (() => parked()),
	});
	const result = await receiveResume(fake.context);
	if (!fake.response.writableEnded) fake.response.end();
	return {
		status: fake.response.statusCode,
		items: result.workflowData?.[0].map(({ json }) => json),
		answer: (result.webhookResponse ?? fake.response.sent) as { message: string },
		warnings: fake.warnings,
	};
}

test('the last task resumes with all items in order, as HiAPI shows them', async () => {
	const { items, answer } = await call();
	expect(items).toEqual([
		{ taskId: 'done' },
		expect.objectContaining({
			taskId: TASK,
			status: 'success',
			url: 'https://cdn.example.com/real.png',
		}),
	]);
	expect(answer).toEqual({ message: 'Resumed' });
});

test('HiAPI cannot be asked: the signed callback is enough for its own task', async () => {
	const { items } = await call({ apiReply: undefined });
	expect(items?.[1]).toMatchObject({ url: 'https://cdn.example.com/called.png' });
});

test('a loop that waits again in its next round is resumed again', async () => {
	for (const runIndex of [0, 1]) {
		const { items } = await call({ executionId: 'loop', suspension: () => parked(runIndex) });
		expect(items).toHaveLength(2);
	}
});

test('of copies at the same moment one resumes, the others are a success as well', async () => {
	const answers = await Promise.all(
		Array.from({ length: 10 }, async () => await call({ executionId: 'copies' })),
	);
	expect(answers.filter(({ items }) => items !== undefined)).toHaveLength(1);
	expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test.each<[string, Setup, number]>([
	['a forged signature', { headers: signedNow(body, 'somebody else 0001') }, 401],
	['no signature', { headers: {} }, 401],
	['no secret in the credential', { credential: {} }, 401],
	['no task', { body: '{}', headers: signedNow('{}') }, 400],
	['a credential that cannot be read', { credential: new Error('no database') }, 503],
	[
		'a state that cannot be read',
		{
			suspension: () => {
				throw new Error('no such expression');
			},
		},
		503,
	],
	[
		'an unsigned call that is read back, and HiAPI cannot be asked',
		{ parameters: { verification: 'readBack' }, headers: {}, apiReply: undefined },
		503,
	],
])('%s: refused, and the execution stays suspended', async (_, setup, status) => {
	const result = await call(setup);
	expect(result).toMatchObject({ status, items: undefined });
	expect(result.warnings).toHaveLength(1);
	expect(JSON.stringify(result.answer)).not.toMatch(/secret|database|expression/i);
});

test.each<[string, Setup]>([
	['nothing is suspended', { suspension: () => undefined }],
	['the state is not ours', { suspension: () => '{"a":1}' }],
	['the nonce is of another execution', { nonce: 'm'.repeat(32) }],
	['there is no nonce', { nonce: undefined }],
	['the nonce came twice', { nonce: [NONCE, NONCE] }],
])('%s: a success for the sender without any effect', async (_, setup) => {
	expect(await call(setup)).toMatchObject({
		status: 200,
		items: undefined,
		answer: { message: 'Not waited for any more' },
		warnings: [],
	});
});

test("another execution's task has no effect", async () => {
	const other = JSON.stringify({ ...finished, taskId: 'tk-hiapi-other' });
	expect(await call({ body: other, headers: signedNow(other) })).toMatchObject({
		status: 200,
		items: undefined,
	});
});

describe('read back', () => {
	const readBack: Setup = { parameters: { verification: 'readBack' } };

	test('an unsigned call makes HiAPI be asked, and that is believed', async () => {
		expect((await call({ ...readBack, headers: {} })).items?.[1]).toMatchObject({
			url: 'https://cdn.example.com/real.png',
		});
	});

	test('a task HiAPI calls running stays waited for', async () => {
		expect(
			await call({
				...readBack,
				headers: {},
				apiReply: taskReply({ ...finished, status: 'handling' }),
			}),
		).toMatchObject({ status: 503, items: undefined });
	});

	test('a signature nobody can check is no reason to leave a paid task waiting', async () => {
		expect((await call({ ...readBack, credential: {} })).items).toHaveLength(2);
		expect(
			(await call({ ...readBack, credential: {}, apiReply: undefined })).items,
		).toBeUndefined();
	});

	test('a wrong signature is refused all the same where there is a secret', async () => {
		expect(
			await call({ ...readBack, headers: signedNow(body, 'somebody else 0001') }),
		).toMatchObject({ status: 401, items: undefined });
	});
});

test('without verification the callback is believed', async () => {
	expect(
		(await call({ parameters: { verification: 'none' }, headers: {}, apiReply: undefined })).items,
	).toHaveLength(2);
});
