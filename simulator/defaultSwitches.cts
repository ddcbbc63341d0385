import type { Switches } from './switches.cts';

/** The defaults: what the documentation says, and the likeliest reading where it is silent. */
export function defaultSwitches(): Switches {
	return {
		authEnvelope: 'E1',
		authStatus: 401,
		otherApiKeys: [],
		errorData: 'null',
		maxBodyBytes: 127 * 1024 * 1024,

		rateLimitPerMinute: null,
		rateLimitConcurrentRequests: null,
		rateLimitUnfinishedTasks: null,
		rateLimitAppliesTo: 'all',
		rateLimitEnvelope: 'E2',
		rateLimitRetryAfter: 'seconds',
		rateLimitRetryAfterSeconds: null,
		rateLimitHeaders: true,

		idempotencyRetryAfterSeconds: 5,
		idempotencyMismatchWhileRunning: true,
		idempotencyKeepsRejected: false,
		idempotencyReplay: 'replay',
		createMilliseconds: 0,

		callbackRequireHttps: false,
		rejectUnknownTopLevelFields: false,
		rejectInvalidStorage: true,
		unknownModelEnvelope: 'E1',
		oldModelIds: false,
		nestedPathSeparator: '.',
		problemOrder: 'schema',

		balance: null,
		taskCost: null,
		priceRulesSeeDefaults: true,
		insufficientBalanceCode: null,

		taskDurations: 'fixed',
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
