import type { Task } from './api/task';

/** The two ways a task can end, as the trigger names them. */
export type TaskEvent = 'task.success' | 'task.fail';

/** Which finished tasks a trigger wants. Empty lists of models and routes mean: all. */
export interface Subscription {
	events: string[];
	/** Model ids or patterns, in which `*` stands for any characters, also none. Case does not matter. */
	models: string[];
	/** Route names; `default` stands for tasks sent without a route. Case does not matter. */
	routes: string[];
}

export type UnwantedReason = 'unfinished' | 'event' | 'model' | 'route';

export type Selection =
	| { wanted: true; event: TaskEvent }
	| { wanted: false; reason: UnwantedReason };

/** Matches `*` by looking for the pattern's fixed parts from left to right: no backtracking, so no slow patterns. */
function matchesPattern(text: string, pattern: string): boolean {
	const [first, ...rest] = pattern.split('*');
	const last = rest.pop();
	if (last === undefined) return text === pattern;
	if (!text.startsWith(first)) return false;
	let position = first.length;
	for (const part of rest) {
		const found = text.indexOf(part, position);
		if (found === -1) return false;
		position = found + part.length;
	}
	return text.length - last.length >= position && text.endsWith(last);
}

const normalise = (text: string): string => text.trim().toLowerCase();

/** A routed task reports its model as `base@route`; `route` itself is only there when it was sent (hiapi-python tests). */
function splitRoute(task: Task): { model: string; base: string; route: string } {
	const model = normalise(task.model);
	const at = model.lastIndexOf('@');
	const base = at === -1 ? model : model.slice(0, at);
	const route = normalise(task.route ?? (at === -1 ? '' : model.slice(at + 1)));
	return { model, base, route: route === '' ? 'default' : route };
}

/** The event a finished task stands for; undefined while it is running. */
export function eventOf(task: Task): TaskEvent | undefined {
	return task.state === 'running' ? undefined : `task.${task.state}`;
}

/**
 * Whether a trigger wants a task, and if not, why. A model without `@route` in the list covers all its routes.
 */
export function select(task: Task, { events, models, routes }: Subscription): Selection {
	const event = eventOf(task);
	if (event === undefined) return { wanted: false, reason: 'unfinished' };
	if (!events.includes(event)) return { wanted: false, reason: 'event' };
	const { model, base, route } = splitRoute(task);
	const patterns = models.map(normalise).filter((pattern) => pattern !== '');
	const namedModel = patterns.some(
		(pattern) => matchesPattern(model, pattern) || matchesPattern(base, pattern),
	);
	if (patterns.length > 0 && !namedModel) return { wanted: false, reason: 'model' };
	const names = routes.map(normalise).filter((name) => name !== '');
	if (names.length > 0 && !names.includes(route)) return { wanted: false, reason: 'route' };
	return { wanted: true, event };
}
