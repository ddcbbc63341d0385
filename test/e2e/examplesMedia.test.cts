import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startFakeModel } from '../../scripts/localServices/fakeModel.cts';
import { startMailbox } from '../../scripts/localServices/mailbox.cts';
import { hasEnded, type Execution, type Workflow } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { publisher, removeTable, rowsOf, shippedExample } from './support/exampleWorkflows.cts';
import { submitForm } from './support/formPages.cts';
import { filesFolder } from './support/host/host.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';

const lab = useLab();
const publish = publisher(lab);

const START = "When clicking 'Execute workflow'";
const PHOTO = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
	'base64',
);

const linkOf = (taskId: string, file: string) =>
	`${lab.simulator.origin}/files/tasks/${taskId}/${file}`;
const fileOf = async (taskId: string, file: string) =>
	Buffer.from(await (await fetch(linkOf(taskId, file))).arrayBuffer());
const taskOf = (prompt: string, model: string) =>
	lab.simulator.tasks.find((task) => task.prompt.includes(prompt) && task.model.startsWith(model))!;

/** Publishes the workflow, fills in its form, and returns the execution when it has ended. */
async function submitted(
	workflow: Workflow,
	form: string,
	answers: Array<string | File>,
): Promise<Execution> {
	await publish(workflow);
	const { webhookId } = workflow.nodes.find(({ name }) => name === form)!;
	await submitForm(`${lab.server.address}/form/${String(webhookId)}`, answers);
	const last = async () =>
		(await lab.n8n.executions(workflow.id)).find(({ mode }) => mode === 'webhook');
	await until(async () => (await last()) !== undefined);
	return await lab.n8n.untilExecution((await last())!.id, hasEnded);
}

lab.test('narrated-post: one message with the text, the image and the speech', async () => {
	const mailbox = await startMailbox();
	try {
		const smtp = await lab.n8n.createCredential('smtp', mailbox.credential, 'SMTP account');
		const workflow = await lab.n8n.createWorkflow(
			shippedExample(lab, 'narrated-post', {}, { smtp }),
		);
		const { status } = await lab.n8n.untilExecution(
			await lab.n8n.runManually(workflow, START),
			hasEnded,
		);
		expect(status).toBe('success');
		expect(lab.simulator.purchases).toBe(2);
		const image = taskOf('lighthouse', 'gpt-image-2');
		const speech = lab.simulator.tasks.find((task) => task.model.startsWith('qwen-audio'))!;
		expect(speech.input).toEqual({ text: expect.stringContaining('a rhythm of its own') });
		expect(image.input).toMatchObject({ aspect_ratio: '16:9' });
		expect(mailbox.mails).toEqual([
			{
				to: 'you@example.com',
				subject: 'Why lighthouses blink',
				text: expect.stringContaining('a rhythm of its own'),
				attachments: [
					{
						name: expect.stringMatching(/\.png$/),
						type: 'image/png',
						bytes: await fileOf(image.taskId, '0.png'),
					},
					{
						name: expect.stringMatching(/\.mp3$/),
						type: 'audio/mpeg',
						bytes: await fileOf(speech.taskId, '0.mp3'),
					},
				],
			},
		]);
	} finally {
		await mailbox.close();
	}
});

describe('product-photo-to-clip', () => {
	const TABLE = 'HiAPI product clips';
	afterEach(async () => await removeTable(lab, TABLE));

	lab.testWhere(
		'tablesMadeByNodes',
		'a photo is edited and animated; file, link and cost are in a row',
		async () => {
			const folder = filesFolder(lab.server.userFolder);
			mkdirSync(folder, { recursive: true });
			const files = mkdtempSync(join(folder, 'clips-'));
			const hiApiApi = await lab.n8n.createCredential(
				'hiApiApi',
				{ ...lab.credentialData(), catalogUrl: lab.simulator.origin },
				'HiAPI with prices',
			);
			const shipped = shippedExample(lab, 'product-photo-to-clip');
			const fileName = String(
				shipped.nodes.find(({ name }) => name === 'Save the clip')!.parameters.fileName,
			).replace('/home/node/.n8n-files', files);
			const workflow = await lab.n8n.createWorkflow(
				shippedExample(
					lab,
					'product-photo-to-clip',
					{ 'Save the clip': { fileName } },
					{ hiApiApi },
				),
			);
			await lab.n8n.untilExecution(await lab.n8n.runManually(workflow, 'Set up once'), hasEnded);
			const photo = new File([PHOTO], 'mug.png', { type: 'image/png' });
			const { status } = await submitted(workflow, 'Product photo', [photo, 'Mountain mug']);
			expect(status).toBe('success');
			expect(lab.simulator.purchases).toBe(2);
			const [edit, clip] = lab.simulator.tasks;
			expect(edit.input.image_urls).toEqual([`data:image/png;base64,${PHOTO.toString('base64')}`]);
			expect(clip.input).toMatchObject({
				image_urls: [linkOf(edit.taskId, '0.png')],
				duration: 5,
				resolution: '720p',
			});
			const file = join(files, `${clip.taskId}.mp4`);
			expect(await rowsOf(lab, TABLE)).toMatchObject([
				{
					product: 'Mountain mug',
					file,
					url: linkOf(clip.taskId, '0.mp4'),
					costUsd: lab.simulator.spentUsd,
					taskId: clip.taskId,
				},
			]);
			expect(lab.simulator.spentUsd).toBeGreaterThan(0.5);
			expect(readFileSync(file)).toEqual(await fileOf(clip.taskId, '0.mp4'));
		},
	);
});

describe('storyboard', () => {
	// Clips of the model are known to take minutes, so the node would not poll earlier; of its small sister nothing is known.
	const changes = { 'Clip of the scene': { model: { value: 'seedance-2.0-mini' } } };

	/** What the last item says, for scenes whose tasks are found by their text. */
	const board = (scenes: string[]) =>
		scenes.map((scene) => {
			const image = taskOf(scene, 'gpt-image-2').taskId;
			const clip = taskOf(scene, 'seedance').taskId;
			return {
				scene,
				image: linkOf(image, '0.png'),
				clip: linkOf(clip, '0.mp4'),
				lastFrame: linkOf(clip, '1.png'),
			};
		});

	lab.test('a fixed list: every clip begins with its image, all links in order', async () => {
		const shipped = shippedExample(lab, 'storyboard', changes);
		const { assignments } = shipped.nodes.find(({ name }) => name === 'Scenes')!.parameters
			.assignments as { assignments: Array<{ name: string; value: string }> };
		const scenes = JSON.parse(assignments.find(({ name }) => name === 'scenes')!.value) as string[];
		// the first scene is the last to be ready
		lab.simulator.plan({ seconds: 2 }, { prompt: new RegExp(scenes[0]) });
		const execution = await lab.n8n.untilExecution(
			await lab.n8n.runManually(await lab.n8n.createWorkflow(shipped), START),
			hasEnded,
		);
		expect(execution.data.resultData.error?.message).toBeUndefined();
		expect(lab.simulator.purchases).toBe(2 * scenes.length);
		expect(itemsOf(execution.data, 'Storyboard').map(({ json }) => json)).toEqual([
			{ scenes: board(scenes) },
		]);
		for (const scene of scenes) {
			expect(taskOf(scene, 'gpt-image-2').input).toEqual({
				prompt: `${scene}. hand-painted animation, warm evening light`,
				aspect_ratio: '16:9',
			});
			expect(taskOf(scene, 'seedance').input).toEqual({
				prompt: scene,
				first_frame_url: linkOf(taskOf(scene, 'gpt-image-2').taskId, '0.png'),
				duration: 5,
				resolution: '720p',
				return_last_frame: true,
			});
		}
	});

	lab.test('an idea: a chat model writes the scenes', async () => {
		const scenes = ['A cat looks at the moon', 'The cat lands on the moon'];
		const model = await startFakeModel({}, [], () => JSON.stringify({ output: { scenes } }));
		try {
			const openAiApi = await lab.n8n.createCredential(
				'openAiApi',
				{ apiKey: 'sk-fake', url: model.baseUrl },
				'OpenAI account',
			);
			const shipped = shippedExample(lab, 'storyboard', changes);
			shipped.nodes.find(({ name }) => name === 'Chat Model')!.credentials = { openAiApi };
			const workflow = await lab.n8n.createWorkflow(shipped);
			const { data } = await submitted(workflow, 'Idea', ['A cat in space', 'ink']);
			expect(data.resultData.error?.message).toBeUndefined();
			expect(JSON.stringify(model.requests[0].messages)).toContain('A cat in space');
			expect(itemsOf(data, 'Storyboard').map(({ json }) => json)).toEqual([
				{ scenes: board(scenes) },
			]);
			expect(taskOf(scenes[1], 'gpt-image-2').prompt).toBe(`${scenes[1]}. ink`);
		} finally {
			await model.close();
		}
	});
});
