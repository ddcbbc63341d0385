import type { Envelope } from './reply.cts';

/** How one output file is served. Everything absent: the whole file at once, with its right type. */
export interface FileBehaviour {
	/** Answer 404 to this many first requests for the file (a fresh link on the CDN). */
	notFoundTimes?: number;
	/** Answer with this status and an XML error body instead of the file. */
	status?: number;
	/** Real milliseconds before the answer starts. */
	delayMilliseconds?: number;
	/** At most this many bytes per real second. */
	bytesPerSecond?: number;
	/** Total size in bytes: the real file padded (streamed, never held in memory). */
	sizeBytes?: number;
	/** Close the connection after this many bytes although Content-Length announces all. */
	truncateAfterBytes?: number;
	/** HTTP 200 with no bytes. */
	empty?: boolean;
	/** HTTP 200 with an HTML page instead of the file. */
	html?: boolean;
	/** Content-Type to send; null = none. */
	contentType?: string | null;
	/** Leave Content-Length out (chunked transfer). */
	withoutLength?: boolean;
	/** Redirect first: to the same origin, to the other origin, or for ever. */
	redirect?: 'same' | 'other' | 'loop';
	/** How many redirects before the file (default 1). */
	redirectHops?: number;
}

export type CatalogueMode = 'ok' | 'unavailable' | 'slow' | 'malformed' | 'huge' | 'empty' | 'errorInSuccess';

/** Every choice of the simulator. Live: a change counts from the next request on. See README.md for the sources. */
export interface Switches {
	authEnvelope: Envelope;
	authStatus: 401 | 403;
	otherApiKeys: string[];
	maxBodyBytes: number;

	rateLimitPerMinute: number | null;
	rateLimitConcurrentRequests: number | null;
	rateLimitUnfinishedTasks: number | null;
	rateLimitAppliesTo: 'all' | 'creates';
	rateLimitEnvelope: 'E1' | 'E2';
	rateLimitRetryAfter: 'seconds' | 'date' | 'none';
	rateLimitRetryAfterSeconds: number | null;
	rateLimitHeaders: boolean;

	idempotencyKeyMaxBytes: number;
	idempotencySeconds: number;
	idempotencyRetryAfterSeconds: number | null;
	idempotencyMismatchWhileRunning: boolean;
	idempotencyKeepsRejected: boolean;
	createMilliseconds: number;

	callbackRequireHttps: boolean;
	rejectUnknownTopLevelFields: boolean;
	rejectInvalidStorage: boolean;
	unknownModelEnvelope: 'E1' | 'E2';
	nestedPathSeparator: string;
	problemOrder: 'schema' | 'reversed';

	balance: number | null;
	taskCost: number | null;
	insufficientBalanceCode: string | null;

	taskIncludesStorage: boolean;
	listLagSeconds: number;
	detailLagSeconds: number;

	outputLifetimeSeconds: number;
	expireAtFormat: 'seconds' | 'milliseconds' | 'iso' | 'zero' | 'missing';
	persistentExpireAt: 'missing' | 'null' | 'zero' | 'number';
	expiredStatus: 403 | 404;
	filesHost: 'same' | 'other';
	file: FileBehaviour;

	callbackAttempts: number[];
	callbackSchedule: 'offsets' | 'gaps';
	callbackTimeoutMilliseconds: number;
	callbackCopies: number;
	callbackConcurrency: number;
	callbackBeforeCreateAnswer: boolean;
	callbackDropped: boolean;
	callbackSignature: 'right' | 'wrong' | 'none' | 'prefixed' | 'short';
	callbackSecret: string | null;
	callbackTimestampClock: 'real' | 'simulated';
	callbackTimestampOffsetSeconds: number;
	callbackWrapped: boolean;
	callbackIncludesStorage: boolean;

	storageListKey: string;
	storagePromoteSeconds: number;
	storageCapExceeded: boolean;

	catalogueModelsJson: CatalogueMode;
	catalogueContent: CatalogueMode;
	cataloguePricing: CatalogueMode;
	catalogueModels: CatalogueMode;
	catalogueSlowMilliseconds: number;
	catalogueHugeModels: number;

	logLimit: number;
}

/** The defaults: what the documentation says, and the likeliest reading where it is silent. */
export function defaultSwitches(): Switches {
	return {
		authEnvelope: 'E1',
		authStatus: 401,
		otherApiKeys: [],
		maxBodyBytes: 127 * 1024 * 1024,

		rateLimitPerMinute: null,
		rateLimitConcurrentRequests: null,
		rateLimitUnfinishedTasks: null,
		rateLimitAppliesTo: 'all',
		rateLimitEnvelope: 'E2',
		rateLimitRetryAfter: 'seconds',
		rateLimitRetryAfterSeconds: null,
		rateLimitHeaders: true,

		idempotencyKeyMaxBytes: 255,
		idempotencySeconds: 24 * 60 * 60,
		idempotencyRetryAfterSeconds: 5,
		idempotencyMismatchWhileRunning: true,
		idempotencyKeepsRejected: false,
		createMilliseconds: 0,

		callbackRequireHttps: false,
		rejectUnknownTopLevelFields: false,
		rejectInvalidStorage: true,
		unknownModelEnvelope: 'E1',
		nestedPathSeparator: '.',
		problemOrder: 'schema',

		balance: null,
		taskCost: null,
		insufficientBalanceCode: null,

		taskIncludesStorage: true,
		listLagSeconds: 0,
		detailLagSeconds: 0,

		outputLifetimeSeconds: 7 * 24 * 60 * 60,
		expireAtFormat: 'seconds',
		persistentExpireAt: 'missing',
		expiredStatus: 403,
		filesHost: 'same',
		file: {},

		callbackAttempts: [0, 60, 300, 1200],
		callbackSchedule: 'offsets',
		callbackTimeoutMilliseconds: 10_000,
		callbackCopies: 1,
		callbackConcurrency: 1,
		callbackBeforeCreateAnswer: false,
		callbackDropped: false,
		callbackSignature: 'right',
		callbackSecret: null,
		callbackTimestampClock: 'real',
		callbackTimestampOffsetSeconds: 0,
		callbackWrapped: false,
		callbackIncludesStorage: false,

		storageListKey: 'items',
		storagePromoteSeconds: 2,
		storageCapExceeded: false,

		catalogueModelsJson: 'ok',
		catalogueContent: 'ok',
		cataloguePricing: 'ok',
		catalogueModels: 'ok',
		catalogueSlowMilliseconds: 3000,
		catalogueHugeModels: 20_000,

		logLimit: 100_000,
	};
}
