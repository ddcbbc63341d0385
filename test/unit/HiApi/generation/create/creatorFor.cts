import { TaskCreator } from '../../../../../nodes/HiApi/generation/create/taskCreator';
import { callerOf } from '../../../../../nodes/HiApi/n8n/caller';
import { runSettings } from '../../../../../nodes/HiApi/n8n/runPorts';
import { HiApiClient } from '../../../../../nodes/shared/api/client';
import type { Timing } from '../../../../../nodes/shared/clock';
import { fakeExecution, type FakeExecution } from './fakeExecution.cts';
import type { Shop } from './shop.cts';

/** What creates the tasks of one run of the node, with the settings that this execution gives it. */
export function creatorFor(shop: Shop, execution: FakeExecution, clock: Timing): TaskCreator {
	const context = fakeExecution(execution);
	return new TaskCreator(runSettings(context), {
		client: new HiApiClient(shop.api.context, 'https://api.hiapi.ai/v1', clock),
		clock,
		log: { ...context.logger, debug: () => undefined },
		store: context.getContext('node'),
		findCaller: async () => await callerOf(context),
	});
}
