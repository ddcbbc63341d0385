import type { IExecuteFunctions } from 'n8n-workflow';

import { readCallbackUrl } from '../../../../nodes/HiApi/parameters/callbackUrl';

/** A node whose Callback URL this is, and the remarks in its output pane. */
function nodeWith(callbackUrl: string, baseUrl: string) {
	const hints: string[] = [];
	const context = {
		getNodeParameter: (name: string) =>
			({ callback: 'url', callbackUrl, options: {} })[name as 'callback'],
		getNode: () => ({ type: 'n8n-nodes-hiapi.hiApi', credentials: {} }),
		getCredentials: async () => await Promise.resolve({ apiKey: 'sk-test', baseUrl }),
		addExecutionHints: ({ message }: { message: string }) => hints.push(message),
	};
	return { context: context as unknown as IExecuteFunctions, hints };
}

const LOCAL = 'http://localhost:5678/webhook/6f1c/webhook';

test('a local address is said to be out of reach, and what does without it', async () => {
	const { context, hints } = nodeWith(LOCAL, 'https://api.hiapi.ai/v1');
	expect(await readCallbackUrl(context, 0)).toBe(LOCAL);
	expect(hints).toHaveLength(1);
	expect(hints[0]).toContain('cannot reach');
	expect(hints[0]).toContain('HiAPI Polling Trigger');
});

test('nothing is said where the API is local, too', async () => {
	const { context, hints } = nodeWith(LOCAL, 'http://127.0.0.1:4010/v1');
	expect(await readCallbackUrl(context, 0)).toBe(LOCAL);
	expect(hints).toEqual([]);
});

test('that a test URL does not answer for long is said everywhere', async () => {
	const { context, hints } = nodeWith(
		'http://localhost:5678/webhook-test/6f1c/webhook',
		'http://127.0.0.1:4010/v1',
	);
	await readCallbackUrl(context, 0);
	expect(hints).toEqual([expect.stringContaining('test URL')]);
});
