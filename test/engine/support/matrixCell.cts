import type { IDataObject, INode } from 'n8n-workflow';

import type { LoggedRequest } from '../../../simulator/index.cts';
import { runInEngine, type EngineResult, type EngineRun } from './engine.cts';
import { credentialFor, newSimulator, prompts, runAndWait, type Simulator } from './hiApi.cts';
import { TIME_SCALE } from './nodeClock.cts';
import { isSilent } from './strike.cts';

export const ITEMS = 5;
/** Enough for the node to read the list instead of single tasks, however slow the machine is. */
export const MANY = 15;
export const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
export const FOREVER = Number.POSITIVE_INFINITY;

/** One cell of the fault matrix: a fault meets a way of running, on a simulator of its own. */
export interface Cell {
	simulator: Simulator;
	/** Runs the node on `ITEMS` items unless told otherwise. `options`: of Run and Wait. */
	run(
		settings?: Partial<INode>,
		extra?: Partial<EngineRun>,
		options?: IDataObject,
	): Promise<EngineResult>;
	/** The creates HiAPI got, in order; for one prompt if given. */
	creates(prompt?: string): LoggedRequest[];
	/** Ids of all tasks bought, sorted. */
	bought(): string[];
}

/** `taskSeconds`: how long tasks take, on the node's clock. */
export async function newCell(taskSeconds = 8): Promise<Cell> {
	const simulator = await newSimulator({ timeScale: TIME_SCALE, taskSeconds });
	return {
		simulator,
		run: async (settings, extra, options = {}) =>
			await runInEngine({
				credential: credentialFor(simulator),
				parameters: runAndWait({ options }),
				items: prompts(ITEMS),
				settings,
				// a request that is only slow, on a busy machine, is to be waited for
				...(isSilent(simulator) && { createTimeoutScale: TIME_SCALE }),
				...extra,
			}),
		creates: (prompt) =>
			simulator.requests.filter(
				({ method, pathname, json }) =>
					method === 'POST' &&
					pathname === '/v1/tasks' &&
					(prompt === undefined || (json as { input: IDataObject }).input.prompt === prompt),
			),
		bought: () => simulator.tasks.map(({ taskId }) => taskId).sort(),
	};
}

export const keysOf = (requests: LoggedRequest[]) =>
	new Set(requests.map(({ headers }) => headers['idempotency-key']));

/** As many tasks bought as asked for, and each of them in the result. */
export function expectEachOnce(cell: Cell, result: EngineResult, count = ITEMS): void {
	expect(result.error).toBeUndefined();
	expect(result.json.map(({ status }) => status)).toEqual(
		Array.from({ length: count }, () => 'success'),
	);
	expect(cell.simulator.purchases).toBe(count);
	expect(result.json.map(({ taskId }) => taskId as string).sort()).toEqual(cell.bought());
}

/** Whether the node asked for the list at all. */
export const listReads = ({ simulator }: Cell) =>
	simulator.requests.filter(({ method, pathname }) => method === 'GET' && pathname === '/v1/tasks')
		.length;
