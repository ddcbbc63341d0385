import type { IWebhookFunctions } from 'n8n-workflow';

import { DEFAULT_WINDOW_SECONDS } from '../shared/webhook/signature';
import type { Subscription } from '../shared/webhook/subscription';
import { readVerification, type Verification } from '../shared/webhook/verification';

/** What the trigger's parameters ask of an incoming request. */
export interface TriggerSettings {
	verification: Verification;
	subscription: Subscription;
	windowSeconds: number;
}

/** A list parameter; an expression may give one text instead of a list. */
function textList(value: unknown): string[] {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	return values.filter((entry) => typeof entry === 'string');
}

/** Reads the trigger's parameters. */
export function readSettings(context: IWebhookFunctions): TriggerSettings {
	const filters = context.getNodeParameter('filters', {}) as Record<string, unknown>;
	const options = context.getNodeParameter('options', {}) as Record<string, unknown>;
	return {
		verification: readVerification(context.getNodeParameter('verification', 'signature')),
		subscription: {
			events: textList(context.getNodeParameter('events', [])),
			models: textList(filters.models),
			routes: textList(filters.routes),
		},
		windowSeconds: Number(options.timeWindow ?? DEFAULT_WINDOW_SECONDS),
	};
}
