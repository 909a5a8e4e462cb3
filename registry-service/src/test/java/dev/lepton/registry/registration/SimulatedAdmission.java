package dev.lepton.registry.registration;

import dev.lepton.client.registration.Registration;
import dev.lepton.registry.lifecycle.MoveKind;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The {@link Admission} as the simulation uses it. */
public final class SimulatedAdmission {

    private SimulatedAdmission() {}

    /** What is to be done with a registration. */
    public sealed interface Step {}

    public record Store(@Nullable Phase from, UnitRow after, MoveKind kind) implements Step {}

    public record Repeat(UnitRow row) implements Step {}

    public record InUse(Duration left) implements Step {}

    /** The start is over for ever. */
    public record Over() implements Step {}

    public static Step decide(
            Registration asked, Holding held, Duration leaseRemaining, Instant now) {
        return switch (Admission.decide(asked, held, leaseRemaining, now)) {
            case Admission.Admit(var from, var after, var move) ->
                    new Store(from, after, move.kind());
            case Admission.Repeat(var row) -> new Repeat(row);
            case Admission.InUse(var _, var left) -> new InUse(left);
            case Admission.Supersede _ -> new Over();
            case Admission.OtherService(var row) ->
                    throw new IllegalStateException("no unit changes its service here: " + row);
        };
    }
}
