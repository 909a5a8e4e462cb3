package dev.lepton.registry.unit;

import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL knows of a unit and of one start that claims it.
 *
 * @param row null when the unit was never registered
 * @param start null when the start was never admitted
 */
public record Holding(@Nullable UnitRow row, @Nullable KnownStart start) {

    /** Neither is known. */
    public static final Holding NONE = new Holding(null, null);
}
