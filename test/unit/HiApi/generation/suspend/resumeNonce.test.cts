import { createHmac } from 'node:crypto';

import fc from 'fast-check';

import {
	suspensionNonce,
	type WaitIdentity,
} from '../../../../../nodes/HiApi/generation/suspend/resumeNonce';

const WAIT: WaitIdentity = {
	instanceId: 'i',
	workflowId: 'w',
	executionId: '7',
	nodeId: 'n',
	nodeName: 'HiAPI',
};

test('is the same for the same wait, in every process', () => {
	const text = JSON.stringify(['n8n-nodes-hiapi callback nonce', 'i', 'w', '7', 'n', 'HiAPI']);
	const expected = createHmac('sha256', 'sk-1').update(text).digest('hex').slice(0, 32);
	expect(suspensionNonce('sk-1', WAIT)).toBe(expected);
});

test('is another one for every other wait and every other key, and shows nothing of the key', () => {
	const fields = Object.keys(WAIT) as Array<keyof WaitIdentity>;
	fc.assert(
		fc.property(fc.string(), fc.constantFrom(...fields), (value, field) => {
			fc.pre(value !== WAIT[field]);
			expect(suspensionNonce('sk-1', { ...WAIT, [field]: value })).not.toBe(
				suspensionNonce('sk-1', WAIT),
			);
		}),
	);
	fc.assert(
		fc.property(fc.string({ minLength: 33 }), (key) => {
			fc.pre(key !== 'sk-1');
			const nonce = suspensionNonce(key, WAIT);
			expect(nonce).toMatch(/^[0-9a-f]{32}$/);
			expect(nonce).not.toBe(suspensionNonce('sk-1', WAIT));
		}),
	);
});
