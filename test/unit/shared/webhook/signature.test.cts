import crypto from 'node:crypto';

import {
	claimsSignature,
	DEFAULT_TOLERANCE_SECONDS,
	verifySignature,
	type Headers,
	type SignatureCheck,
} from '../../../../nodes/shared/webhook/signature';
import {
	FAILURE,
	NOW_SECONDS,
	SECRET,
	sign,
	signedHeaders,
	SUCCESS,
	TIMESTAMP,
} from './vectors.cts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

const verify = (
	headers: Headers = signedHeaders(SUCCESS.signature),
	body: Uint8Array = bytes(SUCCESS.body),
	changes: Partial<SignatureCheck> = {},
) =>
	verifySignature(headers, body, {
		secret: SECRET,
		toleranceSeconds: DEFAULT_TOLERANCE_SECONDS,
		nowSeconds: NOW_SECONDS,
		...changes,
	});

const refused = (problem: string) => ({ valid: false, problem });
const signedWith = (secret: string) => ({ valid: true, signedWith: secret });

describe('genuine callbacks', () => {
	test.each([SUCCESS, FAILURE])('accepts $name', ({ body, bytes: length, signature }) => {
		expect(bytes(body)).toHaveLength(length);
		expect(verify(signedHeaders(signature), bytes(body))).toEqual(signedWith('current'));
	});

	test('accepts any bytes, also none and a byte order mark', () => {
		for (const body of [Buffer.alloc(0), bytes('\uFEFF{}'), Buffer.from([0, 255, 13, 10, 128])]) {
			expect(verify(signedHeaders(sign(body)), body)).toEqual(signedWith('current'));
		}
	});

	test.each(['X-HiAPI-', 'x-hiapi-', 'X-HIAPI-', 'x-HiApi-'])(
		'accepts header names spelled %s…',
		(prefix) => {
			const headers = {
				[`${prefix}Timestamp`]: TIMESTAMP,
				[`${prefix}SIGNATURE`]: [SUCCESS.signature],
			};
			expect(verify(headers)).toEqual(signedWith('current'));
		},
	);

	test.each([-300, 300])('accepts a timestamp %i seconds away', (distance) => {
		expect(verify(undefined, undefined, { nowSeconds: NOW_SECONDS + distance })).toEqual(
			signedWith('current'),
		);
	});

	test('accepts any age when the window is off', () => {
		expect(verify(undefined, undefined, { nowSeconds: 0, toleranceSeconds: 0 })).toEqual(
			signedWith('current'),
		);
	});

	test('accepts non-ASCII secrets as UTF-8', () => {
		const secret = 'clé secrète 秘密';
		const headers = signedHeaders(sign(SUCCESS.body, TIMESTAMP, secret));
		expect(verify(headers, undefined, { secret })).toEqual(signedWith('current'));
	});
});

describe('changing the secret', () => {
	const headers = signedHeaders(SUCCESS.signature);

	test('accepts the previous secret and says so', () => {
		const check = { secret: 'the new secret 0001', previousSecret: SECRET };
		expect(verify(headers, undefined, check)).toEqual(signedWith('previous'));
	});

	test('accepts the previous secret while the current one is empty', () => {
		expect(verify(headers, undefined, { secret: '', previousSecret: SECRET })).toEqual(
			signedWith('previous'),
		);
	});

	test('the current secret wins when both are the same', () => {
		expect(verify(headers, undefined, { previousSecret: SECRET })).toEqual(signedWith('current'));
	});

	test('refuses a third secret', () => {
		const check = { secret: 'the new secret 0001', previousSecret: 'the old secret 0001' };
		expect(verify(headers, undefined, check)).toEqual(refused('mismatch'));
	});
});

describe('refusals', () => {
	test.each([
		['a byte appended', bytes(`${SUCCESS.body} `)],
		['the body serialised again', bytes(JSON.stringify(JSON.parse(SUCCESS.body), null, 1))],
		['another callback’s body', bytes(FAILURE.body)],
		['no body', Buffer.alloc(0)],
		['the body as Latin-1', Buffer.from(FAILURE.body, 'latin1')],
	])('%s', (_name, body) => {
		expect(verify(undefined, body)).toEqual(refused('mismatch'));
	});

	test.each<[string, Headers, string]>([
		['no headers', {}, 'missingTimestamp'],
		['no timestamp', { 'x-hiapi-signature': SUCCESS.signature }, 'missingTimestamp'],
		['no signature', { 'x-hiapi-timestamp': TIMESTAMP }, 'missingSignature'],
		['empty timestamp', signedHeaders(SUCCESS.signature, ''), 'missingTimestamp'],
		['empty signature', signedHeaders(''), 'missingSignature'],
		[
			'undefined values',
			{ 'x-hiapi-timestamp': undefined, 'x-hiapi-signature': undefined },
			'missingTimestamp',
		],
		[
			'both headers twice',
			{
				'x-hiapi-timestamp': TIMESTAMP,
				'X-HiAPI-Timestamp': TIMESTAMP,
				'x-hiapi-signature': SUCCESS.signature,
			},
			'malformedTimestamp',
		],
		[
			'a signature list with the right one',
			{
				'x-hiapi-timestamp': TIMESTAMP,
				'x-hiapi-signature': ['0'.repeat(64), SUCCESS.signature],
			},
			'malformedSignature',
		],
		['sha256= prefix', signedHeaders(`sha256=${SUCCESS.signature}`), 'malformedSignature'],
		['upper-case hex', signedHeaders(SUCCESS.signature.toUpperCase()), 'malformedSignature'],
		['63 digits', signedHeaders(SUCCESS.signature.slice(1)), 'malformedSignature'],
		['65 digits', signedHeaders(`${SUCCESS.signature}0`), 'malformedSignature'],
		['line feed at the end', signedHeaders(`${SUCCESS.signature}\n`), 'malformedSignature'],
		[
			'base64',
			signedHeaders(Buffer.from(SUCCESS.signature, 'hex').toString('base64')),
			'malformedSignature',
		],
		['another digest', signedHeaders('0'.repeat(64)), 'mismatch'],
	])('%s', (_name, headers, problem) => {
		expect(verify(headers)).toEqual(refused(problem));
	});

	test.each([
		'soon',
		'-1777282100',
		'+1777282100',
		'1777282100.0',
		' 1777282100',
		'1.777e9',
		'0x69',
		'１７７７２８２１００',
		'1777282100\n',
	])('timestamp %j, although signed', (timestamp) => {
		const headers = signedHeaders(sign(SUCCESS.body, timestamp), timestamp);
		expect(verify(headers, undefined, { toleranceSeconds: 0 })).toEqual(
			refused('malformedTimestamp'),
		);
	});

	test.each(['01777282100', '17772821000', '177728210'])('timestamp changed to %s', (timestamp) => {
		const headers = signedHeaders(SUCCESS.signature, timestamp);
		expect(verify(headers, undefined, { toleranceSeconds: 0 })).toEqual(refused('mismatch'));
	});

	test.each([-301, 301])('%i seconds away', (distance) => {
		expect(verify(undefined, undefined, { nowSeconds: NOW_SECONDS + distance })).toEqual(
			refused('outsideTolerance'),
		);
	});

	test('a timestamp too long for a number', () => {
		const timestamp = '9'.repeat(400);
		const headers = signedHeaders(sign(SUCCESS.body, timestamp), timestamp);
		expect(verify(headers)).toEqual(refused('outsideTolerance'));
	});

	test.each([NaN, -1])('a window of %d refuses instead of opening', (toleranceSeconds) => {
		expect(verify(undefined, undefined, { toleranceSeconds })).toEqual(refused('outsideTolerance'));
	});

	test('a clock that is not a number refuses instead of opening', () => {
		expect(verify(undefined, undefined, { nowSeconds: NaN })).toEqual(refused('outsideTolerance'));
	});

	test.each<[string, Partial<SignatureCheck>]>([
		['none', { secret: undefined }],
		['empty', { secret: '' }],
		['blank', { secret: '  ', previousSecret: '\t' }],
	])('secret: %s', (_name, check) => {
		expect(verify(undefined, undefined, check)).toEqual(refused('noSecret'));
	});

	test('signed with the empty secret while only a current secret is stored', () => {
		expect(verify(signedHeaders(sign(SUCCESS.body, TIMESTAMP, '')))).toEqual(refused('mismatch'));
	});

	test('signed with a blank previous secret', () => {
		const headers = signedHeaders(sign(SUCCESS.body, TIMESTAMP, ' '));
		expect(verify(headers, undefined, { previousSecret: ' ' })).toEqual(refused('mismatch'));
	});
});

describe('the comparison', () => {
	test.each([
		['the right signature', SUCCESS.signature],
		['one that is wrong from its first digit on', '0'.repeat(64)],
		['one that is wrong in its last digit', `${SUCCESS.signature.slice(0, -1)}0`],
	])('takes the same time for %s: all bytes, with both secrets', (_name, signature) => {
		const compare = jest.spyOn(crypto, 'timingSafeEqual');
		verify(signedHeaders(signature), undefined, { previousSecret: 'another' });
		const lengths = compare.mock.calls.map((buffers) =>
			buffers.map(({ byteLength }) => byteLength),
		);
		compare.mockRestore();
		expect(lengths).toEqual([
			[32, 32],
			[32, 32],
		]);
	});
});

describe('claimsSignature', () => {
	test.each<[Headers, boolean]>([
		[signedHeaders('anything'), true],
		[{ 'X-HIAPI-SIGNATURE': 'x' }, true],
		[{ 'x-hiapi-timestamp': '1' }, true],
		[{ 'x-hiapi-timestamp': '' }, false],
		[{ 'content-type': 'application/json' }, false],
		[{}, false],
	])('%j: %s', (headers, expected) => {
		expect(claimsSignature(headers)).toBe(expected);
	});
});
