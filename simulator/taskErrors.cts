/**
 * The codes a failed task may carry (hiapi-skills README, "Skills vs Remote MCP vs /v1/tasks"). The texts are invented, but
 * for the first one's form, which is that of a refused input.
 */
export const TASK_ERRORS = {
	INVALID_REQUEST: 'invalid input: image_urls.0: the file could not be fetched',
	MODEL_UNAVAILABLE: 'the model is temporarily unavailable',
	TASK_FAILED: 'upstream rejected the prompt',
	TASK_TIMEOUT: 'the task took too long',
	STORAGE_UNAVAILABLE: 'the result could not be stored',
} as const;

export type TaskErrorCode = keyof typeof TASK_ERRORS;

/** `error` of a task that failed. Throws for a code that is none of HiAPI's. */
export function taskError(
	planned: TaskErrorCode | { code: string; message: string } = 'TASK_FAILED',
): {
	code: string;
	message: string;
} {
	if (typeof planned !== 'string') return planned;
	const message: string | undefined = TASK_ERRORS[planned];
	if (message === undefined)
		throw new Error(`no such task error: ${planned as string}; give { code, message }`);
	return { code: planned, message };
}
