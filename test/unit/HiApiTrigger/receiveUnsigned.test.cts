import {
	errorReply,
	signedNow,
	taskReply,
	type WebhookSetup,
} from '../shared/webhook/fakeWebhook.cts';
import { callback, EVENTS, send, signed } from './receiving.cts';

describe('reading the task back', () => {
	const parameters = { ...EVENTS, verification: 'readBack' };
	const unsignedSetup = (body: string, setup: WebhookSetup = {}): WebhookSetup => ({
		parameters,
		credential: {},
		body,
		...setup,
	});

	test('what HiAPI says counts, not what the request said', async () => {
		const body = callback({
			model: 'invented',
			output: [{ url: 'https://evil.example/x', type: 'image' }],
		});
		const { taskId } = JSON.parse(body) as { taskId: string };
		const real = {
			taskId,
			model: 'seedance-2-0',
			status: 'fail',
			error: { code: 'TASK_FAILED', message: 'no' },
		};
		const { received, apiRequests } = await send(
			unsignedSetup(body, { apiReply: taskReply(real) }),
		);
		expect(received).toMatchObject({ task: { source: real }, event: 'task.fail', readBack: true });
		expect(apiRequests.map(({ url }) => url)).toEqual([
			`https://api.example.com/v1/tasks/${taskId}`,
		]);
		expect((await send(unsignedSetup(body, { apiReply: taskReply(real) }))).answer.message).toBe(
			'Received before',
		);
	});

	test.each<[string, () => WebhookSetup['apiReply'], number, string]>([
		['HiAPI does not know it', () => errorReply(404), 401, 'does not know the task'],
		['HiAPI is down', () => errorReply(500), 503, 'could not be read back'],
		['HiAPI cannot be reached', () => undefined, 503, 'could not be read back: No answer came'],
		['the API key is wrong', () => errorReply(401), 503, 'did not accept the API key'],
		[
			'it is still running there',
			() => taskReply({ taskId: 'replaced', status: 'handling' }),
			503,
			'still running',
		],
		[
			'HiAPI answers with another task',
			() => taskReply({ taskId: 'tk-other', status: 'success' }),
			503,
			'another task',
		],
	])('%s: nothing starts and nothing is remembered', async (_name, apiReply, status, reason) => {
		const taskId = 'replaced';
		const workflowId = `read back ${reason}`;
		const body = callback({ taskId });
		const refused = await send(unsignedSetup(body, { apiReply: apiReply(), workflowId }));
		expect([refused.status, refused.received]).toEqual([status, undefined]);
		expect(refused.warnings[0]).toContain(reason);
		expect(refused.apiRequests).toHaveLength(1);
		const later = await send(
			unsignedSetup(body, { apiReply: taskReply({ taskId, status: 'success' }), workflowId }),
		);
		expect(later.received).toBeDefined();
	});

	test('a task that turns out not to be wanted starts nothing', async () => {
		const body = callback();
		const { taskId } = JSON.parse(body) as { taskId: string };
		const setup = {
			parameters: { ...parameters, events: ['task.success'] },
			apiReply: taskReply({ taskId, status: 'fail' }),
		};
		const { status, received } = await send(unsignedSetup(body, setup));
		expect([status, received]).toEqual([200, undefined]);
		const wanted = { ...setup, apiReply: taskReply({ taskId, status: 'success' }) };
		expect((await send(unsignedSetup(body, wanted))).received).toBeDefined();
	});

	test('a request that is signed must be signed well', async () => {
		const body = callback();
		const { taskId } = JSON.parse(body) as { taskId: string };
		const apiReply = taskReply({ taskId, status: 'success' });
		const noSecret = await send(unsignedSetup(body, { headers: signedNow(body), apiReply }));
		expect([noSecret.status, noSecret.apiRequests]).toEqual([401, []]);
		const forged = await send(
			signed(body, { parameters, headers: signedNow(body, 'another secret 0001'), apiReply }),
		);
		expect(forged.status).toBe(401);
		const genuine = await send(signed(body, { parameters, apiReply }));
		expect(genuine.received?.readBack).toBe(true);
	});

	test('a flood of invented ids asks HiAPI about a few at a time only', async () => {
		let underWay = 0;
		let most = 0;
		const apiReply = async () => {
			most = Math.max(most, (underWay += 1));
			await new Promise((resolve) => setTimeout(resolve, 20));
			underWay -= 1;
			return await errorReply(404)();
		};
		const answers = await Promise.all(
			Array.from({ length: 50 }, async () => await send(unsignedSetup(callback(), { apiReply }))),
		);
		expect(most).toBe(4);
		expect(answers.filter(({ status }) => status === 401)).toHaveLength(4);
		expect(answers.filter(({ status }) => status === 503)).toHaveLength(46);
	});

	test('in the editor too, the task is read before it is believed', async () => {
		const setup = { mode: 'manual', apiReply: errorReply(404) };
		expect((await send(unsignedSetup(callback(), setup))).status).toBe(401);
	});
});

describe('no verification', () => {
	const parameters = { ...EVENTS, verification: 'none' };

	test('an unsigned request starts the workflow, without any credential', async () => {
		expect((await send({ parameters, body: callback() })).received).toBeDefined();
	});

	test('a signed request is refused while no secret is stored', async () => {
		const body = callback();
		const { status, warnings } = await send({
			parameters,
			credential: {},
			body,
			headers: signedNow(body),
		});
		expect(status).toBe(401);
		expect(warnings[0]).toContain('no signing secret is stored');
	});
});
