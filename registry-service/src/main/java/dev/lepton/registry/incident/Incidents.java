package dev.lepton.registry.incident;

import dev.lepton.client.incident.BlackBox;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.unit.Postgres;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.databind.json.JsonMapper;

/** Reads the incidents. A list does not touch their black boxes, which are large. */
class Incidents {

    private static final String SUMMARY =
            """
            i.id, i.unit_id, i.start_id, i.service, i.node, coalesce(i.reported_cause, i.cause) AS cause,
            i.created_at, i.given_up_at, i.closed_at, i.ending,
            EXISTS (SELECT FROM incident_step s WHERE s.incident_id = i.id AND s.revision = 0) AS drill\
            """;

    private static final String ASKED_FOR =
            """
             FROM incident i
            WHERE (CAST(:unit AS text) IS NULL OR i.unit_id = :unit)
                AND (CAST(:service AS text) IS NULL OR i.service = :service)
                AND (CAST(:open AS boolean) IS NULL OR (i.closed_at IS NULL) = :open)
                AND (CAST(:drill AS boolean) IS NULL OR :drill = EXISTS (
                    SELECT FROM incident_step s WHERE s.incident_id = i.id AND s.revision = 0))\
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json = ProtocolJson.lenient();

    Incidents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    IncidentPage list(IncidentFilter filter, int page, int size) {
        return Postgres.answer(() ->
                new IncidentPage(
                        asked(
                                        "SELECT "
                                                + SUMMARY
                                                + ASKED_FOR
                                                + " ORDER BY i.id DESC LIMIT :size OFFSET :skipped",
                                        filter)
                                .param("size", size)
                                .param("skipped", (long) page * size)
                                .query((row, _) -> summary(row))
                                .list(),
                        page,
                        size,
                        asked("SELECT count(*)" + ASKED_FOR, filter).query(Long.class).single()));
    }

    /** In one statement, so that whoever is told that it is closed is told of its last step. */
    IncidentView find(long id) {
        return Postgres.answer(() ->
                jdbc.sql(
                                "SELECT "
                                        + SUMMARY
                                        + """
                                        , i.last_well_at, i.detected_at, i.decided_at, i.started_at, i.served_at,
                                        i.next_start_id, i.exit_code, i.signal, i.decided_by, i.decision, i.reason,
                                        CAST(i.black_box AS text) AS black_box,
                                        CAST((SELECT json_agg(
                                                json_build_object('at', s.at, 'event', s.event, 'reason', s.reason)
                                                ORDER BY s.revision)
                                            FROM incident_step s WHERE s.incident_id = i.id) AS text) AS steps
                                        FROM incident i WHERE i.id = ?\
                                        """)
                        .param(id)
                        .query((row, _) -> view(row))
                        .optional()
                        .orElseThrow(() -> new NoIncident(id)));
    }

    private StatementSpec asked(String sql, IncidentFilter filter) {
        return jdbc.sql(sql)
                .param("unit", filter.unit() == null ? null : filter.unit().value())
                .param("service", filter.service() == null ? null : filter.service().value())
                .param("open", filter.open())
                .param("drill", filter.drill());
    }

    private List<IncidentStep> steps(ResultSet row) throws SQLException {
        String steps = row.getString("steps");
        return steps == null ? List.of() : List.of(json.readValue(steps, IncidentStep[].class));
    }

    private static IncidentSummary summary(ResultSet row) throws SQLException {
        String node = row.getString("node");
        String ending = row.getString("ending");
        Instant closedAt = instant(row, "closed_at");
        return new IncidentSummary(
                row.getLong("id"),
                new UnitId(row.getString("unit_id")),
                new StartId(row.getObject("start_id", UUID.class)),
                new ServiceName(row.getString("service")),
                node == null ? null : new NodeName(node),
                IncidentCause.valueOf(row.getString("cause")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "given_up_at"),
                closedAt == null,
                row.getBoolean("drill"),
                closedAt,
                ending == null ? null : Ending.valueOf(ending));
    }

    private IncidentView view(ResultSet row) throws SQLException {
        List<IncidentStep> steps = steps(row);
        IncidentTimes reported =
                new IncidentTimes(
                        instant(row, "last_well_at"),
                        instant(row, "detected_at"),
                        instant(row, "decided_at"),
                        instant(row, "started_at"),
                        instant(row, "served_at"));
        IncidentDetail detail = detail(row);
        return new IncidentView(
                summary(row),
                detail,
                IncidentDurations.of(reported, IncidentTimes.logged(steps)),
                TimelineEntry.timeline(reported, detail, steps));
    }

    private IncidentDetail detail(ResultSet row) throws SQLException {
        UUID next = row.getObject("next_start_id", UUID.class);
        String blackBox = row.getString("black_box");
        return new IncidentDetail(
                next == null ? null : new StartId(next),
                row.getObject("exit_code", Integer.class),
                row.getObject("signal", Integer.class),
                row.getString("decided_by"),
                row.getString("decision"),
                row.getString("reason"),
                blackBox == null ? null : json.readValue(blackBox, BlackBox.class));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
