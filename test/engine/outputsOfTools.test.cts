import type { IDataObject } from 'n8n-workflow';

import { cell } from './support/outputsLab.cts';

const PLACES = [{ kind: 'agent' }, { kind: 'inlineAgent' }] as const;

describe.each(PLACES)('as the tool of $kind', (place) => {
	test.each<[string, IDataObject]>([
		['Run and Wait', {}],
		['Wait for Completion', { operation: 'waitForCompletion' }],
		['Download Outputs', { operation: 'downloadOutputs' }],
	])(
		'%s gives links and downloads nothing, because nobody would get the files',
		async (_, operation) => {
			const { simulator, run, requests, kept } = await cell();
			const bought = await run({ downloadOutputs: false });
			const taskId = { __rl: true, mode: 'id', value: bought.json[0].taskId };
			const { json, error } = await run({ downloadOutputs: true, taskId, ...operation }, { place });
			expect(error).toBeUndefined();
			expect(json[0].url).toContain(simulator.origin);
			expect(json[0]).not.toHaveProperty('downloadFailures');
			expect(requests()).toHaveLength(0);
			expect(kept()).toHaveLength(0);
		},
	);
});
