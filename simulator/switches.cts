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

export type CallbackSignature =
	| 'right'
	| 'wrong'
	| 'none'
	| 'prefixed'
	| 'short'
	| 'tampered'
	| 'noSignature'
	| 'noTimestamp'
	| 'oddTimestamp';

export type CatalogueMode =
	| 'ok'
	| 'unavailable'
	| 'slow'
	| 'malformed'
	| 'huge'
	| 'empty'
	| 'errorInSuccess';

/**
 * Every choice of the simulator. Live: a change counts from the next request on.
 * In brackets: [documented] the default follows HiAPI's material, [guess] it is silent and the default is our reading,
 * [knob] off by default, there to make trouble. Seconds are of the simulated clock unless they are called real.
 */
export interface Switches {
	/** Refusal without a usable key: E1, E2, or E3 (HTTP 200 with E2's body). [documented; sources differ] */
	authEnvelope: Envelope;
	/** Its HTTP status. [documented] */
	authStatus: 401 | 403;
	/** More accepted keys, each an account of its own. [knob] */
	otherApiKeys: string[];
	/** Whether errors of the form E1 have `"data":null` or no `data` at all. [documented both ways] */
	errorData: 'null' | 'missing';
	/** Larger request bodies answer 413. [guess: 127 MiB, from an official client] */
	maxBodyBytes: number;

	/** Requests per real minute and account; null = unlimited. [knob] */
	rateLimitPerMinute: number | null;
	/** Requests of an account answered at the same time. [knob] */
	rateLimitConcurrentRequests: number | null;
	/** Unfinished tasks of an account beyond which creates are refused. [knob] */
	rateLimitUnfinishedTasks: number | null;
	/** Whether reads share the budget. [documented: all] */
	rateLimitAppliesTo: 'all' | 'creates';
	/** Envelope of a 429. [documented; both seen] */
	rateLimitEnvelope: 'E1' | 'E2';
	/** Form of Retry-After. [documented; both seen] */
	rateLimitRetryAfter: 'seconds' | 'date' | 'none';
	/** Its value in real seconds; null = until the window ends. [guess] */
	rateLimitRetryAfterSeconds: number | null;
	/** Whether X-RateLimit-Limit, -Remaining and -Reset are sent while a limit is on. [documented, older page] */
	rateLimitHeaders: boolean;

	/** Retry-After of a 409, real seconds; null = none. [documented: about 5] */
	idempotencyRetryAfterSeconds: number | null;
	/** Another body under a running key: 422 instead of 409. [guess] */
	idempotencyMismatchWhileRunning: boolean;
	/** A refused create (4xx, 5xx) keeps its key and its answer is replayed. [guess: false] */
	idempotencyKeepsRejected: boolean;
	/** A repeated key: 200 with Idempotent-Replay, or 409 with the first task's id in `data`. [documented: replay; two clients expect the 409] */
	idempotencyReplay: 'replay' | 'conflict';
	/** Real milliseconds each create takes, its key running meanwhile. [knob] */
	createMilliseconds: number;

	/** Refuse http callback URLs. [documented both ways] */
	callbackRequireHttps: boolean;
	/** Refuse unknown fields next to `model` and `input`. [guess: false] */
	rejectUnknownTopLevelFields: boolean;
	/** `storage` other than temp and persistent: 400 instead of temp. [guess] */
	rejectInvalidStorage: boolean;
	/** Unknown model: E1 400 MODEL_UNAVAILABLE or E2 404 model_not_found. [documented both ways] */
	unknownModelEnvelope: 'E1' | 'E2';
	/** Ids as they were written before are taken too, for example `seedance-2-0`. [documented both ways; newer sources: may be refused] */
	oldModelIds: boolean;
	/** Between the names of a nested field in a problem. [guess] */
	nestedPathSeparator: string;
	/** Order of the problems in one message. [documented: not stable] */
	problemOrder: 'schema' | 'reversed';

	/** US dollars each account has; null = unlimited. Creates beyond it answer 402. [knob] */
	balance: number | null;
	/** What every task costs instead of its model's price, US dollars. [knob] */
	taskCost: number | null;
	/** The default of a field that was left out counts for the rules of the price list. [guess] */
	priceRulesSeeDefaults: boolean;
	/** `error_code` of a 402. [documented: none] */
	insufficientBalanceCode: string | null;

	/** How long tasks without a plan take: the simulator's task seconds, or what HiAPI's own runs took (15 s to 6 min). [knob; from live runs] */
	taskDurations: 'fixed' | 'realistic';
	/** Tasks show `storage`. [documented: newer sources do] */
	taskIncludesStorage: boolean;
	/** The list is this many seconds old. [knob] */
	listLagSeconds: number;
	/** A new task answers 404 for this many seconds. [knob] */
	detailLagSeconds: number;

	/** From `completed` to `expireAt` and the end of temporary files. [documented: 7 days] */
	outputLifetimeSeconds: number;
	/** How `expireAt` of temporary outputs is written. [documented: seconds] */
	expireAtFormat: 'seconds' | 'milliseconds' | 'iso' | 'zero' | 'missing';
	/** `expireAt` of persistent outputs. [guess] */
	persistentExpireAt: 'missing' | 'null' | 'zero' | 'number';
	/** Answer of an expired file. [documented both ways, in one post] */
	expiredStatus: 403 | 404;
	/** Whether files lie on the API's origin or on the other one; persistent ones are always on the opposite one. [knob] */
	filesHost: 'same' | 'other';
	/** How every file is served. [knob] */
	file: FileBehaviour;

	/** When callbacks are tried, seconds. [documented: 0, 60, 300, 1200] */
	callbackAttempts: number[];
	/** Whether tries are counted from the first one, or each from the end of the one before. [documented: offsets] */
	callbackSchedule: 'offsets' | 'gaps';
	/** Real milliseconds a receiver has. [documented: 10 s] */
	callbackTimeoutMilliseconds: number;
	/** Deliveries one after another per try, acknowledged or not. [knob] */
	callbackCopies: number;
	/** Deliveries at the same moment. [knob] */
	callbackConcurrency: number;
	/** The task ends and its callback is delivered before its create is answered. [knob] */
	callbackBeforeCreateAnswer: boolean;
	/** No callback is sent. [knob] */
	callbackDropped: boolean;
	/** How callbacks are signed; `short` is cut, `prefixed` begins with `sha256=`, `tampered` has one byte more than was signed. [documented: right] */
	callbackSignature: CallbackSignature;
	/** Secret to sign with instead of the simulator's; '' = unsigned. [knob, for rotation] */
	callbackSecret: string | null;
	/** Clock of X-HiAPI-Timestamp, fresh per try. Real, so that receivers accept it when time is scaled. [guess] */
	callbackTimestampClock: 'real' | 'simulated';
	/** Added to X-HiAPI-Timestamp before signing. [knob] */
	callbackTimestampOffsetSeconds: number;
	/** Body in `{code, message, data}` instead of the bare task. [documented: bare] */
	callbackWrapped: boolean;
	/** Body shows `storage`. [documented: may be left out] */
	callbackIncludesStorage: boolean;

	/** Key of the array in `GET /v1/storages`; '' = `data` is the array. [guess] */
	storageListKey: string;
	/** From promote to persistent. [guess] */
	storagePromoteSeconds: number;
	/** Promote answers cap_exceeded. [knob] */
	storageCapExceeded: boolean;

	/** `GET /docs/models.json`. [knob] */
	catalogueModelsJson: CatalogueMode;
	/** `GET /api/models/content`. [knob] */
	catalogueContent: CatalogueMode;
	/** `GET /api/pricing`. [knob] */
	cataloguePricing: CatalogueMode;
	/** `GET /v1/models`. [knob] */
	catalogueModels: CatalogueMode;
	/** Real milliseconds of a slow catalogue. [knob] */
	catalogueSlowMilliseconds: number;
	/** Invented models in a huge catalogue. [knob] */
	catalogueHugeModels: number;

	/** How many requests the log keeps. */
	logLimit: number;
}
