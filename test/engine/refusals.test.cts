import type { IDataObject } from 'n8n-workflow';

import { runInEngine } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
} from './support/hiApi.cts';

afterEach(stopSimulators);
jest.setTimeout(30_000);

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

describe('bad input is refused before any request', () => {
	test.each([
		['an empty model', { model: byId('={{ "" }}') }, /'Model' is empty/],
		['input that is a list', { input: '[1]' }, /'Input \(JSON\)' is not a JSON object/],
		['input that is no JSON', { input: '{ prompt: ' }, /'Input \(JSON\)' is not valid JSON/],
		[
			'callback inside input',
			{ input: '{ "callback": {} }' },
			/'callback' does not belong inside 'Input \(JSON\)'/,
		],
		[
			'a callback URL that is none',
			{ operation: 'create', callback: 'url', callbackUrl: 'ftp://example.com' },
			/'Callback URL' is not an http or https address/,
		],
		[
			'an empty callback URL',
			{ operation: 'create', callback: 'url', callbackUrl: '={{ "" }}' },
			/'Callback URL' is empty/,
		],
		[
			'a callback URL that is none, as an option',
			{ options: { callbackUrl: 'ftp://example.com' } },
			/'Callback URL' is not an http or https address/,
		],
		[
			'an empty callback URL, as an option',
			{ options: { callbackUrl: '={{ "" }}' } },
			/'Callback URL' is empty/,
		],
		[
			'a time-out of nothing',
			{ options: { timeout: 0 } },
			/'Timeout \(Minutes\)' is not a number greater than 0/,
		],
		[
			'a negative interval',
			{ options: { pollInterval: -1 } },
			/'Polling Interval \(Seconds\)' is not a number at least 0/,
		],
		['no concurrency', { options: { concurrency: 0 } }, /'Concurrency' is not a number at least 1/],
		[
			'a key that is too long',
			{ options: { idempotencyKey: 'x'.repeat(256) } },
			/'Idempotency Key' is 256 bytes long/,
		],
		['too many retries', { options: { retryFailedTasks: 4 } }, /'Retry Failed Tasks'/],
	])('%s', async (_name, parameters, message) => {
		const simulator = await newSimulator();
		const { error } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: runAndWait(parameters),
			items: prompts(2),
		});
		expect(error?.message).toMatch(message);
		expect(error?.description).toBeTruthy();
		expect(error?.context?.itemIndex).toBe(0);
		expect(simulator.requests).toHaveLength(0);
	});

	test('one bad item stops the node before anything is bought, and the error names the item', async () => {
		const simulator = await newSimulator();
		const { error } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: runAndWait({ input: '={{ $json.input }}' }),
			items: [
				{ prompt: 'a', input: '{}' },
				{ prompt: 'b', input: '[]' },
			],
		});
		expect(error?.context?.itemIndex).toBe(1);
		expect(simulator.purchases).toBe(0);
	});

	test('with Continue On Fail the good items go on', async () => {
		const simulator = await newSimulator();
		const { outputs } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: runAndWait({ input: '={{ $json.input }}' }),
			items: [
				{ prompt: 'a', input: '[]' },
				{ prompt: 'b', input: '{}' },
			],
			settings: { onError: 'continueErrorOutput' },
		});
		expect(outputs.map((items) => items.length)).toEqual([1, 1]);
		expect(outputs[0][0]).toMatchObject({ json: { status: 'success' }, pairedItem: { item: 1 } });
		expect(simulator.purchases).toBe(1);
	});

	test('a base URL that would show the key to the internet is refused, as items under Continue On Fail', async () => {
		const simulator = await newSimulator();
		const credential = { ...credentialFor(simulator), baseUrl: 'http://api.example.com/v1' };
		const stopped = await runInEngine({ credential, parameters: runAndWait(), items: prompts(1) });
		expect(stopped.error?.message).toMatch(/'Base URL' in the credential must start with https/);
		const continued = await runInEngine({
			credential,
			parameters: runAndWait(),
			items: prompts(2),
			settings: { onError: 'continueErrorOutput' },
		});
		expect(continued.outputs.map((items) => items.length)).toEqual([0, 2]);
	});
});

describe('what HiAPI refuses is explained', () => {
	test.each([
		['balance', { balance: 0 }, undefined, /balance.*does not cover/, /No task was created/, '402'],
		['key', {}, { apiKey: 'wrong' }, /did not accept the API key/, /API Key/, '401'],
		[
			'key, told in a 200',
			{ authEnvelope: 'E3' },
			{ apiKey: 'wrong' },
			/did not accept the API key/,
			/API Key/,
			'401',
		],
	] as const)('%s', async (_name, switches, credential, message, description, status) => {
		const simulator = await newSimulator({ switches });
		const { error } = await runInEngine({
			credential: { ...credentialFor(simulator), ...credential },
			parameters: runAndWait(),
			items: prompts(1),
		});
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(description);
		expect(error?.httpCode).toBe(status);
		expect(simulator.purchases).toBe(0);
		expect(JSON.stringify(error)).not.toContain(simulator.apiKey);
	});

	test('all invalid fields are named in the API’s own words', async () => {
		const simulator = await newSimulator();
		const { error } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: runAndWait({
				model: byId('happyhorse-1.1/text-to-video'),
				input: '{ "duration": 99, "size": 1 }',
			}),
			items: prompts(1),
		});
		expect(error?.message).toMatch(/additional properties 'size' not allowed/);
		expect(error?.message).toMatch(/duration: maximum: got 99, want 15/);
		expect(error?.httpCode).toBe('400');
	});
});

describe('an expression that gives no text for the prompt buys nothing, in a batch of 100 either', () => {
	const items = Array.from({ length: 100 }, (_, index) => ({
		output: { image_prompt: `SECRET ${index}`, style: 'ink' },
		scenes: ['SECRET', 'SECRET'],
	}));
	const inJson = (input: string) => ({ prompt: '', inputMode: 'json', input });

	test.each<[string, IDataObject, string]>([
		[
			'an object',
			{ prompt: '={{ $json.output }}' },
			"'Prompt' is an object with image_prompt, style, not a text",
		],
		['a list', { prompt: '={{ $json.scenes }}' }, "'Prompt' is a list of 2, not a text"],
		[
			'an object in the middle of a text',
			{ prompt: '=Paint {{ $json.output }} in oil' },
			"'Prompt' contains [object Object] in place of a text",
		],
		[
			'an object in the text of Input (JSON)',
			inJson('={ "prompt": "Paint {{ $json.output }}" }'),
			"'prompt' contains [object Object] in place of a text",
		],
		[
			'an object as prompt in Input (JSON)',
			inJson('={{ { prompt: $json.output } }}'),
			"'prompt' is an object with image_prompt, style, not a text",
		],
		[
			'an object among the fields',
			{
				prompt: '',
				inputMode: 'fields',
				fields: {
					mappingMode: 'defineBelow',
					value: { prompt: '={{ $json.output }}' },
					schema: [{ id: 'prompt', type: 'string', removed: false, shape: { type: 'string' } }],
				},
			},
			"'prompt' is an object with image_prompt, style, not a text",
		],
		[
			'an object in the key',
			{ options: { idempotencyKey: '=row-{{ $json.output }}' } },
			"'Idempotency Key' contains [object Object] in place of a text",
		],
	])('%s', async (_, parameters, message) => {
		const simulator = await newSimulator();
		const { error } = await runInEngine({
			credential: credentialFor(simulator),
			parameters: runAndWait({ prompt: 'a lake', ...parameters }),
			items,
		});
		expect(error?.message).toBe(message);
		expect(error?.description).not.toContain('SECRET');
		expect(simulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(0);
	});
});
