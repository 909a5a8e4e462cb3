package dev.lepton.registry.leader;

import dev.lepton.registry.changelog.LeaderGuard;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Runs what the leader's duties write beside the change log: in one transaction, for which a
 * takeover has to wait and which a deposed leader does not begin.
 */
public final class Duties {

    private final Leadership leadership;
    private final TransactionOperations transactions;
    private final JdbcClient jdbc;

    public Duties(Leadership leadership, TransactionOperations transactions, JdbcClient jdbc) {
        this.leadership = leadership;
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    /** False when this process does not lead: then nothing is written. */
    public boolean write(Runnable duty) {
        LeaderGuard guard = leadership.guard();
        if (guard == null) {
            return false;
        }
        boolean leads =
                Boolean.TRUE.equals(
                        transactions.execute(_ -> {
                            boolean held = hold(guard);
                            if (held) {
                                duty.run();
                            }
                            return held;
                        }));
        if (!leads) {
            leadership.lost();
        }
        return leads;
    }

    private boolean hold(LeaderGuard guard) {
        return jdbc.sql("SELECT epoch FROM leader WHERE role = ? AND epoch = ? FOR KEY SHARE")
                .params(guard.role(), guard.epoch())
                .query(Long.class)
                .optional()
                .isPresent();
    }
}
