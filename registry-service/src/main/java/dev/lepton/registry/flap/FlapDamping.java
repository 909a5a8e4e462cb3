package dev.lepton.registry.flap;

import dev.lepton.registry.settings.FlapSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For how long a unit that went down again and again is kept out, after the damping of route flaps
 * (RFC 2439): who flaps is not used for a time that grows with each flap, and is forgiven after a
 * calm time. Where the RFC lets a penalty decay exponentially, the flaps of a series are counted
 * here, so that people can foretell what happens: nothing before the {@code downs}-th time down
 * within {@code window}, then {@code firstHold}, and twice as long with each further time, {@code
 * maxHold} at most. A series ends when the unit stays up for longer than {@code calm} after it was
 * let in. The time counts from the last time down, so that whoever is down for longer is let in at
 * once.
 */
record FlapDamping(FlapSettings settings) {

    /**
     * @param downs when the unit went down, the oldest first
     * @return null for a unit that does not flap
     */
    @Nullable Hold decide(List<Instant> downs) {
        int series = 0;
        for (int i = 0; i < downs.size(); i++) {
            series = flaps(series) ? grown(series, downs, i) : within(downs, i);
        }
        return flaps(series) ? new Hold(series, downs.getLast().plus(hold(series))) : null;
    }

    private boolean flaps(int series) {
        return series >= settings.downs();
    }

    /** How many times down lie within one window that ends with this one. */
    private int within(List<Instant> downs, int i) {
        Instant begin = downs.get(i).minus(settings.window());
        return (int) downs.subList(0, i + 1).stream().filter(d -> !d.isBefore(begin)).count();
    }

    private int grown(int series, List<Instant> downs, int i) {
        Instant calmAt = downs.get(i - 1).plus(hold(series)).plus(settings.calm());
        return downs.get(i).isAfter(calmAt) ? 1 : series + 1;
    }

    private Duration hold(int series) {
        Duration hold = settings.firstHold();
        for (int i = settings.downs(); i < series && hold.compareTo(settings.maxHold()) < 0; i++) {
            hold = hold.multipliedBy(2);
        }
        return hold.compareTo(settings.maxHold()) < 0 ? hold : settings.maxHold();
    }

    /**
     * How long a flapping unit is kept out.
     *
     * @param downs how many times down the series has
     */
    record Hold(int downs, Instant until) {}
}
