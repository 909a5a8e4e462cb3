package dev.lepton.registry.retention;

import dev.lepton.registry.leader.Duties;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes from the change log what is kept no longer, the oldest first. Each transaction is small
 * and takes no lock that a writer of the log wants.
 */
final class LogCompactor {

    private static final Logger log = LoggerFactory.getLogger(LogCompactor.class);
    private static final int BATCH_LIMIT = 5000;

    private final Duties duties;
    private final CompactionRows rows;
    private final Duration retention;
    private final long maxRows;
    private final Duration lookBack;
    private final InstantSource time;

    /**
     * @param lookBack how far back the duties read in the log; what they read stays for so long
     */
    LogCompactor(
            Duties duties,
            CompactionRows rows,
            Duration retention,
            long maxRows,
            Duration lookBack,
            InstantSource time) {
        this.duties = duties;
        this.rows = rows;
        this.retention = retention;
        this.maxRows = maxRows;
        this.lookBack = lookBack;
        this.time = time;
    }

    /** Nothing happens where this process does not lead. */
    void compact() {
        Instant now = time.instant();
        long deleted = 0;
        Batch batch;
        do {
            batch = new Batch(now);
            if (!duties.write(batch)) {
                return;
            }
            deleted += batch.deleted;
        } while (batch.raised || batch.deleted == BATCH_LIMIT);
        if (deleted > 0) {
            log.info(
                    "Deleted {} changes of the log, which now begins after {}",
                    deleted,
                    rows.floor());
        }
    }

    /**
     * One transaction: the floor is raised first, so that nobody is told of half of what it hides.
     */
    private final class Batch implements Runnable {

        private final Instant now;
        private boolean raised;
        private int deleted;

        Batch(Instant now) {
            this.now = now;
        }

        @Override
        public void run() {
            raised = rows.raiseFloor(now.minus(retention), maxRows, BATCH_LIMIT);
            deleted = rows.deleteBelowFloor(now.minus(lookBack), BATCH_LIMIT);
        }
    }
}
