package dev.lepton.worker.greeting;

import org.jspecify.annotations.Nullable;

/**
 * Who answers.
 *
 * @param unit null before the unit has registered for the first time
 * @param incarnation null before the unit has registered for the first time
 */
record Greeting(
        @Nullable String unit,
        String service,
        @Nullable String version,
        @Nullable Long incarnation,
        long pid) {}
