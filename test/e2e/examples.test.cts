import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { itemsOf } from '../../scripts/n8n/runData.cts';
import { publisher, shippedExample } from './support/exampleWorkflows.cts';
import { startFakeModel, type FakeModel } from '../../scripts/localServices/fakeModel.cts';
import { endOf, submitForm } from './support/formPages.cts';
import { filesFolder } from './support/host/host.cts';
import { useLab } from './support/lab.cts';
import { startMailbox, type Mailbox } from '../../scripts/localServices/mailbox.cts';
import { settledExecutions } from './support/triggerLab.cts';
import { until } from './support/until.cts';

const lab = useLab();
const publish = publisher(lab);

const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
const producedBy = async (taskId: string) =>
	await bytesAt(`${lab.simulator.origin}/files/tasks/${taskId}/0.png`);
const failure = {
	outcome: 'fail',
	error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' },
} as const;

describe('form-to-picture', () => {
	const answers = ['a red kite over the dunes', '1:1'];

	async function publishedForm(): Promise<{ url: string; workflowId: string }> {
		const workflow = await lab.n8n.createWorkflow(shippedExample(lab, 'form-to-picture'));
		await publish(workflow);
		const { webhookId } = workflow.nodes.find(({ name }) => name === 'On form submission')!;
		return { url: `${lab.server.address}/form/${String(webhookId)}`, workflowId: workflow.id };
	}

	lab.test('whoever fills in the form sees the picture and gets the file', async () => {
		const { url, workflowId } = await publishedForm();
		const form = await (await fetch(url)).text();
		expect(form).toContain('What should the picture show?');
		expect(form).toContain('9:16');
		const { html, files, finish } = await endOf(await submitForm(url, answers));
		const [task] = lab.simulator.tasks;
		expect(task.input).toEqual({ prompt: answers[0], aspect_ratio: answers[1] });
		expect(html).toContain('Your picture is ready');
		expect(html).toMatch(
			new RegExp(`<img src="${lab.simulator.origin}/files/tasks/${task.taskId}/0.png"`),
		);
		expect(files).toEqual([
			{
				type: 'image/png',
				fileName: expect.stringContaining(task.taskId),
				bytes: await producedBy(task.taskId),
			},
		]);
		await finish();
		const [{ id }] = await lab.n8n.executions(workflowId);
		expect((await lab.n8n.untilExecution(id)).status).toBe('success');
		expect(lab.simulator.purchases).toBe(1);
	});

	lab.testWhere(
		'detailedFailures',
		'a picture that could not be made: the page says why',
		async () => {
			const { url } = await publishedForm();
			lab.simulator.plan(failure);
			const { html, files, finish } = await endOf(await submitForm(url, answers));
			expect(html).toContain('There is no picture');
			expect(html).toContain(failure.error.message);
			expect(files).toEqual([]);
			await finish();
			expect(lab.simulator.purchases).toBe(1);
		},
	);
});

describe('task-complete-automation', () => {
	let mailbox: Mailbox;
	beforeEach(async () => {
		mailbox = await startMailbox();
	});
	afterEach(async () => await mailbox.close());

	const storesAndTells = async (binaryMode: 'separate' | 'combined') => {
		const folder = filesFolder(lab.server.userFolder);
		mkdirSync(folder, { recursive: true });
		const files = mkdtempSync(join(folder, 'examples-'));
		const smtp = await lab.n8n.createCredential('smtp', mailbox.credential, 'SMTP account');
		const shipped = shippedExample(lab, 'task-complete-automation');
		const trigger = shipped.nodes.find(({ name }) => name === 'HiAPI Trigger')!;
		const callbackUrl = `${lab.server.address}/webhook/${String(trigger.webhookId)}/webhook`;
		const fileName = String(
			shipped.nodes.find(({ name }) => name === 'Save the file')!.parameters.fileName,
		).replace('/home/node/.n8n-files', files);
		const changes = { 'Create tasks': { callbackUrl }, 'Save the file': { fileName } };
		const workflow = await lab.n8n.createWorkflow({
			...shippedExample(lab, 'task-complete-automation', changes, { smtp }),
			settings: { ...shipped.settings, binaryMode },
		});
		await publish(workflow);
		lab.simulator.switches.callbackCopies = 2;
		lab.simulator.plan(failure, { prompt: /boat/ });

		const ordered = await lab.n8n.untilExecution(
			await lab.n8n.runManually(workflow, 'Order pictures'),
		);
		expect(ordered.status).toBe('success');
		expect(itemsOf(ordered.data, 'Create tasks')).toHaveLength(2);
		expect(lab.simulator.tasks.map((task) => task.callbackUrl)).toEqual([callbackUrl, callbackUrl]);

		await until(
			() =>
				mailbox.mails.length >= 2 &&
				lab.simulator.deliveries.filter(({ status }) => status === 200).length === 4,
		);
		const executions = (await settledExecutions(lab, { workflow, url: '', testUrl: '' })).filter(
			({ mode }) => mode === 'webhook',
		);
		expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'success'));
		const [good, bad] = ['lighthouse', 'boat'].map(
			(word) => lab.simulator.tasks.find(({ prompt }) => prompt.includes(word))!.taskId,
		);
		expect(mailbox.mails.sort((a, b) => a.subject.localeCompare(b.subject))).toEqual([
			{
				to: 'you@example.com',
				subject: `Picture failed: ${bad}`,
				text: `${failure.error.message} (${failure.error.code})`,
			},
			{
				to: 'you@example.com',
				subject: `Picture ready: ${good}`,
				text: expect.stringContaining(join(files, `${good}.png`)),
			},
		]);
		expect(mailbox.mails[1].text).toContain(`${lab.simulator.origin}/files/tasks/${good}/0.png`);
		expect(readdirSync(files)).toEqual([`${good}.png`]);
		expect(readFileSync(join(files, `${good}.png`))).toEqual(await producedBy(good));
		expect(lab.simulator.purchases).toBe(2);
	};

	lab.test(
		'stores the file of what succeeded and sends a mail for each task, once',
		async () => await storesAndTells('separate'),
	);

	lab.test(
		'the same in a workflow that has JSON and files combined',
		async () => await storesAndTells('combined'),
	);
});

describe('ai-agent', () => {
	let model: FakeModel;
	beforeEach(async () => {
		model = await startFakeModel({ Prompt: 'a lighthouse in the rain', Aspect_Ratio: '9:16' });
	});
	afterEach(async () => await model.close());

	/** Sends a message as the editor's chat does. */
	async function chat(chatInput: string) {
		const openAiApi = await lab.n8n.createCredential(
			'openAiApi',
			{ apiKey: 'sk-fake', url: model.baseUrl },
			'OpenAI account',
		);
		const workflow = await lab.n8n.createWorkflow(
			shippedExample(lab, 'ai-agent', {}, { openAiApi }),
		);
		const message = { json: { sessionId: 'a-session', action: 'sendMessage', chatInput } };
		const data = {
			startTime: Date.now(),
			executionTime: 0,
			executionStatus: 'success',
			source: [null],
			data: { main: [[message]] },
		};
		const { executionId } = await lab.n8n.rest<{ executionId: string }>(
			'POST',
			`/workflows/${workflow.id}/run`,
			{
				workflowData: workflow,
				triggerToStartFrom: { name: 'When chat message received', data },
			},
		);
		return await lab.n8n.untilExecution(executionId);
	}

	lab.test(
		'the model fills in prompt and shape, one picture is bought, and its link comes back',
		async () => {
			const execution = await chat('A lighthouse in the rain, for my phone');
			expect(execution.status).toBe('success');
			expect(JSON.stringify(model.requests[0].messages)).toContain('for my phone');
			expect(JSON.stringify(model.requests[0].messages)).toContain(
				'Answer with the picture as Markdown',
			);
			expect(
				Object.keys(model.requests[0].tools?.[0].function.parameters.properties ?? {}),
			).toEqual(['Prompt', 'Aspect_Ratio']);
			expect(lab.simulator.tasks.map(({ input }) => input)).toEqual([
				{ prompt: 'a lighthouse in the rain', aspect_ratio: '9:16' },
			]);
			expect(model.toolResult()).toContain(
				`${lab.simulator.origin}/files/tasks/${lab.simulator.tasks[0].taskId}/0.png`,
			);
			expect(itemsOf(execution.data, 'AI Agent')[0].json).toMatchObject({
				output: 'Here is your picture.',
			});
		},
	);

	lab.testWhere(
		'agentsToldOfFailures',
		'the model learns why there is no picture, and nothing more is bought',
		async () => {
			lab.simulator.plan(failure);
			expect((await chat('A lighthouse')).status).toBe('success');
			expect(model.toolResult()).toContain(failure.error.message);
			expect(lab.simulator.purchases).toBe(1);
		},
	);
});
