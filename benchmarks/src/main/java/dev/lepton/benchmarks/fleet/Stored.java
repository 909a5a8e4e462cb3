package dev.lepton.benchmarks.fleet;

import dev.lepton.benchmarks.peer.LeptonDatabase;
import java.io.IOException;

/**
 * What PostgreSQL holds and has done at one moment.
 *
 * @param bytes of the whole database
 * @param updates of marks since the start
 * @param hotUpdates those of them that stayed within their page and touched no index
 * @param revision of the change log
 * @param doubts changes to anything but a start or UP since the start
 */
record Stored(long bytes, long updates, long hotUpdates, long revision, long doubts) {

    static Stored in(LeptonDatabase database) throws IOException {
        return new Stored(
                database.number("SELECT pg_database_size(current_database())"),
                database.number(
                        "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'unit_mark'"),
                database.number(
                        "SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'unit_mark'"),
                database.number("SELECT revision FROM revision_counter"),
                database.number(
                        """
                        SELECT count(*) FROM change_log
                        WHERE kind = 'unit' AND to_state NOT IN ('STARTING', 'UP')\
                        """));
    }

    /** The share of updates since then that were cheap. */
    double hotShareSince(Stored before) {
        return (double) (hotUpdates - before.hotUpdates) / (updates - before.updates);
    }

    double growthSince(Stored before) {
        return (double) bytes / before.bytes - 1;
    }
}
