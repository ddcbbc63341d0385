import fc from 'fast-check';

import {
	bodyHash,
	idempotencyKey,
	keyOfRetry,
	keyOfVariation,
	keyProblem,
	LONGEST_KEY_BYTES,
	type CreateIdentity,
} from '../../../../../nodes/HiApi/generation/request/idempotencyKey';

const identities: fc.Arbitrary<CreateIdentity> = fc.record({
	instanceId: fc.string(),
	workflowId: fc.string(),
	executionId: fc.string(),
	nodeId: fc.string(),
	nodeName: fc.string(),
	runIndex: fc.nat(),
	itemIndex: fc.nat(),
	attempt: fc.nat(),
	body: fc.string({ unit: 'binary' }),
});
const FIELDS = [
	'instanceId',
	'workflowId',
	'executionId',
	'nodeId',
	'nodeName',
	'runIndex',
	'itemIndex',
	'attempt',
	'body',
] as const;
const bytesOf = (text: string) => new TextEncoder().encode(text).length;

describe('the key made for a purchase', () => {
	test('is the same for the same purchase, in every process', () => {
		const identity = {
			instanceId: 'i',
			workflowId: 'w',
			executionId: '7',
			nodeId: 'n',
			nodeName: 'HiAPI',
			runIndex: 0,
			itemIndex: 3,
			attempt: 0,
			body: '{"model":"m","input":{"prompt":"é"}}',
		};
		expect(idempotencyKey(identity)).toBe(
			'n8n-1dcf5efe77cc709dcbfbfc75054fb3dc1f79a9bf39ba986910a4486eca98a1d3',
		);
		fc.assert(
			fc.property(identities, (any) =>
				expect(idempotencyKey({ ...any })).toBe(idempotencyKey(any)),
			),
		);
	});

	test('is another one when anything at all differs', () => {
		fc.assert(
			fc.property(identities, identities, fc.constantFrom(...FIELDS), (one, other, field) => {
				fc.pre(one[field] !== other[field]);
				expect(idempotencyKey({ ...one, [field]: other[field] })).not.toBe(idempotencyKey(one));
			}),
		);
	});

	test('keeps neighbouring parts apart', () => {
		const identity = {
			instanceId: 'a',
			workflowId: 'b',
			executionId: '1',
			nodeId: '',
			nodeName: '',
			runIndex: 11,
			itemIndex: 1,
			attempt: 0,
			body: '',
		};
		expect(idempotencyKey({ ...identity, instanceId: 'ab', workflowId: '' })).not.toBe(
			idempotencyKey(identity),
		);
		expect(idempotencyKey({ ...identity, runIndex: 1, itemIndex: 11 })).not.toBe(
			idempotencyKey(identity),
		);
	});

	test('fits the header and tells nothing', () => {
		fc.assert(
			fc.property(identities, (identity) => {
				const key = idempotencyKey(identity);
				expect(key).toMatch(/^n8n-[0-9a-f]{64}$/);
				expect(keyProblem(key, 3)).toBeUndefined();
			}),
		);
	});
});

test('a body is known again by its bytes', () => {
	expect(bodyHash('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
	expect(bodyHash('{"a":1}')).not.toBe(bodyHash('{"a": 1}'));
	expect(bodyHash('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c');
});

describe('a key typed in by the user', () => {
	test('is used as it is for the first purchase and marked for the ones that replace failed tasks', () => {
		expect(keyOfRetry('row-42', 0)).toBe('row-42');
		expect(new Set([0, 1, 2, 3].map((retries) => keyOfRetry('row-42', retries))).size).toBe(4);
		expect(keyOfRetry('row-42', 2)).toBe(keyOfRetry('row-42', 2));
	});

	test.each(
		['row-42', ' ', 'a b', '~!@#$%^&*()', 'x'.repeat(255)].filter((key) => key.trim() !== ''),
	)('%s is fine', (key) => {
		expect(keyProblem(key)).toBeUndefined();
	});

	test.each(['', ' ', '\t', '\n', '\u00A0', '\u3000'])('%j is empty', (key) => {
		expect(keyProblem(key)).toBe('is empty');
	});

	test.each([
		'a\nb',
		'a\r\nX-Evil: 1',
		'a\u0000',
		'clé',
		'行42',
		'\u{1F600}',
		'a\u200Bb',
		'a\u007F',
	])('%j cannot travel in a header', (key) => {
		expect(keyProblem(key)).toContain('ASCII');
	});

	test('may be 255 bytes long, less where retries make it longer', () => {
		expect(keyProblem('x'.repeat(255))).toBeUndefined();
		expect(keyProblem('x'.repeat(256))).toBe('is 256 bytes long, and at most 255 are allowed');
		expect(keyProblem('é'.repeat(128))).toContain('256 bytes');
		expect(keyProblem('x'.repeat(255), 1)).toContain('at most 248');
		expect(keyProblem('x'.repeat(255), 0, 2)).toContain('at most 253');
		expect(keyProblem('x'.repeat(255), 1, 20)).toContain('at most 245');
	});

	test('whatever is accepted can be sent, for every variation and with every retry', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'binary', maxLength: 300 }),
				fc.nat(3),
				fc.integer({ min: 1, max: 20 }),
				(key, retries, variations) => {
					if (keyProblem(key, retries, variations) !== undefined) return;
					for (let retry = 0; retry <= retries; retry++)
						for (let variation = 0; variation < variations; variation++) {
							const sent = keyOfRetry(keyOfVariation(key, variation), retry);
							expect(bytesOf(sent)).toBeLessThanOrEqual(LONGEST_KEY_BYTES);
							expect(() => new Headers({ 'Idempotency-Key': sent })).not.toThrow();
						}
				},
			),
			{ numRuns: 500 },
		);
	});
});
