import fc from 'fast-check';

import { verifySignature, type Headers } from '../../../../nodes/shared/webhook/signature';
import {
	FAILURE,
	NOW_SECONDS,
	SECRET,
	sign,
	signedHeaders,
	SUCCESS,
	TIMESTAMP,
} from './vectors.cts';

interface Forgery {
	headers: Headers;
	body: Uint8Array;
}

const PREVIOUS = 'fedcba9876543210fedcba9876543210';
const GENUINE = [
	{ body: Buffer.from(SUCCESS.body), signature: SUCCESS.signature },
	{ body: Buffer.from(FAILURE.body), signature: FAILURE.signature },
	{ body: Buffer.from(SUCCESS.body), signature: sign(SUCCESS.body, TIMESTAMP, PREVIOUS) },
];

/** A wide window leaves only the signature to stop a changed timestamp. */
const accepts = ({ headers, body }: Forgery) =>
	verifySignature(headers, body, {
		secret: SECRET,
		previousSecret: PREVIOUS,
		toleranceSeconds: 0,
		nowSeconds: NOW_SECONDS,
	}).valid;

const MOST_SHOWN = 3;
const tried = { count: 0, accepted: [] as Forgery[] };
const attempt = (forgery: Forgery) => {
	tried.count += 1;
	// A few are enough to see what is wrong; all of a hundred thousand could not even be printed.
	if (accepts(forgery) && tried.accepted.length < MOST_SHOWN) tried.accepted.push(forgery);
};

function flipBit(bytes: Uint8Array, bit: number): Buffer {
	const copy = Buffer.from(bytes);
	copy[bit >> 3] ^= 1 << (bit & 7);
	return copy;
}

beforeEach(() => {
	tried.count = 0;
	tried.accepted = [];
});

test('the callbacks the forgeries start from are genuine', () => {
	for (const { body, signature } of GENUINE) {
		expect(accepts({ headers: signedHeaders(signature), body })).toBe(true);
	}
});

test('every single bit of body, signature and timestamp flipped', () => {
	for (const { body, signature } of GENUINE) {
		for (let bit = 0; bit < body.length * 8; bit += 1) {
			attempt({ headers: signedHeaders(signature), body: flipBit(body, bit) });
		}
		for (let bit = 0; bit < signature.length * 8; bit += 1) {
			const forged = flipBit(Buffer.from(signature, 'latin1'), bit).toString('latin1');
			attempt({ headers: signedHeaders(forged), body });
		}
		for (let bit = 0; bit < TIMESTAMP.length * 8; bit += 1) {
			const forged = flipBit(Buffer.from(TIMESTAMP, 'latin1'), bit).toString('latin1');
			attempt({ headers: signedHeaders(signature, forged), body });
		}
	}
	expect(tried.count).toBeGreaterThan(5_000);
	expect(tried.accepted).toEqual([]);
});

test('every truncation of body, signature and timestamp, from both ends', () => {
	for (const { body, signature } of GENUINE) {
		for (let length = 0; length < body.length; length += 1) {
			attempt({ headers: signedHeaders(signature), body: body.subarray(0, length) });
			attempt({ headers: signedHeaders(signature), body: body.subarray(body.length - length) });
		}
		for (let length = 0; length < signature.length; length += 1) {
			attempt({ headers: signedHeaders(signature.slice(0, length)), body });
			attempt({ headers: signedHeaders(signature.slice(-length - 1, -1)), body });
		}
		for (let length = 0; length < TIMESTAMP.length; length += 1) {
			attempt({ headers: signedHeaders(signature, TIMESTAMP.slice(0, length)), body });
		}
	}
	expect(tried.accepted).toEqual([]);
});

test('bytes moved between timestamp and body', () => {
	for (const { body, signature } of GENUINE) {
		for (let moved = 1; moved < 8; moved += 1) {
			const longer = Buffer.concat([Buffer.from(`${TIMESTAMP.slice(-moved)}.`), body]);
			attempt({ headers: signedHeaders(signature, TIMESTAMP.slice(0, -moved)), body: longer });
			attempt({
				headers: signedHeaders(signature, `${TIMESTAMP}.${body.subarray(0, moved).toString()}`),
				body: body.subarray(moved),
			});
		}
	}
	expect(tried.accepted).toEqual([]);
});

describe('generated forgeries', () => {
	// Built once: arbitraries made inside `chain` would be built again for each of the 100 000 runs.
	const genuine = fc.constantFrom(...GENUINE);
	const text = fc.string({ unit: 'binary', maxLength: 80 });
	type Change = (original: string, body: Uint8Array) => string;

	const changedBytes = fc
		.tuple(
			genuine,
			fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
				minLength: 1,
				maxLength: 4,
			}),
		)
		.map(([{ body, signature }, edits]): Forgery => {
			const copy = Buffer.from(body);
			for (const [position, change] of edits) copy[position % copy.length] ^= change;
			return {
				headers: signedHeaders(signature),
				body: copy.equals(body) ? copy.subarray(1) : copy,
			};
		});

	const splicedBytes = fc
		.tuple(genuine, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 20 }))
		.map(([{ body, signature }, position, inserted]): Forgery => {
			const at = position % (body.length + 1);
			const spliced = Buffer.concat([body.subarray(0, at), inserted, body.subarray(at)]);
			return { headers: signedHeaders(signature), body: spliced };
		});

	const reencodings: Array<(body: Buffer) => Buffer> = [
		(body) => Buffer.from(body.toString(), 'utf16le'),
		(body) => Buffer.from(body.toString('base64')),
		(body) => Buffer.from(body.toString('hex')),
		(body) => Buffer.from(body.toString('latin1')).subarray(1),
		(body) => Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1)),
		(body) => Buffer.from(`\uFEFF${body.toString()}`),
		(body) => Buffer.from(encodeURIComponent(body.toString())),
		(body) =>
			Buffer.from(
				body
					.toString()
					.replace(/[^ -~]|\//g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
			),
		(body) => Buffer.from(`{"data":${body.toString()}}`),
	];
	const reencodedBody = fc.tuple(genuine, fc.constantFrom(...reencodings)).map(
		([{ body, signature }, reencode]): Forgery => ({
			headers: signedHeaders(signature),
			body: reencode(body),
		}),
	);

	const addition = fc.constantFrom(
		' ',
		'\n',
		'\r',
		'\0',
		'\t',
		',',
		', ',
		'0',
		'+',
		'.',
		'sha256=',
		'v1,',
		'v1=',
		'0x',
	);
	const textChanges = [
		text.map(
			(other): Change =>
				() =>
					other,
		),
		addition.map(
			(extra): Change =>
				(original) =>
					`${extra}${original}`,
		),
		addition.map(
			(extra): Change =>
				(original) =>
					`${original}${extra}`,
		),
		addition.map(
			(extra): Change =>
				(original) =>
					`${original}${extra}${original}`,
		),
		fc.nat({ max: 63 }).map(
			(at): Change =>
				(original) =>
					`${original.slice(0, at)}${original.slice(at + 1)}`,
		),
	];
	const signatureChanges = [
		fc.uint8Array({ minLength: 32, maxLength: 32 }).map(
			(digest): Change =>
				() =>
					Buffer.from(digest).toString('hex'),
		),
		fc.constant<Change>((original) => original.toUpperCase()),
		fc.constant<Change>((original) => [...original].reverse().join('')),
		text.map(
			(secret): Change =>
				(_original, body) =>
					sign(body, TIMESTAMP, secret),
		),
		text.map(
			(secret): Change =>
				(_original, body) =>
					sign(body, TIMESTAMP, `${SECRET}${secret}0`),
		),
		fc.nat().map(
			(timestamp): Change =>
				(_original, body) =>
					sign(body, String(timestamp)),
		),
	];

	const changedSignature = fc
		.tuple(genuine, fc.oneof(...textChanges, ...signatureChanges))
		.filter(([{ body, signature }, change]) => change(signature, body) !== signature)
		.map(
			([{ body, signature }, change]): Forgery => ({
				headers: signedHeaders(change(signature, body)),
				body,
			}),
		);

	const changedTimestamp = fc
		.tuple(
			genuine,
			fc.oneof(
				...textChanges,
				fc.nat().map(
					(other): Change =>
						() =>
							String(other),
				),
			),
		)
		.filter(([{ body }, change]) => change(TIMESTAMP, body) !== TIMESTAMP)
		.map(
			([{ body, signature }, change]): Forgery => ({
				headers: signedHeaders(signature, change(TIMESTAMP, body)),
				body,
			}),
		);

	const changedHeaders = fc
		.tuple(genuine, fc.nat({ max: 10 }))
		.map(([{ body, signature }, choice]): Forgery => {
			const variations: Headers[] = [
				{ 'x-hiapi-signature': signature },
				{ 'x-hiapi-timestamp': TIMESTAMP },
				{ 'x-hiapi-timestamp': signature, 'x-hiapi-signature': TIMESTAMP },
				{ 'x-hiapi-timestamp': [TIMESTAMP, TIMESTAMP], 'x-hiapi-signature': signature },
				{ 'x-hiapi-timestamp': TIMESTAMP, 'x-hiapi-signature': [signature, signature] },
				{ 'x-hiapi-timestamp': TIMESTAMP, 'x-hiapi-signature': [] },
				{ 'x-hiapi-timestamp': TIMESTAMP, 'x-signature': signature, authorization: signature },
				{ 'x-hiapi-timestamp': TIMESTAMP, 'x-hiapi-signature ': signature },
				{ 'x-hiapi-timestamp': TIMESTAMP, x_hiapi_signature: signature },
				{ 'x-hiapi-timestamp': TIMESTAMP, 'x-hiapi-ſignature': signature },
				{ timestamp: TIMESTAMP, signature },
			];
			return { headers: variations[choice], body };
		});

	const headerName = fc.oneof(
		fc.constantFrom('x-hiapi-timestamp', 'X-HiAPI-Signature', '__proto__'),
		fc.string(),
	);
	const headerValue = fc.oneof(
		text,
		fc.array(fc.string(), { maxLength: 3 }),
		fc.constant(undefined),
	);
	const anything = fc.record({
		headers: fc.dictionary(headerName, headerValue, { maxKeys: 4 }),
		body: fc.uint8Array({ maxLength: 40 }),
	});

	const forgery = fc.oneof(
		changedBytes,
		splicedBytes,
		reencodedBody,
		changedSignature,
		changedTimestamp,
		changedHeaders,
		anything,
	);

	test('100 000 of them: none accepted, none throws', () => {
		fc.assert(
			fc.property(forgery, (candidate) => {
				attempt(candidate);
			}),
			{ numRuns: 100_000 },
		);
		expect(tried.count).toBe(100_000);
		expect(tried.accepted).toEqual([]);
	}, 120_000);
});
