import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startFakeModel } from '../localServices/fakeModel.cts';
import { startMailbox } from '../localServices/mailbox.cts';
import { startLocalTelegram } from '../localServices/telegram.cts';
import { readExamples, withCredentials } from '../demo/examples.cts';
import type { WorkflowNode } from '../n8n/client.cts';
import { EXAMPLE_RUNS, type Stage } from './exampleRuns.cts';

const NODE = { width: 110, height: 150, agentWidth: 256 };

/** A folder that n8n may write into; `remove` deletes it with everything in it. */
export function makeFileFolder(): { folder: string; remove: () => void } {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-pictures-'));
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Imports and runs each example that has a picture, and takes one of its canvas after the run: `example-<name>`.
 *
 * @param only names of the examples to take, separated by commas; all when not given
 */
export async function takeExamples(
	surroundings: Omit<Stage, 'telegram' | 'mailbox'>,
	examplesFolder: string,
	hiApiApi: { id: string; name: string },
	fileFolder: string,
	only?: string,
): Promise<void> {
	const telegram = await startLocalTelegram();
	const mailbox = await startMailbox();
	const stage: Stage = { ...surroundings, telegram, mailbox };
	const model = await startFakeModel({
		Prompt: 'A lighthouse in the rain',
		Aspect_Ratio: '16:9',
	});
	try {
		const smtp = await stage.n8n.createCredential('smtp', mailbox.credential, 'SMTP account');
		const openAiApi = await stage.n8n.createCredential(
			'openAiApi',
			{ apiKey: 'sk-fake', url: model.baseUrl },
			'OpenAI account',
		);
		const telegramApi = await stage.n8n.createCredential(
			'telegramApi',
			telegram.credential,
			'Telegram account',
		);
		const httpBearerAuth = await stage.n8n.createCredential(
			'httpBearerAuth',
			{ token: 'a-token' },
			'Bearer Auth account',
		);
		for (const { name, workflow } of readExamples(examplesFolder).filter(
			(example) =>
				example.name in EXAMPLE_RUNS && (only?.split(',').includes(example.name) ?? true),
		)) {
			const { run, fillIn } = EXAMPLE_RUNS[name](fileFolder);
			let imported = await stage.n8n.createWorkflow(
				withCredentials(workflow, { hiApiApi, smtp, openAiApi, telegramApi, httpBearerAuth }),
			);
			const parameters = fillIn?.(imported, stage) ?? {};
			const nodes = imported.nodes.map((node) => ({
				...node,
				parameters: { ...node.parameters, ...parameters[node.name] },
			}));
			const { id, versionId } = imported;
			if (fillIn)
				imported = await stage.n8n.updateWorkflow(id, {
					nodes,
					connections: imported.connections,
					versionId,
				});
			const executionId = await run(imported, stage);
			await stage.take(
				`example-${name}`,
				await stage.editor.showCanvas(id, executionId, sizeOf(workflow.nodes)),
			);
			await stage.n8n.unpublish(id).catch(() => {});
			stage.simulator.reset();
		}
	} finally {
		await telegram.close();
		await mailbox.close();
		await model.close();
	}
}

/** Room the canvas takes at full size, in pixels. */
function sizeOf(nodes: WorkflowNode[]): { width: number; height: number } {
	const boxes = nodes.map(({ type, position: [left, top], parameters }) => {
		const isSticky = type === 'n8n-nodes-base.stickyNote';
		const width = isSticky
			? Number(parameters.width)
			: type.endsWith('.agent')
				? NODE.agentWidth
				: NODE.width;
		return {
			left,
			top,
			right: left + width,
			bottom: top + (isSticky ? Number(parameters.height) : NODE.height),
		};
	});
	const span = (near: number[], far: number[]) => Math.max(...far) - Math.min(...near);
	return {
		width: span(
			boxes.map(({ left }) => left),
			boxes.map(({ right }) => right),
		),
		height: span(
			boxes.map(({ top }) => top),
			boxes.map(({ bottom }) => bottom),
		),
	};
}
