import fc from 'fast-check';

import { HiApiClient } from '../../../../nodes/shared/api/client';
import { RateLimiter } from '../../../../nodes/shared/api/rateLimiter';
import { VirtualTiming } from '../../../support/virtualTiming.cts';
import { CREATED, FakeHiApi, networkError, refusal } from './fakeHiApi.cts';
import { BUSY, CREATE, failureOf, LOST, send } from './sending.cts';

describe('the time budget', () => {
	test.each([0, 200, 1_000, 5_000, 20_000])('%i ms: nothing is sent after it', async (budgetMs) => {
		const api = new FakeHiApi([LOST]);
		const timing = new VirtualTiming();
		const deadlineMs = timing.monotonic() + budgetMs;
		const sentAt: number[] = [];
		api.onRequest = () => sentAt.push(timing.monotonic());
		await new HiApiClient(api.context, 'https://x/v1', timing).send(CREATE, { deadlineMs });
		expect(sentAt.length).toBeGreaterThan(0);
		for (const at of sentAt.slice(1)) expect(at).toBeLessThan(deadlineMs);
	});

	test.each([
		['set back by an hour', -3_600_000, 3_000],
		['set forwards by an hour', 3_600_000, 3_000],
	])('is kept on a machine whose clock is %s', async (_, setBy, budgetMs) => {
		const api = new FakeHiApi([LOST]);
		const timing = new VirtualTiming();
		const sentAt: number[] = [];
		api.onRequest = () => {
			sentAt.push(timing.monotonic());
			timing.clockErrorMs = setBy;
		};
		await new HiApiClient(api.context, 'https://x/v1', timing).send(CREATE, {
			deadlineMs: budgetMs,
		});
		expect(sentAt.length).toBeGreaterThan(1);
		for (const at of sentAt) expect(at).toBeLessThan(budgetMs);
	});

	test('a create is not repeated on a machine that slept until HiAPI has forgotten its key', async () => {
		const api = new FakeHiApi([LOST, CREATED]);
		const timing = new VirtualTiming();
		// the monotonic clock stands still while a machine sleeps
		api.onRequest = () => (timing.clockErrorMs += 25 * 3_600_000);
		const reply = await new HiApiClient(api.context, 'https://x/v1', timing).send(CREATE, {
			deadlineMs: 60_000,
		});
		expect(api.requests).toHaveLength(1);
		expect(reply).toMatchObject({ ok: false, failure: { outcomeUnknown: true } });
	});

	test('is kept also while others use up the shared request budget', async () => {
		const timing = new VirtualTiming();
		const pacer = new RateLimiter(timing.monotonic());
		const api = new FakeHiApi([
			() => {
				for (let other = 0; other < 500; other++) pacer.reserve(timing.monotonic());
				throw networkError('ECONNRESET');
			},
			CREATED,
		]);
		const reply = await new HiApiClient(api.context, 'https://x/v1', timing, pacer).send(CREATE, {
			deadlineMs: timing.monotonic() + 3_000,
		});
		expect(api.requests).toHaveLength(1);
		expect(reply).toMatchObject({
			ok: false,
			failure: { networkCode: 'ECONNRESET', outcomeUnknown: true },
		});
	});
});

describe('whether a task may exist', () => {
	test.each([400, 401, 402, 403, 404, 413, 422, 429, 503])(
		'stays open when an answer was lost and HTTP %i came after it',
		async (status) => {
			expect(failureOf(await send([LOST, refusal(status)])).outcomeUnknown).toBe(true);
		},
	);

	test('is known when all tries were refused', async () => {
		expect(failureOf(await send([refusal(429), BUSY, refusal(402)])).outcomeUnknown).toBe(false);
	});

	test('is open after every mixture with one lost answer in it', async () => {
		const kinds = {
			lost: LOST,
			broken: { status: 200, body: '' },
			server: { status: 502, body: '<html>' },
			busy: BUSY,
			slow: refusal(429),
		};
		const open = new Set(['lost', 'broken', 'server']);
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.constantFrom(...(Object.keys(kinds) as Array<keyof typeof kinds>)), {
					maxLength: 4,
				}),
				async (before) => {
					const failure = failureOf(
						await send([...before.map((kind) => kinds[kind]), refusal(402)]),
					);
					expect(failure.status).toBe(402);
					expect(failure.outcomeUnknown).toBe(before.some((kind) => open.has(kind)));
				},
			),
			{ numRuns: 60 },
		);
	});
});

describe('stopping', () => {
	test('before anything was sent: nothing is, and nothing is open', async () => {
		const sent = await send([CREATED], CREATE, { signal: AbortSignal.abort() });
		expect(sent.api.requests).toHaveLength(0);
		expect(failureOf(sent)).toEqual({
			kind: 'network',
			networkCode: 'STOPPED',
			outcomeUnknown: false,
		});
	});

	test('during a request: no other one, and the outcome is open', async () => {
		const stop = new AbortController();
		const sent = await send(
			[
				() => {
					stop.abort();
					throw networkError('ERR_CANCELED', 'canceled');
				},
				CREATED,
			],
			CREATE,
			{ signal: stop.signal },
		);
		expect(sent.api.requests).toHaveLength(1);
		// n8n ends the request itself when it knows of the stop.
		expect(sent.api.requests[0].abortSignal).toBe(stop.signal);
		expect(failureOf(sent)).toMatchObject({ networkCode: 'ERR_CANCELED', outcomeUnknown: true });
	});

	test('during the pause before a retry: at once', async () => {
		const stop = new AbortController();
		const api = new FakeHiApi([refusal(429, undefined, { 'retry-after': '60' }), CREATED]);
		const timing = new VirtualTiming();
		const startMs = timing.monotonic();
		void timing.pause(700).then(() => stop.abort());
		const reply = await new HiApiClient(api.context, 'https://x/v1', timing).send(CREATE, {
			deadlineMs: startMs + 600_000,
			signal: stop.signal,
		});
		expect(api.requests).toHaveLength(1);
		expect(timing.monotonic() - startMs).toBe(700);
		expect(reply).toMatchObject({ ok: false, failure: { status: 429, outcomeUnknown: false } });
	});

	test('a task that was created all the same is not lost', async () => {
		const stop = new AbortController();
		const { reply } = await send(
			[() => (stop.abort(), { statusCode: 200, headers: {}, body: JSON.stringify(CREATED.body) })],
			CREATE,
			{ signal: stop.signal },
		);
		expect(reply).toMatchObject({ ok: true, data: { taskId: 'tk-1' } });
	});
});
