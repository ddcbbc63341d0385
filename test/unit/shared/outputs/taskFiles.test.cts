import { Readable } from 'node:stream';

import type { IBinaryData, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { parseTask, type Task } from '../../../../nodes/shared/api/task';
import { downloadTaskFiles } from '../../../../nodes/shared/outputs/taskFiles';
import { VirtualTiming } from '../../../support/virtualTiming.cts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const NOW = 1_000_000_000_000;

const taskOf = (names: string[], completed = NOW / 1000): Task =>
	parseTask({ taskId: 'tk-1', model: 'm', status: 'success', completed, output: names.map((name) => ({ url: `https://cdn.hiapi.ai/${name}`, type: 'image' })) }) as Task;

/** A server that answers with these statuses by file name, in order, then for ever with the last; the clock only runs in pauses. */
function setup(statuses: Record<string, number[]>) {
	const asked: string[] = [];
	const context = {
		helpers: {
			httpRequest: async ({ url }: IHttpRequestOptions) => {
				const name = url.split('/').pop() as string;
				const before = asked.filter((other) => other === name).length;
				asked.push(name);
				const list = statuses[name];
				return await Promise.resolve({ statusCode: list[Math.min(before, list.length - 1)], headers: {}, body: Readable.from([PNG]) });
			},
			prepareBinaryData: async (stream: Readable, fileName?: string): Promise<IBinaryData> => {
				for await (const piece of stream) void piece;
				return { data: '', mimeType: '', fileName };
			},
		},
	} as unknown as IExecuteFunctions;
	const timing = new VirtualTiming(NOW);
	const run = async (task: Task, maximumFiles = Infinity) =>
		await downloadTaskFiles(task, { types: ['all'], field: 'data', maximumBytes: Infinity, maximumFiles }, { context, timing, allowPrivate: false });
	return { run, asked, timing };
}

test('a lagging link is waited for, one by one', async () => {
	const { run, asked } = setup({ a: [404, 404, 200], b: [404, 200] });
	const { binary, failures, fields } = await run(taskOf(['a', 'b']));
	expect(Object.keys(binary)).toEqual(['data', 'data_1']);
	expect([...fields]).toEqual([[0, 'data'], [1, 'data_1']]);
	expect(failures).toEqual([]);
	expect(asked).toEqual(['a', 'a', 'a', 'b', 'b']);
});

test('when one has been waited for in vain, the others are asked for once: a dead server must not hold up the run', async () => {
	const { run, asked, timing } = setup({ a: [503], b: [503], c: [200] });
	const { binary, failures } = await run(taskOf(['a', 'b', 'c']));
	expect(asked).toEqual(['a', 'a', 'a', 'a', 'a', 'b', 'c']);
	expect(Object.keys(binary)).toEqual(['data_2']);
	expect(failures.map(({ url }) => url)).toEqual(['https://cdn.hiapi.ai/a', 'https://cdn.hiapi.ai/b']);
	expect(timing.now() - NOW).toBeLessThan(30_000);
});

test('a file that is simply gone says nothing about the others', async () => {
	const { run, asked } = setup({ a: [404], b: [503, 200] });
	const { binary } = await run(taskOf(['a', 'b'], NOW / 1000 - 3600));
	expect(asked).toEqual(['a', 'b', 'b']);
	expect(Object.keys(binary)).toEqual(['data_1']);
});

test('the count limit leaves the rest where it is, unasked', async () => {
	const { run, asked } = setup({ a: [200], b: [200], c: [200] });
	expect(await run(taskOf(['a', 'b', 'c']), 2)).toMatchObject({ leftOut: 1, failures: [] });
	expect(asked).toEqual(['a', 'b']);
});

test('a task without files', async () => {
	const { run, asked } = setup({});
	expect(await run(taskOf([]))).toEqual({ binary: {}, fields: new Map(), failures: [], leftOut: 0 });
	expect(asked).toEqual([]);
});
