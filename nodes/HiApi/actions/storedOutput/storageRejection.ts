import { HiApiError } from '../../../shared/errors/apiError';
import type { Wording } from '../../../shared/downloads/downloadWording';

/** HiAPI's reasons for not promoting a stored output (docs.hiapi.ai/storage/promote). */
const REASONS: Record<string, (id: string) => Wording> = {
	not_owned: (id) => ({
		message: `Stored output ${id} does not belong to this HiAPI account`,
		description:
			"Check the ID: it comes from the operation 'Get Many' of the resource Stored Output, not from the task. The credential has to be of the account that created the task.",
	}),
	insufficient: () => ({
		message: 'The balance of the HiAPI account is used up',
		description:
			'HiAPI charges for persistent storage every day and refuses all outputs of a request while the balance is zero or below. Top up in the HiAPI console, then run this again.',
	}),
	cap_exceeded: (id) => ({
		message: `There is no room for stored output ${id}: the account's persistent storage is full`,
		description:
			'Delete stored outputs that are no longer needed, or ask HiAPI for more room, then run this again.',
	}),
	not_promotable: (id) => ({
		message: `Stored output ${id} cannot be promoted as it stands`,
		description:
			"It is persistent already, or its task is still running or has failed. The operation 'Get Many' shows its storage.",
	}),
	already_deleted: (id) => ({
		message: `Stored output ${id} has been deleted`,
		description:
			'Its file is gone for good. Only a new task, which is charged again, makes another one.',
	}),
	storage_op_pending: (id) => ({
		message: `HiAPI is still busy with an earlier request for stored output ${id}`,
		description: 'Run this again in a minute.',
	}),
	not_mentioned: (id) => ({
		message: `HiAPI did not say what it did with stored output ${id}`,
		description:
			"The operation 'Get Many' of the resource Stored Output shows how it is stored now.",
	}),
};

/** The sentences for a stored output that HiAPI refused to promote or delete. */
export function wordRejection(id: string, reason: string): Wording {
	if (Object.hasOwn(REASONS, reason)) return REASONS[reason](id);
	return {
		message: `HiAPI refused stored output ${id} (${reason})`,
		description: "Check it with the operation 'Get Many' of the resource Stored Output.",
	};
}

/** The failure of an item whose stored output HiAPI refused to promote or delete. */
export function rejectionFailure(id: string, reason: string): HiApiError {
	const { message, description } = wordRejection(id, reason);
	return new HiApiError(message, description, {
		code: reason,
		retryable: reason === 'storage_op_pending',
	});
}
