import type { IWebhookFunctions } from 'n8n-workflow';

import { readSubscription } from '../shared/triggerFields';
import { DEFAULT_TOLERANCE_SECONDS } from '../shared/webhook/signature';
import type { Subscription } from '../shared/taskFilter';
import { readVerification, type Verification } from '../shared/webhook/verify';

/** What the trigger's parameters ask of an incoming request. */
export interface TriggerSettings {
	verification: Verification;
	subscription: Subscription;
	toleranceSeconds: number;
}

/** Reads the trigger's parameters. */
export function readSettings(context: IWebhookFunctions): TriggerSettings {
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	return {
		verification: readVerification(context.getNodeParameter('verification', 'signature')),
		subscription: readSubscription(context),
		toleranceSeconds: Number(options.timeWindow ?? DEFAULT_TOLERANCE_SECONDS),
	};
}
