import type { WayOn } from '../../../shared/errors/wayOn';
import type { TaskCreator } from '../create/taskCreator';
import type { Submission } from '../request/taskRequest';
import { keepMaximumCost } from './costLimit';

/** One item on its way to a task. */
interface Job {
	submission: Submission;
	/** How many failed tasks may be replaced by new ones; absent: none. */
	mostRetries?: number;
}

/**
 * Stops a run before its first task is created where all of it together may cost more than the option Maximum Cost (USD) allows.
 * Takes the replacements away from jobs that only pick up a task, where there is no money for them.
 *
 * @param maximumUsd undefined: no limit
 * @throws HiApiError when the limit would not be kept, or nobody can say
 */
export async function checkMaximumCost(
	maximumUsd: number | undefined,
	jobs: Job[],
	creator: TaskCreator,
	wayOn: WayOn,
): Promise<void> {
	if (maximumUsd === undefined) return;
	const foreseen = await creator.foresee(jobs.map(({ submission }) => submission));
	const items = await Promise.all(
		jobs.map(async ({ submission, mostRetries = 0 }, index) => ({
			itemIndex: submission.itemIndex,
			model: submission.model,
			cost: await submission.cost,
			taskId: foreseen[index]?.taskId,
			replacements: Math.max(0, mostRetries - (foreseen[index]?.retries ?? 0)),
		})),
	);
	const { replacesPickedUp } = keepMaximumCost(items, maximumUsd, wayOn);
	if (replacesPickedUp) return;
	for (const [index, job] of jobs.entries()) if (foreseen[index] !== undefined) job.mostRetries = 0;
}
