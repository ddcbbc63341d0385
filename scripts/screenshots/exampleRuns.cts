import { setTimeout as sleep } from 'node:timers/promises';

import type { Simulator } from '../../simulator/index.cts';
import { triggerUrl } from '../demo/fillIn.cts';
import type { Mailbox } from '../localServices/mailbox.cts';
import type { LocalTelegram } from '../localServices/telegram.cts';
import { hasEnded, type N8nClient, type Workflow } from '../n8n/client.cts';
import type { Editor, Rectangle } from './editor.cts';

/** Where the examples run for their pictures. */
export interface Stage {
	n8n: N8nClient;
	simulator: Simulator;
	editor: Editor;
	telegram: LocalTelegram;
	mailbox: Mailbox;
	/** Takes a picture of what the editor's browser shows, or of a part of it, under this name. */
	take: (name: string, part?: Rectangle) => Promise<void>;
}

/** An example and the run that its picture shows. */
export interface ExampleRun {
	/** Parameters that a newcomer has to put in, by node. */
	fillIn?: (workflow: Workflow, stage: Stage) => Record<string, Record<string, unknown>>;
	/** Runs the imported example; returns the id of the execution to show, which has ended, or undefined when n8n keeps none. */
	run: (workflow: Workflow, stage: Stage) => Promise<string | undefined>;
}

const WITHIN_MILLISECONDS = 60_000;
const FAILURE = {
	outcome: 'fail',
	error: { code: 'CONTENT_POLICY', message: 'The prompt was rejected' },
} as const;

/** Where the example "task-complete-automation" stores files: a folder of this machine instead of that of n8n in Docker. */
export const FILE_FOLDER_VARIABLE = 'N8N_RESTRICT_FILE_ACCESS_TO';

async function runFrom(workflow: Workflow, { n8n }: Stage, trigger: string): Promise<string> {
	const id = await n8n.runManually(workflow, trigger);
	const { status } = await n8n.untilExecution(id, hasEnded, WITHIN_MILLISECONDS);
	if (status !== 'success') throw new Error(`"${workflow.name}" ended with status "${status}".`);
	return id;
}

/** Buys a task as some other workflow would; returns its id. */
async function buyTask({ baseUrl, apiKey }: Simulator): Promise<string> {
	const reply = await fetch(`${baseUrl}/tasks`, {
		method: 'POST',
		headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
		body: JSON.stringify({ model: 'gpt-image-2/text-to-image', input: { prompt: 'A kite' } }),
	});
	return ((await reply.json()) as { data: { taskId: string } }).data.taskId;
}

/** An image that HiAPI has made. */
async function picture(simulator: Simulator): Promise<Blob> {
	const taskId = await buyTask(simulator);
	simulator.finish(taskId);
	return await (await fetch(`${simulator.origin}/files/tasks/${taskId}/0.png`)).blob();
}

/** The first execution of a mode, once it has ended. */
async function untilRun({ id }: Workflow, { n8n }: Stage, mode: string): Promise<string> {
	const deadline = Date.now() + WITHIN_MILLISECONDS;
	for (;;) {
		const found = (await n8n.executions(id)).reverse().find((execution) => execution.mode === mode);
		if (found && hasEnded(found)) return found.id;
		if (Date.now() > deadline)
			throw new Error(
				`No execution of mode "${mode}" has ended; n8n says ${found?.status ?? 'there is none'}.`,
			);
		await sleep(200);
	}
}

/** The examples that have a picture, by file name. */
export const EXAMPLE_RUNS: Record<string, (folder: string) => ExampleRun> = {
	'form-to-picture': () => ({
		run: async (workflow, stage) => {
			await stage.n8n.publish(workflow);
			const form = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.formTrigger');
			await stage.editor.fillInForm(
				`${stage.n8n.address}/form/${String(form?.webhookId)}`,
				'A red kite over the dunes, watercolour',
				'16:9',
			);
			await stage.take('example-form-page');
			return await untilRun(workflow, stage, 'webhook');
		},
	}),
	'task-complete-automation': (folder) => ({
		fillIn: (workflow, stage) => ({
			'Create tasks': { callbackUrl: triggerUrl(workflow, stage.n8n.address) },
			'Save the file': {
				fileName: `=${folder}/{{ $json.taskId }}.{{ $binary.data.fileExtension }}`,
			},
		}),
		run: async (workflow, stage) => {
			await stage.n8n.publish(workflow);
			await runFrom(workflow, stage, 'Order pictures');
			return await untilRun(workflow, stage, 'webhook');
		},
	}),
	'product-photo-to-clip': (folder) => ({
		fillIn: () => ({
			'Save the clip': {
				fileName: `=${folder}/{{ $json.taskId }}.{{ $binary.data.fileExtension }}`,
			},
		}),
		run: async (workflow, stage) => {
			await runFrom(workflow, stage, 'Set up once');
			await stage.n8n.publish(workflow);
			const answers = new FormData();
			answers.append(
				'field-0',
				new File([await picture(stage.simulator)], 'mug.png', { type: 'image/png' }),
			);
			answers.append('field-1', 'Mountain mug');
			const form = workflow.nodes.find(({ name }) => name === 'Product photo');
			const url = `${stage.n8n.address}/form/${String(form?.webhookId)}`;
			await fetch(url, { method: 'POST', body: answers });
			return await untilRun(workflow, stage, 'webhook');
		},
	}),
	storyboard: () => ({
		// clips of the model are known to take minutes, so the node would not poll earlier; of its small sister nothing is known
		fillIn: () => ({
			'Clip of the scene': { model: { __rl: true, mode: 'id', value: 'seedance-2.0-mini' } },
		}),
		run: async (workflow, stage) =>
			await runFrom(workflow, stage, "When clicking 'Execute workflow'"),
	}),
	'narrated-post': () => ({
		run: async (workflow, stage) =>
			await runFrom(workflow, stage, "When clicking 'Execute workflow'"),
	}),
	'approve-before-buying': () => ({
		run: async (workflow, { n8n, mailbox }) => {
			const id = await n8n.runManually(workflow, "When clicking 'Execute workflow'");
			await n8n.untilExecution(id, ({ status }) => status === 'waiting', WITHIN_MILLISECONDS);
			const link = /(?<!not )Buy\s*\[?(http[^\]\s]+)/.exec(String(mailbox.mails.at(-1)?.text))?.[1];
			// n8n does not take the answer of a program for that of a person
			await fetch(String(link), { headers: { 'user-agent': 'Mozilla/5.0 Firefox/140.0' } });
			await n8n.untilExecution(id, hasEnded, WITHIN_MILLISECONDS);
			return id;
		},
	}),
	'scheduled-batch': () => ({
		run: async (workflow, stage) => {
			await runFrom(workflow, stage, 'Make the table');
			stage.simulator.plan(FAILURE, { prompt: /blue/ });
			return await runFrom(workflow, stage, 'Every hour');
		},
	}),
	'ai-agent': () => ({
		run: async (workflow, { n8n }) => {
			const message = {
				json: {
					sessionId: 'picture',
					action: 'sendMessage',
					chatInput: 'A lighthouse in the rain',
				},
			};
			const data = {
				startTime: Date.now(),
				executionTime: 0,
				executionStatus: 'success',
				source: [null],
				data: { main: [[message]] },
			};
			const { executionId } = await n8n.rest<{ executionId: string }>(
				'POST',
				`/workflows/${workflow.id}/run`,
				{
					workflowData: workflow,
					triggerToStartFrom: { name: 'When chat message received', data },
				},
			);
			await n8n.untilExecution(executionId, hasEnded, WITHIN_MILLISECONDS);
			return executionId;
		},
	}),
	'suspended-wait': () => ({
		run: async (workflow, stage) => {
			stage.simulator.plan(FAILURE, { prompt: /Rain/ });
			return await runFrom(workflow, stage, "When clicking 'Execute workflow'");
		},
	}),
	'sweeper-for-missed-callbacks': () => ({
		run: async (workflow, stage) => {
			await runFrom(workflow, stage, 'Set up once');
			stage.simulator.finish(await buyTask(stage.simulator));
			stage.simulator.finish(await buyTask(stage.simulator), FAILURE);
			return await runFrom(workflow, stage, 'HiAPI Polling Trigger');
		},
	}),
	'telegram-bot': () => ({
		fillIn: (_workflow, { telegram }) => ({
			'Telegram Trigger': { additionalFields: { userIds: telegram.userId } },
		}),
		run: async (workflow, stage) => {
			await stage.n8n.publish(workflow);
			await stage.telegram.write('A red kite over the dunes');
			return await untilRun(workflow, stage, 'webhook');
		},
	}),
	// a call of an MCP client leaves no execution
	'mcp-server': () => ({ run: async () => await Promise.resolve(undefined) }),
};
