import { EventEmitter } from 'node:events';

import type { IWebhookFunctions } from 'n8n-workflow';

import { SECRET, sign } from './vectors.cts';

export interface WebhookSetup {
	parameters?: Record<string, unknown>;
	/** undefined: no credential chosen. An Error: reading it fails. */
	credential?: Record<string, unknown> | Error;
	headers?: Record<string, string>;
	body?: string | Buffer;
	mode?: string;
	/** Of the URL that was called. */
	query?: Record<string, unknown>;
	workflowId?: string;
	/** Default: another credential for each request, because secrets are kept for some seconds. */
	credentialId?: string;
	/** What HiAPI answers to the request for a task. */
	apiReply?: () => Promise<unknown>;
	readRawBody?: () => Promise<void>;
}

/** The part of an Express response that matters here. */
class FakeResponse extends EventEmitter {
	statusCode = 200;

	headersSent = false;

	writableEnded = false;

	sent: unknown;

	status(code: number) {
		this.statusCode = code;
		return this;
	}

	json(body: unknown) {
		this.sent = body;
		this.end();
	}

	/** What n8n does after webhook() has returned. */
	end(statusCode = this.statusCode) {
		this.statusCode = statusCode;
		this.headersSent = true;
		this.writableEnded = true;
		this.emit('finish');
		this.emit('close');
	}
}

/** A signed request's headers for now. */
export function signedNow(body: string | Buffer, secret = SECRET): Record<string, string> {
	const timestamp = String(Math.floor(Date.now() / 1000));
	return {
		'content-type': 'application/json',
		'x-hiapi-timestamp': timestamp,
		'x-hiapi-signature': sign(body, timestamp, secret),
	};
}

let credentialNumber = 0;

/** An n8n webhook context, as far as the nodes use it. */
export function fakeWebhook(setup: WebhookSetup) {
	const body = Buffer.from(setup.body ?? '');
	const response = new FakeResponse();
	const warnings: string[] = [];
	const apiRequests: Array<{ url: string }> = [];
	const { credential } = setup;
	const credentialId = setup.credentialId ?? `credential-${(credentialNumber += 1)}`;
	const reads = { credential: 0 };
	const request: { headers: unknown; rawBody?: Buffer; readRawBody: () => Promise<void> } = {
		headers: setup.headers ?? {},
		readRawBody:
			setup.readRawBody ??
			(async () => {
				request.rawBody = body;
				await Promise.resolve();
			}),
	};
	const context = {
		logger: {
			debug: () => undefined,
			info: () => undefined,
			warn: (message: string) => warnings.push(message),
		},
		getMode: () => setup.mode ?? 'webhook',
		getWorkflow: () => ({ id: setup.workflowId ?? 'workflow-1' }),
		getNode: () => ({
			id: 'node-1',
			name: 'HiAPI Trigger',
			credentials:
				credential === undefined ? {} : { hiApiApi: { id: credentialId, name: 'HiAPI' } },
		}),
		getNodeParameter: (name: string, fallback: unknown) => setup.parameters?.[name] ?? fallback,
		getCredentials: async () => {
			reads.credential += 1;
			if (credential instanceof Error) throw credential;
			return await Promise.resolve({
				apiKey: 'sk-test',
				baseUrl: 'https://api.example.com/v1',
				...credential,
			});
		},
		getRequestObject: () => request,
		getQueryData: () => setup.query ?? {},
		getResponseObject: () => response,
		helpers: {
			httpRequestWithAuthentication: async (_type: string, options: { url: string }) => {
				apiRequests.push(options);
				return await (
					setup.apiReply ?? (async () => await Promise.reject(new Error('no network')))
				)();
			},
		},
	};
	return {
		context: context as unknown as IWebhookFunctions,
		response,
		warnings,
		apiRequests,
		reads,
	};
}

/** HiAPI's reply with a task. */
export const taskReply = (task: object) => async () =>
	await Promise.resolve({
		statusCode: 200,
		headers: {},
		body: JSON.stringify({ code: 200, message: 'success', data: task }),
	});

/** HiAPI's reply with a status and no data. */
export const errorReply = (statusCode: number) => async () =>
	await Promise.resolve({
		statusCode,
		headers: {},
		body: JSON.stringify({ code: statusCode, message: 'nope', data: null }),
	});
