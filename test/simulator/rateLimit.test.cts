import { startSimulator, type Simulator } from '../../simulator/index.cts';
import { call, create } from './support/http.cts';

let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const read = () => call(simulator, 'GET', '/v1/tasks');

it('shares one budget between creates and reads, says what is left, and opens again after a minute', async () => {
	simulator.switches.rateLimitPerMinute = 3;
	const first = await create(simulator);
	expect([first.headers['x-ratelimit-limit'], first.headers['x-ratelimit-remaining']]).toEqual([
		'3',
		'2',
	]);
	expect(Number(first.headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000);
	await read();
	await read();
	const refused = await create(simulator);
	expect(refused.status).toBe(429);
	expect(refused.json.error).toMatchObject({ code: 'rate_limit_exceeded', type: 'hiapi_error' });
	expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
	expect(refused.headers['x-ratelimit-remaining']).toBe('0');
	expect(simulator.purchases).toBe(1);
	simulator.advance(61);
	expect((await create(simulator)).status).toBe(200);
});

it('words the refusal as told', async () => {
	Object.assign(simulator.switches, {
		rateLimitPerMinute: 0,
		rateLimitEnvelope: 'E1',
		rateLimitRetryAfter: 'date',
		rateLimitRetryAfterSeconds: 7,
	});
	const dated = await read();
	expect(dated.json).toEqual({ code: 429, message: expect.any(String), data: null });
	const wait = (Date.parse(String(dated.headers['retry-after'])) - Date.now()) / 1000;
	expect(wait).toBeGreaterThan(4);
	expect(wait).toBeLessThanOrEqual(7);
	Object.assign(simulator.switches, { rateLimitRetryAfter: 'none', rateLimitHeaders: false });
	const silent = await read();
	expect(Object.keys(silent.headers).filter((name) => /retry|ratelimit/.test(name))).toEqual([]);
});

it('can leave reads alone', async () => {
	Object.assign(simulator.switches, { rateLimitPerMinute: 1, rateLimitAppliesTo: 'creates' });
	for (let count = 0; count < 3; count += 1) expect((await read()).status).toBe(200);
	expect((await create(simulator)).status).toBe(200);
	expect((await create(simulator)).status).toBe(429);
});

it('limits simultaneous requests', async () => {
	Object.assign(simulator.switches, { rateLimitConcurrentRequests: 2, createMilliseconds: 1_000 });
	const answers = await Promise.all(Array.from({ length: 5 }, () => create(simulator)));
	expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429]);
	expect((await create(simulator)).status).toBe(200);
});

it('limits unfinished tasks', async () => {
	simulator.switches.rateLimitUnfinishedTasks = 2;
	const statuses = [await create(simulator), await create(simulator), await create(simulator)].map(
		({ status }) => status,
	);
	expect(statuses).toEqual([200, 200, 429]);
	simulator.advance(10);
	expect((await create(simulator)).status).toBe(200);
});
