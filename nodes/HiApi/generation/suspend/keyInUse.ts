import { HiApiError } from '../../../shared/errors/apiError';
import { isKeyMismatch } from '../../../shared/errors/requestFailure';
import type { Submission } from '../request/taskRequest';

/**
 * The failure of a suspended run's create, worded for a key of the user that another execution has sent before: each
 * gives HiAPI a callback URL of its own, so HiAPI refuses the key (HTTP 422) instead of answering with the first run's task.
 */
export function wordKeyInUse(failure: HiApiError, { userKey }: Submission): HiApiError {
	const { request, details } = failure;
	if (userKey === undefined || request === undefined || !isKeyMismatch(request)) return failure;
	return new HiApiError(
		'Another execution has already sent this idempotency key',
		"No task was created for this item now. The task belongs to the execution that sent the key first, within about the last 24 hours, and its callback resumes that one. 'Get Many' shows the task. To get the same task in every execution, set 'Wait By' to 'Polling'. If the input has changed, put what changed into the key.",
		details,
		request,
	);
}
