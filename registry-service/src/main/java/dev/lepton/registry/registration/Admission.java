package dev.lepton.registry.registration;

import dev.lepton.client.registration.Registration;
import dev.lepton.registry.flap.Flapping;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.lifecycle.Outcome.Move;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.KnownStart;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a process start becomes, is, or will never again be the unit that it claims.
 *
 * <p>A start that is known and does not hold the unit is over for ever, and so is a holder whose
 * end is proven. A new start replaces the holder when the holder's end is proven, its lease was
 * decided to be over, or its lease ended by this observer's own clock.
 */
final class Admission {

    private Admission() {}

    /**
     * @param leaseRemaining of the unit's holder; zero or less when it has ended
     */
    static Decision decide(Registration asked, Holding held, Duration leaseRemaining, Instant now) {
        UnitRow row = held.row();
        KnownStart start = held.start();
        if (row == null) {
            return start == null
                    ? new Admit(null, first(asked, now), Lifecycle.FIRST)
                    : new Supersede();
        }
        if (row.startId().equals(asked.startId())) {
            return ofHolder(asked, row, start, now);
        }
        if (start != null) {
            return new Supersede();
        }
        return ofNewStart(asked, row, leaseRemaining, now);
    }

    private static Decision ofHolder(
            Registration asked, UnitRow row, @Nullable KnownStart start, Instant now) {
        if (Lifecycle.startOver(row.phase()) || (start != null && start.ended())) {
            return new Supersede();
        }
        if (!row.service().equals(asked.service())) {
            return new OtherService(row);
        }
        if (row.forgotten()) {
            return admit(asked, row, row.incarnation(), Lifecycle.FIRST, now);
        }
        return new Repeat(row);
    }

    private static Decision ofNewStart(
            Registration asked, UnitRow row, Duration leaseRemaining, Instant now) {
        boolean free =
                row.forgotten()
                        || (Lifecycle.replaceable(row.phase()) && !heldOut(row))
                        || !leaseRemaining.isPositive();
        if (!free) {
            return new InUse(row, leaseRemaining);
        }
        Move move =
                row.forgotten() || !row.service().equals(asked.service())
                        ? Lifecycle.FIRST
                        : Lifecycle.registered(row.phase());
        return admit(asked, row, row.incarnation() + 1, move, now);
    }

    /** It was down by silence and beats again: its lease is judged like that of any other. */
    private static boolean heldOut(UnitRow row) {
        return row.phase() == Phase.DOWN_SILENT && Flapping.heldOut(row);
    }

    private static Admit admit(
            Registration asked, UnitRow row, long incarnation, Move move, Instant now) {
        return new Admit(
                row.forgotten() ? null : row.phase(),
                row(asked, incarnation, move.to(), row.version() + 1, now),
                move);
    }

    /** The row of a unit that nobody has been before. */
    static UnitRow first(Registration asked, Instant now) {
        return row(asked, 1, Lifecycle.FIRST.to(), 1, now);
    }

    private static UnitRow row(
            Registration asked, long incarnation, Phase phase, long version, Instant now) {
        return new UnitRow(
                asked.unitId(),
                asked.service(),
                asked.startId(),
                incarnation,
                phase,
                asked.address(),
                asked.node(),
                asked.beater(),
                asked.version(),
                asked.weight(),
                asked.zone(),
                asked.pid(),
                asked.labels(),
                now,
                now,
                "start %s registered as incarnation %d".formatted(asked.startId(), incarnation),
                false,
                version);
    }

    /** What is to be done with a registration. */
    sealed interface Decision {}

    /** Store {@code after}; the start then holds the unit. */
    record Admit(@Nullable Phase from, UnitRow after, Move move) implements Decision {}

    /** The start holds the unit already: answer as the first time. */
    record Repeat(UnitRow row) implements Decision {}

    /** The start is over for ever. */
    record Supersede() implements Decision {}

    /** Another start holds the unit. */
    record InUse(UnitRow holder, Duration leaseRemaining) implements Decision {}

    /** The start holds the unit, but now says that it is of another service. */
    record OtherService(UnitRow row) implements Decision {}
}
