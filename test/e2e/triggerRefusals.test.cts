import { gzipSync } from 'node:zlib';

import { useLab } from './support/lab.cts';
import {
	arrivals,
	callback,
	deliver,
	listen,
	post,
	signature,
	untilArrived,
	type Listener,
} from './support/triggerLab.cts';

const lab = useLab();

/** Nothing started, and no execution was left behind. */
const none = async (listener: Listener) =>
	expect((await arrivals(lab, listener)).executions).toEqual([]);

lab.test('forgeries: 401', async () => {
	const listener = await listen(lab);
	const body = callback();
	const good = signature(lab, body);
	const name = 'x-hiapi-signature';
	const time = 'x-hiapi-timestamp';
	const forgeries: Array<[string, string | Buffer, Record<string, string>]> = [
		['no headers', body, { 'content-type': 'application/json' }],
		['no signature', body, { ...good, [name]: '' }],
		['no timestamp', body, { ...good, [time]: '' }],
		['another secret', body, signature(lab, body, 'somebody else’s secret')],
		['a changed body', body.replace('success', 'fail'), good],
		['a byte more', `${body} `, good],
		['serialised again', JSON.stringify(JSON.parse(body), null, 1), good],
		['301 seconds old', body, signature(lab, body, undefined, -301)],
		['from the future', body, signature(lab, body, undefined, 310)],
		['a prefix', body, { ...good, [name]: `sha256=${good[name]}` }],
		['upper case', body, { ...good, [name]: good[name].toUpperCase() }],
		['too short', body, { ...good, [name]: good[name].slice(2) }],
		['a timestamp that is no number', body, { ...good, [time]: `${good[time]}x` }],
		[
			'signed over the compressed bytes',
			gzipSync(body),
			{ ...signature(lab, gzipSync(body)), 'content-encoding': 'gzip' },
		],
		[
			'multipart',
			`--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n${body}\r\n--x--\r\n`,
			{ ...good, 'content-type': 'multipart/form-data; boundary=x' },
		],
	];
	for (const [forgery, sent, headers] of forgeries) {
		const { status, text } = await post(listener.url, sent, headers);
		expect([forgery, status, text]).toEqual([
			forgery,
			401,
			'{"message":"Not accepted as a callback of HiAPI"}',
		]);
	}
	await none(listener);
	expect(lab.log()).toContain('HiAPI Trigger answered 401: the signature does not match');
	expect(lab.log()).not.toContain(lab.simulator.webhookSecret);
	expect((await deliver(lab, listener, body)).status).toBe(200);
	await untilArrived(lab, listener, 1);
});

lab.test('anything while no secret is stored: 401, and the log says where to set it', async () => {
	const credential = await lab.n8n.createCredential('hiApiApi', {
		...lab.credentialData(),
		webhookSecret: '',
	});
	const listener = await listen(lab, {}, credential);
	expect((await deliver(lab, listener, callback())).status).toBe(401);
	expect(
		(await post(listener.url, callback(), { 'content-type': 'application/json' })).status,
	).toBe(401);
	await none(listener);
	expect(lab.log()).toContain("'Webhook Signing Secret' in the credential");
});

lab.test('signed, but no task: 400', async () => {
	const listener = await listen(lab);
	for (const body of ['[]', 'null', '"text"', '1', '{}', '{"data":{}}', '{"taskId":[7]}']) {
		expect([body, (await deliver(lab, listener, body)).status]).toEqual([body, 400]);
	}
	await none(listener);
});

lab.test('JSON that n8n itself cannot read', async () => {
	const listener = await listen(lab);
	expect((await deliver(lab, listener, '{"taskId":')).status).toBe(422);
	await none(listener);
});

lab.test('unfinished and unwanted tasks: 200', async () => {
	const listener = await listen(lab, {
		events: ['task.success'],
		filters: { models: ['seedance-*'], routes: ['pro', 'default'] },
	});
	for (const fields of [
		{ status: 'archiving' },
		{ status: 'fail' },
		{ model: 'gpt-image-2/text-to-image' },
		{ model: 'seedance-2-0@beta', route: 'beta' },
	]) {
		expect((await deliver(lab, listener, callback(fields))).status).toBe(200);
	}
	await none(listener);
	const wanted = [callback(), callback({ model: 'seedance-2-0@pro', route: 'pro' })];
	for (const body of wanted) expect((await deliver(lab, listener, body)).status).toBe(200);
	await untilArrived(lab, listener, 2);
});
