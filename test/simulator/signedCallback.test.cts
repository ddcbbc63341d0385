import { callbackSignature, signCallback } from '../../simulator/signedCallback.cts';

const SECRET = '0123456789abcdef0123456789abcdef';
const TIMESTAMP = 1777282100;

// Computed with HiAPI's official SDK and with node:crypto.
const VECTORS = [
	[
		'{"taskId":"tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR","model":"happyhorse-1-0","status":"success","created":1777282033,"completed":1777282099,"output":[{"url":"https://cdn.hiapi.ai/tasks/x/video.mp4","type":"video","expireAt":1777886899}]}',
		'b689ce0b8fd9ede5f3afb250b8712fe859a0503beca609e8c2bf6de8d6cdf4a4',
	],
	[
		'{"taskId":"tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR","model":"seedance-2-0","status":"fail","created":1777282033,"completed":1777282099,"error":{"code":"TASK_FAILED","message":"画面被拒绝 – blocked"}}',
		'a58504fe6f9aacf91fa9c583cb10cb148a01bed4012a791166431aafa669de21',
	],
];

describe('signed callbacks', () => {
	it.each(VECTORS)('signs %s', (body, signature) => {
		expect(callbackSignature(SECRET, body, TIMESTAMP)).toBe(signature);
		expect(callbackSignature(SECRET, Buffer.from(body), TIMESTAMP)).toBe(signature);
		expect(signCallback(SECRET, body, TIMESTAMP)).toEqual({
			headers: {
				'content-type': 'application/json',
				'x-hiapi-timestamp': '1777282100',
				'x-hiapi-signature': signature,
			},
			body: Buffer.from(body),
		});
	});

	it('signs the exact bytes: one more changes everything', () => {
		expect(callbackSignature(SECRET, `${VECTORS[0][0]}\n`, TIMESTAMP)).not.toBe(VECTORS[0][1]);
	});
});
