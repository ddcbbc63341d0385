import type { IDataObject, INode } from 'n8n-workflow';

import type { FileBehaviour, TaskPlan } from '../../simulator/index.cts';
import { prompts } from './support/hiApi.cts';
import { bytesAt, cell, failuresOf, storage } from './support/outputsLab.cts';

describe('what passes', () => {
	test.concurrent.each<[string, FileBehaviour]>([
		['a link that is not known everywhere yet', { notFoundTimes: 2 }],
		['no type', { contentType: null }],
		['a stream of bytes', { contentType: 'application/octet-stream' }],
		['a wrong type', { contentType: 'text/html' }],
		['no length', { withoutLength: true }],
		['a slow server', { bytesPerSecond: 20_000 }],
		['a redirect on the same host', { redirect: 'same', redirectHops: 3 }],
		['a redirect to another host', { redirect: 'other', redirectHops: 2 }],
	])('%s', async (_, file) => {
		const { run, requests, kept, simulator } = await cell(file);
		const { outputs, json, error } = await run();
		expect(error).toBeUndefined();
		expect(json[0]).not.toHaveProperty('downloadFailures');
		const { data } = outputs[0][0].binary!;
		expect(data).toMatchObject({ mimeType: 'image/png', fileExtension: 'png' });
		expect((await storage.read(data)).equals(await bytesAt(json[0].url))).toBe(true);
		expect(kept()).toHaveLength(1);
		for (const { headers } of requests()) {
			expect(JSON.stringify(headers)).not.toContain(simulator.apiKey);
			expect(Object.keys(headers).sort()).toEqual(
				expect.not.arrayContaining(['authorization', 'cookie', 'idempotency-key']),
			);
		}
	});

	test.concurrent.each([
		['server errors', { type: 'status', status: 503 }],
		['a lost connection', { type: 'drop' }],
		['a connection that ends in the middle', { type: 'cutConnection' }],
		['a rate limit', { type: 'status', status: 429, retryAfter: 1 }],
		['a web page in between', { type: 'status', status: 502, format: 'html' }],
	] as const)('%s, twice', async (_, action) => {
		const { run, simulator, kept } = await cell();
		simulator.fault({ path: '/files/*', action, times: 2 });
		const { outputs, json } = await run();
		expect(json[0]).not.toHaveProperty('downloadFailures');
		expect(
			(await storage.read(outputs[0][0].binary!.data)).equals(await bytesAt(json[0].url)),
		).toBe(true);
		expect(kept()).toHaveLength(1);
	});
});

describe('a file that does not arrive', () => {
	const LONG_AGO = { completed: 1_700_000_000 };
	interface Case {
		name: string;
		file: FileBehaviour;
		plan?: TaskPlan;
		options?: IDataObject;
		message: RegExp;
		description: RegExp;
		/** How many times it was asked for. */
		tries: number;
	}
	const cases: Case[] = [
		{
			name: 'truncated',
			file: { sizeBytes: 300_000, truncateAfterBytes: 100_000 },
			message: /ended before the whole file/,
			description: /'Download Outputs'.*later/,
			tries: 5,
		},
		{ name: 'empty', file: { empty: true }, message: /is empty/, description: /paid/, tries: 5 },
		{
			name: 'a web page',
			file: { html: true },
			message: /web page came/,
			description: /proxy or firewall/,
			tries: 5,
		},
		{
			name: 'a web page called a picture',
			file: { html: true, contentType: 'image/png' },
			message: /web page came/,
			description: /proxy or firewall/,
			tries: 5,
		},
		{
			name: 'redirected for ever',
			file: { redirect: 'loop' },
			message: /too many redirects/,
			description: /later/,
			tries: 6,
		},
		{
			name: 'gone',
			file: { status: 404 },
			plan: { reported: LONG_AGO },
			message: /not at its link \(HTTP 404\)/,
			description: /promoting/,
			tries: 1,
		},
		{
			name: 'refused',
			file: { status: 403 },
			plan: { reported: LONG_AGO },
			message: /HTTP 403/,
			description: /'Get'/,
			tries: 1,
		},
		{
			name: 'a server that never recovers',
			file: { status: 500 },
			message: /HTTP 500/,
			description: /later/,
			tries: 5,
		},
		{
			name: 'too large, as announced',
			file: { sizeBytes: 3_000_000 },
			options: { maximumFileSize: 2 },
			message: /larger than.*2 MB/,
			description: /Nothing of it was kept/,
			tries: 1,
		},
		{
			name: 'too large, unannounced',
			file: { sizeBytes: 3_000_000, withoutLength: true },
			options: { maximumFileSize: 2 },
			message: /larger than/,
			description: /0 means no limit/,
			tries: 1,
		},
	];

	test.concurrent.each(cases)(
		'$name: the item keeps its task and links, nothing half-written is kept, nothing is bought again',
		async ({ file, plan, options, message, description, tries }) => {
			const { run, simulator, kept, requests } = await cell(file, plan);
			const settings: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
			const result = await run({ options }, { settings });
			expect(result.error).toBeUndefined();
			expect(result.json[0]).toMatchObject({
				taskId: simulator.tasks[0].taskId,
				status: 'success',
				url: expect.stringMatching(/^http/) as string,
			});
			expect(result.json[0]).not.toHaveProperty('error');
			expect(failuresOf(result)).toEqual([
				{
					url: result.json[0].url,
					type: 'image',
					message: expect.stringMatching(message) as string,
					description: expect.stringMatching(description) as string,
					retryable: expect.any(Boolean) as boolean,
				},
			]);
			expect(failuresOf(result)[0].description).toContain(simulator.tasks[0].taskId);
			expect(result.outputs[0][0].binary).toBeUndefined();
			expect(result.hints.join('\n')).toMatch(/^A file was not downloaded: /m);
			expect(kept()).toEqual([]);
			expect(requests()).toHaveLength(tries);
			expect(simulator.purchases).toBe(1);
		},
	);

	test.concurrent.each(['seconds', 'milliseconds', 'iso'] as const)(
		'expired, told in %s: it says so, and is asked for once',
		async (expireAtFormat) => {
			const { run, simulator, requests } = await cell();
			Object.assign(simulator.switches, { expireAtFormat, outputLifetimeSeconds: -60 });
			const result = await run();
			expect(failuresOf(result)[0].message).toMatch(/link of the file expired on \d{4}-\d\d-\d\dT/);
			expect(failuresOf(result)[0].description).toMatch(
				/task stays paid.*'Storage' set to 'Persistent'/,
			);
			expect(requests()).toHaveLength(1);
		},
	);

	test.concurrent.each(['zero', 'missing'] as const)(
		'expired, with a time that is %s: not called expired',
		async (expireAtFormat) => {
			const { run, simulator } = await cell({}, { reported: LONG_AGO });
			Object.assign(simulator.switches, { expireAtFormat, outputLifetimeSeconds: -60 });
			expect(failuresOf(await run())[0].message).toMatch(
				/^The server of the file refused it \(HTTP 403\)$/,
			);
		},
	);

	test.concurrent('one of three: the others arrive in their own fields', async () => {
		const { run, kept } = await cell(
			{},
			{ reported: LONG_AGO, outputs: [{}, { file: { status: 404 } }, {}] },
		);
		const result = await run();
		expect(Object.keys(result.outputs[0][0].binary!)).toEqual(['data', 'data_2']);
		expect((result.json[0].outputs as IDataObject[]).map(({ binaryField }) => binaryField)).toEqual(
			['data', undefined, 'data_2'],
		);
		expect(failuresOf(result)).toHaveLength(1);
		expect(kept()).toHaveLength(2);
	});
});

describe('ending early', () => {
	test.concurrent(
		'the stop button ends a download at once, and nothing of it is kept',
		async () => {
			const { run, kept, requests } = await cell({
				sizeBytes: 50_000_000,
				bytesPerSecond: 500_000,
			});
			let stoppedAt = 0;
			await run(
				{},
				{
					onStarted: (stop) => {
						const wait = setInterval(() => {
							if (requests().length === 0) return;
							clearInterval(wait);
							setTimeout(() => {
								stoppedAt = Date.now();
								stop();
							}, 300);
						}, 20);
					},
				},
			);
			// the rest of the file would take over a minute
			expect(Date.now() - stoppedAt).toBeLessThan(30_000);
			await new Promise((resolve) => setTimeout(resolve, 500));
			expect(kept()).toEqual([]);
		},
	);

	test.concurrent('the failure of another item ends a download soon', async () => {
		const { run, simulator, kept } = await cell({ sizeBytes: 50_000_000, bytesPerSecond: 500_000 });
		simulator.plan({ outcome: 'fail', seconds: 2 }, { prompt: 'p1' });
		const started = Date.now();
		const { error } = await run({}, { items: prompts(2) });
		expect(error?.context).toMatchObject({ itemIndex: 1 });
		expect(Date.now() - started).toBeLessThan(15_000);
		expect(kept()).toEqual([]);
	});
});
