import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { type N8nClient, type Workflow, hasEnded } from '../n8n/client.cts';
import type { RunData } from '../n8n/runData.cts';
import type { Account } from './account.cts';
import { watchTasks } from './watchTasks.cts';

/** A little more than the node's own default time-out of 30 minutes, and a long download. */
const WITHIN_MILLISECONDS = 45 * 60_000;

/**
 * Runs a workflow on the server as the editor's button does, shows its task's status as it changes and writes the files that came
 * out into `folder`. Returns false when the execution failed or produced no file.
 */
export async function runExample(
	n8n: N8nClient,
	account: Account,
	example: { name: string; workflow: Workflow },
	folder: string,
): Promise<boolean> {
	const trigger = example.workflow.nodes.find(
		({ type }) => type === 'n8n-nodes-base.manualTrigger',
	);
	if (!trigger) throw new Error(`${example.name} has no Manual Trigger to start from.`);
	console.log(`\nRunning "${example.workflow.name}" on the n8n server`);
	const stopWatching = await watchTasks(account);
	const id = await n8n.runManually(example.workflow, trigger.name);
	const execution = await n8n.untilExecution(id, hasEnded, WITHIN_MILLISECONDS);
	await stopWatching();
	if (execution.status !== 'success') {
		const error = execution.data.resultData.error;
		console.log(
			`  FAILED (execution ${id}, ${execution.status}): ${error?.message ?? 'no message'}`,
		);
		if (error?.description) console.log(`  ${error.description}`);
		return false;
	}
	const files = await saveFiles(n8n, execution.data, example.name, folder);
	for (const file of files)
		console.log(
			`  saved ${relative(process.cwd(), file.path)} (${file.mimeType}, ${file.bytes} bytes)`,
		);
	if (files.length === 0) console.log('  FAILED: the workflow ended well but put out no file.');
	return files.length > 0;
}

async function saveFiles(
	n8n: N8nClient,
	data: RunData,
	name: string,
	folder: string,
): Promise<Array<{ path: string; mimeType: string; bytes: number }>> {
	mkdirSync(folder, { recursive: true });
	const last = data.resultData.lastNodeExecuted ?? '';
	const items = data.resultData.runData[last]?.[0]?.data?.main?.[0] ?? [];
	const binaries = items.flatMap((item) => Object.values(item.binary ?? {}));
	return await Promise.all(
		binaries.map(async (binary, index) => {
			const content = await n8n.binaryContent(binary);
			const suffix = binaries.length > 1 ? `-${index + 1}` : '';
			const path = join(folder, `${name}${suffix}.${extensionOf(binary)}`);
			writeFileSync(path, content);
			return { path, mimeType: binary.mimeType, bytes: content.length };
		}),
	);
}

function extensionOf({
	fileExtension,
	mimeType,
}: {
	fileExtension?: string;
	mimeType: string;
}): string {
	const extension = fileExtension || mimeType.split('/')[1] || 'bin';
	return extension.replace(/[^a-z0-9]/gi, '');
}
