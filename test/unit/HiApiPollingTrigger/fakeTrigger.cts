import type { PollingState } from '../../../nodes/HiApiPollingTrigger/state';
import { TaskPoll, type PollResult } from '../../../nodes/HiApiPollingTrigger/taskPoll';
import { FakeAccount, SMALL_LIMITS, stored } from './fakeAccount.cts';

/** A trigger on an account, poll after poll. */
export class FakeTrigger {
	state?: PollingState;
	forgotten = 0;
	unread?: PollResult['unread'];
	limits = SMALL_LIMITS;

	constructor(readonly account: FakeAccount) {}

	async poll(mayBeAnotherAccount = false): Promise<string[]> {
		this.account.requests = [];
		const { state, limits, account } = this;
		const poll = new TaskPoll(stored(state), account.now, mayBeAnotherAccount, limits);
		const result = await poll.run(account.reader());
		this.state = result.state ?? this.state;
		this.forgotten = result.forgotten;
		this.unread = result.unread;
		return result.finished.map(({ taskId }) => taskId);
	}
}

export function newTrigger() {
	const trigger = new FakeTrigger(new FakeAccount());
	return { trigger, account: trigger.account };
}

/** Creates tasks one after another, `apart` seconds from each other, which take so many seconds; their ids. */
export function create(account: FakeAccount, count: number, seconds = 0, apart = 1): string[] {
	return Array.from({ length: count }, () => {
		account.now += apart;
		return account.create(seconds);
	});
}
