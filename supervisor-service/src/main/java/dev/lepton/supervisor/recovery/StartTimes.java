package dev.lepton.supervisor.recovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long the last starts of a unit took until they were ready, and the deadline that follows from
 * it: three times their 95th percentile (nearest rank), at least 30 s. A fixed deadline is either
 * too short for a machine that is busy, or too long for a start that hangs.
 *
 * @param taken the oldest first
 */
public record StartTimes(List<Duration> taken) {

    /** As long as too little is known. */
    public static final Duration UNLEARNT = Duration.ofSeconds(60);

    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int ENOUGH = 3;
    private static final int KEPT = 20;
    private static final int FACTOR = 3;

    public static final StartTimes NONE = new StartTimes(List.of());

    public StartTimes {
        taken = List.copyOf(taken);
    }

    public StartTimes with(Duration another) {
        List<Duration> all = new ArrayList<>(taken);
        all.add(another);
        return new StartTimes(all.subList(Math.max(0, all.size() - KEPT), all.size()));
    }

    public Duration deadline() {
        if (taken.size() < ENOUGH) {
            return UNLEARNT;
        }
        List<Duration> sorted = new ArrayList<>(taken);
        Collections.sort(sorted);
        int rank = (int) Math.ceil(0.95 * sorted.size());
        Duration learnt = sorted.get(rank - 1).multipliedBy(FACTOR);
        return learnt.compareTo(SHORTEST) < 0
                ? SHORTEST
                : learnt.compareTo(LONGEST) > 0 ? LONGEST : learnt;
    }
}
