import { readFileSync } from 'node:fs';

import { readRunData, type Item, type RunData } from '../../scripts/n8n/runData.cts';
import { NEXT } from '../e2e/support/workflows.cts';
import type { StoredExecution } from './database.cts';
import type { Books, SeenExecution, SoldTask, WorkflowName } from './ledger.cts';
import type { Order } from './schedule.cts';
import type { Stage } from './stage.cts';

/** The workflows that download. */
const DOWNLOADING: WorkflowName[] = ['keyed', 'polled', 'trigger'];

/** Reads from HiAPI, from n8n's database and from the logs what a run has left. */
export async function readBooks(
	stage: Stage,
	orders: Order[],
	begun: Map<string, string>,
): Promise<Books> {
	const names = new Map(
		Object.entries(stage.workflows).map(([name, { id }]) => [id, name as WorkflowName]),
	);
	const executions = await stage.database.executions();
	return {
		orders,
		tasks: await soldTasks(stage),
		executions: executions.map((one) =>
			seen(one, names.get(one.workflowId)!, begun.get(one.id) ?? ''),
		),
		log: stage.log(),
		secrets: stage.secrets,
	};
}

async function soldTasks(stage: Stage): Promise<SoldTask[]> {
	const acknowledged = acknowledgedTasks(stage.simulator.journal);
	return (await stage.simulator.tasks()).map(({ taskId, status, requestBody }) => ({
		taskId,
		prompt: requestBody.input?.prompt ?? '',
		ended: ['success', 'fail'].includes(status),
		acknowledged: acknowledged.has(taskId),
	}));
}

/** The journal knows callbacks over restarts. */
function acknowledgedTasks(journal: string): Set<string> {
	const lines = readFileSync(journal, 'utf8').split('\n');
	const entries = lines
		.filter((line) => line.startsWith('{"type":"tried"'))
		.map((line) => JSON.parse(line) as { taskId: string; acknowledged: boolean });
	return new Set(entries.filter(({ acknowledged }) => acknowledged).map(({ taskId }) => taskId));
}

function seen(execution: StoredExecution, workflow: WorkflowName, begun: string): SeenExecution {
	const { id, status, retryOf, data } = execution;
	const run = readRunData(data ?? undefined);
	return {
		id,
		workflow,
		status,
		retryOf: retryOf ?? undefined,
		text: data ?? '',
		begun,
		itemTasks: Object.keys(run.resultData.runData).flatMap((name) => tasksAt(run, name)),
		nextTasks: tasksAt(run, NEXT),
		withoutFile: DOWNLOADING.includes(workflow) ? withoutFile(run) : [],
	};
}

function withoutFile(run: RunData): string[] {
	return itemsAt(run, NEXT)
		.filter(({ json }) => json.status === 'success')
		.filter(({ json, binary }) => binary === undefined && json.downloadFailures === undefined)
		.map(({ json }) => String(json.taskId));
}

/** Task IDs in everything a node put out, over all its runs and outputs; those of failed items, too. */
function tasksAt(run: RunData, name: string): string[] {
	return itemsAt(run, name)
		.map(({ json }) => json.taskId ?? (json.details as { taskId?: string } | undefined)?.taskId)
		.filter((taskId) => typeof taskId === 'string');
}

/** Everything a node put out, over all its runs and outputs. */
function itemsAt({ resultData }: RunData, name: string): Item[] {
	return (resultData.runData[name] ?? []).flatMap(({ data }) =>
		Object.values(data ?? {}).flatMap((outputs) => outputs.flatMap((output) => output ?? [])),
	);
}
