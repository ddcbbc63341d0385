import { isCertificateCode } from '../errors/requestFailure';
import { parseRetryAfter } from '../api/retryPolicy';
import type { Task, TaskOutput } from '../api/task';

/** Why a file did not arrive. */
export type DownloadProblem =
	| { kind: 'status'; status: number; retryAfter?: string }
	/** The connection failed or ended early; `code` is the system's, `neverSent`: it never came about. */
	| { kind: 'network'; code: string; neverSent?: boolean }
	| { kind: 'stalled' | 'stopped' | 'tooLarge' | 'tooManyRedirects' | 'blocked' }
	/** The address is none of the web, or leads into a private network. */
	| { kind: 'notHttp' | 'private' }
	/** What came is no file: nothing, a web page, or text where an image, a video or audio was due. */
	| { kind: 'empty' | 'page' | 'text' }
	/** n8n keeps files in memory, and there is no room for this one. */
	| { kind: 'memory' }
	/** n8n could not keep the file; `message` is n8n's. */
	| { kind: 'notStored'; message: string };

/** What a retry depends on besides what went wrong. Times in milliseconds. */
export interface DownloadSituation {
	/** Whether the file may just not have arrived at the server yet. */
	isFresh: boolean;
	mostRetries: number;
	retriesMade: number;
	nowMs: number;
	/** From 0 (inclusive) to 1 (exclusive). */
	random: number;
}

/** How often a file is asked for again that may come after all. */
export const MOST_RETRIES = 4;
// Each silence has cost a minute already.
const MOST_RETRIES_AFTER_SILENCE = 1;
const FIRST_DELAY_MS = 1_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Servers of files answer 403 as well as 404 for what they do not have; 410 says that it will not come. */
export function isMissing(problem: DownloadProblem): boolean {
	return problem.kind === 'status' && [403, 404, 410].includes(problem.status);
}

/** Whether asking again may help. */
export function mayPass(problem: DownloadProblem, isFresh: boolean): boolean {
	switch (problem.kind) {
		case 'status':
			if (problem.status === 403 || problem.status === 404) return isFresh;
			return problem.status >= 500 || [408, 425, 429].includes(problem.status);
		case 'network':
			return !isCertificateCode(problem.code);
		case 'stalled':
		case 'empty':
		case 'page':
		case 'text':
			return true;
		default:
			return false;
	}
}

/** How long to wait before asking for a file again, in milliseconds; undefined means: do not. */
export function downloadRetryDelay(
	problem: DownloadProblem,
	situation: DownloadSituation,
): number | undefined {
	const { isFresh, mostRetries, retriesMade } = situation;
	const most =
		problem.kind === 'stalled' ? Math.min(mostRetries, MOST_RETRIES_AFTER_SILENCE) : mostRetries;
	if (!mayPass(problem, isFresh) || retriesMade >= most) return undefined;
	const backoff = FIRST_DELAY_MS * 2 ** retriesMade;
	const asked =
		problem.kind === 'status' ? parseRetryAfter(problem.retryAfter, situation.nowMs) : undefined;
	return Math.min(asked ?? backoff, LONGEST_RETRY_AFTER_MS) + (backoff / 4) * situation.random;
}

// A link that has just been made may not be known everywhere yet; HiAPI's own client tries again after 2 s.
const FRESH_MS = 10 * 60_000;

/** Whether the time HiAPI gave for a link has passed. Without such a time nobody knows, so it has not. */
export function isExpired(output: Pick<TaskOutput, 'expiresAt'>, nowMs: number): boolean {
	return output.expiresAt !== null && Date.parse(output.expiresAt) <= nowMs;
}

/** Whether a missing file may just not have arrived yet: its task ended a moment ago, or HiAPI did not say when. */
export function isFresh(task: Pick<Task, 'completed'>, nowMs: number): boolean {
	return task.completed === null || nowMs - task.completed * 1000 < FRESH_MS;
}
