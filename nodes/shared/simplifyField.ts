import type { INodeProperties } from 'n8n-workflow';

/** Short output or HiAPI's own, as nodes of n8n offer it. */
export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};
