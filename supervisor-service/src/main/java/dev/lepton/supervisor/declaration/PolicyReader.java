package dev.lepton.supervisor.declaration;

import dev.lepton.client.policy.RestartStrategy;
import dev.lepton.client.policy.RestartType;
import dev.lepton.supervisor.recovery.RestartPolicy;
import dev.lepton.supervisor.recovery.UnitPolicy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads how the units of a service are started and recovered: its {@code start}, {@code restart}
 * and {@code exclusive}.
 */
final class PolicyReader {

    private static final Set<String> RESTART_KEYS =
            Set.of(
                    "type",
                    "strategy",
                    "intensity",
                    "period",
                    "long-intensity",
                    "long-period",
                    "first-delay",
                    "max-delay",
                    "reset-after",
                    "exit-codes-not-retried",
                    "max-unavailable",
                    "probation");
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration WEEK = Duration.ofDays(7);

    /** As many restarts as are kept on disk. */
    private static final int MOST_RESTARTS = 100;

    private static final int MOST_UNITS = 100;

    private PolicyReader() {}

    static UnitPolicy read(YamlSection service, Beating beating) {
        boolean exclusive = exclusive(service, beating);
        YamlSection start = service.section("start");
        Duration deadline = null;
        Integer concurrency = null;
        if (start != null) {
            start.refuseUnknownKeys(Set.of("deadline", "concurrency"));
            deadline =
                    start.has("deadline")
                            ? start.duration("deadline", Duration.ofMillis(100), LONGEST, LONGEST)
                            : null;
            concurrency = numberOrNull(start, "concurrency", MOST_UNITS);
        }
        UnitPolicy ordinary = UnitPolicy.ORDINARY;
        YamlSection restart = service.section("restart");
        if (restart == null) {
            return new UnitPolicy(
                    ordinary.restart(),
                    ordinary.strategy(),
                    deadline,
                    concurrency,
                    ordinary.maxUnavailable(),
                    ordinary.probation(),
                    exclusive);
        }
        restart.refuseUnknownKeys(RESTART_KEYS);
        return new UnitPolicy(
                restart(restart, ordinary.restart()),
                restart.word("strategy", RestartStrategy.class, ordinary.strategy()),
                deadline,
                concurrency,
                numberOrNull(restart, "max-unavailable", MOST_UNITS),
                restart.duration("probation", SHORTEST, LONGEST, ordinary.probation()),
                exclusive);
    }

    private static boolean exclusive(YamlSection service, Beating beating) {
        if (!service.has("exclusive")) {
            return false;
        }
        String text = service.text("exclusive");
        if (!"true".equals(text) && !"false".equals(text)) {
            service.problemAt(
                    "exclusive", "'%s' must be true or false".formatted(service.path("exclusive")));
            return false;
        }
        boolean exclusive = "true".equals(text);
        if (exclusive && beating == Beating.NONE) {
            service.problemAt(
                    "exclusive",
                    "'%s' does not go with 'beater: none': no registry knows the units that could confirm them"
                            .formatted(service.path("exclusive")));
        }
        return exclusive;
    }

    private static RestartPolicy restart(YamlSection section, RestartPolicy ordinary) {
        Duration period = section.duration("period", SHORTEST, LONGEST, ordinary.period());
        Duration longPeriod =
                section.duration("long-period", SHORTEST, WEEK, ordinary.longPeriod());
        if (longPeriod.compareTo(period) <= 0) {
            section.problemAt(
                    section.has("long-period") ? "long-period" : "period",
                    "'%s' %s must be longer than 'period' %s"
                            .formatted(section.path("long-period"), longPeriod, period));
        }
        Duration firstDelay =
                section.duration("first-delay", SHORTEST, LONGEST, ordinary.firstDelay());
        Duration maxDelay = section.duration("max-delay", SHORTEST, LONGEST, ordinary.maxDelay());
        if (maxDelay.compareTo(firstDelay) < 0) {
            section.problemAt(
                    "max-delay",
                    "'%s' %s must not be shorter than 'first-delay' %s"
                            .formatted(section.path("max-delay"), maxDelay, firstDelay));
        }
        return new RestartPolicy(
                section.word("type", RestartType.class, ordinary.type()),
                section.number("intensity", 0, MOST_RESTARTS, ordinary.intensity()),
                period,
                section.number("long-intensity", 0, MOST_RESTARTS, ordinary.longIntensity()),
                longPeriod,
                firstDelay,
                maxDelay,
                section.duration("reset-after", SHORTEST, LONGEST, ordinary.resetAfter()),
                exitCodes(section, ordinary.exitCodesNotRetried()));
    }

    private static @Nullable Integer numberOrNull(YamlSection section, String key, int most) {
        return section.has(key) ? Integer.valueOf(section.number(key, 1, most, most)) : null;
    }

    private static Set<Integer> exitCodes(YamlSection section, Set<Integer> otherwise) {
        List<String> texts = section.texts("exit-codes-not-retried");
        if (texts == null) {
            return otherwise;
        }
        Set<Integer> codes = new LinkedHashSet<>();
        for (String text : texts) {
            Integer code = YamlSection.wholeNumber(text);
            if (code == null || code < 0 || code > 255) {
                section.problemAt(
                        "exit-codes-not-retried",
                        "'%s' %s must be a whole number from 0 to 255"
                                .formatted(
                                        section.path("exit-codes-not-retried"),
                                        YamlSection.shown(text)));
            } else {
                codes.add(code);
            }
        }
        return codes;
    }
}
