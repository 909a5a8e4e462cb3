package dev.lepton.registry.incident;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.unit.UnitRow;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Writes into the incidents what the change log tells: each call one change, which becomes a step
 * of every incident that it concerns.
 */
final class FollowedIncidents {

    /** A unit that fails and returns for days is one incident: its steps are bounded. */
    private static final String STEP =
            """
            INSERT INTO incident_step (incident_id, revision, at, event, reason)
            SELECT c.id, :revision, :at, :event, :because FROM concerned c
            WHERE (SELECT count(*) FROM incident_step s WHERE s.incident_id = c.id) < 200
            ON CONFLICT DO NOTHING\
            """;

    /** Of a start that was never registered only the time tells that it was before the change. */
    private static final String OLDER =
            "coalesce(i.incarnation < :incarnation, i.created_at <= :at)";

    private final JdbcClient jdbc;

    FollowedIncidents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The last revision that the incidents know of. */
    long position() {
        return jdbc.sql("SELECT revision FROM incident_position").query(Long.class).single();
    }

    void reached(long revision) {
        jdbc.sql("UPDATE incident_position SET revision = ?").param(revision).update();
    }

    /** Only one that was closed by the return of its start is opened again. */
    void failed(LoggedChange change, UnitRow unit, IncidentCause cause) {
        statement(
                        """
                        WITH concerned AS (
                            INSERT INTO incident AS i
                                (unit_id, start_id, incarnation, service, node, created_at, cause, followed)
                            VALUES (:unit, :start, :incarnation, :service, :node, :at, :cause, true)
                            ON CONFLICT (unit_id, start_id) DO UPDATE
                            SET incarnation = coalesce(i.incarnation, excluded.incarnation),
                                node = coalesce(i.node, excluded.node),
                                cause = coalesce(i.cause, excluded.cause),
                                followed = true,
                                closed_at = CASE WHEN i.ending = 'RETURNED' THEN NULL ELSE i.closed_at END,
                                ending = nullif(i.ending, 'RETURNED')
                            RETURNING i.id
                        )
                        """,
                        change,
                        unit)
                .param("service", unit.service().value())
                .param("node", unit.node() == null ? null : unit.node().value())
                .param("cause", cause.name())
                .update();
    }

    void noted(LoggedChange change, UnitRow unit) {
        statement(
                        """
                        WITH concerned AS (
                            SELECT i.id FROM incident i
                            WHERE i.unit_id = :unit AND i.start_id = :start AND i.followed
                        )
                        """,
                        change,
                        unit)
                .update();
    }

    void gaveUp(LoggedChange change, UnitRow unit) {
        statement(
                        """
                        WITH concerned AS (
                            UPDATE incident i SET given_up_at = coalesce(i.given_up_at, :at)
                            WHERE i.unit_id = :unit AND i.start_id = :start AND i.followed
                            RETURNING i.id
                        )
                        """,
                        change,
                        unit)
                .update();
    }

    /** The first start after the failed one; a further one belongs to the first one's incident. */
    void nextStart(LoggedChange change, UnitRow unit) {
        statement(
                        """
                        WITH concerned AS (
                            UPDATE incident i SET next_start_id = coalesce(i.next_start_id, :start)
                            WHERE i.unit_id = :unit AND i.followed AND i.incarnation < :incarnation
                                AND NOT EXISTS (SELECT FROM incident_step s
                                    WHERE s.incident_id = i.id AND s.event = 'registered')
                            RETURNING i.id
                        )
                        """,
                        change,
                        unit)
                .update();
    }

    void up(LoggedChange change, UnitRow unit) {
        statement(
                        """
                        WITH concerned AS (
                            UPDATE incident i
                            SET followed = false, closed_at = coalesce(i.closed_at, :at),
                                ending = coalesce(i.ending,
                                    CASE WHEN i.start_id = :start THEN 'RETURNED' ELSE 'SERVED' END)
                            WHERE i.unit_id = :unit AND CASE WHEN i.start_id = :start THEN i.followed
                                ELSE (i.followed OR i.closed_at IS NULL) AND %s END
                            RETURNING i.id
                        )
                        """
                                .formatted(OLDER),
                        change,
                        unit)
                .update();
    }

    void ended(LoggedChange change, UnitRow unit, Ending how) {
        statement(
                        """
                        WITH concerned AS (
                            UPDATE incident i
                            SET followed = false, closed_at = coalesce(i.closed_at, :at),
                                ending = coalesce(i.ending, :how)
                            WHERE i.unit_id = :unit AND (i.followed OR i.closed_at IS NULL)
                                AND (i.start_id = :start OR %s)
                            RETURNING i.id
                        )
                        """
                                .formatted(OLDER),
                        change,
                        unit)
                .param("how", how.name())
                .update();
    }

    private StatementSpec statement(String concerned, LoggedChange change, UnitRow unit) {
        return jdbc.sql(concerned + STEP)
                .param("unit", unit.id().value())
                .param("start", unit.startId().value())
                .param("incarnation", unit.incarnation())
                .param("revision", change.revision())
                .param("at", change.at().atOffset(ZoneOffset.UTC))
                .param("event", change.event())
                .param("because", change.reason());
    }
}
