import type { IDataObject } from 'n8n-workflow';

import type { Submission } from '../../../../nodes/HiApi/generation/request/taskRequest';
import { readSubmission } from '../../../../nodes/HiApi/n8n/readRequest';
import { HiApiError } from '../../../../nodes/shared/errors/apiError';
import type { CatalogAccess } from '../../../../nodes/HiApi/models/modelCatalog';
import { fakeExecution } from '../generation/create/fakeExecution.cts';

const NO_CATALOG: CatalogAccess = {
	baseUrl: undefined,
	fetchJson: async () => await Promise.reject(new Error('offline')),
	now: () => 0,
};

interface Read {
	submission: Submission;
	body: IDataObject;
	hints: string[];
}

async function read(parameters: IDataObject, credential: IDataObject = {}): Promise<Read> {
	const hints: string[] = [];
	const context = Object.assign(
		fakeExecution({
			items: [{ model: 'any/model', inputMode: 'json', input: '{}', prompt: 'p', ...parameters }],
		}),
		{
			getCredentials: async () => credential,
			addExecutionHints: (...added: Array<{ message: string }>) =>
				hints.push(...added.map(({ message }) => message)),
		},
	);
	const submission = await readSubmission(context, 0, NO_CATALOG);
	return { submission, body: JSON.parse(submission.body) as IDataObject, hints };
}

const problem = async (parameters: IDataObject): Promise<HiApiError> => {
	const failure = await read(parameters).catch((error: unknown) => error);
	if (!(failure instanceof HiApiError)) throw new Error(`accepted ${JSON.stringify(failure)}`);
	return failure;
};

test('only what was set is sent', async () => {
	const { submission, body } = await read({});
	expect(body).toEqual({ model: 'any/model', input: { prompt: 'p' } });
	expect(submission).toMatchObject({ itemIndex: 0, model: 'any/model', userKey: undefined });
});

test('route, storage and callback stand next to the model', async () => {
	const { body } = await read({
		input: '{"size":"1K"}',
		callback: 'url',
		callbackUrl: ' https://n8n.example.com/webhook/1 ',
		options: { route: ' ext ', storage: 'persistent', idempotencyKey: ' row-42 ' },
	});
	expect(body).toEqual({
		model: 'any/model',
		input: { size: '1K', prompt: 'p' },
		route: 'ext',
		storage: 'persistent',
		callback: { url: 'https://n8n.example.com/webhook/1', when: 'final' },
	});
});

test('a callback given as an option is sent the same way', async () => {
	const { body, hints } = await read({
		options: { callbackUrl: ' https://n8n.example.com/webhook/1 ' },
	});
	expect(body.callback).toEqual({ url: 'https://n8n.example.com/webhook/1', when: 'final' });
	expect(hints).toEqual([]);
});

test('an empty route is not sent: HiAPI compares bytes', async () => {
	expect((await read({ options: { route: ' ' } })).body).not.toHaveProperty('route');
});

test('a callback URL left over from before is not sent when Callback is off', async () => {
	expect(
		(await read({ callback: 'none', callbackUrl: 'https://n8n.example.com/webhook/1' })).body,
	).not.toHaveProperty('callback');
});

test('the same parameters give the same bytes', async () => {
	const parameters = { input: { b: 1, a: [1, 2] }, prompt: 'é', options: { route: 'ext' } };
	expect((await read(parameters)).submission.body).toBe(
		(await read(structuredClone(parameters))).submission.body,
	);
});

test('without the option the key is made by the node', async () => {
	expect((await read({})).submission.userKey).toBeUndefined();
});

test.each([
	['row-42', 'row-42'],
	[' row-42\n', 'row-42'],
	[42, '42'],
])('the idempotency key %j is %j', async (idempotencyKey, userKey) => {
	expect((await read({ options: { idempotencyKey } as IDataObject })).submission.userKey).toBe(
		userKey,
	);
});

describe('refused before anything is sent', () => {
	test.each<[string, IDataObject, string]>([
		['no model', { model: ' ' }, "'Model' is empty"],
		['an input that is no object', { input: '[1]' }, "'Input (JSON)' is not a JSON object"],
		['broken JSON', { input: '{' }, "'Input (JSON)' is not valid JSON"],
		[
			'callback inside the input',
			{ input: '{"callback":{"url":"https://x"}}' },
			"'callback' does not belong inside 'Input (JSON)'",
		],
		['a callback without an address', { callback: 'url' }, "'Callback URL' is empty"],
		[
			'a callback option from an expression that found nothing',
			{ options: { callbackUrl: undefined as unknown as string } },
			"'Callback URL' is empty",
		],
		[
			'a callback option to something else',
			{ options: { callbackUrl: 'ftp://x/y' } },
			"'Callback URL' is not an http or https address",
		],
		[
			'a callback to something else',
			{ callback: 'url', callbackUrl: 'ftp://x/y' },
			"'Callback URL' is not an http or https address",
		],
		[
			'a key from an expression that found nothing',
			{ options: { idempotencyKey: undefined as unknown as string } },
			"'Idempotency Key' is empty or not a text",
		],
		[
			'a blank key',
			{ options: { idempotencyKey: ' ' } },
			"'Idempotency Key' is empty or not a text",
		],
		[
			'a key that is an object',
			{ options: { idempotencyKey: { id: 1 } } },
			"'Idempotency Key' is empty or not a text",
		],
		[
			'a key that is too long',
			{ options: { idempotencyKey: 'x'.repeat(256) } },
			"'Idempotency Key' is 256 bytes long",
		],
		[
			'a key that gets too long with its retries',
			{ options: { idempotencyKey: 'x'.repeat(250), retryFailedTasks: 1 } },
			"'Idempotency Key' is 250 bytes long",
		],
		[
			'a key that cannot be sent',
			{ options: { idempotencyKey: 'zeile-é' } },
			"'Idempotency Key' may hold only ASCII",
		],
	])('%s', async (_, parameters, message) => {
		const failure = await problem({ prompt: 'secret plan', ...parameters });
		expect(failure.message).toContain(message);
		expect(failure.description).toMatch(/^[A-Z].{15,}/);
		expect(`${failure.message} ${failure.description}`).not.toContain('secret plan');
	});
});

test('a callback to this machine is no news where the API is a simulator on it', async () => {
	const callbackUrl = 'http://127.0.0.1:5678/webhook/1';
	const { hints, body } = await read(
		{ callback: 'url', callbackUrl },
		{ baseUrl: 'http://127.0.0.1:4010/v1' },
	);
	expect(hints).toEqual([]);
	expect(body.callback).toEqual({ url: callbackUrl, when: 'final' });
});

test('a callback that will hardly arrive is a warning', async () => {
	const { hints, body } = await read({
		callback: 'url',
		callbackUrl: 'http://localhost:5678/webhook/1',
	});
	expect(hints).toHaveLength(1);
	expect(body.callback).toMatchObject({ url: 'http://localhost:5678/webhook/1' });
});
