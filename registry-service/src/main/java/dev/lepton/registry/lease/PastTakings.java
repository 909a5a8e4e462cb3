package dev.lepton.registry.lease;

import dev.lepton.registry.changelog.LoggedChange;
import java.time.Instant;
import java.time.OffsetDateTime;
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
                .query((row, _) ->
                        LoggedChange.stored(
                                row.getLong("revision"),
                                row.getObject("at", OffsetDateTime.class).toInstant(),
                                row.getString("kind"),
                                row.getString("unit_id"),
                                row.getString("event"),
                                row.getString("from_state"),
                                row.getString("reason"),
                                row.getString("after")))
                .list();
    }
}
