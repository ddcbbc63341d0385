import type { IExecuteFunctions } from 'n8n-workflow';

import { createClient } from '../../shared/api/client';
import { RateLimiter } from '../../shared/api/rateLimiter';
import { systemClock, type Timing } from '../../shared/clock';
import { DownloadRun } from '../../shared/downloads/downloadRun';
import { isInlineTool, showHint } from '../../shared/n8nCompat';
import type { ItemsSettings } from '../generation/items/runItems';
import type { ReusePolicy, RunIdentity, RunPorts, RunSettings } from '../generation/ports/ports';
import { readConcurrency, readMaximumCost } from '../parameters/createOptions';
import { givenInputFields } from '../parameters/includeInput';
import { givenReference } from '../parameters/reference';
import { wayOnOf } from '../parameters/wayOn';
import { callerOf } from './caller';
import { executionIdentity } from './executionIdentity';
import { runIndexOf } from './runIndex';

/** What is the same for all items of an operation that creates nothing. */
export function itemsSettings(context: IExecuteFunctions): ItemsSettings {
	return {
		itemCount: context.getInputData().length,
		continueOnFail: context.continueOnFail(),
		node: context.getNode(),
		wayOn: wayOnOf(context),
	};
}

/** What is the same for all items of a run that creates tasks. @throws HiApiError when an option is out of range */
export function runSettings(context: IExecuteFunctions): RunSettings {
	return {
		...itemsSettings(context),
		concurrency: readConcurrency(context),
		maximumUsd: readMaximumCost(context),
		identity: identityOf(context),
		reuse: reusePolicyOf(context),
	};
}

function identityOf(context: IExecuteFunctions): RunIdentity {
	const { id, name } = context.getNode();
	return {
		instanceId: context.getInstanceId(),
		workflowId: context.getWorkflow().id ?? '',
		executionId: executionIdentity(context),
		nodeId: id,
		nodeName: name,
		runIndex: runIndexOf(context),
	};
}

/**
 * An agent that carries out its tool calls itself (version 2 and older) gives every try of Retry On Fail a run index of
 * its own, and any agent may repeat a call that brought it nothing.
 */
function reusePolicyOf(context: IExecuteFunctions): ReusePolicy {
	if (isInlineTool(context)) return 'any';
	return context.getNode().type.endsWith('Tool') ? 'unfinished' : 'unconfirmed';
}

/**
 * What a run needs of n8n, with a client whose requests share one budget.
 *
 * @throws HiApiError when the credential's base URL cannot be used
 */
export async function runPorts(
	context: IExecuteFunctions,
	clock: Timing = systemClock,
): Promise<RunPorts> {
	const client = await createClient(context, clock, new RateLimiter(clock.monotonic()));
	const { logger } = context;
	return {
		client,
		clock,
		stopped: context.getExecutionCancelSignal(),
		log: {
			debug: (line) => logger.debug(line),
			info: (line) => logger.info(line),
			warn: (line) => logger.warn(line),
		},
		hint: (message, type) => showHint(context, message, type),
		tellWatcher: (line) => {
			if (context.getMode() === 'manual') context.sendMessageToUI(line);
		},
		store: context.getContext('node'),
		findCaller: async () => await callerOf(context),
		referenceOf: (itemIndex) => givenReference(context, itemIndex),
		inputFieldsOf: (itemIndex) => givenInputFields(context, itemIndex),
		downloads: (signal) => new DownloadRun(context, clock, client.isLocal, signal),
	};
}
