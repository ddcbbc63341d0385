import type { IExecuteFunctions } from 'n8n-workflow';

import type { WayOn } from '../../shared/errors/wayOn';
import { workflowSettings } from '../../shared/n8nCompat';

/**
 * What can be done about an item of this run that fails, as far as n8n tells the node: what the instance saves by default
 * and deletes later, it does not tell.
 */
export function wayOnOf(context: IExecuteFunctions): WayOn {
	const { type, onError } = context.getNode();
	if (type.endsWith('Tool')) return 'tool';
	if (context.continueOnFail())
		return onError === 'continueErrorOutput' ? 'errorOutput' : 'continue';
	const { saveDataErrorExecution, saveManualExecutions } = workflowSettings(context);
	const isKept =
		context.getMode() === 'manual'
			? saveManualExecutions !== false
			: saveDataErrorExecution !== 'none';
	if (!isKept) return 'notSaved';
	return context.getMode() === 'integrated' ? 'called' : 'retry';
}
