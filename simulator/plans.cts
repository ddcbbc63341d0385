import type { TaskOrder, TaskPlan } from './tasks.cts';

/** Which tasks a plan is for: all given conditions must hold. */
export interface PlanMatch {
	/** The model as requested, or its base without `@route`. */
	model?: string;
	/** Part of the prompt, or a pattern. */
	prompt?: string | RegExp;
	/** How many tasks it is for (default 1; Infinity, or null over HTTP: all). */
	times?: number | null;
}

interface PendingPlan {
	plan: Partial<TaskPlan>;
	match: PlanMatch;
	left: number;
}

function promptOf(order: TaskOrder): string {
	const { prompt, text } = order.input;
	return typeof prompt === 'string' ? prompt : typeof text === 'string' ? text : '';
}

function fits(order: TaskOrder, { model, prompt }: PlanMatch): boolean {
	if (model !== undefined && order.model !== model && order.model.split('@')[0] !== model)
		return false;
	if (prompt === undefined) return true;
	return typeof prompt === 'string'
		? promptOf(order).includes(prompt)
		: promptOf(order).search(prompt) >= 0;
}

/** Plans waiting for their tasks; the oldest that fits is used. */
export class Plans {
	private pending: PendingPlan[] = [];

	add(plan: Partial<TaskPlan>, match: PlanMatch = {}): void {
		this.pending.push({ plan, match, left: match.times === null ? Infinity : (match.times ?? 1) });
	}

	take(order: TaskOrder): TaskPlan {
		const found = this.pending.find(({ match }) => fits(order, match));
		if (!found) return {};
		found.left -= 1;
		if (found.left <= 0) this.pending.splice(this.pending.indexOf(found), 1);
		return { ...found.plan };
	}

	clear(): void {
		this.pending = [];
	}
}
