import { setTimeout as sleep } from 'node:timers/promises';

import type { WorkflowNode } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { useLab } from './support/lab.cts';
import { listen, settledExecutions, TRIGGER } from './support/triggerLab.cts';
import { until } from './support/until.cts';
import { create, HIAPI, hiApiNode, NEXT, runAndWait, workflowOf } from './support/workflows.cts';

const lab = useLab();

type Json = Record<string, unknown>;

const waitFor = (options: Json = {}, settings: Json = {}) =>
	workflowOf(hiApiNode(lab.credential, runAndWait('a kite', options), settings));
const bytesAt = async (url: unknown) =>
	Buffer.from(await (await fetch(url as string)).arrayBuffer());
const fileRequests = () =>
	lab.simulator.requests.filter(({ pathname }) => pathname.startsWith('/files/'));

/** Start → HiAPI → Next, with a second HiAPI node in the place of Next. */
function followedBy(parameters: Json, firstOptions: Json = {}) {
	const workflow = waitFor(firstOptions);
	const second: WorkflowNode = { ...hiApiNode(lab.credential, parameters), name: NEXT };
	return { ...workflow, nodes: workflow.nodes.map((one) => (one.name === NEXT ? second : one)) };
}

describe('Run and Wait', () => {
	lab.test('hands a file on that the next nodes and the editor can read', async () => {
		const execution = await lab.run(waitFor());
		expect(execution.status).toBe('success');
		const [{ json, binary }] = itemsOf(execution.data, NEXT);
		expect(binary?.data).toMatchObject({
			mimeType: 'image/png',
			fileExtension: 'png',
			fileName: expect.stringMatching(/^tk-hiapi-.*\.png$/) as string,
		});
		expect(binary?.data.id).toMatch(/^filesystem-v2:/);
		expect((await lab.n8n.binaryContent(binary!.data)).equals(await bytesAt(json.url))).toBe(true);
	});

	lab.test('a file on another host is fetched there, and that host sees no key', async () => {
		lab.simulator.switches.file = {
			redirect: 'other',
			redirectHops: 2,
			contentType: 'application/octet-stream',
			notFoundTimes: 1,
		};
		const execution = await lab.run(waitFor());
		const [{ binary }] = itemsOf(execution.data, HIAPI);
		expect(binary?.data.mimeType).toBe('image/png');
		expect(fileRequests().length).toBeGreaterThanOrEqual(4);
		for (const { headers } of fileRequests()) {
			expect(headers).not.toHaveProperty('authorization');
			expect(JSON.stringify(headers)).not.toContain(lab.simulator.apiKey);
		}
		expect(new Set(fileRequests().map(({ headers }) => headers.host)).size).toBe(2);
	});

	lab.test(
		'a truncated file does not cost the task: the item goes on, and Retry On Fail buys nothing',
		async () => {
			lab.simulator.switches.file = { sizeBytes: 400_000, truncateAfterBytes: 200_000 };
			const execution = await lab.run(
				waitFor({}, { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 }),
			);
			expect(execution.status).toBe('success');
			const [{ json, binary }] = itemsOf(execution.data, NEXT);
			expect(binary).toBeUndefined();
			expect(json).toMatchObject({
				status: 'success',
				downloadFailures: [
					{
						url: json.url,
						message: expect.stringMatching(/ended before the whole file/) as string,
					},
				],
			});
			expect(
				execution.data.resultData.runData[HIAPI][0].hints?.map(({ message }) => message).join(),
			).toMatch(/was not downloaded/);
			expect(lab.simulator.purchases).toBe(1);
		},
	);

	lab.test('the stop button ends a download', async () => {
		lab.simulator.switches.file = { sizeBytes: 50_000_000, bytesPerSecond: 500_000 };
		const id = await lab.start(waitFor());
		while (fileRequests().length === 0) await sleep(50);
		await lab.n8n.stopExecution(id);
		const execution = await lab.n8n.untilExecution(id);
		expect(execution.status).toBe('canceled');
		// n8n shows the execution as ended at once; the node says in the log when it has ended, too
		await until(() => lab.log().includes(lab.simulator.tasks[0].taskId));
		await sleep(3_000);
		expect(fileRequests()).toHaveLength(1);
	});
});

describe('Download Outputs', () => {
	lab.test('fetches the files of the task the item carries, as they were asked for', async () => {
		lab.simulator.plan({ outputs: [{ type: 'video' }, { type: 'last_frame' }] });
		const parameters = {
			operation: 'downloadOutputs',
			taskId: { __rl: true, mode: 'id', value: '={{ $json.taskId }}' },
			outputTypes: ['all'],
			binaryField: 'clip',
		};
		const workflow = followedBy(parameters);
		const first = workflow.nodes.find(({ name }) => name === HIAPI)!;
		first.parameters.downloadOutputs = false;
		const execution = await lab.run(workflow);
		expect(itemsOf(execution.data, HIAPI)[0].binary).toBeUndefined();
		const [{ binary }] = itemsOf(execution.data, NEXT);
		expect(Object.entries(binary ?? {}).map(([field, { mimeType }]) => [field, mimeType])).toEqual([
			['clip', 'video/mp4'],
			['clip_1', 'image/png'],
		]);
		expect(lab.simulator.purchases).toBe(1);
	});
});

describe('HiAPI Trigger', () => {
	lab.test('downloads after HiAPI has its answer', async () => {
		lab.simulator.switches.file = { delayMilliseconds: 3_000 };
		const listener = await listen(lab, { downloadOutputs: true });
		await lab.run(
			workflowOf(
				hiApiNode(
					lab.credential,
					create('a kite', {}, { callback: 'url', callbackUrl: listener.url }),
				),
			),
		);
		await until(() => lab.simulator.deliveries[0]?.status !== undefined);
		expect(lab.simulator.deliveries[0].status).toBe(200);
		expect(fileRequests().filter(({ status }) => status !== undefined)).toEqual([]);
		const [execution] = await settledExecutions(lab, listener);
		const [{ json, binary }] = itemsOf(execution.data, TRIGGER);
		expect(binary?.data.mimeType).toBe('image/png');
		expect((await lab.n8n.binaryContent(binary!.data)).equals(await bytesAt(json.url))).toBe(true);
	});
});

describe('Files as Input', () => {
	const editing = (entry: Json) => ({
		...create('make it blue'),
		model: { __rl: true, mode: 'id', value: 'gpt-image-2/image-to-image' },
		inputFiles: { file: [{ field: 'input_urls', binaryField: 'data', ...entry }] },
	});

	lab.test('the file of one task becomes the input of the next', async () => {
		const execution = await lab.run(followedBy(editing({ sendAs: 'inline' })));
		expect(execution.status).toBe('success');
		const picture = await lab.n8n.binaryContent(itemsOf(execution.data, HIAPI)[0].binary!.data);
		expect(lab.simulator.tasks[0].input.prompt).toBe('a kite');
		expect(lab.simulator.tasks[1]).toMatchObject({
			input: {
				prompt: 'make it blue',
				input_urls: [`data:image/png;base64,${picture.toString('base64')}`],
			},
		});
	});

	lab.testWhere(
		'fileLinks',
		'as a link, HiAPI fetches it from n8n without logging in',
		async () => {
			const execution = await lab.run(followedBy(editing({ sendAs: 'link' })));
			expect(execution.status).toBe('success');
			const [url] = lab.simulator.tasks[1].input.input_urls as string[];
			expect(url).toContain(`${lab.server.address}/rest/binary-data/signed?token=`);
			const reply = await fetch(url);
			expect(reply.headers.get('content-type')).toBe('image/png');
			const picture = await lab.n8n.binaryContent(itemsOf(execution.data, HIAPI)[0].binary!.data);
			expect(Buffer.from(await reply.arrayBuffer()).equals(picture)).toBe(true);
		},
	);
});

lab.test('the editor offers the fields that take files', async () => {
	const options = await lab.n8n.rest<Array<{ value: string }>>(
		'POST',
		'/dynamic-node-parameters/options',
		{
			path: 'parameters.inputFiles.file[0].field',
			nodeTypeAndVersion: { name: 'n8n-nodes-hiapi.hiApi', version: 1 },
			methodName: 'getFileFields',
			currentNodeParameters: {
				resource: 'task',
				operation: 'create',
				model: { __rl: true, mode: 'id', value: 'gpt-image-2/image-to-image' },
				options: {},
			},
			credentials: { hiApiApi: lab.credential },
		},
	);
	expect(options.map(({ value }) => value)).toEqual(['input_urls']);
});
