package dev.lepton.registry.settings;

import java.time.Duration;

/** Rules that several settings share. */
final class Rule {

    private Rule() {}

    static void positive(String property, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "'%s' %s must be longer than nothing".formatted(property, value));
        }
    }
}
