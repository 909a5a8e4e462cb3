package dev.lepton.registry.brake;

import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.brake.BrakeState.OpenPermit;
import dev.lepton.registry.brake.DrillSight.UnitPhase;
import dev.lepton.registry.lifecycle.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tables {@code brake} and {@code kill_permit}. Each call but {@link #release} is part of one
 * transaction, whose first call is {@link #lock}; permits are timed by PostgreSQL's clock, which
 * all replicas share.
 */
final class BrakeRows {

    private final JdbcClient jdbc;

    BrakeRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Waits until nobody else is being answered for this service. */
    void lock(ServiceName service) {
        // A row that is there is locked and, by the condition, not written.
        jdbc.sql(
                        """
                        INSERT INTO brake AS b (service) VALUES (?)
                        ON CONFLICT (service) DO UPDATE SET service = excluded.service WHERE false\
                        """)
                .param(service.value())
                .update();
    }

    /** Null when the unit is unknown or forgotten. */
    @Nullable Holder holder(UnitId unit) {
        Optional<Holder> holder =
                jdbc.sql("SELECT service, start_id, phase FROM unit WHERE id = ? AND NOT forgotten")
                        .param(unit.value())
                        .query((r, _) ->
                                new Holder(
                                        new ServiceName(r.getString("service")),
                                        new StartId(r.getObject("start_id", UUID.class)),
                                        Phase.valueOf(r.getString("phase"))))
                        .optional();
        return holder.orElse(null);
    }

    BrakeState state(ServiceName service) {
        return new BrakeState(open(service), units(service), policyLimit(service));
    }

    /**
     * A permit is done with when the unit is up by another start, given up, stopped or gone, or
     * when it was not used.
     */
    private List<OpenPermit> open(ServiceName service) {
        return jdbc.sql(
                        """
                        SELECT p.unit_id, p.start_id
                        FROM kill_permit p JOIN unit u ON u.id = p.unit_id
                        WHERE p.service = ? AND p.expires_at > clock_timestamp() AND NOT u.forgotten
                            AND NOT (u.start_id <> p.start_id AND u.phase = 'UP')
                            AND u.phase NOT IN ('QUARANTINED', 'STOPPED')
                        ORDER BY p.unit_id\
                        """)
                .param(service.value())
                .query((r, _) ->
                        new OpenPermit(
                                new UnitId(r.getString("unit_id")),
                                new StartId(r.getObject("start_id", UUID.class))))
                .list();
    }

    DrillSight drillSight(ServiceName service) {
        List<UnitPhase> units =
                jdbc.sql(
                                "SELECT id, phase FROM unit WHERE service = ? AND NOT forgotten ORDER BY id")
                        .param(service.value())
                        .query((r, _) ->
                                new UnitPhase(
                                        new UnitId(r.getString("id")),
                                        Phase.valueOf(r.getString("phase"))))
                        .list();
        long openIncidents =
                jdbc.sql("SELECT count(*) FROM incident WHERE service = ? AND closed_at IS NULL")
                        .param(service.value())
                        .query(Long.class)
                        .single();
        return new DrillSight(units, openIncidents);
    }

    private int units(ServiceName service) {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM unit
                        WHERE service = ? AND NOT forgotten
                            AND phase NOT IN ('STOPPED', 'QUARANTINED')\
                        """)
                .param(service.value())
                .query(Integer.class)
                .single();
    }

    private @Nullable Integer policyLimit(ServiceName service) {
        Optional<Integer> limit =
                jdbc.sql(
                                """
                                SELECT (policy ->> 'maxUnavailable')::int FROM service_policy
                                WHERE service = ? ORDER BY version DESC LIMIT 1\
                                """)
                        .param(service.value())
                        .query(Integer.class)
                        .optional();
        return limit.orElse(null);
    }

    void grant(UnitId unit, PermitRequest request, Duration lasting) {
        jdbc.sql(
                        """
                        INSERT INTO kill_permit (unit_id, service, start_id, cause, granted_at,
                            expires_at, question)
                        SELECT :unit, :service, :start, :cause, t, t + make_interval(secs => :seconds),
                            :question
                        FROM clock_timestamp() t
                        ON CONFLICT (unit_id) DO UPDATE
                        SET service = excluded.service, start_id = excluded.start_id,
                            cause = excluded.cause, granted_at = excluded.granted_at,
                            expires_at = excluded.expires_at,
                            question = excluded.question\
                        """)
                .param("unit", unit.value())
                .param("service", request.service().value())
                .param("start", request.startId().value())
                .param("cause", stored(request.cause()))
                .param("seconds", lasting.toMillis() / 1000.0)
                .param("question", question(request))
                .update();
    }

    /**
     * The permit that the start has answers this question, too; false when it has none any more.
     */
    boolean answers(UnitId unit, PermitRequest request) {
        return jdbc.sql(
                                """
                                UPDATE kill_permit SET question = greatest(question, ?)
                                WHERE unit_id = ? AND start_id = ?\
                                """)
                        .params(question(request), unit.value(), request.startId().value())
                        .update()
                == 1;
    }

    /** A drill is an operator's doing, and the table knows no other word for it. */
    private static String stored(KillCause cause) {
        return cause == KillCause.DRILL ? KillCause.OPERATOR.name() : cause.name();
    }

    private static long question(PermitRequest request) {
        return Objects.requireNonNullElse(request.question(), 0L);
    }

    /** Does nothing where the start has no permit, or one that answers a later question. */
    void release(UnitId unit, StartId start, long question) {
        jdbc.sql("DELETE FROM kill_permit WHERE unit_id = ? AND start_id = ? AND question <= ?")
                .params(unit.value(), start.value(), question)
                .update();
    }

    /** Who holds a unit. */
    record Holder(ServiceName service, StartId start, Phase phase) {}
}
