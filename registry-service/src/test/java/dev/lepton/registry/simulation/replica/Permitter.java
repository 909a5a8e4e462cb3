package dev.lepton.registry.simulation.replica;

import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.brake.SimulatedBrake;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.simulation.kernel.Weakness;
import dev.lepton.registry.unit.UnitRow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives permits to end live processes, each in one transaction that waits for the one before. */
final class Permitter {

    private final Around around;

    Permitter(Around around) {
        this.around = around;
    }

    void ask(UnitId unit, PermitRequest request, Consumer<Answer> reply) {
        boolean apart = around.ground().weakBy(Weakness.NO_LOCK_ON_PERMITS);
        around.connection()
                .<Answer>ask(
                        () -> decided(unit, request, !apart),
                        answer -> {
                            if (apart && answer instanceof Answer.Permitted(boolean granted)) {
                                if (granted) {
                                    storeLate(unit, request, reply);
                                    return;
                                }
                            }
                            reply.accept(answer == null ? new Answer.Unavailable() : answer);
                        });
    }

    void release(UnitId unit, StartId start, long question, Consumer<Answer> reply) {
        around.connection()
                .<Boolean>ask(
                        () -> {
                            around.statements().release(unit, start, question);
                            return true;
                        },
                        done ->
                                reply.accept(
                                        done == null
                                                ? new Answer.Unavailable()
                                                : new Answer.Done()));
    }

    private Answer decided(UnitId unit, PermitRequest request, boolean storing) {
        UnitRow row = around.tables().unit(unit);
        if (row == null || row.forgotten()) {
            return new Answer.NotRegistered();
        }
        if (!row.startId().equals(request.startId()) || Lifecycle.startOver(row.phase())) {
            return new Answer.Superseded();
        }
        boolean granted =
                SimulatedBrake.grants(
                        unit,
                        request,
                        around.tables().permits().open(around.ground().now()),
                        around.tables().permits().units(),
                        limit());
        if (granted && storing) {
            grant(unit, request);
        }
        return new Answer.Permitted(granted);
    }

    private @Nullable Integer limit() {
        StoredPolicy policy = around.tables().policy();
        return policy == null ? null : policy.policy().maxUnavailable();
    }

    private void grant(UnitId unit, PermitRequest request) {
        around.statements()
                .grant(
                        unit,
                        request,
                        around.ground().now(),
                        around.terms().brake().permitDuration());
    }

    private void storeLate(UnitId unit, PermitRequest request, Consumer<Answer> reply) {
        around.connection()
                .<Boolean>ask(
                        () -> {
                            grant(unit, request);
                            return true;
                        },
                        done ->
                                reply.accept(
                                        done == null
                                                ? new Answer.Unavailable()
                                                : new Answer.Permitted(true)));
    }
}
