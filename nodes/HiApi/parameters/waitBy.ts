import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readNumber } from '../../shared/readNumber';
import { optionsOf } from './readers';

/** How Run and Wait waits. Names and values are stored in workflows and stay as they are. */
export const waitByField: INodeProperties = {
	displayName: 'Wait By',
	name: 'waitBy',
	type: 'options',
	noDataExpression: true,
	default: 'polling',
	description: 'How to wait until the tasks have ended',
	options: [
		{
			name: 'Polling',
			value: 'polling',
			description: 'The execution keeps running and polls the tasks',
		},
		{
			name: 'Callback (Suspend the Execution)',
			value: 'callback',
			description:
				'The execution is suspended until HiAPI calls back. It takes no memory, sends no requests, and survives a restart of n8n.',
		},
		{
			name: 'Callback if Possible, Else Polling',
			value: 'callbackIfPossible',
			description: 'As Callback, or as Polling where this n8n cannot be called back',
		},
	],
};

const whenSuspending = { show: { waitBy: ['callback', 'callbackIfPossible'] } };

const suspensionNotice: INodeProperties = {
	displayName:
		"HiAPI calls n8n from the internet, so n8n needs a public https address. Failed tasks come out as items with 'error', unfinished ones with 'timedOut'. Files are not downloaded: put <b>Download Outputs</b> after this node.",
	name: 'suspensionNotice',
	type: 'notice',
	default: '',
	displayOptions: whenSuspending,
};

const verificationField: INodeProperties = {
	displayName: 'Verification',
	name: 'verification',
	type: 'options',
	noDataExpression: true,
	default: 'signature',
	displayOptions: whenSuspending,
	description: 'How to make sure that a callback really comes from HiAPI',
	options: [
		{
			name: 'Signature',
			value: 'signature',
			description:
				"Only callbacks signed with the credential's 'Webhook Signing Secret' are accepted",
		},
		{
			name: 'Read the Task Back From HiAPI',
			value: 'readBack',
			description:
				'For accounts without a signing key: nothing in a callback is believed, HiAPI is asked instead',
		},
		{
			name: 'None (Dangerous)',
			value: 'none',
			description: 'Anyone who knows the URL can end the wait with any result',
		},
	],
};

const verificationNotice: INodeProperties = {
	displayName:
		"<b>Dangerous:</b> whoever learns the execution's URL can make up a result. Use this only for trying things out.",
	name: 'noVerificationNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { waitBy: ['callback', 'callbackIfPossible'], verification: ['none'] } },
};

/** The parameters that say how to wait. */
export const waitByFields: INodeProperties[] = [
	waitByField,
	suspensionNotice,
	verificationField,
	verificationNotice,
];

const optionWhenSuspending = { show: { '/waitBy': ['callback', 'callbackIfPossible'] } };

/** Entries of Options for a suspended wait. */
export const graceOption: INodeProperties = {
	displayName: 'Poll First (Seconds)',
	name: 'grace',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 300 },
	default: 15,
	displayOptions: optionWhenSuspending,
	description:
		'How long to poll the tasks before the execution is suspended, so that quick ones go on at once',
};

export const suspensionLimitOption: INodeProperties = {
	displayName: 'Suspend at Most (Minutes)',
	name: 'suspensionLimit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 60,
	displayOptions: optionWhenSuspending,
	description:
		'When the execution continues without a callback; n8n checks about once a minute. Unfinished tasks continue at HiAPI and are charged.',
};

/**
 * How long a run polls before it is suspended, and for how long it is at most, in milliseconds.
 *
 * @throws HiApiError when one of the two is out of range
 */
export function readSuspensionTimes(context: IExecuteFunctions): {
	graceMs: number;
	wantedMs: number;
} {
	const options = optionsOf(context, 0);
	return {
		graceMs: readNumber(graceOption, options, { least: 0, most: 300 }) * 1000,
		wantedMs: readNumber(suspensionLimitOption, options, { above: 0 }) * 60_000,
	};
}

/** A field that has no effect while the execution is suspended: the task's callback is taken, or nothing is downloaded. */
export function onlyPolling(field: INodeProperties): INodeProperties {
	return {
		...field,
		displayOptions: {
			...field.displayOptions,
			hide: { ...field.displayOptions?.hide, waitBy: ['callback', 'callbackIfPossible'] },
		},
	};
}

/** The same for an entry of Options; one that also matters where polling takes over stays with `callbackIfPossible`. */
export function onlyPollingOption(field: INodeProperties): INodeProperties {
	return {
		...field,
		displayOptions: {
			...field.displayOptions,
			hide: { ...field.displayOptions?.hide, '/waitBy': ['callback'] },
		},
	};
}
