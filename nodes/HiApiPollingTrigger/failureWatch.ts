import type { HiApiError } from '../shared/errors/apiError';

interface FailingSince {
	firstMs: number;
	reportedMs?: number;
}

const PATIENCE_MS = 5 * 60_000;
const BETWEEN_REPORTS_MS = 30 * 60_000;

/**
 * Decides which failed polls a person has to hear of. n8n stores an execution and runs the error workflow for each one
 * that throws, which at a poll a minute would be a flood; and one that throws while n8n starts keeps the workflow from
 * starting at all. Nothing is lost by a failed poll, so short troubles pass in silence, lasting ones are told now and then.
 */
export class FailureWatch {
	private readonly failing = new Map<string, FailingSince>();

	succeeded(key: string): void {
		this.failing.delete(key);
	}

	/**
	 * @param nowMs milliseconds of the monotonic clock
	 * @returns whether to report this failure
	 */
	failed(key: string, failure: HiApiError, nowMs: number): boolean {
		const since = this.failing.get(key);
		if (since === undefined) {
			this.failing.set(key, { firstMs: nowMs });
			return false;
		}
		if (failure.details.retryable && nowMs - since.firstMs < PATIENCE_MS) return false;
		if (since.reportedMs !== undefined && nowMs - since.reportedMs < BETWEEN_REPORTS_MS)
			return false;
		since.reportedMs = nowMs;
		return true;
	}
}
