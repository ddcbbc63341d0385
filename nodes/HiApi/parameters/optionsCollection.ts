import type { INodeProperties } from 'n8n-workflow';

/** The Options collection with the given entries, which the lint wants in alphabetical order. */
export function optionsCollection(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	};
}
