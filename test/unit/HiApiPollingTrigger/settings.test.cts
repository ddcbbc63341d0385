import type { Task } from '../../../nodes/shared/api/task';
import { withinAge } from '../../../nodes/HiApiPollingTrigger/settings';

const NOW = 1_800_000_000;
const task = (created: number | null, completed: number | null) =>
	({ taskId: 'tk', created, completed }) as Task;

test.each([
	['finished at the limit', task(NOW - 900, NOW - 100), true],
	['finished before that', task(NOW - 900, NOW - 101), false],
	['without its end, begun before that', task(NOW - 101, null), false],
	['without any time', task(null, null), true],
	['from a clock that is ahead', task(NOW, NOW + 50), true],
])('%s', (_name, one, isRecent) => {
	expect(withinAge([one], 100, NOW)).toEqual(
		isRecent ? { recent: [one], tooOld: 0 } : { recent: [], tooOld: 1 },
	);
	expect(withinAge([one], Infinity, NOW).recent).toEqual([one]);
});
