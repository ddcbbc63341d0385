import fc from 'fast-check';

import { readBody } from '../../../../nodes/shared/webhook/verify';
import { fakeWebhook } from './fakeWebhook.cts';

test('the bytes are those that came', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array(), async (bytes) => {
			const body = Buffer.from(bytes);
			expect(await readBody(fakeWebhook({ body }).context)).toEqual(body);
		}),
	);
});

test.each([
	['n8n cannot read them', async () => await Promise.reject(new Error('not readable'))],
	['n8n keeps none', async () => await Promise.resolve()],
])('%s: they count as empty', async (_name, readRawBody) => {
	expect(await readBody(fakeWebhook({ body: 'something', readRawBody }).context)).toEqual(
		Buffer.alloc(0),
	);
});
