package dev.lepton.registry.leader;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table {@code leader}. Each write is its own guard: the row count is the answer. */
final class LeaderRows {

    private final JdbcClient jdbc;

    LeaderRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Nullable LeaderRow read(String role) {
        Optional<LeaderRow> row =
                jdbc.sql("SELECT holder, epoch, seq FROM leader WHERE role = ?")
                        .param(role)
                        .query((r, _) ->
                                new LeaderRow(
                                        r.getObject("holder", UUID.class),
                                        r.getLong("epoch"),
                                        r.getLong("seq")))
                        .optional();
        return row.orElse(null);
    }

    /** True when this was the first leader ever. */
    boolean found(String role, UUID holder) {
        return jdbc.sql(
                                """
                                INSERT INTO leader (role, holder, epoch, seq) VALUES (?, ?, 1, 1)
                                ON CONFLICT DO NOTHING\
                                """)
                        .params(role, holder)
                        .update()
                == 1;
    }

    /** False when anything has changed since the row was seen. */
    boolean takeOver(String role, UUID holder, LeaderRow seen) {
        return jdbc.sql(
                                """
                                UPDATE leader SET holder = ?, epoch = epoch + 1, seq = seq + 1
                                WHERE role = ? AND epoch = ? AND seq = ?\
                                """)
                        .params(holder, role, seen.epoch(), seen.seq())
                        .update()
                == 1;
    }

    /** False when another process leads now. */
    boolean renew(String role, UUID holder, long epoch) {
        return jdbc.sql(
                                """
                                UPDATE leader SET seq = seq + 1
                                WHERE role = ? AND epoch = ? AND holder = ?\
                                """)
                        .params(role, epoch, holder)
                        .update()
                == 1;
    }

    /** Lets the next candidate take over at once. */
    void resign(String role, UUID holder, long epoch) {
        jdbc.sql(
                        """
                        UPDATE leader SET holder = NULL, seq = seq + 1
                        WHERE role = ? AND epoch = ? AND holder = ?\
                        """)
                .params(role, epoch, holder)
                .update();
    }
}
