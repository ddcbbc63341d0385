import {
	hasEnded,
	type Execution,
	type ExecutionSummary,
	type WorkflowDefinition,
} from '../../../scripts/n8n/client.cts';
import { itemsOf } from '../../../scripts/n8n/runData.cts';
import type { Lab } from './lab.cts';
import { until } from './until.cts';
import { hiApiNode, NEXT, runAndWait, workflowOf } from './workflows.cts';

type Json = Record<string, unknown>;

export const isWaiting = ({ status }: ExecutionSummary) => status === 'waiting';

/**
 * Waits until the only execution of a workflow is suspended, and returns its id. Until then n8n answers a callback with 409, and
 * the simulator, as HiAPI does, calls again only after a minute. Throws when the execution ends instead.
 */
export async function onceSuspended({ n8n }: Lab, workflowId: string): Promise<string> {
	let execution: ExecutionSummary | undefined;
	await until(async () => {
		[execution] = await n8n.executions(workflowId);
		return execution !== undefined && (isWaiting(execution) || hasEnded(execution));
	});
	expect(execution!.status).toBe('waiting');
	return execution!.id;
}

/** Items with prompts `p0`, `p1`, … */
export const prompts = (count: number): Json[] =>
	Array.from({ length: count }, (_, index) => ({ prompt: `p${index}` }));

/** A callback's body for a task as the simulator has it. */
export const bodyFor = (taskId: string, fields: Json = {}) =>
	JSON.stringify({
		taskId,
		model: 'gpt-image-2/text-to-image',
		status: 'success',
		created: 1,
		completed: 2,
		output: [{ url: 'https://evil.example.com/x.png', type: 'image' }],
		...fields,
	});

/** What tests of the suspended wait do in a lab. */
export function suspensionTools(lab: Lab) {
	/** Start → HiAPI → Next, waiting by callback; looks for no longer than it has to. */
	const suspending = (
		items: Json[],
		options: Json = {},
		more: Json = {},
		settings: Json = {},
	): WorkflowDefinition =>
		workflowOf(
			hiApiNode(
				lab.credential,
				runAndWait(
					'={{ $json.prompt }}',
					{ grace: 0, ...options },
					{ waitBy: 'callback', ...more },
				),
				settings,
			),
			items,
		);

	/** Starts a workflow and returns the execution's id once it is suspended. */
	async function untilSuspended(workflow: WorkflowDefinition): Promise<string> {
		const id = await lab.start(workflow);
		const execution = await lab.n8n.untilExecution(id, (seen) => isWaiting(seen) || hasEnded(seen));
		expect(execution.status).toBe('waiting');
		return id;
	}

	const taskOf = (prompt: string) =>
		lab.simulator.tasks.find((task) => task.input.prompt === prompt)!;
	const jsonOf = (execution: Execution, name = NEXT) =>
		itemsOf(execution.data, name).map(({ json }) => json);

	/** The requests n8n has sent to HiAPI since a point in time. */
	const requestsSince = (since: number) => lab.simulator.requests.filter(({ at }) => at > since);

	/** Keeps tasks running until the test ends them. */
	const keepRunning = () => lab.simulator.plan({ seconds: 100_000 }, { times: 1_000 });

	const statusesOf = () => lab.simulator.deliveries.map(({ status }) => status);

	return { jsonOf, keepRunning, requestsSince, statusesOf, suspending, taskOf, untilSuspended };
}
