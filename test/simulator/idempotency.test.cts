import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { anyInput, call, create, readTask, sleep } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const keyed = (key: string, body: unknown = anyInput) =>
	create(simulator, body, { 'idempotency-key': key });

it('replays the first answer to the same bytes and buys once', async () => {
	const first = await keyed('k');
	const second = await keyed('k');
	expect(first.headers['idempotent-replay']).toBeUndefined();
	expect(second.status).toBe(200);
	expect(second.headers['idempotent-replay']).toBe('true');
	expect(second.bytes.equals(first.bytes)).toBe(true);
	expect(simulator.purchases).toBe(1);
	expect(simulator.requests.map(({ bought }) => bought)).toEqual([true, false]);
	expect(simulator.requests[1].taskId).toBe(simulator.tasks[0].taskId);
	expect(simulator.tasks[0].idempotencyKey).toBe('k');
});

it('tells bodies apart by their bytes, not by their meaning', async () => {
	await keyed('k', '{"model":"m","input":{}}');
	const other = await keyed('k', '{"model":"m", "input":{}}');
	expect(other.status).toBe(422);
	expect(other.json).toMatchObject({
		code: 422,
		error_code: 'IDEMPOTENCY_KEY_MISMATCH',
		data: null,
	});
	expect((await keyed('k', '{"model":"m","input":{},"route":""}')).status).toBe(422);
	expect(simulator.purchases).toBe(1);
});

it('answers 409 with Retry-After while the first is running, 422 to another body', async () => {
	simulator.switches.createMilliseconds = 1_500;
	const first = keyed('k');
	await sleep(50);
	const same = await keyed('k');
	const other = await keyed('k', { model: 'm', input: {} });
	expect(same.status).toBe(409);
	expect(same.json.error_code).toBe('IDEMPOTENCY_KEY_PROCESSING');
	expect(same.headers['retry-after']).toBe('5');
	expect(other.status).toBe(422);
	simulator.switches.idempotencyRetryAfterSeconds = null;
	simulator.switches.idempotencyMismatchWhileRunning = false;
	const lenient = await keyed('k', { model: 'm', input: {} });
	expect(lenient.status).toBe(409);
	expect(lenient.headers['retry-after']).toBeUndefined();
	expect((await first).status).toBe(200);
	expect((await keyed('k')).headers['idempotent-replay']).toBe('true');
	expect(simulator.purchases).toBe(1);
});

it('of fifty simultaneous copies buys one', async () => {
	simulator.switches.createMilliseconds = 30;
	const answers = await Promise.all(Array.from({ length: 50 }, () => keyed('same')));
	const first = answers.filter(
		({ status, headers }) => status === 200 && !headers['idempotent-replay'],
	);
	expect(first).toHaveLength(1);
	expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
	expect(simulator.purchases).toBe(1);
});

it('forgets a key after 24 simulated hours', async () => {
	await keyed('k');
	simulator.advance(24 * 3600 - 60);
	expect((await keyed('k')).headers['idempotent-replay']).toBe('true');
	simulator.advance(61);
	expect((await keyed('k')).headers['idempotent-replay']).toBeUndefined();
	expect(simulator.purchases).toBe(2);
});

it('frees the key of a refused request, unless told to keep it', async () => {
	const wrong = { model: 'happyhorse-1.1/text-to-video', input: {} };
	expect((await keyed('k', wrong)).status).toBe(400);
	expect((await keyed('k')).status).toBe(200);
	simulator.switches.idempotencyKeepsRejected = true;
	expect((await keyed('kept', wrong)).status).toBe(400);
	const replayed = await keyed('kept', wrong);
	expect([replayed.status, replayed.headers['idempotent-replay']]).toEqual([400, 'true']);
	expect((await keyed('kept')).status).toBe(422);
});

it('limits the key to 255 bytes of UTF-8', async () => {
	expect((await keyed('k'.repeat(255))).status).toBe(200);
	expect((await keyed('k'.repeat(256))).json.error_code).toBe('INVALID_REQUEST');
	// 128 two-byte characters, as they travel in a header.
	expect((await keyed(Buffer.from('ü'.repeat(128)).toString('latin1'))).status).toBe(400);
	expect((await keyed(Buffer.from('ü'.repeat(127)).toString('latin1'))).status).toBe(200);
	expect(simulator.tasks[1].idempotencyKey).toBe('ü'.repeat(127));
});

it('keeps the keys of different accounts apart', async () => {
	simulator.switches.otherApiKeys = ['sk-second'];
	await keyed('k');
	const other = await call(simulator, 'POST', '/v1/tasks', {
		body: anyInput,
		key: 'sk-second',
		headers: { 'idempotency-key': 'k' },
	});
	expect(other.headers['idempotent-replay']).toBeUndefined();
	expect(simulator.purchases).toBe(2);
});

it('replays a task whose answer was lost, and readers see it', async () => {
	simulator.fault({ method: 'POST', path: '/v1/tasks', action: { type: 'drop', when: 'after' } });
	await expect(keyed('k')).rejects.toThrow();
	const second = await keyed('k');
	expect(second.headers['idempotent-replay']).toBe('true');
	expect((await readTask(simulator, second.json.data.taskId)).taskId).toBe(
		simulator.tasks[0].taskId,
	);
	expect(simulator.purchases).toBe(1);
});
