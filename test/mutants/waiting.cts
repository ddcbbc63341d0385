import { FILES } from './files.cts';
import { engine, mutantsOf, unit, type Mutant } from './mutant.cts';

/** Waiting for tasks, and what comes out for each item. */
export const WAITING_MUTANTS: Mutant[] = [
	...mutantsOf(FILES.runItems, unit('HiApi/generation/items/runItems'), [
		[
			'one bad item does not keep the others from being bought',
			'throw batchError(settings, first, []);',
			'{}',
		],
		['a stop leaves nothing in the log', 'if (parts.length > 0) log', 'if (false) log'],
		['a failure does not name the tasks of the others', 'if (sentences.length > 0)', 'if (false)'],
		['a failure lets the others go on', 'if (!continueOnFail) runner.giveUp();', ''],
	]),
	...mutantsOf(FILES.nodeError, unit('HiApi/generation/items/runItems|shared/errors/nodeError'), [
		[
			'an item that failed loses its task ID',
			'details: { ...failure.details, description',
			'details: { description',
		],
		[
			'an item that failed is paired with the first',
			'pairedItem: { item: itemIndex }',
			'pairedItem: { item: 0 }',
		],
	]),
	...mutantsOf(FILES.taskItem, engine('engine/batch', 'come back in order'), [
		[
			'an item is paired with the first',
			'pairedItem: { item: itemIndex }',
			'pairedItem: { item: 0 }',
		],
	]),
	...mutantsOf(FILES.taskItem, unit('HiApi/generation/items/taskItem'), [
		['a failed task is put out as a success', 'if (failure !== undefined)', 'if (false)'],
		[
			'a timeout does not name the task',
			'`Task ${taskId} was not finished',
			'`The task was not finished',
		],
		[
			'a task that could not be read is not named',
			'{ ...details, taskId, runningTaskIds: [taskId] }',
			'details',
		],
	]),
	...mutantsOf(FILES.pollSchedule, unit('HiApi/generation/wait/pollSchedule'), [
		['polling ignores the interval the user asks for', 'Math.max(need.kind', 'Math.min(need.kind'],
		['polls come without a pause', 'SHORTEST_INTERVAL - sinceLast, 0', '0'],
		[
			'wrong knowledge hides a task',
			'const LONGEST_UNSEEN = 120;',
			'const LONGEST_UNSEEN = 12_000;',
			unit('HiApi/generation/wait/taskPoller'),
		],
		['several tasks are polled no sooner than one', 'chance +=', 'chance ='],
	]),
	...mutantsOf(FILES.pollBudget, unit('HiApi/generation/wait/pollBudget'), [
		['polling spends all that HiAPI allows', 'const PER_MINUTE = 15;', 'const PER_MINUTE = 60;'],
		['a 429 changes nothing', 'if (this.refused) return PER_MINUTE;', ''],
		['the budget grows without end', '* this.perMinute, BURST)', '* this.perMinute, 1e9)'],
	]),
	...mutantsOf(FILES.pollTiming, unit('HiApi/generation/wait/taskPoller'), [
		[
			'tasks that came later are polled before the interval the user asks for',
			'Math.max(polledMs, history.polledMs) + leastIntervalMs',
			'polledMs + leastIntervalMs',
		],
	]),
	...mutantsOf(FILES.clock, unit('shared/systemClock'), [
		[
			'a pause lasts as long as a clock was set back',
			'const end = performance.now() + milliseconds;\n\twhile (!signal?.aborted) {\n\t\tconst left = end - performance.now();',
			'const end = Date.now() + milliseconds;\n\twhile (!signal?.aborted) {\n\t\tconst left = end - Date.now();',
		],
	]),
	...mutantsOf(FILES.awaitedTasks, unit('HiApi/generation/wait/taskPoller'), [
		[
			'the age of a task is counted by a clock that is set',
			'waitedMs: this.timing.monotonic() - entry.beganMs',
			'waitedMs: this.timing.now() - entry.createdMs',
		],
	]),
	...mutantsOf(FILES.taskPoller, unit('HiApi/generation/wait/taskPoller'), [
		['single reads ignore the budget', 'await this.turn();\n\t\t\tawait', 'await'],
		['pages of the list ignore the budget', 'await this.turn();\n\t\t\t\treturn', 'return'],
		[
			'waiting goes on after a stop',
			"addEventListener('abort', () => this.tasks.stop()",
			"addEventListener('abort', () => undefined",
		],
		[
			'waiting goes on after the timeout',
			"this.tasks.end(entry, { kind: 'timedOut', task: entry.seen });",
			"entry.told.has('late') ? this.tasks.end(entry, { kind: 'timedOut' }) : (entry.told.add('late'), (entry.deadlineMs += 6e5));",
		],
		['a failed read ends the waiting', 'return mayPassLater(request);', 'return false;'],
		[
			'a timeout is declared without having asked for the task',
			'await this.readSingly(entry);\n\t\t\tif',
			'if',
		],
	]),
];
