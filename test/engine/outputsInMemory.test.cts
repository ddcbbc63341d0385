import type { FileBehaviour } from '../../simulator/index.cts';
import { runInEngine } from './support/engine.cts';
import {
	credentialFor,
	newSimulator,
	prompts,
	runAndWait,
	stopSimulators,
} from './support/hiApi.cts';

jest.setTimeout(60_000);
afterEach(stopSimulators);

// Without a storage n8n-core keeps files in memory, as n8n 1 does by default.
async function run(file: FileBehaviour, count = 1) {
	const simulator = await newSimulator();
	simulator.switches.file = file;
	const result = await runInEngine({
		credential: credentialFor(simulator),
		parameters: runAndWait({ downloadOutputs: true }),
		items: prompts(count),
	});
	return { simulator, ...result };
}

describe('where n8n keeps files in memory', () => {
	test('a small file comes with the item', async () => {
		const { outputs, hints } = await run({});
		expect(outputs[0][0].binary?.data).toMatchObject({ mimeType: 'image/png' });
		expect(outputs[0][0].binary?.data.id).toBeUndefined();
		expect(hints.join()).not.toContain('memory');
	});

	test('a large one stays at its link, and the hint names the setting', async () => {
		const { outputs, json, hints, error } = await run({ sizeBytes: 16_000_001 });
		expect(error).toBeUndefined();
		expect(outputs[0][0].binary).toBeUndefined();
		expect(json[0]).toMatchObject({
			status: 'success',
			url: expect.stringMatching(/^http/) as string,
			downloadFailures: [{ message: expect.stringContaining('keeps files in memory') as string }],
		});
		expect(hints.join()).toContain('N8N_DEFAULT_BINARY_DATA_MODE');
	});

	test('a batch stops at 64 MB, so that the execution can be stored', async () => {
		const { outputs, simulator } = await run({ sizeBytes: 15_000_000 }, 6);
		const withFiles = outputs[0].filter(({ binary }) => binary !== undefined);
		expect(withFiles).toHaveLength(4);
		expect(outputs[0].every(({ json }) => typeof json.url === 'string')).toBe(true);
		expect(simulator.purchases).toBe(6);
	});
});
