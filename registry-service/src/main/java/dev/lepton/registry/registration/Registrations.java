package dev.lepton.registry.registration;

import dev.lepton.client.registration.Registered;
import dev.lepton.client.registration.Registration;
import dev.lepton.registry.exclusive.Exclusivity;
import dev.lepton.registry.lease.ExclusiveHolds;
import dev.lepton.registry.lease.Leases;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.move.UnitContended;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.registration.Admission.Admit;
import dev.lepton.registry.registration.Admission.Decision;
import dev.lepton.registry.registration.Admission.InUse;
import dev.lepton.registry.registration.Admission.OtherService;
import dev.lepton.registry.registration.Admission.Repeat;
import dev.lepton.registry.registration.Admission.Supersede;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.stretch.Stretch;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.StartSuperseded;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.unit.Units;
import java.time.Duration;
import java.time.InstantSource;

/** Admits process starts as units: decide, store by compare-and-set, decide anew if out of date. */
class Registrations {

    private static final int ATTEMPTS = 8;

    private final Units units;
    private final Leases leases;
    private final UnitMoves moves;
    private final CurrentUnits current;
    private final LeaseSettings settings;
    private final Stretch stretch;
    private final Exclusivity exclusivity;
    private final ExclusiveHolds holds;
    private final InstantSource time;

    Registrations(
            Units units,
            Leases leases,
            UnitMoves moves,
            CurrentUnits current,
            LeaseSettings settings,
            Stretch stretch,
            Exclusivity exclusivity,
            ExclusiveHolds holds,
            InstantSource time) {
        this.units = units;
        this.leases = leases;
        this.moves = moves;
        this.current = current;
        this.settings = settings;
        this.stretch = stretch;
        this.exclusivity = exclusivity;
        this.holds = holds;
        this.time = time;
    }

    Admitted register(Registration asked) {
        UnitRow first = Admission.first(asked, time.instant());
        return current.find(asked.unitId()) == null && storedAsFirst(first)
                ? new Admitted(answer(first, false), true)
                : decided(asked);
    }

    /**
     * Stores the first start of a unit that memory does not know, without a question to PostgreSQL
     * before: the first version of a row is stored only where there is none, forgotten or not, and
     * where there is none no start is known.
     */
    private boolean storedAsFirst(UnitRow row) {
        return moves.store(null, row, Lifecycle.FIRST.kind());
    }

    private Admitted decided(Registration asked) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            switch (decide(asked)) {
                case Admit admit -> {
                    if (moves.store(admit.from(), admit.after(), admit.move().kind())) {
                        return new Admitted(answer(admit.after(), false), true);
                    }
                }
                case Repeat(UnitRow row) -> {
                    current.learn(row);
                    return new Admitted(answer(row, true), false);
                }
                case Supersede() -> throw new StartSuperseded(asked.unitId(), asked.startId());
                case InUse(UnitRow holder, Duration left) -> throw new UnitInUse(holder, left);
                case OtherService(UnitRow row) ->
                        throw new UnitOfOtherService(row, asked.service());
            }
        }
        throw new UnitContended(asked.unitId(), ATTEMPTS);
    }

    private Decision decide(Registration asked) {
        Holding held = units.holding(asked.unitId(), asked.startId());
        Decision decision = ordinarily(asked, held);
        UnitRow holder = held.row();
        if (holder == null
                || holder.startId().equals(asked.startId())
                || !(decision instanceof Admit)) {
            return decision;
        }
        Duration left = holds.remaining(holder);
        return left.isPositive() ? new InUse(holder, left) : decision;
    }

    private Decision ordinarily(Registration asked, Holding held) {
        Duration left =
                held.row() == null
                        ? Duration.ZERO
                        : leases.remaining(held.row().id(), held.row().startId());
        return Admission.decide(asked, held, left, time.instant());
    }

    private Registered answer(UnitRow row, boolean repeated) {
        return new Registered(
                row.id(),
                row.startId(),
                row.incarnation(),
                stretch.heartbeatInterval(),
                settings.heartbeatTimeout(),
                settings.duration().multipliedBy(stretch.leaseFactor()),
                exclusivity.fence(row),
                repeated);
    }

    /**
     * The answer to a registration that was accepted.
     *
     * @param anew whether this call admitted the start, and not an earlier one
     */
    record Admitted(Registered answer, boolean anew) {}
}
