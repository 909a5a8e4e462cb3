package dev.lepton.registry.brake;

import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.brake.BrakeDecision.Grant;
import dev.lepton.registry.brake.BrakeDecision.Held;
import dev.lepton.registry.brake.BrakeDecision.Refuse;
import dev.lepton.registry.brake.BrakeRows.Holder;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.unit.Postgres;
import dev.lepton.registry.unit.StartSuperseded;
import dev.lepton.registry.unit.UnitNotRegistered;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/** Gives permits to end live processes, one after the other for each service. */
class Brake {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Brake.class);

    private final BrakeRows rows;
    private final TransactionOperations transactions;
    private final Duration permitDuration;

    Brake(BrakeRows rows, TransactionOperations transactions, Duration permitDuration) {
        this.rows = rows;
        this.transactions = transactions;
        this.permitDuration = permitDuration;
    }

    /**
     * @throws UnitNotRegistered when nobody is the unit
     * @throws StartSuperseded when another start holds it, or this one has ended
     */
    Permit ask(UnitId unit, PermitRequest request) {
        BrakeDecision decision =
                Postgres.answer(() ->
                        Objects.requireNonNull(transactions.execute(_ -> decided(unit, request))));
        return switch (decision) {
            case Grant(String reason) -> {
                log.info(
                        "Unit {} start {} may be ended, {}: {}",
                        unit,
                        request.startId(),
                        request.cause(),
                        reason);
                yield new Permit(true, reason, null);
            }
            case Held(String reason) -> new Permit(true, reason, null);
            case Refuse(String reason) -> {
                log.debug("Unit {} may not be ended yet: {}", unit, reason);
                yield new Permit(false, reason, RETRY_AFTER);
            }
        };
    }

    /**
     * The live process of this start is not to be ended any more.
     *
     * @param question the last that was asked before
     */
    void release(UnitId unit, StartId start, long question) {
        Postgres.answer(() -> {
            rows.release(unit, start, question);
            return null;
        });
        log.info("Unit {} start {} is left alone", unit, start);
    }

    private BrakeDecision decided(UnitId unit, PermitRequest request) {
        rows.lock(request.service());
        Holder holder = rows.holder(unit);
        if (holder == null) {
            throw new UnitNotRegistered(unit);
        }
        // A question that was long on its way may be of a process that has ended meanwhile.
        if (!holder.start().equals(request.startId()) || Lifecycle.startOver(holder.phase())) {
            throw new StartSuperseded(unit, request.startId());
        }
        if (!holder.service().equals(request.service())) {
            throw new UnitServesAnother(unit, holder.service(), request.service());
        }
        BrakeState state = rows.state(request.service());
        BrakeDecision decision =
                request.cause() == KillCause.DRILL
                        ? BrakeDecision.ofDrill(unit, state, rows.drillSight(request.service()))
                        : BrakeDecision.decide(unit, request, state);
        switch (decision) {
            case Grant _ -> rows.grant(unit, request, permitDuration);
            case Held _ -> {
                // It may have been given back just now, which waits for no lock.
                if (!rows.answers(unit, request)) {
                    rows.grant(unit, request, permitDuration);
                }
            }
            case Refuse _ -> {}
        }
        return decision;
    }
}
