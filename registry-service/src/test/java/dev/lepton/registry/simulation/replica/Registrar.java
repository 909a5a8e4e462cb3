package dev.lepton.registry.simulation.replica;

import dev.lepton.client.registration.Registration;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.exclusive.SimulatedExclusivity;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.registration.SimulatedAdmission;
import dev.lepton.registry.registration.SimulatedAdmission.InUse;
import dev.lepton.registry.registration.SimulatedAdmission.Over;
import dev.lepton.registry.registration.SimulatedAdmission.Repeat;
import dev.lepton.registry.registration.SimulatedAdmission.Step;
import dev.lepton.registry.registration.SimulatedAdmission.Store;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Admits process starts as units. */
final class Registrar {

    private static final int ATTEMPTS = 8;

    private final Around around;
    private final Sweeper leases;
    private final Moves moves;
    private final CurrentUnits current;

    Registrar(Around around, Sweeper leases, Moves moves, CurrentUnits current) {
        this.around = around;
        this.leases = leases;
        this.moves = moves;
        this.current = current;
    }

    void register(Registration asked, Consumer<Answer> reply) {
        register(asked, reply, 1);
    }

    private void register(Registration asked, Consumer<Answer> reply, int attempt) {
        around.connection()
                .<Holding>ask(
                        () -> around.tables().holding(asked.unitId(), asked.startId()),
                        held -> {
                            if (held == null || attempt > ATTEMPTS) {
                                reply.accept(new Answer.Unavailable());
                            } else {
                                decide(asked, held, reply, attempt);
                            }
                        });
    }

    private void decide(Registration asked, Holding held, Consumer<Answer> reply, int attempt) {
        UnitRow row = held.row();
        Duration left = row == null ? Duration.ZERO : leases.remaining(row.id(), row.startId());
        Step step = SimulatedAdmission.decide(asked, held, left, around.time().instant());
        if (row == null || row.startId().equals(asked.startId()) || !(step instanceof Store)) {
            take(step, asked, reply, attempt);
            return;
        }
        around.connection()
                .<Optional<Boolean>>ask(
                        () -> exited(row),
                        exited -> {
                            if (exited == null) {
                                reply.accept(new Answer.Unavailable());
                                return;
                            }
                            Duration kept =
                                    exited.map(seen -> leases.kept(row, seen))
                                            .orElse(Duration.ZERO);
                            Step sure = kept.isPositive() ? new InUse(kept) : step;
                            take(sure, asked, reply, attempt);
                        });
    }

    /** Whether the end of an exclusive unit's process was seen; empty for any other unit. */
    private Optional<Boolean> exited(UnitRow row) {
        return SimulatedExclusivity.of(row, around.tables().policy())
                ? Optional.of(around.tables().hasExited(row.id(), row.startId()))
                : Optional.empty();
    }

    private void take(Step step, Registration asked, Consumer<Answer> reply, int attempt) {
        switch (step) {
            case Store(var from, var after, var kind) ->
                    moves.store(
                            from,
                            after,
                            kind,
                            null,
                            outcome -> {
                                switch (outcome) {
                                    case null -> reply.accept(new Answer.Unavailable());
                                    case WriteOutcome.Written _ ->
                                            reply.accept(
                                                    new Answer.Registered(
                                                            after.incarnation(), false));
                                    case WriteOutcome.OutOfDate _, WriteOutcome.Deposed _ ->
                                            register(asked, reply, attempt + 1);
                                }
                            });
            case Repeat(var row) -> {
                current.learn(row);
                reply.accept(new Answer.Registered(row.incarnation(), true));
            }
            case Over _ -> reply.accept(new Answer.Superseded());
            case InUse(var left) -> reply.accept(new Answer.InUse(left));
        }
    }
}
