import {
	callbackSignature,
	startSimulator,
	type Simulator,
	type Switches,
} from '../../simulator/index.cts';
import { create, createdId, readTask, sleep, startReceiver, until } from './support/http.cts';

let simulator: Simulator;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let answer: (count: number) => number;
beforeAll(async () => {
	simulator = await startSimulator({ taskSeconds: 100 });
});
beforeEach(async () => {
	simulator.reset();
	answer = () => 204;
	receiver = await startReceiver((count) => answer(count));
});
afterEach(() => receiver.close());
afterAll(() => simulator.close());

const withCallback = () => ({
	model: 'm',
	input: { prompt: '画' },
	callback: { url: receiver.url },
});
const arrived = (count: number) =>
	until(
		() => receiver.received.length >= count,
		`${count} callbacks, got ${receiver.received.length}`,
	);
const answered = (count: number) =>
	until(
		() =>
			simulator.deliveries.filter(({ milliseconds }) => milliseconds !== undefined).length >= count,
		`${count} answered`,
	);

async function ended(switches: Partial<Switches> = {}): Promise<string> {
	simulator.plan({ switches });
	const taskId = await createdId(simulator, withCallback());
	simulator.finish(taskId);
	return taskId;
}

it('delivers the bare task, signed over its exact bytes, once, when the task has ended and not before', async () => {
	const taskId = await createdId(simulator, withCallback());
	await sleep(50);
	expect(receiver.received).toHaveLength(0);
	simulator.advance(101);
	await arrived(1);
	const [{ rawBody, headers }] = receiver.received;
	const task = await readTask(simulator, taskId);
	delete task.storage;
	expect(JSON.parse(rawBody.toString())).toEqual(task);
	expect(headers['content-type']).toBe('application/json');
	const timestamp = String(headers['x-hiapi-timestamp']);
	expect(timestamp).toMatch(/^\d+$/);
	expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
	expect(headers['x-hiapi-signature']).toBe(
		callbackSignature(simulator.webhookSecret, rawBody, Number(timestamp)),
	);
	await answered(1);
	expect(simulator.deliveries).toEqual([
		{
			taskId,
			attempt: 1,
			url: receiver.url,
			at: expect.any(Number),
			headers: expect.any(Object),
			rawBody,
			status: 204,
			milliseconds: expect.any(Number),
		},
	]);
	simulator.advance(5000);
	await sleep(50);
	expect(receiver.received).toHaveLength(1);
});

it('reports failures as well', async () => {
	const taskId = await createdId(simulator, withCallback());
	simulator.finish(taskId, { outcome: 'fail' });
	await arrived(1);
	expect(JSON.parse(receiver.received[0].rawBody.toString())).toMatchObject({
		taskId,
		status: 'fail',
		error: { code: 'TASK_FAILED' },
	});
});

it.each([
	['offsets', [60, 240, 900]],
	['gaps', [60, 300, 1200]],
] as const)(
	'tries four times in all, by %s, each time with a fresh timestamp',
	async (callbackSchedule, waits) => {
		answer = () => 503;
		const taskId = await ended({ callbackSchedule, callbackTimestampClock: 'simulated' });
		await arrived(1);
		for (const [index, wait] of waits.entries()) {
			await answered(index + 1);
			simulator.advance(wait - 3);
			await sleep(30);
			expect(receiver.received).toHaveLength(index + 1);
			simulator.advance(4);
			await arrived(index + 2);
		}
		await answered(4);
		simulator.advance(100_000);
		await sleep(50);
		expect(simulator.deliveries.map(({ attempt, status }) => [attempt, status])).toEqual([
			[1, 503],
			[2, 503],
			[3, 503],
			[4, 503],
		]);
		expect(new Set(receiver.received.map(({ headers }) => headers['x-hiapi-signature'])).size).toBe(
			4,
		);
		expect((await readTask(simulator, taskId)).status).toBe('success');
	},
);

it('stops trying after a 2xx, does not follow redirects, and gives up after its time', async () => {
	answer = (count) => [302, 0, 200][count - 1];
	await ended({ callbackTimeoutMilliseconds: 100 });
	await answered(1);
	simulator.advance(61);
	await answered(2);
	simulator.advance(241);
	await answered(3);
	simulator.advance(10_000);
	await sleep(50);
	expect(simulator.deliveries.map(({ status, error }) => status ?? error)).toEqual([
		302,
		'no answer within 100 ms',
		200,
	]);
});

it('notes receivers that are not there', async () => {
	const { url } = receiver;
	await receiver.close();
	await ended();
	await answered(1);
	expect(simulator.deliveries[0].error).toMatch(/ECONNREFUSED/);
	receiver = await startReceiver(() => 204);
	expect(url).not.toBe('');
});

it('repeats itself and speaks with many voices', async () => {
	await ended({ callbackCopies: 3, callbackConcurrency: 4 });
	await arrived(12);
	await answered(12);
	await sleep(30);
	expect(receiver.received).toHaveLength(12);
	expect(new Set(receiver.received.map(({ rawBody }) => rawBody.toString())).size).toBe(1);
});

it('comes before the create is answered', async () => {
	simulator.switches.callbackBeforeCreateAnswer = true;
	let createAnswered = false;
	let answeredFirst: boolean | undefined;
	answer = () => {
		answeredFirst = createAnswered;
		return 204;
	};
	const created = create(simulator, withCallback()).then((reply) => {
		createAnswered = true;
		return reply;
	});
	await arrived(1);
	expect(answeredFirst).toBe(false);
	const { taskId } = (await created).json.data;
	expect(JSON.parse(receiver.received[0].rawBody.toString())).toMatchObject({
		taskId,
		status: 'success',
	});
	simulator.advance(200);
	await sleep(50);
	expect(receiver.received).toHaveLength(1);
});

it('gets lost', async () => {
	await ended({ callbackDropped: true });
	simulator.advance(5000);
	await sleep(50);
	expect(receiver.received).toHaveLength(0);
});

it.each([
	['wrong', /^[0-9a-f]{64}$/],
	['prefixed', /^sha256=[0-9a-f]{64}$/],
	['short', /^[0-9a-f]{40}$/],
] as const)('signs %s', async (callbackSignature_, shape) => {
	await ended({ callbackSignature: callbackSignature_ });
	await arrived(1);
	const [{ headers, rawBody }] = receiver.received;
	expect(headers['x-hiapi-signature']).toMatch(shape);
	const right = callbackSignature(
		simulator.webhookSecret,
		rawBody,
		Number(headers['x-hiapi-timestamp']),
	);
	expect(headers['x-hiapi-signature']).not.toBe(right);
});

it('signs with another secret, not at all, or as of another time', async () => {
	await ended({ callbackSecret: 'previous-secret-0001' });
	await arrived(1);
	const [{ headers, rawBody }] = receiver.received;
	expect(headers['x-hiapi-signature']).toBe(
		callbackSignature('previous-secret-0001', rawBody, Number(headers['x-hiapi-timestamp'])),
	);
	await ended({ callbackSignature: 'none' });
	await ended({ callbackSecret: '' });
	await arrived(3);
	for (const unsigned of receiver.received.slice(1)) {
		expect(Object.keys(unsigned.headers).filter((name) => name.startsWith('x-hiapi'))).toEqual([]);
	}
	await ended({ callbackTimestampOffsetSeconds: -301 });
	await arrived(4);
	const old = receiver.received[3];
	expect(Date.now() / 1000 - Number(old.headers['x-hiapi-timestamp'])).toBeGreaterThan(300);
	const signature = callbackSignature(
		simulator.webhookSecret,
		old.rawBody,
		Number(old.headers['x-hiapi-timestamp']),
	);
	expect(old.headers['x-hiapi-signature']).toBe(signature);
});

it('wraps its body and shows the storage when told', async () => {
	const taskId = await ended({ callbackWrapped: true, callbackIncludesStorage: true });
	await arrived(1);
	expect(JSON.parse(receiver.received[0].rawBody.toString())).toMatchObject({
		code: 200,
		data: { taskId, storage: 'temp' },
	});
});

it('is forgotten by a reset, also while under way', async () => {
	answer = () => 0;
	await ended();
	await createdId(simulator, withCallback());
	await arrived(1);
	simulator.reset();
	simulator.advance(100_000);
	await sleep(50);
	expect(receiver.received).toHaveLength(1);
	expect(simulator.deliveries).toHaveLength(0);
});

it('without a secret signs nothing', async () => {
	const unsigned = await startSimulator({ webhookSecret: '', taskSeconds: 0 });
	try {
		await createdId(unsigned, withCallback());
		await arrived(1);
		expect(receiver.received[0].headers['x-hiapi-signature']).toBeUndefined();
	} finally {
		await unsigned.close();
	}
});
