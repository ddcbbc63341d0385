import { createHash } from 'node:crypto';
import type { Core } from './core.cts';
import { errorReply, jsonReply, type Reply } from './reply.cts';

interface Entry {
	sha256: string;
	/** Absent while the first request is still running. Only a create that bought a task is kept (our reading). */
	answer?: Reply;
	taskId?: string;
	expiresAt: number;
}

/** What the key says about a request: go on (and tell how it ended), or answer this. */
export type KeyDecision =
	| { answer: Reply; taskId?: string }
	| { finish: (answer: Reply, taskId: string | undefined) => void };

// The limit is documented, the answer to longer keys a guess.
const MOST_BYTES = 255;
// Documented: about 24 h.
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * `Idempotency-Key` (hiapi-python README, hiapi-api-examples README): identity is the SHA-256 of the raw body,
 * an answered key replays for 24 h of simulated time, a running one answers 409, another body 422.
 */
export class IdempotencyKeys {
	private readonly entries = new Map<string, Entry>();

	/** Decides about a create with a key; registers the key as running when the request may go on. */
	decide(core: Core, account: string, key: string, rawBody: Buffer): KeyDecision {
		const { switches, clock } = core;
		if (Buffer.byteLength(key) > MOST_BYTES) {
			return {
				answer: errorReply(
					400,
					`invalid Idempotency-Key: at most ${MOST_BYTES} bytes`,
					'INVALID_REQUEST',
				),
			};
		}
		const name = `${account}\n${key}`;
		const sha256 = createHash('sha256').update(rawBody).digest('hex');
		const known = this.entries.get(name);
		if (known && clock.now() < known.expiresAt) {
			const running = known.answer === undefined;
			if (known.sha256 !== sha256 && (!running || switches.idempotencyMismatchWhileRunning))
				return { answer: mismatch() };
			if (known.answer === undefined)
				return { answer: stillRunning(switches.idempotencyRetryAfterSeconds) };
			const { taskId } = known;
			if (switches.idempotencyReplay === 'conflict' && taskId !== undefined)
				return { answer: conflictWith(taskId), taskId };
			return { answer: replay(known.answer), taskId };
		}
		const entry: Entry = { sha256, expiresAt: clock.now() + KEPT_MS };
		this.entries.set(name, entry);
		return {
			finish: (answer, taskId) => {
				// Status 0: the connection was lost on the way, there is no answer to keep.
				const kept =
					taskId !== undefined || (answer.status >= 400 && switches.idempotencyKeepsRejected);
				if (kept) Object.assign(entry, { answer, taskId });
				else if (this.entries.get(name) === entry) this.entries.delete(name);
			},
		};
	}

	/** Registers a key that an earlier process has answered; `createdAt`: simulated Unix milliseconds. */
	restore(
		account: string,
		key: string,
		known: { sha256: string; taskId: string; answer: Reply; createdAt: number },
	): void {
		const { createdAt, ...entry } = known;
		this.entries.set(`${account}\n${key}`, { ...entry, expiresAt: createdAt + KEPT_MS });
	}

	clear(): void {
		this.entries.clear();
	}
}

function replay(answer: Reply): Reply {
	return { ...answer, headers: { ...answer.headers, 'idempotent-replay': 'true' } };
}

function mismatch(): Reply {
	return errorReply(
		422,
		'Idempotency-Key was already used with a different request body',
		'IDEMPOTENCY_KEY_MISMATCH',
	);
}

/** Two official clients read a task id from a 409 (hiapi-product-video-skills, awesome-ai-product-video-workflows). */
function conflictWith(taskId: string): Reply {
	return jsonReply(409, {
		code: 409,
		error_code: 'IDEMPOTENCY_KEY_PROCESSING',
		message: 'a request with this Idempotency-Key has already created a task',
		data: { taskId },
	});
}

function stillRunning(retryAfterSeconds: number | null): Reply {
	return errorReply(
		409,
		'a request with this Idempotency-Key is still in progress',
		'IDEMPOTENCY_KEY_PROCESSING',
		retryAfterSeconds === null ? undefined : { 'retry-after': String(retryAfterSeconds) },
	);
}
