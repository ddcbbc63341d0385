import { switchesFor, type Core } from './core.cts';
import { outputItems } from './outputs.cts';
import { taskError } from './taskErrors.cts';
import type { SimulatedTask } from './tasks.cts';

/** Written as the value of a reported field over HTTP: the field is left out. */
const REMOVE = '$remove';

/**
 * The task object as the API shows it (docs.hiapi.ai/async-api/detail), as it was at a moment of the simulated clock
 * (milliseconds). `created` and `completed` are Unix seconds, `completed` is 0 before the end.
 */
export function taskView(core: Core, task: SimulatedTask, moment: number): Record<string, unknown> {
	const ended = moment >= task.endsAt;
	const view: Record<string, unknown> = {
		taskId: task.taskId,
		model: task.shownModel,
		status: task.statusAt(moment),
		created: Math.floor(task.createdAt / 1000),
		completed: ended ? Math.floor(task.endsAt / 1000) : 0,
	};
	if (switchesFor(core, task).taskIncludesStorage) view.storage = core.storedOutputs.tierOf(task);
	if (task.route !== undefined) view.route = task.route;
	if (ended && task.outcome === 'success') view.output = outputItems(core, task);
	if (ended && task.outcome === 'fail') {
		view.error = taskError(task.plan.error);
	}
	for (const [name, value] of Object.entries(task.plan.reported ?? {})) {
		if (value === undefined || value === REMOVE) delete view[name];
		else view[name] = value;
	}
	return view;
}
