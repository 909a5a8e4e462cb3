package dev.lepton.registry.lease;

import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.LoggedChange;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads from the change log which units were taken for silence. */
final class PastTakings {

    private final JdbcClient jdbc;

    PastTakings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** In the order of the change log. */
    List<LoggedChange> since(Instant begin) {
        return jdbc.sql(
                        """
                        SELECT revision, at, kind, unit_id, event, from_state, reason, after
                        FROM change_log
                        WHERE at > ? AND kind = 'unit' AND from_state = 'SUSPECT'
                            AND to_state = 'DOWN_SILENT'
                        ORDER BY revision\
                        """)
                .param(begin.atOffset(ZoneOffset.UTC))
                .query((row, _) -> ChangeLog.change(row))
                .list();
    }
}
