import { receiveCallback } from '../../../nodes/HiApiTrigger/receive';
import { unpackReceivedTask } from '../../../nodes/HiApiTrigger/receivedTask';
import { FAILURE, SECRET, SUCCESS } from '../shared/webhook/vectors.cts';
import { errorReply, fakeWebhook, signedNow, taskReply, type WebhookSetup } from './fakeWebhook.cts';

const EVENTS = { events: ['task.success', 'task.fail'] };
let taskNumber = 0;
const nextTaskId = () => `tk-hiapi-${String((taskNumber += 1)).padStart(26, '0')}`;
const callback = (fields: object = {}) =>
	JSON.stringify({ taskId: nextTaskId(), model: 'seedance-2-0', status: 'success', created: 1, completed: 2, ...fields });

const signed = (body: string | Buffer, setup: WebhookSetup = {}): WebhookSetup => ({
	parameters: EVENTS,
	credential: { webhookSecret: SECRET },
	headers: signedNow(body),
	body,
	...setup,
});

/** Sends a request through the trigger and finishes it as n8n would. */
async function send(setup: WebhookSetup) {
	const fake = fakeWebhook(setup);
	const result = await receiveCallback(fake.context);
	const started = result.workflowData?.[0][0].json;
	if (!fake.response.writableEnded) fake.response.end();
	expect(result.noWebhookResponse === true).toBe(fake.response.sent !== undefined);
	return {
		...fake,
		status: fake.response.statusCode,
		received: started && unpackReceivedTask(started),
		answer: (result.webhookResponse ?? fake.response.sent) as { message: string },
	};
}

describe('signature', () => {
	test.each([SUCCESS, FAILURE])('$name starts the workflow once', async ({ body }) => {
		const workflowId = `signature ${body.length}`;
		const first = await send(signed(body, { workflowId }));
		expect(first.status).toBe(200);
		expect(first.received).toMatchObject({ task: { source: JSON.parse(body) }, readBack: false });
		expect(Date.now() - Date.parse(first.received?.receivedAt ?? '')).toBeLessThan(5_000);
		const second = await send(signed(body, { workflowId }));
		expect(second.received).toBeUndefined();
		expect([second.status, second.answer.message]).toEqual([200, 'Received before']);
		expect(second.warnings).toEqual([]);
	});

	test('the previous secret counts too', async () => {
		const body = callback();
		const { received } = await send(signed(body, { credential: { webhookSecret: 'a new secret 00001', previousWebhookSecret: SECRET } }));
		expect(received).toBeDefined();
	});

	test('another workflow gets the same task too', async () => {
		const body = callback();
		expect((await send(signed(body))).received).toBeDefined();
		expect((await send(signed(body, { workflowId: 'workflow-2' }))).received).toBeDefined();
	});

	test('bytes are taken as they came, with byte order mark and line ends', async () => {
		const body = Buffer.from(`\uFEFF${callback({ error: { message: '画面 – \u{1F3A8}' }, status: 'fail' })}\r\n`);
		expect((await send(signed(body))).received?.task.failure?.message).toBe('画面 – \u{1F3A8}');
	});

	test.each<[string, (body: string) => Partial<WebhookSetup>, string]>([
		['no headers', () => ({ headers: {} }), 'not signed'],
		['a wrong secret', (body) => ({ headers: signedNow(body, 'another secret 0001') }), 'does not fit'],
		['a changed body', (body) => ({ body: `${body} ` }), 'does not fit'],
		['an old timestamp', () => ({ headers: { 'x-hiapi-timestamp': '1777282100', 'x-hiapi-signature': SUCCESS.signature } }), 'too far'],
		['no secret in the credential', () => ({ credential: {} }), "store the same text as 'Webhook Signing Secret'"],
		['no credential', () => ({ credential: undefined }), "store the same text as 'Webhook Signing Secret'"],
		['a body that n8n cannot read', () => ({ readRawBody: async () => await Promise.reject(new Error('not readable')) }), 'does not fit'],
		['no bytes of the body', () => ({ readRawBody: async () => await Promise.resolve() }), 'does not fit'],
	])('%s: 401, nothing starts, the reason goes to the log only', async (_name, change, reason) => {
		const body = callback();
		const { status, received, answer, warnings } = await send({ ...signed(body), ...change(body) });
		expect([status, received]).toEqual([401, undefined]);
		expect(answer).toEqual({ message: 'Not accepted as a callback of HiAPI' });
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain(reason);
		expect(warnings[0]).not.toContain(SECRET);
		// A forgery must not stand in the way of the real callback.
		expect((await send(signed(body))).received).toBeDefined();
	});

	test('an unknown choice of verification is the safe one', async () => {
		const setup = signed(callback(), { parameters: { ...EVENTS, verification: 'whatever' }, headers: {} });
		expect((await send(setup)).status).toBe(401);
	});

	test('the window can be widened, and turned off', async () => {
		const old = { 'x-hiapi-timestamp': '1777282100', 'x-hiapi-signature': SUCCESS.signature };
		const withWindow = async (timeWindow: unknown) =>
			(await send(signed(SUCCESS.body, { headers: old, parameters: { ...EVENTS, options: { timeWindow } }, workflowId: `window ${timeWindow}` }))).status;
		expect(await withWindow(300)).toBe(401);
		expect(await withWindow('x')).toBe(401);
		expect(await withWindow(1e10)).toBe(200);
		expect(await withWindow(0)).toBe(200);
	});

	test.each([['not JSON', '{'], ['a list', '[]'], ['no task id', '{"status":"success"}']])('signed, but %s: 400', async (_name, body) => {
		const { status, received, answer, warnings } = await send(signed(body));
		expect([status, received, answer.message]).toEqual([400, undefined, 'Not a HiAPI task']);
		expect(warnings).toHaveLength(1);
	});
});

describe('changing the secret', () => {
	const NEW = 'a new secret 00001';
	const stored = (webhookSecret: string, signedWith: string, credentialId: string) => {
		const body = callback();
		return signed(body, { credential: { webhookSecret }, headers: signedNow(body, signedWith), credentialId });
	};

	test('a callback with the new secret is accepted at once', async () => {
		expect((await send(stored(SECRET, SECRET, 'changing'))).status).toBe(200);
		expect((await send(stored(NEW, NEW, 'changing'))).status).toBe(200);
		expect((await send(stored(NEW, SECRET, 'changing'))).status).toBe(401);
	});

	test('a secret that is stored at last counts at once', async () => {
		expect((await send(stored('', SECRET, 'stored at last'))).status).toBe(401);
		expect((await send(stored(SECRET, SECRET, 'stored at last'))).status).toBe(200);
	});

	test('a secret taken out counts for five seconds at most', async () => {
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
		try {
			expect((await send(stored(SECRET, SECRET, 'taken out'))).reads.credential).toBe(1);
			expect((await send(stored(SECRET, SECRET, 'taken out'))).reads.credential).toBe(0);
			jest.advanceTimersByTime(5_001);
			expect((await send(stored(NEW, SECRET, 'taken out'))).status).toBe(401);
		} finally {
			jest.useRealTimers();
		}
	});

	test('a flood of forgeries does not become a flood of reads', async () => {
		const flood = await Promise.all(Array.from({ length: 200 }, async () => await send(stored(SECRET, NEW, 'flood'))));
		expect(flood.every(({ status }) => status === 401)).toBe(true);
		expect(flood.reduce((sum, { reads }) => sum + reads.credential, 0)).toBeLessThan(10);
	});
});

describe('what the user did not ask for', () => {
	test.each<[string, object, Record<string, unknown>]>([
		['an unfinished task', { status: 'archiving' }, EVENTS],
		['another event', { status: 'fail' }, { events: ['task.success'] }],
		['another model', {}, { ...EVENTS, filters: { models: ['gpt-*'] } }],
		['another route', {}, { ...EVENTS, filters: { routes: ['pro'] } }],
		['another model, from an expression that gives one text', {}, { ...EVENTS, filters: { models: 'gpt-*' } }],
	])('%s: 200, nothing starts, and nothing is remembered', async (_name, fields, parameters) => {
		const body = callback(fields);
		const { status, received, warnings } = await send(signed(body, { parameters }));
		expect([status, received, warnings]).toEqual([200, undefined, []]);
		const wanted = callback({ taskId: JSON.parse(body).taskId as string });
		expect((await send(signed(wanted))).received).toBeDefined();
	});
});

describe('copies', () => {
	test('of twenty at once one starts; the others are answered after n8n has stored it', async () => {
		const body = callback();
		const fakes = Array.from({ length: 20 }, () => fakeWebhook(signed(body)));
		const results = fakes.map(async ({ context }) => await receiveCallback(context));
		expect((await results[0]).workflowData).toBeDefined();
		fakes[0].response.end();
		const others = await Promise.all(results.slice(1));
		expect(others.every(({ workflowData, webhookResponse }) => !workflowData && webhookResponse.message === 'Received before')).toBe(true);
	});

	test('one takes over when n8n could not store the first', async () => {
		const body = callback();
		const fakes = [0, 1].map(() => fakeWebhook(signed(body)));
		const [first, second] = fakes.map(async ({ context }) => await receiveCallback(context));
		await first;
		fakes[0].response.end(500);
		expect((await second).workflowData).toBeDefined();
		fakes[1].response.end();
	});

	test('one that comes while the first sender has hung up is told to come back', async () => {
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
		try {
			const body = callback();
			const first = fakeWebhook(signed(body));
			await receiveCallback(first.context);
			first.response.emit('close');
			const second = send(signed(body));
			await jest.advanceTimersByTimeAsync(6_000);
			const { status, received, warnings } = await second;
			expect([status, received]).toEqual([503, undefined]);
			expect(warnings[0]).toContain('still being stored');
			first.response.writableEnded = true;
			expect((await send(signed(body))).answer.message).toBe('Received before');
		} finally {
			jest.useRealTimers();
		}
	});

	test('while trying out in the editor every copy counts', async () => {
		const body = callback();
		for (let copy = 0; copy < 3; copy += 1) {
			expect((await send(signed(body, { mode: 'manual' }))).received).toBeDefined();
		}
		expect((await send(signed(body))).received).toBeDefined();
	});
});

describe('reading the task back', () => {
	const parameters = { ...EVENTS, verification: 'readBack' };
	const unsignedSetup = (body: string, setup: WebhookSetup = {}): WebhookSetup => ({ parameters, credential: {}, body, ...setup });

	test('what HiAPI says counts, not what the request said', async () => {
		const body = callback({ model: 'invented', output: [{ url: 'https://evil.example/x', type: 'image' }] });
		const { taskId } = JSON.parse(body) as { taskId: string };
		const real = { taskId, model: 'seedance-2-0', status: 'fail', error: { code: 'TASK_FAILED', message: 'no' } };
		const { received, apiRequests } = await send(unsignedSetup(body, { apiReply: taskReply(real) }));
		expect(received).toMatchObject({ task: { source: real }, event: 'task.fail', readBack: true });
		expect(apiRequests.map(({ url }) => url)).toEqual([`https://api.example.com/v1/tasks/${taskId}`]);
		expect((await send(unsignedSetup(body, { apiReply: taskReply(real) }))).answer.message).toBe('Received before');
	});

	test.each<[string, () => WebhookSetup['apiReply'], number, string]>([
		['HiAPI does not know it', () => errorReply(404), 401, 'does not know the task'],
		['HiAPI is down', () => errorReply(500), 503, 'could not be read back'],
		['HiAPI cannot be reached', () => undefined, 503, 'could not be reached'],
		['the API key is wrong', () => errorReply(401), 503, 'did not accept the API key'],
		['it is still running there', () => taskReply({ taskId: 'replaced', status: 'handling' }), 503, 'still running'],
		['HiAPI answers with another task', () => taskReply({ taskId: 'tk-other', status: 'success' }), 503, 'another task'],
	])('%s: nothing starts and nothing is remembered', async (_name, apiReply, status, reason) => {
		const taskId = 'replaced';
		const workflowId = `read back ${reason}`;
		const body = callback({ taskId });
		const refused = await send(unsignedSetup(body, { apiReply: apiReply(), workflowId }));
		expect([refused.status, refused.received]).toEqual([status, undefined]);
		expect(refused.warnings[0]).toContain(reason);
		expect(refused.apiRequests).toHaveLength(1);
		const later = await send(unsignedSetup(body, { apiReply: taskReply({ taskId, status: 'success' }), workflowId }));
		expect(later.received).toBeDefined();
	});

	test('a task that turns out not to be wanted starts nothing', async () => {
		const body = callback();
		const { taskId } = JSON.parse(body) as { taskId: string };
		const setup = { parameters: { ...parameters, events: ['task.success'] }, apiReply: taskReply({ taskId, status: 'fail' }) };
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
		const forged = await send(signed(body, { parameters, headers: signedNow(body, 'another secret 0001'), apiReply }));
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
		const answers = await Promise.all(Array.from({ length: 50 }, async () => await send(unsignedSetup(callback(), { apiReply }))));
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
		const { status, warnings } = await send({ parameters, credential: {}, body, headers: signedNow(body) });
		expect(status).toBe(401);
		expect(warnings[0]).toContain('no signing secret is stored');
	});
});

describe('when n8n itself is in trouble', () => {
	test.each<[string, Partial<WebhookSetup>]>([
		['the credential cannot be read', { credential: new Error('database is locked') }],
	])('%s: 503, so that HiAPI comes back', async (_name, change) => {
		const { status, received, warnings } = await send({ ...signed(callback()), ...change });
		expect([status, received]).toEqual([503, undefined]);
		expect(warnings[0]).toContain('could not be checked');
	});

	test('an answer that has begun is left alone', async () => {
		const fake = fakeWebhook(signed('{'));
		fake.response.headersSent = true;
		expect(await receiveCallback(fake.context)).toEqual({ noWebhookResponse: true });
		expect(fake.response.sent).toBeUndefined();
	});
});
