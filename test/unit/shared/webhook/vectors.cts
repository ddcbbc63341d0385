import { createHmac } from 'node:crypto';

/** Callbacks signed with HiAPI's documented formula; the signatures were checked with the official Python SDK. */
export const SECRET = '0123456789abcdef0123456789abcdef';
export const TIMESTAMP = '1777282100';
export const NOW_SECONDS = 1777282100;

export interface Vector {
	name: string;
	body: string;
	bytes: number;
	signature: string;
}

export const SUCCESS: Vector = {
	name: 'a success',
	body: '{"taskId":"tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR","model":"happyhorse-1-0","status":"success","created":1777282033,"completed":1777282099,"output":[{"url":"https://cdn.hiapi.ai/tasks/x/video.mp4","type":"video","expireAt":1777886899}]}',
	bytes: 233,
	signature: 'b689ce0b8fd9ede5f3afb250b8712fe859a0503beca609e8c2bf6de8d6cdf4a4',
};

export const FAILURE: Vector = {
	name: 'a failure with Chinese text and an en dash',
	body: '{"taskId":"tk-hiapi-01HZTQ8BX2N3GM3YFK4Z9D7VQR","model":"seedance-2-0","status":"fail","created":1777282033,"completed":1777282099,"error":{"code":"TASK_FAILED","message":"画面被拒绝 – blocked"}}',
	bytes: 202,
	signature: 'a58504fe6f9aacf91fa9c583cb10cb148a01bed4012a791166431aafa669de21',
};

/** Signs as HiAPI does, for cases that have no fixed vector. */
export function sign(body: string | Uint8Array, timestamp = TIMESTAMP, secret = SECRET): string {
	return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
}

/** The two headers as Node's HTTP server hands them over. */
export function signedHeaders(signature: string, timestamp = TIMESTAMP): Record<string, string> {
	return {
		'content-type': 'application/json',
		'x-hiapi-timestamp': timestamp,
		'x-hiapi-signature': signature,
	};
}
