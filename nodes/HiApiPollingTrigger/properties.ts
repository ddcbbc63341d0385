import type { INodeProperties } from 'n8n-workflow';

import { simplifyField } from '../shared/simplifyField';
import { filtersField, triggerOnField } from '../shared/triggerFields';

/** The trigger's parameters besides n8n's own poll times. Names and values are stored in workflows and stay as they are. */
export const pollingTriggerProperties: INodeProperties[] = [
	{
		displayName:
			'Reads the newest tasks of the account at the set times, free of charge. Tasks that finished before the workflow was published do not start it.',
		name: 'pollingNotice',
		type: 'notice',
		default: '',
	},
	triggerOnField,
	simplifyField,
	{
		displayName: 'Maximum Age (Hours)',
		name: 'maximumAge',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 24,
		description:
			'Tasks that finished longer ago start nothing, such as after a long pause or when an old copy of the workflow was restored; the log says how many. 0 means no limit.',
	},
	filtersField('Tasks that do not match start nothing, also when the filters are changed later'),
];
