import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import type { RequestBudget } from '../../../shared/api/client';
import { mayPassWithNewTask } from '../../../shared/errors/requestFailure';
import type { ApiResult } from '../../../shared/api/tasks';
import type { WayOn } from '../../../shared/errors/wayOn';
import { Semaphore } from '../../../shared/semaphore';
import { modelCatalogFor } from '../../models/catalogAccess';
import { DownloadRun } from '../../../shared/downloads/downloadRun';
import type { DownloadSettings } from '../../../shared/downloads/downloadSettings';
import type { PricedTask } from '../../models/modelCatalog';
import { simplifyField } from '../../../shared/simplifyField';
import { systemClock } from '../../../shared/clock';
import type { WaitResult } from '../../generation/wait/taskPoller';
import {
	graceOption,
	onlyPolling,
	onlyPollingOption,
	suspensionLimitOption,
	waitByFields,
} from '../../parameters/waitBy';
import { chooseWaiting } from '../../generation/suspend/chooseWaiting';
import { runSuspended } from '../../generation/suspend/runSuspended';
import { optionsCollection } from '../../parameters/optionsCollection';
import { callbackUrlOption, callbackUrlOptionNotice } from '../../parameters/callback';
import {
	downloadOutputsField,
	filesToDownloadOption,
	maximumFileSizeOption,
	maximumFilesOption,
	outputFieldOption,
	readDownload,
} from '../../parameters/download';
import { generationFields } from '../../parameters/generation';
import { toItem } from '../../generation/items/forEachItem';
import { routeOption } from '../../parameters/model';
import { toOutcome } from '../../generation/items/taskItem';
import {
	checkMaximumTasks,
	optionsOf,
	readConcurrency,
	readMaximumCost,
	readMostRetries,
	readWaitSettings,
	type WaitSettings,
} from '../../parameters/readers';
import { checkMaximumCost } from '../../generation/cost/costCheck';
import { costOutput, showCost } from '../../generation/cost/costReport';
import { TaskCreator, type CreatedTask } from '../../generation/create/taskCreator';
import {
	concurrencyOption,
	idempotencyKeyOption,
	maximumCostOption,
	maximumTasksOption,
	retryFailedTasksOption,
	storageOption,
	validateOption,
} from '../../parameters/createOptions';
import { referenceOption } from '../../parameters/reference';
import { StorageReport } from '../../generation/items/storageReport';
import { readSubmission, type Submission } from '../../generation/request/taskRequest';
import { WaitingRun } from '../../generation/wait/waitingRun';
import { wayOnOf } from '../../parameters/wayOn';
import { onTimeoutOption, pollIntervalOption, timeoutOption } from '../../parameters/waitOptions';
import { notStarted, runItems } from '../../generation/items/runItems';

/** How to wait, and what comes out: the same for every operation that generates. */
export const waitingFields: INodeProperties[] = [
	...waitByFields,
	onlyPolling(downloadOutputsField),
	simplifyField,
	optionsCollection([
		onlyPollingOption(callbackUrlOption),
		concurrencyOption,
		onlyPollingOption(filesToDownloadOption),
		idempotencyKeyOption,
		graceOption,
		onlyPollingOption(maximumFileSizeOption),
		onlyPollingOption(maximumFilesOption),
		maximumCostOption,
		maximumTasksOption,
		onlyPollingOption(pollIntervalOption),
		onlyPollingOption(outputFieldOption),
		referenceOption,
		onlyPollingOption(retryFailedTasksOption),
		routeOption,
		storageOption,
		suspensionLimitOption,
		onlyPollingOption(timeoutOption),
		validateOption,
		onlyPollingOption(onTimeoutOption),
	]),
	callbackUrlOptionNotice,
];

export const runAndWaitFields: INodeProperties[] = [...generationFields, ...waitingFields];

interface Job {
	submission: Submission;
	settings: WaitSettings;
	mostRetries: number;
	/** undefined: the files stay where they are. */
	download?: DownloadSettings;
	asksPersistent: boolean;
}

/** What all items of a run share. */
interface Run {
	waiting: WaitingRun;
	purchaser: TaskCreator;
	gate: Semaphore;
	downloads: DownloadRun;
	storage: StorageReport;
	/** Of tasks that were bought and have not failed. */
	costs: PricedTask[];
	/** Set at once when a purchase fails and the node is to end with it: the next item already waits at the gate. */
	buyingEnded: boolean;
	wayOn: WayOn;
}

/**
 * Task → Run and Wait: buys one task per item, several at a time, waits for all of them together, and returns one item
 * per item in order, with its files. Buying goes on while earlier tasks are waited for.
 */
export async function runAndWait(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const plan = await chooseWaiting(context);
	if (plan.by === 'callback') return await runSuspended(context, plan.settings);
	checkMaximumTasks(context);
	const maximumUsd = readMaximumCost(context);
	const gate = new Semaphore(readConcurrency(context));
	const catalog = await modelCatalogFor(context);
	const waiting = await WaitingRun.start(context, systemClock);
	const run: Run = {
		waiting,
		purchaser: new TaskCreator(context, waiting.client, systemClock),
		gate,
		downloads: new DownloadRun(context, systemClock, waiting.client.isLocal, waiting.signal),
		storage: new StorageReport(context),
		costs: [],
		buyingEnded: false,
		wayOn: wayOnOf(context),
	};
	const goOn = context.continueOnFail();
	try {
		const items = runItems(context, {
			prepare: async (itemIndex) => ({
				submission: await readSubmission(context, itemIndex, catalog, plan.callbackUrl),
				settings: readWaitSettings(context, itemIndex),
				mostRetries: readMostRetries(context, itemIndex),
				download: plan.linksOnly ? undefined : readDownload(context, itemIndex),
				asksPersistent: optionsOf(context, itemIndex).storage === 'persistent',
			}),
			check: async (jobs) => await checkMaximumCost(maximumUsd, jobs, run.purchaser, run.wayOn),
			work: async (job) => await runJob(job, run, goOn),
			giveUp: () => waiting.giveUp(),
			runningTaskIds: () => waiting.unfinishedTaskIds,
			finishedTaskIds: () => waiting.finishedTaskIds,
		});
		return await run.purchaser.during(items);
	} finally {
		waiting.close();
		showCost(context, run.costs);
		run.storage.close();
		run.downloads.close();
	}
}

async function runJob(job: Job, run: Run, goOn: boolean): Promise<ApiResult<INodeExecutionData>> {
	const { waiting, purchaser, gate, downloads, storage, wayOn } = run;
	const { submission, settings } = job;
	const buyAndWait = async (
		buy: (budget: RequestBudget) => Promise<ApiResult<CreatedTask>>,
	): Promise<ApiResult<Waited>> => {
		const bought = await gate.run(async () => {
			if (waiting.ended || run.buyingEnded)
				return { ok: false, failure: notStarted(wayOn) } as const;
			const result = await buy({
				deadlineMs: systemClock.now() + settings.timeoutMs,
				signal: waiting.stopButton,
			});
			run.buyingEnded ||= !result.ok && !goOn;
			return result;
		});
		if (!bought.ok) return bought;
		const { taskId, replayed, boughtMs } = bought.value;
		// Found again, it may have taken any time already: the full time-out counts from now.
		const deadlineMs = (replayed ? systemClock.now() : boughtMs) + settings.timeoutMs;
		const task = {
			taskId,
			model: submission.model,
			createdMs: boughtMs,
			deadlineMs,
			leastIntervalMs: settings.leastIntervalMs,
		};
		return {
			ok: true,
			value: {
				bought: bought.value,
				result: await waiting.wait({ ...task, lookAtOnce: replayed }, replayed),
			},
		};
	};

	let waited = await buyAndWait(async (budget) => await purchaser.buy(submission, budget));
	while (waited.ok && isWorthRetrying(waited.value, job.mostRetries)) {
		waited = await buyAndWait(async (budget) => await purchaser.createAgain(submission, budget));
	}
	if (!waited.ok) return waited;
	const { bought, result } = waited.value;
	const failed = result.kind === 'finished' && result.task.failure !== undefined;
	const cost = bought.replayed || failed ? undefined : await submission.cost;
	if (cost !== undefined) run.costs.push(cost);
	const outcome = toOutcome(result, bought.taskId, {
		...settings,
		model: submission.model,
		wayOn,
	});
	if (!outcome.ok) {
		purchaser.markWithoutResult(submission.itemIndex, result.kind === 'finished');
		return outcome;
	}
	const task = result.kind === 'finished' ? result.task : undefined;
	const json: IDataObject = {
		...outcome.value,
		...(task !== undefined && job.asksPersistent && storage.note(task)),
		...(bought.replayed && { replayed: true }),
		...(cost && costOutput(cost)),
	};
	if (task === undefined || job.download === undefined)
		return { ok: true, value: toItem(json, submission.itemIndex) };
	const item = await downloads.attach(task, json, job.download);
	return { ok: true, value: toItem(item.json, submission.itemIndex, item.binary) };
}

interface Waited {
	bought: CreatedTask;
	result: WaitResult;
}

function isWorthRetrying({ bought, result }: Waited, mostRetries: number): boolean {
	return (
		result.kind === 'finished' &&
		bought.retries < mostRetries &&
		mayPassWithNewTask(result.task.failure?.code)
	);
}
