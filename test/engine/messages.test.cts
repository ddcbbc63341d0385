import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { BinaryStorage } from './support/binaryStorage.cts';
import { runInEngine, type EngineResult } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
	type Simulator,
} from './support/hiApi.cts';

// n8n puts a sentence of its own in the place of a message that contains ENOTFOUND, EACCES and the like
// (COMMON_ERRORS in n8n-workflow's errors/abstract/node.error).

let simulator: Simulator;
beforeEach(async () => {
	simulator = await newSimulator();
});
afterEach(stopSimulators);
jest.setTimeout(60_000);

interface Said {
	message?: string;
	description?: string;
}

const WAYS = ['stopWorkflow', 'continueErrorOutput', 'continueRegularOutput'] as const;

/** What a person reads of a failure: in the red panel, or in the item that goes on. */
function saidIn({ error, outputs }: EngineResult): Said {
	if (error) return { message: error.message, description: error.description ?? undefined };
	const [item] = outputs.flat();
	const details = item.json.details as IDataObject | undefined;
	return { message: item.json.error as string, description: details?.description as string };
}

/** What a failure says in each way of running, each in an execution of its own. */
async function inEveryWay(
	parameters: IDataObject,
	credential: IDataObject = {},
): Promise<Array<Required<Said>>> {
	const said: Said[] = [];
	for (const onError of WAYS) {
		const result = await runInEngine({
			credential: { ...credentialFor(simulator), ...(credential as Record<string, string>) },
			parameters,
			items: prompts(1),
			settings: { onError },
			executionId: onError,
		});
		said.push(saidIn(result));
	}
	return said as Array<Required<Said>>;
}

const CODES = ['ENOTFOUND', 'ECONNRESET', 'ETIMEDOUT', 'ENOENT', 'EACCES', 'getaddrinfo'];

test.each(CODES)('a reason of HiAPI with %s in it is said in its own words', async (code) => {
	const reason = `image_urls: could not be fetched: ${code} pictures.example.com`;
	simulator.fault({
		path: '/v1/tasks',
		method: 'POST',
		action: { type: 'status', status: 400, errorCode: 'INVALID_REQUEST', message: reason },
		times: WAYS.length,
	});
	const said = await inEveryWay(runAndWait());
	for (const { message, description } of said) {
		expect(message).toBe(`HiAPI refused the request: ${reason}`);
		expect(description).toBe(said[0].description);
	}
});

test('a task that failed for such a reason says it, too', async () => {
	const reason = 'ETIMEDOUT while fetching the picture';
	simulator.plan(
		{ outcome: 'fail', error: { code: 'TASK_FAILED', message: reason } },
		{ times: WAYS.length },
	);
	for (const { message, description } of await inEveryWay(runAndWait())) {
		expect(message).toBe(`HiAPI could not complete the task: ${reason}`);
		expect(description).toMatch(/code TASK_FAILED, task /);
	}
});

test('a connection that never came about is named in our words', async () => {
	const said = await inEveryWay(runAndWait({ options: { timeout: 0.02 } }), {
		baseUrl: 'http://127.0.0.1:1/v1',
	});
	for (const { message, description } of said) {
		expect(message).toBe('HiAPI could not be reached');
		expect(description).toMatch(/nothing was charged.*ECONNREFUSED/);
	}
});

test('a file that n8n cannot keep: the words of the system stay in the message', async () => {
	const storage = await BinaryStorage.open();
	const { json } = await runInEngine({
		credential: credentialFor(simulator),
		parameters: runAndWait(),
		items: prompts(1),
	});
	// A file where n8n would make the folder of an execution.
	const executions = join(storage.pathOf(await storage.store(Buffer.from('x'))), '..', '..', '..');
	for (const executionId of WAYS) writeFileSync(join(executions, executionId), '');
	const said = await inEveryWay({
		resource: 'task',
		operation: 'downloadOutputs',
		taskId: { __rl: true, mode: 'id', value: json[0].taskId },
	});
	storage.close();
	said.forEach(({ message, description }, index) => {
		expect(message).toMatch(/n8n could not keep the file: E[A-Z]+: /);
		expect(message.replace(WAYS[index], '')).toBe(said[0].message.replace(WAYS[0], ''));
		expect(description).toBe(said[0].description);
	});
});
