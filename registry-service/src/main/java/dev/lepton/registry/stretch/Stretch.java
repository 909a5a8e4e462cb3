package dev.lepton.registry.stretch;

import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.time.NanoClock;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much intervals and leases are stretched now: every replica follows what is stored, and the
 * leader stores what the fleet asks for.
 */
public final class Stretch {

    private static final Logger log = LoggerFactory.getLogger(Stretch.class);

    /** Some looks; who has not looked for so long may tell units what is no longer so. */
    private static final long FRESH_NANOS = Duration.ofSeconds(3).toNanos();

    private final Duties duties;
    private final StretchRows rows;
    private final StretchPolicy policy;
    private final IntSupplier beatingUnits;
    private final NanoClock clock;
    private volatile StretchFactors factors = StretchFactors.NONE;
    private volatile @Nullable Long lookedAt;
    private long since;

    /**
     * @param beatingUnits how many units beat
     */
    Stretch(
            Duties duties,
            StretchRows rows,
            StretchPolicy policy,
            IntSupplier beatingUnits,
            NanoClock clock) {
        this.duties = duties;
        this.rows = rows;
        this.policy = policy;
        this.beatingUnits = beatingUnits;
        this.clock = clock;
        this.since = clock.nanos();
    }

    /** How often units are told to beat. */
    public Duration heartbeatInterval() {
        return policy.interval().multipliedBy(factors.interval());
    }

    /** How many times as long as set the intervals are. */
    public int intervalFactor() {
        return factors.interval();
    }

    /** How many times as long as set the leases are; never less than the intervals. */
    public int leaseFactor() {
        return factors.lease();
    }

    /**
     * Whether this replica knows what is stored now. One that does not may tell units an interval
     * that is too long for their leases, and is not to confirm a beat.
     */
    public boolean fresh() {
        Long looked = lookedAt;
        return looked != null && clock.nanos() - looked <= FRESH_NANOS;
    }

    /**
     * One look at what is stored, and for the leader a step towards what is wanted. A time in which
     * nobody could look does not count: meanwhile replicas told what they knew.
     */
    void look() {
        StretchFactors stored = rows.read();
        long now = clock.nanos();
        if (!fresh()) {
            since = now;
        }
        lookedAt = now;
        if (!stored.equals(factors)) {
            log.info(
                    "Leases are stretched {} times, intervals {} times; it was {} and {}",
                    stored.lease(),
                    stored.interval(),
                    factors.lease(),
                    factors.interval());
            factors = stored;
            since = now;
        }
        StretchFactors next =
                policy.next(stored, beatingUnits.getAsInt(), Duration.ofNanos(now - since));
        if (!next.equals(stored)) {
            duties.write(() -> rows.write(next));
        }
    }
}
