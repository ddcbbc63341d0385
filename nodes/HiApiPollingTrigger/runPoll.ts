import { HiApiError } from '../shared/errors/apiError';
import type { Task } from '../shared/api/task';
import type { ApiResult, TaskPage } from '../shared/api/tasks';
import type { PollResult, TaskPoll } from './taskPoll';

/** Reads from HiAPI what a poll asks for. */
export interface PollReader {
	readPage(page: number, size: number): Promise<ApiResult<TaskPage>>;
	readTask(taskId: string): Promise<ApiResult<Task>>;
	/** Whether the poll's time is used up. */
	isOver(): boolean;
}

const isUnknown = ({ request }: HiApiError): boolean =>
	request?.kind === 'answer' && request.status === 404;

/** Nothing about the account can be concluded from entries nobody can read. */
function unreadablePage({ tasks, entries }: TaskPage): HiApiError | undefined {
	if (entries === 0 || tasks.length > 0) return undefined;
	return new HiApiError(
		"None of the tasks in HiAPI's list could be read",
		"Check 'Base URL' in the credential 'HiAPI API': another server may have answered.",
	);
}

/**
 * Reads step by step until the poll is through, its time is over or a read fails. What was found up to there counts;
 * the rest stays for the next poll.
 */
export async function runPoll(
	poll: TaskPoll,
	reader: PollReader,
): Promise<PollResult & { failure?: HiApiError }> {
	for (let step = poll.nextStep(); step !== undefined && !reader.isOver(); step = poll.nextStep()) {
		if (step.kind === 'page') {
			const read = await reader.readPage(step.page, step.size);
			const failure = read.ok ? unreadablePage(read.value) : read.failure;
			if (failure !== undefined) return { ...poll.end(), failure };
			poll.takePage((read as { value: TaskPage }).value);
		} else {
			const read = await reader.readTask(step.taskId);
			if (!read.ok && !isUnknown(read.failure)) return { ...poll.end(), failure: read.failure };
			poll.takeTask(read.ok ? read.value : undefined);
		}
	}
	return poll.end();
}
