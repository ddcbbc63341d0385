import { statSync } from 'node:fs';

import type { IDataObject } from 'n8n-workflow';

import type { FileBehaviour, LoggedRequest, TaskPlan } from '../../../simulator/index.cts';
import { BinaryStorage } from './binaryStorage.cts';
import { runInEngine, type EngineResult, type EngineRun } from './engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './hiApi.cts';

// What may pass is asked for again for some 17 s, so all tests run at once, each on a simulator of its own.
jest.setTimeout(120_000);

/** What the node stores to learn where n8n keeps files, when a file's length is not told. */
const PROBE_BYTES = 1;

/** Where n8n keeps the files of all runs of a test file. */
export let storage: BinaryStorage;
beforeAll(async () => {
	storage = await BinaryStorage.open();
});
afterAll(async () => {
	await stopSimulators();
	storage.close();
});

export interface Cell {
	simulator: Simulator;
	/** Run and Wait on one item. */
	run(extra?: IDataObject, more?: Partial<EngineRun>): Promise<EngineResult>;
	/** What was asked of the server of the files. */
	requests(): LoggedRequest[];
	/** Paths of what n8n keeps for this run. */
	kept(): string[];
}

let cells = 0;

/** A simulator whose files behave so, and a Run and Wait on it that downloads. */
export async function cell(file: FileBehaviour = {}, plan?: TaskPlan): Promise<Cell> {
	const simulator = await newSimulator();
	simulator.switches.file = file;
	if (plan) simulator.plan(plan);
	const executionId = `outputs-${cells++}`;
	return {
		simulator,
		run: async (extra, more) =>
			await runInEngine({
				credential: credentialFor(simulator),
				executionId,
				parameters: runAndWait({ downloadOutputs: true, ...extra }),
				items: prompts(1),
				...more,
			}),
		requests: () => simulator.requests.filter(({ pathname }) => pathname.startsWith('/files/')),
		kept: () =>
			storage.files.filter(
				(path) => path.includes(`/${executionId}/`) && statSync(path).size !== PROBE_BYTES,
			),
	};
}

/** The bytes the simulator sends for a link. */
export const bytesAt = async (url: unknown) =>
	Buffer.from(await (await fetch(url as string)).arrayBuffer());

/** What the first item says of files that did not arrive. */
export const failuresOf = ({ json }: EngineResult) =>
	json[0].downloadFailures as Array<Record<string, string>>;
