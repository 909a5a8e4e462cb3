package dev.lepton.registry.incident;

import dev.lepton.client.incident.BlackBox;
import dev.lepton.client.incident.Drill;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.unit.Postgres;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import tools.jackson.databind.json.JsonMapper;

/** Takes what supervisors report of incidents; what one leaves out stays as it was. */
class IncidentReports {

    private final JdbcClient jdbc;
    private final InstantSource time;
    private final JsonMapper json = ProtocolJson.lenient();

    IncidentReports(JdbcClient jdbc, InstantSource time) {
        this.jdbc = jdbc;
        this.time = time;
    }

    void take(UnitId unit, StartId start, IncidentReport report) {
        Postgres.answer(() -> statement(unit, start, report).update());
    }

    /** That the unit serves closes the incident, also when the registry never saw it begin. */
    private StatementSpec statement(UnitId unit, StartId start, IncidentReport report) {
        NodeName node = report.node();
        StartId next = report.nextStartId();
        BlackBox blackBox = report.blackBox();
        Drill drill = report.drill();
        return jdbc.sql(
                        """
                        WITH reported AS (INSERT INTO incident AS i (unit_id, start_id, incarnation, service, node, created_at,
                            followed, closed_at, ending, reported_cause, last_well_at, detected_at, decided_at,
                            started_at, served_at, next_start_id, exit_code, signal, decided_by, decision, reason,
                            black_box)
                        SELECT :unit, :start,
                            (SELECT s.incarnation FROM unit_start s
                                WHERE s.unit_id = :unit AND s.start_id = :start),
                            :service, :node, :now, false, served, CASE WHEN served IS NOT NULL THEN 'SERVED' END,
                            :cause, CAST(:lastWellAt AS timestamptz), :detectedAt,
                            CAST(:decidedAt AS timestamptz), CAST(:startedAt AS timestamptz), served,
                            CAST(:nextStart AS uuid), CAST(:exitCode AS int), CAST(:signal AS int), :decidedBy,
                            :decision, :reason, CAST(:blackBox AS json)
                        FROM (VALUES (CAST(:servedAt AS timestamptz))) AS v (served)
                        ON CONFLICT (unit_id, start_id) DO UPDATE
                        SET incarnation = coalesce(i.incarnation, excluded.incarnation),
                            node = coalesce(excluded.node, i.node),
                            closed_at = coalesce(i.closed_at, excluded.closed_at),
                            ending = coalesce(i.ending, excluded.ending),
                            reported_cause = excluded.reported_cause,
                            last_well_at = coalesce(excluded.last_well_at, i.last_well_at),
                            detected_at = excluded.detected_at,
                            decided_at = coalesce(excluded.decided_at, i.decided_at),
                            started_at = coalesce(excluded.started_at, i.started_at),
                            served_at = coalesce(excluded.served_at, i.served_at),
                            next_start_id = coalesce(excluded.next_start_id, i.next_start_id),
                            exit_code = coalesce(excluded.exit_code, i.exit_code),
                            signal = coalesce(excluded.signal, i.signal),
                            decided_by = coalesce(excluded.decided_by, i.decided_by),
                            decision = coalesce(excluded.decision, i.decision),
                            reason = coalesce(excluded.reason, i.reason),
                            black_box = coalesce(excluded.black_box, i.black_box)
                        RETURNING i.id)
                        INSERT INTO incident_step (incident_id, revision, at, event, reason)
                        SELECT id, :drillRevision, CAST(:struckAt AS timestamptz), :drillEvent, :struck
                        FROM reported WHERE CAST(:struckAt AS timestamptz) IS NOT NULL
                        ON CONFLICT DO NOTHING\
                        """)
                .param("unit", unit.value())
                .param("start", start.value())
                .param("service", report.service().value())
                .param("node", node == null ? null : node.value())
                .param("now", at(time.instant()))
                .param("cause", report.cause().name())
                .param("lastWellAt", at(report.lastWellAt()))
                .param("detectedAt", at(report.detectedAt()))
                .param("decidedAt", at(report.decidedAt()))
                .param("startedAt", at(report.startedAt()))
                .param("servedAt", at(report.servedAt()))
                .param("nextStart", next == null ? null : next.value())
                .param("exitCode", report.exitCode())
                .param("signal", report.signal())
                .param("decidedBy", report.decidedBy())
                .param("decision", report.decision())
                .param("reason", report.reason())
                .param("drillRevision", IncidentStep.DRILL_REVISION)
                .param("drillEvent", IncidentStep.DRILL)
                .param("struckAt", drill == null ? null : at(drill.struckAt()))
                .param("struck", drill == null ? "" : drill.words())
                .param("blackBox", blackBox == null ? null : json.writeValueAsString(blackBox));
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
