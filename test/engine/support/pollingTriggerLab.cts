import type { Simulator } from '../../../simulator/index.cts';
import { credentialFor, stopSimulators } from './hiApi.cts';
import { Poller, type PollerOptions } from './pollingTriggerEngine.cts';

afterEach(async () => {
	jest.restoreAllMocks();
	ahead = 0;
	await stopSimulators();
});
jest.setTimeout(60_000);

let workflows = 0;
/** The trigger in a workflow of its own, unless told otherwise. */
export const start = async (simulator: Simulator, options: Partial<PollerOptions> = {}) =>
	await Poller.start({
		credential: credentialFor(simulator),
		workflowId: `workflow-${(workflows += 1)}`,
		...options,
	});

/** Buys a task as somebody else would; it ends when told to, unless `seconds` are given. */
export async function buy(
	simulator: Simulator,
	{
		model = 'any-model',
		route = undefined as string | undefined,
		seconds = undefined as number | undefined,
	} = {},
): Promise<string> {
	simulator.plan(seconds === undefined ? { outcome: 'stuck' } : { seconds });
	const reply = await fetch(`${simulator.baseUrl}/tasks`, {
		method: 'POST',
		headers: { authorization: `Bearer ${simulator.apiKey}`, 'content-type': 'application/json' },
		body: JSON.stringify({ model, input: { prompt: 'p' }, ...(route && { route }) }),
	});
	return ((await reply.json()) as { data: { taskId: string } }).data.taskId;
}

/** Buys tasks one after another, so many seconds apart. */
export async function buyMany(
	simulator: Simulator,
	count: number,
	seconds?: number,
	apartSeconds = 0,
): Promise<string[]> {
	const taskIds: string[] = [];
	for (let index = 0; index < count; index += 1) {
		taskIds.push(await buy(simulator, { seconds }));
		simulator.advance(apartSeconds);
	}
	return taskIds;
}

/** Reads made since the last call, as paths with queries. */
export function readsOf(simulator: Simulator): () => string[] {
	let from = simulator.requests.length;
	return () => {
		const reads = simulator.requests
			.slice(from)
			.filter(({ method }) => method === 'GET')
			.map(({ path }) => path);
		from = simulator.requests.length;
		return reads;
	};
}

const realNow = Date.now.bind(Date);
let ahead = 0;

/** Time goes by for this machine and for HiAPI. */
export function later(simulator: Simulator, seconds: number): void {
	ahead += seconds * 1000;
	jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead);
	simulator.advance(seconds);
}

/** Lets tasks succeed. */
export const finishAll = (simulator: Simulator, taskIds: string[]) =>
	taskIds.forEach((taskId) => simulator.finish(taskId));
