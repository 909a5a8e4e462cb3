package dev.lepton.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Counts how something fared, for each of what is configured; never by what a client sent. */
public final class OutcomeCounters<O extends Enum<O>> {

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final String label;
    private final Class<O> outcomes;
    private final Map<String, Map<O, Counter>> byConfigured = new ConcurrentHashMap<>();

    /**
     * @param label what the counted thing is called; the other label is {@code outcome}
     */
    public OutcomeCounters(
            MeterRegistry registry,
            String name,
            String description,
            String label,
            Class<O> outcomes) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.label = label;
        this.outcomes = outcomes;
    }

    public void count(String configured, O outcome) {
        Map<O, Counter> counters = byConfigured.computeIfAbsent(configured, this::counters);
        Objects.requireNonNull(counters.get(outcome)).increment();
    }

    /** All at once, so that what never happened is shown as 0. */
    private Map<O, Counter> counters(String configured) {
        Map<O, Counter> counters = new EnumMap<>(outcomes);
        for (O outcome : outcomes.getEnumConstants()) {
            counters.put(
                    outcome,
                    Counter.builder(name)
                            .description(description)
                            .tag(label, configured)
                            .tag(
                                    "outcome",
                                    outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .register(registry));
        }
        return counters;
    }
}
