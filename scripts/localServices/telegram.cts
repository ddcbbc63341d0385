import type { AddressInfo } from 'node:net';

import { fastify } from 'fastify';

/** What a bot asked of Telegram: a method of its API, and what came with it. */
export interface BotCall {
	method: string;
	/** Everything but the file, as text. */
	fields: Record<string, string>;
	file?: { field: string; name: string; type: string; bytes: Buffer };
}

/** As much of Telegram's Bot API (core.telegram.org/bots/api) as n8n's Telegram nodes need, with one person in one chat. */
export interface LocalTelegram {
	/** Values of a credential of type "Telegram API". */
	credential: { accessToken: string; baseUrl: string };
	/** The ID of the person who writes. */
	userId: string;
	/** Every call but those that manage the webhook, in order. */
	calls: BotCall[];
	/** Lets the person write to the bot; with an `updateId`, Telegram sends an earlier message once more. Returns its ID and the HTTP status of the bot's answer. */
	write(text: string, updateId?: number): Promise<{ updateId: number; status: number }>;
	/** Called with every call to the bot's API. */
	onCall?: (call: BotCall) => void;
	close: () => Promise<void>;
}

const TOKEN = '4242:local-telegram';
const USER_ID = 1001;
const PERSON = { id: USER_ID, is_bot: false, first_name: 'Ada' };
const CHAT = { id: USER_ID, type: 'private', first_name: 'Ada' };

async function readCall(method: string, contentType: string, body: Buffer): Promise<BotCall> {
	if (body.length === 0) return { method, fields: {} };
	if (!contentType.startsWith('multipart/form-data')) {
		const values = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
		const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
		return {
			method,
			fields: Object.fromEntries(
				Object.entries(values).map(([name, value]) => [name, asText(value)]),
			),
		};
	}
	const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
	const call: BotCall = { method, fields: {} };
	for (const [field, value] of form) {
		if (typeof value === 'string') call.fields[field] = value;
		else
			call.file = {
				field,
				name: value.name,
				type: value.type,
				bytes: Buffer.from(await value.arrayBuffer()),
			};
	}
	return call;
}

/** Starts a Telegram on this machine. */
export async function startLocalTelegram(): Promise<LocalTelegram> {
	const app = fastify({ bodyLimit: 64 * 1024 * 1024 });
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
	let webhook = { url: '', secret: '' };
	let updates = 0;
	let messages = 0;
	const message = (more: object) => ({
		message_id: ++messages,
		from: PERSON,
		chat: CHAT,
		date: Math.floor(Date.now() / 1000),
		...more,
	});

	app.post<{ Params: { method: string } }>(`/bot${TOKEN}/:method`, async (request) => {
		const contentType = request.headers['content-type'] ?? '';
		const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
		const call = await readCall(request.params.method, contentType, body);
		if (call.method === 'setWebhook')
			webhook = { url: call.fields.url, secret: call.fields.secret_token };
		if (call.method === 'deleteWebhook') webhook = { url: '', secret: '' };
		if (call.method.endsWith('Webhook')) return { ok: true, result: true };
		if (call.method === 'getWebhookInfo') return { ok: true, result: { url: webhook.url } };
		telegram.calls.push(call);
		telegram.onCall?.(call);
		return { ok: true, result: message({ text: call.fields.text, caption: call.fields.caption }) };
	});
	app.get(`/bot${TOKEN}/getMe`, () => ({ ok: true, result: { id: 4242, is_bot: true } }));
	await app.listen({ host: '127.0.0.1', port: 0 });
	const { port } = app.server.address() as AddressInfo;

	const telegram: LocalTelegram = {
		credential: { accessToken: TOKEN, baseUrl: `http://127.0.0.1:${port}` },
		userId: String(USER_ID),
		calls: [],
		write: async (text, updateId = ++updates) => {
			const reply = await fetch(webhook.url, {
				method: 'POST',
				headers: {
					'content-type': 'application/json',
					'x-telegram-bot-api-secret-token': webhook.secret,
				},
				body: JSON.stringify({ update_id: updateId, message: message({ text }) }),
			});
			return { updateId, status: reply.status };
		},
		close: async () => await app.close(),
	};
	return telegram;
}
