import fc from 'fast-check';

import {
	SIGNATURE_HEADER,
	TIMESTAMP_HEADER,
	type SignatureVerdict,
} from '../../../../nodes/shared/webhook/signature';
import {
	checkWithSecrets,
	needsSignature,
	readVerification,
	type Secrets,
} from '../../../../nodes/shared/webhook/verify';

describe('who has to sign', () => {
	test('only the two words open the door, whatever else a parameter may hold', () => {
		expect([readVerification('readBack'), readVerification('none')]).toEqual(['readBack', 'none']);
		fc.assert(
			fc.property(
				fc.anything().filter((value) => value !== 'readBack' && value !== 'none'),
				(value) => readVerification(value) === 'signature',
			),
		);
	});

	test('a request with either header has to be signed well, and with the safe choice every request', () => {
		const header = fc.constantFrom(
			TIMESTAMP_HEADER,
			SIGNATURE_HEADER,
			TIMESTAMP_HEADER.toUpperCase(),
		);
		const headers = fc.dictionary(fc.oneof(header, fc.string()), fc.string());
		const verification = fc.constantFrom('signature', 'readBack', 'none');
		fc.assert(
			fc.property(headers, verification, (sent, word) => {
				// a header that comes twice has been tampered with, even if both are empty
				const valuesOf = (header: string) =>
					Object.entries(sent).flatMap(([name, value]) =>
						name.toLowerCase() === header ? [value] : [],
					);
				const claims = [TIMESTAMP_HEADER, SIGNATURE_HEADER]
					.map(valuesOf)
					.some((values) => values.length > 1 || values.some((value) => value !== ''));
				return needsSignature(readVerification(word), sent) === (word === 'signature' || claims);
			}),
			{
				examples: [[{ [TIMESTAMP_HEADER]: '', [TIMESTAMP_HEADER.toUpperCase()]: '' }, 'readBack']],
			},
		);
	});
});

describe('which secrets count', () => {
	const verdicts = fc.oneof(
		fc.constantFrom<SignatureVerdict>(
			{ valid: true, signedWith: 'current' },
			{ valid: true, signedWith: 'previous' },
		),
		fc
			.constantFrom(
				'noSecret',
				'missingTimestamp',
				'missingSignature',
				'malformedTimestamp',
				'malformedSignature',
				'outsideTolerance',
				'mismatch',
			)
			.map((problem) => ({ valid: false, problem }) as SignatureVerdict),
	);

	test('new ones are read only when those at hand are not new and a change would explain the verdict', async () => {
		await fc.assert(
			fc.asyncProperty(verdicts, verdicts, fc.boolean(), async (atHand, afterwards, isNew) => {
				let freshReads = 0;
				const source = {
					recent: async () => await Promise.resolve({ value: { secret: 'at hand' }, isNew }),
					anew: async () => {
						freshReads += 1;
						return await Promise.resolve({ secret: 'fresh' });
					},
				};
				const check = ({ secret }: Secrets) => (secret === 'fresh' ? afterwards : atHand);
				const explains =
					!atHand.valid && (atHand.problem === 'mismatch' || atHand.problem === 'noSecret');
				const readsAgain = explains && !isNew;
				expect(await checkWithSecrets(source, check)).toBe(readsAgain ? afterwards : atHand);
				expect(freshReads).toBe(readsAgain ? 1 : 0);
			}),
		);
	});
});
