/**
 * The callbacks HiAPI's SDKs are tested with (hiapi-java WebhooksTest, hiapi-python tests/test_webhooks), sent by the
 * simulator to a receiver that verifies as HiAPI's documentation says.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { signCallback, startSimulator, type Simulator } from '../../../simulator/index.cts';
import { createdId, fetchRaw, startReceiver, until } from '../support/http.cts';

const SECRET = 'whsec-12345678'; // 14 characters: shorter than the console takes, as in the SDK's tests
let simulator: Simulator;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
	simulator = await startSimulator({ webhookSecret: SECRET, taskSeconds: 0 });
	receiver = await startReceiver(() => 204);
});
beforeEach(() => {
	simulator.reset();
	receiver.received.length = 0;
});
afterAll(async () => {
	await Promise.all([simulator.close(), receiver.close()]);
});

/** docs.hiapi.ai/async-api and hiapi-python README: headers, integer, window, constant-time comparison. */
function verdict(headers: IncomingHttpHeaders, rawBody: Buffer, secret: string): string {
	if (secret === '') return 'no secret here';
	const { 'x-hiapi-timestamp': timestamp, 'x-hiapi-signature': signature } = headers;
	if (typeof signature !== 'string') return 'no signature';
	if (typeof timestamp !== 'string') return 'no timestamp';
	if (!/^\d+$/.test(timestamp)) return 'timestamp is no number';
	if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return 'too old';
	const right = createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest();
	const given = Buffer.from(signature, 'hex');
	if (signature.length !== 64 || !timingSafeEqual(given, right)) return 'wrong signature';
	return signature === right.toString('hex') ? 'right' : 'not in lower case';
}

async function delivered() {
	const before = receiver.received.length;
	await createdId(simulator, {
		model: 'm',
		input: { prompt: 'p' },
		callback: { url: receiver.url },
	});
	await until(() => receiver.received.length > before, 'the callback');
	return receiver.received[before];
}

it('is the bare task, signed over its bytes in lower-case hex', async () => {
	const { headers, rawBody } = await delivered();
	expect(verdict(headers, rawBody, SECRET)).toBe('right');
	expect(JSON.parse(rawBody.toString())).toMatchObject({
		taskId: simulator.tasks[0].taskId,
		status: 'success',
	});
});

it.each([
	['wrong', SECRET, 'wrong signature'],
	['short', SECRET, 'wrong signature'],
	['prefixed', SECRET, 'wrong signature'],
	['tampered', SECRET, 'wrong signature'],
	['noSignature', SECRET, 'no signature'],
	['noTimestamp', SECRET, 'no timestamp'],
	['oddTimestamp', SECRET, 'timestamp is no number'],
	['none', SECRET, 'no signature'],
	['right', 'another secret', 'wrong signature'],
	['right', '', 'no secret here'],
] as const)('%s, checked with secret "%s": %s', async (callbackSignature, secret, expected) => {
	simulator.switches.callbackSignature = callbackSignature;
	const { headers, rawBody } = await delivered();
	expect(verdict(headers, rawBody, secret)).toBe(expected);
});

it.each([-10_000, -301, 310])('made %i s from now: too old', async (offset) => {
	simulator.switches.callbackTimestampOffsetSeconds = offset;
	const { headers, rawBody } = await delivered();
	expect(verdict(headers, rawBody, SECRET)).toBe('too old');
});

it('can be made for a body with odd spacing, and headers in any case', async () => {
	const odd = '{ "taskId":"tk-1" ,\n"status" : "success"}';
	const { headers, body } = signCallback(SECRET, odd, Math.floor(Date.now() / 1000));
	const upper = Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
	);
	await fetchRaw(receiver.url, 'POST', { body, headers: upper });
	const [received] = receiver.received;
	expect(received.rawBody.toString()).toBe(odd);
	expect(verdict(received.headers, received.rawBody, SECRET)).toBe('right');
	const rewritten = Buffer.from(JSON.stringify(JSON.parse(odd)));
	expect(verdict(received.headers, rewritten, SECRET)).toBe('wrong signature');
});

it('is tried at 0, 1, 5 and 20 minutes from the first try, each signed anew, and then no more', async () => {
	const refusing = await startReceiver(() => 500);
	await createdId(simulator, { model: 'm', input: {}, callback: { url: refusing.url } });
	for (const [tries, seconds] of [
		[1, 0],
		[2, 60],
		[3, 240],
		[4, 900],
	] as const) {
		simulator.advance(Math.max(0, seconds - 1));
		expect(refusing.received.length).toBeLessThan(tries);
		simulator.advance(1);
		await until(() => refusing.received.length === tries, `try ${tries}`);
	}
	await until(() => simulator.deliveries.at(-1)?.status !== undefined, 'the last answer');
	simulator.advance(7 * 86_400);
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(refusing.received).toHaveLength(4);
	for (const { headers, rawBody } of refusing.received)
		expect(verdict(headers, rawBody, SECRET)).toBe('right');
	await refusing.close();
});
