package dev.lepton.registry.simulation.replica;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.desired.SimulatedWish;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes what is wanted of units. */
final class Wisher {

    private static final int ATTEMPTS = 8;

    private final Around around;
    private final Writer writer;

    Wisher(Around around, Writer writer) {
        this.around = around;
        this.writer = writer;
    }

    void wish(UnitId unit, DesiredWish wish, Consumer<Answer> reply) {
        wish(unit, wish, reply, 1);
    }

    private void wish(UnitId unit, DesiredWish wish, Consumer<Answer> reply, int attempt) {
        around.connection()
                .<Optional<Desired>>ask(
                        () -> Optional.ofNullable(around.tables().desired(unit)),
                        stored -> {
                            if (stored == null || attempt > ATTEMPTS) {
                                reply.accept(new Answer.Unavailable());
                                return;
                            }
                            SimulatedWish decided =
                                    SimulatedWish.decide(
                                            unit,
                                            wish,
                                            stored.orElse(null),
                                            around.time().instant());
                            Desired row = decided.row();
                            if (row == null) {
                                reply.accept(new Answer.Stale());
                            } else if (decided.changed()) {
                                store(unit, wish, row, reply, attempt);
                            } else {
                                reply.accept(new Answer.Wished(row));
                            }
                        });
    }

    private void store(
            UnitId unit, DesiredWish wish, Desired after, Consumer<Answer> reply, int attempt) {
        writer.write(
                new ProposedChange.OfDesired(after, "wished", null),
                outcome -> {
                    switch (outcome) {
                        case null -> reply.accept(new Answer.Unavailable());
                        case WriteOutcome.Written _ -> reply.accept(new Answer.Wished(after));
                        case WriteOutcome.OutOfDate _, WriteOutcome.Deposed _ ->
                                wish(unit, wish, reply, attempt + 1);
                    }
                });
    }
}
