import { Readable } from 'node:stream';

import type { IBinaryData, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { parseTask, type Task } from '../../../../nodes/shared/api/task';
import { MemoryLimit } from '../../../../nodes/shared/downloads/memoryLimit';
import { downloadTaskFiles } from '../../../../nodes/shared/downloads/taskFiles';
import { VirtualTiming } from '../../../support/virtualTiming.cts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
/** When all of it happens, in milliseconds since 1970. */
export const NOW = 1_000_000_000_000;

/** A task that has succeeded, with files of these names. */
export const taskOf = (names: string[], completed = NOW / 1000): Task =>
	parseTask({
		taskId: 'tk-1',
		model: 'm',
		status: 'success',
		completed,
		output: names.map((name) => ({ url: `https://cdn.hiapi.ai/${name}`, type: 'image' })),
	}) as Task;

/** A server that answers with these statuses by file name, in order, then for ever with the last; the clock only runs in pauses. */
export function fakeFiles(statuses: Record<string, number[]>) {
	const asked: string[] = [];
	const warnings: string[] = [];
	const hints: Array<{ message: string; type?: string }> = [];
	const context = {
		logger: { warn: (message: string) => warnings.push(message) },
		addExecutionHints: (hint: { message: string }) => hints.push(hint),
		helpers: {
			httpRequest: async ({ url }: IHttpRequestOptions) => {
				const name = url.split('/').pop() as string;
				const before = asked.filter((other) => other === name).length;
				asked.push(name);
				const list = statuses[name];
				return await Promise.resolve({
					statusCode: list[Math.min(before, list.length - 1)],
					headers: {},
					body: Readable.from([PNG]),
				});
			},
			prepareBinaryData: async (stream: Readable, fileName?: string): Promise<IBinaryData> => {
				for await (const piece of stream) void piece;
				return { id: 'filesystem-v2:1', data: '', mimeType: '', fileName };
			},
		},
	} as unknown as IExecuteFunctions;
	const timing = new VirtualTiming(NOW);
	const run = async (task: Task, maximumFiles = Infinity) =>
		await downloadTaskFiles(
			task,
			{ types: ['all'], field: 'data', maximumBytes: Infinity, maximumFiles },
			{ context, timing, allowPrivate: false, memory: new MemoryLimit(context) },
		);
	return { run, asked, timing, context, warnings, hints };
}
