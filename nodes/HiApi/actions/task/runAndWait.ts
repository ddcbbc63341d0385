import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { isCommandLine } from '../../../shared/n8nCompat';
import { simplifyField } from '../../../shared/simplifyField';
import { generate } from '../../generation/generate';
import type { PlannedTask } from '../../generation/plan';
import { outcomeHint } from './outcomeHint';
import type { Submission } from '../../generation/request/taskRequest';
import { readSubmission } from '../../n8n/readRequest';
import { chooseWaiting, type WaitPlan } from '../../generation/suspend/chooseWaiting';
import { rememberAddress, suspendExecution } from '../../n8n/suspension';
import { waitingQuestion } from '../../n8n/waitingQuestion';
import type { SuspensionPlan } from '../../generation/suspend/suspendRun';
import { modelCatalogFor } from '../../n8n/modelCatalogFor';
import { runPorts, runSettings } from '../../n8n/runPorts';
import { callbackUrlOption, callbackUrlOptionNotice } from '../../parameters/callback';
import {
	checkMaximumTasks,
	concurrencyOption,
	idempotencyKeyOption,
	maximumCostOption,
	maximumTasksOption,
	readMostRetries,
	retryFailedTasksOption,
	storageOption,
	validateOption,
} from '../../parameters/createOptions';
import {
	downloadOutputsField,
	filesToDownloadOption,
	maximumFileSizeOption,
	maximumFilesOption,
	outputFieldOption,
	readDownload,
} from '../../parameters/download';
import { generationFields } from '../../parameters/generation';
import { routeOption } from '../../parameters/model';
import { optionsCollection } from '../../parameters/optionsCollection';
import { optionsOf } from '../../parameters/readers';
import {
	onTimeoutOption,
	pollIntervalOption,
	readWaitSettings,
	timeoutOption,
} from '../../parameters/waitOptions';
import { readReference, referenceOption } from '../../parameters/reference';
import {
	graceOption,
	onlyPolling,
	onlyPollingOption,
	suspensionLimitOption,
	waitByFields,
} from '../../parameters/waitBy';

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

/** What an operation built on Run and Wait does otherwise. Everything is read from n8n before anything is created. */
export interface GenerationVariant {
	/**
	 * The tasks an item asks for, one output item each; the one that the panel describes when absent. Several requests of
	 * an item differ in `variation`, from 0, so that each has a key of its own.
	 *
	 * @param read reads and checks the item's request from the panel; rejects with HiApiError
	 */
	requestsOf?(itemIndex: number, read: () => Promise<Submission>): Promise<Submission[]>;
	/** How many tasks all items ask for together; one for each item when absent. */
	taskCount?: number;
	/** What else is planned for an item's tasks, for example `inputFields`. */
	moreOf?(itemIndex: number): Partial<PlannedTask>;
}

/**
 * Task → Run and Wait: creates one task per item, several at a time, waits for all of them together, and returns one item
 * per task in order, with its files. Suspends the execution while tasks run where the user wants that and it is possible.
 */
export async function runAndWait(
	context: IExecuteFunctions,
	variant: GenerationVariant = {},
): Promise<INodeExecutionData[]> {
	const taskCount = variant.taskCount ?? context.getInputData().length;
	checkMaximumTasks(context, taskCount);
	const ports = await runPorts(context);
	const waiting = await chooseWaiting(waitingQuestion(context, taskCount), ports);
	const settings = runSettings(context);
	const catalog = await modelCatalogFor(context);
	const callbackUrl =
		waiting.by === 'callback' ? waiting.settings.address.url : waiting.callbackUrl;
	const planItem = async (itemIndex: number): Promise<PlannedTask[]> => {
		const read = async () => await readSubmission(context, itemIndex, catalog, callbackUrl);
		const requests = (await variant.requestsOf?.(itemIndex, read)) ?? [await read()];
		const shared = {
			itemIndex,
			...readWaiting(context, itemIndex, waiting),
			asksPersistent: optionsOf(context, itemIndex).storage === 'persistent',
			reference: readReference(context, itemIndex),
			...variant.moreOf?.(itemIndex),
		};
		return requests.map((submission) => ({ ...shared, submission }));
	};
	const suspension = suspensionOf(context, waiting);
	const items = await generate({ planItem, suspension }, settings, ports);
	const hint = suspension === undefined ? outcomeHint(items) : undefined;
	if (hint !== undefined) ports.hint(hint, 'warning');
	return items;
}

/** The options of a suspended wait are few, and what the panel has hidden does not count. */
function readWaiting(context: IExecuteFunctions, itemIndex: number, waiting: WaitPlan) {
	if (waiting.by === 'polling')
		return {
			...readWaitSettings(context, itemIndex),
			mostRetries: readMostRetries(context, itemIndex),
			download: waiting.linksOnly ? undefined : readDownload(context, itemIndex),
		};
	return {
		leastIntervalMs: 0,
		timeoutMs: waiting.settings.limitMs,
		outputUnfinished: false,
		simplify: context.getNodeParameter('simplify', itemIndex, true) as boolean,
		mostRetries: 0,
	};
}

function suspensionOf(context: IExecuteFunctions, waiting: WaitPlan): SuspensionPlan | undefined {
	if (waiting.by !== 'callback') return undefined;
	const { address, graceMs, limitMs, latestMs } = waiting.settings;
	rememberAddress(context, address);
	return {
		url: address.url,
		nonce: address.nonce,
		runIndex: Number(context.getWorkflowDataProxy(0).$runIndex ?? 0),
		graceMs,
		limitMs,
		latestMs,
		...(isCommandLine(context) && { endingExecutionId: context.getExecutionId() }),
		putToWait: async (suspension, onTimeout, untilMs) =>
			await suspendExecution(context, suspension, onTimeout, untilMs),
	};
}
